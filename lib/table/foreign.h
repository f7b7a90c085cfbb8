/* foreign: tables in dialects that the reader does not take, made canonical on the way.
 * Room: table.  The one place that knows libcsv.
 *
 * Line ends: a carriage return alone becomes a line feed.  Quotes: fields quoted by another
 * character are read by libcsv (strict) and written anew with ". */
#ifndef CRM_TABLE_FOREIGN_H
#define CRM_TABLE_FOREIGN_H

#include "table/reader.h"

/* A feed over a feed, which it takes over; lines keep their numbers.  Ends the program (3)
 * where a quote stands or misses against the rule. */
struct feed foreign_feed(struct feed from, char delimiter, char quote);

#endif
