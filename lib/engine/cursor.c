/* cursor: see cursor.h. */
#include "engine/cursor.h"

#include <stdlib.h>

#include "engine/stats.h"

enum { WRITE_AT = 256 * 1024 };

struct cursor {
	struct run *run;
	struct reader *reader;
	size_t input;
	bool beside; /* a further table: its rows are not the run's */
	const struct sort_keys *keys;
	const char *promise;
	struct out *out;
	struct shard shard;
	struct task task;
	struct rows rows;
	struct row row;
	struct buf key, before;
	bool in_block;
};

struct cursor *cursor_open(struct run *run, size_t input, const struct sort_keys *keys, const char *promise,
                           struct out *out)
{
	struct cursor *cursor = heap_alloc(sizeof *cursor);
	*cursor = (struct cursor){ .run = run, .reader = run->reader, .input = input, .keys = keys,
		.promise = promise, .out = out };
	task_reset(&cursor->task);
	cursor->shard = run_shard(run, reader_header(run->reader));
	return cursor;
}

struct cursor *cursor_beside(struct run *run, struct reader *reader, const struct sort_keys *keys,
                             const char *promise, struct out *out)
{
	struct cursor *cursor = heap_alloc(sizeof *cursor);
	*cursor = (struct cursor){ .run = run, .reader = reader, .input = CURSOR_ALL, .beside = true, .keys = keys,
		.promise = promise, .out = out };
	task_reset(&cursor->task);
	return cursor;
}

static enum reader_result read_block(struct cursor *cursor, bool wait)
{
	struct block *block = &cursor->task.block;
	return cursor->input == CURSOR_ALL ? reader_next(cursor->reader, block, wait)
	                                   : reader_next_of(cursor->reader, cursor->input, block, wait);
}

/* The next block with its rows; false at the end of the input. */
static bool next_block(struct cursor *cursor)
{
	struct run *run = cursor->run;
	stats_progress(run, false);
	enum reader_result result = read_block(cursor, false);
	if (result == READER_WAIT) {
		run_write(run, cursor->out);
		result = read_block(cursor, true);
	}
	if (result != READER_MORE)
		return false;
	block_say(&cursor->task.block);
	rows_begin(&cursor->rows, &cursor->task.block, &cursor->task.rows);
	cursor->rows.utf8 = run->utf8 || run_strict(run, "utf8");
	return true;
}

/* The row's key, checked against that of the row before. */
static void make_key(struct cursor *cursor)
{
	struct buf before = cursor->before;
	bool doubt = false;
	cursor->before = cursor->key;
	cursor->key = before;
	buf_reset(&cursor->key);
	for (unsigned i = 0; i < cursor->keys->count; i++)
		sort_key_put(&cursor->key, &cursor->row, &cursor->keys->key[i], &doubt);
	if (view_compare(buf_view(&cursor->key), buf_view(&cursor->before)) < 0)
		die_at(STATUS_INPUT, (struct place){ cursor->row.file, cursor->row.line, 0 },
		       "out of order: this row's key comes before that of the row above, and %s was given",
		       cursor->promise);
}

/* The next row of the input, good or not; ROW_NONE at the end. */
static enum row_problem next_row(struct cursor *cursor)
{
	for (;;) {
		enum row_problem problem = cursor->in_block ? rows_next(&cursor->rows, &cursor->row) : ROW_NONE;
		if (problem != ROW_NONE)
			return problem;
		if (cursor->in_block && !cursor->beside)
			cursor->run->counts.blank += cursor->rows.blank;
		cursor->in_block = next_block(cursor);
		if (!cursor->in_block)
			return ROW_NONE;
	}
}

void cursor_done(struct cursor *cursor, enum fate fate)
{
	struct task *task = &cursor->task;
	task->counts.fates[fate]++;
	task_count(cursor->run, task);
	if (task->fatal)
		die_at(STATUS_INPUT, task->fatal_place, "%s", task->fatal);
	task_reset(task);
}

/* Is the row for the caller? */
static bool is_wanted(struct cursor *cursor, enum row_problem problem)
{
	if (problem == ROW_GOOD && cursor->keys)
		make_key(cursor);
	if (problem == ROW_GOOD && shard_has(&cursor->shard, &cursor->row))
		return true;
	if (cursor->beside)
		row_refuse(&cursor->row, problem, cursor->rows.fields, cursor->task.block.header->count);
	else if (problem == ROW_GOOD)
		cursor_done(cursor, FATE_LEFT_OUT);
	else
		cursor_done(cursor, task_problem(&cursor->task, &cursor->row, problem, cursor->rows.fields));
	return false;
}

bool cursor_next(struct cursor *cursor)
{
	if (cursor->out->bytes.len >= WRITE_AT)
		run_write(cursor->run, cursor->out);
	for (enum row_problem problem; (problem = next_row(cursor)) != ROW_NONE;) {
		cursor->run->counts.read += !cursor->beside;
		reader_counted(cursor->reader, cursor->input, 1);
		if (is_wanted(cursor, problem))
			return true;
	}
	return false;
}

const struct row *cursor_row(const struct cursor *cursor) { return &cursor->row; }
struct task *cursor_task(struct cursor *cursor) { return &cursor->task; }
struct view cursor_key(const struct cursor *cursor) { return buf_view(&cursor->key); }

void cursor_close(struct cursor *cursor)
{
	task_release(&cursor->task);
	buf_release(&cursor->key);
	buf_release(&cursor->before);
	free(cursor);
}
