/* gen: made-up input for property tests.  A small generator with a fixed seed, so that a
 * failure can be repeated, and copies of exact size on the heap, so that sanitizers see
 * a read past the end. */
#ifndef CRM_TEST_GEN_H
#define CRM_TEST_GEN_H

#include <stdlib.h>

#include "base/arena.h"
#include "base/view.h"

/* SplitMix64 (Steele, Lea, Flood 2014). */
static inline uint64_t gen_next(uint64_t *state)
{
	uint64_t z = *state += 0x9E3779B97F4A7C15u;
	z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9u;
	z = (z ^ z >> 27) * 0x94D049BB133111EBu;
	return z ^ z >> 31;
}

static inline uint64_t gen_below(uint64_t *state, uint64_t limit)
{
	return gen_next(state) % limit;
}

/* Small and large numbers alike: as many bits as come out. */
static inline int64_t gen_int64(uint64_t *state)
{
	uint64_t bits = gen_next(state);
	bits >>= gen_below(state, 64); /* a statement each: operands have no order */
	return (int64_t)(gen_below(state, 2) ? bits : 0 - bits);
}

/* A copy without a byte to spare; free its ptr. */
static inline struct view gen_copy(struct view text)
{
	char *copy = heap_alloc(text.len ? text.len : 1);
	if (text.len)
		memcpy(copy, text.ptr, text.len);
	else
		copy = (free(copy), NULL);
	return view(copy, text.len);
}

static inline void gen_free(struct view copy)
{
	free((char *)(uintptr_t)copy.ptr);
}

/* Random text of up to `pieces` pieces from a list, now and then with a random byte. */
static inline struct view gen_text(uint64_t *state, const char *const *list, size_t count, unsigned pieces)
{
	char text[1024];
	size_t len = 0;
	for (unsigned i = (unsigned)gen_below(state, pieces + 1); i; i--) {
		struct view piece = view_of(list[gen_below(state, count)]);
		char byte = (char)gen_next(state);
		if (gen_below(state, 40) == 0)
			piece = view(&byte, 1);
		if (piece.len > sizeof text - len)
			break;
		memcpy(text + len, piece.ptr, piece.len);
		len += piece.len;
	}
	return gen_copy(view(text, len));
}

#endif
