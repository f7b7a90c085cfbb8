/* count: see count.h. */
#include "metric/count.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "engine/load.h"
#include "metric/tally.h"
#include "value/date.h"
#include "value/money.h"
#include "value/number.h"

enum { MASKS = 64, CACHED = 1024, SHORT = 16 };

enum dimension_kind { DIMENSION_COLUMN, DIMENSION_DAY, DIMENSION_WEEK, DIMENSION_MONTH, DIMENSION_QUARTER, DIMENSION_YEAR };

struct dimension {
	enum dimension_kind kind;
	unsigned column; /* COLUMN_NONE: always missing (in a table beside the stream) */
};

/* A counted metric, ready for rows.  Its number here is its bit in masks. */
struct counter {
	unsigned metric;          /* number in the dictionary */
	const struct metric *is;
	struct row_condition when;
	bool has_when;
	unsigned column;          /* of a sum */
	unsigned first;           /* of `later`: the bit of the metric of first events */
};

/* Numbers given out for keys, shared by the workers; each keeps a table of those that it
 * has seen, so that the lock is rarely wanted. */
struct numbers {
	pthread_mutex_t lock;
	struct intern table;
	struct arena arena;
};

/* What a fact's `what` stands for. */
struct what {
	uint32_t project, person;
	int32_t day;
};

struct counting {
	struct run *run;
	struct count *count;
	struct row_scope scope;
	struct row_condition where;
	struct counter counter[64];
	unsigned counter_count;
	uint64_t person_mask, first_mask; /* bits of metrics of persons; of first events */
	uint64_t when_mask;               /* of those with a condition */
	unsigned type, at, uid, household, project; /* columns; COLUMN_NONE where absent */
	bool needs_project, needs_day;
	struct dimension dimension[COUNT_TABLES][COUNT_DIMENSIONS];
	struct numbers types;  /* event types */
	struct numbers cells;  /* table and values */
	struct numbers masks;
	struct numbers whats, projects, persons;
	struct numbers places; /* the cells of a row, together: for first events */
	int64_t *sums;         /* [cell][counter]; all of the run */
	size_t sums_room;
};

struct seen {
	struct intern table;
	uint32_t *number;
	size_t room;
	struct view last; /* asked for last: it is often the same again */
	uint32_t last_number;
};

/* A cell found a moment ago, by the values themselves where they are short: hashing and
 * looking them up in full was a fifth of the time of a count. */
struct cached_cell {
	uint64_t words[COUNT_DIMENSIONS][2]; /* values filled with NULs; a period's first day */
	uint8_t lengths[COUNT_DIMENSIONS];
	uint32_t table, cell; /* table + 1; 0: nothing here */
};

struct counting_worker {
	struct counting *all;
	struct cached_cell *cache;
	struct expression_scratch expressions;
	struct arena arena;
	struct seen cells, masks, whats, projects, persons, places;
	struct intern types;
	uint64_t *type_mask;   /* by number in `types` */
	size_t type_room;
	int64_t *sums;
	size_t sums_room;
	struct buf key;
	uint64_t rows, later, unknown;
};

struct item {
	uint32_t what, project, person, places;
	uint64_t firsts;             /* bits of metrics whose first event this may be */
	int64_t at;
	uint64_t number;
	bool counts, facts;
	uint32_t code[];             /* one for each table, where there are facts */
};

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

static uint32_t number_of(struct numbers *numbers, struct seen *seen, struct view key)
{
	size_t at, all;
	if (seen->last.ptr && view_equal(seen->last, key))
		return seen->last_number;
	bool new = intern_add(&seen->table, key, &at);
	seen->last = seen->table.keys[at];
	if (!new)
		return seen->last_number = seen->number[at];
	pthread_mutex_lock(&numbers->lock);
	intern_add(&numbers->table, key, &all);
	pthread_mutex_unlock(&numbers->lock);
	if (at == seen->room) {
		seen->room = seen->room ? seen->room * 2 : 64;
		seen->number = heap_resize(seen->number, seen->room * sizeof *seen->number);
	}
	return seen->last_number = seen->number[at] = (uint32_t)all;
}

static void seen_release(struct seen *seen)
{
	intern_release(&seen->table);
	free(seen->number);
}

