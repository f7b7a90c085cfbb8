/* xlsx_rows: a sheet of an OOXML workbook as lines.
 *
 * Where an element stands tells what it is: worksheet > sheetData > row > c > v, f or is > t,
 * whatever prefix it has; what extensions put elsewhere is passed over.  A cell is written when
 * it ends; nothing is allocated for one. */
#include <stdlib.h>

#include "sheet/shown.h"
#include "sheet/strings.h"
#include "sheet/xlsx.h"
#include "sheet/zip.h"

enum { SHEET = 1, DATA, ROW, CELL, VALUE, TEXT }; /* depths */

/* The t of a cell. */
enum type { NUMBER, SHARED, TEXT_HERE, FORMULA_TEXT, BOOLEAN, FAULT, MOMENT };

struct reading {
	struct sheet *sheet;
	struct xlsx *xlsx;
	struct zip_stream *stream;
	struct xml *xml;
	bool in_data, in_row, in_cell, in_merges;
	uint64_t row;           /* the one under way */
	uint32_t column;        /* of the cell under way */
	uint32_t next;          /* behind the last cell */
	enum type type;
	struct format format;
	bool formula, has_value;
	bool has_text, in_text; /* an <is>, and inside it: a <v> beside it says nothing */
	bool inside;            /* text belongs to the value */
	unsigned spoken;        /* depth of an <rPh> */
	size_t start;           /* of the <t> under way in the value */
	struct buf value;
};

/* ---- references ---- */

/* Letters and digits of "AB12"; row 0 where there are no digits. */
static bool parse_reference(const char *text, uint32_t *column, uint64_t *row)
{
	uint64_t number = 0;
	uint32_t letters = 0;
	const char *at = text;
	for (; byte_is_upper(*at) && letters <= SHEET_COLUMNS_MOST; at++)
		letters = letters * 26 + (uint32_t)(*at - 'A') + 1;
	bool good = at > text && byte_is_digit(*at);
	for (; byte_is_digit(*at) && number <= SHEET_ROWS_MOST; at++)
		number = number * 10 + (unsigned)(*at - '0');
	*column = letters - 1;
	*row = number;
	return good && !*at;
}

static void wrong_reference(struct reading *reading)
{
	problem_input(&reading->sheet->problem, TRANSLATED("a cell whose reference is none: the workbook is damaged"));
	reading->sheet->problem.row = reading->row;
}

/* "A1:C2" or "A1". */
static void add_merge(struct reading *reading, const char *text)
{
	struct sheet_merge merge;
	struct view rest = view_of(text ? text : ""), first = view_cut(&rest, ':');
	char from[32] = "", to[32] = "";
	uint32_t column[2];
	uint64_t row[2];
	if (first.len < sizeof from && rest.len < sizeof to) {
		memcpy(from, first.ptr, first.len);
		if (rest.ptr)
			memcpy(to, rest.ptr, rest.len);
	}
	if (!parse_reference(from, &column[0], &row[0]) ||
	    !parse_reference(rest.ptr ? to : from, &column[1], &row[1])) {
		wrong_reference(reading);
		return;
	}
	merge = (struct sheet_merge){ (uint32_t)row[0], (uint32_t)row[1], column[0] + 1, column[1] + 1 };
	lines_merge(&reading->sheet->lines, merge);
}

/* ---- elements ---- */

static void open_row(struct reading *reading, const char **attributes)
{
	const char *number = xml_attribute(attributes, "r");
	uint64_t row = reading->row + 1;
	if (number && !view_parse_u64(view_of(number), 1, UINT32_MAX, &row)) {
		wrong_reference(reading);
		return;
	}
	if (lines_row(&reading->sheet->lines, row))
		reading->row = row;
	reading->next = 0;
}

static enum type type_of(const char *text)
{
	switch (text[0]) {
	case 's': return text[1] ? FORMULA_TEXT : SHARED; /* s, str */
	case 'i': return TEXT_HERE;
	case 'b': return BOOLEAN;
	case 'e': return FAULT;
	case 'd': return MOMENT;
	default: return NUMBER;
	}
}

