/* Expressions: every operator, function, rule about missing values, and error.
 *
 * `expression --man` prints the list of functions as it stands in man/crm-rules.5. */
#include "rule/expression.h"

#include <stdlib.h>

#include "test.h"
#include "value/date.h"

/* ---- the table all tests look at: one row ---- */

static const struct {
	const char *name;
	enum expression_type type;
	struct view cell;
} columns[] = {
	{ "channel", EXPRESSION_TEXT, VIEW("中介") },
	{ "note", EXPRESSION_TEXT, VIEW("靠近学校") },
	{ "nothing", EXPRESSION_TEXT, VIEW("") },
	{ "price", EXPRESSION_TEXT, VIEW("12.5") },
	{ "words", EXPRESSION_TEXT, VIEW("abc") },
	{ "opened", EXPRESSION_TEXT, VIEW("2024-05-01") },
	{ "房号", EXPRESSION_TEXT, VIEW("0301") },
	{ "odd `name`", EXPRESSION_TEXT, VIEW("x") },
	{ "raw", EXPRESSION_TEXT, VIEW("\xFF\xE4\xB8") },
	{ "amount", EXPRESSION_NUMBER, VIEW("1200000.50") },
	{ "no_amount", EXPRESSION_NUMBER, VIEW("") },
	{ "bad_amount", EXPRESSION_NUMBER, VIEW("1.2345678") },
	{ "huge", EXPRESSION_NUMBER, VIEW("1000000000000000000000000000000") },
	{ "at", EXPRESSION_TIME, VIEW("2024-05-01 10:00:00") },
	{ "no_at", EXPRESSION_TIME, VIEW("") },
	{ "bad_at", EXPRESSION_TIME, VIEW("2023-02-29") },
	{ "vip", EXPRESSION_BOOL, VIEW("1") },
	{ "plain", EXPRESSION_BOOL, VIEW("0") },
	{ "no_vip", EXPRESSION_BOOL, VIEW("") },
	{ "bad_vip", EXPRESSION_BOOL, VIEW("是") },
	{ "focus", EXPRESSION_LIST, VIEW("学区|贷款||车位") },
	{ "no_focus", EXPRESSION_LIST, VIEW("") },
	{ "bait", EXPRESSION_TEXT, VIEW("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!") },
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static bool find(const void *table, struct view name, unsigned *index, enum expression_type *type)
{
	(void)table;
	for (unsigned i = 0; i < COLUMNS; i++)
		if (view_is(name, columns[i].name)) {
			*index = i;
			*type = columns[i].type;
			return true;
		}
	return false;
}

static bool name_at(const void *table, unsigned i, struct view *name)
{
	(void)table;
	if (i >= COLUMNS)
		return false;
	*name = view_of(columns[i].name);
	return true;
}

static struct view cell(const void *row, unsigned index)
{
	(void)row;
	return columns[index].cell;
}

static struct expression_scope scope_new(void)
{
	struct expression_scope scope = { .find = find, .name = name_at };
	moment_parse_plain(VIEW("2024-06-01 12:00:00"), &scope.as_of);
	return scope;
}

/* The value as a cell, or what there is instead: MISSING, LIMIT, RANGE; an error's message. */
static void evaluate(struct view source, struct buf *out)
{
	static const char *const states[] = { "", "MISSING", "LIMIT", "RANGE" };
	struct arena arena = { 0 };
	struct expression_scope scope = scope_new();
	struct expression_scratch scratch;
	struct expression_error error;
	struct expression *expression = expression_compile(&arena, &scope, VIEW("rule"), source, &error);
	buf_reset(out);
	if (expression) {
		expression_scratch_init(&scratch, &scope);
		struct expression_value value = expression_eval(expression, &scratch, (struct expression_row){ NULL, cell });
		buf_text(out, states[value.state]);
		expression_format(expression_result_type(expression), &value, out);
		expression_scratch_release(&scratch);
		expression_release(expression);
	} else {
		buf_text(out, error.message);
	}
	expression_scope_release(&scope);
	arena_release(&arena);
}

/* ---- values ---- */

struct value_case {
	const char *source, *expected, *why;
};

static const struct value_case values[] = {
	/* literals */
	{ "1.50", "1.5", "a number" },
	{ "12%", "0.12", "percent" },
	{ "100万", "1000000", "ten thousands" },
	{ "1.2亿", "120000000", "hundred millions" },
	{ "１２．５％", "0.125", "full-width number" },
	{ "'it''s'", "it's", "a doubled quote is one" },
	{ "\"a\\n\"", "a\\n", "a backslash is a backslash" },
	{ "\"a'b\"", "a'b", "the other quote is data" },
	{ "“中介”", "中介", "curly quotes" },
	{ "”中介“", "中介", "either curly quote opens and closes" },
	{ "‘中“介’", "中“介", "quotes of the other kind are data in them" },
	{ "“他说\"好\"”", "他说\"好\"", "plain quotes are data in typographic ones" },
	{ "＂全角＂", "全角", "full-width quotes" },
	{ "\"“好”\"", "“好”", "typographic quotes are data in plain ones" },
	{ "\"，（）\"", "，（）", "text keeps full-width punctuation" },
	{ "2024-05-01", "2024-05-01", "a date" },
	{ "2024-05-01 10:30", "2024-05-01 10:30:00", "a time to the minute" },
	{ "2024-05-01T10:30:05", "2024-05-01 10:30:05", "a time with T" },
	{ "true", "1", "true" },
	{ "false", "0", "false" },
	{ "\"\"", "MISSING", "empty text is missing" },
	/* columns */
	{ "channel", "中介", "text" },
	{ "nothing", "MISSING", "an empty cell is missing" },
	{ "amount", "1200000.5", "a number" },
	{ "bad_amount", "MISSING", "seven decimals do not convert" },
	{ "huge", "1000000000000000000000000000000", "the largest number" },
	{ "at", "2024-05-01 10:00:00", "a time" },
	{ "bad_at", "MISSING", "no such day" },
	{ "vip", "1", "a bool" },
	{ "bad_vip", "MISSING", "a bool is 0 or 1" },
	{ "focus", "学区|贷款||车位", "a list" },
	{ "房号", "0301", "letters of any script" },
	{ "`channel`", "中介", "backquotes around a plain name" },
	{ "`odd ``name```", "x", "doubled backquotes" },
	{ "｀channel｀", "中介", "full-width backquotes" },
	/* arithmetic */
	{ "1 + 2 * 3", "7", "* before +" },
	{ "(1 + 2) * 3", "9", "brackets" },
	{ "10 - 2 - 3", "5", "from left to right" },
	{ "100 / 10 / 2", "5", "from left to right" },
	{ "-2 * -3", "6", "minus before an operand" },
	{ "5--3", "8", "two minuses without blanks are no comment" },
	{ "5 -- 3", "5", "with blanks they are" },
	{ "1 -- one\n + 2", "3", "a comment ends with its line" },
	{ "5 − 3", "2", "the real minus sign" },
	{ "6 ÷ 3 × 2", "4", "the real signs" },
	{ "1 / 3", "0.333333", "rounded at the sixth decimal" },
	{ "2 / 3", "0.666667", "rounded up" },
	{ "-2 / 3", "-0.666667", "away from zero" },
	{ "0.000001 * 0.5", "0.000001", "a half goes away from zero" },
	{ "-0.000001 * 0.5", "-0.000001", "a half goes away from zero" },
	{ "1 / 0", "MISSING", "division by zero" },
	{ "1 / (price - price)", "MISSING", "division by zero" },
	{ "no_amount + 1", "MISSING", "arithmetic with missing" },
	{ "1 - no_amount", "MISSING", "arithmetic with missing" },
	{ "2 * bad_amount", "MISSING", "arithmetic with what does not convert" },
	{ "-no_amount", "MISSING", "minus missing" },
	{ "price * 2", "25", "text is read as a number" },
	{ "words * 2", "MISSING", "it does not convert" },
	{ "huge * huge", "RANGE", "out of range" },
	{ "huge + 1", "RANGE", "out of range" },
	{ "-huge - 1", "RANGE", "out of range" },
	{ "huge / 0.5", "RANGE", "out of range" },
	{ "huge + 1 > 0", "RANGE", "no answer to a comparison either" },
	{ "2024 - 10", "2014", "blanks make a calculation of what looks like a month" },
	{ "2024 / 4 / 2", "253", "blanks make a calculation of what looks like a day" },
	/* comparison */
	{ "channel == \"中介\"", "1", "equal text" },
	{ "channel != '中介'", "0", "unequal text" },
	{ "channel＝＝＂中介＂", "1", "full-width operator" },
	{ "\"a\" < \"b\"", "1", "text by bytes" },
	{ "\"B\" < \"a\"", "1", "text by bytes" },
	{ "\"ab\" > \"a\"", "1", "the longer one behind its beginning" },
	{ "channel <= channel", "1", "a column with itself" },
	{ "amount >= 100万", "1", "numbers" },
	{ "amount ≥ 100万", "1", "≥" },
	{ "amount ≤ 100万", "0", "≤" },
	{ "amount ≠ 100万", "1", "≠" },
	{ "amount > 1200000.5", "0", "numbers" },
	{ "amount < 1200000.500001", "1", "to the last decimal" },
	{ "amount == \"1200000.5\"", "1", "a text literal is read as a number" },
	{ "price == 12.50", "1", "a text column is read as a number" },
	{ "房号 == 301", "1", "a text column is read as a number" },
	{ "房号 == \"301\"", "0", "text stays text" },
	{ "words != 5", "0", "what does not convert is missing" },
	{ "at == 2024-05-01", "0", "a date is its first second" },
	{ "at > 2024-05-01 and at < 2024-05-02", "1", "times" },
	{ "at == \"2024-05-01 10:00\"", "1", "a text literal is read as a time" },
	{ "opened == 2024-05-01", "1", "a text column is read as a time" },
	{ "2024-05-01 <= opened", "1", "on either side" },
	{ "opened < at", "1", "a text column against a time column" },
	{ "vip == 1", "1", "a bool and 1" },
	{ "0 == plain", "1", "0 and a bool" },
	{ "vip == \"1\"", "1", "a bool and how it is written" },
	{ "vip != plain", "1", "bools" },
	{ "(amount > 1) == vip", "1", "a comparison is a bool" },
	{ "raw == raw", "1", "bytes that are no UTF-8 are bytes" },
	/* missing in comparisons */
	{ "nothing == \"a\"", "0", "missing ==" },
	{ "nothing != \"a\"", "0", "missing !=" },
	{ "\"a\" != nothing", "0", "missing on the right" },
	{ "nothing == nothing", "0", "two that are missing" },
	{ "nothing < \"a\"", "0", "missing <" },
	{ "no_amount <= 0", "0", "missing <=" },
	{ "no_amount >= 0", "0", "missing >=" },
	{ "no_at > 2024-05-01", "0", "missing time" },
	{ "no_vip == false", "0", "missing bool" },
	{ "nothing in (\"a\")", "0", "missing in" },
	{ "nothing not in (\"a\")", "0", "missing not in" },
	{ "nothing =~ \"a\"", "0", "missing =~" },
	{ "nothing !~ \"a\"", "0", "missing !~" },
	{ "not nothing == \"a\"", "1", "not turns false into true" },
	{ "not nothing != \"a\"", "1", "not turns false into true" },
	{ "empty(nothing)", "1", "empty asks for it" },
	{ "empty(bad_amount)", "1", "what does not convert is missing" },
	{ "empty(amount)", "0", "this is there" },
	{ "empty(no_focus)", "1", "an empty list" },
	{ "empty(1 / 0)", "1", "any value may be asked" },
	{ "empty(no_vip)", "1", "a bool" },
	{ "empty(no_vip == true)", "0", "a comparison is never missing" },
	/* in */
	{ "channel in (\"渠道\", \"中介\")", "1", "one of them" },
	{ "channel in （“渠道”，“中介”）", "1", "as a Chinese keyboard writes it" },
	{ "channel in (\"渠道\"、\"中介\")", "1", "an enumeration comma" },
	{ "channel in (\"渠道\")", "0", "none of them" },
	{ "channel not in (\"渠道\")", "1", "none of them" },
	{ "channel not in (\"中介\")", "0", "one of them" },
	{ "amount in (1, 1200000.5)", "1", "numbers" },
	{ "price in (12.5, 13)", "1", "text is read as a number" },
	{ "opened in (2024-05-01)", "1", "text is read as a time" },
	{ "vip in (0, 1)", "1", "bools" },
	{ "channel in (nothing, channel)", "1", "a missing item equals nothing" },
	{ "channel not in (nothing)", "0", "and is not unequal either" },
	{ "focus in (\"贷款\", \"价格\")", "1", "a list: any of its items" },
	{ "focus in (\"学区|贷款\")", "0", "not the whole" },
	{ "focus not in (\"价格\")", "1", "a list: none of its items" },
	{ "focus not in (\"学区\")", "0", "a list: one of its items" },
	{ "no_focus not in (\"学区\")", "0", "a missing list" },
	/* patterns */
	{ "note =~ \"学区|学校\"", "1", "alternatives" },
	{ "note !~ \"学区|学校\"", "0", "not found" },
	{ "note =~ '^靠'", "1", "anchored" },
	{ "channel !~ \"学\"", "1", "not found" },
	{ "focus =~ \"^贷\"", "1", "a list: each item" },
	{ "focus =~ \"^$\"", "0", "an empty item is none" },
	{ "focus !~ \"^学\"", "0", "a list: one of the items" },
	{ "raw =~ \"x\"", "0", "bytes that are no UTF-8 match nothing" },
	{ "房号 =~ \"^\\d{4}$\"", "1", "a backslash is the pattern's" },
	{ "bait =~ \"(*NO_JIT)(a+)+\\d\"", "LIMIT", "a pattern that runs away" },
	{ "bait !~ \"(*NO_JIT)(a+)+\\d\"", "LIMIT", "is not silently true either" },
	{ "not bait =~ \"(*NO_JIT)(a+)+\\d\"", "LIMIT", "nor under not" },
	{ "vip or bait =~ \"(*NO_JIT)(a+)+\\d\"", "1", "what is not needed is not evaluated" },
	{ "plain and bait =~ \"(*NO_JIT)(a+)+\\d\"", "0", "what is not needed is not evaluated" },
	{ "bait =~ \"(*NO_JIT)(a+)+\\d\" or vip", "LIMIT", "from left to right" },
	{ "empty(if(bait =~ \"(*NO_JIT)(a+)+\\d\", 1, 2))", "LIMIT", "through functions" },
	/* logic */
	{ "vip and plain", "0", "and" },
	{ "vip or plain", "1", "or" },
	{ "plain or plain and vip", "0", "and binds tighter" },
	{ "vip or vip and plain", "1", "and binds tighter" },
	{ "not plain and plain", "0", "not binds tightest" },
	{ "not plain == plain", "0", "not takes the comparison" },
	{ "not (vip and plain)", "1", "brackets" },
	{ "not not vip", "1", "twice" },
	{ "no_vip or plain", "0", "a missing bool is not true" },
	{ "not no_vip", "1", "and not false either: not turns it round" },
	{ "no_vip and true", "0", "a missing bool is not true" },
	{ "vip and amount > 1 and channel == \"中介\" and not empty(note)", "1", "a chain" },
	/* functions beside their examples */
	{ "length(focus)", "3", "items of a list, empty ones not counted" },
	{ "length(raw)", "3", "a bad byte counts as one" },
	{ "length(nothing)", "MISSING", "missing stays missing" },
	{ "contains(focus, \"贷款\")", "1", "an item of a list" },
	{ "contains(focus, \"贷\")", "0", "not part of an item" },
	{ "contains(note, nothing)", "MISSING", "missing stays missing" },
	{ "not contains(note, nothing)", "1", "and is not true" },
	{ "starts_with(note, \"靠近\")", "1", "the beginning" },
	{ "ends_with(note, \"学校\")", "1", "the end" },
	{ "substr(note, 3)", "学校", "to the end" },
	{ "substr(note, 3, 1)", "学", "one character" },
	{ "substr(note, 0, 2)", "靠", "number 0 is not there" },
	{ "substr(note, -5, 100)", "靠近学校", "all there are" },
	{ "substr(note, 9)", "MISSING", "nothing is missing" },
	{ "substr(note, 1, 0)", "MISSING", "nothing is missing" },
	{ "substr(\"abc\", 1, -1)", "MISSING", "nothing is missing" },
	{ "substr(note, 1000000000000000, 1)", "MISSING", "far beyond" },
	{ "if(no_vip, \"a\", \"b\")", "b", "a missing condition does not hold" },
	{ "if(vip, amount, \"5\")", "1200000.5", "both of one type" },
	{ "if(plain, 1 / 0, 5)", "5", "only one of them is evaluated" },
	{ "if(vip, nothing, \"b\")", "MISSING", "the second value, although missing" },
	{ "coalesce(no_amount, bad_amount, amount)", "1200000.5", "the first that is there" },
	{ "coalesce(nothing, nothing)", "MISSING", "none is there" },
	{ "coalesce(price, 0)", "12.5", "text beside a number is read" },
	{ "least(no_amount, 5, amount)", "5", "missing ones are passed over" },
	{ "least(no_amount, bad_amount)", "MISSING", "none is there" },
	{ "greatest(\"b\", \"a\")", "b", "text by bytes" },
	{ "greatest(opened, at)", "2024-05-01 10:00:00", "text beside a time is read" },
	{ "number(price) + 1", "13.5", "text as a number" },
	{ "number(\"1,5\")", "this text does not read as a number, which is wanted here", "no thousands" },
	{ "number(words)", "MISSING", "it does not convert" },
	{ "number(nothing)", "MISSING", "missing stays missing" },
	{ "number(amount)", "1200000.5", "a number already" },
	{ "number(substr(房号, 3))", "1", "of a text that was made" },
	{ "date(opened) == 2024-05-01", "1", "text as a time" },
	{ "date(words)", "MISSING", "it does not convert" },
	{ "text(amount)", "1200000.50", "the cell as it stands" },
	{ "text(bad_amount)", "1.2345678", "also what does not convert" },
	{ "text(focus)", "学区|贷款||车位", "a list whole" },
	{ "text(amount + 0)", "1200000.5", "a value as it is written" },
	{ "text(at > 2024-05-01)", "1", "a bool as it is written" },
	{ "text(start_of_day(at))", "2024-05-01", "a time as it is written" },
	{ "text(no_at)", "MISSING", "missing stays missing" },
	{ "abs(-huge)", "1000000000000000000000000000000", "the largest" },
	{ "round(2.5)", "3", "away from zero" },
	{ "round(-2.5)", "-3", "away from zero" },
	{ "round(2.4999)", "2", "down" },
	{ "round(1.25, 1)", "1.3", "one decimal" },
	{ "round(15000, -4)", "20000", "tens of thousands" },
	{ "round(1.234567, 6)", "1.234567", "all decimals" },
	{ "round(1.234567, 99)", "1.234567", "all decimals" },
	{ "round(huge, -30)", "1000000000000000000000000000000", "the largest" },
	{ "round(huge / 2, -30)", "1000000000000000000000000000000", "the largest" },
	{ "round(5, -99)", "0", "nothing is left" },
	{ "floor(1.9)", "1", "down" },
	{ "floor(2)", "2", "whole already" },
	{ "ceil(1.1)", "2", "up" },
	{ "ceil(2)", "2", "whole already" },
	{ "as_of()", "2024-06-01 12:00:00", "the present moment" },
	{ "days_since(at)", "31", "calendar days" },
	{ "days_since(opened)", "31", "text is read" },
	{ "days_since(2024-06-02)", "-1", "in the future" },
	{ "days_since(2024-05-31 23:59:59)", "1", "a day, although half a day" },
	{ "hours_since(2024-06-01 11:20)", "0.666667", "elapsed" },
	{ "hours_since(no_at)", "MISSING", "missing stays missing" },
	{ "years_since(1984-06-01)", "40", "on the birthday" },
	{ "years_since(1984-06-02)", "39", "the day before" },
	{ "years_since(2000-02-29)", "24", "leap day" },
	{ "add_days(at, -1)", "2024-04-30 10:00:00", "earlier" },
	{ "add_days(at, 1.9)", "2024-05-02 10:00:00", "whole days" },
	{ "add_days(9999-12-31, 1)", "RANGE", "no such year" },
	{ "add_days(at, huge)", "RANGE", "no such year" },
	{ "add_months(2024-03-31, -1)", "2024-02-29", "the month's last day" },
	{ "add_months(at, 12)", "2025-05-01 10:00:00", "a year" },
	{ "add_months(at, 1000000)", "RANGE", "no such year" },
	{ "add_months(at, -huge)", "RANGE", "no such year" },
	{ "days_between(at, no_at)", "MISSING", "missing stays missing" },
	{ "hours_between(at, 2024-05-01)", "-10", "backwards" },
	{ "year(at) * 100 + month(at)", "202405", "parts of a time" },
	{ "weekday(2024-06-02)", "7", "Sunday" },
	{ "hour(2024-05-01)", "0", "a date's hour" },
	{ "valid_phone(nothing)", "MISSING", "missing stays missing" },
	{ "not valid_phone(nothing)", "1", "and is not true" },
	{ "valid_mobile(\"010-12345678\")", "0", "a landline" },
	{ "valid_phone(\"010-62345671\")", "1", "a landline is a number" },
	{ "valid_id(\"110105194912310021\")", "0", "a wrong check digit" },
	{ "id_birth(\"110105194912310021\")", "MISSING", "nothing from a card that is wrong" },
	{ "id_area(\"110105491231002\")", "110105", "an old card of 15 digits" },
	{ "id_gender(\"110105491231002\")", "F", "an old card of 15 digits" },
	{ "years_since(id_birth(\"11010519491231002X\"))", "74", "an age" },
	{ "id_birth(words)", "MISSING", "no card" },
};

static void test_values(const struct value_case *cases, size_t count)
{
	struct buf got = { 0 };
	for (size_t i = 0; i < count; i++) {
		evaluate(view_of(cases[i].source), &got);
		CHECK_TEXT(buf_view(&got), view_of(cases[i].expected), "%s: %s", cases[i].source, cases[i].why);
	}
	buf_release(&got);
}

/* ---- errors ---- */

static const struct {
	const char *source;
	size_t offset;
	const char *message, *suggestion;
} errors[] = {
	{ "", 0, "the expression is empty", "" },
	{ " -- nothing", 0, "the expression is empty", "" },
	{ "(amount > 1", 11, "the expression ends too early", "" },
	{ "amount >", 8, "the expression ends too early", "" },
	{ "amount > 1)", 10, "\")\" is not expected here", "" },
	{ "amount 5", 7, "\"5\" is not expected here", "" },
	{ "channel \"a\"", 8, "\"\"a\"\" is not expected here", "" },
	{ "- - 5", 2, "\"-\" is not expected here", "" },
	{ "> 5", 0, "\">\" is not expected here", "" },
	{ "round(1, )", 9, "\")\" is not expected here", "" },
	{ "round(, 1)", 6, "\",\" is not expected here", "" },
	{ "amount > 1 AND vip", 11, "\"AND\" is not expected here; did you mean \"and\"?", "and" },
	{ "amount > 1 且 vip", 11, "\"且\" is not expected here; did you mean \"and\"?", "and" },
	{ "vip 或者 plain", 4, "\"或者\" is not expected here; did you mean \"or\"?", "or" },
	{ "vip && plain", 4, "write \"and\"", "" },
	{ "vip || plain", 4, "write \"or\"", "" },
	{ "! vip", 0, "write \"not\"", "" },
	{ "amount = 1", 7, "equal is written ==", "" },
	{ "amount <> 1", 7, "unequal is written !=", "" },
	{ "amount ; 1", 7, "\";\" has no meaning here; a name with such characters stands in backquotes", "" },
	{ "总价（万元） > 1", 0, "no function \"总价\"", "" },
	{ "a★b == 1", 1, "\"★\" has no meaning here; a name with such characters stands in backquotes", "" },
	{ "amount > 1,000", 10, "\",\" is not expected here", "" },
	{ "amount in (1,000)", 13, "a number does not begin with 0, nor holds commas; text stands in quotes", "" },
	{ "房号 == 0301", 10, "a number does not begin with 0, nor holds commas; text stands in quotes", "" },
	{ "amount > 5.", 9, "a digit is wanted behind the point", "" },
	{ "amount > 100元", 12, "only %, 万 or 亿 may stand behind a number", "" },
	{ "amount > 1.2345678", 9, "the number is too large or has more than six decimals", "" },
	{ "amount > 0.00001%", 9, "the number is too large or has more than six decimals", "" },
	{ "amount > 9999999999999999999999999999999", 9, "the number is too large or has more than six decimals", "" },
	{ "amount > 11111111111111111111111111111111111111111111111111111111111111111111", 9,
	  "the number is too large or has more than six decimals", "" },
	{ "at > 2024/5/1", 5,
	  "a date is written 2024-05-01, a time 2024-05-01 10:00:00; for a calculation put blanks around - and /", "" },
	{ "at > 2024-05", 5, "a date has a day, such as 2025-03-01; for a calculation put blanks around -", "" },
	{ "at > 2024-5-1", 5,
	  "a date is written 2024-05-01, a time 2024-05-01 10:00:00; for a calculation put blanks around - and /", "" },
	{ "at > 2024-05-01 9:00", 5,
	  "a date is written 2024-05-01, a time 2024-05-01 10:00:00; for a calculation put blanks around - and /", "" },
	{ "at > 2023-02-29", 5, "there is no such day or time", "" },
	{ "at > 2024-05-01 24:00", 5, "there is no such day or time", "" },
	{ "note == \"abc", 8, "the text that begins here is not closed", "" },
	{ "note == “abc\"", 8, "the text that begins here is not closed", "" },
	{ "`note == 1", 0, "the name that begins here is not closed", "" },
	{ "note == \"\xFF\"", 9, "this is no UTF-8", "" },
	{ "not in (1)", 4, "\"in\" is not expected here", "" },
	{ "amount in 5", 10, "a list in brackets is wanted behind \"in\"", "" },
	{ "amount in ()", 7, "the list behind \"in\" is empty", "" },
	{ "amount not 5", 7, "\"not\" is not expected here; an operator is missing, or \"in\" behind it", "" },
	{ "vip == not plain", 7, "\"not\" stands before a whole condition; put brackets around it", "" },
	{ "1 < amount < 3", 11, "comparisons do not chain; write a < b and b < c", "" },
	{ "amount in (1) in (2)", 14, "comparisons do not chain; write a < b and b < c", "" },
	{ "5.5.5", 3, "\".\" has no meaning here; a name with such characters stands in backquotes", "" },
	{ "note =~ channel", 8, "a pattern in quotes is wanted here", "" },
	{ "note =~ \"学区(\"", 16, "pattern: missing closing parenthesis", "" },
	{ "note =~ “学区(”", 18, "pattern: missing closing parenthesis", "" },
	{ "vip and (note =~ \"a\" or note =~ \"[b\")", 35, "pattern: missing terminating ] for character class", "" },
	{ "chanel == 1", 0, "no column \"chanel\"; did you mean \"channel\"?", "channel" },
	{ "vip and `房间号` == \"1\"", 8, "no column \"房间号\"; did you mean \"房号\"?", "房号" },
	{ "elephant == 1", 0, "no column \"elephant\"", "" },
	{ "lenght(note) > 1", 0, "no function \"lenght\"; did you mean \"length\"?", "length" },
	{ "elephant(note)", 0, "no function \"elephant\"", "" },
	{ "substr(note)", 0, "wrong number of arguments; it is substr(text, from, count)", "" },
	{ "substr(note, 1, 2, 3)", 0, "wrong number of arguments; it is substr(text, from, count)", "" },
	{ "as_of(1)", 0, "wrong number of arguments; it is as_of()", "" },
	{ "coalesce(1)", 0, "wrong number of arguments; it is coalesce(value, ...)", "" },
	{ "if(vip, 1)", 0, "wrong number of arguments; it is if(condition, then, else)", "" },
	{ "vip and count(vip) > 3", 8, "count() looks at all rows of a customer; this expression sees one row", "" },
	{ "sum(amount, channel == \"中介\") > 3", 0,
	  "sum() looks at all rows of a customer; this expression sees one row", "" },
	{ "days_since(max(at)) > 30", 11, "max() looks at all rows of a customer; this expression sees one row", "" },
	{ "note and vip", 0, "column \"note\" is text, where a condition is wanted", "" },
	{ "not amount", 4, "column \"amount\" is a number, where a condition is wanted", "" },
	{ "vip or 2", 7, "this is a number, where a condition is wanted", "" },
	{ "vip + 1", 0, "column \"vip\" is a condition, where a number is wanted", "" },
	{ "at + 1", 0, "times are not calculated with; see add_days() and days_between()", "" },
	{ "at - 2024-05-01", 0, "times are not calculated with; see add_days() and days_between()", "" },
	{ "\"abc\" + 1", 0, "this text does not read as a number, which is wanted here", "" },
	{ "amount == \"many\"", 10, "this text does not read as a number, which is wanted here", "" },
	{ "at > \"2024/05/01\"", 5, "this text does not read as a time, which is wanted here", "" },
	{ "at > 20240501", 5, "this is a number, where a time is wanted; a date is written 2024-05-01", "" },
	{ "at > amount", 5, "column \"amount\" is a number, where a time is wanted", "" },
	{ "vip == note", 7, "column \"note\" is text, where a condition is wanted", "" },
	{ "vip == 2", 7, "this is a number, where a condition is wanted", "" },
	{ "vip < plain", 4, "conditions have no order", "" },
	{ "least(vip, plain)", 0, "conditions have no order", "" },
	{ "note == \"\"", 8, "empty text is missing, and equals nothing; write empty(...)", "" },
	{ "note in (\"a\", \"\")", 14, "empty text is missing, and equals nothing; write empty(...)", "" },
	{ "focus == \"学区\"", 0, "this is a list: ask it by contains() or in (...); text() gives the whole", "" },
	{ "coalesce(focus, \"a\")", 9, "this is a list: ask it by contains() or in (...); text() gives the whole", "" },
	{ "lower(focus)", 6, "column \"focus\" is a list, where text is wanted; text() gives what its cell holds", "" },
	{ "amount =~ \"^5\"", 0, "column \"amount\" is a number, where text is wanted; text() gives what its cell holds", "" },
	{ "focus in (1)", 10, "this is a number, where text is wanted", "" },
	{ "amount in (1, \"a\")", 14, "this text does not read as a number, which is wanted here", "" },
	{ "if(vip, at, amount)", 12, "column \"amount\" is a number, where a time is wanted", "" },
};

static void test_errors(void)
{
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		struct arena arena = { 0 };
		struct expression_scope scope = scope_new();
		struct expression_error error = { .offset = 999 };
		struct view source = view_of(errors[i].source);
		struct expression *expression = expression_compile(&arena, &scope, VIEW("rule"), source, &error);
		CHECK(!expression, "%s", errors[i].source);
		if (!expression) {
			CHECK_TEXT(view_of(error.message), view_of(errors[i].message), "%s", errors[i].source);
			CHECK(error.offset == errors[i].offset, "%s: offset %zu", errors[i].source, error.offset);
			CHECK_TEXT(error.suggestion, view_of(errors[i].suggestion), "%s", errors[i].source);
			CHECK((error.fault == EXPRESSION_NO_COLUMN) == view_starts(view_of(error.message), VIEW("no column")),
			      "%s", errors[i].source);
		} else {
			expression_release(expression);
		}
		expression_scope_release(&scope);
		arena_release(&arena);
	}
}

