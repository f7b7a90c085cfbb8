/* Text: folding and cleaning are done once, never lengthen, and leave valid text valid. */
#include "fuzz.h"

#include "value/charset.h"
#include "value/text.h"

static void check_code_points(struct view text)
{
	size_t count = 0, width = 0, valid = text_valid_length(text);
	PROPERTY(valid <= text.len && (valid == text.len) == text_valid(text), "how much is valid");
	for (struct view rest = text; rest.len; count++) {
		char bytes[4];
		struct view before = rest;
		uint32_t code = text_next(&rest);
		PROPERTY(rest.len < before.len && code <= 0x10FFFF, "one code point");
		width += text_code_width(code);
		size_t n = before.len - rest.len;
		if (code != TEXT_BAD)
			PROPERTY(text_encode(code, bytes) == n && memcmp(bytes, before.ptr, n) == 0, "encoded as it stood");
	}
	PROPERTY(count == text_count(text) && width == text_width(text), "counted alike");
}

static void check_twice(struct view text, void (*change)(struct view, struct buf *), const char *what)
{
	struct buf once = { 0 }, twice = { 0 };
	change(text, &once);
	PROPERTY(once.len <= text.len, "%s: never lengthens", what);
	if (text_valid(text)) {
		change(buf_view(&once), &twice);
		PROPERTY(text_valid(buf_view(&once)), "%s: valid text stays valid", what);
		PROPERTY_SAME(buf_view(&twice), buf_view(&once), "%s: twice is once", what);
	}
	buf_release(&once);
	buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view text = fuzz_copy(fuzz_bytes(bytes, len));
	struct text_cell cell;
	check_code_points(text);
	check_twice(text, text_fold, "fold");
	check_twice(text, text_clean, "clean");
	if (text_cell_fold(text, &cell)) {
		PROPERTY(cell.len <= sizeof cell.bytes, "a folded cell fits");
		text_is_null(text_cell_view(&cell));
	}
	for (int whole = 0; whole < 2; whole++) {
		struct charset_found found = charset_detect(text, whole);
		PROPERTY(charset_name(found.charset) && found.reason && found.bom <= text.len, "an encoding");
		PROPERTY(!whole || !text_valid(text) || found.charset == CHARSET_UTF8 || memchr(text.ptr, 0, text.len),
		         "valid UTF-8 is UTF-8");
	}
	fuzz_free(text);
	return 0;
}
