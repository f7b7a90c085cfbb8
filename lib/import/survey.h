/* survey: what is in the columns of a ledger: how many cells are filled, how many different
 * values there are, the most frequent ones, and how they are written.  Room: import.
 *
 * Memory is bounded: of each column SURVEY_MOST different values are counted exactly.  Where
 * there are more, only those whose hash is small enough are kept, half as many at each step:
 * `distinct` is then an estimate (within some 2 % in two of three cases), and there are no
 * most frequent values, as those may not be among the kept.  What is kept depends on the
 * values alone, so that the same ledger gives the same survey, whatever the order of its rows
 * and the number of threads: states are merged.
 *
 * A shape is how a text is written: 9 for a digit, a and A for letters, 汉 for a hanzi, other
 * characters as they are, {n} behind what comes n times: `9{4}/9/9{2}`, `汉{3}`. */
#ifndef CRM_IMPORT_SURVEY_H
#define CRM_IMPORT_SURVEY_H

#include "base/arena.h"
#include "base/buf.h"

enum { SURVEY_MOST = 4096 };

struct survey;

struct survey *survey_new(size_t columns);
void survey_free(struct survey *survey);
/* A cell: the value that was made of it, and the text as it stood. */
void survey_add(struct survey *survey, size_t column, struct view value, struct view raw);
void survey_merge(struct survey *into, const struct survey *from);

struct survey_value {
	struct view text;
	uint64_t count;
};

/* What is known of a column; the views live as long as the survey. */
struct survey_column {
	uint64_t filled;
	uint64_t distinct;
	bool about;               /* distinct is an estimate */
	struct survey_value *top; /* the most frequent first, then by bytes */
	size_t top_count;
	struct survey_value *shapes;
	size_t shape_count;
	uint64_t shapes_distinct;
};

/* At most `most` values and shapes. */
struct survey_column survey_column(const struct survey *survey, size_t column, size_t most, struct arena *arena);

void survey_shape(struct view text, struct buf *shape);

#endif
