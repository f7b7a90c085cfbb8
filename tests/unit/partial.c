/* partial: numbers and parts of a partial state; its lines are tested by tests/partial.sh and cases. */
#include "engine/partial.h"

#include "test.h"

/* ---- numbers ---- */

static const struct {
	const char *text;
	bool good;
	const char *why;
} numbers[] = {
	{ "0", true, "nothing" },
	{ "-1", true, "less than nothing" },
	{ "9223372036854775807", true, "the most of 64 bits" },
	{ "9223372036854775808", true, "and one more" },
	{ "-18446744073709551616", true, "beyond 64 bits" },
	{ "39614081257132168796771975167", true, "the most there is" },
	{ "-39614081257132168796771975167", true, "the least" },
	{ "39614081257132168796771975168", false, "one too many" },
	{ "-39614081257132168796771975168", false, "the same below" },
	{ "100000000000000000000000000000", false, "30 digits" },
	{ "340282366920938463463374607431768211457", false, "would come round to 1" },
	{ "", false, "no digit" },
	{ "-", false, "a sign alone" },
	{ "+1", false, "no other sign" },
	{ "--1", false, "one sign" },
	{ " 1", false, "blanks" },
	{ "1.5", false, "no fractions" },
};

static void test_numbers(void)
{
	struct buf text = { 0 };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		__int128 number = 0;
		bool good = partial_parse_number(view_of(numbers[i].text), &number);
		CHECK(good == numbers[i].good, "\"%s\": %s", numbers[i].text, numbers[i].why);
		if (!good)
			continue;
		buf_reset(&text);
		partial_put_number(&text, number);
		CHECK_TEXT(buf_view(&text), view_of(numbers[i].text), "there and back: %s", numbers[i].why);
	}
	buf_release(&text);
}

/* ---- parts ---- */

static void test_parts(void)
{
	const struct view parts[] = { VIEW("plain"), VIEW(""), VIEW("a\tb"), VIEW("\\"), VIEW("\\N"), VIEW("\\t"), VIEW("a\nb\r"),
	                              VIEW("\0"), VIEW("车位"), VIEW("\xff"), VIEW("") };
	const size_t count = sizeof parts / sizeof *parts;
	struct buf all = { 0 };
	struct arena arena = { 0 };
	for (size_t i = 0; i < count; i++)
		partial_part(&all, parts[i], i == 0);
	CHECK(view_find_byte(buf_view(&all), '\n') == SIZE_MAX, "one line");
	struct view rest = buf_view(&all);
	for (size_t i = 0; i < count; i++) {
		struct view part = partial_take(&rest, &arena);
		CHECK_TEXT(part, parts[i], "part %zu", i);
	}
	CHECK(!rest.ptr, "no more");
	CHECK(partial_take(&rest, &arena).len == 0, "and what is not there is empty");
	arena_release(&arena);
	buf_release(&all);
}

int main(void)
{
	test_numbers();
	test_parts();
	return test_end();
}
