/* plausible: amounts and dates that can be read but are hardly true. */
#include "import/plausible.h"

#include "test.h"
#include "value/date.h"
#include "value/money.h"

/* As the cell reader tells them apart. */
static const char *doubt(const struct plausible *plausible, struct view text)
{
	int64_t value;
	if (plausible->most_fen && money_parse_plain(text, &value))
		return plausible_amount(plausible, value);
	if (plausible->date && moment_parse_plain(text, &value) != MOMENT_NONE)
		return plausible_day(plausible, moment_day(value), 20270); /* 2025-07-01 */
	return NULL;
}

static const struct {
	const char *table, *column, *text, *expected; /* NULL: no doubt */
	const char *why;
} vectors[] = {
	{ "orders", "deal_total", "3500000.00", NULL, "a home" },
	{ "orders", "deal_total", "1000000000.00", NULL, "the bound itself" },
	{ "orders", "deal_total", "35000000000.00", "amount_doubt", "yuan under 万元" },
	{ "orders", "deal_total", "-1.00", "negative", "no price is" },
	{ "orders", "deal_unit", "350000.00", NULL, "dear" },
	{ "orders", "deal_unit", "120000000.00", "amount_doubt", "12000 under 万元" },
	{ "orders", "deposit", "500000000.00", "amount_doubt", "50000 under 万元" },
	{ "receipts", "amount", "-50000.00", NULL, "a refund" },
	{ "receipts", "amount", "-35000000000.00", "amount_doubt", "a refund, too large" },
	{ "budgets", "amount", "9000000000.00", NULL, "of a company" },
	{ "campaigns", "budget", "-1.00", "negative", "no budget is" },
	{ "customers", "budget_max", "", NULL, "nothing there" },
	{ "visits", "visit_time", "2025-07-01 23:59:59", NULL, "today" },
	{ "visits", "visit_time", "2025-07-02", "future_date", "tomorrow" },
	{ "visits", "visit_time", "1989-12-31", "old_date", "before there were flats to sell" },
	{ "customers", "birth_date", "1949-10-01", NULL, "births may be" },
	{ "orders", "hold_until", "2030-01-01", NULL, "lies ahead" },
	{ "orders", "hold_until", "1900-01-02", "old_date", "but not behind" },
	{ "projects", "open_date", "2030-01-01", NULL, "planned" },
	{ "customers", "name", "-1", NULL, "a text" },
};

int main(void)
{
	for (size_t i = 0; i < sizeof vectors / sizeof *vectors; i++) {
		const struct model_table *table = model_table(view_of(vectors[i].table));
		const struct model_column *column = table ? model_column(table, view_of(vectors[i].column)) : NULL;
		struct plausible plausible = plausible_of(column);
		CHECK(column != NULL, "%s.%s is in the model", vectors[i].table, vectors[i].column);
		const char *got = doubt(&plausible, view_of(vectors[i].text));
		CHECK_TEXT(view_of(got ? got : ""), view_of(vectors[i].expected ? vectors[i].expected : ""), "%s.%s %s: %s",
		           vectors[i].table, vectors[i].column, vectors[i].text, vectors[i].why);
	}
	struct plausible none = plausible_of(NULL);
	CHECK(!plausible_amount(&none, -1) && !plausible_day(&none, 0, -1), "a column that the model does not know");
	return test_end();
}
