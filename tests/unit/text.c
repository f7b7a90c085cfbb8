/* Tests of value/text. */
#include "value/text.h"

#include "gen.h"
#include "test.h"

static const struct {
	const char *text;
	size_t len, valid;
	const char *why;
} utf8[] = {
	{ "", 0, 0, "empty" },
	{ "abc", 3, 3, "ASCII" },
	{ "a\0b", 3, 3, "NUL is a character" },
	{ "12345678901234567中", 20, 20, "behind a run of ASCII" },
	{ "中文𠮷", 10, 10, "three and four bytes" },
	{ "\xC3\xA9", 2, 2, "two bytes" },
	{ "\x80", 1, 0, "a lone continuation" },
	{ "\xC0\xAF", 2, 0, "overlong, two bytes" },
	{ "\xE0\x80\xAF", 3, 0, "overlong, three" },
	{ "\xF0\x80\x80\xAF", 4, 0, "overlong, four" },
	{ "\xED\xA0\x80", 3, 0, "a surrogate" },
	{ "\xED\x9F\xBF", 3, 3, "the last before them" },
	{ "\xF4\x8F\xBF\xBF", 4, 4, "U+10FFFF" },
	{ "\xF4\x90\x80\x80", 4, 0, "above it" },
	{ "\xF5\x80\x80\x80", 4, 0, "far above it" },
	{ "\xFF", 1, 0, "no lead byte" },
	{ "ab\xE4\xB8", 4, 2, "cut at the end" },
	{ "ab\xE4\xB8z", 5, 2, "broken in the middle" },
};

static void test_utf8(void)
{
	for (size_t i = 0; i < sizeof utf8 / sizeof *utf8; i++) {
		struct view copy = gen_copy(view(utf8[i].text, utf8[i].len));
		CHECK(text_valid_length(copy) == utf8[i].valid, "%s", utf8[i].why);
		CHECK(text_valid(copy) == (utf8[i].valid == utf8[i].len), "%s", utf8[i].why);
		gen_free(copy);
	}
	struct view rest = VIEW("a\xE4\xB8中");
	CHECK(text_next(&rest) == 'a', "ASCII");
	CHECK(text_next(&rest) == TEXT_BAD && rest.len == 4, "one bad byte at a time");
	CHECK(text_next(&rest) == TEXT_BAD && rest.len == 3, "and the next");
	CHECK(text_next(&rest) == 0x4E2D && rest.len == 0, "then the character");
	CHECK(text_count(VIEW("a\xE4\xB8中")) == 4, "bad bytes count as one");
	CHECK(text_is_hanzi(0x4E2D) && text_is_hanzi(0x20BB7) && text_is_hanzi(0x3007) && !text_is_hanzi('a') &&
	      !text_is_hanzi(0x3001), "hanzi");
}

/* Each code point there and back, and a wrong one refused. */
static void test_every_code(void)
{
	struct buf out = { 0 };
	unsigned wrong = 0;
	for (uint32_t code = 0; code <= 0x10FFFF; code++) {
		buf_reset(&out);
		text_put(&out, code);
		struct view rest = buf_view(&out);
		bool surrogate = code >= 0xD800 && code <= 0xDFFF;
		wrong += text_valid(rest) == surrogate;
		wrong += !surrogate && (text_next(&rest) != code || rest.len);
	}
	CHECK(wrong == 0, "%u code points are wrong", wrong);
	buf_release(&out);
}

/* The fast way against going from character to character, on texts in which one byte is
 * wrong or the end is cut, at every place of a block of sixteen. */
static void test_valid_length(void)
{
	static const char *const pieces[] = { "a", "12345678", "中", "文字", "é", "𠮷", "\u07ff", "\u0800", "\xED\x9F\xBF", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF" };
	uint64_t state = 7;
	unsigned wrong = 0;
	for (unsigned round = 0; round < 200000; round++) {
		struct view text = gen_text(&state, pieces, sizeof pieces / sizeof *pieces, 40);
		char *bytes = (char *)(uintptr_t)text.ptr;
		if (text.len && gen_below(&state, 2))
			bytes[gen_below(&state, text.len)] = (char)gen_next(&state);
		struct view cut = view_first(text, gen_below(&state, text.len + 1)), rest = cut;
		for (size_t len; rest.len && (len = text_sequence(rest));)
			rest = view_skip(rest, len);
		wrong += text_valid_length(cut) != cut.len - rest.len;
		struct buf cleaned = { 0 };
		text_clean(cut, &cleaned);
		wrong += text_is_clean(cut) && !view_equal(buf_view(&cleaned), cut);
		buf_release(&cleaned);
		gen_free(text);
	}
	CHECK(wrong == 0, "%u texts", wrong);
}

/* What a cell of a row is asked first, against asking the folded one. */
static void test_cells(void)
{
	static const char *const pieces[] = { " ", "\u3000", "无", "暂无", "不详", "未知", "-", "/", "=\"", "\"", "'", "n", "/a", "null", "N", "A",
		"1", "中", "\ufeff", "待定", "空", "(无)", "（", "）", "—", "x" };
	uint64_t state = 11;
	unsigned wrong = 0;
	for (unsigned round = 0; round < 200000; round++) {
		struct view text = gen_text(&state, pieces, sizeof pieces / sizeof *pieces, 4);
		struct text_cell folded;
		bool fits = text_cell_fold(text, &folded);
		wrong += text_cell_is_null(text) != (fits && text_is_null(text_cell_view(&folded)));
		wrong += text_cell_is_blank(text) != (fits && !folded.len);
		gen_free(text);
	}
	CHECK(wrong == 0, "%u cells", wrong);
}

static const struct {
	const char *text, *folded, *clean;
} foldings[] = {
	{ "ＡＢＣ１２３", "abc123", "ＡＢＣ１２３" },
	{ "Ｐｈｏｎｅ　No.", "phone no.", "Ｐｈｏｎｅ No." },
	{ "\xEF\xBB\xBF姓名", "姓名", "姓名" },
	{ "张\xE2\x80\x8B三", "张三", "张三" },
	{ "a\xC2\xA0z", "a z", "a z" },
	{ "  a b\t", "  a b\t", "a b" },
	{ "一\r\n二", "一\r\n二", "一 二" },
	{ "一\n\n\n二\n", "一\n\n\n二\n", "一 二" },
	{ "(～)", "(~)", "(～)" },
	{ "bad\xFF", "bad\xFF", "bad\xFF" },
	{ "", "", "" },
	{ "　", " ", "" },
};

static void test_folding(void)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof foldings / sizeof *foldings; i++) {
		buf_reset(&out);
		text_fold(view_of(foldings[i].text), &out);
		CHECK_TEXT(buf_view(&out), view_of(foldings[i].folded), "folding %zu", i);
		buf_reset(&out);
		text_clean(view_of(foldings[i].text), &out);
		CHECK_TEXT(buf_view(&out), view_of(foldings[i].clean), "cleaning %zu", i);
	}
	buf_release(&out);
}

