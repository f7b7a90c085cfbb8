/* count_beside: sums that are taken from tables beside the stream; see counting.h. */
#include "metric/counting.h"

#include "rule/expression_table.h"
#include "value/date.h"

enum { NAMES = 64 };

/* One metric from one table.  It is also what --where is compiled against: a name is known
 * where the table, or a register, says something of it. */
struct beside {
	struct counting *all;
	const struct metric *metric;
	unsigned number;           /* of its counter */
	struct loaded *table;
	size_t row;                /* the row at hand */
	unsigned column, date;
	struct view names[NAMES];  /* of columns in --where, by their index */
	unsigned name_count;
	struct expression_scope scope;
	struct expression_scratch scratch;
	struct expression *where;
	struct buf key;
	uint64_t lonely;           /* cells that no event stands in */
	uint64_t kept, fell;       /* rows that --where keeps, and others */
};

/* ---- what a row says of the stream's columns ---- */

static bool has(const struct beside *beside, struct view name)
{
	const struct count_beside *how = &beside->all->count->beside;
	return how->has ? how->has(how->arg, beside->table->header, name)
	                : header_find(beside->table->header, name) != COLUMN_NONE;
}

static struct view value_of(const struct beside *beside, struct view name)
{
	const struct count_beside *how = &beside->all->count->beside;
	if (!has(beside, name))
		return view("", 0);
	return how->value ? how->value(how->arg, beside->table, beside->row, name)
	                  : loaded_cell(beside->table, beside->row, header_find(beside->table->header, name));
}

static bool find_name(const void *table, struct view name, unsigned *index, enum expression_type *type)
{
	struct beside *beside = (struct beside *)(uintptr_t)table;
	*type = expression_model_type(name);
	if (!view_is(name, "at") && !has(beside, name))
		return false;
	for (*index = 0; *index < beside->name_count; ++*index)
		if (view_equal(beside->names[*index], name))
			return true;
	if (beside->name_count == NAMES)
		return false;
	beside->names[beside->name_count++] = arena_copy(&beside->all->run->arena, name);
	return true;
}

static struct view cell_at(const void *row, unsigned index)
{
	const struct beside *beside = row;
	struct view name = beside->names[index];
	return view_is(name, "at") ? loaded_cell(beside->table, beside->row, beside->date) : value_of(beside, name);
}

/* ---- --where ---- */

static void compile_where(struct beside *beside)
{
	const char *source = beside->all->count->where;
	struct expression_error error;
	beside->scope = (struct expression_scope){ .find = find_name, .table = beside, .as_of = beside->all->run->as_of };
	if (!source)
		return;
	beside->where = expression_compile_condition(&beside->all->run->arena, &beside->scope, VIEW("--where"),
	                                             view_of(source), &error);
	if (!beside->where)
		die_at(STATUS_INPUT, (struct place){ beside->table->file, 1, 0 }, "--where: %s", error.message);
	expression_scratch_init(&beside->scratch, &beside->scope);
}

static bool is_wanted(struct beside *beside)
{
	if (!beside->where)
		return true;
	expression_scratch_reset(&beside->scratch);
	enum expression_verdict verdict =
		expression_test(beside->where, &beside->scratch, (struct expression_row){ beside, cell_at });
	if (verdict != EXPRESSION_NO && verdict != EXPRESSION_YES)
		die_at(STATUS_INPUT, (struct place){ beside->table->file, beside->table->rows[beside->row]->line, 0 },
		       "--where: a limit or a range was passed");
	verdict == EXPRESSION_YES ? beside->kept++ : beside->fell++;
	return verdict == EXPRESSION_YES;
}

static void release_where(struct beside *beside)
{
	if (beside->where) {
		expression_scratch_release(&beside->scratch);
		expression_release(beside->where);
	}
	expression_scope_release(&beside->scope);
}

/* ---- rows ---- */

