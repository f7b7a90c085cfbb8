/* text: a document for a terminal or a mail.  Room: render.
 *
 * Aligned by the width of the characters on the screen, whatever the locale; ASCII but for
 * what the document says itself.  What does not fit the width is handled in this order:
 * headings are wrapped, texts are wrapped (at most three lines), and then the table is
 * continued below, with its first columns repeated.  A number is never cut.
 * Marks are a sign behind the number: + green, ~ yellow, ! red. */
#ifndef CRM_RENDER_TEXT_H
#define CRM_RENDER_TEXT_H

#include "base/buf.h"
#include "render/document.h"

struct text_form {
	unsigned width; /* columns; 0: as wide as needed */
	bool colour;    /* terminal colours; the caller has looked at NO_COLOR and TERM */
	bool charts;    /* funnels and bars too */
};

void render_text(struct buf *buf, const struct document *doc, struct text_form form);

#endif
