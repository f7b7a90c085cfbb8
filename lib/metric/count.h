/* count: metrics counted over the event stream, in the cells of one or several tables.
 * Room: metric.
 *
 * One pass.  A table is a list of dimensions (columns of the stream; day, week, month,
 * quarter and year of `at`); a cell is a combination of their values that occurs.  Rows
 * and sums are added up by each worker; what is distinct is kept by customer (tally.h).
 * Memory: one entry per customer with eight bytes for each cell it was seen in.
 *
 * The same in two steps: count_partial() writes what it has counted as lines of a partial
 * state (engine/partial.h), count_merge() goes on with the lines of one state or several.
 * The key of a line is a cell by all the tables' dimensions together; of these any table's
 * cells can be made, with
 *     slot     item                         value
 *     metric                                of what adds up: the number
 *     metric   uid, hh_id, project, day     of what is distinct: a member of the set; only the
 *                                           parts that the metric tells apart, of a group the
 *                                           household without the customer
 *     metric   uid, hh_id, project, -       of first events: at, event_id, place in the
 *                                           input, and 1, or 0 where it is out of range and
 *                                           stands in no cell
 *     -        rows, later, unknown         as in the results below
 *     -        seen                         a metric that the input has events for: not `unseen` */
#ifndef CRM_METRIC_COUNT_H
#define CRM_METRIC_COUNT_H

#include "engine/fold.h"
#include "engine/load.h"
#include "engine/partial.h"
#include "metric/metric.h"
#include "rule/row.h"

enum { COUNT_TABLES = 16, COUNT_DIMENSIONS = 8 };

struct count_table {
	struct view by[COUNT_DIMENSIONS];
	unsigned by_count;
	/* Results. */
	struct count_cell *cells; /* in byte order of the dimensions' values */
	size_t cell_count;
	int64_t *total;           /* by metric */
};

struct count_cell {
	struct view value[COUNT_DIMENSIONS];
	int64_t *number; /* by metric */
};

/* How tables beside the stream (spend) are read by the stream's words: a ledger of spend has
 * project_id, and channels as they were written. */
struct count_beside {
	bool (*has)(const void *arg, const struct header *header, struct view column);
	struct view (*value)(const void *arg, const struct loaded *table, size_t row, struct view column);
	/* Would a register that was not given say what this column is? */
	bool (*lacks)(const void *arg, struct view column);
	const void *arg;
};

struct count {
	const struct metrics *metrics;
	const bool *wanted;   /* by metric: which counted (not derived) ones are needed */
	struct count_table table[COUNT_TABLES];
	unsigned table_count;
	int64_t since, until; /* moments, both included */
	/* An expression that rows must meet to be counted, or NULL.  What is somebody's first
	 * event ever is decided on all of them. */
	const char *where;
	struct count_beside beside;
	/* Results. */
	uint64_t rows;        /* counted by some metric */
	uint64_t later;       /* dated after --as-of: left out */
	uint64_t unknown;     /* rows of person metrics without a customer: not counted there */
	bool *unseen;         /* by metric: the input has no event at all of its types, whatever the date */
};

/* Is it day, week, month, quarter or year? */
bool count_is_period(struct view dimension);
/* Is a dimension a column of the stream, or a period? */
bool count_has(const struct header *header, struct view dimension);

/* Reads the run's input, then the tables that sums are taken from (run_table()). */
void count_run(struct run *run, struct count *count);

/* Appends what decides the state of a count: tables, metrics, range, --where, the present. */
void count_options(const struct run *run, const struct count *count, struct buf *to);
/* Reads the run's input and writes its state. */
void count_partial(struct run *run, struct count *count, struct partial *partial);
/* Reads states, which partial_open() has begun, in place of the stream; `dimensions` is what
 * that returned.  Ends with partial_close(). */
void count_merge(struct run *run, struct count *count, struct partial *partial, const struct header *dimensions);
/* As count_has(), of states. */
bool count_merge_has(const struct header *dimensions, struct view dimension);

#endif
