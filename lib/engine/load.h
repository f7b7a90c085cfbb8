/* load: a whole table in memory.  Room: engine.
 *
 * For the side of a join that is looked up, for rule-sized tables, and for tools that need
 * all rows at once.  Values stand packed, four bytes of length a field.  Bounded by
 * --memory: a larger table ends the program (3). */
#ifndef CRM_ENGINE_LOAD_H
#define CRM_ENGINE_LOAD_H

#include "engine/work.h"

struct loaded_row;

struct loaded {
	struct arena arena;          /* of the rows */
	struct arena names;          /* of the header */
	struct header *header;       /* of the columns that were kept */
	struct columns columns;      /* their numbers in the table */
	struct loaded_row **rows;
	size_t count, room;
	const char *file;
	size_t bytes;
	struct buf packed;           /* a row on its way */
};

struct loaded_row {
	uint64_t line;   /* physical line; with several inputs: of its own file */
	const char *file;
	uint32_t ends[]; /* of the values, which stand behind */
};

/* A table beside the run's input (--with, --table); each row must be good (3).  `columns`
 * NULL: all.  Rows are not counted in the run. */
struct loaded *load_table(struct run *run, const char *file, const char *columns);
/* The same of a table whose header was looked at already. */
struct loaded *load_reader(struct run *run, struct reader *reader, const struct columns *columns);
/* The run's own input, read by all threads; rejects and fates as always.  `each` may refuse
 * a row (NULL: all are kept). */
struct loaded *load_input(struct run *run, enum fate (*each)(const void *tool, const struct row *row, struct task *task),
                          const void *tool);
void loaded_free(struct loaded *loaded);

/* Row by row: an empty one, one more row, empty again. */
struct loaded *loaded_new(const struct header *header, const struct columns *columns);
void loaded_put(struct run *run, struct loaded *loaded, const struct row *row);
void loaded_clear(struct loaded *loaded);

static inline struct view loaded_cell(const struct loaded *loaded, size_t row, unsigned column)
{
	const struct loaded_row *at = loaded->rows[row];
	const char *bytes = (const char *)(at->ends + loaded->header->count);
	uint32_t start = column ? at->ends[column - 1] : 0;
	return view(bytes + start, at->ends[column] - start);
}

#endif
