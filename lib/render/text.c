/* text: see text.h. */
#include "render/text.h"

#include "render/escape.h"
#include "render/grid.h"
#include "render/figure.h"
#include "render/words.h"
#include "render/wrap.h"
#include "value/text.h"

enum {
	GAP = 2,          /* spaces between columns */
	CELL_LINES = 3,   /* a long text takes no more */
	TEXT_LEAST = 12,  /* a text column is not made smaller while the table can be continued below */
	BAR_MOST = 40,
	NAMES_MOST = 30,  /* bars of a chart */
	DEFAULT_WIDTH = 80,
};

struct printer {
	struct buf *out;
	struct text_form form;
	enum doc_language language;
	struct arena arena; /* what is thrown away when the document is printed */
};

struct column {
	struct view label;
	size_t width;   /* as printed */
	size_t cells;   /* the widest cell */
	bool number, wraps, marked;
};

struct sheet {
	const struct doc_section *section;
	struct column *columns;
	struct view *cells; /* cleaned, [row * column_count + column] */
	unsigned count, keys; /* keys: columns at the left that are repeated when the table is continued */
};

static void style(struct printer *printer, const char *sgr)
{
	if (printer->form.colour)
		buf_printf(printer->out, "\033[%sm", sgr);
}

static void spaces(struct buf *buf, size_t count)
{
	while (count--)
		buf_byte(buf, ' ');
}

static void end_line(struct buf *buf)
{
	while (buf->len && buf->ptr[buf->len - 1] == ' ')
		buf->len--;
	buf_byte(buf, '\n');
}

static struct view clean(struct printer *printer, struct view text)
{
	struct buf buf = { 0 };
	escape_terminal(&buf, text);
	struct view result = arena_copy(&printer->arena, buf_view(&buf));
	buf_release(&buf);
	return result;
}

/* A paragraph that begins behind `used` columns; further lines are indented. */
static void put_wrapped(struct printer *printer, struct view text, size_t used, size_t indent)
{
	size_t width = printer->form.width ? printer->form.width : SIZE_MAX;
	while (text.len) {
		struct view line = wrap_line(&text, width > used + 1 ? width - used : 1);
		buf_put(printer->out, line);
		end_line(printer->out);
		if (text.len)
			spaces(printer->out, indent);
		used = indent;
	}
}

static void put_line(struct printer *printer, struct view text, const char *sgr)
{
	if (!text.len)
		return;
	style(printer, sgr);
	put_wrapped(printer, clean(printer, text), 0, 0);
	if (printer->form.colour) { /* before the line end, so that no colour crosses it */
		printer->out->len--;
		buf_text(printer->out, "\033[0m\n");
	}
}

static void put_facts(struct printer *printer, const struct doc_fact *fact)
{
	for (; fact; fact = fact->next) {
		struct buf line = { 0 };
		buf_put(&line, fact->label);
		if (fact->label.len && fact->text.len)
			buf_text(&line, word(printer->language, WORD_COLON));
		buf_put(&line, fact->text);
		put_wrapped(printer, clean(printer, buf_view(&line)), 0, 2);
		buf_release(&line);
	}
}

/* ---- the table: what it holds and how wide it is ---- */

static struct view cell_clean(struct printer *printer, enum doc_unit unit, const struct doc_cell *cell)
{
	struct buf buf = { 0 };
	cell_put_shown(&buf, unit, cell);
	struct view result = clean(printer, buf_view(&buf));
	buf_release(&buf);
	return result;
}

static struct view heading_clean(struct printer *printer, const struct doc_column *column)
{
	struct buf heading = { 0 };
	column_heading_put(&heading, printer->language, column);
	struct view result = clean(printer, buf_view(&heading));
	buf_release(&heading);
	return result;
}

