/* crm-commission: what is owed to whom for which deal, line by line.  Sorts the deals by
 * payee, unless they are; keeps the deals of one payee.
 *
 * A row becomes a deal with the rule that pays it; each payee's deals are reckoned together
 * (commission/reckon.h), by performance date and order. */
#include <stdlib.h>

#include "cli/cli.h"
#include "commission/plan.csv.h"
#include "commission/reckon.h"
#include "engine/group.h"
#include "table/model.h"
#include "table/rules.h"
#include "value/date.h"
#include "value/money.h"
#include "value/number.h"

struct counts_of_rows {
	uint64_t cancelled, others, later, without_payee;
	__int128 gross;       /* of all lines */
};

struct commission {
	/* Options. */
	const char *key_text, *payee_text, *class_text, *amount_text, *at_text, *types_text;
	bool total, sorted;
	/* From the header; COLUMN_NONE where there is none. */
	unsigned key, project, order_date, sign_date, at, perf, total_signed, total_ordered, amount;
	unsigned kind, type, status, reason, close;
	struct columns payee;
	struct view payee_class;
	int32_t as_of;
	struct plan_rule *rules;
	size_t rule_count;
	unsigned pools;
	struct counts_of_rows counts;
};

/* What of a row its payee's deals are made of, in front of its order. */
struct record {
	int64_t amount;
	uint32_t rule;        /* TAKEN_BACK: no deal, but the end of one */
	int32_t perf, ended;
};

enum { TAKEN_BACK = UINT32_MAX };

struct deal {
	struct record record;
	struct view order;
	struct group_record *row;
};

struct line {
	struct reckon_line line;
	size_t number; /* lines of one deal stay in the order in which they came */
	struct reckon_part *parts;
};

/* A worker's memory. */
struct scratch {
	struct counts_of_rows counts;
	struct line *lines;   /* of the payee under way */
	size_t line_count, line_room;
	struct arena *arena;
};

/* ---- a row ---- */

static struct view cell(const struct row *row, unsigned column)
{
	return column == COLUMN_NONE ? VIEW("") : row_value(row, column);
}

/* The first of the columns that is there and not empty. */
static unsigned first_filled(const struct row *row, const unsigned *columns, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (columns[i] != COLUMN_NONE && row_value(row, columns[i]).len)
			return columns[i];
	return COLUMN_NONE;
}

enum { NO_DATE = INT32_MAX };

/* Of the columns the first one that is filled; *day is NO_DATE where none is. */
static enum fate read_day(const struct row *row, struct task *task, const unsigned *columns, size_t count,
                          int32_t *day)
{
	int64_t moment;
	unsigned column = first_filled(row, columns, count);
	*day = NO_DATE;
	if (column == COLUMN_NONE)
		return FATE_USED;
	if (moment_parse_plain(row_value(row, column), &moment) == MOMENT_NONE)
		return row_reject(task, row, column, "bad_date", "not a date of the form YYYY-MM-DD [HH:MM[:SS]]");
	*day = moment_day(moment);
	return FATE_USED;
}

static bool is_one_of(struct view word, const char *list)
{
	for (struct view rest = view_of(list); rest.ptr;)
		if (view_equal(view_trim(view_cut(&rest, ',')), word))
			return true;
	return false;
}

/* The code of a status or reason, also where the ledger's own word stands there. */
static struct view code_of(const char *table, const char *column, struct view value)
{
	bool known;
	struct view code = model_code(view_of(table), view_of(column), value, &known);
	return code.len ? code : value;
}

enum standing { NO_DEAL, DEAL, ENDED, VOID, ENDS_ANOTHER };

