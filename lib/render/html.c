/* html: see html.h. */
#include "render/html.h"

#include "render/escape.h"
#include "render/figure.h"
#include "render/grid.h"
#include "render/style.h"
#include "render/svg.h"
#include "render/words.h"
#include "value/text.h"

enum {
	LONG_TABLE = 24,   /* rows from which a table scrolls in a box of its own */
	SIDE_COLUMNS = 5,  /* a table that is no larger stands beside its chart */
	SIDE_ROWS = 12,
	SHORT_TEXT = 20,   /* columns of text */
	WIDE_HEAT = 6,     /* columns of a heat table from which it takes the whole width */
	SHADES = 6,
};

struct page {
	struct buf *out;
	const struct document *doc;
	unsigned charts; /* so far: makes their ids */
	struct arena arena;
};

/* <element class="...">text</element> and a line end; nothing where there is no text. */
static void put_element(struct page *page, const char *open, struct view text, const char *close)
{
	if (!text.len)
		return;
	buf_text(page->out, open);
	escape_html(page->out, text);
	buf_text(page->out, close);
	buf_byte(page->out, '\n');
}

static void put_facts(struct page *page, const char *heading, const struct doc_fact *fact)
{
	if (!fact)
		return;
	buf_text(page->out, "<div class=\"facts\">");
	if (heading)
		buf_printf(page->out, "<h3>%s</h3>", heading);
	buf_text(page->out, "<dl>\n");
	for (; fact; fact = fact->next) {
		buf_text(page->out, "<div>");
		if (fact->label.len) {
			buf_text(page->out, "<dt>");
			escape_html(page->out, fact->label);
			buf_text(page->out, word(page->doc->language, WORD_COLON));
			buf_text(page->out, "</dt>");
		}
		buf_text(page->out, "<dd>");
		escape_html(page->out, fact->text);
		buf_text(page->out, "</dd></div>\n");
	}
	buf_text(page->out, "</dl></div>\n");
}

/* ---- marks: a shape, a colour, and a word for who hears the page ---- */

static const struct {
	const char *class, *shape;
	enum word word;
} marks[] = {
	[MARK_GREEN] = { "good", "●", WORD_ON_TARGET },
	[MARK_YELLOW] = { "warn", "▲", WORD_CLOSE },
	[MARK_RED] = { "bad", "■", WORD_OFF_TARGET },
};

static void put_mark(struct page *page, enum doc_mark mark)
{
	if (mark == MARK_NONE)
		return;
	const char *says = word(page->doc->language, marks[mark].word);
	buf_printf(page->out, "<span class=\"mark %s\" title=\"%s\" aria-hidden=\"true\">%s</span><span class=\"hidden\"> %s</span>",
	           marks[mark].class, says, marks[mark].shape, says);
}

static void put_marks_key(struct page *page)
{
	buf_text(page->out, "<p class=\"key\">");
	for (enum doc_mark mark = MARK_GREEN; mark <= MARK_RED; mark++)
		buf_printf(page->out, "<span class=\"mark %s\">%s</span>%s", marks[mark].class, marks[mark].shape,
		           word(page->doc->language, marks[mark].word));
	buf_text(page->out, "</p>\n");
}

/* ---- tables ---- */

/* Short texts stay on one line; a column of long ones is not squeezed to a strip. */
static const char *class_of(const struct doc_section *section, unsigned c)
{
	if (doc_is_number(section->columns[c].unit))
		return " class=\"num\"";
	size_t widest = 0;
	for (size_t r = 0; r < section->row_count && widest <= SHORT_TEXT; r++) {
		size_t width = text_width(cell_shown(&section->rows[r].cells[c]));
		widest = width > widest ? width : widest;
	}
	return widest > SHORT_TEXT && section->columns[c].unit == DOC_TEXT ? " class=\"words\"" : " class=\"keep\"";
}

static void put_shown(struct page *page, enum doc_unit unit, const struct doc_cell *cell)
{
	if (!cell->present)
		buf_text(page->out, "<span class=\"none\">-</span>");
	else if (doc_is_number(unit))
		figure_shown(page->out, unit, cell->number);
	else
		escape_html(page->out, cell_shown(cell));
}

static void put_headings(struct page *page, const struct doc_section *section, const char *const *classes)
{
	buf_text(page->out, "<thead><tr>");
	for (unsigned c = 0; c < section->column_count; c++) {
		buf_printf(page->out, "<th scope=\"col\"%s>", classes[c]);
		struct buf heading = { 0 };
		column_heading_put(&heading, page->doc->language, &section->columns[c]);
		escape_html(page->out, buf_view(&heading));
		buf_release(&heading);
		buf_text(page->out, "</th>");
	}
	buf_text(page->out, "</tr></thead>\n");
}

