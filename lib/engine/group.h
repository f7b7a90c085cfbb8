/* group: the shape of a tool that looks at all rows of one key together.  Room: engine.
 *
 * A row function, in any thread, makes of a row the record that its group wants: only what
 * is needed there, and what the records of a group are sorted by.  A group function, again
 * in any thread, gets a key and all its records in order (equal ones as they came in the
 * input), and writes what it finds.  Groups come out in byte order of the key.
 *
 *     static enum fate row(const void *tool, void *scratch, const struct row *row,
 *                          struct group_item *item, struct task *task)
 *     {
 *             ... sort_value_put(&item->order, ...); buf_put(&item->payload, ...);
 *             return FATE_USED;
 *     }
 *     static void group(const void *tool, void *scratch, struct group *group)
 *     {
 *             for (size_t i = 0; i < group->count; i++)
 *                     ... group->records[i].payload ... out_field(group->out, ...) ...
 *     }
 *
 * Records are sorted, above --memory in temporary files; where the input is promised to be
 * sorted by the key, nothing but the group under way is kept.  A group that is larger than
 * --memory ends the program (3). */
#ifndef CRM_ENGINE_GROUP_H
#define CRM_ENGINE_GROUP_H

#include "engine/sorter.h"

/* The one record of a row.  The engine has begun both: they are only appended to. */
struct group_item {
	struct buf order;   /* bytes that compare: sort_value_put(), key_put() */
	struct buf payload;
};

struct group_kept;

struct group_record {
	struct view payload; /* begins aligned for any type of up to 8 bytes */
	enum fate fate;      /* of its row: FATE_USED, unless the group function says otherwise */
	const struct group_kept *kept;
};

struct group {
	struct view key;     /* the value; of several columns as key_of_row() makes it (key_take()) */
	struct group_record *records;
	size_t count;        /* one at least */
	struct arena *arena; /* until the function returns */
	struct out *out;
	struct task *task;   /* of group.c */
};

struct group_shape {
	/* The key of a row, where it is no column as it stands; valid until the row ends. */
	struct view (*key)(const void *tool, void *scratch, const struct row *row);
	/* FATE_USED: the item becomes a record of the row's group.  Else the row has none. */
	enum fate (*row)(const void *tool, void *scratch, const struct row *row, struct group_item *item,
	                 struct task *task);
	void (*group)(const void *tool, void *scratch, struct group *group);
	/* Memory of a worker, as in rows.h.  A worker may see rows, groups or both. */
	size_t scratch;
	void (*open)(const void *tool, void *scratch);
	void (*close)(void *tool, void *scratch);
	bool keep_missing; /* rows whose key is missing are a group like others, not left out */
	bool keep_rows;    /* records keep their row, for group_row() and group_reject() */
};

/* Reads the run's input and writes its groups; the key is the value of one column, or
 * several (key_take()).  The output is open, and the header is written.  `sorted`: the input
 * is promised to come in the order of the key, and ends the program where it does not (3). */
void engine_group(struct run *run, const struct group_shape *shape, void *tool, struct columns key, bool sorted);

/* ---- for the group function ---- */

/* The row's bytes as they stood in the input. */
struct view group_row(const struct group_record *record);
/* The row cannot be used after all; as row_reject(). */
void group_reject(struct group *group, struct group_record *record, unsigned column, const char *code,
                  const char *format, ...) PRINTF(5, 6);
/* The group ends the program, with status 3, in its turn.  What it wrote is dropped. */
void group_fatal(struct group *group, const char *format, ...) PRINTF(2, 3);

#endif