static void test_error_column(void)
{
	struct arena arena = { 0 };
	struct expression_scope scope = scope_new();
	struct expression_error error;
	CHECK(!expression_compile(&arena, &scope, VIEW("r"), VIEW("房号 == \"学区\" 且 vip"), &error) && error.column == 12,
	      "characters, not bytes: %u", error.column);
	CHECK(!expression_compile_condition(&arena, &scope, VIEW("r"), VIEW("amount + 1"), &error), "no condition");
	CHECK_TEXT(view_of(error.message), VIEW("a condition is wanted, and this is a number"), "its message");
	struct expression *condition = expression_compile_condition(&arena, &scope, VIEW("r"), VIEW("vip"), &error);
	CHECK(condition, "a bool column is a condition");
	scope.name = NULL;
	CHECK(!expression_compile(&arena, &scope, VIEW("r"), VIEW("chanel == 1"), &error) && !error.suggestion.len,
	      "without names there is no suggestion");
	expression_scope_release(&scope);
	arena_release(&arena);
}

/* ---- limits, both sides ---- */

static bool compiles(struct view source)
{
	struct arena arena = { 0 };
	struct expression_scope scope = scope_new();
	struct expression_error error;
	struct expression *expression = expression_compile(&arena, &scope, VIEW("r"), source, &error);
	if (expression)
		expression_release(expression);
	expression_scope_release(&scope);
	arena_release(&arena);
	return expression;
}

