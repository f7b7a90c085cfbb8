/* row: one record, as views into the reader's block.  Room: table.
 *
 * Valid until the row function returns.  row_raw() is the field as it stands, quotes and
 * all; row_value() is its value: use it for every key and comparison.  A missing field has
 * length 0. */
#ifndef CRM_TABLE_ROW_H
#define CRM_TABLE_ROW_H

#include "table/header.h"

struct row {
	const char *bytes;      /* the block */
	const uint32_t *ends;   /* where each field ends; ends[-1] belongs to the field before */
	const unsigned *map;    /* NULL, or from the table's columns to this file's */
	unsigned count;
	struct dialect dialect;
	bool plain;             /* TSV without a backslash in the block: raw is the value */
	struct arena *arena;    /* for values that must be unescaped; reset after the row */
	const char *file;
	uint64_t line;          /* physical line where the record begins */
	uint64_t number;        /* grows from row to row; its order is that of the input */
};

static inline struct view row_raw(const struct row *row, unsigned column)
{
	const uint32_t *end = row->ends + (row->map ? row->map[column] : column);
	uint32_t start = end[-1] + 1;
	return view(row->bytes + start, *end - start);
}

static inline struct view row_value(const struct row *row, unsigned column)
{
	struct view raw = row_raw(row, column);
	if (!raw.len || row->plain || (row->dialect.form == DIALECT_CSV && raw.ptr[0] != '"'))
		return raw;
	return dialect_value(row->dialect, raw, row->arena);
}

/* The record as it stands, without its line end. */
static inline struct view row_record(const struct row *row)
{
	uint32_t start = row->ends[-1] + 1;
	return view(row->bytes + start, row->ends[row->count - 1] - start);
}

#endif
