/* expression_table: see expression_table.h. */
#include "rule/expression_table.h"

#include "table/model.h"

enum expression_type expression_model_type(struct view name)
{
	switch (model_type(name)) {
	case MODEL_MONEY:
	case MODEL_AREA:
	case MODEL_RATE:
	case MODEL_NUMBER:
	case MODEL_INT:
		return EXPRESSION_NUMBER;
	case MODEL_DATE:
	case MODEL_TIME:
		return EXPRESSION_TIME;
	case MODEL_BOOL:
		return EXPRESSION_BOOL;
	case MODEL_LIST:
		return EXPRESSION_LIST;
	default: /* identifiers keep every character */
		return EXPRESSION_TEXT;
	}
}

static bool is_in_model(struct view name)
{
	size_t count;
	const struct model_table *tables = model_tables(&count);
	for (size_t i = 0; i < count; i++)
		if (model_column(&tables[i], name))
			return true;
	return false;
}

static bool find(const void *of, struct view name, unsigned *index, enum expression_type *type)
{
	const struct expression_table *table = of;
	*type = table->type ? table->type(name) : EXPRESSION_TEXT;
	*index = table->header ? header_find(table->header, name) : 0;
	return *index != COLUMN_NONE || (table->lenient && is_in_model(name));
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
