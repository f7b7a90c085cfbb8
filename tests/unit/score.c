/* score: the rules of crm-rfm(1) against their definitions, computed slowly. */
#include "rfm/score.h"

#include "gen.h"
#include "test.h"

enum { MOST = 60 };

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void test_sort(void)
{
	uint64_t seed = 1;
	for (unsigned round = 0; round < 300; round++) {
		int64_t values[MOST], spare[MOST], expected[MOST];
		size_t count = (size_t)gen_below(&seed, MOST + 1);
		for (size_t i = 0; i < count; i++)
			expected[i] = values[i] = round % 3 ? gen_int64(&seed) : (int64_t)gen_below(&seed, 3) - 1;
		if (count > 2)
			expected[0] = values[0] = round % 2 ? INT64_MIN : INT64_MAX;
		rfm_sort(values, spare, count);
		qsort(expected, count, sizeof *expected, by_value);
		CHECK(!count || memcmp(values, expected, count * sizeof *values) == 0, "as qsort does, round %u", round);
	}
}

/* ---- the rule of the manual: ties equal, 1 + floor(k * less / n) ---- */

static void test_vectors(void)
{
	static const struct {
		int64_t values[6];
		unsigned count, bins, scores[6];
		const char *why;
	} table[] = {
		{ { 10, 20, 20, 30, 40 }, 5, 5, { 1, 2, 2, 4, 5 }, "the manual's example" },
		{ { 7, 7, 7, 7 }, 4, 5, { 1, 1, 1, 1 }, "all equal: 1 to everyone" },
		{ { 1, 2 }, 2, 5, { 1, 3 }, "fewer than scores" },
		{ { 9 }, 1, 5, { 1 }, "one" },
		{ { RFM_MISSING, RFM_MISSING, 0, 5 }, 4, 4, { 1, 1, 3, 4 }, "missing stands below every value" },
		{ { -40, -30, -20, -20, -10 }, 5, 5, { 1, 2, 3, 3, 5 }, "recency, as minus the days" },
		{ { INT64_MAX, INT64_MAX, -INT64_MAX }, 3, 3, { 2, 2, 1 }, "the ends of the range" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		int64_t sorted[6], spare[6];
		memcpy(sorted, table[i].values, sizeof sorted);
		rfm_sort(sorted, spare, table[i].count);
		struct rfm_cuts cuts = rfm_cuts_quantile(sorted, table[i].count, table[i].bins);
		for (unsigned n = 0; n < table[i].count; n++)
			CHECK(rfm_score(table[i].values[n], &cuts) == table[i].scores[n], "%s, number %u", table[i].why, n);
	}
	CHECK(rfm_cuts_quantile(NULL, 0, 5).count == 0, "nobody: no cuts");
	CHECK(rfm_cuts_published(NULL, 0, 5, 1, true).count == 0, "nobody: no cuts");
}

static unsigned by_definition(const int64_t *values, size_t count, unsigned bins, int64_t value)
{
	uint64_t less = 0;
	for (size_t i = 0; i < count; i++)
		less += values[i] < value;
	return (unsigned)(1 + bins * less / count);
}

/* The package: cuts at the type-7 quantile plus a unit; score i where lower <= v < upper. */
static unsigned by_package(const int64_t *sorted, size_t count, unsigned bins, int64_t unit, int64_t value)
{
	unsigned score = 1;
	for (unsigned i = 1; i < bins; i++) {
		size_t way = (count - 1) * i, at = way / bins, rest = way % bins;
		int64_t next = sorted[rest ? at + 1 : at];
		/* bins times the quantile plus the unit */
		__int128 cut = (__int128)sorted[at] * (__int128)(bins - rest) + (__int128)next * (__int128)rest +
		               (__int128)unit * bins;
		score += (__int128)value * bins >= cut;
	}
	return score;
}

static void test_definitions(void)
{
	uint64_t seed = 2;
	unsigned wrong[3] = { 0 };
	for (unsigned round = 0; round < 5000; round++) {
		int64_t values[MOST], minus[MOST], spare[MOST];
		size_t count = (size_t)gen_below(&seed, MOST) + 1;
		unsigned bins = (unsigned)gen_below(&seed, 11) + 2;
		uint64_t limit = (uint64_t[]){ 5, 100, 1000000 }[round % 3];
		for (size_t i = 0; i < count; i++) {
			values[i] = (int64_t)gen_below(&seed, limit);
			minus[i] = -values[i];
		}
		rfm_sort(values, spare, count);
		rfm_sort(minus, spare, count);
		struct rfm_cuts quantile = rfm_cuts_quantile(values, count, bins);
		struct rfm_cuts published = rfm_cuts_published(values, count, bins, 100, false);
		struct rfm_cuts recency = rfm_cuts_published(minus, count, bins, 1, true);
		for (size_t i = 0; i < count; i++) {
			int64_t v = values[i];
			wrong[0] += rfm_score(v, &quantile) != by_definition(values, count, bins, v);
			wrong[1] += rfm_score(v, &published) != by_package(values, count, bins, 100, v);
			wrong[2] += rfm_score(-v, &recency) != bins + 1 - by_package(values, count, bins, 1, v);
		}
	}
	CHECK(!wrong[0], "quantiles, 5000 groups: %u", wrong[0]);
	CHECK(!wrong[1], "as the R package, 5000 groups: %u", wrong[1]);
	CHECK(!wrong[2], "as the R package, recency turned round, 5000 groups: %u", wrong[2]);
}

/* ---- tiers, sides, segments ---- */

static void test_tiers(void)
{
	static const struct {
		unsigned score[RFM_MEASURES];
		unsigned high;
		const char *tier;
	} table[] = {
		{ { 5, 5, 5 }, 3, "core" },      { { 1, 5, 3 }, 3, "core" },    { { 2, 3, 3 }, 3, "potential" },
		{ { 1, 1, 5 }, 3, "potential" }, { { 3, 3, 2 }, 3, "growing" }, { { 5, 1, 1 }, 3, "growing" },
		{ { 3, 2, 2 }, 3, "sleeping" },  { { 1, 1, 1 }, 1, "core" },    { { 4, 4, 4 }, 5, "sleeping" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		CHECK_TEXT(view_of(rfm_tier_name(rfm_tier(table[i].score, table[i].high))), view_of(table[i].tier),
		           "%u%u%u, high from %u", table[i].score[0], table[i].score[1], table[i].score[2], table[i].high);
	CHECK(rfm_high(5) == 3 && rfm_high(4) == 3 && rfm_high(3) == 2 && rfm_high(2) == 2 && rfm_high(10) == 6,
	      "the middle is ceil((k + 1) / 2)");
}

static void test_sides(void)
{
	struct rfm_mean mean = { 0 };
	static const int64_t values[] = { 1, 2, RFM_MISSING, 4 };
	for (size_t i = 0; i < 4; i++)
		rfm_mean_add(&mean, values[i]);
	CHECK(mean.count == 3 && rfm_side(2, &mean) == 'L' && rfm_side(3, &mean) == 'H' &&
	      rfm_side(RFM_MISSING, &mean) == 'L', "the mean is 7/3; missing takes no part and is low");
	struct rfm_mean minus = { 0 };
	rfm_mean_add(&minus, -10);
	rfm_mean_add(&minus, -20);
	CHECK(rfm_side(-15, &minus) == 'H' && rfm_side(-16, &minus) == 'L', "the mean itself is high");
}

static void test_segments(void)
{
	static const struct rfm_segment segments[] = {
		{ { "best", 4 }, { 4, 4, 4 }, { 5, 5, 5 } },
		{ { "some", 4 }, { 1, 2, 3 }, { 5, 4, 3 } },
	};
	CHECK_TEXT(rfm_segment(segments, 2, (unsigned[]){ 4, 5, 4 }), VIEW("best"), "inside");
	CHECK_TEXT(rfm_segment(segments, 2, (unsigned[]){ 1, 4, 3 }), VIEW("some"), "both ends are inside");
	CHECK_TEXT(rfm_segment(segments, 2, (unsigned[]){ 1, 5, 3 }), VIEW(""), "in none");
}

int main(void)
{
	test_sort();
	test_vectors();
	test_definitions();
	test_tiers();
	test_sides();
	test_segments();
	return test_end();
}
