/* test: what a unit test needs.  A test file is a main() of tables and CHECKs; its last
 * line on standard output is `N passed, N failed`, its exit status 1 if any failed. */
#ifndef CRM_TEST_H
#define CRM_TEST_H

#include <stdio.h>
#include <string.h>

#include "base/view.h"

static unsigned test_passed, test_failed;

/* One check: the message says what was tried and why it must hold. */
#define CHECK(condition, ...)                                              \
	do {                                                               \
		if (condition) {                                           \
			test_passed++;                                     \
		} else {                                                   \
			test_failed++;                                     \
			printf("%s:%d: not so: %s: ", __FILE__, __LINE__, #condition); \
			printf(__VA_ARGS__);                               \
			putchar('\n');                                     \
		}                                                          \
	} while (0)

#define CHECK_TEXT(got, expected, ...)                                     \
	do {                                                               \
		struct view got_ = (got), expected_ = (expected);          \
		CHECK(view_equal(got_, expected_), __VA_ARGS__);           \
		if (!view_equal(got_, expected_))                          \
			printf("    got \"%.*s\", expected \"%.*s\"\n",    \
			       VIEW_ARGS(got_), VIEW_ARGS(expected_));     \
	} while (0)

static inline int test_end(void)
{
	printf("%u passed, %u failed\n", test_passed, test_failed);
	return test_failed != 0;
}

#endif
