/* crm-report: metrics over the event stream, as tables and charts.
 *
 * Keeps one entry per customer, with eight bytes for each cell that the customer was seen in.
 * What a number means stands in lib/metric/metrics.csv, which reports there are in
 * lib/metric/reports.csv.  This file reads options, chooses what is counted, and gives the
 * count to the page (render/page.h). */
#include <stdlib.h>

#include "base/nearest.h"
#include "cli/cli.h"
#include "event/register.h"
#include "render/csv.h"
#include "render/html.h"
#include "render/json.h"
#include "render/markdown.h"
#include "render/page.h"
#include "render/text.h"
#include "value/date.h"

enum form { FORM_AUTO, FORM_TEXT, FORM_CSV, FORM_TSV, FORM_MD, FORM_HTML, FORM_JSON };

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
	struct choice choice;
	struct event_registers registers;
	struct partial *partial; /* with --partial and --merge */
};

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
static void add_metric(struct report *report, struct choice_table *table, struct view id, bool named)
{
	unsigned number = need_metric(report, id);
	struct view missing = missing_table(report, number);
	if (missing.len && named)
		cli_wrong("metric \"%.*s\" wants --table %.*s=FILE", VIEW_ARGS(id), VIEW_ARGS(missing));
	if (missing.len)
		return;
	if (table->metric_count == CHOICE_METRICS)
		cli_wrong("more than %d metrics in one table", CHOICE_METRICS);
	table->metrics[table->metric_count++] = number;
}

static void add_by(struct report *report, struct count_table *table, struct view list, char separator)
{
	for (struct view rest = list; rest.ptr && rest.len;) {
		if (table->by_count == COUNT_DIMENSIONS)
			cli_wrong("--by: more than %d dimensions", COUNT_DIMENSIONS);
		table->by[table->by_count++] = arena_copy(&report->run->arena, view_cut(&rest, separator));
	}
}

/* "visit_group/visit_first sub_units": of a report's first line. */
static void add_figures(struct report *report, struct view list)
{
	struct choice *choice = &report->choice;
	for (struct view rest = list; rest.ptr && rest.len;) {
		struct view note = view_cut(&rest, ' '), id = view_cut(&note, '/');
		unsigned number = need_metric(report, id);
		if (missing_table(report, number).len || choice_has_figure(choice, number) ||
		    choice->figure_count == CHOICE_FIGURES)
			continue;
		choice->figures[choice->figure_count++] = (struct choice_figure){ number,
			note.ptr ? need_metric(report, note) : METRIC_UNSET };
	}
}

static void add_section(struct report *report, const struct report_section *line)
{
	struct choice *choice = &report->choice;
	if (choice->table_count == CHOICE_TABLES)
		cli_wrong("more than %d tables in one report", CHOICE_TABLES);
	struct count_table *count = &choice->count.table[choice->table_count];
	struct choice_table *table = &choice->table[choice->table_count++];
	table->line = line;
	if (report->by)
		add_by(report, count, view_of(report->by), ',');
	else
		add_by(report, count, line->by, ' ');
	struct view rest = report->metric_list ? view_of(report->metric_list) : line->metrics;
	while (rest.ptr && rest.len)
		add_metric(report, table, view_cut(&rest, report->metric_list ? ',' : ' '), report->metric_list);
	if (!report->metric_list)
		add_figures(report, line->figures);
}

