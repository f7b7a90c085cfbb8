/* page: see page.h. */
#include "render/page.h"

#include "render/figure.h"
#include "table/model.h"
#include "value/date.h"

/* ---- words ---- */

static struct view words(const struct page *page, const char *english, const char *chinese)
{
	return view_of(page->chinese ? chinese : english);
}

static struct view in_language(const struct page *page, struct view english, struct view chinese)
{
	return page->chinese && chinese.len ? chinese : english;
}

static const struct metric *metric_at(const struct page *page, unsigned number)
{
	return &page->choice->metrics->metric[number];
}

static struct view metric_label(const struct page *page, unsigned number)
{
	const struct metric *metric = metric_at(page, number);
	struct view label = in_language(page, metric->label_en, metric->label_zh);
	return label.len ? label : metric->id;
}

static enum doc_unit shown_unit(const struct metric *metric)
{
	static const enum doc_unit units[] = { [UNIT_COUNT] = DOC_COUNT, [UNIT_MONEY] = DOC_MONEY,
		[UNIT_WAN] = DOC_WAN, [UNIT_RATE] = DOC_RATE, [UNIT_RATIO] = DOC_RATIO, [UNIT_AREA] = DOC_AREA,
		[UNIT_PRICE] = DOC_MONEY };
	return units[metric->unit];
}

static struct view dimension_label(const struct page *page, struct view name)
{
	static const struct { const char *id, *en, *zh; } periods[] = {
		{ "day", "Day", "日" }, { "week", "Week", "周" }, { "month", "Month", "月份" },
		{ "quarter", "Quarter", "季度" }, { "year", "Year", "年" },
	};
	for (size_t i = 0; i < sizeof periods / sizeof *periods; i++)
		if (view_is(name, periods[i].id))
			return words(page, periods[i].en, periods[i].zh);
	return model_label(name, page->chinese);
}

/* ---- a table ---- */

static struct doc_cell dimension_cell(const struct page *page, struct view dimension, struct view value)
{
	if (!value.len)
		return doc_label(value, words(page, "(none)", "（空）"));
	struct view label = page->name ? page->name(page->arg, dimension, value) : view("", 0);
	return label.len ? doc_label(value, label) : doc_text(value);
}

/* Of metrics that the input has no events for at all, 0 would be a claim. */
static bool is_unknown(const struct page *page, unsigned number)
{
	return !page->numbers_only && choice_lacks(page->choice, number) != METRIC_UNSET;
}

static void fill_row(const struct page *page, unsigned number, const int64_t *numbers, const int64_t *whole,
                     struct doc_cell *cells)
{
	const struct choice_table *table = &page->choice->table[number];
	for (unsigned m = 0; m < table->metric_count; m++) {
		int64_t value;
		bool defined = !is_unknown(page, table->metrics[m]) && metric_value(page->choice->metrics, table->metrics[m], numbers, whole, &value);
		cells[page->choice->count.table[number].by_count + m] = defined ? doc_number(value) : doc_missing();
	}
}

static void add_rows(const struct page *page, struct doc_section *to, unsigned number)
{
	const struct count_table *table = &page->choice->count.table[number];
	for (size_t i = 0; i < table->cell_count; i++) {
		const struct count_cell *cell = &table->cells[i];
		struct doc_cell *cells = section_row(to, DOC_PLAIN);
		for (unsigned d = 0; d < table->by_count; d++)
			cells[d] = dimension_cell(page, table->by[d], cell->value[d]);
		fill_row(page, number, cell->number, choice_whole(page->choice, number, cell), cells);
	}
	if (!table->by_count && table->cell_count)
		return; /* the one row is the total */
	struct doc_cell *cells = section_row(to, table->by_count ? DOC_TOTAL : DOC_PLAIN);
	for (unsigned d = 0; d < table->by_count; d++)
		cells[d] = d ? doc_missing() : doc_label(VIEW("total"), words(page, "Total", "合计"));
	fill_row(page, number, table->total, table->total, cells);
}

static struct doc_section *add_table(const struct page *page, struct document *doc, unsigned number)
{
	const struct choice_table *is = &page->choice->table[number];
	const struct count_table *table = &page->choice->count.table[number];
	struct doc_column columns[COUNT_DIMENSIONS + CHOICE_METRICS];
	for (unsigned d = 0; d < table->by_count; d++)
		columns[d] = (struct doc_column){ table->by[d], dimension_label(page, table->by[d]),
			count_is_period(table->by[d]) ? DOC_DATE : DOC_TEXT };
	for (unsigned m = 0; m < is->metric_count; m++) {
		const struct metric *metric = metric_at(page, is->metrics[m]);
		columns[table->by_count + m] =
			(struct doc_column){ metric->id, metric_label(page, is->metrics[m]), shown_unit(metric) };
	}
	struct view heading = in_language(page, is->line->heading_en, is->line->heading_zh);
	struct view id = view_of(arena_printf(page->arena, "%.*s.%.*s", VIEW_ARGS(is->line->report),
	                                      VIEW_ARGS(is->line->section)));
	struct doc_section *to = document_section(doc, id, page->own_dimensions ? view("", 0) : heading, columns,
	                                          table->by_count + is->metric_count);
	add_rows(page, to, number);
	return to;
}

