/* sorter: records by key, larger than memory.  Room: engine.
 *
 * Workers make records out of rows and sort each block; the main thread keeps the sorted
 * blocks, merges them to a run in a temporary file when they are above --memory, and
 * merges all at the end.  Stable: equal keys stay in the order of the input.
 *
 * A key is bytes that compare as the values do: sort_key_put() makes them. */
#ifndef CRM_ENGINE_SORTER_H
#define CRM_ENGINE_SORTER_H

#include "engine/work.h"

struct sort_block;

struct sort_shape {
	/* Makes records of a row with sort_emit(): none, one or several. */
	enum fate (*row)(const void *tool, void *scratch, const struct row *row, struct sort_block *block,
	                 struct task *task);
	size_t scratch;
	void (*open)(const void *tool, void *scratch);
	void (*close)(void *tool, void *scratch);
};

/* A record: key and payload are copied. */
void sort_emit(struct sort_block *block, struct view key, struct view payload);

struct sorter;

/* Reads the run's input and keeps its records.  May be called again with a further input
 * (run->reader exchanged): its records come behind those before where keys are equal. */
struct sorter *sorter_new(struct run *run);
void sorter_read(struct sorter *sorter, const struct sort_shape *shape, void *tool);
/* A record from the main thread. */
void sorter_add(struct sorter *sorter, struct view key, struct view payload);
/* The records in order, one after the other, each valid until the next call; false at the
 * end.  Nothing may be read or added any more. */
bool sorter_next(struct sorter *sorter, struct view *key, struct view *payload);
void sorter_free(struct sorter *sorter);
/* Every record in order.  Ends the sorter. */
void sorter_finish(struct sorter *sorter, void (*visit)(void *arg, struct view key, struct view payload), void *arg);

/* Appends the bytes of one sort key of a row.  Missing comes first (last when descending).
 * A number or date that does not convert counts as missing: *doubt is then set. */
void sort_key_put(struct buf *key, const struct row *row, const struct sort_key *by, bool *doubt);
void sort_value_put(struct buf *key, struct view value, enum key_type type, bool descending, bool *doubt);

#endif