/* `before` so many times, the middle, `after` as often. */
static bool compiles_nested(const char *before, const char *middle, const char *after, unsigned times)
{
	struct buf source = { 0 };
	for (unsigned i = 0; i < times; i++)
		buf_text(&source, before);
	buf_text(&source, middle);
	for (unsigned i = 0; i < times; i++)
		buf_text(&source, after);
	bool well = compiles(buf_view(&source));
	buf_release(&source);
	return well;
}

static void test_limits(void)
{
	CHECK(compiles_nested("(", "1", ")", 100), "100 brackets");
	CHECK(!compiles_nested("(", "1", ")", 101), "101 brackets");
	CHECK(!compiles_nested("(", "1", ")", 20000), "no end of the stack");
	CHECK(compiles_nested("not ", "vip", "", 99), "99 times not");
	CHECK(!compiles_nested("not ", "vip", "", 10000), "10,000 times not");
	CHECK(compiles_nested("", "1", " + 1", 99), "a sum of 100");
	CHECK(!compiles_nested("", "1", " + 1", 100), "a sum of 101");
	CHECK(compiles_nested("", "vip", " or vip", 5000), "a list of alternatives is flat");
	CHECK(compiles_nested("", "amount in (1", ",1", 5000) == false, "an open list");
	CHECK(!compiles_nested("abs(", "1", ")", 101), "101 calls");
	char *longest = heap_alloc(EXPRESSION_LONGEST + 1);
	memset(longest, ' ', EXPRESSION_LONGEST + 1);
	longest[0] = '1';
	CHECK(compiles(view(longest, EXPRESSION_LONGEST)), "65,536 bytes");
	CHECK(!compiles(view(longest, EXPRESSION_LONGEST + 1)), "65,537 bytes");
	free(longest);
}

