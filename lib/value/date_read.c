/* date_read: dates as people, Excel and databases write them.  See date.h.
 *
 * The text is cut into tokens; the kinds of all tokens in a row are its shape, as
 * "0-0-0" or "0Y0M0D".  A table of shapes says which number is what; the time behind
 * the date is taken off before. */
#include "value/date.h"

#include "value/text.h"

const char *date_result_name(enum date_result result)
{
	static const char *const names[] = { "ok", "empty", "bad_date", "ambiguous_date", "no_year" };
	return names[result];
}

const char *date_issue_name(enum date_issue issue)
{
	return issue == DATE_ISSUE_YY           ? "yy"
	       : issue == DATE_ISSUE_MONTH_ONLY ? "month_only"
	       : issue == DATE_ISSUE_AMBIGUOUS  ? "ambiguous_date"
	                                        : "default_year";
}

/* ---- tokens ---- */

/* Kinds, which are also the letters of a shape: 0 a number, E an English month, W a
 * weekday, Y M D H I S 年 月 日 时 分 秒, A P N 上午 下午 中午, Z UTC; the rest is itself. */
struct token {
	char kind;
	unsigned digits;
	uint64_t value;
	struct view text; /* of an Arabic number: a fraction needs its zeros */
};

enum { TOKENS = 24 };

struct tokens {
	struct token list[TOKENS];
	size_t count;
	unsigned weekday; /* 1..7 where one is written */
};