/* Is the row a deal, one that was cancelled, or in a stream of events the end of one? */
static enum standing standing_of(const struct commission *all, const struct row *row)
{
	struct view status = cell(row, all->status);
	if (all->type != COLUMN_NONE) {
		struct view type = row_value(row, all->type);
		if (is_one_of(type, all->types_text))
			return DEAL;
		return model_takes_back(type) && is_one_of(status, all->types_text) ? ENDS_ANOTHER : NO_DEAL;
	}
	struct view kind = code_of("orders", "kind", cell(row, all->kind));
	if (kind.len && !view_is(kind, "subscribe"))
		return NO_DEAL;
	struct view reason = code_of("orders", "close_reason", cell(row, all->reason));
	status = code_of("contracts", "status", status);
	status = code_of("orders", "status", status);
	if (view_is(status, "void") || view_is(reason, "void"))
		return VOID;
	return is_one_of(reason, "refund,forfeit,overdue,swap,rename,change") ||
	                       (!reason.len && is_one_of(status, "refund,swap,change,reprice"))
	               ? ENDED : DEAL;
}

static enum fate read_dates(const struct commission *all, const struct row *row, struct task *task,
                            enum standing standing, struct record *record, int32_t *order_day)
{
	const unsigned ordered[] = { all->order_date, all->sign_date, all->at };
	const unsigned performed[] = { all->perf, all->at, all->order_date, all->sign_date };
	enum fate fate = read_day(row, task, ordered, 3, order_day);
	if (fate == FATE_USED)
		fate = read_day(row, task, performed, 4, &record->perf);
	record->ended = RECKON_NEVER;
	if (fate == FATE_USED && standing == ENDED)
		fate = read_day(row, task, &all->close, 1, &record->ended);
	if (fate != FATE_USED)
		return fate;
	if (record->perf == NO_DATE || *order_day == NO_DATE)
		return row_reject(task, row, COLUMN_NONE, "no_date", "no date");
	if (standing == ENDED && record->ended == NO_DATE)
		record->ended = DATE_MIN; /* without a date it never was */
	if (record->ended > all->as_of)
		record->ended = RECKON_NEVER;
	return FATE_USED;
}

static enum fate read_amount(const struct commission *all, const struct row *row, struct task *task,
                             struct record *record)
{
	const unsigned amounts[] = { all->amount, all->total_signed, all->total_ordered };
	unsigned column = first_filled(row, amounts, 3);
	if (column == COLUMN_NONE) {
		if (record->ended != RECKON_NEVER)
			return FATE_USED;
		if (all->rules[record->rule].mode == PLAN_FIXED && all->rules[record->rule].metric == PLAN_UNITS)
			return FATE_USED;
		return row_reject(task, row, COLUMN_NONE, "no_amount", "no amount");
	}
	if (!money_parse_plain(row_value(row, column), &record->amount) || record->amount < 0)
		return row_reject(task, row, column, "bad_amount", "not an amount of yuan of 0 or more, such as 1234.50");
	return FATE_USED;
}

/* A payee's deals come by performance date and order. */
static void put_record(struct group_item *item, const struct record *record, struct view order)
{
	uint32_t day = (uint32_t)(record->perf - DATE_MIN);
	for (int shift = 24; shift >= 0; shift -= 8)
		buf_byte(&item->order, (char)(day >> shift));
	key_put(&item->order, order);
	buf_put(&item->payload, view((const char *)record, sizeof *record));
	buf_put(&item->payload, order);
}

static enum fate leave_out(uint64_t *count)
{
	++*count;
	return FATE_LEFT_OUT;
}

static enum fate reject_no_rule(const struct commission *all, const struct row *row, struct task *task,
                                int32_t order_day)
{
	struct civil day = date_civil(order_day);
	if (!all->payee_class.len)
		return row_reject(task, row, COLUMN_NONE, "no_rule", "no rule of the plan holds for a deal ordered on %04d-%02d-%02d",
		                  day.year, day.month, day.day);
	return row_reject(task, row, COLUMN_NONE, "no_rule",
	                  "no rule of the plan holds for a deal ordered on %04d-%02d-%02d and the class %.*s",
	                  day.year, day.month, day.day, VIEW_ARGS(all->payee_class));
}

