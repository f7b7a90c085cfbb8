/* load: see load.h. */
#include "engine/load.h"

#include <stdlib.h>

struct loaded *loaded_new(const struct header *header, const struct columns *columns)
{
	struct loaded *loaded = heap_alloc(sizeof *loaded);
	*loaded = (struct loaded){ .file = header->file };
	struct arena *arena = &loaded->names;
	loaded->columns.count = columns->count;
	loaded->columns.at = arena_zero(arena, columns->count + 1, sizeof *columns->at);
	struct header *kept = loaded->header = arena_zero(arena, 1, sizeof *kept);
	*kept = (struct header){ .count = columns->count, .dialect = header->dialect, .file = header->file };
	kept->names = arena_zero(arena, columns->count, sizeof *kept->names);
	kept->raw = header->raw ? arena_zero(arena, columns->count, sizeof *kept->raw) : NULL;
	for (unsigned i = 0; i < columns->count; i++) {
		loaded->columns.at[i] = columns->at[i];
		kept->names[i] = arena_copy(arena, header->names[columns->at[i]]);
		if (kept->raw)
			kept->raw[i] = arena_copy(arena, header->raw[columns->at[i]]);
	}
	return loaded;
}

/* Packs the row's values; the row behind this one begins aligned. */
static void pack(struct buf *to, const struct row *row, const struct columns *columns)
{
	size_t head = sizeof(struct loaded_row) + columns->count * sizeof(uint32_t);
	struct loaded_row fixed = { row->line, row->file };
	size_t start = to->len;
	buf_reserve(to, head);
	memcpy(to->ptr + start, &fixed, sizeof fixed);
	to->len += head;
	for (unsigned i = 0; i < columns->count; i++) {
		buf_put(to, row_value(row, columns->at[i]));
		uint32_t end = (uint32_t)(to->len - start - head);
		memcpy(to->ptr + start + sizeof fixed + i * sizeof end, &end, sizeof end);
	}
	while ((to->len - start) % _Alignof(struct loaded_row))
		buf_byte(to, '\0');
}

static void keep_row(struct run *run, struct loaded *loaded, struct view packed)
{
	heap_grow(loaded->rows, loaded->count, &loaded->room);
	void *copy = arena_alloc(&loaded->arena, packed.len);
	memcpy(copy, packed.ptr, packed.len);
	loaded->rows[loaded->count++] = copy;
	loaded->bytes = loaded->arena.total + loaded->room * sizeof *loaded->rows;
	if (loaded->bytes > run->memory)
		die(STATUS_INPUT, "%s: does not fit into --memory; more is wanted, or sorted input where the tool "
		    "has --sorted", loaded->file);
}

void loaded_put(struct run *run, struct loaded *loaded, const struct row *row)
{
	buf_reset(&loaded->packed);
	pack(&loaded->packed, row, &loaded->columns);
	keep_row(run, loaded, buf_view(&loaded->packed));
}

void loaded_clear(struct loaded *loaded)
{
	arena_reset(&loaded->arena);
	loaded->count = 0;
}

static struct columns all_columns(struct arena *arena, const struct header *header)
{
	return columns_resolve(arena, header, "*", "*");
}

static void load_block_beside(struct run *run, struct loaded *loaded, struct block *block, struct arena *values)
{
	struct rows rows;
	struct row row;
	enum row_problem problem;
	block_say(block);
	rows_begin(&rows, block, values);
	rows.utf8 = run_strict(run, "utf8");
	while ((problem = rows_next(&rows, &row)) != ROW_NONE) {
		row.file = loaded->file; /* lives as long as the program; the reader does not */
		if (problem == ROW_GOOD)
			loaded_put(run, loaded, &row);
		else
			row_refuse(&row, problem, rows.fields, block->header->count);
	}
}

struct loaded *load_reader(struct run *run, struct reader *reader, const struct columns *columns)
{
	struct loaded *loaded = loaded_new(reader_header(reader), columns);
	struct block block = { 0 };
	struct arena values = { 0 };
	while (reader_next(reader, &block, true) == READER_MORE)
		load_block_beside(run, loaded, &block, &values);
	arena_release(&values);
	block_release(&block);
	return loaded;
}

struct loaded *load_table(struct run *run, const char *file, const char *columns_text)
{
	struct reader *reader = run_open_table(run, file);
	const struct header *header = reader_header(reader);
	struct arena arena = { 0 };
	struct columns columns = columns_text ? columns_resolve(&arena, header, file, columns_text)
	                                      : all_columns(&arena, header);
	struct loaded *loaded = load_reader(run, reader, &columns);
	arena_release(&arena);
	reader_close(reader);
	return loaded;
}

/* ---- the run's own input ---- */

struct load_work {
	struct run *run;
	struct loaded *loaded;
	enum fate (*each)(const void *tool, const struct row *row, struct task *task);
	const void *tool;
};

static enum fate load_row(void *arg, struct task *task, const struct row *row)
{
	struct load_work *all = arg;
	enum fate fate = all->each ? all->each(all->tool, row, task) : FATE_USED;
	if (fate == FATE_USED)
		pack(&task->out.bytes, row, &all->loaded->columns);
	return fate;
}

static void load_block(void *arg, void *worker, struct task *task)
{
	(void)worker;
	task_rows(task, load_row, arg);
}

static void load_turn(void *arg, struct task *task)
{
	struct load_work *all = arg;
	struct view rest = buf_view(&task->out.bytes);
	while (rest.len) {
		const struct loaded_row *row = (const struct loaded_row *)(const void *)rest.ptr;
		unsigned count = all->loaded->columns.count;
		size_t len = sizeof *row + count * sizeof(uint32_t) + (count ? row->ends[count - 1] : 0);
		len = (len + _Alignof(struct loaded_row) - 1) & ~(_Alignof(struct loaded_row) - 1);
		keep_row(all->run, all->loaded, view_first(rest, len));
		rest = view_skip(rest, len);
	}
}

struct loaded *load_input(struct run *run, enum fate (*each)(const void *tool, const struct row *row, struct task *task),
                          const void *tool)
{
	const struct header *header = reader_header(run->reader);
	struct columns columns = all_columns(&run->arena, header);
	struct loaded *loaded = loaded_new(header, &columns);
	struct load_work all = { run, loaded, each, tool };
	struct work work = { .shape = &all, .block = load_block, .turn = load_turn };
	work_run(run, &work);
	return loaded;
}

void loaded_free(struct loaded *loaded)
{
	if (!loaded)
		return;
	arena_release(&loaded->arena);
	arena_release(&loaded->names);
	buf_release(&loaded->packed);
	free(loaded->rows);
	free(loaded);
}
