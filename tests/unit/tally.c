/* Facts of a customer are a set, however many there are, wide or narrow, merged, saved or loaded. */
#include "metric/tally.h"

#include "gen.h"
#include "test.h"

enum { CODES = 40, WHATS = 3, MOST = CODES * WHATS };

static uint64_t state = 1; /* of the generator */

/* The facts of a tally as a table of what is there. */
static unsigned list(const struct tally *tally, bool wide, bool there[CODES][WHATS])
{
	unsigned count = 0;
	struct tally_fact fact;
	memset(there, 0, MOST * sizeof(bool));
	for (uint32_t at = 0; tally_next_fact(tally, wide, &at, &fact); count++)
		there[fact.code][fact.what >> TALLY_PERSON_BITS] = true;
	return count;
}

static bool same(const struct tally *tally, bool wide, bool wanted[CODES][WHATS], unsigned count)
{
	bool there[CODES][WHATS];
	return tally->count == count && list(tally, wide, there) == count &&
	       memcmp(there, wanted, sizeof there) == 0;
}

static void try_facts(bool wide, uint32_t codes, unsigned adds)
{
	struct arena arena = { 0 };
	struct tally tally = { 0 }, other = { 0 }, back = { 0 };
	bool wanted[CODES][WHATS] = { 0 };
	unsigned count = 0;
	for (unsigned i = 0; i < adds; i++) {
		uint32_t code = (uint32_t)gen_below(&state, codes), what = wide ? (uint32_t)gen_below(&state, WHATS) : 0;
		struct tally_fact fact = { code, tally_what(what, 0) };
		count += !wanted[code][what];
		wanted[code][what] = true;
		tally_touch(&tally, fact, wide);
		tally_add_fact(&arena, &tally, fact, wide);
		if (gen_below(&state, 2))
			tally_add_fact(&arena, &other, fact, wide);
	}
	CHECK(same(&tally, wide, wanted, count), "%s facts of %u codes, %u times", wide ? "wide" : "narrow", codes, adds);
	struct buf saved = { 0 };
	tally_save(&tally, &saved, wide);
	tally_load(&arena, buf_view(&saved), &back, wide);
	CHECK(same(&back, wide, wanted, count), "saved and loaded");
	tally_merge(&arena, &back, &other, wide);
	CHECK(same(&back, wide, wanted, count), "merged with a part of it");
	tally_merge(&arena, &other, &tally, wide);
	CHECK(same(&other, wide, wanted, count), "a part merged with all");
	buf_release(&saved);
	arena_release(&arena);
}

/* Members of a household have numbers of their own in each state. */
static void try_members(void)
{
	struct arena arena = { 0 };
	struct tally a = { 0 }, b = { 0 }, back = { 0 };
	struct tally_first first = { .metric = 2, .at = 100, .event_id = VIEW("e2"), .person = 1 };
	uint32_t old = tally_person(&arena, &a, VIEW("u1"));
	tally_person(&arena, &b, VIEW("u9"));
	uint32_t young = tally_person(&arena, &b, VIEW("u1"));
	CHECK(old == 1 && young == 2, "numbers of a member");
	tally_add_fact(&arena, &a, (struct tally_fact){ 5, tally_what(7, old) }, true);
	tally_add_fact(&arena, &b, (struct tally_fact){ 5, tally_what(7, young) }, true);
	tally_add_first(&arena, &a, &first);
	first = (struct tally_first){ .metric = 2, .at = 100, .event_id = VIEW("e1"), .person = young };
	tally_add_first(&arena, &b, &first);
	struct buf saved = { 0 };
	tally_save(&b, &saved, true);
	tally_load(&arena, buf_view(&saved), &back, true);
	tally_merge(&arena, &a, &back, true);
	CHECK(a.count == 1, "the same fact of the same member");
	CHECK(a.more->person_count == 2, "both members");
	CHECK(a.more->first_count == 1 && view_is(a.more->firsts[0].event_id, "e1"), "the earlier event_id is first");
	buf_release(&saved);
	arena_release(&arena);
}

int main(void)
{
	static const unsigned adds[] = { 0, 1, 7, 8, 14, 15, 40, 400 };
	for (unsigned i = 0; i < sizeof adds / sizeof *adds; i++) {
		for (uint32_t codes = 1; codes <= CODES; codes += 13) {
			try_facts(false, codes, adds[i]);
			try_facts(true, codes, adds[i]);
		}
	}
	try_members();
	return test_end();
}
