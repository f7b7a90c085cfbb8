/* reckon: the vectors of crm-commission(1), and random deals under random plans against the
 * definitions, each deal reckoned anew from all others.   reckon [DEALS] */
#include "commission/reckon.h"

#include "gen.h"
#include "test.h"
#include "value/date.h"
#include "value/number.h"

enum { MOST = 40, MOST_RULES = 6, MOST_LINES = 4096 };

struct lines {
	struct reckon_line line[MOST_LINES];
	struct reckon_part part[MOST_LINES]; /* the first one */
	size_t count;
};

static void keep(void *arg, const struct reckon_line *line)
{
	struct lines *lines = arg;
	if (lines->count == MOST_LINES)
		return;
	lines->line[lines->count] = *line;
	if (line->part_count)
		lines->part[lines->count] = line->parts[0];
	lines->count++;
}

static int64_t total_of(const struct lines *lines, size_t deal)
{
	int64_t sum = 0;
	for (size_t i = 0; i < lines->count; i++)
		if (deal == SIZE_MAX || lines->line[i].deal == deal)
			sum += lines->line[i].gross;
	return sum;
}

static struct plan_rule rule_of(struct arena *arena, enum plan_mode mode, enum plan_metric metric, bool above,
                                const char *tiers)
{
	struct plan_rule rule = { .mode = mode, .metric = metric, .above = above, .period = PLAN_YEAR };
	const char *wrong = plan_parse_tiers(arena, view_of(tiers), &rule);
	CHECK(!wrong, "%s: %s", tiers, wrong ? wrong : "");
	return rule;
}

/* ---- vectors ---- */

#define AMOUNTS "0:1%;10000000:1.5%;30000000:2%"
#define UNITS "0:0.8%;10:1%;20:1.2%"

static const struct {
	enum plan_mode mode;
	enum plan_metric metric;
	bool above;
	const char *tiers;
	int64_t amounts[MOST]; /* yuan; ends with 0; the last one is repeated `times` */
	unsigned times;
	int64_t total; /* fen */
	const char *why;
} vectors[] = {
	{ PLAN_MARGINAL, PLAN_AMOUNT, false, AMOUNTS, { 10000000 }, 1, 10000000, "to the edge" },
	{ PLAN_MARGINAL, PLAN_AMOUNT, true, AMOUNTS, { 10000000 }, 1, 10000000, "to the edge, gt" },
	{ PLAN_MARGINAL, PLAN_AMOUNT, false, AMOUNTS, { 25000000 }, 1, 32500000, "into the second tier" },
	{ PLAN_MARGINAL, PLAN_AMOUNT, false, AMOUNTS, { 40000000 }, 1, 60000000, "through all" },
	{ PLAN_MARGINAL, PLAN_AMOUNT, false, AMOUNTS, { 8000000, 4000000 }, 5, 37000000, "in six deals: 28m" },
	{ PLAN_RETRO, PLAN_AMOUNT, false, AMOUNTS, { 10000000 }, 1, 15000000, "at the edge it is reached" },
	{ PLAN_RETRO, PLAN_AMOUNT, true, AMOUNTS, { 10000000 }, 1, 10000000, "at the edge it is not reached" },
	{ PLAN_RETRO, PLAN_AMOUNT, false, AMOUNTS, { 25000000 }, 1, 37500000, "one deal" },
	{ PLAN_RETRO, PLAN_AMOUNT, true, AMOUNTS, { 5000000, 10000000 }, 2, 37500000, "three deals" },
	{ PLAN_RETRO, PLAN_AMOUNT, false, AMOUNTS, { 40000000 }, 1, 80000000, "the third tier" },
	{ PLAN_RETRO, PLAN_AMOUNT, false, AMOUNTS, { 8000000, 4000000 }, 1, 18000000, "80, 60 and 40 thousand" },
	{ PLAN_ADDON, PLAN_UNITS, false, "0:1%;3:0.5%", { 1000000, 1000000, 2000000 }, 1, 5000000, "more from the third" },
	{ PLAN_ADDON, PLAN_UNITS, true, "0:1%;3:0.5%", { 1000000, 1000000, 2000000 }, 1, 4000000, "gt: from the fourth" },
	{ PLAN_ADDON, PLAN_AMOUNT, false, "0:1%;3000000:0.5%", { 1000000, 2000000 }, 1, 4000000, "by amount" },
	{ PLAN_MARGINAL, PLAN_UNITS, false, UNITS, { 1000000 }, 12, 10200000, "the tenth is of the second tier" },
	{ PLAN_MARGINAL, PLAN_UNITS, true, UNITS, { 1000000 }, 12, 10000000, "the tenth is of the first tier" },
	{ PLAN_RETRO, PLAN_UNITS, false, UNITS, { 1000000 }, 12, 12000000, "twelve deals" },
	{ PLAN_RETRO, PLAN_UNITS, true, UNITS, { 1000000 }, 12, 12000000, "twelve deals, gt" },
	{ PLAN_RATE, PLAN_UNITS, false, "0:1.5‰", { 1234567 }, 1, 185185, "1851.8505 yuan" },
	{ PLAN_FIXED, PLAN_UNITS, false, "0:2000.50", { 1, 2, 3 }, 1, 600150, "per deal" },
};

