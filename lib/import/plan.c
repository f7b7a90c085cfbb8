/* plan: see plan.h. */
#include "import/plan.h"

#include <stdlib.h>

static struct plan_column *add(struct arena *arena, struct plan *plan, struct view name,
                               const struct model_column *model)
{
	if (plan->count == plan->room) {
		struct plan_column *old = plan->columns;
		plan->room = plan->room ? plan->room * 2 : 64;
		plan->columns = arena_zero(arena, plan->room, sizeof *plan->columns);
		if (plan->count)
			memcpy(plan->columns, old, plan->count * sizeof *old);
	}
	plan->columns[plan->count] = (struct plan_column){ .name = name, .model = model,
		.role = model ? PLAN_CELL : PLAN_OTHER, .width = 1, .plausible = plausible_of(model) };
	return &plan->columns[plan->count++];
}

/* ---- columns of the model ---- */

static bool any_has(const struct layout *const *layouts, size_t files, const struct model_column *column)
{
	for (size_t f = 0; f < files; f++)
		for (size_t i = 0; i < layouts[f]->count; i++)
			if (layouts[f]->heads[i].column == column)
				return true;
	return false;
}

/* The last column of what is pooled with this one: mobile to tel, x_min to x_max. */
static size_t pool_end(const struct model_table *table, size_t first)
{
	struct view name = table->columns[first].name;
	size_t end = first + 1;
	if (table->columns[first].type == MODEL_PHONE && view_ends(name, VIEW("mobile")))
		while (end < table->count && table->columns[end].type == MODEL_PHONE && end - first < PLAN_PHONES_MOST)
			end++;
	if (table->columns[first].type == MODEL_MONEY && view_ends(name, VIEW("_min")))
		end++;
	return end;
}

static void add_pool(struct arena *arena, struct plan *plan, const struct model_table *table, size_t first, size_t end)
{
	for (size_t i = first; i < end; i++) {
		struct plan_column *column = add(arena, plan, table->columns[i].name, &table->columns[i]);
		if (i > first)
			column->role = PLAN_FOLLOWS;
		else if (end - first > 1)
			column->role = column->model->type == MODEL_PHONE ? PLAN_PHONES : PLAN_RANGE;
		column->width = (unsigned)(end - i);
	}
}

/* The table's names of channels, each with the two levels that are made of it. */
static void add_channel(struct arena *arena, struct plan *plan, const struct model_column *column)
{
	static const struct view levels[] = { VIEW("channel"), VIEW("channel2") };
	size_t first = plan->count;
	add(arena, plan, column->name, column);
	for (size_t i = view_equal(column->name, levels[0]); i < 2; i++)
		add(arena, plan, levels[i], model_column(model_any(), levels[i]))->role = PLAN_FOLLOWS;
	plan->columns[first].role = PLAN_CHANNEL;
	plan->columns[first].width = (unsigned)(plan->count - first);
}

static bool is_own(const struct model_column *column)
{
	return column->type == MODEL_SERIAL || view_starts(column->name, VIEW("src_")) || view_is(column->name, "issues");
}

/* SIZE_MAX where it is not written: row numbers, and what import makes anew. */
static size_t planned(const struct plan *plan, const struct model_column *column)
{
	for (size_t i = 0; i < plan->count && plan->columns[i].model; i++)
		if (plan->columns[i].model == column)
			return i;
	return SIZE_MAX;
}

/* The columns first..end of a table that any file has, whole pools at a time. */
static void add_table(struct arena *arena, struct plan *plan, const struct layout *const *layouts,
                      const struct model_table *table, size_t first, size_t last)
{
	for (size_t end; first < last; first = end) {
		bool there = false;
		end = pool_end(table, first);
		for (size_t i = first; i < end; i++)
			there |= any_has(layouts, plan->files, &table->columns[i]);
		if (!there || is_own(&table->columns[first]) || planned(plan, &table->columns[first]) != SIZE_MAX)
			continue;
		if (plan->channels && table->columns[first].type == MODEL_CHANNEL && table != model_any())
			add_channel(arena, plan, &table->columns[first]);
		else
			add_pool(arena, plan, table, first, end);
	}
}

/* Ids of the person go before the table's own columns, remarks behind them. */
static void add_known(struct arena *arena, struct plan *plan, const struct layout *const *layouts)
{
	const struct model_table *any = model_any();
	size_t ids = 0;
	while (ids < any->count && (any->columns[ids].type == MODEL_ID || any->columns[ids].type == MODEL_SERIAL))
		ids++;
	add_table(arena, plan, layouts, any, 0, ids);
	add_table(arena, plan, layouts, plan->table, 0, plan->table->count);
	add_table(arena, plan, layouts, any, ids, any->count);
	for (size_t i = 0; i < plan->count; i++)
		plan->has_who |= (plan->columns[i].model->marks & MODEL_WHO) != 0;
}

