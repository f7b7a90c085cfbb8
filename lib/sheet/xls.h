/* xls: sheets of an xls workbook, read by a child (child.h).  Room: sheet.
 *
 * The child writes frames: a byte that says what, four of length, and so many bytes.
 *     S  a sheet: 1 where it is hidden, then its name        L  lines of TSV
 *     4  dates count from 1904                               D  a doubt: row, column, which
 *     P  a problem: status, row, message                     M  merged cells
 *     Z  the end: what came is whole
 * The parent believes none of it: it takes frames of known length and numbers within limits. */
#ifndef CRM_SHEET_XLS_H
#define CRM_SHEET_XLS_H

#include "base/buf.h"
#include "sheet/inside.h"

enum { XLS_SIZE_MOST = 256 * 1024 * 1024, XLS_FRAME_MOST = 1024 * 1024 };

/* What frames say is put into a book (its sheets) or a sheet's lines; one of them is NULL. */
struct xls_frames {
	struct buf bytes;      /* come in, not taken apart */
	struct book *book;
	struct lines *lines;
	struct arena *arena;   /* for messages */
	struct sheet_problem *problem;
	bool ended;            /* Z came */
};

/* Takes whole frames off the bytes.  False after Z, and with a problem. */
bool xls_take(struct xls_frames *frames);

#endif