static void test_vectors(void)
{
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		struct arena arena = { 0 };
		struct plan_rule rule = rule_of(&arena, vectors[i].mode, vectors[i].metric, vectors[i].above, vectors[i].tiers);
		struct reckon_deal deals[MOST];
		size_t count = 0;
		for (const int64_t *amount = vectors[i].amounts; *amount; amount++)
			for (unsigned n = 0; n < (amount[1] ? 1 : vectors[i].times); n++)
				deals[count++] = (struct reckon_deal){ &rule, *amount * 100, (int32_t)n, RECKON_NEVER };
		struct lines lines = { .count = 0 };
		CHECK(reckon(deals, count, 1, keep, &lines), "it fits");
		CHECK(total_of(&lines, SIZE_MAX) == vectors[i].total, "%s, %s: %lld", plan_mode_names[vectors[i].mode],
		      vectors[i].why, (long long)total_of(&lines, SIZE_MAX));
		arena_release(&arena);
	}
}

static void test_lines(void)
{
	static const struct { size_t deal; enum reckon_component component; int64_t gross, rate; } retro[] = {
		{ 0, RECKON_BASE, 8000000, 10000 }, { 0, RECKON_RETRO, 4000000, 5000 }, { 1, RECKON_BASE, 6000000, 15000 } };
	struct arena arena = { 0 };
	struct plan_rule rule = rule_of(&arena, PLAN_RETRO, PLAN_AMOUNT, false, AMOUNTS);
	struct reckon_deal deals[] = { { &rule, 800000000, 1, RECKON_NEVER }, { &rule, 400000000, 2, RECKON_NEVER } };
	struct lines lines = { .count = 0 };
	reckon(deals, 2, 1, keep, &lines);
	CHECK(lines.count == 3, "base, adjustment, base");
	for (size_t i = 0; i < 3; i++)
		CHECK(lines.line[i].deal == retro[i].deal && lines.line[i].component == retro[i].component &&
		      lines.line[i].gross == retro[i].gross && lines.part[i].rate == retro[i].rate, "line %zu", i);
	/* A cancelled deal is not paid, and raises the tier only of deals made while it was alive. */
	struct plan_rule marginal = rule_of(&arena, PLAN_MARGINAL, PLAN_AMOUNT, false, AMOUNTS);
	struct reckon_deal alive[] = { { &marginal, 1000000000, 1, 5 }, { &marginal, 100, 4, RECKON_NEVER },
		{ &marginal, 100, 5, RECKON_NEVER } };
	lines.count = 0;
	reckon(alive, 3, 1, keep, &lines);
	CHECK(lines.count == 2 && lines.part[0].rate == 15000 && lines.part[1].rate == 10000, "until it ends");
	/* The parts of a deal that goes through three tiers. */
	struct reckon_deal wide = { &marginal, 3000000001, 1, RECKON_NEVER };
	lines.count = 0;
	reckon(&wide, 1, 1, keep, &lines);
	CHECK(lines.count == 1 && lines.line[0].part_count == 3, "three parts");
	/* Addon: half a fen each: rounded once, together, and split. */
	struct plan_rule addon = rule_of(&arena, PLAN_ADDON, PLAN_UNITS, false, "0:0.005;1:0.005");
	struct reckon_deal small = { &addon, 100, 1, RECKON_NEVER };
	lines.count = 0;
	reckon(&small, 1, 1, keep, &lines);
	CHECK(lines.count == 2 && lines.line[0].gross == 1 && lines.line[1].gross == 0, "1 fen, to the first line");
	struct plan_rule twice = rule_of(&arena, PLAN_ADDON, PLAN_UNITS, false, "0:1;1:1");
	struct reckon_deal huge = { &twice, INT64_MAX, 1, RECKON_NEVER };
	CHECK(!reckon(&huge, 1, 1, keep, &lines), "twice the largest amount does not fit");
	arena_release(&arena);
}

