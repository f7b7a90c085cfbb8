/* survey: see survey.h. */
#include "import/survey.h"

#include <stdlib.h>

#include "base/hash.h"
#include "value/text.h"

/* Values and how often they came.  At level n only values are counted whose hash ends in n
 * zero bits: those of a higher level are counted from the beginning, so that counts are exact. */
struct counter {
	struct arena arena;
	struct intern keys;
	uint64_t *counts;
	size_t room;
	unsigned level;
};

struct survey_state {
	uint64_t filled;
	struct counter values, shapes;
};

struct survey {
	struct survey_state *columns;
	size_t count;
	struct buf shape;
};

/* ---- counters ---- */

static void counter_init(struct counter *counter, unsigned level)
{
	*counter = (struct counter){ .level = level };
}

static void counter_release(struct counter *counter)
{
	if (counter->keys.arena)
		intern_release(&counter->keys);
	free(counter->counts);
	arena_release(&counter->arena);
}

static bool is_of_level(struct view key, unsigned level)
{
	return !level || !(hash_fixed(key) & (((uint64_t)1 << level) - 1));
}

static void counter_add(struct counter *counter, struct view key, uint64_t count);

/* Keeps the half that is of the next level. */
static void counter_halve(struct counter *counter)
{
	struct counter old = *counter;
	counter_init(counter, old.level + 1);
	for (size_t i = 0; i < old.keys.count; i++)
		counter_add(counter, old.keys.keys[i], old.counts[i]);
	counter_release(&old);
}

static void counter_add(struct counter *counter, struct view key, uint64_t count)
{
	size_t at;
	if (!is_of_level(key, counter->level))
		return;
	if (!counter->keys.arena)
		intern_init(&counter->keys, &counter->arena);
	if (intern_add(&counter->keys, key, &at)) {
		heap_grow(counter->counts, at, &counter->room);
		counter->counts[at] = 0;
	}
	counter->counts[at] += count;
	while (counter->keys.count > SURVEY_MOST)
		counter_halve(counter);
}

static void counter_merge(struct counter *into, const struct counter *from)
{
	while (into->level < from->level)
		counter_halve(into);
	for (size_t i = 0; i < from->keys.count; i++)
		counter_add(into, from->keys.keys[i], from->counts[i]);
}

static int by_count(const void *left, const void *right)
{
	const struct survey_value *a = left, *b = right;
	if (a->count != b->count)
		return a->count > b->count ? -1 : 1;
	return view_compare(a->text, b->text);
}

static struct survey_value *counter_top(const struct counter *counter, size_t most, struct arena *arena, size_t *count)
{
	struct survey_value *values = arena_zero(arena, counter->keys.count + 1, sizeof *values);
	for (size_t i = 0; i < counter->keys.count; i++)
		values[i] = (struct survey_value){ counter->keys.keys[i], counter->counts[i] };
	qsort(values, counter->keys.count, sizeof *values, by_count);
	*count = counter->keys.count < most ? counter->keys.count : most;
	return values;
}

/* ---- surveys ---- */

struct survey *survey_new(size_t columns)
{
	struct survey *survey = heap_alloc(sizeof *survey);
	*survey = (struct survey){ .columns = heap_alloc((columns + 1) * sizeof *survey->columns), .count = columns };
	memset(survey->columns, 0, (columns + 1) * sizeof *survey->columns);
	return survey;
}

void survey_free(struct survey *survey)
{
	if (!survey)
		return;
	for (size_t i = 0; i < survey->count; i++) {
		counter_release(&survey->columns[i].values);
		counter_release(&survey->columns[i].shapes);
	}
	buf_release(&survey->shape);
	free(survey->columns);
	free(survey);
}

void survey_add(struct survey *survey, size_t column, struct view value, struct view raw)
{
	struct survey_state *state = &survey->columns[column];
	if (value.len) {
		state->filled++;
		counter_add(&state->values, value, 1);
	}
	if (!raw.len)
		return;
	buf_reset(&survey->shape);
	survey_shape(raw, &survey->shape);
	counter_add(&state->shapes, buf_view(&survey->shape), 1);
}

void survey_merge(struct survey *into, const struct survey *from)
{
	for (size_t i = 0; i < into->count; i++) {
		into->columns[i].filled += from->columns[i].filled;
		counter_merge(&into->columns[i].values, &from->columns[i].values);
		counter_merge(&into->columns[i].shapes, &from->columns[i].shapes);
	}
}

struct survey_column survey_column(const struct survey *survey, size_t column, size_t most, struct arena *arena)
{
	const struct survey_state *state = &survey->columns[column];
	struct survey_column result = { .filled = state->filled,
		.distinct = (uint64_t)state->values.keys.count << state->values.level, .about = state->values.level > 0,
		.shapes_distinct = (uint64_t)state->shapes.keys.count << state->shapes.level };
	if (!state->values.level)
		result.top = counter_top(&state->values, most, arena, &result.top_count);
	if (!state->shapes.level)
		result.shapes = counter_top(&state->shapes, most, arena, &result.shape_count);
	return result;
}

/* ---- shapes ---- */

enum { RUNS_MOST = 20 };

static uint32_t class_of(uint32_t code)
{
	if (code >= '0' && code <= '9')
		return '9';
	if (code < 0x80 && byte_is_letter((char)code))
		return byte_is_upper((char)code) ? 'A' : 'a';
	return text_is_hanzi(code) ? 0x6C49 : code; /* 汉 */
}

void survey_shape(struct view text, struct buf *shape)
{
	for (unsigned runs = 0; text.len; runs++) {
		if (runs == RUNS_MOST) {
			buf_text(shape, "...");
			return;
		}
		uint32_t class = class_of(text_next(&text));
		uint64_t count = 1;
		for (struct view rest = text; rest.len && class_of(text_next(&rest)) == class; text = rest)
			count++;
		text_put(shape, class);
		if (count > 1) {
			buf_byte(shape, '{');
			buf_u64(shape, count);
			buf_byte(shape, '}');
		}
	}
}
