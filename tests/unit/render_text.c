/* The text for a terminal: alignment, wrapping, continuing, charts. */
#include "test.h"

#include "render/text.h"
#include "render/wrap.h"
#include "render_sample.h"
#include "value/text.h"

static void test_table(void)
{
	struct arena arena = { 0 };
	struct buf buf = { 0 };
	struct document doc;
	document_init(&doc, &arena, DOC_CHINESE);
	doc.title = VIEW("渠道月报");
	document_figure(&doc, (struct doc_figure){ .label = VIEW("来访"), .unit = DOC_COUNT, .cell = doc_number(12040) });
	document_figure(&doc, (struct doc_figure){ .label = VIEW("转化率"), .unit = DOC_RATE, .cell = doc_missing(),
	                                           .note = VIEW("上期 8%") });
	struct doc_section *section = sample_channels(&doc);
	section_note(section, VIEW("口径"), VIEW("同期"));
	document_provenance(&doc, VIEW("统计时点"), VIEW("2025-06-30"));
	render_text(&buf, &doc, (struct text_form){ .width = 80 });
	CHECK_TEXT(buf_view(&buf), VIEW(
		"渠道月报\n"
		"\n"
		"来访    12,040\n"
		"转化率       -  上期 8%\n"
		"\n"
		"渠道效果\n"
		"\n"
		"渠道      来访组数          费用   转化率\n"
		"--------  --------  ------------  -------\n"
		"中介        12,040  1,234,567.89  8.44% +\n"
		"自然到访         0         -0.50      -\n"
		"--------  --------  ------------  -------\n"
		"合计        12,040  1,234,567.39  8.44% !\n"
		"+ 达标，~ 接近，! 未达标\n"
		"\n"
		"口径：同期\n"
		"\n"
		"统计时点：2025-06-30\n"), "a whole document");
	buf_reset(&buf);
	render_text(&buf, &doc, (struct text_form){ .width = 30 });
	CHECK(view_find(buf_view(&buf), VIEW("渠道          数          费用\n")) != SIZE_MAX &&
	      view_find(buf_view(&buf), VIEW("渠道       转化率\n")) != SIZE_MAX, "a narrow one is continued below");
	buf_reset(&buf);
	render_text(&buf, &doc, (struct text_form){ .width = 80, .colour = true });
	CHECK(view_find(buf_view(&buf), VIEW("\033[32m8.44% +\033[0m\n")) != SIZE_MAX, "green where asked for");
	buf_release(&buf);
	arena_release(&arena);
}

/* No line is wider than asked, nor has spaces at its end. */
static bool lines_fit(struct view text, size_t width)
{
	while (text.ptr && text.len) {
		struct view line = view_cut(&text, '\n');
		if (text_width(line) > width || view_ends(line, VIEW(" ")))
			return false;
	}
	return true;
}

static void test_long(void)
{
	struct arena arena = { 0 };
	struct buf buf = { 0 };
	struct document doc;
	document_init(&doc, &arena, DOC_CHINESE);
	const struct doc_column columns[] = {
		{ .id = VIEW("project"), .label = VIEW("项目"), .unit = DOC_TEXT },
		{ .id = VIEW("month"), .label = VIEW("月份"), .unit = DOC_DATE },
		{ .id = VIEW("a"), .label = VIEW("来访转认购率（组）"), .unit = DOC_RATE },
		{ .id = VIEW("b"), .label = VIEW("visit to subscription, days"), .unit = DOC_COUNT },
		{ .id = VIEW("note"), .label = VIEW("说明"), .unit = DOC_TEXT },
	};
	struct doc_section *section = document_section(&doc, VIEW("s"), VIEW(""), columns, 5);
	for (int i = 0; i < 200; i++) {
		struct doc_cell *cells = section_row(section, i % 50 == 49 ? DOC_SUBTOTAL : DOC_PLAIN);
		cells[0] = doc_text(VIEW("云栖置业和光尘樾一期住宅及配套商业（含地下车位）2-6号楼"));
		cells[1] = doc_text(VIEW("2024-03"));
		cells[2] = doc_number(i * 1000);
		cells[3] = doc_number(i);
		cells[4] = doc_text(VIEW("a_word_that_is_longer_than_any_line_may_be_and_has_no_place_to_break"));
	}
	document_note(&doc, VIEW(""), VIEW("一段很长的说明，一段很长的说明，一段很长的说明，一段很长的说明，一段很长的说明，一段很长的说明。"));
	static const unsigned widths[] = { 120, 80, 60, 50 };
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		buf_reset(&buf);
		render_text(&buf, &doc, (struct text_form){ .width = widths[i], .charts = true });
		CHECK(lines_fit(buf_view(&buf), widths[i]), "within %u columns", widths[i]);
	}
	for (unsigned width = 0; width < 12; width++) {
		buf_reset(&buf);
		render_text(&buf, &doc, (struct text_form){ .width = width, .charts = true });
		CHECK(buf.len > 0, "width %u ends", width);
	}
	buf_release(&buf);
	arena_release(&arena);
}