/* ---- its charts ---- */

/* Column of a metric in the table; UINT32_MAX where it was left out. */
static unsigned chart_column(const struct page *page, unsigned number, struct view id)
{
	const struct choice_table *table = &page->choice->table[number];
	for (unsigned m = 0; m < table->metric_count; m++)
		if (view_equal(metric_at(page, table->metrics[m])->id, id))
			return page->choice->count.table[number].by_count + m;
	return UINT32_MAX;
}

/* "lines:visit_group visit_first" or "lines:visit_first/channel" (one line per channel). */
static void add_chart(const struct page *page, struct doc_section *to, unsigned number, struct view text)
{
	static const char *const kinds[] = { "funnel", "bars", "columns", "stacked", "lines", "heat" };
	const struct count_table *table = &page->choice->count.table[number];
	struct view series = text, kind = view_cut(&series, ':'), list = view_cut(&series, '/');
	struct doc_chart chart = { .values = 0 };
	while (chart.kind < CHART_HEAT && !view_is(kind, kinds[chart.kind]))
		chart.kind++;
	for (struct view ids = list; ids.ptr && ids.len; chart.values++) {
		unsigned column = chart_column(page, number, view_cut(&ids, ' '));
		if (!chart.values)
			chart.value = column;
		/* A chart draws neighbours: with one left out there is none. */
		if (column == UINT32_MAX || column != chart.value + chart.values)
			return;
	}
	if (chart.values == 1 && is_unknown(page, page->choice->table[number].metrics[chart.value - table->by_count]))
		return;
	for (unsigned d = 0; series.ptr && d < table->by_count; d++) {
		if (view_equal(table->by[d], series)) {
			chart.by_series = true;
			chart.series = d;
		}
	}
	chart.across = chart.kind == CHART_FUNNEL;
	chart.descending = chart.kind == CHART_BARS;
	chart.title = chart.values == 1 ? to->columns[chart.value].label : view("", 0);
	section_chart(to, chart);
}

static void add_charts(const struct page *page, struct doc_section *to, unsigned number)
{
	if (page->own_dimensions || page->own_metrics)
		return; /* the tables asked for are not those that the charts were made for */
	for (struct view rest = page->choice->table[number].line->charts; rest.ptr && rest.len;)
		add_chart(page, to, number, view_cut(&rest, ';'));
}

/* ---- what is said around the tables ---- */

static void add_definition(const struct page *page, struct document *doc, unsigned number, bool *defined)
{
	const struct metric *metric = metric_at(page, number);
	if (metric->kind == METRIC_ALIAS)
		metric = metric_at(page, metric->numerator);
	struct view text = in_language(page, metric->define_en, metric->define_zh);
	if (text.len && !defined[number])
		document_definition(doc, metric_label(page, number), text);
	defined[number] = true;
}

/* Every metric on the page, once. */
static void add_definitions(const struct page *page, struct document *doc)
{
	const struct choice *choice = page->choice;
	bool *defined = arena_zero(page->arena, choice->metrics->count, sizeof *defined);
	for (unsigned t = 0; t < choice->table_count; t++)
		for (unsigned m = 0; m < choice->table[t].metric_count; m++)
			add_definition(page, doc, choice->table[t].metrics[m], defined);
	for (unsigned i = 0; i < choice->figure_count; i++) {
		add_definition(page, doc, choice->figures[i].metric, defined);
		if (choice->figures[i].note != METRIC_UNSET)
			add_definition(page, doc, choice->figures[i].note, defined);
	}
	document_definition(doc, words(page, "Basis", "口径"),
		words(page, "every number by its own date; distinct counts are taken anew in every row and total, so rows need not add up",
		      "同期口径：各数按各自日期；去重数在每行与合计中各自计算，合计可不等于各行之和"));
}

/* An amount stands there alone, as 2.3M: of what? */
static struct view figure_label(const struct page *page, unsigned number)
{
	struct view label = metric_label(page, number);
	enum doc_unit unit = shown_unit(metric_at(page, number));
	if (unit != DOC_MONEY && unit != DOC_WAN)
		return label;
	return view_of(arena_printf(page->arena, page->chinese ? "%.*s（元）" : "%.*s (yuan)", VIEW_ARGS(label)));
}

