/* sorter: see sorter.h. */
#include "engine/sorter.h"

#include <stdlib.h>

#include "engine/spill.h"
#include "value/date.h"
#include "value/number.h"

/* One record in a block's bytes: lengths, key, payload, as spill.c has them. */
struct record {
	uint32_t key, payload;
	char bytes[];
};

/* A worker's records of one block, as they come. */
struct sort_block {
	struct buf bytes;
	size_t count;
};

/* Its records in order, one behind the other. */
struct run_in_memory {
	size_t len, next, last; /* bytes; where the last record begins */
	_Alignas(8) char bytes[];
};

struct sorter {
	struct run *run;
	struct run_in_memory **runs;
	size_t run_count, run_room;
	size_t bytes;
	struct spill *spill;
	struct spilled *spilled;
	size_t spilled_count, spilled_room;
	struct sort_block added; /* by sorter_add() */
	struct spill_merge *merge; /* once the first record was asked for */
};

struct sorter_work {
	struct sorter *sorter;
	const struct sort_shape *shape;
	void *tool;
};

struct sort_worker {
	struct sorter_work *all;
	struct sort_block block;
	_Alignas(16) char scratch[];
};

void sort_emit(struct sort_block *block, struct view key, struct view payload)
{
	struct record record = { (uint32_t)key.len, (uint32_t)payload.len };
	buf_put(&block->bytes, view((const char *)&record, sizeof record));
	buf_put(&block->bytes, key);
	buf_put(&block->bytes, payload);
	while (block->bytes.len % sizeof(uint32_t))
		buf_byte(&block->bytes, '\0');
	block->count++;
}

static const struct record *record_at(const char *bytes, size_t at)
{
	return (const struct record *)(const void *)(bytes + at);
}

static struct view record_key(const struct record *record)
{
	return view(record->bytes, record->key);
}

/* With what follows it until the next one. */
static size_t record_size(const struct record *record)
{
	return (sizeof *record + record->key + record->payload + 3) & ~(size_t)3;
}

static struct view item_key(const struct order_item *item)
{
	return record_key(item->what);
}

static bool next_in_memory(void *state, struct view *key, struct view *value)
{
	struct run_in_memory *run = state;
	if (run->next == run->len)
		return false;
	const struct record *record = record_at(run->bytes, run->next);
	run->next += record_size(record);
	/* Of many runs each is asked rarely: its next record comes from memory meanwhile. */
	for (size_t line = 0; line < 3; line++)
		__builtin_prefetch(run->bytes + run->next + line * 64);
	*key = record_key(record);
	*value = view(record->bytes + record->key, record->payload);
	return true;
}

/* Sorts the records of a block and empties it.  NULL where there are none. */
static struct run_in_memory *sort_block(struct sort_block *block)
{
	if (!block->count)
		return NULL;
	struct order_item *items = heap_alloc(block->count * sizeof *items);
	size_t at = 0;
	for (size_t i = 0; i < block->count; i++) {
		items[i].what = record_at(block->bytes.ptr, at);
		at += record_size(items[i].what);
	}
	order_sort(items, block->count, item_key);
	/* In order they are read one behind the other: merging does not wait for memory. */
	struct run_in_memory *run = heap_alloc(sizeof *run + block->bytes.len);
	*run = (struct run_in_memory){ 0 };
	for (size_t i = 0; i < block->count; i++) {
		size_t size = record_size(items[i].what);
		memcpy(run->bytes + run->len, items[i].what, size);
		run->last = run->len;
		run->len += size;
	}
	free(items);
	buf_reset(&block->bytes);
	block->count = 0;
	return run;
}

static void free_runs(struct sorter *sorter)
{
	for (size_t i = 0; i < sorter->run_count; i++)
		free(sorter->runs[i]);
	sorter->run_count = 0;
	sorter->bytes = 0;
}

