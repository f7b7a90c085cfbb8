/* The HTML page and its charts: escaping, form, figures at their places, extremes. */
#include "test.h"

#include "render/html.h"
#include "render/svg.h"
#include "render_sample.h"
#include "value/text.h"

static bool has(const struct buf *buf, const char *text)
{
	return view_find(buf_view(buf), view_of(text)) != SIZE_MAX;
}

/* ---- the form of the page ---- */

/* The name of the element that a tag opens or closes. */
static struct view tag_name(struct view tag)
{
	size_t end = 0;
	while (end < tag.len && tag.ptr[end] != ' ' && tag.ptr[end] != '/' && tag.ptr[end] != '>')
		end++;
	return view_first(tag, end);
}

static bool is_void(struct view name)
{
	return view_is(name, "meta") || view_is(name, "!DOCTYPE");
}

/* Where the tag ends: a > outside quotes. */
static size_t tag_end(struct view text)
{
	bool quoted = false;
	for (size_t i = 0; i < text.len; i++) {
		quoted ^= text.ptr[i] == '"';
		if (!quoted && text.ptr[i] == '>')
			return i;
	}
	return SIZE_MAX;
}

/* Every element is closed where it should be. */
static bool is_well_formed(struct view text)
{
	struct view open[64];
	size_t depth = 0;
	while (text.len) {
		if (text.ptr[0] != '<') {
			text = view_skip(text, 1);
			continue;
		}
		text = view_skip(text, 1);
		size_t end = tag_end(text);
		if (end == SIZE_MAX)
			return false;
		struct view tag = view_first(text, end);
		text = view_skip(text, end + 1);
		if (view_starts(tag, VIEW("/"))) {
			if (!depth || !view_equal(open[--depth], tag_name(view_skip(tag, 1))))
				return false;
		} else if (!is_void(tag_name(tag)) && !view_ends(tag, VIEW("/"))) {
			if (depth == 64)
				return false;
			open[depth++] = tag_name(tag);
		}
	}
	return depth == 0;
}

static size_t count_of(struct view text, const char *what)
{
	size_t count = 0, at;
	while ((at = view_find(text, view_of(what))) != SIZE_MAX) {
		text = view_skip(text, at + 1);
		count++;
	}
	return count;
}

/* What every page must keep. */
static void check_page(const struct buf *buf, const char *what)
{
	struct view page = buf_view(buf);
	CHECK(is_well_formed(page), "%s: elements are nested", what);
	CHECK(text_valid(page), "%s: UTF-8", what);
	CHECK(count_of(page, "<script") == 0 && count_of(page, "<img") == 0 && count_of(page, "<b>") == 0, "%s: labels stay labels", what);
	CHECK(count_of(page, "://") == 0 && count_of(page, "url(") == 0 && count_of(page, "@import") == 0,
	      "%s: nothing from elsewhere", what);
	CHECK(view_starts(page, VIEW("<!DOCTYPE html>\n")) && view_ends(page, VIEW("</html>\n")), "%s: whole", what);
}

/* ---- documents ---- */

#define NASTY VIEW("<script>alert('1')</script><b>\"&amp;\xff\x1b[31m\n<img src=x onerror=alert(1)>")

/* A nasty text in every place that takes one, drawn in every way. */
static void test_escaping(void)
{
	struct arena arena = { 0 };
	struct buf buf = { 0 };
	struct document doc;
	document_init(&doc, &arena, DOC_CHINESE);
	doc.title = doc.subtitle = NASTY;
	document_figure(&doc, (struct doc_figure){ .label = NASTY, .note = NASTY, .unit = DOC_COUNT, .cell = doc_number(1) });
	document_figure(&doc, (struct doc_figure){ .label = NASTY, .unit = DOC_TEXT, .cell = doc_text(NASTY) });
	document_note(&doc, NASTY, NASTY);
	const struct doc_column columns[] = {
		{ .id = NASTY, .label = NASTY, .unit = DOC_TEXT },
		{ .id = VIEW("s"), .label = NASTY, .unit = DOC_TEXT },
		{ .id = VIEW("n"), .label = NASTY, .unit = DOC_COUNT },
	};
	for (int i = 0; i < 2; i++) {
		struct doc_section *section = document_section(&doc, NASTY, NASTY, columns, 3);
		section->lead = NASTY;
		struct doc_cell *cells = section_row(section, DOC_PLAIN);
		cells[0] = doc_text(NASTY);
		cells[1] = doc_label(VIEW("id"), NASTY);
		cells[2] = doc_number(3);
		cells = section_row(section, DOC_PLAIN);
		cells[0] = doc_text(VIEW("b"));
		cells[1] = doc_text(NASTY);
		cells[2] = doc_number(4);
		for (enum chart_kind kind = CHART_FUNNEL; kind <= CHART_HEAT; kind++) {
			section_chart(section, (struct doc_chart){ .kind = kind, .title = NASTY, .label = 0, .value = 2 });
			section_chart(section, (struct doc_chart){ .kind = kind, .title = NASTY, .label = 0, .value = 2,
			                                           .by_series = true, .series = 1 });
		}
		section_note(section, NASTY, NASTY);
	}
	document_provenance(&doc, NASTY, NASTY);
	render_html(&buf, &doc);
	check_page(&buf, "escaping");
	CHECK(has(&buf, "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&lt;b&gt;&quot;&amp;amp;\xef\xbf\xbd\xef\xbf\xbd[31m "), "escaped");
	buf_release(&buf);
	arena_release(&arena);
}

