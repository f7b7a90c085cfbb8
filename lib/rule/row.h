/* row: expressions over the rows of a table.  Room: rule.
 *
 * Binds the language of expression.h to a header and its rows: a bare name is a column of
 * the header, its type the one that the data model gives to that name, else text.
 *
 *     row_scope_check(&run, place, source);              before data is read (status 2)
 *     row_scope_init(&scope, &run, header);              at the header
 *     struct row_condition kept = row_condition(&scope, name, place, source);
 *     ...
 *     row_scratch_init(scratch, &scope);                 each worker, after the last compile
 *     switch (row_holds(&scope, &kept, scratch, row, task)) ...
 *     row_scratch_release(scratch, &scope);              in the main thread
 *     ...
 *     row_scope_release(&scope);                         doubts go into the summary
 *
 * The one file of this room that ends the program: a mistake in an expression has status 2,
 * a column that is not there 3.  `place` is an option's name, or a line and cell of a rule
 * table. */
#ifndef CRM_RULE_ROW_H
#define CRM_RULE_ROW_H

#include "engine/work.h"
#include "rule/expression_table.h"

struct row_scope {
	struct expression_table table;
	struct expression_scope expressions;
	struct expression_scratch total; /* the workers' counts of doubts */
	struct run *run;
};

/* An expression that is a condition, and the rule's name for messages about rows. */
struct row_condition {
	struct expression *expression;
	struct view rule;
};

/* Without a header (NULL) there is every column that an expression names.  The scope stays
 * where it is: what is compiled in it points there. */
void row_scope_init(struct row_scope *scope, struct run *run, const struct header *header);
struct row_condition row_condition(struct row_scope *scope, struct view rule, struct place place, struct view source);
/* The same, but false where a column is not there; *condition is then left alone. */
bool row_condition_find(struct row_scope *scope, struct view rule, struct place place, struct view source,
                        struct row_condition *condition);
void row_condition_release(struct row_condition *condition);
/* Ends the program where the source is wrong whatever the columns are. */
void row_condition_check(struct run *run, struct place place, struct view source);
/* An expression of any type, with the same care. */
struct expression *row_expression(struct row_scope *scope, struct view rule, struct place place, struct view source);
/* Says in the summary how often cells did not read as what an expression took them for. */
void row_scope_release(struct row_scope *scope);

void row_scratch_init(struct expression_scratch *scratch, const struct row_scope *scope);
void row_scratch_release(struct expression_scratch *scratch, struct row_scope *scope);

enum row_verdict {
	ROW_NO,
	ROW_YES,
	ROW_REJECTED, /* a pattern's limit, a number out of range, a doubt under --strict: row_reject() is done */
};

/* Once per row, before its conditions. */
static inline void row_begin(struct expression_scratch *scratch)
{
	expression_scratch_reset(scratch);
}

enum row_verdict row_holds(const struct row_scope *scope, const struct row_condition *condition,
                           struct expression_scratch *scratch, const struct row *row, struct task *task);
/* The value of an expression; false where the row is rejected (limits, range).  What --strict
 * says is for row_refused(), once all expressions of a row are evaluated. */
bool row_compute(const struct expression *expression, struct view rule, struct expression_scratch *scratch,
                 const struct row *row, struct task *task, struct expression_value *value);
/* Under --strict: is the row rejected for a doubt since row_begin()? */
bool row_refused(const struct row_scope *scope, const struct expression_scratch *scratch, const struct row *row,
                 struct task *task);

#endif
