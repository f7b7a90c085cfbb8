/* svg: a chart as a <figure> of an HTML page.  Room: render.
 *
 * How it fits a phone and a sheet of paper without script: heights are pixels, across the
 * figure everything is placed by percent, so the drawing stretches and the letters do not.
 * What needs pixels across (names at the left, numbers at the right) stands in the padding of
 * the box around the drawing, whose width is estimated from the texts.
 * All numbers are fixed point: no float is formatted.  Colours are classes of style.h:
 * f1..f6 and s1..s6 by series, 7 for the others; each series has a marker of its own shape
 * too.  A picture has a title and a description, each of its marks a tooltip. */
#ifndef CRM_RENDER_SVG_H
#define CRM_RENDER_SVG_H

#include "base/buf.h"
#include "render/document.h"

/* The shapes of markers, once per page, before the first chart. */
void svg_markers(struct buf *buf);
/* `number` makes the ids of this chart unlike those of others.  CHART_HEAT is a table, not
 * drawn here. */
void svg_chart(struct buf *buf, enum doc_language language, const struct doc_section *section,
               const struct doc_chart *chart, unsigned number);

#endif
