/* work: see work.h. */
#include "engine/work.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/thread.h"
#include "engine/stats.h"

struct task_reject {
	struct reject reject;
	bool used; /* only a doubt */
	struct task_reject *next;
};

enum state { FREE, READY, BUSY, DONE };

enum { MOST_THREADS = 256 };

struct worker {
	struct pool *pool;
	pthread_t thread;
	void *state;
	bool started;
};

/* Tasks form a ring: `next` is the one to be filled, `oldest` the one to be written. */
struct pool {
	struct run *run;
	const struct work *work;
	struct shard shard;
	struct task *tasks;
	size_t size;
	uint64_t next, oldest; /* sequence numbers */
	uint64_t unclaimed;    /* no task before this one is READY */
	struct worker *workers; /* [0] is the main thread */
	unsigned worker_count;
	pthread_mutex_t lock;
	pthread_cond_t ready, done;
	bool stop;
};

/* ---- rows and their fates ---- */

static struct place place_of(const struct row *row, unsigned column)
{
	return (struct place){ row->file, row->line, column == COLUMN_NONE ? 0 : column + 1 };
}

static const char *format_message(struct task *task, const char *format, va_list args)
{
	char text[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	vsnprintf(text, sizeof text, format, args);
#pragma GCC diagnostic pop
	return arena_string(&task->notes, view_of(text));
}

/* The message in English, for the file of rejects, and *said in the user's language where
 * that is another. */
static const char *format_both(struct task *task, const char *format, va_list args, const char **said)
{
	const char *twin = translate(format);
	*said = NULL;
	if (twin != format) {
		va_list again;
		va_copy(again, args);
		*said = format_message(task, twin, again);
		va_end(again);
	}
	return format_message(task, format, args);
}

static void add_reject(struct task *task, struct place place, struct view raw, const char *code, bool used,
                       const char *format, va_list args)
{
	struct task_reject *entry = arena_zero(&task->notes, 1, sizeof *entry);
	const char *said, *message = format_both(task, format, args, &said);
	entry->reject = (struct reject){ place.file, place.line, place.column, code, view_of(message),
		used ? VIEW("") : arena_copy(&task->notes, raw), said };
	entry->used = used;
	*task->rejects_end = entry;
	task->rejects_end = &entry->next;
}

void task_reject(struct task *task, struct place place, struct view raw, const char *code, const char *format,
                 va_list args)
{
	add_reject(task, place, raw, code, false, format, args);
}

void task_fatal(struct task *task, struct place place, const char *format, va_list args)
{
	if (task->fatal)
		return;
	task->fatal = format_message(task, translate(format), args);
	task->fatal_place = place;
}

enum fate row_reject(struct task *task, const struct row *row, unsigned column, const char *code,
                     const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_reject(task, place_of(row, column), row_record(row), code, false, format, args);
	va_end(args);
	return FATE_REJECTED;
}

void row_doubt(struct task *task, const struct row *row, unsigned column, const char *code, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	add_reject(task, place_of(row, column), VIEW(""), code, true, format, args);
	va_end(args);
}

enum fate row_fatal(struct task *task, const struct row *row, unsigned column, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	task_fatal(task, place_of(row, column), format, args);
	va_end(args);
	return FATE_REJECTED;
}

enum fate task_problem(struct task *task, const struct row *row, enum row_problem problem,
                       unsigned fields)
{
	switch (problem) {
	case ROW_RAGGED:
		return row_reject(task, row, COLUMN_NONE, "ragged", "%u fields, expected %u", fields,
		                  task->block.header->count);
	case ROW_REPEATED_HEADER:
		return row_reject(task, row, COLUMN_NONE, "repeated_header", "the header again");
	case ROW_BAD_TEXT:
		return row_reject(task, row, COLUMN_NONE, "utf8", "bytes that are no UTF-8");
	default:
		return row_reject(task, row, COLUMN_NONE, "bad_quote",
		                  "something other than a delimiter follows a closing quote");
	}
}

void row_refuse(const struct row *row, enum row_problem problem, unsigned fields, unsigned expected)
{
	struct place place = { row->file, row->line, 0 };
	if (problem == ROW_RAGGED)
		die_at(STATUS_INPUT, place, "%u fields, expected %u", fields, expected);
	if (problem == ROW_BAD_QUOTE)
		die_at(STATUS_INPUT, place, "something other than a delimiter follows a closing quote");
	if (problem == ROW_BAD_TEXT)
		die_at(STATUS_INPUT, place, "bytes that are no UTF-8");
}

/* Of a partial state no line may be missing; several of them bring their headers. */
static enum fate refuse_problem(struct task *task, const struct row *row, enum row_problem problem, unsigned fields)
{
	if (problem == ROW_REPEATED_HEADER)
		return FATE_LEFT_OUT;
	if (problem == ROW_RAGGED)
		return row_fatal(task, row, COLUMN_NONE, "%u fields, expected %u", fields, task->block.header->count);
	return row_fatal(task, row, COLUMN_NONE, "bytes that are no UTF-8");
}

void task_rows(struct task *task, enum fate (*each)(void *arg, struct task *task, const struct row *row),
               void *arg)
{
	struct rows rows;
	struct row row;
	enum row_problem problem;
	rows_begin(&rows, &task->block, &task->rows);
	rows.utf8 = task->utf8;
	rows.empty_lines = task->empty_lines;
	while (!task->fatal && (problem = rows_next(&rows, &row)) != ROW_NONE) {
		task->counts.read++;
		enum fate fate;
		if (problem != ROW_GOOD && task->whole)
			fate = refuse_problem(task, &row, problem, rows.fields);
		else if (problem != ROW_GOOD && !(problem == ROW_RAGGED && task->ragged))
			fate = task_problem(task, &row, problem, rows.fields);
		else if (task->shard->shards && !shard_has(task->shard, &row))
			fate = FATE_LEFT_OUT;
		else
			fate = each(arg, task, &row);
		task->counts.fates[fate]++;
	}
	task->counts.blank += rows.blank;
}

/* ---- tasks ---- */

void task_reset(struct task *task)
{
	out_reset(&task->out);
	task->counts = (struct counts){ 0 };
	arena_reset(&task->notes);
	task->rejects = NULL;
	task->rejects_end = &task->rejects;
	task->fatal = NULL;
}

void task_count(struct run *run, const struct task *task)
{
	for (const struct task_reject *entry = task->rejects; entry; entry = entry->next)
		entry->used ? run_doubt(run, &entry->reject) : run_reject(run, &entry->reject);
	run->counts.read += task->counts.read;
	reader_counted(run->reader, task->block.input, task->counts.read);
	run->counts.blank += task->counts.blank;
	for (unsigned i = 0; i < FATES; i++)
		run->counts.fates[i] += task->counts.fates[i];
}

/* The block's turn. */
static void take_turn(struct pool *pool, struct task *task)
{
	struct run *run = pool->run;
	block_say(&task->block);
	if (pool->work->join)
		pool->work->join(pool->work->shape, task);
	task_count(run, task);
	if (pool->work->turn)
		pool->work->turn(pool->work->shape, task);
	else if (run->sink)
		run_write(run, &task->out);
	if (task->fatal)
		die_at(STATUS_INPUT, task->fatal_place, "%s", task->fatal);
	stats_progress(run, false);
}

void task_release(struct task *task)
{
	block_release(&task->block);
	buf_release(&task->out.bytes);
	arena_release(&task->rows);
	arena_release(&task->notes);
}

static void do_task(struct worker *worker, struct task *task)
{
	struct pool *pool = worker->pool;
	if (!worker->started && pool->work->open)
		worker->state = pool->work->open(pool->work->shape);
	worker->started = true;
	pool->work->block(pool->work->shape, worker->state, task);
}

/* The first READY task, now BUSY; NULL where there is none.  Under the lock. */
static struct task *claim(struct pool *pool)
{
	if (pool->unclaimed < pool->oldest)
		pool->unclaimed = pool->oldest;
	for (; pool->unclaimed < pool->next; pool->unclaimed++) {
		struct task *task = &pool->tasks[pool->unclaimed % pool->size];
		if (task->state == READY) {
			pool->unclaimed++;
			task->state = BUSY;
			return task;
		}
	}
	return NULL;
}

static void *worker_main(void *arg)
{
	struct worker *worker = arg;
	struct pool *pool = worker->pool;
	pthread_mutex_lock(&pool->lock);
	for (;;) {
		struct task *task = claim(pool);
		if (task) {
			pthread_mutex_unlock(&pool->lock);
			do_task(worker, task);
			pthread_mutex_lock(&pool->lock);
			task->state = DONE;
			pthread_cond_signal(&pool->done);
		} else if (pool->stop) {
			break;
		} else {
			pthread_cond_wait(&pool->ready, &pool->lock);
		}
	}
	pthread_mutex_unlock(&pool->lock);
	return NULL;
}

/* The second block: there is enough to do for others too. */
static void start_workers(struct pool *pool)
{
	for (unsigned i = 1; i < pool->run->threads && i < MOST_THREADS; i++) {
		struct worker *worker = &pool->workers[i];
		worker->pool = pool;
		if (!thread_start(&worker->thread, worker_main, worker))
			break;
		pool->worker_count++;
	}
}

/* Writes the oldest task; helps with others, or waits, until it is done. */
static void write_oldest(struct pool *pool)
{
	struct task *oldest = &pool->tasks[pool->oldest % pool->size];
	pthread_mutex_lock(&pool->lock);
	while (oldest->state != DONE) {
		struct task *task = claim(pool);
		if (!task) {
			pthread_cond_wait(&pool->done, &pool->lock);
			continue;
		}
		pthread_mutex_unlock(&pool->lock);
		do_task(&pool->workers[0], task);
		pthread_mutex_lock(&pool->lock);
		task->state = DONE;
	}
	pthread_mutex_unlock(&pool->lock);
	take_turn(pool, oldest);
	pthread_mutex_lock(&pool->lock);
	oldest->state = FREE;
	pool->oldest++;
	pthread_mutex_unlock(&pool->lock);
}

static bool oldest_is_done(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	bool done = pool->oldest < pool->next && pool->tasks[pool->oldest % pool->size].state == DONE;
	pthread_mutex_unlock(&pool->lock);
	return done;
}

static void give_out(struct pool *pool, struct task *task)
{
	pthread_mutex_lock(&pool->lock);
	task->state = READY;
	task->sequence = pool->next++;
	pthread_cond_signal(&pool->ready);
	pthread_mutex_unlock(&pool->lock);
}

static void pool_init(struct pool *pool, struct run *run, const struct work *work)
{
	*pool = (struct pool){ .run = run, .work = work };
	if (!run->threads)
		run->threads = thread_processors();
	unsigned threads = run->threads > MOST_THREADS ? MOST_THREADS : (unsigned)run->threads;
	pool->size = threads == 1 ? 1 : threads * 2 + 2;
	pool->tasks = arena_zero(&run->arena, pool->size, sizeof *pool->tasks);
	pool->workers = arena_zero(&run->arena, threads, sizeof *pool->workers);
	pool->workers[0].pool = pool;
	pool->worker_count = 1;
	if (run->reader && reader_header(run->reader))
		pool->shard = run_shard(run, reader_header(run->reader));
	for (size_t i = 0; i < pool->size; i++) {
		out_init(&pool->tasks[i].out, run->out_dialect);
		pool->tasks[i].shard = &pool->shard;
		pool->tasks[i].whole = run->merge;
		pool->tasks[i].utf8 = run->utf8 || run_strict(run, "utf8");
	}
	pthread_mutex_init(&pool->lock, NULL);
	pthread_cond_init(&pool->ready, NULL);
	pthread_cond_init(&pool->done, NULL);
}

static void pool_end(struct pool *pool)
{
	pthread_mutex_lock(&pool->lock);
	pool->stop = true;
	pthread_cond_broadcast(&pool->ready);
	pthread_mutex_unlock(&pool->lock);
	for (unsigned i = 1; i < pool->worker_count; i++)
		pthread_join(pool->workers[i].thread, NULL);
	for (unsigned i = 0; i < pool->worker_count; i++)
		if (pool->workers[i].started && pool->work->close)
			pool->work->close(pool->work->shape, pool->workers[i].state);
	for (size_t i = 0; i < pool->size; i++)
		task_release(&pool->tasks[i]);
	pthread_mutex_destroy(&pool->lock);
	pthread_cond_destroy(&pool->ready);
	pthread_cond_destroy(&pool->done);
}

/* The input turns out to be bad: the rows before that place have their turn, so that rejects
 * are whole, and the same for any number of threads. */
static void finish_under_way(void *arg)
{
	struct pool *pool = arg;
	while (pool->oldest < pool->next)
		write_oldest(pool);
}

static enum reader_result next_block(struct pool *pool, struct task *task, bool wait)
{
	fail_first(finish_under_way, pool);
	enum reader_result result = pool->work->fill ? pool->work->fill(pool->work->shape, task, wait)
	                                             : reader_next(pool->run->reader, &task->block, wait);
	fail_first(NULL, NULL);
	return result;
}

void work_run(struct run *run, const struct work *work)
{
	struct pool pool;
	pool_init(&pool, run, work);
	bool wait = false;
	for (;;) {
		if (pool.next - pool.oldest == pool.size)
			write_oldest(&pool);
		while (oldest_is_done(&pool))
			write_oldest(&pool);
		struct task *task = &pool.tasks[pool.next % pool.size];
		task_reset(task);
		enum reader_result result = next_block(&pool, task, wait);
		wait = false;
		if (result == READER_END)
			break;
		if (result == READER_WAIT) {
			/* A slow writer before us: what is under way is finished and written first. */
			while (pool.oldest < pool.next)
				write_oldest(&pool);
			wait = true;
			continue;
		}
		if (pool.next == 1 && run->threads > 1)
			start_workers(&pool);
		give_out(&pool, task);
	}
	while (pool.oldest < pool.next)
		write_oldest(&pool);
	stats_progress(run, true);
	pool_end(&pool);
}
