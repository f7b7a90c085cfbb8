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

enum { AS_OF_2021_06_01 = 18779 };

static const struct date_habits usual = { .as_of = AS_OF_2021_06_01 };
static const struct date_habits of_2021 = { .as_of = AS_OF_2021_06_01, .year = 2021 };
static const struct date_habits of_birth = { .as_of = AS_OF_2021_06_01, .birth = true };
static const struct date_habits since_1904 = { .as_of = AS_OF_2021_06_01, .serial_1904 = true };
static const struct date_habits day_first = { .order = DATE_DMY, .year = 2021 };
static const struct date_habits month_first = { .order = DATE_MDY, .year = 2021 };

enum { YY = DATE_ISSUE_YY, MONTH = DATE_ISSUE_MONTH_ONLY, DOUBT = DATE_ISSUE_AMBIGUOUS, YEAR = DATE_ISSUE_DEFAULT_YEAR };

static const struct {
	const char *text;
	const struct date_habits *habits;
	enum date_result result;
	const char *expected;
	unsigned issues;
} cells[] = {
	{ "2021-05-03", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021/5/3", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021.5.3", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021.05.03", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021.05.03.", &usual, DATE_OK, "2021-05-03", 0 },
	{ "20210503", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021年5月3日", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021年5月3号", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021年5月3", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021 年 5 月 3 日", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021- 5- 3", &usual, DATE_OK, "2021-05-03", 0 },
	{ "２０２１－０５－０３", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021。5。3", &usual, DATE_OK, "2021-05-03", 0 },
	{ "'2021-05-03", &usual, DATE_OK, "2021-05-03", 0 },
	{ "=\"2021-05-03\"", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021年5月3日 星期一", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021-05-03(周一)", &usual, DATE_OK, "2021-05-03", 0 },
	{ "2021年5月3日 星期二", &usual, DATE_BAD, NULL, 0 },
	{ "2021-5/3", &usual, DATE_BAD, NULL, 0 },
	{ "2021-02-30", &usual, DATE_BAD, NULL, 0 },
	{ "2023-02-29", &usual, DATE_BAD, NULL, 0 },
	{ "2024-02-29", &usual, DATE_OK, "2024-02-29", 0 },
	{ "2024-13-01", &usual, DATE_BAD, NULL, 0 },
	{ "9999-12-31", &usual, DATE_OK, "9999-12-31", 0 },
	{ "10000-01-01", &usual, DATE_BAD, NULL, 0 },
	{ "1969-12-31", &usual, DATE_OK, "1969-12-31", 0 },
	{ "2038-01-20", &usual, DATE_OK, "2038-01-20", 0 },
	{ "20210231", &usual, DATE_BAD, NULL, 0 },
	{ "2021-05-03~2021-05-05", &usual, DATE_BAD, NULL, 0 },
	{ "上周", &usual, DATE_BAD, NULL, 0 },
	{ "2021", &usual, DATE_BAD, NULL, 0 },
	{ "2021年", &usual, DATE_BAD, NULL, 0 },
	{ "13800138000", &usual, DATE_BAD, NULL, 0 },
	/* times */
	{ "2021-05-03 14:30", &usual, DATE_OK, "2021-05-03 14:30:00", 0 },
	{ "2021-05-03 14:30:00", &usual, DATE_OK, "2021-05-03 14:30:00", 0 },
	{ "2021-05-03 14:30:00.999", &usual, DATE_OK, "2021-05-03 14:30:00", 0 },
	{ "2021-5-3 4:05", &usual, DATE_OK, "2021-05-03 04:05:00", 0 },
	{ "2021/5/3 下午2:30", &usual, DATE_OK, "2021-05-03 14:30:00", 0 },
	{ "2021/5/3 上午12:30", &usual, DATE_OK, "2021-05-03 00:30:00", 0 },
	{ "2021/5/3 下午12:30", &usual, DATE_OK, "2021-05-03 12:30:00", 0 },
	{ "2021/5/3 下午14:30", &usual, DATE_OK, "2021-05-03 14:30:00", 0 },
	{ "2021/5/3 上午14:30", &usual, DATE_BAD, NULL, 0 },
	{ "2021/5/3 中午1:00", &usual, DATE_OK, "2021-05-03 13:00:00", 0 },
	{ "2021/5/3 2:30 PM", &usual, DATE_OK, "2021-05-03 14:30:00", 0 },
	{ "5/3/2021 12:05:09 AM", &month_first, DATE_OK, "2021-05-03 00:05:09", 0 },
	{ "2021年5月3日14时30分", &usual, DATE_OK, "2021-05-03 14:30:00", 0 },
	{ "2021年5月3日14点", &usual, DATE_OK, "2021-05-03 14:00:00", 0 },
	{ "2021年5月3日 下午2点30分15秒", &usual, DATE_OK, "2021-05-03 14:30:15", 0 },
	{ "20210503 14:30", &usual, DATE_OK, "2021-05-03 14:30:00", 0 },
	{ "202105031430", &usual, DATE_OK, "2021-05-03 14:30:00", 0 },
	{ "20210503143059", &usual, DATE_OK, "2021-05-03 14:30:59", 0 },
	{ "2021-05-03T14:30:00+08:00", &usual, DATE_OK, "2021-05-03 14:30:00", 0 },
	{ "2021-05-03T14:30:00Z", &usual, DATE_OK, "2021-05-03 22:30:00", 0 },
	{ "2021-05-03T16:30:00.000Z", &usual, DATE_OK, "2021-05-04 00:30:00", 0 },
	{ "2021-05-03 14:30:00 -0500", &usual, DATE_OK, "2021-05-04 03:30:00", 0 },
	{ "2021-05-03T14:30+09", &usual, DATE_OK, "2021-05-03 13:30:00", 0 },
	{ "2021-05-03 9:00-11:00", &usual, DATE_BAD, NULL, 0 },
	{ "9999-12-31T23:00:00Z", &usual, DATE_BAD, NULL, 0 },
	{ "2024-01-01T24:00:00", &usual, DATE_BAD, NULL, 0 },
	{ "2024-01-01 12:60", &usual, DATE_BAD, NULL, 0 },
	{ "2024-01-01 12:30:61", &usual, DATE_BAD, NULL, 0 },
	{ "14:30", &usual, DATE_BAD, NULL, 0 },
	{ "2021-05 14:30", &usual, DATE_BAD, NULL, 0 },
	/* two-digit years */
	{ "21.5.3", &usual, DATE_OK, "2021-05-03", YY },
	{ "21/5/3", &usual, DATE_OK, "2021-05-03", YY },
	{ "24-01-01", &usual, DATE_OK, "2024-01-01", YY },
	{ "210503", &usual, DATE_OK, "2021-05-03", YY },
	{ "69-1-1", &usual, DATE_OK, "2069-01-01", YY },
	{ "70-1-1", &usual, DATE_OK, "1970-01-01", YY },
	{ "65-1-1", &of_birth, DATE_OK, "1965-01-01", YY },
	{ "21-6-2", &of_birth, DATE_OK, "1921-06-02", YY },
	{ "21-6-1", &of_birth, DATE_OK, "2021-06-01", YY },
	{ "21年5月3日", &usual, DATE_OK, "2021-05-03", YY },
	{ "200105", &usual, DATE_AMBIGUOUS, NULL, 0 },
	{ "202105", &usual, DATE_OK, "2021-05-01", MONTH },
	{ "200615", &usual, DATE_OK, "2020-06-15", YY },
	{ "219999", &usual, DATE_BAD, NULL, 0 },
	/* no year, no day */
	{ "5月3日", &usual, DATE_NO_YEAR, NULL, 0 },
	{ "5月3日", &of_2021, DATE_OK, "2021-05-03", YEAR },
	{ "5.3", &of_2021, DATE_OK, "2021-05-03", YEAR },
	{ "5/3", &of_2021, DATE_OK, "2021-05-03", YEAR },
	{ "5/3", &day_first, DATE_OK, "2021-03-05", YEAR },
	{ "5/3", &usual, DATE_NO_YEAR, NULL, 0 },
	{ "2月29日", &usual, DATE_NO_YEAR, NULL, 0 },
	{ "2月29日", &of_2021, DATE_BAD, NULL, 0 },
	{ "13/32", &usual, DATE_BAD, NULL, 0 },
	{ "5月", &of_2021, DATE_OK, "2021-05-01", MONTH | YEAR },
	{ "2021年5月", &usual, DATE_OK, "2021-05-01", MONTH },
	{ "2021-05", &usual, DATE_OK, "2021-05-01", MONTH },
	{ "05/2021", &usual, DATE_OK, "2021-05-01", MONTH },
	{ "2021.1", &usual, DATE_OK, "2021-01-01", MONTH | DOUBT },
	{ "2021.01", &usual, DATE_OK, "2021-01-01", MONTH },
	{ "2021.10", &usual, DATE_OK, "2021-10-01", MONTH },
	{ "2021.13", &usual, DATE_BAD, NULL, 0 },
	/* Chinese numerals */
	{ "二〇二一年五月三日", &usual, DATE_OK, "2021-05-03", 0 },
	{ "二零二一年十二月三十一日", &usual, DATE_OK, "2021-12-31", 0 },
	{ "二○二一年十月廿三日", &usual, DATE_OK, "2021-10-23", 0 },
	{ "二〇二一年五月卅日", &usual, DATE_OK, "2021-05-30", 0 },
	{ "二0二一年五月三日", &usual, DATE_OK, "2021-05-03", 0 },
	{ "二OO八年一O月三日", &usual, DATE_OK, "2008-10-03", 0 },
	{ "2021年十一月", &usual, DATE_OK, "2021-11-01", MONTH },
	{ "二〇二一", &usual, DATE_BAD, NULL, 0 },
	/* English Excel */
	{ "3-May-21", &usual, DATE_OK, "2021-05-03", YY },
	{ "3-May-2021", &usual, DATE_OK, "2021-05-03", 0 },
	{ "May 3, 2021", &usual, DATE_OK, "2021-05-03", 0 },
	{ "Monday, May 3, 2021", &usual, DATE_OK, "2021-05-03", 0 },
	{ "3 May 2021", &usual, DATE_OK, "2021-05-03", 0 },
	{ "Sept 30, 2021", &usual, DATE_OK, "2021-09-30", 0 },
	{ "3-May", &usual, DATE_NO_YEAR, NULL, 0 },
	{ "3-May", &of_2021, DATE_OK, "2021-05-03", YEAR },
	{ "May-21", &usual, DATE_OK, "2021-05-01", YY | MONTH | DOUBT },
	{ "May 2021", &usual, DATE_OK, "2021-05-01", MONTH },
	{ "Mayo 3, 2021", &usual, DATE_BAD, NULL, 0 },
	/* serials and Unix time */
	{ "44319", &usual, DATE_OK, "2021-05-03", 0 },
	{ "44319.604", &usual, DATE_OK, "2021-05-03 14:29:46", 0 },
	{ "44319.0", &usual, DATE_OK, "2021-05-03", 0 },
	{ "44319.999999", &usual, DATE_OK, "2021-05-04 00:00:00", 0 },
	{ "42857", &since_1904, DATE_OK, "2021-05-03", 0 },
	{ "60", &usual, DATE_BAD, NULL, 0 },
	{ "19999", &usual, DATE_BAD, NULL, 0 },
	{ "19999", &of_birth, DATE_OK, "1954-10-02", 0 },
	{ "60001", &usual, DATE_BAD, NULL, 0 },
	{ "1620000000", &usual, DATE_OK, "2021-05-03 08:00:00", 0 },
	{ "1620000000999", &usual, DATE_OK, "2021-05-03 08:00:00", 0 },
	/* nothing */
	{ "", &usual, DATE_EMPTY, NULL, 0 },
	{ "-", &usual, DATE_EMPTY, NULL, 0 },
	{ "—", &usual, DATE_EMPTY, NULL, 0 },
	{ "/", &usual, DATE_EMPTY, NULL, 0 },
	{ "无", &usual, DATE_EMPTY, NULL, 0 },
	{ "暂无", &usual, DATE_EMPTY, NULL, 0 },
	{ "待定", &usual, DATE_EMPTY, NULL, 0 },
	{ "0000-00-00", &usual, DATE_EMPTY, NULL, 0 },
	{ "0000-00-00 00:00:00", &usual, DATE_EMPTY, NULL, 0 },
	{ "1900-01-00", &usual, DATE_EMPTY, NULL, 0 },
	{ "1900/1/0", &usual, DATE_EMPTY, NULL, 0 },
	{ "0", &usual, DATE_EMPTY, NULL, 0 },
	/* day first */
	{ "3/5/2021", &usual, DATE_AMBIGUOUS, NULL, 0 },
	{ "25/5/2021", &usual, DATE_AMBIGUOUS, NULL, 0 },
	{ "3/5/21", &usual, DATE_AMBIGUOUS, NULL, 0 },
	{ "3/5/2021", &day_first, DATE_OK, "2021-05-03", 0 },
	{ "3/5/2021", &month_first, DATE_OK, "2021-03-05", 0 },
	{ "25/5/2021", &month_first, DATE_BAD, NULL, 0 },
	{ "3/5/21", &day_first, DATE_OK, "2021-05-03", YY },
	{ "2021/5/3", &day_first, DATE_OK, "2021-05-03", 0 },
};

static void format_found(const struct date_found *found, struct buf *out)
{
	buf_reset(out);
	if (found->second < 0)
		date_format(found->day, out);
	else
		moment_format(moment_of(found->day, found->second), out);
}

static void test_cells(void)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		struct view copy = gen_copy(view_of(cells[i].text));
		struct date_found found;
		enum date_result result = date_parse(copy, cells[i].habits, &found);
		CHECK(result == cells[i].result, "\"%s\" is %s", cells[i].text, date_result_name(result));
		if (result == DATE_OK) {
			format_found(&found, &out);
			CHECK_TEXT(buf_view(&out), view_of(cells[i].expected ? cells[i].expected : ""), "\"%s\"", cells[i].text);
			CHECK(found.issues == cells[i].issues, "issues of \"%s\": %u", cells[i].text, found.issues);
		}
		gen_free(copy);
	}
	CHECK(strcmp(date_issue_name(DATE_ISSUE_YY), "yy") == 0 &&
	      strcmp(date_issue_name(DATE_ISSUE_DEFAULT_YEAR), "default_year") == 0, "names of issues");
	buf_release(&out);
}

