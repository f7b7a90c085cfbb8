/* scope: what one input of a fuzz target allocates.
 *
 * A call that ends the program is left by a jump: what it had allocated is lost, and a
 * process that tries millions of inputs would end for want of memory.  So everything that is
 * allocated between fuzz_scope_begin() and fuzz_scope_end() is known, and freed at the end
 * where a call was left; where none was, what is still there is a leak, and ends the program.
 * Only the sanitizers' allocator tells: without it nothing is known and nothing freed.
 *
 * What outlives an input (static tables, modules of iconv) is made before the scope begins. */
#ifndef CRM_FUZZ_SCOPE_H
#define CRM_FUZZ_SCOPE_H

#include "fuzz.h"

enum { SCOPE_MOST = 1 << 16 };

/* A hash table of addresses: the hooks must not allocate. */
static const volatile void *scope_at[SCOPE_MOST];
static size_t scope_count;
static _Thread_local bool scope_open; /* libFuzzer has a thread of its own */

static size_t scope_home(const volatile void *address)
{
	return (size_t)((uintptr_t)address * 0x9E3779B97F4A7C15u >> 48) % SCOPE_MOST;
}

static void scope_allocated(const volatile void *address, size_t size)
{
	(void)size;
	if (!scope_open || !address)
		return;
	PROPERTY(scope_count < SCOPE_MOST / 2, "an input holds %zu pieces of memory", scope_count);
	size_t at = scope_home(address);
	while (scope_at[at])
		at = (at + 1) % SCOPE_MOST;
	scope_at[at] = address;
	scope_count++;
}

/* Those behind the gap that belong before it move up, so that a search may stop at a gap. */
static void scope_freed(const volatile void *address)
{
	if (!scope_open || !address)
		return;
	size_t gap = scope_home(address);
	while (scope_at[gap] && scope_at[gap] != address)
		gap = (gap + 1) % SCOPE_MOST;
	if (!scope_at[gap])
		return; /* allocated before the scope */
	for (size_t at = (gap + 1) % SCOPE_MOST; scope_at[at]; at = (at + 1) % SCOPE_MOST) {
		size_t way = (at - scope_home(scope_at[at])) % SCOPE_MOST;
		if (way >= (at - gap) % SCOPE_MOST) {
			scope_at[gap] = scope_at[at];
			gap = at;
		}
	}
	scope_at[gap] = NULL;
	scope_count--;
}

int __sanitizer_install_malloc_and_free_hooks(void (*allocated)(const volatile void *, size_t),
                                              void (*freed)(const volatile void *)) __attribute__((weak));

static inline void fuzz_scope_begin(void)
{
	static bool installed;
	if (!installed && __sanitizer_install_malloc_and_free_hooks)
		__sanitizer_install_malloc_and_free_hooks(scope_allocated, scope_freed);
	installed = true;
	fuzz_left = false;
	scope_open = true;
}

static inline void fuzz_scope_end(void)
{
	scope_open = false;
	PROPERTY(fuzz_left || !scope_count, "%zu pieces of memory are not freed", scope_count);
	for (size_t at = 0; scope_count; at++) {
		if (!scope_at[at])
			continue;
		free((void *)(uintptr_t)scope_at[at]);
		scope_at[at] = NULL;
		scope_count--;
	}
}

#endif
