/* crm-rfm: recency, frequency and money of each customer, as scores and tiers.  Keeps one
 * entry per customer.
 *
 * Rows are folded into one tally per key; the tallies' measures are ranked (rfm/score.h)
 * and written in the order of the keys.  With --partial the tallies themselves are written;
 * --merge reads them in place of rows. */
#include <stdlib.h>

#include "cli/cli.h"
#include "engine/fold.h"
#include "engine/partial.h"
#include "rfm/score.h"
#include "rfm/segments.csv.h"
#include "rfm/segments_rfm_r.csv.h"
#include "rfm/thresholds.csv.h"
#include "rule/row.h"
#include "table/model.h"
#include "table/rules.h"
#include "value/date.h"
#include "value/money.h"

enum method { QUANTILE, PUBLISHED, THRESHOLDS };
static const char *const method_names[] = { "quantile", "rfm-r", "thresholds", NULL };
static const char *const measure_names[] = { "recency", "frequency", "money" };

struct rfm {
	/* Options. */
	const char *key_text, *at_text, *amount_text, *types_text, *where_text, *segments_text;
	int scores;
	uint64_t bins, high;
	bool three_tiers;
	/* From the header. */
	struct columns key;
	unsigned at, amount, type, status; /* the last two may be COLUMN_NONE */
	bool all_types;
	struct view *types;
	size_t type_count;
	struct row_scope scope;
	struct row_condition where; /* no expression: every row */
	int64_t as_of;
	struct rfm_segment *segments;
	size_t segment_count;
	/* What was found. */
	uint64_t later, other; /* rows dated after as-of; rows that do not count */
	uint64_t no_key;       /* rows without a key, of the runs whose states are merged */
	int64_t *values[RFM_MEASURES];
	size_t count, room[RFM_MEASURES];
	uint64_t without_money, without_times;
	struct rfm_mean mean[RFM_MEASURES];
	struct rfm_cuts cuts[RFM_MEASURES];
	/* The output. */
	struct run *run;
	struct out out;
	struct partial *partial; /* with --partial and --merge */
};

struct scratch {
	struct expression_scratch where;
	uint64_t later, other, no_key;
};

/* What one row brings. */
struct item {
	int64_t money;
	uint32_t last; /* as in tally */
	int8_t count;  /* 1, 0 for what only takes money back, -1 for what takes back a time */
	bool priced;
};

/* A customer; 24 bytes.  The sum has 96 bits, so that the order of rows cannot decide
 * whether it fits in between. */
struct tally {
	uint64_t low;
	int64_t count;
	int32_t high;
	uint32_t last : 31;  /* day of the last time, counted from 1 at DATE_MIN; 0: none */
	uint32_t priced : 1; /* some row had an amount */
};

/* ---- rows ---- */

enum kind { OTHER, COUNTS, TAKES_BACK };

static bool is_listed(const struct rfm *rfm, struct view type)
{
	for (size_t i = 0; i < rfm->type_count; i++)
		if (view_equal(rfm->types[i], type))
			return true;
	return false;
}

/* A `cancel` says in `status` what it takes back; so do `swap`, `rename` and `change`, as what
 * comes in its place is an event of its own. */
static enum kind kind_of(const struct rfm *rfm, const struct row *row)
{
	if (rfm->all_types)
		return COUNTS;
	struct view type = row_value(row, rfm->type);
	if (is_listed(rfm, type))
		return COUNTS;
	bool cancels = rfm->status != COLUMN_NONE && model_takes_back(type);
	return cancels && is_listed(rfm, row_value(row, rfm->status)) ? TAKES_BACK : OTHER;
}

static enum fate keep(const struct rfm *rfm, struct scratch *scratch, const struct row *row, struct task *task)
{
	if (!rfm->where.expression)
		return FATE_USED;
	row_begin(&scratch->where);
	switch (row_holds(&rfm->scope, &rfm->where, &scratch->where, row, task)) {
	case ROW_YES:
		return FATE_USED;
	case ROW_REJECTED:
		return FATE_REJECTED;
	default:
		scratch->other++;
		return FATE_LEFT_OUT;
	}
}

