/* book: workbooks in, each sheet as a stream of TSV.  Room: sheet.
 *
 * What a file is, its bytes say and never its name:
 *     xlsx   a zip that holds a workbook, of either OOXML namespace
 *     xls    a compound file (or a bare stream, as old PHP scripts make them) of BIFF2 to BIFF8
 *     html   a table in HTML that calls itself xls, as back offices export it
 *     xml    SpreadsheetML of Excel 2003
 *     zip    an archive of ledgers; book_member_open() gives the bytes of one
 * Refused with a reason: protected workbooks, xlsb, ods and others that are no ledgers, what is
 * damaged, cut short or made to fill the memory (the limits stand in zip.h, xml.h, lines.h).
 *
 * A sheet comes as lines.h says: line n is row n, tabs between cells.  The text of a cell is
 * what shown.h says; booleans are TRUE and FALSE, as spreadsheets save them in CSV (a 1 could
 * not be told from a number); errors are #N/A and the like; the value of a formula is the one
 * that was stored with it.  Hidden rows and columns are read: a filter hides rows of a ledger
 * that are as good as the others.  Hidden sheets are listed, and said to be hidden.
 *
 *     int fd = open(...);      a file that can seek, else book_spool()
 *     struct book *book = book_open(fd, &problem);
 *     struct sheet *sheet = sheet_open(book, 0, &problem);
 *     struct feed feed = { .state = sheet, .read = sheet_read, .close = sheet_close, ... };
 *
 * Memory: 48 MiB of shared texts (the others go to temporary files) and a few of buffers for
 * xlsx and xml, whatever the number of rows; an xls is read whole, in a child process that can
 * do nothing but that (child.h).  One thread reads; only sheet_doubt() may be called by others. */
#ifndef CRM_SHEET_BOOK_H
#define CRM_SHEET_BOOK_H

#include "base/view.h"
#include "sheet/lines.h"
#include "sheet/problem.h"

enum book_form { BOOK_NONE, BOOK_XLSX, BOOK_XLS, BOOK_HTML, BOOK_XML, BOOK_ZIP };
/* xlsx, xls, html, xml, zip: stable words. */
const char *book_form_name(enum book_form form);

enum { BOOK_START = 4096 };
/* By the first BOOK_START bytes of a file, or all there are.  BOOK_ZIP may turn out to be
 * BOOK_XLSX when it is opened. */
enum book_form book_detect(struct view start);

/* ---- a file ---- */

struct book;

/* Takes over the descriptor of a file that can seek, also where it fails: NULL with *problem. */
struct book *book_open(int fd, struct sheet_problem *problem);
/* Its sheets and members must be closed before. */
void book_close(struct book *book);
enum book_form book_form(const struct book *book);
/* Dates are counted from 1904; in cells they are right already. */
bool book_from_1904(const struct book *book);

/* What comes in by a pipe, or was read from one already, into a temporary file without a name,
 * at most `most` bytes; -1 with *problem.  `read` is that of struct feed. */
int book_spool(struct view already, size_t (*read)(void *state, char *to, size_t room), void *state, uint64_t most,
               struct sheet_problem *problem);

/* ---- its sheets: in the order of the tabs; charts are none ---- */

struct book_sheet {
	struct view name; /* UTF-8; empty for html */
	bool hidden;
};

size_t book_sheets(const struct book *book);
struct book_sheet book_sheet(const struct book *book, size_t number);

struct sheet;

/* Several may be open.  NULL with *problem. */
struct sheet *sheet_open(struct book *book, size_t number, struct sheet_problem *problem);
/* At least one byte; 0 at the end, and where the sheet is damaged: then `failed` is called
 * first, once, if it is set.  Only a read that returned 0 without a problem saw the whole sheet. */
size_t sheet_read(void *sheet, char *to, size_t room);
void sheet_on_failure(struct sheet *sheet, void (*failed)(void *arg, const struct sheet_problem *problem), void *arg);
/* NULL where all is well. */
const struct sheet_problem *sheet_problem(const struct sheet *sheet);
void sheet_close(void *sheet);

/* Rows that were read may be asked about, by any thread: rows from 1, columns from 0. */
enum sheet_doubt sheet_doubt(struct sheet *sheet, uint64_t row, uint32_t column);
/* How many cells of what was read so far; beyond LINES_DOUBTS_MOST they are only counted. */
uint64_t sheet_doubts(struct sheet *sheet, enum sheet_doubt doubt);

/* The merged ranges of a sheet, in the order of the file; free() them.  They stand behind the
 * rows, so the sheet is gone through once more for them.  False with *problem. */
bool book_merges(struct book *book, size_t number, struct sheet_merge **merges, size_t *count,
                 struct sheet_problem *problem);

/* ---- members of a BOOK_ZIP, in the order of the archive ---- */

/* Without folders and the leavings of systems (__MACOSX, .DS_Store, Thumbs.db). */
size_t book_members(const struct book *book);
struct view book_member(const struct book *book, size_t number); /* its name in UTF-8 */

struct member;
/* Its bytes; the calls are as those of a sheet. */
struct member *member_open(struct book *book, size_t number, struct sheet_problem *problem);
size_t member_read(void *member, char *to, size_t room);
void member_on_failure(struct member *member, void (*failed)(void *arg, const struct sheet_problem *problem), void *arg);
const struct sheet_problem *member_problem(const struct member *member);
void member_close(void *member);

#endif
