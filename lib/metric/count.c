/* count: see count.h. */
#include "metric/counting.h"

#include <stdlib.h>

#include "value/date.h"
#include "value/money.h"
#include "value/number.h"

/* ---- numbers ---- */

static void numbers_init(struct numbers *numbers)
{
	pthread_mutex_init(&numbers->lock, NULL);
	intern_init(&numbers->table, &numbers->arena);
}

static void numbers_release(struct numbers *numbers)
{
	intern_release(&numbers->table);
	arena_release(&numbers->arena);
	pthread_mutex_destroy(&numbers->lock);
}

/* ---- dimensions ---- */

bool period_kind(struct view name, enum dimension_kind *kind)
{
	static const char *const names[] = { "day", "week", "month", "quarter", "year" };
	for (unsigned i = 0; i < 5; i++) {
		if (view_is(name, names[i])) {
			*kind = (enum dimension_kind)(DIMENSION_DAY + i);
			return true;
		}
	}
	return false;
}

bool count_is_period(struct view dimension)
{
	enum dimension_kind kind;
	return period_kind(dimension, &kind);
}

bool count_has(const struct header *header, struct view dimension)
{
	return count_is_period(dimension) || header_find(header, dimension) != COLUMN_NONE;
}

/* A column of the stream rules over a period of that name. */
static struct dimension dimension_of(const struct header *header, struct view name)
{
	struct dimension dimension = { DIMENSION_COLUMN, header_find(header, name) };
	if (dimension.column == COLUMN_NONE && !period_kind(name, &dimension.kind))
		dimension.column = header_need(header, name, "--by");
	return dimension;
}

void put_period(struct buf *to, enum dimension_kind kind, int32_t day)
{
	struct buf text = { 0 };
	switch (kind) {
	case DIMENSION_DAY: date_format(day, &text); break;
	case DIMENSION_WEEK: date_format_week(day, &text); break;
	case DIMENSION_MONTH: date_format_month(day, &text); break;
	case DIMENSION_QUARTER: date_format_quarter(day, &text); break;
	case DIMENSION_YEAR: date_format(day, &text); text.len = 4; break;
	case DIMENSION_COLUMN: break;
	}
	key_put(to, buf_view(&text));
	buf_release(&text);
}

/* ---- before the first row ---- */

static unsigned find_counter(const struct counting *all, unsigned metric)
{
	for (unsigned i = 0; i < all->counter_count; i++)
		if (all->counter[i].metric == metric)
			return i;
	return METRIC_UNSET;
}

/* A column of the data model may be absent: then it is missing in all rows. */
static unsigned date_column(const struct header *header, struct view name, const char *why)
{
	unsigned column = header_find(header, name);
	if (column == COLUMN_NONE && expression_model_type(name) != EXPRESSION_TIME)
		column = header_need(header, name, why);
	return column;
}

/* Without a header (of partial states) no column is looked for. */
static void add_counter(struct counting *all, const struct header *header, unsigned number)
{
	const struct metric *metric = &all->count->metrics->metric[number];
	if (all->counter_count == 64)
		die(STATUS_USAGE, "more than 64 metrics at once");
	unsigned at = all->counter_count++;
	struct counter *counter = &all->counter[at];
	*counter = (struct counter){ .metric = number, .is = metric, .column = COLUMN_NONE, .date = COLUMN_NONE };
	if (metric->table.len)
		return;
	if (metric->kind >= METRIC_DISTINCT && metric->kind <= METRIC_LATER) {
		all->person_mask |= counter_bit(at);
		all->needs_project |= metric->key & KEY_PROJECT;
		all->needs_day |= metric->key & KEY_DAY || metric->kind == METRIC_LATER;
	}
	if (metric->kind == METRIC_DISTINCT && metric->key & KEY_DAY)
		all->alone_mask |= counter_bit(at);
	if (metric->kind == METRIC_FIRST)
		all->first_mask |= counter_bit(at);
	if (!header)
		return;
	const char *id = arena_string(&all->run->arena, metric->id);
	if (metric->kind == METRIC_SUM)
		counter->column = header_need(header, metric->column, id);
	if (metric->date.len) {
		counter->date = date_column(header, metric->date, id);
		all->dated_mask |= counter->date == COLUMN_NONE ? 0 : counter_bit(at);
	}
	if (metric->when.len) {
		counter->when = row_condition(&all->scope, metric->id, metric_condition_place(metric), metric->when);
		counter->has_when = true;
		all->when_mask |= counter_bit(at);
	}
}

