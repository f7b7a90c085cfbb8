/* row: one record of a ledger becomes one of the table, or is known for what it is.
 * Room: import.
 *
 * Left out: the header again, blank rows, totals and signatures, titles again.  Bad: too few
 * or too many fields; bytes that were not decoded; quotes out of place; a column that must be
 * there is empty or cannot be read; nothing says whose row it is.  Everything else is written, its doubts in the column
 * issues as column:code, joined with |. */
#ifndef CRM_IMPORT_ROW_H
#define CRM_IMPORT_ROW_H

#include "import/cell.h"
#include "import/channel.h"
#include "import/kind.h"
#include "import/mend.h"
#include "import/plan.h"
#include "table/out.h"

/* The codes of all doubts, in the order of crm-import(1); ends with NULL. */
extern const char *const import_doubts[];

/* What all rows have in common. */
struct importer {
	const struct plan *plan;     /* NULL: raw, every field as it is */
	const struct import_file *files;
	struct cell_habits habits;
	const struct channels *channels; /* NULL: names of channels stay as they are */
	bool check_utf8;             /* bytes that were not decoded may be there */
	bool (*strict)(const void *arg, const char *code); /* a doubt that makes the row bad; may be NULL */
	const void *strict_arg;
};

enum import_reason {
	IMPORT_RAGGED,       /* too few or too many fields */
	IMPORT_QUOTES,       /* quotes are out of place */
	IMPORT_UNDECODED,    /* bytes that are no text in the file's encoding */
	IMPORT_NOBODY,       /* nothing says whose row it is */
	IMPORT_MISSING,      /* a column that must be there is empty */
	IMPORT_UNREADABLE,   /* or cannot be read */
	IMPORT_DOUBT,        /* one that --strict names */
};

/* Why a row is bad. */
struct import_problem {
	enum import_reason reason;
	unsigned field;      /* from 0, or COLUMN_NONE for the record */
	const char *code;    /* stable */
	struct view column;  /* its name */
	struct view raw;     /* the record as it stood, where that is not the row's; else NULL */
};

/* The first places of a kind, by file and line. */
enum { PLACES_MOST = 5 };
struct places {
	struct { unsigned input; uint64_t line; } at[PLACES_MOST];
	unsigned count;
};
void places_add(struct places *places, unsigned input, uint64_t line);

/* One worker's memory and counts. */
struct importing {
	struct cell cell;
	struct phones phones;
	struct buf issues, joined, raw;
	struct mended unmarked, padded, filled;
	struct above above;
	bool guessed;         /* the record was read lazily */
	unsigned added;       /* its first field that was added, or COLUMN_NONE */
	uint64_t fates[IMPORT_FATES];
	struct places places[IMPORT_FATES];
	struct intern doubts; /* "column:code" */
	uint64_t *counts;     /* of each */
	size_t counts_room;
	struct arena arena;
};

void importing_open(struct importing *importing);
void importing_release(struct importing *importing);

/* The names of what import_row() writes. */
void import_header(const struct importer *importer, const struct header *header, struct out *out);
/* `input`: number of the file.  A record too short or too long may be given too.  Writes a
 * row only with IMPORT_USED. */
enum import_fate import_row(const struct importer *importer, struct importing *importing, const struct row *row,
                            unsigned input, struct out *out, struct import_problem *problem);

#endif
