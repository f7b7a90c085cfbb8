/* grid: see grid.h. */
#include "render/grid.h"

#include <stdlib.h>

#include "render/figure.h"

/* Texts numbered in the order of their first appearance: a hash index that only finds, so
 * that its order never shows. */
struct name_list {
	struct arena *arena;
	struct view *keys, *shown;
	size_t count, capacity;
	uint32_t *slots; /* number + 1, or 0; twice as many as capacity */
};

static size_t slot_of(const struct name_list *list, struct view key)
{
	uint64_t hash = 14695981039346656037u; /* FNV-1a */
	for (size_t i = 0; i < key.len; i++)
		hash = (hash ^ (unsigned char)key.ptr[i]) * 1099511628211u;
	size_t mask = 2 * list->capacity - 1, slot = (hash ^ hash >> 32) & mask;
	while (list->slots[slot] && !view_equal(list->keys[list->slots[slot] - 1], key))
		slot = (slot + 1) & mask;
	return slot;
}

static void grow(struct name_list *list)
{
	struct name_list old = *list;
	list->capacity = old.capacity ? 2 * old.capacity : 64;
	list->keys = arena_zero(list->arena, list->capacity, sizeof *list->keys);
	list->shown = arena_zero(list->arena, list->capacity, sizeof *list->shown);
	list->slots = arena_zero(list->arena, 2 * list->capacity, sizeof *list->slots);
	for (size_t i = 0; i < old.count; i++) {
		list->keys[i] = old.keys[i];
		list->shown[i] = old.shown[i];
		list->slots[slot_of(list, old.keys[i])] = (uint32_t)i + 1;
	}
}

static size_t number_of(struct name_list *list, struct view key, struct view shown)
{
	if (list->count == list->capacity)
		grow(list);
	uint32_t *slot = &list->slots[slot_of(list, key)];
	if (!*slot) {
		list->keys[list->count] = key;
		list->shown[list->count] = shown;
		*slot = (uint32_t)++list->count;
	}
	return *slot - 1;
}

static size_t number_of_cell(struct name_list *list, enum doc_unit unit, const struct doc_cell *cell)
{
	struct buf text = { 0 };
	cell_put_shown(&text, unit, cell);
	struct view shown = arena_copy(list->arena, buf_view(&text));
	buf_release(&text);
	bool is_text = cell->present && !doc_is_number(unit);
	return number_of(list, is_text ? cell->id : shown, shown);
}

/* A sum that does not fit stays at the limit: it is a picture, the table has the figures. */
static void add_number(struct grid_number *to, struct grid_number number)
{
	if (!number.present)
		return;
	if (!to->present)
		*to = number;
	else if (__builtin_add_overflow(to->number, number.number, &to->number))
		to->number = number.number < 0 ? INT64_MIN : INT64_MAX;
}

/* Puts a cell's number where it belongs; a second one is added where that makes sense. */
static void add(struct grid *grid, size_t name, size_t series, const struct doc_cell *cell)
{
	struct grid_number *at = &grid->numbers[name * grid->series_count + series];
	if (!at->present || doc_adds(grid->unit))
		add_number(at, (struct grid_number){ cell->number, cell->present });
}

static bool fits(const struct doc_section *section, const struct doc_chart *chart)
{
	unsigned count = section->column_count;
	if (chart->label >= count || chart->value >= count || chart->values > count - chart->value ||
	    (chart->by_series && chart->series >= count))
		return false;
	for (unsigned v = 0; v < chart->values; v++)
		if (!doc_is_number(section->columns[chart->value + v].unit))
			return false;
	return true;
}

static void fill_down(struct arena *arena, struct grid *grid, const struct doc_section *section, const struct doc_chart *chart)
{
	struct name_list names = { .arena = arena }, series = { .arena = arena };
	if (!chart->by_series) { /* every column is a series, also where two have one id */
		series.count = chart->values;
		series.shown = arena_zero(arena, chart->values, sizeof *series.shown);
		for (unsigned v = 0; v < chart->values; v++)
			series.shown[v] = column_shown(&section->columns[chart->value + v]);
	}
	size_t *at = arena_zero(arena, section->row_count, 2 * sizeof *at);
	for (size_t r = 0; r < section->row_count; r++) {
		const struct doc_row *row = &section->rows[r];
		if (row->kind != DOC_PLAIN)
			continue;
		at[2 * r] = number_of_cell(&names, section->columns[chart->label].unit, &row->cells[chart->label]);
		if (chart->by_series)
			at[2 * r + 1] = number_of_cell(&series, section->columns[chart->series].unit,
			                               &row->cells[chart->series]);
	}
	grid->names = names.shown;
	grid->name_count = names.count;
	grid->series = series.shown;
	grid->series_count = series.count;
	grid->numbers = arena_zero(arena, names.count * series.count, sizeof *grid->numbers);
	for (size_t r = 0; r < section->row_count; r++) {
		const struct doc_row *row = &section->rows[r];
		if (row->kind != DOC_PLAIN)
			continue;
		for (unsigned v = 0; v < (chart->by_series ? 1 : chart->values); v++)
			add(grid, at[2 * r], chart->by_series ? at[2 * r + 1] : v, &row->cells[chart->value + v]);
	}
}

