/* count_customer: a customer's state, and what is distinct in it; see counting.h. */
#include "metric/counting.h"

#include <stdlib.h>

#include "value/date.h"

/* ---- the state ---- */

/* Who counts as one: the person, the household, or the customer in none. */
static uint32_t person_of(unsigned key, uint32_t person)
{
	return key & KEY_UID || !person ? person : TALLY_HOUSEHOLD;
}

void customer_add(const void *tool, struct arena *arena, void *state, const void *from)
{
	const struct counting *all = tool;
	const struct item *item = from;
	const struct item_more *more = item->more ? item_more(all, item) : NULL;
	uint32_t person = more && more->member.len ? tally_person(arena, state, more->member)
	                : more && more->household  ? TALLY_HOUSEHOLD : 0;
	for (unsigned t = 0; item->facts && t < all->count->table_count; t++)
		tally_add_fact(arena, state, (struct tally_fact){ item->code[t], tally_what(item->what, person) },
		               all->wide);
	for (uint64_t rest = more ? more->firsts : 0; rest; rest &= rest - 1) {
		unsigned metric = (unsigned)__builtin_ctzll(rest);
		unsigned key = all->counter[metric].is->key;
		struct tally_first first = { metric, key & KEY_PROJECT ? more->project : 0,
			person_of(key, person), more->places, more->at, more->event_id, more->number, more->counts };
		tally_add_first(arena, state, &first);
	}
}

void customer_merge(const void *tool, struct arena *arena, void *into, const void *from)
{
	const struct counting *all = tool;
	tally_merge(arena, into, from, all->wide);
}

void customer_touch(const void *tool, const void *state, const void *from)
{
	const struct counting *all = tool;
	const struct item *item = from;
	if (item->facts)
		tally_touch(state, (struct tally_fact){ item->code[0], tally_what(item->what, 0) }, all->wide);
}

void customer_save(const void *tool, const void *state, struct buf *to)
{
	const struct counting *all = tool;
	tally_save(state, to, all->wide);
}

void customer_load(const void *tool, struct arena *arena, struct view from, void *state)
{
	const struct counting *all = tool;
	tally_load(arena, from, state, all->wide);
}

/* ---- from customers to cells ---- */

/* Something counted once: seen in a cell (or in any, for the total). */
struct once {
	uint32_t table, cell, person;
	struct what what;
};

static int compare_u32(uint32_t a, uint32_t b) { return (a > b) - (a < b); }

static int compare_once(const void *left, const void *right)
{
	const struct once *a = left, *b = right;
	int order = compare_u32(a->table, b->table);
	order = order ? order : compare_u32(a->what.project, b->what.project);
	order = order ? order : compare_u32(a->person, b->person);
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
	uint64_t *seen;  /* by cell: the last turn in which it was counted */
	size_t seen_room;
	uint64_t turn;
	bool crowded;
};

/* The day of the first event that a `later` metric counts from; false: there is none. */
static bool first_day(const struct tally *tally, const struct counter *counter, unsigned key, const struct once *once,
                      int32_t *day)
{
	for (uint32_t i = 0; tally->more && i < tally->more->first_count; i++) {
		const struct tally_first *is = &tally->more->firsts[i];
		if (is->metric != counter->first || (key & KEY_PROJECT && is->project != once->what.project) ||
		    is->person != person_of(key, once->person))
			continue;
		*day = moment_day(is->at);
		return true;
	}
	return false;
}

/* What a fact says for a metric; false: nothing. */
static bool once_of(const struct counting *all, const struct tally *tally, const struct tally_fact *fact,
                    unsigned number, struct once *once)
{
	const struct counter *counter = &all->counter[number];
	unsigned key = counter->is->key;
	uint64_t mask;
	memcpy(&mask, all->masks.table.keys[fact->code % MASKS].ptr, sizeof mask);
	if (!(mask & counter_bit(number)))
		return false;
	once->cell = fact->code / MASKS;
	once->table = table_of_cell(all, once->cell);
	once->person = fact->what % TALLY_PERSONS;
	memcpy(&once->what, all->whats.table.keys[fact->what >> TALLY_PERSON_BITS].ptr, sizeof once->what);
	int32_t day;
	if (counter->is->kind == METRIC_LATER &&
	    (!first_day(tally, counter, all->counter[counter->first].is->key, once, &day) || once->what.day <= day))
		return false;
	once->person = person_of(key, once->person);
	once->what.project = key & KEY_PROJECT ? once->what.project : 0;
	once->what.day = key & KEY_DAY ? once->what.day : 0;
	return true;
}

