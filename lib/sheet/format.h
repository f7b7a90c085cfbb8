/* format: what a number format says about the numbers under it.  Room: sheet.
 *
 * A spreadsheet keeps a date as a number; only the cell's format tells that it is one.  Of a
 * format's sections the first is looked at, or where it has a condition and is none of a date
 * ([=0]"-";yyyy-mm-dd) the next; what stands in quotes, brackets or behind \ _ *
 * is shown as it is and says nothing, but for [h] [m] [s], which count on past a day.
 *
 *     yyyy"年"m"月"d"日"  date       [h]:mm        elapsed
 *     h:mm AM/PM         time       000000        number of six digits at least
 *     m/d/yy h:mm        moment     #,##0.00_);[Red]  number                              */
#ifndef CRM_SHEET_FORMAT_H
#define CRM_SHEET_FORMAT_H

#include "base/view.h"

enum format_kind { FORMAT_NUMBER, FORMAT_DATE, FORMAT_TIME, FORMAT_MOMENT, FORMAT_ELAPSED };

struct format {
	unsigned char kind;  /* enum format_kind */
	unsigned char zeros; /* a number is shown with so many digits at least: 00123; 0: as it is */
};

/* By its code. */
struct format format_of(struct view code);
/* By its number, where a workbook does not say the code: the formats that every program of
 * the trade knows, with those of Chinese ones (27 to 36, 50 to 58). */
struct format format_builtin(unsigned number);

#endif
