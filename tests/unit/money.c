/* Tests of value/money. */
#include "value/money.h"

#include "gen.h"
#include "test.h"
#include "value/number.h"

static const struct {
	const char *text;
	bool read;
	int64_t fen;
	const char *why;
} plain[] = {
	{ "0", true, 0, "zero" },
	{ "-0", true, 0, "minus zero is zero" },
	{ "-0.00", true, 0, "so it is" },
	{ "1234.50", true, 123450, "two decimals" },
	{ "1234.5", true, 123450, "one" },
	{ "1234", true, 123400, "none" },
	{ "-1234.56", true, -123456, "negative" },
	{ "007", true, 700, "leading zeros" },
	{ "92233720368547758.07", true, INT64_MAX, "the greatest" },
	{ "92233720368547758.08", false, 0, "one fen more" },
	{ "-92233720368547758.08", true, INT64_MIN, "the least" },
	{ "-92233720368547758.09", false, 0, "one fen less" },
	{ "99999999999999999999", false, 0, "twenty digits" },
	{ "1e20", false, 0, "an exponent" },
	{ "0.005", false, 0, "three decimals" },
	{ "1.", false, 0, "nothing behind the point" },
	{ ".5", false, 0, "nothing before it" },
	{ "-.5", false, 0, "nor so" },
	{ "", false, 0, "empty" },
	{ "-", false, 0, "only a minus" },
	{ "--1", false, 0, "two" },
	{ "+1", false, 0, "a plus" },
	{ " 1", false, 0, "a blank" },
	{ "1 ", false, 0, "a blank behind" },
	{ "1,234", false, 0, "a comma" },
	{ "1.2.3", false, 0, "two points" },
	{ "１２", false, 0, "full width" },
	{ "NaN", false, 0, "a word" },
	{ "0x10", false, 0, "hexadecimal" },
};

static void test_plain(void)
{
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		struct view copy = gen_copy(view_of(plain[i].text));
		int64_t fen = 0;
		bool read = money_parse_plain(copy, &fen);
		CHECK(read == plain[i].read && fen == plain[i].fen, "\"%s\": %s", plain[i].text, plain[i].why);
		gen_free(copy);
	}
}

static const struct {
	int64_t fen;
	const char *text, *capital;
} forms[] = {
	{ 140950, "1409.50", "壹仟肆佰零玖元伍角整" },
	{ 600714, "6007.14", "陆仟零柒元壹角肆分" },
	{ 1640902, "16409.02", "壹万陆仟肆佰零玖元零贰分" },
	{ 32504, "325.04", "叁佰贰拾伍元零肆分" },
	{ 10700053, "107000.53", "壹拾万柒仟元零伍角叁分" },
	{ 168032, "1680.32", "壹仟陆佰捌拾元零叁角贰分" },
	{ 100010000, "1000100.00", "壹佰万零壹佰元整" },
	{ 56, "0.56", "伍角陆分" },
	{ 5, "0.05", "伍分" },
	{ 10000000000, "100000000.00", "壹亿元整" },
	{ 0, "0.00", "零元整" },
	{ -500, "-5.00", "负伍元整" },
	{ 10000500000, "100005000.00", "壹亿零伍仟元整" },
	{ 1000000000000001, "10000000000000.01", "壹拾万亿元零壹分" },
	{ 101000100, "1010001.00", "壹佰零壹万零壹元整" },
	{ 1234567890123456, "12345678901234.56", "壹拾贰万叁仟肆佰伍拾陆亿柒仟捌佰玖拾万壹仟贰佰叁拾肆元伍角陆分" },
	{ INT64_MAX, "92233720368547758.07", NULL },
	{ INT64_MIN, "-92233720368547758.08", NULL },
};

static void test_format(void)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		buf_reset(&out);
		money_format(forms[i].fen, &out);
		CHECK_TEXT(buf_view(&out), view_of(forms[i].text), "plain form");
		buf_reset(&out);
		bool written = money_format_capital(forms[i].fen, &out);
		CHECK(written == (forms[i].capital != NULL), "%s in words", forms[i].text);
		CHECK_TEXT(buf_view(&out), view_of(forms[i].capital ? forms[i].capital : ""), "%s", forms[i].text);
	}
	buf_release(&out);
}

