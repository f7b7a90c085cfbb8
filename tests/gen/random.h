/* random: the generators' numbers.  Never the C library's: the same seed must give the same
 * bytes on every machine and for ever.  splitmix64 (Steele, Lea, Flood 2014, public domain). */
#ifndef GEN_RANDOM_H
#define GEN_RANDOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct random {
	uint64_t state;
};

static inline uint64_t random_next(struct random *random)
{
	uint64_t z = random->state += 0x9E3779B97F4A7C15u;
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
	z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
	return z ^ (z >> 31);
}

/* 0 .. limit-1; the bias of the product is far below what a test could see. */
static inline int random_below(struct random *random, int limit)
{
	return (int)(((random_next(random) >> 32) * (uint64_t)limit) >> 32);
}

/* low .. high, both included. */
static inline int random_between(struct random *random, int low, int high)
{
	return low + random_below(random, high - low + 1);
}

/* True in so many of a thousand cases. */
static inline bool random_chance(struct random *random, int per_mille)
{
	return random_below(random, 1000) < per_mille;
}

/* An index by weight. */
static inline int random_weighted(struct random *random, const int *weights, int count)
{
	int total = 0, i = 0;
	for (int k = 0; k < count; k++)
		total += weights[k];
	for (int left = random_below(random, total); i < count - 1 && left >= weights[i]; i++)
		left -= weights[i];
	return i;
}

#endif
