/* event: see event.h. */
#include "event/event.h"

#include <stdlib.h>

#include "base/nearest.h"
#include "event/events.csv.h"
#include "table/model.h"
#include "value/date.h"
#include "value/money.h"
#include "value/number.h"

const char *const event_rules_csv = events_csv;

const char *const event_fields[EVENT_FIELDS] = {
	"event_id", "event_type", "at", "uid", "hh_id", "project", "region", "city", "channel", "channel2",
	"campaign_id", "agent_id", "room_id", "order_id", "prev_order_id", "product", "amount", "area", "grade", "status", "direction",
	"effective", "group_size", "referrer_uid", "item_type", "order_date", "src_table", "src_id", "when", "void",
};

enum { RULE_TABLE, RULE_TYPE, RULE_FIELD, RULE_VALUE };

static const struct rules_column rule_columns[] = {
	[RULE_TABLE] = { "table", RULES_KEY | RULES_FILLED },
	[RULE_TYPE] = { "event_type", RULES_KEY | RULES_FILLED },
	[RULE_FIELD] = { "field", RULES_KEY | RULES_FILLED },
	[RULE_VALUE] = { "value", RULES_NEED },
	{ NULL, 0 }
};

static const struct rules_spec rule_spec = { "events", events_csv, rule_columns };

struct event_rules {
	struct run *run;
	struct rules rules;
};

/* What a field's value becomes on its way out. */
enum form { FORM_PLAIN, FORM_CONDITION, FORM_TIME, FORM_MONEY, FORM_AREA, FORM_NUMBER };

/* A field with its expression; none: the field is empty (or the condition is not asked). */
struct part {
	struct expression *expression;
	struct view rule; /* its name in messages: "orders cancel amount" */
	enum form form;
};

struct kind {
	struct view type;
	struct part parts[EVENT_FIELDS];
};

struct event_plan {
	struct run *run;
	struct view table;
	struct row_scope scope;
	struct part void_part;
	struct kind *kinds;
	size_t count;
	struct event_registers *registers;
	unsigned *hashed; /* columns that a hash of the row is made of */
	unsigned hashed_count;
	struct view *names;
	uint64_t void_rows, silent_rows;
};

/* ---- rules: what can be said of them without a table ---- */

static enum form form_of(enum event_column field)
{
	switch (field) {
	case EVENT_WHEN:
	case EVENT_VOID:
		return FORM_CONDITION;
	case EVENT_AT:
	case EVENT_ORDER_DATE:
		return FORM_TIME;
	case EVENT_AMOUNT:
		return FORM_MONEY;
	case EVENT_AREA:
		return FORM_AREA;
	case EVENT_GROUP_SIZE:
		return FORM_NUMBER;
	default:
		return FORM_PLAIN;
	}
}

/* EVENT_FIELDS where the line's field is none that a rule can set. */
static enum event_column field_of(const struct rules_line *line)
{
	for (enum event_column field = EVENT_AT; field < EVENT_FIELDS; field++)
		if (field != EVENT_SRC_TABLE && view_is(line->cell[RULE_FIELD], event_fields[field]))
			return field;
	return EVENT_FIELDS;
}

/* Compiles a value; text where a time or a number is wanted is read as one. */
static struct part part_new(struct row_scope *scope, const struct rules_line *line, enum event_column field)
{
	struct arena *arena = &scope->run->arena;
	struct view value = line->cell[RULE_VALUE];
	struct place place = rules_place(line, RULE_VALUE);
	struct part part = { .form = form_of(field) };
	part.rule = view_of(arena_printf(arena, "%.*s %.*s %.*s", VIEW_ARGS(line->cell[RULE_TABLE]),
	                                 VIEW_ARGS(line->cell[RULE_TYPE]), VIEW_ARGS(line->cell[RULE_FIELD])));
	if (!value.len)
		return part;
	if (part.form == FORM_CONDITION) {
		part.expression = row_condition(scope, part.rule, place, value).expression;
		return part;
	}
	enum expression_type wanted = part.form == FORM_TIME ? EXPRESSION_TIME : EXPRESSION_NUMBER;
	part.expression = row_expression(scope, part.rule, place, value);
	enum expression_type type = expression_result_type(part.expression);
	if (part.form == FORM_PLAIN || type == wanted)
		return part;
	if (type != EXPRESSION_TEXT)
		rules_wrong(line, RULE_VALUE, "this is %s, where %s is wanted", expression_type_name(type),
		            expression_type_name(wanted));
	expression_release(part.expression);
	const char *read = arena_printf(arena, "%s(%.*s)", wanted == EXPRESSION_TIME ? "date" : "number", VIEW_ARGS(value));
	part.expression = row_expression(scope, part.rule, place, view_of(read));
	return part;
}