/* The least first key and the greatest last one begin as all keys between them do. */
static size_t common_start(const struct sorter *sorter)
{
	struct view least = { NULL, 0 }, greatest = { NULL, 0 };
	for (size_t i = 0; i < sorter->run_count; i++) {
		const struct run_in_memory *run = sorter->runs[i];
		struct view first = record_key(record_at(run->bytes, 0));
		struct view last = record_key(record_at(run->bytes, run->last));
		if (i == 0 || view_compare(first, least) < 0)
			least = first;
		if (i == 0 || view_compare(last, greatest) > 0)
			greatest = last;
	}
	size_t same = 0;
	while (same < least.len && same < greatest.len && least.ptr[same] == greatest.ptr[same])
		same++;
	return same;
}

static struct spill_merge *merge_memory(struct sorter *sorter)
{
	struct spill_reader **readers = heap_alloc((sorter->run_count + 1) * sizeof *readers);
	for (size_t i = 0; i < sorter->run_count; i++)
		readers[i] = spill_of(next_in_memory, sorter->runs[i]);
	struct spill_merge *merge = spill_merge_new(readers, sorter->run_count, common_start(sorter));
	free(readers);
	return merge;
}

/* What is in memory becomes a run in the temporary file. */
static void spill_runs(struct sorter *sorter)
{
	if (!sorter->spill)
		sorter->spill = spill_new();
	struct spill_merge *merge = merge_memory(sorter);
	struct view key, payload;
	spill_begin(sorter->spill);
	while (spill_merge_next(merge, &key, &payload))
		spill_add(sorter->spill, key, payload);
	heap_grow(sorter->spilled, sorter->spilled_count, &sorter->spilled_room);
	sorter->spilled[sorter->spilled_count++] = spill_end(sorter->spill);
	spill_merge_free(merge);
	free_runs(sorter);
}

static void keep(struct sorter *sorter, struct run_in_memory *run)
{
	if (!run)
		return;
	heap_grow(sorter->runs, sorter->run_count, &sorter->run_room);
	sorter->runs[sorter->run_count++] = run;
	sorter->bytes += run->len;
	if (sorter->bytes > sorter->run->memory)
		spill_runs(sorter);
}

/* ---- blocks ---- */

static void *open_worker(void *arg)
{
	struct sorter_work *all = arg;
	struct sort_worker *worker = heap_alloc(sizeof *worker + all->shape->scratch);
	memset(worker, 0, sizeof *worker + all->shape->scratch);
	worker->all = all;
	if (all->shape->open)
		all->shape->open(all->tool, worker->scratch);
	return worker;
}

static void close_worker(void *arg, void *state)
{
	struct sorter_work *all = arg;
	struct sort_worker *worker = state;
	if (all->shape->close)
		all->shape->close(all->tool, worker->scratch);
	buf_release(&worker->block.bytes);
	free(worker);
}

static enum fate each(void *arg, struct task *task, const struct row *row)
{
	struct sort_worker *worker = arg;
	return worker->all->shape->row(worker->all->tool, worker->scratch, row, &worker->block, task);
}

static void do_block(void *arg, void *state, struct task *task)
{
	(void)arg;
	struct sort_worker *worker = state;
	task_rows(task, each, worker);
	task->result = sort_block(&worker->block);
}

static void turn(void *arg, struct task *task)
{
	struct sorter_work *all = arg;
	keep(all->sorter, task->result);
	task->result = NULL;
}

struct sorter *sorter_new(struct run *run)
{
	struct sorter *sorter = heap_alloc(sizeof *sorter);
	*sorter = (struct sorter){ .run = run };
	return sorter;
}

void sorter_read(struct sorter *sorter, const struct sort_shape *shape, void *tool)
{
	keep(sorter, sort_block(&sorter->added)); /* what was added came before */
	struct sorter_work all = { sorter, shape, tool };
	struct work work = { .shape = &all, .open = open_worker, .close = close_worker, .block = do_block,
		.turn = turn };
	work_run(sorter->run, &work);
}