/* The totals that a manager looks for first. */
static void put_figures(const struct page *page, struct document *doc)
{
	const struct choice *choice = page->choice;
	const int64_t *total = choice->count.table[0].total;
	for (unsigned i = 0; i < choice->figure_count; i++) {
		const struct choice_figure *figure = &choice->figures[i];
		int64_t value, beneath;
		if (!metric_value(choice->metrics, figure->metric, total, total, &value))
			continue;
		struct doc_figure shown = { .label = figure_label(page, figure->metric),
			.unit = shown_unit(metric_at(page, figure->metric)),
			.cell = is_unknown(page, figure->metric) ? doc_missing() : doc_number(value) };
		if (figure->note != METRIC_UNSET && !is_unknown(page, figure->note) && metric_value(choice->metrics, figure->note, total, total, &beneath)) {
			struct buf text = { 0 };
			buf_put(&text, metric_label(page, figure->note));
			buf_byte(&text, ' ');
			figure_short(&text, shown_unit(metric_at(page, figure->note)), beneath, doc->language);
			shown.note = arena_copy(page->arena, buf_view(&text));
			buf_release(&text);
		}
		document_figure(doc, shown);
	}
}

/* Adds the (first) type of event that a metric has none of. */
static void add_type(const struct page *page, unsigned number, struct buf *types)
{
	unsigned lacks = choice_lacks(page->choice, number);
	struct view rest = lacks == METRIC_UNSET ? view("", 0) : metric_at(page, lacks)->types;
	struct view type = view_cut(&rest, ' ');
	bool said = !type.len;
	for (struct view list = buf_view(types); list.len && !said;)
		said = view_equal(view_trim(view_cut(&list, ',')), type);
	if (said)
		return;
	buf_text(types, types->len ? ", " : "");
	buf_put(types, type);
}

/* Why numbers are shown as `-`: a ledger was not given. */
static void add_lacking(const struct page *page, struct document *doc)
{
	const struct choice *choice = page->choice;
	struct buf types = { 0 };
	for (unsigned i = 0; i < choice->figure_count; i++)
		add_type(page, choice->figures[i].metric, &types);
	for (unsigned t = 0; t < choice->table_count; t++)
		for (unsigned m = 0; m < choice->table[t].metric_count; m++)
			add_type(page, choice->table[t].metrics[m], &types);
	if (types.len && !page->numbers_only)
		document_note(doc, words(page, "Events that the input lacks; what counts them is shown as -",
		                         "输入中没有的事件，由其得出的数字以 - 表示"), arena_copy(page->arena, buf_view(&types)));
	buf_release(&types);
}

static struct view count_text(const struct page *page, uint64_t count)
{
	struct buf text = { 0 };
	figure_shown(&text, DOC_COUNT, (int64_t)count);
	struct view copy = arena_copy(page->arena, buf_view(&text));
	buf_release(&text);
	return copy;
}

/* The headings of tables that the stream cannot have; may be empty. */
static struct view left_out(const struct page *page)
{
	struct buf names = { 0 };
	for (unsigned i = 0; i < page->choice->left_out_count; i++) {
		const struct report_section *line = page->choice->left_out[i];
		buf_text(&names, names.len ? page->chinese ? "、" : ", " : "");
		buf_put(&names, in_language(page, line->heading_en, line->heading_zh));
	}
	struct view copy = arena_copy(page->arena, buf_view(&names));
	buf_release(&names);
	return copy;
}

static void add_facts(const struct page *page, struct document *doc)
{
	const struct count *count = &page->choice->count;
	struct buf text = { 0 };
	moment_format(page->as_of, &text);
	document_provenance(doc, words(page, "As of", "截止时间"), arena_copy(page->arena, buf_view(&text)));
	buf_release(&text);
	if (page->since || page->until)
		document_provenance(doc, words(page, "Range", "范围"), view_of(arena_printf(page->arena, "%s – %s",
			page->since ? page->since : page->chinese ? "最早" : "first",
			page->until ? page->until : page->chinese ? "截止时间" : "as of")));
	if (page->where)
		document_provenance(doc, words(page, "Only events with", "仅计事件"), view_of(page->where));
	document_provenance(doc, words(page, "Events counted", "计入事件"), count_text(page, count->rows));
	if (count->later)
		document_provenance(doc, words(page, "Events after that, left out", "截止后未计入的事件"),
		                    count_text(page, count->later));
	if (count->unknown)
		document_provenance(doc, words(page, "Events without a customer", "无客户的事件"),
		                    count_text(page, count->unknown));
	struct view headings = left_out(page);
	if (headings.len)
		document_provenance(doc, words(page, "Left out, for want of a column", "因缺列未列出"), headings);
	document_provenance(doc, words(page, "Made by", "生成"), VIEW("crm-report"));
}

