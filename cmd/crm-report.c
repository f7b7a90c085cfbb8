/* crm-report: metrics over the event stream, as tables and charts.
 *
 * Keeps one entry per customer, with eight bytes for each cell that the customer was seen in.
 * What a number means stands in lib/metric/metrics.csv, which reports there are in
 * lib/metric/reports.csv; this file reads options and makes the document. */
#include <stdlib.h>

#include "base/nearest.h"
#include "cli/cli.h"
#include "event/register.h"
#include "metric/count.h"
#include "render/csv.h"
#include "render/figure.h"
#include "render/html.h"
#include "render/json.h"
#include "render/markdown.h"
#include "render/text.h"
#include "table/model.h"
#include "value/date.h"

enum {
	SECTIONS = 8, /* tables of one output; each may want one more to take shares of */
	SHOWN = 24,   /* metrics of one table */
	FIGURES = 12,
};

enum form { FORM_AUTO, FORM_TEXT, FORM_CSV, FORM_TSV, FORM_MD, FORM_HTML, FORM_JSON };

/* One table of the output; its number is that of its table in `count`. */
struct section {
	const struct report_section *line;
	unsigned metrics[SHOWN], metric_count;
	unsigned shares; /* the count's table whose cells its shares are taken of; its own: its total */
};

/* A number shown large, and one beneath it (METRIC_UNSET: none). */
struct figure {
	unsigned metric, note;
};

struct report {
	/* options */
	const char *by, *metric_list, *section_name, *since, *until, *where, *title, *define;
	int to, spend_basis;
	bool list, totals;
	/* the rest */
	struct run *run;
	enum form form;
	struct metrics metrics;
	struct reports reports;
	struct section section[SECTIONS];
	unsigned section_count;
	struct figure figures[FIGURES];
	unsigned figure_count;
	struct event_registers registers;
	struct count count;
	struct view left_out; /* headings of sections that this stream cannot have */
	bool chinese;
};

/* ---- words ---- */

static struct view words(const struct report *report, const char *english, const char *chinese)
{
	return view_of(report->chinese ? chinese : english);
}

static struct view in_language(const struct report *report, struct view english, struct view chinese)
{
	return report->chinese && chinese.len ? chinese : english;
}

static const struct metric *metric_at(const struct report *report, unsigned number)
{
	return &report->metrics.metric[number];
}