void sorter_add(struct sorter *sorter, struct view key, struct view payload)
{
	sort_emit(&sorter->added, key, payload);
	if (sorter->added.bytes.len < READER_BLOCK)
		return;
	keep(sorter, sort_block(&sorter->added));
}

static struct spill_merge *merge_spilled(struct sorter *sorter)
{
	/* The memory is shared by the runs' buffers. */
	size_t buffer = sorter->run->memory / (sorter->spilled_count + 1);
	buffer = buffer < 4096 ? 4096 : buffer > 1024 * 1024 ? 1024 * 1024 : buffer;
	struct spill_reader **readers = heap_alloc(sorter->spilled_count * sizeof *readers);
	for (size_t i = 0; i < sorter->spilled_count; i++)
		readers[i] = spill_read(sorter->spill, sorter->spilled[i], buffer);
	struct spill_merge *merge = spill_merge_new(readers, sorter->spilled_count, 0);
	free(readers);
	return merge;
}

static void begin_merge(struct sorter *sorter)
{
	keep(sorter, sort_block(&sorter->added));
	if (sorter->spill && sorter->run_count)
		spill_runs(sorter);
	sorter->merge = sorter->spill ? merge_spilled(sorter) : merge_memory(sorter);
}

bool sorter_next(struct sorter *sorter, struct view *key, struct view *payload)
{
	if (!sorter->merge)
		begin_merge(sorter);
	return spill_merge_next(sorter->merge, key, payload);
}

void sorter_free(struct sorter *sorter)
{
	if (sorter->merge)
		spill_merge_free(sorter->merge);
	free_runs(sorter);
	free(sorter->runs);
	free(sorter->spilled);
	spill_free(sorter->spill);
	buf_release(&sorter->added.bytes);
	free(sorter);
}

void sorter_finish(struct sorter *sorter, void (*visit)(void *arg, struct view key, struct view payload), void *arg)
{
	struct view key, payload;
	while (sorter_next(sorter, &key, &payload))
		visit(arg, key, payload);
	sorter_free(sorter);
}

/* ---- keys ---- */

/* A signed number as bytes that order as it does: the sign bit turned, high byte first. */
static void put_signed(struct buf *key, __int128 number, unsigned bytes)
{
	unsigned __int128 shifted = (unsigned __int128)number + ((unsigned __int128)1 << (bytes * 8 - 1));
	for (unsigned i = bytes; i-- > 0;)
		buf_byte(key, (char)(unsigned char)(shifted >> (i * 8)));
}

void sort_value_put(struct buf *key, struct view value, enum key_type type, bool descending, bool *doubt)
{
	size_t start = key->len;
	/* Numbers and days are read as expressions read them. */
	const unsigned accept = NUMBER_PERCENT | NUMBER_UNITS | NUMBER_THOUSANDS;
	__int128 number;
	int64_t moment;
	/* A byte that says whether a value follows puts the missing ones first. */
	if (!value.len) {
		buf_byte(key, '\0');
	} else if (type == KEY_TEXT) {
		buf_byte(key, '\1');
		key_put(key, value);
	} else if (type == KEY_NUMBER && number_parse(value, accept, &number)) {
		buf_byte(key, '\1');
		put_signed(key, number, 16);
	} else if (type == KEY_DATE && moment_parse_plain(value, &moment) != MOMENT_NONE) {
		buf_byte(key, '\1');
		put_signed(key, moment, 8);
	} else {
		buf_byte(key, '\0');
		*doubt = true;
	}
	if (descending)
		for (size_t i = start; i < key->len; i++)
			key->ptr[i] = (char)~key->ptr[i];
}

void sort_key_put(struct buf *key, const struct row *row, const struct sort_key *by, bool *doubt)
{
	sort_value_put(key, row_value(row, by->column), by->type, by->descending, doubt);
}
