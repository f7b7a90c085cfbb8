/* figure: the numbers of a document as text.  Room: render.
 *
 * All rounding is half away from zero and happens here, at the last step.
 *
 *     unit        number        shown         plain       short, English / Chinese
 *     DOC_COUNT   1234567       1,234,567     1234567     1.23M / 123.46万
 *     DOC_MONEY   123456789     1,234,567.89  1234567.89  1.23M / 123.46万
 *     DOC_WAN     1234567890    1,234.57      12345678.90 12.35M / 1,235万
 *     DOC_RATE    12345         1.23%         0.012345    1.23%
 *     DOC_RATIO   12345678      12.35         12.345678   12.35
 *     DOC_AREA    8950          89.50         89.5        90
 *     DOC_DAYS    125           12.5          12.5        12.5
 */
#ifndef CRM_RENDER_FIGURE_H
#define CRM_RENDER_FIGURE_H

#include "base/buf.h"
#include "render/document.h"

/* For people: thousands separators. */
void figure_shown(struct buf *buf, enum doc_unit unit, int64_t number);
/* For programs: the canonical text of the value's kind (value/money.h, value/number.h). */
void figure_plain(struct buf *buf, enum doc_unit unit, int64_t number);
/* For cards, axes and bars: three to five figures and a word (万, 亿; K, M, B). */
void figure_short(struct buf *buf, enum doc_unit unit, int64_t number, enum doc_language language);

/* numerator / denominator in millionths, rounded; false where the denominator is 0 or the
 * result does not fit. */
bool figure_rate(int64_t numerator, int64_t denominator, int64_t *rate);

/* A key figure as people see it in text; an amount is short, so that its unit stands beside it. */
void key_figure_put(struct buf *buf, const struct doc_figure *figure, enum doc_language language);

/* The cell as people see it: text, number or `-`. */
void cell_put_shown(struct buf *buf, enum doc_unit unit, const struct doc_cell *cell);

#endif
