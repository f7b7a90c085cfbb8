/* load: see load.h. */
#include "engine/load.h"

#include <stdlib.h>

static struct header *keep_header(struct loaded *loaded, const struct header *header, const struct columns *columns)
{
	struct header *kept = arena_zero(&loaded->arena, 1, sizeof *kept);
	kept->count = columns->count;
	kept->dialect = header->dialect;
	kept->file = header->file;
	kept->names = arena_zero(&loaded->arena, columns->count, sizeof *kept->names);
	kept->raw = header->raw ? arena_zero(&loaded->arena, columns->count, sizeof *kept->raw) : NULL;
	for (unsigned i = 0; i < columns->count; i++) {
		kept->names[i] = arena_copy(&loaded->arena, header->names[columns->at[i]]);
		if (kept->raw)
			kept->raw[i] = arena_copy(&loaded->arena, header->raw[columns->at[i]]);
	}
	return kept;
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

static struct columns all_columns(struct arena *arena, const struct header *header)
{
	return columns_resolve(arena, header, "*", "*");
}

struct loaded *load_table(struct run *run, const char *file, const char *columns_text)
{
	struct reader *reader = run_open_table(run, file);
	const struct header *header = reader_header(reader);
	struct loaded *loaded = heap_alloc(sizeof *loaded);
	*loaded = (struct loaded){ .file = file };
	struct columns columns = columns_text ? columns_resolve(&loaded->arena, header, file, columns_text)
	                                      : all_columns(&loaded->arena, header);
	loaded->header = keep_header(loaded, header, &columns);
	struct block block = { 0 };
	struct arena values = { 0 };
	struct buf packed = { 0 };
	while (reader_next(reader, &block, true) == READER_MORE) {
		struct rows rows;
		struct row row;
		enum row_problem problem;
		rows_begin(&rows, &block, &values);
		while ((problem = rows_next(&rows, &row)) != ROW_NONE) {
			struct place place = { file, row.line, 0 };
			if (problem == ROW_RAGGED)
				die_at(STATUS_INPUT, place, "%u fields, expected %u", rows.fields, header->count);
			if (problem == ROW_BAD_QUOTE)
				die_at(STATUS_INPUT, place, "something other than a delimiter follows a closing quote");
			if (problem == ROW_REPEATED_HEADER)
				continue;
			buf_reset(&packed);
			row.file = file; /* lives as long as the program; the reader does not */
			pack(&packed, &row, &columns);
			keep_row(run, loaded, buf_view(&packed));
		}
	}
	buf_release(&packed);
	arena_release(&values);
	block_release(&block);
	reader_close(reader);
	return loaded;
}

/* ---- the run's own input ---- */

struct load_work {
	struct run *run;
	struct loaded *loaded;
	struct columns columns;
	enum fate (*each)(const void *tool, const struct row *row, struct task *task);
	const void *tool;
};

static enum fate load_row(void *arg, struct task *task, const struct row *row)
{
	struct load_work *all = arg;
	enum fate fate = all->each ? all->each(all->tool, row, task) : FATE_USED;
	if (fate == FATE_USED)
		pack(&task->out.bytes, row, &all->columns);
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
		unsigned count = all->columns.count;
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
	struct loaded *loaded = heap_alloc(sizeof *loaded);
	*loaded = (struct loaded){ .file = header->file };
	struct load_work all = { run, loaded, all_columns(&loaded->arena, header), each, tool };
	loaded->header = keep_header(loaded, header, &all.columns);
	struct work work = { .shape = &all, .block = load_block, .turn = load_turn };
	work_run(run, &work);
	return loaded;
}

void loaded_free(struct loaded *loaded)
{
	if (!loaded)
		return;
	arena_release(&loaded->arena);
	free(loaded->rows);
	free(loaded);
}