static void put_row(struct page *page, const struct doc_section *section, const struct doc_row *row, const char *const *classes)
{
	static const char *const kinds[] = { "", " class=\"subtotal\"", " class=\"total\"" };
	buf_printf(page->out, "<tr%s>", kinds[row->kind]);
	for (unsigned c = 0; c < section->column_count; c++) {
		enum doc_unit unit = section->columns[c].unit;
		bool name = c == 0 && !doc_is_number(unit);
		buf_printf(page->out, name ? "<th scope=\"row\"%s>" : "<td%s>", classes[c]);
		put_shown(page, unit, &row->cells[c]);
		put_mark(page, row->cells[c].mark);
		buf_text(page->out, name ? "</th>" : "</td>");
	}
	buf_text(page->out, "</tr>\n");
}

static void open_table(struct page *page, struct view name, size_t rows)
{
	/* A box that scrolls must be reached by keyboard, and so needs a name. */
	buf_printf(page->out, "<div class=\"table%s\" role=\"region\" tabindex=\"0\" aria-label=\"", rows > LONG_TABLE ? " long" : "");
	escape_html(page->out, name);
	buf_text(page->out, "\"><table>\n");
}

static void put_table(struct page *page, const struct doc_section *section)
{
	if (!section->column_count)
		return;
	const char **classes = arena_zero(&page->arena, section->column_count, sizeof *classes);
	for (unsigned c = 0; c < section->column_count; c++)
		classes[c] = class_of(section, c);
	open_table(page, section->heading, section->row_count);
	put_headings(page, section, classes);
	buf_text(page->out, "<tbody>\n");
	for (size_t r = 0; r < section->row_count; r++)
		put_row(page, section, &section->rows[r], classes);
	if (!section->row_count)
		buf_printf(page->out, "<tr><td class=\"none\" colspan=\"%u\">%s</td></tr>\n", section->column_count,
		           word(page->doc->language, WORD_NO_ROWS));
	buf_text(page->out, "</tbody></table></div>\n");
	if (section_has_marks(section))
		put_marks_key(page);
}

/* ---- the heat table ---- */

/* 1 to 6 from the least to the largest; 0 for nothing there. */
static unsigned shade_of(struct grid_number at, int64_t least, int64_t most)
{
	__int128 whole = (__int128)most - least;
	if (!at.present || at.number == 0)
		return 0;
	if (whole <= 0)
		return 1;
	__int128 shade = ((__int128)at.number - least) * SHADES / whole + 1;
	return shade > SHADES ? SHADES : (unsigned)shade;
}

static void put_heat_row(struct page *page, const struct grid *grid, size_t n, int64_t least, int64_t most)
{
	buf_printf(page->out, "<tr><th scope=\"row\" class=\"%s\">", text_width(grid->names[n]) > SHORT_TEXT ? "words" : "keep");
	escape_html(page->out, grid->names[n]);
	buf_text(page->out, "</th>");
	for (size_t s = 0; s < grid->series_count; s++) {
		struct grid_number at = grid_at(grid, n, s);
		buf_printf(page->out, "<td class=\"h%u\">", shade_of(at, least, most));
		put_shown(page, grid->unit, &(struct doc_cell){ .number = at.number, .present = at.present });
		buf_text(page->out, "</td>");
	}
	buf_text(page->out, "</tr>\n");
}

static void put_heat(struct page *page, const struct doc_section *section, const struct doc_chart *chart)
{
	struct grid grid = grid_of(&page->arena, section, chart);
	int64_t least, most;
	grid_limits(&grid, &least, &most);
	least = least < 0 ? least : 0;
	buf_printf(page->out, "<figure class=\"chart heat%s\">", grid.series_count > WIDE_HEAT ? " wide" : "");
	put_element(page, "<figcaption>", chart->title, "</figcaption>");
	if (!grid.name_count || !grid.series_count) {
		buf_printf(page->out, "<p class=\"hint\">%s</p></figure>\n", word(page->doc->language, WORD_NO_ROWS));
		return;
	}
	open_table(page, chart->title, grid.name_count);
	buf_text(page->out, "<thead><tr><th scope=\"col\">");
	escape_html(page->out, grid.names_label);
	buf_text(page->out, "</th>");
	for (size_t s = 0; s < grid.series_count; s++) {
		bool is_short = text_width(grid.series[s]) <= SHORT_TEXT / 2;
		buf_printf(page->out, "<th scope=\"col\" class=\"num%s\">", is_short ? " keep" : "");
		escape_html(page->out, grid.series[s]);
		buf_text(page->out, "</th>");
	}
	buf_text(page->out, "</tr></thead><tbody>\n");
	for (size_t n = 0; n < grid.name_count; n++)
		put_heat_row(page, &grid, n, least, most);
	buf_text(page->out, "</tbody></table></div></figure>\n");
}

/* ---- the page ---- */