/* ---- dimensions ---- */

static bool is_period(struct view name, enum dimension_kind *kind)
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

/* `optional`: a table beside the stream, where a dimension may not exist. */
static struct dimension dimension_of(const struct header *header, struct view name, bool optional)
{
	struct dimension dimension = { DIMENSION_COLUMN, header_find(header, name) };
	if (dimension.column == COLUMN_NONE && !is_period(name, &dimension.kind) && !optional)
		dimension.column = header_need(header, name, "--by");
	return dimension;
}

static void put_period(struct buf *to, enum dimension_kind kind, int32_t day)
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

static uint64_t bit(unsigned number) { return (uint64_t)1 << number; }

static unsigned find_counter(const struct counting *all, unsigned metric)
{
	for (unsigned i = 0; i < all->counter_count; i++)
		if (all->counter[i].metric == metric)
			return i;
	return METRIC_UNSET;
}

static void add_counter(struct counting *all, const struct header *header, unsigned number)
{
	const struct metric *metric = &all->count->metrics->metric[number];
	if (all->counter_count == 64)
		die(STATUS_USAGE, "more than 64 metrics at once");
	unsigned at = all->counter_count++;
	struct counter *counter = &all->counter[at];
	*counter = (struct counter){ .metric = number, .is = metric, .column = COLUMN_NONE };
	if (metric->table.len)
		return;
	if (metric->kind == METRIC_SUM)
		counter->column = header_need(header, metric->column, arena_string(&all->run->arena, metric->id));
	if (metric->kind >= METRIC_DISTINCT && metric->kind <= METRIC_LATER) {
		all->person_mask |= bit(at);
		all->needs_project |= metric->key & KEY_PROJECT;
		all->needs_day |= metric->key & KEY_DAY || metric->kind == METRIC_LATER;
	}
	if (metric->kind == METRIC_FIRST)
		all->first_mask |= bit(at);
	if (metric->when.len) {
		struct place place = rules_place(metric->line, RULES_LINE);
		counter->when = row_condition(&all->scope, metric->id, place, metric->when);
		counter->has_when = true;
		all->when_mask |= bit(at);
	}
}

static void prepare(struct counting *all, const struct header *header)
{
	struct count *count = all->count;
	all->at = header_need(header, VIEW("at"), "crm-report");
	all->type = header_find(header, VIEW("event_type"));
	all->household = header_find(header, VIEW("hh_id"));
	all->project = header_find(header, VIEW("project"));
	row_scope_init(&all->scope, all->run, header);
	for (unsigned i = 0; i < count->metrics->count; i++)
		if (count->wanted[i])
			add_counter(all, header, i);
	for (unsigned i = 0; i < all->counter_count; i++)
		if (all->counter[i].is->kind == METRIC_LATER)
			all->counter[i].first = find_counter(all, all->counter[i].is->denominator);
	all->uid = all->person_mask ? header_need(header, VIEW("uid"), "crm-report") : COLUMN_NONE;
	if (count->where)
		all->where = row_condition(&all->scope, VIEW("--where"), (struct place){ "--where", 0, 0 },
		                           view_of(count->where));
	for (unsigned t = 0; t < count->table_count; t++)
		for (unsigned d = 0; d < count->table[t].by_count; d++)
			all->dimension[t][d] = dimension_of(header, count->table[t].by[d], false);
}

/* ---- a row ---- */

static void open_worker(const void *tool, void *scratch)
{
	struct counting_worker *worker = scratch;
	worker->all = (struct counting *)(uintptr_t)tool;
	row_scratch_init(&worker->expressions, &worker->all->scope);
	worker->cache = arena_zero(&worker->arena, CACHED, sizeof *worker->cache);
	struct seen *seen[] = { &worker->cells, &worker->masks, &worker->whats, &worker->projects,
		&worker->persons, &worker->places };
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
		intern_init(&seen[i]->table, &worker->arena);
	intern_init(&worker->types, &worker->arena);
}

static void add_sums(int64_t *into, const int64_t *from, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (__builtin_add_overflow(into[i], from[i], &into[i]))
			die(STATUS_INPUT, "a total is out of range");
}

