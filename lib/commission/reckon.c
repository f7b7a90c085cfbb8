/* reckon: see reckon.h. */
#include "commission/reckon.h"

#include <stdlib.h>

#include "value/date.h"
#include "value/number.h"

/* A deal that counts until it ends. */
struct ending {
	int32_t day;
	int64_t amount;
};

/* What has come together under one rule in the period under way. */
struct pool {
	bool begun;
	int32_t period;          /* its first day */
	__int128 amount;         /* X: of deals that are alive */
	uint64_t units;
	struct ending *endings;  /* of those that will be cancelled: a heap, the first one on top */
	size_t ending_count, ending_room;
	__int128 paid_amount;    /* of deals that were never cancelled */
	uint64_t paid_units;
	size_t *retro;           /* deals of the period that are paid by what is reached in the end */
	size_t retro_count, retro_room;
	__int128 next[PLAN_METRICS]; /* where one of those reaches more */
};

struct reckoning {
	const struct reckon_deal *deals;
	struct pool *pools;
	int64_t *written, *rate; /* of each retro deal: what its lines add up to, and its rate */
	void (*line)(void *arg, const struct reckon_line *line);
	void *arg;
	struct reckon_part *parts;
	size_t part_room;
};

const char *reckon_component_name(enum reckon_component component)
{
	static const char *const names[] = { "base", "tier", "retro_adj" };
	return names[component];
}

/* ---- what is alive ---- */

static void endings_add(struct pool *pool, struct ending ending)
{
	heap_grow(pool->endings, pool->ending_count, &pool->ending_room);
	size_t at = pool->ending_count++;
	for (; at && pool->endings[(at - 1) / 2].day > ending.day; at = (at - 1) / 2)
		pool->endings[at] = pool->endings[(at - 1) / 2];
	pool->endings[at] = ending;
}

static struct ending endings_take(struct pool *pool)
{
	struct ending top = pool->endings[0], last = pool->endings[--pool->ending_count];
	size_t at = 0;
	for (size_t child; (child = at * 2 + 1) < pool->ending_count; at = child) {
		if (child + 1 < pool->ending_count && pool->endings[child + 1].day < pool->endings[child].day)
			child++;
		if (pool->endings[child].day >= last.day)
			break;
		pool->endings[at] = pool->endings[child];
	}
	pool->endings[at] = last;
	return top;
}

static int32_t period_of(enum plan_period period, int32_t day)
{
	switch (period) {
	case PLAN_MONTH:
		return date_month_start(day);
	case PLAN_QUARTER:
		return date_quarter_start(day);
	case PLAN_YEAR:
		return date_year_start(day);
	default:
		return 0;
	}
}

/* The pool as it stands on the day of the deal. */
static struct pool *pool_at(struct reckoning *all, const struct reckon_deal *deal)
{
	struct pool *pool = &all->pools[deal->rule->pool];
	int32_t period = period_of(deal->rule->period, deal->perf);
	if (!pool->begun || pool->period != period) {
		pool->begun = true;
		pool->period = period;
		pool->amount = pool->paid_amount = 0;
		pool->units = pool->paid_units = 0;
		pool->ending_count = pool->retro_count = 0;
	}
	while (pool->ending_count && pool->endings[0].day <= deal->perf) {
		pool->amount -= endings_take(pool).amount;
		pool->units--;
	}
	return pool;
}

static void pool_add(struct pool *pool, const struct reckon_deal *deal)
{
	if (deal->ended <= deal->perf)
		return; /* never alive */
	pool->amount += deal->amount;
	pool->units++;
	if (deal->ended != RECKON_NEVER)
		endings_add(pool, (struct ending){ deal->ended, deal->amount });
}

/* ---- tiers ---- */

/* The tier that x has reached. */
static unsigned tier_of(const struct plan_rule *rule, __int128 x)
{
	unsigned tier = 0;
	while (tier + 1 < rule->tier_count &&
	       (rule->above ? x > rule->tiers[tier + 1].from : x >= rule->tiers[tier + 1].from))
		tier++;
	return tier;
}

static __int128 metric_of(const struct plan_rule *rule, __int128 amount, uint64_t units)
{
	return rule->metric == PLAN_AMOUNT ? amount : (__int128)units;
}

