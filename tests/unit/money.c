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

static const struct {
	const char *text;
	int64_t unit;
	enum money_result result;
	const char *min, *max; /* yuan; NULL: none.  One amount: max NULL */
	const char *why;
} cells[] = {
	/* as spreadsheets write */
	{ "1234.5", 100, MONEY_OK, "1234.50", NULL, "plain" },
	{ "￥1,234.50", 100, MONEY_OK, "1234.50", NULL, "a sign and thousands" },
	{ "¥1,234,567.80", 100, MONEY_OK, "1234567.80", NULL, "the narrow sign" },
	{ "RMB 1,234.50元", 100, MONEY_OK, "1234.50", NULL, "words" },
	{ "1，234", 100, MONEY_OK, "1234.00", NULL, "a full-width comma" },
	{ "１２３．４", 100, MONEY_OK, "123.40", NULL, "full width" },
	{ "１２", 100, MONEY_OK, "12.00", NULL, "full-width digits" },
	{ "(1,234.00)", 100, MONEY_OK, "-1234.00", NULL, "brackets" },
	{ "（5.00）", 100, MONEY_OK, "-5.00", NULL, "full-width brackets" },
	{ "￥(1,234.00)", 100, MONEY_OK, "-1234.00", NULL, "a sign before them" },
	{ "100-", 100, MONEY_OK, "-100.00", NULL, "a trailing minus" },
	{ "－100", 100, MONEY_OK, "-100.00", NULL, "a full-width minus" },
	{ "−100", 100, MONEY_OK, "-100.00", NULL, "a minus sign" },
	{ "-￥100", 100, MONEY_OK, "-100.00", NULL, "minus, then the sign" },
	{ "￥-100", 100, MONEY_OK, "-100.00", NULL, "the sign, then minus" },
	{ "-100-", 100, MONEY_BAD, NULL, NULL, "two minus signs" },
	{ "(-100)", 100, MONEY_BAD, NULL, NULL, "brackets and minus" },
	{ "-0", 100, MONEY_OK, "0.00", NULL, "minus zero" },
	{ " 7", 100, MONEY_OK, "7.00", NULL, "a blank" },
	{ "7.", 100, MONEY_OK, "7.00", NULL, "Excel's 0.## writes this" },
	{ ".7", 100, MONEY_OK, "0.70", NULL, "and this" },
	{ "1.23E+06", 100, MONEY_OK, "1230000.00", NULL, "an exponent is exact" },
	{ "1.5e-1", 100, MONEY_OK, "0.15", NULL, "a negative one" },
	{ "1e20", 100, MONEY_OUT_OF_RANGE, NULL, NULL, "too large" },
	{ "1e99", 100, MONEY_OUT_OF_RANGE, NULL, NULL, "far too large" },
	{ "99999999999999999999", 100, MONEY_OUT_OF_RANGE, NULL, NULL, "twenty digits" },
	{ "99999999999999999999999999999999999999999999", 100, MONEY_OUT_OF_RANGE, NULL, NULL, "more" },
	{ "92233720368547758.08", 100, MONEY_OUT_OF_RANGE, NULL, NULL, "one fen too many" },
	{ "-92233720368547758.08", 100, MONEY_OK, "-92233720368547758.08", NULL, "the least" },
	{ "0.005", 100, MONEY_TOO_PRECISE, "0.01", NULL, "half a fen" },
	{ "-0.005", 100, MONEY_TOO_PRECISE, "-0.01", NULL, "its mirror" },
	{ "1.005", 100, MONEY_TOO_PRECISE, "1.01", NULL, "no binary fraction" },
	{ "1.000", 100, MONEY_OK, "1.00", NULL, "zeros are not precise" },
	{ "0.0000000000000001", 100, MONEY_TOO_PRECISE, "0.00", NULL, "next to nothing" },
	{ "12,34", 100, MONEY_AMBIGUOUS, NULL, NULL, "a misplaced comma" },
	{ "1,23", 100, MONEY_AMBIGUOUS, NULL, NULL, "perhaps a decimal comma" },
	{ "1234,567", 100, MONEY_AMBIGUOUS, NULL, NULL, "four before it" },
	{ "100 200", 100, MONEY_AMBIGUOUS, NULL, NULL, "two numbers" },
	{ "NaN", 100, MONEY_BAD, NULL, NULL, "a word" },
	{ "0x10", 100, MONEY_BAD, NULL, NULL, "hexadecimal" },
	{ "#REF!", 100, MONEY_BAD, NULL, NULL, "an error of Excel" },
	{ "$100", 100, MONEY_BAD, NULL, NULL, "another currency" },
	{ "1.2.3", 100, MONEY_BAD, NULL, NULL, "two points" },
	{ "", 100, MONEY_EMPTY, NULL, NULL, "empty" },
	{ "-", 100, MONEY_EMPTY, NULL, NULL, "nothing" },
	{ "暂无", 100, MONEY_EMPTY, NULL, NULL, "nothing in words" },
	{ "￥", 100, MONEY_BAD, NULL, NULL, "a sign alone" },
	{ "元", 100, MONEY_BAD, NULL, NULL, "a unit alone" },
	{ "万", 100, MONEY_BAD, NULL, NULL, "another" },
	/* units */
	{ "123万", 100, MONEY_OK, "1230000.00", NULL, "万" },
	{ "12.5万", 100, MONEY_OK, "125000.00", NULL, "with a decimal" },
	{ "1.2亿", 100, MONEY_OK, "120000000.00", NULL, "亿" },
	{ "1.23456789亿", 100, MONEY_OK, "123456789.00", NULL, "eight decimals" },
	{ "1亿2000万", 100, MONEY_OK, "120000000.00", NULL, "a sum" },
	{ "1亿2000万元", 100, MONEY_OK, "120000000.00", NULL, "with 元" },
	{ "3万5千", 100, MONEY_OK, "35000.00", NULL, "a sum" },
	{ "2千5百万", 100, MONEY_OK, "25000000.00", NULL, "a section" },
	{ "3百万", 100, MONEY_OK, "3000000.00", NULL, "百万" },
	{ "5十万", 100, MONEY_OK, "500000.00", NULL, "十万" },
	{ "1.5千万", 100, MONEY_OK, "15000000.00", NULL, "千万" },
	{ "1万亿", 100, MONEY_OK, "1000000000000.00", NULL, "万亿" },
	{ "1万2000亿", 100, MONEY_OK, "1200000000000.00", NULL, "and more" },
	{ "150w", 100, MONEY_OK, "1500000.00", NULL, "w" },
	{ "150W", 100, MONEY_OK, "1500000.00", NULL, "W" },
	{ "3.5k", 100, MONEY_OK, "3500.00", NULL, "k" },
	{ "1万2000", 100, MONEY_OK, "12000.00", NULL, "fills its places" },
	{ "1万2000.50元", 100, MONEY_OK, "12000.50", NULL, "with decimals" },
	{ "3千5", 100, MONEY_AMBIGUOUS, NULL, NULL, "3500 or 3005" },
	{ "1万2", 100, MONEY_AMBIGUOUS, NULL, NULL, "12000 or 10002" },
	{ "1.2亿3000万", 100, MONEY_AMBIGUOUS, NULL, NULL, "a decimal inside a sum" },
	{ "3千5万", 100, MONEY_AMBIGUOUS, NULL, NULL, "3005万 or 3500万" },
	{ "1万3亿", 100, MONEY_AMBIGUOUS, NULL, NULL, "no number" },
	{ "1亿万", 100, MONEY_BAD, NULL, NULL, "units fall" },
	{ "1万万", 100, MONEY_BAD, NULL, NULL, "once each" },
	{ "1亿12000万", 100, MONEY_BAD, NULL, NULL, "more than the unit before" },
	{ "2百3千", 100, MONEY_BAD, NULL, NULL, "units rise" },
	{ "3元5角", 100, MONEY_OK, "3.50", NULL, "元 and 角" },
	{ "5分", 100, MONEY_OK, "0.05", NULL, "分" },
	{ "3元5", 100, MONEY_AMBIGUOUS, NULL, NULL, "cut short" },
	{ "3元12角", 100, MONEY_BAD, NULL, NULL, "no digit" },
	{ "5角3元", 100, MONEY_BAD, NULL, NULL, "the wrong way round" },
	{ "100元/㎡", 100, MONEY_BAD, NULL, NULL, "a price by area" },
	{ "95折再减2万", 100, MONEY_BAD, NULL, NULL, "a policy" },
	/* the header's unit */
	{ "120", MONEY_WAN, MONEY_OK, "1200000.00", NULL, "万 by the header" },
	{ "1.23456", MONEY_WAN, MONEY_OK, "12345.60", NULL, "decimals by the header" },
	{ "1.234567", MONEY_WAN, MONEY_OK, "12345.67", NULL, "six of them" },
	{ "1.2345678", MONEY_WAN, MONEY_TOO_PRECISE, "12345.68", NULL, "seven" },
	{ "1200000元", MONEY_WAN, MONEY_OK, "1200000.00", NULL, "the cell's own unit wins" },
	{ "120万", MONEY_WAN, MONEY_OK, "1200000.00", NULL, "the same one is not applied twice" },
	{ "-3", MONEY_WAN, MONEY_OK, "-30000.00", NULL, "negative" },
	/* Chinese numerals */
	{ "一百二十万", 100, MONEY_OK, "1200000.00", NULL, "small" },
	{ "一亿两千万", 100, MONEY_OK, "120000000.00", NULL, "两" },
	{ "十五万", 100, MONEY_OK, "150000.00", NULL, "十 alone" },
	{ "二十五万", 100, MONEY_OK, "250000.00", NULL, "25" },
	{ "一百零五万", 100, MONEY_OK, "1050000.00", NULL, "零" },
	{ "一千零五", 100, MONEY_OK, "1005.00", NULL, "零 makes it clear" },
	{ "三百二", 100, MONEY_AMBIGUOUS, NULL, NULL, "320 or 302" },
	{ "二〇〇万", 100, MONEY_OK, "2000000.00", NULL, "digit by digit" },
	{ "壹佰贰拾万元整", 100, MONEY_OK, "1200000.00", NULL, "capitals" },
	{ "壹拾万零柒仟元伍角叁分", 100, MONEY_OK, "107000.53", NULL, "the other permitted form" },
	{ "人民币：壹仟肆佰零玖圆伍角正", 100, MONEY_OK, "1409.50", NULL, "with a colon" },
	{ "人民币壹仟肆佰零玖圆伍角正", 100, MONEY_OK, "1409.50", NULL, "人民币, 圆, 正" },
	{ "负伍元整", 100, MONEY_OK, "-5.00", NULL, "负" },
	{ "零元整", 100, MONEY_OK, "0.00", NULL, "nothing, in words" },
	{ "几十万", 100, MONEY_BAD, NULL, NULL, "no number" },
	{ "百万", 100, MONEY_BAD, NULL, NULL, "nor this" },
	/* ranges */
	{ "150-200万", 100, MONEY_RANGE, "1500000.00", "2000000.00", "one unit for both" },
	{ "150~200", 100, MONEY_RANGE, "150.00", "200.00", "no unit" },
	{ "150～200", MONEY_WAN, MONEY_RANGE, "1500000.00", "2000000.00", "the header's" },
	{ "150万-200万", 100, MONEY_RANGE, "1500000.00", "2000000.00", "both named" },
	{ "50万-1亿", 100, MONEY_RANGE, "500000.00", "100000000.00", "two units" },
	{ "150至200万元", 100, MONEY_RANGE, "1500000.00", "2000000.00", "至" },
	{ "150—200万", 100, MONEY_RANGE, "1500000.00", "2000000.00", "a dash" },
	{ "1-2千万", 100, MONEY_RANGE, "10000000.00", "20000000.00", "千万 for both" },
	{ "200万以内", 100, MONEY_RANGE, NULL, "2000000.00", "at most" },
	{ "200万以下", 100, MONEY_RANGE, NULL, "2000000.00", "below" },
	{ "不超过200万", 100, MONEY_RANGE, NULL, "2000000.00", "in front" },
	{ "≤200万", 100, MONEY_RANGE, NULL, "2000000.00", "a sign" },
	{ "300万以上", 100, MONEY_RANGE, "3000000.00", "", "at least" },
	{ "300万起", 100, MONEY_RANGE, "3000000.00", "", "from" },
	{ "300万+", 100, MONEY_RANGE, "3000000.00", "", "plus" },
	{ "200-150万", 100, MONEY_AMBIGUOUS, NULL, NULL, "the wrong way round" },
	{ "8000-1万", 100, MONEY_AMBIGUOUS, NULL, NULL, "whose unit?" },
	{ "100万-200", 100, MONEY_AMBIGUOUS, NULL, NULL, "whose unit?" },
	{ "5百-8百万", 100, MONEY_AMBIGUOUS, NULL, NULL, "500 or 500万?" },
	{ "1-2-3", 100, MONEY_BAD, NULL, NULL, "three numbers" },
	{ "-1-2", 100, MONEY_BAD, NULL, NULL, "a negative range" },
	{ "1-2以上", 100, MONEY_BAD, NULL, NULL, "a range from" },
};

