/* crm-report: metrics over the event stream, as tables and charts.
 *
 * Keeps one entry per customer, with eight bytes for each cell that the customer was seen in.
 * What a number means stands in lib/metric/metrics.csv, which reports there are in
 * lib/metric/reports.csv; this file reads options and makes the document. */
#include <stdlib.h>

#include "cli/cli.h"
#include "metric/count.h"
#include "render/csv.h"
#include "render/html.h"
#include "render/json.h"
#include "render/markdown.h"
#include "render/text.h"
#include "value/date.h"

enum { SHOWN = 24 }; /* metrics of one table */

enum form { FORM_AUTO, FORM_TEXT, FORM_CSV, FORM_TSV, FORM_MD, FORM_HTML, FORM_JSON };

/* One table of the report. */
struct section {
	const struct report_section *line; /* NULL: made by --by or --metrics alone */
	unsigned metrics[SHOWN], metric_count;
};

struct report {
	/* options */
	const char *by, *metric_list, *section_name, *since, *until, *where, *title;
	int form, spend_basis;
	bool list, totals;
	const char *define;
	/* the rest */
	struct run *run;
	struct metrics metrics;
	struct reports reports;
	struct section section[COUNT_TABLES];
	struct count count;
	bool chinese;
};

static struct view in_language(const struct report *report, struct view english, struct view chinese)
{
	return report->chinese && chinese.len ? chinese : english;
}

static struct view words(const struct report *report, const char *english, const char *chinese)
{
	return view_of(report->chinese ? chinese : english);
}

static struct view metric_label(const struct report *report, const struct metric *metric)
{
	struct view label = in_language(report, metric->label_en, metric->label_zh);
	return label.len ? label : metric->id;
}

static enum doc_unit shown_unit(const struct metric *metric)
{
	static const enum doc_unit units[] = { [UNIT_COUNT] = DOC_COUNT, [UNIT_MONEY] = DOC_MONEY,
		[UNIT_WAN] = DOC_WAN, [UNIT_RATE] = DOC_RATE, [UNIT_RATIO] = DOC_RATIO, [UNIT_AREA] = DOC_AREA,
		[UNIT_PRICE] = DOC_MONEY };
	return units[metric->unit];
}

/* ---- which metrics, in which tables ---- */

static unsigned need_metric(const struct report *report, struct view id)
{
	unsigned at = metrics_find(&report->metrics, id);
	struct view nearest = at == METRIC_UNSET ? metrics_nearest(&report->metrics, id) : view("", 0);
	if (nearest.len)
		cli_wrong("no metric \"%.*s\"; did you mean \"%.*s\"?", VIEW_ARGS(id), VIEW_ARGS(nearest));
	if (at == METRIC_UNSET)
		cli_wrong("no metric \"%.*s\"; --list shows those there are", VIEW_ARGS(id));
	return at;
}

/* Does it, or what it is made of, come from a table that is not given?  Then its name. */
static struct view missing_table(const struct report *report, unsigned number)
{
	const struct metric *metric = &report->metrics.metric[number];
	if (metric_is_derived(metric)) {
		struct view missing = missing_table(report, metric->numerator);
		if (!missing.len && metric->denominator != METRIC_UNSET)
			missing = missing_table(report, metric->denominator);
		return missing;
	}
	bool given = !metric->table.len || run_table(report->run, arena_string(&report->run->arena, metric->table));
	return given ? view("", 0) : metric->table;
}

/* A metric that nobody named is left out without its table; one that was named is wanted. */
static void add_metric(struct report *report, struct section *section, struct view id, bool named)
{
	unsigned number = need_metric(report, id);
	struct view missing = missing_table(report, number);
	if (missing.len && named)
		cli_wrong("metric \"%.*s\" wants --table %.*s=FILE", VIEW_ARGS(id), VIEW_ARGS(missing));
	if (missing.len)
		return;
	if (section->metric_count == SHOWN)
		cli_wrong("more than 24 metrics in one table");
	section->metrics[section->metric_count++] = number;
}

static void add_by(struct report *report, struct count_table *table, struct view list, char separator)
{
	for (struct view rest = list; rest.ptr && rest.len;) {
		if (table->by_count == COUNT_DIMENSIONS)
			cli_wrong("--by: more than 8 dimensions");
		table->by[table->by_count++] = arena_copy(&report->run->arena, view_cut(&rest, separator));
	}
}