static struct view metric_label(const struct report *report, unsigned number)
{
	const struct metric *metric = metric_at(report, number);
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

static struct view dimension_label(const struct report *report, struct view name)
{
	static const struct { const char *id, *en, *zh; } periods[] = {
		{ "day", "Day", "日" }, { "week", "Week", "周" }, { "month", "Month", "月份" },
		{ "quarter", "Quarter", "季度" }, { "year", "Year", "年" },
	};
	for (size_t i = 0; i < sizeof periods / sizeof *periods; i++)
		if (view_is(name, periods[i].id))
			return words(report, periods[i].en, periods[i].zh);
	return model_label(name, report->chinese);
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
	const struct metric *metric = metric_at(report, number);
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
		cli_wrong("more than %d metrics in one table", SHOWN);
	section->metrics[section->metric_count++] = number;
}

static void add_by(struct report *report, struct count_table *table, struct view list, char separator)
{
	for (struct view rest = list; rest.ptr && rest.len;) {
		if (table->by_count == COUNT_DIMENSIONS)
			cli_wrong("--by: more than %d dimensions", COUNT_DIMENSIONS);
		table->by[table->by_count++] = arena_copy(&report->run->arena, view_cut(&rest, separator));
	}
}

static bool has_figure(const struct report *report, unsigned metric)
{
	for (unsigned i = 0; i < report->figure_count; i++)
		if (report->figures[i].metric == metric)
			return true;
	return false;
}

/* "visit_group/visit_first sub_units": of a report's first line. */
static void add_figures(struct report *report, struct view list)
{
	for (struct view rest = list; rest.ptr && rest.len;) {
		struct view note = view_cut(&rest, ' '), id = view_cut(&note, '/');
		unsigned number = need_metric(report, id);
		if (missing_table(report, number).len || has_figure(report, number) || report->figure_count == FIGURES)
			continue;
		report->figures[report->figure_count++] = (struct figure){ number,
			note.ptr ? need_metric(report, note) : METRIC_UNSET };
	}
}

static void add_section(struct report *report, const struct report_section *line)
{
	if (report->section_count == SECTIONS)
		cli_wrong("more than %d tables in one report", SECTIONS);
	struct count_table *table = &report->count.table[report->section_count];
	struct section *section = &report->section[report->section_count++];
	section->line = line;
	if (report->by)
		add_by(report, table, view_of(report->by), ',');
	else
		add_by(report, table, line->by, ' ');
	struct view rest = report->metric_list ? view_of(report->metric_list) : line->metrics;
	while (rest.ptr && rest.len)
		add_metric(report, section, view_cut(&rest, report->metric_list ? ',' : ' '), report->metric_list);
	if (!report->metric_list)
		add_figures(report, line->figures);
}

/* With --by and --metrics a report is one table: that of its first section. */
static bool is_chosen(const struct report *report, const struct report_section *line, bool taken)
{
	if (report->section_name)
		return view_is(line->section, report->section_name);
	bool prose = report->form == FORM_TEXT || report->form == FORM_MD;
	return !(report->by && taken) && !(line->detail.len && prose);
}

/* The tables of the reports named, such as funnel,channel. */
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
			if (!is_chosen(report, line, taken))
				continue;
			taken = true;
			add_section(report, line);
		}
		if (!known)
			cli_wrong("no report \"%.*s\"; there are: %.*s", VIEW_ARGS(name),
			          VIEW_ARGS(reports_names(&report->reports, &report->run->arena)));
		if (!taken)
			cli_wrong("report \"%.*s\" has no section \"%s\"; there are: %.*s", VIEW_ARGS(name),
			          report->section_name,
			          VIEW_ARGS(sections_names(&report->reports, name, &report->run->arena)));
	}
}

static void want(const struct report *report, bool *wanted, unsigned number)
{
	const struct metric *metric = metric_at(report, number);
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
	for (unsigned t = 0; t < report->section_count; t++)
		for (unsigned m = 0; m < report->section[t].metric_count; m++)
			want(report, wanted, report->section[t].metrics[m]);
	for (unsigned i = 0; i < report->figure_count; i++) {
		want(report, wanted, report->figures[i].metric);
		if (report->figures[i].note != METRIC_UNSET)
			want(report, wanted, report->figures[i].note);
	}
	count->wanted = wanted;
	count->metrics = &report->metrics;
	count->where = report->where;
	count->since = report->since ? parse_day("since", report->since, 0) : INT64_MIN;
	count->until = report->until ? parse_day("until", report->until, DAY_SECONDS - 1) : INT64_MAX;
}

/* ---- when the columns of the stream are known ---- */

static bool has_dimensions(const struct count_table *table, const struct header *header)
{
	for (unsigned d = 0; d < table->by_count; d++)
		if (!count_is_period(table->by[d]) && header_find(header, table->by[d]) == COLUMN_NONE)
			return false;
	return true;
}

/* A table that was not asked for by name is left out where the stream lacks its dimension. */
static void leave_out(struct report *report, const struct header *header)
{
	struct buf names = { 0 };
	unsigned kept = 0;
	for (unsigned t = 0; t < report->section_count; t++) {
		const struct report_section *line = report->section[t].line;
		if (report->by || report->section_name || has_dimensions(&report->count.table[t], header)) {
			report->section[kept] = report->section[t];
			report->count.table[kept++] = report->count.table[t];
			continue;
		}
		buf_text(&names, names.len ? report->chinese ? "、" : ", " : "");
		buf_put(&names, in_language(report, line->heading_en, line->heading_zh));
	}
	if (!kept)
		die(STATUS_INPUT, "the stream has no column for any table of this report");
	report->section_count = kept;
	report->left_out = arena_copy(&report->run->arena, buf_view(&names));
	buf_release(&names);
}