static bool is_drawn(const struct doc_section *section, const struct doc_chart *chart, size_t r, bool has_total)
{
	if (chart->kind == CHART_FUNNEL)
		return has_total ? section->rows[r].kind == DOC_TOTAL : r == 0;
	return section->rows[r].kind == DOC_PLAIN;
}

static void fill_across(struct arena *arena, struct grid *grid, const struct doc_section *section, const struct doc_chart *chart)
{
	struct name_list series = { .arena = arena };
	bool has_total = false;
	for (size_t r = 0; r < section->row_count; r++)
		has_total = has_total || section->rows[r].kind == DOC_TOTAL;
	grid->name_count = chart->values;
	grid->names = arena_zero(arena, chart->values, sizeof *grid->names);
	grid->names_label = VIEW("");
	for (unsigned v = 0; v < chart->values; v++)
		grid->names[v] = column_shown(&section->columns[chart->value + v]);
	for (size_t r = 0; r < section->row_count; r++)
		if (is_drawn(section, chart, r, has_total))
			number_of_cell(&series, section->columns[chart->label].unit, &section->rows[r].cells[chart->label]);
	grid->series = series.shown;
	grid->series_count = series.count;
	grid->numbers = arena_zero(arena, grid->name_count * series.count, sizeof *grid->numbers);
	for (size_t r = 0; r < section->row_count; r++) {
		const struct doc_cell *cells = section->rows[r].cells;
		if (!is_drawn(section, chart, r, has_total))
			continue;
		size_t s = number_of_cell(&series, section->columns[chart->label].unit, &cells[chart->label]);
		for (unsigned v = 0; v < chart->values; v++)
			add(grid, v, s, &cells[chart->value + v]);
	}
}

struct grid grid_of(struct arena *arena, const struct doc_section *section, const struct doc_chart *chart)
{
	struct grid grid = { .unit = DOC_COUNT };
	if (!fits(section, chart))
		return grid;
	grid.unit = section->columns[chart->value].unit;
	grid.names_label = column_shown(&section->columns[chart->label]);
	if (chart->across)
		fill_across(arena, &grid, section, chart);
	else
		fill_down(arena, &grid, section, chart);
	return grid;
}

void grid_limits(const struct grid *grid, int64_t *least, int64_t *most)
{
	bool any = false;
	*least = *most = 0;
	for (size_t i = 0; i < grid->name_count * grid->series_count; i++) {
		const struct grid_number *at = &grid->numbers[i];
		if (!at->present)
			continue;
		*least = !any || at->number < *least ? at->number : *least;
		*most = !any || at->number > *most ? at->number : *most;
		any = true;
	}
}

struct ranked {
	struct grid_number number;
	size_t name;
};

static int by_number(const void *a, const void *b)
{
	const struct ranked *x = a, *y = b;
	if (x->number.present != y->number.present)
		return x->number.present ? -1 : 1;
	if (x->number.number != y->number.number)
		return x->number.number > y->number.number ? -1 : 1;
	return (x->name > y->name) - (x->name < y->name); /* qsort is not stable */
}

static struct ranked *rank(struct arena *arena, const struct grid *grid)
{
	struct ranked *ranked = arena_zero(arena, grid->name_count, sizeof *ranked);
	for (size_t n = 0; n < grid->name_count; n++)
		ranked[n] = (struct ranked){ grid_at(grid, n, 0), n };
	qsort(ranked, grid->name_count, sizeof *ranked, by_number);
	return ranked;
}

static void take(struct arena *arena, struct grid *grid, const size_t *order, size_t count)
{
	size_t row = grid->series_count;
	struct view *names = arena_zero(arena, count, sizeof *names);
	struct grid_number *numbers = arena_zero(arena, count * row, sizeof *numbers);
	for (size_t i = 0; i < count; i++) {
		names[i] = grid->names[order[i]];
		memcpy(numbers + i * row, grid->numbers + order[i] * row, row * sizeof *numbers);
	}
	grid->names = names;
	grid->numbers = numbers;
	grid->name_count = count;
}

