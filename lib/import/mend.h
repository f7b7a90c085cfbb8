/* mend: rows that are changed before they are read: filled up to the file's width, and merged
 * cells, which a spreadsheet leaves empty but for the first, filled from above.  Room: import.
 *
 * What stands above is that of the same file, since the last header, blank row or total; a
 * row that is too short or too long says nothing to those below it. */
#ifndef CRM_IMPORT_MEND_H
#define CRM_IMPORT_MEND_H

#include "table/row.h"

/* A row in bytes of its own.  Zero is an empty one. */
struct mended {
	struct row row;
	struct buf bytes;
	uint32_t *ends; /* row.ends is behind the first */
	size_t room;
};

void mended_release(struct mended *mended);

/* A row of new values, where there is nothing else to be taken from *like. */
void mended_begin(struct mended *mended, const struct row *like);
void mended_add(struct mended *mended, struct view value);
const struct row *mended_end(struct mended *mended);

/* What stands above, of some columns. */
struct above {
	struct buf *value; /* of each column that is filled */
	size_t room;
	unsigned input;    /* the file it is of */
	uint64_t filled;   /* cells, so far */
};

void above_release(struct above *above);
/* Nothing stands above any more. */
void above_forget(struct above *above, const struct columns *columns);
/* The row with empty cells of the columns filled: the row itself where there are none. */
const struct row *above_fill(struct above *above, const struct columns *columns, unsigned input, const struct row *row,
                             struct mended *mended);

#endif
