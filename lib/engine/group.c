/* group: see group.h.
 *
 * Without a promise records go through the sorter, by key and order.  The main thread merges
 * its runs and copies whole groups into batches, which workers take as they take blocks.
 * (Parts of the range of keys, each merged by a worker, were no faster on two threads, and
 * took a third more processor time: every part looks into each of hundreds of runs.)
 *
 * With --sorted a worker finds the groups in its block, and does those that begin and end in
 * it.  The first and the last one may go on in other blocks: the main thread puts them
 * together when it is the block's turn.
 *
 * Measured with 4 million rows of 800,000 keys and a function that only counts: 1.05 times
 * the sorter alone and 2.5 times a fold; with --sorted 1.1 times the fold. */
#include "engine/group.h"

#include <stdlib.h>

#include "engine/spill.h"

enum { BATCH = 256 * 1024 }; /* 64 KiB and 1 MiB were no faster */

/* In the sorter's payload: how much of the sort key is the group's key, and how much of the
 * rest is the tool's payload. */
struct head {
	uint32_t key, payload;
};

/* What stands in front of a row that is kept. */
struct origin {
	const char *file;
	uint64_t line;
};

/* A record on its way to the group function: order (none where it is sorted already), payload,
 * row, each filled up to 8 bytes. */
struct group_kept {
	uint32_t order, payload, row;
	_Alignas(8) char bytes[];
};

/* A group in a batch: key, filled up, and records. */
struct bundle {
	size_t records; /* bytes */
	uint32_t key;
	_Alignas(8) char bytes[];
};

/* With --sorted: what of a block hangs on the blocks beside it. */
struct edges {
	bool any, several;       /* a key; more than one */
	struct buf first, last;  /* the first and the last key, and where their first rows stand */
	struct place first_place, last_place;
	struct buf head, tail;   /* the records of the first group, and of the last one where that is another */
	struct task_reject **before, **behind; /* where the rejects of groups belong that end at the first row,
	                                          and behind the first group */
};

struct grouping {
	struct run *run;
	const struct group_shape *shape;
	void *tool;
	struct columns key;
	uint64_t without_key;
	/* Batches. */
	struct sorter *sorter;
	bool ahead;                       /* the sorter gave a record that no batch has yet */
	struct view next_key, next_value;
	size_t under_way;                 /* bytes of batches */
	/* --sorted: the group that may go on in the next block. */
	struct group_worker *main;
	bool begun;
	struct buf open_key, open;
	struct place open_place;
	struct out out;
};

struct group_worker {
	struct grouping *all;
	struct group_item item;
	struct buf key;
	struct arena arena;
	struct group_record *records;
	size_t room;
	uint64_t without_key;
	struct edges *edges; /* --sorted: of the block under way */
	_Alignas(16) char scratch[];
};

/* ---- records as bytes ---- */

static size_t filled_up(size_t len) { return (len + 7) & ~(size_t)7; }

static void put_filled(struct buf *to, struct view bytes)
{
	size_t len = filled_up(bytes.len);
	if (!len)
		return;
	char *at = buf_reserve(to, len);
	memset(at + len - 8, 0, 8);
	memcpy(at, bytes.ptr, bytes.len);
	to->len += len;
}

static void put_record(struct buf *to, struct view order, struct view payload, struct view row)
{
	struct group_kept kept = { (uint32_t)order.len, (uint32_t)payload.len, (uint32_t)row.len };
	buf_put(to, view((const char *)&kept, sizeof kept));
	put_filled(to, order);
	put_filled(to, payload);
	put_filled(to, row);
}

static struct view kept_order(const struct group_kept *kept)
{
	return view(kept->bytes, kept->order);
}

static struct view kept_payload(const struct group_kept *kept)
{
	return view(kept->bytes + filled_up(kept->order), kept->payload);
}

/* Its origin and bytes. */
static struct view kept_row(const struct group_kept *kept)
{
	return view(kept->bytes + filled_up(kept->order) + filled_up(kept->payload), kept->row);
}

