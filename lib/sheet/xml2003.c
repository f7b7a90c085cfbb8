/* xml2003: SpreadsheetML, the XML of Excel 2003, which back offices still export as xls.
 *
 * Workbook > Worksheet > Table > Row > Cell > Data; all Worksheets are in one file, so a sheet
 * is found by reading those before it.  Data says its type; dates are text already.  Merged
 * cells are numbers of further columns and rows. */
#include <stdlib.h>

#include "sheet/inside.h"
#include "sheet/shown.h"
#include "sheet/utf8.h"
#include "sheet/xml.h"

enum { WORKBOOK = 1, WORKSHEET, TABLE, ROW, CELL, DATA }; /* depths */
enum { SHEETS_MOST = 4096 };

static uint64_t number_of(const char **attributes, const char *name, uint64_t otherwise)
{
	const char *text = xml_attribute(attributes, name);
	uint64_t number;
	return text && view_parse_u64(view_of(text), 0, UINT32_MAX, &number) ? number : otherwise;
}

/* ---- which sheets there are ---- */

struct listing {
	struct book *book;
	struct sheet_problem *problem;
	bool in_visible, in_1904;
	struct buf text;
};

static void open_listed(void *arg, unsigned depth, const char *name, const char **attributes)
{
	struct listing *listing = arg;
	if (depth == WORKBOOK && strcmp(name, "Workbook") != 0) {
		problem_input(listing->problem, TRANSLATED("XML that is no spreadsheet"));
	} else if (depth == WORKSHEET && strcmp(name, "Worksheet") == 0) {
		const char *title = xml_attribute(attributes, "Name");
		if (listing->book->sheet_count == SHEETS_MOST)
			problem_input(listing->problem, TRANSLATED("more than 4,096 sheets: refused"));
		else
			book_add_sheet(listing->book, view_of(title ? title : ""), false);
	} else if (depth == 3 && strcmp(name, "Date1904") == 0) {
		listing->book->from_1904 = true;
	} else if (depth == 4 && strcmp(name, "Visible") == 0) {
		listing->in_visible = true;
		buf_reset(&listing->text);
	}
}

static void close_listed(void *arg, unsigned depth, const char *name)
{
	struct listing *listing = arg;
	struct book *book = listing->book;
	(void)name;
	if (depth != 4 || !listing->in_visible)
		return;
	listing->in_visible = false;
	if (book->sheet_count && view_starts(view_trim(buf_view(&listing->text)), VIEW("Sheet")) &&
	    !view_is(view_trim(buf_view(&listing->text)), "SheetVisible"))
		book->sheets[book->sheet_count - 1].hidden = true;
}

static void text_listed(void *arg, struct view text)
{
	struct listing *listing = arg;
	if (listing->in_visible && listing->text.len < 64)
		buf_put(&listing->text, view_first(text, 64));
}

static bool xml_open(struct book *book, struct sheet_problem *problem)
{
	struct listing listing = { .book = book, .problem = problem };
	struct utf8 *utf8 = utf8_open(book->fd, problem);
	if (!utf8)
		return false;
	struct xml_calls calls = { open_listed, close_listed, text_listed, utf8_read, utf8 };
	struct xml *xml = xml_new(&calls, &listing, true, problem);
	while (xml_run(xml))
		;
	xml_free(xml);
	utf8_close(utf8);
	buf_release(&listing.text);
	return !problem->message && (book->sheet_count ||
		problem_input(problem, TRANSLATED("a workbook without a single sheet of cells")));
}

static void xml_close(struct book *book)
{
	(void)book;
}

/* ---- one of them ---- */

enum type { TEXT, NUMBER, MOMENT, BOOLEAN };

struct reading {
	struct sheet *sheet;
	struct utf8 *utf8;
	struct xml *xml;
	size_t sheets;           /* begun so far */
	bool mine, in_table, in_row, in_cell, in_data, has_data, formula;
	uint64_t row, span;      /* rows that the one under way stands for, less one */
	uint64_t column, across; /* of the cell under way */
	enum type type;
	struct buf value;
};

static void open_row(struct reading *reading, const char **attributes)
{
	uint64_t row = number_of(attributes, "Index", reading->row + reading->span + 1);
	reading->in_row = lines_row(&reading->sheet->lines, row);
	reading->row = row;
	reading->span = number_of(attributes, "Span", 0);
	reading->column = 0;
	reading->across = 0;
}

static void open_cell(struct reading *reading, const char **attributes)
{
	uint64_t next = reading->column + reading->across + 1;
	uint64_t down = number_of(attributes, "MergeDown", 0);
	reading->in_cell = true;
	reading->has_data = false;
	reading->formula = xml_attribute(attributes, "Formula") != NULL;
	reading->column = number_of(attributes, "Index", next);
	reading->across = number_of(attributes, "MergeAcross", 0);
	reading->type = TEXT;
	buf_reset(&reading->value);
	if (!reading->column || reading->column > SHEET_COLUMNS_MOST) {
		problem_input(&reading->sheet->problem, TRANSLATED("more columns than a sheet can have (16,384)"));
		return;
	}
	if (down || reading->across)
		lines_merge(&reading->sheet->lines, (struct sheet_merge){ (uint32_t)reading->row, (uint32_t)(reading->row + down),
			(uint32_t)reading->column, (uint32_t)(reading->column + reading->across) });
}