/* The part of (x, x + amount] that lies in the tier. */
static int64_t part_in(const struct plan_rule *rule, unsigned tier, __int128 x, int64_t amount)
{
	__int128 start = rule->tiers[tier].from, end = x + amount;
	if (tier + 1 < rule->tier_count && end > rule->tiers[tier + 1].from)
		end = rule->tiers[tier + 1].from;
	if (start < x)
		start = x;
	return end > start ? (int64_t)(end - start) : 0;
}

__int128 reckon_marginal(const struct plan_rule *rule, __int128 x, int64_t amount)
{
	__int128 sum = 0;
	for (unsigned tier = 0; tier < rule->tier_count; tier++)
		sum += (__int128)part_in(rule, tier, x, amount) * rule->tiers[tier].value;
	return sum;
}

/* ---- lines ---- */

static int64_t rounded(__int128 fen_micro)
{
	return (int64_t)number_round(fen_micro, NUMBER_ONE);
}

static void put(struct reckoning *all, struct reckon_line line, struct reckon_part part)
{
	line.parts = &part;
	line.part_count = 1;
	all->line(all->arg, &line);
}

static void put_fixed(struct reckoning *all, struct reckon_line line)
{
	line.gross = all->deals[line.deal].rule->tiers[0].value;
	all->line(all->arg, &line);
}

/* All of the deal at one rate. */
static void put_rate(struct reckoning *all, struct reckon_line line, int64_t rate)
{
	int64_t amount = all->deals[line.deal].amount;
	line.gross = rounded((__int128)amount * rate);
	put(all, line, (struct reckon_part){ amount, rate });
}

static void put_marginal(struct reckoning *all, struct reckon_line line, const struct pool *pool)
{
	const struct reckon_deal *deal = &all->deals[line.deal];
	const struct plan_rule *rule = deal->rule;
	if (rule->metric == PLAN_UNITS) {
		put_rate(all, line, rule->tiers[tier_of(rule, (__int128)pool->units + 1)].value);
		return;
	}
	while (all->part_room < rule->tier_count)
		heap_grow(all->parts, all->part_room, &all->part_room);
	for (unsigned tier = 0; tier < rule->tier_count; tier++) {
		int64_t amount = part_in(rule, tier, pool->amount, deal->amount);
		if (amount)
			all->parts[line.part_count++] = (struct reckon_part){ amount, rule->tiers[tier].value };
	}
	line.parts = all->parts;
	line.gross = rounded(reckon_marginal(rule, pool->amount, deal->amount));
	all->line(all->arg, &line);
}

/* Two lines whose sum is rounded once; what the first one's rounding leaves is the second's.
 * By largest remainder: the fen goes to the line that lost more. */
static bool put_addon(struct reckoning *all, struct reckon_line line, const struct pool *pool)
{
	const struct reckon_deal *deal = &all->deals[line.deal];
	const struct plan_rule *rule = deal->rule;
	__int128 x = metric_of(rule, pool->amount + deal->amount, pool->units + 1);
	unsigned tier = tier_of(rule, x);
	if (!tier) {
		put_rate(all, line, rule->tiers[0].value);
		return true;
	}
	__int128 base = (__int128)deal->amount * rule->tiers[0].value;
	__int128 more = (__int128)deal->amount * rule->tiers[tier].value;
	__int128 total = number_round(base + more, NUMBER_ONE);
	__int128 first = base / NUMBER_ONE, second = more / NUMBER_ONE, left = total - first - second;
	if (total > INT64_MAX)
		return false;
	if (left == 2 || (left == 1 && base % NUMBER_ONE >= more % NUMBER_ONE))
		first++;
	line.gross = (int64_t)first;
	put(all, line, (struct reckon_part){ deal->amount, rule->tiers[0].value });
	line.component = RECKON_TIER;
	line.gross = (int64_t)(total - first);
	put(all, line, (struct reckon_part){ deal->amount, rule->tiers[tier].value });
	return true;
}

#define NOT_REACHED ((__int128)1 << 126)

/* The metric at which a deal of this rule reaches the next tier. */
static __int128 next_of(const struct plan_rule *rule, unsigned tier)
{
	if (tier + 1 == rule->tier_count)
		return NOT_REACHED;
	return (__int128)rule->tiers[tier + 1].from + rule->above;
}