static enum fate map_row(const void *tool, void *memory, const struct row *row, struct group_item *item,
                         struct task *task)
{
	const struct commission *all = tool;
	struct counts_of_rows *counts = &((struct scratch *)memory)->counts;
	struct record record = { 0 };
	struct view order = row_value(row, all->key);
	enum standing standing = standing_of(all, row);
	int32_t order_day;
	if (standing == NO_DEAL)
		return leave_out(&counts->others);
	if (!row_value(row, all->payee.at[0]).len)
		return leave_out(&counts->without_payee);
	if (standing == VOID)
		return leave_out(&counts->cancelled);
	if (!order.len)
		return row_reject(task, row, all->key, "no_order", "no number of the deal");
	enum fate fate = read_dates(all, row, task, standing, &record, &order_day);
	if (fate != FATE_USED)
		return fate;
	if (record.perf > all->as_of || order_day > all->as_of)
		return leave_out(&counts->later);
	if (standing == ENDS_ANOTHER) {
		record.rule = TAKEN_BACK;
		put_record(item, &record, order);
		return FATE_USED;
	}
	const struct plan_rule *rule = plan_find(all->rules, all->rule_count, cell(row, all->project),
	                                         all->payee_class, order_day);
	if (!rule && record.ended != RECKON_NEVER)
		return leave_out(&counts->cancelled);
	if (!rule)
		return reject_no_rule(all, row, task, order_day);
	record.rule = (uint32_t)(rule - all->rules);
	fate = read_amount(all, row, task, &record);
	if (fate == FATE_USED)
		put_record(item, &record, order);
	return fate;
}

static void close_scratch(void *tool, void *memory)
{
	struct counts_of_rows *counts = &((struct commission *)tool)->counts;
	struct scratch *scratch = memory;
	counts->cancelled += scratch->counts.cancelled;
	counts->others += scratch->counts.others;
	counts->later += scratch->counts.later;
	counts->without_payee += scratch->counts.without_payee;
	counts->gross += scratch->counts.gross;
	free(scratch->lines);
}

/* ---- the deals of one payee ---- */

/* Of rows with one order the one with the earliest day comes first, of one day what ends a deal,
 * whatever their order in the input. */
static int by_order(const void *a, const void *b)
{
	const struct deal *x = *(const struct deal *const *)a, *y = *(const struct deal *const *)b;
	int order = view_compare(x->order, y->order);
	if (order)
		return order;
	if (x->record.perf != y->record.perf)
		return x->record.perf < y->record.perf ? -1 : 1;
	if ((x->record.rule == TAKEN_BACK) != (y->record.rule == TAKEN_BACK))
		return x->record.rule == TAKEN_BACK ? -1 : 1;
	return view_compare(group_row(x->row), group_row(y->row));
}

static void end_deal(struct deal *deal, int32_t ended)
{
	if (deal->record.ended == RECKON_NEVER)
		deal->record.ended = ended;
}

/* Deals of one order, by day: in a stream the end of a deal is another row, which of one day
 * comes first.  A deal that stands there twice is paid once; one that was made after the end
 * of another, such as a contract of changed terms, is a deal of its own.  What is no deal to
 * go on with gets the rule TAKEN_BACK. */
static void settle_order(const struct commission *all, struct counts_of_rows *counts, struct group *group,
                         struct deal *const *same, size_t count)
{
	const struct deal *end = NULL; /* of a deal to come */
	struct deal *deal = NULL;
	for (size_t i = 0; i < count; i++) {
		struct record *record = &same[i]->record;
		if (record->rule == TAKEN_BACK) {
			same[i]->row->fate = leave_out(&counts->others);
			if (deal)
				end_deal(deal, record->perf);
			end = deal ? NULL : same[i];
			deal = NULL;
		} else if (deal && deal->record.ended > record->perf) {
			group_reject(group, same[i]->row, all->key, "repeated_order", "the same deal stands in another row");
			record->rule = TAKEN_BACK;
		} else {
			deal = same[i];
			if (end)
				end_deal(deal, end->record.perf);
			end = NULL;
		}
	}
}

