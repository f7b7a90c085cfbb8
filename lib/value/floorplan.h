/* floorplan: the layout of a home (户型): how many rooms, halls and baths.  Room: value.
 *
 *     3室2厅2卫  三房两厅二卫  3房2厅1厨2卫  3-2-2  3-2-2-1           3室2厅2卫
 *     两居  2居室  二房                                               2室
 *     开间  单间                                                      1室0厅
 *     五居以上  3+1房2厅  三房、四房  2-3房      5室以上  3+1室2厅  3室|4室  2室|3室
 *
 * Kitchens and balconies are left away; of four bare numbers the last one is such, and more
 * than one of it is unclear: some write the kitchen third.  A number alone is that of the
 * rooms, but 10 20 30 40 50 and 0 are what some systems write for one to five and more, and
 * for 不限.  The canonical text is its own.
 *
 * Names that a developer gives (A户型, T3) and kinds of homes (复式) say nothing of rooms: they
 * stay, and that is no fault.  Source: DOMAIN 2.1 and 5.4. */
#ifndef CRM_VALUE_FLOORPLAN_H
#define CRM_VALUE_FLOORPLAN_H

#include "base/buf.h"

enum floorplan_result {
	FLOORPLAN_OK,
	FLOORPLAN_EMPTY,
	FLOORPLAN_NAME,      /* a name */
	FLOORPLAN_BAD,
	FLOORPLAN_AMBIGUOUS, /* 3-2-1-2 */
};
/* Stable words: ok empty name bad_layout ambiguous_layout. */
const char *floorplan_result_name(enum floorplan_result result);

/* Appends the canonical text, with FLOORPLAN_OK only; several with | between them. */
enum floorplan_result floorplan_parse(struct view cell, struct buf *out);

#endif