static void open_data(struct reading *reading, const char **attributes)
{
	const char *type = xml_attribute(attributes, "Type");
	reading->in_data = reading->has_data = true;
	reading->type = !type ? TEXT : strcmp(type, "Number") == 0 ? NUMBER : strcmp(type, "DateTime") == 0 ? MOMENT :
	                strcmp(type, "Boolean") == 0 ? BOOLEAN : TEXT;
}

static void open_element(void *arg, unsigned depth, const char *name, const char **attributes)
{
	struct reading *reading = arg;
	if (depth == WORKSHEET) {
		reading->mine = strcmp(name, "Worksheet") == 0 && reading->sheets++ == reading->sheet->number;
		reading->in_table = reading->in_row = reading->in_cell = reading->in_data = false;
	} else if (!reading->mine) {
		return;
	} else if (depth == TABLE) {
		reading->in_table = strcmp(name, "Table") == 0;
	} else if (depth == ROW && reading->in_table && strcmp(name, "Row") == 0) {
		open_row(reading, attributes);
	} else if (depth == CELL && reading->in_row && strcmp(name, "Cell") == 0) {
		open_cell(reading, attributes);
	} else if (depth == DATA && reading->in_cell && strcmp(name, "Data") == 0) {
		open_data(reading, attributes); /* comments have a Data too, deeper */
	}
}

static void text_element(void *arg, struct view text)
{
	struct reading *reading = arg;
	if (!reading->in_data)
		return;
	if (reading->value.len + text.len > LINES_CELL_MOST)
		problem_input(&reading->sheet->problem, TRANSLATED("a cell longer than 16 MiB"));
	else
		buf_put(&reading->value, text);
}

static void put_value(struct reading *reading)
{
	struct lines *lines = &reading->sheet->lines;
	struct view value = buf_view(&reading->value), trimmed = view_trim(value);
	uint32_t column = (uint32_t)(reading->column - 1);
	struct format format = { .kind = FORMAT_NUMBER };
	struct shown shown;
	bool is_shown = reading->type == NUMBER ? shown_number(trimmed, format, false, &shown) :
	                reading->type == MOMENT && shown_moment(trimmed, format, &shown);
	if (is_shown) {
		if (shown.cut)
			lines_doubt(lines, column, SHEET_DOUBT_CUT);
		lines_escaped(lines, column, shown_view(&shown));
		return;
	}
	if (reading->type == BOOLEAN && (view_is(trimmed, "0") || view_is(trimmed, "1")))
		value = view_is(trimmed, "1") ? VIEW("TRUE") : VIEW("FALSE");
	if (reading->formula && !reading->has_data)
		lines_doubt(lines, column, SHEET_DOUBT_NO_VALUE);
	lines_cell(lines, column, value);
}

static void close_element(void *arg, unsigned depth, const char *name)
{
	struct reading *reading = arg;
	(void)name;
	if (depth == DATA)
		reading->in_data = false;
	if (depth == CELL && reading->in_cell) {
		reading->in_cell = false;
		put_value(reading);
		if (reading->sheet->lines.out.len >= LINES_ENOUGH)
			xml_pause(reading->xml);
	}
	if (depth == ROW)
		reading->in_row = false;
	if (depth == WORKSHEET && reading->mine)
		xml_stop(reading->xml); /* the sheets behind it do not matter */
}

static bool xml_sheet_open(struct sheet *sheet)
{
	struct utf8 *utf8 = utf8_open(sheet->book->fd, &sheet->problem);
	if (!utf8)
		return false;
	struct reading *reading = heap_alloc(sizeof *reading);
	struct xml_calls calls = { open_element, close_element, text_element, utf8_read, utf8 };
	*reading = (struct reading){ .sheet = sheet, .utf8 = utf8 };
	reading->xml = xml_new(&calls, reading, true, &sheet->problem);
	sheet->own = reading;
	return true;
}

static bool xml_sheet_more(struct sheet *sheet)
{
	struct reading *reading = sheet->own;
	if (xml_run(reading->xml))
		return true;
	lines_end(&sheet->lines);
	return false;
}

static void xml_sheet_close(struct sheet *sheet)
{
	struct reading *reading = sheet->own;
	if (!reading)
		return;
	xml_free(reading->xml);
	utf8_close(reading->utf8);
	buf_release(&reading->value);
	free(reading);
}

const struct book_reader xml_reader = { .open = xml_open, .close = xml_close, .sheet_open = xml_sheet_open,
	.sheet_more = xml_sheet_more, .sheet_close = xml_sheet_close };
