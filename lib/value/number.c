/* number: see number.h. */
#include "value/number.h"

#include "value/text.h"

static bool in_range(__int128 micro)
{
	return micro >= -NUMBER_MAX && micro <= NUMBER_MAX;
}

/* ---- text ---- */

/* A decimal as read: |value| = digits * 10^-places. */
struct decimal {
	__int128 digits; /* at most 10^36 */
	unsigned places;
	bool negative;
};

enum number_result number_take_digits(struct view *text, bool commas, __int128 most, __int128 *value, unsigned *count)
{
	unsigned group = 0;
	bool grouped = false;
	for (*value = *count = 0; text->len; *text = view_skip(*text, 1)) {
		char c = text->ptr[0];
		if (c == ',' && commas && *count) {
			if (grouped ? group != 3 : group > 3)
				return NUMBER_BAD;
			grouped = true;
			group = 0;
			continue;
		}
		if (!byte_is_digit(c))
			break;
		group++;
		++*count;
		*value = *value * 10 + (c - '0');
		if (*value > most)
			return NUMBER_OUT_OF_RANGE;
	}
	return grouped && group != 3 ? NUMBER_BAD : NUMBER_OK;
}

/* [-+]digits[.digits] off the beginning of *text, with commas before every three digits
 * where `commas`.  Zeros at the end of the decimals are dropped, so that they cost no precision. */
static bool take_decimal(struct view *text, bool commas, struct decimal *out)
{
	*out = (struct decimal){ 0 };
	size_t i = 0, zeros = 0;
	unsigned count;
	out->negative = view_take(text, "-");
	if (!out->negative)
		view_take(text, "+");
	if (number_take_digits(text, commas, NUMBER_MAX, &out->digits, &count) != NUMBER_OK || !count)
		return false;
	if (!view_take(text, "."))
		return true;
	for (; i < text->len && byte_is_digit(text->ptr[i]); i++) {
		if (text->ptr[i] == '0') {
			zeros++;
			continue;
		}
		for (zeros++; zeros; zeros--, out->places++) {
			out->digits = out->digits * 10 + (zeros > 1 ? 0 : text->ptr[i] - '0');
			if (out->digits > NUMBER_MAX)
				return false;
		}
	}
	*text = view_skip(*text, i);
	return i > 0;
}

/* digits * 10^(exponent - places) in millionths.  *exact is false where decimals were
 * rounded away. */
static bool scale(struct decimal d, int exponent, bool *exact, __int128 *micro)
{
	int shift = exponent - (int)d.places + 6;
	__int128 value = d.digits;
	*exact = true;
	for (; shift > 0; shift--)
		if (__builtin_mul_overflow(value, 10, &value) || value > NUMBER_MAX)
			return false;
	if (shift < 0) {
		__int128 divisor = 1;
		for (; shift < 0 && divisor <= NUMBER_MAX; shift++)
			divisor *= 10;
		*exact = shift == 0 && value % divisor == 0;
		value = shift == 0 ? number_round(value, divisor) : 0;
	}
	*micro = d.negative ? -value : value;
	return in_range(*micro);
}

bool number_parse(struct view text, unsigned accept, __int128 *micro)
{
	struct decimal decimal;
	__int128 value;
	int exponent = 0;
	bool exact;
	if (!take_decimal(&text, accept & NUMBER_THOUSANDS, &decimal))
		return false;
	if (accept & NUMBER_UNITS)
		exponent = view_take(&text, "万") ? 4 : view_take(&text, "亿") ? 8 : 0;
	if (accept & NUMBER_PERCENT && !exponent)
		exponent = view_take(&text, "%") || view_take(&text, "％") ? -2 : view_take(&text, "‰") ? -3 : 0;
	if (text.len || !scale(decimal, exponent, &exact, &value) || !exact)
		return false;
	*micro = value;
	return true;
}

bool number_parse_plain(struct view text, int64_t *micro)
{
	size_t at = 0, point = text.len;
	uint64_t value = 0;
	for (; at < text.len; at++) {
		char c = text.ptr[at];
		if (byte_is_digit(c))
			value = value * 10 + (uint64_t)(c - '0');
		else if (c == '.' && at && point == text.len)
			point = at;
		else
			return false;
	}
	size_t places = point == text.len ? 0 : text.len - point - 1;
	if (!point || point > 12 || (point < text.len && !places) || places > 6)
		return false;
	for (; places < 6; places++)
		value *= 10;
	*micro = (int64_t)value;
	return true;
}