static void part_release(struct part *part)
{
	if (part->expression)
		expression_release(part->expression);
}

static bool is_word(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!byte_is_letter(text.ptr[i]) && !byte_is_digit(text.ptr[i]) && text.ptr[i] != '_')
			return false;
	return text.len > 0;
}

static void check_line(struct row_scope *scope, const struct rules_line *line)
{
	struct view type = line->cell[RULE_TYPE], name = line->cell[RULE_FIELD];
	enum event_column field = field_of(line);
	if (field == EVENT_FIELDS) {
		struct view names[EVENT_FIELDS];
		for (size_t i = 0; i < EVENT_FIELDS; i++)
			names[i] = view_of(event_fields[i]);
		struct view nearest = nearest_view(name, names + EVENT_AT, EVENT_FIELDS - EVENT_AT);
		if (nearest.len)
			rules_wrong(line, RULE_FIELD, "no field \"%.*s\"; did you mean \"%.*s\"?", VIEW_ARGS(name), VIEW_ARGS(nearest));
		rules_wrong(line, RULE_FIELD, "no field \"%.*s\"", VIEW_ARGS(name));
	}
	if (!view_is(type, "*") && !is_word(type))
		rules_wrong(line, RULE_TYPE, "an event type is one word of letters, digits and _");
	if (view_is(line->cell[RULE_TABLE], "*") && !view_is(type, "*"))
		rules_wrong(line, RULE_TYPE, "a line for all tables is for all their events: *");
	if (field == EVENT_VOID && !view_is(type, "*"))
		rules_wrong(line, RULE_TYPE, "a row is void for all events of its table: *");
	struct part part = part_new(scope, line, field);
	part_release(&part);
}

struct event_rules *event_rules_load(struct run *run)
{
	struct event_rules *rules = arena_zero(&run->arena, 1, sizeof *rules);
	rules->run = run;
	rules->rules = rules_load(&run->arena, &rule_spec, run->rules, run->add_rules);
	struct row_scope scope;
	row_scope_init(&scope, run, NULL);
	for (size_t i = 0; i < rules->rules.count; i++)
		check_line(&scope, &rules->rules.line[i]);
	expression_scope_release(&scope.expressions);
	return rules;
}

bool event_rules_know(const struct event_rules *rules, struct view table, struct view *nearest)
{
	size_t count = rules->rules.count;
	struct view *names = arena_zero(&rules->run->arena, count + 1, sizeof *names);
	for (size_t i = 0; i < count; i++) {
		names[i] = rules->rules.line[i].cell[RULE_TABLE];
		if (view_equal(names[i], table))
			return true;
	}
	*nearest = nearest_view(table, names, count);
	return false;
}

/* ---- the plan of a table ---- */

static const struct rules_line *line_of(const struct rules *rules, struct view table, struct view type,
                                        enum event_column field)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rules_line *line = &rules->line[i];
		if (view_equal(line->cell[RULE_TABLE], table) && view_equal(line->cell[RULE_TYPE], type) &&
		    view_is(line->cell[RULE_FIELD], event_fields[field]))
			return line;
	}
	return NULL;
}

/* What is said of the event goes before what is said of its table, and that before all. */
static const struct rules_line *nearest_line(const struct rules *rules, struct view table, struct view type,
                                             enum event_column field)
{
	const struct view all = VIEW("*");
	const struct rules_line *line = line_of(rules, table, type, field);
	if (!line)
		line = line_of(rules, table, all, field);
	return line ? line : line_of(rules, all, all, field);
}

/* Does the expression read any column that is there?  One that reads none is a constant. */
static bool has_column(const struct expression *expression)
{
	const unsigned *columns;
	size_t count = expression_columns(expression, &columns);
	for (size_t i = 0; i < count; i++)
		if (columns[i] != COLUMN_NONE)
			return true;
	return count == 0;
}

static _Noreturn void no_date_column(const struct event_plan *plan, const struct header *header, struct view wanted)
{
	die_at(STATUS_INPUT, (struct place){ header->file, 1, 0 },
	       "no column dates an event of table \"%.*s\"; the rules want: %.*s%s", VIEW_ARGS(plan->table), VIEW_ARGS(wanted),
	       translate(header_from_import));
}

/* False where the file has no column that could date the event: that must not be so of an
 * event that every row makes. */
