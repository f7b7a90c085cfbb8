/* expression_parse: tokens to a tree, by precedence climbing.
 *
 *     or                            loosest
 *     and
 *     not
 *     == != < <= > >= in =~ !~      one of them, they do not chain
 *     + -
 *     * /
 *     - before an operand           tightest
 *
 * Types are no affair of this file. */
#include "rule/expression_tree.h"

enum precedence { ANY, OR, AND, NOT, COMPARISON, SUM, PRODUCT };

struct parser {
	struct lexer lexer;
	struct token token; /* the next one */
	unsigned level;     /* of brackets and prefixes that are open */
};

/* Returns NULL, so that a parse function can `return refuse_at(...)`. */
#define refuse_at(parser, at, ...) \
	(expression_refuse((parser)->lexer.arena, (parser)->lexer.error, at, __VA_ARGS__), (struct node *)NULL)

static struct node *parse_level(struct parser *parser, enum precedence least);
static struct node *parse_nested(struct parser *parser, enum precedence least);

/* ---- nodes ---- */

struct list {
	struct node **nodes;
	unsigned count, capacity;
};

static void list_add(struct arena *arena, struct list *list, struct node *node)
{
	if (list->count == list->capacity) {
		list->capacity = list->capacity ? list->capacity * 2 : 2;
		struct node **more = arena_zero(arena, list->capacity, sizeof(struct node *));
		for (unsigned i = 0; i < list->count; i++)
			more[i] = list->nodes[i];
		list->nodes = more;
	}
	list->nodes[list->count++] = node;
}

static struct node *node_new(struct parser *parser, enum node_kind kind, size_t at, struct list arguments)
{
	struct node *node = arena_zero(parser->lexer.arena, 1, sizeof *node);
	node->kind = kind;
	node->at = at;
	node->arguments = arguments.nodes;
	node->count = arguments.count;
	for (unsigned i = 0; i < arguments.count; i++)
		if (arguments.nodes[i]->depth > node->depth)
			node->depth = arguments.nodes[i]->depth;
	if (++node->depth > EXPRESSION_NESTING)
		return refuse_at(parser, at, "nested more than %d levels deep", EXPRESSION_NESTING);
	return node;
}

static struct node *node_with(struct parser *parser, enum node_kind kind, size_t at, struct node *left,
                              struct node *right)
{
	struct list arguments = { .count = 0 };
	list_add(parser->lexer.arena, &arguments, left);
	if (right)
		list_add(parser->lexer.arena, &arguments, right);
	return node_new(parser, kind, at, arguments);
}

/* ---- tokens ---- */

static bool advance(struct parser *parser)
{
	return lexer_next(&parser->lexer, &parser->token);
}

static bool is_keyword(const struct parser *parser, const char *word)
{
	return parser->token.kind == TOKEN_NAME && view_is(parser->token.text, word);
}

/* What somebody may have meant by a word where an operator must stand. */
static const char *operator_meant(struct view word)
{
	static const struct { const char *written, *meant; } words[] = {
		{ "AND", "and" }, { "And", "and" }, { "OR", "or" },   { "Or", "or" },    { "NOT", "not" },
		{ "Not", "not" }, { "IN", "in" },   { "In", "in" },   { "且", "and" },   { "并且", "and" },
		{ "而且", "and" }, { "或", "or" },   { "或者", "or" }, { "非", "not" },   { "不", "not" },
		{ "属于", "in" }, { "is", "==" },   { "like", "=~" }, { "LIKE", "=~" },  { "等于", "==" },
		{ "大于", ">" },  { "小于", "<" },
	};
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (view_is(word, words[i].written))
			return words[i].meant;
	return NULL;
}

/* The next token is out of place. */
static struct node *refuse_token(struct parser *parser)
{
	const struct token *token = &parser->token;
	struct view written = view(parser->lexer.source.ptr + token->at, token->end - token->at);
	const char *meant = token->kind == TOKEN_NAME ? operator_meant(token->text) : NULL;
	if (token->kind == TOKEN_END)
		return refuse_at(parser, token->at, "the expression ends too early");
	if (meant) {
		expression_refuse(parser->lexer.arena, parser->lexer.error, token->at,
		                  "\"%.*s\" is not expected here; did you mean \"%s\"?", VIEW_ARGS(written), meant);
		parser->lexer.error->suggestion = view_of(meant);
		return NULL;
	}
	return refuse_at(parser, token->at, "\"%.*s\" is not expected here", VIEW_ARGS(view_first(written, 60)));
}

static bool take(struct parser *parser, enum token_kind kind)
{
	if (parser->token.kind != kind) {
		refuse_token(parser);
		return false;
	}
	return advance(parser);
}

/* ---- operands ---- */

