/* Tests of value/date. */
#include "value/date.h"

#include "gen.h"
#include "test.h"

static const struct {
	const char *text;
	enum moment_form form;
	const char *expected; /* as moment_format writes it */
	const char *why;
} moments[] = {
	{ "2021-05-03", MOMENT_DATE, "2021-05-03 00:00:00", "a date is its first second" },
	{ "2021-05-03 14:30", MOMENT_MINUTE, "2021-05-03 14:30:00", "minutes" },
	{ "2021-05-03 14:30:59", MOMENT_SECOND, "2021-05-03 14:30:59", "seconds" },
	{ "2021-05-03T14:30:59", MOMENT_SECOND, "2021-05-03 14:30:59", "a T" },
	{ "0001-01-01", MOMENT_DATE, "0001-01-01 00:00:00", "the first day" },
	{ "9999-12-31 23:59:59", MOMENT_SECOND, "9999-12-31 23:59:59", "the last second" },
	{ "1969-12-31 23:59:59", MOMENT_SECOND, "1969-12-31 23:59:59", "before the epoch" },
	{ "2024-02-29", MOMENT_DATE, "2024-02-29 00:00:00", "a leap day" },
	{ "2023-02-29", MOMENT_NONE, NULL, "no leap day" },
	{ "1900-02-29", MOMENT_NONE, NULL, "a century without" },
	{ "2000-02-29", MOMENT_DATE, "2000-02-29 00:00:00", "one with" },
	{ "2024-13-01", MOMENT_NONE, NULL, "a 13th month" },
	{ "2024-04-31", MOMENT_NONE, NULL, "a 31st of April" },
	{ "0000-00-00", MOMENT_NONE, NULL, "nothing" },
	{ "0000-01-01", MOMENT_NONE, NULL, "no year 0" },
	{ "10000-01-01", MOMENT_NONE, NULL, "five digits" },
	{ "2024-01-01T24:00:00", MOMENT_NONE, NULL, "24:00" },
	{ "2024-01-01 23:60", MOMENT_NONE, NULL, "minute 60" },
	{ "2024-01-01 23:59:60", MOMENT_NONE, NULL, "second 60" },
	{ "2024-1-1", MOMENT_NONE, NULL, "short" },
	{ "2024/01/01", MOMENT_NONE, NULL, "slashes" },
	{ "2024-01-01 ", MOMENT_NONE, NULL, "a blank behind" },
	{ "2024-01-01 12:3", MOMENT_NONE, NULL, "one digit" },
	{ "2024-01-01 12:30:", MOMENT_NONE, NULL, "cut" },
	{ "2024-01-0a", MOMENT_NONE, NULL, "a letter" },
	{ "", MOMENT_NONE, NULL, "empty" },
	{ "2024-01", MOMENT_NONE, NULL, "a month" },
};

static void test_moments(void)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		struct view copy = gen_copy(view_of(moments[i].text));
		int64_t moment = 0;
		int32_t day;
		enum moment_form form = moment_parse_plain(copy, &moment);
		CHECK(form == moments[i].form, "\"%s\": %s", moments[i].text, moments[i].why);
		CHECK(date_parse_plain(copy, &day) == (moments[i].form == MOMENT_DATE), "\"%s\" as a date", moments[i].text);
		gen_free(copy);
		if (!form)
			continue;
		buf_reset(&out);
		moment_format(moment, &out);
		CHECK_TEXT(buf_view(&out), view_of(moments[i].expected), "%s", moments[i].why);
	}
	buf_release(&out);
}

/* Every day of 9999 years against a counter that only knows how long a month is. */
static void test_calendar(void)
{
	int32_t expected = DATE_MIN, day = 0;
	int wrong = 0, weekday = 1;
	for (int year = 1; year <= 9999; year++)
		for (int month = 1; month <= 12; month++)
			for (int d = 1; d <= date_month_days(year, month); d++, expected++, weekday = weekday % 7 + 1) {
				struct civil civil = date_civil(expected);
				wrong += !date_of(year, month, d, &day) || day != expected || civil.year != year ||
				         civil.month != month || civil.day != d || date_weekday(expected) != weekday;
			}
	CHECK(wrong == 0, "%d days are wrong", wrong);
	CHECK(expected == DATE_MAX + 1, "the range");
	CHECK(date_of(1970, 1, 1, &day) && day == 0 && date_weekday(0) == 4, "the epoch was a Thursday");
}