static void test_cells(void)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		struct view copy = gen_copy(view_of(cells[i].text));
		struct money_found found;
		enum money_result result = money_parse(copy, cells[i].unit, &found);
		CHECK(result == cells[i].result, "\"%s\": %s (%s)", cells[i].text, cells[i].why, money_result_name(result));
		bool one = result == MONEY_OK || result == MONEY_TOO_PRECISE;
		const char *min = cells[i].min, *max = one ? min : cells[i].max;
		CHECK(found.has_min == (min != NULL) && found.has_max == (max && *max), "bounds of \"%s\"", cells[i].text);
		buf_reset(&out);
		if (found.has_min)
			money_format(found.min, &out);
		CHECK_TEXT(buf_view(&out), view_of(min ? min : ""), "\"%s\": %s", cells[i].text, cells[i].why);
		buf_reset(&out);
		if (found.has_max)
			money_format(found.max, &out);
		CHECK_TEXT(buf_view(&out), view_of(max ? max : ""), "\"%s\": %s", cells[i].text, cells[i].why);
		gen_free(copy);
	}
	struct money_found found;
	CHECK(money_parse(VIEW("约300万左右"), 100, &found) == MONEY_BAD, "about twice");
	CHECK(money_parse(VIEW("300万左右"), 100, &found) == MONEY_OK && found.about && found.min == 300000000, "about");
	CHECK(money_parse(VIEW("约100-200万"), 100, &found) == MONEY_RANGE && found.about, "about a range");
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
	for (int i = 0; i < 5000; i++) {
		int64_t fen = gen_int64(&seed) / 1000;
		struct money_found found;
		buf_reset(&out);
		if (money_format_capital(fen, &out))
			CHECK(money_parse(buf_view(&out), MONEY_WAN, &found) == MONEY_OK && found.min == fen,
			      "%lld reads back from %s", (long long)fen, buf_string(&out));
	}
	for (int i = 0; i < 20000; i++) {
		static const char *const pieces[] = { "1", "2", "0", "5", "000", "1234", ".", ",", "-", "(", ")", "e", "+", "万", "亿", "千", "百", "十", "元", "角", "分", "整", "零", "壹", "￥", "~", "以上", "约", " ", "w", "１" };
		struct view text = gen_text(&seed, pieces, sizeof pieces / sizeof *pieces, 10);
		struct money_found found;
		int64_t plain_fen, back;
		enum money_result result = money_parse(text, MONEY_YUAN, &found);
		CHECK(!money_parse_plain(text, &plain_fen) || (result == MONEY_OK && found.min == plain_fen), "plain text is text");
		if (result == MONEY_OK) {
			buf_reset(&out);
			money_format(found.min, &out);
			CHECK(money_parse_plain(buf_view(&out), &back) && back == found.min, "parse, format, parse");
		}
		gen_free(text);
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
	test_cells();
	test_format();
	test_rate();
	test_split();
	test_properties();
	return test_end();
}
