/* expression_check: names are found, every mix of types is settled, nodes get their code.
 *
 * One rule makes all conversions: where a number or a time is wanted, or stands on the other
 * side of a comparison, text is read as one.  A text literal is read here and now, a column
 * for each row.  All other mixes are errors; nothing becomes text by itself but by text(). */
#include "base/fail.h"
#include "base/nearest.h"
#include "rule/expression_tree.h"
#include "value/number.h"

struct check {
	struct arena *arena;
	struct expression_scope *scope;
	struct expression_error *error;
	struct expression *expression;
	struct view rule;
	size_t first_doubt; /* where this rule's doubts begin */
	size_t column_capacity, pattern_capacity;
};

#define refuse_at(check, at, ...) expression_refuse((check)->arena, (check)->error, at, __VA_ARGS__)

static bool settle(struct check *check, struct node *node);

/* ---- words for messages ---- */

const char *type_phrase(enum expression_type type)
{
	static const char *const phrases[] = {
		[EXPRESSION_TEXT] = "text", [EXPRESSION_NUMBER] = "a number", [EXPRESSION_TIME] = "a time",
		[EXPRESSION_BOOL] = "a condition", [EXPRESSION_LIST] = "a list",
	};
	return translate(phrases[type]);
}

static bool refuse_type(struct check *check, const struct node *node, enum expression_type wanted)
{
	const char *is = type_phrase(node->type), *want = type_phrase(wanted);
	if (node->kind == NODE_COLUMN && wanted == EXPRESSION_TEXT)
		return refuse_at(check, node->at, "column \"%.*s\" is %s, where %s is wanted; text() gives what its cell holds",
		                 VIEW_ARGS(node->text), is, want);
	if (node->kind == NODE_COLUMN)
		return refuse_at(check, node->at, "column \"%.*s\" is %s, where %s is wanted", VIEW_ARGS(node->text), is,
		                 want);
	if (wanted == EXPRESSION_TIME && node->kind == NODE_NUMBER)
		return refuse_at(check, node->at, "this is %s, where %s is wanted; a date is written 2024-05-01", is, want);
	return refuse_at(check, node->at, "this is %s, where %s is wanted", is, want);
}

/* ---- conversion ---- */

/* A text literal becomes a literal of another type. */
static bool convert_literal(struct check *check, struct node *node, enum expression_type type)
{
	bool read;
	if (type == EXPRESSION_NUMBER) {
		read = expression_read_number(node->text, &node->number);
		node->kind = NODE_NUMBER;
	} else if (type == EXPRESSION_TIME) {
		read = expression_read_time(node->text, &node->time);
		node->kind = NODE_TIME;
	} else {
		read = expression_read_bool(node->text, &node->truth);
		node->kind = NODE_TRUTH;
	}
	if (!read)
		return refuse_at(check, node->at, "this text does not read as %s, which is wanted here", type_phrase(type));
	node->type = type;
	return true;
}

/* Makes the node, of settled type, one of the wanted type, or refuses. */
static bool coerce(struct check *check, struct node **place, enum expression_type type)
{
	struct node *node = *place;
	bool readable = type == EXPRESSION_NUMBER || type == EXPRESSION_TIME || type == EXPRESSION_BOOL;
	if (node->type == type)
		return true;
	if (node->kind == NODE_TEXT && readable)
		return convert_literal(check, node, type);
	/* 0 and 1 are how tables write bools. */
	if (node->kind == NODE_NUMBER && type == EXPRESSION_BOOL && (node->number == 0 || node->number == NUMBER_ONE)) {
		node->truth = node->number != 0;
		node->kind = NODE_TRUTH;
		node->type = type;
		return true;
	}
	if (node->type != EXPRESSION_TEXT || (type != EXPRESSION_NUMBER && type != EXPRESSION_TIME))
		return refuse_type(check, node, type);
	struct node *converted = arena_zero(check->arena, 1, sizeof *converted);
	converted->kind = NODE_CONVERT;
	converted->type = type;
	converted->at = node->at;
	converted->depth = node->depth + 1;
	converted->arguments = arena_alloc(check->arena, sizeof(struct node *));
	converted->arguments[0] = node;
	converted->count = 1;
	*place = converted;
	return true;
}

