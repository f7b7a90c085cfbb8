/* The data model: it reads, no name has two types, no header means two columns, codes. */
#include "table/model.h"

#include "test.h"

static bool share_header(const struct model_column *x, const struct model_column *y)
{
	for (size_t a = 0; a < x->alias_count; a++)
		for (size_t b = 0; b < y->alias_count; b++)
			if (view_equal(x->aliases[a], y->aliases[b]))
				return true;
	return false;
}

static void test_headers(void)
{
	size_t count;
	const struct model_table *tables = model_tables(&count);
	CHECK(count >= 12, "tables");
	for (size_t t = 0; t < count; t++) {
		const struct model_table *table = &tables[t];
		for (size_t i = 0; i < table->count; i++) {
			const struct model_column *column = &table->columns[i];
			CHECK(model_type(column->name) == column->type, "%.*s: one type", VIEW_ARGS(column->name));
			CHECK(model_column(table, column->name) == column, "%.*s: once", VIEW_ARGS(column->name));
			for (size_t j = 0; j < i; j++)
				CHECK(!share_header(column, &table->columns[j]), "%.*s: a header means %.*s and %.*s",
				      VIEW_ARGS(table->name), VIEW_ARGS(column->name), VIEW_ARGS(table->columns[j].name));
		}
	}
}

static const struct {
	const char *table, *column, *raw, *code;
	bool known;
	const char *why;
} codes[] = {
	{ "customers", "gender", "女士", "F", true, "one of all tables" },
	{ "customers", "gender", "Ｍ", "M", true, "full width" },
	{ "customers", "gender", "?", "", true, "not listed" },
	{ "orders", "kind", " 认 购 ", "subscribe", true, "blanks" },
	{ "tickets", "kind", "报修", "repair", true, "the same column of another table" },
	{ "orders", "kind", "报修", "", true, "another table's code" },
	{ "orders", "close_reason", "转签约", "sign", true, "any table" },
	{ "rooms", "orientation", "x", "", false, "no list" },
	{ "rooms", "state", "3", "deliv", true, "a number of a system" },
	{ "orders", "product", "地下车位", "车位", true, "a code in Chinese, as metrics have it" },
	{ "customers", "exclude", "否", "-", true, "a word for nothing" },
	{ "customers", "family", "三口之家", "three", true, "a word of several" },
	{ "customers", "marriage", "離婚", "divorced", true, "traditional characters" },
	{ "customers", "marriage", "未 婚　", "single", true, "blanks of any width" },
	{ "contracts", "status", "240", "refund", true, "a system's number" },
};

int main(void)
{
	test_headers();
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++) {
		bool known;
		struct view code = model_code(view_of(codes[i].table), view_of(codes[i].column), view_of(codes[i].raw), &known);
		CHECK_TEXT(code, view_of(codes[i].code), "%s", codes[i].why);
		CHECK(known == codes[i].known, "%s: known", codes[i].why);
	}
	CHECK(model_type(VIEW("amount")) == MODEL_MONEY, "a type by name");
	CHECK(model_type(VIEW("no such")) == MODEL_TEXT, "unknown is text");
	CHECK(model_table(VIEW("no such")) == NULL, "no table");
	CHECK(model_column(model_table(VIEW("visits")), VIEW("remark"))->type == MODEL_TEXT, "a column of all tables");
	CHECK_TEXT(model_label(VIEW("order_date"), true), VIEW("认购日期"), "label");
	CHECK_TEXT(model_label(VIEW("x"), true), VIEW("x"), "no label");
	CHECK_TEXT(model_code_label(VIEW("orders"), VIEW("kind"), VIEW("queue"), true), VIEW("认筹"), "label of a code");
	CHECK_TEXT(model_code_label(VIEW(""), VIEW("status"), VIEW("visited"), false), VIEW("Visited"), "of any table");
	CHECK_TEXT(model_code_label(VIEW("orders"), VIEW("kind"), VIEW("x"), true), VIEW("x"), "no code");
	return test_end();
}
