/* header: the names of a table's columns, and the one grammar by which options and rules
 * name columns.  Room: table.
 *
 * phone  3  2..5  phone..amount  tel*  *  !note  lists with commas; `2024` or `a,b` in
 * backquotes for what would read otherwise.  Sort keys are amount:number:desc.  Written
 * for users in crm(7). */
#ifndef CRM_TABLE_HEADER_H
#define CRM_TABLE_HEADER_H

#include "base/arena.h"
#include "table/dialect.h"

enum { HEADER_MOST = 65536 }; /* columns of a table */

struct header {
	struct view *names; /* values: unquoted bytes */
	struct view *raw;   /* as they stand in the file; NULL where the names were given */
	unsigned count;
	struct dialect dialect;
	const char *file;   /* for messages */
};

/* Splits a header record (without its line end); everything is copied into the arena.
 * Ends the program (3) above HEADER_MOST columns or where a quote is wrong. */
struct header *header_parse(struct arena *arena, struct dialect dialect, struct view record, const char *file);
/* Names from a comma list, for --names. */
struct header *header_of_list(struct arena *arena, struct dialect dialect, const char *list, const char *file);
/* "1", "2", ... for --no-header without --names. */
struct header *header_of_count(struct arena *arena, struct dialect dialect, unsigned count, const char *file);

enum { COLUMN_NONE = UINT32_MAX };

/* COLUMN_NONE where absent.  Ends the program (3) where the name occurs twice. */
unsigned header_find(const struct header *header, struct view name);
/* Ends the program (3), with a hint, where absent.  `why` says who wants it: "--by", "tags.csv:3". */
unsigned header_need(const struct header *header, struct view name, const char *why);
/* The same, with a word on what makes a table that has it, such as header_from_import. */
unsigned header_need_from(const struct header *header, struct view name, const char *why, const char *maker);
extern const char header_from_import[], header_from_events[];
/* Is the first line a row rather than names: is there a date, or a number that may be
 * somebody's?  Then its cells are personal, and no message shows one. */
bool header_is_row(const struct view *names, size_t count);
/* What messages call a column: its name, or its number where the header is a row. */
struct view header_shown(struct arena *arena, const struct header *header, unsigned column);
/* The names that there are, for a message: long lists are cut, and a row is not shown. */
const char *header_list(struct arena *arena, const struct header *header);
/* The name nearest to this one, or an empty view. */
struct view header_nearest(const struct header *header, struct view name);

struct columns {
	unsigned *at;
	unsigned count;
};

/* Is the text of an option a list of columns at all?  Ends the program (2) where not. */
void columns_check(const char *option, const char *text);
/* Resolves it against a header; ends the program (3) for a column that is not there. */
struct columns columns_resolve(struct arena *arena, const struct header *header, const char *option,
                               const char *text);
/* The same where one must be left (3), and where it must be the only one (2). */
struct columns columns_need(struct arena *arena, const struct header *header, const char *option, const char *text);
unsigned column_one(struct arena *arena, const struct header *header, const char *option, const char *text);

enum key_type { KEY_TEXT, KEY_NUMBER, KEY_DATE };

struct sort_key {
	unsigned column;
	enum key_type type;
	bool typed;           /* the kind was said, not taken as text */
	bool descending;
};

struct sort_keys {
	struct sort_key *key;
	unsigned count;
};

/* The same for sort keys: each column may have :text, :number or :date and :asc or :desc. */
void sort_keys_check(const char *option, const char *text);
struct sort_keys sort_keys_resolve(struct arena *arena, const struct header *header, const char *option,
                                   const char *text);

#endif