static const struct word {
	const char *text;
	char kind;
	unsigned value;
} hanzi_words[] = {
	{ "年", 'Y', 0 },   { "月", 'M', 0 },   { "日", 'D', 0 },   { "号", 'D', 0 },   { "號", 'D', 0 },
	{ "时", 'H', 0 },   { "時", 'H', 0 },   { "点", 'H', 0 },   { "點", 'H', 0 },   { "分", 'I', 0 },
	{ "秒", 'S', 0 },   { "上午", 'A', 0 }, { "早上", 'A', 0 }, { "凌晨", 'A', 0 }, { "清晨", 'A', 0 },
	{ "下午", 'P', 0 }, { "晚上", 'P', 0 }, { "傍晚", 'P', 0 }, { "中午", 'N', 0 }, { "。", '.', 0 },
	{ "‐", '-', 0 },    { "–", '-', 0 },    { "—", '-', 0 },    { "−", '-', 0 },
}, ascii_words[] = {
	{ "am", 'A', 0 },  { "pm", 'P', 0 },        { "t", 'T', 0 },       { "z", 'Z', 0 },         { "utc", 'Z', 0 },
	{ "gmt", 'Z', 0 }, { "january", 'E', 1 },   { "february", 'E', 2 }, { "march", 'E', 3 },     { "april", 'E', 4 },
	{ "may", 'E', 5 }, { "june", 'E', 6 },      { "july", 'E', 7 },    { "august", 'E', 8 },    { "september", 'E', 9 },
	{ "sept", 'E', 9 }, { "october", 'E', 10 }, { "november", 'E', 11 }, { "december", 'E', 12 }, { "monday", 'W', 1 },
	{ "tuesday", 'W', 2 }, { "wednesday", 'W', 3 }, { "thursday", 'W', 4 }, { "friday", 'W', 5 }, { "saturday", 'W', 6 },
	{ "sunday", 'W', 7 },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool add_token(struct tokens *tokens, struct token token)
{
	if (token.kind == 'W') {
		if (tokens->weekday)
			return false;
		tokens->weekday = (unsigned)token.value;
		return true;
	}
	if (tokens->count == TOKENS)
		return false;
	tokens->list[tokens->count++] = token;
	return true;
}

/* ASCII letters: a name in full or its first three letters. */
static bool take_ascii_word(struct view *text, struct token *token)
{
	size_t len = 0;
	while (len < text->len && byte_is_lower(text->ptr[len]))
		len++;
	struct view word = view_first(*text, len);
	for (size_t i = 0; i < COUNT(ascii_words); i++) {
		struct view name = view_of(ascii_words[i].text);
		if (!view_equal(word, name) && !(len == 3 && name.len > 3 && view_starts(name, word)))
			continue;
		*token = (struct token){ .kind = ascii_words[i].kind, .value = ascii_words[i].value };
		*text = view_skip(*text, len);
		return true;
	}
	return false;
}

/* 星期三, 周三, 礼拜天 */
static bool take_weekday(struct view *text, struct token *token)
{
	static const char *const before[] = { "星期", "礼拜", "周", "週" };
	for (size_t i = 0; i < COUNT(before); i++) {
		if (!view_starts(*text, view_of(before[i])))
			continue;
		struct view rest = view_skip(*text, strlen(before[i]));
		uint32_t code = rest.len ? text_next(&rest) : 0;
		int day = text_hanzi_digit(code);
		if (code == 0x65E5 || code == 0x5929) /* 日 天 */
			day = 7;
		else if (day < 1 || day > 6)
			return false;
		*token = (struct token){ .kind = 'W', .value = (unsigned)day };
		*text = rest;
		return true;
	}
	return false;
}

static void take_digits(struct view *text, struct token *token)
{
	*token = (struct token){ .kind = '0' };
	for (; token->digits < text->len && byte_is_digit(text->ptr[token->digits]); token->digits++)
		if (token->digits < 18)
			token->value = token->value * 10 + (unsigned)(text->ptr[token->digits] - '0');
	token->text = view_first(*text, token->digits);
	*text = view_skip(*text, token->digits);
}

/* 二〇二一 digit by digit (also with 0 or O for 〇), or 十二, 三十一, 廿三, 卅. */
static bool take_hanzi_number(struct view *text, struct token *token)
{
	bool tens = false, ones = false;
	*token = (struct token){ .kind = '0' };
	while (text->len) {
		struct view rest = *text;
		uint32_t code = text_next(&rest);
		int digit = token->digits && (code == '0' || code == 'o') ? 0 : text_hanzi_digit(code);
		unsigned ten = code == 0x5EFF ? 2 : code == 0x5345 ? 3 : 0; /* 廿 卅 */
		if (digit >= 0) {
			if (ones || token->digits == 8)
				return false;
			ones = tens;
			token->value = tens ? token->value + (unsigned)digit : token->value * 10 + (unsigned)digit;
		} else if (ten || text_hanzi_power(code) == 1) {
			if (tens || token->digits > (ten ? 0u : 1u))
				return false;
			tens = true;
			token->value = 10 * (ten ? ten : token->digits ? token->value : 1);
		} else {
			break;
		}
		token->digits++;
		*text = rest;
	}
	if (tens)
		token->digits = 2;
	return token->digits > 0;
}

static bool take_token(struct view *text, struct token *token)
{
	char c = text->ptr[0];
	if (byte_is_digit(c)) {
		take_digits(text, token);
		return true;
	}
	if (byte_is_lower(c))
		return take_ascii_word(text, token);
	if (memchr("-/.:,+", c, 6)) {
		*token = (struct token){ .kind = c };
		*text = view_skip(*text, 1);
		return true;
	}
	for (size_t i = 0; i < COUNT(hanzi_words); i++) {
		struct view word = view_of(hanzi_words[i].text);
		if (!view_starts(*text, word))
			continue;
		*token = (struct token){ .kind = hanzi_words[i].kind };
		*text = view_skip(*text, word.len);
		return true;
	}
	return take_weekday(text, token) || take_hanzi_number(text, token);
}

/* A blank counts only between two numbers; brackets stand around weekdays. */
static bool tokenize(struct view text, struct tokens *tokens)
{
	bool blank = false;
	while (text.len) {
		struct token token;
		if (byte_is_space(text.ptr[0]) || text.ptr[0] == '(' || text.ptr[0] == ')') {
			blank = true;
			text = view_skip(text, 1);
			continue;
		}
		if (!take_token(&text, &token))
			return false;
		if (blank && token.kind == '0' && tokens->count && tokens->list[tokens->count - 1].kind == '0' &&
		    !add_token(tokens, (struct token){ .kind = ' ' }))
			return false;
		if (!add_token(tokens, token))
			return false;
		blank = false;
	}
	return tokens->count > 0;
}

/* ---- the time of day ---- */

struct clock {
	const struct token *at, *end;
	char half;      /* A, P or N; 0 where none is written */
	int32_t second; /* of the day */
	int32_t offset; /* of the written zone, where there is one */
	bool zone;
	bool exact;     /* written with a T or with seconds: else 9:00-11:00 is a span, no zone */
};

static bool is_kind(const struct clock *clock, char kind)
{
	return clock->at < clock->end && clock->at->kind == kind;
}

static bool skip_kind(struct clock *clock, char kind)
{
	if (!is_kind(clock, kind))
		return false;
	clock->at++;
	return true;
}

/* A number of one or two digits up to `most`. */
static bool clock_number(struct clock *clock, uint64_t most, int32_t *value)
{
	if (!is_kind(clock, '0') || clock->at->digits > 2 || clock->at->value > most)
		return false;
	*value = (int32_t)clock->at++->value;
	return true;
}

static bool read_half(struct clock *clock)
{
	if (!is_kind(clock, 'A') && !is_kind(clock, 'P') && !is_kind(clock, 'N'))
		return true;
	if (clock->half)
		return false;
	clock->half = clock->at++->kind;
	return true;
}

/* Z, +08:00, +0800, +08, UTC+8. */
static bool read_zone(struct clock *clock)
{
	int32_t hours = 0, minutes = 0;
	bool behind;
	clock->zone = skip_kind(clock, 'Z');
	if (clock->at == clock->end)
		return true;
	behind = is_kind(clock, '-');
	if (!clock->exact || (!behind && !is_kind(clock, '+')))
		return false;
	clock->at++;
	clock->zone = true;
	if (is_kind(clock, '0') && clock->at->digits == 4) {
		hours = (int32_t)(clock->at->value / 100);
		minutes = (int32_t)(clock->at++->value % 100);
	} else if (!clock_number(clock, 14, &hours) || (skip_kind(clock, ':') && !clock_number(clock, 59, &minutes))) {
		return false;
	}
	if (hours > 14 || minutes > 59)
		return false;
	clock->offset = (hours * 3600 + minutes * 60) * (behind ? -1 : 1);
	return true;
}

/* 上午 12 is 0, 下午 1 is 13 (下午 14 is said too), 中午 is from 11 to 2. */
static bool half_day(char half, int32_t *hour)
{
	if (half == 'A') {
		*hour %= *hour == 12 ? 12 : 24;
		return *hour < 12;
	}
	if (half == 'P')
		*hour += *hour < 12 ? 12 : 0;
	if (half == 'N') {
		*hour += *hour < 3 ? 12 : 0;
		return *hour >= 11 && *hour <= 14;
	}
	return true;
}

/* [half] H:M[:S[.fraction]] [half] [zone], or with 时分秒; nothing may stand behind. */
static bool read_clock(struct clock *clock)
{
	int32_t hour, minute = 0, second = 0;
	if (!read_half(clock) || !clock_number(clock, 23, &hour))
		return false;
	if (skip_kind(clock, ':')) {
		if (!clock_number(clock, 59, &minute))
			return false;
		if (skip_kind(clock, ':')) {
			clock->exact = true;
			if (!clock_number(clock, 59, &second))
				return false;
			if (skip_kind(clock, '.') && !skip_kind(clock, '0'))
				return false;
		}
	} else {
		if (!skip_kind(clock, 'H'))
			return false;
		if (is_kind(clock, '0') && (!clock_number(clock, 59, &minute) || !skip_kind(clock, 'I')))
			return false;
		if (is_kind(clock, '0') && (!clock_number(clock, 59, &second) || !skip_kind(clock, 'S')))
			return false;
	}
	if (!read_half(clock) || !half_day(clock->half, &hour) || !read_zone(clock) || clock->at != clock->end)
		return false;
	clock->second = hour * 3600 + minute * 60 + second;
	return true;
}

/* Where the time begins, or SIZE_MAX: the number before the first : or 时, and a half of
 * the day before that. */
static size_t find_clock(const struct tokens *tokens)
{
	for (size_t i = 1; i < tokens->count; i++) {
		char kind = tokens->list[i].kind;
		if (kind != ':' && kind != 'H')
			continue;
		size_t at = i - 1;
		if (at && memchr("APN", tokens->list[at - 1].kind, 3))
			at--;
		return at;
	}
	return SIZE_MAX;
}

/* ---- the day ---- */

struct reading {
	const struct date_habits *habits;
	const struct token *numbers[3]; /* in the order in which they stand */
	unsigned month;                 /* of an English name */
	char shape[TOKENS + 1];
	struct date_found found;
};

/* A year of four digits, or of two with the issue; a birth is not in the future. */
static enum date_result finish(struct reading *reading, const struct token *year, uint64_t month, uint64_t day)
{
	int full = (int)year->value;
	if ((year->digits != 4 && year->digits != 2) || month > 12 || day > 31)
		return DATE_BAD;
	if (year->digits == 2) {
		reading->found.issues |= DATE_ISSUE_YY;
		full += full < 70 ? 2000 : 1900;
	}
	if (!date_of(full, (int)month, (int)day, &reading->found.day))
		return DATE_BAD;
	if (year->digits == 2 && reading->habits->birth && full >= 2000 && reading->found.day > reading->habits->as_of)
		return date_of(full - 100, (int)month, (int)day, &reading->found.day) ? DATE_OK : DATE_BAD;
	return DATE_OK;
}

static enum date_result finish_month(struct reading *reading, const struct token *year, uint64_t month)
{
	reading->found.issues |= DATE_ISSUE_MONTH_ONLY;
	return finish(reading, year, month, 1);
}

static enum date_result finish_without_year(struct reading *reading, uint64_t month, uint64_t day)
{
	struct token year = { .kind = '0', .digits = 4, .value = (uint64_t)reading->habits->year };
	int32_t any;
	/* In a leap year, so that 2月29日 is not called bad for want of a year. */
	if (month > 12 || day > 31 || !date_of(2000, (int)month, (int)day, &any))
		return DATE_BAD;
	if (!reading->habits->year)
		return DATE_NO_YEAR;
	reading->found.issues |= DATE_ISSUE_DEFAULT_YEAR;
	return finish(reading, &year, month, day);
}

/* 2021-5-3, 21.5.3; by the order told, 3/5/2021. */
static enum date_result three_numbers(struct reading *reading)
{
	const struct token *a = reading->numbers[0], *b = reading->numbers[1], *c = reading->numbers[2];
	if (!b->value && !c->value && !a->value)
		return DATE_EMPTY; /* 0000-00-00 */
	if (a->value == 1900 && b->value == 1 && !c->value)
		return DATE_EMPTY; /* Excel's day 0 */
	if (b->digits > 2)
		return DATE_BAD;
	if (a->digits == 4)
		return c->digits > 2 ? DATE_BAD : finish(reading, a, b->value, c->value);
	if (a->digits > 2 || (c->digits != 4 && c->digits > 2))
		return DATE_BAD;
	if (reading->habits->order == DATE_DMY)
		return finish(reading, c, b->value, a->value);
	if (reading->habits->order == DATE_MDY)
		return finish(reading, c, a->value, b->value);
	return c->digits == 4 || a->digits == 1 ? DATE_AMBIGUOUS : finish(reading, a, b->value, c->value);
}

static enum date_result year_month_day(struct reading *reading)
{
	return finish(reading, reading->numbers[0], reading->numbers[1]->value, reading->numbers[2]->value);
}

static enum date_result year_month(struct reading *reading)
{
	return finish_month(reading, reading->numbers[0], reading->numbers[1]->value);
}

static enum date_result month_day(struct reading *reading)
{
	return finish_without_year(reading, reading->numbers[0]->value, reading->numbers[1]->value);
}

static enum date_result month_alone(struct reading *reading)
{
	reading->found.issues |= DATE_ISSUE_MONTH_ONLY;
	return finish_without_year(reading, reading->numbers[0]->value, 1);
}

/* 2021-05, 05/2021, 5-3. */
static enum date_result two_numbers(struct reading *reading)
{
	const struct token *a = reading->numbers[0], *b = reading->numbers[1];
	if (a->digits == 4 && b->digits <= 2)
		return finish_month(reading, a, b->value);
	if (b->digits == 4 && a->digits <= 2)
		return finish_month(reading, b, a->value);
	if (a->digits > 2 || b->digits > 2)
		return DATE_BAD;
	return reading->habits->order == DATE_DMY ? finish_without_year(reading, b->value, a->value) : month_day(reading);
}

/* Day and fraction of a serial; *found keeps its issues. */
static bool serial(const struct token *whole, struct view fraction, bool serial_1904, struct date_found *found)
{
	uint64_t parts = 0, scale = 1, seconds;
	int64_t day = (int64_t)whole->value + (serial_1904 ? 1462 : 0);
	if (whole->digits > 7 || day == 60)
		return false;
	day -= day < 60 ? 25568 : 25569; /* 1899-12-31 and 1899-12-30 */
	for (size_t i = 0; i < fraction.len && i < 12; i++, scale *= 10)
		parts = parts * 10 + (unsigned)(fraction.ptr[i] - '0');
	seconds = (parts * DAY_SECONDS + scale / 2) / scale;
	day += seconds == DAY_SECONDS;
	if (day > DATE_MAX)
		return false;
	found->day = (int32_t)day;
	found->second = parts ? (int32_t)(seconds % DAY_SECONDS) : -1;
	return true;
}

static enum date_result serial_in_ledger(struct reading *reading, struct view fraction)
{
	const struct token *whole = reading->numbers[0];
	uint64_t least = reading->habits->birth ? 10000 : 20000;
	if (whole->digits != 5 || whole->value < least || whole->value > 60000)
		return DATE_BAD;
	return serial(whole, fraction, reading->habits->serial_1904, &reading->found) ? DATE_OK : DATE_BAD;
}

/* 2021.1, 5.3, 44319.604. */
static enum date_result point_between(struct reading *reading)
{
	const struct token *a = reading->numbers[0], *b = reading->numbers[1];
	if (a->digits == 5)
		return b->text.len ? serial_in_ledger(reading, b->text) : DATE_BAD;
	if (a->digits == 4 && b->digits == 1 && b->value == 1)
		reading->found.issues |= DATE_ISSUE_AMBIGUOUS;
	return two_numbers(reading);
}

/* Digits `from`.. of a number, `count` of them. */
static struct token part(const struct token *number, size_t from, unsigned count)
{
	struct token token;
	struct view text = view_first(view_skip(number->text, from), count);
	take_digits(&text, &token);
	return token;
}

/* 210503 or 202105; refused where it can be both. */
static enum date_result six_digits(struct reading *reading)
{
	const struct token *number = reading->numbers[0];
	struct token yy = part(number, 0, 2), yyyy = part(number, 0, 4);
	uint64_t month = part(number, 2, 2).value, day = part(number, 4, 2).value;
	int32_t any;
	bool is_month = yyyy.value >= 1900 && yyyy.value < 2100 && day >= 1 && day <= 12;
	bool is_day = date_of(yy.value < 70 ? 2000 + (int)yy.value : 1900 + (int)yy.value, (int)month, (int)day, &any);
	if (is_month && is_day)
		return DATE_AMBIGUOUS;
	return is_month ? finish_month(reading, &yyyy, day) : finish(reading, &yy, month, day);
}

/* 20210503, and the time behind it in 202105031430 and 20210503143000. */
static enum date_result digits_of_moment(struct reading *reading)
{
	const struct token *number = reading->numbers[0];
	struct token year = part(number, 0, 4);
	uint64_t hour = part(number, 8, 2).value, minute = part(number, 10, 2).value, second = part(number, 12, 2).value;
	if (hour > 23 || minute > 59 || second > 59)
		return DATE_BAD;
	if (!number->value)
		return DATE_EMPTY;
	if (number->digits > 8)
		reading->found.second = (int32_t)(hour * 3600 + minute * 60 + second);
	return finish(reading, &year, part(number, 4, 2).value, part(number, 6, 2).value);
}

static enum date_result unix_time(struct reading *reading, uint64_t seconds)
{
	int64_t moment = (int64_t)seconds + 8 * 3600;
	reading->found.day = moment_day(moment);
	reading->found.second = moment_second(moment);
	return DATE_OK;
}

static enum date_result one_number(struct reading *reading)
{
	const struct token *number = reading->numbers[0];
	if (!number->text.len) /* Chinese digits: 二〇二一 is no date */
		return DATE_BAD;
	switch (number->digits) {
	case 1: return number->value ? DATE_BAD : DATE_EMPTY;
	case 5: return serial_in_ledger(reading, view(NULL, 0));
	case 6: return six_digits(reading);
	case 8: case 12: case 14: return digits_of_moment(reading);
	case 10: return number->value >= 1000000000 ? unix_time(reading, number->value) : DATE_BAD;
	case 13: return number->value >= 1000000000000 ? unix_time(reading, number->value / 1000) : DATE_BAD;
	default: return DATE_BAD;
	}
}

/* 3-May-21, 2021-May-3 */
static enum date_result day_name_year(struct reading *reading)
{
	const struct token *a = reading->numbers[0], *b = reading->numbers[1];
	if (a->digits == 4)
		return b->digits > 2 ? DATE_BAD : finish(reading, a, reading->month, b->value);
	return a->digits > 2 ? DATE_BAD : finish(reading, b, reading->month, a->value);
}

static enum date_result name_day_year(struct reading *reading)
{
	const struct token *day = reading->numbers[0];
	return day->digits > 2 ? DATE_BAD : finish(reading, reading->numbers[1], reading->month, day->value);
}

static enum date_result day_name(struct reading *reading)
{
	return finish_without_year(reading, reading->month, reading->numbers[0]->value);
}

/* May-21 is Excel's mmm-yy, but may be a day. */
static enum date_result name_dash_year(struct reading *reading)
{
	if (reading->numbers[0]->digits == 2)
		reading->found.issues |= DATE_ISSUE_AMBIGUOUS;
	return finish_month(reading, reading->numbers[0], reading->month);
}

static enum date_result name_number(struct reading *reading)
{
	return reading->numbers[0]->digits == 4 ? finish_month(reading, reading->numbers[0], reading->month) : day_name(reading);
}

static const struct shape {
	const char *shape;
	enum date_result (*read)(struct reading *reading);
} shapes[] = {
	{ "0-0-0", three_numbers },  { "0/0/0", three_numbers }, { "0.0.0", three_numbers }, { "0.0.0.", three_numbers },
	{ "0Y0M0D", year_month_day },
	{ "0Y0M0", year_month_day }, { "0Y0M", year_month },     { "0M0D", month_day },      { "0M0", month_day },
	{ "0M", month_alone },       { "0-0", two_numbers },     { "0/0", two_numbers },     { "0.0", point_between },
	{ "0", one_number },         { "0-E-0", day_name_year }, { "0E0", day_name_year },   { "0/E/0", day_name_year },
	{ "0E,0", day_name_year },   { "E0,0", name_day_year },  { "E0 0", name_day_year },  { ",E0,0", name_day_year },
	{ ",0E0", day_name_year },
	{ "0-E", day_name },         { "0E", day_name },         { "E-0", name_dash_year },  { "E0", name_number },
};

static enum date_result read_day(struct reading *reading, const struct token *list, size_t count)
{
	size_t numbers = 0;
	for (size_t i = 0; i < count; i++) {
		reading->shape[i] = list[i].kind;
		if (list[i].kind == 'E')
			reading->month = (unsigned)list[i].value;
		if (list[i].kind == '0' && numbers < 3)
			reading->numbers[numbers++] = &list[i];
	}
	for (size_t i = 0; i < COUNT(shapes); i++)
		if (view_is(view(reading->shape, count), shapes[i].shape))
			return shapes[i].read(reading);
	return DATE_BAD;
}

/* The time behind the day, in +08:00. */
static bool add_clock(struct date_found *found, const struct clock *clock)
{
	int64_t moment = moment_of(found->day, clock->second) + (clock->zone ? 8 * 3600 - clock->offset : 0);
	if (found->second >= 0 || found->issues & DATE_ISSUE_MONTH_ONLY || moment < moment_of(DATE_MIN, 0) ||
	    moment >= moment_of(DATE_MAX + 1, 0))
		return false;
	found->day = moment_day(moment);
	found->second = moment_second(moment);
	return true;
}

static enum date_result read_cell(struct view text, const struct date_habits *habits, struct date_found *found)
{
	struct tokens tokens = { .count = 0 };
	struct reading reading = { .habits = habits, .found = { .second = -1 } };
	enum date_result result;
	if (!tokenize(text, &tokens))
		return DATE_BAD;
	size_t at = find_clock(&tokens), count = at == SIZE_MAX ? tokens.count : at;
	struct clock clock = { .at = tokens.list + count, .end = tokens.list + tokens.count };
	if (at != SIZE_MAX) {
		char before = count ? tokens.list[count - 1].kind : 0;
		clock.exact = before == 'T';
		count -= before == 'T' || before == ' ';
		if (!read_clock(&clock))
			return DATE_BAD;
	}
	result = read_day(&reading, tokens.list, count);
	if (result)
		return result;
	if (tokens.weekday && date_weekday(reading.found.day) != (int)tokens.weekday)
		return DATE_BAD;
	if (at != SIZE_MAX && !add_clock(&reading.found, &clock))
		return DATE_BAD;
	*found = reading.found;
	return DATE_OK;
}

/* One or two digits off the beginning; -1 where there is none. */
static int take_pair(struct view *text)
{
	int value = -1;
	for (size_t i = 0; i < 2 && text->len && byte_is_digit(text->ptr[0]); i++) {
		value = (value < 0 ? 0 : value * 10) + (text->ptr[0] - '0');
		*text = view_skip(*text, 1);
	}
	return value;
}

/* 2021/5/3, 2021.05.03, 2021年5月3日 as they stand: most cells, and nothing that another
 * rule would read otherwise. */
static bool read_usual(struct view text, int32_t *day)
{
	uint64_t year;
	static const struct view marks[][3] = {
		{ VIEW("-"), VIEW("-"), VIEW("") }, { VIEW("/"), VIEW("/"), VIEW("") }, { VIEW("."), VIEW("."), VIEW("") },
		{ VIEW("年"), VIEW("月"), VIEW("日") },
	};
	if (!view_parse_u64(view_first(text, 4), 1000, 9999, &year))
		return false;
	text = view_skip(text, 4);
	for (size_t i = 0; i < COUNT(marks); i++) {
		if (!view_starts(text, marks[i][0]))
			continue;
		text = view_skip(text, marks[i][0].len);
		int month = take_pair(&text);
		if (!view_starts(text, marks[i][1]))
			return false;
		text = view_skip(text, marks[i][1].len);
		int of_month = take_pair(&text);
		return view_equal(text, marks[i][2]) && date_of((int)year, month, of_month, day);
	}
	return false;
}

RARELY static enum date_result parse_cell(struct view text, const struct date_habits *habits, struct date_found *found)
{
	struct text_cell cell;
	if (!text_cell_fold(text, &cell))
		return DATE_BAD;
	if (text_is_null(text_cell_view(&cell)))
		return DATE_EMPTY;
	return read_cell(text_cell_view(&cell), habits, found);
}

enum date_result date_parse(struct view text, const struct date_habits *habits, struct date_found *found)
{
	int32_t day;
	if (!date_parse_plain(text, &day) && !read_usual(text, &day))
		return parse_cell(text, habits, found);
	*found = (struct date_found){ .day = day, .second = -1 };
	return DATE_OK;
}

bool date_parse_rule(struct view text, int32_t *day)
{
	static const struct date_habits habits = { .order = DATE_YMD };
	struct date_found found;
	size_t digits = 0;
	while (digits < text.len && byte_is_digit(text.ptr[digits]))
		digits++;
	if (digits != 4 || date_parse(text, &habits, &found) != DATE_OK || found.issues || found.second >= 0)
		return false;
	*day = found.day;
	return true;
}

bool date_parse_serial(struct view text, bool serial_1904, struct date_found *found)
{
	struct date_found result = { .second = -1 };
	struct token whole;
	take_digits(&text, &whole);
	if (!whole.digits || (text.len && text.ptr[0] != '.'))
		return false;
	text = view_skip(text, 1);
	for (size_t i = 0; i < text.len; i++)
		if (!byte_is_digit(text.ptr[i]))
			return false;
	if (!serial(&whole, text, serial_1904, &result))
		return false;
	*found = result;
	return true;
}