/* Expressions with commas between them, up to and with the closing bracket. */
static bool parse_arguments(struct parser *parser, struct list *arguments)
{
	while (parser->token.kind != TOKEN_CLOSE) {
		struct node *argument = parse_nested(parser, ANY);
		if (!argument)
			return false;
		list_add(parser->lexer.arena, arguments, argument);
		if (parser->token.kind == TOKEN_CLOSE)
			break;
		if (!take(parser, TOKEN_COMMA))
			return false;
		if (parser->token.kind == TOKEN_CLOSE)
			return refuse_token(parser), false;
	}
	return take(parser, TOKEN_CLOSE);
}

/* A column, or a function's call where a bracket follows a bare word. */
static struct node *parse_name(struct parser *parser)
{
	struct token name = parser->token;
	struct list arguments = { .count = 0 };
	enum node_kind kind = NODE_COLUMN;
	if (!advance(parser))
		return NULL;
	if (name.kind == TOKEN_NAME && parser->token.kind == TOKEN_OPEN) {
		kind = NODE_CALL;
		if (!advance(parser) || !parse_arguments(parser, &arguments))
			return NULL;
	}
	struct node *node = node_new(parser, kind, name.at, arguments);
	if (node)
		node->text = name.text;
	return node;
}

static struct node *parse_literal(struct parser *parser)
{
	struct token token = parser->token;
	enum node_kind kind = token.kind == TOKEN_TEXT ? NODE_TEXT : token.kind == TOKEN_NUMBER ? NODE_NUMBER :
	                      token.kind == TOKEN_TIME ? NODE_TIME : NODE_TRUTH;
	struct node *node = node_new(parser, kind, token.at, (struct list){ .count = 0 });
	if (!node || !advance(parser))
		return NULL;
	node->text = token.text;
	node->number = token.number;
	node->time = token.time;
	node->truth = token.kind == TOKEN_NAME && view_is(token.text, "true");
	return node;
}

static struct node *parse_operand(struct parser *parser)
{
	struct node *node;
	switch (parser->token.kind) {
	case TOKEN_TEXT:
	case TOKEN_NUMBER:
	case TOKEN_TIME:
		return parse_literal(parser);
	case TOKEN_NAME:
		if (is_keyword(parser, "true") || is_keyword(parser, "false"))
			return parse_literal(parser);
		if (!lexer_is_word(parser->token.text))
			return refuse_token(parser);
		return parse_name(parser);
	case TOKEN_QUOTED:
		return parse_name(parser);
	case TOKEN_OPEN:
		if (!advance(parser))
			return NULL;
		node = parse_nested(parser, ANY);
		return node && take(parser, TOKEN_CLOSE) ? node : NULL;
	default:
		return refuse_token(parser);
	}
}

/* `not` and `-`, then an operand. */
static struct node *parse_prefixed(struct parser *parser, enum precedence least)
{
	size_t at = parser->token.at;
	bool is_not = is_keyword(parser, "not");
	if (!is_not && parser->token.kind != TOKEN_MINUS)
		return parse_operand(parser);
	if (is_not && least > NOT)
		return refuse_at(parser, at, "\"not\" stands before a whole condition; put brackets around it");
	if (!advance(parser))
		return NULL;
	if (!is_not && parser->token.kind == TOKEN_MINUS)
		return refuse_token(parser);
	struct node *operand = is_not ? parse_nested(parser, NOT) : parse_operand(parser);
	return operand ? node_with(parser, is_not ? NODE_NOT : NODE_NEGATE, at, operand, NULL) : NULL;
}

/* ---- operators ---- */

struct infix {
	enum precedence precedence; /* ANY: no operator */
	enum node_kind kind;
};

static struct infix infix_of(const struct parser *parser)
{
	static const struct infix operators[] = {
		[TOKEN_PLUS] = { SUM, NODE_ADD },         [TOKEN_MINUS] = { SUM, NODE_SUBTRACT },
		[TOKEN_TIMES] = { PRODUCT, NODE_MULTIPLY }, [TOKEN_DIVIDE] = { PRODUCT, NODE_DIVIDE },
		[TOKEN_EQ] = { COMPARISON, NODE_EQ },     [TOKEN_NE] = { COMPARISON, NODE_NE },
		[TOKEN_LT] = { COMPARISON, NODE_LT },     [TOKEN_LE] = { COMPARISON, NODE_LE },
		[TOKEN_GT] = { COMPARISON, NODE_GT },     [TOKEN_GE] = { COMPARISON, NODE_GE },
		[TOKEN_MATCH] = { COMPARISON, NODE_MATCH }, [TOKEN_NOT_MATCH] = { COMPARISON, NODE_NOT_MATCH },
	};
	if (is_keyword(parser, "or"))
		return (struct infix){ OR, NODE_OR };
	if (is_keyword(parser, "and"))
		return (struct infix){ AND, NODE_AND };
	if (is_keyword(parser, "in"))
		return (struct infix){ COMPARISON, NODE_IN };
	if (is_keyword(parser, "not"))
		return (struct infix){ COMPARISON, NODE_NOT_IN };
	return operators[parser->token.kind];
}

