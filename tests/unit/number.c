/* Tests of value/number. */
#include "value/number.h"

#include "gen.h"
#include "test.h"

static const struct {
	const char *text;
	unsigned accept;
	const char *expected; /* as number_format writes it; NULL: refused */
	const char *why;
} numbers[] = {
	{ "0", 0, "0", "zero" },
	{ "-0", 0, "0", "no minus before zero" },
	{ "-0.000", 0, "0", "nor with decimals" },
	{ "12.50", 0, "12.5", "no trailing zeros" },
	{ "+7", 0, "7", "a plus" },
	{ "-0.000001", 0, "-0.000001", "the smallest" },
	{ "0.0000001", 0, NULL, "a seventh decimal does not convert" },
	{ "1.2345670000", 0, "1.234567", "zeros behind are no decimals" },
	{ "1.10200300", 0, "1.102003", "zeros inside are" },
	{ "007", 0, "7", "leading zeros" },
	{ ".5", 0, NULL, "a digit before the point" },
	{ "5.", 0, NULL, "a digit behind it" },
	{ "", 0, NULL, "empty" },
	{ "-", 0, NULL, "only a sign" },
	{ "--1", 0, NULL, "two signs" },
	{ " 1", 0, NULL, "no blanks" },
	{ "1e3", 0, NULL, "no exponents" },
	{ "0x10", 0, NULL, "no hexadecimals" },
	{ "NaN", 0, NULL, "no words" },
	{ "1.5%", 0, NULL, "% only where asked for" },
	{ "1.5%", NUMBER_PERCENT, "0.015", "percent" },
	{ "1.5％", NUMBER_PERCENT, "0.015", "full width" },
	{ "15‰", NUMBER_PERCENT, "0.015", "per mille" },
	{ "0.0001%", NUMBER_PERCENT, "0.000001", "six decimals after scaling" },
	{ "0.00001%", NUMBER_PERCENT, NULL, "seven after scaling" },
	{ "123万", NUMBER_UNITS, "1230000", "万" },
	{ "1.2亿", NUMBER_UNITS, "120000000", "亿" },
	{ "1.2亿%", NUMBER_UNITS | NUMBER_PERCENT, NULL, "one unit" },
	{ "0.0000001万", NUMBER_UNITS, "0.001", "a unit saves decimals" },
	{ "1,234.5", NUMBER_THOUSANDS, "1234.5", "thousands" },
	{ "1,234,567", NUMBER_THOUSANDS, "1234567", "twice" },
	{ "1,234", 0, NULL, "only where asked for" },
	{ "12,34", NUMBER_THOUSANDS, NULL, "misplaced" },
	{ "1234,567", NUMBER_THOUSANDS, NULL, "a first group of four" },
	{ ",123", NUMBER_THOUSANDS, NULL, "nothing before the comma" },
	{ "1,234,", NUMBER_THOUSANDS, NULL, "nothing behind it" },
	{ "1,234,56", NUMBER_THOUSANDS, NULL, "short last group" },
	{ "1000000000000000000000000000000", 0, "1000000000000000000000000000000", "the greatest" },
	{ "1000000000000000000000000000000.000001", 0, NULL, "one millionth more" },
	{ "99999999999999999999999999999999999999999999", 0, NULL, "far too long" },
};

static void test_text(void)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct view copy = gen_copy(view_of(numbers[i].text));
		const char *expected = numbers[i].expected;
		__int128 value = 42;
		bool read = number_parse(copy, numbers[i].accept, &value);
		buf_reset(&out);
		number_format(value, &out);
		CHECK(read == (expected != NULL), "\"%s\": %s", numbers[i].text, numbers[i].why);
		CHECK_TEXT(buf_view(&out), expected ? view_of(expected) : VIEW("0.000042"), "\"%s\"", numbers[i].text);
		gen_free(copy);
	}
	buf_release(&out);
}

