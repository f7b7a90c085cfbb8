/* mask: what of a personal value may be shown.  Room: value.
 *
 *     name    张三 -> 张*   张三丰 -> 张**   欧阳静 -> 欧阳*   John -> J***   a company whole
 *     phone   13900001234 -> 139****1234   010-82345671 -> 010-****5671   400... whole
 *     cert    18 places -> first 6, 8 stars, last 4;  15 -> 6, 5 stars, 4;  others 1 and 1
 *
 * All fail closed: of what is not understood nothing is shown but ***.  Masking what is
 * masked shows no more than it did.  Form: JR/T 0171-2020 annex, and common usage. */
#ifndef CRM_VALUE_MASK_H
#define CRM_VALUE_MASK_H

#include "base/buf.h"
#include "base/view.h"

/* With `middle` the last character of three and more stays: 张*丰. */
void mask_name(struct view name, bool middle, struct buf *out);
/* Several numbers of a cell come with / between them. */
void mask_phone(struct view phone, struct buf *out);
/* With `strict` only the first and the last character stay. */
void mask_cert(struct view cert, bool strict, struct buf *out);

#endif
