/* What cells become as text: number formats, numbers, dates, escapes. */
#include "sheet/shown.h"
#include "test.h"

static const char *const kinds[] = { "number", "date", "time", "moment", "elapsed" };

static const struct {
	const char *code;
	enum format_kind kind;
	unsigned zeros;
	const char *why;
} formats[] = {
	{ "General", FORMAT_NUMBER, 0, "the word holds e and a" },
	{ "G/\u901a\u7528\u683c\u5f0f", FORMAT_NUMBER, 0, "General in Chinese" },
	{ "0.00", FORMAT_NUMBER, 0, "decimals" },
	{ "#,##0.00_);[Red]\\(#,##0.00\\)", FORMAT_NUMBER, 0, "Red has a d, in the second section" },
	{ "[Red]#,##0", FORMAT_NUMBER, 0, "Red has a d, in brackets" },
	{ "[Magenta][>=100]0", FORMAT_NUMBER, 0, "a colour with m that counts no minutes" },
	{ "0.00E+00", FORMAT_NUMBER, 0, "E is an exponent" },
	{ "0%", FORMAT_NUMBER, 0, "a percentage" },
	{ "\"\u5143/\"0.00\"days\"", FORMAT_NUMBER, 0, "words in quotes" },
	{ "0\\d", FORMAT_NUMBER, 0, "a letter behind a backslash" },
	{ "_($* #,##0.00_)", FORMAT_NUMBER, 0, "blanks as wide as" },
	{ "@", FORMAT_NUMBER, 0, "text" },
	{ "000000", FORMAT_NUMBER, 6, "numbers with zeros before" },
	{ "00000;-00000", FORMAT_NUMBER, 5, "in the first section" },
	{ "0", FORMAT_NUMBER, 0, "one digit is no padding" },
	{ "00.00", FORMAT_NUMBER, 0, "decimals are no identifier" },
	{ "yyyy-mm-dd", FORMAT_DATE, 0, "" },
	{ "yyyy\"\u5e74\"m\"\u6708\"d\"\u65e5\"", FORMAT_DATE, 0, "" },
	{ "[$-804]aaaa", FORMAT_DATE, 0, "the weekday" },
	{ "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", FORMAT_DATE, 0, "the long date of the system" },
	{ "[DBNum1][$-804]yyyy\"\u5e74\"m\"\u6708\"", FORMAT_DATE, 0, "in Chinese numerals" },
	{ "mmm", FORMAT_DATE, 0, "months where there is no clock" },
	{ "YYYY/MM/DD", FORMAT_DATE, 0, "capitals" },
	{ "mm:ss", FORMAT_TIME, 0, "minutes" },
	{ "h:mm AM/PM", FORMAT_TIME, 0, "" },
	{ "[$-F400]h:mm:ss\\ AM/PM", FORMAT_TIME, 0, "" },
	{ "\u4e0a\u5348/\u4e0b\u5348h\"\u65f6\"mm\"\u5206\"", FORMAT_TIME, 0, "" },
	{ "m/d/yy h:mm", FORMAT_MOMENT, 0, "" },
	{ "yyyy-mm-dd hh:mm:ss.000", FORMAT_MOMENT, 0, "" },
	{ "[h]:mm:ss", FORMAT_ELAPSED, 0, "" },
	{ "[mm]:ss", FORMAT_ELAPSED, 0, "" },
	{ "[=0]\"-\";yyyy-mm-dd", FORMAT_DATE, 0, "the section behind a condition" },
	{ "[>=43831]yyyy-mm-dd;General", FORMAT_DATE, 0, "and before" },
	{ "[>100]0.0;[<=-100]0.00;0", FORMAT_NUMBER, 0, "conditions of numbers" },
	{ "Standard", FORMAT_NUMBER, 0, "General in German" },
	{ "Generale", FORMAT_NUMBER, 0, "and in Italian" },
	{ "\"open", FORMAT_NUMBER, 0, "a quote left open" },
	{ "[open", FORMAT_NUMBER, 0, "a bracket left open" },
	{ "0\\", FORMAT_NUMBER, 0, "a backslash at the end" },
	{ "", FORMAT_NUMBER, 0, "nothing" },
};

