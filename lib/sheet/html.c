/* html: the tables of a page that calls itself xls, as one sheet.
 *
 * Back offices export what they show: <table>, <tr>, <td>, seldom well-formed.  All tables of a
 * page are one sheet, one below the other, as spreadsheets open them: a title often is a table
 * of its own.  Every <tr> begins a row and every <td> or <th> a cell, whatever was left open; a
 * table inside a cell thus gives rows of its own.  colspan and rowspan are merged cells.  Runs
 * of blanks are one, <br> and the ends of paragraphs are line breaks; the cell's ends are trimmed.
 * Text outside of cells, styles, scripts and comments are passed over. */
#include <stdlib.h>

#include "sheet/inside.h"
#include "sheet/utf8.h"
#include "value/text.h"

enum { PIECE = 64 * 1024, TAG_MOST = 1024 * 1024, ENTITY_MOST = 40 };

struct page {
	struct sheet *sheet;
	struct utf8 *utf8;
	struct buf in;           /* read, taken up to `at` */
	size_t at;
	bool ended;
	char until[16];          /* "</style": all before it is passed over */
	uint64_t row;            /* of the page; 0 before the first */
	bool in_row, in_cell;
	uint32_t column, columns, rows; /* of the cell under way: where, and how many it takes */
	struct buf cell;
	bool blank;              /* a blank waits to be put before the next character */
	uint32_t *covered;       /* of each column: the last row that a cell above takes */
};

/* ---- cells and rows ---- */

/* The blank that waits goes where something follows on its line. */
static void put_blank(struct page *page)
{
	bool first = !page->cell.len || page->cell.ptr[page->cell.len - 1] == '\n';
	if (page->blank && !first)
		buf_byte(&page->cell, ' ');
	page->blank = false;
}

static void put_code(struct page *page, uint32_t code)
{
	if (code == ' ' || (code >= '\t' && code <= '\r') || code == 0xA0) {
		page->blank = true;
	} else {
		put_blank(page);
		text_put(&page->cell, code);
	}
}

/* `again`: also where a line was broken just before. */
static void put_break(struct page *page, bool again)
{
	page->blank = false;
	if (page->in_cell && page->cell.len && (again || page->cell.ptr[page->cell.len - 1] != '\n'))
		buf_byte(&page->cell, '\n');
}

static uint32_t at_most(uint64_t number, uint32_t most)
{
	return number < most ? (uint32_t)number : most;
}

static bool end_cell(struct page *page)
{
	struct lines *lines = &page->sheet->lines;
	if (!page->in_cell)
		return true;
	page->in_cell = page->blank = false;
	while (page->cell.len && page->cell.ptr[page->cell.len - 1] == '\n')
		page->cell.len--;
	if (!text_valid(buf_view(&page->cell)))
		lines_doubt(lines, page->column, SHEET_DOUBT_BYTES);
	if (!lines_cell(lines, page->column, buf_view(&page->cell)))
		return false;
	uint32_t first = page->column + 1, last = at_most((uint64_t)page->column + page->columns, SHEET_COLUMNS_MOST);
	uint32_t row = (uint32_t)page->row, last_row = at_most(page->row + page->rows - 1, SHEET_ROWS_MOST);
	for (uint32_t column = first; column <= last; column++)
		page->covered[column - 1] = last_row;
	page->column = last;
	return (page->columns == 1 && page->rows == 1) ||
	       lines_merge(lines, (struct sheet_merge){ row, last_row, first, last });
}

static bool begin_row(struct page *page)
{
	if (!end_cell(page))
		return false;
	page->in_row = true;
	page->column = 0;
	return lines_row(&page->sheet->lines, ++page->row);
}

