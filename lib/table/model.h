/* model: the data model as a table, compiled in: model.csv (tables, columns, types, keys,
 * the headers of real ledgers, labels) and enums.csv (codes, and what ledgers write for
 * them).  Room: table.  One truth for import, events, expressions and reports.
 *
 * A column name has one type in all tables, by which any file's column of that name is
 * read; a name that is not in the model is text.  Everything returned lives as long as the
 * program; all functions may be called from any thread. */
#ifndef CRM_TABLE_MODEL_H
#define CRM_TABLE_MODEL_H

#include "base/view.h"

enum model_type {
	MODEL_TEXT,
	MODEL_ID,     /* text whose every character counts: no leading zero is lost */
	MODEL_NAME,
	MODEL_PHONE,
	MODEL_CERT,
	MODEL_DATE,
	MODEL_TIME,   /* date and time of day */
	MODEL_MONEY,
	MODEL_AREA,
	MODEL_RATE,
	MODEL_NUMBER,
	MODEL_INT,
	MODEL_BOOL,
	MODEL_ENUM,
	MODEL_LIST,   /* joined with | */
	MODEL_ROOM,   /* key of a room (room.h) */
	MODEL_LAYOUT, /* of a home (floorplan.h) */
	MODEL_CHANNEL, /* as it is called; two levels of a tree are made of it */
	MODEL_SERIAL, /* row numbers of a ledger: import drops them */
};

enum model_mark {
	MODEL_KEY = 1,   /* names the row, with the table's other keys */
	MODEL_MUST = 2,  /* must be there and readable */
	MODEL_SOUND = 4, /* must be readable where it is there */
	MODEL_WHO = 8,   /* one of these at least must be there: whose row it is */
};

struct model_column {
	struct view table, name;
	enum model_type type;
	unsigned marks;              /* enum model_mark */
	const struct view *aliases;  /* headers, folded (text.h, hanzi.h); the name is the first one */
	size_t alias_count;
	struct view label_en, label_zh;
};

struct model_table {
	struct view name;
	const struct model_column *columns; /* in the order in which import writes them */
	size_t count;
};

/* All tables; the columns that every table may have are in the one named "any", which is
 * not among these. */
const struct model_table *model_tables(size_t *count);
const struct model_table *model_any(void);
/* NULL where there is none. */
const struct model_table *model_table(struct view name);
/* A column of the table, or one that every table may have; NULL where there is none. */
const struct model_column *model_column(const struct model_table *table, struct view name);

/* The type by which a column of this name is read anywhere. */
enum model_type model_type(struct view column);
/* "text", "date", ... */
const char *model_type_name(enum model_type type);
/* What a report calls the column; its name where the model does not know it. */
struct view model_label(struct view column, bool chinese);

/* The code for what a ledger wrote (in any width and case, traditional characters too, blanks left out), empty where
 * it is none of the listed ones; - for a word that says: nothing.  `known` says whether the column
 * has a list at all. */
struct view model_code(struct view table, struct view column, struct view raw, bool *known);
/* What a report calls a code of the column: of this table, or of any where none is named
 * (the first one); the code itself where the model does not know it. */
struct view model_code_label(struct view table, struct view column, struct view code, bool chinese);

/* Of the stream: is it a type of event whose `status` says what it takes back (cancel, swap,
 * rename, change)? */
bool model_takes_back(struct view event_type);

/* The two tables as they stand, for --print-rules. */
extern const char *const model_csv_text, *const model_enums_text;

#endif