static struct sheet sheet_of(struct printer *printer, const struct doc_section *section)
{
	struct sheet sheet = { .section = section, .count = section->column_count };
	sheet.columns = arena_zero(&printer->arena, sheet.count, sizeof *sheet.columns);
	sheet.cells = arena_zero(&printer->arena, sheet.count * section->row_count, sizeof *sheet.cells);
	for (unsigned c = 0; c < sheet.count; c++) {
		struct column *column = &sheet.columns[c];
		enum doc_unit unit = section->columns[c].unit;
		column->label = heading_clean(printer, &section->columns[c]);
		column->number = doc_is_number(unit);
		column->wraps = unit == DOC_TEXT;
		if (!column->number && sheet.keys == c)
			sheet.keys = c + 1;
		for (size_t r = 0; r < section->row_count; r++) {
			const struct doc_cell *cell = &section->rows[r].cells[c];
			struct view *text = &sheet.cells[r * sheet.count + c];
			*text = cell_clean(printer, unit, cell);
			size_t width = text_width(*text);
			column->cells = width > column->cells ? width : column->cells;
			column->marked = column->marked || cell->mark != MARK_NONE;
		}
		if (column->marked)
			column->cells += 2;
	}
	return sheet;
}

/* The width of a column whose heading may take some lines. */
static size_t column_fitted(const struct column *column, size_t lines)
{
	size_t width = wrap_longest(column->label);
	if (lines == 1)
		width = text_width(column->label);
	width = width > column->cells ? width : column->cells;
	while (wrap_count(column->label, width) > lines)
		width++;
	return width ? width : 1;
}

static size_t width_of(const struct sheet *sheet, unsigned from, unsigned to)
{
	size_t total = 0;
	for (unsigned c = from; c < to; c++)
		total += sheet->columns[c].width + GAP;
	return total;
}

/* Makes the widest text column smaller, again and again, until the table fits. */
static bool shrink(struct sheet *sheet, size_t others, size_t width, size_t least)
{
	while (others > width) {
		struct column *widest = NULL;
		for (unsigned c = 0; c < sheet->count; c++) {
			struct column *column = &sheet->columns[c];
			if (column->wraps && column->width > least && (!widest || column->width > widest->width))
				widest = column;
		}
		if (!widest)
			return false;
		widest->width--;
		others--;
	}
	return true;
}

static void fit(struct sheet *sheet, size_t width)
{
	for (size_t lines = 1; lines <= 3; lines++) {
		for (unsigned c = 0; c < sheet->count; c++)
			sheet->columns[c].width = column_fitted(&sheet->columns[c], lines);
		if (!width || width_of(sheet, 0, sheet->count) <= width + GAP)
			return;
	}
	if (shrink(sheet, width_of(sheet, 0, sheet->count), width + GAP, TEXT_LEAST))
		return;
	/* Continued below: each part needs room for the keys and at least one more column. */
	size_t widest = 0;
	for (unsigned c = 0; c < sheet->count; c++) {
		sheet->columns[c].width = column_fitted(&sheet->columns[c], 2);
		if (c >= sheet->keys && sheet->columns[c].width > widest)
			widest = sheet->columns[c].wraps ? TEXT_LEAST : sheet->columns[c].width;
	}
	for (unsigned c = 0; c < sheet->count; c++)
		if (sheet->columns[c].wraps && sheet->columns[c].width > width / 3)
			sheet->columns[c].width = width / 3 ? width / 3 : 1;
	shrink(sheet, width_of(sheet, 0, sheet->keys) + widest, width, TEXT_LEAST / 2);
}

/* ---- the table: printed ---- */

/* A part of the table: the keys and the columns from `from` up to `to`. */
struct part {
	const struct sheet *sheet;
	unsigned from, to;
};

static bool in_part(const struct part *part, unsigned c)
{
	return c < part->sheet->keys || (c >= part->from && c < part->to);
}

static void put_cell(struct printer *printer, const struct column *column, struct view text, const char *sgr)
{
	size_t width = text_width(text);
	size_t pad = width < column->width ? column->width - width : 0;
	if (column->number)
		spaces(printer->out, pad);
	if (sgr)
		style(printer, sgr);
	buf_put(printer->out, text);
	if (sgr)
		style(printer, "0");
	spaces(printer->out, (column->number ? 0 : pad) + GAP);
}