static bool kind_init(struct event_plan *plan, const struct rules *rules, struct kind *kind, struct view type,
                      const struct header *header, struct view *wanted)
{
	struct view at = VIEW("");
	bool dated = true;
	*kind = (struct kind){ .type = type };
	for (enum event_column field = EVENT_AT; field < EVENT_VOID; field++) {
		const struct rules_line *line = nearest_line(rules, plan->table, type, field);
		if (line)
			kind->parts[field] = part_new(&plan->scope, line, field);
		if (field != EVENT_AT)
			continue;
		if (!kind->parts[field].expression) {
			line = line ? line : line_of(rules, plan->table, type, EVENT_WHEN);
			die_at(STATUS_USAGE, line ? rules_place(line, RULES_LINE) : (struct place){ .file = rules->name },
			       "event \"%.*s\" of table \"%.*s\" has no field \"at\"", VIEW_ARGS(type), VIEW_ARGS(plan->table));
		}
		at = line->cell[RULE_VALUE];
		dated = has_column(kind->parts[field].expression);
	}
	if (!dated && !kind->parts[EVENT_WHEN].expression)
		no_date_column(plan, header, at);
	*wanted = wanted->len ? *wanted : at;
	return dated;
}

static bool has_kind(const struct view *types, size_t count, struct view type)
{
	for (size_t i = 0; i < count; i++)
		if (view_equal(types[i], type))
			return true;
	return false;
}

static void plan_kinds(struct event_plan *plan, const struct rules *rules, const struct header *header)
{
	struct arena *arena = &plan->run->arena;
	struct view *types = arena_zero(arena, rules->count + 1, sizeof *types), wanted = VIEW("");
	size_t count = 0, dated = 0;
	for (size_t i = 0; i < rules->count; i++) {
		struct view type = rules->line[i].cell[RULE_TYPE];
		if (view_equal(rules->line[i].cell[RULE_TABLE], plan->table) && !view_is(type, "*") &&
		    !has_kind(types, count, type))
			types[count++] = type;
	}
	plan->kinds = arena_zero(arena, count + 1, sizeof *plan->kinds);
	plan->count = count;
	for (size_t i = 0; i < count; i++)
		dated += kind_init(plan, rules, &plan->kinds[i], types[i], header, &wanted);
	if (!dated)
		no_date_column(plan, header, wanted);
}

/* What import and the tools behind it added is no part of the record: a line that moved, or
 * a customer who was recognised, leaves the hash as it was. */
static bool is_added(struct view name)
{
	static const char *const added[] = { "src_file", "src_line", "issues", "uid", "hh_id", "match_rule" };
	for (size_t i = 0; i < sizeof added / sizeof *added; i++)
		if (view_is(name, added[i]))
			return true;
	return false;
}

struct event_plan *event_plan_new(const struct event_rules *rules, struct view table, const struct header *header,
                                  struct event_registers *registers)
{
	struct run *run = rules->run;
	struct event_plan *plan = arena_zero(&run->arena, 1, sizeof *plan);
	plan->run = run;
	plan->table = arena_copy(&run->arena, table);
	plan->registers = registers;
	row_scope_init(&plan->scope, run, header);
	plan->scope.table.lenient = true;
	plan_kinds(plan, &rules->rules, header);
	const struct rules_line *line = nearest_line(&rules->rules, table, VIEW("*"), EVENT_VOID);
	if (line)
		plan->void_part = part_new(&plan->scope, line, EVENT_VOID);
	plan->names = header->names;
	plan->hashed = arena_zero(&run->arena, header->count, sizeof *plan->hashed);
	for (unsigned i = 0; i < header->count; i++)
		if (!is_added(header->names[i]))
			plan->hashed[plan->hashed_count++] = i;
	return plan;
}

void event_plan_release(struct event_plan *plan)
{
	struct run *run = plan->run;
	char *table = arena_string(&run->arena, plan->table);
	if (plan->void_rows)
		run_note(run, "%s: left out as void: %llu", table, (unsigned long long)plan->void_rows);
	if (plan->silent_rows)
		run_note(run, "%s: left out, no event by the rules: %llu", table, (unsigned long long)plan->silent_rows);
	part_release(&plan->void_part);
	for (size_t i = 0; i < plan->count; i++)
		for (size_t field = 0; field < EVENT_FIELDS; field++)
			part_release(&plan->kinds[i].parts[field]);
	row_scope_release(&plan->scope);
}

/* ---- rows ---- */

void event_scratch_init(struct event_scratch *scratch, const struct event_plan *plan)
{
	*scratch = (struct event_scratch){ .events = heap_alloc(plan->count * sizeof *scratch->events) };
	row_scratch_init(&scratch->expressions, &plan->scope);
}

