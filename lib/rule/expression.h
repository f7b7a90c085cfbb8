/* expression: the small language of every rule table.  Room: rule.
 *
 *     channel in ("中介", "渠道") and amount >= 100万
 *     empty(phone) or not valid_phone(phone)
 *
 * crm-rules(5) is its manual; this is how a tool uses it:
 *
 *     struct expression_scope scope = { .find = find, .name = name, .table = columns, .as_of = as_of };
 *     struct expression *kept = expression_compile(&run, &scope, VIEW("where"), source, &error);
 *     ...
 *     struct expression_scratch scratch;          one for each worker, after the last compile
 *     expression_scratch_init(&scratch, &scope);
 *     for each row:
 *         expression_scratch_reset(&scratch);
 *         switch (expression_test(kept, &scratch, (struct expression_row){ row, cell })) ...
 *
 * Compiling settles every mix of types: nothing is decided for each row.  It is done twice:
 * before data is read with a scope that knows every column of the data model (what is wrong
 * then is wrong whatever the data, status 2), and at the header with the columns there are
 * (EXPRESSION_NO_COLUMN then is status 3).
 *
 * Missing.  An empty cell is missing, and so is a value that does not convert (counted, see
 * expression_doubt).  A comparison with missing is false, `!=`, `in` and `=~` too; `not` only
 * turns true and false round; arithmetic and functions of missing are missing.
 *
 * A compiled expression never changes and is shared by all threads.  Numbers are 128-bit
 * millionths (value/number.h), times seconds (value/date.h). */
#ifndef CRM_RULE_EXPRESSION_H
#define CRM_RULE_EXPRESSION_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/view.h"

/* Limits, as crm-rules(5) states them. */
#define EXPRESSION_LONGEST (64 * 1024)
#define EXPRESSION_NESTING 100

struct expression;

enum expression_type {
	EXPRESSION_TEXT,
	EXPRESSION_NUMBER,
	EXPRESSION_TIME,
	EXPRESSION_BOOL,
	EXPRESSION_LIST, /* text with `|` between its items */
};

/* "text", "number", ... as the manual calls them. */
const char *expression_type_name(enum expression_type type);

/* ---- compiling ---- */

/* Something that made a value missing although its cell was not empty. */
enum expression_doubt_kind {
	EXPRESSION_NO_NUMBER,
	EXPRESSION_NO_TIME,
	EXPRESSION_NO_BOOL,
	EXPRESSION_ZERO_DIVISION,
};

struct expression_doubt {
	struct view rule;   /* as given to expression_compile */
	struct view column; /* empty where several or none are involved */
	enum expression_doubt_kind kind;
};

/* Stable word for summaries and rejects: no_number, no_time, no_bool, zero_division. */
const char *expression_doubt_code(enum expression_doubt_kind kind);

/* What all expressions of a run are compiled against.  The caller sets the first part. */
struct expression_scope {
	/* Index (given back to the row's value()) and type of a column; false if there is none. */
	bool (*find)(const void *table, struct view name, unsigned *index, enum expression_type *type);
	/* The name of column number i, from 0; false behind the last.  For "did you mean"; may be NULL. */
	bool (*name)(const void *table, unsigned i, struct view *name);
	const void *table;
	int64_t as_of;   /* what as_of() is, and days_since() counts to */

	/* Every doubt that may arise: what scratch.counts counts.  Filled by expression_compile. */
	struct expression_doubt *doubts;
	size_t doubt_count, doubt_capacity;
};

void expression_scope_release(struct expression_scope *scope);

enum expression_fault {
	EXPRESSION_WRONG,     /* whatever the data: status 2 */
	EXPRESSION_NO_COLUMN, /* find() does not know a name: status 3 at the header */
};

struct expression_error {
	enum expression_fault fault;
	size_t offset;          /* byte of the source where it was noticed */
	unsigned column;        /* the same as a character's number, from 1 */
	const char *message;    /* in the user's language, with the hint; no place in it */
	struct view suggestion; /* the name that was meant, perhaps; else empty */
};

