/* metric: the dictionary of metrics, and the reports made of them.  Room: metric.
 *
 * Both are rule tables (metrics.csv, reports.csv), so that a number has one definition.
 * A metric is of one of these kinds:
 *     rows        how many events
 *     sum         of a column: money in fen, area in hundredths, else millionths
 *     distinct    how many different keys (of project, uid, group, day) in a cell
 *     first       the first event ever of a key, counted where it stands
 *     later       distinct keys on days after the first one's (of `denominator`)
 *     difference  numerator - denominator
 *     ratio       numerator / denominator: a ratio of sums, never a mean of ratios
 *     share       numerator / the same of the total
 *     alias       another metric's values under this name
 * "group" is the household where there is one, else the customer. */
#ifndef CRM_METRIC_METRIC_H
#define CRM_METRIC_METRIC_H

#include "base/buf.h"
#include "table/rules.h"

enum metric_kind {
	METRIC_ROWS, METRIC_SUM, METRIC_DISTINCT, METRIC_FIRST, METRIC_LATER,
	METRIC_DIFFERENCE, METRIC_RATIO, METRIC_SHARE, METRIC_ALIAS,
};

/* The parts of a key. */
enum metric_key { KEY_PROJECT = 1, KEY_UID = 2, KEY_GROUP = 4, KEY_DAY = 8 };

/* The unit in which a metric's numbers are counted. */
enum metric_unit {
	UNIT_COUNT,
	UNIT_MONEY, /* fen */
	UNIT_WAN,   /* fen; people read it in 10,000 yuan */
	UNIT_RATE,  /* millionths; people read it in percent */
	UNIT_RATIO, /* millionths */
	UNIT_AREA,  /* hundredths of a square metre */
	UNIT_PRICE, /* fen a square metre */
};

enum { METRIC_UNSET = UINT32_MAX };

struct metric {
	struct view id, label_en, label_zh, define_en, define_zh;
	enum metric_kind kind;
	struct view types;  /* event types with blanks between, or * */
	struct view when;   /* an expression, or empty */
	unsigned key;       /* enum metric_key, together */
	struct view key_text;
	struct view column, table, date;
	unsigned numerator, denominator; /* numbers of metrics, or METRIC_UNSET */
	enum metric_unit unit;
	const struct rules_line *line;   /* for messages */
};

struct metrics {
	struct metric *metric;
	unsigned count;
	uint64_t digest; /* of the tables that they were read from */
};

/* Ends the program (2) where the table contradicts itself. */
struct metrics metrics_load(struct arena *arena, const char *file, const char *add_file);
/* METRIC_UNSET where absent. */
unsigned metrics_find(const struct metrics *metrics, struct view id);
/* The one most like it, for a message; may be empty. */
struct view metrics_nearest(const struct metrics *metrics, struct view id);
/* Where its condition stands, for messages. */
struct place metric_condition_place(const struct metric *metric);
/* Appends a metric as its table has it, and those that it is made of: a line each thing. */
void metric_describe(const struct metrics *metrics, unsigned metric, bool chinese, struct buf *to);
/* A metric's value, made of a cell's counted numbers (by metric) and, for shares, of those of
 * the whole that it is a part of; false: undefined. */
bool metric_value(const struct metrics *metrics, unsigned metric, const int64_t *numbers, const int64_t *whole,
                  int64_t *value);
/* Made of other metrics, not counted. */
bool metric_is_derived(const struct metric *metric);
bool metric_has_type(const struct metric *metric, struct view type);
/* A type that only takes something back: that there is one says nothing of whether the ledger
 * of what a metric counts was given. */
bool metric_only_corrects(struct view type);

/* A line of reports.csv: a table of a report. */
struct report_section {
	struct view report, section;
	struct view by, metrics; /* with blanks between */
	struct view charts;      /* "KIND:METRIC METRIC" or "KIND:METRIC/DIMENSION", with `;` between */
	struct view detail;      /* not empty: long; in text and Markdown only when it is named */
	struct view figures;     /* shown large: "METRIC" or "METRIC/METRIC beneath it" */
	struct view heading_en, heading_zh;
	struct view title_en, title_zh; /* of the report, at its first line */
	const struct rules_line *line;
};

struct reports {
	struct report_section *section;
	unsigned count;
};

struct reports reports_load(struct arena *arena);
/* "funnel, channel" */
struct view reports_names(const struct reports *reports, struct arena *arena);
/* The sections of one report. */
struct view sections_names(const struct reports *reports, struct view report, struct arena *arena);

extern const char *const metrics_builtin, *const reports_builtin;

#endif