static void test_page(void)
{
	struct arena arena = { 0 };
	struct buf buf = { 0 }, again = { 0 };
	struct document doc;
	document_init(&doc, &arena, DOC_CHINESE);
	doc.title = VIEW("渠道月报");
	document_figure(&doc, (struct doc_figure){ .label = VIEW("签约金额"), .unit = DOC_MONEY, .cell = doc_number(178543210055) });
	struct doc_section *section = sample_channels(&doc);
	section_chart(section, (struct doc_chart){ .kind = CHART_BARS, .title = VIEW("来访"), .label = 0, .value = 1 });
	section_note(section, VIEW("口径"), VIEW("同期"));
	document_provenance(&doc, VIEW("统计时点"), VIEW("2025-06-30"));
	render_html(&buf, &doc);
	check_page(&buf, "a page");
	static const char *const parts[][2] = {
		{ "<html lang=\"zh-CN\">", "language" },
		{ "<title>渠道月报</title>", "title" },
		{ "default-src 'none'", "policy: no script, nothing from elsewhere" },
		{ "<dt>签约金额</dt><dd class=\"n\" title=\"1,785,432,100.55\">17.85亿</dd>", "a card is short, its tooltip exact" },
		{ "<th scope=\"col\" class=\"keep\">渠道</th><th scope=\"col\" class=\"num\">来访组数</th>", "headings have a scope" },
		{ "<tr><th scope=\"row\" class=\"keep\">中介</th><td class=\"num\">12,040</td><td class=\"num\">1,234,567.89</td>"
		  "<td class=\"num\">8.44%<span class=\"mark good\" title=\"达标\" aria-hidden=\"true\">●</span>"
		  "<span class=\"hidden\"> 达标</span></td></tr>", "a row" },
		{ "<td class=\"num\">-0.50</td><td class=\"num\"><span class=\"none\">-</span></td></tr>", "what is undefined" },
		{ "<tr class=\"total\"><th scope=\"row\" class=\"keep\">合计</th>", "the total" },
		{ "<svg role=\"img\" aria-labelledby=\"c1t c1d\"", "a picture has a name" },
		{ "<desc id=\"c1d\">中介 12,040; 自然到访 0</desc>", "and a description" },
		{ "<dt>口径：</dt><dd>同期</dd>", "notes" },
		{ "<dt>统计时点：</dt><dd>2025-06-30</dd>", "provenance" },
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
		CHECK(has(&buf, parts[i][0]), "%s", parts[i][1]);
	render_html(&again, &doc);
	CHECK(view_equal(buf_view(&buf), buf_view(&again)), "the same document gives the same bytes");
	buf_reset(&buf);
	document_init(&doc, &arena, DOC_ENGLISH);
	render_html(&buf, &doc);
	check_page(&buf, "an empty document");
	CHECK(has(&buf, "<html lang=\"en\">"), "language");
	buf_release(&again);
	buf_release(&buf);
	arena_release(&arena);
}

/* ---- charts ---- */

static struct doc_section *stages(struct document *doc, const int64_t *numbers, size_t count)
{
	static const char *const names[] = { "来访", "认筹", "认购", "签约", "回款" };
	const struct doc_column columns[] = { { .id = VIEW("stage"), .unit = DOC_TEXT }, { .id = VIEW("n"), .unit = DOC_COUNT } };
	struct doc_section *section = document_section(doc, VIEW("s"), VIEW(""), columns, 2);
	for (size_t i = 0; i < count; i++) {
		struct doc_cell *cells = section_row(section, DOC_PLAIN);
		cells[0] = doc_text(view_of(names[i]));
		cells[1] = numbers[i] == INT64_MIN ? doc_missing() : doc_number(numbers[i]);
	}
	return section;
}

static const struct {
	enum chart_kind kind;
	int64_t numbers[4]; /* INT64_MIN: missing */
	const char *part, *why;
} drawings[] = {
	{ CHART_FUNNEL, { 400, 100, 0, 50 }, "x=\"37.5%\" width=\"25%\"><title>认筹：100</title>", "a quarter, in the middle" },
	{ CHART_FUNNEL, { 400, 100, 0, 50 }, "<path class=\"flow\" d=\"M0 34H10000L6250 62H3750Z\"/>", "joined to the next" },
	{ CHART_FUNNEL, { 400, 100, 0, 50 }, ">↓ 25.00%</text>", "rate from the stage before" },
	{ CHART_FUNNEL, { 400, 100, 0, 50 }, ">↓ -</text>", "no rate from nothing" },
	{ CHART_FUNNEL, { 400, 100, 0, 50 }, ">12.50%</text>", "rate from the first stage" },
	{ CHART_FUNNEL, { 400, INT64_MIN, 0, 50 }, ">-</text>", "a missing stage" },
	{ CHART_BARS, { 400, 100, 0, 50 }, "x=\"0%\" width=\"100%\"><title>来访：400</title>", "the longest bar" },
	{ CHART_BARS, { 400, 100, 0, 50 }, "x=\"0%\" width=\"12.5%\"><title>签约：50</title>", "an eighth" },
	{ CHART_BARS, { 300, -100, 0, 50 }, "x=\"0%\" width=\"25%\"><title>认筹：-100</title>", "below zero: to the left" },
	{ CHART_BARS, { 300, -100, 0, 50 }, "x=\"25%\" width=\"75%\"><title>来访：300</title>", "from the zero line on" },
	{ CHART_COLUMNS, { 400, 100, 0, 50 }, "y=\"10\" height=\"220\"><title>来访：400</title>", "as high as the axis" },
	{ CHART_COLUMNS, { 400, 100, 0, 50 }, "y=\"175\" height=\"55\"><title>认筹：100</title>", "a quarter of it" },
	{ CHART_STACKED, { 400, 100, 0, 50 }, "y=\"175\" height=\"55\"><title>认筹：100</title>", "one series" },
	{ CHART_STACKED, { 400, -100, 0, 50 }, "<title>认筹：-100</title>", "what is negative does not stack: columns" },
	{ CHART_LINES, { 400, 100, 0, 50 }, "<line x1=\"12.5%\" x2=\"37.5%\" y1=\"10\" y2=\"175\"/>", "from point to point" },
	{ CHART_LINES, { 400, 100, INT64_MIN, 50 }, "<g class=\"s1\"><line x1=\"12.5%\" x2=\"37.5%\" y1=\"10\" y2=\"175\"/></g>", "a gap" },
	{ CHART_LINES, { 400, 100, 0, 50 }, "<text class=\"q e\" x=\"-8\" y=\"179\">100</text>", "an axis in round numbers" },
};

static void test_drawings(void)
{
	for (size_t i = 0; i < sizeof drawings / sizeof *drawings; i++) {
		struct arena arena = { 0 };
		struct buf buf = { 0 };
		struct document doc;
		document_init(&doc, &arena, DOC_CHINESE);
		struct doc_section *section = stages(&doc, drawings[i].numbers, 4);
		section_chart(section, (struct doc_chart){ .kind = drawings[i].kind, .title = VIEW("图"), .label = 0, .value = 1 });
		svg_chart(&buf, DOC_CHINESE, section, section->charts, 1);
		CHECK(has(&buf, drawings[i].part), "drawing %zu: %s", i, drawings[i].why);
		CHECK(is_well_formed(buf_view(&buf)), "drawing %zu is well formed", i);
		if (!has(&buf, drawings[i].part))
			printf("%.*s\n", VIEW_ARGS(buf_view(&buf)));
		buf_release(&buf);
		arena_release(&arena);
	}
}

/* A table of `names` months by `series` projects, long, with numbers from end to end. */
static void fill(struct doc_section *section, struct arena *arena, int names, int series)
{
	static const int64_t numbers[] = { 0, 5, INT64_MAX, 70, 1000000, INT64_MIN, -3, 12 };
	for (int n = 0; n < names; n++) {
		for (int s = 0; s < series; s++) {
			struct doc_cell *cells = section_row(section, n % 11 == 10 ? DOC_SUBTOTAL : DOC_PLAIN);
			cells[0] = doc_text(view_of(arena_printf(arena, "%d-%02d", 2020 + n / 12, n % 12 + 1)));
			cells[1] = doc_text(view_of(arena_printf(arena, "云栖置业和光尘樾一期住宅及配套商业地下车位 %d", s)));
			for (int v = 2; v < 6; v++)
				if ((n + s) % 5)
					cells[v] = doc_number(numbers[(n * 3 + s + v) % 8]);
		}
	}
}

static void test_extremes(void)
{
	const struct doc_column columns[] = {
		{ .id = VIEW("month"), .unit = DOC_DATE }, { .id = VIEW("project"), .unit = DOC_TEXT },
		{ .id = VIEW("n"), .unit = DOC_COUNT },    { .id = VIEW("n"), .unit = DOC_MONEY },
		{ .id = VIEW("r"), .unit = DOC_RATE },     { .id = VIEW("d"), .unit = DOC_DAYS },
	};
	static const int sizes[][2] = { { 0, 0 }, { 1, 1 }, { 2, 1 }, { 60, 1 }, { 1, 60 }, { 37, 12 }, { 200, 1 } };
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		struct arena arena = { 0 };
		struct buf buf = { 0 };
		struct document doc;
		document_init(&doc, &arena, DOC_ENGLISH);
		struct doc_section *section = document_section(&doc, VIEW("x"), VIEW("x"), columns, 6);
		fill(section, &arena, sizes[i][0], sizes[i][1]);
		for (enum chart_kind kind = CHART_FUNNEL; kind <= CHART_HEAT; kind++) {
			for (unsigned value = 2; value < 6; value++)
				section_chart(section, (struct doc_chart){ .kind = kind, .label = 0, .value = value, .by_series = true, .series = 1,
				                                           .descending = true });
			section_chart(section, (struct doc_chart){ .kind = kind, .label = 1, .value = 2, .values = 4 });
			section_chart(section, (struct doc_chart){ .kind = kind, .label = 0, .value = 2, .values = 4, .across = true });
			section_chart(section, (struct doc_chart){ .kind = kind, .label = 0, .value = 1 });
			section_chart(section, (struct doc_chart){ .kind = kind, .label = 0, .value = 3, .values = 4 });
		}
		render_html(&buf, &doc);
		check_page(&buf, "extremes");
		CHECK(!has(&buf, "width=\"-") && !has(&buf, "height=\"-"), "no length is negative (%zu)", i);
		buf_release(&buf);
		arena_release(&arena);
	}
}

