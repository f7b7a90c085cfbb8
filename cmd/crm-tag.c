/* crm-tag: tags of each row, by a table of rules.  Constant memory. */
#include <stdlib.h>

#include "cli/cli.h"
#include "engine/rows.h"
#include "rule/row.h"
#include "tag/tag.h"

struct tag {
	const char *column_name, *counts; /* options */
	unsigned replaced;                /* column of the input that is written into, or COLUMN_NONE */
	struct tag_rules rules;           /* those that apply to this input */
	struct row_condition *conditions; /* of each rule */
	struct row_scope scope;
	uint64_t *rows;                   /* rows with each rule's tag */
	uint64_t untagged;
};

/* A worker's memory. */
struct scratch {
	struct expression_scratch expressions;
	struct buf list;                  /* the row's tags */
	size_t *hits, hit_count;          /* its rules */
	uint64_t *given, row;             /* number of the row in which each tag was given last */
	uint64_t *rows, untagged;
};

static uint64_t *zeroes(size_t count)
{
	uint64_t *numbers = heap_alloc(count * sizeof *numbers);
	memset(numbers, 0, count * sizeof *numbers);
	return numbers;
}

static void open_scratch(const void *tool, void *memory)
{
	const struct tag *tag = tool;
	struct scratch *scratch = memory;
	row_scratch_init(&scratch->expressions, &tag->scope);
	scratch->hits = heap_alloc(tag->rules.count * sizeof *scratch->hits);
	scratch->given = zeroes(tag->rules.tags);
	scratch->rows = zeroes(tag->rules.count);
}

static void close_scratch(void *tool, void *memory)
{
	struct tag *tag = tool;
	struct scratch *scratch = memory;
	for (size_t i = 0; i < tag->rules.count; i++)
		tag->rows[i] += scratch->rows[i];
	tag->untagged += scratch->untagged;
	row_scratch_release(&scratch->expressions, &tag->scope);
	buf_release(&scratch->list);
	free(scratch->hits);
	free(scratch->given);
	free(scratch->rows);
}

/* Finds the rules that hold; false where the row is rejected. */
static bool find_tags(const struct tag *tag, struct scratch *scratch, const struct row *row, struct task *task)
{
	row_begin(&scratch->expressions);
	scratch->row++;
	scratch->hit_count = 0;
	for (size_t i = 0; i < tag->rules.count; i++) {
		const struct tag_rule *rule = &tag->rules.rule[i];
		if (rule->exclusive && scratch->given[rule->number] == scratch->row)
			continue;
		enum row_verdict verdict = row_holds(&tag->scope, &tag->conditions[i], &scratch->expressions, row, task);
		if (verdict == ROW_REJECTED)
			return false;
		if (verdict == ROW_NO)
			continue;
		scratch->given[rule->number] = scratch->row;
		scratch->hits[scratch->hit_count++] = i;
	}
	return true;
}

static struct view join_tags(const struct tag *tag, struct scratch *scratch)
{
	buf_reset(&scratch->list);
	for (size_t i = 0; i < scratch->hit_count; i++) {
		if (i)
			buf_byte(&scratch->list, '|');
		buf_put(&scratch->list, tag->rules.rule[scratch->hits[i]].name);
		scratch->rows[scratch->hits[i]]++;
	}
	scratch->untagged += scratch->hit_count == 0;
	return buf_view(&scratch->list);
}

static enum fate row(const void *tool, void *memory, const struct row *row, struct out *out, struct task *task)
{
	const struct tag *tag = tool;
	struct scratch *scratch = memory;
	if (!find_tags(tag, scratch, row, task))
		return FATE_REJECTED;
	struct view list = join_tags(tag, scratch);
	if (tag->replaced == COLUMN_NONE) {
		out_row(out, row);
		out_field(out, list);
	} else {
		for (unsigned i = 0; i < row->count; i++)
			if (i == tag->replaced)
				out_field(out, list);
			else
				out_copy(out, row, i);
	}
	out_end(out);
	return FATE_USED;
}

/* Compiles the rules against the header.  A rule of the built-in table whose columns are not
 * all there does not apply; one that the user gave ends the program. */