static const struct {
	int year, month, day;
	int iso_year, iso_week;
} weeks[] = {
	{ 2021, 1, 3, 2020, 53 },  { 2021, 1, 4, 2021, 1 },     { 2018, 12, 31, 2019, 1 }, { 2024, 12, 29, 2024, 52 },
	{ 2024, 12, 30, 2025, 1 }, { 9999, 12, 31, 9999, 52 }, { 1, 1, 1, 1, 1 },
};

static const struct {
	int year, month, day, add;
	const char *expected; /* NULL: out of range */
} additions[] = {
	{ 2021, 1, 31, 1, "2021-02-28" }, { 2024, 1, 31, 1, "2024-02-29" },  { 2024, 2, 29, 12, "2025-02-28" },
	{ 2021, 3, 31, -1, "2021-02-28" }, { 2021, 5, 3, -5, "2020-12-03" }, { 2021, 5, 3, 0, "2021-05-03" },
	{ 9999, 12, 1, 1, NULL },          { 1, 1, 1, -1, NULL },            { 2021, 1, 1, INT32_MAX, NULL },
	{ 2021, 1, 1, INT32_MIN, NULL },   { 9999, 11, 30, 1, "9999-12-30" },
};

static void test_periods(void)
{
	struct buf out = { 0 };
	int32_t day = 0, result = 0;
	for (size_t i = 0; i < sizeof weeks / sizeof *weeks; i++) {
		date_of(weeks[i].year, weeks[i].month, weeks[i].day, &day);
		struct iso_week week = date_iso_week(day);
		CHECK(week.year == weeks[i].iso_year && week.week == weeks[i].iso_week, "week of %d-%d-%d", weeks[i].year,
		      weeks[i].month, weeks[i].day);
	}
	for (size_t i = 0; i < sizeof additions / sizeof *additions; i++) {
		date_of(additions[i].year, additions[i].month, additions[i].day, &day);
		bool fits = date_add_months(day, additions[i].add, &result);
		CHECK(fits == (additions[i].expected != NULL), "addition %zu", i);
		buf_reset(&out);
		if (fits)
			date_format(result, &out);
		CHECK_TEXT(buf_view(&out), view_of(additions[i].expected ? additions[i].expected : ""), "addition %zu", i);
	}
	buf_reset(&out);
	date_of(2021, 5, 5, &day);
	date_format_month(day, &out);
	buf_byte(&out, ' ');
	date_format_quarter(day, &out);
	buf_byte(&out, ' ');
	date_format_week(day, &out);
	int32_t starts[] = { date_week_start(day), date_month_start(day), date_quarter_start(day), date_year_start(day) };
	for (size_t i = 0; i < 4; i++) {
		buf_byte(&out, ' ');
		date_format(starts[i], &out);
	}
	CHECK_TEXT(buf_view(&out), VIEW("2021-05 2021-Q2 2021-W18 2021-05-03 2021-05-01 2021-04-01 2021-01-01"), "periods");
	buf_release(&out);
}

static void test_properties(void)
{
	uint64_t seed = 3;
	struct buf out = { 0 };
	for (int i = 0; i < 20000; i++) {
		int32_t day = DATE_MIN + (int32_t)gen_below(&seed, DATE_MAX - DATE_MIN + 1), back = 0;
		int64_t moment = moment_of(day, (int32_t)gen_below(&seed, DAY_SECONDS)), moment_back = 0;
		buf_reset(&out);
		date_format(day, &out);
		CHECK(date_parse_plain(buf_view(&out), &back) && back == day, "parse(format(d)) = d");
		buf_reset(&out);
		moment_format(moment, &out);
		CHECK(moment_parse_plain(buf_view(&out), &moment_back) == MOMENT_SECOND && moment_back == moment,
		      "parse(format(m)) = m");
		CHECK(moment_day(moment) == day, "the day of a moment");
		CHECK(date_quarter_start(day) <= date_month_start(day) && date_year_start(day) <= date_quarter_start(day) &&
		      date_quarter(date_quarter_start(day)) == date_quarter(day), "periods nest");
	}
	buf_release(&out);
}

int main(void)
{
	test_moments();
	test_calendar();
	test_periods();
	test_properties();
	return test_end();
}