static enum fate map(const void *tool, void *memory, const struct row *row, void *to, struct task *task)
{
	const struct rfm *rfm = tool;
	struct scratch *scratch = memory;
	struct item *item = to;
	enum fate fate = keep(rfm, scratch, row, task);
	if (fate != FATE_USED)
		return fate;
	enum kind kind = kind_of(rfm, row);
	if (kind == OTHER) {
		scratch->other++;
		return FATE_LEFT_OUT;
	}
	int64_t moment;
	struct view at = row_value(row, rfm->at), amount = row_value(row, rfm->amount);
	if (!at.len)
		return row_reject(task, row, rfm->at, "no_date", "no date");
	if (moment_parse_plain(at, &moment) == MOMENT_NONE)
		return row_reject(task, row, rfm->at, "bad_date", "not a date of the form YYYY-MM-DD [HH:MM[:SS]]");
	if (moment > rfm->as_of) {
		scratch->later++;
		return FATE_LEFT_OUT;
	}
	*item = (struct item){ .count = kind == COUNTS ? 1 : -1, .priced = amount.len > 0 };
	if (item->priced && !money_parse_plain(amount, &item->money))
		return row_reject(task, row, rfm->amount, "bad_amount", "not an amount of yuan such as 1234.50");
	if (kind == COUNTS && item->money < 0)
		item->count = 0;
	if (item->count > 0)
		item->last = (uint32_t)(moment_day(moment) - DATE_MIN + 1);
	return FATE_USED;
}

static void open_scratch(const void *tool, void *memory)
{
	const struct rfm *rfm = tool;
	struct scratch *scratch = memory;
	if (rfm->where.expression)
		row_scratch_init(&scratch->where, &rfm->scope);
}

static void close_scratch(void *tool, void *memory)
{
	struct rfm *rfm = tool;
	struct scratch *scratch = memory;
	if (rfm->where.expression)
		row_scratch_release(&scratch->where, &rfm->scope);
	rfm->later += scratch->later;
	rfm->other += scratch->other;
	rfm->no_key += scratch->no_key;
}

/* ---- tallies ---- */

static void add_money(struct tally *tally, uint64_t low, int32_t high)
{
	uint64_t sum = tally->low + low;
	tally->high += high + (sum < low);
	tally->low = sum;
}

static void add(const void *tool, struct arena *arena, void *state, const void *from)
{
	struct tally *tally = state;
	const struct item *item = from;
	(void)tool;
	(void)arena;
	add_money(tally, (uint64_t)item->money, item->money < 0 ? -1 : 0);
	tally->count += item->count;
	if (tally->last < item->last)
		tally->last = item->last & INT32_MAX;
	tally->priced |= item->priced;
}

static void merge(const void *tool, struct arena *arena, void *state, const void *from)
{
	struct tally *tally = state;
	const struct tally *other = from;
	(void)tool;
	(void)arena;
	add_money(tally, other->low, other->high);
	tally->count += other->count;
	if (tally->last < other->last)
		tally->last = other->last;
	tally->priced |= other->priced;
}

static __int128 money_of(const struct tally *tally) { return (__int128)tally->high * ((__int128)1 << 64) + tally->low; }

static int32_t last_day(const struct tally *tally) { return (int32_t)tally->last - 1 + DATE_MIN; }

/* The three measures, more being better; false for who has none (all was taken back). */
static bool measure(const struct rfm *rfm, const struct tally *tally, int64_t values[RFM_MEASURES])
{
	if (tally->count < 1)
		return false;
	__int128 money = money_of(tally);
	if (money > INT64_MAX || money < -INT64_MAX)
		die(STATUS_INPUT, "column \"%s\": a customer's sum is out of range", rfm->amount_text);
	values[RFM_R] = (int64_t)last_day(tally) - moment_day(rfm->as_of);
	values[RFM_F] = tally->count;
	values[RFM_M] = tally->priced ? (int64_t)money : RFM_MISSING;
	return true;
}

/* ---- tallies as lines of a partial state ---- */