static void put_head(struct page *page)
{
	buf_printf(page->out, "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
	           page->doc->language == DOC_CHINESE ? "zh-CN" : "en");
	buf_text(page->out, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
	                    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';style-src 'unsafe-inline'\">\n"
	                    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	                    "<meta name=\"robots\" content=\"noindex\">\n"
	                    "<meta name=\"format-detection\" content=\"telephone=no\">\n<title>");
	escape_html(page->out, page->doc->title.len ? page->doc->title : VIEW("-"));
	buf_text(page->out, "</title>\n<style>\n");
	buf_text(page->out, style_css);
	buf_text(page->out, "</style>\n</head>\n");
}

static void put_figures(struct page *page)
{
	const struct doc_figure *figure = page->doc->figures;
	if (!figure)
		return;
	buf_printf(page->out, "<dl class=\"cards\" aria-label=\"%s\">\n", word(page->doc->language, WORD_FIGURES));
	for (; figure; figure = figure->next) {
		buf_text(page->out, "<div><dt>");
		escape_html(page->out, figure->label);
		buf_text(page->out, "</dt><dd class=\"n\" title=\"");
		struct buf full = { 0 };
		cell_put_shown(&full, figure->unit, &figure->cell);
		escape_html(page->out, buf_view(&full));
		buf_release(&full);
		buf_text(page->out, "\">");
		if (figure->cell.present && doc_is_number(figure->unit))
			figure_short(page->out, figure->unit, figure->cell.number, page->doc->language);
		else
			put_shown(page, figure->unit, &figure->cell);
		put_mark(page, figure->cell.mark);
		buf_text(page->out, "</dd>");
		put_element(page, "<dd class=\"s\">", figure->note, "</dd>");
		buf_text(page->out, "</div>\n");
	}
	buf_text(page->out, "</dl>\n");
}

static void put_contents(struct page *page)
{
	if (!page->doc->sections || !page->doc->sections->next)
		return;
	unsigned number = 1;
	buf_printf(page->out, "<nav aria-label=\"%s\"><ul>", word(page->doc->language, WORD_CONTENTS));
	for (const struct doc_section *section = page->doc->sections; section; section = section->next, number++) {
		if (!section->heading.len)
			continue;
		buf_printf(page->out, "<li><a href=\"#s%u\">", number);
		escape_html(page->out, section->heading);
		buf_text(page->out, "</a></li>");
	}
	buf_text(page->out, "</ul></nav>\n");
}

/* One chart and a small table stand side by side. */
static bool is_side(const struct doc_section *section)
{
	return section->charts && !section->charts->next && section->charts->kind != CHART_LINES &&
	       section->charts->kind != CHART_COLUMNS && section->charts->kind != CHART_STACKED &&
	       section->column_count <= SIDE_COLUMNS && section->row_count <= SIDE_ROWS;
}

static void put_section(struct page *page, const struct doc_section *section, unsigned number)
{
	bool side = is_side(section);
	buf_printf(page->out, "<section id=\"s%u\">\n", number);
	put_element(page, "<h2>", section->heading, "</h2>");
	put_element(page, "<p class=\"lead\">", section->lead, "</p>");
	buf_text(page->out, side ? "<div class=\"side\">\n" : "");
	if (section->charts)
		buf_text(page->out, "<div class=\"charts\">\n");
	for (const struct doc_chart *chart = section->charts; chart; chart = chart->next) {
		if (chart->kind == CHART_HEAT)
			put_heat(page, section, chart);
		else
			svg_chart(page->out, page->doc->language, section, chart, ++page->charts);
	}
	if (section->charts)
		buf_text(page->out, "</div>\n");
	buf_text(page->out, side ? "<div>\n" : "");
	put_table(page, section);
	buf_text(page->out, side ? "</div></div>\n" : "");
	put_facts(page, word(page->doc->language, WORD_NOTES), section->notes);
	buf_text(page->out, "</section>\n");
}

void render_html(struct buf *buf, const struct document *doc)
{
	struct page page = { .out = buf, .doc = doc };
	put_head(&page);
	buf_text(buf, "<body>\n");
	svg_markers(buf);
	buf_text(buf, "<header>\n");
	put_element(&page, "<h1>", doc->title, "</h1>");
	put_element(&page, "<p class=\"sub\">", doc->subtitle, "</p>");
	put_contents(&page);
	put_figures(&page);
	put_facts(&page, NULL, doc->notes);
	buf_text(buf, "</header>\n<main>\n");
	unsigned number = 0;
	for (const struct doc_section *section = doc->sections; section; section = section->next)
		put_section(&page, section, ++number);
	buf_text(buf, "</main>\n<footer>\n");
	put_facts(&page, word(doc->language, WORD_NOTES), doc->definitions);
	put_facts(&page, word(doc->language, WORD_MADE), doc->provenance);
	buf_text(buf, "</footer>\n</body>\n</html>\n");
	arena_release(&page.arena);
}