/* With --by and --metrics a report is one table: that of its first section. */
static bool is_chosen(const struct report *report, const struct report_section *line, bool taken)
{
	return report->section_name ? view_is(line->section, report->section_name) : !(report->by && taken);
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

static int64_t parse_day(const char *option, const char *text, int64_t second)
{
	int32_t day;
	if (!date_parse_plain(view_of(text), &day))
		cli_wrong("--%s: a date is wanted, such as 2025-06-30", option);
	return moment_of(day, 0) + second;
}

/* What is counted, and which events. */
static void plan(struct report *report)
{
	struct count *count = &report->choice.count;
	choice_want(&report->choice, &report->run->arena);
	count->where = report->where;
	count->since = report->since ? parse_day("since", report->since, 0) : INT64_MIN;
	count->until = report->until ? parse_day("until", report->until, DAY_SECONDS - 1) : INT64_MAX;
	if (count->since > count->until)
		cli_wrong("--since is later than --until: no day lies between them");
}

/* The digest of a partial state is of all tables, whatever the form will be. */
static void open_partial(struct report *report)
{
	struct buf options = { 0 };
	count_options(report->run, &report->choice.count, &options);
	report->partial = partial_new(report->run, buf_view(&options));
	buf_release(&options);
}

/* A table that was not asked for by name is left out where the stream lacks its dimension. */
static void leave_out(struct report *report, const struct header *header)
{
	if (report->by || report->section_name)
		return;
	choice_leave_out(&report->choice, header, report->run->merge ? count_merge_has : count_has);
	if (!report->choice.table_count)
		die(STATUS_INPUT, "the stream has no column for any table of this report");
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

static bool beside_lacks(const void *arg, struct view column)
{
	const struct report *report = arg;
	bool place = view_is(column, "project") || view_is(column, "region") || view_is(column, "city");
	bool channel = view_is(column, "channel") || view_is(column, "channel2");
	return (place && !report->registers.projects.table) || (channel && !report->registers.channels.table);
}

static void load_registers(struct report *report)
{
	event_projects_load(&report->registers, report->run, run_table(report->run, "projects"));
	event_channels_load(&report->registers, report->run, run_table(report->run, "channel_map"));
	report->choice.count.beside = (struct count_beside){ beside_has, beside_value, beside_lacks, report };
}

/* A project's name, where the register knows it; else empty. */
static struct view name_of(const void *arg, struct view dimension, struct view value)
{
	const struct report *report = arg;
	const struct loaded *table = view_is(dimension, "project") ? report->registers.projects.table : NULL;
	unsigned key = table ? header_find(table->header, VIEW("project_id")) : COLUMN_NONE;
	unsigned name = table ? header_find(table->header, VIEW("name")) : COLUMN_NONE;
	for (size_t row = 0; name != COLUMN_NONE && row < table->count; row++)
		if (view_equal(loaded_cell(table, row, key), value))
			return loaded_cell(table, row, name);
	return view("", 0);
}

/* ---- output ---- */

/* By the suffix of -o; FORM_AUTO where it says nothing. */
static enum form form_of_name(const char *name)
{
	static const struct { const char *suffix; enum form form; } suffixes[] = {
		{ ".csv", FORM_CSV }, { ".tsv", FORM_TSV }, { ".md", FORM_MD }, { ".html", FORM_HTML },
		{ ".htm", FORM_HTML }, { ".json", FORM_JSON }, { ".jsonl", FORM_JSON },
	};
	for (size_t i = 0; name && i < sizeof suffixes / sizeof *suffixes; i++)
		if (view_ends(view_of(name), view_of(suffixes[i].suffix)))
			return suffixes[i].form;
	return FORM_AUTO;
}

static enum form form_of(const struct report *report)
{
	static const char *const others[] = { ".xlsx", ".xls", ".pdf", ".docx", ".gz", ".zst" };
	const char *output = report->run->output;
	enum form named = form_of_name(output), form = report->to ? (enum form)report->to : named;
	if (report->run->partial && named != FORM_AUTO && named != FORM_TSV)
		cli_wrong("--partial writes TSV, not what the name of -o says");
	if (report->run->partial)
		return FORM_TSV;
	for (size_t i = 0; form == FORM_AUTO && output && i < sizeof others / sizeof *others; i++)
		if (view_ends(view_of(output), view_of(others[i])))
			cli_wrong("-o %s: a report is text, csv, tsv, md, html or json; --to says which", output);
	if (form != FORM_CSV && form != FORM_TSV && report->run->no_header_out)
		cli_wrong("--no-header-out is for csv and tsv");
	return form == FORM_AUTO ? FORM_TEXT : form;
}

static void write_document(struct report *report, const struct document *doc)
{
	struct buf bytes = { 0 };
	unsigned parts = (report->run->no_header_out ? 0 : CSV_HEADER) | (report->totals ? CSV_TOTALS : 0);
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
	for (unsigned t = 0; t < report->choice.table_count; t++)
		report->run->counts.written += report->choice.count.table[t].cell_count;
	buf_release(&bytes);
}

static struct page page_of(const struct report *report)
{
	struct run *run = report->run;
	bool numbers = report->form == FORM_CSV || report->form == FORM_TSV || report->form == FORM_JSON;
	return (struct page){ .numbers_only = numbers, .choice = &report->choice, .reports = &report->reports,
		.chinese = strcmp(run->lang, "zh") == 0, .own_dimensions = report->by, .own_metrics = report->metric_list,
		.title = report->title, .since = report->since, .until = report->until, .where = report->where,
		.as_of = run->as_of, .name = name_of, .arg = report, .arena = &run->arena };
}

static void write_state(struct report *report, const struct header *header)
{
	leave_out(report, header);
	run_open_output(report->run);
	count_partial(report->run, &report->choice.count, report->partial);
}

/* Is there a metric that counts events, and an event for it? */
static bool counts_events(const struct report *report)
{
	const struct count *count = &report->choice.count;
	for (unsigned i = 0; i < report->metrics.count; i++)
		if (count->wanted[i] && !report->metrics.metric[i].table.len && !count->unseen[i])
			return true;
	return false;
}

/* A report of noughts may be a slip in what narrows it. */
static void say_nothing_left(const struct report *report)
{
	if (report->choice.count.rows || !report->run->counts.read || !counts_events(report))
		return;
	if (report->where)
		run_warn(report->run, "no event is left by --where, --since and --until; a project is written there by its id, "
		         "such as P01");
	else if (report->since || report->until)
		run_warn(report->run, "no event is left by --since and --until");
}

static void run_report(struct report *report, const struct header *header)
{
	struct document doc;
	struct run *run = report->run;
	if (run->merge)
		header = partial_open(report->partial);
	leave_out(report, header);
	choice_add_shares(&report->choice);
	load_registers(report);
	run_open_output(run);
	if (run->merge)
		count_merge(run, &report->choice.count, report->partial, header);
	else
		count_run(run, &report->choice.count);
	say_nothing_left(report);
	struct page page = page_of(report);
	page_make(&page, &doc);
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

static _Noreturn void list_metrics(struct report *report)
{
	struct document doc;
	struct buf bytes = { 0 };
	struct page page = page_of(report);
	page_list(&page, &doc);
	render_text(&bytes, &doc, (struct text_form){ .width = 80, .colour = report->run->color });
	print_and_end(report, &bytes);
}

static _Noreturn void define_metric(struct report *report)
{
	struct buf bytes = { 0 };
	metric_describe(&report->metrics, need_metric(report, view_of(report->define)),
	                page_of(report).chinese, &bytes);
	print_and_end(report, &bytes);
}

/* ---- the command line ---- */

static void check_conditions(const struct report *report)
{
	for (unsigned i = 0; i < report->metrics.count; i++) {
		const struct metric *metric = &report->metrics.metric[i];
		if (metric->when.len)
			row_condition_check(report->run, metric_condition_place(metric), metric->when);
	}
	if (report->where)
		row_condition_check(report->run, (struct place){ "--where", 0, 0 }, view_of(report->where));
}

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

/* All that is wrong whatever the data is said here. */
static void settle(struct report *report)
{
	struct run *run = report->run;
	report->metrics = metrics_load(&run->arena, run->rules, run->add_rules);
	report->choice.metrics = report->choice.count.metrics = &report->metrics;
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
	if ((report->form == FORM_CSV || report->form == FORM_TSV) && report->choice.table_count > 1 && !run->partial)
		cli_wrong("csv and tsv hold one table; choose it with --section or --by");
	check_conditions(report);
	plan(report);
	if (run->partial || run->merge)
		open_partial(report);
	if ((report->form == FORM_TEXT || report->form == FORM_MD) && !report->section_name)
		choice_drop_details(&report->choice);
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
	static const struct cli_values values[] = { { "operand", "reports", "report" }, { "section", "reports", "section" },
		{ "metrics", "metrics", "id" }, { "define", "metrics", "id" }, { 0 } };
	static const struct tool tool = {
		.name = "crm-report",
		.does = "Reports on the event stream: funnel, channel, count. Several may be named, with commas.",
		.usage = "[OPTION]... REPORT [FILE]...",
		.options = options,
		.shares = CLI_READS | CLI_RULES | CLI_TABLES | CLI_AS_OF | CLI_MEMORY | CLI_SHARDS |
		          CLI_PARTIAL | CLI_LABELS,
		.examples = examples,
		.tables = tables,
		.values = values,
		.no_input = true,
	};
	struct run run;
	cli_start(&tool, &run, argc, argv);
	report.run = &run;
	settle(&report);
	const struct header *header = run_open(&run);
	if (!header)
		run_open_output(&run);
	else if (run.partial)
		write_state(&report, header);
	else
		run_report(&report, header);
	partial_free(report.partial);
	return run_finish(&run);
}