static void open_cell(struct reading *reading, const char **attributes)
{
	uint64_t row = reading->row, style;
	reading->column = reading->next;
	reading->type = NUMBER;
	reading->format = (struct format){ .kind = FORMAT_NUMBER };
	reading->formula = reading->has_value = reading->has_text = false;
	reading->in_text = false;
	buf_reset(&reading->value);
	for (; *attributes; attributes += 2) {
		const char *name = attributes[0], *value = attributes[1];
		if (name[0] && name[1])
			continue;
		if (name[0] == 'r' && !parse_reference(value, &reading->column, &row))
			wrong_reference(reading);
		else if (name[0] == 't')
			reading->type = type_of(value);
		else if (name[0] == 's' && view_parse_u64(view_of(value), 0, UINT32_MAX, &style) &&
		         style < reading->xlsx->format_count)
			reading->format = reading->xlsx->formats[style];
	}
	if (row != reading->row)
		wrong_reference(reading);
	reading->next = reading->column + 1;
}

static void open_text(struct reading *reading)
{
	reading->inside = reading->has_value = true;
	reading->start = reading->value.len;
}

static void begin_inline(struct reading *reading)
{
	reading->has_text = reading->in_text = true;
	buf_reset(&reading->value);
}

static void open_element(void *arg, unsigned depth, const char *name, const char **attributes)
{
	struct reading *reading = arg;
	if (depth == DATA) {
		reading->in_data = strcmp(name, "sheetData") == 0 && !reading->sheet->merges_only;
		reading->in_merges = strcmp(name, "mergeCells") == 0;
	} else if (reading->in_merges && depth == ROW && strcmp(name, "mergeCell") == 0) {
		add_merge(reading, xml_attribute(attributes, "ref"));
	} else if (!reading->in_data || depth == SHEET) {
		return;
	} else if (depth == CELL) {
		reading->in_cell = reading->in_row && name[0] == 'c' && !name[1];
		if (reading->in_cell)
			open_cell(reading, attributes);
	} else if (depth == VALUE && reading->in_cell) {
		if (name[0] == 'v' && !name[1] && !reading->has_text)
			open_text(reading);
		else if (name[0] == 'f' && !name[1])
			reading->formula = true;
		else if (strcmp(name, "is") == 0)
			begin_inline(reading);
	} else if (depth == ROW) {
		reading->in_row = strcmp(name, "row") == 0;
		reading->in_cell = false;
		if (reading->in_row)
			open_row(reading, attributes);
	} else if (!reading->in_text || reading->spoken) {
		return;
	} else if (strcmp(name, "rPh") == 0) {
		reading->spoken = depth;
	} else if (name[0] == 't' && !name[1]) {
		open_text(reading);
	}
}

static void text_element(void *arg, struct view text)
{
	struct reading *reading = arg;
	if (!reading->inside)
		return;
	if (reading->value.len + text.len > LINES_CELL_MOST)
		problem_input(&reading->sheet->problem, TRANSLATED("a cell longer than 16 MiB"));
	else
		buf_put(&reading->value, text);
}

/* ---- the text of a cell ---- */

static void put_shared(struct reading *reading, struct view value)
{
	uint64_t number;
	struct view text;
	if (!value.len)
		return;
	if (view_parse_u64(value, 0, UINT64_MAX, &number) && strings_get(reading->xlsx->strings, number, &text))
		lines_escaped(&reading->sheet->lines, reading->column, text);
	else
		problem_input(&reading->sheet->problem,
		              TRANSLATED("a cell names a shared text that is not there: the workbook is damaged"));
}

static void put_shown(struct reading *reading, const struct shown *shown)
{
	lines_escaped(&reading->sheet->lines, reading->column, shown_view(shown));
	if (shown->cut)
		lines_doubt(&reading->sheet->lines, reading->column, SHEET_DOUBT_CUT);
}