/* ---- doubts ---- */

static void test_doubts(void)
{
	struct arena arena = { 0 };
	struct expression_scope scope = scope_new();
	struct expression_error error;
	struct expression *first = expression_compile(&arena, &scope, VIEW("first"),
		VIEW("words > 1 or words > 2 or bad_at > 2024-01-01 or 1 / (price - price) > 0 or bad_vip"), &error);
	struct expression *second = expression_compile(&arena, &scope, VIEW("second"),
		VIEW("number(substr(words, 1)) > 1 or date(if(vip, words, note)) > at or no_amount > 1"), &error);
	static const struct { const char *rule, *column, *code; uint64_t count; } expected[] = {
		{ "first", "words", "no_number", 2 }, { "first", "bad_at", "no_time", 2 },
		{ "first", "price", "no_number", 0 }, { "first", "", "zero_division", 2 },
		{ "first", "bad_vip", "no_bool", 2 }, { "second", "words", "no_number", 2 },
		{ "second", "vip", "no_bool", 0 }, { "second", "", "no_time", 2 }, { "second", "at", "no_time", 0 },
		{ "second", "no_amount", "no_number", 0 },
	};
	struct expression_scratch one, two;
	const struct expression_row row = { NULL, cell };
	expression_scratch_init(&one, &scope);
	expression_scratch_init(&two, &scope);
	CHECK(expression_test(first, &one, row) == EXPRESSION_NO, "all are missing");
	CHECK(one.doubt == 1, "the first doubt: %zu", one.doubt);
	expression_scratch_reset(&one);
	CHECK(one.doubt == 0, "until the reset");
	expression_test(second, &one, row);
	CHECK(one.doubt == 6, "the second rule's: %zu", one.doubt);
	expression_test(first, &two, row);
	expression_test(first, &two, row);
	expression_test(second, &two, row);
	expression_scratch_merge(&one, &two);
	CHECK(scope.doubt_count == sizeof expected / sizeof expected[0], "each rule, column and kind once: %zu",
	      scope.doubt_count);
	for (size_t i = 0; i < scope.doubt_count && i < sizeof expected / sizeof expected[0]; i++) {
		CHECK_TEXT(scope.doubts[i].rule, view_of(expected[i].rule), "rule %zu", i);
		CHECK_TEXT(scope.doubts[i].column, view_of(expected[i].column), "column %zu", i);
		CHECK_TEXT(view_of(expression_doubt_code(scope.doubts[i].kind)), view_of(expected[i].code), "kind %zu", i);
		CHECK(one.counts[i] == expected[i].count, "count %zu is %llu", i, (unsigned long long)one.counts[i]);
	}
	expression_scratch_release(&one);
	expression_scratch_release(&two);
	expression_scope_release(&scope);
	arena_release(&arena);
}

