/* json: see json.h. */
#include "render/json.h"

#include "render/escape.h"
#include "render/figure.h"

static void put_string(struct buf *buf, struct view text)
{
	buf_byte(buf, '"');
	escape_json(buf, text);
	buf_byte(buf, '"');
}

/* The name of the next member, with the comma before it. */
static void put_name(struct buf *buf, struct view name, bool *first)
{
	if (!*first)
		buf_byte(buf, ',');
	*first = false;
	put_string(buf, name);
	buf_byte(buf, ':');
}

static void put_row(struct buf *buf, const struct doc_section *section, const struct doc_row *row, bool named)
{
	bool first = true;
	buf_byte(buf, '{');
	if (named) {
		put_name(buf, VIEW("section"), &first);
		put_string(buf, section->id);
	}
	if (row->kind != DOC_PLAIN) {
		put_name(buf, VIEW("row"), &first);
		put_string(buf, row->kind == DOC_TOTAL ? VIEW("total") : VIEW("subtotal"));
	}
	for (unsigned c = 0; c < section->column_count; c++) {
		const struct doc_cell *cell = &row->cells[c];
		enum doc_unit unit = section->columns[c].unit;
		put_name(buf, section->columns[c].id, &first);
		if (!cell->present)
			buf_text(buf, "null");
		else if (doc_is_number(unit))
			figure_plain(buf, unit, cell->number);
		else
			put_string(buf, cell->id);
	}
	buf_text(buf, "}\n");
}

void render_json(struct buf *buf, const struct document *doc, bool totals)
{
	bool named = doc->sections && doc->sections->next;
	for (const struct doc_section *section = doc->sections; section; section = section->next)
		for (size_t r = 0; r < section->row_count; r++)
			if (totals || section->rows[r].kind == DOC_PLAIN)
				put_row(buf, section, &section->rows[r], named);
}