static bool has_share(const struct report *report, const struct section *section)
{
	for (unsigned m = 0; m < section->metric_count; m++)
		if (metric_at(report, section->metrics[m])->kind == METRIC_SHARE)
			return true;
	return false;
}

/* A share is shared out over the channels, within the other dimensions; where there is no
 * channel, over the last dimension within those before it. */
static bool is_shared_out(const struct count_table *table, unsigned dimension)
{
	bool channels = false;
	for (unsigned d = 0; d < table->by_count; d++)
		channels |= view_is(table->by[d], "channel") || view_is(table->by[d], "channel2");
	if (!channels)
		return dimension + 1 == table->by_count;
	return view_is(table->by[dimension], "channel") || view_is(table->by[dimension], "channel2");
}

/* Tables that nobody sees, whose cells shares are taken of. */
static void add_share_tables(struct report *report)
{
	struct count *count = &report->count;
	count->table_count = report->section_count;
	for (unsigned t = 0; t < report->section_count; t++) {
		const struct count_table *table = &count->table[t];
		struct count_table whole = { .by_count = 0 };
		for (unsigned d = 0; d < table->by_count; d++)
			if (!is_shared_out(table, d))
				whole.by[whole.by_count++] = table->by[d];
		report->section[t].shares = t;
		if (!whole.by_count || !has_share(report, &report->section[t]))
			continue;
		report->section[t].shares = count->table_count;
		count->table[count->table_count++] = whole;
	}
}

/* ---- tables beside the stream, read by the words of the stream ---- */

/* The register that gives a column of the stream, which of what it gives, and from which
 * column of the ledger. */
static const struct event_register *register_of(const struct report *report, const struct header *header,
                                                struct view column, unsigned *gives, unsigned *from)
{
	static const char *const places[] = { "project", "region", "city" };
	const struct event_register *of = NULL;
	for (unsigned i = 0; i < 3; i++) {
		if (!view_is(column, places[i]))
			continue;
		of = &report->registers.projects;
		*gives = i;
		*from = header_find(header, VIEW("project_id"));
	}
	if (view_is(column, "channel") || view_is(column, "channel2")) {
		of = &report->registers.channels;
		*gives = view_is(column, "channel2");
		*from = header_find(header, VIEW("channel"));
	}
	return of && of->table && *from != COLUMN_NONE ? of : NULL;
}

/* The ledger's own column: a project may be called project_id there. */
static unsigned own_column(const struct header *header, struct view column)
{
	unsigned at = header_find(header, column);
	return at == COLUMN_NONE && view_is(column, "project") ? header_find(header, VIEW("project_id")) : at;
}

static bool beside_has(const void *arg, const struct header *header, struct view column)
{
	unsigned gives, from;
	return register_of(arg, header, column, &gives, &from) || own_column(header, column) != COLUMN_NONE;
}

static struct view beside_value(const void *arg, const struct loaded *table, size_t row, struct view column)
{
	unsigned gives, from, own = own_column(table->header, column);
	const struct event_register *reg = register_of(arg, table->header, column, &gives, &from);
	struct view cells[REGISTER_GIVES];
	struct buf memory = { 0 };
	bool found = reg && event_register_find(reg, loaded_cell(table, row, from), &memory, cells);
	buf_release(&memory);
	if (found)
		return cells[gives];
	return own == COLUMN_NONE ? view("", 0) : loaded_cell(table, row, own);
}

static void load_registers(struct report *report)
{
	event_projects_load(&report->registers, report->run, run_table(report->run, "projects"));
	event_channels_load(&report->registers, report->run, run_table(report->run, "channel_map"));
	report->count.beside = (struct count_beside){ beside_has, beside_value, report };
}

/* A project's name, where the register knows it; else empty. */
static struct view project_name(const struct report *report, struct view id)
{
	const struct loaded *table = report->registers.projects.table;
	unsigned key = table ? header_find(table->header, VIEW("project_id")) : COLUMN_NONE;
	unsigned name = table ? header_find(table->header, VIEW("name")) : COLUMN_NONE;
	for (size_t row = 0; name != COLUMN_NONE && row < table->count; row++)
		if (view_equal(loaded_cell(table, row, key), id))
			return loaded_cell(table, row, name);
	return view("", 0);
}

