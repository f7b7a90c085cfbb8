/* ledgers: the files of a command line as texts of tables: a text file, each sheet of a
 * workbook, each member of an archive.  Room: cli.
 *
 * What a file is, its bytes say (sheet/book.h).  Of a workbook the first sheet that is not
 * hidden is read, unless told; that there are others is said.  What cannot be read ends the
 * program (3), with the file and the reason. */
#ifndef CRM_CLI_LEDGERS_H
#define CRM_CLI_LEDGERS_H

#include "base/arena.h"
#include "sheet/book.h"
#include "table/decode.h"

struct ledger_text {
	struct feed feed;             /* a text; TSV where it is a sheet */
	const char *file;             /* as messages call it, of a member with the archive's name */
	struct view sheet_name;       /* empty where it is none */
	struct sheet *sheet;          /* NULL: a text file */
	enum book_form form;
	struct charset_found charset; /* of a text file */
};

struct ledgers {
	struct arena *arena;
	struct decode_options decode;
	const char *sheet;            /* --sheet: a name, a number from 1, `all`; NULL: the first */
	struct ledger_text *list;
	size_t count, room;
	struct book **books;          /* open until ledgers_release() */
	size_t book_count, book_room;
};

/* Opens one operand ("-": standard input), and appends what is in it. */
void ledgers_add(struct ledgers *ledgers, const char *name);
/* When all feeds are closed. */
void ledgers_release(struct ledgers *ledgers);

#endif
