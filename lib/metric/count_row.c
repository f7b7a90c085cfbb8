/* count_row: from a row to cells, and to what is said of its customer; see counting.h. */
#include "metric/counting.h"

#include <stdlib.h>

#include "value/date.h"

enum { CACHED = 2048, SHORT = 16 };

/* A cell found a moment ago, by the values themselves where they are short: hashing and
 * looking them up in full was a fifth of the time of a count. */
struct cached_cell {
	uint64_t lengths;     /* of the values, a byte each */
	uint32_t table, cell; /* table + 1; 0: nothing here */
	uint64_t words[];     /* two for each dimension: of row_words(), or a period's first day */
};

/* ---- numbers ---- */

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

/* ---- the worker ---- */

void counting_worker_open(const void *tool, void *scratch)
{
	struct counting_worker *worker = scratch;
	worker->all = (struct counting *)(uintptr_t)tool;
	row_scratch_init(&worker->expressions, &worker->all->scope);
	unsigned most = 0;
	for (unsigned t = 0; t < worker->all->count->table_count; t++)
		if (worker->all->count->table[t].by_count > most)
			most = worker->all->count->table[t].by_count;
	worker->cached_size = sizeof(struct cached_cell) + most * 2 * sizeof(uint64_t);
	worker->cache = arena_zero(&worker->arena, CACHED, worker->cached_size);
	worker->now = arena_zero(&worker->arena, 1, worker->cached_size);
	struct seen *seen[] = { &worker->cells, &worker->masks, &worker->whats, &worker->projects,
		&worker->places };
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
		intern_init(&seen[i]->table, &worker->arena);
	intern_init(&worker->types, &worker->arena);
}

void counting_worker_close(void *tool, void *scratch)
{
	struct counting *all = tool;
	struct counting_worker *worker = scratch;
	sums_add_all(all, worker->sums, worker->sums_room);
	for (unsigned i = 0; i < all->counter_count; i++)
		for (unsigned t = 0; t < all->count->table_count; t++)
			all->count->table[t].total[all->counter[i].metric] += worker->alone[i];
	all->seen_mask |= worker->seen_mask;
	for (size_t i = 0; i < worker->types.count; i++)
		if (!metric_only_corrects(worker->types.keys[i]))
			all->seen_mask |= worker->type_mask[i];
	all->count->rows += worker->rows;
	all->count->later += worker->later;
	all->count->unknown += worker->unknown;
	row_scratch_release(&worker->expressions, &all->scope);
	struct seen *seen[] = { &worker->cells, &worker->masks, &worker->whats, &worker->projects,
		&worker->places };
	for (size_t i = 0; i < sizeof seen / sizeof *seen; i++)
		seen_release(seen[i]);
	intern_release(&worker->types);
	arena_release(&worker->arena);
	buf_release(&worker->key);
	free(worker->type_mask);
	free(worker->sums);
}

/* ---- cells ---- */

/* Good enough for a cache, where a collision costs time only. */
static uint64_t mix(uint64_t a, uint64_t b)
{
	uint64_t hash = (a ^ b << 7 ^ b >> 57) * 0x9E3779B97F4A7C15u;
	return hash ^ hash >> 29;
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
	struct cached_cell *now = worker->now;
	now->table = table + 1;
	now->lengths = 0;
	uint64_t hash = table;
	for (unsigned d = 0; d < count; d++) {
		uint64_t *words = now->words + d * 2;
		const struct dimension *dimension = &all->dimension[table][d];
		if (dimension->kind == DIMENSION_COLUMN) {
			size_t len = row_words(row, dimension->column, words);
			if (len > SHORT)
				return find_cell(worker, table, row, day);
			now->lengths |= (uint64_t)len << d * 8;
		} else {
			words[0] = (uint64_t)(int64_t)period_start(dimension->kind, day);
			words[1] = 0;
		}
		hash = mix(hash ^ words[0], words[1] ^ now->lengths);
	}
	struct cached_cell *cached = (void *)(worker->cache + hash % CACHED * worker->cached_size);
	bool same = cached->table == now->table && cached->lengths == now->lengths;
	for (unsigned i = 0; same && i < count * 2; i++)
		same = cached->words[i] == now->words[i];
	if (same)
		return cached->cell;
	now->cell = find_cell(worker, table, row, day);
	memcpy(cached, now, worker->cached_size);
	return cached->cell;
}

