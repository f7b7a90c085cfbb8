/* What a child says that reads xls files: any bytes, in any pieces, are frames or a problem; no
 * number leads beyond the sheet. */
#include "sheet.h"

#include "sheet/xls.h"

struct heard {
	struct xls_frames frames;
	struct book book;
	struct lines lines;
	struct arena arena;
	struct sheet_problem problem;
};

static void hear(struct heard *heard, struct view bytes, bool sheet, size_t piece)
{
	*heard = (struct heard){ .frames = { .problem = &heard->problem, .arena = &heard->arena } };
	lines_init(&heard->lines, &heard->problem, 1000);
	heard->frames.book = sheet ? NULL : &heard->book;
	heard->frames.lines = sheet ? &heard->lines : NULL;
	for (bool more = true; more && bytes.len;) {
		struct view some = view_first(bytes, piece);
		bytes = view_skip(bytes, some.len);
		buf_put(&heard->frames.bytes, some);
		more = xls_take(&heard->frames);
		PROPERTY(more == (!heard->problem.message && !heard->frames.ended), "on, or the end");
	}
}

static void forget(struct heard *heard)
{
	buf_release(&heard->frames.bytes);
	lines_release(&heard->lines);
	free(heard->book.sheets);
	arena_release(&heard->book.arena);
	arena_release(&heard->arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view input = fuzz_bytes(bytes, len);
	bool sheet = fuzz_choose(&input, 2);
	static struct heard whole, pieces;
	hear(&whole, input, sheet, SIZE_MAX);
	hear(&pieces, input, sheet, 1);
	PROPERTY(whole.frames.ended == pieces.frames.ended, "the same end");
	PROPERTY(!whole.problem.message == !pieces.problem.message, "the same problem");
	PROPERTY(whole.book.sheet_count == pieces.book.sheet_count, "the same sheets");
	PROPERTY_SAME(buf_view(&pieces.lines.out), buf_view(&whole.lines.out), "the same lines");
	for (size_t i = 0; i < whole.lines.merge_count; i++)
		PROPERTY(whole.lines.merges[i].last_column <= SHEET_COLUMNS_MOST, "within the sheet");
	forget(&whole);
	forget(&pieces);
	return 0;
}