/* In 64 bits, where division is no call. */
static void put_small(uint64_t micro, struct buf *out)
{
	unsigned part = (unsigned)(micro % NUMBER_ONE), places = 6;
	buf_u64(out, micro / NUMBER_ONE);
	if (!part)
		return;
	for (; part % 10 == 0; part /= 10)
		places--;
	char *at = buf_reserve(out, 7);
	at[0] = '.';
	for (unsigned i = places; i; i--, part /= 10)
		at[i] = (char)('0' + part % 10);
	out->len += places + 1;
}

void number_format(__int128 micro, struct buf *out)
{
	char text[48];
	size_t at = sizeof text;
	if (micro >= 0 && micro <= INT64_MAX) {
		put_small((uint64_t)micro, out);
		return;
	}
	unsigned __int128 left = micro < 0 ? 0 - (unsigned __int128)micro : (unsigned __int128)micro;
	bool decimals = false;
	for (unsigned place = 0; place < 7 || left; place++, left /= 10) {
		char digit = (char)('0' + (unsigned)(left % 10));
		if (place == 6 && decimals)
			text[--at] = '.';
		decimals = decimals || (place < 6 && digit != '0');
		if (place >= 6 || decimals)
			text[--at] = digit;
	}
	if (micro < 0)
		text[--at] = '-';
	buf_put(out, view(text + at, sizeof text - at));
}

/* ---- arithmetic ---- */

bool number_add(__int128 a, __int128 b, __int128 *sum)
{
	__int128 value;
	if (__builtin_add_overflow(a, b, &value) || !in_range(value))
		return false;
	*sum = value;
	return true;
}

bool number_sub(__int128 a, __int128 b, __int128 *difference)
{
	__int128 value;
	if (__builtin_sub_overflow(a, b, &value) || !in_range(value))
		return false;
	*difference = value;
	return true;
}

/* With a = A*10^6 + p and b = B*10^6 + q the product is A*B*10^6 + A*q + p*B + p*q/10^6.
 * All four have one sign, so no part overflows unless the whole does, and only the last
 * is rounded. */
bool number_mul(__int128 a, __int128 b, __int128 *product)
{
	__int128 high_a = a / NUMBER_ONE, low_a = a % NUMBER_ONE;
	__int128 high_b = b / NUMBER_ONE, low_b = b % NUMBER_ONE;
	__int128 whole, left, right;
	if (__builtin_mul_overflow(high_a, high_b, &whole) || __builtin_mul_overflow(whole, NUMBER_ONE, &whole) ||
	    __builtin_mul_overflow(high_a, low_b, &left) || __builtin_mul_overflow(low_a, high_b, &right) ||
	    __builtin_add_overflow(whole, left, &whole) || __builtin_add_overflow(whole, right, &whole))
		return false;
	return number_add(whole, number_round(low_a * low_b, NUMBER_ONE), product);
}

/* Long division, six decimals one after the other, so that the dividend need not be
 * multiplied: within NUMBER_MAX a rest times ten still fits. */
bool number_div(__int128 a, __int128 b, __int128 *quotient)
{
	bool negative = (a < 0) != (b < 0);
	__int128 rest, value;
	a = a < 0 ? -a : a;
	b = b < 0 ? -b : b;
	if (!b)
		return false;
	value = a / b;
	rest = a % b;
	for (int i = 0; i < 6; i++) {
		rest *= 10;
		value = value * 10 + rest / b;
		rest %= b;
		if (value > NUMBER_MAX)
			return false;
	}
	value += rest >= b - rest;
	if (value > NUMBER_MAX)
		return false;
	*quotient = negative ? -value : value;
	return true;
}

/* ---- cells of ledgers ---- */

const char *number_result_name(enum number_result result)
{
	static const char *const names[] = { "ok", "empty", "bad_number", "too_precise", "out_of_range" };
	return names[result];
}

/* Rounds `value` over `divisor` into an int64. */
static enum number_result finish(__int128 value, __int128 divisor, bool exact, int64_t *result)
{
	__int128 rounded = number_round(value, divisor);
	if (rounded < INT64_MIN || rounded > INT64_MAX)
		return NUMBER_OUT_OF_RANGE;
	*result = (int64_t)rounded;
	return exact && value % divisor == 0 ? NUMBER_OK : NUMBER_TOO_PRECISE;
}

