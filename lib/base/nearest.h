/* nearest: the word that was meant.  Room: base. */
#ifndef CRM_BASE_NEAREST_H
#define CRM_BASE_NEAREST_H

#include "base/view.h"

/* The one of the words that the fewest insertions, deletions, exchanges and swaps of bytes
 * make of `word`, when those are at most a third of its length (one in short words); else an empty view.
 * The first one where several are as near. */
struct view nearest_view(struct view word, const struct view *words, size_t count);

#endif
