/* escape: any bytes made safe for one form.  Room: render.
 *
 * Labels come from ledgers and may hold anything: markup, terminal escapes, marks that turn
 * the direction of writing, bytes that are no UTF-8.  What cannot be shown becomes U+FFFD
 * (`?` on a terminal, where U+FFFD has no certain width). */
#ifndef CRM_RENDER_ESCAPE_H
#define CRM_RENDER_ESCAPE_H

#include "base/buf.h"

/* One line for a terminal: line ends and tabs become a space. */
void escape_terminal(struct buf *buf, struct view text);
/* For element content and for attributes in double or single quotes. */
void escape_html(struct buf *buf, struct view text);
/* What stands between the quotes of a JSON string. */
void escape_json(struct buf *buf, struct view text);
/* Inline text of Markdown (CommonMark and its tables), on one line. */
void escape_markdown(struct buf *buf, struct view text);

#endif
