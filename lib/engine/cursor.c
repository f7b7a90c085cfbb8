/* cursor: see cursor.h. */
#include "engine/cursor.h"

#include <stdlib.h>

enum { WRITE_AT = 256 * 1024 };

struct cursor {
	struct run *run;
	size_t input;
	const struct sort_keys *keys;
	const char *promise;
	struct out *out;
	struct shard shard;
	struct block block;
	struct arena values;
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
	cursor->shard = run_shard(run, reader_header(run->reader));
	return cursor;
}

/* The next block with its rows; false at the end of the input. */
static bool next_block(struct cursor *cursor)
{
	struct run *run = cursor->run;
	enum reader_result result = reader_next_of(run->reader, cursor->input, &cursor->block, false);
	if (result == READER_WAIT) {
		run_write(run, cursor->out);
		result = reader_next_of(run->reader, cursor->input, &cursor->block, true);
	}
	if (result != READER_MORE)
		return false;
	rows_begin(&cursor->rows, &cursor->block, &cursor->values);
	return true;
}

static void reject(struct cursor *cursor, enum row_problem problem)
{
	const struct row *row = &cursor->row;
	struct buf message = { 0 };
	row_problem_put(&message, problem, cursor->rows.fields, cursor->block.header->count);
	struct reject entry = { row->file, row->line, 0, row_problem_code(problem), buf_view(&message),
		row_record(row) };
	run_reject(cursor->run, &entry);
	cursor->run->counts.fates[FATE_REJECTED]++;
	buf_release(&message);
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

bool cursor_next(struct cursor *cursor)
{
	for (;;) {
		enum row_problem problem = cursor->in_block ? rows_next(&cursor->rows, &cursor->row) : ROW_NONE;
		if (problem == ROW_NONE) {
			if (cursor->in_block)
				cursor->run->counts.blank += cursor->rows.blank;
			cursor->in_block = next_block(cursor);
			if (!cursor->in_block)
				return false;
			continue;
		}
		cursor->run->counts.read++;
		if (problem != ROW_GOOD) {
			reject(cursor, problem);
			continue;
		}
		if (cursor->keys)
			make_key(cursor);
		if (shard_has(&cursor->shard, &cursor->row))
			break;
		cursor->run->counts.fates[FATE_LEFT_OUT]++;
	}
	if (cursor->out->bytes.len >= WRITE_AT)
		run_write(cursor->run, cursor->out);
	return true;
}

const struct row *cursor_row(const struct cursor *cursor) { return &cursor->row; }
struct view cursor_key(const struct cursor *cursor) { return buf_view(&cursor->key); }

void cursor_close(struct cursor *cursor)
{
	block_release(&cursor->block);
	arena_release(&cursor->values);
	buf_release(&cursor->key);
	buf_release(&cursor->before);
	free(cursor);
}