static __int128 any_number(uint64_t *state)
{
	__int128 value = gen_int64(state);
	value = value * INT64_MAX + gen_int64(state);
	value >>= gen_below(state, 100);
	return value % (NUMBER_MAX + 1);
}

static void test_properties(void)
{
	uint64_t seed = 7;
	struct buf out = { 0 };
	for (int i = 0; i < 20000; i++) {
		__int128 a = any_number(&seed), b = any_number(&seed), back = 0, sum = 0, mirror = 0;
		buf_reset(&out);
		number_format(a, &out);
		CHECK(number_parse(buf_view(&out), 0, &back) && back == a, "%s reads back", buf_string(&out));
		if (number_add(a, b, &sum))
			CHECK(number_sub(sum, b, &back) && back == a, "sum and difference");
		if (number_mul(a, b, &sum))
			CHECK(number_mul(-a, b, &mirror) && mirror == -sum, "a product is the mirror of its mirror");
		else
			CHECK(!number_mul(b, -a, &mirror), "overflow whichever way round");
		if (b && number_div(a, b, &sum)) {
			CHECK(number_div(a, -b, &mirror) && mirror == -sum, "so is a quotient");
			/* |a*10^6 - sum*b| <= |b|/2, where that can be computed. */
			__int128 left, right, gap;
			if (!__builtin_mul_overflow(a, NUMBER_ONE, &left) && !__builtin_mul_overflow(sum, b, &right)) {
				gap = left > right ? left - right : right - left;
				CHECK(gap <= (b < 0 ? -b : b) - gap, "the nearest quotient");
			}
		}
		int64_t small = (int32_t)gen_next(&seed), other = (int32_t)gen_next(&seed);
		CHECK(number_mul(small, other, &sum) && sum == number_round((__int128)small * other, NUMBER_ONE),
		      "small products are those of plain arithmetic");
	}
	buf_release(&out);
}

static void test_arithmetic(void)
{
	__int128 r = 5;
	CHECK(!number_div(NUMBER_ONE, 0, &r) && r == 5, "no division by zero, result left alone");
	CHECK(number_div(2 * NUMBER_ONE, 3 * NUMBER_ONE, &r) && r == 666667, "2/3");
	CHECK(number_div(-2 * NUMBER_ONE, 3 * NUMBER_ONE, &r) && r == -666667, "-2/3");
	CHECK(number_mul(1, 500000, &r) && r == 1, "half a millionth goes up");
	CHECK(number_mul(-1, 500000, &r) && r == -1, "and down below zero");
	CHECK(number_mul(1, 499999, &r) && r == 0, "less than half goes");
	CHECK(!number_add(NUMBER_MAX, 1, &r) && r == 0, "beyond the range");
	CHECK(!number_sub(-NUMBER_MAX, 1, &r), "and below it");
	CHECK(number_mul(NUMBER_MAX, NUMBER_ONE, &r) && r == NUMBER_MAX, "the greatest times one");
	CHECK(!number_mul(NUMBER_MAX, NUMBER_ONE + 1, &r), "and a little more");
	CHECK(!number_div(NUMBER_MAX, 1, &r), "division overflows too");
	CHECK(number_round(5, 10) == 1 && number_round(-5, 10) == -1 && number_round(4, 10) == 0 &&
	      number_round(15, 10) == 2 && number_round(-14, 10) == -1, "halves away from zero");
	CHECK(number_compare(1, 2) < 0 && number_compare(2, 2) == 0 && number_compare(3, 2) > 0, "order");
}

