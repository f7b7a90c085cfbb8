/* expression_table: see expression_table.h. */
#include "rule/expression_table.h"

static bool find(const void *of, struct view name, unsigned *index, enum expression_type *type)
{
	const struct expression_table *table = of;
	*type = table->type ? table->type(name) : EXPRESSION_TEXT;
	*index = table->header ? header_find(table->header, name) : 0;
	return *index != COLUMN_NONE;
}

static bool name_at(const void *of, unsigned i, struct view *name)
{
	const struct expression_table *table = of;
	if (!table->header || i >= table->header->count)
		return false;
	*name = table->header->names[i];
	return true;
}

struct expression_scope expression_scope_of(const struct expression_table *table, int64_t as_of)
{
	return (struct expression_scope){ .find = find, .name = name_at, .table = table, .as_of = as_of };
}
