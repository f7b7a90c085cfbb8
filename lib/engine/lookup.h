/* lookup: the rows of a loaded table by key.  Room: engine.
 *
 * The key is the values of one or several columns.  Rows whose key has an empty value are
 * not in it: they match nothing.  Rows with one key stand in the order of the table. */
#ifndef CRM_ENGINE_LOOKUP_H
#define CRM_ENGINE_LOOKUP_H

#include "engine/load.h"

struct lookup;

enum { LOOKUP_MOST_COLUMNS = 16 };

#define LOOKUP_NONE SIZE_MAX

/* `columns` are those of the loaded table; its memory is counted against --memory. */
struct lookup *lookup_new(struct run *run, const struct loaded *loaded, struct columns columns);
/* The first row with this key, one value a column; LOOKUP_NONE where there is none. */
size_t lookup_first(const struct lookup *lookup, const struct view *key);
/* The next one with the same key. */
size_t lookup_next(const struct lookup *lookup, size_t row);
/* The first row of the table whose key a row before it has. */
size_t lookup_repeated(const struct lookup *lookup);
/* Memory beside the table's. */
size_t lookup_bytes(const struct lookup *lookup);
void lookup_free(struct lookup *lookup);

#endif