static int64_t *sums_of(int64_t **sums, size_t *room, const struct counting *all, uint32_t cell)
{
	size_t need = ((size_t)cell + 1) * all->counter_count;
	if (*room < need) {
		size_t old = *room;
		*room = need * 2;
		*sums = heap_resize(*sums, *room * sizeof **sums);
		memset(*sums + old, 0, (*room - old) * sizeof **sums);
	}
	return *sums + (size_t)cell * all->counter_count;
}

/* Adds up what a worker has: its cells have the numbers of all. */
static void add_all(struct counting *all, const int64_t *sums, size_t room)
{
	size_t cells = all->counter_count ? room / all->counter_count : 0;
	if (!cells)
		return;
	sums_of(&all->sums, &all->sums_room, all, (uint32_t)cells - 1);
	add_sums(all->sums, sums, cells * all->counter_count);
}

static void close_worker(void *tool, void *scratch)
{
	struct counting *all = tool;
	struct counting_worker *worker = scratch;
	add_all(all, worker->sums, worker->sums_room);
	all->count->rows += worker->rows;
	all->count->later += worker->later;
	all->count->unknown += worker->unknown;
	row_scratch_release(&worker->expressions, &all->scope);
	struct seen *seen[] = { &worker->cells, &worker->masks, &worker->whats, &worker->projects,
		&worker->persons, &worker->places };
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
		seen_release(seen[i]);
	intern_release(&worker->types);
	arena_release(&worker->arena);
	buf_release(&worker->key);
	free(worker->type_mask);
	free(worker->sums);
}

/* Which metrics look at this type of event at all. */
static uint64_t mask_of_type(struct counting_worker *worker, struct view type)
{
	const struct counting *all = worker->all;
	size_t at;
	if (!intern_add(&worker->types, type, &at))
		return worker->type_mask[at];
	if (at == worker->type_room) {
		worker->type_room = at ? at * 2 : 32;
		worker->type_mask = heap_resize(worker->type_mask, worker->type_room * sizeof(uint64_t));
	}
	uint64_t mask = 0;
	for (unsigned i = 0; i < all->counter_count; i++)
		if (!all->counter[i].is->table.len && metric_has_type(all->counter[i].is, type))
			mask |= bit(i);
	return worker->type_mask[at] = mask;
}

static uint32_t find_cell(struct counting_worker *worker, unsigned table, const struct row *row, int32_t day)
{
	struct counting *all = worker->all;
	const struct count_table *is = &all->count->table[table];
	buf_reset(&worker->key);
	buf_byte(&worker->key, (char)('0' + table));
	for (unsigned d = 0; d < is->by_count; d++) {
		const struct dimension *dimension = &all->dimension[table][d];
		if (dimension->kind == DIMENSION_COLUMN)
			key_put(&worker->key, row_value(row, dimension->column));
		else
			put_period(&worker->key, dimension->kind, day);
	}
	return number_of(&all->cells, &worker->cells, buf_view(&worker->key));
}

/* What a period is told by: days of one month have one number. */
static int32_t period_start(enum dimension_kind kind, int32_t day)
{
	switch (kind) {
	case DIMENSION_WEEK: return date_week_start(day);
	case DIMENSION_MONTH: return date_month_start(day);
	case DIMENSION_QUARTER: return date_quarter_start(day);
	case DIMENSION_YEAR: return date_year_start(day);
	default: return day;
	}
}

static uint32_t cell_of(struct counting_worker *worker, unsigned table, const struct row *row, int32_t day)
{
	struct counting *all = worker->all;
	unsigned count = all->count->table[table].by_count;
	struct cached_cell now;
	now.table = table + 1;
	uint64_t hash = table;
	for (unsigned d = 0; d < count; d++) {
		now.words[d][0] = now.words[d][1] = 0;
		now.lengths[d] = 0;
		const struct dimension *dimension = &all->dimension[table][d];
		if (dimension->kind == DIMENSION_COLUMN) {
			struct view value = row_value(row, dimension->column);
			if (value.len > SHORT)
				return find_cell(worker, table, row, day);
			memcpy(now.words[d], value.ptr, value.len);
			now.lengths[d] = (uint8_t)value.len;
		} else {
			now.words[d][0] = (uint64_t)(int64_t)period_start(dimension->kind, day);
		}
		hash = (hash ^ now.words[d][0] ^ now.words[d][1] << 7 ^ now.lengths[d]) * 0x9E3779B97F4A7C15u;
		hash ^= hash >> 29;
	}
	struct cached_cell *cached = &worker->cache[hash >> 7 & (CACHED - 1)];
	if (cached->table == now.table && memcmp(cached->words, now.words, count * sizeof now.words[0]) == 0 &&
	    memcmp(cached->lengths, now.lengths, count) == 0)
		return cached->cell;
	now.cell = find_cell(worker, table, row, day);
	*cached = now;
	return now.cell;
}

