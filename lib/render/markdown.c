/* markdown: see markdown.h. */
#include "render/markdown.h"

#include "render/escape.h"
#include "render/grid.h"
#include "render/figure.h"
#include "render/words.h"
#include "value/text.h"

struct writer {
	struct buf *out;
	enum doc_language language;
	struct arena arena;
};

static struct view escaped(struct writer *writer, struct view text)
{
	struct buf buf = { 0 };
	escape_markdown(&buf, text);
	struct view result = arena_copy(&writer->arena, buf_view(&buf));
	buf_release(&buf);
	return result;
}

static void put_mark(struct buf *buf, enum doc_language language, enum doc_mark mark)
{
	static const enum word words[] = {
		[MARK_GREEN] = WORD_ON_TARGET, [MARK_YELLOW] = WORD_CLOSE, [MARK_RED] = WORD_OFF_TARGET,
	};
	if (mark != MARK_NONE)
		buf_printf(buf, " (%s)", word(language, words[mark]));
}

static struct view cell_escaped(struct writer *writer, enum doc_unit unit, const struct doc_row *row, unsigned c)
{
	const struct doc_cell *cell = &row->cells[c];
	struct buf shown = { 0 }, buf = { 0 };
	cell_put_shown(&shown, unit, cell);
	bool bold = row->kind == DOC_TOTAL && shown.len;
	buf_text(&buf, bold ? "**" : "");
	if (cell->present && !doc_is_number(unit))
		escape_markdown(&buf, buf_view(&shown));
	else
		buf_put(&buf, buf_view(&shown));
	buf_text(&buf, bold ? "**" : "");
	put_mark(&buf, writer->language, cell->mark);
	struct view result = arena_copy(&writer->arena, buf_view(&buf));
	buf_release(&buf);
	buf_release(&shown);
	return result;
}

static struct view heading_escaped(struct writer *writer, const struct doc_column *column)
{
	struct buf heading = { 0 };
	column_heading_put(&heading, writer->language, column);
	struct view result = escaped(writer, buf_view(&heading));
	buf_release(&heading);
	return result;
}

static void put_paragraph(struct writer *writer, const char *before, struct view text)
{
	if (!text.len)
		return;
	buf_text(writer->out, before);
	buf_put(writer->out, escaped(writer, text));
	buf_text(writer->out, "\n\n");
}

static void put_facts(struct writer *writer, const struct doc_fact *fact)
{
	bool any = fact != NULL;
	for (; fact; fact = fact->next) {
		buf_text(writer->out, "- ");
		if (fact->label.len) {
			buf_text(writer->out, "**");
			buf_put(writer->out, escaped(writer, fact->label));
			buf_text(writer->out, "**");
			buf_text(writer->out, fact->text.len ? word(writer->language, WORD_COLON) : "");
		}
		buf_put(writer->out, escaped(writer, fact->text));
		buf_byte(writer->out, '\n');
	}
	if (any)
		buf_byte(writer->out, '\n');
}

static void put_padded(struct buf *out, struct view text, size_t width, bool right)
{
	size_t pad = width - text_width(text);
	buf_byte(out, ' ');
	for (size_t i = 0; right && i < pad; i++)
		buf_byte(out, ' ');
	buf_put(out, text);
	for (size_t i = 0; !right && i < pad; i++)
		buf_byte(out, ' ');
	buf_text(out, " |");
}

static void put_table(struct writer *writer, const struct doc_section *section)
{
	unsigned count = section->column_count;
	if (!count)
		return;
	size_t lines = section->row_count + 1; /* the first one holds the headings */
	struct view *cells = arena_zero(&writer->arena, lines * count, sizeof *cells);
	size_t *widths = arena_zero(&writer->arena, count, sizeof *widths);
	for (unsigned c = 0; c < count; c++) {
		const struct doc_column *column = &section->columns[c];
		widths[c] = 2; /* "-:" */
		for (size_t i = 0; i < lines; i++) {
			cells[i * count + c] = i ? cell_escaped(writer, column->unit, &section->rows[i - 1], c)
			                         : heading_escaped(writer, column);
			size_t width = text_width(cells[i * count + c]);
			widths[c] = width > widths[c] ? width : widths[c];
		}
	}
	for (size_t i = 0; i < lines; i++) {
		buf_byte(writer->out, '|');
		for (unsigned c = 0; c < count; c++)
			put_padded(writer->out, cells[i * count + c], widths[c], doc_is_number(section->columns[c].unit));
		buf_byte(writer->out, '\n');
		for (unsigned c = 0; i == 0 && c < count; c++) {
			buf_text(writer->out, c ? " " : "| ");
			for (size_t k = 1; k < widths[c]; k++)
				buf_byte(writer->out, '-');
			buf_text(writer->out, doc_is_number(section->columns[c].unit) ? ": |" : "- |");
		}
		if (i == 0)
			buf_byte(writer->out, '\n');
	}
	buf_byte(writer->out, '\n');
	if (!section->row_count)
		put_paragraph(writer, "", view_of(word(writer->language, WORD_NO_ROWS)));
}

static void put_figures(struct writer *writer, const struct document *doc)
{
	for (const struct doc_figure *figure = doc->figures; figure; figure = figure->next) {
		struct buf shown = { 0 };
		key_figure_put(&shown, figure, writer->language);
		buf_text(writer->out, "- ");
		buf_put(writer->out, escaped(writer, figure->label));
		buf_text(writer->out, word(writer->language, WORD_COLON));
		buf_text(writer->out, "**");
		buf_put(writer->out, escaped(writer, buf_view(&shown)));
		buf_text(writer->out, "**");
		put_mark(writer->out, writer->language, figure->cell.mark);
		buf_text(writer->out, figure->note.len ? " · " : "");
		buf_put(writer->out, escaped(writer, figure->note));
		buf_byte(writer->out, '\n');
		buf_release(&shown);
	}
	if (doc->figures)
		buf_byte(writer->out, '\n');
}

static void put_section(struct writer *writer, const struct doc_section *section)
{
	put_paragraph(writer, "## ", section->heading);
	put_paragraph(writer, "", section->lead);
	put_table(writer, section);
	for (const struct doc_chart *chart = section->charts; chart; chart = chart->next) {
		if (chart->kind != CHART_HEAT)
			continue;
		struct grid grid = grid_of(&writer->arena, section, chart);
		struct document doc;
		document_init(&doc, &writer->arena, writer->language);
		put_paragraph(writer, "### ", chart->title);
		put_table(writer, grid_section(&doc, &grid, chart));
	}
	put_facts(writer, section->notes);
}

void render_markdown(struct buf *buf, const struct document *doc)
{
	struct writer writer = { .out = buf, .language = doc->language };
	size_t start = buf->len;
	put_paragraph(&writer, "# ", doc->title);
	put_paragraph(&writer, "", doc->subtitle);
	put_figures(&writer, doc);
	put_facts(&writer, doc->notes);
	for (const struct doc_section *section = doc->sections; section; section = section->next)
		put_section(&writer, section);
	if (doc->definitions)
		put_paragraph(&writer, "## ", view_of(word(doc->language, WORD_NOTES)));
	put_facts(&writer, doc->definitions);
	if (doc->provenance)
		buf_text(buf, "---\n\n");
	put_facts(&writer, doc->provenance);
	if (buf->len > start)
		buf->len--; /* the empty line behind the last block */
	arena_release(&writer.arena);
}
