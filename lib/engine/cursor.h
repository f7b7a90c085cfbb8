/* cursor: the rows of one input, one after the other, in the main thread.  Room: engine.
 *
 * For tools that go through several inputs side by side, each in order: merging sorted
 * runs, joining two sorted tables.  Rows, rejects and fates are counted as by the other
 * shapes; a cursor's row is valid until its own next one.  Before a read that would wait,
 * what is in `out` is written, so that a slow pipe is not held back.
 *
 *     struct cursor *cursor = cursor_open(&run, input, &keys, "--merge-sorted", &out);
 *     while (cursor_next(cursor))
 *             ... cursor_row(cursor) ... cursor_key(cursor) ...
 *     cursor_close(cursor);
 */
#ifndef CRM_ENGINE_CURSOR_H
#define CRM_ENGINE_CURSOR_H

#include "engine/sorter.h"

struct cursor;

/* Over one of the inputs of the run's reader.  With `keys` every row must come at or behind the row before
 * it (else the program ends with 3); `promise` is the option that promised it. */
struct cursor *cursor_open(struct run *run, size_t input, const struct sort_keys *keys, const char *promise,
                           struct out *out);
/* False at the end. */
bool cursor_next(struct cursor *cursor);
const struct row *cursor_row(const struct cursor *cursor);
/* The row's key, as bytes that compare. */
struct view cursor_key(const struct cursor *cursor);
void cursor_close(struct cursor *cursor);

#endif
