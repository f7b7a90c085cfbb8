/* peek: a feed whose beginning can be looked at, and cut off, before it is read.  Room: table. */
#ifndef CRM_TABLE_PEEK_H
#define CRM_TABLE_PEEK_H

#include "table/reader.h"

struct peek;

/* Takes the feed over. */
struct peek *peek_new(struct feed feed);
/* Its next bytes: `least` of them, or all there are; more where they are at hand.  *whole:
 * nothing follows.  Valid until the next call. */
struct view peek_look(struct peek *peek, size_t least, bool *whole);
/* Cuts off bytes that were looked at. */
void peek_skip(struct peek *peek, size_t n);
/* The feed of what is left; it knows the line that it begins with. */
struct feed peek_feed(struct peek *peek);

#endif