static void test_rate(void)
{
	int64_t r = 7;
	CHECK(money_times_rate(100, 15000, &r) && r == 2, "1.5 fen is 2");
	CHECK(money_times_rate(-100, 15000, &r) && r == -2, "and its mirror");
	CHECK(money_times_rate(100, 14999, &r) && r == 1, "a little less is 1");
	CHECK(money_times_rate(100500, 500000, &r) && r == 50250, "half");
	CHECK(!money_times_rate(INT64_MAX, 1000001, &r) && r == 50250, "does not fit, result left alone");
	CHECK(money_times_rate(INT64_MAX, 1000000, &r) && r == INT64_MAX, "times one fits");
	r = INT64_MAX - 1;
	CHECK(money_add(&r, 1) && !money_add(&r, 1) && r == INT64_MAX, "sums are checked");
}

static void test_split(void)
{
	int64_t parts[4];
	CHECK(money_split(100, (int64_t[]){ 1, 1, 1 }, 3, parts) && parts[0] == 34 && parts[1] == 33 && parts[2] == 33,
	      "a tie goes to the earlier one");
	CHECK(money_split(-100, (int64_t[]){ 1, 1, 1 }, 3, parts) && parts[0] == -34 && parts[2] == -33, "mirrored");
	CHECK(money_split(10, (int64_t[]){ 0, 1, 2 }, 3, parts) && parts[0] == 0 && parts[1] == 3 && parts[2] == 7,
	      "nothing for a weight of 0");
	CHECK(money_split(2, (int64_t[]){ 1, 1, 1, 1 }, 4, parts) && parts[0] == 1 && parts[1] == 1 && parts[3] == 0,
	      "fewer fen than parts");
	CHECK(money_split(INT64_MIN, (int64_t[]){ 7 }, 1, parts) && parts[0] == INT64_MIN, "the least amount");
	CHECK(!money_split(1, (int64_t[]){ 0, 0 }, 2, parts), "no weight");
	CHECK(!money_split(1, (int64_t[]){ 2, -1 }, 2, parts), "a negative weight");
	CHECK(!money_split(1, (int64_t[]){ INT64_MAX, 1 }, 2, parts), "too much weight");
}

/* What the split must be, the slow way: fen by fen to the one with the greatest loss. */
static void split_slowly(uint64_t amount, const int64_t *weights, size_t count, int64_t *parts)
{
	unsigned __int128 sum = 0, losses[16];
	uint64_t left = amount;
	for (size_t i = 0; i < count; i++)
		sum += (uint64_t)weights[i];
	for (size_t i = 0; i < count; i++) {
		unsigned __int128 product = (unsigned __int128)amount * (uint64_t)weights[i];
		parts[i] = (int64_t)(product / sum);
		losses[i] = product % sum;
		left -= (uint64_t)parts[i];
	}
	for (; left; left--) {
		size_t most = 0;
		for (size_t i = 1; i < count; i++)
			if (losses[i] > losses[most])
				most = i;
		parts[most]++;
		losses[most] = 0;
	}
}

static void test_properties(void)
{
	uint64_t seed = 11;
	struct buf out = { 0 };
	for (int i = 0; i < 20000; i++) {
		int64_t fen = gen_int64(&seed), back, result, mirror;
		buf_reset(&out);
		money_format(fen, &out);
		struct view copy = gen_copy(buf_view(&out));
		CHECK(money_parse_plain(copy, &back) && back == fen, "%s reads back", buf_string(&out));
		gen_free(copy);
		int64_t rate = gen_int64(&seed);
		if (fen != INT64_MIN && money_times_rate(fen, rate, &result) && result != INT64_MIN)
			CHECK(money_times_rate(-fen, rate, &mirror) && mirror == -result, "r(-x) = -r(x)");
	}
	for (int i = 0; i < 3000; i++) {
		int64_t weights[16], parts[16], expected[16], mirror[16], total = 0;
		size_t count = 1 + gen_below(&seed, 16);
		int64_t fen = gen_int64(&seed) & INT64_MAX;
		for (size_t k = 0; k < count; k++)
			weights[k] = gen_below(&seed, 3) ? (int64_t)gen_below(&seed, 5) : gen_int64(&seed) >> 8 & INT64_MAX >> 8;
		if (!money_split(fen, weights, count, parts))
			continue;
		split_slowly((uint64_t)fen, weights, count, expected);
		for (size_t k = 0; k < count; k++)
			total += parts[k];
		CHECK(total == fen, "the parts make up the whole");
		CHECK(memcmp(parts, expected, count * sizeof *parts) == 0, "as by hand");
		CHECK(money_split(-fen, weights, count, mirror) && mirror[0] == -parts[0], "mirrored");
	}
	buf_release(&out);
}

int main(void)
{
	test_plain();
	test_format();
	test_rate();
	test_split();
	test_properties();
	return test_end();
}