/* The number of an attribute, 1 where it is none. */
static uint32_t span_of(struct view tag, const char *name, uint32_t most)
{
	size_t len = strlen(name);
	uint64_t number;
	for (; tag.len > len; tag = view_skip(tag, 1)) {
		size_t i = 0, digits = 0;
		while (i < len && byte_lower(tag.ptr[i]) == name[i])
			i++;
		if (i < len)
			continue;
		struct view rest = view_skip(tag, len);
		while (rest.len && (byte_is_space(rest.ptr[0]) || strchr("=\"'", rest.ptr[0])))
			rest = view_skip(rest, 1);
		while (digits < rest.len && byte_is_digit(rest.ptr[digits]))
			digits++;
		if (view_parse_u64(view_first(rest, digits), 1, UINT64_MAX, &number))
			return at_most(number, most);
	}
	return 1;
}

static bool begin_cell(struct page *page, struct view tag)
{
	if (!end_cell(page) || (!page->in_row && !begin_row(page)))
		return false;
	while (page->column < SHEET_COLUMNS_MOST && page->covered[page->column] >= page->row)
		page->column++;
	page->in_cell = true;
	page->blank = false;
	page->columns = span_of(tag, "colspan", SHEET_COLUMNS_MOST);
	page->rows = span_of(tag, "rowspan", SHEET_ROWS_MOST);
	buf_reset(&page->cell);
	return true;
}

static bool end_row(struct page *page)
{
	bool good = end_cell(page);
	page->in_row = false;
	return good;
}

/* ---- tags ---- */

static bool is_word(struct view name, const char *word)
{
	if (name.len != strlen(word))
		return false;
	for (size_t i = 0; i < name.len; i++)
		if (byte_lower(name.ptr[i]) != word[i])
			return false;
	return true;
}

static bool is_one_of(struct view name, const char *const *words)
{
	for (; *words; words++)
		if (is_word(name, *words))
			return true;
	return false;
}

/* What stands between < and >. */
static bool see_tag(struct page *page, struct view tag)
{
	static const char *const passed_over[] = { "style", "script", "xml", "title", "select", "textarea", NULL };
	static const char *const paragraphs[] = { "p", "div", "li", NULL };
	bool end = tag.len && tag.ptr[0] == '/';
	struct view name = view_skip(tag, end);
	size_t len = 0;
	while (len < name.len && !byte_is_space(name.ptr[len]) && name.ptr[len] != '/')
		len++;
	name.len = len;
	if (is_word(name, "td") || is_word(name, "th"))
		return end ? end_cell(page) : begin_cell(page, tag);
	if (is_word(name, "tr"))
		return end ? end_row(page) : begin_row(page);
	if (is_word(name, "table")) {
		memset(page->covered, 0, SHEET_COLUMNS_MOST * sizeof *page->covered);
		return end_row(page);
	}
	bool line = is_word(name, "br");
	if (line || is_one_of(name, paragraphs))
		put_break(page, line);
	bool empty = tag.len && tag.ptr[tag.len - 1] == '/';
	if (!end && !empty && is_one_of(name, passed_over)) {
		memcpy(page->until, "</", 2);
		for (size_t i = 0; i < name.len; i++)
			page->until[i + 2] = byte_lower(name.ptr[i]);
		page->until[name.len + 2] = '\0';
	}
	return true;
}

/* Length of the tag that begins here with <, its > counted; 0 where it does not end. */
static size_t tag_length(struct view text)
{
	char quote = '\0';
	if (view_starts(text, VIEW("<!--"))) {
		size_t end = view_find(text, VIEW("-->"));
		return end == SIZE_MAX ? 0 : end + 3;
	}
	for (size_t i = 1; i < text.len; i++) {
		char c = text.ptr[i];
		if (quote)
			quote = c == quote ? '\0' : quote;
		else if (c == '>')
			return i + 1;
		else if ((c == '"' || c == '\'') && text.ptr[i - 1] == '=')
			quote = c;
	}
	return 0;
}

/* ---- text ---- */

