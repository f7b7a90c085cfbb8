/* expression_functions: the table of functions, and their code.
 *
 * One line says all of a function: how it is called, what it takes and gives, its code, its
 * sentence and example of the manual.  The examples are tests, and the manual's list is
 * printed from here (tests/unit/expression.c compares them). */
#include "rule/expression_tree.h"
#include "value/date.h"
#include "value/idcard.h"
#include "value/number.h"
#include "value/phone.h"
#include "value/text.h"

/* What a function with apply() is given. */
#define GIVEN                                                          \
	__attribute__((unused)) const struct node *node,               \
	__attribute__((unused)) const struct run *run,                 \
	__attribute__((unused)) const struct expression_value *x

static struct expression_value out_of_range(void)
{
	return (struct expression_value){ .state = EXPRESSION_RANGE };
}

static struct expression_value whole(int64_t number)
{
	return value_number((__int128)number * NUMBER_ONE);
}

/* The whole part of a number, cut at limits that are beyond all use. */
static int64_t whole_part(__int128 number)
{
	const int64_t most = 1000000000000;
	__int128 part = number / NUMBER_ONE;
	return part > most ? most : part < -most ? -most : (int64_t)part;
}

/* ---- text ---- */

static struct expression_value apply_length(GIVEN)
{
	if (node->arguments[0]->type == EXPRESSION_TEXT)
		return whole((int64_t)text_count(x[0].text));
	int64_t items = 0;
	for (struct view rest = x[0].text; rest.ptr;)
		items += view_cut(&rest, '|').len > 0;
	return whole(items);
}

static struct expression_value apply_lower(GIVEN)
{
	struct view copy = arena_copy(&run->scratch->arena, x[0].text);
	for (size_t i = 0; i < copy.len; i++)
		((char *)copy.ptr)[i] = byte_lower(copy.ptr[i]);
	return value_text(copy);
}

static struct expression_value apply_contains(GIVEN)
{
	if (node->arguments[0]->type == EXPRESSION_TEXT)
		return value_truth(view_find(x[0].text, x[1].text) != SIZE_MAX);
	for (struct view rest = x[0].text; rest.ptr;)
		if (view_equal(view_cut(&rest, '|'), x[1].text))
			return value_truth(true);
	return value_truth(false);
}

static struct expression_value apply_starts_with(GIVEN)
{
	return value_truth(view_starts(x[0].text, x[1].text));
}

static struct expression_value apply_ends_with(GIVEN)
{
	return value_truth(view_ends(x[0].text, x[1].text));
}

/* The characters number from..from+count-1 that there are. */
static struct expression_value apply_substr(GIVEN)
{
	int64_t from = whole_part(x[1].number), end = INT64_MAX, number = 1;
	if (node->count == 3)
		end = from + whole_part(x[2].number);
	struct view rest = x[0].text, part = { x[0].text.ptr, 0 };
	for (; rest.len && number < end; number++) {
		struct view begin = rest;
		text_next(&rest);
		if (number < from)
			part.ptr = rest.ptr;
		else
			part.len += begin.len - rest.len;
	}
	return value_text(part);
}

/* ---- choosing ---- */

static struct expression_value eval_empty(const struct node *node, const struct run *run)
{
	struct expression_value value = node_evaluate(node->arguments[0], run);
	return value.state >= EXPRESSION_LIMIT ? value : value_truth(value.state == EXPRESSION_MISSING);
}

static struct expression_value eval_if(const struct node *node, const struct run *run)
{
	struct expression_value condition = node_evaluate(node->arguments[0], run);
	if (condition.state >= EXPRESSION_LIMIT)
		return condition;
	bool is_true = condition.state == EXPRESSION_VALUE && condition.truth;
	return node_evaluate(node->arguments[is_true ? 1 : 2], run);
}

static struct expression_value eval_coalesce(const struct node *node, const struct run *run)
{
	struct expression_value value = value_missing();
	for (unsigned i = 0; i < node->count && value.state == EXPRESSION_MISSING; i++)
		value = node_evaluate(node->arguments[i], run);
	return value;
}

