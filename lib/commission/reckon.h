/* reckon: deals of one payee become lines of commission.  Room: commission.
 *
 * X, the metric that has come together, counts the payee's deals of the same rule (all its
 * versions) in the tier period of the deal's performance date, in the order of that date and
 * then of the order.  A deal that was cancelled counts for those made while it was alive,
 * and is not paid itself.
 *
 *     fixed     the tier's amount
 *     rate      b * r
 *     marginal  amount: the parts of (X, X + b] at the rates of the tiers they lie in;
 *               units: b at the rate of the deal's own number X + 1
 *     retro     b at the rate of all paid deals of the period: a `base` line at what was
 *               reached then, and a `retro_adj` line for each earlier deal when more is reached
 *     addon     a `base` line b * r0, and a `tier` line b * r of the highest tier reached (its
 *               own deal included); earlier deals stay as they are
 *
 * A deal's commission is rounded once, to the fen, halves away from zero; what is split into
 * lines adds up to that.  Pure: memory that it takes it gives back. */
#ifndef CRM_COMMISSION_RECKON_H
#define CRM_COMMISSION_RECKON_H

#include "commission/plan.h"

#define RECKON_NEVER INT32_MAX

struct reckon_deal {
	const struct plan_rule *rule;
	int64_t amount;   /* fen, not negative */
	int32_t perf;     /* the day by which it counts */
	int32_t ended;    /* cancelled on that day; RECKON_NEVER where it was not */
};

enum reckon_component { RECKON_BASE, RECKON_TIER, RECKON_RETRO };
/* base, tier, retro_adj */
const char *reckon_component_name(enum reckon_component component);

/* A part of a deal's amount and its rate. */
struct reckon_part {
	int64_t amount, rate; /* fen, millionths (of a retro_adj the difference) */
};

struct reckon_line {
	size_t deal;
	enum reckon_component component;
	int32_t day;          /* performance date of the deal that brought it about */
	int64_t gross;        /* fen */
	const struct reckon_part *parts; /* until the function returns; none for fixed */
	unsigned part_count;
};

/* Calls `line` for each line, in the order of the deals that bring them about.  The deals
 * are one payee's, sorted.  False where an amount does not fit. */
bool reckon(const struct reckon_deal *deals, size_t count, unsigned pools,
            void (*line)(void *arg, const struct reckon_line *line), void *arg);

/* What X..X + amount of a marginal rule brings, not rounded: fen times millionths. */
__int128 reckon_marginal(const struct plan_rule *rule, __int128 x, int64_t amount);

#endif
