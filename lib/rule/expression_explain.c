/* expression_explain: how an expression was read, with every bracket.
 *
 *     a > 1 and b in ("x")    ->    (((a:number > 1) and (b:text in ("x"))):bool  */
#include "rule/expression_tree.h"
#include "value/number.h"

struct writer {
	struct buf *out;
	bool types;
};

static void write_node(const struct writer *writer, const struct node *node);

static const char *const operators[] = {
	[NODE_AND] = "and", [NODE_OR] = "or", [NODE_ADD] = "+", [NODE_SUBTRACT] = "-", [NODE_MULTIPLY] = "*",
	[NODE_DIVIDE] = "/", [NODE_EQ] = "==", [NODE_NE] = "!=", [NODE_LT] = "<", [NODE_LE] = "<=", [NODE_GT] = ">",
	[NODE_GE] = ">=", [NODE_IN] = "in", [NODE_NOT_IN] = "not in", [NODE_MATCH] = "=~", [NODE_NOT_MATCH] = "!~",
};

/* In quotes, those inside doubled. */
static void write_quoted(struct buf *out, struct view text, char quote)
{
	buf_byte(out, quote);
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] == quote)
			buf_byte(out, quote);
		buf_byte(out, text.ptr[i]);
	}
	buf_byte(out, quote);
}

static void write_type(const struct writer *writer, enum expression_type type)
{
	if (!writer->types)
		return;
	buf_byte(writer->out, ':');
	buf_text(writer->out, expression_type_name(type));
}

static void write_column(const struct writer *writer, const struct node *node)
{
	if (lexer_is_word(node->text))
		buf_put(writer->out, node->text);
	else
		write_quoted(writer->out, node->text, '`');
	write_type(writer, node->type);
}

/* (first, second, ...) from a number on. */
static void write_arguments(const struct writer *writer, const struct node *node, unsigned from)
{
	buf_byte(writer->out, '(');
	for (unsigned i = from; i < node->count; i++) {
		if (i > from)
			buf_text(writer->out, ", ");
		write_node(writer, node->arguments[i]);
	}
	buf_byte(writer->out, ')');
}

static void write_literal(const struct writer *writer, const struct node *node)
{
	const struct expression_value value = {
		.state = EXPRESSION_VALUE,
		.number = node->number,
	};
	const struct expression_value time = { .state = EXPRESSION_VALUE, .time = node->time };
	switch (node->kind) {
	case NODE_TEXT:
		write_quoted(writer->out, node->text, '"');
		break;
	case NODE_NUMBER:
		/* A minus before a number is an operator, and takes an operand. */
		if (node->number < 0)
			buf_byte(writer->out, '(');
		expression_format(EXPRESSION_NUMBER, &value, writer->out);
		if (node->number < 0)
			buf_byte(writer->out, ')');
		break;
	case NODE_TIME:
		expression_format(EXPRESSION_TIME, &time, writer->out);
		break;
	default:
		buf_text(writer->out, node->truth ? "true" : "false");
	}
}

/* A conversion reads as the function that does the same; number() of it would be doubled. */
static void write_convert(const struct writer *writer, const struct node *node)
{
	buf_text(writer->out, node->type == EXPRESSION_NUMBER ? "number(" : "date(");
	write_node(writer, node->arguments[0]);
	buf_byte(writer->out, ')');
}

static void write_call(const struct writer *writer, const struct node *node)
{
	bool said = (view_is(node->text, "number") || view_is(node->text, "date")) && node->count == 1 &&
	            node->arguments[0]->kind == NODE_CONVERT;
	if (said) {
		write_convert(writer, node->arguments[0]);
		return;
	}
	buf_put(writer->out, node->text);
	write_arguments(writer, node, 0);
}

/* (a and b and c), (a in (b, c)), (a =~ "b"). */
static void write_operator(const struct writer *writer, const struct node *node)
{
	bool in = node->kind == NODE_IN || node->kind == NODE_NOT_IN;
	bool match = node->kind == NODE_MATCH || node->kind == NODE_NOT_MATCH;
	buf_byte(writer->out, '(');
	write_node(writer, node->arguments[0]);
	for (unsigned i = 1; i < node->count && !in; i++) {
		buf_printf(writer->out, " %s ", operators[node->kind]);
		write_node(writer, node->arguments[i]);
	}
	if (in || match)
		buf_printf(writer->out, " %s ", operators[node->kind]);
	if (in)
		write_arguments(writer, node, 1);
	else if (match)
		write_quoted(writer->out, node->text, '"');
	buf_byte(writer->out, ')');
}

static void write_node(const struct writer *writer, const struct node *node)
{
	switch (node->kind) {
	case NODE_TEXT:
	case NODE_NUMBER:
	case NODE_TIME:
	case NODE_TRUTH:
		write_literal(writer, node);
		break;
	case NODE_COLUMN:
		write_column(writer, node);
		break;
	case NODE_CALL:
		write_call(writer, node);
		break;
	case NODE_CONVERT:
		write_convert(writer, node);
		break;
	case NODE_NOT:
	case NODE_NEGATE:
		buf_text(writer->out, node->kind == NODE_NOT ? "(not " : "(-");
		write_node(writer, node->arguments[0]);
		buf_byte(writer->out, ')');
		break;
	default:
		write_operator(writer, node);
	}
}

void expression_explain(const struct expression *expression, bool types, struct buf *out)
{
	const struct writer writer = { out, types };
	write_node(&writer, expression->root);
	write_type(&writer, expression->root->type);
}
