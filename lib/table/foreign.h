/* foreign: tables in dialects that the reader does not take, made canonical on the way.
 * Room: table.  The one place that knows libcsv.
 *
 * Line ends: carriage returns before a line feed go, however many (some exports write CR CR
 * LF, and a reader sees bytes behind a closing quote); in a file that has no line feed each
 * is one.  Quotes: fields quoted by another character are read by libcsv (strict) and
 * written anew with ". */
#ifndef CRM_TABLE_FOREIGN_H
#define CRM_TABLE_FOREIGN_H

#include "table/reader.h"

/* A feed over a feed, which it takes over; lines keep their numbers.  Ends the program (3)
 * where a quote stands or misses against the rule. */
struct feed foreign_feed(struct feed from, char delimiter, char quote, bool no_line_feeds);

#endif