static size_t cell_of_row(struct beside *beside, unsigned table, int32_t day)
{
	struct counting *all = beside->all;
	const struct count_table *is = &all->count->table[table];
	size_t cell;
	buf_reset(&beside->key);
	buf_byte(&beside->key, (char)('0' + table));
	for (unsigned d = 0; d < is->by_count; d++) {
		enum dimension_kind kind = all->dimension[table][d].kind;
		if (kind == DIMENSION_COLUMN)
			key_put(&beside->key, value_of(beside, is->by[d]));
		else
			put_period(&beside->key, kind, day);
	}
	beside->lonely += intern_add(&all->cells.table, buf_view(&beside->key), &cell);
	return cell;
}

static void count_row(struct beside *beside)
{
	struct counting *all = beside->all;
	struct count *count = all->count;
	struct view text = loaded_cell(beside->table, beside->row, beside->date);
	struct place place = { beside->table->file, beside->table->rows[beside->row]->line, beside->date + 1 };
	int64_t at, amount;
	if (!text.len)
		return; /* a row of the other pair: accrual or payment */
	if (moment_parse_plain(text, &at) == MOMENT_NONE)
		die_at(STATUS_INPUT, place, "no date");
	place.column = beside->column + 1;
	if (!amount_of(beside->metric->unit, loaded_cell(beside->table, beside->row, beside->column), &amount))
		die_at(STATUS_INPUT, place, "no number");
	if (at < count->since || at > count->until || at > all->run->as_of || !is_wanted(beside))
		return;
	for (unsigned t = 0; t < count->table_count; t++) {
		size_t cell = cell_of_row(beside, t, moment_day(at));
		int64_t *sum = sums_of(&all->sums, &all->sums_room, all, (uint32_t)cell) + beside->number;
		if (__builtin_add_overflow(*sum, amount, sum))
			die_at(STATUS_INPUT, place, "the total is out of range");
	}
}

/* ---- what did not find its place ---- */

static bool lacks(const struct beside *beside, struct view name)
{
	const struct count_beside *how = &beside->all->count->beside;
	return how->lacks && how->lacks(how->arg, name);
}

static bool where_lacks(const struct beside *beside)
{
	for (unsigned i = 0; i < beside->name_count; i++)
		if (lacks(beside, beside->names[i]))
			return true;
	return false;
}

static bool cells_lack(const struct beside *beside)
{
	const struct count *count = beside->all->count;
	for (unsigned t = 0; t < count->table_count; t++)
		for (unsigned d = 0; d < count->table[t].by_count; d++)
			if (lacks(beside, count->table[t].by[d]))
				return true;
	return false;
}

/* Often the same thing under two names, an id and a name: then every ratio of the report is
 * wrong, and money is missing without a word.  Where the registers are given it is rather a
 * day without an event. */
static void say_lost(const struct beside *beside, const char *id)
{
	struct run *run = beside->all->run;
	if (beside->fell && !beside->kept && where_lacks(beside))
		run_warn(run, "%s: --where keeps none of %llu rows: names as in the events are wanted; "
		         "-t channel_map=FILE and -t projects=FILE make them", id, (unsigned long long)beside->fell);
	if (beside->lonely && cells_lack(beside))
		run_warn(run, "%s: amounts in %llu cells of the report where no event is: names as in the events "
		         "are wanted; -t channel_map=FILE and -t projects=FILE make them", id,
		         (unsigned long long)beside->lonely);
	else if (beside->lonely)
		run_note(run, "%s: amounts in %llu cells of the report where no event is", id,
		         (unsigned long long)beside->lonely);
}

void count_beside(struct counting *all, unsigned number)
{
	const struct metric *metric = all->counter[number].is;
	const char *id = arena_string(&all->run->arena, metric->id);
	struct beside beside = { .all = all, .metric = metric, .number = number };
	beside.table = load_table(all->run, run_table(all->run, arena_string(&all->run->arena, metric->table)), NULL);
	beside.column = header_need(beside.table->header, metric->column, id);
	beside.date = header_need(beside.table->header, metric->date, id);
	compile_where(&beside);
	for (; beside.row < beside.table->count; beside.row++)
		count_row(&beside);
	say_lost(&beside, id);
	release_where(&beside);
	buf_release(&beside.key);
	loaded_free(beside.table);
}