static size_t kept_size(const struct group_kept *kept)
{
	return sizeof *kept + filled_up(kept->order) + filled_up(kept->payload) + filled_up(kept->row);
}

/* ---- a group ---- */

static struct view order_of_item(const struct order_item *item)
{
	return kept_order(item->what);
}

static void sort_records(struct group_record *records, size_t count)
{
	struct order_item *items = heap_alloc(count * sizeof *items);
	for (size_t i = 0; i < count; i++)
		items[i].what = records[i].kept;
	order_sort(items, count, order_of_item);
	for (size_t i = 0; i < count; i++)
		records[i].kept = items[i].what;
	free(items);
}

/* Takes the records out of their bytes; returns how many there are. */
static size_t unpack(struct group_worker *worker, struct view bytes)
{
	size_t count = 0;
	bool in_order = true;
	for (size_t at = 0; at < bytes.len; at += kept_size(worker->records[count - 1].kept)) {
		const struct group_kept *kept = (const struct group_kept *)(const void *)(bytes.ptr + at);
		heap_grow(worker->records, count, &worker->room);
		worker->records[count].kept = kept;
		in_order = in_order && (!count || view_compare(kept_order(worker->records[count - 1].kept), kept_order(kept)) <= 0);
		count++;
	}
	if (!in_order)
		sort_records(worker->records, count);
	for (size_t i = 0; i < count; i++) {
		worker->records[i].payload = kept_payload(worker->records[i].kept);
		worker->records[i].fate = FATE_USED;
	}
	return count;
}

/* `key` as it stands in the sort key. */
static void do_group(struct group_worker *worker, struct task *task, struct out *out, struct view key, struct view bytes)
{
	struct grouping *all = worker->all;
	size_t count = unpack(worker, bytes);
	if (!count)
		return;
	if (all->shape->key || all->key.count == 1)
		key = key_take(&key, &worker->arena);
	struct group group = { key, worker->records, count, &worker->arena, out, task };
	size_t written = out->bytes.len;
	uint64_t rows = out->rows;
	all->shape->group(all->tool, worker->scratch, &group);
	for (size_t i = 0; i < count; i++) {
		task->counts.fates[FATE_USED]--; /* as which its row was counted, maybe by another task */
		task->counts.fates[worker->records[i].fate]++;
	}
	if (task->fatal) {
		out->bytes.len = out->row_start = written;
		out->fields = 0;
		out->rows = rows;
	}
	arena_reset(&worker->arena);
}

struct view group_row(const struct group_record *record)
{
	return view_skip(kept_row(record->kept), sizeof(struct origin));
}

void group_reject(struct group *group, struct group_record *record, unsigned column, const char *code,
                  const char *format, ...)
{
	struct origin origin;
	memcpy(&origin, kept_row(record->kept).ptr, sizeof origin);
	struct place place = { origin.file, origin.line, column == COLUMN_NONE ? 0 : column + 1 };
	va_list args;
	va_start(args, format);
	task_reject(group->task, place, group_row(record), code, format, args);
	va_end(args);
	record->fate = FATE_REJECTED;
}

void group_fatal(struct group *group, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	task_fatal(group->task, (struct place){ 0 }, format, args);
	va_end(args);
}

/* ---- a row ---- */

static void open_worker(const void *arg, void *memory)
{
	struct group_worker *worker = memory;
	worker->all = (struct grouping *)(uintptr_t)arg;
	if (worker->all->shape->open)
		worker->all->shape->open(worker->all->tool, worker->scratch);
}

static void close_worker(void *arg, void *memory)
{
	struct grouping *all = arg;
	struct group_worker *worker = memory;
	if (all->shape->close)
		all->shape->close(all->tool, worker->scratch);
	all->without_key += worker->without_key;
	buf_release(&worker->item.order);
	buf_release(&worker->item.payload);
	buf_release(&worker->key);
	arena_release(&worker->arena);
	free(worker->records);
}

static void *new_worker(void *arg)
{
	const struct grouping *all = arg;
	size_t size = sizeof(struct group_worker) + all->shape->scratch;
	struct group_worker *worker = heap_alloc(size);
	memset(worker, 0, size);
	open_worker(arg, worker);
	return worker;
}

