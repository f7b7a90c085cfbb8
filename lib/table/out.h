/* out: rows on their way out, as bytes in a buffer.  Room: table.
 *
 * A row is written field by field and ended:
 *     out_copy(out, row, 3); out_field(out, VIEW("x")); out_end(out);
 * A field that a tool does not touch is copied as it stood, quotes included, when output
 * and input have one dialect. */
#ifndef CRM_TABLE_OUT_H
#define CRM_TABLE_OUT_H

#include "table/row.h"

struct out {
	struct buf bytes;
	struct dialect dialect;
	size_t row_start;
	unsigned fields;     /* of the row under way */
	uint64_t rows;
};

static inline void out_init(struct out *out, struct dialect dialect)
{
	*out = (struct out){ .dialect = dialect };
}

static inline void out_next(struct out *out)
{
	if (out->fields++)
		buf_byte(&out->bytes, out->dialect.delimiter);
}

/* A value, quoted or escaped where it must be. */
static inline void out_field(struct out *out, struct view value)
{
	out_next(out);
	dialect_put(out->dialect, value, &out->bytes);
}

/* Bytes that need neither: numbers, dates, own words. */
static inline void out_plain(struct out *out, struct view value)
{
	out_next(out);
	buf_put(&out->bytes, value);
}

static inline void out_u64(struct out *out, uint64_t number)
{
	out_next(out);
	buf_u64(&out->bytes, number);
}

static inline void out_copy(struct out *out, const struct row *row, unsigned column)
{
	if (!dialect_same(out->dialect, row->dialect)) {
		out_field(out, row_value(row, column));
		return;
	}
	out_next(out);
	buf_put_fast(&out->bytes, row_raw(row, column)); /* SCAN_PADDING bytes stand behind a block */
}

/* All fields of the row. */
static inline void out_row(struct out *out, const struct row *row)
{
	if (!row->map && dialect_same(out->dialect, row->dialect)) {
		out_plain(out, row_record(row));
		out->fields += row->count - 1;
		return;
	}
	for (unsigned i = 0; i < row->count; i++)
		out_copy(out, row, i);
}

/* The row's last field was copied and ends in a carriage return, which a reader would take for
 * part of the line end: writes it anew. */
void out_keep_return(struct out *out);

static inline void out_end(struct out *out)
{
	if (out->bytes.len > out->row_start && out->bytes.ptr[out->bytes.len - 1] == '\r')
		out_keep_return(out);
	/* A table of one column: an empty line would be no row. */
	if (out->fields == 1 && out->bytes.len == out->row_start && out->dialect.form == DIALECT_CSV)
		buf_text(&out->bytes, "\"\"");
	buf_byte(&out->bytes, '\n');
	out->row_start = out->bytes.len;
	out->fields = 0;
	out->rows++;
}

static inline void out_reset(struct out *out)
{
	buf_reset(&out->bytes);
	out->row_start = 0;
	out->fields = 0;
	out->rows = 0;
}

/* The name of a column of the input, as it stood where it can be. */
static inline void out_name(struct out *out, const struct header *header, unsigned column)
{
	if (header->raw && dialect_same(out->dialect, header->dialect))
		out_plain(out, header->raw[column]);
	else
		out_field(out, header->names[column]);
}

static inline void out_names(struct out *out, const struct header *header)
{
	for (unsigned i = 0; i < header->count; i++)
		out_name(out, header, i);
}

#endif