/* The expression and all it needs live in the arena (also a copy of the source).  `rule` is
 * the name under which doubts are counted.  NULL and *error if it is wrong; messages live in
 * the arena too. */
struct expression *expression_compile(struct arena *arena, struct expression_scope *scope, struct view rule,
                                      struct view source, struct expression_error *error);
/* The same, and EXPRESSION_WRONG unless it is a bool. */
struct expression *expression_compile_condition(struct arena *arena, struct expression_scope *scope,
                                                struct view rule, struct view source,
                                                struct expression_error *error);
/* Gives back the machine code of its patterns, which is not in the arena. */
void expression_release(struct expression *expression);

enum expression_type expression_result_type(const struct expression *expression);

/* The indexes of the columns that it reads, ascending, each once. */
size_t expression_columns(const struct expression *expression, const unsigned **indexes);

/* Appends how the expression was read: every bracket, and with `types` the type of every
 * column and of the result.  Without types it compiles again and means the same. */
void expression_explain(const struct expression *expression, bool types, struct buf *out);

/* ---- evaluating ---- */

struct expression_row {
	const void *row;
	/* The cell's value, unquoted and unescaped; valid until the row ends. */
	struct view (*value)(const void *row, unsigned index);
};

struct expression_scratch {
	struct arena arena;               /* texts that functions made, until the reset */
	struct pattern_scratch *patterns; /* made when the first pattern is matched */
	uint64_t *counts;                 /* rows in which it arose, one for each of scope->doubts */
	size_t count;
	size_t doubt;        /* 1 + number of the first doubt since the reset; 0: none (for --strict) */
	uint64_t row;        /* number of resets */
	uint64_t *last_rows; /* the row that was counted last, for each doubt */
};

void expression_scratch_init(struct expression_scratch *scratch, const struct expression_scope *scope);
/* At the beginning of each row. */
void expression_scratch_reset(struct expression_scratch *scratch);
/* Adds the counts of another worker. */
void expression_scratch_merge(struct expression_scratch *into, const struct expression_scratch *from);
void expression_scratch_release(struct expression_scratch *scratch);

/* LIMIT and RANGE are no values: the tool rejects the row, with the rule's name. */
enum expression_state {
	EXPRESSION_VALUE,
	EXPRESSION_MISSING,
	EXPRESSION_LIMIT, /* a pattern reached its limits */
	EXPRESSION_RANGE, /* a number or a time out of range */
};

struct expression_value {
	enum expression_state state;
	union { /* by expression_result_type */
		struct view text; /* list too; from the row, the expression or the scratch */
		__int128 number;
		int64_t time;
		bool truth;
	};
};

struct expression_value expression_eval(const struct expression *expression, struct expression_scratch *scratch,
                                        struct expression_row row);

/* For conditions: missing is no. */
enum expression_verdict { EXPRESSION_NO, EXPRESSION_YES, EXPRESSION_FAILS_LIMIT, EXPRESSION_FAILS_RANGE };

enum expression_verdict expression_test(const struct expression *expression, struct expression_scratch *scratch,
                                        struct expression_row row);

/* Stable word for rejects: pattern_limit, out_of_range; NULL for EXPRESSION_NO and YES. */
const char *expression_verdict_code(enum expression_verdict verdict);

/* Appends a value as a cell of a table: canonical text, nothing where there is no value. */
void expression_format(enum expression_type type, const struct expression_value *value, struct buf *out);

/* ---- the functions, for documentation and tests ---- */

struct expression_function {
	const char *usage; /* substr(text, from, count) */
	const char *help;
	const char *example, *gives; /* an expression without columns, and its value as a cell */
	bool aggregate;              /* over a customer's rows: not in row expressions, no example */
};

/* Number i of the table, from 0; NULL behind the last. */
const struct expression_function *expression_function_at(size_t i);

#endif
