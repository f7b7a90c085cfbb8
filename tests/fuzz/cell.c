/* Cells of a ledger: whatever the type, a canonical text read again is itself, and a cell
 * that cannot be read is empty.  The input is tried as every type. */
#include "fuzz.h"

#include "import/cell.h"
#include "value/text.h"

static void check(struct cell *cell, const struct model_column *column, struct unit unit, struct view raw)
{
	const struct cell_habits habits = { .dates = { .as_of = 20000, .year = 2024 } };
	struct buf once = { 0 };
	cell_read(cell, &habits, column, unit, raw);
	PROPERTY(cell->doubt_count <= CELL_DOUBTS_MOST, "so many doubts");
	for (unsigned i = 0; i < cell->doubt_count; i++)
		PROPERTY(cell->doubts[i][0], "a doubt is a word");
	buf_put(&once, cell->shown);
	bool bad = cell->bad;
	PROPERTY(view_find_byte(buf_view(&once), '\n') == SIZE_MAX, "no line breaks");
	/* Read anew as our own text: without the header's unit. */
	cell_read(cell, &habits, column, (struct unit){ 0 }, buf_view(&once));
	if (text_valid(raw)) {
		PROPERTY_SAME(cell->shown, buf_view(&once), "%.*s twice", VIEW_ARGS(column->name));
		PROPERTY(bad || !cell->bad, "%.*s: what was written can be read", VIEW_ARGS(column->name));
	}
	buf_release(&once);
}

static void check_range(struct cell *cell, struct view raw)
{
	cell_read_range(cell, (struct unit){ 0 }, raw);
	PROPERTY(cell->bad ? !cell->shown.len && !cell->second.len : true, "no range, no text");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct { const char *table, *column; } columns[] = {
		{ "orders", "order_id" }, { "visits", "cust_name" }, { "reports", "agent_mobile" }, { "customers", "cert_no" },
		{ "customers", "birth_date" }, { "orders", "order_date" }, { "visits", "visit_time" }, { "orders", "deal_total" },
		{ "orders", "area_build" }, { "orders", "discount" }, { "targets", "value" }, { "visits", "group_size" },
		{ "visits", "decision_maker" }, { "orders", "kind" }, { "orders", "co_buyers" }, { "visits", "remark" },
		{ "orders", "room_id" }, { "rooms", "layout" }, { "orders", "source_type" }, { "orders", "product" },
		{ "customers", "exclude" },
	};
	struct view raw = fuzz_copy(fuzz_bytes(bytes, len));
	struct cell cell = { .bad = false };
	struct phones phones;
	for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
		const struct model_column *column = model_column(model_table(view_of(columns[i].table)), view_of(columns[i].column));
		PROPERTY(column, "%s", columns[i].column);
		check(&cell, column, (struct unit){ .money_fen = len % 2 ? 100 : 1000000 }, raw);
	}
	check_range(&cell, raw);
	phones_begin(&phones);
	for (int i = 0; i < 3; i++)
		phones_add(&phones, raw);
	phones_end(&phones);
	PROPERTY(phones.mobiles <= PHONES_MOST && phones.tels <= PHONES_MOST, "so many numbers");
	cell_is_footer(raw);
	cell_release(&cell);
	fuzz_free(raw);
	return 0;
}
