/* Patterns: yes, no, errors with their place, bytes that are no UTF-8, and limits. */
#include "rule/pattern.h"

#include <stdlib.h>
#include <time.h>

#include "test.h"

static const struct {
	const char *pattern;
	struct view subject;
	enum pattern_result expected;
	const char *why;
} matches[] = {
	{ "学区|学校", VIEW("靠近学校"), PATTERN_YES, "alternatives of plain text" },
	{ "学区|学校", VIEW("靠近地铁"), PATTERN_NO, "none of them" },
	{ "中介", VIEW("中介"), PATTERN_YES, "the whole subject" },
	{ "中介", VIEW("中"), PATTERN_NO, "subject shorter than the pattern" },
	{ "中介", VIEW(""), PATTERN_NO, "empty subject" },
	{ "", VIEW(""), PATTERN_YES, "an empty pattern is found everywhere" },
	{ "^$", VIEW(""), PATTERN_YES, "empty and anchored" },
	{ "a|", VIEW("b"), PATTERN_YES, "an empty alternative is found everywhere" },
	{ "^13[0-9]{9}$", VIEW("13800000001"), PATTERN_YES, "anchored" },
	{ "^13[0-9]{9}$", VIEW("a13800000001"), PATTERN_NO, "anchored" },
	{ "^..$", VIEW("中介"), PATTERN_YES, "a dot is a character, not a byte" },
	{ "\\w+", VIEW("客户"), PATTERN_YES, "letters of any script are word characters" },
	{ "(?i)vip", VIEW("VIP客户"), PATTERN_YES, "options inside the pattern" },
	{ "介", VIEW("\xE4\xB8\xE4\xBB\x8B"), PATTERN_YES, "found behind a broken character" },
	{ "介", VIEW("\xF0\xE4\xBB\x8B\x8B"), PATTERN_YES, "found between stray bytes" },
	{ "\xC2\x80", VIEW("\xC2"), PATTERN_NO, "half a character is none" },
	{ ".", VIEW("\xFF\xFE"), PATTERN_NO, "a byte that is no UTF-8 matches nothing" },
	{ "^a", VIEW("\xFF" "a"), PATTERN_NO, "it is there all the same: not the beginning" },
	{ "a\\x00b", VIEW("a\0b"), PATTERN_YES, "NUL is data" },
	{ "(.)\\1", VIEW("天天"), PATTERN_YES, "a group, although no group is asked for" },
};

static const struct {
	struct view pattern;
	size_t offset;
	const char *why;
} errors[] = {
	{ VIEW("学区("), 7, "a bracket left open" },
	{ VIEW("a**"), 2, "nothing to repeat" },
	{ VIEW("[a"), 2, "a class left open" },
	{ VIEW("(?<n"), 4, "a name left open" },
	{ VIEW("\\C"), 2, "single bytes are not to be had" },
	{ VIEW("a\xFF"), 1, "the pattern must be UTF-8" },
};

static void test_matches(struct pattern_scratch *scratch)
{
	struct arena arena = { 0 };
	struct pattern_error error;
	for (size_t i = 0; i < sizeof matches / sizeof matches[0]; i++) {
		struct pattern *pattern = pattern_compile(&arena, view_of(matches[i].pattern), &error);
		CHECK(pattern, "%s: %s", matches[i].pattern, matches[i].why);
		if (!pattern)
			continue;
		enum pattern_result got = pattern_match(pattern, scratch, matches[i].subject);
		CHECK(got == matches[i].expected, "%s: %s: got %d", matches[i].pattern, matches[i].why, (int)got);
		pattern_release(pattern);
	}
	struct pattern *pattern = pattern_compile(&arena, VIEW("^$"), &error);
	CHECK(pattern_match(pattern, scratch, view(NULL, 0)) == PATTERN_YES, "a subject without bytes may be NULL");
	pattern_release(pattern);
	arena_release(&arena);
}

static void test_errors(void)
{
	struct arena arena = { 0 };
	for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
		struct pattern_error error = { .offset = 99 };
		struct pattern *pattern = pattern_compile(&arena, errors[i].pattern, &error);
		CHECK(!pattern, "%s", errors[i].why);
		if (!pattern)
			CHECK(error.offset == errors[i].offset && error.message[0], "%s: got %zu, %s", errors[i].why,
			      error.offset, error.message);
		else
			pattern_release(pattern);
	}
	char *longest = heap_alloc(PATTERN_LONGEST + 1);
	memset(longest, 'a', PATTERN_LONGEST + 1);
	struct pattern_error error;
	struct pattern *pattern = pattern_compile(&arena, view(longest, PATTERN_LONGEST), &error);
	CHECK(pattern, "a pattern of 4096 bytes is taken");
	if (pattern)
		pattern_release(pattern);
	CHECK(!pattern_compile(&arena, view(longest, PATTERN_LONGEST + 1), &error) && error.offset == PATTERN_LONGEST,
	      "one of 4097 is not");
	free(longest);
	arena_release(&arena);
}

static double seconds(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

/* Patterns that never end without limits: each ends soon, and never with a wrong "no".
 * What each gives is PCRE2's affair (some it optimises away); the true answer is known. */
static void test_catastrophes(struct pattern_scratch *scratch)
{
	static const struct {
		const char *pattern;
		bool found; /* by an unlimited matcher */
	} bait[] = {
		{ "(a+)+$", false }, { "(a|a)*$", true }, { "(a|aa)+$", false }, { "([a-zA-Z]+)*$", true },
		{ "(.*a){20}", true }, { "^(([a-z])+.)+[A-Z]([a-z])+$", false }, { "(\\w+\\s?)*!", true },
		{ "(?=(a+))\\1*b", false }, { "(a+)+\\d", false }, { "(x+x+)+y|(a+a+)+y", false },
	};
	struct arena arena = { 0 };
	char subject[5001];
	memset(subject, 'a', 5000);
	subject[5000] = '!';
	unsigned limits = 0;
	for (size_t i = 0; i < sizeof bait / sizeof bait[0]; i++)
		for (int interpret = 0; interpret < 2; interpret++) {
			char source[64];
			snprintf(source, sizeof source, "%s%s", interpret ? "(*NO_JIT)" : "", bait[i].pattern);
			struct pattern_error error;
			struct pattern *pattern = pattern_compile(&arena, view_of(source), &error);
			double begin = seconds();
			enum pattern_result got = pattern_match(pattern, scratch, view(subject, sizeof subject));
			double took = seconds() - begin;
			CHECK(got == PATTERN_LIMIT || got == (bait[i].found ? PATTERN_YES : PATTERN_NO), "%s: got %d",
			      source, (int)got);
			CHECK(took < 1, "%s took %.3f s", source, took);
			limits += got == PATTERN_LIMIT;
			pattern_release(pattern);
		}
	CHECK(limits >= 5, "some of them reach the limit: %u", limits);
	arena_release(&arena);
}

int main(void)
{
	struct pattern_scratch *scratch = pattern_scratch_new();
	test_matches(scratch);
	test_errors();
	test_catastrophes(scratch);
	pattern_scratch_free(scratch);
	return test_end();
}
