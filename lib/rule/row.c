/* row: see row.h. */
#include "rule/row.h"

/* ---- compiling ---- */

void row_scope_init(struct row_scope *scope, struct run *run, const struct header *header)
{
	*scope = (struct row_scope){ .run = run,
		.table = { .header = header, .type = expression_model_type } };
	scope->expressions = expression_scope_of(&scope->table, run->as_of);
}

/* Ends the program where the source is wrong. */
static struct expression *checked(const struct row_scope *scope, struct expression *expression,
                                  const struct expression_error *error, struct place place)
{
	const struct header *header = scope->table.header;
	if (!expression && error->fault == EXPRESSION_NO_COLUMN && header)
		die_at(STATUS_INPUT, place, "character %u: %s (%s: %s)", error->column, error->message, header->file,
		       header_list(&scope->run->arena, header));
	if (!expression)
		die_at(error->fault == EXPRESSION_NO_COLUMN ? STATUS_INPUT : STATUS_USAGE, place, "character %u: %s",
		       error->column, error->message);
	return expression;
}

struct expression *row_expression(struct row_scope *scope, struct view rule, struct place place, struct view source)
{
	struct expression_error error;
	return checked(scope, expression_compile(&scope->run->arena, &scope->expressions, rule, source, &error), &error, place);
}

struct row_condition row_condition(struct row_scope *scope, struct view rule, struct place place, struct view source)
{
	struct expression_error error;
	struct expression *expression =
		expression_compile_condition(&scope->run->arena, &scope->expressions, rule, source, &error);
	return (struct row_condition){ checked(scope, expression, &error, place), arena_copy(&scope->run->arena, rule) };
}

bool row_condition_find(struct row_scope *scope, struct view rule, struct place place, struct view source,
                        struct row_condition *condition)
{
	struct expression_error error;
	struct expression *expression =
		expression_compile_condition(&scope->run->arena, &scope->expressions, rule, source, &error);
	if (!expression && error.fault == EXPRESSION_NO_COLUMN)
		return false;
	*condition = (struct row_condition){ checked(scope, expression, &error, place), arena_copy(&scope->run->arena, rule) };
	return true;
}

void row_condition_release(struct row_condition *condition)
{
	expression_release(condition->expression);
}

void row_condition_check(struct run *run, struct place place, struct view source)
{
	struct row_scope scope;
	row_scope_init(&scope, run, NULL);
	struct row_condition condition = row_condition(&scope, VIEW(""), place, source);
	row_condition_release(&condition);
	expression_scope_release(&scope.expressions);
}

/* ---- rows ---- */

void row_scratch_init(struct expression_scratch *scratch, const struct row_scope *scope)
{
	expression_scratch_init(scratch, &scope->expressions);
}

void row_scratch_release(struct expression_scratch *scratch, struct row_scope *scope)
{
	if (!scope->total.row)
		expression_scratch_init(&scope->total, &scope->expressions);
	expression_scratch_merge(&scope->total, scratch);
	expression_scratch_release(scratch);
}

/* What a doubt is about: its column, where there is one. */
static struct view doubtful(const struct expression_doubt *doubt)
{
	return doubt->column.len ? doubt->column : VIEW("a value");
}

/* What it is, instead of what an expression took it for. */
static const char *const doubts[] = {
	[EXPRESSION_NO_NUMBER] = "no number",
	[EXPRESSION_NO_TIME] = "no date or time",
	[EXPRESSION_NO_BOOL] = "neither 0 nor 1",
	[EXPRESSION_ZERO_DIVISION] = "divided by zero",
};

/* Under --strict a row is rejected for the first of its doubts that is named there. */
bool row_refused(const struct row_scope *scope, const struct expression_scratch *scratch, const struct row *row,
                 struct task *task)
{
	if (!scratch->doubt || !scope->run->strict)
		return false;
	for (size_t i = 0; i < scratch->count; i++) {
		const struct expression_doubt *doubt = &scope->expressions.doubts[i];
		const char *code = expression_doubt_code(doubt->kind);
		if (scratch->last_rows[i] != scratch->row || !run_strict(scope->run, code))
			continue;
		row_reject(task, row, COLUMN_NONE, code, "%.*s: %.*s is %s", VIEW_ARGS(doubt->rule),
		           VIEW_ARGS(doubtful(doubt)), doubts[doubt->kind]);
		return true;
	}
	return false;
}

/* A row whose value is none: it is neither kept nor left out. */
static void reject(enum expression_verdict verdict, struct view rule, const struct row *row, struct task *task)
{
	const char *code = expression_verdict_code(verdict);
	if (verdict == EXPRESSION_FAILS_LIMIT)
		row_reject(task, row, COLUMN_NONE, code, "%.*s: a pattern reached its limit of steps", VIEW_ARGS(rule));
	else
		row_reject(task, row, COLUMN_NONE, code, "%.*s: a number or time out of range", VIEW_ARGS(rule));
}

bool row_compute(const struct expression *expression, struct view rule, struct expression_scratch *scratch,
                 const struct row *row, struct task *task, struct expression_value *value)
{
	*value = expression_eval(expression, scratch, expression_row_of(row));
	if (value->state != EXPRESSION_LIMIT && value->state != EXPRESSION_RANGE)
		return true;
	reject(value->state == EXPRESSION_LIMIT ? EXPRESSION_FAILS_LIMIT : EXPRESSION_FAILS_RANGE, rule, row, task);
	return false;
}

enum row_verdict row_holds(const struct row_scope *scope, const struct row_condition *condition,
                           struct expression_scratch *scratch, const struct row *row, struct task *task)
{
	enum expression_verdict verdict = expression_test(condition->expression, scratch, expression_row_of(row));
	if (row_refused(scope, scratch, row, task))
		return ROW_REJECTED;
	if (verdict == EXPRESSION_NO || verdict == EXPRESSION_YES)
		return verdict == EXPRESSION_YES ? ROW_YES : ROW_NO;
	reject(verdict, condition->rule, row, task);
	return ROW_REJECTED;
}

/* ---- the end ---- */

void row_scope_release(struct row_scope *scope)
{
	for (size_t i = 0; i < scope->total.count; i++) {
		const struct expression_doubt *doubt = &scope->expressions.doubts[i];
		if (scope->total.counts[i])
			run_note(scope->run, "%.*s: %.*s is %s in %llu rows", VIEW_ARGS(doubt->rule),
			         VIEW_ARGS(doubtful(doubt)), translate(doubts[doubt->kind]),
			         (unsigned long long)scope->total.counts[i]);
	}
	expression_scratch_release(&scope->total);
	expression_scope_release(&scope->expressions);
}