static bool is_same_thing(const struct once *a, const struct once *b)
{
	return a->what.project == b->what.project && a->person == b->person && a->what.day == b->what.day;
}

/* What one distinct (or later) metric of one customer is about, in to->list.  *one: all of it
 * is one and the same thing, as it is for who counts customers and nothing finer. */
static size_t list_distinct(struct collecting *to, const struct tally *tally, unsigned number, bool *one)
{
	const struct counting *all = to->all;
	size_t count = 0;
	if (to->room < tally->count) {
		to->room = tally->count * (size_t)2;
		to->list = heap_resize(to->list, to->room * sizeof *to->list);
	}
	struct tally_fact fact;
	*one = true;
	for (uint32_t at = 0; tally_next_fact(tally, all->wide, &at, &fact);) {
		struct once *once = &to->list[count];
		if (!once_of(all, tally, &fact, number, once))
			continue;
		*one = *one && is_same_thing(once, to->list);
		count++;
	}
	return count;
}

/* Each cell counts once, and each table's total: there is nothing to sort, which took a tenth
 * of the time of a count. */
static void count_one(struct collecting *to, size_t count, unsigned number)
{
	const struct counting *all = to->all;
	bool total[COUNT_TABLES] = { false };
	size_t cells = all->cells.table.count;
	if (to->seen_room < cells) {
		to->seen = heap_resize(to->seen, cells * sizeof *to->seen);
		memset(to->seen + to->seen_room, 0, (cells - to->seen_room) * sizeof *to->seen);
		to->seen_room = cells;
	}
	to->turn++;
	for (size_t i = 0; i < count; i++) {
		const struct once *now = &to->list[i];
		if (to->seen[now->cell] == to->turn)
			continue;
		to->seen[now->cell] = to->turn;
		sums_of(&to->sums, &to->sums_room, all, now->cell)[number]++;
		to->totals[now->table * all->counter_count + number] += !total[now->table];
		total[now->table] = true;
	}
}

static void count_several(struct collecting *to, size_t count, unsigned number)
{
	const struct counting *all = to->all;
	sort_once(to->list, count);
	for (size_t i = 0; i < count; i++) {
		const struct once *now = &to->list[i];
		bool known = i && now[-1].table == now->table && is_same_thing(now - 1, now);
		if (!known)
			to->totals[now->table * all->counter_count + number]++;
		if (!known || now[-1].cell != now->cell)
			sums_of(&to->sums, &to->sums_room, all, now->cell)[number]++;
	}
}

static void count_firsts(struct collecting *to, const struct tally *tally)
{
	struct counting *all = to->all;
	for (uint32_t i = 0; tally->more && i < tally->more->first_count; i++) {
		const struct tally_first *first = &tally->more->firsts[i];
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
	const struct tally *tally = state;
	to->crowded |= tally->more && tally->more->crowded;
	for (uint64_t rest = to->all->person_mask & ~to->all->first_mask; rest; rest &= rest - 1) {
		unsigned number = (unsigned)__builtin_ctzll(rest);
		bool one;
		size_t count = list_distinct(to, tally, number, &one);
		(one ? count_one : count_several)(to, count, number);
	}
	count_firsts(to, tally);
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
	if (to->crowded)
		die(STATUS_INPUT, "a household of more than %d customers", TALLY_HOUSEHOLD - 1);
	sums_add_all(all, to->sums, to->sums_room);
	for (unsigned t = 0; t < all->count->table_count; t++)
		for (unsigned c = 0; c < all->counter_count; c++)
			all->count->table[t].total[all->counter[c].metric] += to->totals[t * all->counter_count + c];
	free(to->list);
	free(to->seen);
	free(to->sums);
	free(to->totals);
	free(to);
}

void count_customers(struct counting *all, struct fold *fold)
{
	fold_each_worker(fold, open_collecting, count_customer, close_collecting, all);
}