static void check_formats(void)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct format got = format_of(view_of(formats[i].code));
		CHECK(got.kind == formats[i].kind, "%s is %s: %s", formats[i].code, kinds[formats[i].kind], formats[i].why);
		CHECK(got.zeros == formats[i].zeros, "%s: %u zeros", formats[i].code, formats[i].zeros);
	}
	static const struct { unsigned from, to; enum format_kind kind; } builtin[] = {
		{ 0, 13, FORMAT_NUMBER }, { 14, 17, FORMAT_DATE }, { 18, 21, FORMAT_TIME }, { 22, 22, FORMAT_MOMENT },
		{ 23, 26, FORMAT_NUMBER }, { 27, 31, FORMAT_DATE }, { 32, 35, FORMAT_TIME }, { 36, 36, FORMAT_DATE },
		{ 37, 44, FORMAT_NUMBER }, { 45, 45, FORMAT_TIME }, { 46, 46, FORMAT_ELAPSED }, { 47, 47, FORMAT_TIME },
		{ 48, 49, FORMAT_NUMBER }, { 50, 54, FORMAT_DATE }, { 55, 56, FORMAT_TIME }, { 57, 58, FORMAT_DATE },
		{ 59, 200, FORMAT_NUMBER },
	};
	for (size_t i = 0; i < sizeof builtin / sizeof *builtin; i++)
		for (unsigned n = builtin[i].from; n <= builtin[i].to; n++)
			CHECK(format_builtin(n).kind == builtin[i].kind, "format %u is %s", n, kinds[builtin[i].kind]);
}