static void put_headings(struct printer *printer, const struct part *part)
{
	const struct sheet *sheet = part->sheet;
	size_t lines = 1;
	for (unsigned c = 0; c < sheet->count; c++) {
		size_t count = wrap_count(sheet->columns[c].label, sheet->columns[c].width);
		if (in_part(part, c) && count > lines)
			lines = count;
	}
	for (size_t i = 0; i < lines; i++) {
		for (unsigned c = 0; c < sheet->count; c++) {
			const struct column *column = &sheet->columns[c];
			struct view rest = column->label, line = VIEW("");
			size_t above = lines - wrap_count(rest, column->width); /* the last lines are level */
			for (size_t k = above; k <= i; k++)
				line = wrap_line(&rest, column->width);
			if (in_part(part, c))
				put_cell(printer, column, line, line.len ? "1" : NULL);
		}
		end_line(printer->out);
	}
}

static void put_rule(struct printer *printer, const struct part *part)
{
	for (unsigned c = 0; c < part->sheet->count; c++) {
		if (!in_part(part, c))
			continue;
		for (size_t i = 0; i < part->sheet->columns[c].width; i++)
			buf_byte(printer->out, '-');
		spaces(printer->out, GAP);
	}
	end_line(printer->out);
}

static const char *sgr_of(const struct doc_row *row, const struct doc_cell *cell)
{
	static const char *const marks[] = { [MARK_GREEN] = "32", [MARK_YELLOW] = "33", [MARK_RED] = "31" };
	return cell->mark != MARK_NONE ? marks[cell->mark] : row->kind != DOC_PLAIN ? "1" : NULL;
}

/* One line of a cell, its last line shortened where more follows; marks make numbers longer. */
static struct view cell_line(struct printer *printer, const struct column *column, const struct doc_cell *cell,
                             struct view *rest, size_t line)
{
	struct buf buf = { 0 };
	if (column->wraps && line == CELL_LINES - 1) {
		wrap_shorten(&buf, *rest, column->width, "...");
		*rest = view_skip(*rest, rest->len);
	} else if (column->wraps) {
		buf_put(&buf, wrap_line(rest, column->width));
	} else {
		buf_put(&buf, *rest);
		*rest = view_skip(*rest, rest->len);
	}
	if (column->marked && line == 0) {
		buf_byte(&buf, ' ');
		buf_byte(&buf, " +~!"[cell->mark]);
	}
	struct view result = arena_copy(&printer->arena, buf_view(&buf));
	buf_release(&buf);
	return result;
}

static void put_row(struct printer *printer, const struct part *part, size_t r)
{
	const struct sheet *sheet = part->sheet;
	const struct doc_row *row = &sheet->section->rows[r];
	struct view *rest = arena_zero(&printer->arena, sheet->count, sizeof *rest);
	memcpy(rest, sheet->cells + r * sheet->count, sheet->count * sizeof *rest);
	bool more = true;
	for (size_t line = 0; more; line++) {
		more = false;
		for (unsigned c = 0; c < sheet->count; c++) {
			if (!in_part(part, c))
				continue;
			struct view text = VIEW("");
			if (line == 0 || rest[c].len)
				text = cell_line(printer, &sheet->columns[c], &row->cells[c], &rest[c], line);
			put_cell(printer, &sheet->columns[c], text, text.len ? sgr_of(row, &row->cells[c]) : NULL);
			more = more || rest[c].len;
		}
		end_line(printer->out);
	}
}

static void put_part(struct printer *printer, const struct part *part)
{
	const struct doc_section *section = part->sheet->section;
	put_headings(printer, part);
	put_rule(printer, part);
	for (size_t r = 0; r < section->row_count; r++) {
		if (r && section->rows[r].kind == DOC_TOTAL && section->rows[r - 1].kind != DOC_TOTAL)
			put_rule(printer, part);
		put_row(printer, part, r);
	}
}