/* The deals that are to be reckoned, in their order; returns how many. */
static size_t settle_orders(const struct commission *all, struct counts_of_rows *counts, struct group *group,
                            struct deal *deals)
{
	struct deal **sorted = arena_zero(group->arena, group->count, sizeof(struct deal *));
	size_t kept = 0;
	for (size_t i = 0; i < group->count; i++) {
		struct group_record *row = &group->records[i];
		deals[i].row = row;
		memcpy(&deals[i].record, row->payload.ptr, sizeof deals[i].record);
		deals[i].order = view_skip(row->payload, sizeof deals[i].record);
		sorted[i] = &deals[i];
	}
	qsort(sorted, group->count, sizeof(struct deal *), by_order);
	for (size_t start = 0, end; start < group->count; start = end) {
		for (end = start + 1; end < group->count && view_equal(sorted[end]->order, sorted[start]->order);)
			end++;
		settle_order(all, counts, group, sorted + start, end - start);
	}
	for (size_t i = 0; i < group->count; i++) {
		if (deals[i].record.rule == TAKEN_BACK)
			continue;
		if (deals[i].record.ended != RECKON_NEVER)
			deals[i].row->fate = leave_out(&counts->cancelled);
		deals[kept++] = deals[i];
	}
	return kept;
}

static void keep_line(void *arg, const struct reckon_line *line)
{
	struct scratch *scratch = arg;
	heap_grow(scratch->lines, scratch->line_count, &scratch->line_room);
	struct line *kept = &scratch->lines[scratch->line_count];
	*kept = (struct line){ .line = *line, .number = scratch->line_count };
	kept->parts = arena_zero(scratch->arena, line->part_count + 1, sizeof *kept->parts);
	if (line->part_count)
		memcpy(kept->parts, line->parts, line->part_count * sizeof *kept->parts);
	scratch->line_count++;
}

static int by_deal(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	if (x->line.deal != y->line.deal)
		return x->line.deal > y->line.deal ? 1 : -1;
	return x->number > y->number ? 1 : -1;
}

/* ---- output ---- */

/* One rate, or each part of the amount with its own: 0.01*2000000.00|0.015*500000.00 */
static void put_rates(struct out *out, const struct line *line)
{
	out_next(out);
	for (unsigned i = 0; i < line->line.part_count; i++) {
		if (i)
			buf_byte(&out->bytes, '|');
		number_format(line->parts[i].rate, &out->bytes);
		if (line->line.part_count > 1) {
			buf_byte(&out->bytes, '*');
			money_format(line->parts[i].amount, &out->bytes);
		}
	}
}

static void put_money(struct out *out, int64_t fen)
{
	out_next(out);
	money_format(fen, &out->bytes);
}

static void put_month(struct out *out, int32_t day)
{
	out_next(out);
	date_format_month(day, &out->bytes);
}

static void put_line(const struct commission *all, const struct group *group, const struct deal *deals,
                     const struct line *line)
{
	struct out *out = group->out;
	const struct deal *deal = &deals[line->line.deal];
	const struct plan_rule *rule = &all->rules[deal->record.rule];
	out_field(out, deal->order);
	out_field(out, group->key);
	put_month(out, line->line.day);
	out_plain(out, view_of(reckon_component_name(line->line.component)));
	put_money(out, deal->record.amount);
	put_rates(out, line);
	put_money(out, line->line.gross);
	out_field(out, rule->rule_id);
	out_field(out, rule->version);
	out_end(out);
}

static int by_day(const void *a, const void *b)
{
	const struct line *x = a, *y = b;
	return (x->line.day > y->line.day) - (x->line.day < y->line.day);
}

/* --total: a row for each month in which something falls due.  False where a sum does not fit. */
static bool put_totals(const struct group *group, const struct deal *deals, struct line *lines, size_t count)
{
	struct out *out = group->out;
	qsort(lines, count, sizeof *lines, by_day);
	for (size_t i = 0; i < count;) {
		int32_t day = lines[i].line.day, month = date_month_start(day);
		int64_t base = 0, gross = 0;
		uint64_t of_month = 0;
		for (; i < count && date_month_start(lines[i].line.day) == month; i++) {
			const struct reckon_line *line = &lines[i].line;
			bool first = line->component == RECKON_BASE;
			of_month += first;
			if ((first && !money_add(&base, deals[line->deal].record.amount)) ||
			    !money_add(&gross, line->gross))
				return false;
		}
		out_field(out, group->key);
		put_month(out, day);
		out_u64(out, of_month);
		put_money(out, base);
		put_money(out, gross);
		out_end(out);
	}
	return true;
}

