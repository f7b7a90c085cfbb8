/* kind: what a record of a ledger is: a row of the table, or what stands around rows.
 * Room: import. */
#ifndef CRM_IMPORT_KIND_H
#define CRM_IMPORT_KIND_H

#include "import/layout.h"
#include "table/row.h"

/* One file. */
struct import_file {
	const char *name;            /* in src_file */
	const struct beginning_record *header[LAYOUT_LINES]; /* its lines, to know them again */
	size_t header_lines;
	char first[LAYOUT_LINES];    /* the byte that each begins with, behind blanks; NUL: none */
	unsigned width;              /* fields of a row */
	const struct matcher *matcher; /* of its table; NULL: raw, of which all records are rows */
	const struct head *heads;    /* of its columns */
	struct view *titles;         /* that stand above the header, as kind_title() makes them */
	size_t title_count;
	struct columns fill;         /* whose empty cells are filled from above */
	bool pad;                    /* records too short are filled up */
	bool lenient;                /* records are as lenient.h passes them on */
};

/* What becomes of a record. */
enum import_fate {
	IMPORT_USED,
	IMPORT_REPEATED, /* the header again */
	IMPORT_BLANK,    /* no cell is filled */
	IMPORT_FOOTER,   /* totals, notes, signatures */
	IMPORT_TITLE,    /* a title again, as above the part of another month */
	IMPORT_BAD,
	IMPORT_OTHER,    /* another table's header: nothing below it can be read */
	IMPORT_FATES
};

/* Is it a row (IMPORT_USED), perhaps one of too few or too many fields (IMPORT_BAD)?  Fields too
 * many that hold nothing are a spreadsheet's, and no reason. */
enum import_fate kind_of(const struct import_file *file, const struct row *row);

/* Of a row that cannot be read as it should: is it another header?  IMPORT_REPEATED where every
 * cell means the column that it stands in, IMPORT_OTHER where most mean columns of the table
 * and they stand elsewhere; else IMPORT_USED. */
enum import_fate kind_of_header(const struct import_file *file, const struct row *row);

/* The text of a title without its digits, by which that of another month is known again; empty
 * unless just one cell of the record is filled. */
struct view kind_title(struct arena *arena, const struct beginning_record *record);

#endif