/* Makes all nodes of one type: the one that is not text, if there is one. */
static bool unify(struct check *check, struct node **nodes, unsigned count, enum expression_type *common)
{
	enum expression_type type = EXPRESSION_TEXT;
	for (unsigned i = 0; i < count; i++) {
		if (nodes[i]->type == EXPRESSION_LIST)
			return refuse_at(check, nodes[i]->at, "this is a list: ask it by contains() or in (...); text() gives the whole");
		if (type == EXPRESSION_TEXT || nodes[i]->type == EXPRESSION_BOOL)
			type = nodes[i]->type;
	}
	for (unsigned i = 0; i < count; i++)
		if (!coerce(check, &nodes[i], type))
			return false;
	*common = type;
	return true;
}

static bool settle_all(struct check *check, struct node *node)
{
	for (unsigned i = 0; i < node->count; i++)
		if (!settle(check, node->arguments[i]))
			return false;
	return true;
}

/* ---- columns ---- */

/* Makes room in an array of the arena for one more. */
static void *grow(struct arena *arena, void *array, size_t used, size_t *capacity, size_t item)
{
	if (used < *capacity)
		return array;
	*capacity = *capacity ? *capacity * 2 : 4;
	char *more = arena_alloc(arena, *capacity * item);
	if (used)
		memcpy(more, array, used * item);
	return more;
}

/* Names in the arena, among which the one that was meant may be. */
struct names {
	struct view *name;
	size_t count, capacity;
};

static void names_add(struct arena *arena, struct names *names, struct view name)
{
	names->name = grow(arena, names->name, names->count, &names->capacity, sizeof *names->name);
	names->name[names->count++] = name;
}

static bool refuse_column(struct check *check, const struct node *node)
{
	struct names names = { .count = 0 };
	struct view name;
	for (unsigned i = 0; check->scope->name && check->scope->name(check->scope->table, i, &name); i++)
		names_add(check->arena, &names, name);
	struct view meant = nearest_view(node->text, names.name, names.count);
	if (meant.len)
		refuse_at(check, node->at, "no column \"%.*s\"; did you mean \"%.*s\"?", VIEW_ARGS(node->text),
		          VIEW_ARGS(meant));
	else
		refuse_at(check, node->at, "no column \"%.*s\"", VIEW_ARGS(node->text));
	check->error->suggestion = meant;
	check->error->fault = EXPRESSION_NO_COLUMN;
	return false;
}

static bool settle_column(struct check *check, struct node *node)
{
	if (!check->scope->find(check->scope->table, node->text, &node->column, &node->type))
		return refuse_column(check, node);
	return true;
}

/* ---- functions ---- */

static bool refuse_function(struct check *check, const struct node *node)
{
	struct names names = { .count = 0 };
	for (size_t i = 0; function_at(i); i++)
		names_add(check->arena, &names, function_name(function_at(i)));
	struct view meant = nearest_view(node->text, names.name, names.count);
	if (meant.len)
		refuse_at(check, node->at, "no function \"%.*s\"; did you mean \"%.*s\"?", VIEW_ARGS(node->text),
		          VIEW_ARGS(meant));
	else
		refuse_at(check, node->at, "no function \"%.*s\"", VIEW_ARGS(node->text));
	check->error->suggestion = meant;
	return false;
}

/* The letter of argument i, and whether there may be so many (see struct function). */
static bool letter_of(const char *takes, unsigned i, char *letter)
{
	for (; *takes; takes++) {
		if (*takes == '*')
			return true;
		if (*takes == '?')
			continue;
		*letter = *takes;
		if (i-- == 0)
			return true;
	}
	return false;
}

static bool arguments_fit(const char *takes, unsigned count)
{
	unsigned least = 0;
	char letter;
	for (const char *at = takes; *at && *at != '*' && at[1] != '?'; at++)
		least++;
	return count >= least && (count == 0 || letter_of(takes, count - 1, &letter));
}

static bool settle_argument(struct check *check, struct node *node, unsigned i, char letter)
{
	struct node **argument = &node->arguments[i];
	/* What text() looks at keeps its bytes. */
	if (letter == 'c' && (*argument)->kind == NODE_COLUMN) {
		if (!settle_column(check, *argument))
			return false;
		(*argument)->type = EXPRESSION_TEXT;
		return true;
	}
	if (!settle(check, *argument))
		return false;
	switch (letter) {
	case 't':
		return coerce(check, argument, EXPRESSION_TEXT);
	case 'n':
		return coerce(check, argument, EXPRESSION_NUMBER);
	case 'd':
		return coerce(check, argument, EXPRESSION_TIME);
	case 'b':
		return coerce(check, argument, EXPRESSION_BOOL);
	case 's':
		return (*argument)->type == EXPRESSION_LIST || coerce(check, argument, EXPRESSION_TEXT);
	default:
		return true;
	}
}