static void put_lines(const struct commission *all, const struct group *group, const struct deal *deals,
                      struct line *lines, size_t count)
{
	if (count)
		qsort(lines, count, sizeof *lines, by_deal);
	for (size_t i = 0; i < count; i++)
		put_line(all, group, deals, &lines[i]);
}

/* Reckons a payee's deals and writes what comes of them. */
static void reckon_payee(const void *tool, void *memory, struct group *group)
{
	const struct commission *all = tool;
	struct scratch *scratch = memory;
	struct deal *deals = arena_zero(group->arena, group->count, sizeof *deals);
	size_t count = settle_orders(all, &scratch->counts, group, deals);
	struct reckon_deal *reckoned = arena_zero(group->arena, count + 1, sizeof *reckoned);
	for (size_t i = 0; i < count; i++) {
		const struct record *record = &deals[i].record;
		reckoned[i] = (struct reckon_deal){ &all->rules[record->rule], record->amount, record->perf, record->ended };
	}
	scratch->arena = group->arena;
	scratch->line_count = 0;
	bool fits = reckon(reckoned, count, all->pools, keep_line, scratch);
	for (size_t i = 0; i < scratch->line_count; i++)
		scratch->counts.gross += scratch->lines[i].line.gross;
	if (!all->total)
		put_lines(all, group, deals, scratch->lines, scratch->line_count);
	else
		fits = fits && put_totals(group, deals, scratch->lines, scratch->line_count);
	if (!fits)
		group_fatal(group, "a total is out of range");
}

static void write_header(const struct commission *all, struct run *run)
{
	static const char *const of_lines[] = { "order_id", "payee_id", "settle_period", "component", "base_amount",
		"rate", "gross", "rule_id", "version", NULL };
	static const char *const of_totals[] = { "payee_id", "settle_period", "deals", "base_amount", "gross", NULL };
	struct out out;
	out_init(&out, run->out_dialect);
	for (const char *const *name = all->total ? of_totals : of_lines; *name; name++)
		out_plain(&out, view_of(*name));
	run_write_header(run, &out);
	buf_release(&out.bytes);
}

/* ---- the plan ---- */

enum { RULE_ID, VERSION, PROJECT, PAYEE_CLASS, BASE, MODE, METRIC, PERIOD, TIERS, BOUNDARY, FROM, TO, PLAN_COLUMNS };

static const struct rules_column plan_columns[] = {
	[RULE_ID] = { "rule_id", RULES_KEY | RULES_FILLED },
	[VERSION] = { "version", RULES_KEY | RULES_FILLED },
	[PROJECT] = { "project", 0 },
	[PAYEE_CLASS] = { "payee_class", 0 },
	[BASE] = { "base", 0 },
	[MODE] = { "mode", RULES_FILLED },
	[METRIC] = { "tier_metric", 0 },
	[PERIOD] = { "tier_period", 0 },
	[TIERS] = { "tiers", RULES_FILLED },
	[BOUNDARY] = { "boundary", 0 },
	[FROM] = { "effective_from", RULES_FILLED },
	[TO] = { "effective_to", 0 },
	{ 0 }
};

static const char *const classes[] = { "consultant", "agent", "broker", NULL };

/* A word of the list; an empty cell is the one numbered `empty`. */
static int parse_word(const struct rules_line *line, int column, const char *const *words, int empty)
{
	struct buf list = { 0 };
	if (!line->cell[column].len)
		return empty;
	for (int i = 0; words[i]; i++)
		if (view_is(line->cell[column], words[i]))
			return i;
	for (int i = 0; words[i]; i++)
		buf_printf(&list, "%s%s", i ? ", " : "", words[i]);
	rules_wrong(line, column, "this is none of: %s", buf_string(&list));
}