/* a or b or c: one node, so that long lists of alternatives are not deep. */
static struct node *parse_logic(struct parser *parser, struct node *first, struct infix infix, size_t at)
{
	struct list arguments = { .count = 0 };
	list_add(parser->lexer.arena, &arguments, first);
	while (infix_of(parser).kind == infix.kind && infix_of(parser).precedence == infix.precedence) {
		if (!advance(parser))
			return NULL;
		struct node *next = parse_level(parser, infix.precedence + 1);
		if (!next)
			return NULL;
		list_add(parser->lexer.arena, &arguments, next);
	}
	return node_new(parser, infix.kind, at, arguments);
}

/* Behind `in` or `not in`: the list in brackets. */
static struct node *parse_in(struct parser *parser, struct node *left, enum node_kind kind, size_t at)
{
	struct list arguments = { .count = 0 };
	list_add(parser->lexer.arena, &arguments, left);
	if (parser->token.kind != TOKEN_OPEN)
		return refuse_at(parser, parser->token.at, "a list in brackets is wanted behind \"in\"");
	if (!advance(parser) || !parse_arguments(parser, &arguments))
		return NULL;
	if (arguments.count == 1)
		return refuse_at(parser, at, "the list behind \"in\" is empty");
	return node_new(parser, kind, at, arguments);
}

/* Behind =~ or !~: a pattern in quotes. */
static struct node *parse_match(struct parser *parser, struct node *left, enum node_kind kind, size_t at)
{
	struct token pattern = parser->token;
	if (pattern.kind != TOKEN_TEXT)
		return refuse_at(parser, pattern.at, "a pattern in quotes is wanted here");
	if (!advance(parser))
		return NULL;
	struct node *node = node_with(parser, kind, at, left, NULL);
	if (!node)
		return NULL;
	node->text = pattern.text;
	/* Typographic quotes have three bytes.  Exact where no quote is doubled before the place. */
	node->pattern_at = pattern.at + (parser->lexer.source.ptr[pattern.at] & 0x80 ? 3 : 1);
	return node;
}

static struct node *parse_comparison(struct parser *parser, struct node *left, struct infix infix, size_t at)
{
	struct node *node;
	if (infix.kind == NODE_IN || infix.kind == NODE_NOT_IN)
		node = parse_in(parser, left, infix.kind, at);
	else if (infix.kind == NODE_MATCH || infix.kind == NODE_NOT_MATCH)
		node = parse_match(parser, left, infix.kind, at);
	else {
		struct node *right = parse_level(parser, SUM);
		node = right ? node_with(parser, infix.kind, at, left, right) : NULL;
	}
	if (node && infix_of(parser).precedence == COMPARISON)
		return refuse_at(parser, parser->token.at, "comparisons do not chain; write a < b and b < c");
	return node;
}

static struct node *parse_infix(struct parser *parser, struct node *left, struct infix infix)
{
	size_t at = parser->token.at;
	if (infix.precedence <= AND)
		return parse_logic(parser, left, infix, at);
	if (!advance(parser))
		return NULL;
	if (infix.kind == NODE_NOT_IN) {
		if (!is_keyword(parser, "in"))
			return refuse_at(parser, at, "\"not\" is not expected here; an operator is missing, or \"in\" behind it");
		if (!advance(parser))
			return NULL;
	}
	if (infix.precedence == COMPARISON)
		return parse_comparison(parser, left, infix, at);
	struct node *right = parse_level(parser, infix.precedence + 1);
	return right ? node_with(parser, infix.kind, at, left, right) : NULL;
}

/* An operand and the operators behind it that bind at least so tightly. */
static struct node *parse_level(struct parser *parser, enum precedence least)
{
	struct node *node = parse_prefixed(parser, least);
	for (struct infix infix; node; node = parse_infix(parser, node, infix)) {
		infix = infix_of(parser);
		if (infix.precedence == ANY || infix.precedence < least)
			break;
	}
	return node;
}

/* The same one bracket or prefix deeper: recursion ends somewhere. */
static struct node *parse_nested(struct parser *parser, enum precedence least)
{
	if (parser->level == EXPRESSION_NESTING)
		return refuse_at(parser, parser->token.at, "nested more than %d levels deep", EXPRESSION_NESTING);
	parser->level++;
	struct node *node = parse_level(parser, least);
	parser->level--;
	return node;
}

struct node *expression_parse(struct arena *arena, struct view source, struct expression_error *error)
{
	struct parser parser = { .lexer = { .arena = arena, .source = source, .error = error } };
	if (!advance(&parser))
		return NULL;
	if (parser.token.kind == TOKEN_END)
		return refuse_at(&parser, 0, "the expression is empty");
	struct node *node = parse_level(&parser, ANY);
	if (node && parser.token.kind != TOKEN_END)
		return refuse_token(&parser);
	return node;
}