static void free_worker(void *arg, void *worker)
{
	close_worker(arg, worker);
	free(worker);
}

/* Begins the item: its order begins with the key.  Returns the key as it stands in the row. */
static struct view begin_item(struct group_worker *worker, const struct row *row)
{
	const struct grouping *all = worker->all;
	struct group_item *item = &worker->item;
	struct head head = { 0 };
	struct view key = all->shape->key ? all->shape->key(all->tool, worker->scratch, row)
	                                  : key_of_row(row, &all->key, &worker->key);
	buf_reset(&item->order);
	if (all->shape->key || all->key.count == 1)
		key_put(&item->order, key);
	else
		buf_put(&item->order, key);
	buf_reset(&item->payload);
	buf_put(&item->payload, view((const char *)&head, sizeof head));
	return key;
}

/* Lets the tool fill the item, and adds the row to it where rows are kept. */
static enum fate fill_item(struct group_worker *worker, struct view key, const struct row *row, struct task *task)
{
	const struct grouping *all = worker->all;
	struct group_item *item = &worker->item;
	struct head head = { .key = (uint32_t)item->order.len };
	if (!all->shape->keep_missing && !key_is_whole(row, &all->key, key)) {
		worker->without_key++;
		return FATE_LEFT_OUT;
	}
	enum fate fate = all->shape->row(all->tool, worker->scratch, row, item, task);
	head.payload = (uint32_t)(item->payload.len - sizeof head);
	memcpy(item->payload.ptr, &head, sizeof head);
	if (fate == FATE_USED && all->shape->keep_rows) {
		struct origin origin = { row->file, row->line };
		buf_put(&item->payload, view((const char *)&origin, sizeof origin));
		buf_put(&item->payload, row_record(row));
	}
	return fate;
}

/* Takes apart what fill_item() or the sorter gives. */
static struct head take_apart(struct view value, struct view *payload, struct view *row)
{
	struct head head;
	memcpy(&head, value.ptr, sizeof head);
	value = view_skip(value, sizeof head);
	*payload = view_first(value, head.payload);
	*row = view_skip(value, head.payload);
	return head;
}

/* ---- without a promise: sort, then batches of whole groups ---- */

static enum fate sort_row(const void *arg, void *memory, const struct row *row, struct sort_block *block,
                          struct task *task)
{
	struct group_worker *worker = memory;
	(void)arg;
	struct view key = begin_item(worker, row);
	enum fate fate = fill_item(worker, key, row, task);
	if (fate == FATE_USED)
		sort_emit(block, buf_view(&worker->item.order), buf_view(&worker->item.payload));
	return fate;
}

static struct bundle *bundle_at(const struct buf *batch, size_t at)
{
	return (struct bundle *)(void *)(batch->ptr + at);
}

static struct view bundle_key(const struct bundle *bundle)
{
	return view(bundle->bytes, bundle->key);
}

/* The next groups until there are enough.  A group is not cut. */
static enum reader_result fill_batch(void *arg, struct task *task, bool wait)
{
	struct grouping *all = arg;
	struct buf *batch = &task->block.data;
	size_t at = 0;
	if (all->under_way > all->run->memory && !wait)
		return READER_WAIT; /* large groups: no more of them at once */
	buf_reset(batch);
	while (all->ahead || sorter_next(all->sorter, &all->next_key, &all->next_value)) {
		struct view payload, row;
		struct head head = take_apart(all->next_value, &payload, &row);
		struct view key = view_first(all->next_key, head.key);
		all->ahead = true;
		if (!batch->len || !view_equal(key, bundle_key(bundle_at(batch, at)))) {
			if (batch->len >= BATCH)
				break;
			struct bundle bundle = { .key = head.key };
			at = batch->len;
			buf_put(batch, view((const char *)&bundle, sizeof bundle));
			put_filled(batch, key);
		}
		size_t before = batch->len;
		put_record(batch, VIEW(""), payload, row);
		bundle_at(batch, at)->records += batch->len - before;
		if (bundle_at(batch, at)->records > all->run->memory)
			die(STATUS_INPUT, "the rows of one key do not fit into --memory; more is wanted");
		all->ahead = false;
	}
	all->under_way += batch->len;
	return batch->len ? READER_MORE : READER_END;
}