static int32_t parse_day(const struct rules_line *line, int column, int32_t empty)
{
	int32_t day;
	if (!line->cell[column].len)
		return empty;
	if (!date_parse_rule(line->cell[column], &day))
		rules_wrong(line, column, "a date is wanted, such as 2025-01-01");
	return day;
}

static void parse_rule(struct arena *arena, const struct rules_line *line, struct plan_rule *rule)
{
	static const char *const bases[] = { "contract_total", "per_unit", NULL };
	static const char *const boundaries[] = { "ge", "gt", NULL };
	*rule = (struct plan_rule){ .rule_id = line->cell[RULE_ID], .version = line->cell[VERSION],
		.project = line->cell[PROJECT], .payee_class = line->cell[PAYEE_CLASS] };
	parse_word(line, PAYEE_CLASS, classes, 0);
	rule->mode = (enum plan_mode)parse_word(line, MODE, plan_mode_names, 0);
	rule->metric = (enum plan_metric)parse_word(line, METRIC, plan_metric_names, PLAN_UNITS);
	rule->period = (enum plan_period)parse_word(line, PERIOD, plan_period_names, PLAN_MONTH);
	rule->above = parse_word(line, BOUNDARY, boundaries, 0) == 1;
	if (parse_word(line, BASE, bases, rule->mode == PLAN_FIXED) != (rule->mode == PLAN_FIXED))
		rules_wrong(line, BASE, "fixed is paid per_unit, the other modes of contract_total");
	rule->from = parse_day(line, FROM, DATE_MIN);
	rule->to = parse_day(line, TO, DATE_MAX);
	if (rule->to < rule->from)
		rules_wrong(line, TO, "the version ends before it begins");
	const char *wrong = plan_parse_tiers(arena, line->cell[TIERS], rule);
	if (wrong)
		rules_wrong(line, TIERS, "%s", translate(wrong));
}

/* All versions of a rule have the number of the first one's. */
static unsigned pool_of(struct commission *all, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (view_equal(all->rules[i].rule_id, all->rules[at].rule_id))
			return all->rules[i].pool;
	return all->pools++;
}

static void load_plan(struct commission *all, struct run *run)
{
	static const struct rules_spec spec = { "plan", plan_csv, plan_columns };
	struct rules rules = rules_load(&run->arena, &spec, run->rules, run->add_rules);
	all->rules = arena_zero(&run->arena, rules.count + 1, sizeof *all->rules);
	for (size_t i = 0; i < rules.count; i++) {
		const struct rules_line *line = &rules.line[i];
		size_t with;
		int32_t day;
		parse_rule(&run->arena, line, &all->rules[i]);
		all->rules[i].pool = pool_of(all, i);
		all->rule_count = i + 1;
		enum plan_clash_kind clash = plan_clash(all->rules, i, &with, &day);
		if (clash == PLAN_PERIOD)
			rules_wrong(line, PERIOD, "version \"%.*s\" of the rule has another tier_period",
			            VIEW_ARGS(all->rules[with].version));
		if (clash == PLAN_OVERLAPS) {
			struct buf text = { 0 };
			date_format(day, &text);
			rules_wrong(line, FROM, "rule \"%.*s\" version \"%.*s\" holds for the same deals on %s",
			            VIEW_ARGS(all->rules[with].rule_id), VIEW_ARGS(all->rules[with].version),
			            buf_string(&text));
		}
	}
}

/* ---- the run ---- */

static const char default_key[] = "order_id", default_payee[] = "consultant_id";

/* The class of the payees: what --class says, or the column where it holds one class only in
 * all tables.  agent_id does not: in a stream of events it is the consultant of a deal, but
 * the broker of a report.  Of a plan that tells no classes apart nobody need say one. */
