/* score: recency, frequency and money become scores, tiers and segments.  Room: rfm.
 *
 * Pure: arrays and numbers in, numbers out.  Every measure is an int64 in which more is
 * better: recency is given as minus the days, money in fen.  RFM_MISSING (money of a
 * customer without any) stands below every value, so that it gets score 1.
 *
 * Whatever the method, scoring comes down to bins - 1 cut points: a value's score is 1 and
 * one more for each cut that it is above.
 *
 *     quantile     s = 1 + floor(bins * (how many values are less) / (how many there are));
 *                  equal values get equal scores.  10 20 20 30 40 in five: 1 2 2 4 5.
 *     published    the R package rfm: type-7 quantiles plus one unit; recency's score is turned
 *                  round after scoring, so it is better where the days are below the cut.
 *     thresholds   breakpoints that somebody chose. */
#ifndef CRM_RFM_SCORE_H
#define CRM_RFM_SCORE_H

#include "base/view.h"

enum { RFM_BINS_MOST = 100 };
enum rfm_measure { RFM_R, RFM_F, RFM_M, RFM_MEASURES };
#define RFM_MISSING INT64_MIN

struct rfm_cuts {
	int64_t above[RFM_BINS_MOST - 1]; /* in ascending order */
	unsigned count;                   /* bins - 1 */
};

/* Sorts ascending, by radix; `spare` has the same size. */
void rfm_sort(int64_t *values, int64_t *spare, size_t count);

/* `sorted`: all values of a measure, ascending; bins 2..RFM_BINS_MOST. */
struct rfm_cuts rfm_cuts_quantile(const int64_t *sorted, size_t count, unsigned bins);
/* `unit` is what the package's one is: 1, or 100 fen.  `reversed`: the values are minus
 * the measure (recency).  Missing values take no part. */
struct rfm_cuts rfm_cuts_published(const int64_t *sorted, size_t count, unsigned bins, int64_t unit, bool reversed);

static inline unsigned rfm_score(int64_t value, const struct rfm_cuts *cuts)
{
	unsigned score = 1;
	for (unsigned i = 0; i < cuts->count; i++)
		score += value > cuts->above[i];
	return score;
}

/* ---- tiers ---- */

/* Of value (money) and activity (recency and frequency):
 *     value high, active high   core
 *     value high, active low    potential
 *     both low                  sleeping
 *     value low, active high    growing */
enum rfm_tier { RFM_SLEEPING, RFM_GROWING, RFM_POTENTIAL, RFM_CORE };

/* Money is high from `high` on, activity when R + F is at least twice that. */
enum rfm_tier rfm_tier(const unsigned score[RFM_MEASURES], unsigned high);
/* The middle score, from which on one is high unless told: 3 of 5. */
static inline unsigned rfm_high(unsigned bins) { return (bins + 2) / 2; }
const char *rfm_tier_name(enum rfm_tier tier);

/* ---- eight segments: each measure against the mean of the group ---- */

struct rfm_mean {
	__int128 sum;
	uint64_t count;
};

static inline void rfm_mean_add(struct rfm_mean *mean, int64_t value)
{
	if (value == RFM_MISSING)
		return;
	mean->sum += value;
	mean->count++;
}

/* 'H' where the value is the mean or above, 'L' where it is below or missing. */
static inline char rfm_side(int64_t value, const struct rfm_mean *mean)
{
	return value != RFM_MISSING && (__int128)value * mean->count >= mean->sum ? 'H' : 'L';
}

/* ---- segments: the first of a list of ranges that holds the scores ---- */

struct rfm_segment {
	struct view name;
	unsigned least[RFM_MEASURES], most[RFM_MEASURES];
};

/* An empty view where none does. */
struct view rfm_segment(const struct rfm_segment *segments, size_t count, const unsigned score[RFM_MEASURES]);

#endif