static void test_columns(void)
{
	struct arena arena = { 0 };
	struct expression_scope scope = scope_new();
	struct expression_error error;
	struct expression *expression = expression_compile(&arena, &scope, VIEW("r"),
		VIEW("vip and text(at) =~ \"a\" and (note in (\"a\", channel) or vip) and price > 1"), &error);
	static const unsigned expected[] = { 0, 1, 3, 13, 16 };
	const unsigned *got;
	size_t count = expression_columns(expression, &got);
	CHECK(count == 5 && memcmp(got, expected, sizeof expected) == 0, "ascending, each once: %zu", count);
	expression_release(expression);
	expression_scope_release(&scope);
	arena_release(&arena);
}

static void test_verdicts(void)
{
	static const struct { const char *source; enum expression_verdict expected; const char *code; } verdicts[] = {
		{ "vip", EXPRESSION_YES, NULL },
		{ "plain", EXPRESSION_NO, NULL },
		{ "no_vip", EXPRESSION_NO, NULL },
		{ "huge * 2 > 1", EXPRESSION_FAILS_RANGE, "out_of_range" },
		{ "bait =~ \"(*NO_JIT)(a+)+\\d\"", EXPRESSION_FAILS_LIMIT, "pattern_limit" },
	};
	for (size_t i = 0; i < sizeof verdicts / sizeof verdicts[0]; i++) {
		struct arena arena = { 0 };
		struct expression_scope scope = scope_new();
		struct expression_error error;
		struct expression_scratch scratch;
		struct expression *expression =
			expression_compile_condition(&arena, &scope, VIEW("r"), view_of(verdicts[i].source), &error);
		expression_scratch_init(&scratch, &scope);
		enum expression_verdict got = expression_test(expression, &scratch, (struct expression_row){ NULL, cell });
		const char *code = expression_verdict_code(got);
		CHECK(got == verdicts[i].expected, "%s: %d", verdicts[i].source, (int)got);
		CHECK(verdicts[i].code ? code && strcmp(code, verdicts[i].code) == 0 : !code, "%s", verdicts[i].source);
		expression_scratch_release(&scratch);
		expression_release(expression);
		expression_scope_release(&scope);
		arena_release(&arena);
	}
}