static void put_table(struct printer *printer, const struct doc_section *section)
{
	if (!section->column_count)
		return;
	struct sheet sheet = sheet_of(printer, section);
	size_t width = printer->form.width;
	fit(&sheet, width);
	unsigned from = sheet.keys;
	do {
		unsigned to = from;
		size_t used = width_of(&sheet, 0, sheet.keys);
		while (to < sheet.count && (to == from || !width || used + sheet.columns[to].width <= width))
			used += sheet.columns[to++].width + GAP;
		if (from > sheet.keys)
			buf_byte(printer->out, '\n');
		put_part(printer, &(struct part){ &sheet, from, to });
		from = to;
	} while (from < sheet.count);
	if (!section->row_count)
		put_line(printer, view_of(word(printer->language, WORD_NO_ROWS)), "2");
	if (section_has_marks(section))
		put_line(printer, view_of(word(printer->language, WORD_SIGNS)), "2");
}

/* ---- charts ---- */

static size_t bar_length(int64_t number, int64_t most, size_t room)
{
	if (number <= 0 || most <= 0)
		return 0;
	size_t length = (size_t)(((__int128)number * (int64_t)room * 2 + most) / ((__int128)most * 2));
	return length ? length : 1;
}

/* The rate from one stage to the next, or nothing where there is none before. */
static struct view stage_rate(struct printer *printer, const struct grid *grid, size_t n)
{
	struct grid_number now = grid_at(grid, n, 0), before = n ? grid_at(grid, n - 1, 0) : now;
	struct doc_cell cell = { .present = now.present && before.present };
	if (!n)
		return VIEW("");
	cell.present = cell.present && figure_rate(now.number, before.number, &cell.number);
	return cell_clean(printer, DOC_RATE, &cell);
}

/* A bar's name takes one line. */
static void shorten_names(struct printer *printer, struct sheet *sheet, size_t most)
{
	if (sheet->columns[0].width > most)
		sheet->columns[0].width = most;
	sheet->columns[0].wraps = false;
	for (size_t r = 0; r < sheet->section->row_count; r++) {
		struct buf name = { 0 };
		wrap_shorten(&name, sheet->cells[r * sheet->count], sheet->columns[0].width, "...");
		sheet->cells[r * sheet->count] = arena_copy(&printer->arena, buf_view(&name));
		buf_release(&name);
	}
}

/* Bars as a table without headings: name, number, rate (funnel), bar. */
static void put_bars(struct printer *printer, const struct doc_chart *chart, const struct grid *grid)
{
	bool funnel = chart->kind == CHART_FUNNEL;
	struct doc_column columns[] = {
		{ .unit = DOC_TEXT }, { .unit = grid->unit }, { .unit = DOC_TEXT }, { .unit = DOC_DATE },
	};
	unsigned bar = funnel ? 3 : 2;
	if (!funnel)
		columns[2] = columns[3];
	struct document doc;
	document_init(&doc, &printer->arena, printer->language);
	struct doc_section *section = document_section(&doc, VIEW(""), VIEW(""), columns, bar + 1);
	for (size_t n = 0; n < grid->name_count; n++) {
		struct grid_number at = grid_at(grid, n, 0);
		struct doc_cell *cells = section_row(section, DOC_PLAIN);
		cells[0] = doc_text(grid->names[n]);
		cells[1] = at.present ? doc_number(at.number) : doc_missing();
		if (funnel)
			cells[2] = doc_text(stage_rate(printer, grid, n));
		cells[bar] = doc_text(VIEW(""));
	}
	struct sheet sheet = sheet_of(printer, section);
	if (funnel)
		sheet.columns[2].number = true; /* to the right */
	size_t width = printer->form.width ? printer->form.width : DEFAULT_WIDTH;
	fit(&sheet, width);
	shorten_names(printer, &sheet, width / 3);
	size_t used = width_of(&sheet, 0, bar), room = width > used + 10 ? width - used : 10;
	int64_t least, most;
	grid_limits(grid, &least, &most);
	for (size_t n = 0; n < grid->name_count; n++) {
		size_t length = bar_length(grid_at(grid, n, 0).number, most, room > BAR_MOST ? BAR_MOST : room);
		char *hashes = arena_alloc(&printer->arena, length);
		memset(hashes, '#', length);
		sheet.cells[n * sheet.count + bar] = view(hashes, length);
		put_row(printer, &(struct part){ &sheet, 0, sheet.count }, n);
	}
}

