/* fuzz: what a fuzz target needs.
 *
 * A target is one file with LLVMFuzzerTestOneInput(): it takes any bytes, and ends the
 * program where a property does not hold.  It is linked with driver.c, which needs no
 * compiler of its own, or with libFuzzer (tests/long/fuzz.sh).
 *
 * What may end the program is called inside FUZZ_TRY: the message is caught and the call
 * is over.  What such a call had allocated is lost: these targets have a scope (scope.h). */
#ifndef CRM_FUZZ_H
#define CRM_FUZZ_H

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len);

/* A property: what is tried, in the words of printf. */
#define PROPERTY(condition, ...)                                                            \
	do {                                                                                \
		if (!(condition)) {                                                         \
			fprintf(stderr, "%s:%d: not so: %s: ", __FILE__, __LINE__, #condition); \
			fprintf(stderr, __VA_ARGS__);                                       \
			fputc('\n', stderr);                                                \
			abort();                                                            \
		}                                                                           \
	} while (0)

#define PROPERTY_SAME(got, expected, ...)                                                   \
	do {                                                                                \
		struct view got_ = (got), expected_ = (expected);                           \
		if (!view_equal(got_, expected_))                                           \
			fprintf(stderr, "got <%.*s>, expected <%.*s>\n", VIEW_ARGS(got_), VIEW_ARGS(expected_)); \
		PROPERTY(view_equal(got_, expected_), __VA_ARGS__);                         \
	} while (0)

/* How a call ended that may end the program. */
struct fuzz_end {
	enum status status; /* STATUS_DONE: it came back */
	uint64_t line;
	char message[600];
};

static jmp_buf fuzz_back;
static struct fuzz_end fuzz_end;
static bool fuzz_left; /* a call was left by a jump */

__attribute__((unused)) static void fuzz_catch(enum status status, struct place place, const char *message)
{
	fuzz_end.status = status;
	fuzz_end.line = place.line;
	snprintf(fuzz_end.message, sizeof fuzz_end.message, "%s", message);
	fuzz_left = true;
	longjmp(fuzz_back, 1);
}

/* FUZZ_TRY { calls }: afterwards fuzz_end says how they ended.  Locals that they change
 * must be volatile or outlive the function. */
#define FUZZ_TRY                                                                            \
	for (bool fuzz_once = (fail_catch(fuzz_catch), fuzz_end = (struct fuzz_end){ 0 }, setjmp(fuzz_back) == 0); \
	     fuzz_once; fuzz_once = false)

/* A message is one line, short, and does not show a byte that does not print. */
__attribute__((unused)) static void fuzz_check_message(void)
{
	PROPERTY(fuzz_end.status >= STATUS_DONE && fuzz_end.status <= STATUS_STATE, "status %d", (int)fuzz_end.status);
	PROPERTY((fuzz_end.status == STATUS_DONE) == !fuzz_end.message[0], "a message and a status go together");
}

/* A copy of exact size, so that a read past the end is seen; free its ptr. */
static inline struct view fuzz_copy(struct view bytes)
{
	char *copy = heap_alloc(bytes.len ? bytes.len : 1);
	if (bytes.len)
		memcpy(copy, bytes.ptr, bytes.len);
	return view(copy, bytes.len);
}

static inline void fuzz_free(struct view copy)
{
	free((char *)(uintptr_t)copy.ptr);
}

static inline struct view fuzz_bytes(const uint8_t *bytes, size_t len)
{
	return view((const char *)bytes, len);
}

/* The first byte of an input chooses among `choices`. */
static inline unsigned fuzz_choose(struct view *input, unsigned choices)
{
	unsigned byte = input->len ? (unsigned char)input->ptr[0] : 0;
	*input = view_skip(*input, 1);
	return byte % choices;
}

#endif
