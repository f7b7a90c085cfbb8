/* biff: the records of an xls workbook, and its sheets as lines.  Room: sheet.
 *
 * BIFF2 to BIFF5 and BIFF8, after [MS-XLS] and OpenOffice's description of the older ones.
 * A library (freexl) was tried first: it leaves out every cell that has a formula, reads errors
 * as 1 and knows neither merged cells nor hidden sheets.
 *
 * The whole stream is in memory; nothing in it is trusted: this runs in a child process
 * (xls.c).  Text before BIFF8 has one byte or two to a character, in the code page that the
 * workbook names; many name 1252 and hold GBK, so what they do hold is looked at. */
#ifndef CRM_SHEET_BIFF_H
#define CRM_SHEET_BIFF_H

#include "sheet/lines.h"

struct biff;

/* Loads what reading text in old code pages needs from the system, so that nothing must be
 * opened afterwards. */
void biff_prepare(void);

/* `stream` is kept.  NULL with *problem; all memory is given back by biff_close(). */
struct biff *biff_open(struct view stream, struct sheet_problem *problem);
void biff_close(struct biff *biff);
bool biff_from_1904(const struct biff *biff);
size_t biff_sheets(const struct biff *biff);
struct view biff_sheet(const struct biff *biff, size_t number, bool *hidden);

/* Writes the sheet's lines and merged ranges; `enough` is called when some have gathered. */
bool biff_rows(struct biff *biff, size_t number, struct lines *lines, void (*enough)(void *arg), void *arg);

#endif
