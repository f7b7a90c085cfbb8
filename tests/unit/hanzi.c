/* Traditional characters as simplified ones. */
#include "value/hanzi.h"

#include "base/buf.h"
#include "test.h"
#include "value/hanzi_simplified.csv.h"

static const struct {
	const char *text, *expected;
	bool changed;
	const char *why;
} texts[] = {
	{ "手機號碼", "手机号码", true, "a header" },
	{ "來訪日期", "来访日期", true, "some characters are the same in both" },
	{ "客戶姓名", "客户姓名", true, "客戶" },
	{ "聯絡電話", "联络电话", true, "聯絡電話" },
	{ "證件號碼", "证件号码", true, "證" },
	{ "証件類型", "证件类型", true, "証, a form of Hong Kong" },
	{ "身份證", "身份证", true, "at the end" },
	{ "簽約總價（萬元）", "签约总价（万元）", true, "brackets and width stay" },
	{ "建築面積(㎡)", "建筑面积(㎡)", true, "signs stay" },
	{ "為爲", "为为", true, "two forms of one" },
	{ "薴苧", "苎苎", true, "a simplified form that is a traditional one of another" },
	{ "丟", "丢", true, "the first line of the table" },
	{ "龜", "龟", true, "the last one" },
	{ "手机号码", "手机号码", false, "simplified already" },
	{ "沈余后里面", "沈余后里面", false, "forms that are both stay" },
	{ "phone_no", "phone_no", false, "ASCII" },
	{ "", "", false, "nothing" },
	{ "é電", "é电", true, "behind a character of two bytes" },
	{ "𠮷號", "𠮷号", true, "behind one of four" },
	{ "\xE4\xBE", "\xE4\xBE", false, "cut in a character" },
	{ "\xE9\x9B\xE9\x9B\xBB", "\xE9\x9B\xE9\x9B\xBB", false, "no UTF-8: taken by threes, nothing found" },
};

/* The table is searched as it stands. */
static void test_table(void)
{
	enum { LINE = 8 };
	const struct view text = { hanzi_simplified_csv, sizeof hanzi_simplified_csv - 1 }, head = VIEW("traditional,simplified\n");
	struct view lines = view_skip(text, view_find(text, head) + head.len), before = VIEW("");
	CHECK(lines.len == HANZI_LINES * LINE, "%zu lines of eight bytes", lines.len / LINE);
	for (; lines.len; lines = view_skip(lines, LINE)) {
		struct view line = view_first(lines, LINE), from = view_first(line, 3);
		CHECK(line.ptr[3] == ',' && line.ptr[7] == '\n', "the form of a line");
		CHECK(view_compare(before, from) < 0, "the order of lines");
		CHECK(!view_equal(from, view(line.ptr + 4, 3)), "no character is its own");
		before = from;
	}
}

int main(void)
{
	struct buf buf = { 0 };
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		buf_reset(&buf);
		buf_text(&buf, texts[i].text);
		buf_reserve(&buf, 1);
		bool changed = hanzi_simplify(buf.ptr, buf.len);
		CHECK_TEXT(buf_view(&buf), view_of(texts[i].expected), "%s", texts[i].why);
		CHECK(changed == texts[i].changed, "%s: changed", texts[i].why);
		CHECK(!hanzi_simplify(buf.ptr, buf.len), "%s: once is enough", texts[i].why);
	}
	buf_release(&buf);
	test_table();
	return test_end();
}