static int order(enum expression_type type, const struct expression_value *a, const struct expression_value *b)
{
	if (type == EXPRESSION_NUMBER)
		return number_compare(a->number, b->number);
	if (type == EXPRESSION_TIME)
		return (a->time > b->time) - (a->time < b->time);
	return view_compare(a->text, b->text);
}

/* The first of the least (sign -1) or greatest (1) that are not missing. */
static struct expression_value eval_extreme(const struct node *node, const struct run *run, int sign)
{
	struct expression_value best = value_missing();
	for (unsigned i = 0; i < node->count; i++) {
		struct expression_value value = node_evaluate(node->arguments[i], run);
		if (value.state >= EXPRESSION_LIMIT)
			return value;
		if (value.state == EXPRESSION_VALUE &&
		    (best.state == EXPRESSION_MISSING || order(node->type, &value, &best) * sign > 0))
			best = value;
	}
	return best;
}

static struct expression_value eval_least(const struct node *node, const struct run *run)
{
	return eval_extreme(node, run, -1);
}

static struct expression_value eval_greatest(const struct node *node, const struct run *run)
{
	return eval_extreme(node, run, 1);
}

/* ---- types ---- */

/* number(), date(): the conversion is done already. */
static struct expression_value apply_same(GIVEN)
{
	return x[0];
}

static struct expression_value apply_text(GIVEN)
{
	struct buf text = { 0 };
	if (node->arguments[0]->type == EXPRESSION_TEXT)
		return x[0];
	expression_format(node->arguments[0]->type, &x[0], &text);
	struct view copy = arena_copy(&run->scratch->arena, buf_view(&text));
	buf_release(&text);
	return value_text(copy);
}

/* ---- numbers ---- */

static struct expression_value apply_abs(GIVEN)
{
	return value_number(x[0].number < 0 ? -x[0].number : x[0].number);
}

static struct expression_value apply_round(GIVEN)
{
	int64_t decimals = node->count == 2 ? whole_part(x[1].number) : 0;
	__int128 unit = 1, result;
	if (decimals >= 6)
		return x[0];
	if (decimals < -30)
		return value_number(0);
	for (int64_t i = decimals; i < 6; i++)
		unit *= 10;
	result = number_round(x[0].number, unit);
	return result > NUMBER_MAX / unit || result < -(NUMBER_MAX / unit) ? out_of_range() : value_number(result * unit);
}

static struct expression_value apply_floor(GIVEN)
{
	__int128 rest = x[0].number % NUMBER_ONE;
	return value_number(x[0].number - rest - (rest < 0 ? NUMBER_ONE : 0));
}

static struct expression_value apply_ceil(GIVEN)
{
	__int128 rest = x[0].number % NUMBER_ONE;
	return value_number(x[0].number - rest + (rest > 0 ? NUMBER_ONE : 0));
}

/* ---- times ---- */

static struct expression_value apply_as_of(GIVEN)
{
	return value_time(node->time);
}

static struct expression_value apply_start_of_day(GIVEN)
{
	return value_time(moment_of(moment_day(x[0].time), 0));
}

static struct expression_value apply_year(GIVEN)
{
	return whole(date_civil(moment_day(x[0].time)).year);
}

static struct expression_value apply_month(GIVEN)
{
	return whole(date_civil(moment_day(x[0].time)).month);
}

static struct expression_value apply_day(GIVEN)
{
	return whole(date_civil(moment_day(x[0].time)).day);
}

static struct expression_value apply_hour(GIVEN)
{
	return whole(moment_second(x[0].time) / 3600);
}

static struct expression_value apply_weekday(GIVEN)
{
	return whole(date_weekday(moment_day(x[0].time)));
}

static struct expression_value apply_add_days(GIVEN)
{
	int64_t day = moment_day(x[0].time) + whole_part(x[1].number);
	if (day < DATE_MIN || day > DATE_MAX)
		return out_of_range();
	return value_time(moment_of((int32_t)day, moment_second(x[0].time)));
}

