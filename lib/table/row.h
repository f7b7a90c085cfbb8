/* row: one record, as views into the reader's block.  Room: table.
 *
 * Valid until the row function returns.  row_raw() is the field as it stands, quotes and
 * all; row_value() is its value: use it for every key and comparison.  A missing field has
 * length 0. */
#ifndef CRM_TABLE_ROW_H
#define CRM_TABLE_ROW_H

#include "table/header.h"

struct row {
	const char *bytes;      /* the block; SCAN_PADDING bytes may be read behind it */
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

/* A value of at most 16 bytes as two words, NULs behind it: for comparing and hashing.  Returns its
 * length; a longer one has more, and no words.  Without a branch by length,
 * which would be guessed wrong: SCAN_PADDING bytes stand behind a block. */
static inline size_t row_words(const struct row *row, unsigned column, uint64_t words[2])
{
	static const unsigned char ones[32] = { 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255,
		255, 255, 255 };
	uint64_t mask[2];
	struct view raw = row_raw(row, column), value = row_value(row, column);
	if (value.ptr != raw.ptr || value.len > 16) {
		words[0] = words[1] = 0;
		if (value.len && value.len <= 16)
			memcpy(words, value.ptr, value.len);
		return value.len;
	}
	memcpy(mask, ones + 16 - value.len, 16); /* value.len ones, then zeroes */
	memcpy(words, raw.ptr, 16);
	words[0] &= mask[0];
	words[1] &= mask[1];
	return value.len;
}

/* The record as it stands, without its line end. */
static inline struct view row_record(const struct row *row)
{
	uint32_t start = row->ends[-1] + 1;
	return view(row->bytes + start, row->ends[row->count - 1] - start);
}

#endif
