/* number: fixed-point numbers, rates and areas.  Room: value.
 *
 * A number is a 128-bit count of millionths ("micro"): 1.5 is 1500000.  Nothing here is
 * ever a double.  Every result lies within -NUMBER_MAX..NUMBER_MAX (10^30 with its six
 * decimals); a function whose result would not, returns false and leaves *result alone.
 * There is one rounding rule: to the nearest, halves away from zero, so that what is done
 * to -x is the mirror of what is done to x.
 *
 *     text        as a number     as a rate (accepts below)
 *     -12.50      -12500000
 *     1.5%        refused         15000
 *     9.8折       refused         980000
 *
 * Rates are the same millionths in an int64, areas an int64 of 0.01 square metre.
 * Pure functions; text that does not read gives false or a result code, nothing else. */
#ifndef CRM_VALUE_NUMBER_H
#define CRM_VALUE_NUMBER_H

#include "base/buf.h"
#include "base/view.h"

#define NUMBER_ONE 1000000
/* 10^36 millionths. */
#define NUMBER_MAX ((__int128)1000000000000000000 * 1000000000000000000)

/* ---- text ---- */

enum number_result {
	NUMBER_OK,
	NUMBER_EMPTY,        /* blank, or a word for "nothing" (text_is_null) */
	NUMBER_BAD,
	NUMBER_TOO_PRECISE,  /* more decimals than the kind keeps: the value is there, rounded */
	NUMBER_OUT_OF_RANGE,
};

/* Stable words for rejects and issues: ok, empty, bad_number, too_precise, out_of_range. */
const char *number_result_name(enum number_result result);

/* What number_parse takes beside [-+]digits[.digits]. */
enum number_accept {
	NUMBER_PERCENT = 1,   /* a % or ‰ behind it, half or full width */
	NUMBER_UNITS = 2,     /* 万 or 亿 behind it */
	NUMBER_THOUSANDS = 4, /* commas, each followed by three digits */
};

/* Digits, and a point with one to six decimals: the fast way, in 64 bits, for up to twelve
 * digits before the point.  What does not read so may still be a number. */
bool number_parse_plain(struct view text, int64_t *micro);
/* At least one digit before a point and one behind it.  More than six decimals are
 * refused, unless the rest are zeros or a unit (万) makes the value come out exact. */
bool number_parse(struct view text, unsigned accept, __int128 *micro);
/* The digits that *text begins with, taken off it; with `commas` each comma stands before
 * three digits.  Where it returns NUMBER_BAD (the commas stand otherwise) or
 * NUMBER_OUT_OF_RANGE (above `most`, which is at most NUMBER_MAX), *text is of no use. */
enum number_result number_take_digits(struct view *text, bool commas, __int128 most, __int128 *value, unsigned *count);
/* Shortest text: no trailing zeros, no point without decimals, no minus before 0. */
void number_format(__int128 micro, struct buf *out);

/* ---- arithmetic: false where the result is out of range ---- */

bool number_add(__int128 a, __int128 b, __int128 *sum);
bool number_sub(__int128 a, __int128 b, __int128 *difference);
bool number_mul(__int128 a, __int128 b, __int128 *product);
/* False also where b is 0; who must tell the two apart looks at b first. */
bool number_div(__int128 a, __int128 b, __int128 *quotient);

static inline int number_compare(__int128 a, __int128 b)
{
	return (a > b) - (a < b);
}

/* a / b rounded to the nearest, halves away from zero.  b > 0, |a| < 2^126. */
static inline __int128 number_round(__int128 a, __int128 b)
{
	__int128 quotient = a / b, rest = a % b;
	if (rest < 0)
		return -rest >= b + rest ? quotient - 1 : quotient;
	return rest >= b - rest ? quotient + 1 : quotient;
}

/* ---- cells of ledgers ---- */

/* A rate in millionths: 0.015, 1.5%, 15‰, 1.5个点, 百分之1.5; 98折 and 9.8折 are 0.98
 * (below 10 a tenth, above 10 a hundredth; 10折 is refused: nobody means it).  A bare
 * number is what it says: 1.5 is 150 %. */
enum number_result rate_parse(struct view cell, int64_t *micro);
void rate_format(int64_t micro, struct buf *out);

/* An area in hundredths of a square metre.  Units: ㎡ m² m2 平米 平方米 平方 平 (also none),
 * 亩 (2000/3 m²), 坪 (3.3058 m²), 公顷, and a leading 约. */
enum number_result area_parse(struct view cell, int64_t *hundredths);
/* The decimals that are needed, at most two: 89.5. */
void area_format(int64_t hundredths, struct buf *out);

#endif
