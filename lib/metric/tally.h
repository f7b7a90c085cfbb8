/* tally: what is counted by customer.  Room: metric.
 *
 * A distinct count is exact and is taken anew in every cell and in every total, so it is
 * made customer by customer: a customer's facts say in which cells (a cell is a row of one
 * table of the report) they were seen, and with which project and day.  Facts are a set:
 * the order in which they come does not matter, and two customers' facts never meet.
 *
 * A fact's `code` says its cell and which metrics it is for, its `what` the project, day
 * and person; both are numbers that the caller gave out, dense from 0. */
#ifndef CRM_METRIC_TALLY_H
#define CRM_METRIC_TALLY_H

#include "base/arena.h"
#include "base/buf.h"

/* Seen in a cell. */
struct tally_fact {
	uint32_t code, what;
};

/* The first event of a kind in a project. */
struct tally_first {
	uint32_t metric, project;
	uint32_t person;         /* 0, or within a household whose */
	uint32_t cells;          /* number of the row's cells, one for each table */
	int64_t at;
	uint64_t number;         /* decides between events of one second */
	bool counts;             /* it lies in the range of the report */
};

/* A customer's state.  Begins as zeroes. */
struct tally {
	struct tally_fact *facts;
	struct tally_first *firsts;
	uint32_t fact_count, fact_room, first_count, first_room;
};

/* A fact that is there already may stand twice for a while. */
void tally_add_fact(struct arena *arena, struct tally *tally, struct tally_fact fact);
void tally_add_first(struct arena *arena, struct tally *tally, const struct tally_first *first);
void tally_merge(struct arena *arena, struct tally *into, const struct tally *from);
void tally_save(const struct tally *tally, struct buf *to);
void tally_load(struct arena *arena, struct view from, struct tally *tally);

#endif