static void test_edges(void)
{
	struct arena arena = { 0 };
	struct buf buf = { 0 };
	struct document doc;
	document_init(&doc, &arena, DOC_ENGLISH);
	render_text(&buf, &doc, (struct text_form){ .width = 80 });
	CHECK_TEXT(buf_view(&buf), VIEW(""), "an empty document");
	const struct doc_column columns[] = {
		{ .id = VIEW("n"), .unit = DOC_COUNT },
		{ .id = VIEW("money"), .unit = DOC_MONEY },
	};
	struct doc_section *section = document_section(&doc, VIEW("s"), VIEW(""), columns, 2);
	render_text(&buf, &doc, (struct text_form){ .width = 80 });
	CHECK_TEXT(buf_view(&buf), VIEW("\nn  money\n-  -----\n(no rows)\n"), "an empty table");
	struct doc_cell *cells = section_row(section, DOC_PLAIN);
	cells[0] = doc_number(INT64_MIN);
	cells[1] = doc_number(INT64_MAX);
	buf_reset(&buf);
	render_text(&buf, &doc, (struct text_form){ .width = 20 });
	CHECK_TEXT(buf_view(&buf), VIEW("\n"
	                                "                         n\n"
	                                "--------------------------\n"
	                                "-9,223,372,036,854,775,808\n"
	                                "\n"
	                                "                    money\n"
	                                "-------------------------\n"
	                                "92,233,720,368,547,758.07\n"), "numbers are never cut");
	buf_reset(&buf);
	document_init(&doc, &arena, DOC_ENGLISH);
	document_section(&doc, VIEW("s"), VIEW("No columns"), NULL, 0);
	render_text(&buf, &doc, (struct text_form){ .width = 80 });
	CHECK_TEXT(buf_view(&buf), VIEW("\nNo columns\n\n"), "a table without columns");
	buf_reset(&buf);
	document_init(&doc, &arena, DOC_ENGLISH);
	sample_cell(&doc, VIEW("x"), VIEW("\033[31mred\r\n\xe2\x80\xae" "abc\xff\tend"));
	render_text(&buf, &doc, (struct text_form){ .width = 80 });
	CHECK(view_find(buf_view(&buf), VIEW("\n?[31mred  ?abc? end\n")) != SIZE_MAX, "nothing reaches the terminal's controls");
	buf_release(&buf);
	arena_release(&arena);
}

static void test_charts(void)
{
	struct arena arena = { 0 };
	struct buf buf = { 0 };
	struct document doc;
	document_init(&doc, &arena, DOC_CHINESE);
	const struct doc_column columns[] = {
		{ .id = VIEW("stage"), .label = VIEW("阶段"), .unit = DOC_TEXT },
		{ .id = VIEW("n"), .label = VIEW("组数"), .unit = DOC_COUNT },
	};
	struct doc_section *section = document_section(&doc, VIEW("s"), VIEW(""), columns, 2);
	static const char *const names[] = { "来访", "认筹", "认购", "签约" };
	static const int64_t numbers[] = { 400, 100, 0, 3 };
	for (int i = 0; i < 4; i++) {
		struct doc_cell *cells = section_row(section, DOC_PLAIN);
		cells[0] = doc_text(view_of(names[i]));
		cells[1] = doc_number(numbers[i]);
	}
	section_chart(section, (struct doc_chart){ .kind = CHART_FUNNEL, .title = VIEW("漏斗"), .label = 0, .value = 1 });
	section_chart(section, (struct doc_chart){ .kind = CHART_BARS, .label = 0, .value = 1, .descending = true });
	section_chart(section, (struct doc_chart){ .kind = CHART_BARS, .label = 7, .value = 1 });
	render_text(&buf, &doc, (struct text_form){ .width = 80, .charts = true });
	CHECK(view_ends(buf_view(&buf), VIEW("\n"
		"漏斗\n"
		"来访  400          ########################################\n"
		"认筹  100  25.00%  ##########\n"
		"认购    0   0.00%\n"
		"签约    3       -  #\n"
		"\n"
		"来访  400  ########################################\n"
		"认筹  100  ##########\n"
		"签约    3  #\n"
		"认购    0\n")), "a funnel, bars, and nothing for a column that is not there");
	buf_release(&buf);
	arena_release(&arena);
}

