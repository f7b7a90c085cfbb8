/* cursor: see cursor.h. */
#include "engine/cursor.h"

#include <stdlib.h>

#include "engine/stats.h"

enum { WRITE_AT = 256 * 1024 };

struct cursor {
	struct run *run;
	size_t input;
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
	*cursor = (struct cursor){ .run = run, .input = input, .keys = keys, .promise = promise, .out = out };
	task_reset(&cursor->task);
	cursor->shard = run_shard(run, reader_header(run->reader));
	return cursor;
}

/* The next block with its rows; false at the end of the input. */
static bool next_block(struct cursor *cursor)
{
	struct run *run = cursor->run;
	stats_progress(run, false);
	enum reader_result result = reader_next_of(run->reader, cursor->input, &cursor->task.block, false);
	if (result == READER_WAIT) {
		run_write(run, cursor->out);
		result = reader_next_of(run->reader, cursor->input, &cursor->task.block, true);
	}
	if (result != READER_MORE)
		return false;
	rows_begin(&cursor->rows, &cursor->task.block, &cursor->task.rows);
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
		if (cursor->in_block)
			cursor->run->counts.blank += cursor->rows.blank;
		cursor->in_block = next_block(cursor);
		if (!cursor->in_block)
			return ROW_NONE;
	}
}

/* A row that is not for the caller has its fate here. */
static void pass_by(struct cursor *cursor, enum row_problem problem)
{
	struct task *task = &cursor->task;
	enum fate fate = FATE_LEFT_OUT;
	if (problem != ROW_GOOD)
		fate = task_problem(task, &cursor->row, problem, cursor->rows.fields);
	task->counts.fates[fate]++;
	task_count(cursor->run, task);
	task_reset(task);
}

bool cursor_next(struct cursor *cursor)
{
	if (cursor->out->bytes.len >= WRITE_AT)
		run_write(cursor->run, cursor->out);
	for (enum row_problem problem; (problem = next_row(cursor)) != ROW_NONE;) {
		cursor->run->counts.read++;
		if (problem == ROW_GOOD && cursor->keys)
			make_key(cursor);
		if (problem == ROW_GOOD && shard_has(&cursor->shard, &cursor->row))
			return true;
		pass_by(cursor, problem);
	}
	return false;
}

const struct row *cursor_row(const struct cursor *cursor) { return &cursor->row; }
struct view cursor_key(const struct cursor *cursor) { return buf_view(&cursor->key); }

void cursor_close(struct cursor *cursor)
{
	task_release(&cursor->task);
	buf_release(&cursor->key);
	buf_release(&cursor->before);
	free(cursor);
}