/* What is too much for a picture: the largest are shown, and the page says so. */
static void test_many(void)
{
	struct arena arena = { 0 };
	struct buf buf = { 0 };
	struct document doc;
	document_init(&doc, &arena, DOC_CHINESE);
	const struct doc_column columns[] = { { .id = VIEW("p"), .unit = DOC_TEXT }, { .id = VIEW("m"), .unit = DOC_DATE },
		                              { .id = VIEW("n"), .unit = DOC_COUNT } };
	struct doc_section *section = document_section(&doc, VIEW("s"), VIEW(""), columns, 3);
	for (int i = 0; i < 60; i++) {
		struct doc_cell *cells = section_row(section, DOC_PLAIN);
		cells[0] = doc_text(view_of(arena_printf(&arena, "项目%d", i)));
		cells[1] = doc_text(i % 2 ? VIEW("2024-01") : VIEW("2024-02"));
		cells[2] = doc_number(i);
	}
	section_chart(section, (struct doc_chart){ .kind = CHART_BARS, .label = 0, .value = 2 });
	section_chart(section, (struct doc_chart){ .kind = CHART_LINES, .label = 1, .value = 2, .by_series = true, .series = 0 });
	section_chart(section, (struct doc_chart){ .kind = CHART_STACKED, .label = 1, .value = 2, .by_series = true, .series = 0 });
	svg_chart(&buf, DOC_CHINESE, section, section->charts, 1);
	CHECK(has(&buf, "仅显示最大的 20 项，共 60 项"), "bars say what they leave out");
	CHECK(has(&buf, "<title>项目40：40</title>") && !has(&buf, "<title>项目39：39</title>"), "the largest stay");
	buf_reset(&buf);
	svg_chart(&buf, DOC_CHINESE, section, section->charts->next, 2);
	CHECK(has(&buf, "项目59</li>") && has(&buf, "其他 (54)</li>"), "six lines have a colour");
	buf_reset(&buf);
	svg_chart(&buf, DOC_CHINESE, section, section->charts->next->next, 3);
	CHECK(has(&buf, "<title>2024-02 · 其他：702</title>"), "the others are one part of the stack");
	buf_release(&buf);
	arena_release(&arena);
}

int main(void)
{
	test_escaping();
	test_page();
	test_drawings();
	test_extremes();
	test_many();
	return test_end();
}