/* What decides a tally, which scores and output do not. */
static struct view options_of(const struct rfm *rfm, struct buf *to)
{
	const char *const texts[] = { rfm->key_text, rfm->at_text, rfm->amount_text, rfm->types_text, rfm->where_text };
	buf_i64(to, rfm->as_of);
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		partial_part(to, texts[i] ? VIEW("given") : VIEW("default"), false);
		partial_part(to, texts[i] ? view_of(texts[i]) : VIEW(""), false);
	}
	return buf_view(to);
}

/* For fold_each(). */
struct writing {
	struct rfm *rfm;
	struct arena arena;
	struct view *values; /* of the key */
	struct buf text;
};

static void put_tally(void *arg, struct view key, void *state)
{
	struct writing *writing = arg;
	struct partial *partial = writing->rfm->partial;
	const struct tally *tally = state;
	const unsigned columns = writing->rfm->key.count;
	writing->values[0] = key;
	for (unsigned i = 0; columns > 1 && i < columns; i++)
		writing->values[i] = key_take(&key, &writing->arena);
	buf_reset(&writing->text);
	buf_i64(&writing->text, tally->count);
	partial_put(partial, writing->values, VIEW("times"), VIEW(""), buf_view(&writing->text));
	buf_reset(&writing->text);
	if (tally->last) {
		date_format(last_day(tally), &writing->text);
		partial_put(partial, writing->values, VIEW("last"), VIEW(""), buf_view(&writing->text));
	}
	buf_reset(&writing->text);
	if (tally->priced) {
		partial_put_number(&writing->text, money_of(tally));
		partial_put(partial, writing->values, VIEW("money"), VIEW(""), buf_view(&writing->text));
	}
	arena_reset(&writing->arena);
}

static void write_state(struct rfm *rfm, struct fold *fold, const struct header *header)
{
	struct writing writing = { .rfm = rfm };
	writing.values = arena_zero(&rfm->run->arena, rfm->key.count, sizeof *writing.values);
	struct view *names = arena_zero(&rfm->run->arena, rfm->key.count, sizeof *names);
	for (unsigned i = 0; i < rfm->key.count; i++)
		names[i] = header->names[rfm->key.at[i]];
	partial_begin(rfm->partial, header, names, rfm->key.count);
	partial_form(rfm->partial, header, &rfm->key);
	partial_put_count(rfm->partial, "later", rfm->later);
	partial_put_count(rfm->partial, "other", rfm->other);
	partial_put_count(rfm->partial, "no_key", fold_without_key(fold));
	fold_each(fold, put_tally, &writing);
	partial_end(rfm->partial);
	arena_release(&writing.arena);
	buf_release(&writing.text);
}

static bool parse_slot(const struct rfm *rfm, const struct partial_line *line, struct tally *tally)
{
	const int64_t most = 1000000000000000; /* times of one state */
	__int128 money;
	int32_t day;
	*tally = (struct tally){ 0 };
	if (view_is(line->slot, "times"))
		return view_parse_i64(line->value, -most, most, &tally->count);
	if (view_is(line->slot, "last")) {
		if (!date_parse_plain(line->value, &day) || day > moment_day(rfm->as_of))
			return false;
		tally->last = (uint32_t)(day - DATE_MIN + 1) & INT32_MAX;
		return true;
	}
	tally->priced = view_is(line->slot, "money");
	if (!tally->priced || !partial_parse_number(line->value, &money))
		return false;
	add_money(tally, (uint64_t)money, (int32_t)(money >> 64));
	return true;
}

/* A count of the whole run. */
static enum fate map_count(const struct rfm *rfm, struct scratch *scratch, const struct row *row,
                           const struct partial_line *line, struct task *task)
{
	uint64_t count;
	uint64_t *to = view_is(line->item, "later") ? &scratch->later : view_is(line->item, "other") ? &scratch->other
	             : view_is(line->item, "no_key") ? &scratch->no_key : NULL;
	if (!to)
		return partial_damaged(rfm->partial, row, task, PARTIAL_ITEM);
	if (!view_parse_u64(line->value, 0, UINT64_MAX, &count))
		return partial_damaged(rfm->partial, row, task, PARTIAL_VALUE);
	*to += count;
	return FATE_MERGED;
}

