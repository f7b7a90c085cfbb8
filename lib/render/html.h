/* html: a document as one page.  Room: render.
 *
 * One file, UTF-8, style and drawings within it, no script and nothing from elsewhere (a
 * policy in the page forbids both).  Fits a desk, a phone and A4 paper; light and dark as the
 * reader's system is.  Meant to be mailed and printed as it is. */
#ifndef CRM_RENDER_HTML_H
#define CRM_RENDER_HTML_H

#include "base/buf.h"
#include "render/document.h"

void render_html(struct buf *buf, const struct document *doc);

#endif
