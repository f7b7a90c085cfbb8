/* arena: see arena.h. */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"

enum { BLOCK = 64 * 1024, ALIGN = 16 };

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(ALIGN) char bytes[];
};

static void use(struct arena *arena, struct arena_block *block)
{
	arena->current = block;
	arena->next = block->bytes;
	arena->end = block->bytes + block->size;
}

/* Goes on to the next block that is large enough, or takes a new one. */
static void advance(struct arena *arena, size_t size)
{
	struct arena_block *last = arena->current;
	for (struct arena_block *block = last ? last->next : arena->first; block; block = block->next) {
		if (block->size >= size) {
			use(arena, block);
			return;
		}
		last = block;
	}
	/* Small arenas stay small: a block as large as what is there already, up to BLOCK. */
	size_t room = arena->total < 4096 ? 4096 : arena->total < BLOCK ? arena->total : BLOCK;
	if (room < size)
		room = size;
	struct arena_block *block = heap_alloc(sizeof *block + room);
	block->next = NULL;
	block->size = room;
	arena->total += room;
	if (last)
		last->next = block;
	else
		arena->first = block;
	use(arena, block);
}

void *arena_alloc(struct arena *arena, size_t size)
{
	if (size > SIZE_MAX - BLOCK - sizeof(struct arena_block))
		die_memory();
	size_t gap = (size_t)(-(uintptr_t)arena->next & (ALIGN - 1));
	if (!arena->current || (size_t)(arena->end - arena->next) < size + gap) {
		advance(arena, size);
		gap = 0;
	}
	char *at = arena->next + gap;
	arena->next = at + size;
	return at;
}

struct view arena_pack(struct arena *arena, struct view bytes)
{
	if (bytes.len > SIZE_MAX - BLOCK - sizeof(struct arena_block))
		die_memory();
	if (!arena->current || (size_t)(arena->end - arena->next) < bytes.len)
		advance(arena, bytes.len);
	char *at = arena->next;
	if (bytes.len)
		memcpy(at, bytes.ptr, bytes.len);
	arena->next += bytes.len;
	return view(at, bytes.len);
}

void *arena_zero(struct arena *arena, size_t count, size_t size)
{
	size_t all;
	if (__builtin_mul_overflow(count, size, &all))
		die_memory();
	return memset(arena_alloc(arena, all), 0, all);
}

char *arena_string(struct arena *arena, struct view bytes)
{
	char *copy = arena_alloc(arena, bytes.len + 1);
	if (bytes.len)
		memcpy(copy, bytes.ptr, bytes.len);
	copy[bytes.len] = '\0';
	return copy;
}

struct view arena_copy(struct arena *arena, struct view bytes)
{
	return view(arena_string(arena, bytes), bytes.len);
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		die_memory();
	char *text = arena_alloc(arena, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(text, (size_t)len + 1, format, args);
	va_end(args);
	return text;
}

void arena_reset(struct arena *arena)
{
	if (arena->first)
		use(arena, arena->first);
}

void arena_release(struct arena *arena)
{
	for (struct arena_block *block = arena->first, *next; block; block = next) {
		next = block->next;
		free(block);
	}
	*arena = (struct arena){ 0 };
}

void *heap_alloc(size_t size)
{
	return heap_resize(NULL, size);
}

void *heap_resize(void *old, size_t size)
{
	void *new = realloc(old, size ? size : 1);
	if (!new)
		die_memory();
	return new;
}

void *heap_grow_(void *array, size_t used, size_t *capacity, size_t item)
{
	if (used < *capacity)
		return array;
	size_t more = *capacity ? *capacity * 2 : 8, bytes;
	if (more < *capacity || __builtin_mul_overflow(more, item, &bytes))
		die_memory();
	*capacity = more;
	return heap_resize(array, bytes);
}