/* In place of map(), for --merge: the item is a tally. */
static enum fate map_line(const void *tool, void *memory, const struct row *row, void *to, struct task *task)
{
	const struct rfm *rfm = tool;
	struct partial_line line;
	enum fate fate = partial_read(rfm->partial, row, task, &line);
	if (fate != FATE_USED)
		return fate;
	if (!line.slot.len)
		return map_count(rfm, memory, row, &line, task);
	for (unsigned i = 0; i < rfm->key.count; i++)
		if (!row_value(row, rfm->key.at[i]).len)
			return partial_damaged(rfm->partial, row, task, PARTIAL_KEY);
	return parse_slot(rfm, &line, to) ? FATE_USED : partial_damaged(rfm->partial, row, task, PARTIAL_VALUE);
}

/* ---- ranking ---- */

static void collect(void *arg, struct view key, void *state)
{
	struct rfm *rfm = arg;
	int64_t values[RFM_MEASURES];
	(void)key;
	if (!measure(rfm, state, values)) {
		rfm->without_times++;
		return;
	}
	rfm->without_money += values[RFM_M] == RFM_MISSING;
	for (unsigned m = 0; m < RFM_MEASURES; m++) {
		heap_grow(rfm->values[m], rfm->count, &rfm->room[m]);
		rfm->values[m][rfm->count] = values[m];
		rfm_mean_add(&rfm->mean[m], values[m]);
	}
	rfm->count++;
}

static void rank(struct rfm *rfm)
{
	int64_t *spare = heap_alloc((rfm->count + 1) * sizeof *spare);
	unsigned bins = (unsigned)rfm->bins;
	bool few = rfm->count < bins;
	if (rfm->count && few)
		warn("fewer customers (%zu) than scores (%u)", rfm->count, bins);
	for (unsigned m = 0; m < RFM_MEASURES; m++) {
		int64_t *sorted = rfm->values[m];
		rfm_sort(sorted, spare, rfm->count);
		if (!few && sorted[0] == sorted[rfm->count - 1])
			warn("%s is the same for all %zu customers: it does not tell them apart (see --scores "
			     "thresholds)", translate(measure_names[m]), rfm->count);
		rfm->cuts[m] = rfm->scores == QUANTILE
		                       ? rfm_cuts_quantile(sorted, rfm->count, bins)
		                       : rfm_cuts_published(sorted, rfm->count, bins, m == RFM_M ? 100 : 1, m == RFM_R);
	}
	free(spare);
}

/* ---- output ---- */

static void put_scores(struct rfm *rfm, const unsigned score[RFM_MEASURES])
{
	struct out *out = &rfm->out;
	for (unsigned m = 0; m < RFM_MEASURES; m++)
		out_u64(out, score[m]);
	out_next(out);
	for (unsigned m = 0; m < RFM_MEASURES; m++) {
		if (m && rfm->bins > 9)
			buf_byte(&out->bytes, '-');
		buf_u64(&out->bytes, score[m]);
	}
}

static void put_key(struct rfm *rfm, struct view key)
{
	if (rfm->key.count == 1) {
		out_field(&rfm->out, key);
		return;
	}
	struct arena values = { 0 };
	for (unsigned i = 0; i < rfm->key.count; i++)
		out_field(&rfm->out, key_take(&key, &values));
	arena_release(&values);
}

