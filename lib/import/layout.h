/* layout: where in a ledger's beginning the header stands, and of which table it is.
 * Room: import.
 *
 * Titles stand above headers, and a header may have two lines, the upper one with merged
 * cells.  Of the first records the one is taken (or the two) whose cells are most columns
 * of the table; with a table not given, of any table whose columns that must be there are. */
#ifndef CRM_IMPORT_LAYOUT_H
#define CRM_IMPORT_LAYOUT_H

#include "import/header.h"
#include "table/dialect.h"

enum {
	LAYOUT_RECORDS = 30,   /* a header stands among the first so many */
	LAYOUT_LINES = 3,      /* lines a header may have: the last one is the child */
};

/* The first records of a text, taken apart. */
struct beginning {
	struct beginning_record {
		struct view *cells;
		size_t count, end;  /* end: offset behind it */
		uint64_t line;      /* physical, from the text's first */
		bool bad;           /* something other than a delimiter follows a closing quote */
	} record[LAYOUT_RECORDS];
	size_t count;
};

/* Takes records off a text that may be cut in the last one (unless `whole`). */
struct beginning beginning_of(struct arena *arena, struct dialect dialect, struct view text, bool whole);

struct layout {
	const struct model_table *table;
	const struct model_table *rival; /* another table that would fit as well */
	size_t first, lines;  /* records of the header; lines 0: none found */
	size_t known;         /* columns that it has of the table */
	struct head *heads;   /* layout_heads() */
	size_t count;
};

/* The place where most columns are known, of one of the matchers' tables; where rows stand
 * above it below a header of their own, that one.  With `guess`
 * only tables are considered all of whose columns that must be there are.  `lines`: of the
 * header, as the user says; 0: one or two. */
struct layout layout_find(const struct beginning *beginning, struct matcher *const *matchers, size_t count,
                          size_t lines, bool guess);
/* The same of a text that is of no table: titles are what stands above the first record that
 * is neither blank, nor half as wide as records are or less, nor one filled cell of three and
 * more.  Where there is none it is the first record. */
struct layout layout_plain(const struct beginning *beginning, unsigned width, size_t lines);
/* Five digits in a row: dates, amounts and telephones have such, headers hardly. */
bool layout_has_long_number(struct view text);
/* Makes the heads of the records that the layout names; they are not matched yet. */
void layout_heads(struct arena *arena, const struct beginning *beginning, struct layout *layout);

/* Columns without a header: those at the end in which no row of the sample (what follows the
 * header) holds anything are left off; how many.  Such as number the rows (1, 2, 3) are known
 * as what they are. */
size_t layout_trim(struct layout *layout, struct dialect dialect, struct view sample);
void layout_number(struct layout *layout, struct dialect dialect, struct view sample);

/* The first column that must be there and is not, or, where no column says whose row it
 * is, the first that could; NULL where all is well.  The heads are matched and settled. */
const struct model_column *layout_missing(const struct layout *layout, const struct model_table *table);

#endif
