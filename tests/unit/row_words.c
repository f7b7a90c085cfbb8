/* A short value as words: the same for all ways to write it, with NULs behind it. */
#include "table/row.h"

#include "base/arena.h"
#include "base/buf.h"
#include "table/scan.h"
#include "test.h"

static const char letters[] = "\xe6\xb8\xa0\xe9\x81\x93 agent\"n\xffo 7,x";

static void try_value(struct view value, bool quoted)
{
	struct buf block = { 0 };
	struct arena arena = { 0 };
	buf_text(&block, "x,");
	if (quoted)
		buf_byte(&block, '"');
	for (size_t i = 0; i < value.len; i++) {
		buf_byte(&block, value.ptr[i]);
		if (quoted && value.ptr[i] == '"')
			buf_byte(&block, '"');
	}
	if (quoted)
		buf_byte(&block, '"');
	uint32_t ends[] = { UINT32_MAX, 1, (uint32_t)block.len };
	memset(buf_reserve(&block, SCAN_PADDING), '#', SCAN_PADDING);
	struct row row = { .bytes = block.ptr, .ends = ends + 1, .count = 2, .dialect = dialect_csv(), .arena = &arena };
	uint64_t words[2] = { 1, 1 }, wanted[2] = { 0, 0 };
	if (value.len && value.len <= sizeof wanted)
		memcpy(wanted, value.ptr, value.len);
	CHECK(row_words(&row, 1, words) == value.len, "%zu bytes: the length", value.len);
	CHECK(words[0] == wanted[0] && words[1] == wanted[1], "%zu bytes%s", value.len, quoted ? " in quotes" : "");
	buf_release(&block);
	arena_release(&arena);
}

int main(void)
{
	for (size_t len = 0; len < sizeof letters; len++) {
		struct view value = view(letters, len);
		bool plain = view_find_byte(value, ',') == SIZE_MAX;
		if (plain)
			try_value(value, false);
		try_value(value, true);
	}
	return test_end();
}
