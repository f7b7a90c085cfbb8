/* work: blocks to threads and back, in order.  Room: engine.
 *
 * The main thread reads blocks and writes results; workers compute.  The main thread
 * helps when it would only wait, so --threads 1 means one thread in all, and a small
 * input never starts another.  Everything that a block gives (rows, rejects, a fatal
 * error) waits for the block's turn: the first message is that of the first row. */
#ifndef CRM_ENGINE_WORK_H
#define CRM_ENGINE_WORK_H

#include <stdarg.h>

#include "engine/run.h"

/* One block on its way. */
struct task {
	struct block block;
	struct out out;          /* what the block gives, in the dialect of the output */
	struct counts counts;
	struct arena rows;       /* values of one row */
	struct arena notes;      /* rejects, until the block's turn */
	struct task_reject *rejects, **rejects_end;
	const char *fatal;       /* a row that ends the program (3) */
	struct place fatal_place;
	struct shard *shard;
	bool ragged;             /* task_rows() gives ragged rows too, */
	bool empty_lines;        /* and empty lines, as rows of one empty field */
	bool whole;              /* a row that is not good ends the program; the header again is left out */
	bool utf8;               /* rows that are no UTF-8 are rejected (--strict utf8, run.utf8) */
	void *result;            /* what a shape hands from the block to its turn */
	/* of work.c */
	int state;
	uint64_t sequence;
};

struct work {
	void *shape;
	/* A worker's own state: made before its first block, and given back at the end, in the
	 * main thread, one after the other.  May be NULL. */
	void *(*open)(void *shape);
	void (*close)(void *shape, void *worker);
	/* Fills a task, in the main thread, where its blocks are not those of the run's input: as
	 * reader_next() does.  What is under way is finished before it is asked to `wait`. */
	enum reader_result (*fill)(void *shape, struct task *task, bool wait);
	/* Does a block, in any thread. */
	void (*block)(void *shape, void *worker, struct task *task);
	/* What of a block hangs on the one before it: in the main thread, before the block's turn
	 * and before its rejects are counted.  May be NULL. */
	void (*join)(void *shape, struct task *task);
	/* The block's turn, in the main thread; NULL where the engine's own is enough
	 * (rejects, then rows). */
	void (*turn)(void *shape, struct task *task);
};

/* Reads the run's input to its end, or what `fill` gives. */
void work_run(struct run *run, const struct work *work);

/* Calls `each` for every good row of the task's block (and, with task->ragged, for ragged
 * ones), sees to the others, and counts fates. */
void task_rows(struct task *task, enum fate (*each)(void *arg, struct task *task, const struct row *row),
               void *arg);

/* A row that cannot be used.  `column` from 0, or COLUMN_NONE for the record.  `format` is
 * the English message, without values that may be personal. */
enum fate row_reject(struct task *task, const struct row *row, unsigned column, const char *code,
                     const char *format, ...) PRINTF(5, 6);
/* A row that is used all the same, of which a person must hear (run_doubt). */
void row_doubt(struct task *task, const struct row *row, unsigned column, const char *code, const char *format, ...)
        PRINTF(5, 6);
/* A row that ends the program, with status 3, in its turn. */
enum fate row_fatal(struct task *task, const struct row *row, unsigned column, const char *format, ...)
        PRINTF(4, 5);

/* A row of a table beside the input that rows_next() found a problem in: ends the program
 * (3), unless it is the header again. */
void row_refuse(const struct row *row, enum row_problem problem, unsigned fields, unsigned expected);

/* ---- for who sees to tasks by himself (cursor.h, group.h) ---- */

/* Empties a task for its next block; at first it must be zeroes. */
void task_reset(struct task *task);
/* What row_reject() and row_fatal() do, for who has no row at hand; `raw` is copied. */
void task_reject(struct task *task, struct place place, struct view raw, const char *code, const char *format,
                 va_list args);
void task_fatal(struct task *task, struct place place, const char *format, va_list args);
/* Rejects a row that rows_next() found a problem in. */
enum fate task_problem(struct task *task, const struct row *row, enum row_problem problem, unsigned fields);
/* The task's rejects and fates become the run's. */
void task_count(struct run *run, const struct task *task);
void task_release(struct task *task);

#endif