static struct view without_blanks(struct text_cell *cell)
{
	size_t len = 0;
	for (size_t i = 0; i < cell->len; i++)
		if (!byte_is_space(cell->bytes[i]))
			cell->bytes[len++] = cell->bytes[i];
	cell->len = len;
	return text_cell_view(cell);
}

enum number_result rate_parse(struct view text, int64_t *micro)
{
	struct text_cell cell;
	struct decimal decimal;
	struct view rest;
	__int128 value;
	int exponent;
	bool exact;
	if (!text_cell_fold(text, &cell))
		return NUMBER_BAD;
	rest = without_blanks(&cell);
	if (text_is_null(rest))
		return NUMBER_EMPTY;
	exponent = view_take(&rest, "百分之") ? -2 : view_take(&rest, "千分之") ? -3 : view_take(&rest, "万分之") ? -4 : 0;
	if (!take_decimal(&rest, false, &decimal))
		return NUMBER_BAD;
	if (!exponent && view_take(&rest, "折")) {
		__int128 ten = 10;
		for (unsigned i = 0; i < decimal.places; i++)
			ten *= 10;
		/* 9.8折 is 0.98, 98折 too; 10折 and 0折 nobody writes for a discount. */
		if (decimal.negative || decimal.digits == 0 || decimal.digits == ten || decimal.digits >= ten * 10)
			return NUMBER_BAD;
		exponent = decimal.digits < ten ? -1 : -2;
	} else if (!exponent) {
		exponent = view_take(&rest, "%") || view_take(&rest, "个点") || view_take(&rest, "个百分点") ? -2
		           : view_take(&rest, "‰")                                                 ? -3
		                                                                              : 0;
	}
	if (rest.len)
		return NUMBER_BAD;
	if (!scale(decimal, exponent, &exact, &value))
		return NUMBER_OUT_OF_RANGE;
	return finish(value, 1, exact, micro);
}

void rate_format(int64_t micro, struct buf *out)
{
	number_format(micro, out);
}

RARELY static enum number_result parse_area(struct view text, int64_t *hundredths)
{
	static const struct {
		const char *name;
		unsigned multiplier, divisor; /* of a square metre */
	} units[] = {
		{ "㎡", 1, 1 },       { "m²", 1, 1 },   { "m2", 1, 1 },  { "平方米", 1, 1 },
		{ "平米", 1, 1 },     { "平方", 1, 1 }, { "平", 1, 1 },  { "公顷", 10000, 1 },
		{ "亩", 2000, 3 },    { "坪", 33058, 10000 },            { "", 1, 1 },
	};
	struct text_cell cell;
	struct decimal decimal;
	struct view rest;
	__int128 micro;
	bool exact;
	if (!text_cell_fold(text, &cell))
		return NUMBER_BAD;
	rest = without_blanks(&cell);
	if (text_is_null(rest))
		return NUMBER_EMPTY;
	view_take(&rest, "约");
	if (!take_decimal(&rest, true, &decimal))
		return NUMBER_BAD;
	if (!scale(decimal, 0, &exact, &micro) || micro > INT64_MAX * (__int128)NUMBER_ONE ||
	    micro < INT64_MIN * (__int128)NUMBER_ONE)
		return NUMBER_OUT_OF_RANGE;
	for (size_t i = 0; i < sizeof units / sizeof *units; i++) {
		if (!view_is(rest, units[i].name))
			continue;
		/* A conversion of units is never exact, and nobody's fault. */
		enum number_result result = finish(micro * units[i].multiplier,
		                                   (__int128)units[i].divisor * (NUMBER_ONE / 100), exact, hundredths);
		return result == NUMBER_TOO_PRECISE && units[i].divisor != 1 ? NUMBER_OK : result;
	}
	return NUMBER_BAD;
}

enum number_result area_parse(struct view text, int64_t *hundredths)
{
	int64_t plain;
	if (number_parse_plain(text, &plain) && plain % (NUMBER_ONE / 100) == 0) {
		*hundredths = plain / (NUMBER_ONE / 100);
		return NUMBER_OK;
	}
	return parse_area(text, hundredths);
}

void area_format(int64_t hundredths, struct buf *out)
{
	number_format((__int128)hundredths * (NUMBER_ONE / 100), out);
}
