/* document: what a report says, before it has a form.  Room: render.
 *
 * A document is a title, key figures, sections and the facts about its making.  A section
 * is a table, the charts that are drawn from it, and notes (what the metrics mean, basis,
 * range, how many rows were counted).  The other files of the room turn a document into
 * bytes in a `struct buf`: text.h, csv.h, markdown.h, json.h, html.h.
 *
 * Pure: no clock, no locale, no file.  The same document gives the same bytes.
 *
 * Ids and labels.  Columns and texts have an id, which csv, tsv and JSON carry, and a label
 * for people, which text, Markdown and HTML carry.  Where the label is empty the id is shown.
 * The caller has chosen the labels' language; `language` is for the few words that the
 * renderer adds itself ("and 12 more").
 *
 * Numbers are integers in the unit of their column (enum doc_unit).  A number that is not there,
 * such as a rate with denominator 0, is shown as `-` and is an empty field in csv.
 *
 * Ownership: structs and arrays are allocated from the document's arena and live as long as
 * it does.  Bytes behind views are not copied: they must live as long as the document.
 *
 *     struct document doc;
 *     document_init(&doc, &arena, DOC_CHINESE);
 *     doc.title = VIEW("渠道月报");
 *     const struct doc_column columns[] = {
 *         { .id = VIEW("channel"), .label = VIEW("渠道"), .unit = DOC_TEXT },
 *         { .id = VIEW("visit_group"), .label = VIEW("来访组数"), .unit = DOC_COUNT },
 *     };
 *     struct doc_section *section = document_section(&doc, VIEW("channel"), VIEW("渠道效果"), columns, 2);
 *     struct doc_cell *cells = section_row(section, DOC_PLAIN);
 *     cells[0] = doc_text(VIEW("中介"));
 *     cells[1] = doc_number(1204);
 *     section_chart(section, (struct doc_chart){ .kind = CHART_BARS, .label = 0, .value = 1 });
 *     render_html(&buf, &doc);
 */
#ifndef CRM_RENDER_DOCUMENT_H
#define CRM_RENDER_DOCUMENT_H

#include "base/arena.h"
#include "base/view.h"

enum doc_language { DOC_ENGLISH, DOC_CHINESE };

enum doc_unit {
	DOC_TEXT,  /* words; long ones may be wrapped */
	DOC_DATE,  /* a day or a period in canonical text (2024-03-01, 2024-03, 2024Q1): never wrapped */
	DOC_COUNT, /* whole number */
	DOC_MONEY, /* fen; shown in yuan, two decimals */
	DOC_WAN,   /* fen; shown to people in 10,000 yuan, two decimals; csv and JSON: yuan */
	DOC_RATE,  /* millionths; shown to people in percent, two decimals; csv and JSON: a decimal */
	DOC_RATIO, /* millionths; shown to people with two decimals */
	DOC_AREA,  /* hundredths of a square metre */
	DOC_DAYS,  /* tenths of a day */
};

static inline bool doc_is_number(enum doc_unit unit) { return unit >= DOC_COUNT; }
/* Sums make sense: not of rates, ratios and days. */
static inline bool doc_adds(enum doc_unit unit)
{
	return unit == DOC_COUNT || unit == DOC_MONEY || unit == DOC_WAN || unit == DOC_AREA;
}

/* How a value stands against its target.  Shown by a sign and, where there is colour, by colour. */
enum doc_mark { MARK_NONE, MARK_GREEN, MARK_YELLOW, MARK_RED };

struct doc_cell {
	struct view id, label; /* of a text or date column */
	int64_t number;        /* of the others */
	bool present;
	enum doc_mark mark;
};

static inline struct doc_cell doc_text(struct view text)
{
	return (struct doc_cell){ .id = text, .present = true };
}

/* A text that machines and people call by different names. */
static inline struct doc_cell doc_label(struct view id, struct view label)
{
	return (struct doc_cell){ .id = id, .label = label, .present = true };
}

static inline struct doc_cell doc_number(int64_t number)
{
	return (struct doc_cell){ .number = number, .present = true };
}

static inline struct doc_cell doc_missing(void)
{
	return (struct doc_cell){ .present = false };
}