static void add_section(struct report *report, const struct report_section *line)
{
	if (report->count.table_count == COUNT_TABLES)
		cli_wrong("more than 8 tables in one report");
	struct section *section = &report->section[report->count.table_count];
	struct count_table *table = &report->count.table[report->count.table_count++];
	section->line = line;
	if (report->by)
		add_by(report, table, view_of(report->by), ',');
	else
		add_by(report, table, line->by, ' ');
	struct view rest = report->metric_list ? view_of(report->metric_list) : line->metrics;
	while (rest.ptr && rest.len)
		add_metric(report, section, view_cut(&rest, report->metric_list ? ',' : ' '), report->metric_list);
}

/* The tables of the reports named, such as funnel,channel.  With --by there is one of each. */
static void choose_sections(struct report *report, const char *names)
{
	for (struct view rest = view_of(names); rest.ptr;) {
		struct view name = view_cut(&rest, ',');
		bool known = false, taken = false;
		for (unsigned i = 0; i < report->reports.count; i++) {
			const struct report_section *line = &report->reports.section[i];
			if (!view_equal(line->report, name))
				continue;
			known = true;
			if ((report->section_name && !view_is(line->section, report->section_name)) ||
			    (report->by && taken))
				continue;
			taken = true;
			add_section(report, line);
		}
		if (!known)
			cli_wrong("no report \"%.*s\"; there are: funnel, channel, count", VIEW_ARGS(name));
		if (!taken)
			cli_wrong("report \"%.*s\" has no section \"%s\"", VIEW_ARGS(name), report->section_name);
	}
}

static void want(const struct report *report, bool *wanted, unsigned number)
{
	const struct metric *metric = &report->metrics.metric[number];
	if (metric_is_derived(metric))
		want(report, wanted, metric->numerator);
	else
		wanted[number] = true;
	if (metric->denominator != METRIC_UNSET)
		want(report, wanted, metric->denominator);
}

static int64_t parse_day(const char *option, const char *text, int64_t second)
{
	int32_t day;
	if (!date_parse_plain(view_of(text), &day))
		cli_wrong("--%s: a date is wanted, such as 2025-06-30", option);
	return moment_of(day, 0) + second;
}

static void plan(struct report *report)
{
	struct count *count = &report->count;
	bool *wanted = arena_zero(&report->run->arena, report->metrics.count, sizeof *wanted);
	for (unsigned t = 0; t < count->table_count; t++)
		for (unsigned m = 0; m < report->section[t].metric_count; m++)
			want(report, wanted, report->section[t].metrics[m]);
	count->wanted = wanted;
	count->metrics = &report->metrics;
	count->where = report->where;
	count->since = report->since ? parse_day("since", report->since, 0) : INT64_MIN;
	count->until = report->until ? parse_day("until", report->until, DAY_SECONDS - 1) : INT64_MAX;
}

/* ---- the document ---- */

static struct view dimension_label(const struct report *report, struct view name)
{
	static const struct { const char *id, *en, *zh; } labels[] = {
		{ "project", "Project", "项目" }, { "region", "Region", "区域" }, { "city", "City", "城市" },
		{ "channel", "Channel", "渠道" }, { "channel2", "Channel (detail)", "二级渠道" },
		{ "day", "Day", "日" }, { "week", "Week", "周" }, { "month", "Month", "月份" },
		{ "quarter", "Quarter", "季度" }, { "year", "Year", "年" },
		{ "event_type", "Event", "事件类型" }, { "product", "Product", "产品" },
		{ "agent_id", "Agent", "经纪人" }, { "campaign_id", "Campaign", "活动" },
	};
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++)
		if (view_is(name, labels[i].id))
			return words(report, labels[i].en, labels[i].zh);
	return name;
}

static bool is_period(struct view name)
{
	return view_is(name, "day") || view_is(name, "week") || view_is(name, "month") ||
	       view_is(name, "quarter") || view_is(name, "year");
}

static void fill_row(const struct report *report, const struct section *section, const struct count_table *table,
                     const int64_t *numbers, struct doc_cell *cells)
{
	for (unsigned m = 0; m < section->metric_count; m++) {
		int64_t value;
		bool defined = count_value(&report->metrics, section->metrics[m], numbers, table->total, &value);
		cells[table->by_count + m] = defined ? doc_number(value) : doc_missing();
	}
}

