/* compound: one stream out of a compound file (OLE2), the box that xls files are in.
 * Room: sheet.
 *
 * A file system in a file, after [MS-CFB]: sectors in chains, a directory, a stream of small
 * streams.  The whole file is in memory; every number in it is checked before it is used, and
 * a chain has no more links than the file has sectors, so that none goes on for ever. */
#ifndef CRM_SHEET_COMPOUND_H
#define CRM_SHEET_COMPOUND_H

#include "base/buf.h"
#include "sheet/problem.h"

/* Appends to *stream the first of the names that the root folder holds; false with *problem
 * where there is none of them or the file is damaged. */
bool compound_read(struct view file, const char *const *names, size_t count, struct buf *stream,
                   struct sheet_problem *problem);
/* Has the root folder a stream or folder of that name? */
bool compound_has(struct view file, const char *name);

#endif