/* ---- tiers as text, and which rule holds ---- */

static void test_tiers(void)
{
	static const struct { enum plan_mode mode; enum plan_metric metric; const char *text, *wrong; } table[] = {
		{ PLAN_MARGINAL, PLAN_AMOUNT, "0:0.2%; 1000万:0.003 ;1亿:4‰", NULL },
		{ PLAN_MARGINAL, PLAN_UNITS, "0:1", NULL },
		{ PLAN_RATE, PLAN_UNITS, "0.01", "a tier is written as threshold:value, such as 10:0.01" },
		{ PLAN_RATE, PLAN_UNITS, "0:0.01;5:0.02", "fixed and rate have one tier, such as 0:0.01" },
		{ PLAN_RETRO, PLAN_UNITS, "0:0.01;", "a tier is written as threshold:value, such as 10:0.01" },
		{ PLAN_RETRO, PLAN_UNITS, "1:0.01", "thresholds begin with 0 and grow from one to the next" },
		{ PLAN_RETRO, PLAN_UNITS, "0:0.01;5:0.02;5:0.03", "thresholds begin with 0 and grow from one to the next" },
		{ PLAN_RETRO, PLAN_UNITS, "0:0.01;1.5:0.02", "a threshold is a whole number of deals" },
		{ PLAN_RETRO, PLAN_AMOUNT, "0:0.01;many:0.02", "a threshold is an amount of yuan" },
		{ PLAN_RETRO, PLAN_AMOUNT, "0:1.5", "a rate lies between 0 and 1, such as 0.008 or 0.8%" },
		{ PLAN_RETRO, PLAN_AMOUNT, "0:-0.01", "a rate lies between 0 and 1, such as 0.008 or 0.8%" },
		{ PLAN_RETRO, PLAN_AMOUNT, "0:0.0000001", "a rate lies between 0 and 1, such as 0.008 or 0.8%" },
		{ PLAN_FIXED, PLAN_UNITS, "0:-5", "what is paid is an amount of yuan" },
		{ PLAN_FIXED, PLAN_UNITS, "0:5000", NULL },
		{ PLAN_RETRO, PLAN_UNITS, " 0：0.01；　１0 :１.5％ ", NULL },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct arena arena = { 0 };
		struct plan_rule rule = { .mode = table[i].mode, .metric = table[i].metric };
		const char *wrong = plan_parse_tiers(&arena, view_of(table[i].text), &rule);
		CHECK(wrong == table[i].wrong || (wrong && table[i].wrong && strcmp(wrong, table[i].wrong) == 0),
		      "%s: %s", table[i].text, wrong ? wrong : "good");
		arena_release(&arena);
	}
}

static void test_find(void)
{
	const struct plan_rule rules[] = {
		{ .rule_id = VIEW("all"), .from = 0, .to = 100 },
		{ .rule_id = VIEW("class"), .payee_class = VIEW("agent"), .from = 0, .to = 100 },
		{ .rule_id = VIEW("project"), .project = VIEW("P1"), .from = 50, .to = 100 },
		{ .rule_id = VIEW("both"), .project = VIEW("P1"), .payee_class = VIEW("agent"), .from = 100, .to = 100 },
	};
	static const struct { const char *project, *payee_class; int32_t day; const char *found; } table[] = {
		{ "P2", "broker", 0, "all" },  { "P2", "agent", 100, "class" },   { "P1", "agent", 49, "class" },
		{ "P1", "agent", 50, "project" }, { "P1", "agent", 100, "both" }, { "P1", "broker", 100, "project" },
		{ "P1", "agent", 101, "" }, { "P1", "agent", -1, "" },
	};
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		const struct plan_rule *found = plan_find(rules, 4, view_of(table[i].project),
		                                          view_of(table[i].payee_class), table[i].day);
		CHECK_TEXT(found ? found->rule_id : VIEW(""), view_of(table[i].found), "%s, %s, day %d", table[i].project,
		           table[i].payee_class, table[i].day);
	}
	struct plan_rule two[] = { { .from = 0, .to = 9, .pool = 0 }, { .from = 9, .to = 20, .pool = 1 } };
	size_t with;
	int32_t day;
	CHECK(plan_clash(two, 1, &with, &day) == PLAN_OVERLAPS && with == 0 && day == 9, "both ends are included");
	two[1].from = 10;
	CHECK(plan_clash(two, 1, &with, &day) == PLAN_AGREES, "one behind the other");
	two[1].pool = 0;
	two[1].period = PLAN_YEAR;
	CHECK(plan_clash(two, 1, &with, &day) == PLAN_PERIOD, "a rule has one period");
}

