/* expression_tree: what the files of the expression language share.  Room: rule, inside it.
 *
 *     expression_lex.c        source -> tokens
 *     expression_parse.c      tokens -> tree, no types yet
 *     expression_check.c      tree: names found, types settled, each node given its code
 *     expression_eval.c       the code of operators, columns and conversions
 *     expression_functions.c  the table of functions and their code
 *     expression_explain.c    tree -> text
 *
 * A node is evaluated by calling node->eval: the tree is the compiled program. */
#ifndef CRM_RULE_EXPRESSION_TREE_H
#define CRM_RULE_EXPRESSION_TREE_H

#include "rule/expression.h"
#include "rule/pattern.h"

/* ---- errors ---- */

/* Fills *error; the format is looked up in the user's language.  Returns false. */
bool expression_refuse(struct arena *arena, struct expression_error *error, size_t offset, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

/* A type as in "where ... is wanted": "a number", in the user's language. */
const char *type_phrase(enum expression_type type);

/* ---- tokens ---- */

enum token_kind {
	TOKEN_END,
	TOKEN_TEXT,
	TOKEN_NUMBER,
	TOKEN_TIME,
	TOKEN_NAME,   /* bare word */
	TOKEN_QUOTED, /* name in backquotes */
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_PLUS,
	TOKEN_MINUS,
	TOKEN_TIMES,
	TOKEN_DIVIDE,
	TOKEN_EQ,
	TOKEN_NE,
	TOKEN_LT,
	TOKEN_LE,
	TOKEN_GT,
	TOKEN_GE,
	TOKEN_MATCH,
	TOKEN_NOT_MATCH,
};

struct token {
	enum token_kind kind;
	size_t at, end;   /* bytes of the source */
	struct view text; /* TEXT, NAME, QUOTED: the value */
	__int128 number;
	int64_t time;
};

struct lexer {
	struct arena *arena;
	struct view source;
	size_t next;
	struct expression_error *error;
};

/* False and *error if what stands there is no token. */
bool lexer_next(struct lexer *lexer, struct token *token);
/* True if the text can stand for itself as a name, without backquotes. */
bool lexer_is_word(struct view name);

/* ---- the tree ---- */

enum node_kind {
	NODE_TEXT,
	NODE_NUMBER,
	NODE_TIME,
	NODE_TRUTH,
	NODE_COLUMN,
	NODE_CALL,
	NODE_CONVERT, /* put in by the check: text to node->type */
	NODE_NOT,
	NODE_NEGATE,
	NODE_AND, /* two and more */
	NODE_OR,
	NODE_ADD,
	NODE_SUBTRACT,
	NODE_MULTIPLY,
	NODE_DIVIDE,
	NODE_EQ,
	NODE_NE,
	NODE_LT,
	NODE_LE,
	NODE_GT,
	NODE_GE,
	NODE_IN, /* first argument: what is looked for; then the items */
	NODE_NOT_IN,
	NODE_MATCH, /* one argument, and the pattern */
	NODE_NOT_MATCH,
};

/* What evaluation needs beside the node. */
struct run {
	struct expression_row row;
	struct expression_scratch *scratch;
};

struct node {
	struct expression_value (*eval)(const struct node *node, const struct run *run);
	struct node **arguments;
	unsigned count; /* of arguments */
	enum node_kind kind;
	enum expression_type type;
	unsigned column;  /* COLUMN: its index */
	struct view text; /* TEXT: the value; COLUMN, CALL: the name; MATCH: the pattern's source */
	__int128 number;
	int64_t time;     /* TIME; CALL: the as-of moment */
	size_t doubt;     /* CONVERT, COLUMN, DIVIDE: what is counted when it fails, in scratch->counts */
	bool truth;
	const struct function *function;
	struct pattern *pattern;
	size_t pattern_at; /* byte of the source where the pattern begins */
	size_t at;      /* byte of the source: where the operator, the name or the literal stands */
	unsigned depth; /* levels of the tree, this one included */
};

static inline struct expression_value node_evaluate(const struct node *node, const struct run *run)
{
	return node->eval(node, run);
}

/* NULL and *error if the source is no expression. */
struct node *expression_parse(struct arena *arena, struct view source, struct expression_error *error);

/* ---- functions ---- */

/* Types of arguments, one letter each:
 *     t text   n number   d time   b bool
 *     s text or list      a anything
 *     c anything; a column is read as the text that stands in its cell
 *     x anything but a list, all x of one type      o the same, but no bool
 * `?` behind a letter: this one and those behind it may be absent; `*`: any more of it.
 * The result: t n d b, or = for the type of its x or o. */
struct function {
	struct expression_function manual;
	const char *takes;
	char gives;
	/* Called with the arguments' values, none of them missing... */
	struct expression_value (*apply)(const struct node *node, const struct run *run,
	                                 const struct expression_value *arguments);
	/* ...or, where missing arguments matter, evaluates them itself. */
	struct expression_value (*eval)(const struct node *node, const struct run *run);
};

enum { FUNCTION_ARGUMENTS = 4 }; /* the most that a function with apply() takes */

/* NULL if there is none; function_at(i) is NULL behind the last. */
const struct function *function_find(struct view name);
const struct function *function_at(size_t i);
struct view function_name(const struct function *function);

/* ---- checking ---- */

struct expression {
	struct node *root;
	struct view source;
	unsigned *columns; /* ascending */
	size_t column_count;
	struct pattern **patterns;
	size_t pattern_count;
};

/* The checker: settles types, registers doubts, columns and patterns.  False and *error. */
bool expression_check(struct arena *arena, struct expression_scope *scope, struct view rule,
                      struct expression *expression, struct expression_error *error);
/* Gives a node whose types are settled its code. */
void node_link(struct node *node);

/* Text as a value of another type, as cells and text literals are read: false if it is none. */
bool expression_read_number(struct view text, __int128 *number);
bool expression_read_time(struct view text, int64_t *time);
bool expression_read_bool(struct view text, bool *truth);

static inline struct expression_value value_missing(void)
{
	return (struct expression_value){ .state = EXPRESSION_MISSING };
}

/* Empty text is missing. */
static inline struct expression_value value_text(struct view text)
{
	return (struct expression_value){ .state = text.len ? EXPRESSION_VALUE : EXPRESSION_MISSING, .text = text };
}

static inline struct expression_value value_truth(bool truth)
{
	return (struct expression_value){ .state = EXPRESSION_VALUE, .truth = truth };
}

static inline struct expression_value value_number(__int128 number)
{
	return (struct expression_value){ .state = EXPRESSION_VALUE, .number = number };
}

static inline struct expression_value value_time(int64_t time)
{
	return (struct expression_value){ .state = EXPRESSION_VALUE, .time = time };
}

#endif