void grid_descending(struct arena *arena, struct grid *grid)
{
	if (!grid->series_count || !grid->name_count)
		return;
	struct ranked *ranked = rank(arena, grid);
	size_t *order = arena_zero(arena, grid->name_count, sizeof *order);
	for (size_t i = 0; i < grid->name_count; i++)
		order[i] = ranked[i].name;
	take(arena, grid, order, grid->name_count);
}

void grid_keep_largest(struct arena *arena, struct grid *grid, size_t most)
{
	if (!grid->series_count || grid->name_count <= most)
		return;
	struct ranked *ranked = rank(arena, grid);
	bool *kept = arena_zero(arena, grid->name_count, sizeof *kept);
	for (size_t i = 0; i < most; i++)
		kept[ranked[i].name] = true;
	size_t *order = arena_zero(arena, most, sizeof *order), count = 0;
	for (size_t n = 0; n < grid->name_count; n++)
		if (kept[n])
			order[count++] = n;
	take(arena, grid, order, count);
}

struct total {
	__int128 sum;
	size_t series;
};

static int by_total(const void *a, const void *b)
{
	const struct total *x = a, *y = b;
	if (x->sum != y->sum)
		return x->sum > y->sum ? -1 : 1;
	return (x->series > y->series) - (x->series < y->series);
}

void grid_major_series(struct arena *arena, struct grid *grid, size_t most)
{
	size_t count = grid->series_count, at = 0;
	if (count <= most)
		return;
	struct total *totals = arena_zero(arena, count, sizeof *totals);
	for (size_t s = 0; s < count; s++)
		totals[s].series = s;
	for (size_t i = 0; i < grid->name_count * count; i++)
		totals[i % count].sum += grid->numbers[i].number;
	qsort(totals, count, sizeof *totals, by_total);
	bool *major = arena_zero(arena, count, sizeof *major);
	for (size_t i = 0; i < most; i++)
		major[totals[i].series] = true;
	struct view *series = arena_zero(arena, count, sizeof *series);
	struct grid_number *numbers = arena_zero(arena, grid->name_count * count, sizeof *numbers);
	for (int pass = 0; pass < 2; pass++) {
		for (size_t s = 0; s < count; s++) {
			if (major[s] != (pass == 0))
				continue;
			series[at] = grid->series[s];
			for (size_t n = 0; n < grid->name_count; n++)
				numbers[n * count + at] = grid_at(grid, n, s);
			at++;
		}
	}
	grid->series = series;
	grid->numbers = numbers;
}

void grid_cut_series(struct arena *arena, struct grid *grid, size_t keep, const char *rest)
{
	size_t count = keep + (rest != NULL);
	if (grid->series_count <= keep)
		return;
	struct view *series = arena_zero(arena, count, sizeof *series);
	struct grid_number *numbers = arena_zero(arena, grid->name_count * count, sizeof *numbers);
	memcpy(series, grid->series, keep * sizeof *series);
	if (rest)
		series[keep] = view_of(rest);
	for (size_t n = 0; n < grid->name_count; n++) {
		for (size_t s = 0; s < grid->series_count; s++)
			if (s < keep)
				numbers[n * count + s] = grid_at(grid, n, s);
			else if (rest)
				add_number(&numbers[n * count + keep], grid_at(grid, n, s));
	}
	grid->series = series;
	grid->numbers = numbers;
	grid->series_count = count;
}

struct doc_section *grid_section(struct document *doc, const struct grid *grid, const struct doc_chart *chart)
{
	unsigned count = (unsigned)grid->series_count + 1;
	struct doc_column *columns = arena_zero(doc->arena, count, sizeof *columns);
	columns[0] = (struct doc_column){ .id = grid->names_label, .unit = DOC_TEXT };
	for (unsigned s = 0; s + 1 < count; s++)
		columns[s + 1] = (struct doc_column){ .id = grid->series[s], .unit = grid->unit };
	struct doc_section *section = document_section(doc, chart->title, chart->title, columns, count);
	for (size_t n = 0; n < grid->name_count; n++) {
		struct doc_cell *cells = section_row(section, DOC_PLAIN);
		cells[0] = doc_text(grid->names[n]);
		for (unsigned s = 0; s + 1 < count; s++) {
			struct grid_number at = grid_at(grid, n, s);
			cells[s + 1] = at.present ? doc_number(at.number) : doc_missing();
		}
	}
	return section;
}