/* ---- explaining ---- */

static const struct {
	const char *source, *plain, *typed;
} explained[] = {
	{ "channel in ('中介', “渠道”) and amount >= 100万", "((channel in (\"中介\", \"渠道\")) and (amount >= 1000000))",
	  "((channel:text in (\"中介\", \"渠道\")) and (amount:number >= 1000000)):bool" },
	{ "not vip or plain and vip", "((not vip) or (plain and vip))", "((not vip:bool) or (plain:bool and vip:bool)):bool" },
	{ "price > 1", "(number(price) > 1)", "(number(price:text) > 1):bool" },
	{ "number(price) > 1", "(number(price) > 1)", "(number(price:text) > 1):bool" },
	{ "number(amount)", "number(amount)", "number(amount:number):number" },
	{ "opened < at", "(date(opened) < at)", "(date(opened:text) < at:time):bool" },
	{ "at > '2024-05-01'", "(at > 2024-05-01)", "(at:time > 2024-05-01):bool" },
	{ "vip == 0", "(vip == false)", "(vip:bool == false):bool" },
	{ "amount > '-5'", "(amount > (-5))", "(amount:number > (-5)):bool" },
	{ "1 - 2 - 3 * -4", "((1 - 2) - (3 * (-4)))", "((1 - 2) - (3 * (-4))):number" },
	{ "`odd ``name``` == \"a\"\"b\"", "(`odd ``name``` == \"a\"\"b\")", "(`odd ``name```:text == \"a\"\"b\"):bool" },
	{ "note !~ '\"x\\d' -- why", "(note !~ \"\"\"x\\d\")", "(note:text !~ \"\"\"x\\d\"):bool" },
	{ "text(at) not in (\"a\")", "(text(at) not in (\"a\"))", "(text(at:text) not in (\"a\")):bool" },
	{ "if(vip, 1, amount)", "if(vip, 1, amount)", "if(vip:bool, 1, amount:number):number" },
};