/* ---- random deals ---- */

struct random_case {
	struct plan_rule rules[MOST_RULES];
	struct plan_tier tiers[MOST_RULES][5];
	struct reckon_deal deals[MOST];
	size_t count;
};

static void make_rule(uint64_t *seed, struct plan_rule *rule, struct plan_tier tiers[5], unsigned pool,
                      enum plan_period period)
{
	*rule = (struct plan_rule){ .mode = (enum plan_mode)gen_below(seed, PLAN_MODES), .tiers = tiers, .pool = pool,
		.metric = (enum plan_metric)gen_below(seed, PLAN_METRICS), .above = gen_below(seed, 2), .period = period };
	bool single = rule->mode == PLAN_FIXED || rule->mode == PLAN_RATE;
	rule->tier_count = single ? 1 : (unsigned)gen_below(seed, 5) + 1;
	int64_t from = 0;
	for (unsigned i = 0; i < rule->tier_count; i++) {
		tiers[i] = (struct plan_tier){ from, (int64_t)gen_below(seed, 60000) };
		from += (int64_t)gen_below(seed, rule->metric == PLAN_UNITS ? 6 : 500) + 1;
		if (rule->metric == PLAN_AMOUNT)
			from = from / 100 * 100; /* edges are met */
		if (from <= tiers[i].from)
			from = tiers[i].from + 1;
	}
}

static void make_case(uint64_t *seed, struct random_case *made)
{
	enum plan_period periods[3];
	for (unsigned pool = 0; pool < 3; pool++)
		periods[pool] = (enum plan_period)gen_below(seed, PLAN_PERIODS);
	for (unsigned i = 0; i < MOST_RULES; i++)
		make_rule(seed, &made->rules[i], made->tiers[i], i % 3, periods[i % 3]);
	made->count = (size_t)gen_below(seed, MOST) + 1;
	int32_t day = 19000;
	for (size_t i = 0; i < made->count; i++) {
		day += (int32_t)(gen_below(seed, 4) ? gen_below(seed, 3) : gen_below(seed, 40));
		int64_t amount = (int64_t)gen_below(seed, 300);
		if (gen_below(seed, 2))
			amount = amount / 100 * 100;
		int32_t ended = gen_below(seed, 4) ? RECKON_NEVER : day + (int32_t)gen_below(seed, 60) - 5;
		made->deals[i] = (struct reckon_deal){ &made->rules[gen_below(seed, MOST_RULES)], amount, day, ended };
	}
}

static bool same_period(enum plan_period period, int32_t a, int32_t b)
{
	struct civil x = date_civil(a), y = date_civil(b);
	return period == PLAN_PROJECT ||
	       (x.year == y.year && (period == PLAN_YEAR || (period == PLAN_QUARTER && (x.month - 1) / 3 == (y.month - 1) / 3) ||
	                             x.month == y.month));
}

/* The highest tier that the metric reaches, looked for from above. */
static int64_t value_at(const struct plan_rule *rule, int64_t x)
{
	for (unsigned i = rule->tier_count; i-- > 1;)
		if (rule->above ? x > rule->tiers[i].from : x >= rule->tiers[i].from)
			return rule->tiers[i].value;
	return rule->tiers[0].value;
}

/* All that x brings from 0 on: each tier adds what its rate is more than that of the one before. */
static int64_t integral(const struct plan_rule *rule, int64_t x)
{
	int64_t sum = 0, before = 0;
	for (unsigned i = 0; i < rule->tier_count; i++) {
		if (x > rule->tiers[i].from)
			sum += (rule->tiers[i].value - before) * (x - rule->tiers[i].from);
		before = rule->tiers[i].value;
	}
	return sum;
}