struct doc_column {
	struct view id, label;
	enum doc_unit unit;
};

/* Totals stand in the outputs for people; in csv, tsv and JSON only when asked for, since
 * who reads those would count them twice.  No chart draws them, but the funnel of a wide table. */
enum doc_row_kind { DOC_PLAIN, DOC_SUBTOTAL, DOC_TOTAL };

struct doc_row {
	enum doc_row_kind kind;
	struct doc_cell *cells; /* one per column */
};

enum chart_kind {
	CHART_FUNNEL,  /* stages from many to few, with the rate from each to the next */
	CHART_BARS,    /* one bar per name, for names without an order */
	CHART_COLUMNS, /* groups of columns over periods */
	CHART_STACKED, /* the same, one on the other: for what adds up */
	CHART_LINES,   /* lines over periods */
	CHART_HEAT,    /* a table of two dimensions, shaded by value */
};

/* A chart shows numbers by name (`label`: months, channels, stages) and by series.  Where the
 * series come from:
 *     values = 1, series = 0                one series: the column `value`
 *     values = n                            n series: the columns from `value` on (a wide table)
 *     values = 1, by_series, series = s     one series per text in column s (a long table)
 *     values = n, across                    the columns are the names, each row is a series;
 *                                           a funnel draws the total row, else the first row
 * Names and series stand in the order of the table.  Several rows of one name and series are
 * added up where the unit allows, else the first one counts. */
struct doc_chart {
	enum chart_kind kind;
	struct view title;
	unsigned label;  /* column with the names */
	unsigned value;  /* (first) column with the numbers */
	unsigned values; /* how many columns, all of one unit; 0 is read as 1 */
	unsigned series; /* column with the series' names, with by_series */
	bool by_series, across;
	bool descending; /* bars: the largest first, not the order of the table */
	struct doc_chart *next;
};

/* A line "label: text".  Either may be empty. */
struct doc_fact {
	struct view label, text;
	struct doc_fact *next;
};

struct doc_section {
	struct view id, heading, lead; /* lead: a sentence or two under the heading */
	const struct doc_column *columns;
	unsigned column_count;
	struct doc_row *rows;
	size_t row_count, row_capacity;
	struct doc_chart *charts, **charts_end;
	struct doc_fact *notes, **notes_end;
	struct arena *arena;
	struct doc_section *next;
};

/* A key figure, shown large at the top. */
struct doc_figure {
	struct view label, note; /* note: what stands small beneath it, such as the change on last month */
	enum doc_unit unit;
	struct doc_cell cell;
	struct doc_figure *next;
};

struct document {
	enum doc_language language;
	struct view title, subtitle;
	struct doc_figure *figures, **figures_end;
	struct doc_fact *notes, **notes_end;           /* said before the sections */
	struct doc_section *sections, **sections_end;
	struct doc_fact *definitions, **definitions_end; /* after them: what the columns mean, each once */
	struct doc_fact *provenance, **provenance_end; /* said at the end: as-of, inputs, versions */
	struct arena *arena;
};

void document_init(struct document *doc, struct arena *arena, enum doc_language language);
void document_figure(struct document *doc, struct doc_figure figure);
void document_note(struct document *doc, struct view label, struct view text);
void document_definition(struct document *doc, struct view label, struct view text);
void document_provenance(struct document *doc, struct view label, struct view text);
/* The columns are copied. */
struct doc_section *document_section(struct document *doc, struct view id, struct view heading,
                                     const struct doc_column *columns, unsigned count);

/* A new row of missing cells, to be filled in; valid for as long as the document. */
struct doc_cell *section_row(struct doc_section *section, enum doc_row_kind kind);
void section_chart(struct doc_section *section, struct doc_chart chart);
void section_note(struct doc_section *section, struct view label, struct view text);

/* What people see: the label, else the id. */
static inline struct view cell_shown(const struct doc_cell *cell)
{
	return cell->label.len ? cell->label : cell->id;
}

static inline struct view column_shown(const struct doc_column *column)
{
	return column->label.len ? column->label : column->id;
}

/* The table has a mark somewhere, so that the form must explain it or leave room for it. */
bool section_has_marks(const struct doc_section *section);

#endif
