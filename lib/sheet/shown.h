/* shown: what a cell holds, as text.  Room: sheet.
 *
 *     in the file                in a format of   text
 *     0.30000000000000004        numbers          0.3
 *     1.38E+10                   numbers          13800000000
 *     110105194912310021         numbers          110105194912310000   (shown.cut)
 *     123                        000000           000123
 *     44319                      dates            2021-05-03
 *     44319.604                  dates, moments   2021-05-03 14:29:46
 *     0.604                      times            14:29:46
 *     1.5                        elapsed time     36:00:00
 *
 * Numbers have 15 significant digits at most, as spreadsheets show them: what stands behind
 * in the file is the noise of binary fractions.  They are rounded as decimals; nothing is
 * ever reckoned with doubles.  Whole numbers stand without exponent up to 21 digits; those up
 * to 2^53 keep all their digits.  A percentage is the number that it is (0.015).
 * A date whose format hides its time of day shows it nevertheless, and a time of day that
 * carries a date shows the date: nothing is lost.  Seconds are rounded.  Day 60 of 1900, which
 * there never was, is 1900-02-29, and day 0 is 1900-01-00, as spreadsheets show them.
 * What is beyond 9999-12-31 or negative, under a format of dates, is the number. */
#ifndef CRM_SHEET_SHOWN_H
#define CRM_SHEET_SHOWN_H

#include "base/buf.h"
#include "sheet/format.h"

struct shown {
	char text[64];
	size_t len;
	bool cut;       /* a whole number of 16 or more digits: a spreadsheet keeps 15 */
};

/* A number as it stands in a file ([-+]digits[.digits][E[-+]digits]).  False where it is none. */
bool shown_number(struct view number, struct format format, bool from_1904, struct shown *shown);
/* Bits of a double, as binary workbooks have them; a hundredth of it where they say so. */
bool shown_double(uint64_t bits, bool hundredth, struct format format, bool from_1904, struct shown *shown);

/* 2021-05-03T14:30:00.000: date and time, or what of the two it says: a midnight is a date
 * unless the format has a time; 1899-12-30 and -31 are times of day.  False where it is no such
 * text. */
bool shown_moment(struct view text, struct format format, struct shown *shown);

/* #N/A and the like by the number that binary workbooks have; NULL where there is none. */
const char *shown_error(unsigned number);

/* Texts of xlsx write characters as _xHHHH_ that XML cannot hold: they are put in place. */
bool shown_has_escapes(struct view text);
void shown_unescape(struct view text, struct buf *out);

static inline struct view shown_view(const struct shown *shown)
{
	return (struct view){ shown->text, shown->len };
}

#endif
