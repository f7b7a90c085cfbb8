/* crm-select: columns by name, rows by an expression.  Constant memory.
 *
 * The simplest tool: read this one first. */
#include "cli/cli.h"
#include "engine/rows.h"
#include "rule/row.h"

struct select {
	const char *columns_text, *where_text, *check_text; /* options */
	struct columns columns;
	bool all;                   /* every column, in the order of the input */
	struct row_scope scope;     /* what an expression can name */
	struct row_condition where; /* rows to keep; no expression: all */
};

static void open_scratch(const void *tool, void *scratch)
{
	const struct select *select = tool;
	row_scratch_init(scratch, &select->scope);
}

static void close_scratch(void *tool, void *scratch)
{
	struct select *select = tool;
	row_scratch_release(scratch, &select->scope);
}

static enum fate row(const void *tool, void *scratch, const struct row *row, struct out *out, struct task *task)
{
	const struct select *select = tool;
	if (select->where.expression) {
		row_begin(scratch);
		enum row_verdict verdict = row_holds(&select->scope, &select->where, scratch, row, task);
		if (verdict != ROW_YES)
			return verdict == ROW_NO ? FATE_LEFT_OUT : FATE_REJECTED;
	}
	if (select->all)
		out_row(out, row);
	else
		for (unsigned i = 0; i < select->columns.count; i++)
			out_copy(out, row, select->columns.at[i]);
	out_end(out);
	return FATE_USED;
}

static void write_header(struct run *run, const struct header *header, const struct select *select)
{
	struct out out;
	out_init(&out, run->out_dialect);
	for (unsigned i = 0; i < select->columns.count; i++)
		out_name(&out, header, select->columns.at[i]);
	run_write_header(run, &out);
	buf_release(&out.bytes);
}

/* --check: says how an expression is read, by the columns of a file where one is named. */
static int check(struct run *run, struct select *select)
{
	const struct place place = { .file = "--check" };
	const struct header *header = run->operand_count ? run_open(run) : NULL;
	struct buf text = { 0 };
	row_scope_init(&select->scope, run, header);
	struct row_condition condition = row_condition(&select->scope, VIEW("check"), place, view_of(select->check_text));
	expression_explain(condition.expression, true, &text);
	buf_byte(&text, '\n');
	run->sink = sink_open(run->output);
	sink_write(run->sink, buf_view(&text));
	buf_release(&text);
	row_condition_release(&condition);
	row_scope_release(&select->scope);
	return run_finish(run);
}

int main(int argc, char **argv)
{
	static struct select select;
	static const struct opt options[] = {
		OPT_COLUMNS('c', "columns", &select.columns_text, "columns to write, in this order; default all"),
		OPT_TEXT('w', "where", &select.where_text, "EXPR", "rows to write: those for which it is true"),
		OPT_TEXT(0, "check", &select.check_text, "EXPR", "only say how an expression is read"),
		OPT_END
	};
	static const char *const examples[] = {
		"crm-select -c name,phone customers.csv",
		"crm-select -c '!note' -w 'channel == \"抖音\" and amount >= 100万' deals.csv",
		NULL
	};
	static const char *const strict[] = { "no_number", "no_time", "no_bool", "zero_division", NULL };
	static const struct tool tool = {
		.name = "crm-select",
		.does = "Writes the rows that an expression keeps, and the columns that are named.",
		.usage = "[OPTION]... [FILE]...",
		.options = options,
		.shares = CLI_READS | CLI_WRITES | CLI_AS_OF | CLI_SHARDS,
		.examples = examples,
		.strict = strict,
		.no_input_with = &select.check_text,
	};
	static const struct row_shape shape = { .row = row, .scratch = sizeof(struct expression_scratch),
		.open = open_scratch, .close = close_scratch };
	const struct place where = { .file = "--where" };
	struct run run;
	cli_start(&tool, &run, argc, argv);
	if (select.check_text)
		return check(&run, &select);
	if (select.where_text)
		row_condition_check(&run, where, view_of(select.where_text));
	const struct header *header = run_open(&run);
	if (header) {
		row_scope_init(&select.scope, &run, header);
		if (select.where_text)
			select.where = row_condition(&select.scope, VIEW("where"), where, view_of(select.where_text));
		select.columns = columns_need(&run.arena, header, "--columns",
		                                 select.columns_text ? select.columns_text : "*");
		select.all = !select.columns_text;
	}
	run_open_output(&run);
	if (header) {
		write_header(&run, header, &select);
		engine_rows(&run, &shape, &select);
		row_scope_release(&select.scope);
	}
	return run_finish(&run);
}