/* The arguments that must be of one type; they stand side by side. */
static bool settle_common(struct check *check, struct node *node, enum expression_type *type)
{
	unsigned first = 0, count = 0;
	char letter = 0;
	for (unsigned i = 0; i < node->count; i++) {
		letter_of(node->function->takes, i, &letter);
		if (letter != 'x' && letter != 'o')
			continue;
		if (count++ == 0)
			first = i;
	}
	if (!count)
		return true;
	if (!unify(check, node->arguments + first, count, type))
		return false;
	if (letter == 'o' && *type == EXPRESSION_BOOL)
		return refuse_at(check, node->at, "conditions have no order");
	return true;
}

static bool settle_call(struct check *check, struct node *node)
{
	const struct function *function = function_find(node->text);
	if (!function)
		return refuse_function(check, node);
	if (!arguments_fit(function->takes, node->count))
		return refuse_at(check, node->at, "wrong number of arguments; it is %s", function->manual.usage);
	if (function->manual.aggregate)
		return refuse_at(check, node->at, "%.*s() looks at all rows of a customer; this expression sees one row",
		                 VIEW_ARGS(node->text));
	node->function = function;
	node->time = check->scope->as_of;
	char letter = 0;
	for (unsigned i = 0; i < node->count; i++) {
		letter_of(function->takes, i, &letter);
		if (!settle_argument(check, node, i, letter))
			return false;
	}
	enum expression_type common = EXPRESSION_TEXT;
	if (!settle_common(check, node, &common))
		return false;
	switch (function->gives) {
	case 't':
		node->type = EXPRESSION_TEXT;
		break;
	case 'n':
		node->type = EXPRESSION_NUMBER;
		break;
	case 'd':
		node->type = EXPRESSION_TIME;
		break;
	case 'b':
		node->type = EXPRESSION_BOOL;
		break;
	default:
		node->type = common;
	}
	return true;
}

/* ---- operators ---- */

static bool settle_each(struct check *check, struct node *node, enum expression_type wanted)
{
	for (unsigned i = 0; i < node->count; i++) {
		struct node *argument = node->arguments[i];
		if (!settle(check, argument))
			return false;
		if (argument->type == EXPRESSION_TIME && wanted == EXPRESSION_NUMBER)
			return refuse_at(check, argument->at, "times are not calculated with; see add_days() and days_between()");
		if (!coerce(check, &node->arguments[i], wanted))
			return false;
	}
	node->type = wanted;
	return true;
}

/* Nothing equals empty text, which is missing. */
static bool refuse_empty(struct check *check, const struct node *node)
{
	for (unsigned i = 0; i < node->count; i++)
		if (node->arguments[i]->kind == NODE_TEXT && !node->arguments[i]->text.len)
			return refuse_at(check, node->arguments[i]->at, "empty text is missing, and equals nothing; write empty(...)");
	return true;
}

static bool settle_comparison(struct check *check, struct node *node)
{
	enum expression_type type;
	if (!settle_all(check, node) || !refuse_empty(check, node) || !unify(check, node->arguments, 2, &type))
		return false;
	if (type == EXPRESSION_BOOL && node->kind != NODE_EQ && node->kind != NODE_NE)
		return refuse_at(check, node->at, "conditions have no order");
	node->type = EXPRESSION_BOOL;
	return true;
}

static bool settle_in(struct check *check, struct node *node)
{
	enum expression_type type;
	if (!settle_all(check, node) || !refuse_empty(check, node))
		return false;
	node->type = EXPRESSION_BOOL;
	if (node->arguments[0]->type != EXPRESSION_LIST)
		return unify(check, node->arguments, node->count, &type);
	for (unsigned i = 1; i < node->count; i++)
		if (!coerce(check, &node->arguments[i], EXPRESSION_TEXT))
			return false;
	return true;
}

static bool settle_match(struct check *check, struct node *node)
{
	struct expression *expression = check->expression;
	struct pattern_error wrong;
	if (!settle_all(check, node))
		return false;
	if (node->arguments[0]->type != EXPRESSION_LIST && !coerce(check, &node->arguments[0], EXPRESSION_TEXT))
		return false;
	node->type = EXPRESSION_BOOL;
	node->pattern = pattern_compile(check->arena, node->text, &wrong);
	if (!node->pattern)
		return refuse_at(check, node->pattern_at + wrong.offset, "pattern: %s", wrong.message);
	expression->patterns = grow(check->arena, expression->patterns, expression->pattern_count,
	                            &check->pattern_capacity, sizeof *expression->patterns);
	expression->patterns[expression->pattern_count++] = node->pattern;
	return true;
}