/* ---- columns that it does not know ---- */

/* Names in use, and the number that each would get next. */
struct used {
	struct intern names;
	unsigned *next;
	size_t room;
};

static bool use(struct used *used, struct view name, size_t *at)
{
	bool added = intern_add(&used->names, name, at);
	if (added) {
		heap_grow(used->next, *at, &used->room);
		used->next[*at] = 2;
	}
	return added;
}

/* The name, or with _2, _3, ... the first that is not in use. */
static struct view unused(struct arena *arena, struct used *used, struct view name)
{
	size_t first, at;
	struct view try = name;
	if (use(used, name, &first))
		return name;
	do
		try = view_of(arena_printf(arena, "%.*s_%u", VIEW_ARGS(name), used->next[first]++));
	while (!use(used, try, &at));
	return try;
}

static void used_init(struct used *used, struct arena *arena)
{
	*used = (struct used){ .room = 0 };
	intern_init(&used->names, arena);
}

static void used_release(struct used *used)
{
	intern_release(&used->names);
	free(used->next);
}

/* The same unknown header of several files is one column, its n-th occurrence the n-th. */
static void add_unknown(struct arena *arena, struct plan *plan, const struct layout *const *layouts, size_t **at)
{
	static const char *const own[] = { "src_file", "src_line", "issues" };
	struct used names;
	struct intern headers;
	size_t *column_of = NULL, room = 0, at_name;
	used_init(&names, arena);
	intern_init(&headers, arena);
	for (size_t i = 0; i < plan->count; i++)
		use(&names, plan->columns[i].name, &at_name);
	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		use(&names, view_of(own[i]), &at_name);
	for (size_t f = 0; f < plan->files; f++) {
		struct used here;
		used_init(&here, arena);
		for (size_t i = 0; i < layouts[f]->count; i++) {
			const struct head *head = &layouts[f]->heads[i];
			size_t header;
			if (head->column)
				continue;
			struct view shown = head->shown.len ? head->shown : VIEW("column");
			struct view key = unused(arena, &here, shown);
			if (intern_add(&headers, key, &header)) {
				heap_grow(column_of, header, &room);
				column_of[header] = plan->count;
				add(arena, plan, unused(arena, &names, key), NULL);
			}
			at[f][i] = column_of[header];
		}
		used_release(&here);
	}
	free(column_of);
	intern_release(&headers);
	used_release(&names);
}

/* ---- sources ---- */

static void add_source(struct arena *arena, struct plan_source *source, size_t field, struct unit unit)
{
	unsigned *at = arena_zero(arena, source->count + 1u, sizeof *at);
	if (source->count)
		memcpy(at, source->at, source->count * sizeof *at);
	else
		source->unit = unit;
	at[source->count++] = (unsigned)field;
	source->at = at;
}

/* The first of several. */
static void join_source(struct plan_source *source, size_t field)
{
	if (!source->joined)
		source->join = (unsigned)field;
	source->joined = true;
}

struct plan plan_make(struct arena *arena, const struct model_table *table, const struct layout *const *layouts,
                      size_t files, bool channels)
{
	/* The map of channels holds names of both levels already. */
	struct plan plan = { .table = table, .files = files, .channels = channels && !view_is(table->name, "channel_map") };
	size_t **at = arena_zero(arena, files + 1, sizeof *at);
	for (size_t f = 0; f < files; f++)
		at[f] = arena_zero(arena, layouts[f]->count + 1, sizeof **at);
	plan.sources = arena_zero(arena, files + 1, sizeof *plan.sources);
	add_known(arena, &plan, layouts);
	add_unknown(arena, &plan, layouts, at);
	for (size_t f = 0; f < files; f++) {
		plan.sources[f] = arena_zero(arena, plan.count + 1, sizeof **plan.sources);
		for (size_t i = 0; i < layouts[f]->count; i++) {
			const struct head *head = &layouts[f]->heads[i];
			size_t column = head->column ? planned(&plan, head->column) : at[f][i];
			if (column != SIZE_MAX)
				add_source(arena, &plan.sources[f][column], i, head->unit);
			if (head->joins)
				join_source(&plan.sources[f][planned(&plan, head->joins)], i);
		}
	}
	return plan;
}

bool plan_keep(struct arena *arena, struct plan *plan, size_t column)
{
	struct view name = view_of(arena_printf(arena, "raw_%.*s", VIEW_ARGS(plan->columns[column].name)));
	for (size_t i = 0; i < plan->count; i++)
		if (view_equal(plan->columns[i].name, name))
			return false;
	plan->columns[column].raw = name;
	plan->keeps = true;
	return true;
}
