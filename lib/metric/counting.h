/* counting: what the files behind count.h share while they count.  Room: metric.
 *
 *     count.c           from the dictionary to counters, and from their numbers to cells
 *     count_row.c       a row: its cells, what adds up, and what is to be said of its customer
 *     count_customer.c  a customer's state, and what is distinct in it
 *     count_beside.c    tables beside the stream
 *     count_partial.c   the same as lines of a partial state
 *     count_merge.c     and from such lines */
#ifndef CRM_METRIC_COUNTING_H
#define CRM_METRIC_COUNTING_H

#include <pthread.h>

#include "base/hash.h"
#include "metric/count.h"
#include "metric/tally.h"

enum { MASKS = 64 }; /* different sets of metrics that one row may be for */

enum dimension_kind { DIMENSION_COLUMN, DIMENSION_DAY, DIMENSION_WEEK, DIMENSION_MONTH, DIMENSION_QUARTER, DIMENSION_YEAR };

struct dimension {
	enum dimension_kind kind;
	unsigned column;
};

/* A counted metric, ready for rows.  Its number here is its bit in masks. */
struct counter {
	unsigned metric;          /* number in the dictionary */
	const struct metric *is;
	struct row_condition when;
	bool has_when;
	unsigned column;          /* of a sum */
	unsigned date;            /* the column it is dated by; COLUMN_NONE: `at` */
	unsigned first;           /* of `later`: the bit of the metric of first events */
};

/* Numbers given out for keys, shared by the workers; each keeps a table of those that it
 * has seen, so that the lock is rarely wanted. */
struct numbers {
	pthread_mutex_t lock;
	struct intern table;
	struct arena arena;
};

/* What a fact's `what` stands for, beside the person. */
struct what {
	uint32_t project;
	int32_t day;
};

struct counting {
	struct run *run;
	struct count *count;
	struct row_scope scope;
	struct row_condition where;
	struct counter counter[64];
	unsigned counter_count;
	/* Bits of metrics: of persons, of first events, with a condition, dated by a column of
	 * their own; of persons, but a row without a customer counts for itself. */
	uint64_t seen_mask; /* bits of metrics that some event of the input is for, by its type */
	uint64_t person_mask, first_mask, when_mask, dated_mask, alone_mask;
	unsigned type, at, event_id, uid, household, project; /* columns; COLUMN_NONE where absent */
	bool needs_project, needs_day;
	bool wide;          /* facts, see tally.h */
	bool has_more;      /* an item may have an item_more */
	size_t more_offset; /* of the item_more in an item; 0: there is none */
	struct dimension dimension[COUNT_TABLES][COUNT_DIMENSIONS];
	struct numbers types;  /* event types */
	struct numbers cells;  /* table and values */
	struct numbers masks;
	struct numbers whats, projects;
	struct numbers places; /* the cells of a row, together: for first events */
	int64_t *sums;         /* [cell][counter]; all of the run */
	size_t sums_room;
	struct partial *partial; /* that is merged, */
	unsigned item;           /* and its column `item` */
};

/* What a row says of its customer.  Small, as all items of a block wait in the cache. */
struct item {
	uint32_t what;
	bool facts, more;            /* is there a code; an item_more */
	uint32_t code[];             /* one for each table; behind them is room for the item_more */
};

/* The same where there are households or first events. */
struct item_more {
	struct view member;          /* the customer, within a household; else empty */
	bool household;              /* not a member, but all of them together */
	uint64_t firsts;             /* bits of metrics whose first event this may be */
	struct view event_id;
	int64_t at;
	uint64_t number;
	uint32_t project, places;
	bool counts;
};

/* What a worker has met already, and the numbers that it got. */
struct seen {
	struct intern table;
	uint32_t *number;
	size_t room;
	struct view last; /* asked for last: it is often the same again */
	uint32_t last_number;
};

enum { CACHED_TYPES = 64, CACHED_MASKS = 64 };

/* The metrics that look at a type of event. */
struct cached_type {
	uint64_t words[2], mask;
	size_t len; /* + 1; 0: nothing here */
};

struct cached_mask {
	uint64_t mask; /* 0: nothing here */
	uint32_t number;
};