static struct view class_of(const struct commission *all)
{
	static const char *const columns[][2] = { { "consultant_id", "consultant" }, { "referrer_uid", "broker" },
		{ "broker_id", "broker" } };
	if (all->class_text)
		return view_of(all->class_text);
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
		if (strcmp(all->payee_text, columns[i][0]) == 0)
			return view_of(columns[i][1]);
	for (size_t i = 1; i < all->rule_count; i++)
		if (!view_equal(all->rules[i].payee_class, all->rules[0].payee_class))
			cli_wrong("--payee %s: the plan pays several classes; say --class consultant, agent or broker",
			          all->payee_text);
	return all->rule_count ? all->rules[0].payee_class : VIEW("");
}

static void settle(struct commission *all, struct run *run)
{
	if (all->class_text) {
		size_t i = 0;
		while (classes[i] && strcmp(classes[i], all->class_text) != 0)
			i++;
		if (!classes[i])
			cli_wrong("--class: consultant, agent or broker is wanted");
	}
	/* What an example pays is owed to nobody. */
	if (!run->rules)
		cli_wrong("no plan; name one with --rules (--print-rules prints an example)");
	load_plan(all, run);
	all->payee_class = class_of(all);
	all->as_of = moment_day(run->as_of);
}

/* The column that an option names, or the one that stands there where none is named. */
static struct columns column_or(struct arena *arena, const struct header *header, const char *option,
                                const char *given, const char *otherwise)
{
	struct columns columns = { arena_zero(arena, 1, sizeof *columns.at), 1 };
	columns.at[0] = given == otherwise ? header_need_from(header, view_of(otherwise), option, header_from_import)
	                                   : column_one(arena, header, option, given);
	return columns;
}

/* A customer is nobody's payee: the name or the uid of one makes a plan of as many payees as
 * deals. */
static void warn_of_customer(const struct run *run, struct view payee)
{
	static const char *const customers[] = { "uid", "hh_id", "cust_no", "cust_name", "cust_mobile", "name", "mobile" };
	for (size_t i = 0; i < sizeof customers / sizeof *customers; i++)
		if (view_is(payee, customers[i]))
			run_warn(run, "--payee: \"%s\" is a column of customers; a payee is named by consultant_id, agent_id or "
			         "referrer_uid", customers[i]);
}

/* The price of the order is not always that of the contract. */
static void warn_of_amount(const struct commission *all, const struct run *run)
{
	bool of_contract = false;
	for (size_t i = 0; i < all->rule_count; i++)
		of_contract |= all->rules[i].mode != PLAN_FIXED;
	if (of_contract && !all->amount_text && all->total_signed == COLUMN_NONE && all->total_ordered != COLUMN_NONE)
		run_warn(run, "no column \"contract_total\", by which the plan pays: \"deal_total\" is taken (--amount names one)");
}

static void resolve(struct commission *all, struct run *run, const struct header *header)
{
	struct arena *arena = &run->arena;
	all->key = column_or(arena, header, "--key", all->key_text, default_key).at[0];
	all->payee = column_or(arena, header, "--payee", all->payee_text, default_payee);
	all->project = header_find(header, VIEW("project_id"));
	if (all->project == COLUMN_NONE)
		all->project = header_find(header, VIEW("project"));
	all->order_date = header_find(header, VIEW("order_date"));
	all->sign_date = header_find(header, VIEW("sign_date"));
	all->at = header_find(header, VIEW("at"));
	all->perf = all->at_text ? column_one(arena, header, "--at", all->at_text)
	                         : header_find(header, VIEW("perf_date"));
	if (all->order_date == COLUMN_NONE && all->sign_date == COLUMN_NONE && all->at == COLUMN_NONE)
		all->order_date = all->at_text ? all->perf : header_need_from(header, VIEW("order_date"), "--at", header_from_import);
	all->amount = all->amount_text ? column_one(arena, header, "--amount", all->amount_text)
	                               : COLUMN_NONE;
	all->total_signed = all->total_ordered = COLUMN_NONE;
	if (!all->amount_text) {
		all->total_signed = header_find(header, VIEW("contract_total"));
		all->total_ordered = header_find(header, VIEW("deal_total"));
		all->amount = header_find(header, VIEW("amount"));
		if (all->total_signed == COLUMN_NONE && all->total_ordered == COLUMN_NONE)
			all->amount = header_need_from(header, VIEW("amount"), "--amount", header_from_import);
		else
			all->amount = COLUMN_NONE;
	}
	warn_of_customer(run, header->names[all->payee.at[0]]);
	warn_of_amount(all, run);
	all->kind = header_find(header, VIEW("kind"));
	all->type = header_find(header, VIEW("event_type"));
	all->status = header_find(header, VIEW("status"));
	all->reason = header_find(header, VIEW("close_reason"));
	all->close = header_find(header, VIEW("close_date"));
}