void counting_counters(struct counting *all, const struct header *header)
{
	for (unsigned i = 0; i < all->count->metrics->count; i++)
		if (all->count->wanted[i])
			add_counter(all, header, i);
	for (unsigned i = 0; i < all->counter_count; i++)
		if (all->counter[i].is->kind == METRIC_LATER)
			all->counter[i].first = find_counter(all, all->counter[i].is->denominator);
}

void counting_prepare(struct counting *all, const struct header *header)
{
	struct count *count = all->count;
	all->at = header_need_from(header, VIEW("at"), "every report", header_from_events);
	all->type = header_find(header, VIEW("event_type"));
	all->event_id = header_find(header, VIEW("event_id"));
	all->household = header_find(header, VIEW("hh_id"));
	all->project = header_find(header, VIEW("project"));
	row_scope_init(&all->scope, all->run, header);
	/* A metric's condition may speak of a column that this stream does not have. */
	all->scope.table.lenient = true;
	counting_counters(all, header);
	all->uid = all->person_mask ? header_need_from(header, VIEW("uid"), "metrics of customers", header_from_events) : COLUMN_NONE;
	all->scope.table.lenient = false;
	if (count->where)
		all->where = row_condition(&all->scope, VIEW("--where"), (struct place){ "--where", 0, 0 },
		                           view_of(count->where));
	for (unsigned t = 0; t < count->table_count; t++)
		for (unsigned d = 0; d < count->table[t].by_count; d++)
			all->dimension[t][d] = dimension_of(header, count->table[t].by[d]);
	all->has_more = all->first_mask || all->household != COLUMN_NONE;
	all->wide = all->needs_project || all->needs_day || all->household != COLUMN_NONE;
}

/* ---- sums ---- */

static void add_sums(int64_t *into, const int64_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (__builtin_add_overflow(into[i], from[i], &into[i]))
			die(STATUS_INPUT, "a total is out of range");
}

void sums_grow(int64_t **sums, size_t *room, size_t need)
{
	size_t old = *room;
	*room = need * 2;
	*sums = heap_resize(*sums, *room * sizeof **sums);
	memset(*sums + old, 0, (*room - old) * sizeof **sums);
}

/* Adds up what a worker has: its cells have the numbers of all. */
void sums_add_all(struct counting *all, const int64_t *sums, size_t room)
{
	size_t cells = all->counter_count ? room / all->counter_count : 0;
	if (!cells)
		return;
	sums_of(&all->sums, &all->sums_room, all, (uint32_t)cells - 1);
	add_sums(all->sums, sums, cells * all->counter_count);
}

/* The amount of a sum: false where the cell does not read. */
bool amount_of(enum metric_unit unit, struct view text, int64_t *amount)
{
	__int128 number;
	if (!text.len) {
		*amount = 0;
		return true;
	}
	if (unit == UNIT_MONEY || unit == UNIT_WAN)
		return money_parse_plain(text, amount);
	if (!number_parse(text, 0, &number))
		return false;
	number /= unit == UNIT_AREA ? NUMBER_ONE / 100 : unit == UNIT_COUNT ? NUMBER_ONE : 1;
	*amount = (int64_t)number;
	return *amount == number;
}

unsigned table_of_cell(const struct counting *all, uint32_t cell)
{
	return (unsigned)(all->cells.table.keys[cell].ptr[0] - '0');
}

/* ---- results ---- */

static int compare_cells(const void *left, const void *right)
{
	const struct count_cell *a = left, *b = right;
	for (unsigned i = 0; i < COUNT_DIMENSIONS; i++) {
		int order = view_compare(a->value[i], b->value[i]);
		if (order)
			return order;
	}
	return 0;
}

/* Does it count events of types that are there only where their ledger was given? */
static bool wants_type(const struct metric *metric)
{
	bool wants = false;
	for (struct view rest = metric->types; rest.len && !metric->table.len && !wants;) {
		struct view type = view_cut(&rest, ' ');
		wants = !view_is(type, "*") && !metric_only_corrects(type);
	}
	return wants;
}

