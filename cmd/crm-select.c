/* crm-select: columns by name, rows by an expression.  Constant memory.
 *
 * The simplest tool: read this one first. */
#include "cli/cli.h"
#include "engine/rows.h"

struct select {
	const char *columns_text;
	struct columns columns;
	bool all; /* every column, in the order of the input */
};

static enum fate row(const void *tool, void *scratch, const struct row *row, struct out *out, struct task *task)
{
	const struct select *select = tool;
	(void)scratch;
	(void)task;
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

int main(int argc, char **argv)
{
	static struct select select;
	static const struct opt options[] = {
		OPT_COLUMNS('c', "columns", &select.columns_text, "columns to write, in this order; default all"),
		OPT_END
	};
	static const char *const examples[] = {
		"crm-select -c name,phone customers.csv",
		"crm-select -c '!note' -w 'channel == \"抖音\" and amount >= 100万' deals.csv",
		NULL
	};
	static const struct tool tool = {
		.name = "crm-select",
		.does = "Writes the rows that an expression keeps, and the columns that are named.",
		.usage = "[OPTION]... [FILE]...",
		.options = options,
		.shares = CLI_READS | CLI_WRITES | CLI_SHARDS,
		.examples = examples,
	};
	struct run run;
	cli_start(&tool, &run, argc, argv);
	const struct header *header = run_open(&run);
	run_open_output(&run);
	if (header) {
		select.columns = columns_resolve(&run.arena, header, "--columns",
		                                 select.columns_text ? select.columns_text : "*");
		select.all = !select.columns_text;
		write_header(&run, header, &select);
		static const struct row_shape shape = { .row = row };
		engine_rows(&run, &shape, &select);
	}
	return run_finish(&run);
}