static const struct {
	const char *text;
	bool since_1904;
	const char *expected;
} serials[] = {
	{ "1", false, "1900-01-01" },         { "59", false, "1900-02-28" },    { "60", false, NULL },
	{ "61", false, "1900-03-01" },        { "44319", false, "2021-05-03" }, { "42857", true, "2021-05-03" },
	{ "0", true, "1904-01-01" },          { "-1", false, NULL },            { "1.5x", false, NULL },
	{ "", false, NULL },                  { "2958465", false, "9999-12-31" }, { "2958466", false, NULL },
	{ "2958465.99999999", false, NULL },  { "44319.60416666666", false, "2021-05-03 14:30:00" },
	{ "99999999999999999999", false, NULL },
};

static void test_serials(void)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof serials / sizeof *serials; i++) {
		struct view copy = gen_copy(view_of(serials[i].text));
		struct date_found found;
		bool read = date_parse_serial(copy, serials[i].since_1904, &found);
		CHECK(read == (serials[i].expected != NULL), "serial %s", serials[i].text);
		if (read) {
			format_found(&found, &out);
			CHECK_TEXT(buf_view(&out), view_of(serials[i].expected ? serials[i].expected : ""), "serial %s", serials[i].text);
		}
		gen_free(copy);
	}
	buf_release(&out);
}