/* The cells of each table, in order; totals of what adds up. */
static void give_results(struct counting *all)
{
	struct count *count = all->count;
	struct arena *arena = &all->run->arena;
	const struct intern *cells = &all->cells.table;
	count->unseen = arena_zero(arena, count->metrics->count, sizeof *count->unseen);
	for (unsigned c = 0; c < all->counter_count; c++)
		count->unseen[all->counter[c].metric] = !(all->seen_mask & counter_bit(c)) && wants_type(all->counter[c].is);
	for (unsigned t = 0; t < count->table_count; t++)
		count->table[t].cells = arena_zero(arena, cells->count + 1, sizeof(struct count_cell));
	for (size_t i = 0; i < cells->count; i++) {
		struct count_table *table = &count->table[table_of_cell(all, (uint32_t)i)];
		const int64_t *sums = sums_of(&all->sums, &all->sums_room, all, (uint32_t)i);
		bool any = false;
		for (unsigned c = 0; c < all->counter_count; c++)
			any |= sums[c] != 0;
		if (!any)
			continue; /* a cell that only knows of first events out of range */
		struct count_cell *cell = &table->cells[table->cell_count++];
		struct view key = view_skip(cells->keys[i], 1);
		for (unsigned d = 0; d < table->by_count; d++)
			cell->value[d] = key_take(&key, arena);
		cell->number = arena_zero(arena, count->metrics->count, sizeof *cell->number);
		for (unsigned c = 0; c < all->counter_count; c++) {
			cell->number[all->counter[c].metric] = sums[c];
			if (!(all->person_mask & counter_bit(c)) &&
			    __builtin_add_overflow(table->total[all->counter[c].metric], sums[c],
			                           &table->total[all->counter[c].metric]))
				die(STATUS_INPUT, "a total is out of range");
		}
	}
	for (unsigned t = 0; t < count->table_count; t++)
		if (count->table[t].cell_count)
			qsort(count->table[t].cells, count->table[t].cell_count, sizeof(struct count_cell), compare_cells);
}

/* ---- the run ---- */

static struct numbers *numbers_at(struct counting *all, unsigned i)
{
	struct numbers *const numbers[] = { &all->types, &all->cells, &all->masks, &all->whats, &all->projects, &all->places };
	return i < sizeof numbers / sizeof *numbers ? numbers[i] : NULL;
}

struct counting *counting_new(struct run *run, struct count *count)
{
	struct counting *all = arena_zero(&run->arena, 1, sizeof *all);
	all->run = run;
	all->count = count;
	for (unsigned i = 0; numbers_at(all, i); i++)
		numbers_init(numbers_at(all, i));
	for (unsigned t = 0; t < count->table_count; t++)
		count->table[t].total = arena_zero(&run->arena, count->metrics->count, sizeof(int64_t));
	return all;
}

void counting_free(struct counting *all)
{
	for (unsigned i = 0; i < all->counter_count; i++)
		if (all->counter[i].has_when)
			row_condition_release(&all->counter[i].when);
	if (all->where.expression)
		row_condition_release(&all->where);
	row_scope_release(&all->scope);
	for (unsigned i = 0; numbers_at(all, i); i++)
		numbers_release(numbers_at(all, i));
	free(all->sums);
}

struct fold_shape counting_shape(struct counting *all)
{
	struct fold_shape shape = { .key = counting_key, .state = sizeof(struct tally), .map = counting_map,
		.add = customer_add, .merge = customer_merge, .touch = customer_touch, .save = customer_save,
		.load = customer_load, .scratch = sizeof(struct counting_worker), .open = counting_worker_open,
		.close = counting_worker_close, .keep_missing = true };
	shape.item = (sizeof(struct item) + all->count->table_count * sizeof(uint32_t) + 7) & ~(size_t)7;
	if (all->has_more) {
		all->more_offset = shape.item;
		shape.item += sizeof(struct item_more);
	}
	return shape;
}

void counting_results(struct counting *all, struct fold *fold)
{
	count_customers(all, fold);
	fold_free(fold);
	for (unsigned i = 0; i < all->counter_count; i++)
		if (all->counter[i].is->table.len)
			count_beside(all, i);
	give_results(all);
}

void count_run(struct run *run, struct count *count)
{
	struct counting *all = counting_new(run, count);
	counting_prepare(all, reader_header(run->reader));
	struct fold_shape shape = counting_shape(all);
	counting_results(all, engine_fold(run, &shape, all, (struct columns){ NULL, 0 }));
	counting_free(all);
}