static uint32_t what_of(struct counting_worker *worker, const struct row *row, struct item *item, int32_t day)
{
	struct counting *all = worker->all;
	struct what what = { 0, 0, all->needs_day ? day : 0 };
	if (all->needs_project && all->project != COLUMN_NONE)
		what.project = number_of(&all->projects, &worker->projects, row_value(row, all->project));
	/* Within a household it matters who; elsewhere the customer is the person. */
	if (all->household != COLUMN_NONE && row_value(row, all->household).len)
		what.person = 1 + number_of(&all->persons, &worker->persons, row_value(row, all->uid));
	item->project = what.project;
	item->person = what.person;
	return number_of(&all->whats, &worker->whats, view((const char *)&what, sizeof what));
}

/* The amount of a sum: false where the cell does not read. */
static bool amount_of(enum doc_unit unit, struct view text, int64_t *amount)
{
	__int128 number;
	if (!text.len) {
		*amount = 0;
		return true;
	}
	if (unit == DOC_MONEY || unit == DOC_WAN)
		return money_parse_plain(text, amount);
	if (!number_parse(text, 0, &number))
		return false;
	number /= unit == DOC_AREA ? NUMBER_ONE / 100 : unit == DOC_COUNT ? NUMBER_ONE : 1;
	*amount = (int64_t)number;
	return *amount == number;
}

/* Takes the bits of those metrics out whose condition the row does not meet. */
static enum row_verdict meet(struct counting_worker *worker, const struct row *row, struct task *task, uint64_t *mask)
{
	const struct counting *all = worker->all;
	if (!all->count->where && !(*mask & all->when_mask))
		return ROW_YES;
	row_begin(&worker->expressions);
	if (all->count->where) {
		enum row_verdict verdict = row_holds(&all->scope, &all->where, &worker->expressions, row, task);
		if (verdict != ROW_YES)
			return verdict;
	}
	for (uint64_t rest = *mask & all->when_mask; rest; rest &= rest - 1) {
		unsigned i = (unsigned)__builtin_ctzll(rest);
		switch (row_holds(&all->scope, &all->counter[i].when, &worker->expressions, row, task)) {
		case ROW_REJECTED:
			return ROW_REJECTED;
		case ROW_NO:
			*mask &= ~bit(i);
			break;
		case ROW_YES:
			break;
		}
	}
	return *mask ? ROW_YES : ROW_NO;
}

static enum fate add_up(struct counting_worker *worker, const struct row *row, struct task *task, uint64_t mask,
                        const uint32_t *cells)
{
	struct counting *all = worker->all;
	for (uint64_t rest = mask & ~all->person_mask; rest; rest &= rest - 1) {
		unsigned i = (unsigned)__builtin_ctzll(rest);
		const struct counter *counter = &all->counter[i];
		int64_t amount = 1;
		if (counter->is->kind == METRIC_SUM &&
		    !amount_of(counter->is->unit, row_value(row, counter->column), &amount))
			return row_reject(task, row, counter->column, "bad_number", "column \"%.*s\": no number",
			                  VIEW_ARGS(counter->is->column));
		for (unsigned t = 0; t < all->count->table_count; t++) {
			int64_t *sum = sums_of(&worker->sums, &worker->sums_room, all, cells[t]) + i;
			if (__builtin_add_overflow(*sum, amount, sum))
				return row_fatal(task, row, counter->column, "the total is out of range");
		}
	}
	return FATE_USED;
}