static const struct {
	const char *name;
	uint32_t code;
} entities[] = {
	{ "amp", '&' }, { "lt", '<' }, { "gt", '>' }, { "quot", '"' }, { "apos", '\'' }, { "nbsp", 0xA0 },
	{ "ensp", ' ' }, { "emsp", ' ' }, { "thinsp", ' ' }, { "yen", 0xA5 }, { "euro", 0x20AC }, { "copy", 0xA9 },
	{ "reg", 0xAE }, { "middot", 0xB7 }, { "times", 0xD7 }, { "divide", 0xF7 }, { "deg", 0xB0 }, { "plusmn", 0xB1 },
	{ "sup2", 0xB2 }, { "sup3", 0xB3 }, { "permil", 0x2030 }, { "lsquo", 0x2018 }, { "rsquo", 0x2019 },
	{ "ldquo", 0x201C }, { "rdquo", 0x201D }, { "ndash", 0x2013 }, { "mdash", 0x2014 }, { "hellip", 0x2026 },
	{ "bull", 0x2022 }, { "laquo", 0xAB }, { "raquo", 0xBB },
};

static bool number_entity(struct view text, uint32_t *code)
{
	bool hex = text.len && byte_lower(text.ptr[0]) == 'x';
	uint64_t number = 0;
	text = view_skip(text, hex);
	for (size_t i = 0; i < text.len && number <= 0x10FFFF; i++) {
		char c = byte_lower(text.ptr[i]);
		if (!byte_is_digit(c) && !(hex && c >= 'a' && c <= 'f'))
			return false;
		number = number * (hex ? 16 : 10) + (uint64_t)(byte_is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	bool good = number && number <= 0x10FFFF && !(number >= 0xD800 && number < 0xE000);
	*code = good ? (uint32_t)number : TEXT_BAD;
	return text.len != 0;
}

/* The character of &name; at the beginning, and its length; 0 where it is none. */
static size_t entity_at(struct view text, uint32_t *code)
{
	size_t end = view_find_byte(view_first(text, ENTITY_MOST), ';');
	if (end == SIZE_MAX)
		return 0;
	struct view name = view(text.ptr + 1, end - 1);
	if (name.len && name.ptr[0] == '#')
		return number_entity(view_skip(name, 1), code) ? end + 1 : 0;
	for (size_t i = 0; i < sizeof entities / sizeof *entities; i++) {
		if (!view_is(name, entities[i].name))
			continue;
		*code = entities[i].code;
		return end + 1;
	}
	return 0;
}

static bool see_text(struct page *page, struct view text)
{
	if (!page->in_cell)
		return true;
	if (page->cell.len + text.len > LINES_CELL_MOST)
		return problem_input(&page->sheet->problem, TRANSLATED("a cell longer than 16 MiB"));
	while (text.len) {
		uint32_t code;
		size_t taken = text.ptr[0] == '&' ? entity_at(text, &code) : 0;
		if (taken) {
			put_code(page, code);
		} else if ((unsigned char)text.ptr[0] > ' ' && text.ptr[0] != '\xc2') {
			/* No blank, and no first byte of U+00A0. */
			put_blank(page);
			buf_byte(&page->cell, text.ptr[0]);
			taken = 1;
		} else {
			struct view rest = text;
			put_code(page, text_next(&rest));
			taken = text.len - rest.len;
		}
		text = view_skip(text, taken);
	}
	return true;
}

/* ---- the page ---- */

static bool begins_tag(struct view text)
{
	return text.len > 1 && (byte_is_letter(text.ptr[1]) || text.ptr[1] == '/' || text.ptr[1] == '!' || text.ptr[1] == '?');
}

/* Where the passed over element ends; SIZE_MAX where it does not. */
static size_t find_end(struct view text, const char *until)
{
	size_t len = strlen(until);
	for (size_t at = 0; at + len <= text.len; at++) {
		size_t i = 0;
		while (i < len && byte_lower(text.ptr[at + i]) == until[i])
			i++;
		if (i == len)
			return at;
	}
	return SIZE_MAX;
}

/* Takes one thing off what was read: text, a tag, something passed over.  *more: it takes
 * further bytes to see what it is. */
static bool take_one(struct page *page, bool *more)
{
	struct view text = view_skip(buf_view(&page->in), page->at);
	size_t taken = 0;
	bool good = true;
	*more = false;
	if (page->until[0]) {
		size_t end = find_end(text, page->until);
		*more = end == SIZE_MAX;
		taken = end != SIZE_MAX ? end : text.len > sizeof page->until ? text.len - sizeof page->until : 0;
		if (end != SIZE_MAX)
			page->until[0] = '\0';
	} else if (text.ptr[0] == '<' && text.len == 1 && !page->ended) {
		*more = true;
	} else if (text.ptr[0] == '<' && begins_tag(text)) {
		taken = tag_length(text);
		if (taken)
			good = see_tag(page, view(text.ptr + 1, taken - 2));
		else if (page->ended || text.len > TAG_MOST)
			taken = 1;
		else
			*more = true;
	} else {
		/* Up to the next <; an entity may be cut at the end. */
		size_t next = view_find_byte(view_skip(text, 1), '<');
		taken = next != SIZE_MAX ? next + 1 : page->ended ? text.len : text.len > ENTITY_MOST ? text.len - ENTITY_MOST : 0;
		*more = !taken;
		good = see_text(page, view_first(text, taken));
	}
	page->at += taken;
	return good;
}

static void read_on(struct page *page)
{
	struct view rest = view_skip(buf_view(&page->in), page->at);
	if (page->at && rest.len)
		memmove(page->in.ptr, rest.ptr, rest.len);
	page->in.len = rest.len;
	page->at = 0;
	size_t n = utf8_read(page->utf8, buf_reserve(&page->in, PIECE), PIECE);
	page->in.len += n;
	page->ended = n == 0;
}

static bool finish(struct page *page)
{
	struct sheet_problem *problem = &page->sheet->problem;
	if (!problem->message && end_row(page) && !page->row)
		problem_input(problem, TRANSLATED("a page (HTML) without a table"));
	if (!problem->message)
		lines_end(&page->sheet->lines);
	return false;
}

static bool html_sheet_more(struct sheet *sheet)
{
	struct page *page = sheet->own;
	bool more = page->at == page->in.len;
	while (!sheet->problem.message && sheet->lines.out.len < LINES_ENOUGH) {
		if (more && page->ended)
			return finish(page);
		if (more)
			read_on(page);
		more = page->at == page->in.len;
		if (!more && !take_one(page, &more))
			return false;
	}
	return !sheet->problem.message;
}

static bool html_sheet_open(struct sheet *sheet)
{
	struct utf8 *utf8 = utf8_open(sheet->book->fd, &sheet->problem);
	if (!utf8)
		return false;
	struct page *page = heap_alloc(sizeof *page);
	*page = (struct page){ .sheet = sheet, .utf8 = utf8 };
	page->covered = heap_alloc(SHEET_COLUMNS_MOST * sizeof *page->covered);
	memset(page->covered, 0, SHEET_COLUMNS_MOST * sizeof *page->covered);
	sheet->own = page;
	return true;
}

static void html_sheet_close(struct sheet *sheet)
{
	struct page *page = sheet->own;
	if (!page)
		return;
	utf8_close(page->utf8);
	buf_release(&page->in);
	buf_release(&page->cell);
	free(page->covered);
	free(page);
}

static bool html_open(struct book *book, struct sheet_problem *problem)
{
	(void)problem;
	book_add_sheet(book, VIEW(""), false);
	return true;
}

static void html_close(struct book *book)
{
	(void)book;
}

const struct book_reader html_reader = { .open = html_open, .close = html_close, .sheet_open = html_sheet_open,
	.sheet_more = html_sheet_more, .sheet_close = html_sheet_close };
