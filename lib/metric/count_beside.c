/* count_beside: sums that are taken from tables beside the stream; see counting.h. */
#include "metric/counting.h"

#include "engine/load.h"
#include "value/date.h"

static void count_table_row(struct counting *all, const struct loaded *loaded, size_t row, unsigned number,
                            unsigned column, unsigned date, struct dimension dimension[][COUNT_DIMENSIONS],
                            struct buf *key)
{
	struct count *count = all->count;
	struct place place = { loaded->file, loaded->rows[row]->line, column + 1 };
	struct view text = loaded_cell(loaded, row, date);
	int64_t at, amount;
	if (!text.len)
		return; /* a row of the other pair: accrual or payment */
	if (moment_parse_plain(text, &at) == MOMENT_NONE)
		die_at(STATUS_INPUT, (struct place){ loaded->file, place.line, date + 1 }, "no date");
	if (!amount_of(all->counter[number].is->unit, loaded_cell(loaded, row, column), &amount))
		die_at(STATUS_INPUT, place, "no amount");
	if (at < count->since || at > count->until || at > all->run->as_of)
		return;
	for (unsigned t = 0; t < count->table_count; t++) {
		size_t cell;
		buf_reset(key);
		buf_byte(key, (char)('0' + t));
		for (unsigned d = 0; d < count->table[t].by_count; d++) {
			const struct dimension *is = &dimension[t][d];
			if (is->kind != DIMENSION_COLUMN)
				put_period(key, is->kind, moment_day(at));
			else
				key_put(key, is->column == COLUMN_NONE ? view("", 0) : loaded_cell(loaded, row, is->column));
		}
		intern_add(&all->cells.table, buf_view(key), &cell);
		int64_t *sum = sums_of(&all->sums, &all->sums_room, all, (uint32_t)cell) + number;
		if (__builtin_add_overflow(*sum, amount, sum))
			die_at(STATUS_INPUT, place, "the total is out of range");
	}
}

void count_beside(struct counting *all, unsigned number)
{
	const struct metric *metric = all->counter[number].is;
	const char *name = arena_string(&all->run->arena, metric->table);
	const char *file = run_table(all->run, name);
	struct loaded *loaded = load_table(all->run, file, NULL);
	unsigned column = header_need(loaded->header, metric->column, "crm-report");
	unsigned date = header_need(loaded->header, metric->date, "crm-report");
	struct dimension dimension[COUNT_TABLES][COUNT_DIMENSIONS];
	for (unsigned t = 0; t < all->count->table_count; t++)
		for (unsigned d = 0; d < all->count->table[t].by_count; d++)
			dimension[t][d] = dimension_of(loaded->header, all->count->table[t].by[d], true);
	struct buf key = { 0 };
	for (size_t i = 0; i < loaded->count; i++)
		count_table_row(all, loaded, i, number, column, date, dimension, &key);
	buf_release(&key);
	loaded_free(loaded);
}
