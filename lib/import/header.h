/* header: which column of the data model a ledger's header means.  Room: import.
 *
 * A header is compared folded (text.h), its traditional characters as simplified ones
 * (hanzi.h), without blanks, line breaks, * and :, first whole, then without a bracket at its end, whose unit is kept: 总价（万元）.  First an alias must be
 * equal to it; else the longest alias that stands in it and makes up more than half of it.
 * Of a header of two lines `parent/child` is tried, `parentchild`, the child, and the parent
 * where there is no child. */
#ifndef CRM_IMPORT_HEADER_H
#define CRM_IMPORT_HEADER_H

#include "base/arena.h"
#include "base/hash.h"
#include "table/model.h"

/* The aliases of one table, ready to be looked up. */
struct matcher {
	const struct model_table *table;
	struct intern aliases;
	const struct model_column **column; /* of each alias */
	size_t room;
};

/* Aliases of the user's are added first, then the table's own: the first one of a text holds
 * (false: there is one). */
void matcher_init(struct matcher *matcher, struct arena *arena, const struct model_table *table);
bool matcher_add(struct matcher *matcher, const struct model_column *column, struct view alias);
void matcher_close(struct matcher *matcher);
void matcher_release(struct matcher *matcher);

enum head_how { HEAD_UNKNOWN, HEAD_EXACT, HEAD_WITHOUT_UNIT, HEAD_CONTAINED, HEAD_AMBIGUOUS };

/* What the unit in a header's bracket says about the cells below. */
struct unit {
	int64_t money_fen;   /* of one, 0: nothing said */
	struct view suffix;  /* to stand behind rates and areas that name no unit themselves */
};

/* One column of a file. */
struct head {
	struct view shown;   /* the header cleaned, both lines joined with / */
	struct view parent, child; /* normalised */
	const struct model_column *column; /* NULL: the model does not know it */
	const struct model_column *other;  /* HEAD_AMBIGUOUS: it may be this one too */
	enum head_how how;
	struct unit unit;
	bool second;         /* another header means the same column, and better */
	const struct model_column *joins; /* a moment which the better one may hold the date of, this one the time */
};

/* Normalises a header's lines (one or two cells; parent may be empty). */
struct head head_make(struct arena *arena, struct view parent, struct view child);
/* Finds its column: only exactly with `quick`. */
void head_match(struct head *head, const struct matcher *matcher, bool quick);
/* Several heads of one file may mean one column: the better match has it, the first of
 * equals; the others become unknown, but for numbers of telephones, which are pooled, and
 * moments, whose date and time of day may stand in two columns (joins).
 * Returns the first head that stays ambiguous, or count. */
size_t heads_settle(struct head *heads, size_t count);

#endif