/* ---- the document: a table ---- */

static struct doc_cell dimension_cell(const struct report *report, struct view dimension, struct view value)
{
	if (!value.len)
		return doc_label(value, words(report, "(none)", "（空）"));
	struct view label = view_is(dimension, "project") ? project_name(report, value) : view("", 0);
	return label.len ? doc_label(value, label) : doc_text(value);
}

static int compare_values(const struct count_cell *cell, const struct view *values, unsigned count)
{
	int order = 0;
	for (unsigned i = 0; i < count && !order; i++)
		order = view_compare(cell->value[i], values[i]);
	return order;
}

/* The numbers that a cell's shares are taken of. */
static const int64_t *whole_of(const struct report *report, unsigned number, const struct count_cell *cell)
{
	const struct count_table *table = &report->count.table[number];
	unsigned shares = report->section[number].shares, count = 0;
	const struct count_table *wholes = &report->count.table[shares];
	struct view values[COUNT_DIMENSIONS];
	if (shares == number)
		return table->total;
	for (unsigned d = 0; d < table->by_count; d++)
		if (!is_shared_out(table, d))
			values[count++] = cell->value[d];
	size_t low = 0, high = wholes->cell_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_values(&wholes->cells[middle], values, count) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	/* A whole whose numbers are all 0 is no cell. */
	bool found = low < wholes->cell_count && compare_values(&wholes->cells[low], values, count) == 0;
	return found ? wholes->cells[low].number : cell->number;
}

static void fill_row(const struct report *report, unsigned number, const int64_t *numbers, const int64_t *whole,
                     struct doc_cell *cells)
{
	const struct section *section = &report->section[number];
	for (unsigned m = 0; m < section->metric_count; m++) {
		int64_t value;
		bool defined = metric_value(&report->metrics, section->metrics[m], numbers, whole, &value);
		cells[report->count.table[number].by_count + m] = defined ? doc_number(value) : doc_missing();
	}
}

static void add_rows(const struct report *report, struct doc_section *to, unsigned number)
{
	const struct count_table *table = &report->count.table[number];
	for (size_t i = 0; i < table->cell_count; i++) {
		const struct count_cell *cell = &table->cells[i];
		struct doc_cell *cells = section_row(to, DOC_PLAIN);
		for (unsigned d = 0; d < table->by_count; d++)
			cells[d] = dimension_cell(report, table->by[d], cell->value[d]);
		fill_row(report, number, cell->number, whole_of(report, number, cell), cells);
	}
	if (!table->by_count && table->cell_count)
		return; /* the one row is the total */
	struct doc_cell *cells = section_row(to, table->by_count ? DOC_TOTAL : DOC_PLAIN);
	for (unsigned d = 0; d < table->by_count; d++)
		cells[d] = d ? doc_missing() : doc_label(VIEW("total"), words(report, "Total", "合计"));
	fill_row(report, number, table->total, table->total, cells);
}

static struct doc_section *add_table(const struct report *report, struct document *doc, unsigned number)
{
	const struct section *section = &report->section[number];
	const struct count_table *table = &report->count.table[number];
	struct doc_column columns[COUNT_DIMENSIONS + SHOWN];
	for (unsigned d = 0; d < table->by_count; d++)
		columns[d] = (struct doc_column){ table->by[d], dimension_label(report, table->by[d]),
			count_is_period(table->by[d]) ? DOC_DATE : DOC_TEXT };
	for (unsigned m = 0; m < section->metric_count; m++) {
		const struct metric *metric = metric_at(report, section->metrics[m]);
		columns[table->by_count + m] = (struct doc_column){ metric->id,
			metric_label(report, section->metrics[m]), shown_unit(metric) };
	}
	struct view heading = in_language(report, section->line->heading_en, section->line->heading_zh);
	struct view id = view_of(arena_printf(&report->run->arena, "%.*s.%.*s", VIEW_ARGS(section->line->report),
	                                      VIEW_ARGS(section->line->section)));
	struct doc_section *to = document_section(doc, id, report->by ? view("", 0) : heading,
	                                          columns, table->by_count + section->metric_count);
	add_rows(report, to, number);
	return to;
}