static void do_batch(void *arg, void *worker, struct task *task)
{
	(void)arg;
	const struct buf *batch = &task->block.data;
	for (size_t at = 0; at < batch->len && !task->fatal;) {
		const struct bundle *bundle = bundle_at(batch, at);
		at += sizeof *bundle + filled_up(bundle->key);
		do_group(worker, task, &task->out, bundle_key(bundle), view(batch->ptr + at, bundle->records));
		at += bundle->records;
	}
}

static void end_batch(void *arg, struct task *task)
{
	struct grouping *all = arg;
	run_write(all->run, &task->out);
	all->under_way -= task->block.data.len;
	if (task->block.data.cap > 4 * BATCH) {
		buf_release(&task->block.data);
		task->block.data = (struct buf){ 0 };
	}
}

static void group_unsorted(struct grouping *all)
{
	struct sort_shape sorting = { .row = sort_row, .open = open_worker, .close = close_worker,
		.scratch = sizeof(struct group_worker) + all->shape->scratch };
	struct work batches = { .shape = all, .open = new_worker, .close = free_worker, .fill = fill_batch,
		.block = do_batch, .turn = end_batch };
	all->sorter = sorter_new(all->run);
	sorter_read(all->sorter, &sorting, all);
	work_run(all->run, &batches);
	sorter_free(all->sorter);
}

/* ---- with a promise ---- */

static void copy_key(struct buf *to, struct view key)
{
	buf_reset(to);
	buf_put(to, key);
}

static void refuse(struct task *task, struct place place, const char *format, ...) PRINTF(3, 4);

static void refuse(struct task *task, struct place place, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	task_fatal(task, place, format, args);
	va_end(args);
}

static void refuse_order(struct task *task, struct place place)
{
	refuse(task, place, "out of order: this row's key comes before that of the row above, and %s was given",
	       "--sorted");
}

static void refuse_size(struct task *task, struct place place)
{
	refuse(task, place, "the rows of one key do not fit into --memory; more is wanted");
}

/* The group under way ends: the first one of a block waits for its turn. */
static void end_group(struct group_worker *worker, struct task *task)
{
	struct edges *edges = worker->edges;
	if (!edges->several)
		edges->behind = task->rejects_end;
	else if (edges->tail.len > worker->all->run->memory)
		refuse_size(task, edges->last_place);
	else
		do_group(worker, task, &task->out, buf_view(&edges->last), buf_view(&edges->tail));
	edges->several = true;
	buf_reset(&edges->tail);
}

/* The row's key against that of the row before; false where the program ends. */
static bool follow_key(struct group_worker *worker, struct task *task, const struct row *row)
{
	struct edges *edges = worker->edges;
	struct view key = buf_view(&worker->item.order);
	int order = edges->any ? view_compare(key, buf_view(&edges->last)) : 1;
	struct place place = { row->file, row->line, 0 };
	if (order < 0) {
		refuse_order(task, place);
		return false;
	}
	if (order == 0)
		return true;
	if (edges->any) {
		end_group(worker, task);
	} else {
		edges->any = true;
		edges->before = task->rejects_end;
		edges->first_place = place;
		copy_key(&edges->first, key);
	}
	edges->last_place = place;
	copy_key(&edges->last, key);
	return !task->fatal;
}

static enum fate promised_row(void *arg, struct task *task, const struct row *row)
{
	struct group_worker *worker = arg;
	struct edges *edges = worker->edges;
	struct view key = begin_item(worker, row), payload, kept;
	if (!follow_key(worker, task, row))
		return FATE_REJECTED;
	enum fate fate = fill_item(worker, key, row, task);
	if (fate != FATE_USED)
		return fate;
	struct head head = take_apart(buf_view(&worker->item.payload), &payload, &kept);
	struct buf *records = edges->several ? &edges->tail : &edges->head;
	put_record(records, view_skip(buf_view(&worker->item.order), head.key), payload, kept);
	return FATE_USED;
}

