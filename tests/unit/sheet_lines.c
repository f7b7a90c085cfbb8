/* Rows as lines: where cells stand, what is filled up, what is refused, doubts. */
#include "sheet/lines.h"

#include "test.h"

/* Cells as ROW.COLUMN=TEXT, rows from 1, columns from 0; a row alone is ROW. */
static const struct {
	const char *cells, *lines, *message, *why;
} cases[] = {
	{ "1.0=a 1.1=b 2.0=c", "a\tb\nc\t\n", NULL, "a row is filled up to the one above" },
	{ "1.0=a 2.0=b 2.2=c 3.0=d", "a\nb\t\tc\nd\t\t\n", NULL, "a wider row makes those below wider" },
	{ "1 2.1=a 3 4 5.0=b 6", "\n\ta\n\n\nb\t\n", NULL, "empty rows are empty lines, but at the end there is none" },
	{ "1.0=a 1.9= 2.1=", "a\n", NULL, "cells that hold nothing say nothing" },
	{ "1.3=x 1.5=y", "\t\t\tx\t\ty\n", NULL, "" },
	{ "", "", NULL, "nothing" },
	{ "1 2 3", "", NULL, "rows of nothing" },
	{ "2.0=a 1.0=b", NULL, "the rows of this sheet are not in order: the workbook is damaged", "" },
	{ "1.0=a 1", NULL, "the rows of this sheet are not in order: the workbook is damaged", "a row twice" },
	{ "1.1=a 1.0=b", NULL, "the cells of this row are not in order: the workbook is damaged", "" },
	{ "1.1=a 1.1=b", NULL, "the cells of this row are not in order: the workbook is damaged", "a cell twice" },
	{ "1.1= 1.1=b", NULL, "the cells of this row are not in order: the workbook is damaged", "an empty one, too" },
	{ "1.16384=a", NULL, "more columns than a sheet can have (16,384)", "" },
	{ "1048577.0=a", NULL, "more rows than a sheet can have (1,048,576)", "" },
};

static bool put_cells(struct lines *lines, struct view cells)
{
	for (struct view rest = cells; rest.len;) {
		struct view cell = view_cut(&rest, ' '), row = view_cut(&cell, '.'), column = view_cut(&cell, '=');
		uint64_t number = 0, place;
		view_parse_u64(row, 0, UINT64_MAX, &number);
		if (number != lines->row || !column.ptr)
			if (!lines_row(lines, number))
				return false;
		if (column.ptr && view_parse_u64(column, 0, UINT64_MAX, &place) && !lines_cell(lines, (uint32_t)place, cell))
			return false;
	}
	lines_end(lines);
	return true;
}

static void check_cases(void)
{
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct lines lines;
		struct sheet_problem problem = { .message = NULL };
		lines_init(&lines, &problem, 1000);
		bool good = put_cells(&lines, view_of(cases[i].cells));
		CHECK(good == !cases[i].message, "%s: %s", cases[i].cells, cases[i].why);
		if (good && cases[i].lines)
			CHECK_TEXT(buf_view(&lines.out), view_of(cases[i].lines), "%s: %s", cases[i].cells, cases[i].why);
		if (!good)
			CHECK_TEXT(view_of(problem.message), view_of(cases[i].message ? cases[i].message : ""), "%s", cases[i].cells);
		lines_release(&lines);
	}
}

static void check_escapes(void)
{
	struct lines lines;
	struct sheet_problem problem = { .message = NULL };
	lines_init(&lines, &problem, 1000);
	lines_row(&lines, 1);
	lines_cell(&lines, 0, VIEW("a\tb\nc\rd\\N"));
	lines_escaped(&lines, 1, VIEW("\\t"));
	lines_cell(&lines, 2, VIEW("\x00\xff"));
	lines_end(&lines);
	CHECK_TEXT(buf_view(&lines.out), VIEW("a\\tb\\nc\\rd\\\\N\t\\t\t\x00\xff\n"), "what would end a cell is escaped");
	lines_release(&lines);
}

/* A small file makes no large text: neither by long values nor by empty cells. */
static void check_most(void)
{
	struct lines lines;
	struct sheet_problem problem = { .message = NULL };
	uint64_t rows = 0;
	lines_init(&lines, &problem, 1000);
	lines_row(&lines, ++rows);
	lines_cell(&lines, 16383, VIEW("x"));
	while (rows < 1000000 && lines_row(&lines, ++rows) && lines_cell(&lines, 0, VIEW("x")))
		buf_reset(&lines.out);
	CHECK(problem.message && rows > 16000 && rows < 17000, "256 MiB of tabs are enough, after %llu rows", (unsigned long long)rows);
	CHECK(problem.row >= rows - 1, "the row is told");
	lines_release(&lines);
	static char long_text[LINES_CELL_MOST + 1];
	problem = (struct sheet_problem){ .message = NULL };
	lines_init(&lines, &problem, 1000);
	lines_row(&lines, 1);
	memset(long_text, 'x', sizeof long_text);
	CHECK(lines_cell(&lines, 0, view(long_text, LINES_CELL_MOST)), "16 MiB");
	CHECK(!lines_cell(&lines, 1, view(long_text, LINES_CELL_MOST + 1)), "and one byte");
	lines_release(&lines);
}

static void check_beside(void)
{
	struct lines lines;
	struct sheet_problem problem = { .message = NULL };
	lines_init(&lines, &problem, 1000);
	for (uint64_t row = 1; row <= 1000; row++) {
		lines_row(&lines, row);
		if (row % 3 == 0)
			lines_doubt(&lines, 5, SHEET_DOUBT_CUT);
		if (row % 5 == 0)
			lines_doubt(&lines, 16383, SHEET_DOUBT_NO_VALUE);
	}
	CHECK(lines_doubt_at(&lines, 3, 5) == SHEET_DOUBT_CUT && lines_doubt_at(&lines, 3, 6) == SHEET_DOUBT_NONE &&
	      lines_doubt_at(&lines, 4, 5) == SHEET_DOUBT_NONE, "the cells in doubt and no others");
	CHECK(lines_doubt_at(&lines, 15, 5) == SHEET_DOUBT_CUT && lines_doubt_at(&lines, 15, 16383) == SHEET_DOUBT_NO_VALUE, "two of a row");
	CHECK(lines_doubt_at(&lines, 1000, 16383) == SHEET_DOUBT_NO_VALUE && !lines_doubt_at(&lines, 1001, 0), "the last one");
	CHECK(lines.doubt_counts[SHEET_DOUBT_CUT] == 333 && lines.doubt_counts[SHEET_DOUBT_NO_VALUE] == 200, "counted");
	CHECK(lines_merge(&lines, (struct sheet_merge){ 1, 1048576, 1, 16384 }), "the whole sheet");
	CHECK(!lines_merge(&lines, (struct sheet_merge){ 0, 1, 1, 1 }), "no row 0");
	CHECK(!lines_merge(&lines, (struct sheet_merge){ 2, 1, 1, 1 }), "not backwards");
	CHECK(!lines_merge(&lines, (struct sheet_merge){ 1, 1, 1, 16385 }), "not beyond the sheet");
	lines_release(&lines);
}

int main(void)
{
	check_cases();
	check_escapes();
	check_most();
	check_beside();
	return test_end();
}