/* ---- the document: charts ---- */

/* Column of a metric in the table; UINT32_MAX where it was left out. */
static unsigned chart_column(const struct report *report, unsigned number, struct view id)
{
	const struct section *section = &report->section[number];
	for (unsigned m = 0; m < section->metric_count; m++)
		if (view_equal(metric_at(report, section->metrics[m])->id, id))
			return report->count.table[number].by_count + m;
	return UINT32_MAX;
}

/* "lines:visit_group visit_first" or "lines:visit_first/channel" (one line per channel). */
static void add_chart(const struct report *report, struct doc_section *to, unsigned number, struct view text)
{
	static const char *const kinds[] = { "funnel", "bars", "columns", "stacked", "lines", "heat" };
	const struct count_table *table = &report->count.table[number];
	struct view series = text, kind = view_cut(&series, ':'), list = view_cut(&series, '/');
	struct doc_chart chart = { .values = 0 };
	while (chart.kind < CHART_HEAT && !view_is(kind, kinds[chart.kind]))
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
	chart.title = chart.values == 1 ? to->columns[chart.value].label : view("", 0);
	section_chart(to, chart);
}

static void add_charts(const struct report *report, struct doc_section *to, unsigned number)
{
	if (report->by || report->metric_list)
		return; /* the tables asked for are not those that the charts were made for */
	for (struct view rest = report->section[number].line->charts; rest.ptr && rest.len;)
		add_chart(report, to, number, view_cut(&rest, ';'));
}

/* ---- the document: what is said around the tables ---- */

static void add_definition(const struct report *report, struct document *doc, unsigned number, bool *defined)
{
	const struct metric *metric = metric_at(report, number);
	if (metric->kind == METRIC_ALIAS)
		metric = metric_at(report, metric->numerator);
	struct view text = in_language(report, metric->define_en, metric->define_zh);
	if (text.len && !defined[number])
		document_definition(doc, metric_label(report, number), text);
	defined[number] = true;
}

/* Every metric on the page, once. */
static void add_definitions(const struct report *report, struct document *doc)
{
	bool *defined = arena_zero(&report->run->arena, report->metrics.count, sizeof *defined);
	for (unsigned t = 0; t < report->section_count; t++)
		for (unsigned m = 0; m < report->section[t].metric_count; m++)
			add_definition(report, doc, report->section[t].metrics[m], defined);
	for (unsigned i = 0; i < report->figure_count; i++) {
		add_definition(report, doc, report->figures[i].metric, defined);
		if (report->figures[i].note != METRIC_UNSET)
			add_definition(report, doc, report->figures[i].note, defined);
	}
	document_definition(doc, words(report, "Basis", "口径"),
		words(report, "every number by its own date; distinct counts are taken anew in every row and total, so rows need not add up",
		      "同期口径：各数按各自日期；去重数在每行与合计中各自计算，合计可不等于各行之和"));
}

/* The totals that a manager looks for first. */
static void put_figures(const struct report *report, struct document *doc)
{
	const int64_t *total = report->count.table[0].total;
	for (unsigned i = 0; i < report->figure_count; i++) {
		const struct figure *figure = &report->figures[i];
		int64_t value, beneath;
		if (!metric_value(&report->metrics, figure->metric, total, total, &value))
			continue;
		struct doc_figure shown = { .label = metric_label(report, figure->metric),
			.unit = shown_unit(metric_at(report, figure->metric)), .cell = doc_number(value) };
		if (figure->note != METRIC_UNSET && metric_value(&report->metrics, figure->note, total, total, &beneath)) {
			struct buf text = { 0 };
			buf_put(&text, metric_label(report, figure->note));
			buf_byte(&text, ' ');
			figure_short(&text, shown_unit(metric_at(report, figure->note)), beneath, doc->language);
			shown.note = arena_copy(&report->run->arena, buf_view(&text));
			buf_release(&text);
		}
		document_figure(doc, shown);
	}
}

