/* hash: see hash.h. */
#include "base/hash.h"

#include <stdlib.h>
#include <sys/random.h>
#define XXH_INLINE_ALL /* short keys are hashed in line: 1.5 times as fast in a fold */
#include <xxhash.h>

#include "base/arena.h"

static uint64_t key_seed;

/* Set before main: no thread can see it change. */
__attribute__((constructor)) static void seed_init(void)
{
	if (getrandom(&key_seed, sizeof key_seed, GRND_NONBLOCK) != (ssize_t)sizeof key_seed)
		key_seed = (uint64_t)(uintptr_t)&key_seed; /* early boot: the loader's address is all there is */
}

uint64_t hash_key(struct view key) { return XXH3_64bits_withSeed(key.ptr, key.len, key_seed); }
uint64_t hash_fixed(struct view bytes) { return XXH3_64bits(bytes.ptr, bytes.len); }

struct hash_stream {
	XXH3_state_t *state;
};

struct hash_stream *hash_stream_new(void)
{
	struct hash_stream *stream = heap_alloc(sizeof *stream);
	/* XXH3 wants its state aligned to 64 bytes. */
	size_t size = (sizeof *stream->state + 63) & ~(size_t)63;
	stream->state = aligned_alloc(64, size);
	if (!stream->state)
		stream->state = heap_alloc(SIZE_MAX); /* ends the program as any other failure */
	XXH3_64bits_reset(stream->state);
	return stream;
}

void hash_stream_add(struct hash_stream *stream, struct view bytes)
{
	XXH3_64bits_update(stream->state, bytes.ptr, bytes.len);
}

uint64_t hash_stream_digest(const struct hash_stream *stream)
{
	return XXH3_64bits_digest(stream->state);
}

void hash_stream_free(struct hash_stream *stream)
{
	if (stream)
		free(stream->state);
	free(stream);
}

struct intern_slot {
	uint64_t hash;
	size_t at; /* index + 1; 0 is a free slot */
};

void intern_init(struct intern *table, struct arena *arena)
{
	*table = (struct intern){ .arena = arena };
}

void intern_release(struct intern *table)
{
	free(table->slots);
	free(table->keys);
	*table = (struct intern){ .arena = table->arena };
}

/* The slot that holds the key, or the free one where it belongs. */
static struct intern_slot *slot_of(const struct intern *table, uint64_t hash, struct view key)
{
	for (size_t i = hash & (table->room - 1);; i = (i + 1) & (table->room - 1)) {
		struct intern_slot *slot = &table->slots[i];
		if (!slot->at || (slot->hash == hash && view_equal(table->keys[slot->at - 1], key)))
			return slot;
	}
}

static void grow(struct intern *table)
{
	struct intern_slot *old = table->slots;
	size_t old_room = table->room;
	table->room = old_room ? old_room * 2 : 64;
	table->slots = heap_alloc(table->room * sizeof *table->slots);
	memset(table->slots, 0, table->room * sizeof *table->slots);
	for (size_t i = 0; i < old_room; i++) {
		if (!old[i].at)
			continue;
		size_t at = old[i].hash & (table->room - 1);
		while (table->slots[at].at)
			at = (at + 1) & (table->room - 1);
		table->slots[at] = old[i];
	}
	free(old);
	table->bytes += (table->room - old_room) * sizeof *table->slots;
}

bool intern_add(struct intern *table, struct view key, size_t *at)
{
	if (table->count * 2 >= table->room)
		grow(table);
	uint64_t hash = hash_key(key);
	struct intern_slot *slot = slot_of(table, hash, key);
	if (slot->at) {
		*at = slot->at - 1;
		return false;
	}
	heap_grow(table->keys, table->count, &table->keys_room);
	table->keys[table->count] = arena_copy(table->arena, key);
	table->bytes += sizeof *table->keys + key.len + 1;
	*slot = (struct intern_slot){ hash, table->count + 1 };
	*at = table->count++;
	return true;
}

size_t intern_find(const struct intern *table, struct view key)
{
	if (!table->count)
		return SIZE_MAX;
	struct intern_slot *slot = slot_of(table, hash_key(key), key);
	return slot->at ? slot->at - 1 : SIZE_MAX;
}
