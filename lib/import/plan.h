/* plan: which columns an import writes, and where each comes from in every file.
 * Room: import.
 *
 * Columns of the table come first, in the model's order, those that any file has; then
 * columns that the model does not know, as they are called, in the order in which they
 * appear; at last src_file, src_line and issues.  Names that would occur twice get _2, _3.
 * Where a table has a mobile number, all its columns for numbers are written: one cell may
 * hold several.  The same for the two bounds of a range of money.  Where channels are made a
 * tree, a column of their names is followed by channel and channel2 (and is itself the first
 * level where it is called channel). */
#ifndef CRM_IMPORT_PLAN_H
#define CRM_IMPORT_PLAN_H

#include "import/layout.h"
#include "import/plausible.h"

enum plan_role {
	PLAN_CELL,    /* one cell, by its type */
	PLAN_OTHER,   /* one cell that the model does not know */
	PLAN_PHONES,  /* the first of a pool of numbers: `width` columns are written */
	PLAN_RANGE,   /* the lower bound; the upper one follows */
	PLAN_CHANNEL, /* a name of a channel; its two levels follow */
	PLAN_FOLLOWS, /* written with the one before */
};

enum { PLAN_PHONES_MOST = 4, PLAN_LEVELS = 2 };

struct plan_column {
	struct view name;
	const struct model_column *model; /* NULL: unknown */
	enum plan_role role;
	unsigned width;   /* columns that are written together with the first of them */
	struct view raw;  /* the column in which the text as it stood is kept; empty: it is not */
	struct plausible plausible;
};

/* Where a planned column comes from in one file: one field, or for numbers of telephones
 * all that mean it. */
struct plan_source {
	unsigned *at;
	unsigned count;
	struct unit unit; /* of the first one */
	bool joined;      /* a moment: date and time of day may stand in two fields, at[0] and join */
	unsigned join;
};

struct plan {
	const struct model_table *table;
	struct plan_column *columns;
	size_t count, room;
	struct plan_source **sources; /* [file][column] */
	size_t files;
	bool has_who;                 /* a column says whose row it is */
	bool channels;                /* names of channels become a tree */
	bool keeps;                   /* a column's text is kept as it stood */
};

/* All layouts are matched and settled, and of the same table.  `channels`: names of channels
 * become a tree. */
struct plan plan_make(struct arena *arena, const struct model_table *table, const struct layout *const *layouts,
                      size_t files, bool channels);
/* Keeps the text of the column as it stood in a column raw_NAME, behind those that are written
 * together with it.  False where there is a column of this name. */
bool plan_keep(struct arena *arena, struct plan *plan, size_t column);

#endif