static struct view range_text(const struct page *page)
{
	struct buf text = { 0 };
	date_format(moment_day(page->as_of), &text);
	const char *until = page->until ? page->until : arena_string(page->arena, buf_view(&text));
	buf_release(&text);
	if (page->since)
		return view_of(arena_printf(page->arena, "%s – %s", page->since, until));
	return view_of(arena_printf(page->arena, page->chinese ? "截至 %s" : "as of %s", until));
}

/* What all cells have in this dimension; empty where they differ or no table has it. */
static struct view only_value(const struct page *page, struct view dimension)
{
	struct view only = view("", 0);
	for (unsigned t = 0; t < page->choice->table_count; t++) {
		const struct count_table *table = &page->choice->count.table[t];
		for (unsigned d = 0; d < table->by_count; d++) {
			for (size_t i = 0; view_equal(table->by[d], dimension) && i < table->cell_count; i++) {
				if (only.len && !view_equal(only, table->cells[i].value[d]))
					return view("", 0);
				only = table->cells[i].value[d];
				if (!only.len)
					return only;
			}
		}
	}
	return only;
}

/* "West Lake · Customer funnel · Channel effect": the project where there is but one. */
static struct view title_of(const struct page *page)
{
	struct buf title = { 0 };
	struct view last = { NULL, 0 }, project = only_value(page, VIEW("project"));
	if (project.len) {
		struct doc_cell cell = dimension_cell(page, VIEW("project"), project);
		buf_put(&title, cell_shown(&cell));
	}
	for (unsigned t = 0; t < page->choice->table_count; t++) {
		struct view name = page->choice->table[t].line->report;
		if (t && view_equal(name, last))
			continue;
		last = name;
		for (unsigned i = 0; i < page->reports->count; i++) {
			const struct report_section *line = &page->reports->section[i];
			if (!view_equal(line->report, name) || !line->title_en.len)
				continue;
			buf_text(&title, title.len ? " · " : "");
			buf_put(&title, in_language(page, line->title_en, line->title_zh));
		}
	}
	struct view copy = arena_copy(page->arena, buf_view(&title));
	buf_release(&title);
	return copy;
}

/* ---- documents ---- */

void page_make(const struct page *page, struct document *doc)
{
	document_init(doc, page->arena, page->chinese ? DOC_CHINESE : DOC_ENGLISH);
	doc->title = page->title ? view_of(page->title) : title_of(page);
	doc->subtitle = range_text(page);
	put_figures(page, doc);
	add_lacking(page, doc);
	for (unsigned t = 0; t < page->choice->table_count; t++)
		add_charts(page, add_table(page, doc, t), t);
	add_definitions(page, doc);
	add_facts(page, doc);
}

void page_list(const struct page *page, struct document *doc)
{
	const struct doc_column tables[] = { { VIEW("report"), words(page, "Report", "报表"), DOC_DATE },
		{ VIEW("section"), words(page, "Section", "表"), DOC_DATE }, { VIEW("by"), words(page, "By", "维度"), DOC_TEXT },
		{ VIEW("heading"), words(page, "Heading", "标题"), DOC_TEXT } };
	const struct doc_column metrics[] = { { VIEW("id"), words(page, "Metric", "指标"), DOC_DATE },
		{ VIEW("label"), words(page, "Name", "名称"), DOC_TEXT },
		{ VIEW("define"), words(page, "Definition", "定义"), DOC_TEXT } };
	document_init(doc, page->arena, page->chinese ? DOC_CHINESE : DOC_ENGLISH);
	struct doc_section *to = document_section(doc, VIEW("reports"), view("", 0), tables, 4);
	for (unsigned i = 0; i < page->reports->count; i++) {
		const struct report_section *line = &page->reports->section[i];
		struct doc_cell *cells = section_row(to, DOC_PLAIN);
		cells[0] = doc_text(line->report);
		cells[1] = doc_text(line->section);
		cells[2] = doc_text(line->by);
		cells[3] = doc_text(in_language(page, line->heading_en, line->heading_zh));
	}
	to = document_section(doc, VIEW("metrics"), view("", 0), metrics, 3);
	for (unsigned i = 0; i < page->choice->metrics->count; i++) {
		const struct metric *metric = metric_at(page, i);
		struct doc_cell *cells = section_row(to, DOC_PLAIN);
		cells[0] = doc_text(metric->id);
		cells[1] = doc_text(metric_label(page, i));
		cells[2] = doc_text(in_language(page, metric->define_en, metric->define_zh));
	}
}