static struct view key_of(const void *tool, void *scratch, const struct row *row)
{
	const struct counting *all = tool;
	(void)scratch;
	if (all->uid == COLUMN_NONE)
		return view("", 0);
	struct view household = all->household != COLUMN_NONE ? row_value(row, all->household) : view("", 0);
	return household.len ? household : row_value(row, all->uid);
}

static enum fate map(const void *tool, void *scratch, const struct row *row, void *to, struct task *task)
{
	const struct counting *all = tool;
	struct counting_worker *worker = scratch;
	const struct count *count = all->count;
	struct item *item = to;
	item->number = row->number;
	item->firsts = 0;
	item->facts = false;
	uint64_t mask = mask_of_type(worker, all->type == COLUMN_NONE ? VIEW("") : row_value(row, all->type));
	if (!mask)
		return FATE_LEFT_OUT;
	if (moment_parse_plain(row_value(row, all->at), &item->at) == MOMENT_NONE)
		return row_reject(task, row, all->at, "bad_date", "column \"at\": no date");
	if (item->at > all->run->as_of) {
		worker->later++;
		return FATE_LEFT_OUT;
	}
	item->counts = item->at >= count->since && item->at <= count->until;
	if (!item->counts)
		mask &= all->first_mask;
	enum row_verdict verdict = mask ? meet(worker, row, task, &mask) : ROW_NO;
	if (verdict != ROW_YES)
		return verdict == ROW_REJECTED ? FATE_REJECTED : FATE_LEFT_OUT;
	int32_t day = moment_day(item->at);
	uint32_t cells[COUNT_TABLES];
	for (unsigned t = 0; t < count->table_count; t++)
		cells[t] = cell_of(worker, t, row, day);
	enum fate fate = add_up(worker, row, task, mask, cells);
	worker->rows += fate == FATE_USED && item->counts;
	uint64_t persons = mask & all->person_mask;
	if (fate != FATE_USED || !persons)
		return fate;
	if (!row_value(row, all->uid).len) {
		worker->unknown++;
		return FATE_USED;
	}
	item->what = what_of(worker, row, item, day);
	item->firsts = persons & all->first_mask;
	if (item->firsts)
		item->places = number_of(&worker->all->places, &worker->places,
		                         view((const char *)cells, count->table_count * sizeof *cells));
	persons &= ~all->first_mask;
	if (!persons || !item->counts)
		return FATE_USED;
	uint32_t number = number_of(&worker->all->masks, &worker->masks, view((const char *)&persons, sizeof persons));
	if (number >= MASKS)
		return row_fatal(task, row, COLUMN_NONE, "too many kinds of events for one report; name fewer metrics");
	item->facts = true;
	for (unsigned t = 0; t < count->table_count; t++)
		item->code[t] = cells[t] * MASKS + number;
	return FATE_USED;
}

/* ---- a customer's state ---- */

static void add(const void *tool, struct arena *arena, void *state, const void *from)
{
	const struct counting *all = tool;
	const struct item *item = from;
	for (unsigned t = 0; item->facts && t < all->count->table_count; t++)
		tally_add_fact(arena, state, (struct tally_fact){ item->code[t], item->what });
	for (uint64_t rest = item->firsts; rest; rest &= rest - 1) {
		struct tally_first first = { (uint32_t)__builtin_ctzll(rest), item->project, item->person,
			item->places, item->at, item->number, item->counts };
		if (!(all->counter[first.metric].is->key & KEY_UID))
			first.person = 0;
		if (!(all->counter[first.metric].is->key & KEY_PROJECT))
			first.project = 0;
		tally_add_first(arena, state, &first);
	}
}

static void merge(const void *tool, struct arena *arena, void *into, const void *from)
{
	(void)tool;
	tally_merge(arena, into, from);
}

static void touch(const void *state)
{
	const struct tally *tally = state;
	if (tally->fact_count)
		__builtin_prefetch(&tally->facts[tally->fact_count - 1], 1);
}

static void save(const void *tool, const void *state, struct buf *to)
{
	(void)tool;
	tally_save(state, to);
}

static void load(const void *tool, struct arena *arena, struct view from, void *state)
{
	(void)tool;
	tally_load(arena, from, state);
}

/* ---- from customers to cells ---- */

