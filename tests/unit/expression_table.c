/* Expressions over rows as the reader gives them. */
#include "rule/expression_table.h"

#include "test.h"

static enum expression_type type_of(struct view name)
{
	return view_is(name, "amount") ? EXPRESSION_NUMBER : EXPRESSION_TEXT;
}

int main(void)
{
	struct arena arena = { 0 }, values = { 0 };
	const struct dialect csv = { .form = DIALECT_CSV, .delimiter = ',' };
	struct expression_table table = { .type = type_of };
	struct expression_error error;

	CHECK(expression_model_type(VIEW("amount")) == EXPRESSION_NUMBER && expression_model_type(VIEW("at")) == EXPRESSION_TIME &&
	      expression_model_type(VIEW("uid")) == EXPRESSION_TEXT && expression_model_type(VIEW("focus")) == EXPRESSION_LIST &&
	      expression_model_type(VIEW("no such")) == EXPRESSION_TEXT, "types are the data model's");

	struct expression_scope early = expression_scope_of(&table, 0);
	CHECK(expression_compile_condition(&arena, &early, VIEW("r"), VIEW("amount > 1 and note == \"a\""), &error),
	      "without a header every name is a column");
	CHECK(!expression_compile_condition(&arena, &early, VIEW("r"), VIEW("amount =~ \"a\""), &error) &&
	      error.fault == EXPRESSION_WRONG, "and types are known already");
	expression_scope_release(&early);

	table.header = header_parse(&arena, csv, VIEW("channel,note,amount"), "a.csv");
	struct expression_scope scope = expression_scope_of(&table, 0);
	CHECK(!expression_compile(&arena, &scope, VIEW("r"), VIEW("amuont > 1"), &error) &&
	      error.fault == EXPRESSION_NO_COLUMN, "now a column may be absent");
	CHECK_TEXT(error.suggestion, VIEW("amount"), "the header's names are suggested");
	struct expression *expression =
		expression_compile_condition(&arena, &scope, VIEW("r"), VIEW("note == 'a\"b' and amount == 5"), &error);

	const char record[] = "x,\"a\"\"b\",5.0\n";
	const uint32_t ends[] = { UINT32_MAX, 1, 8, 12 };
	const struct row row = {
		.bytes = record, .ends = ends + 1, .count = 3, .dialect = csv, .arena = &values,
	};
	struct expression_scratch scratch;
	expression_scratch_init(&scratch, &scope);
	CHECK(expression_test(expression, &scratch, expression_row_of(&row)) == EXPRESSION_YES,
	      "the value, not its quotes");
	expression_scratch_release(&scratch);
	expression_scope_release(&scope);
	arena_release(&values);
	arena_release(&arena);
	return test_end();
}
