/* expression: see expression.h.  Compiling, scratch, and what errors need. */
#include "rule/expression.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"
#include "rule/expression_tree.h"
#include "value/date.h"
#include "value/number.h"
#include "value/text.h"

/* ---- errors ---- */

bool expression_refuse(struct arena *arena, struct expression_error *error, size_t offset, const char *format, ...)
{
	char message[512];
	va_list args;
	va_start(args, format);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* translations are checked by a test */
	vsnprintf(message, sizeof message, translate(format), args);
#pragma GCC diagnostic pop
	va_end(args);
	*error = (struct expression_error){ .fault = EXPRESSION_WRONG, .offset = offset };
	error->message = arena_string(arena, view_first(view_of(message), text_valid_length(view_of(message))));
	return false;
}

/* ---- compiling ---- */

static const char *const type_names[] = {
	[EXPRESSION_TEXT] = "text", [EXPRESSION_NUMBER] = "number", [EXPRESSION_TIME] = "time",
	[EXPRESSION_BOOL] = "bool", [EXPRESSION_LIST] = "list",
};

const char *expression_type_name(enum expression_type type)
{
	return type_names[type];
}

static bool compile(struct arena *arena, struct expression_scope *scope, struct view rule,
                    struct expression *expression, bool condition, struct expression_error *error)
{
	struct view source = expression->source;
	size_t valid = text_valid_length(view_first(source, EXPRESSION_LONGEST));
	if (source.len > EXPRESSION_LONGEST)
		return expression_refuse(arena, error, EXPRESSION_LONGEST, "an expression has at most %d bytes", EXPRESSION_LONGEST);
	if (valid < source.len)
		return expression_refuse(arena, error, valid, "this is no UTF-8");
	expression->root = expression_parse(arena, source, error);
	if (!expression->root || !expression_check(arena, scope, rule, expression, error))
		return false;
	if (condition && expression->root->type != EXPRESSION_BOOL)
		return expression_refuse(arena, error, 0, "a condition is wanted, and this is %s",
		                         type_phrase(expression->root->type));
	return true;
}

static struct expression *compile_new(struct arena *arena, struct expression_scope *scope, struct view rule,
                                      struct view source, bool condition, struct expression_error *error)
{
	struct expression *expression = arena_zero(arena, 1, sizeof *expression);
	expression->source = arena_copy(arena, source);
	rule = arena_copy(arena, rule);
	if (compile(arena, scope, rule, expression, condition, error))
		return expression;
	error->column = (unsigned)text_count(view_first(expression->source, error->offset)) + 1;
	expression_release(expression);
	return NULL;
}

struct expression *expression_compile(struct arena *arena, struct expression_scope *scope, struct view rule,
                                      struct view source, struct expression_error *error)
{
	return compile_new(arena, scope, rule, source, false, error);
}

struct expression *expression_compile_condition(struct arena *arena, struct expression_scope *scope,
                                                struct view rule, struct view source,
                                                struct expression_error *error)
{
	return compile_new(arena, scope, rule, source, true, error);
}

void expression_release(struct expression *expression)
{
	for (size_t i = 0; i < expression->pattern_count; i++)
		pattern_release(expression->patterns[i]);
	expression->pattern_count = 0;
}

void expression_scope_release(struct expression_scope *scope)
{
	free(scope->doubts);
	scope->doubts = NULL;
	scope->doubt_count = scope->doubt_capacity = 0;
}

enum expression_type expression_result_type(const struct expression *expression)
{
	return expression->root->type;
}

size_t expression_columns(const struct expression *expression, const unsigned **indexes)
{
	*indexes = expression->columns;
	return expression->column_count;
}

/* ---- scratch ---- */

void expression_scratch_init(struct expression_scratch *scratch, const struct expression_scope *scope)
{
	size_t count = scope->doubt_count;
	*scratch = (struct expression_scratch){ .count = count, .row = 1 };
	scratch->counts = heap_alloc(2 * count * sizeof *scratch->counts);
	memset(scratch->counts, 0, 2 * count * sizeof *scratch->counts);
	scratch->last_rows = scratch->counts + count;
}

void expression_scratch_reset(struct expression_scratch *scratch)
{
	arena_reset(&scratch->arena);
	scratch->doubt = 0;
	scratch->row++;
}

void expression_scratch_merge(struct expression_scratch *into, const struct expression_scratch *from)
{
	for (size_t i = 0; i < into->count && i < from->count; i++)
		into->counts[i] += from->counts[i];
}

void expression_scratch_release(struct expression_scratch *scratch)
{
	arena_release(&scratch->arena);
	pattern_scratch_free(scratch->patterns);
	free(scratch->counts);
	*scratch = (struct expression_scratch){ 0 };
}

/* ---- evaluating ---- */

struct expression_value expression_eval(const struct expression *expression, struct expression_scratch *scratch,
                                        struct expression_row row)
{
	const struct run run = { row, scratch };
	return node_evaluate(expression->root, &run);
}

enum expression_verdict expression_test(const struct expression *expression, struct expression_scratch *scratch,
                                        struct expression_row row)
{
	struct expression_value value = expression_eval(expression, scratch, row);
	switch (value.state) {
	case EXPRESSION_VALUE:
		return value.truth ? EXPRESSION_YES : EXPRESSION_NO;
	case EXPRESSION_LIMIT:
		return EXPRESSION_FAILS_LIMIT;
	case EXPRESSION_RANGE:
		return EXPRESSION_FAILS_RANGE;
	default:
		return EXPRESSION_NO;
	}
}

const char *expression_verdict_code(enum expression_verdict verdict)
{
	return verdict == EXPRESSION_FAILS_LIMIT ? "pattern_limit" : verdict == EXPRESSION_FAILS_RANGE ? "out_of_range" : NULL;
}

const char *expression_doubt_code(enum expression_doubt_kind kind)
{
	static const char *const codes[] = {
		[EXPRESSION_NO_NUMBER] = "no_number", [EXPRESSION_NO_TIME] = "no_time",
		[EXPRESSION_NO_BOOL] = "no_bool", [EXPRESSION_ZERO_DIVISION] = "zero_division",
	};
	return codes[kind];
}

/* A time on the first second of a day is written as a date. */
static void format_time(int64_t time, struct buf *out)
{
	if (moment_second(time) == 0)
		date_format(moment_day(time), out);
	else
		moment_format(time, out);
}

void expression_format(enum expression_type type, const struct expression_value *value, struct buf *out)
{
	if (value->state != EXPRESSION_VALUE)
		return;
	switch (type) {
	case EXPRESSION_TEXT:
	case EXPRESSION_LIST:
		buf_put(out, value->text);
		break;
	case EXPRESSION_NUMBER:
		number_format(value->number, out);
		break;
	case EXPRESSION_TIME:
		format_time(value->time, out);
		break;
	case EXPRESSION_BOOL:
		buf_byte(out, value->truth ? '1' : '0');
		break;
	}
}
