/* golden: of all records of one person, one.  Room: identity.
 *
 * Which cell survives: of plain columns the newest one that is not empty; of names the most
 * complete one (a full name before a surname, one beside a valid ID card before others), of
 * ID cards a valid one before others, of mobile columns all different numbers, newest first.
 * Among equals the newer record, then the one whose bytes are greater, so that the order of
 * the records does not matter. */
#ifndef CRM_IDENTITY_GOLDEN_H
#define CRM_IDENTITY_GOLDEN_H

#include "base/arena.h"

enum golden_kind { GOLDEN_PLAIN, GOLDEN_NAME, GOLDEN_MOBILE, GOLDEN_CERT };

struct golden_record {
	int64_t when;             /* INT64_MIN: unknown, older than all */
	struct view bytes;
	const struct view *cells; /* by column; empty where its ledger has no such column */
};

/* Sorts the records and sets cells[0..columns), which point into the records or the arena. */
void golden_pick(const enum golden_kind *kinds, size_t columns, struct golden_record *records, size_t count,
                 struct arena *arena, struct view *cells);

#endif