void worker_cells(struct counting_worker *worker, const struct row *row, int32_t day, uint32_t *cells)
{
	for (unsigned t = 0; t < worker->all->count->table_count; t++)
		cells[t] = cell_of(worker, t, row, day);
}

uint32_t worker_places(struct counting_worker *worker, const uint32_t *cells)
{
	size_t size = worker->all->count->table_count * sizeof *cells;
	return number_of(&worker->all->places, &worker->places, view((const char *)cells, size));
}

/* ---- a row ---- */

/* Which metrics look at this type of event at all. */
static uint64_t find_mask(struct counting_worker *worker, struct view type)
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
			mask |= counter_bit(i);
	return worker->type_mask[at] = mask;
}

static uint64_t mask_of_type(struct counting_worker *worker, const struct row *row)
{
	unsigned column = worker->all->type;
	if (column == COLUMN_NONE)
		return find_mask(worker, view("", 0));
	struct cached_type now;
	now.len = 1 + row_words(row, column, now.words);
	if (now.len > SHORT + 1)
		return find_mask(worker, row_value(row, column));
	struct cached_type *cached = &worker->type_cache[mix(now.words[0], now.words[1] ^ now.len) % CACHED_TYPES];
	if (cached->len == now.len && cached->words[0] == now.words[0] && cached->words[1] == now.words[1])
		return cached->mask;
	now.mask = find_mask(worker, row_value(row, column));
	*cached = now;
	return now.mask;
}

uint32_t worker_what(struct counting_worker *worker, struct view project, int32_t day, uint32_t *number)
{
	struct counting *all = worker->all;
	struct what what = { 0, all->needs_day ? day : 0 };
	if (all->needs_project)
		what.project = number_of(&all->projects, &worker->projects, project);
	*number = what.project;
	if (!worker->what_number || worker->what.project != what.project || worker->what.day != what.day) {
		worker->what = what;
		worker->what_number = 1 + number_of(&all->whats, &worker->whats, view((const char *)&what, sizeof what));
	}
	return worker->what_number - 1;
}

static uint32_t number_of_mask(struct counting_worker *worker, uint64_t mask)
{
	struct cached_mask *cached = &worker->mask_cache[mix(mask, 0) % CACHED_MASKS];
	if (cached->mask != mask) {
		cached->number = number_of(&worker->all->masks, &worker->masks, view((const char *)&mask, sizeof mask));
		cached->mask = mask;
	}
	return cached->number;
}

/* Takes the bits of those metrics out whose condition the row does not meet. */
static enum row_verdict meet(struct counting_worker *worker, const struct row *row, struct task *task, uint64_t *mask)
{
	const struct counting *all = worker->all;
	for (uint64_t rest = *mask & all->when_mask; rest; rest &= rest - 1) {
		unsigned i = (unsigned)__builtin_ctzll(rest);
		switch (row_holds(&all->scope, &all->counter[i].when, &worker->expressions, row, task)) {
		case ROW_REJECTED:
			return ROW_REJECTED;
		case ROW_NO:
			*mask &= ~counter_bit(i);
			break;
		case ROW_YES:
			break;
		}
	}
	return *mask ? ROW_YES : ROW_NO;
}

/* Which metrics the row is for, of those in *mask; *counts becomes false where it is only
 * asked whether it is somebody's first event: the report's range and --where do not decide that. */
static enum row_verdict judge(struct counting_worker *worker, const struct row *row, struct task *task, uint64_t *mask,
                              bool *counts)
{
	const struct counting *all = worker->all;
	if (!*counts)
		*mask &= all->first_mask | all->dated_mask;
	if (!*mask || (!all->count->where && !(*mask & all->when_mask)))
		return *mask ? ROW_YES : ROW_NO;
	row_begin(&worker->expressions);
	if (all->count->where && (*counts || *mask & all->dated_mask)) {
		switch (row_holds(&all->scope, &all->where, &worker->expressions, row, task)) {
		case ROW_REJECTED:
			return ROW_REJECTED;
		case ROW_NO:
			*counts = false;
			*mask &= all->first_mask;
			break;
		case ROW_YES:
			break;
		}
	}
	return meet(worker, row, task, mask);
}