static struct expression_value apply_add_months(GIVEN)
{
	int64_t months = whole_part(x[1].number);
	int32_t day;
	if (months < -200000 || months > 200000 || !date_add_months(moment_day(x[0].time), (int)months, &day))
		return out_of_range();
	return value_time(moment_of(day, moment_second(x[0].time)));
}

static struct expression_value days(int64_t from, int64_t to)
{
	return whole(moment_day(to) - moment_day(from));
}

static struct expression_value apply_days_between(GIVEN)
{
	return days(x[0].time, x[1].time);
}

static struct expression_value apply_days_since(GIVEN)
{
	return days(x[0].time, node->time);
}

static struct expression_value hours(int64_t from, int64_t to)
{
	return value_number(number_round((__int128)(to - from) * NUMBER_ONE, 3600));
}

static struct expression_value apply_hours_between(GIVEN)
{
	return hours(x[0].time, x[1].time);
}

static struct expression_value apply_hours_since(GIVEN)
{
	return hours(x[0].time, node->time);
}

/* Birthdays up to then; someone born on 29 February has theirs on 1 March in other years. */
static struct expression_value apply_years_since(GIVEN)
{
	struct civil from = date_civil(moment_day(x[0].time)), to = date_civil(moment_day(node->time));
	bool reached = to.month > from.month || (to.month == from.month && to.day >= from.day);
	return whole(to.year - from.year - !reached);
}



/* ---- phones and papers ---- */

static struct expression_value apply_valid_phone(GIVEN)
{
	return value_truth(phone_is_valid(x[0].text));
}

static struct expression_value apply_valid_mobile(GIVEN)
{
	return value_truth(phone_is_mobile(x[0].text));
}

static struct expression_value apply_valid_id(GIVEN)
{
	return value_truth(idcard_is_valid(x[0].text));
}

static struct expression_value apply_valid_company(GIVEN)
{
	return value_truth(idcard_is_company(x[0].text));
}

/* A resident's card that passes its tests; of others the functions below give nothing. */
static bool read_card(struct view text, int64_t as_of, struct idcard *card)
{
	return idcard_parse(text, moment_day(as_of), card) == IDCARD_OK && card->has_birth &&
	       (card->kind == IDCARD_RESIDENT || card->kind == IDCARD_HMT);
}

static struct expression_value apply_id_birth(GIVEN)
{
	struct idcard card;
	return read_card(x[0].text, node->time, &card) ? value_time(moment_of(card.birth, 0)) : value_missing();
}

static struct expression_value apply_id_gender(GIVEN)
{
	struct idcard card;
	if (!read_card(x[0].text, node->time, &card))
		return value_missing();
	return value_text(card.sex == 'M' ? VIEW("M") : card.sex == 'F' ? VIEW("F") : VIEW("U"));
}

static struct expression_value apply_id_area(GIVEN)
{
	struct idcard card;
	if (!read_card(x[0].text, node->time, &card))
		return value_missing();
	return value_text(arena_copy(&run->scratch->arena, view_first(idcard_text(&card), 6)));
}

/* ---- the table ---- */