static const struct {
	const char *number, *code, *shown;
	bool from_1904, cut;
	const char *why;
} numbers[] = {
	{ "1", "General", "1", 0, 0, "" },
	{ "0", "General", "0", 0, 0, "" },
	{ "-0", "General", "0", 0, 0, "no minus before 0" },
	{ "0.0", "General", "0", 0, 0, "no point without decimals" },
	{ "007.50", "General", "7.5", 0, 0, "no zeros at either end" },
	{ "-12.5", "General", "-12.5", 0, 0, "" },
	{ "+3", "General", "3", 0, 0, "" },
	{ " 5\n", "General", "5", 0, 0, "blanks around" },
	{ ".5", "General", "0.5", 0, 0, "" },
	{ "5.", "General", "5", 0, 0, "" },
	{ "0.30000000000000004", "General", "0.3", 0, 0, "0.1+0.2" },
	{ "2.9999999999999996", "General", "3", 0, 0, "a carry through all digits" },
	{ "9.9999999999999996", "General", "10", 0, 0, "and one more" },
	{ "0.14329266500000001", "General", "0.143292665", 0, 0, "" },
	{ "123456789.12345679", "General", "123456789.123457", 0, 0, "15 digits" },
	{ "-0.015", "0.00%", "-0.015", 0, 0, "a percentage is the number" },
	{ "13800000001", "General", "13800000001", 0, 0, "a phone" },
	{ "1.3800000001E10", "General", "13800000001", 0, 0, "as Java writes it" },
	{ "1.38E+10", "0.00E+00", "13800000000", 0, 0, "" },
	{ "999999999999999", "General", "999999999999999", 0, 0, "15 digits" },
	{ "1000000000000000", "General", "1000000000000000", 0, 1, "16 digits" },
	{ "6222021234567890", "0", "6222021234567890", 0, 1, "a card of 16 digits, which a double holds" },
	{ "9007199254740992", "0", "9007199254740992", 0, 1, "2^53" },
	{ "9007199254740993", "0", "9007199254740990", 0, 1, "above it no double is odd" },
	{ "110105194912310021", "0", "110105194912310000", 0, 1, "an ID card" },
	{ "1.10105194912310016E17", "0", "110105194912310000", 0, 1, "as Java writes it" },
	{ "-110105194912310021", "0", "-110105194912310000", 0, 1, "" },
	{ "123456789012345678901", "0", "123456789012346000000", 0, 1, "21 digits" },
	{ "1234567890123456789012", "0", "1.23456789012346E+21", 0, 1, "more" },
	{ "1E-9", "General", "0.000000001", 0, 0, "" },
	{ "0.0000000001", "General", "0.0000000001", 0, 0, "" },
	{ "1.5E-11", "General", "1.5E-11", 0, 0, "" },
	{ "1E+300", "General", "1E+300", 0, 1, "" },
	{ "1E-300", "General", "1E-300", 0, 0, "" },
	{ "123", "000000", "000123", 0, 0, "zeros before, as the format has them" },
	{ "0", "0000", "0000", 0, 0, "" },
	{ "1234567", "000000", "1234567", 0, 0, "longer than the format" },
	{ "12.5", "0000", "12.5", 0, 0, "only whole numbers" },
	{ "-7", "000", "-007", 0, 0, "" },
	{ "44319", "yyyy-mm-dd", "2021-05-03", 0, 0, "" },
	{ "42857", "yyyy-mm-dd", "2021-05-03", 1, 0, "counted from 1904" },
	{ "44319.604", "yyyy-mm-dd h:mm", "2021-05-03 14:29:46", 0, 0, "" },
	{ "44319.604", "yyyy-mm-dd", "2021-05-03 14:29:46", 0, 0, "a time that the format hides" },
	{ "44319.604", "h:mm", "2021-05-03 14:29:46", 0, 0, "a date that the format hides" },
	{ "44319", "yyyy-mm-dd h:mm", "2021-05-03 00:00:00", 0, 0, "midnight" },
	{ "44319.000000001", "yyyy-mm-dd", "2021-05-03", 0, 0, "noise is no time" },
	{ "44318.9999999", "yyyy-mm-dd", "2021-05-03", 0, 0, "nor is it the day before" },
	{ "4.4319604E4", "yyyy-mm-dd", "2021-05-03 14:29:46", 0, 0, "an exponent" },
	{ "0.604", "h:mm:ss", "14:29:46", 0, 0, "" },
	{ "0.604", "h:mm:ss", "14:29:46", 1, 0, "" },
	{ "0", "h:mm", "00:00:00", 0, 0, "" },
	{ "0.604", "yyyy-mm-dd", "14:29:46", 0, 0, "a time under a format of dates" },
	{ "1.5", "[h]:mm", "36:00:00", 0, 0, "" },
	{ "0.05", "[h]:mm", "01:12:00", 0, 0, "" },
	{ "1", "yyyy-mm-dd", "1900-01-01", 0, 0, "" },
	{ "59", "yyyy-mm-dd", "1900-02-28", 0, 0, "" },
	{ "60", "yyyy-mm-dd", "1900-02-29", 0, 0, "the day that never was" },
	{ "61", "yyyy-mm-dd", "1900-03-01", 0, 0, "" },
	{ "0", "yyyy-mm-dd", "1900-01-00", 0, 0, "an empty date" },
	{ "0", "yyyy-mm-dd", "1904-01-01", 1, 0, "" },
	{ "60", "yyyy-mm-dd", "1904-03-01", 1, 0, "1904 was a leap year" },
	{ "2958465", "yyyy-mm-dd", "9999-12-31", 0, 0, "the last day" },
	{ "2958466", "yyyy-mm-dd", "2958466", 0, 0, "beyond it" },
	{ "-1", "yyyy-mm-dd", "-1", 0, 0, "before it" },
	{ "20210503", "yyyy-mm-dd", "20210503", 0, 0, "no serial: a date written as a number" },
	{ "NaN", "General", NULL, 0, 0, "" },
	{ "", "General", NULL, 0, 0, "" },
	{ "1e", "General", NULL, 0, 0, "" },
	{ "1e999", "General", NULL, 0, 0, "" },
	{ "1.2.3", "General", NULL, 0, 0, "" },
	{ "-", "General", NULL, 0, 0, "" },
};

