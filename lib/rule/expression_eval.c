/* expression_eval: the code of columns, conversions and operators.
 *
 * Arguments are evaluated from left to right, and no further than the answer needs: behind a
 * false in `and`, a true in `or`, a missing operand nothing is evaluated.  A limit reached or
 * a number out of range ends the evaluation at once. */
#include "rule/expression_tree.h"
#include "value/date.h"
#include "value/number.h"

/* Limits and ranges: no value, not even missing. */
static bool failed(struct expression_value value)
{
	return value.state >= EXPRESSION_LIMIT;
}

/* ---- cells ---- */

bool expression_read_number(struct view text, __int128 *number)
{
	return number_parse(text, NUMBER_PERCENT | NUMBER_UNITS | NUMBER_THOUSANDS, number);
}

bool expression_read_time(struct view text, int64_t *time)
{
	return moment_parse_plain(text, time) != MOMENT_NONE;
}

bool expression_read_bool(struct view text, bool *truth)
{
	if (text.len != 1 || (text.ptr[0] != '0' && text.ptr[0] != '1'))
		return false;
	*truth = text.ptr[0] == '1';
	return true;
}

static struct expression_value doubtful(const struct node *node, const struct run *run)
{
	struct expression_scratch *scratch = run->scratch;
	if (scratch->last_rows[node->doubt] != scratch->row) {
		scratch->last_rows[node->doubt] = scratch->row;
		scratch->counts[node->doubt]++;
	}
	if (!scratch->doubt)
		scratch->doubt = node->doubt + 1;
	return value_missing();
}

/* Text that is not empty as a value of the node's type. */
static struct expression_value convert(const struct node *node, const struct run *run, struct view text)
{
	struct expression_value value = { .state = EXPRESSION_VALUE };
	bool read;
	if (node->type == EXPRESSION_NUMBER)
		read = expression_read_number(text, &value.number);
	else if (node->type == EXPRESSION_TIME)
		read = expression_read_time(text, &value.time);
	else
		read = expression_read_bool(text, &value.truth);
	return read ? value : doubtful(node, run);
}

static struct expression_value eval_cell(const struct node *node, const struct run *run)
{
	return value_text(run->row.value(run->row.row, node->column));
}

static struct expression_value eval_typed_cell(const struct node *node, const struct run *run)
{
	struct view text = run->row.value(run->row.row, node->column);
	return text.len ? convert(node, run, text) : value_missing();
}

static struct expression_value eval_convert(const struct node *node, const struct run *run)
{
	struct expression_value text = node_evaluate(node->arguments[0], run);
	return text.state == EXPRESSION_VALUE ? convert(node, run, text.text) : text;
}

/* ---- literals ---- */

static struct expression_value eval_text(const struct node *node, const struct run *run)
{
	(void)run;
	return value_text(node->text);
}

static struct expression_value eval_number(const struct node *node, const struct run *run)
{
	(void)run;
	return value_number(node->number);
}

static struct expression_value eval_time(const struct node *node, const struct run *run)
{
	(void)run;
	return value_time(node->time);
}

static struct expression_value eval_truth(const struct node *node, const struct run *run)
{
	(void)run;
	return value_truth(node->truth);
}

/* ---- logic ---- */

static bool is_true(struct expression_value value)
{
	return value.state == EXPRESSION_VALUE && value.truth;
}

static struct expression_value eval_not(const struct node *node, const struct run *run)
{
	struct expression_value value = node_evaluate(node->arguments[0], run);
	return failed(value) ? value : value_truth(!is_true(value));
}

static struct expression_value eval_and(const struct node *node, const struct run *run)
{
	for (unsigned i = 0; i < node->count; i++) {
		struct expression_value value = node_evaluate(node->arguments[i], run);
		if (failed(value))
			return value;
		if (!is_true(value))
			return value_truth(false);
	}
	return value_truth(true);
}

static struct expression_value eval_or(const struct node *node, const struct run *run)
{
	for (unsigned i = 0; i < node->count; i++) {
		struct expression_value value = node_evaluate(node->arguments[i], run);
		if (failed(value))
			return value;
		if (is_true(value))
			return value_truth(true);
	}
	return value_truth(false);
}

/* ---- arithmetic ---- */

static struct expression_value eval_negate(const struct node *node, const struct run *run)
{
	struct expression_value value = node_evaluate(node->arguments[0], run);
	return value.state == EXPRESSION_VALUE ? value_number(-value.number) : value;
}

static struct expression_value eval_arithmetic(const struct node *node, const struct run *run)
{
	struct expression_value left = node_evaluate(node->arguments[0], run);
	if (left.state != EXPRESSION_VALUE)
		return left;
	struct expression_value right = node_evaluate(node->arguments[1], run);
	if (right.state != EXPRESSION_VALUE)
		return right;
	if (node->kind == NODE_DIVIDE && right.number == 0)
		return doubtful(node, run);
	__int128 result = 0;
	bool fits = node->kind == NODE_ADD      ? number_add(left.number, right.number, &result) :
	            node->kind == NODE_SUBTRACT ? number_sub(left.number, right.number, &result) :
	            node->kind == NODE_MULTIPLY ? number_mul(left.number, right.number, &result) :
	                                          number_div(left.number, right.number, &result);
	return (struct expression_value){ .state = fits ? EXPRESSION_VALUE : EXPRESSION_RANGE, .number = result };
}

/* ---- comparison ---- */

