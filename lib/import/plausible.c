/* plausible: see plausible.h. */
#include "import/plausible.h"

#include "value/date.h"
#include "value/money.h"

enum { YEAR_1990 = 7305 }; /* 1990-01-01 */

static const int64_t MOST_PRICE = (int64_t)1000000 * MONEY_YUAN;
static const int64_t MOST_DEPOSIT = (int64_t)100000000 * MONEY_YUAN;
static const int64_t MOST_HOME = (int64_t)1000000000 * MONEY_YUAN;
static const int64_t MOST_ANY = (int64_t)10000000000 * MONEY_YUAN;

static bool is_one_of(struct view name, const char *const *names)
{
	for (; *names; names++)
		if (view_is(name, *names))
			return true;
	return false;
}

static struct plausible plausible_money(const struct model_column *column)
{
	static const char *const homes[] = { "list_total", "deal_total", "contract_total", "floor_total", "down_payment",
		"loan_amount", "fund_amount", "budget_min", "budget_max", NULL };
	static const char *const of_home[] = { "receipts", "receivables", NULL };
	if (view_ends(column->name, VIEW("_unit")))
		return (struct plausible){ .most_fen = MOST_PRICE };
	if (view_is(column->name, "deposit"))
		return (struct plausible){ .most_fen = MOST_DEPOSIT };
	if (is_one_of(column->name, homes))
		return (struct plausible){ .most_fen = MOST_HOME };
	if (view_is(column->name, "amount") && is_one_of(column->table, of_home))
		return (struct plausible){ .most_fen = MOST_HOME, .negative = true };
	return (struct plausible){ .most_fen = MOST_ANY, .negative = !view_is(column->name, "budget") };
}

/* Planned, due, or the last day of a period that may not be over. */
static bool lies_ahead(const struct model_column *column)
{
	static const char *const tables[] = { "projects", "campaigns", "targets", "rooms", "budgets", NULL };
	static const char *const names[] = { "hold_until", "due_sign_date", "expect_visit_time", "next_time", "delivery_due",
		"due_date", "extend_to", "deemed_date", "effective_date", "perf_date", "accrue_date", "unbind_time",
		"leave_date", NULL };
	return is_one_of(column->table, tables) || is_one_of(column->name, names);
}

struct plausible plausible_of(const struct model_column *column)
{
	if (column && column->type == MODEL_MONEY)
		return plausible_money(column);
	if (column && (column->type == MODEL_DATE || column->type == MODEL_TIME) && !view_is(column->name, "birth_date"))
		return (struct plausible){ .date = true, .ahead = lies_ahead(column) };
	return (struct plausible){ 0 };
}

const char *plausible_amount(const struct plausible *plausible, int64_t fen)
{
	if (!plausible->most_fen)
		return NULL;
	if (fen < 0 && !plausible->negative)
		return "negative";
	return fen > plausible->most_fen || fen < -plausible->most_fen ? "amount_doubt" : NULL;
}

const char *plausible_day(const struct plausible *plausible, int32_t day, int32_t as_of)
{
	if (!plausible->date)
		return NULL;
	if (day < YEAR_1990)
		return "old_date";
	return day > as_of && !plausible->ahead ? "future_date" : NULL;
}
