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
 * project and day, and the person.  The caller gave these numbers out, dense from 0. */
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

/* A state.  Begins as zeroes. */
struct tally {
	struct tally_fact *facts;
	struct tally_first *firsts;
	struct view *persons;    /* uids of a household's members; number 1 is the first */
	uint32_t fact_count, fact_room, first_count, first_room, person_count, person_room;
	bool crowded;            /* more members than there are numbers: nothing is right */
};

/* The number of a household's member. */
uint32_t tally_person(struct arena *arena, struct tally *tally, struct view uid);
/* A fact that is there already may stand twice for a while. */
void tally_add_fact(struct arena *arena, struct tally *tally, struct tally_fact fact);
/* Keeps a copy of the id. */
void tally_add_first(struct arena *arena, struct tally *tally, const struct tally_first *first);
void tally_merge(struct arena *arena, struct tally *into, const struct tally *from);
void tally_save(const struct tally *tally, struct buf *to);
void tally_load(struct arena *arena, struct view from, struct tally *tally);

#endif
