/* Discounts. */
#include "value/discount.h"

#include "test.h"

static const struct {
	const char *text;
	enum number_result result;
	int64_t micro, less;
	const char *why;
} discounts[] = {
	{ "98折", NUMBER_OK, 980000, 0, "hundredths" },
	{ "9.8折", NUMBER_OK, 980000, 0, "tenths" },
	{ "98.5折", NUMBER_OK, 985000, 0, "a decimal" },
	{ "8折", NUMBER_OK, 800000, 0, "one digit" },
	{ "九八折", NUMBER_OK, 980000, 0, "Chinese digits" },
	{ "九点五折", NUMBER_OK, 950000, 0, "with a point" },
	{ "九折", NUMBER_OK, 900000, 0, "one" },
	{ "九八五折", NUMBER_OK, 985000, 0, "three" },
	{ "对折", NUMBER_OK, 500000, 0, "half" },
	{ "98%", NUMBER_OK, 980000, 0, "percent" },
	{ "９８％", NUMBER_OK, 980000, 0, "of full width" },
	{ "0.98", NUMBER_OK, 980000, 0, "a rate" },
	{ "1", NUMBER_OK, 1000000, 0, "none" },
	{ "100%", NUMBER_OK, 1000000, 0, "none" },
	{ "98", NUMBER_OK, 980000, 0, "a number alone: hundredths" },
	{ "9.8", NUMBER_OK, 980000, 0, "or tenths" },
	{ "100", NUMBER_OK, 1000000, 0, "all of it" },
	{ "1.2", NUMBER_OK, 1200000, 0, "a rate above 1" },
	{ "120%", NUMBER_OK, 1200000, 0, "the same" },
	{ "300%", NUMBER_OUT_OF_RANGE, 0, 0, "that is none" },
	{ "98折*99折", NUMBER_OK, 970200, 0, "two" },
	{ "98折再99折", NUMBER_OK, 970200, 0, "in words" },
	{ "98折后99折", NUMBER_OK, 970200, 0, "in others" },
	{ "98折 × 99折 × 99折", NUMBER_OK, 960498, 0, "three" },
	{ "0.98*0.99", NUMBER_OK, 970200, 0, "rates" },
	{ "95折再减2万", NUMBER_OK, 950000, 2000000, "and an amount less" },
	{ "95折,优惠20000元", NUMBER_OK, 950000, 2000000, "another word" },
	{ "减2万", NUMBER_OK, 1000000, 2000000, "only an amount" },
	{ "一次性98折", NUMBER_OK, 980000, 0, "a condition" },
	{ "無優惠", NUMBER_OK, 1000000, 0, "none, in traditional characters" },
	{ "原价", NUMBER_OK, 1000000, 0, "none" },
	{ "99.9折*99.9折*99.9折", NUMBER_TOO_PRECISE, 997003, 0, "rounded at the sixth decimal" },
	{ "", NUMBER_EMPTY, 0, 0, "empty" },
	{ "无", NUMBER_EMPTY, 0, 0, "nothing" },
	{ "10折", NUMBER_BAD, 0, 0, "nobody means it" },
	{ "10", NUMBER_BAD, 0, 0, "nor this" },
	{ "0折", NUMBER_BAD, 0, 0, "nor this" },
	{ "985折", NUMBER_BAD, 0, 0, "too large" },
	{ "101", NUMBER_BAD, 0, 0, "too large" },
	{ "-0.5", NUMBER_BAD, 0, 0, "negative" },
	{ "98*99", NUMBER_BAD, 0, 0, "numbers alone are no factors" },
	{ "98折99折", NUMBER_BAD, 0, 0, "nothing between" },
	{ "一次性98折按揭99折", NUMBER_BAD, 0, 0, "two conditions" },
	{ "95折再减", NUMBER_BAD, 0, 0, "no amount" },
	{ "总经理特批", NUMBER_BAD, 0, 0, "words" },
	{ "九八", NUMBER_BAD, 0, 0, "no 折" },
	{ "98折*", NUMBER_BAD, 0, 0, "nothing behind the sign" },
};

int main(void)
{
	for (size_t i = 0; i < sizeof discounts / sizeof *discounts; i++) {
		struct discount discount = { 0, 0 };
		enum number_result result = discount_parse(view_of(discounts[i].text), &discount);
		CHECK(result == discounts[i].result, "%s: %s", discounts[i].text, number_result_name(result));
		CHECK(discount.micro == discounts[i].micro, "%s: %lld, %s", discounts[i].text, (long long)discount.micro,
		      discounts[i].why);
		CHECK(discount.less == discounts[i].less, "%s: less %lld", discounts[i].text, (long long)discount.less);
	}
	return test_end();
}