void event_scratch_release(struct event_scratch *scratch, struct event_plan *plan)
{
	event_tally_merge(&plan->registers->unknown_projects, &scratch->unknown_projects);
	event_tally_merge(&plan->registers->unknown_channels, &scratch->unknown_channels);
	event_tally_release(&scratch->unknown_projects);
	event_tally_release(&scratch->unknown_channels);
	plan->void_rows += scratch->void_rows;
	plan->silent_rows += scratch->silent_rows;
	row_scratch_release(&scratch->expressions, &plan->scope);
	buf_release(&scratch->text);
	free(scratch->events);
}

/* Writes the value as the stream has it.  False where it is out of the form's range. */
static bool write_value(enum form form, enum expression_type type, const struct expression_value *value, struct buf *to)
{
	__int128 whole;
	if (form != FORM_MONEY && form != FORM_AREA) {
		expression_format(type, value, to);
		return true;
	}
	/* Fen of yuan, hundredths of square metres: both are millionths by ten thousand. */
	whole = number_round(value->number, NUMBER_ONE / 100);
	if (whole > INT64_MAX || whole < INT64_MIN)
		return false;
	if (form == FORM_MONEY)
		money_format((int64_t)whole, to);
	else
		area_format((int64_t)whole, to);
	return true;
}

/* The cell of a field; false where the row is rejected. */
static bool make_cell(const struct part *part, struct event_scratch *scratch, const struct row *row, struct task *task,
                      struct view *cell)
{
	struct expression_value value;
	*cell = view("", 0);
	if (!part->expression)
		return true;
	if (!row_compute(part->expression, part->rule, &scratch->expressions, row, task, &value))
		return false;
	enum expression_type type = expression_result_type(part->expression);
	if (value.state == EXPRESSION_MISSING)
		return true;
	if (type == EXPRESSION_TEXT || type == EXPRESSION_LIST) {
		*cell = value.text;
		return true;
	}
	buf_reset(&scratch->text);
	if (!write_value(part->form, type, &value, &scratch->text)) {
		row_reject(task, row, COLUMN_NONE, "out_of_range", "%.*s: a number or time out of range", VIEW_ARGS(part->rule));
		return false;
	}
	*cell = arena_pack(&scratch->expressions.arena, buf_view(&scratch->text));
	return true;
}

enum answer { ANSWER_NO, ANSWER_YES, ANSWER_REJECTED };

static enum answer ask(const struct part *part, bool otherwise, struct event_scratch *scratch, const struct row *row,
                       struct task *task)
{
	struct expression_value value;
	if (!part->expression)
		return otherwise ? ANSWER_YES : ANSWER_NO;
	if (!row_compute(part->expression, part->rule, &scratch->expressions, row, task, &value))
		return ANSWER_REJECTED;
	return value.state == EXPRESSION_VALUE && value.truth ? ANSWER_YES : ANSWER_NO;
}

static void look_up(const struct event_plan *plan, struct event_scratch *scratch, struct event *event)
{
	struct view given[REGISTER_GIVES], *cell = event->cell;
	if (plan->registers->projects.table && cell[EVENT_PROJECT].len) {
		if (event_register_find(&plan->registers->projects, cell[EVENT_PROJECT], &scratch->text, given)) {
			cell[EVENT_PROJECT] = given[0];
			cell[EVENT_REGION] = given[1];
			cell[EVENT_CITY] = given[2];
		} else {
			event_tally_add(&scratch->unknown_projects, cell[EVENT_PROJECT], 1);
		}
	}
	if (plan->registers->channels.table && cell[EVENT_CHANNEL].len) {
		if (event_register_find(&plan->registers->channels, cell[EVENT_CHANNEL], &scratch->text, given)) {
			cell[EVENT_CHANNEL] = given[0];
			cell[EVENT_CHANNEL2] = given[1];
		} else {
			event_tally_add(&scratch->unknown_channels, cell[EVENT_CHANNEL], 1);
		}
	}
}

/* XXH3 of the values that are there, under their names: empty columns do not count. */
static struct view hash_of_row(const struct event_plan *plan, struct event_scratch *scratch, const struct row *row)
{
	struct buf *text = &scratch->text;
	buf_reset(text);
	for (unsigned i = 0; i < plan->hashed_count; i++) {
		struct view value = row_value(row, plan->hashed[i]);
		if (!value.len)
			continue;
		buf_put(text, plan->names[plan->hashed[i]]);
		buf_byte(text, '\0');
		buf_put(text, value);
		buf_byte(text, '\0');
	}
	return view_of(arena_printf(&scratch->expressions.arena, "%016llx", (unsigned long long)hash_fixed(buf_view(text))));
}