static bool in_range(const struct count *count, int64_t at) { return at >= count->since && at <= count->until; }

/* The cells by the metric's own date (where it is missing: by `at`); *cells NULL: out of range. */
static enum fate dated_cells(struct counting_worker *worker, const struct row *row, struct task *task,
                             const struct counter *counter, int64_t at, uint32_t *own, const uint32_t **cells)
{
	const struct counting *all = worker->all;
	struct view text = row_value(row, counter->date);
	if (text.len && moment_parse_plain(text, &at) == MOMENT_NONE)
		return row_reject(task, row, counter->date, "bad_date", "column \"%.*s\": no date",
		                  VIEW_ARGS(counter->is->date));
	*cells = in_range(all->count, at) && at <= all->run->as_of ? own : NULL;
	if (*cells)
		worker_cells(worker, row, moment_day(at), own);
	return FATE_USED;
}

enum fate worker_add(struct counting_worker *worker, const struct row *row, struct task *task, unsigned number,
                     int64_t amount, const uint32_t *cells)
{
	const struct counting *all = worker->all;
	for (unsigned t = 0; t < all->count->table_count; t++) {
		int64_t *sum = sums_of(&worker->sums, &worker->sums_room, all, cells[t]) + number;
		if (__builtin_add_overflow(*sum, amount, sum))
			return row_fatal(task, row, all->counter[number].column, "the total is out of range");
	}
	return FATE_USED;
}

/* What adds up.  A row that is rejected has added nothing. */
static enum fate add_up(struct counting_worker *worker, const struct row *row, struct task *task, uint64_t mask,
                        int64_t at, const uint32_t *cells)
{
	const struct counting *all = worker->all;
	int64_t *amounts = worker->amounts;
	uint32_t own[COUNT_TABLES];
	for (uint64_t rest = mask; rest; rest &= rest - 1) {
		unsigned i = (unsigned)__builtin_ctzll(rest);
		const struct counter *counter = &all->counter[i];
		amounts[i] = 1;
		if (counter->is->kind == METRIC_SUM &&
		    !amount_of(counter->is->unit, row_value(row, counter->column), &amounts[i]))
			return row_reject(task, row, counter->column, "bad_number", "column \"%.*s\": no number",
			                  VIEW_ARGS(counter->is->column));
		const uint32_t *unused;
		if (counter_bit(i) & all->dated_mask &&
		    dated_cells(worker, row, task, counter, at, own, &unused) != FATE_USED)
			return FATE_REJECTED;
	}
	for (uint64_t rest = mask; rest; rest &= rest - 1) {
		unsigned i = (unsigned)__builtin_ctzll(rest);
		const uint32_t *into = cells;
		if (counter_bit(i) & all->dated_mask)
			dated_cells(worker, row, task, &all->counter[i], at, own, &into);
		enum fate fate = into ? worker_add(worker, row, task, i, amounts[i], into) : FATE_USED;
		if (fate != FATE_USED)
			return fate;
	}
	return FATE_USED;
}

/* A row without a customer: a visit is a batch of its own; else it is counted apart. */
static enum fate add_alone(struct counting_worker *worker, const struct row *row, struct task *task, uint64_t persons,
                           const uint32_t *cells)
{
	worker->unknown++;
	for (uint64_t rest = persons & worker->all->alone_mask; rest; rest &= rest - 1) {
		unsigned i = (unsigned)__builtin_ctzll(rest);
		worker->alone[i]++;
		if (worker_add(worker, row, task, i, 1, cells) != FATE_USED)
			return FATE_REJECTED;
	}
	return FATE_USED;
}

/* An item outlives its row, not its block. */
struct view worker_kept(struct task *task, struct view value)
{
	const char *block = task->block.data.ptr;
	bool inside = value.ptr >= block && value.ptr <= block + task->block.data.len;
	return inside ? value : arena_pack(&task->notes, value);
}

