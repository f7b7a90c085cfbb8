/* count_partial: a count as lines of a partial state; see counting.h, and count.h for the lines. */
#include "metric/counting.h"

#include <stdlib.h>

#include "value/date.h"

void count_options(const struct run *run, const struct count *count, struct buf *to)
{
	buf_printf(to, "%lld %lld %lld %016llx", (long long)run->as_of, (long long)count->since, (long long)count->until,
	           (unsigned long long)count->metrics->digest);
	partial_part(to, count->where ? view_of(count->where) : VIEW(""), false);
	for (unsigned i = 0; i < count->metrics->count; i++)
		if (count->wanted[i] && !count->metrics->metric[i].table.len)
			partial_part(to, count->metrics->metric[i].id, false);
	for (unsigned t = 0; t < count->table_count; t++) {
		buf_byte(to, '\n');
		for (unsigned d = 0; d < count->table[t].by_count; d++)
			partial_part(to, count->table[t].by[d], false);
	}
}

/* ---- one table by all dimensions ---- */

static bool has_dimension(const struct count_table *table, struct view name)
{
	for (unsigned d = 0; d < table->by_count; d++)
		if (view_equal(table->by[d], name))
			return true;
	return false;
}

static struct count_table all_dimensions(const struct count *count)
{
	struct count_table all = { .by_count = 0 };
	for (unsigned t = 0; t < count->table_count; t++) {
		for (unsigned d = 0; d < count->table[t].by_count; d++) {
			struct view name = count->table[t].by[d];
			if (has_dimension(&all, name))
				continue;
			if (all.by_count == COUNT_DIMENSIONS)
				die(STATUS_USAGE, "--by: more than %d dimensions", COUNT_DIMENSIONS);
			all.by[all.by_count++] = name;
		}
	}
	return all;
}

/* ---- lines ---- */

struct writing {
	struct counting *all;
	struct partial *partial;
	struct arena arena; /* of a line */
	struct buf item, value;
	struct member *members; /* of one customer */
	size_t room;
};

/* A member of a set: what a metric says of a customer's fact, and nothing finer. */
struct member {
	uint32_t counter, cell, person, project;
	int32_t day;
};

/* The cell's dimensions, in the line's arena. */
static const struct view *cell_values(struct writing *writing, uint32_t cell)
{
	const unsigned count = writing->all->count->table[0].by_count;
	struct view *values = arena_zero(&writing->arena, count + 1, sizeof *values);
	struct view key = view_skip(writing->all->cells.table.keys[cell], 1);
	for (unsigned d = 0; d < count; d++)
		values[d] = key_take(&key, &writing->arena);
	return values;
}

static void put_sums(struct writing *writing)
{
	struct counting *all = writing->all;
	for (uint32_t i = 0; i < all->cells.table.count; i++) {
		const int64_t *sums = sums_of(&all->sums, &all->sums_room, all, i);
		for (unsigned c = 0; c < all->counter_count; c++) {
			if (!sums[c])
				continue;
			buf_reset(&writing->value);
			buf_i64(&writing->value, sums[c]);
			partial_put(writing->partial, cell_values(writing, i), all->counter[c].is->id, VIEW(""),
			            buf_view(&writing->value));
			arena_reset(&writing->arena);
		}
	}
}

/* What a metric tells apart.  Later events are compared with the first one: with its day, and
 * with what that one's metric tells apart. */
static unsigned key_of(const struct counting *all, const struct counter *counter)
{
	if (counter->is->kind != METRIC_LATER)
		return counter->is->key;
	return counter->is->key | all->counter[counter->first].is->key | KEY_DAY;
}

/* The parts uid, hh_id, project and day of an item. */
static void fill_item(struct writing *writing, const struct tally *tally, struct view key, const struct counter *counter,
                      const struct member *member)
{
	const struct counting *all = writing->all;
	const bool project = key_of(all, counter) & KEY_PROJECT, housed = member->person;
	struct view uid = !housed ? key : member->person == TALLY_HOUSEHOLD ? VIEW("") : tally->more->persons[member->person - 1];
	struct buf day = { 0 };
	buf_reset(&writing->item);
	partial_part(&writing->item, uid, true);
	partial_part(&writing->item, housed ? key : VIEW(""), false);
	partial_part(&writing->item, project ? all->projects.table.keys[member->project] : VIEW(""), false);
	if (member->day != INT32_MIN)
		date_format(member->day, &day);
	partial_part(&writing->item, buf_view(&day), false);
	buf_release(&day);
}

/* ---- what is distinct ---- */

static struct member member_of(const struct counting *all, unsigned number, const struct tally_fact *fact)
{
	const struct counter *counter = &all->counter[number];
	const unsigned key = key_of(all, counter);
	const uint32_t person = fact->what % TALLY_PERSONS;
	struct what what;
	memcpy(&what, all->whats.table.keys[fact->what >> TALLY_PERSON_BITS].ptr, sizeof what);
	return (struct member){ number, fact->code / MASKS, key & KEY_UID || !person ? person : TALLY_HOUSEHOLD,
		key & KEY_PROJECT ? what.project : 0, key & KEY_DAY ? what.day : INT32_MIN };
}