static const struct function functions[] = {
	/* text */
	{ { "length(text)", "Its characters; of a list, its items.", "length(\"学区房\")", "3", false },
	  "s", 'n', apply_length, NULL },
	{ { "lower(text)", "With small letters a to z.", "lower(\"VIP客户\")", "vip客户", false },
	  "t", 't', apply_lower, NULL },
	{ { "contains(text, part)", "Whether the part stands in it; of a list, whether it is one of the items.",
	    "contains(\"近学区\", \"学区\")", "1", false },
	  "st", 'b', apply_contains, NULL },
	{ { "starts_with(text, part)", "Whether it begins with the part.", "starts_with(\"13800000001\", \"138\")", "1", false },
	  "tt", 'b', apply_starts_with, NULL },
	{ { "ends_with(text, part)", "Whether it ends with the part.", "ends_with(\"张先生\", \"女士\")", "0", false },
	  "tt", 'b', apply_ends_with, NULL },
	{ { "substr(text, from, count)", "Characters from that number on, the first is 1; without a count all that follow.",
	    "substr(\"3栋2单元1101\", 1, 2)", "3栋", false },
	  "tnn?", 't', apply_substr, NULL },
	/* choosing */
	{ { "empty(value)", "Whether it is missing.", "empty(\"x\")", "0", false }, "a", 'b', NULL, eval_empty },
	{ { "if(condition, then, else)", "The second value where the condition holds, else the third.",
	    "if(3 > 2, \"多\", \"少\")", "多", false },
	  "bxx", '=', NULL, eval_if },
	{ { "coalesce(value, ...)", "The first value that is not missing.", "coalesce(\"\", \"未知\")", "未知", false },
	  "xx*", '=', NULL, eval_coalesce },
	{ { "least(value, ...)", "The least of the values that are not missing.", "least(3, 1, 2)", "1", false },
	  "oo*", '=', NULL, eval_least },
	{ { "greatest(value, ...)", "The greatest of the values that are not missing.",
	    "greatest(2024-05-01, 2024-06-01)", "2024-06-01", false },
	  "oo*", '=', NULL, eval_greatest },
	/* types */
	{ { "number(text)", "Text as a number.", "number(\"1,200万\")", "12000000", false }, "n", 'n', apply_same, NULL },
	{ { "date(text)", "Text as a time.", "date(\"2024-05-01\")", "2024-05-01", false }, "d", 'd', apply_same, NULL },
	{ { "text(value)", "A column's cell as it stands, whatever its type; a value as it would be written.",
	    "text(0.50)", "0.5", false },
	  "c", 't', apply_text, NULL },
	/* numbers */
	{ { "abs(number)", "Without its sign.", "abs(-2.5)", "2.5", false }, "n", 'n', apply_abs, NULL },
	{ { "round(number, decimals)", "Rounded half away from zero; 0 decimals unless given, negative ones are tens.",
	    "round(1234.565, 2)", "1234.57", false },
	  "nn?", 'n', apply_round, NULL },
	{ { "floor(number)", "The whole number at or below it.", "floor(-1.5)", "-2", false }, "n", 'n', apply_floor, NULL },
	{ { "ceil(number)", "The whole number at or above it.", "ceil(-1.5)", "-1", false }, "n", 'n', apply_ceil, NULL },
	/* times */
	{ { "as_of()", "The moment that counts as present (--as-of).", "as_of() >= 2000-01-01", "1", false },
	  "", 'd', apply_as_of, NULL },
	{ { "start_of_day(time)", "The first second of its day.", "start_of_day(2024-05-01 10:30)", "2024-05-01", false },
	  "d", 'd', apply_start_of_day, NULL },
	{ { "year(time)", "Its year.", "year(2024-05-01)", "2024", false }, "d", 'n', apply_year, NULL },
	{ { "month(time)", "Its month, 1 to 12.", "month(2024-05-01)", "5", false }, "d", 'n', apply_month, NULL },
	{ { "day(time)", "Its day of the month.", "day(2024-05-01)", "1", false }, "d", 'n', apply_day, NULL },
	{ { "hour(time)", "Its hour, 0 to 23.", "hour(2024-05-01 10:30)", "10", false }, "d", 'n', apply_hour, NULL },
	{ { "weekday(time)", "1 is Monday, 7 is Sunday.", "weekday(2024-05-01)", "3", false }, "d", 'n', apply_weekday, NULL },
	{ { "add_days(time, days)", "So many days later, at the same time of day.", "add_days(2024-02-28, 2)", "2024-03-01", false },
	  "dn", 'd', apply_add_days, NULL },
	{ { "add_months(time, months)", "So many months later; where there is no such day, the month's last.",
	    "add_months(2024-01-31, 1)", "2024-02-29", false },
	  "dn", 'd', apply_add_months, NULL },
	{ { "days_between(from, to)", "Calendar days from one to the other.",
	    "days_between(2024-05-01 23:00, 2024-05-02 01:00)", "1", false },
	  "dd", 'n', apply_days_between, NULL },
	{ { "hours_between(from, to)", "Elapsed hours.", "hours_between(2024-05-01 23:00, 2024-05-02 01:30)", "2.5", false },
	  "dd", 'n', apply_hours_between, NULL },
	{ { "days_since(time)", "Calendar days up to the present moment.", "days_since(as_of())", "0", false },
	  "d", 'n', apply_days_since, NULL },
	{ { "hours_since(time)", "Elapsed hours up to the present moment.", "hours_since(as_of())", "0", false },
	  "d", 'n', apply_hours_since, NULL },
	{ { "years_since(time)", "Whole years up to the present day, as an age is counted.", "years_since(as_of())", "0", false },
	  "d", 'n', apply_years_since, NULL },
	/* phones and papers */
	{ { "valid_phone(text)", "Whether it is a telephone number, complete and not masked.", "valid_phone(\"139****1234\")", "0", false },
	  "t", 'b', apply_valid_phone, NULL },
	{ { "valid_mobile(text)", "Whether it is a mobile number: 11 digits.", "valid_mobile(\"13900001234\")", "1", false },
	  "t", 'b', apply_valid_mobile, NULL },
	{ { "valid_id(text)", "Whether it is a resident's ID card with a right check digit.", "valid_id(\"11010519491231002X\")", "1", false },
	  "t", 'b', apply_valid_id, NULL },
	{ { "valid_company(text)", "Whether it is a unified social credit code with a right check character.",
	    "valid_company(\"91350100M000100Y43\")", "1", false },
	  "t", 'b', apply_valid_company, NULL },
	{ { "id_birth(text)", "The date of birth in an ID card; missing if it is not valid.", "id_birth(\"11010519491231002X\")", "1949-12-31", false },
	  "t", 'd', apply_id_birth, NULL },
	{ { "id_gender(text)", "M or F, from an ID card; missing if it is not valid.", "id_gender(\"11010519491231002X\")", "F", false },
	  "t", 't', apply_id_gender, NULL },
	{ { "id_area(text)", "The six digits of area of an ID card; missing if it is not valid.", "id_area(\"11010519491231002X\")", "110105", false },
	  "t", 't', apply_id_area, NULL },
	/* over a customer's rows */
	{ { "count(condition)", "Rows for which the condition holds; without one all rows.", NULL, NULL, true }, "b?", 'n', NULL, NULL },
	{ { "count_distinct(value, condition)", "Different values.", NULL, NULL, true }, "xb?", 'n', NULL, NULL },
	{ { "sum(number, condition)", "Their sum.", NULL, NULL, true }, "nb?", 'n', NULL, NULL },
	{ { "min(value, condition)", "The least.", NULL, NULL, true }, "ob?", '=', NULL, NULL },
	{ { "max(value, condition)", "The greatest.", NULL, NULL, true }, "ob?", '=', NULL, NULL },
	{ { "avg(number, condition)", "Their average.", NULL, NULL, true }, "nb?", 'n', NULL, NULL },
	{ { "median(number, condition)", "The middle one; of an even number, the average of the two.", NULL, NULL, true }, "nb?", 'n', NULL, NULL },
	{ { "first(value, condition)", "That of the first row.", NULL, NULL, true }, "xb?", '=', NULL, NULL },
	{ { "last(value, condition)", "That of the last row.", NULL, NULL, true }, "xb?", '=', NULL, NULL },
};

const struct function *function_at(size_t i)
{
	return i < sizeof functions / sizeof functions[0] ? &functions[i] : NULL;
}

struct view function_name(const struct function *function)
{
	struct view usage = view_of(function->manual.usage);
	return view_first(usage, view_find_byte(usage, '('));
}

const struct function *function_find(struct view name)
{
	for (size_t i = 0; function_at(i); i++)
		if (view_equal(function_name(function_at(i)), name))
			return function_at(i);
	return NULL;
}

const struct expression_function *expression_function_at(size_t i)
{
	return function_at(i) ? &function_at(i)->manual : NULL;
}
