/* Numbers, rates and areas: written and read again they are the same; arithmetic stays in range. */
#include "fuzz.h"

#include "value/number.h"

static void check_number(__int128 micro)
{
	struct buf text = { 0 };
	__int128 again, sum;
	PROPERTY(micro <= NUMBER_MAX && micro >= -NUMBER_MAX, "in range");
	number_format(micro, &text);
	PROPERTY(number_parse(buf_view(&text), 0, &again) && again == micro, "written: %s", buf_string(&text));
	PROPERTY(number_sub(micro, micro, &sum) && sum == 0, "x - x");
	PROPERTY(number_mul(micro, NUMBER_ONE, &sum) && sum == micro, "x * 1");
	PROPERTY(micro == 0 || (number_div(micro, micro, &sum) && sum == NUMBER_ONE), "x / x");
	if (number_mul(micro, micro, &sum))
		PROPERTY(sum >= 0 && sum <= NUMBER_MAX, "x * x");
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view cell = fuzz_copy(fuzz_bytes(bytes, len));
	__int128 micro;
	int64_t value, again;
	enum number_result result;
	for (unsigned accept = 0; accept < 8; accept++)
		if (number_parse(cell, accept, &micro))
			check_number(micro);
	result = rate_parse(cell, &value);
	if (result == NUMBER_OK || result == NUMBER_TOO_PRECISE) {
		struct buf text = { 0 };
		rate_format(value, &text);
		PROPERTY(rate_parse(buf_view(&text), &again) == NUMBER_OK && again == value, "rate %s", buf_string(&text));
		buf_release(&text);
	}
	result = area_parse(cell, &value);
	if (result == NUMBER_OK || result == NUMBER_TOO_PRECISE) {
		struct buf text = { 0 };
		area_format(value, &text);
		PROPERTY(area_parse(buf_view(&text), &again) == NUMBER_OK && again == value, "area %s", buf_string(&text));
		buf_release(&text);
	}
	fuzz_free(cell);
	return 0;
}