static void test_rules(void)
{
	static const struct { const char *text, *expected; } table[] = {
		{ "2025-01-01", "2025-01-01" }, { "2025/1/1", "2025-01-01" },  { "2025/12/31", "2025-12-31" },
		{ "2025.1.1", "2025-01-01" },   { "2025年1月1日", "2025-01-01" }, { "2025/2/30", NULL },
		{ "1/2/2025", NULL },           { "25/1/1", NULL },            { "2025/1", NULL },
		{ "45658", NULL },              { "20250101", NULL },          { "2025/1/1 00:00", NULL },
		{ "", NULL },                   { "1月1日", NULL },
	};
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct view copy = gen_copy(view_of(table[i].text));
		int32_t day;
		bool read = date_parse_rule(copy, &day);
		CHECK(read == (table[i].expected != NULL), "rule %s", table[i].text);
		buf_reset(&out);
		if (read)
			date_format(day, &out);
		CHECK_TEXT(buf_view(&out), view_of(table[i].expected ? table[i].expected : ""), "rule %s", table[i].text);
		gen_free(copy);
	}
	buf_release(&out);
}

/* What is read is written, and read again as the same. */
static void test_made_up(void)
{
	static const char *const pieces[] = { "2021", "21", "5", "03", "12", "44319", ".", "-", "/", "年", "月", "日", " ", ":", "30", "T", "Z", "+", "下午", "PM", "May", "二", "〇", "十", "廿", "周一", ",", "6", "20210503", "(" };
	uint64_t seed = 17;
	struct buf out = { 0 };
	unsigned read = 0;
	for (int i = 0; i < 40000; i++) {
		struct view text = gen_text(&seed, pieces, sizeof pieces / sizeof *pieces, 9);
		struct date_found found, again;
		if (date_parse(text, &of_2021, &found) == DATE_OK) {
			read++;
			CHECK(found.day >= DATE_MIN && found.day <= DATE_MAX && found.second >= -1 && found.second < DAY_SECONDS, "in range");
			format_found(&found, &out);
			CHECK(date_parse(buf_view(&out), &usual, &again) == DATE_OK && again.day == found.day &&
			      again.second == found.second && !again.issues, "reads back");
		}
		gen_free(text);
	}
	CHECK(read > 100, "some are dates: %u", read);
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
	test_cells();
	test_serials();
	test_rules();
	test_made_up();
	test_properties();
	return test_end();
}
