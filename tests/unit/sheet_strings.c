/* Shared texts: the same whether they are in memory or in a file, in any order. */
#include "sheet/strings.h"

#include <stdio.h>

#include "base/buf.h"
#include "gen.h"
#include "test.h"

static struct view text_of(uint64_t number, char text[static 64])
{
	/* Empty ones, short ones, some longer than a window is not: lengths differ. */
	int len = number % 7 ? snprintf(text, 64, "%0*llu", (int)(number % 50) + 1, (unsigned long long)number) : 0;
	return view(text, (size_t)len);
}

static void check_all(size_t memory, uint64_t count)
{
	struct strings *strings = strings_new(memory);
	uint64_t state = 1, wrong = 0;
	char text[64];
	struct view got;
	for (uint64_t i = 0; i < count; i++)
		strings_add(strings, text_of(i, text));
	CHECK(strings_count(strings) == count, "%llu texts", (unsigned long long)count);
	for (uint64_t i = 0; i < count; i++)
		wrong += !strings_get(strings, i, &got) || !view_equal(got, text_of(i, text));
	CHECK(!wrong, "memory %zu: in their order, %llu wrong", memory, (unsigned long long)wrong);
	for (uint64_t i = 0; i < 2000 && count; i++) {
		uint64_t number = gen_below(&state, count);
		wrong += !strings_get(strings, number, &got) || !view_equal(got, text_of(number, text));
	}
	CHECK(!wrong, "memory %zu: in any order, %llu wrong", memory, (unsigned long long)wrong);
	CHECK(!strings_get(strings, count, &got) && !strings_get(strings, UINT64_MAX, &got), "none behind the last");
	strings_free(strings);
}

static void check_long(void)
{
	struct strings *strings = strings_new(100);
	struct buf text = { 0 };
	struct view got;
	for (size_t i = 0; i < 300000; i++)
		buf_byte(&text, (char)('a' + i % 26));
	strings_add(strings, VIEW("first"));
	strings_add(strings, buf_view(&text));
	strings_add(strings, VIEW("last"));
	CHECK(strings_get(strings, 1, &got) && view_equal(got, buf_view(&text)), "a text longer than the memory");
	CHECK(strings_get(strings, 2, &got) && view_is(got, "last"), "what follows it");
	CHECK(strings_get(strings, 0, &got) && view_is(got, "first"), "what is before it");
	CHECK(strings_bytes(strings) == 300009, "bytes of all");
	strings_free(strings);
	buf_release(&text);
}

int main(void)
{
	static const size_t memories[] = { 0, 1, 100, 3000, 100000, SIZE_MAX };
	for (size_t i = 0; i < sizeof memories / sizeof *memories; i++) {
		check_all(memories[i], 0);
		check_all(memories[i], 1);
		check_all(memories[i], 20000);
	}
	check_long();
	return test_end();
}
