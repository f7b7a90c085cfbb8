/* csv: see csv.h. */
#include "render/csv.h"

#include "render/figure.h"

/* How one dialect writes a field; `alone`: the record has no other. */
struct dialect {
	char delimiter;
	void (*put)(struct buf *buf, struct view text, char delimiter, bool alone);
};

static void put_quoted_if_needed(struct buf *buf, struct view text, char delimiter, bool alone)
{
	bool quote = alone && !text.len; /* else it would be an empty line */
	for (size_t i = 0; i < text.len && !quote; i++) {
		char c = text.ptr[i];
		quote = c == delimiter || c == '"' || c == '\n' || c == '\r';
	}
	if (!quote) {
		buf_put(buf, text);
		return;
	}
	buf_byte(buf, '"');
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == '"')
			buf_byte(buf, '"');
		buf_byte(buf, text.ptr[i]);
	}
	buf_byte(buf, '"');
}

static void put_escaped(struct buf *buf, struct view text, char delimiter, bool alone)
{
	(void)delimiter;
	(void)alone;
	for (size_t i = 0; i < text.len; i++) {
		static const char bytes[] = "\t\n\r\\", letters[] = "tnr\\";
		const char *found = memchr(bytes, text.ptr[i], sizeof bytes - 1);
		if (found)
			buf_byte(buf, '\\');
		buf_byte(buf, found ? letters[found - bytes] : text.ptr[i]);
	}
}

static void put_record(struct buf *buf, const struct doc_section *section, const struct doc_cell *cells,
                       const struct dialect *dialect)
{
	bool alone = section->column_count == 1;
	for (unsigned c = 0; c < section->column_count; c++) {
		const struct doc_column *column = &section->columns[c];
		if (c)
			buf_byte(buf, dialect->delimiter);
		if (!cells)
			dialect->put(buf, column->id, dialect->delimiter, alone);
		else if (!cells[c].present)
			dialect->put(buf, VIEW(""), dialect->delimiter, alone);
		else if (doc_is_number(column->unit))
			figure_plain(buf, column->unit, cells[c].number);
		else
			dialect->put(buf, cells[c].id, dialect->delimiter, alone);
	}
	buf_byte(buf, '\n');
}

static void put_table(struct buf *buf, const struct doc_section *section, const struct dialect *dialect, unsigned parts)
{
	if (parts & CSV_HEADER)
		put_record(buf, section, NULL, dialect);
	for (size_t r = 0; r < section->row_count; r++)
		if (section->rows[r].kind == DOC_PLAIN || parts & CSV_TOTALS)
			put_record(buf, section, section->rows[r].cells, dialect);
}

void render_csv(struct buf *buf, const struct doc_section *section, char delimiter, unsigned parts)
{
	put_table(buf, section, &(struct dialect){ delimiter, put_quoted_if_needed }, parts);
}

void render_tsv(struct buf *buf, const struct doc_section *section, unsigned parts)
{
	put_table(buf, section, &(struct dialect){ '\t', put_escaped }, parts);
}
