/* nearest: see nearest.h. */
#include "base/nearest.h"

enum { LONGEST = 64 };

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Optimal string alignment distance; case counts as nothing. */
static size_t distance(struct view a, struct view b)
{
	size_t rows[3][LONGEST + 1];
	size_t *before = rows[0], *last = rows[1], *now = rows[2];
	for (size_t j = 0; j <= b.len; j++)
		last[j] = j;
	for (size_t i = 1; i <= a.len; i++) {
		now[0] = i;
		for (size_t j = 1; j <= b.len; j++) {
			char x = byte_lower(a.ptr[i - 1]), y = byte_lower(b.ptr[j - 1]);
			now[j] = least(least(last[j], now[j - 1]) + 1, last[j - 1] + (x != y));
			if (i > 1 && j > 1 && x == byte_lower(b.ptr[j - 2]) && byte_lower(a.ptr[i - 2]) == y)
				now[j] = least(now[j], before[j - 2] + 1);
		}
		size_t *free_row = before;
		before = last;
		last = now;
		now = free_row;
	}
	return last[b.len];
}

struct view nearest_view(struct view word, const struct view *words, size_t count)
{
	struct view best = { "", 0 };
	if (!word.len || word.len > LONGEST)
		return best;
	size_t limit = word.len < 2 ? 0 : word.len < 6 ? 1 : word.len / 3, least_far = limit + 1;
	for (size_t i = 0; i < count; i++) {
		if (!words[i].len || words[i].len > LONGEST)
			continue;
		size_t far = distance(word, words[i]);
		if (far < least_far) {
			least_far = far;
			best = words[i];
		}
	}
	return best;
}