static void expect_next(struct pool *pool, const struct plan_rule *rule, unsigned tier)
{
	__int128 next = next_of(rule, tier);
	if (next < pool->next[rule->metric])
		pool->next[rule->metric] = next;
}

static void expect_nothing(struct pool *pool)
{
	pool->next[PLAN_UNITS] = pool->next[PLAN_AMOUNT] = NOT_REACHED;
}

/* A paid deal moves the period's total: earlier ones may have reached more. */
static void put_adjustments(struct reckoning *all, struct pool *pool, int32_t day)
{
	expect_nothing(pool);
	for (size_t i = 0; i < pool->retro_count; i++) {
		size_t at = pool->retro[i];
		const struct reckon_deal *deal = &all->deals[at];
		unsigned tier = tier_of(deal->rule, metric_of(deal->rule, pool->paid_amount, pool->paid_units));
		int64_t rate = deal->rule->tiers[tier].value;
		expect_next(pool, deal->rule, tier);
		if (rate == all->rate[at])
			continue;
		int64_t target = rounded((__int128)deal->amount * rate);
		struct reckon_line line = { .deal = at, .component = RECKON_RETRO, .day = day,
			.gross = target - all->written[at] };
		put(all, line, (struct reckon_part){ deal->amount, rate - all->rate[at] });
		all->written[at] = target;
		all->rate[at] = rate;
	}
}

static void put_retro(struct reckoning *all, struct reckon_line line, struct pool *pool)
{
	const struct reckon_deal *deal = &all->deals[line.deal];
	const struct plan_rule *rule = deal->rule;
	unsigned tier = tier_of(rule, metric_of(rule, pool->paid_amount, pool->paid_units));
	all->rate[line.deal] = rule->tiers[tier].value;
	all->written[line.deal] = rounded((__int128)deal->amount * rule->tiers[tier].value);
	put_rate(all, line, rule->tiers[tier].value);
	if (!pool->retro_count)
		expect_nothing(pool);
	expect_next(pool, rule, tier);
	heap_grow(pool->retro, pool->retro_count, &pool->retro_room);
	pool->retro[pool->retro_count++] = line.deal;
}

/* One deal that is paid; the pool is as it was before. */
static bool reckon_deal(struct reckoning *all, size_t at, struct pool *pool)
{
	const struct reckon_deal *deal = &all->deals[at];
	struct reckon_line line = { .deal = at, .component = RECKON_BASE, .day = deal->perf };
	pool->paid_amount += deal->amount;
	pool->paid_units++;
	/* Versions of a rule may go by different metrics. */
	if (pool->retro_count && (pool->paid_amount >= pool->next[PLAN_AMOUNT] ||
	                          (__int128)pool->paid_units >= pool->next[PLAN_UNITS]))
		put_adjustments(all, pool, deal->perf);
	switch (deal->rule->mode) {
	case PLAN_FIXED:
		put_fixed(all, line);
		return true;
	case PLAN_RATE:
		put_rate(all, line, deal->rule->tiers[0].value);
		return true;
	case PLAN_MARGINAL:
		put_marginal(all, line, pool);
		return true;
	case PLAN_RETRO:
		put_retro(all, line, pool);
		return true;
	default:
		return put_addon(all, line, pool);
	}
}

bool reckon(const struct reckon_deal *deals, size_t count, unsigned pools,
            void (*line)(void *arg, const struct reckon_line *line), void *arg)
{
	struct reckoning all = { .deals = deals, .line = line, .arg = arg };
	struct arena arena = { 0 };
	bool fits = true;
	all.pools = arena_zero(&arena, pools, sizeof *all.pools);
	all.written = arena_zero(&arena, count, sizeof *all.written);
	all.rate = arena_zero(&arena, count, sizeof *all.rate);
	for (size_t i = 0; i < count && fits; i++) {
		struct pool *pool = pool_at(&all, &deals[i]);
		if (deals[i].ended == RECKON_NEVER)
			fits = reckon_deal(&all, i, pool);
		pool_add(pool, &deals[i]);
	}
	for (unsigned i = 0; i < pools; i++) {
		free(all.pools[i].endings);
		free(all.pools[i].retro);
	}
	free(all.parts);
	arena_release(&arena);
	return fits;
}