struct counting_worker {
	struct counting *all;
	char *cache;             /* struct cached_cell, of cached_size bytes each */
	size_t cached_size;
	struct cached_cell *now; /* of the row, to be looked for */
	struct cached_type type_cache[CACHED_TYPES];
	struct cached_mask mask_cache[CACHED_MASKS];
	struct what what;        /* of the row before, and its number + 1 */
	uint32_t what_number;
	struct expression_scratch expressions;
	struct arena arena;
	struct seen cells, masks, whats, projects, places;
	struct intern types;
	uint64_t *type_mask;   /* by number in `types` */
	size_t type_room;
	int64_t *sums;
	size_t sums_room;
	struct buf key;
	int64_t amounts[64];   /* by counter, of the row: here, as on the stack it would be cleared for each */
	int64_t alone[64];     /* by counter: rows without a customer that count for themselves */
	uint64_t rows, later, unknown;
	uint64_t seen_mask;    /* of states; of rows `types` says it */
};

static inline uint64_t counter_bit(unsigned number) { return (uint64_t)1 << number; }

static inline struct item_more *item_more(const struct counting *all, const struct item *item)
{
	return (struct item_more *)((uintptr_t)item + all->more_offset);
}

/* ---- count.c ---- */

struct counting *counting_new(struct run *run, struct count *count);
void counting_free(struct counting *all);
/* Finds counters and columns in the header of the stream. */
void counting_prepare(struct counting *all, const struct header *header);
/* The counters alone; without a header (NULL) their columns are not looked for. */
void counting_counters(struct counting *all, const struct header *header);
struct fold_shape counting_shape(struct counting *all);
/* From the fold, which it frees, to cells and totals. */
void counting_results(struct counting *all, struct fold *fold);

/* False where the name is none of a period. */
bool period_kind(struct view name, enum dimension_kind *kind);
/* Appends a period as part of a cell's key. */
void put_period(struct buf *to, enum dimension_kind kind, int32_t day);
void sums_grow(int64_t **sums, size_t *room, size_t need);
/* A cell's numbers, by counter; grows *sums as needed. */
static inline int64_t *sums_of(int64_t **sums, size_t *room, const struct counting *all, uint32_t cell)
{
	size_t need = ((size_t)cell + 1) * all->counter_count;
	if (*room < need)
		sums_grow(sums, room, need);
	return *sums + (size_t)cell * all->counter_count;
}
/* Adds what a worker has: its cells have the numbers of all. */
void sums_add_all(struct counting *all, const int64_t *sums, size_t room);
/* The amount of a sum: false where the cell does not read. */
bool amount_of(enum metric_unit unit, struct view text, int64_t *amount);
/* Which table a cell belongs to. */
unsigned table_of_cell(const struct counting *all, uint32_t cell);

/* ---- count_row.c: for fold.h ---- */

void counting_worker_open(const void *tool, void *scratch);
void counting_worker_close(void *tool, void *scratch);
struct view counting_key(const void *tool, void *scratch, const struct row *row);
enum fate counting_map(const void *tool, void *scratch, const struct row *row, void *to, struct task *task);

/* ---- and for count_merge.c ---- */

/* The row's cell in each table. */
void worker_cells(struct counting_worker *worker, const struct row *row, int32_t day, uint32_t *cells);
/* The number of a project and day; *number is the project's. */
uint32_t worker_what(struct counting_worker *worker, struct view project, int32_t day, uint32_t *number);
/* The number of the cells of a row, together. */
uint32_t worker_places(struct counting_worker *worker, const uint32_t *cells);
/* Adds an amount in all its cells. */
enum fate worker_add(struct counting_worker *worker, const struct row *row, struct task *task, unsigned counter,
                     int64_t amount, const uint32_t *cells);
/* The item's facts: seen in these cells, for these metrics.  item->what is set. */
enum fate worker_facts(struct counting_worker *worker, const struct row *row, struct task *task, uint64_t metrics,
                       const uint32_t *cells, struct item *item);
/* A value that outlives its row. */
struct view worker_kept(struct task *task, struct view value);

/* ---- count_customer.c: for fold.h ---- */

void customer_add(const void *tool, struct arena *arena, void *state, const void *item);
void customer_merge(const void *tool, struct arena *arena, void *into, const void *from);
void customer_touch(const void *tool, const void *state, const void *item);
void customer_save(const void *tool, const void *state, struct buf *to);
void customer_load(const void *tool, struct arena *arena, struct view from, void *state);
/* From customers to cells and totals. */
void count_customers(struct counting *all, struct fold *fold);

/* ---- count_beside.c ---- */

/* A sum that is taken from a table beside the stream. */
void count_beside(struct counting *all, unsigned number);

#endif