static struct doc_section *add_table(struct report *report, struct document *doc, unsigned number)
{
	const struct section *section = &report->section[number];
	const struct count_table *table = &report->count.table[number];
	struct doc_column columns[COUNT_DIMENSIONS + SHOWN];
	for (unsigned d = 0; d < table->by_count; d++)
		columns[d] = (struct doc_column){ table->by[d], dimension_label(report, table->by[d]),
			is_period(table->by[d]) ? DOC_DATE : DOC_TEXT };
	for (unsigned m = 0; m < section->metric_count; m++) {
		const struct metric *metric = &report->metrics.metric[section->metrics[m]];
		columns[table->by_count + m] = (struct doc_column){ metric->id, metric_label(report, metric),
			shown_unit(metric) };
	}
	struct view heading = in_language(report, section->line->title_en, section->line->title_zh);
	struct doc_section *to = document_section(doc, section->line->section, heading, columns,
	                                          table->by_count + section->metric_count);
	for (size_t i = 0; i < table->cell_count; i++) {
		struct doc_cell *cells = section_row(to, DOC_PLAIN);
		for (unsigned d = 0; d < table->by_count; d++) {
			struct view value = table->cells[i].value[d];
			cells[d] = value.len ? doc_text(value) : doc_label(value, words(report, "(none)", "（空）"));
		}
		fill_row(report, section, table, table->cells[i].number, cells);
	}
	if (!table->by_count)
		return to; /* the one row is the total */
	struct doc_cell *cells = section_row(to, DOC_TOTAL);
	for (unsigned d = 0; d < table->by_count; d++)
		cells[d] = d ? doc_missing() : doc_label(VIEW("total"), words(report, "Total", "合计"));
	fill_row(report, section, table, table->total, cells);
	return to;
}

/* Column of a metric in the table; the program ends where the chart names one that is not there
 * (2: the table of reports contradicts itself); UINT_MAX where it was left out. */
static unsigned chart_column(const struct report *report, unsigned number, struct view id)
{
	const struct section *section = &report->section[number];
	for (unsigned m = 0; m < section->metric_count; m++)
		if (view_equal(report->metrics.metric[section->metrics[m]].id, id))
			return report->count.table[number].by_count + m;
	return UINT32_MAX;
}

/* "lines:visit_group visit_first" or "lines:visit_first/channel" (one line per channel). */
static void add_chart(const struct report *report, struct doc_section *to, unsigned number, struct view text)
{
	static const char *const kinds[] = { "funnel", "bars", "columns", "stacked", "lines", "heat" };
	const struct count_table *table = &report->count.table[number];
	struct view rest = text, kind = view_cut(&rest, ':');
	struct view series = rest, list = view_cut(&series, '/');
	struct doc_chart chart = { .values = 0 };
	while (chart.kind < 5 && !view_is(kind, kinds[chart.kind]))
		chart.kind++;
	for (struct view ids = list; ids.ptr && ids.len; chart.values++) {
		unsigned column = chart_column(report, number, view_cut(&ids, ' '));
		if (!chart.values)
			chart.value = column;
		/* A chart draws neighbours: with one left out there is none. */
		if (column == UINT32_MAX || column != chart.value + chart.values)
			return;
	}
	for (unsigned d = 0; series.ptr && d < table->by_count; d++) {
		if (view_equal(table->by[d], series)) {
			chart.by_series = true;
			chart.series = d;
		}
	}
	chart.across = chart.kind == CHART_FUNNEL;
	chart.descending = chart.kind == CHART_BARS;
	const struct metric *first = &report->metrics.metric[report->section[number].metrics[chart.value - table->by_count]];
	chart.title = chart.values == 1 ? metric_label(report, first) : view("", 0);
	section_chart(to, chart);
}

static void add_charts(const struct report *report, struct doc_section *to, unsigned number)
{
	const struct report_section *line = report->section[number].line;
	if (report->by || report->metric_list)
		return; /* the tables asked for are not those that the charts were made for */
	for (struct view rest = line->charts; rest.ptr && rest.len;)
		add_chart(report, to, number, view_cut(&rest, ';'));
}

static void add_definitions(const struct report *report, struct doc_section *to, unsigned number)
{
	const struct section *section = &report->section[number];
	for (unsigned m = 0; m < section->metric_count; m++) {
		const struct metric *metric = &report->metrics.metric[section->metrics[m]];
		struct view text = in_language(report, metric->define_en, metric->define_zh);
		if (text.len)
			section_note(to, metric_label(report, metric), text);
	}
}

static struct view day_text(struct arena *arena, int64_t moment)
{
	struct buf text = { 0 };
	date_format(moment_day(moment), &text);
	struct view copy = arena_copy(arena, buf_view(&text));
	buf_release(&text);
	return copy;
}

