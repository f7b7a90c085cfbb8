/* utf8: a file of text in any encoding of the trade, as UTF-8.  Room: sheet.
 *
 * For html and xml.  The encoding is found out from the first 64 KiB (charset.h); where that
 * leaves a doubt, what the file says about itself decides (charset=..., encoding="...").  Bytes
 * that cannot be decoded are passed on, and never make valid UTF-8: html.c notes the cell
 * (SHEET_DOUBT_BYTES), the XML parser refuses the file. */
#ifndef CRM_SHEET_UTF8_H
#define CRM_SHEET_UTF8_H

#include "sheet/problem.h"

struct utf8;

/* The descriptor stays the caller's.  NULL with *problem. */
struct utf8 *utf8_open(int fd, struct sheet_problem *problem);
/* At least one byte; 0 at the end or with a problem. */
size_t utf8_read(void *utf8, char *to, size_t room);
void utf8_close(void *utf8);

#endif
