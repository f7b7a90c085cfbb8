/* Numbers of documents: shown, plain, short. */
#include "test.h"

#include "render/figure.h"

static const struct {
	enum doc_unit unit;
	int64_t number;
	const char *shown, *plain, *english, *chinese;
} numbers[] = {
	{ DOC_COUNT, 0, "0", "0", "0", "0" },
	{ DOC_COUNT, 999, "999", "999", "999", "999" },
	{ DOC_COUNT, -1000, "-1,000", "-1000", "-1,000", "-1,000" },
	{ DOC_COUNT, 99999, "99,999", "99999", "99,999", "99,999" },
	{ DOC_COUNT, 100000, "100,000", "100000", "100K", "10万" },
	{ DOC_COUNT, 1234567, "1,234,567", "1234567", "1.23M", "123.46万" },
	{ DOC_COUNT, -99999999, "-99,999,999", "-99999999", "-100M", "-10,000万" },
	{ DOC_COUNT, INT64_MAX, "9,223,372,036,854,775,807", "9223372036854775807", "9,223,372,037B", "92,233,720,369亿" },
	{ DOC_COUNT, INT64_MIN, "-9,223,372,036,854,775,808", "-9223372036854775808", "-9,223,372,037B", "-92,233,720,369亿" },
	{ DOC_MONEY, 5, "0.05", "0.05", "0", "0" },
	{ DOC_MONEY, -5, "-0.05", "-0.05", "0", "0" },
	{ DOC_MONEY, 50, "0.50", "0.50", "1", "1" },
	{ DOC_MONEY, 178543210055, "1,785,432,100.55", "1785432100.55", "1.79B", "17.85亿" },
	{ DOC_MONEY, INT64_MIN, "-92,233,720,368,547,758.08", "-92233720368547758.08", "-92,233,720B", "-922,337,204亿" },
	{ DOC_WAN, 1234567890, "1,234.57", "12345678.90", "12.35M", "1,235万" },
	{ DOC_WAN, 5000, "0.01", "50.00", "50", "50" }, /* half a hundredth is rounded away from zero */
	{ DOC_WAN, -4999, "0.00", "-49.99", "-50", "-50" },
	{ DOC_WAN, INT64_MAX, "9,223,372,036,854.78", "92233720368547758.07", "92,233,720B", "922,337,204亿" },
	{ DOC_RATE, 12350, "1.24%", "0.01235", "1.24%", "1.24%" },
	{ DOC_RATE, -49, "0.00%", "-0.000049", "0.00%", "0.00%" },
	{ DOC_RATE, 1000000, "100.00%", "1", "100.00%", "100.00%" },
	{ DOC_RATE, INT64_MIN, "-922,337,203,685,477.58%", "-9223372036854.775808", "-922,337,203,685,477.58%",
	  "-922,337,203,685,477.58%" },
	{ DOC_RATIO, 12345678, "12.35", "12.345678", "12.35", "12.35" },
	{ DOC_RATIO, 500000, "0.50", "0.5", "0.50", "0.50" },
	{ DOC_AREA, 8950, "89.50", "89.5", "90", "90" },
	{ DOC_DAYS, 125, "12.5", "12.5", "12.5", "12.5" },
	{ DOC_DAYS, 120, "12.0", "12", "12.0", "12.0" },
};

static void test_numbers(void)
{
	struct buf buf = { 0 };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		buf_reset(&buf);
		figure_shown(&buf, numbers[i].unit, numbers[i].number);
		CHECK_TEXT(buf_view(&buf), view_of(numbers[i].shown), "shown %zu", i);
		buf_reset(&buf);
		figure_plain(&buf, numbers[i].unit, numbers[i].number);
		CHECK_TEXT(buf_view(&buf), view_of(numbers[i].plain), "plain %zu", i);
		buf_reset(&buf);
		figure_short(&buf, numbers[i].unit, numbers[i].number, DOC_ENGLISH);
		CHECK_TEXT(buf_view(&buf), view_of(numbers[i].english), "short %zu", i);
		buf_reset(&buf);
		figure_short(&buf, numbers[i].unit, numbers[i].number, DOC_CHINESE);
		CHECK_TEXT(buf_view(&buf), view_of(numbers[i].chinese), "short, Chinese %zu", i);
	}
	buf_release(&buf);
}

static const struct {
	int64_t numerator, denominator, rate;
	bool there;
} rates[] = {
	{ 1, 3, 333333, true },
	{ 2, 3, 666667, true },
	{ 1, 2000000, 1, true }, /* half is rounded away from zero */
	{ -1, 2000000, -1, true },
	{ 5, 0, 0, false },
	{ 0, 0, 0, false },
	{ -7, -7, 1000000, true },
	{ INT64_MAX, INT64_MIN, -1000000, true },
	{ INT64_MAX, 1, 0, false }, /* does not fit */
};

static void test_rates(void)
{
	for (size_t i = 0; i < sizeof rates / sizeof *rates; i++) {
		int64_t rate = 0;
		bool there = figure_rate(rates[i].numerator, rates[i].denominator, &rate);
		CHECK(there == rates[i].there && rate == rates[i].rate, "rate %zu is %lld", i, (long long)rate);
	}
}

int main(void)
{
	test_numbers();
	test_rates();
	return test_end();
}