static struct view count_text(const struct report *report, uint64_t count)
{
	struct buf text = { 0 };
	figure_shown(&text, DOC_COUNT, (int64_t)count);
	struct view copy = arena_copy(&report->run->arena, buf_view(&text));
	buf_release(&text);
	return copy;
}

static void add_facts(const struct report *report, struct document *doc)
{
	struct arena *arena = &report->run->arena;
	struct buf text = { 0 };
	moment_format(report->run->as_of, &text);
	document_provenance(doc, words(report, "As of", "截止时间"), arena_copy(arena, buf_view(&text)));
	buf_release(&text);
	if (report->since || report->until)
		document_provenance(doc, words(report, "Range", "范围"), view_of(arena_printf(arena, "%s – %s",
			report->since ? report->since : report->chinese ? "最早" : "first",
			report->until ? report->until : report->chinese ? "截止时间" : "as of")));
	if (report->where)
		document_provenance(doc, words(report, "Only events with", "仅计事件"), view_of(report->where));
	document_provenance(doc, words(report, "Events counted", "计入事件"), count_text(report, report->count.rows));
	if (report->count.later)
		document_provenance(doc, words(report, "Events after that, left out", "截止后未计入的事件"),
		                    count_text(report, report->count.later));
	if (report->count.unknown)
		document_provenance(doc, words(report, "Events without a customer", "无客户的事件"),
		                    count_text(report, report->count.unknown));
	if (report->left_out.len)
		document_provenance(doc, words(report, "Left out, for want of a column", "因缺列未列出"), report->left_out);
	document_provenance(doc, words(report, "Made by", "生成"), VIEW("crm-report"));
}

static struct view range_text(const struct report *report)
{
	struct arena *arena = &report->run->arena;
	struct buf text = { 0 };
	date_format(moment_day(report->run->as_of), &text);
	const char *until = report->until ? report->until : arena_string(arena, buf_view(&text));
	buf_release(&text);
	if (report->since)
		return view_of(arena_printf(arena, "%s – %s", report->since, until));
	return view_of(arena_printf(arena, report->chinese ? "截至 %s" : "as of %s", until));
}

/* "Customer funnel · Channel effect" */
static struct view title_of(const struct report *report)
{
	struct buf title = { 0 };
	struct view last = { NULL, 0 };
	for (unsigned t = 0; t < report->section_count; t++) {
		struct view name = report->section[t].line->report;
		if (t && view_equal(name, last))
			continue;
		last = name;
		for (unsigned i = 0; i < report->reports.count; i++) {
			const struct report_section *line = &report->reports.section[i];
			if (!view_equal(line->report, name) || !line->title_en.len)
				continue;
			buf_text(&title, title.len ? " · " : "");
			buf_put(&title, in_language(report, line->title_en, line->title_zh));
		}
	}
	struct view copy = arena_copy(&report->run->arena, buf_view(&title));
	buf_release(&title);
	return copy;
}

static void make_document(struct report *report, struct document *doc)
{
	document_init(doc, &report->run->arena, report->chinese ? DOC_CHINESE : DOC_ENGLISH);
	doc->title = report->title ? view_of(report->title) : title_of(report);
	doc->subtitle = range_text(report);
	put_figures(report, doc);
	for (unsigned t = 0; t < report->section_count; t++)
		add_charts(report, add_table(report, doc, t), t);
	add_definitions(report, doc);
	add_facts(report, doc);
}

/* ---- output ---- */

