/* tally: see tally.h. */
#include "metric/tally.h"

/* ---- facts ---- */

static bool is_same(const uint32_t *slot, struct tally_fact fact, bool wide)
{
	return slot[0] == fact.code && (!wide || slot[1] == fact.what);
}

static void put_fact(uint32_t *slot, struct tally_fact fact, bool wide)
{
	slot[0] = fact.code;
	if (wide)
		slot[1] = fact.what;
}

/* Where the search for a fact begins. */
static uint32_t place_of(struct tally_fact fact, uint32_t room)
{
	return (uint32_t)(((uint64_t)fact.what << 32 | fact.code) * 0x9E3779B97F4A7C15u >> 32) & (room - 1);
}

/* The slot that holds the fact, or the free one where it belongs. */
static uint32_t *slot_of(uint32_t *slots, uint32_t room, struct tally_fact fact, bool wide)
{
	for (uint32_t at = place_of(fact, room);; at = (at + 1) & (room - 1)) {
		uint32_t *slot = slots + (wide ? at * 2 : at);
		if (slot[0] == TALLY_FREE || is_same(slot, fact, wide))
			return slot;
	}
}

static void grow(struct arena *arena, struct tally *tally, bool wide)
{
	uint32_t room = tally->room ? tally->room * 2 : wide ? 16 : 32;
	size_t size = room * (wide ? 2 : 1) * sizeof(uint32_t);
	uint32_t *slots = memset(arena_alloc(arena, size), 0xff, size);
	struct tally_fact fact;
	for (uint32_t at = 0; tally_next_fact(tally, wide, &at, &fact);)
		put_fact(slot_of(slots, room, fact, wide), fact, wide);
	tally->facts.far = slots;
	tally->room = room;
}

void tally_add_fact(struct arena *arena, struct tally *tally, struct tally_fact fact, bool wide)
{
	const uint32_t width = wide ? 2 : 1;
	if (!tally->room) {
		uint32_t *end = tally->facts.near + tally->count * width;
		for (const uint32_t *near = tally->facts.near; near < end; near += width)
			if (is_same(near, fact, wide))
				return;
		if (end + width <= tally->facts.near + TALLY_NEAR) {
			put_fact(end, fact, wide);
			tally->count++;
			return;
		}
	}
	if (tally->count >= tally->room / 4 * 3)
		grow(arena, tally, wide);
	uint32_t *slot = slot_of(tally->facts.far, tally->room, fact, wide);
	tally->count += slot[0] == TALLY_FREE;
	put_fact(slot, fact, wide);
}

void tally_touch(const struct tally *tally, struct tally_fact fact, bool wide)
{
	if (tally->room)
		__builtin_prefetch(tally->facts.far + place_of(fact, tally->room) * (wide ? 2 : 1), 1);
}

/* ---- first events and members ---- */

static uint32_t more_room(uint32_t room) { return room ? room * 2 : 2; }

static struct tally_more *need_more(struct arena *arena, struct tally *tally)
{
	if (!tally->more)
		tally->more = arena_zero(arena, 1, sizeof *tally->more);
	return tally->more;
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
	struct tally_more *more = need_more(arena, tally);
	for (uint32_t i = 0; i < more->first_count; i++) {
		struct tally_first *known = &more->firsts[i];
		if (known->metric != first->metric || known->project != first->project || known->person != first->person)
			continue;
		if (is_earlier(first, known))
			keep_first(arena, known, first);
		return;
	}
	if (more->first_count == more->first_room) {
		more->first_room = more_room(more->first_room);
		struct tally_first *firsts = arena_alloc(arena, more->first_room * sizeof *firsts);
		if (more->first_count)
			memcpy(firsts, more->firsts, more->first_count * sizeof *firsts);
		more->firsts = firsts;
	}
	keep_first(arena, &more->firsts[more->first_count++], first);
}

uint32_t tally_person(struct arena *arena, struct tally *tally, struct view uid)
{
	struct tally_more *more = need_more(arena, tally);
	for (uint32_t i = 0; i < more->person_count; i++)
		if (view_equal(more->persons[i], uid))
			return i + 1;
	if (more->person_count == TALLY_HOUSEHOLD - 1) {
		more->crowded = true;
		return TALLY_HOUSEHOLD;
	}
	if (more->person_count == more->person_room) {
		more->person_room = more_room(more->person_room);
		struct view *persons = arena_alloc(arena, more->person_room * sizeof *persons);
		if (more->person_count)
			memcpy(persons, more->persons, more->person_count * sizeof *persons);
		more->persons = persons;
	}
	more->persons[more->person_count++] = arena_pack(arena, uid);
	return more->person_count;
}

/* ---- states ---- */

void tally_merge(struct arena *arena, struct tally *into, const struct tally *from, bool wide)
{
	static const struct tally_more nothing;
	const struct tally_more *more = from->more ? from->more : &nothing;
	uint32_t person[TALLY_PERSONS] = { [TALLY_HOUSEHOLD] = TALLY_HOUSEHOLD };
	for (uint32_t i = 0; i < more->person_count; i++)
		person[i + 1] = tally_person(arena, into, more->persons[i]);
	struct tally_fact fact;
	for (uint32_t at = 0; tally_next_fact(from, wide, &at, &fact);) {
		fact.what = tally_what(fact.what >> TALLY_PERSON_BITS, person[fact.what % TALLY_PERSONS]);
		tally_add_fact(arena, into, fact, wide);
	}
	for (uint32_t i = 0; i < more->first_count; i++) {
		struct tally_first first = more->firsts[i];
		first.person = person[first.person];
		tally_add_first(arena, into, &first);
	}
	if (more->crowded)
		need_more(arena, into)->crowded = true;
}

/* ---- to bytes and back: the state, its arrays, and what views point to ---- */

static void put(struct buf *to, const void *bytes, size_t size)
{
	if (size)
		buf_put(to, view(bytes, size));
}

static size_t size_of_far(const struct tally *tally, bool wide)
{
	return tally->room * (wide ? 2 : 1) * sizeof(uint32_t);
}

void tally_save(const struct tally *tally, struct buf *to, bool wide)
{
	put(to, tally, sizeof *tally);
	if (tally->room)
		put(to, tally->facts.far, size_of_far(tally, wide));
	const struct tally_more *more = tally->more;
	if (!more)
		return;
	put(to, more, sizeof *more);
	put(to, more->firsts, more->first_count * sizeof *more->firsts);
	put(to, more->persons, more->person_count * sizeof *more->persons);
	for (uint32_t i = 0; i < more->first_count; i++)
		buf_put(to, more->firsts[i].event_id);
	for (uint32_t i = 0; i < more->person_count; i++)
		buf_put(to, more->persons[i]);
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

void tally_load(struct arena *arena, struct view from, struct tally *tally, bool wide)
{
	memcpy(tally, from.ptr, sizeof *tally);
	from = view_skip(from, sizeof *tally);
	if (tally->room)
		tally->facts.far = take(arena, &from, size_of_far(tally, wide));
	if (!tally->more)
		return;
	struct tally_more *more = tally->more = take(arena, &from, sizeof *more);
	more->firsts = take(arena, &from, more->first_count * sizeof *more->firsts);
	more->persons = take(arena, &from, more->person_count * sizeof *more->persons);
	for (uint32_t i = 0; i < more->first_count; i++)
		take_view(arena, &from, &more->firsts[i].event_id);
	for (uint32_t i = 0; i < more->person_count; i++)
		take_view(arena, &from, &more->persons[i]);
	more->first_room = more->first_count;
	more->person_room = more->person_count;
}