static void emit(void *arg, struct view key, void *state)
{
	struct rfm *rfm = arg;
	struct out *out = &rfm->out;
	int64_t values[RFM_MEASURES];
	unsigned score[RFM_MEASURES];
	if (!measure(rfm, state, values))
		return;
	put_key(rfm, key);
	out_u64(out, (uint64_t)-values[RFM_R]);
	out_u64(out, (uint64_t)values[RFM_F]);
	out_next(out);
	if (values[RFM_M] != RFM_MISSING)
		money_format(values[RFM_M], &out->bytes);
	char sides[RFM_MEASURES];
	for (unsigned m = 0; m < RFM_MEASURES; m++) {
		score[m] = rfm_score(values[m], &rfm->cuts[m]);
		sides[m] = rfm_side(values[m], &rfm->mean[m]);
	}
	put_scores(rfm, score);
	enum rfm_tier tier = rfm_tier(score, (unsigned)rfm->high);
	if (tier == RFM_GROWING && rfm->three_tiers)
		tier = RFM_SLEEPING;
	out_plain(out, view_of(rfm_tier_name(tier)));
	out_plain(out, view(sides, RFM_MEASURES));
	if (rfm->segments_text)
		out_field(out, rfm_segment(rfm->segments, rfm->segment_count, score));
	out_end(out);
	if (out->bytes.len > 256 * 1024)
		run_write(rfm->run, out);
}

static void write_header(struct rfm *rfm, const struct header *header)
{
	static const char *const names[] = { "R_days", "frequency", "monetary", "R", "F", "M", "rfm", "tier",
		"seg8", NULL };
	out_init(&rfm->out, rfm->run->out_dialect);
	for (unsigned i = 0; i < rfm->key.count; i++)
		out_name(&rfm->out, header, rfm->key.at[i]);
	for (const char *const *name = names; *name; name++)
		out_plain(&rfm->out, view_of(*name));
	if (rfm->segments_text)
		out_plain(&rfm->out, VIEW("segment"));
	run_write_header(rfm->run, &rfm->out);
}

/* ---- rule tables ---- */

enum { MEASURE, BREAKPOINTS, THRESHOLD_COLUMNS };

static const struct rules_column threshold_columns[] = {
	[MEASURE] = { "measure", RULES_KEY | RULES_FILLED },
	[BREAKPOINTS] = { "breakpoints", RULES_FILLED },
	{ 0 }
};

/* Days: up to and with the breakpoint, so what is above minus one more day is the better
 * side.  The others: from the breakpoint on. */
static bool parse_breakpoint(enum rfm_measure measure, struct view text, int64_t *above)
{
	int64_t value;
	text = view_trim(text);
	if (measure == RFM_M ? !money_parse_plain(text, &value)
	                     : !view_parse_i64(text, 0, INT32_MAX, &value))
		return false;
	*above = (measure == RFM_R ? -value : value) - 1;
	return true;
}

/* Cuts ascend: the days of recency are written from the best score down, so they are taken
 * from the end. */
static struct rfm_cuts parse_breakpoints(const struct rules_line *line, enum rfm_measure measure)
{
	struct rfm_cuts cuts = { 0 };
	int64_t before = 0;
	for (struct view rest = line->cell[BREAKPOINTS]; rest.ptr;) {
		int64_t above;
		if (cuts.count == RFM_BINS_MOST - 1)
			rules_wrong(line, BREAKPOINTS, "more than %d breakpoints", RFM_BINS_MOST - 1);
		if (!parse_breakpoint(measure, view_cut(&rest, '|'), &above))
			rules_wrong(line, BREAKPOINTS, measure == RFM_M
			            ? "breakpoints are amounts of yuan with | between, such as 1000000|2000000"
			            : "breakpoints are whole numbers with | between, such as 30|90|180|365");
		if (cuts.count && (measure == RFM_R ? above >= before : above <= before))
			rules_wrong(line, BREAKPOINTS, "breakpoints must grow from one to the next");
		cuts.above[cuts.count++] = before = above;
	}
	for (unsigned i = 0; measure == RFM_R && i < cuts.count / 2; i++) {
		int64_t other = cuts.above[i];
		cuts.above[i] = cuts.above[cuts.count - 1 - i];
		cuts.above[cuts.count - 1 - i] = other;
	}
	return cuts;
}