static void say_notes(const struct commission *all, struct run *run)
{
	const struct counts_of_rows *counts = &all->counts;
	struct buf text = { 0 };
	date_format(all->as_of, &text);
	run_note(run, "as of %s", buf_string(&text));
	if (counts->others)
		run_note(run, "rows that are no deals: %llu", (unsigned long long)counts->others);
	if (counts->later)
		run_note(run, "rows dated later: %llu", (unsigned long long)counts->later);
	if (counts->cancelled)
		run_note(run, "deals that were cancelled: %llu", (unsigned long long)counts->cancelled);
	if (counts->without_payee)
		run_note(run, "deals without a payee: %llu", (unsigned long long)counts->without_payee);
	if (counts->gross <= INT64_MAX) {
		buf_reset(&text);
		money_format((int64_t)counts->gross, &text);
		run_note(run, "commission in all: %s", buf_string(&text));
	}
	buf_release(&text);
}

static void work(struct commission *all, struct run *run)
{
	/* Rows without a payee are not left out by the engine: what is no deal needs none. */
	static const struct group_shape shape = { .row = map_row, .group = reckon_payee, .scratch = sizeof(struct scratch),
		.close = close_scratch, .keep_missing = true, .keep_rows = true };
	write_header(all, run);
	engine_group(run, &shape, all, all->payee, all->sorted);
	say_notes(all, run);
}

int main(int argc, char **argv)
{
	static struct commission all = { .key_text = default_key, .payee_text = default_payee, .types_text = "sign" };
	static const struct opt options[] = {
		OPT_COLUMNS('k', "key", &all.key_text, "column that names the deal; default order_id"),
		OPT_COLUMNS(0, "payee", &all.payee_text, "column of who is paid; default consultant_id"),
		OPT_TEXT(0, "class", &all.class_text, "WORD", "class of the payees: consultant, agent or broker"),
		OPT_COLUMNS(0, "at", &all.at_text, "column of the day that counts; default perf_date"),
		OPT_COLUMNS(0, "amount", &all.amount_text, "column of the money; default contract_total, deal_total"),
		OPT_TEXT(0, "types", &all.types_text, "LIST", "event types that are deals; default sign"),
		OPT_FLAG(0, "total", &all.total, "one row for each payee and month"),
		OPT_FLAG(0, "sorted", &all.sorted, "the input is sorted by payee: one of them in memory"),
		OPT_END
	};
	static const char *const examples[] = {
		"crm-commission --rules plan.csv --as-of 2025-06-30 orders.csv",
		"crm-commission -r plan.csv --payee agent_id --class consultant events.csv",
		NULL
	};
	static const struct cli_table tables[] = { { "plan", plan_csv }, { NULL, NULL } };
	static const struct tool tool = {
		.name = "crm-commission",
		.does = "Reckons what is owed to whom for which deal, by a plan with versions.",
		.usage = "[OPTION]... [FILE]...",
		.options = options,
		.shares = CLI_READS | CLI_WRITES | CLI_AS_OF | CLI_MEMORY | CLI_RULES,
		.examples = examples,
		.tables = tables,
	};
	struct run run;
	cli_start(&tool, &run, argc, argv);
	settle(&all, &run);
	const struct header *header = run_open(&run);
	if (header)
		resolve(&all, &run, header);
	run_open_output(&run);
	if (header)
		work(&all, &run);
	return run_finish(&run);
}
