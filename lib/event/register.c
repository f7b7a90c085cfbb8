/* register: see register.h. */
#include "event/register.h"

#include <stdlib.h>

#include "value/text.h"

/* Unknown values that the summary names.  Many that hardly recur are no list of projects or
 * channels but another column's, perhaps people: they are counted only. */
enum { NOTED = 16, FEW = 8, RECURRING = 3 };

static struct view folded(struct view value, struct buf *memory)
{
	buf_reset(memory);
	text_fold(value, memory);
	return view_trim(buf_view(memory));
}

static bool says_the_same(const struct event_register *reg, size_t a, size_t b)
{
	for (unsigned i = 0; i < REGISTER_GIVES; i++)
		if (reg->gives[i] != COLUMN_NONE &&
		    !view_equal(loaded_cell(reg->table, a, reg->gives[i]), loaded_cell(reg->table, b, reg->gives[i])))
			return false;
	return true;
}

static void add_key(struct event_register *reg, size_t row, unsigned column, struct buf *memory)
{
	size_t at;
	struct view key = folded(loaded_cell(reg->table, row, column), memory);
	if (!key.len)
		return;
	if (intern_add(&reg->keys, key, &at)) {
		heap_grow(reg->rows, at, &reg->rows_room);
		reg->rows[at] = row;
	} else if (!says_the_same(reg, reg->rows[at], row)) {
		die_at(STATUS_INPUT, (struct place){ reg->table->file, reg->table->rows[row]->line, column + 1 },
		       "the same %.*s as line %llu, but something else beside it", VIEW_ARGS(reg->table->header->names[column]),
		       (unsigned long long)reg->table->rows[reg->rows[at]]->line);
	}
}

/* `keys` and `gives` end with NULL; the first of each must be there. */
static void load(struct event_register *reg, struct run *run, const char *file, const char *option,
                 const char *const *keys, const char *const *gives)
{
	*reg = (struct event_register){ .table = file ? load_table(run, file, NULL) : NULL };
	if (!file)
		return;
	const struct header *header = reg->table->header;
	struct buf memory = { 0 };
	intern_init(&reg->keys, &reg->table->arena);
	for (unsigned i = 0; i < REGISTER_GIVES; i++)
		reg->gives[i] = COLUMN_NONE;
	for (unsigned i = 0; gives[i]; i++)
		reg->gives[i] = i ? header_find(header, view_of(gives[i])) : header_need(header, view_of(gives[i]), option);
	for (unsigned i = 0; keys[i]; i++) {
		unsigned column = i ? header_find(header, view_of(keys[i])) : header_need(header, view_of(keys[i]), option);
		for (size_t row = 0; column != COLUMN_NONE && row < reg->table->count; row++)
			add_key(reg, row, column, &memory);
	}
	buf_release(&memory);
}

void event_projects_load(struct event_registers *registers, struct run *run, const char *file)
{
	static const char *const keys[] = { "project_id", "name", NULL };
	static const char *const gives[] = { "project_id", "region", "city", NULL };
	load(&registers->projects, run, file, "-t projects", keys, gives);
}

void event_channels_load(struct event_registers *registers, struct run *run, const char *file)
{
	static const char *const keys[] = { "raw", NULL };
	static const char *const gives[] = { "channel", "channel2", NULL };
	load(&registers->channels, run, file, "-t channel_map", keys, gives);
}

static void release(struct event_register *reg)
{
	if (reg->table)
		intern_release(&reg->keys);
	free(reg->rows);
	loaded_free(reg->table);
}

void event_registers_release(struct event_registers *registers, struct run *run)
{
	event_tally_note(&registers->unknown_projects, run, TRANSLATED("projects that the register lacks"));
	event_tally_note(&registers->unknown_channels, run, TRANSLATED("channels that the map lacks"));
	event_tally_release(&registers->unknown_projects);
	event_tally_release(&registers->unknown_channels);
	release(&registers->projects);
	release(&registers->channels);
}

bool event_register_find(const struct event_register *reg, struct view value, struct buf *memory,
                         struct view cells[REGISTER_GIVES])
{
	size_t at = intern_find(&reg->keys, folded(value, memory));
	if (at == SIZE_MAX)
		return false;
	for (unsigned i = 0; i < REGISTER_GIVES; i++)
		cells[i] = reg->gives[i] == COLUMN_NONE ? view("", 0)
		                                        : loaded_cell(reg->table, reg->rows[at], reg->gives[i]);
	return true;
}

/* ---- what is not there ---- */

void event_tally_add(struct event_tally *tally, struct view value, uint64_t count)
{
	size_t at;
	if (!tally->values.arena)
		intern_init(&tally->values, &tally->arena);
	if (intern_add(&tally->values, value, &at)) {
		heap_grow(tally->counts, at, &tally->room);
		tally->counts[at] = 0;
	}
	tally->counts[at] += count;
}

void event_tally_merge(struct event_tally *into, const struct event_tally *from)
{
	for (size_t i = 0; i < from->values.count; i++)
		event_tally_add(into, from->values.keys[i], from->counts[i]);
}

static int by_bytes(const void *a, const void *b, void *arg)
{
	const struct event_tally *tally = arg;
	const size_t *x = a, *y = b;
	return view_compare(tally->values.keys[*x], tally->values.keys[*y]);
}

void event_tally_note(const struct event_tally *tally, struct run *run, const char *what)
{
	size_t count = tally->values.count, *order = heap_alloc((count + 1) * sizeof *order);
	struct buf text = { 0 };
	uint64_t all = 0;
	for (size_t i = 0; i < count; i++) {
		order[i] = i;
		all += tally->counts[i];
	}
	qsort_r(order, count, sizeof *order, by_bytes, (void *)(uintptr_t)tally);
	for (size_t i = 0; i < count && i < NOTED; i++) {
		buf_text(&text, i ? ", " : "");
		buf_put(&text, view_first(tally->values.keys[order[i]], 40));
		buf_printf(&text, " (%llu)", (unsigned long long)tally->counts[order[i]]);
	}
	if (count > FEW && all / count < RECURRING)
		run_note(run, "%s: %zu, in %llu rows: is that the column?", translate(what), count, (unsigned long long)all);
	else if (count)
		run_note(run, "%s: %zu: %s%s", translate(what), count, buf_string(&text), count > NOTED ? ", ..." : "");
	buf_release(&text);
	free(order);
}

void event_tally_release(struct event_tally *tally)
{
	if (tally->values.arena)
		intern_release(&tally->values);
	free(tally->counts);
	arena_release(&tally->arena);
}