static void load_thresholds(struct rfm *rfm, struct run *run)
{
	static const struct rules_spec spec = { "thresholds", thresholds_csv, threshold_columns };
	static const char letters[RFM_MEASURES][2] = { "R", "F", "M" };
	struct rules rules = rules_load(&run->arena, &spec, run->rules, run->add_rules);
	bool seen[RFM_MEASURES] = { false };
	for (size_t i = 0; i < rules.count; i++) {
		const struct rules_line *line = &rules.line[i];
		unsigned m = 0;
		while (m < RFM_MEASURES && !view_is(line->cell[MEASURE], letters[m]))
			m++;
		if (m == RFM_MEASURES)
			rules_wrong(line, MEASURE, "a measure is R, F or M");
		rfm->cuts[m] = parse_breakpoints(line, m);
		seen[m] = true;
		if (rfm->bins && rfm->bins != rfm->cuts[m].count + 1)
			rules_wrong(line, BREAKPOINTS, "%u breakpoints make %u scores, where there are %u above",
			            rfm->cuts[m].count, rfm->cuts[m].count + 1, (unsigned)rfm->bins);
		rfm->bins = rfm->cuts[m].count + 1;
	}
	for (unsigned m = 0; m < RFM_MEASURES; m++)
		if (!seen[m])
			die(STATUS_USAGE, "%s: no line for measure %s", rules.name, letters[m]);
}

enum { SEGMENT, R_MIN, R_MAX, F_MIN, F_MAX, M_MIN, M_MAX, SEGMENT_COLUMNS };

static const struct rules_column segment_columns[] = {
	[SEGMENT] = { "segment", RULES_FILLED },
	[R_MIN] = { "r_min", RULES_FILLED }, [R_MAX] = { "r_max", RULES_FILLED },
	[F_MIN] = { "f_min", RULES_FILLED }, [F_MAX] = { "f_max", RULES_FILLED },
	[M_MIN] = { "m_min", RULES_FILLED }, [M_MAX] = { "m_max", RULES_FILLED },
	{ 0 }
};

static unsigned parse_limit(const struct rules_line *line, int column, uint64_t least)
{
	uint64_t limit;
	if (!view_parse_u64(line->cell[column], least, RFM_BINS_MOST, &limit))
		rules_wrong(line, column, "a score from %u to %d is wanted", (unsigned)least, RFM_BINS_MOST);
	return (unsigned)limit;
}

/* --segments: `ten` and `rfm-r` are built in, anything else is a file. */
static void load_segments(struct rfm *rfm, struct run *run)
{
	static const struct rules_spec ten = { "segments", segments_csv, segment_columns };
	static const struct rules_spec published = { "segments-rfm-r", segments_rfm_r_csv, segment_columns };
	const char *text = rfm->segments_text;
	bool built_in = view_is(view_of(text), "ten") || view_is(view_of(text), "rfm-r");
	const struct rules_spec *spec = view_is(view_of(text), "rfm-r") ? &published : &ten;
	struct rules rules = rules_load(&run->arena, spec, built_in ? NULL : text, NULL);
	rfm->segments = arena_zero(&run->arena, rules.count, sizeof *rfm->segments);
	rfm->segment_count = rules.count;
	for (size_t i = 0; i < rules.count; i++) {
		const struct rules_line *line = &rules.line[i];
		rfm->segments[i].name = line->cell[SEGMENT];
		for (int m = 0; m < RFM_MEASURES; m++) {
			unsigned least = parse_limit(line, R_MIN + 2 * m, 1);
			rfm->segments[i].least[m] = least;
			rfm->segments[i].most[m] = parse_limit(line, R_MAX + 2 * m, least);
		}
	}
}

/* ---- the run ---- */