static enum form form_of(const struct report *report)
{
	static const struct { const char *suffix; enum form form; } suffixes[] = {
		{ ".csv", FORM_CSV }, { ".tsv", FORM_TSV }, { ".md", FORM_MD }, { ".html", FORM_HTML },
		{ ".htm", FORM_HTML }, { ".json", FORM_JSON }, { ".jsonl", FORM_JSON },
	};
	if (report->to)
		return (enum form)report->to;
	for (size_t i = 0; report->run->output && i < sizeof suffixes / sizeof *suffixes; i++)
		if (view_ends(view_of(report->run->output), view_of(suffixes[i].suffix)))
			return suffixes[i].form;
	static const char *const others[] = { ".xlsx", ".xls", ".pdf", ".docx", ".gz", ".zst" };
	for (size_t i = 0; report->run->output && i < sizeof others / sizeof *others; i++)
		if (view_ends(view_of(report->run->output), view_of(others[i])))
			cli_wrong("-o %s: a report is text, csv, tsv, md, html or json; --to says which", report->run->output);
	return FORM_TEXT;
}

static void write_document(struct report *report, const struct document *doc)
{
	struct buf bytes = { 0 };
	unsigned parts = CSV_HEADER | (report->totals ? CSV_TOTALS : 0);
	switch (report->form) {
	case FORM_CSV: render_csv(&bytes, doc->sections, ',', parts); break;
	case FORM_TSV: render_tsv(&bytes, doc->sections, parts); break;
	case FORM_MD: render_markdown(&bytes, doc); break;
	case FORM_HTML: render_html(&bytes, doc); break;
	case FORM_JSON: render_json(&bytes, doc, report->totals); break;
	case FORM_AUTO:
	case FORM_TEXT:
		render_text(&bytes, doc, (struct text_form){ .width = 80, .colour = report->run->color, .charts = true });
		break;
	}
	sink_write(report->run->sink, buf_view(&bytes));
	for (unsigned t = 0; t < report->section_count; t++)
		report->run->counts.written += report->count.table[t].cell_count;
	buf_release(&bytes);
}

static void run_report(struct report *report, const struct header *header)
{
	struct document doc;
	leave_out(report, header);
	add_share_tables(report);
	load_registers(report);
	run_open_output(report->run);
	count_run(report->run, &report->count);
	make_document(report, &doc);
	write_document(report, &doc);
	event_registers_release(&report->registers, report->run);
}

/* ---- the dictionary ---- */

static _Noreturn void print_and_end(struct report *report, struct buf *text)
{
	bool blank = text->len && text->ptr[0] == '\n'; /* a document without a title begins so */
	run_open_output(report->run);
	sink_write(report->run->sink, view_skip(buf_view(text), blank));
	buf_release(text);
	exit(run_finish(report->run));
}

/* Reports and their tables, then the metrics: a line each. */
static _Noreturn void list_metrics(struct report *report)
{
	struct document doc;
	const struct doc_column tables[] = { { VIEW("report"), words(report, "Report", "报表"), DOC_DATE },
		{ VIEW("section"), words(report, "Section", "表"), DOC_DATE }, { VIEW("by"), words(report, "By", "维度"), DOC_TEXT },
		{ VIEW("heading"), words(report, "Heading", "标题"), DOC_TEXT } };
	const struct doc_column metrics[] = { { VIEW("id"), words(report, "Metric", "指标"), DOC_DATE },
		{ VIEW("label"), words(report, "Name", "名称"), DOC_TEXT },
		{ VIEW("define"), words(report, "Definition", "定义"), DOC_TEXT } };
	document_init(&doc, &report->run->arena, report->chinese ? DOC_CHINESE : DOC_ENGLISH);
	struct doc_section *to = document_section(&doc, VIEW("reports"), view("", 0), tables, 4);
	for (unsigned i = 0; i < report->reports.count; i++) {
		const struct report_section *line = &report->reports.section[i];
		struct doc_cell *cells = section_row(to, DOC_PLAIN);
		cells[0] = doc_text(line->report);
		cells[1] = doc_text(line->section);
		cells[2] = doc_text(line->by);
		cells[3] = doc_text(in_language(report, line->heading_en, line->heading_zh));
	}
	to = document_section(&doc, VIEW("metrics"), view("", 0), metrics, 3);
	for (unsigned i = 0; i < report->metrics.count; i++) {
		const struct metric *metric = metric_at(report, i);
		struct doc_cell *cells = section_row(to, DOC_PLAIN);
		cells[0] = doc_text(metric->id);
		cells[1] = doc_text(metric_label(report, i));
		cells[2] = doc_text(in_language(report, metric->define_en, metric->define_zh));
	}
	struct buf bytes = { 0 };
	render_text(&bytes, &doc, (struct text_form){ .width = 80, .colour = report->run->color });
	print_and_end(report, &bytes);
}