static void put_chart(struct printer *printer, const struct doc_section *section, const struct doc_chart *chart)
{
	if (chart->kind != CHART_FUNNEL && chart->kind != CHART_BARS && chart->kind != CHART_HEAT)
		return;
	struct grid grid = grid_of(&printer->arena, section, chart);
	if (!grid.name_count || !grid.series_count || (chart->kind != CHART_HEAT && grid.series_count > 1))
		return; /* bars side by side say less than the table's figures */
	buf_byte(printer->out, '\n');
	put_line(printer, chart->title, "1");
	if (chart->kind == CHART_HEAT) {
		struct document doc;
		document_init(&doc, &printer->arena, printer->language);
		put_table(printer, grid_section(&doc, &grid, chart));
		return;
	}
	size_t all = grid.name_count;
	if (chart->kind == CHART_BARS)
		grid_keep_largest(&printer->arena, &grid, NAMES_MOST);
	if (chart->descending)
		grid_descending(&printer->arena, &grid);
	put_bars(printer, chart, &grid);
	if (grid.name_count < all) {
		struct buf line = { 0 };
		words_largest(&line, printer->language, grid.name_count, all);
		put_line(printer, buf_view(&line), "2");
		buf_release(&line);
	}
}

/* ---- the document ---- */

static struct view figure_clean(struct printer *printer, const struct doc_figure *figure)
{
	struct buf buf = { 0 };
	key_figure_put(&buf, figure, printer->language);
	struct view result = clean(printer, buf_view(&buf));
	buf_release(&buf);
	return result;
}

static void put_figures(struct printer *printer, const struct doc_figure *figure)
{
	size_t label = 0, number = 0;
	for (const struct doc_figure *f = figure; f; f = f->next) {
		size_t width = text_width(clean(printer, f->label));
		label = width > label ? width : label;
		width = text_width(figure_clean(printer, f));
		number = width > number ? width : number;
	}
	if (figure)
		buf_byte(printer->out, '\n');
	for (; figure; figure = figure->next) {
		struct column left = { .width = label }, right = { .width = number, .number = true };
		put_cell(printer, &left, clean(printer, figure->label), NULL);
		put_cell(printer, &right, figure_clean(printer, figure), "1");
		if (figure->cell.mark != MARK_NONE)
			buf_printf(printer->out, "%c ", " +~!"[figure->cell.mark]);
		buf_put(printer->out, clean(printer, figure->note));
		end_line(printer->out);
	}
}

static void put_section(struct printer *printer, const struct doc_section *section)
{
	buf_byte(printer->out, '\n');
	put_line(printer, section->heading, "1");
	put_line(printer, section->lead, "0");
	if (section->heading.len || section->lead.len)
		buf_byte(printer->out, '\n');
	put_table(printer, section);
	for (const struct doc_chart *chart = section->charts; chart && printer->form.charts; chart = chart->next)
		put_chart(printer, section, chart);
	if (section->notes)
		buf_byte(printer->out, '\n');
	put_facts(printer, section->notes);
}

void render_text(struct buf *buf, const struct document *doc, struct text_form form)
{
	struct printer printer = { .out = buf, .form = form, .language = doc->language };
	put_line(&printer, doc->title, "1");
	put_line(&printer, doc->subtitle, "0");
	put_figures(&printer, doc->figures);
	if (doc->notes)
		buf_byte(buf, '\n');
	put_facts(&printer, doc->notes);
	for (const struct doc_section *section = doc->sections; section; section = section->next)
		put_section(&printer, section);
	if (doc->definitions) {
		buf_byte(buf, '\n');
		put_line(&printer, view_of(word(doc->language, WORD_NOTES)), "1");
	}
	put_facts(&printer, doc->definitions);
	if (doc->provenance)
		buf_byte(buf, '\n');
	put_facts(&printer, doc->provenance);
	arena_release(&printer.arena);
}
