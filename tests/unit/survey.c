/* survey: what is in the columns of a ledger. */
#include "import/survey.h"

#include "gen.h"
#include "test.h"

static const struct {
	const char *text, *shape;
} shapes[] = {
	{ "", "" }, { "2024/1/05", "9{4}/9/9{2}" }, { "张三丰", "汉{3}" }, { "RG-0001a", "A{2}-9{4}a" },
	{ "138 0000  1234", "9{3} 9{4} {2}9{4}" }, { "12.5万", "9{2}.9汉" }, { "（妻）", "（汉）" },
	{ "a1a1a1a1a1a1a1a1a1a1a1", "a9a9a9a9a9a9a9a9a9a9..." },
};

static void add_number(struct survey *survey, size_t column, uint64_t number)
{
	char text[24];
	int len = snprintf(text, sizeof text, "%llu", (unsigned long long)number);
	survey_add(survey, column, view(text, (size_t)len), VIEW("x"));
}

/* In one survey, and parted over several that are merged: the same. */
static void test_many(uint64_t values)
{
	struct survey *whole = survey_new(1), *merged = survey_new(1), *parts[3];
	uint64_t state = values, rows = values * 5;
	for (size_t i = 0; i < 3; i++)
		parts[i] = survey_new(1);
	for (uint64_t i = 0; i < rows; i++)
		add_number(whole, 0, i % values);
	for (uint64_t i = rows; i--;)
		add_number(parts[gen_below(&state, 3)], 0, i % values);
	for (size_t i = 0; i < 3; i++) {
		survey_merge(merged, parts[i]);
		survey_free(parts[i]);
	}
	struct arena arena = { 0 };
	struct survey_column a = survey_column(whole, 0, 5, &arena), b = survey_column(merged, 0, 5, &arena);
	CHECK(a.filled == rows && b.filled == rows, "cells");
	CHECK(a.distinct == b.distinct && a.top_count == b.top_count, "the same, however parted: %llu, %llu",
	      (unsigned long long)a.distinct, (unsigned long long)b.distinct);
	if (values <= SURVEY_MOST) {
		CHECK(a.distinct == values && !a.about && a.top_count == 5 && a.top[0].count == 5, "exact");
	} else {
		uint64_t off = a.distinct > values ? a.distinct - values : values - a.distinct;
		CHECK(a.about && !a.top_count && off * 100 < values * 8, "%llu for %llu", (unsigned long long)a.distinct,
		      (unsigned long long)values);
	}
	survey_free(whole);
	survey_free(merged);
	arena_release(&arena);
}

int main(void)
{
	for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
		struct buf shape = { 0 };
		survey_shape(view_of(shapes[i].text), &shape);
		CHECK_TEXT(buf_view(&shape), view_of(shapes[i].shape), "%s", shapes[i].text);
		buf_release(&shape);
	}
	struct survey *survey = survey_new(2);
	survey_add(survey, 0, VIEW("b"), VIEW("b"));
	survey_add(survey, 0, VIEW("a"), VIEW("A"));
	survey_add(survey, 0, VIEW("c"), VIEW("c"));
	survey_add(survey, 0, VIEW("c"), VIEW("9"));
	survey_add(survey, 0, VIEW(""), VIEW("无"));
	struct arena arena = { 0 };
	struct survey_column column = survey_column(survey, 0, 2, &arena);
	CHECK(column.filled == 4 && column.distinct == 3 && !column.about, "what is empty is not filled");
	CHECK(column.top_count == 2 && column.top[0].count == 2, "the most frequent first");
	CHECK_TEXT(column.top[1].text, VIEW("a"), "then by bytes");
	CHECK(column.shapes_distinct == 4 && column.shapes[0].count == 2, "shapes are of the raw text");
	CHECK(survey_column(survey, 1, 2, &arena).filled == 0, "an empty column");
	survey_free(survey);
	arena_release(&arena);
	test_many(100);
	test_many(SURVEY_MOST);
	test_many(SURVEY_MOST + 1);
	test_many(50000);
	return test_end();
}
