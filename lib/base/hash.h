/* hash: the one place that knows xxhash.  Room: base.
 *
 * hash_key() is for tables in memory: its seed is random in every run, so that nobody can
 * make keys that collide.  hash_fixed() (XXH3, 64 bits, seed 0) is what a user may see:
 * shards, digests, src_hash.  Neither proves anything against a forger. */
#ifndef CRM_BASE_HASH_H
#define CRM_BASE_HASH_H

#include "base/view.h"

uint64_t hash_key(struct view key);
uint64_t hash_fixed(struct view bytes);

/* XXH3 of a stream. */
struct hash_stream;
struct hash_stream *hash_stream_new(void);
void hash_stream_add(struct hash_stream *stream, struct view bytes);
uint64_t hash_stream_digest(const struct hash_stream *stream);
void hash_stream_free(struct hash_stream *stream);

/* A table from keys to small numbers (indexes into an array of the caller's), in memory
 * that lives as long as the program.  Keys are copied.
 *     size_t at; if (intern(&table, key, &at)) ... a new one, at == table.count - 1 */
struct intern_slot;
struct intern {
	struct intern_slot *slots;
	size_t room, count;
	struct view *keys; /* in the order of first appearance */
	size_t keys_room;
	struct arena *arena;
	size_t bytes; /* memory taken, for who counts it */
};

void intern_init(struct intern *table, struct arena *arena);
void intern_release(struct intern *table); /* all but the keys' bytes, which are the arena's */
bool intern_add(struct intern *table, struct view key, size_t *at);
/* SIZE_MAX where it is absent. */
size_t intern_find(const struct intern *table, struct view key);

#endif
