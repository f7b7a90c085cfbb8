/* people: see people.h. */
#include "identity/people.h"

#include <stdlib.h>

#include "value/date.h"

/* One table on its way in. */
struct reading {
	struct people *people;
	const struct people_table *table;
};

void people_init(struct people *people, struct run *run)
{
	people->run = run;
	people->identity = identity_new();
}

void people_release(struct people *people)
{
	identity_free(people->identity);
	for (size_t i = 0; i < people->block_count; i++)
		free(people->blocks[i]);
	free(people->blocks);
	free(people->entries);
}

void entry_cells(const struct entry *entry, size_t count, struct view *cells)
{
	struct view rest = view(entry->texts + entry->line + entry->place, entry->cells);
	for (size_t i = 0; i < count; i++) {
		uint32_t len;
		memcpy(&len, rest.ptr, sizeof len);
		cells[i] = view(rest.ptr + sizeof len, len);
		rest = view_skip(rest, sizeof len + len);
	}
}

static size_t entry_size(const struct entry *entry)
{
	size_t size = sizeof *entry + entry->line + entry->place + entry->cells + entry->order;
	return (size + _Alignof(struct entry) - 1) & ~(_Alignof(struct entry) - 1);
}

/* ---- rows to entries ---- */

struct worker {
	const struct people *people;
	const struct people_table *table;
	struct buf entries, keys; /* keys: a struct identity_keys for each entry */
	struct out out, place;    /* a row, and its place, as they go out */
};

/* What a block hands to its turn. */
struct result {
	char *entries, *keys;
	size_t entries_len, keys_len;
};

/* The row with its two open places. */
static void write_row(struct worker *worker, const struct row *row, uint32_t open[PEOPLE_OPENS])
{
	const struct people_table *table = worker->table;
	struct out *out = &worker->out;
	out_reset(out);
	for (unsigned i = 0; i < row->count; i++) {
		if (i != table->open[PEOPLE_UID] && i != table->open[PEOPLE_RULE]) {
			out_copy(out, row, i);
			continue;
		}
		out_next(out);
		open[i == table->open[PEOPLE_RULE]] = (uint32_t)out->bytes.len;
	}
	for (unsigned i = 0; i < PEOPLE_OPENS; i++) {
		if (table->open[i] != COLUMN_NONE)
			continue;
		out_next(out);
		open[i] = (uint32_t)out->bytes.len;
	}
}

static void put_cell(struct out *out, const struct row *row, unsigned column, struct view otherwise)
{
	out_field(out, column == COLUMN_NONE ? otherwise : row_value(row, column));
}

/* Where the row stands, as two fields: as import says, else as it was read. */
static void put_place(struct out *out, const struct people_table *table, const struct row *row)
{
	put_cell(out, row, table->file, view_of(row->file));
	if (table->line == COLUMN_NONE)
		out_u64(out, row->line);
	else
		out_field(out, row_value(row, table->line));
}

/* A line of the map: table and place, and two open places. */
static void write_map(struct worker *worker, const struct row *row, uint32_t open[PEOPLE_OPENS])
{
	struct out *out = &worker->out;
	out_reset(out);
	out_field(out, view_of(worker->table->name));
	put_place(out, worker->table, row);
	for (unsigned i = 0; i < PEOPLE_OPENS; i++) {
		out_next(out);
		open[i] = (uint32_t)out->bytes.len;
	}
}

static void put_cells(struct worker *worker, const struct row *row)
{
	for (size_t i = 0; i < worker->people->cells; i++) {
		unsigned column = worker->table->golden[i];
		struct view cell = column == COLUMN_NONE ? view(NULL, 0) : row_value(row, column);
		uint32_t len = (uint32_t)cell.len;
		buf_put(&worker->entries, view((const char *)&len, sizeof len));
		buf_put(&worker->entries, cell);
	}
}

/* The whole row, for its rank: the table's name, then the values. */
static void put_order(struct worker *worker, const struct row *row)
{
	key_put(&worker->entries, view_of(worker->table->name));
	for (unsigned i = 0; i < row->count; i++)
		key_put(&worker->entries, row_value(row, i));
}

static void put_keys(struct worker *worker, const struct row *row)
{
	const struct people_table *table = worker->table;
	struct identity_keys keys = { 0 };
	if (table->person != COLUMN_NONE)
		identity_keys_name(&keys, row_value(row, table->person));
	for (unsigned i = 0; i < table->mobiles.count; i++)
		identity_keys_mobile(&keys, row_value(row, table->mobiles.at[i]));
	if (table->cert != COLUMN_NONE)
		identity_keys_cert(&keys, row_value(row, table->cert));
	buf_put(&worker->keys, view((const char *)&keys, sizeof keys));
}