static void add_facts(const struct report *report, struct document *doc)
{
	struct arena *arena = &report->run->arena;
	struct buf text = { 0 };
	moment_format(report->run->as_of, &text);
	document_provenance(doc, words(report, "As of", "截止时间"), arena_copy(arena, buf_view(&text)));
	struct view range = view_of(arena_printf(arena, "%s – %s",
		report->since ? report->since : report->chinese ? "最早" : "first",
		report->until ? report->until : report->chinese ? "截止日" : "as of"));
	document_provenance(doc, words(report, "Range", "范围"), range);
	document_provenance(doc, words(report, "Basis", "口径"),
		words(report, "event basis: every number by its own date", "同期口径：各数按各自日期"));
	document_provenance(doc, words(report, "Events counted", "计入事件"),
		view_of(arena_printf(arena, "%llu", (unsigned long long)report->count.rows)));
	if (report->count.later)
		document_provenance(doc, words(report, "Events after that, left out", "截止后未计入"),
			view_of(arena_printf(arena, "%llu", (unsigned long long)report->count.later)));
	if (report->count.unknown)
		document_provenance(doc, words(report, "Events without a customer", "无客户的事件"),
			view_of(arena_printf(arena, "%llu", (unsigned long long)report->count.unknown)));
	document_provenance(doc, words(report, "Made by", "生成"), VIEW("crm-report"));
	buf_release(&text);
}

/* The totals that a manager looks for first. */
static void add_figures(const struct report *report, struct document *doc)
{
	static const char *const ids[] = { "visit_group", "sub_units", "sign_units", "sign_amount", "receipt_fin", "spend" };
	const int64_t *total = report->count.table[0].total;
	for (size_t i = 0; i < sizeof ids / sizeof *ids; i++) {
		unsigned number = metrics_find(&report->metrics, view_of(ids[i]));
		unsigned counted = number;
		while (counted != METRIC_UNSET && metric_is_derived(&report->metrics.metric[counted]))
			counted = report->metrics.metric[counted].numerator;
		int64_t value;
		if (counted == METRIC_UNSET || !report->count.wanted[counted] ||
		    !count_value(&report->metrics, number, total, total, &value))
			continue;
		const struct metric *metric = &report->metrics.metric[number];
		document_figure(doc, (struct doc_figure){ .label = metric_label(report, metric),
			.unit = shown_unit(metric), .cell = doc_number(value) });
	}
}

static void make_document(struct report *report, struct document *doc)
{
	struct arena *arena = &report->run->arena;
	document_init(doc, arena, report->chinese ? DOC_CHINESE : DOC_ENGLISH);
	struct view since = report->since ? view_of(report->since) : view("", 0);
	struct view until = report->until ? view_of(report->until) : day_text(arena, report->run->as_of);
	doc->title = report->title ? view_of(report->title)
	                           : in_language(report, report->section[0].line->title_en,
	                                         report->section[0].line->title_zh);
	doc->subtitle = view_of(since.len ? arena_printf(arena, "%.*s – %.*s", VIEW_ARGS(since), VIEW_ARGS(until))
	                                  : arena_printf(arena, report->chinese ? "截至 %.*s" : "as of %.*s",
	                                                 VIEW_ARGS(until)));
	add_figures(report, doc);
	for (unsigned t = 0; t < report->count.table_count; t++) {
		struct doc_section *section = add_table(report, doc, t);
		add_charts(report, section, t);
		add_definitions(report, section, t);
	}
	add_facts(report, doc);
}

/* ---- output ---- */

static enum form form_of(const struct report *report)
{
	static const struct { const char *suffix; enum form form; } suffixes[] = {
		{ ".csv", FORM_CSV }, { ".tsv", FORM_TSV }, { ".md", FORM_MD }, { ".html", FORM_HTML },
		{ ".htm", FORM_HTML }, { ".json", FORM_JSON }, { ".jsonl", FORM_JSON },
	};
	if (report->form)
		return (enum form)report->form;
	for (size_t i = 0; report->run->output && i < sizeof suffixes / sizeof *suffixes; i++)
		if (view_ends(view_of(report->run->output), view_of(suffixes[i].suffix)))
			return suffixes[i].form;
	return FORM_TEXT;
}

static void write_document(struct report *report, const struct document *doc, enum form form)
{
	struct buf bytes = { 0 };
	switch (form) {
	case FORM_CSV:
		render_csv(&bytes, doc->sections, ',', CSV_HEADER | (report->totals ? CSV_TOTALS : 0));
		break;
	case FORM_TSV:
		render_tsv(&bytes, doc->sections, CSV_HEADER | (report->totals ? CSV_TOTALS : 0));
		break;
	case FORM_MD:
		render_markdown(&bytes, doc);
		break;
	case FORM_HTML:
		render_html(&bytes, doc);
		break;
	case FORM_JSON:
		render_json(&bytes, doc, report->totals);
		break;
	case FORM_AUTO:
	case FORM_TEXT:
		render_text(&bytes, doc, (struct text_form){ .width = 80, .colour = report->run->color, .charts = true });
		break;
	}
	sink_write(report->run->sink, buf_view(&bytes));
	for (unsigned t = 0; t < report->count.table_count; t++)
		report->run->counts.written += report->count.table[t].cell_count;
	buf_release(&bytes);
}

