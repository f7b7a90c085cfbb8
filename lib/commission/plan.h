/* plan: the rules by which commission is paid.  Room: commission.
 *
 * A rule has versions; a deal is paid by the version in force on its order date.  Of several
 * rules that hold for a deal the most special one pays: one for its project before one for
 * all, then one for the class of payee before one for all.  No two lines of equal rank may
 * hold on one day: plan_clash() finds them before any deal is read.
 *
 * Tiers are written `0:0.008;10:0.01`: from where, and what is paid there. */
#ifndef CRM_COMMISSION_PLAN_H
#define CRM_COMMISSION_PLAN_H

#include "base/arena.h"

enum plan_mode {
	PLAN_FIXED,    /* yuan a deal */
	PLAN_RATE,     /* a rate of its amount */
	PLAN_MARGINAL, /* each part of the amount at the rate of the tier in which it lies */
	PLAN_RETRO,    /* all of the period at the rate that was reached in the end */
	PLAN_ADDON,    /* a base rate, and more from a threshold on */
	PLAN_MODES
};
enum plan_metric { PLAN_UNITS, PLAN_AMOUNT, PLAN_METRICS };
enum plan_period { PLAN_MONTH, PLAN_QUARTER, PLAN_YEAR, PLAN_PROJECT, PLAN_PERIODS };
/* The words of a table, each list ending with NULL. */
extern const char *const plan_mode_names[], *const plan_metric_names[], *const plan_period_names[];

struct plan_tier {
	int64_t from;  /* deals, or fen */
	int64_t value; /* millionths, or fen for PLAN_FIXED */
};

struct plan_rule {
	struct view rule_id, version, project, payee_class; /* the last two: empty means all */
	enum plan_mode mode;
	enum plan_metric metric;
	enum plan_period period;
	bool above;            /* a tier begins above its threshold, not at it (`gt`) */
	const struct plan_tier *tiers;
	unsigned tier_count;
	int32_t from, to;      /* days, both included */
	unsigned pool;         /* the same number for all versions of a rule_id, from 0 */
};

/* Reads the tiers of a rule whose mode and metric are known.  NULL, or what is wrong in
 * English. */
const char *plan_parse_tiers(struct arena *arena, struct view text, struct plan_rule *rule);

/* The rule that pays, or NULL. */
const struct plan_rule *plan_find(const struct plan_rule *rules, size_t count, struct view project,
                                  struct view payee_class, int32_t order_day);

enum plan_clash_kind {
	PLAN_AGREES,
	PLAN_OVERLAPS, /* both hold on *day */
	PLAN_PERIOD,   /* versions of one rule with different periods */
};
/* Is there something between this rule and one before it?  Says with which. */
enum plan_clash_kind plan_clash(const struct plan_rule *rules, size_t at, size_t *with, int32_t *day);

#endif
