/* Markdown and JSON lines. */
#include "test.h"

#include "render/escape.h"
#include "render/json.h"
#include "render/markdown.h"
#include "render_sample.h"

static void test_markdown(void)
{
	struct arena arena = { 0 };
	struct buf buf = { 0 };
	struct document doc;
	document_init(&doc, &arena, DOC_CHINESE);
	render_markdown(&buf, &doc);
	CHECK_TEXT(buf_view(&buf), VIEW(""), "an empty document");
	doc.title = VIEW("渠道月报");
	document_figure(&doc, (struct doc_figure){ .label = VIEW("来访"), .unit = DOC_COUNT, .cell = doc_number(12040),
	                                           .note = VIEW("组") });
	struct doc_section *section = sample_channels(&doc);
	section_note(section, VIEW("口径"), VIEW("同期"));
	document_provenance(&doc, VIEW("统计时点"), VIEW("2025-06-30"));
	buf_reset(&buf);
	render_markdown(&buf, &doc);
	CHECK_TEXT(buf_view(&buf), VIEW(
		"# 渠道月报\n"
		"\n"
		"- 来访：**12,040** · 组\n"
		"\n"
		"## 渠道效果\n"
		"\n"
		"| 渠道     |   来访组数 |             费用 |             转化率 |\n"
		"| -------- | ---------: | ---------------: | -----------------: |\n"
		"| 中介     |     12,040 |     1,234,567.89 |       8.44% (达标) |\n"
		"| 自然到访 |          0 |            -0.50 |                  - |\n"
		"| **合计** | **12,040** | **1,234,567.39** | **8.44%** (未达标) |\n"
		"\n"
		"- **口径**：同期\n"
		"\n"
		"---\n"
		"\n"
		"- **统计时点**：2025-06-30\n"), "a whole document");
	buf_reset(&buf);
	document_init(&doc, &arena, DOC_ENGLISH);
	sample_cell(&doc, VIEW("a|b"), VIEW("<b>*x*</b>\n| [l](u) `c` \\ # &amp; \xff"));
	render_markdown(&buf, &doc);
	CHECK(view_find(buf_view(&buf), VIEW("| a\\|b ")) != SIZE_MAX, "a bar in a heading");
	CHECK(view_find(buf_view(&buf), VIEW("| &lt;b&gt;\\*x\\*&lt;/b&gt; \\| \\[l\\](u) \\`c\\` \\\\ \\# &amp;amp; \xef\xbf\xbd |\n")) !=
	      SIZE_MAX, "a label stays a label");
	static const char *const begins[][2] = { { "1. x", "1\\. x" }, { "- x", "\\- x" }, { "# x", "\\# x" }, { "2024", "2024" },
	                                         { "12", "12" }, { "2024-03", "2024-03" }, { "", "" } };
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
		buf_reset(&buf);
		escape_markdown(&buf, view_of(begins[i][0]));
		CHECK_TEXT(buf_view(&buf), view_of(begins[i][1]), "no block begins in a label: %zu", i);
	}
	buf_release(&buf);
	arena_release(&arena);
}

static void test_json(void)
{
	struct arena arena = { 0 };
	struct buf buf = { 0 };
	struct document doc;
	document_init(&doc, &arena, DOC_CHINESE);
	sample_channels(&doc);
	render_json(&buf, &doc, false);
	CHECK_TEXT(buf_view(&buf), VIEW(
		"{\"channel\":\"中介\",\"visit_group\":12040,\"spend\":1234567.89,\"sub_rate\":0.084444}\n"
		"{\"channel\":\"walk-in\",\"visit_group\":0,\"spend\":-0.50,\"sub_rate\":null}\n"), "ids and plain numbers");
	buf_reset(&buf);
	sample_cell(&doc, VIEW("x\"y"), VIEW("a\"\\\n\t\x01\x7f\xff</script>"));
	render_json(&buf, &doc, true);
	CHECK_TEXT(buf_view(&buf), VIEW(
		"{\"section\":\"channel\",\"channel\":\"中介\",\"visit_group\":12040,\"spend\":1234567.89,\"sub_rate\":0.084444}\n"
		"{\"section\":\"channel\",\"channel\":\"walk-in\",\"visit_group\":0,\"spend\":-0.50,\"sub_rate\":null}\n"
		"{\"section\":\"channel\",\"row\":\"total\",\"channel\":\"total\",\"visit_group\":12040,\"spend\":1234567.39,"
		"\"sub_rate\":0.084444}\n"
		"{\"section\":\"s\",\"x\\\"y\":\"a\\\"\\\\\\n\\t\\u0001\\u007f\xef\xbf\xbd</script>\"}\n"), "sections, totals, escapes");
	buf_release(&buf);
	arena_release(&arena);
}

int main(void)
{
	test_markdown();
	test_json();
	return test_end();
}
