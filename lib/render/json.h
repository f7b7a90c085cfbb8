/* json: a document's tables as JSON lines.  Room: render.
 *
 * One object per row: column ids and plain values, in the order of the columns.  Numbers
 * are JSON numbers with all their digits (money in yuan with two decimals); what is missing is
 * null.  With more than one section each object begins with "section", a total with "row".
 * Always valid UTF-8: other bytes become U+FFFD. */
#ifndef CRM_RENDER_JSON_H
#define CRM_RENDER_JSON_H

#include "base/buf.h"
#include "render/document.h"

/* `totals`: rows of totals and subtotals too. */
void render_json(struct buf *buf, const struct document *doc, bool totals);

#endif
