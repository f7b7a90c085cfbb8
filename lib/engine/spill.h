/* spill: sorted and unsorted runs of (key, value) in an unlinked temporary file, the sort
 * of a run in memory, and the merge of several.  Room: engine.
 *
 * One file holds all runs, one after the other, so that their number is not limited by
 * descriptors.  All calls are the main thread's, but for order_sort(). */
#ifndef CRM_ENGINE_SPILL_H
#define CRM_ENGINE_SPILL_H

#include "base/buf.h"

struct spill;

struct spilled {
	uint64_t start, end; /* bytes of the file */
};

struct spill *spill_new(void);
void spill_free(struct spill *spill);
void spill_begin(struct spill *spill);
void spill_add(struct spill *spill, struct view key, struct view value);
struct spilled spill_end(struct spill *spill);

/* A reader of one run; the views are valid until the next call. */
struct spill_reader;
struct spill_reader *spill_read(struct spill *spill, struct spilled run, size_t buffer);
bool spill_next(struct spill_reader *reader, struct view *key, struct view *value);
void spill_close(struct spill_reader *reader);

/* A run in memory as a reader: `next` gives (key, value) in order until false. */
struct spill_reader *spill_of(bool (*next)(void *state, struct view *key, struct view *value), void *state);

/* Runs that are sorted by key, as one; equal keys in the order of the readers, which it
 * closes.  All keys begin with the same `skip` bytes (0 is always right). */
struct spill_merge;
struct spill_merge *spill_merge_new(struct spill_reader **readers, size_t count, size_t skip);
bool spill_merge_next(struct spill_merge *merge, struct view *key, struct view *value);
void spill_merge_free(struct spill_merge *merge);

/* ---- order in memory ---- */

struct order_item {
	uint64_t prefix; /* of order_sort() */
	const void *what;
};

/* Sorts by the bytes of key(item), stable. */
void order_sort(struct order_item *items, size_t count, struct view (*key)(const struct order_item *));

#endif
