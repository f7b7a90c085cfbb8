/* score: see score.h. */
#include "rfm/score.h"

/* ---- order ---- */

/* One pass of a radix sort: by one byte of the values, stable.  False, and nothing done,
 * where all values have the same byte there. */
static bool sort_byte(const int64_t *from, int64_t *to, size_t count, unsigned shift)
{
	size_t starts[257] = { 0 };
	uint64_t sign = shift == 56 ? 0x80 : 0; /* the sign's byte: negative ones first */
	for (size_t i = 0; i < count; i++)
		starts[(((uint64_t)from[i] >> shift & 0xff) ^ sign) + 1]++;
	for (unsigned byte = 0; byte < 256; byte++) {
		if (starts[byte + 1] == count)
			return false;
		starts[byte + 1] += starts[byte];
	}
	for (size_t i = 0; i < count; i++)
		to[starts[((uint64_t)from[i] >> shift & 0xff) ^ sign]++] = from[i];
	return true;
}

void rfm_sort(int64_t *values, int64_t *spare, size_t count)
{
	int64_t *from = values, *to = spare;
	for (unsigned shift = 0; shift < 64; shift += 8) {
		if (!sort_byte(from, to, count, shift))
			continue;
		int64_t *other = from;
		from = to;
		to = other;
	}
	if (from != values && count)
		memcpy(values, from, count * sizeof *values);
}

/* ---- cut points ---- */

/* Score s wants floor(bins * less / count) >= s - 1, so less >= t = ceil((s - 1) * count / bins):
 * at least t values are less than v exactly where v is above the t-th smallest. */
struct rfm_cuts rfm_cuts_quantile(const int64_t *sorted, size_t count, unsigned bins)
{
	struct rfm_cuts cuts = { .count = count ? bins - 1 : 0 };
	for (unsigned i = 0; i < cuts.count; i++) {
		unsigned __int128 t = ((unsigned __int128)count * (i + 1) + bins - 1) / bins;
		cuts.above[i] = sorted[(size_t)t - 1];
	}
	return cuts;
}

/* Rounded down, and held within int64. */
static int64_t floor_divide(__int128 number, int64_t divisor)
{
	__int128 whole = number / divisor - (number % divisor < 0);
	return whole > INT64_MAX ? INT64_MAX : whole < INT64_MIN ? INT64_MIN : (int64_t)whole;
}

/* Type 7: at i/bins of the way through the count - 1 gaps, between two values in proportion.
 * Everything is multiplied by bins, so that it stays whole. */
struct rfm_cuts rfm_cuts_published(const int64_t *sorted, size_t count, unsigned bins, int64_t unit, bool reversed)
{
	while (count && *sorted == RFM_MISSING) {
		sorted++;
		count--;
	}
	struct rfm_cuts cuts = { .count = count ? bins - 1 : 0 };
	for (unsigned i = 0; i < cuts.count; i++) {
		unsigned __int128 way = (unsigned __int128)(count - 1) * (i + 1);
		size_t at = (size_t)(way / bins);
		__int128 rest = (__int128)(way % bins), low = sorted[at];
		__int128 high = at + 1 < count ? sorted[at + 1] : low;
		__int128 times_bins = low * bins + (high - low) * rest;
		/* As it is: above the cut is v >= quantile + unit, in whole numbers v > what is one
		 * below.  Reversed, v is minus the days: days < quantile + unit is
		 * v > (quantile of v) - unit. */
		__int128 limit = reversed ? times_bins - (__int128)unit * bins : times_bins + (__int128)unit * bins - 1;
		cuts.above[i] = floor_divide(limit, bins);
	}
	return cuts;
}

/* ---- tiers and segments ---- */

enum rfm_tier rfm_tier(const unsigned score[RFM_MEASURES], unsigned high)
{
	bool value = score[RFM_M] >= high, active = score[RFM_R] + score[RFM_F] >= 2 * high;
	if (value)
		return active ? RFM_CORE : RFM_POTENTIAL;
	return active ? RFM_GROWING : RFM_SLEEPING;
}

const char *rfm_tier_name(enum rfm_tier tier)
{
	static const char *const names[] = { "sleeping", "growing", "potential", "core" };
	return names[tier];
}

struct view rfm_segment(const struct rfm_segment *segments, size_t count, const unsigned score[RFM_MEASURES])
{
	for (size_t i = 0; i < count; i++) {
		bool holds = true;
		for (unsigned m = 0; m < RFM_MEASURES; m++)
			holds = holds && score[m] >= segments[i].least[m] && score[m] <= segments[i].most[m];
		if (holds)
			return segments[i].name;
	}
	return VIEW("");
}