/* What is wrong whatever the data. */
static void settle(struct rfm *rfm, struct run *run)
{
	const struct place where = { .file = "--where" };
	if (rfm->scores != THRESHOLDS && (run->rules || run->add_rules))
		cli_wrong("--rules and --add-rules go with --scores thresholds");
	if (rfm->scores == THRESHOLDS && rfm->bins)
		cli_wrong("--bins: the table of thresholds says how many scores there are");
	if (rfm->scores == THRESHOLDS)
		load_thresholds(rfm, run);
	else if (!rfm->bins)
		rfm->bins = 5;
	if (rfm->bins < 2 || rfm->bins > RFM_BINS_MOST)
		cli_wrong("--bins: a number from 2 to %d is wanted", RFM_BINS_MOST);
	if (rfm->high > rfm->bins)
		cli_wrong("--high: there are only %u scores", (unsigned)rfm->bins);
	if (!rfm->high)
		rfm->high = rfm_high((unsigned)rfm->bins);
	if (rfm->segments_text)
		load_segments(rfm, run);
	if (rfm->where_text)
		row_condition_check(run, where, view_of(rfm->where_text));
	if (run->shard && !run->partial)
		cli_wrong("--shard goes with --partial: scores are of all customers together");
	rfm->run = run;
	rfm->as_of = run->as_of;
	if (!run->partial && !run->merge)
		return;
	struct buf options = { 0 };
	rfm->partial = partial_new(run, options_of(rfm, &options));
	buf_release(&options);
}

static void resolve_types(struct rfm *rfm, struct run *run, const struct header *header)
{
	const struct view name = VIEW("event_type");
	rfm->type = rfm->types_text && strcmp(rfm->types_text, "*") != 0
	                    ? header_need(header, name, "--types") : header_find(header, name);
	rfm->status = header_find(header, VIEW("status"));
	if (!rfm->types_text)
		rfm->types_text = rfm->type == COLUMN_NONE || rfm->where_text ? "*" : "sign";
	rfm->all_types = strcmp(rfm->types_text, "*") == 0;
	size_t most = 1;
	for (const char *at = rfm->types_text; *at; at++)
		most += *at == ',';
	rfm->types = arena_zero(&run->arena, most, sizeof *rfm->types);
	for (struct view rest = view_of(rfm->types_text); rest.ptr;) {
		struct view type = view_trim(view_cut(&rest, ','));
		if (type.len)
			rfm->types[rfm->type_count++] = type;
	}
}

static void resolve(struct rfm *rfm, struct run *run, const struct header *header)
{
	const struct place where = { .file = "--where" };
	rfm->key = columns_need(&run->arena, header, "--key", rfm->key_text);
	rfm->at = column_one(&run->arena, header, "--at", rfm->at_text);
	rfm->amount = column_one(&run->arena, header, "--amount", rfm->amount_text);
	resolve_types(rfm, run, header);
	row_scope_init(&rfm->scope, run, header);
	if (rfm->where_text)
		rfm->where = row_condition(&rfm->scope, VIEW("where"), where, view_of(rfm->where_text));
}

static void say_notes(struct rfm *rfm, struct run *run)
{
	struct buf moment = { 0 };
	if (rfm->no_key)
		run_note(run, "rows without a key: %llu", (unsigned long long)rfm->no_key);
	moment_format(rfm->as_of, &moment);
	run_note(run, "as of %s", buf_string(&moment));
	buf_release(&moment);
	if (rfm->other)
		run_note(run, "rows that do not count (--types, --where): %llu", (unsigned long long)rfm->other);
	if (rfm->later)
		run_note(run, "rows dated later: %llu", (unsigned long long)rfm->later);
	if (rfm->without_times)
		run_note(run, "customers without a row here, all being taken back: %llu",
		         (unsigned long long)rfm->without_times);
	if (rfm->without_money)
		run_note(run, "customers without any amount (m_missing): %llu; their M is 1",
		         (unsigned long long)rfm->without_money);
}

/* Scores who is in the fold and writes them. */
static void score(struct rfm *rfm, struct run *run, struct fold *fold, const struct header *header)
{
	fold_each(fold, collect, rfm);
	if (rfm->scores != THRESHOLDS)
		rank(rfm);
	for (unsigned m = 0; m < RFM_MEASURES; m++)
		free(rfm->values[m]);
	write_header(rfm, header);
	fold_sorted(fold, emit, rfm);
	run_write(run, &rfm->out);
	buf_release(&rfm->out.bytes);
}

