/* expression_table: expressions over the rows of a table.  Room: rule.
 *
 *     struct expression_table table = { .header = header, .type = expression_model_type };
 *     struct expression_scope scope = expression_scope_of(&table, as_of);
 *     ... expression_compile_condition(&run->arena, &scope, VIEW("--where"), source, &error) ...
 *     ... expression_test(kept, &scratch, expression_row_of(row)) ...
 *
 * Without a header every name is a column: so an expression is checked before data is read.
 * A lenient table has every column of the data model: one that its header lacks is missing
 * in all rows.  That is for rules that must serve ledgers with more columns and with fewer. */
#ifndef CRM_RULE_EXPRESSION_TABLE_H
#define CRM_RULE_EXPRESSION_TABLE_H

#include "rule/expression.h"
#include "table/row.h"

/* Must outlive the scope made of it. */
struct expression_table {
	const struct header *header;                    /* NULL: every name is a column */
	enum expression_type (*type)(struct view name); /* of a column by its name; NULL: all are text */
	bool lenient;
};

/* The type that the data model gives a column of this name (table/model.h); else text. */
enum expression_type expression_model_type(struct view name);

/* A name that occurs twice in the header ends the program (3) when an expression uses it. */
struct expression_scope expression_scope_of(const struct expression_table *table, int64_t as_of);

static inline struct view expression_row_value_(const void *row, unsigned column)
{
	return column == COLUMN_NONE ? view("", 0) : row_value(row, column);
}

static inline struct expression_row expression_row_of(const struct row *row)
{
	return (struct expression_row){ row, expression_row_value_ };
}

#endif
