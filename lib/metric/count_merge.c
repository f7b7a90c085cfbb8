/* count_merge: a count of the lines of partial states; see counting.h, and count.h for the lines.
 *
 * A line is folded as a row of the stream is: it says one thing of one customer, in cells. */
#include "metric/counting.h"

#include "value/date.h"

/* The parts of an item. */
struct thing {
	struct view uid, household, project, day;
};

static struct thing take_thing(struct view item, struct arena *arena)
{
	struct thing thing;
	thing.uid = partial_take(&item, arena);
	thing.household = partial_take(&item, arena);
	thing.project = partial_take(&item, arena);
	thing.day = partial_take(&item, arena);
	return thing;
}

static struct view line_item(const struct counting *all, const struct row *row) { return row_value(row, all->item); }

/* The key of the fold, as counting_key() makes it of a row. */
static struct view merging_key(const void *tool, void *scratch, const struct row *row)
{
	struct view item = line_item(tool, row);
	(void)scratch;
	if (!item.len || !row_value(row, ((const struct counting *)tool)->item - 1).len)
		return view("", 0);
	struct thing thing = take_thing(item, row->arena);
	return thing.household.len ? thing.household : thing.uid;
}

static unsigned counter_of(const struct counting *all, struct view id)
{
	for (unsigned i = 0; i < all->counter_count; i++)
		if (view_equal(all->counter[i].is->id, id))
			return i;
	return METRIC_UNSET;
}

/* ---- lines of the whole run, and what adds up ---- */

static enum fate add_seen(struct counting_worker *worker, const struct row *row, struct view id, struct task *task)
{
	unsigned number = counter_of(worker->all, id);
	if (number == METRIC_UNSET)
		return partial_damaged(worker->all->partial, row, task, PARTIAL_VALUE);
	worker->seen_mask |= counter_bit(number);
	return FATE_MERGED;
}

static enum fate count_rows(struct counting_worker *worker, const struct row *row, const struct partial_line *line,
                            struct task *task)
{
	uint64_t count;
	uint64_t *to = view_is(line->item, "rows") ? &worker->rows : view_is(line->item, "later") ? &worker->later
	             : view_is(line->item, "unknown") ? &worker->unknown : NULL;
	if (view_is(line->item, "seen"))
		return add_seen(worker, row, line->value, task);
	if (!to)
		return partial_damaged(worker->all->partial, row, task, PARTIAL_ITEM);
	if (!view_parse_u64(line->value, 0, UINT64_MAX, &count))
		return partial_damaged(worker->all->partial, row, task, PARTIAL_VALUE);
	*to += count;
	return FATE_MERGED;
}

/* A number of a metric of persons: rows that count for themselves, as nobody's. */
static enum fate add_number(struct counting_worker *worker, const struct row *row, unsigned number,
                            const struct partial_line *line, struct task *task, const uint32_t *cells)
{
	const struct counting *all = worker->all;
	bool persons = all->person_mask & counter_bit(number);
	int64_t amount;
	if (persons && !(all->alone_mask & counter_bit(number)))
		return partial_damaged(all->partial, row, task, PARTIAL_ITEM);
	if (!view_parse_i64(line->value, INT64_MIN, INT64_MAX, &amount) ||
	    (persons && __builtin_add_overflow(worker->alone[number], amount, &worker->alone[number])))
		return partial_damaged(all->partial, row, task, PARTIAL_VALUE);
	return worker_add(worker, row, task, number, amount, cells) == FATE_USED ? FATE_MERGED : FATE_REJECTED;
}

/* ---- what is said of a customer ---- */

static enum fate add_member(struct counting_worker *worker, const struct row *row, unsigned number, struct view day_text,
                            struct view project, const struct partial_line *line, struct task *task,
                            const uint32_t *cells, struct item *item)
{
	const struct counting *all = worker->all;
	uint32_t unused;
	int32_t day = 0;
	if (line->value.len)
		return partial_damaged(all->partial, row, task, PARTIAL_VALUE);
	if (day_text.len && !date_parse_plain(day_text, &day))
		return partial_damaged(all->partial, row, task, PARTIAL_ITEM);
	item->what = worker_what(worker, project, day, &unused);
	return worker_facts(worker, row, task, counter_bit(number), cells, item);
}

/* Of first events at one second the event_id decides, then the place in the input.  Places of
 * several inputs may be the same: then the cell, so that the order of lines does not matter. */
static struct view rank_of(struct counting_worker *worker, const struct row *row, struct view event_id, uint64_t number,
                           struct task *task)
{
	struct buf *rank = &worker->key;
	buf_reset(rank);
	key_put(rank, event_id);
	for (unsigned i = 0; i < 8; i++)
		buf_byte(rank, (char)(unsigned char)(number >> (56 - 8 * i)));
	for (unsigned i = 1; i + 1 < worker->all->item; i++)
		key_put(rank, row_value(row, i));
	return arena_pack(&task->notes, buf_view(rank));
}