/* Something counted once: seen in a cell (or in any, for the total). */
struct once {
	uint32_t table, cell;
	struct what what;
};

static int compare_u32(uint32_t a, uint32_t b) { return (a > b) - (a < b); }

static int compare_once(const void *left, const void *right)
{
	const struct once *a = left, *b = right;
	int order = compare_u32(a->table, b->table);
	order = order ? order : compare_u32(a->what.project, b->what.project);
	order = order ? order : compare_u32(a->what.person, b->what.person);
	order = order ? order : (a->what.day > b->what.day) - (a->what.day < b->what.day);
	return order ? order : compare_u32(a->cell, b->cell);
}

static void sort_once(struct once *list, size_t count)
{
	if (count > 24) {
		qsort(list, count, sizeof *list, compare_once);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct once moved = list[i];
		size_t at = i;
		for (; at && compare_once(&list[at - 1], &moved) > 0; at--)
			list[at] = list[at - 1];
		list[at] = moved;
	}
}

/* One thread's results. */
struct collecting {
	struct counting *all;
	struct once *list;
	size_t room;
	int64_t *sums;
	size_t sums_room;
	int64_t *totals; /* [table][counter] */
};

static unsigned table_of_cell(const struct counting *all, uint32_t cell)
{
	return (unsigned)(all->cells.table.keys[cell].ptr[0] - '0');
}

/* The day of the first event that a `later` metric counts from; false: there is none. */
static bool first_day(const struct tally *tally, const struct counter *counter, const struct counter *first,
                      const struct what *what, int32_t *day)
{
	for (uint32_t i = 0; i < tally->first_count; i++) {
		const struct tally_first *is = &tally->firsts[i];
		if (is->metric != counter->first || (first->is->key & KEY_PROJECT && is->project != what->project) ||
		    (first->is->key & KEY_UID && is->person != what->person))
			continue;
		*day = moment_day(is->at);
		return true;
	}
	return false;
}

/* One distinct (or later) metric of one customer. */
static void count_distinct(struct collecting *to, const struct tally *tally, unsigned number)
{
	struct counting *all = to->all;
	const struct counter *counter = &all->counter[number];
	unsigned key = counter->is->key;
	size_t count = 0;
	for (uint32_t i = 0; i < tally->fact_count; i++) {
		const struct tally_fact *fact = &tally->facts[i];
		uint64_t mask;
		memcpy(&mask, all->masks.table.keys[fact->code % MASKS].ptr, sizeof mask);
		if (!(mask & bit(number)))
			continue;
		struct once once = { .cell = fact->code / MASKS };
		memcpy(&once.what, all->whats.table.keys[fact->what].ptr, sizeof once.what);
		int32_t day;
		if (counter->is->kind == METRIC_LATER &&
		    (!first_day(tally, counter, &all->counter[counter->first], &once.what, &day) ||
		     once.what.day <= day))
			continue;
		once.table = table_of_cell(all, once.cell);
		once.what.project = key & KEY_PROJECT ? once.what.project : 0;
		once.what.person = key & KEY_UID ? once.what.person : 0;
		once.what.day = key & KEY_DAY ? once.what.day : 0;
		if (count == to->room) {
			to->room = to->room ? to->room * 2 : 64;
			to->list = heap_resize(to->list, to->room * sizeof *to->list);
		}
		to->list[count++] = once;
	}
	sort_once(to->list, count);
	for (size_t i = 0; i < count; i++) {
		const struct once *now = &to->list[i], *before = i ? now - 1 : NULL;
		bool known = before && before->table == now->table && before->what.project == now->what.project &&
		             before->what.person == now->what.person && before->what.day == now->what.day;
		if (!known)
			to->totals[now->table * all->counter_count + number]++;
		if (!known || before->cell != now->cell)
			sums_of(&to->sums, &to->sums_room, all, now->cell)[number]++;
	}
}

static void count_firsts(struct collecting *to, const struct tally *tally)
{
	struct counting *all = to->all;
	for (uint32_t i = 0; i < tally->first_count; i++) {
		const struct tally_first *first = &tally->firsts[i];
		if (!first->counts)
			continue;
		uint32_t cells[COUNT_TABLES];
		struct view places = all->places.table.keys[first->cells];
		memcpy(cells, places.ptr, places.len);
		for (unsigned t = 0; t < all->count->table_count; t++) {
			sums_of(&to->sums, &to->sums_room, all, cells[t])[first->metric]++;
			to->totals[t * all->counter_count + first->metric]++;
		}
	}
}

