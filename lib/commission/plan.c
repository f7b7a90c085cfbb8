/* plan: see plan.h. */
#include "commission/plan.h"

#include "base/fail.h"
#include "value/money.h"
#include "value/number.h"
#include "value/text.h"

const char *const plan_mode_names[] = { "fixed", "rate", "marginal", "retro", "addon", NULL };
const char *const plan_metric_names[] = { "units", "amount", NULL };
const char *const plan_period_names[] = { "month", "quarter", "year", "project", NULL };

/* ---- tiers ---- */

/* Signs and blanks of a Chinese keyboard as the ASCII that they mean. */
static struct view folded(struct arena *arena, struct view text)
{
	struct buf memory = { 0 };
	text_fold(text, &memory);
	struct view copy = arena_copy(arena, buf_view(&memory));
	buf_release(&memory);
	return copy;
}

static bool parse_money(struct view text, int64_t *fen)
{
	struct money_found found;
	if (money_parse(text, MONEY_YUAN, &found) != MONEY_OK || found.about || found.min < 0)
		return false;
	*fen = found.min;
	return true;
}

static const char *parse_tier(struct view text, const struct plan_rule *rule, struct plan_tier *tier)
{
	struct view value = text, from = view_trim(view_cut(&value, ':'));
	uint64_t units;
	if (!value.ptr)
		return TRANSLATED("a tier is written as threshold:value, such as 10:0.01");
	value = view_trim(value);
	if (rule->metric == PLAN_AMOUNT) {
		if (!parse_money(from, &tier->from))
			return TRANSLATED("a threshold is an amount of yuan");
	} else if (view_parse_u64(from, 0, INT32_MAX, &units)) {
		tier->from = (int64_t)units;
	} else {
		return TRANSLATED("a threshold is a whole number of deals");
	}
	if (rule->mode == PLAN_FIXED)
		return parse_money(value, &tier->value) ? NULL : TRANSLATED("what is paid is an amount of yuan");
	if (rate_parse(value, &tier->value) != NUMBER_OK || tier->value < 0 || tier->value > NUMBER_ONE)
		return TRANSLATED("a rate lies between 0 and 1, such as 0.008 or 0.8%");
	return NULL;
}

const char *plan_parse_tiers(struct arena *arena, struct view text, struct plan_rule *rule)
{
	size_t most = 1;
	text = folded(arena, text);
	for (size_t i = 0; i < text.len; i++)
		most += text.ptr[i] == ';';
	struct plan_tier *tiers = arena_zero(arena, most, sizeof *tiers);
	unsigned count = 0;
	for (struct view rest = text; rest.ptr;) {
		const char *wrong = parse_tier(view_cut(&rest, ';'), rule, &tiers[count]);
		if (wrong)
			return wrong;
		if (count ? tiers[count].from <= tiers[count - 1].from : tiers[0].from != 0)
			return TRANSLATED("thresholds begin with 0 and grow from one to the next");
		count++;
	}
	if (count > 1 && (rule->mode == PLAN_FIXED || rule->mode == PLAN_RATE))
		return TRANSLATED("fixed and rate have one tier, such as 0:0.01");
	rule->tiers = tiers;
	rule->tier_count = count;
	return NULL;
}

/* ---- which rule ---- */

/* Higher is more special; -1: the rule does not hold for it. */
static int rank(const struct plan_rule *rule, struct view project, struct view payee_class)
{
	if ((rule->project.len && !view_equal(rule->project, project)) ||
	    (rule->payee_class.len && !view_equal(rule->payee_class, payee_class)))
		return -1;
	return (rule->project.len ? 2 : 0) + (rule->payee_class.len ? 1 : 0);
}

const struct plan_rule *plan_find(const struct plan_rule *rules, size_t count, struct view project,
                                  struct view payee_class, int32_t order_day)
{
	const struct plan_rule *found = NULL;
	int best = -1;
	for (size_t i = 0; i < count; i++) {
		if (order_day < rules[i].from || order_day > rules[i].to)
			continue;
		int its = rank(&rules[i], project, payee_class);
		if (its > best) {
			best = its;
			found = &rules[i];
		}
	}
	return found;
}

enum plan_clash_kind plan_clash(const struct plan_rule *rules, size_t at, size_t *with, int32_t *day)
{
	const struct plan_rule *rule = &rules[at];
	for (size_t i = 0; i < at; i++) {
		const struct plan_rule *other = &rules[i];
		*with = i;
		*day = rule->from > other->from ? rule->from : other->from;
		bool both = *day <= rule->to && *day <= other->to;
		if (both && view_equal(rule->project, other->project) &&
		    view_equal(rule->payee_class, other->payee_class))
			return PLAN_OVERLAPS;
		if (rule->pool == other->pool && rule->period != other->period)
			return PLAN_PERIOD;
	}
	return PLAN_AGREES;
}
