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
	uint32_t person = item->member.len ? tally_person(arena, state, item->member) : 0;
	for (unsigned t = 0; item->facts && t < all->count->table_count; t++)
		tally_add_fact(arena, state, (struct tally_fact){ item->code[t], tally_what(item->what, person) });
	for (uint64_t rest = item->firsts; rest; rest &= rest - 1) {
		unsigned metric = (unsigned)__builtin_ctzll(rest);
		unsigned key = all->counter[metric].is->key;
		struct tally_first first = { metric, key & KEY_PROJECT ? item->project : 0,
			person_of(key, person), item->places, item->at, item->event_id, item->number, item->counts };
		tally_add_first(arena, state, &first);
	}
}

void customer_merge(const void *tool, struct arena *arena, void *into, const void *from)
{
	(void)tool;
	tally_merge(arena, into, from);
}

void customer_touch(const void *state)
{
	const struct tally *tally = state;
	if (tally->fact_count)
		__builtin_prefetch(&tally->facts[tally->fact_count - 1], 1);
}

void customer_save(const void *tool, const void *state, struct buf *to)
{
	(void)tool;
	tally_save(state, to);
}

void customer_load(const void *tool, struct arena *arena, struct view from, void *state)
{
	(void)tool;
	tally_load(arena, from, state);
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
	bool crowded;
};

/* The day of the first event that a `later` metric counts from; false: there is none. */
static bool first_day(const struct tally *tally, const struct counter *counter, unsigned key, const struct once *once,
                      int32_t *day)
{
	for (uint32_t i = 0; i < tally->first_count; i++) {
		const struct tally_first *is = &tally->firsts[i];
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

static bool is_same(const struct once *a, const struct once *b)
{
	return a->table == b->table && a->what.project == b->what.project && a->person == b->person &&
	       a->what.day == b->what.day;
}

/* One distinct (or later) metric of one customer. */
static void count_distinct(struct collecting *to, const struct tally *tally, unsigned number)
{
	struct counting *all = to->all;
	size_t count = 0;
	if (to->room < tally->fact_count) {
		to->room = tally->fact_count * (size_t)2;
		to->list = heap_resize(to->list, to->room * sizeof *to->list);
	}
	for (uint32_t i = 0; i < tally->fact_count; i++)
		count += once_of(all, tally, &tally->facts[i], number, &to->list[count]);
	sort_once(to->list, count);
	for (size_t i = 0; i < count; i++) {
		const struct once *now = &to->list[i];
		bool known = i && is_same(now - 1, now);
		if (!known)
			to->totals[now->table * all->counter_count + number]++;
		if (!known || now[-1].cell != now->cell)
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
	to->crowded |= ((const struct tally *)state)->crowded;
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
	if (to->crowded)
		die(STATUS_INPUT, "a household of more than %d customers", TALLY_HOUSEHOLD - 1);
	sums_add_all(all, to->sums, to->sums_room);
	for (unsigned t = 0; t < all->count->table_count; t++)
		for (unsigned c = 0; c < all->counter_count; c++)
			all->count->table[t].total[all->counter[c].metric] += to->totals[t * all->counter_count + c];
	free(to->list);
	free(to->sums);
	free(to->totals);
	free(to);
}

void count_customers(struct counting *all, struct fold *fold)
{
	fold_each_worker(fold, open_collecting, count_customer, close_collecting, all);
}
