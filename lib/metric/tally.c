/* tally: see tally.h.
 *
 * Facts are appended; only the last few are looked at (one cache line: looking at all of them
 * was a third of the time of a count with 400,000 customers).  When the room is used up,
 * what is there twice goes, so that memory is bounded by the different facts. */
#include "metric/tally.h"

#include <stdlib.h>

static uint32_t more_room(uint32_t room) { return room ? room * 2 : 4; }

static int compare_facts(const void *left, const void *right)
{
	const struct tally_fact *a = left, *b = right;
	return a->code != b->code ? (a->code > b->code) - (a->code < b->code) : (a->what > b->what) - (a->what < b->what);
}

/* Leaves each fact once. */
static void compact(struct tally *tally)
{
	uint32_t kept = 0;
	qsort(tally->facts, tally->fact_count, sizeof *tally->facts, compare_facts);
	for (uint32_t i = 0; i < tally->fact_count; i++)
		if (!i || compare_facts(&tally->facts[i], &tally->facts[kept - 1]) != 0)
			tally->facts[kept++] = tally->facts[i];
	tally->fact_count = kept;
}

static void make_room(struct arena *arena, struct tally *tally)
{
	if (tally->fact_count > 8) {
		compact(tally);
		if (tally->fact_count <= tally->fact_room / 4 * 3)
			return;
	}
	tally->fact_room = more_room(tally->fact_room);
	struct tally_fact *facts = arena_alloc(arena, tally->fact_room * sizeof *facts);
	if (tally->fact_count)
		memcpy(facts, tally->facts, tally->fact_count * sizeof *facts);
	tally->facts = facts;
}

void tally_add_fact(struct arena *arena, struct tally *tally, struct tally_fact fact)
{
	uint32_t look = tally->fact_count < 4 ? tally->fact_count : 4;
	for (uint32_t i = tally->fact_count - look; i < tally->fact_count; i++)
		if (compare_facts(&tally->facts[i], &fact) == 0)
			return;
	if (tally->fact_count == tally->fact_room)
		make_room(arena, tally);
	tally->facts[tally->fact_count++] = fact;
}

static bool is_earlier(const struct tally_first *a, const struct tally_first *b)
{
	return a->at != b->at ? a->at < b->at : a->number < b->number;
}

void tally_add_first(struct arena *arena, struct tally *tally, const struct tally_first *first)
{
	for (uint32_t i = 0; i < tally->first_count; i++) {
		struct tally_first *known = &tally->firsts[i];
		if (known->metric != first->metric || known->project != first->project || known->person != first->person)
			continue;
		if (is_earlier(first, known))
			*known = *first;
		return;
	}
	if (tally->first_count == tally->first_room) {
		tally->first_room = more_room(tally->first_room);
		struct tally_first *firsts = arena_alloc(arena, tally->first_room * sizeof *firsts);
		if (tally->first_count)
			memcpy(firsts, tally->firsts, tally->first_count * sizeof *firsts);
		tally->firsts = firsts;
	}
	tally->firsts[tally->first_count++] = *first;
}

void tally_merge(struct arena *arena, struct tally *into, const struct tally *from)
{
	for (uint32_t i = 0; i < from->fact_count; i++)
		tally_add_fact(arena, into, from->facts[i]);
	for (uint32_t i = 0; i < from->first_count; i++)
		tally_add_first(arena, into, &from->firsts[i]);
}

void tally_save(const struct tally *tally, struct buf *to)
{
	uint32_t counts[2] = { tally->fact_count, tally->first_count };
	buf_put(to, view((const char *)counts, sizeof counts));
	buf_put(to, view((const char *)tally->facts, tally->fact_count * sizeof *tally->facts));
	buf_put(to, view((const char *)tally->firsts, tally->first_count * sizeof *tally->firsts));
}

void tally_load(struct arena *arena, struct view from, struct tally *tally)
{
	uint32_t counts[2];
	memcpy(counts, from.ptr, sizeof counts);
	size_t facts = counts[0] * sizeof *tally->facts, firsts = counts[1] * sizeof *tally->firsts;
	*tally = (struct tally){ .facts = arena_alloc(arena, facts), .firsts = arena_alloc(arena, firsts),
		.fact_count = counts[0], .fact_room = counts[0], .first_count = counts[1], .first_room = counts[1] };
	if (facts)
		memcpy(tally->facts, from.ptr + sizeof counts, facts);
	if (firsts)
		memcpy(tally->firsts, from.ptr + sizeof counts + facts, firsts);
}