static void check_numbers(void)
{
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct shown shown;
		bool good = shown_number(view_of(numbers[i].number), format_of(view_of(numbers[i].code)),
		                         numbers[i].from_1904, &shown);
		CHECK(good == (numbers[i].shown != NULL), "%s: %s", numbers[i].number, numbers[i].why);
		if (!good || !numbers[i].shown)
			continue;
		CHECK_TEXT(shown_view(&shown), view_of(numbers[i].shown), "%s as %s: %s", numbers[i].number,
		           numbers[i].code, numbers[i].why);
		CHECK(shown.cut == numbers[i].cut, "%s: digits may be lost", numbers[i].number);
	}
	/* 15 digits of the middle of a double are what printf rounds them to. */
	uint64_t state = 1;
	for (int i = 0; i < 20000; i++) {
		state = state * 6364136223846793005u + 1442695040888963407u;
		double number = (double)(int64_t)(state >> 20) / 1000.0;
		uint64_t bits;
		char expected[64];
		struct shown shown;
		memcpy(&bits, &number, sizeof bits);
		snprintf(expected, sizeof expected, "%.15g", number);
		CHECK(shown_double(bits, false, (struct format){ FORMAT_NUMBER, 0 }, false, &shown), "%s", expected);
		CHECK_TEXT(shown_view(&shown), view_of(expected), "a double");
	}
}

static const struct { const char *text; enum format_kind kind; const char *shown; } moments[] = {
	{ "2021-05-03T14:30:00.000", FORMAT_NUMBER, "2021-05-03 14:30:00" },
	{ "2021-05-03T14:30:00Z", FORMAT_MOMENT, "2021-05-03 14:30:00" },
	{ "2021-05-03T00:00:00.000", FORMAT_DATE, "2021-05-03" },
	{ "2021-05-03T00:00:00", FORMAT_MOMENT, "2021-05-03 00:00:00" },
	{ "2021-05-03", FORMAT_NUMBER, "2021-05-03" },
	{ "1899-12-31T14:30:00.000", FORMAT_NUMBER, "14:30:00" },
	{ "14:30:00", FORMAT_TIME, "14:30:00" },
	{ "2021-02-29", FORMAT_DATE, NULL },
	{ "tomorrow", FORMAT_DATE, NULL },
};

static const struct { const char *text, *expected; } escapes[] = {
	{ "a_x000D_b", "a\rb" }, { "_x000d_", "\r" }, { "_x005F_x000D_", "_x000D_" }, { "_x00D_", "_x00D_" },
	{ "_xD83D__xDE00_", "\U0001F600" }, { "_xD83D_x", "\uFFFDx" }, { "snake_x1234", "snake_x1234" },
	{ "_x4E2D__x6587_", "\u4e2d\u6587" }, { "plain", "plain" }, { "", "" },
};

int main(void)
{
	check_formats();
	check_numbers();
	for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
		struct shown shown;
		bool good = shown_moment(view_of(moments[i].text), (struct format){ (unsigned char)moments[i].kind, 0 }, &shown);
		CHECK(good == (moments[i].shown != NULL), "%s", moments[i].text);
		if (good && moments[i].shown)
			CHECK_TEXT(shown_view(&shown), view_of(moments[i].shown), "%s", moments[i].text);
	}
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof escapes / sizeof *escapes; i++) {
		buf_reset(&out);
		shown_unescape(view_of(escapes[i].text), &out);
		CHECK_TEXT(buf_view(&out), view_of(escapes[i].expected), "%s", escapes[i].text);
	}
	buf_release(&out);
	CHECK(strcmp(shown_error(0x2A), "#N/A") == 0 && !shown_error(1), "errors by number");
	return test_end();
}