static enum fate add_first(struct counting_worker *worker, const struct row *row, unsigned number,
                           const struct partial_line *line, struct task *task, const uint32_t *cells,
                           struct item_more *more)
{
	struct view rest = line->value;
	struct view at = partial_take(&rest, row->arena), event_id = partial_take(&rest, row->arena);
	struct view place = partial_take(&rest, row->arena), counts = rest;
	uint64_t place_number;
	more->counts = view_is(counts, "1");
	if (moment_parse_plain(at, &more->at) == MOMENT_NONE || !view_parse_u64(place, 0, UINT64_MAX, &place_number) ||
	    (!more->counts && !view_is(counts, "0")))
		return partial_damaged(worker->all->partial, row, task, PARTIAL_VALUE);
	more->firsts = counter_bit(number);
	more->event_id = rank_of(worker, row, event_id, place_number, task);
	more->number = 0;
	more->places = more->counts ? worker_places(worker, cells) : 0;
	return FATE_USED;
}

static enum fate add_thing(struct counting_worker *worker, const struct row *row, unsigned number,
                           const struct partial_line *line, struct task *task, const uint32_t *cells,
                           struct item *item)
{
	struct counting *all = worker->all;
	struct thing thing = take_thing(line->item, row->arena);
	struct item_more *more = item_more(all, item);
	if (!(all->person_mask & counter_bit(number)) || !(thing.uid.len || thing.household.len))
		return partial_damaged(all->partial, row, task, PARTIAL_ITEM);
	item->more = true;
	*more = (struct item_more){ .household = !thing.uid.len };
	if (thing.uid.len && thing.household.len)
		more->member = worker_kept(task, thing.uid);
	if (!(all->first_mask & counter_bit(number)))
		return add_member(worker, row, number, thing.day, thing.project, line, task, cells, item);
	item->what = worker_what(worker, thing.project, 0, &more->project);
	return add_first(worker, row, number, line, task, cells, more);
}

static enum fate merging_map(const void *tool, void *scratch, const struct row *row, void *to, struct task *task)
{
	const struct counting *all = tool;
	struct counting_worker *worker = scratch;
	struct item *item = to;
	struct partial_line line;
	uint32_t cells[COUNT_TABLES];
	item->facts = item->more = false;
	enum fate fate = partial_read(all->partial, row, task, &line);
	if (fate != FATE_USED)
		return fate;
	if (!line.slot.len)
		return count_rows(worker, row, &line, task);
	unsigned number = counter_of(all, line.slot);
	if (number == METRIC_UNSET || all->counter[number].is->table.len)
		return partial_damaged(all->partial, row, task, PARTIAL_SLOT);
	worker_cells(worker, row, 0, cells);
	return line.item.len ? add_thing(worker, row, number, &line, task, cells, item)
	                     : add_number(worker, row, number, &line, task, cells);
}

/* ---- the run ---- */

/* "month", or what stands for it where the stream has no such column: "month(at)". */
static unsigned find_dimension(const struct header *dimensions, struct view name, bool *period)
{
	*period = false;
	for (unsigned i = 0; i < dimensions->count; i++) {
		if (view_equal(dimensions->names[i], name))
			return i;
	}
	*period = true;
	for (unsigned i = 0; i < dimensions->count; i++) {
		struct view is = dimensions->names[i];
		if (view_ends(is, VIEW("(at)")) && view_equal(view_first(is, is.len - 4), name))
			return i;
	}
	return COLUMN_NONE;
}

bool count_merge_has(const struct header *dimensions, struct view dimension)
{
	bool period;
	return find_dimension(dimensions, dimension, &period) != COLUMN_NONE;
}

/* Where each table's dimensions stand in a line; `read`: as what they are read, text; else
 * as what they are, for the tables beside the stream. */
static void find_dimensions(struct counting *all, const struct header *dimensions, bool read)
{
	for (unsigned t = 0; t < all->count->table_count; t++) {
		for (unsigned d = 0; d < all->count->table[t].by_count; d++) {
			struct view name = all->count->table[t].by[d];
			struct dimension *is = &all->dimension[t][d];
			bool period;
			unsigned at = find_dimension(dimensions, name, &period);
			if (at == COLUMN_NONE)
				partial_refuse(all->partial);
			*is = (struct dimension){ DIMENSION_COLUMN, 1 + at };
			if (period && !read)
				period_kind(name, &is->kind);
		}
	}
}

void count_merge(struct run *run, struct count *count, struct partial *partial, const struct header *dimensions)
{
	struct counting *all = counting_new(run, count);
	all->partial = partial;
	all->item = 1 + dimensions->count + 1;
	row_scope_init(&all->scope, run, NULL);
	counting_counters(all, NULL);
	all->has_more = all->wide = true;
	struct fold_shape shape = counting_shape(all);
	shape.key = merging_key;
	shape.map = merging_map;
	find_dimensions(all, dimensions, true);
	struct fold *fold = engine_fold(run, &shape, all, (struct columns){ NULL, 0 });
	partial_close(partial);
	find_dimensions(all, dimensions, false);
	counting_results(all, fold);
	counting_free(all);
}
