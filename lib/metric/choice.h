/* choice: what one output shows: which metrics, in tables by which dimensions, and which of
 * them large above.  Room: metric.
 *
 * Pure: who reads options fills the tables in; here is what follows from them.  Of a table t
 * the metrics stand in choice.table[t] and the cells in choice.count.table[t]. */
#ifndef CRM_METRIC_CHOICE_H
#define CRM_METRIC_CHOICE_H

#include "metric/count.h"

enum {
	CHOICE_TABLES = COUNT_TABLES / 2, /* each may want one more, to take shares of */
	CHOICE_METRICS = 24,              /* of one table */
	CHOICE_FIGURES = 12,
};

struct choice_table {
	const struct report_section *line;
	unsigned metrics[CHOICE_METRICS], metric_count;
	unsigned shares; /* the count's table whose cells its shares are taken of; its own: its total */
};

/* A number shown large, and one beneath it (METRIC_UNSET: none). */
struct choice_figure {
	unsigned metric, note;
};

struct choice {
	const struct metrics *metrics;
	struct choice_table table[CHOICE_TABLES];
	unsigned table_count;
	struct choice_figure figures[CHOICE_FIGURES];
	unsigned figure_count;
	const struct report_section *left_out[CHOICE_TABLES]; /* of tables that this stream cannot have */
	unsigned left_out_count;
	struct count count;
};

bool choice_has_figure(const struct choice *choice, unsigned metric);
/* Tells the count which metrics are needed: those chosen, or what they are made of. */
void choice_want(struct choice *choice, struct arena *arena);
/* Takes out the tables of details, which are too long for prose. */
void choice_drop_details(struct choice *choice);
/* Leaves out, and says so, the tables one of whose dimensions the input lacks. */
void choice_leave_out(struct choice *choice, const struct header *header,
                      bool (*has)(const struct header *header, struct view dimension));
/* Adds tables to the count that nobody sees, whose cells shares are taken of; called last. */
void choice_add_shares(struct choice *choice);
/* The counted metric without which this one says nothing, where the input has no event of its
 * types (a ledger was not given); else METRIC_UNSET.  Asked after the count. */
unsigned choice_lacks(const struct choice *choice, unsigned metric);
/* The numbers that the shares of a table's cell are taken of. */
const int64_t *choice_whole(const struct choice *choice, unsigned table, const struct count_cell *cell);

#endif
