/* count_customer: a customer's state, and what is distinct in it; see counting.h. */
#include "metric/counting.h"

#include <stdlib.h>

#include "value/date.h"

/* ---- the state ---- */

void customer_add(const void *tool, struct arena *arena, void *state, const void *from)
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
		if (!(mask & counter_bit(number)))
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
