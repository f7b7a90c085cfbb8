/* arena: memory given back all at once.  Room: base.
 *
 * Two lifetimes in the whole program: the run (an arena that is never given back) and
 * the row (an arena of each worker, reset for every row).  `struct arena a = { 0 };` is
 * an empty one.  Memory that is not to be had ends the program (status 4). */
#ifndef CRM_BASE_ARENA_H
#define CRM_BASE_ARENA_H

#include "base/view.h"

struct arena_block;

struct arena {
	struct arena_block *first, *current;
	char *next, *end;
	size_t total; /* bytes taken from the system, for who counts them */
};

/* Uninitialised, aligned for any type. */
void *arena_alloc(struct arena *arena, size_t size);
/* Zeroed. */
void *arena_zero(struct arena *arena, size_t count, size_t size);
/* A copy with a NUL behind it that is not counted. */
struct view arena_copy(struct arena *arena, struct view bytes);
/* A copy without NUL or alignment: for many short ones. */
struct view arena_pack(struct arena *arena, struct view bytes);
char *arena_string(struct arena *arena, struct view bytes);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Keeps the blocks for the next use; all that was given out is void. */
void arena_reset(struct arena *arena);
void arena_release(struct arena *arena);

/* The same for what lives outside arenas: they end the program instead of returning NULL.
 * heap_grow makes room in an array for one more: capacity doubles. */
void *heap_alloc(size_t size);
void *heap_resize(void *old, size_t size);
void *heap_grow_(void *array, size_t used, size_t *capacity, size_t item);
#define heap_grow(array, used, capacity) \
	((array) = heap_grow_((array), (used), (capacity), sizeof *(array)))

#endif
