/* xls in its own process: any stream of records, and any compound file, ends with lines or with a
 * problem.  (Who reads files has a child do this: see xls.c.)
 *
 * The first byte says which sheet, and whether the input is a compound file. */
#include "sheet.h"

#include "sheet/biff.h"
#include "sheet/compound.h"

static void count_calls(void *arg)
{
	++*(size_t *)arg;
}

static void check_stream(struct view stream, size_t number)
{
	struct sheet_problem problem = { .message = NULL };
	struct biff *biff = biff_open(stream, &problem);
	struct lines lines;
	size_t calls = 0;
	PROPERTY((biff == NULL) == (problem.message != NULL), "either a workbook or a problem");
	if (!biff)
		return;
	lines_init(&lines, &problem, stream.len);
	if (number < biff_sheets(biff)) {
		bool good = biff_rows(biff, number, &lines, count_calls, &calls);
		PROPERTY(good == !problem.message, "rows or a problem: %s", problem.message);
		PROPERTY(!good || calls, "the last lines were given");
		if (good)
			fuzz_check_lines(buf_view(&lines.out));
	}
	lines_release(&lines);
	biff_close(biff);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char *const names[] = { "Workbook", "Book" };
	struct view input = fuzz_bytes(bytes, len);
	unsigned choice = fuzz_choose(&input, 4);
	struct view file = fuzz_copy(input);
	if (choice < 2) {
		check_stream(file, choice);
	} else {
		struct buf stream = { 0 };
		struct sheet_problem problem = { .message = NULL };
		bool good = compound_read(file, names, 2, &stream, &problem);
		PROPERTY(good == !problem.message, "a stream or a problem");
		PROPERTY(stream.len <= file.len * 64 + 64, "no more than there is");
		if (good)
			check_stream(buf_view(&stream), choice - 2);
		buf_release(&stream);
	}
	fuzz_free(file);
	return 0;
}