enum made { MADE, NOT_MADE, NO_DATE, BAD_DATE, REJECTED };

static enum made make_event(const struct event_plan *plan, const struct kind *kind, struct event_scratch *scratch,
                            const struct row *row, struct task *task, struct event *event)
{
	enum answer answer = ask(&kind->parts[EVENT_WHEN], true, scratch, row, task);
	if (answer != ANSWER_YES)
		return answer == ANSWER_NO ? NOT_MADE : REJECTED;
	size_t doubt = scratch->expressions.doubt;
	scratch->expressions.doubt = 0;
	if (!make_cell(&kind->parts[EVENT_AT], scratch, row, task, &event->cell[EVENT_AT]))
		return REJECTED;
	bool doubted = scratch->expressions.doubt != 0;
	if (!doubted)
		scratch->expressions.doubt = doubt;
	if (!event->cell[EVENT_AT].len)
		return doubted ? BAD_DATE : NO_DATE;
	event->cell[EVENT_TYPE] = kind->type;
	for (enum event_column field = EVENT_UID; field < EVENT_COLUMNS; field++)
		if (field != EVENT_SRC_TABLE && !make_cell(&kind->parts[field], scratch, row, task, &event->cell[field]))
			return REJECTED;
	look_up(plan, scratch, event);
	event->cell[EVENT_SRC_TABLE] = plan->table;
	event->hashed = !event->cell[EVENT_SRC_ID].len;
	return MADE;
}

static enum fate reject_undated(const struct event_plan *plan, bool bad, const struct row *row, struct task *task)
{
	if (bad)
		return row_reject(task, row, COLUMN_NONE, "bad_date", "no date of table \"%.*s\" can be read", VIEW_ARGS(plan->table));
	return row_reject(task, row, COLUMN_NONE, "no_date", "no date in a row of table \"%.*s\"", VIEW_ARGS(plan->table));
}

/* The row is used, but an event of it is not in the stream: a deal that ended without a day
 * would still be counted. */
static void doubt_undated(const struct event_plan *plan, struct view type, const struct row *row, struct task *task)
{
	if (model_takes_back(type))
		row_doubt(task, row, COLUMN_NONE, "no_close_date", "closed without a date: no event \"%.*s\" is made of this row of table \"%.*s\"",
		          VIEW_ARGS(type), VIEW_ARGS(plan->table));
	else
		row_doubt(task, row, COLUMN_NONE, "no_date", "no event \"%.*s\" is made of this row of table \"%.*s\": it has no date",
		          VIEW_ARGS(type), VIEW_ARGS(plan->table));
}

enum fate event_row(const struct event_plan *plan, struct event_scratch *scratch, const struct row *row,
                    struct task *task)
{
	const struct kind *undated = NULL; /* the first one that lacks its date */
	bool bad = false;
	struct view hash = { NULL, 0 };
	scratch->count = 0;
	row_begin(&scratch->expressions);
	enum answer is_void = ask(&plan->void_part, false, scratch, row, task);
	if (is_void == ANSWER_REJECTED)
		return FATE_REJECTED;
	if (is_void == ANSWER_YES) {
		scratch->void_rows++;
		return FATE_LEFT_OUT;
	}
	for (size_t i = 0; i < plan->count; i++) {
		struct event *event = &scratch->events[scratch->count];
		memset(event, 0, sizeof *event);
		enum made made = make_event(plan, &plan->kinds[i], scratch, row, task, event);
		if (made == REJECTED)
			return FATE_REJECTED;
		if (made == MADE && event->hashed) {
			hash = hash.ptr ? hash : hash_of_row(plan, scratch, row);
			event->cell[EVENT_SRC_ID] = hash;
		}
		if (!undated && (made == NO_DATE || made == BAD_DATE))
			undated = &plan->kinds[i];
		bad |= made == BAD_DATE;
		scratch->count += made == MADE;
	}
	if (row_refused(&plan->scope, &scratch->expressions, row, task))
		return FATE_REJECTED;
	bool strict = undated && (run_strict(plan->run, bad ? "bad_date" : "no_date") ||
	                          (model_takes_back(undated->type) && run_strict(plan->run, "no_close_date")));
	if (undated && (!scratch->count || strict))
		return reject_undated(plan, bad, row, task);
	if (undated)
		doubt_undated(plan, undated->type, row, task);
	scratch->silent_rows += !scratch->count;
	return scratch->count ? FATE_USED : FATE_LEFT_OUT;
}
