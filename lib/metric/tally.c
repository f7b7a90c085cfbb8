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
	if (a->at != b->at)
		return a->at < b->at;
	int order = view_compare(a->event_id, b->event_id);
	return order ? order < 0 : a->number < b->number;
}

static void keep_first(struct arena *arena, struct tally_first *to, const struct tally_first *first)
{
	*to = *first;
	to->event_id = arena_pack(arena, first->event_id);
}

void tally_add_first(struct arena *arena, struct tally *tally, const struct tally_first *first)
{
	for (uint32_t i = 0; i < tally->first_count; i++) {
		struct tally_first *known = &tally->firsts[i];
		if (known->metric != first->metric || known->project != first->project || known->person != first->person)
			continue;
		if (is_earlier(first, known))
			keep_first(arena, known, first);
		return;
	}
	if (tally->first_count == tally->first_room) {
		tally->first_room = more_room(tally->first_room);
		struct tally_first *firsts = arena_alloc(arena, tally->first_room * sizeof *firsts);
		if (tally->first_count)
			memcpy(firsts, tally->firsts, tally->first_count * sizeof *firsts);
		tally->firsts = firsts;
	}
	keep_first(arena, &tally->firsts[tally->first_count++], first);
}

uint32_t tally_person(struct arena *arena, struct tally *tally, struct view uid)
{
	for (uint32_t i = 0; i < tally->person_count; i++)
		if (view_equal(tally->persons[i], uid))
			return i + 1;
	if (tally->person_count == TALLY_HOUSEHOLD - 1) {
		tally->crowded = true;
		return TALLY_HOUSEHOLD;
	}
	if (tally->person_count == tally->person_room) {
		tally->person_room = more_room(tally->person_room);
		struct view *persons = arena_alloc(arena, tally->person_room * sizeof *persons);
		if (tally->person_count)
			memcpy(persons, tally->persons, tally->person_count * sizeof *persons);
		tally->persons = persons;
	}
	tally->persons[tally->person_count++] = arena_pack(arena, uid);
	return tally->person_count;
}

void tally_merge(struct arena *arena, struct tally *into, const struct tally *from)
{
	uint32_t person[TALLY_PERSONS] = { [TALLY_HOUSEHOLD] = TALLY_HOUSEHOLD };
	for (uint32_t i = 0; i < from->person_count; i++)
		person[i + 1] = tally_person(arena, into, from->persons[i]);
	for (uint32_t i = 0; i < from->fact_count; i++) {
		struct tally_fact fact = from->facts[i];
		fact.what = tally_what(fact.what >> TALLY_PERSON_BITS, person[fact.what % TALLY_PERSONS]);
		tally_add_fact(arena, into, fact);
	}
	for (uint32_t i = 0; i < from->first_count; i++) {
		struct tally_first first = from->firsts[i];
		first.person = person[first.person];
		tally_add_first(arena, into, &first);
	}
	into->crowded |= from->crowded;
}

/* ---- to bytes and back: the state, its arrays, and what views point to ---- */

static void put(struct buf *to, const void *bytes, size_t size)
{
	if (size)
		buf_put(to, view(bytes, size));
}

void tally_save(const struct tally *tally, struct buf *to)
{
	put(to, tally, sizeof *tally);
	put(to, tally->facts, tally->fact_count * sizeof *tally->facts);
	put(to, tally->firsts, tally->first_count * sizeof *tally->firsts);
	put(to, tally->persons, tally->person_count * sizeof *tally->persons);
	for (uint32_t i = 0; i < tally->first_count; i++)
		buf_put(to, tally->firsts[i].event_id);
	for (uint32_t i = 0; i < tally->person_count; i++)
		buf_put(to, tally->persons[i]);
}

static void *take(struct arena *arena, struct view *from, size_t size)
{
	void *to = arena_alloc(arena, size);
	if (size)
		memcpy(to, from->ptr, size);
	*from = view_skip(*from, size);
	return to;
}

static void take_view(struct arena *arena, struct view *from, struct view *to)
{
	to->ptr = arena_pack(arena, view_first(*from, to->len)).ptr;
	*from = view_skip(*from, to->len);
}

void tally_load(struct arena *arena, struct view from, struct tally *tally)
{
	memcpy(tally, from.ptr, sizeof *tally);
	from = view_skip(from, sizeof *tally);
	tally->facts = take(arena, &from, tally->fact_count * sizeof *tally->facts);
	tally->firsts = take(arena, &from, tally->first_count * sizeof *tally->firsts);
	tally->persons = take(arena, &from, tally->person_count * sizeof *tally->persons);
	for (uint32_t i = 0; i < tally->first_count; i++)
		take_view(arena, &from, &tally->firsts[i].event_id);
	for (uint32_t i = 0; i < tally->person_count; i++)
		take_view(arena, &from, &tally->persons[i]);
	tally->fact_room = tally->fact_count;
	tally->first_room = tally->first_count;
	tally->person_room = tally->person_count;
}