static const struct {
	const char *text;
	enum number_result result;
	int64_t expected;
	const char *why;
} rates[] = {
	{ "0.015", NUMBER_OK, 15000, "decimal" },
	{ "1.5%", NUMBER_OK, 15000, "percent" },
	{ "1.5％", NUMBER_OK, 15000, "full width" },
	{ "１.５ %", NUMBER_OK, 15000, "full-width digits, a blank" },
	{ "15‰", NUMBER_OK, 15000, "per mille" },
	{ "2‰", NUMBER_OK, 2000, "per mille" },
	{ "1.5个点", NUMBER_OK, 15000, "points" },
	{ "百分之1.5", NUMBER_OK, 15000, "in words" },
	{ "98折", NUMBER_OK, 980000, "two digits" },
	{ "9.8折", NUMBER_OK, 980000, "the same in tenths" },
	{ "95折", NUMBER_OK, 950000, "95" },
	{ "99.5折", NUMBER_OK, 995000, "with a decimal" },
	{ "8折", NUMBER_OK, 800000, "one digit" },
	{ "10折", NUMBER_BAD, 0, "ten is refused" },
	{ "100折", NUMBER_BAD, 0, "so is a hundred" },
	{ "0折", NUMBER_BAD, 0, "and none" },
	{ "95折再减2万", NUMBER_BAD, 0, "a policy, no rate" },
	{ "-1.5%", NUMBER_OK, -15000, "negative" },
	{ "100%", NUMBER_OK, 1000000, "all" },
	{ "", NUMBER_EMPTY, 0, "empty" },
	{ " - ", NUMBER_EMPTY, 0, "nothing" },
	{ "0.0000001", NUMBER_TOO_PRECISE, 0, "rounded, and said so" },
	{ "0.00000051", NUMBER_TOO_PRECISE, 1, "rounded up" },
	{ "99999999999999", NUMBER_OUT_OF_RANGE, 0, "does not fit" },
	{ "高", NUMBER_BAD, 0, "a word" },
}, areas[] = {
	{ "89.5", NUMBER_OK, 8950, "bare" },
	{ "89.50㎡", NUMBER_OK, 8950, "㎡" },
	{ "89.5 m²", NUMBER_OK, 8950, "m²" },
	{ "89.5M2", NUMBER_OK, 8950, "M2" },
	{ "约90平", NUMBER_OK, 9000, "about" },
	{ "90平米", NUMBER_OK, 9000, "平米" },
	{ "90平方米", NUMBER_OK, 9000, "平方米" },
	{ "1亩", NUMBER_OK, 66667, "亩" },
	{ "3亩", NUMBER_OK, 200000, "three are whole" },
	{ "10坪", NUMBER_OK, 3306, "坪" },
	{ "1,234.5㎡", NUMBER_OK, 123450, "thousands" },
	{ "89.123", NUMBER_TOO_PRECISE, 8912, "three decimals" },
	{ "89.125", NUMBER_TOO_PRECISE, 8913, "a half goes up" },
	{ "-89.125", NUMBER_TOO_PRECISE, -8913, "its mirror" },
	{ "无", NUMBER_EMPTY, 0, "nothing" },
	{ "90-110", NUMBER_BAD, 0, "a range is no area" },
	{ "99999999999999999999", NUMBER_OUT_OF_RANGE, 0, "does not fit" },
	{ "9999999999999999999公顷", NUMBER_OUT_OF_RANGE, 0, "nor so" },
	{ "3室", NUMBER_BAD, 0, "another unit" },
};

static void test_cells(void)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		int64_t got = 0;
		enum number_result result = rate_parse(view_of(rates[i].text), &got);
		CHECK(result == rates[i].result && got == rates[i].expected, "rate \"%s\": %s (%s, %lld)", rates[i].text,
		      rates[i].why, number_result_name(result), (long long)got);
	}
	for (size_t i = 0; i < sizeof areas / sizeof *areas; i++) {
		int64_t got = 0;
		enum number_result result = area_parse(view_of(areas[i].text), &got);
		CHECK(result == areas[i].result && got == areas[i].expected, "area \"%s\": %s (%s, %lld)", areas[i].text,
		      areas[i].why, number_result_name(result), (long long)got);
	}
	rate_format(15000, &out);
	buf_byte(&out, ' ');
	area_format(-8950, &out);
	CHECK_TEXT(buf_view(&out), VIEW("0.015 -89.5"), "shortest text");
	buf_release(&out);
}

int main(void)
{
	test_text();
	test_arithmetic();
	test_properties();
	test_cells();
	return test_end();
}