static const struct {
	const char *text, *cell;
	bool null;
} cells[] = {
	{ "=\"0138\"", "0138", false }, { "'0138", "0138", false }, { " １３８ ", "138", false }, { "—", "—", true },
	{ " - ", "-", true },           { "", "", true },           { "　无　", "无", true },     { "暂无", "暂无", true },
	{ "NULL", "null", true },       { "无锡", "无锡", false },  { "=\"", "=\"", false },      { "=\"\"", "", true },
};

static void test_null_cells(void)
{
	struct text_cell cell;
	char longest[2000];
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		struct view copy = gen_copy(view_of(cells[i].text));
		CHECK(text_cell_fold(copy, &cell), "fits");
		CHECK_TEXT(text_cell_view(&cell), view_of(cells[i].cell), "cell %zu", i);
		CHECK(text_is_null(text_cell_view(&cell)) == cells[i].null, "cell %zu", i);
		gen_free(copy);
	}
	memset(longest, 'a', sizeof longest);
	CHECK(text_cell_fold(view(longest, 512), &cell) && !text_cell_fold(view(longest, 513), &cell), "the limit");
}

static void test_width(void)
{
	CHECK(text_width(VIEW("abc")) == 3, "ASCII");
	CHECK(text_width(VIEW("张三，abc")) == 9, "hanzi and full-width punctuation");
	CHECK(text_width(VIEW("e\xCC\x81")) == 1, "a combining accent");
	CHECK(text_width(VIEW("\xE2\x80\x8B")) == 0, "a zero-width space");
	CHECK(text_width(VIEW("😀")) == 2, "an emoji");
	CHECK(text_width(VIEW("𠮷")) == 2, "a rare hanzi");
	CHECK(text_width(VIEW("カﾅ")) == 3, "full and half-width katakana");
	CHECK(text_width(VIEW("±·é")) == 3, "Latin");
	CHECK(text_width(VIEW("\xFF")) == 1, "a bad byte");
	CHECK(text_width(VIEW("\x01")) == 0, "a control character");
	CHECK(text_width(VIEW("─█")) == 2, "box drawing is narrow");
}

static void test_properties(void)
{
	static const char *const pieces[] = { "张", "三", "ａ", "Ａ", "A", "\xEF\xBB\xBF", "\xE2\x80\x8B", "\xC2\xA0", "　", " ", "\n", "\r\n", "\xE4\xB8", "1", "😀" };
	uint64_t seed = 5;
	struct buf once = { 0 }, twice = { 0 };
	struct text_cell cell;
	for (int i = 0; i < 20000; i++) {
		struct view text = gen_text(&seed, pieces, sizeof pieces / sizeof *pieces, 12);
		buf_reset(&once);
		buf_reset(&twice);
		text_fold(text, &once);
		text_fold(buf_view(&once), &twice);
		CHECK(view_equal(buf_view(&once), buf_view(&twice)) && once.len <= text.len, "folding is idempotent");
		buf_reset(&once);
		buf_reset(&twice);
		text_clean(text, &once);
		text_clean(buf_view(&once), &twice);
		CHECK(view_equal(buf_view(&once), buf_view(&twice)) && once.len <= text.len, "cleaning is idempotent");
		CHECK(text_cell_fold(text, &cell) && cell.len <= text.len, "never longer");
		CHECK(text_width(text) <= 2 * text_count(text), "at most two columns");
		gen_free(text);
	}
	buf_release(&once);
	buf_release(&twice);
}

int main(void)
{
	test_utf8();
	test_every_code();
	test_valid_length();
	test_cells();
	test_folding();
	test_null_cells();
	test_width();
	test_properties();
	return test_end();
}