static void do_promised(void *arg, void *state, struct task *task)
{
	struct group_worker *worker = state;
	(void)arg;
	struct edges *edges = worker->edges = heap_alloc(sizeof *edges);
	*edges = (struct edges){ 0 };
	task_rows(task, promised_row, worker);
	task->result = edges;
}

/* Does the group that waited.  Its rejects come to stand at `at`; returns the place behind
 * them.  Where it ends the program, those behind it are void. */
static struct task_reject **end_open(struct grouping *all, struct task *task, struct task_reject **at)
{
	struct task_reject *rest = *at, **end = task->rejects_end;
	*at = NULL;
	task->rejects_end = at;
	if (all->open.len > all->run->memory)
		refuse_size(task, all->open_place);
	else
		do_group(all->main, task, &all->out, buf_view(&all->open_key), buf_view(&all->open));
	buf_reset(&all->open);
	at = task->rejects_end;
	if (rest && !task->fatal) {
		*at = rest;
		task->rejects_end = end;
	}
	return at;
}

/* Another group waits from now on. */
static void begin_open(struct grouping *all, struct view key, struct place place)
{
	copy_key(&all->open_key, key);
	all->open_place = place;
	all->begun = true;
}

static void join_edges(struct grouping *all, struct task *task, struct edges *edges)
{
	int order = all->begun ? view_compare(buf_view(&edges->first), buf_view(&all->open_key)) : 1;
	if (order < 0) {
		*edges->before = NULL;
		task->rejects_end = edges->before;
		refuse_order(task, edges->first_place);
		return;
	}
	if (order > 0) {
		struct task_reject **behind = end_open(all, task, edges->before);
		if (task->fatal)
			return;
		if (edges->behind == edges->before)
			edges->behind = behind;
		begin_open(all, buf_view(&edges->first), edges->first_place);
	}
	buf_put(&all->open, buf_view(&edges->head));
	if (all->open.len > all->run->memory) {
		refuse_size(task, all->open_place);
	} else if (edges->several) {
		end_open(all, task, edges->behind);
		begin_open(all, buf_view(&edges->last), edges->last_place);
		buf_put(&all->open, buf_view(&edges->tail));
	}
}

static void join_block(void *arg, struct task *task)
{
	struct grouping *all = arg;
	struct edges *edges = task->result;
	const char *fatal = task->fatal; /* behind all that is joined here */
	task->fatal = NULL;
	if (edges->any)
		join_edges(all, task, edges);
	if (task->fatal)
		out_reset(&task->out);
	else
		task->fatal = fatal;
	run_write(all->run, &all->out);
	buf_release(&edges->first);
	buf_release(&edges->last);
	buf_release(&edges->head);
	buf_release(&edges->tail);
	free(edges);
	task->result = NULL;
}

/* The group at the end of the input. */
static void end_input(struct grouping *all)
{
	struct task task = { 0 };
	task_reset(&task);
	end_open(all, &task, &task.rejects);
	task_count(all->run, &task);
	run_write(all->run, &all->out);
	if (task.fatal)
		die_at(STATUS_INPUT, task.fatal_place, "%s", task.fatal);
	task_release(&task);
}

static void group_sorted(struct grouping *all)
{
	struct work work = { .shape = all, .open = new_worker, .close = free_worker, .block = do_promised,
		.join = join_block };
	all->main = new_worker(all);
	out_init(&all->out, all->run->out_dialect);
	work_run(all->run, &work);
	end_input(all);
	free_worker(all, all->main);
	buf_release(&all->open_key);
	buf_release(&all->open);
	buf_release(&all->out.bytes);
}

void engine_group(struct run *run, const struct group_shape *shape, void *tool, struct columns key, bool sorted)
{
	struct grouping all = { .run = run, .shape = shape, .tool = tool, .key = key };
	if (sorted)
		group_sorted(&all);
	else
		group_unsorted(&all);
	if (all.without_key)
		run_note(run, "rows without a key: %llu", (unsigned long long)all.without_key);
}