/* A long table as a matrix. */
static void test_heat(void)
{
	struct arena arena = { 0 };
	struct buf buf = { 0 };
	struct document doc;
	document_init(&doc, &arena, DOC_CHINESE);
	const struct doc_column columns[] = {
		{ .id = VIEW("channel"), .label = VIEW("渠道"), .unit = DOC_TEXT },
		{ .id = VIEW("grade"), .label = VIEW("等级"), .unit = DOC_TEXT },
		{ .id = VIEW("n"), .label = VIEW("客户"), .unit = DOC_COUNT },
	};
	struct doc_section *section = document_section(&doc, VIEW("s"), VIEW(""), columns, 3);
	static const char *const rows[][2] = { { "中介", "B" }, { "自拓", "A" }, { "中介", "A" }, { "中介", "B" } };
	for (int i = 0; i < 4; i++) {
		struct doc_cell *cells = section_row(section, DOC_PLAIN);
		cells[0] = doc_text(view_of(rows[i][0]));
		cells[1] = doc_text(view_of(rows[i][1]));
		cells[2] = doc_number(10 + i);
	}
	section_chart(section, (struct doc_chart){ .kind = CHART_HEAT, .title = VIEW("矩阵"), .label = 0, .value = 2,
	                                           .by_series = true, .series = 1 });
	render_text(&buf, &doc, (struct text_form){ .width = 80, .charts = true });
	CHECK(view_ends(buf_view(&buf), VIEW("\n"
		"矩阵\n"
		"渠道   B   A\n"
		"----  --  --\n"
		"中介  23  12\n"
		"自拓   -  11\n")), "in the order of the table; what occurs twice is added");
	buf_release(&buf);
	arena_release(&arena);
}

static const struct {
	const char *text;
	size_t width;
	const char *lines; /* with | between them */
} wraps[] = {
	{ "", 10, "" },
	{ "short", 10, "short" },
	{ "two words", 5, "two|words" },
	{ "two   words", 6, "two|words" },
	{ "中文字符", 4, "中文|字符" },
	{ "中文字符", 5, "中文|字符" },
	{ "中文，字符", 4, "中|文，|字符" },        /* no line begins with a comma */
	{ "看（注）文", 4, "看|（注|）文" },         /* nor ends with an opening bracket, if it can */
	{ "abcdefgh", 3, "abc|def|gh" },
	{ "visit_group_n", 7, "visit_|group_n" },
	{ "中", 1, "中" },
};

static void test_wrap(void)
{
	for (size_t i = 0; i < sizeof wraps / sizeof *wraps; i++) {
		struct buf buf = { 0 };
		struct view rest = view_of(wraps[i].text);
		size_t count = 0;
		do {
			if (count++)
				buf_byte(&buf, '|');
			buf_put(&buf, wrap_line(&rest, wraps[i].width));
		} while (rest.len);
		CHECK_TEXT(buf_view(&buf), view_of(wraps[i].lines), "wrap %zu", i);
		CHECK(count == wrap_count(view_of(wraps[i].text), wraps[i].width), "count %zu", i);
		buf_release(&buf);
	}
	struct buf buf = { 0 };
	wrap_shorten(&buf, VIEW("线上投放（抖音）"), 9, "...");
	CHECK_TEXT(buf_view(&buf), VIEW("线上投..."), "shortened to whole characters");
	buf_release(&buf);
}

int main(void)
{
	test_table();
	test_long();
	test_edges();
	test_charts();
	test_heat();
	test_wrap();
	return test_end();
}
