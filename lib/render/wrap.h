/* wrap: text cut to a width on the screen.  Room: render.
 *
 * Widths are columns of a terminal (value/text.h).  Lines break at spaces, behind _ and / and
 * beside Chinese characters, but no line begins with closing punctuation or ends with an opening bracket;
 * a word that is longer than the line is cut. */
#ifndef CRM_RENDER_WRAP_H
#define CRM_RENDER_WRAP_H

#include "base/buf.h"

/* Takes the next line off *rest, without the spaces at the break.  A line holds at least one
 * character, however small the width. */
struct view wrap_line(struct view *rest, size_t width);
/* How many lines that makes; an empty text makes one. */
size_t wrap_count(struct view text, size_t width);
/* Width of the longest piece that wrapping does not cut. */
size_t wrap_longest(struct view text);
/* The text if it fits, else its beginning with `dots` behind it. */
void wrap_shorten(struct buf *buf, struct view text, size_t width, const char *dots);
/* The same with the dots in the middle: names in a list often differ at their end. */
void wrap_shorten_middle(struct buf *buf, struct view text, size_t width, const char *dots);

#endif