static int compare_members(const void *left, const void *right)
{
	const struct member *a = left, *b = right;
	const int64_t differences[] = { (int64_t)a->counter - b->counter, (int64_t)a->cell - b->cell,
		(int64_t)a->person - b->person, (int64_t)a->project - b->project, (int64_t)a->day - b->day };
	for (size_t i = 0; i < sizeof differences / sizeof *differences; i++)
		if (differences[i])
			return differences[i] < 0 ? -1 : 1;
	return 0;
}

static size_t list_members(struct writing *writing, const struct tally *tally)
{
	const struct counting *all = writing->all;
	struct tally_fact fact;
	size_t count = 0;
	for (uint32_t at = 0; tally_next_fact(tally, all->wide, &at, &fact);) {
		uint64_t mask;
		memcpy(&mask, all->masks.table.keys[fact.code % MASKS].ptr, sizeof mask);
		for (; mask; mask &= mask - 1) {
			heap_grow(writing->members, count, &writing->room);
			writing->members[count++] = member_of(all, (unsigned)__builtin_ctzll(mask), &fact);
		}
	}
	if (count)
		qsort(writing->members, count, sizeof *writing->members, compare_members);
	return count;
}

static void put_members(struct writing *writing, const struct tally *tally, struct view key)
{
	size_t count = list_members(writing, tally);
	for (size_t i = 0; i < count; i++) {
		const struct member *member = &writing->members[i];
		const struct counter *counter = &writing->all->counter[member->counter];
		if (i && compare_members(member - 1, member) == 0)
			continue;
		fill_item(writing, tally, key, counter, member);
		partial_put(writing->partial, cell_values(writing, member->cell), counter->is->id, buf_view(&writing->item),
		            VIEW(""));
		arena_reset(&writing->arena);
	}
}

/* ---- first events ---- */

static void put_firsts(struct writing *writing, const struct tally *tally, struct view key)
{
	const struct counting *all = writing->all;
	for (uint32_t i = 0; tally->more && i < tally->more->first_count; i++) {
		const struct tally_first *first = &tally->more->firsts[i];
		const struct counter *counter = &all->counter[first->metric];
		uint32_t cell;
		struct buf at = { 0 };
		fill_item(writing, tally, key, counter,
		          &(struct member){ .person = first->person, .project = first->project, .day = INT32_MIN });
		buf_reset(&writing->value);
		moment_format(first->at, &at);
		partial_part(&writing->value, buf_view(&at), true);
		partial_part(&writing->value, first->event_id, false);
		buf_printf(&writing->value, "\t%llu\t%d", (unsigned long long)first->number, first->counts);
		if (first->counts)
			memcpy(&cell, all->places.table.keys[first->cells].ptr, sizeof cell);
		partial_put(writing->partial, first->counts ? cell_values(writing, cell) : NULL, counter->is->id,
		            buf_view(&writing->item), buf_view(&writing->value));
		arena_reset(&writing->arena);
		buf_release(&at);
	}
}

static void put_customer(void *arg, struct view key, void *state)
{
	struct writing *writing = arg;
	const struct tally *tally = state;
	if (tally->more && tally->more->crowded)
		die(STATUS_INPUT, "a household of more than %d customers", TALLY_HOUSEHOLD - 1);
	put_members(writing, tally, key);
	put_firsts(writing, tally, key);
}

/* ---- the run ---- */

/* A period by which column it is one: the stream may have a column of its name too. */
static struct view name_of(struct counting *all, unsigned dimension)
{
	struct view name = all->count->table[0].by[dimension];
	if (all->dimension[0][dimension].kind == DIMENSION_COLUMN)
		return name;
	return view_of(arena_printf(&all->run->arena, "%.*s(at)", VIEW_ARGS(name)));
}

void count_partial(struct run *run, struct count *count, struct partial *partial)
{
	const struct header *header = reader_header(run->reader);
	struct count whole = *count;
	whole.table[0] = all_dimensions(count);
	whole.table_count = 1;
	struct counting *all = counting_new(run, &whole);
	counting_prepare(all, header);
	struct fold_shape shape = counting_shape(all);
	struct fold *fold = engine_fold(run, &shape, all, (struct columns){ NULL, 0 });
	struct view names[COUNT_DIMENSIONS];
	for (unsigned d = 0; d < whole.table[0].by_count; d++)
		names[d] = name_of(all, d);
	partial_begin(partial, header, names, whole.table[0].by_count);
	partial_put_count(partial, "rows", whole.rows);
	partial_put_count(partial, "later", whole.later);
	partial_put_count(partial, "unknown", whole.unknown);
	for (unsigned i = 0; i < all->counter_count; i++)
		if (all->seen_mask & counter_bit(i))
			partial_put(partial, NULL, VIEW(""), VIEW("seen"), all->counter[i].is->id);
	struct writing writing = { .all = all, .partial = partial };
	put_sums(&writing);
	fold_each(fold, put_customer, &writing);
	partial_end(partial);
	fold_free(fold);
	free(writing.members);
	buf_release(&writing.item);
	buf_release(&writing.value);
	arena_release(&writing.arena);
	counting_free(all);
}
