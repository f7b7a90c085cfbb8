/* tally: what is counted by customer.  Room: metric.
 *
 * A distinct count is exact and is taken anew in every cell and in every total, so it is
 * made customer by customer: a customer's facts say in which cells (a cell is a row of one
 * table of the report) they were seen, and with which project and day.  Facts are a set:
 * the order in which they come does not matter, and two customers' facts never meet.
 *
 * The state is a household's where there is one; its members have numbers of their own in it.
 *
 * A fact's `code` says its cell and which metrics it is for; `what` is the number of its
 * project and day, and the person.  The caller gave these numbers out, dense from 0.  Where a
 * report asks for none of the three, every `what` is 0 and is not kept: facts are narrow.
 *
 * The first facts stand in the state itself, more in a hash table.  A count waits for memory
 * more than for anything else, so a state is small and mostly in one place. */
#ifndef CRM_METRIC_TALLY_H
#define CRM_METRIC_TALLY_H

#include "base/arena.h"
#include "base/buf.h"

enum {
	TALLY_PERSON_BITS = 10,
	TALLY_PERSONS = 1 << TALLY_PERSON_BITS,      /* numbers of persons; 0: not in a household */
	TALLY_HOUSEHOLD = TALLY_PERSONS - 1,         /* the members together */
	TALLY_WHATS = 1 << (32 - TALLY_PERSON_BITS), /* projects by days */
};

/* Seen in a cell. */
struct tally_fact {
	uint32_t code, what;
};

static inline uint32_t tally_what(uint32_t number, uint32_t person) { return number << TALLY_PERSON_BITS | person; }

/* The first event of a kind in a project: by time, then event_id, then place in the input. */
struct tally_first {
	uint32_t metric, project;
	uint32_t person;
	uint32_t cells;          /* number of the row's cells, one for each table, where it counts */
	int64_t at;
	struct view event_id;
	uint64_t number;
	bool counts;             /* it is one that the report is about */
};

/* What few states have. */
struct tally_more {
	struct tally_first *firsts;
	struct view *persons;    /* uids of a household's members; number 1 is the first */
	uint32_t first_count, first_room, person_count, person_room;
	bool crowded;            /* more members than there are numbers: nothing is right */
};

enum { TALLY_NEAR = 14 };        /* words: as many narrow facts, or half as many wide ones */
#define TALLY_FREE UINT32_MAX

/* A state.  Begins as zeroes. */
struct tally {
	uint32_t count, room;    /* facts; slots of `far`, a power of two, or 0: they are near */
	struct tally_more *more; /* NULL: nothing */
	union {
		uint32_t near[TALLY_NEAR];
		uint32_t *far;   /* a free slot has the code TALLY_FREE */
	} facts;
};

/* The number of a household's member. */
uint32_t tally_person(struct arena *arena, struct tally *tally, struct view uid);
/* `wide` is the same in all calls of a run. */
void tally_add_fact(struct arena *arena, struct tally *tally, struct tally_fact fact, bool wide);
/* Fetches what tally_add_fact() will look at. */
void tally_touch(const struct tally *tally, struct tally_fact fact, bool wide);
/* Keeps a copy of the id. */
void tally_add_first(struct arena *arena, struct tally *tally, const struct tally_first *first);
void tally_merge(struct arena *arena, struct tally *into, const struct tally *from, bool wide);
void tally_save(const struct tally *tally, struct buf *to, bool wide);
void tally_load(struct arena *arena, struct view from, struct tally *tally, bool wide);

/* Every fact once, in no order; `at` begins as 0.  False behind the last one. */
static inline bool tally_next_fact(const struct tally *tally, bool wide, uint32_t *at, struct tally_fact *fact)
{
	const uint32_t *facts = tally->room ? tally->facts.far : tally->facts.near;
	uint32_t end = tally->room ? tally->room : tally->count;
	for (; *at < end; ++*at) {
		const uint32_t *is = facts + (wide ? *at * 2 : *at);
		if (is[0] == TALLY_FREE)
			continue;
		*fact = (struct tally_fact){ is[0], wide ? is[1] : 0 };
		++*at;
		return true;
	}
	return false;
}

#endif
