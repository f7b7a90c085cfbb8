/* grid: the numbers that a chart shows, taken from its section's table.  Room: render.
 *
 * Every kind of chart is drawn from the same thing: names (months, channels, stages) by
 * series, in the order in which the table has them.  See struct doc_chart. */
#ifndef CRM_RENDER_GRID_H
#define CRM_RENDER_GRID_H

#include "base/arena.h"
#include "render/document.h"

struct grid_number {
	int64_t number;
	bool present;
};

struct grid {
	enum doc_unit unit;
	size_t name_count, series_count;
	struct view *names, *series; /* as people see them */
	struct view names_label;     /* what the names are: the column's label */
	struct grid_number *numbers; /* [name * series_count + series] */
};

/* Allocated from the arena.  A chart whose columns are not there gives an empty grid. */
struct grid grid_of(struct arena *arena, const struct doc_section *section, const struct doc_chart *chart);

static inline struct grid_number grid_at(const struct grid *grid, size_t name, size_t series)
{
	return grid->numbers[name * grid->series_count + series];
}

/* Smallest and largest number; both 0 where there is none. */
void grid_limits(const struct grid *grid, int64_t *least, int64_t *most);
/* Names by the first series' number, the largest first; what is missing last; else as they stood. */
void grid_descending(struct arena *arena, struct grid *grid);
/* Keeps the `most` names that are largest in the first series, in the order they stand. */
void grid_keep_largest(struct arena *arena, struct grid *grid, size_t most);
/* The `most` series with the largest totals come first, in the order they stand, then the rest. */
void grid_major_series(struct arena *arena, struct grid *grid, size_t most);
/* Only the first `keep` series stay; with `rest` what the others add up to becomes one more of
 * that name. */
void grid_cut_series(struct arena *arena, struct grid *grid, size_t keep, const char *rest);
/* As a section with one column per series, to be shown as a table. */
struct doc_section *grid_section(struct document *doc, const struct grid *grid, const struct doc_chart *chart);

#endif
