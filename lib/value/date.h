/* date: days and moments.  Room: value.
 *
 * A day is an int32 count of days since 1970-01-01 in the proleptic Gregorian calendar,
 * for the years 0001..9999 (DATE_MIN..DATE_MAX); a moment an int64 count of seconds since
 * 1970-01-01 00:00:00.  Both are the wall clock of +08:00, without daylight saving: no
 * time zone is looked at and no clock is read.  A day that is no day (02-30, 24:00, a
 * 60th second) is refused, never carried over into the next.
 *
 * A date alone is the first second of its day; "to the end of that day" is the caller's
 * (moment_of(day + 1, 0) - 1). */
#ifndef CRM_VALUE_DATE_H
#define CRM_VALUE_DATE_H

#include "base/buf.h"
#include "base/view.h"

enum {
	DATE_MIN = -719162, /* 0001-01-01 */
	DATE_MAX = 2932896, /* 9999-12-31 */
	DAY_SECONDS = 86400,
};

/* ---- calendar ---- */

struct civil {
	int year, month, day; /* month and day from 1 */
};

static inline bool date_is_leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

/* Days of a month 1..12. */
int date_month_days(int year, int month);
/* False where there is no such day, or the year is not 1..9999. */
bool date_of(int year, int month, int day, int32_t *result);
struct civil date_civil(int32_t day);

/* 1 is Monday, 7 is Sunday. */
int date_weekday(int32_t day);

struct iso_week {
	int year, week; /* the year of the week's Thursday; weeks from 1 */
};
struct iso_week date_iso_week(int32_t day);

/* Months since 0000-01: a number that counts up by one a month. */
int date_month(int32_t day);
int date_quarter(int32_t day); /* 1..4 */
/* The first day of the period that holds the day. */
int32_t date_week_start(int32_t day);
int32_t date_month_start(int32_t day);
int32_t date_quarter_start(int32_t day);
int32_t date_year_start(int32_t day);
/* The same day some months later (earlier where negative), or that month's last day
 * where it has no such day: 01-31 plus one is 02-28.  False outside DATE_MIN..DATE_MAX. */
bool date_add_months(int32_t day, int months, int32_t *result);

/* ---- moments ---- */

static inline int64_t moment_of(int32_t day, int32_t second)
{
	return (int64_t)day * DAY_SECONDS + second;
}

static inline int32_t moment_day(int64_t moment)
{
	return (int32_t)((moment - (moment < 0 ? DAY_SECONDS - 1 : 0)) / DAY_SECONDS);
}

/* Second of the day, 0..86399. */
static inline int32_t moment_second(int64_t moment)
{
	return (int32_t)(moment - (int64_t)moment_day(moment) * DAY_SECONDS);
}

/* ---- the form this toolkit writes ---- */

/* Exactly YYYY-MM-DD. */
bool date_parse_plain(struct view text, int32_t *day);

enum moment_form {
	MOMENT_NONE,   /* no moment */
	MOMENT_DATE,   /* YYYY-MM-DD: its first second */
	MOMENT_MINUTE, /* YYYY-MM-DD HH:MM */
	MOMENT_SECOND, /* YYYY-MM-DD HH:MM:SS */
};
/* Either a blank or a T before the time.  Says which form it was. */
enum moment_form moment_parse_plain(struct view text, int64_t *moment);

/* YYYY-MM-DD; what is outside DATE_MIN..DATE_MAX is a caller's error. */
void date_format(int32_t day, struct buf *out);
/* YYYY-MM-DD HH:MM:SS. */
void moment_format(int64_t moment, struct buf *out);
/* YYYY-MM, YYYY-Qn, YYYY-Www (ISO): labels of periods. */
void date_format_month(int32_t day, struct buf *out);
void date_format_quarter(int32_t day, struct buf *out);
void date_format_week(int32_t day, struct buf *out);

/* ---- what ledgers hold ---- */

enum date_order {
	DATE_YMD, /* Chinese ledgers: 3/5/2021 is refused as ambiguous */
	DATE_DMY,
	DATE_MDY,
};

/* What is known about the column. */
struct date_habits {
	int32_t as_of;         /* today, for births */
	int year;              /* of dates written without one (5月3日); 0: refuse them */
	bool birth;            /* birth dates: a two-digit year after as_of is of 19.. */
	bool serial_1904;      /* Excel serials count from 1904 */
	enum date_order order; /* of all-number dates that do not begin with the year */
};

enum date_result {
	DATE_OK,
	DATE_EMPTY,     /* blank, a word for "nothing", 0000-00-00, 1900/1/0 */
	DATE_BAD,
	DATE_AMBIGUOUS, /* 3/5/2021, 200105 */
	DATE_NO_YEAR,   /* 5月3日, and no habits->year */
};
/* Stable words: ok, empty, bad_date, ambiguous_date, no_year. */
const char *date_result_name(enum date_result result);

/* Doubts about a date that was read, as bits. */
enum date_issue {
	DATE_ISSUE_YY = 1,           /* the year had two digits: 00-69 are 20.., 70-99 19.. */
	DATE_ISSUE_MONTH_ONLY = 2,   /* no day: the month's first stands for it */
	DATE_ISSUE_AMBIGUOUS = 4,    /* 2021.1: Excel writes October (2021.10) like this too */
	DATE_ISSUE_DEFAULT_YEAR = 8, /* the year is habits->year */
};
/* The word of one bit: yy, month_only, ambiguous_date, default_year. */
const char *date_issue_name(enum date_issue issue);

struct date_found {
	int32_t day;
	int32_t second;  /* of the day, -1 where there is no time */
	unsigned issues; /* enum date_issue */
};

/* Reads a date, or a date and time, as people, Excel and databases write it:
 *     2021-05-03  2021/5/3  2021.5.3  20210503  2021年5月3日  二〇二一年五月三日  21.5.3
 *     5月3日  2021年5月  2021.1  3-May-21  May 3, 2021  44319.604  1620000000
 *     2021-05-03 14:30:00.000  2021/5/3 下午2:30  2021-05-03T14:30:00Z  20210503143000
 * Serials of Excel are read from 20000 to 60000 (10000 for births), Unix seconds with ten
 * digits, milliseconds with thirteen.  A written offset is converted to +08:00; a part of
 * a second is cut; a weekday must be the right one.  *found is set with DATE_OK only. */
enum date_result date_parse(struct view cell, const struct date_habits *habits, struct date_found *found);

/* A day in a rule table: YYYY-MM-DD, or as a spreadsheet writes it anew when it saves the
 * table (2025/1/1, 2025年1月1日).  Year, month and day must stand there, the year with four
 * digits; what could be another day (1/2/2025), a serial and a time are refused. */
bool date_parse_rule(struct view text, int32_t *day);

/* A serial of Excel (44319.604), any that there is: below 60 days count from 1899-12-31,
 * 60 is refused (Excel's 1900-02-29), above from 1899-12-30; 1904 adds 1462.  For whoever
 * reads workbooks.  False where it is none, or beyond DATE_MAX. */
bool date_parse_serial(struct view text, bool serial_1904, struct date_found *found);

#endif