static void work(struct rfm *rfm, struct run *run, const struct header *header)
{
	static const struct fold_shape shape = { .item = sizeof(struct item), .state = sizeof(struct tally),
		.map = map, .add = add, .merge = merge, .scratch = sizeof(struct scratch), .open = open_scratch,
		.close = close_scratch };
	resolve(rfm, run, header);
	run_open_output(run);
	struct fold *fold = engine_fold(run, &shape, rfm, rfm->key);
	if (run->partial)
		write_state(rfm, fold, header);
	else
		score(rfm, run, fold, header);
	fold_free(fold);
	say_notes(rfm, run);
	if (rfm->where.expression)
		row_condition_release(&rfm->where);
	row_scope_release(&rfm->scope);
}

static void merge_states(struct rfm *rfm, struct run *run)
{
	static const struct fold_shape shape = { .item = sizeof(struct tally), .state = sizeof(struct tally),
		.map = map_line, .add = merge, .merge = merge, .scratch = sizeof(struct scratch),
		.close = close_scratch, .keep_missing = true };
	const struct header *header = partial_open(rfm->partial);
	rfm->key.count = header->count;
	rfm->key.at = arena_zero(&run->arena, header->count + 1, sizeof *rfm->key.at);
	for (unsigned i = 0; i < header->count; i++)
		rfm->key.at[i] = 1 + i;
	struct fold *fold = engine_fold(run, &shape, rfm, rfm->key);
	header = partial_close(rfm->partial);
	for (unsigned i = 0; i < header->count; i++)
		rfm->key.at[i] = i;
	run_open_output(run);
	score(rfm, run, fold, header);
	fold_free(fold);
	say_notes(rfm, run);
}

int main(int argc, char **argv)
{
	static struct rfm rfm = { .key_text = "uid", .at_text = "at", .amount_text = "amount" };
	static const struct opt options[] = {
		OPT_COLUMNS('k', "key", &rfm.key_text, "columns that identify a customer; default uid"),
		OPT_COLUMNS(0, "at", &rfm.at_text, "column of the date; default at"),
		OPT_COLUMNS(0, "amount", &rfm.amount_text, "column of the money; default amount"),
		OPT_TEXT(0, "types", &rfm.types_text, "LIST", "event types that count, or *; default sign"),
		OPT_TEXT('w', "where", &rfm.where_text, "EXPR", "only rows for which it is true"),
		OPT_CHOICE(0, "scores", &rfm.scores, method_names, "quantile, rfm-r or thresholds"),
		OPT_COUNT(0, "bins", &rfm.bins, "scores to give, 2 to 100; default 5"),
		OPT_COUNT(0, "high", &rfm.high, "the score from which on one is high; default the middle"),
		OPT_FLAG(0, "three-tiers", &rfm.three_tiers, "growing customers count as sleeping"),
		OPT_FILE(0, "segments", &rfm.segments_text, "add a segment: ten, rfm-r, or a table of ranges"),
		OPT_END
	};
	static const char *const examples[] = {
		"crm-rfm --as-of 2025-06-30 events.csv",
		"crm-rfm -k cust_no --at order_date --amount revenue --scores rfm-r orders.csv",
		NULL
	};
	static const struct cli_table tables[] = { { "thresholds", thresholds_csv }, { "segments", segments_csv },
		{ "segments-rfm-r", segments_rfm_r_csv }, { NULL, NULL } };
	static const struct tool tool = {
		.name = "crm-rfm",
		.does = "Scores each customer by recency, frequency and money, and sorts them into tiers.",
		.usage = "[OPTION]... [FILE]...",
		.options = options,
		.shares = CLI_READS | CLI_WRITES | CLI_AS_OF | CLI_MEMORY | CLI_RULES | CLI_SHARDS | CLI_PARTIAL,
		.examples = examples,
		.tables = tables,
	};
	struct run run;
	cli_start(&tool, &run, argc, argv);
	settle(&rfm, &run);
	const struct header *header = run_open(&run);
	if (!header)
		run_open_output(&run);
	else if (run.merge)
		merge_states(&rfm, &run);
	else
		work(&rfm, &run, header);
	partial_free(rfm.partial);
	return run_finish(&run);
}