static void bind_rules(struct tag *tag, struct run *run, const struct header *header)
{
	struct tag_rules *rules = &tag->rules;
	size_t all = rules->count;
	row_scope_init(&tag->scope, run, header);
	tag->conditions = arena_zero(&run->arena, all, sizeof *tag->conditions);
	rules->count = 0;
	for (size_t i = 0; i < all; i++) {
		const struct tag_rule *rule = &rules->rule[i];
		struct row_condition *condition = &tag->conditions[rules->count];
		if (!rule->built_in)
			*condition = row_condition(&tag->scope, rule->name, rule->place, rule->when);
		else if (!row_condition_find(&tag->scope, rule->name, rule->place, rule->when, condition))
			continue;
		rules->rule[rules->count++] = *rule;
	}
	if (all && !rules->count)
		die(STATUS_INPUT, "%s: no built-in rule applies: the input has none of their columns; name a table "
		    "with --rules", header->file);
	tag->rows = arena_zero(&run->arena, rules->count, sizeof *tag->rows);
	if (rules->count < all)
		run_note(run, "%zu of %zu built-in rules do not apply: the input has not got their columns",
		         all - rules->count, all);
}

static void place_column(struct tag *tag, struct run *run, const struct header *header)
{
	tag->replaced = header_find(header, view_of(tag->column_name));
	if (tag->replaced != COLUMN_NONE && !run->replace)
		die_at(STATUS_INPUT, (struct place){ header->file, 1, tag->replaced + 1 },
		       "column \"%s\" is there already; --replace writes into it, --tags names another one",
		       tag->column_name);
}

static void write_header(const struct tag *tag, struct run *run, const struct header *header)
{
	struct out out;
	out_init(&out, run->out_dialect);
	out_names(&out, header);
	if (tag->replaced == COLUMN_NONE)
		out_field(&out, view_of(tag->column_name));
	run_write_header(run, &out);
	buf_release(&out.bytes);
}

/* --counts: one line for each rule, also for those that no row met. */
static void write_counts(const struct tag *tag)
{
	struct out out;
	struct sink *sink = sink_open(tag->counts);
	out_init(&out, dialect_csv());
	buf_text(&out.bytes, "tag,value,category,rows\n");
	for (size_t i = 0; i < tag->rules.count; i++) {
		out_field(&out, tag->rules.rule[i].tag);
		out_field(&out, tag->rules.rule[i].value);
		out_field(&out, tag->rules.rule[i].category);
		out_u64(&out, tag->rows[i]);
		out_end(&out);
	}
	sink_write(sink, buf_view(&out.bytes));
	buf_release(&out.bytes);
}

static void tag_rows(struct tag *tag, struct run *run)
{
	static const struct row_shape shape = { .row = row, .scratch = sizeof(struct scratch),
		.open = open_scratch, .close = close_scratch };
	engine_rows(run, &shape, tag);
	if (tag->untagged)
		run_note(run, "%llu rows without a tag", (unsigned long long)tag->untagged);
	for (size_t i = 0; i < tag->rules.count; i++)
		row_condition_release(&tag->conditions[i]);
	row_scope_release(&tag->scope);
}

int main(int argc, char **argv)
{
	static struct tag tag = { .column_name = "tags" };
	static const struct opt options[] = {
		OPT_TEXT(0, "tags", &tag.column_name, "COLUMN", "name of the added column; default tags"),
		OPT_FILE(0, "counts", &tag.counts, "write here how many rows got each tag"),
		OPT_END
	};
	static const char *const examples[] = {
		"crm-tag customers.csv",
		"crm-tag --add-rules ours.csv --counts counts.csv customers.csv",
		NULL
	};
	const struct cli_table tables[] = { { "tags", tag_rules_csv() }, { NULL, NULL } };
	static const char *const strict[] = { "no_number", "no_time", "no_bool", "zero_division", NULL };
	const struct tool tool = {
		.name = "crm-tag",
		.does = "Adds a column of tags to each row, by a table of rules.",
		.usage = "[OPTION]... [FILE]...",
		.options = options,
		.shares = CLI_READS | CLI_WRITES | CLI_ADDS | CLI_RULES | CLI_AS_OF | CLI_SHARDS,
		.examples = examples,
		.strict = strict,
		.tables = tables,
	};
	struct run run;
	cli_start(&tool, &run, argc, argv);
	tag.rules = tag_rules_load(&run.arena, run.rules, run.add_rules);
	for (size_t i = 0; i < tag.rules.count; i++)
		row_condition_check(&run, tag.rules.rule[i].place, tag.rules.rule[i].when);
	const struct header *header = run_open(&run);
	if (header) {
		bind_rules(&tag, &run, header);
		place_column(&tag, &run, header);
	}
	run_open_output(&run);
	if (header) {
		write_header(&tag, &run, header);
		tag_rows(&tag, &run);
	}
	if (tag.counts)
		write_counts(&tag);
	return run_finish(&run);
}