static void explain(const char *source, bool types, struct buf *out)
{
	struct arena arena = { 0 };
	struct expression_scope scope = scope_new();
	struct expression_error error;
	struct expression *expression = expression_compile(&arena, &scope, VIEW("r"), view_of(source), &error);
	buf_reset(out);
	CHECK(expression, "%s", source);
	if (expression) {
		expression_explain(expression, types, out);
		expression_release(expression);
	}
	expression_scope_release(&scope);
	arena_release(&arena);
}

static void test_explain(void)
{
	struct buf got = { 0 };
	for (size_t i = 0; i < sizeof explained / sizeof explained[0]; i++) {
		explain(explained[i].source, true, &got);
		CHECK_TEXT(buf_view(&got), view_of(explained[i].typed), "%s", explained[i].source);
		explain(explained[i].source, false, &got);
		CHECK_TEXT(buf_view(&got), view_of(explained[i].plain), "%s", explained[i].source);
		explain(explained[i].plain, false, &got);
		CHECK_TEXT(buf_view(&got), view_of(explained[i].plain), "explained twice: %s", explained[i].source);
	}
	buf_release(&got);
}

/* ---- the table of functions ---- */

static void test_functions(void)
{
	struct buf got = { 0 };
	const struct expression_function *function;
	for (size_t i = 0; (function = expression_function_at(i)); i++) {
		CHECK(function->aggregate == !function->example, "%s has an example unless it aggregates", function->usage);
		if (!function->example)
			continue;
		struct view name = view_first(view_of(function->usage), view_find_byte(view_of(function->usage), '('));
		CHECK(view_find(view_of(function->example), name) != SIZE_MAX, "%s: the example has it", function->usage);
		evaluate(view_of(function->example), &got);
		CHECK_TEXT(buf_view(&got), view_of(function->gives), "%s", function->example);
	}
	buf_release(&got);
}

