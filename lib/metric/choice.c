/* choice: see choice.h. */
#include "metric/choice.h"

bool choice_has_figure(const struct choice *choice, unsigned metric)
{
	for (unsigned i = 0; i < choice->figure_count; i++)
		if (choice->figures[i].metric == metric)
			return true;
	return false;
}

/* ---- what is counted ---- */

static void want(const struct choice *choice, bool *wanted, unsigned number)
{
	const struct metric *metric = &choice->metrics->metric[number];
	if (metric_is_derived(metric))
		want(choice, wanted, metric->numerator);
	else
		wanted[number] = true;
	if (metric->denominator != METRIC_UNSET)
		want(choice, wanted, metric->denominator);
}

void choice_want(struct choice *choice, struct arena *arena)
{
	bool *wanted = arena_zero(arena, choice->metrics->count, sizeof *wanted);
	for (unsigned t = 0; t < choice->table_count; t++)
		for (unsigned m = 0; m < choice->table[t].metric_count; m++)
			want(choice, wanted, choice->table[t].metrics[m]);
	for (unsigned i = 0; i < choice->figure_count; i++) {
		want(choice, wanted, choice->figures[i].metric);
		if (choice->figures[i].note != METRIC_UNSET)
			want(choice, wanted, choice->figures[i].note);
	}
	choice->count.wanted = wanted;
	choice->count.table_count = choice->table_count;
}

/* ---- tables that are not shown ---- */

/* Keeps table `from` as number `*kept`. */
static void keep(struct choice *choice, unsigned from, unsigned *kept)
{
	choice->table[*kept] = choice->table[from];
	choice->count.table[(*kept)++] = choice->count.table[from];
}

void choice_drop_details(struct choice *choice)
{
	unsigned kept = 0;
	for (unsigned t = 0; t < choice->table_count; t++)
		if (!choice->table[t].line->detail.len)
			keep(choice, t, &kept);
	choice->table_count = choice->count.table_count = kept;
}

void choice_leave_out(struct choice *choice, const struct header *header,
                      bool (*has)(const struct header *header, struct view dimension))
{
	unsigned kept = 0;
	for (unsigned t = 0; t < choice->table_count; t++) {
		const struct count_table *table = &choice->count.table[t];
		bool whole = true;
		for (unsigned d = 0; d < table->by_count; d++)
			whole = whole && has(header, table->by[d]);
		if (whole)
			keep(choice, t, &kept);
		else
			choice->left_out[choice->left_out_count++] = choice->table[t].line;
	}
	choice->table_count = choice->count.table_count = kept;
}

/* ---- shares ---- */

static bool has_share(const struct choice *choice, const struct choice_table *table)
{
	for (unsigned m = 0; m < table->metric_count; m++)
		if (choice->metrics->metric[table->metrics[m]].kind == METRIC_SHARE)
			return true;
	return false;
}

/* A share is shared out over the channels, within the other dimensions; where there is no
 * channel, over the last dimension within those before it. */
static bool is_shared_out(const struct count_table *table, unsigned dimension)
{
	bool channels = false;
	for (unsigned d = 0; d < table->by_count; d++)
		channels |= view_is(table->by[d], "channel") || view_is(table->by[d], "channel2");
	if (!channels)
		return dimension + 1 == table->by_count;
	return view_is(table->by[dimension], "channel") || view_is(table->by[dimension], "channel2");
}

void choice_add_shares(struct choice *choice)
{
	struct count *count = &choice->count;
	for (unsigned t = 0; t < choice->table_count; t++) {
		const struct count_table *table = &count->table[t];
		struct count_table whole = { .by_count = 0 };
		for (unsigned d = 0; d < table->by_count; d++)
			if (!is_shared_out(table, d))
				whole.by[whole.by_count++] = table->by[d];
		choice->table[t].shares = t;
		if (!whole.by_count || !has_share(choice, &choice->table[t]))
			continue;
		choice->table[t].shares = count->table_count;
		count->table[count->table_count++] = whole;
	}
}

static int compare_values(const struct count_cell *cell, const struct view *values, unsigned count)
{
	int order = 0;
	for (unsigned i = 0; i < count && !order; i++)
		order = view_compare(cell->value[i], values[i]);
	return order;
}

const int64_t *choice_whole(const struct choice *choice, unsigned number, const struct count_cell *cell)
{
	const struct count_table *table = &choice->count.table[number];
	unsigned shares = choice->table[number].shares, count = 0;
	const struct count_table *wholes = &choice->count.table[shares];
	struct view values[COUNT_DIMENSIONS];
	if (shares == number)
		return table->total;
	for (unsigned d = 0; d < table->by_count; d++)
		if (!is_shared_out(table, d))
			values[count++] = cell->value[d];
	size_t low = 0, high = wholes->cell_count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;
		if (compare_values(&wholes->cells[middle], values, count) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	/* A whole whose numbers are all 0 is no cell. */
	bool found = low < wholes->cell_count && compare_values(&wholes->cells[low], values, count) == 0;
	return found ? wholes->cells[low].number : cell->number;
}

unsigned choice_lacks(const struct choice *choice, unsigned number)
{
	const struct metric *metric = &choice->metrics->metric[number];
	if (!metric_is_derived(metric))
		return choice->count.unseen[number] ? number : METRIC_UNSET;
	unsigned lacks = choice_lacks(choice, metric->numerator);
	bool both = metric->kind == METRIC_RATIO; /* nothing taken away is 0; by nothing is not */
	return lacks == METRIC_UNSET && both ? choice_lacks(choice, metric->denominator) : lacks;
}
