/* people: rows of one table or several, as they will be written, and what tells who they
 * are about.  Room: identity.
 *
 * Workers write each row as it goes out, with two places left open, and find its keys; the
 * main thread keeps the bytes and hands the keys to the identity.  All is in memory, counted
 * against --memory: more ends the program (3).
 *
 * Of a table without a name the rows themselves are kept; of one with a name a line of the
 * map: the table, the place of the row. */
#ifndef CRM_IDENTITY_PEOPLE_H
#define CRM_IDENTITY_PEOPLE_H

#include "engine/work.h"
#include "identity/identity.h"

/* The places that are left open in a line. */
enum people_open { PEOPLE_UID, PEOPLE_RULE, PEOPLE_OPENS };

/* A table and its columns, COLUMN_NONE where it has no such one. */
struct people_table {
	const char *name;             /* NULL: the one table of the run */
	unsigned person, cert;        /* its names and ID cards */
	unsigned newest;              /* what dates a row */
	unsigned file, line;          /* where crm-import found it */
	struct columns mobiles;
	unsigned open[PEOPLE_OPENS];  /* columns to write into; COLUMN_NONE: at the end */
	unsigned *golden;             /* by cell of an entry */
};

/* What is kept of a row; the texts stand behind, in this order. */
struct entry {
	uint32_t line, place, cells, order; /* lengths; order 0: the line tells the order too */
	uint32_t open[PEOPLE_OPENS];        /* where in the line a value is still to come */
	int64_t when;                       /* INT64_MIN: not known */
	char texts[];
};

struct people {
	struct run *run;
	struct identity *identity;
	struct entry **entries; /* by record of the identity */
	size_t entry_room;
	bool places;            /* keep the places of rows, written in this dialect */
	struct dialect place_dialect;
	size_t cells;           /* cells kept of each row, for golden records */
	char **blocks;          /* what the entries stand in */
	size_t block_count, block_room, bytes;
};

/* What is kept of a row (places, cells) may be set before and after, but not later than the
 * first table is read. */
void people_init(struct people *people, struct run *run);
void people_release(struct people *people);
/* Reads the run's present input to its end. */
void people_read(struct people *people, const struct people_table *table);

static inline struct view entry_line(const struct entry *entry)
{
	return view(entry->texts, entry->line);
}

/* File and line, as two fields that are written already. */
static inline struct view entry_place(const struct entry *entry)
{
	return view(entry->texts + entry->line, entry->place);
}

/* What ranks it: the whole row. */
static inline struct view entry_order(const struct entry *entry)
{
	return entry->order ? view(entry->texts + entry->line + entry->place + entry->cells, entry->order)
	                    : entry_line(entry);
}

/* The cells for golden records. */
void entry_cells(const struct entry *entry, size_t count, struct view *cells);

#endif