/* Text on a macro line: a quote before a word would quote it. */
static void put_roff(const char *text, struct buf *out)
{
	for (; *text; text++) {
		if (*text == '"')
			buf_text(out, "\\(dq");
		else if (*text == '\\')
			buf_text(out, "\\e");
		else
			buf_byte(out, *text);
	}
}

/* The manual's lines of one kind of functions, in mdoc. */
static void write_manual(bool aggregate, struct buf *out)
{
	const struct expression_function *function;
	for (size_t i = 0; (function = expression_function_at(i)); i++) {
		if (function->aggregate != aggregate)
			continue;
		buf_printf(out, ".It Li %s\n%s\n", function->usage, function->help);
		if (!function->example)
			continue;
		buf_text(out, ".Dl ");
		put_roff(function->example, out);
		buf_text(out, " \\(-> ");
		put_roff(function->gives, out);
		buf_byte(out, '\n');
	}
}

static bool read_file(const char *path, struct buf *out)
{
	FILE *file = fopen(path, "rb");
	if (!file)
		return false;
	for (int c; (c = getc(file)) != EOF;)
		buf_byte(out, (char)c);
	return fclose(file) == 0;
}

static bool find_any(const void *table, struct view name, unsigned *index, enum expression_type *type)
{
	(void)table, (void)name;
	*index = 0;
	*type = EXPRESSION_TEXT;
	return true;
}

/* The manual's examples are expressions over columns that need not be here. */
static void test_manual_examples(struct view manual)
{
	size_t begin = view_find(manual, VIEW(".Sh EXAMPLES"));
	struct view examples = view_skip(manual, begin);
	examples = view_first(examples, view_find(examples, VIEW(".Sh SEE ALSO")));
	unsigned count = 0;
	for (struct view line; examples.ptr;) {
		line = view_cut(&examples, '\n');
		if (!view_starts(line, VIEW(".Dl ")))
			continue;
		struct arena arena = { 0 };
		struct expression_scope scope = { .find = find_any };
		struct expression_error error = { .message = "" };
		CHECK(expression_compile(&arena, &scope, VIEW("r"), view_skip(line, 4), &error), "%.*s: %s",
		      VIEW_ARGS(line), error.message);
		expression_scope_release(&scope);
		arena_release(&arena);
		count++;
	}
	CHECK(count >= 4, "examples: %u", count);
}

static void test_manual(void)
{
	struct buf manual = { 0 }, wanted = { 0 };
	if (read_file("man/crm-rules.5", &manual)) {
		for (int aggregate = 0; aggregate < 2; aggregate++) {
			buf_reset(&wanted);
			write_manual(aggregate, &wanted);
			CHECK(view_find(buf_view(&manual), buf_view(&wanted)) != SIZE_MAX,
			      "man/crm-rules.5 lists what build/unit/expression --man prints");
		}
		test_manual_examples(buf_view(&manual));
	} else {
		printf("skipped: man/crm-rules.5 is not here\n");
	}
	buf_release(&manual);
	buf_release(&wanted);
}

int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "--man") == 0) {
		struct buf lines = { 0 };
		write_manual(false, &lines);
		buf_byte(&lines, '\n');
		write_manual(true, &lines);
		fputs(buf_string(&lines), stdout);
		buf_release(&lines);
		return 0;
	}
	test_values(values, sizeof values / sizeof values[0]);
	test_errors();
	test_error_column();
	test_limits();
	test_doubts();
	test_columns();
	test_verdicts();
	test_explain();
	test_functions();
	test_manual();
	return test_end();
}