static _Noreturn void define_metric(struct report *report)
{
	struct buf bytes = { 0 };
	metric_describe(&report->metrics, need_metric(report, view_of(report->define)), report->chinese, &bytes);
	print_and_end(report, &bytes);
}

/* ---- the command line ---- */

static void check_conditions(const struct report *report)
{
	for (unsigned i = 0; i < report->metrics.count; i++) {
		const struct metric *metric = metric_at(report, i);
		if (metric->when.len)
			row_condition_check(report->run, metric_condition_place(metric), metric->when);
	}
	if (report->where)
		row_condition_check(report->run, (struct place){ "--where", 0, 0 }, view_of(report->where));
}

/* All that is wrong whatever the data is said here. */
/* A table that no metric reads is a slip: its figures would be missing without a word. */
static void check_tables(const struct report *report)
{
	struct run *run = report->run;
	unsigned count = 2;
	struct view *names = arena_zero(&run->arena, report->metrics.count + count, sizeof *names);
	names[0] = VIEW("projects"), names[1] = VIEW("channel_map");
	for (unsigned i = 0; i < report->metrics.count; i++)
		if (report->metrics.metric[i].table.len)
			names[count++] = report->metrics.metric[i].table;
	for (const struct named_table *table = run->tables; table; table = table->next) {
		unsigned i;
		for (i = 0; i < count && !view_is(names[i], table->name);) i++;
		struct view nearest = i < count ? VIEW("") : nearest_view(view_of(table->name), names, count);
		if (nearest.len)
			cli_wrong("--table: no metric reads a table \"%s\"; did you mean \"%.*s\"?", table->name, VIEW_ARGS(nearest));
		if (i == count)
			cli_wrong("--table: no metric reads a table \"%s\"; see --print-rules", table->name);
	}
}

static void settle(struct report *report)
{
	struct run *run = report->run;
	report->chinese = strcmp(run->lang, "zh") == 0;
	report->metrics = metrics_load(&run->arena, run->rules, run->add_rules);
	report->reports = reports_load(&run->arena);
	check_tables(report);
	unsigned spend = metrics_find(&report->metrics, VIEW("spend"));
	if (spend != METRIC_UNSET && report->spend_basis)
		report->metrics.metric[spend].numerator = need_metric(report, VIEW("spend_pay"));
	if (report->list)
		list_metrics(report);
	if (report->define)
		define_metric(report);
	if (!run->operand_count)
		cli_wrong("name a report: %.*s", VIEW_ARGS(reports_names(&report->reports, &report->run->arena)));
	report->form = form_of(report);
	choose_sections(report, run->operands[0]);
	if ((report->form == FORM_CSV || report->form == FORM_TSV) && report->section_count > 1)
		cli_wrong("csv and tsv hold one table; choose it with --section or --by");
	check_conditions(report);
	plan(report);
	run->operands++;
	run->operand_count--;
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
		OPT_TEXT('w', "where", &report.where, "EXPR", "only events for which the expression is true"),
		OPT_CHOICE(0, "spend-basis", &report.spend_basis, bases, "spend by accrual or by payment: accrue, pay"),
		OPT_CHOICE(0, "to", &report.to, forms, "text, csv, tsv, md, html or json; else by -o's suffix"),
		OPT_TEXT(0, "title", &report.title, "TEXT", "title of the page"),
		OPT_FLAG(0, "totals", &report.totals, "totals in csv, tsv and json too"),
		OPT_FLAG(0, "list", &report.list, "the reports and metrics that there are"),
		OPT_TEXT(0, "define", &report.define, "METRIC", "what one metric counts"),
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
	settle(&report);
	const struct header *header = run_open(&run);
	if (header)
		run_report(&report, header);
	else
		run_open_output(&run);
	return run_finish(&run);
}