/* ---- the dictionary ---- */

static _Noreturn void list_metrics(struct report *report)
{
	struct buf to = { 0 };
	for (unsigned i = 0; i < report->metrics.count; i++) {
		const struct metric *metric = &report->metrics.metric[i];
		buf_printf(&to, "%-20.*s %.*s: %.*s\n", VIEW_ARGS(metric->id), VIEW_ARGS(metric_label(report, metric)),
		           VIEW_ARGS(in_language(report, metric->define_en, metric->define_zh)));
	}
	run_open_output(report->run);
	sink_write(report->run->sink, buf_view(&to));
	buf_release(&to);
	exit(run_finish(report->run));
}

int main(int argc, char **argv)
{
	static struct report report;
	static const char *const forms[] = { "auto", "text", "csv", "tsv", "md", "html", "json", NULL };
	static const char *const bases[] = { "accrue", "pay", NULL };
	static const struct opt options[] = {
		OPT_TEXT('b', "by", &report.by, "LIST", "dimensions in place of the report's own: columns, day, week, month, quarter, year"),
		OPT_TEXT(0, "metrics", &report.metric_list, "LIST", "metrics in place of the report's own"),
		OPT_TEXT(0, "section", &report.section_name, "NAME", "only this table of the report"),
		OPT_TEXT(0, "since", &report.since, "DATE", "from this day on"),
		OPT_TEXT(0, "until", &report.until, "DATE", "up to this day, included"),
		OPT_TEXT('w', "where", &report.where, "EXPR", "only events that the expression keeps"),
		OPT_CHOICE(0, "spend-basis", &report.spend_basis, bases, "spend by accrual or by payment: accrue, pay"),
		OPT_CHOICE(0, "to", &report.form, forms, "text, csv, tsv, md, html or json; else by -o's suffix"),
		OPT_TEXT(0, "title", &report.title, "TEXT", "title of the page"),
		OPT_FLAG(0, "totals", &report.totals, "totals in csv, tsv and json too"),
		OPT_FLAG(0, "list", &report.list, "the metrics that there are, with their definitions"),
		OPT_END
	};
	static const char *const examples[] = {
		"crm-report funnel events.csv",
		"crm-report channel -t spend=spend.csv --lang zh -o channel.html events.csv",
		"crm-report funnel --by project,month --to csv --since 2025-01-01 events.csv",
		NULL
	};
	static struct cli_table tables[3];
	tables[0] = (struct cli_table){ "metrics", metrics_builtin };
	tables[1] = (struct cli_table){ "reports", reports_builtin };
	static const struct tool tool = {
		.name = "crm-report",
		.does = "Reports on the event stream: funnel, channel, count. Several may be named, with commas.",
		.usage = "[OPTION]... REPORT [FILE]...",
		.options = options,
		.shares = CLI_READS | CLI_RULES | CLI_TABLES | CLI_AS_OF | CLI_MEMORY | CLI_SHARDS | CLI_LABELS,
		.examples = examples,
		.tables = tables,
		.no_input = true,
	};
	struct run run;
	cli_start(&tool, &run, argc, argv);
	report.run = &run;
	report.chinese = strcmp(run.lang, "zh") == 0;
	report.metrics = metrics_load(&run.arena, run.rules, run.add_rules);
	report.reports = reports_load(&run.arena);
	unsigned spend = metrics_find(&report.metrics, VIEW("spend"));
	if (spend != METRIC_UNSET && report.spend_basis)
		report.metrics.metric[spend].numerator = need_metric(&report, VIEW("spend_pay"));
	if (report.list)
		list_metrics(&report);
	if (!run.operand_count)
		cli_wrong("name a report: funnel, channel or count");
	choose_sections(&report, run.operands[0]);
	enum form form = form_of(&report);
	if ((form == FORM_CSV || form == FORM_TSV) && report.count.table_count > 1)
		cli_wrong("csv and tsv hold one table; choose it with --section or --by");
	plan(&report);
	run.operands++;
	run.operand_count--;
	const struct header *header = run_open(&run);
	run_open_output(&run);
	if (header) {
		count_run(&run, &report.count);
		struct document doc;
		make_document(&report, &doc);
		write_document(&report, &doc, form);
	}
	return run_finish(&run);
}