static void fill_more(struct counting_worker *worker, const struct row *row, struct task *task, uint64_t firsts,
                      const uint32_t *cells, struct item_more *more)
{
	struct counting *all = worker->all;
	bool member = all->household != COLUMN_NONE && row_value(row, all->household).len;
	more->member = member ? worker_kept(task, row_value(row, all->uid)) : view("", 0);
	more->household = false;
	more->firsts = firsts;
	if (!firsts)
		return;
	more->number = row->number;
	more->event_id = all->event_id == COLUMN_NONE ? view("", 0) : worker_kept(task, row_value(row, all->event_id));
	more->places = more->counts ? worker_places(worker, cells) : 0;
}

enum fate worker_facts(struct counting_worker *worker, const struct row *row, struct task *task, uint64_t metrics,
                       const uint32_t *cells, struct item *item)
{
	uint32_t number = number_of_mask(worker, metrics);
	if (number >= MASKS)
		return row_fatal(task, row, COLUMN_NONE, "too many kinds of events for one report; name fewer metrics");
	item->facts = true;
	for (unsigned t = 0; t < worker->all->count->table_count; t++) {
		if (cells[t] > UINT32_MAX / MASKS || item->what >= TALLY_WHATS)
			return row_fatal(task, row, COLUMN_NONE, "too many cells for one report; choose coarser dimensions");
		item->code[t] = cells[t] * MASKS + number;
	}
	return FATE_USED;
}

/* What the row says of its customer. */
static enum fate fill_item(struct counting_worker *worker, const struct row *row, struct task *task, uint64_t persons,
                           int64_t at, bool counts, const uint32_t *cells, struct item *item)
{
	struct counting *all = worker->all;
	uint32_t project;
	struct view name = all->project != COLUMN_NONE && all->needs_project ? row_value(row, all->project) : view("", 0);
	item->what = worker_what(worker, name, moment_day(at), &project);
	if (all->more_offset) {
		struct item_more *more = item_more(all, item);
		item->more = true;
		more->at = at;
		more->project = project;
		more->counts = counts;
		fill_more(worker, row, task, persons & all->first_mask, cells, more);
	}
	persons &= ~all->first_mask;
	return persons && counts ? worker_facts(worker, row, task, persons, cells, item) : FATE_USED;
}

struct view counting_key(const void *tool, void *scratch, const struct row *row)
{
	const struct counting *all = tool;
	(void)scratch;
	if (all->uid == COLUMN_NONE)
		return view("", 0);
	struct view household = all->household != COLUMN_NONE ? row_value(row, all->household) : view("", 0);
	return household.len ? household : row_value(row, all->uid);
}

enum fate counting_map(const void *tool, void *scratch, const struct row *row, void *to, struct task *task)
{
	const struct counting *all = tool;
	struct counting_worker *worker = scratch;
	struct item *item = to;
	item->facts = item->more = false;
	uint64_t mask = mask_of_type(worker, row);
	if (!mask)
		return FATE_LEFT_OUT;
	int64_t at;
	if (moment_parse_plain(row_value(row, all->at), &at) == MOMENT_NONE)
		return row_reject(task, row, all->at, "bad_date", "column \"at\": no date");
	if (at > all->run->as_of) {
		worker->later++;
		return FATE_LEFT_OUT;
	}
	bool counts = in_range(all->count, at);
	enum row_verdict verdict = judge(worker, row, task, &mask, &counts);
	if (verdict != ROW_YES)
		return verdict == ROW_REJECTED ? FATE_REJECTED : FATE_LEFT_OUT;
	uint32_t cells[COUNT_TABLES];
	if (counts)
		worker_cells(worker, row, moment_day(at), cells);
	uint64_t persons = mask & all->person_mask;
	enum fate fate = add_up(worker, row, task, mask & ~persons, at, cells);
	worker->rows += fate == FATE_USED && counts;
	if (fate != FATE_USED || !persons)
		return fate;
	if (row_value(row, all->uid).len)
		return fill_item(worker, row, task, persons, at, counts, cells, item);
	return counts ? add_alone(worker, row, task, persons, cells) : FATE_USED;
}
