/* date: see date.h.  The reader of free text is date_read.c. */
#include "value/date.h"

/* ---- calendar ---- */

int date_month_days(int year, int month)
{
	static const char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	return days[month - 1] + (month == 2 && date_is_leap(year));
}

/* Both ways count in years that begin with March, so that the leap day is the last
 * (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms").  Years from 1 on keep
 * every number positive. */
bool date_of(int year, int month, int day, int32_t *result)
{
	if (year < 1 || year > 9999 || month < 1 || month > 12 || day < 1 || day > date_month_days(year, month))
		return false;
	int y = year - (month <= 2), era = y / 400, year_of_era = y % 400;
	int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	*result = era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
	return true;
}

struct civil date_civil(int32_t day)
{
	int days = day + 719468, era = days / 146097, day_of_era = days % 146097;
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month = (5 * day_of_year + 2) / 153;
	struct civil civil = { .day = day_of_year - (153 * month + 2) / 5 + 1 };
	civil.month = month < 10 ? month + 3 : month - 9;
	civil.year = year_of_era + era * 400 + (civil.month <= 2);
	return civil;
}

int date_weekday(int32_t day)
{
	/* 0001-01-01 was a Monday. */
	return (day - DATE_MIN) % 7 + 1;
}

struct iso_week date_iso_week(int32_t day)
{
	/* Stays within the range: 0001-01-01 is a Monday, 9999-12-31 a Friday. */
	int32_t thursday = day + 4 - date_weekday(day);
	return (struct iso_week){ date_civil(thursday).year, (thursday - date_year_start(thursday)) / 7 + 1 };
}

int date_month(int32_t day)
{
	struct civil civil = date_civil(day);
	return civil.year * 12 + civil.month - 1;
}

int date_quarter(int32_t day)
{
	return (date_civil(day).month - 1) / 3 + 1;
}

int32_t date_week_start(int32_t day)
{
	return day + 1 - date_weekday(day);
}

int32_t date_month_start(int32_t day)
{
	return day + 1 - date_civil(day).day;
}

int32_t date_quarter_start(int32_t day)
{
	struct civil civil = date_civil(day);
	for (int month = civil.month - 1; month > 0 && month % 3; month--)
		day -= date_month_days(civil.year, month);
	return day + 1 - civil.day;
}

int32_t date_year_start(int32_t day)
{
	struct civil civil = date_civil(day);
	for (int month = civil.month - 1; month > 0; month--)
		day -= date_month_days(civil.year, month);
	return day + 1 - civil.day;
}

bool date_add_months(int32_t day, int months, int32_t *result)
{
	struct civil civil = date_civil(day);
	int total, last;
	if (__builtin_add_overflow(civil.year * 12 + civil.month - 1, months, &total) || total < 12 ||
	    total >= 120000)
		return false;
	civil.year = total / 12;
	civil.month = total % 12 + 1;
	last = date_month_days(civil.year, civil.month);
	return date_of(civil.year, civil.month, civil.day < last ? civil.day : last, result);
}

/* ---- the form this toolkit writes ---- */

/* Two digits; 100 or more where one is none. */
static int pair(const char *at)
{
	unsigned tens = (unsigned char)at[0] - (unsigned)'0', ones = (unsigned char)at[1] - (unsigned)'0';
	return tens > 9 || ones > 9 ? 10000 : (int)(tens * 10 + ones);
}

bool date_parse_plain(struct view text, int32_t *day)
{
	const char *at = text.ptr;
	return text.len == 10 && at[4] == '-' && at[7] == '-' &&
	       date_of(pair(at) * 100 + pair(at + 2), pair(at + 5), pair(at + 8), day);
}

enum moment_form moment_parse_plain(struct view text, int64_t *moment)
{
	int32_t day, hour = 0, minute = 0, second = 0;
	if (!date_parse_plain(view_first(text, 10), &day) ||
	    (text.len != 10 && text.len != 16 && text.len != 19))
		return MOMENT_NONE;
	if (text.len > 10) {
		const char *at = text.ptr + 10;
		if ((at[0] != ' ' && at[0] != 'T') || at[3] != ':' || (text.len == 19 && at[6] != ':'))
			return MOMENT_NONE;
		hour = pair(at + 1);
		minute = pair(at + 4);
		second = text.len == 19 ? pair(at + 7) : 0;
	}
	if (hour > 23 || minute > 59 || second > 59)
		return MOMENT_NONE;
	*moment = moment_of(day, hour * 3600 + minute * 60 + second);
	return text.len == 10 ? MOMENT_DATE : text.len == 16 ? MOMENT_MINUTE : MOMENT_SECOND;
}

static char *put(char *at, int value, int count)
{
	for (int i = count; i--; value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + count;
}

void date_format(int32_t day, struct buf *out)
{
	struct civil civil = date_civil(day);
	char *at = buf_reserve(out, 10);
	at = put(at, civil.year, 4);
	*at++ = '-';
	at = put(at, civil.month, 2);
	*at++ = '-';
	put(at, civil.day, 2);
	out->len += 10;
}

void moment_format(int64_t moment, struct buf *out)
{
	int32_t second = moment_second(moment);
	char *at;
	date_format(moment_day(moment), out);
	at = buf_reserve(out, 9);
	*at++ = ' ';
	at = put(at, second / 3600, 2);
	*at++ = ':';
	at = put(at, second / 60 % 60, 2);
	*at++ = ':';
	put(at, second % 60, 2);
	out->len += 9;
}

void date_format_month(int32_t day, struct buf *out)
{
	date_format(day, out);
	out->len -= 3;
}

void date_format_quarter(int32_t day, struct buf *out)
{
	date_format(day, out);
	out->len -= 5;
	buf_printf(out, "Q%d", date_quarter(day));
}

void date_format_week(int32_t day, struct buf *out)
{
	struct iso_week week = date_iso_week(day);
	buf_printf(out, "%04d-W%02d", week.year, week.week);
}