static void put_value(struct reading *reading)
{
	struct shown shown;
	struct lines *lines = &reading->sheet->lines;
	struct view value = buf_view(&reading->value), trimmed = view_trim(value);
	switch (reading->type) {
	case SHARED:
		put_shared(reading, trimmed);
		return;
	case NUMBER:
		if (shown_number(trimmed, reading->format, reading->sheet->book->from_1904, &shown))
			put_shown(reading, &shown);
		else
			lines_cell(lines, reading->column, value);
		return;
	case MOMENT:
		if (shown_moment(trimmed, reading->format, &shown))
			put_shown(reading, &shown);
		else
			lines_cell(lines, reading->column, value);
		return;
	case BOOLEAN:
		if (view_is(trimmed, "0") || view_is(trimmed, "1"))
			value = view_is(trimmed, "1") ? VIEW("TRUE") : VIEW("FALSE");
		lines_cell(lines, reading->column, value);
		return;
	case TEXT_HERE: case FORMULA_TEXT: case FAULT:
		lines_cell(lines, reading->column, value);
	}
}

static void close_cell(struct reading *reading)
{
	struct lines *lines = &reading->sheet->lines;
	/* Programs that do not reckon leave the <v> out, or empty; "" is the value of a text. */
	bool empty = !reading->has_value || (!reading->value.len && reading->type != FORMULA_TEXT);
	if (reading->formula && empty)
		lines_doubt(lines, reading->column, SHEET_DOUBT_NO_VALUE);
	put_value(reading);
	if (reading->sheet->problem.message && !reading->sheet->problem.row)
		reading->sheet->problem.row = reading->row;
	if (lines->out.len - reading->sheet->given >= LINES_ENOUGH)
		xml_pause(reading->xml);
}

static void close_element(void *arg, unsigned depth, const char *name)
{
	struct reading *reading = arg;
	if (reading->inside && (name[0] == 'v' || name[0] == 't') && !name[1]) {
		reading->inside = false;
		if (reading->type == TEXT_HERE || reading->type == FORMULA_TEXT)
			xlsx_put_in_place(&reading->value, reading->start);
	}
	if (reading->spoken == depth)
		reading->spoken = 0;
	if (depth == VALUE)
		reading->in_text = false;
	if (depth == CELL && reading->in_cell) {
		reading->in_cell = false;
		close_cell(reading);
	}
}

/* ---- the calls of struct book_reader ---- */

bool xlsx_sheet_open(struct sheet *sheet)
{
	struct book *book = sheet->book;
	struct xlsx *xlsx = book->own;
	size_t part = xlsx->parts[sheet->number];
	if (part == SIZE_MAX)
		return problem_input(&sheet->problem, TRANSLATED("this sheet is not in the archive: the workbook is damaged"));
	if (!sheet->merges_only && !xlsx_load_strings(book, &sheet->problem))
		return false;
	struct zip_stream *stream = zip_stream_open(book->zip, part, &sheet->problem);
	if (!stream)
		return false;
	struct reading *reading = heap_alloc(sizeof *reading);
	struct xml_calls calls = { .open = open_element, .close = close_element, .text = text_element,
		.read = zip_stream_read, .state = stream };
	*reading = (struct reading){ .sheet = sheet, .xlsx = xlsx, .stream = stream };
	reading->xml = xml_new(&calls, reading, false, &sheet->problem);
	sheet->own = reading;
	return true;
}

bool xlsx_sheet_more(struct sheet *sheet)
{
	struct reading *reading = sheet->own;
	if (xml_run(reading->xml))
		return true;
	lines_end(&sheet->lines);
	return false;
}

void xlsx_sheet_close(struct sheet *sheet)
{
	struct reading *reading = sheet->own;
	if (!reading)
		return;
	xml_free(reading->xml);
	zip_stream_close(reading->stream);
	buf_release(&reading->value);
	free(reading);
}
