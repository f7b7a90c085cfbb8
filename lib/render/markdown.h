/* markdown: a document as Markdown with tables (GitHub's flavour).  Room: render.
 *
 * Labels and shown numbers, as in text; whatever a label holds stays a label.  The source
 * is aligned too, so that it can be read as it stands.  Of the charts the heat table is
 * there, as a table.  Marks are the words for them, in brackets. */
#ifndef CRM_RENDER_MARKDOWN_H
#define CRM_RENDER_MARKDOWN_H

#include "base/buf.h"
#include "render/document.h"

void render_markdown(struct buf *buf, const struct document *doc);

#endif