static void count_customer(void *arg, struct view key, void *state)
{
	struct collecting *to = arg;
	(void)key;
	for (uint64_t rest = to->all->person_mask & ~to->all->first_mask; rest; rest &= rest - 1)
		count_distinct(to, state, (unsigned)__builtin_ctzll(rest));
	count_firsts(to, state);
}

static void *open_collecting(void *arg)
{
	struct counting *all = arg;
	struct collecting *to = heap_alloc(sizeof *to);
	size_t totals = (all->count->table_count * all->counter_count + 1) * sizeof *to->totals;
	*to = (struct collecting){ .all = all, .totals = memset(heap_alloc(totals), 0, totals) };
	return to;
}

static void close_collecting(void *arg, void *state)
{
	struct counting *all = arg;
	struct collecting *to = state;
	add_all(all, to->sums, to->sums_room);
	for (unsigned t = 0; t < all->count->table_count; t++)
		for (unsigned c = 0; c < all->counter_count; c++)
			all->count->table[t].total[all->counter[c].metric] += to->totals[t * all->counter_count + c];
	free(to->list);
	free(to->sums);
	free(to->totals);
	free(to);
}

/* ---- tables beside the stream ---- */

static void count_table_row(struct counting *all, const struct loaded *loaded, size_t row, unsigned number,
                            unsigned column, unsigned date, struct dimension dimension[][COUNT_DIMENSIONS],
                            struct buf *key)
{
	struct count *count = all->count;
	struct place place = { loaded->file, loaded->rows[row]->line, column + 1 };
	struct view text = loaded_cell(loaded, row, date);
	int64_t at, amount;
	if (!text.len)
		return; /* a row of the other pair: accrual or payment */
	if (moment_parse_plain(text, &at) == MOMENT_NONE)
		die_at(STATUS_INPUT, (struct place){ loaded->file, place.line, date + 1 }, "no date");
	if (!amount_of(all->counter[number].is->unit, loaded_cell(loaded, row, column), &amount))
		die_at(STATUS_INPUT, place, "no amount");
	if (at < count->since || at > count->until || at > all->run->as_of)
		return;
	for (unsigned t = 0; t < count->table_count; t++) {
		size_t cell;
		buf_reset(key);
		buf_byte(key, (char)('0' + t));
		for (unsigned d = 0; d < count->table[t].by_count; d++) {
			const struct dimension *is = &dimension[t][d];
			if (is->kind != DIMENSION_COLUMN)
				put_period(key, is->kind, moment_day(at));
			else
				key_put(key, is->column == COLUMN_NONE ? view("", 0) : loaded_cell(loaded, row, is->column));
		}
		intern_add(&all->cells.table, buf_view(key), &cell);
		int64_t *sum = sums_of(&all->sums, &all->sums_room, all, (uint32_t)cell) + number;
		if (__builtin_add_overflow(*sum, amount, sum))
			die_at(STATUS_INPUT, place, "the total is out of range");
	}
}

static void count_beside(struct counting *all, unsigned number)
{
	const struct metric *metric = all->counter[number].is;
	const char *name = arena_string(&all->run->arena, metric->table);
	const char *file = run_table(all->run, name);
	struct loaded *loaded = load_table(all->run, file, NULL);
	unsigned column = header_need(loaded->header, metric->column, "crm-report");
	unsigned date = header_need(loaded->header, metric->date, "crm-report");
	struct dimension dimension[COUNT_TABLES][COUNT_DIMENSIONS];
	for (unsigned t = 0; t < all->count->table_count; t++)
		for (unsigned d = 0; d < all->count->table[t].by_count; d++)
			dimension[t][d] = dimension_of(loaded->header, all->count->table[t].by[d], true);
	struct buf key = { 0 };
	for (size_t i = 0; i < loaded->count; i++)
		count_table_row(all, loaded, i, number, column, date, dimension, &key);
	buf_release(&key);
	loaded_free(loaded);
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

/* The cells of each table, in order; totals of what adds up. */
static void give_results(struct counting *all)
{
	struct count *count = all->count;
	struct arena *arena = &all->run->arena;
	const struct intern *cells = &all->cells.table;
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
			if (!(all->person_mask & bit(c)) &&
			    __builtin_add_overflow(table->total[all->counter[c].metric], sums[c],
			                           &table->total[all->counter[c].metric]))
				die(STATUS_INPUT, "a total is out of range");
		}
	}
	for (unsigned t = 0; t < count->table_count; t++)
		if (count->table[t].cell_count)
			qsort(count->table[t].cells, count->table[t].cell_count, sizeof(struct count_cell), compare_cells);
}

