/* cursor: the rows of one input, one after the other, in the main thread.  Room: engine.
 *
 * For tools that go through several inputs side by side, each in order: merging sorted
 * runs, joining two sorted tables.  Rows, rejects and fates are counted as by the other
 * shapes; a cursor's row is valid until its own next one.  Before a read that would wait,
 * what is in `out` is written, so that a slow pipe is not held back.
 *
 *     struct cursor *cursor = cursor_open(&run, input, &keys, "--merge-sorted", &out);
 *     while (cursor_next(cursor))
 *             ... cursor_row(cursor) ... cursor_key(cursor) ... cursor_done(cursor, FATE_USED);
 *     cursor_close(cursor);
 */
#ifndef CRM_ENGINE_CURSOR_H
#define CRM_ENGINE_CURSOR_H

#include "engine/sorter.h"

struct cursor;

#define CURSOR_ALL SIZE_MAX

/* Over one of the inputs of the run's reader, or all of them one behind the other.  With
 * `keys` every row must come at or behind the row before it (else the program ends with 3);
 * `promise` is the option that promised it. */
struct cursor *cursor_open(struct run *run, size_t input, const struct sort_keys *keys, const char *promise,
                           struct out *out);
/* Over a table beside the run's input: its rows are not counted, and each must be good. */
struct cursor *cursor_beside(struct run *run, struct reader *reader, const struct sort_keys *keys,
                             const char *promise, struct out *out);
/* False at the end. */
bool cursor_next(struct cursor *cursor);
const struct row *cursor_row(const struct cursor *cursor);
/* The row's key, as bytes that compare. */
struct view cursor_key(const struct cursor *cursor);
/* What became of the row: once for each row of the run's input. */
void cursor_done(struct cursor *cursor, enum fate fate);
/* For row_reject() and row_fatal(), whose fate then goes to cursor_done(). */
struct task *cursor_task(struct cursor *cursor);
void cursor_close(struct cursor *cursor);

#endif
