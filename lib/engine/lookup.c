/* lookup: see lookup.h. */
#include "engine/lookup.h"

#include <stdlib.h>

#include "base/hash.h"

/* The first row with a key.  Row numbers are + 1, so that 0 is none: four bytes are enough
 * for what fits into memory.  Most other keys are told by the hash, without a look at the row. */
struct slot {
	uint32_t row, hash;
};

struct lookup {
	const struct loaded *loaded;
	struct columns columns;
	struct slot *slots; /* open addressing */
	uint32_t *next;     /* of each row: the next one with its key */
	size_t mask;
};

static uint64_t hash_values(const struct view *key, unsigned count)
{
	uint64_t hash = 0;
	for (unsigned i = 0; i < count; i++)
		hash = hash * 0x9E3779B97F4A7C15u + hash_key(key[i]);
	return hash;
}

static bool has_key(const struct lookup *lookup, size_t row, const struct view *key)
{
	for (unsigned i = 0; i < lookup->columns.count; i++)
		if (!view_equal(loaded_cell(lookup->loaded, row, lookup->columns.at[i]), key[i]))
			return false;
	return true;
}

/* Where the key stands, or the empty slot where it would. */
static struct slot *slot_of(const struct lookup *lookup, const struct view *key, uint32_t *hash)
{
	uint64_t whole = hash_values(key, lookup->columns.count);
	*hash = (uint32_t)(whole >> 32);
	for (size_t at = whole;; at++) {
		struct slot *slot = &lookup->slots[at & lookup->mask];
		if (!slot->row || (slot->hash == *hash && has_key(lookup, slot->row - 1, key)))
			return slot;
	}
}

/* False where one of the values is missing. */
static bool take_key(const struct lookup *lookup, size_t row, struct view *key)
{
	bool whole = true;
	for (unsigned i = 0; i < lookup->columns.count; i++) {
		key[i] = loaded_cell(lookup->loaded, row, lookup->columns.at[i]);
		whole &= key[i].len > 0;
	}
	return whole;
}

struct lookup *lookup_new(struct run *run, const struct loaded *loaded, struct columns columns)
{
	struct lookup *lookup = heap_alloc(sizeof *lookup);
	*lookup = (struct lookup){ .loaded = loaded, .columns = columns, .mask = 15 };
	while (lookup->mask < loaded->count * 2)
		lookup->mask = lookup->mask * 2 + 1;
	size_t slots = (lookup->mask + 1) * sizeof *lookup->slots, next = (loaded->count + 1) * sizeof *lookup->next;
	if (loaded->count >= UINT32_MAX || loaded->bytes + slots + next > run->memory)
		die(STATUS_INPUT, "%s: does not fit into --memory; more is wanted, or sorted input where the tool "
		    "has --sorted", loaded->file);
	lookup->slots = heap_alloc(slots);
	lookup->next = heap_alloc(next);
	memset(lookup->slots, 0, slots);
	/* From the last to the first, so that each goes before those that follow it. */
	struct view key[LOOKUP_MOST_COLUMNS];
	for (size_t row = loaded->count; row-- > 0;) {
		if (!take_key(lookup, row, key)) {
			lookup->next[row] = 0;
			continue;
		}
		uint32_t hash;
		struct slot *slot = slot_of(lookup, key, &hash);
		lookup->next[row] = slot->row;
		*slot = (struct slot){ (uint32_t)row + 1, hash };
	}
	return lookup;
}

size_t lookup_first(const struct lookup *lookup, const struct view *key)
{
	uint32_t hash;
	return (size_t)slot_of(lookup, key, &hash)->row - 1; /* 0 - 1 is LOOKUP_NONE */
}

size_t lookup_next(const struct lookup *lookup, size_t row)
{
	return (size_t)lookup->next[row] - 1;
}

size_t lookup_repeated(const struct lookup *lookup)
{
	size_t first = LOOKUP_NONE;
	for (size_t row = 0; row < lookup->loaded->count; row++)
		if (lookup_next(lookup, row) < first)
			first = lookup_next(lookup, row);
	return first;
}

size_t lookup_bytes(const struct lookup *lookup)
{
	return (lookup->mask + 1) * sizeof *lookup->slots + (lookup->loaded->count + 1) * sizeof *lookup->next;
}

void lookup_free(struct lookup *lookup)
{
	if (!lookup)
		return;
	free(lookup->slots);
	free(lookup->next);
	free(lookup);
}