static bool settle(struct check *check, struct node *node)
{
	switch (node->kind) {
	case NODE_TEXT:
		node->type = EXPRESSION_TEXT;
		return true;
	case NODE_NUMBER:
		node->type = EXPRESSION_NUMBER;
		return true;
	case NODE_TIME:
		node->type = EXPRESSION_TIME;
		return true;
	case NODE_TRUTH:
		node->type = EXPRESSION_BOOL;
		return true;
	case NODE_COLUMN:
		return settle_column(check, node);
	case NODE_CALL:
		return settle_call(check, node);
	case NODE_CONVERT: /* none before this file puts them in */
		return true;
	case NODE_NOT:
	case NODE_AND:
	case NODE_OR:
		return settle_each(check, node, EXPRESSION_BOOL);
	case NODE_NEGATE:
	case NODE_ADD:
	case NODE_SUBTRACT:
	case NODE_MULTIPLY:
	case NODE_DIVIDE:
		return settle_each(check, node, EXPRESSION_NUMBER);
	case NODE_IN:
	case NODE_NOT_IN:
		return settle_in(check, node);
	case NODE_MATCH:
	case NODE_NOT_MATCH:
		return settle_match(check, node);
	default:
		return settle_comparison(check, node);
	}
}

/* ---- doubts, columns, code ---- */

/* The number of a doubt of this rule; each column and kind has one. */
static size_t doubt_number(struct check *check, struct view column, enum expression_doubt_kind kind)
{
	struct expression_scope *scope = check->scope;
	for (size_t i = check->first_doubt; i < scope->doubt_count; i++)
		if (scope->doubts[i].kind == kind && view_equal(scope->doubts[i].column, column))
			return i;
	heap_grow(scope->doubts, scope->doubt_count, &scope->doubt_capacity);
	scope->doubts[scope->doubt_count] = (struct expression_doubt){ check->rule, column, kind };
	return scope->doubt_count++;
}

/* The one column that the node reads; empty if there are none or several. */
static struct view only_column(const struct node *node, bool *several)
{
	struct view only = { NULL, 0 };
	if (node->kind == NODE_COLUMN)
		return node->text;
	for (unsigned i = 0; i < node->count && !*several; i++) {
		struct view found = only_column(node->arguments[i], several);
		if (only.len && found.len && !view_equal(only, found))
			*several = true;
		if (found.len)
			only = found;
	}
	return *several ? (struct view){ NULL, 0 } : only;
}

static void add_column(struct check *check, unsigned column)
{
	struct expression *expression = check->expression;
	size_t at = expression->column_count;
	while (at > 0 && expression->columns[at - 1] > column)
		at--;
	if (at > 0 && expression->columns[at - 1] == column)
		return;
	expression->columns = grow(check->arena, expression->columns, expression->column_count,
	                           &check->column_capacity, sizeof *expression->columns);
	for (size_t i = expression->column_count++; i > at; i--)
		expression->columns[i] = expression->columns[i - 1];
	expression->columns[at] = column;
}

static void finish(struct check *check, struct node *node)
{
	bool several = false, converts = node->kind == NODE_COLUMN || node->kind == NODE_CONVERT;
	for (unsigned i = 0; i < node->count; i++)
		finish(check, node->arguments[i]);
	if (node->kind == NODE_COLUMN)
		add_column(check, node->column);
	if (converts && node->type == EXPRESSION_NUMBER)
		node->doubt = doubt_number(check, only_column(node, &several), EXPRESSION_NO_NUMBER);
	else if (converts && node->type == EXPRESSION_TIME)
		node->doubt = doubt_number(check, only_column(node, &several), EXPRESSION_NO_TIME);
	else if (converts && node->type == EXPRESSION_BOOL)
		node->doubt = doubt_number(check, only_column(node, &several), EXPRESSION_NO_BOOL);
	else if (node->kind == NODE_DIVIDE)
		node->doubt = doubt_number(check, (struct view){ NULL, 0 }, EXPRESSION_ZERO_DIVISION);
	node_link(node);
}

bool expression_check(struct arena *arena, struct expression_scope *scope, struct view rule,
                      struct expression *expression, struct expression_error *error)
{
	struct check check = {
		.arena = arena, .scope = scope, .error = error, .expression = expression,
		.rule = rule, .first_doubt = scope->doubt_count,
	};
	if (!settle(&check, expression->root))
		return false;
	finish(&check, expression->root);
	return true;
}
