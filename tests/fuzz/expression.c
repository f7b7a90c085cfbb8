/* Expressions: whatever compiles evaluates, the same twice and as its explanation; whatever
 * does not says where.  Input: the expression, a line feed, then cells, a line each, for the
 * columns a (text), n (number), t (time), b (bool), l (list). */
#include "fuzz.h"

#include "rule/expression.h"

enum { CELLS = 5 };

static bool find(const void *table, struct view name, unsigned *index, enum expression_type *type)
{
	static const enum expression_type types[] = {
		EXPRESSION_TEXT, EXPRESSION_NUMBER, EXPRESSION_TIME, EXPRESSION_BOOL, EXPRESSION_LIST,
	};
	size_t at = name.len == 1 ? view_find_byte(VIEW("antbl"), name.ptr[0]) : SIZE_MAX;
	(void)table;
	if (at == SIZE_MAX)
		return false;
	*index = (unsigned)at;
	*type = types[at];
	return true;
}

static bool name_at(const void *table, unsigned i, struct view *name)
{
	(void)table;
	*name = view(&"antbl"[i < CELLS ? i : 0], 1);
	return i < CELLS;
}

static struct view cell(const void *row, unsigned index)
{
	return ((const struct view *)row)[index];
}

/* State and value as text. */
static void evaluate(const struct expression *expression, struct expression_scratch *scratch,
                     const struct view *cells, struct buf *to)
{
	buf_reset(to);
	expression_scratch_reset(scratch);
	struct expression_value value = expression_eval(expression, scratch, (struct expression_row){ cells, cell });
	buf_printf(to, "%d ", (int)value.state);
	expression_format(expression_result_type(expression), &value, to);
}

/* The explanation compiles, and means the same. */
static void check_explanation(struct arena *arena, struct expression_scope *scope, const struct expression *expression,
                              const struct view *cells, struct view expected)
{
	struct buf explained = { 0 }, got = { 0 };
	struct expression_scratch scratch;
	struct expression_error error = { 0 };
	expression_explain(expression, true, &explained);
	buf_reset(&explained);
	expression_explain(expression, false, &explained);
	struct expression *again = expression_compile(arena, scope, VIEW("again"), buf_view(&explained), &error);
	/* Its brackets may go beyond the limits of length and nesting. */
	if (!again) {
		PROPERTY(explained.len > 200, "%s does not compile: %s", buf_string(&explained), error.message);
	} else {
		expression_scratch_init(&scratch, scope);
		evaluate(again, &scratch, cells, &got);
		PROPERTY_SAME(buf_view(&got), expected, "explained: %s", buf_string(&explained));
		expression_scratch_release(&scratch);
		expression_release(again);
	}
	buf_release(&explained);
	buf_release(&got);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view rest = fuzz_bytes(bytes, len), cells[CELLS] = { { "", 0 } };
	struct view source = fuzz_copy(view_cut(&rest, '\n'));
	struct arena arena = { 0 };
	struct expression_scope scope = { .find = find, .name = name_at, .as_of = 1717243200 };
	struct expression_error error = { 0 };
	for (size_t i = 0; i < CELLS; i++)
		cells[i] = rest.ptr ? view_cut(&rest, '\n') : VIEW("");
	struct expression *expression = expression_compile(&arena, &scope, VIEW("rule"), source, &error);
	if (!expression) {
		PROPERTY(error.message && error.message[0], "a message");
		PROPERTY(error.offset <= source.len && error.column >= 1 && error.column <= source.len + 1, "a place");
	} else {
		struct buf first = { 0 }, second = { 0 };
		struct expression_scratch scratch;
		const unsigned *columns;
		size_t count = expression_columns(expression, &columns);
		for (size_t i = 0; i < count; i++)
			PROPERTY(columns[i] < CELLS && (!i || columns[i] > columns[i - 1]), "its columns, ascending");
		expression_scratch_init(&scratch, &scope);
		evaluate(expression, &scratch, cells, &first);
		evaluate(expression, &scratch, cells, &second);
		PROPERTY_SAME(buf_view(&second), buf_view(&first), "twice");
		expression_scratch_release(&scratch);
		check_explanation(&arena, &scope, expression, cells, buf_view(&first));
		expression_release(expression);
		buf_release(&first);
		buf_release(&second);
	}
	expression_scope_release(&scope);
	arena_release(&arena);
	fuzz_free(source);
	return 0;
}