void count_run(struct run *run, struct count *count)
{
	struct fold_shape shape = { .key = key_of,
		.item = sizeof(struct item) + count->table_count * sizeof(uint32_t),
		.state = sizeof(struct tally), .map = map, .add = add, .merge = merge, .touch = touch, .save = save, .load = load,
		.scratch = sizeof(struct counting_worker), .open = open_worker, .close = close_worker,
		.keep_missing = true };
	struct counting *all = arena_zero(&run->arena, 1, sizeof *all);
	all->run = run;
	all->count = count;
	struct numbers *numbers[] = { &all->types, &all->cells, &all->masks, &all->whats, &all->projects,
		&all->persons, &all->places };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		numbers_init(numbers[i]);
	for (unsigned t = 0; t < count->table_count; t++)
		count->table[t].total = arena_zero(&run->arena, count->metrics->count, sizeof(int64_t));
	prepare(all, reader_header(run->reader));
	struct fold *fold = engine_fold(run, &shape, all, (struct columns){ NULL, 0 });
	fold_each_worker(fold, open_collecting, count_customer, close_collecting, all);
	fold_free(fold);
	for (unsigned i = 0; i < all->counter_count; i++)
		if (all->counter[i].is->table.len)
			count_beside(all, i);
	give_results(all);
	for (unsigned i = 0; i < all->counter_count; i++)
		if (all->counter[i].has_when)
			row_condition_release(&all->counter[i].when);
	if (count->where)
		row_condition_release(&all->where);
	row_scope_release(&all->scope);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		numbers_release(numbers[i]);
	free(all->sums);
}

/* A quotient in the unit of the result: rates and ratios in millionths, money in fen. */
static bool divide(enum doc_unit unit, enum doc_unit of, enum doc_unit by, int64_t a, int64_t b, int64_t *result)
{
	if (b == 0)
		return false;
	__int128 scale = unit == DOC_MONEY ? 1 : 1000000;
	if (of == DOC_AREA)
		scale /= 100;
	if (by == DOC_AREA)
		scale *= 100;
	__int128 numerator = (__int128)a * scale;
	__int128 rounded = b < 0 ? number_round(-numerator, -(__int128)b) : number_round(numerator, b);
	*result = (int64_t)rounded;
	return *result == rounded;
}

bool count_value(const struct metrics *metrics, unsigned number, const int64_t *numbers, const int64_t *total,
                 int64_t *value)
{
	const struct metric *metric = &metrics->metric[number];
	int64_t a, b;
	switch (metric->kind) {
	case METRIC_ALIAS:
		return count_value(metrics, metric->numerator, numbers, total, value);
	case METRIC_DIFFERENCE:
		return count_value(metrics, metric->numerator, numbers, total, &a) &&
		       count_value(metrics, metric->denominator, numbers, total, &b) &&
		       !__builtin_sub_overflow(a, b, value);
	case METRIC_RATIO:
		return count_value(metrics, metric->numerator, numbers, total, &a) &&
		       count_value(metrics, metric->denominator, numbers, total, &b) &&
		       divide(metric->unit, metrics->metric[metric->numerator].unit,
		              metrics->metric[metric->denominator].unit, a, b, value);
	case METRIC_SHARE:
		return count_value(metrics, metric->numerator, numbers, total, &a) &&
		       count_value(metrics, metric->numerator, total, total, &b) &&
		       divide(DOC_RATE, DOC_COUNT, DOC_COUNT, a, b, value);
	default:
		*value = numbers[number];
		return true;
	}
}