/* -1, 0 or 1; the values are of one type and there. */
static int compare(enum expression_type type, const struct expression_value *a, const struct expression_value *b)
{
	switch (type) {
	case EXPRESSION_NUMBER:
		return number_compare(a->number, b->number);
	case EXPRESSION_TIME:
		return (a->time > b->time) - (a->time < b->time);
	case EXPRESSION_BOOL:
		return (int)a->truth - (int)b->truth;
	default:
		return view_compare(a->text, b->text);
	}
}

static bool holds(enum node_kind operator, int order)
{
	switch (operator) {
	case NODE_EQ:
		return order == 0;
	case NODE_NE:
		return order != 0;
	case NODE_LT:
		return order < 0;
	case NODE_LE:
		return order <= 0;
	case NODE_GT:
		return order > 0;
	default:
		return order >= 0;
	}
}

static struct expression_value eval_comparison(const struct node *node, const struct run *run)
{
	struct expression_value left = node_evaluate(node->arguments[0], run);
	if (left.state != EXPRESSION_VALUE)
		return failed(left) ? left : value_truth(false);
	struct expression_value right = node_evaluate(node->arguments[1], run);
	if (right.state != EXPRESSION_VALUE)
		return failed(right) ? right : value_truth(false);
	return value_truth(holds(node->kind, compare(node->arguments[0]->type, &left, &right)));
}

/* True if the values are equal; for a list, if one of its items is the text. */
static bool same(enum expression_type type, const struct expression_value *value, const struct expression_value *item)
{
	if (type == EXPRESSION_TEXT)
		return view_equal(value->text, item->text);
	if (type != EXPRESSION_LIST)
		return compare(type, value, item) == 0;
	for (struct view rest = value->text; rest.ptr;)
		if (view_equal(view_cut(&rest, '|'), item->text))
			return true;
	return false;
}

/* `x not in (a, b)` is `x != a and x != b`: a missing item makes it false. */
static struct expression_value eval_in(const struct node *node, const struct run *run)
{
	bool negative = node->kind == NODE_NOT_IN;
	struct expression_value value = node_evaluate(node->arguments[0], run);
	if (value.state != EXPRESSION_VALUE)
		return failed(value) ? value : value_truth(false);
	for (unsigned i = 1; i < node->count; i++) {
		struct expression_value item = node_evaluate(node->arguments[i], run);
		if (failed(item))
			return item;
		if (item.state == EXPRESSION_MISSING && negative)
			return value_truth(false);
		if (item.state == EXPRESSION_VALUE && same(node->arguments[0]->type, &value, &item))
			return value_truth(!negative);
	}
	return value_truth(negative);
}

/* ---- patterns ---- */

/* A list matches if one of its items does; empty ones are none. */
static enum pattern_result match_list(const struct node *node, struct pattern_scratch *scratch, struct view list)
{
	for (struct view rest = list; rest.ptr;) {
		struct view item = view_cut(&rest, '|');
		enum pattern_result result = item.len ? pattern_match(node->pattern, scratch, item) : PATTERN_NO;
		if (result != PATTERN_NO)
			return result;
	}
	return PATTERN_NO;
}

static struct expression_value eval_match(const struct node *node, const struct run *run)
{
	struct expression_scratch *scratch = run->scratch;
	struct expression_value value = node_evaluate(node->arguments[0], run);
	if (value.state != EXPRESSION_VALUE)
		return failed(value) ? value : value_truth(false);
	if (!scratch->patterns)
		scratch->patterns = pattern_scratch_new();
	enum pattern_result result = node->arguments[0]->type == EXPRESSION_LIST
	                                     ? match_list(node, scratch->patterns, value.text)
	                                     : pattern_match(node->pattern, scratch->patterns, value.text);
	if (result == PATTERN_LIMIT)
		return (struct expression_value){ .state = EXPRESSION_LIMIT };
	return value_truth((result == PATTERN_YES) == (node->kind == NODE_MATCH));
}

/* ---- calls ---- */

static struct expression_value eval_call(const struct node *node, const struct run *run)
{
	struct expression_value arguments[FUNCTION_ARGUMENTS];
	for (unsigned i = 0; i < node->count; i++) {
		arguments[i] = node_evaluate(node->arguments[i], run);
		if (arguments[i].state != EXPRESSION_VALUE)
			return arguments[i];
	}
	return node->function->apply(node, run, arguments);
}

/* ---- which node has which ---- */

void node_link(struct node *node)
{
	bool plain = node->type == EXPRESSION_TEXT || node->type == EXPRESSION_LIST;
	switch (node->kind) {
	case NODE_TEXT:
		node->eval = eval_text;
		break;
	case NODE_NUMBER:
		node->eval = eval_number;
		break;
	case NODE_TIME:
		node->eval = eval_time;
		break;
	case NODE_TRUTH:
		node->eval = eval_truth;
		break;
	case NODE_COLUMN:
		node->eval = plain ? eval_cell : eval_typed_cell;
		break;
	case NODE_CALL:
		node->eval = node->function->eval ? node->function->eval : eval_call;
		break;
	case NODE_CONVERT:
		node->eval = eval_convert;
		break;
	case NODE_NOT:
		node->eval = eval_not;
		break;
	case NODE_NEGATE:
		node->eval = eval_negate;
		break;
	case NODE_AND:
		node->eval = eval_and;
		break;
	case NODE_OR:
		node->eval = eval_or;
		break;
	case NODE_ADD:
	case NODE_SUBTRACT:
	case NODE_MULTIPLY:
	case NODE_DIVIDE:
		node->eval = eval_arithmetic;
		break;
	case NODE_IN:
	case NODE_NOT_IN:
		node->eval = eval_in;
		break;
	case NODE_MATCH:
	case NODE_NOT_MATCH:
		node->eval = eval_match;
		break;
	default:
		node->eval = eval_comparison;
	}
}
