/* fold: the shape of a tool that keeps one state per key.  Room: engine.
 *
 * A row is mapped to an item (fixed size, made by any thread), and the item is added to
 * the state of its key.  Rows come in no fixed order, so adding must not care: what
 * depends on order carries it (a time and an id, or row->number).  States of one key that
 * were apart (spilled) are merged.
 *
 * Keyed state is one set of 64 partitions by hash of the key; a worker takes a block's
 * items to the partitions one by one, each under its lock.  What is above --memory is
 * spilled, by partitions, to a temporary file. */
#ifndef CRM_ENGINE_FOLD_H
#define CRM_ENGINE_FOLD_H

#include "engine/work.h"

struct fold_shape {
	/* The key of a row, where it is no column as it stands; valid until the row ends. */
	struct view (*key)(const void *tool, void *scratch, const struct row *row);
	size_t item, state; /* bytes; a state begins as zeroes; alignment 8 */
	/* A row's item; not FATE_USED: it has none. */
	enum fate (*map)(const void *tool, void *scratch, const struct row *row, void *item, struct task *task);
	void (*add)(const void *tool, struct arena *arena, void *state, const void *item);
	void (*merge)(const void *tool, struct arena *arena, void *into, const void *from);
	/* May fetch what add() will want of the state's memory (__builtin_prefetch); or NULL. */
	void (*touch)(const void *tool, const void *state, const void *item);
	/* For a state that points into `arena`: to bytes and back.  NULL: the state is its bytes. */
	void (*save)(const void *tool, const void *state, struct buf *to);
	void (*load)(const void *tool, struct arena *arena, struct view from, void *state);
	/* Memory of a worker, as in rows.h. */
	size_t scratch;
	void (*open)(const void *tool, void *scratch);
	void (*close)(void *tool, void *scratch);
	bool keep_missing;  /* rows whose key is missing are a group like others, not left out */
};

struct fold;

/* Reads the run's input; the key is the value of one column, or several (key_take()). */
struct fold *engine_fold(struct run *run, const struct fold_shape *shape, void *tool, struct columns key);
void fold_free(struct fold *fold);

/* Rows that were left out as they had no key; the summary says so already. */
uint64_t fold_without_key(const struct fold *fold);
uint64_t fold_count(struct fold *fold);
/* Every key once: in no order, or in byte order of the key.  May be called again. */
void fold_each(struct fold *fold, void (*visit)(void *arg, struct view key, void *state), void *arg);
/* The same in no order, on all threads: each has a state of its own, made by `open` and
 * given back by `close` in the main thread, one after the other. */
void fold_each_worker(struct fold *fold, void *(*open)(void *arg), void (*visit)(void *worker, struct view key, void *state),
                      void (*close)(void *arg, void *worker), void *arg);
void fold_sorted(struct fold *fold, void (*visit)(void *arg, struct view key, void *state), void *arg);

#endif