static int64_t when_of(const struct people_table *table, const struct row *row)
{
	int64_t moment;
	if (table->newest == COLUMN_NONE ||
	    moment_parse_plain(row_value(row, table->newest), &moment) == MOMENT_NONE)
		return INT64_MIN;
	return moment;
}

static enum fate each(void *arg, struct task *task, const struct row *row)
{
	struct worker *worker = arg;
	struct entry entry = { .when = when_of(worker->table, row) };
	size_t start = worker->entries.len;
	(void)task;
	buf_put(&worker->entries, view((const char *)&entry, sizeof entry));
	if (worker->table->name)
		write_map(worker, row, entry.open);
	else
		write_row(worker, row, entry.open);
	entry.line = (uint32_t)worker->out.bytes.len;
	buf_put(&worker->entries, buf_view(&worker->out.bytes));
	if (worker->people->places) {
		out_reset(&worker->place);
		put_place(&worker->place, worker->table, row);
		entry.place = (uint32_t)worker->place.bytes.len;
		buf_put(&worker->entries, buf_view(&worker->place.bytes));
	}
	size_t before = worker->entries.len;
	put_cells(worker, row);
	entry.cells = (uint32_t)(worker->entries.len - before);
	before = worker->entries.len;
	if (worker->table->name)
		put_order(worker, row);
	entry.order = (uint32_t)(worker->entries.len - before);
	while ((worker->entries.len - start) % _Alignof(struct entry))
		buf_byte(&worker->entries, '\0');
	memcpy(worker->entries.ptr + start, &entry, sizeof entry);
	put_keys(worker, row);
	return FATE_USED;
}

static void *open_worker(void *shape)
{
	const struct reading *reading = shape;
	struct worker *worker = heap_alloc(sizeof *worker);
	*worker = (struct worker){ .people = reading->people, .table = reading->table };
	out_init(&worker->out, reading->people->run->out_dialect);
	out_init(&worker->place, reading->people->place_dialect);
	return worker;
}

static void close_worker(void *shape, void *state)
{
	struct worker *worker = state;
	(void)shape;
	buf_release(&worker->entries);
	buf_release(&worker->keys);
	buf_release(&worker->out.bytes);
	buf_release(&worker->place.bytes);
	free(worker);
}

static char *copy_of(struct buf *buf, size_t *len)
{
	char *copy = heap_alloc(buf->len + 1);
	memcpy(copy, buf_view(buf).ptr, buf->len);
	*len = buf->len;
	buf_reset(buf);
	return copy;
}

static void do_block(void *shape, void *state, struct task *task)
{
	struct worker *worker = state;
	struct result *result = heap_alloc(sizeof *result);
	(void)shape;
	task_rows(task, each, worker);
	result->entries = copy_of(&worker->entries, &result->entries_len);
	result->keys = copy_of(&worker->keys, &result->keys_len);
	task->result = result;
}

/* The bytes stay where they are; keys go to the identity. */
static void turn(void *shape, struct task *task)
{
	struct people *people = ((struct reading *)shape)->people;
	struct result *result = task->result;
	const char *at = result->entries;
	for (size_t key = 0; key < result->keys_len; key += sizeof(struct identity_keys)) {
		struct entry *entry = (struct entry *)(uintptr_t)at;
		uint32_t number = identity_add(people->identity, (const struct identity_keys *)(const void *)(result->keys + key),
		                               entry_order(entry));
		heap_grow(people->entries, number, &people->entry_room);
		people->entries[number] = entry;
		at += entry_size(entry);
	}
	heap_grow(people->blocks, people->block_count, &people->block_room);
	people->blocks[people->block_count++] = result->entries;
	people->bytes += result->entries_len;
	free(result->keys);
	free(result);
	task->result = NULL;
	size_t bytes = people->bytes + people->entry_room * sizeof *people->entries + identity_bytes(people->identity);
	if (bytes > people->run->memory || identity_count(people->identity) > UINT32_MAX - 2)
		die(STATUS_INPUT, "%s: does not fit into --memory", task->block.file);
}

void people_read(struct people *people, const struct people_table *table)
{
	struct reading reading = { people, table };
	struct work work = { .shape = &reading, .open = open_worker, .close = close_worker, .block = do_block, .turn = turn };
	work_run(people->run, &work);
}