static int64_t half_up(int64_t millionths) { return (millionths + 500000) / 1000000; }

/* What deal number `at` is paid in all, by the definitions. */
static int64_t by_definition(const struct random_case *made, size_t at)
{
	const struct reckon_deal *deal = &made->deals[at];
	const struct plan_rule *rule = deal->rule;
	int64_t before = 0, units_before = 0, in_all = 0, units_in_all = 0, b = deal->amount;
	for (size_t i = 0; i < made->count; i++) {
		const struct reckon_deal *other = &made->deals[i];
		if (other->rule->pool != rule->pool || !same_period(rule->period, other->perf, deal->perf))
			continue;
		if (other->ended == RECKON_NEVER) {
			in_all += other->amount;
			units_in_all++;
		}
		if (i < at && other->ended > deal->perf) {
			before += other->amount;
			units_before++;
		}
	}
	bool units = rule->metric == PLAN_UNITS;
	switch (rule->mode) {
	case PLAN_FIXED:
		return rule->tiers[0].value;
	case PLAN_RATE:
		return half_up(b * rule->tiers[0].value);
	case PLAN_MARGINAL:
		return units ? half_up(b * value_at(rule, units_before + 1))
		             : half_up(integral(rule, before + b) - integral(rule, before));
	case PLAN_RETRO:
		return half_up(b * value_at(rule, units ? units_in_all : in_all));
	default: {
		int64_t extra = value_at(rule, units ? units_before + 1 : before + b);
		bool reached = rule->tier_count > 1 &&
		               (rule->above ? (units ? units_before + 1 : before + b) > rule->tiers[1].from
		                            : (units ? units_before + 1 : before + b) >= rule->tiers[1].from);
		return half_up(b * (rule->tiers[0].value + (reached ? extra : 0)));
	}
	}
}

/* Each line's parts make its amount, a base line stands for each paid deal, and so on. */
static bool lines_are_sound(const struct random_case *made, const struct lines *lines)
{
	size_t bases[MOST] = { 0 };
	for (size_t i = 0; i < lines->count; i++) {
		const struct reckon_line *line = &lines->line[i];
		const struct reckon_deal *deal = &made->deals[line->deal];
		if (deal->ended != RECKON_NEVER || line->day < deal->perf)
			return false;
		if (line->component != RECKON_RETRO && line->day != deal->perf)
			return false;
		bases[line->deal] += line->component == RECKON_BASE;
	}
	for (size_t i = 0; i < made->count; i++)
		if (bases[i] != (made->deals[i].ended == RECKON_NEVER))
			return false;
	return true;
}

static void test_random(uint64_t deals)
{
	uint64_t seed = 3, done = 0;
	unsigned wrong = 0, unsound = 0;
	struct random_case *made = heap_alloc(sizeof *made);
	struct lines *lines = heap_alloc(sizeof *lines);
	while (done < deals) {
		make_case(&seed, made);
		lines->count = 0;
		reckon(made->deals, made->count, 3, keep, lines);
		unsound += !lines_are_sound(made, lines);
		for (size_t i = 0; i < made->count; i++) {
			bool paid = made->deals[i].ended == RECKON_NEVER;
			wrong += total_of(lines, i) != (paid ? by_definition(made, i) : 0);
		}
		done += made->count;
	}
	CHECK(!wrong, "%llu random deals as the definitions say: %u are not", (unsigned long long)done, wrong);
	CHECK(!unsound, "lines of random deals: %u are not sound", unsound);
	free(made);
	free(lines);
}

/* What is taken back is what was given. */
static void test_mirror(void)
{
	uint64_t seed = 4;
	unsigned wrong = 0;
	for (unsigned i = 0; i < 10000; i++) {
		__int128 x = (__int128)gen_int64(&seed) * (int64_t)gen_below(&seed, 1000001);
		wrong += number_round(-x, NUMBER_ONE) != -number_round(x, NUMBER_ONE);
	}
	CHECK(!wrong, "rounding is its own mirror");
}

int main(int argc, char **argv)
{
	uint64_t deals = 20000;
	if (argc > 1 && !view_parse_u64(view_of(argv[1]), 1, 1000000000, &deals))
		return 2;
	test_vectors();
	test_lines();
	test_tiers();
	test_find();
	test_random(deals);
	test_mirror();
	return test_end();
}
