/* lines: the rows of a sheet as lines of TSV.  Room: sheet.
 *
 * Line n is row n.  A row without a value is an empty line; empty rows at the end are not
 * written, nor are empty cells at the end of a row beyond its table's width: a row is filled
 * up to the widest row above it, so that below a header no row is shorter than the header,
 * which is what readers want, and no row is longer than its last value and those above.
 * Values are escaped (\t \n \r \\), so that a row is one line whatever it holds.
 *
 * Readers give rows and cells in order; what they have made waits in `out` until it is taken. */
#ifndef CRM_SHEET_LINES_H
#define CRM_SHEET_LINES_H

#include <pthread.h>

#include "base/buf.h"
#include "sheet/problem.h"

enum {
	SHEET_ROWS_MOST = 1048576,
	SHEET_COLUMNS_MOST = 16384,
	SHEET_MERGES_MOST = 1000000,
	LINES_CELL_MOST = 16 * 1024 * 1024, /* a table's reader takes no longer field */
	LINES_DOUBTS_MOST = 4 * 1024 * 1024,
	LINES_ENOUGH = 256 * 1024,          /* readers pause when so much waits */
};

/* What may be wrong with a cell that its text does not tell. */
enum sheet_doubt {
	SHEET_DOUBT_NONE,
	SHEET_DOUBT_CUT,      /* a number of 16 and more digits, of which spreadsheets keep 15 */
	SHEET_DOUBT_NO_VALUE, /* a formula whose value was not stored: the cell is empty */
	SHEET_DOUBT_BYTES,    /* bytes that are no text in the encoding of the file, as they stand */
	SHEET_DOUBTS,
};

/* Cells joined to one; rows and columns count from 1.  The first one holds the value. */
struct sheet_merge {
	uint32_t first_row, last_row, first_column, last_column;
};

struct lines {
	struct buf out, escaped; /* escaped: memory of lines_cell() */
	struct sheet_problem *problem;
	uint64_t row;          /* number of the row that cells belong to, 0 before the first */
	uint64_t begun;        /* the last row of which anything is in the lines */
	uint32_t fields;       /* of that row, written so far */
	uint32_t next;         /* the column that the next cell must not be before */
	uint32_t width;
	uint64_t made, most;   /* bytes, and how many there may be */
	struct sheet_merge *merges;
	size_t merge_count, merge_room;
	/* Asked for by other threads while rows are read. */
	pthread_mutex_t lock;
	uint64_t *doubts;      /* row, column, doubt: in order */
	size_t doubt_count, doubt_room;
	uint64_t doubt_counts[SHEET_DOUBTS];
};

/* `size` of the file: text is at most a thousand times as much, or 256 MiB. */
void lines_init(struct lines *lines, struct sheet_problem *problem, uint64_t size);
void lines_release(struct lines *lines);

/* Rows from 1, columns from 0.  All return false where the sheet is damaged or too large;
 * *problem says why. */
bool lines_row(struct lines *lines, uint64_t row);
bool lines_cell(struct lines *lines, uint32_t column, struct view text);
/* The same for what is escaped already. */
bool lines_escaped(struct lines *lines, uint32_t column, struct view text);
/* About a cell of the row under way, before or after it is written. */
void lines_doubt(struct lines *lines, uint32_t column, enum sheet_doubt doubt);
bool lines_merge(struct lines *lines, struct sheet_merge merge);
/* No rows follow. */
void lines_end(struct lines *lines);

void lines_escape(struct view text, struct buf *to);
enum sheet_doubt lines_doubt_at(struct lines *lines, uint64_t row, uint32_t column);

#endif
