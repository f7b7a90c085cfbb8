/* fold: see fold.h. */
#include "engine/fold.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/thread.h"
#include "engine/spill.h"

enum { PARTITION_BITS = 6, PARTITIONS = 1 << PARTITION_BITS, CHUNK = 256, AHEAD = 16, LINE = 64 };

/* A key and its hash.  A short one stands here itself, zeroes behind it, so that no other
 * place in memory is waited for; of a long one the address, behind four zeroes. */
struct key {
	uint64_t hash;
	uint32_t len;
	char bytes[12];
};

struct entry {
	struct key key;
	_Alignas(8) char state[];
};

/* A slot holds the number of an entry + 1 and some bits of its hash. */
struct slot {
	uint32_t tag, entry;
};

/* Entries of one hash prefix.  They are of one size and stand in chunks, so that their
 * number finds them. */
struct partition {
	pthread_mutex_t lock;
	struct slot *slots;
	size_t room, count;
	char **chunks;
	size_t chunk_count, chunk_room;
	struct arena arena; /* keys, and what states point to */
	size_t bytes;       /* memory of all this */
	struct spilled *spilled;
	size_t spilled_count, spilled_room;
};

struct fold {
	struct run *run;
	const struct fold_shape *shape;
	void *tool;
	struct columns key;
	size_t entry_size, item_size;
	struct partition partitions[PARTITIONS];
	struct spill *spill;   /* made when something is spilled */
	uint64_t without_key;
};

/* One row on its way to its partition. */
struct waiting {
	struct key key;
	_Alignas(8) char item[];
};

struct fold_worker {
	struct fold *fold;
	struct buf waiting;           /* struct waiting, one after the other */
	struct arena keys;            /* of those whose key had to be unescaped */
	struct buf key;
	size_t count;
	uint64_t without_key;
	uint32_t *order;              /* numbers of waiting, by partition */
	size_t order_room;
	_Alignas(16) char scratch[];
};

static unsigned partition_of(uint64_t hash) { return (unsigned)(hash >> (64 - PARTITION_BITS)); }
static uint32_t tag_of(uint64_t hash) { return (uint32_t)(hash >> 20); }

/* ---- keys ---- */

/* The key is not copied where it is long.  Copies of known lengths, which may overlap, need
 * no call. */
static struct key key_make(struct view text)
{
	struct key key = { .hash = hash_key(text), .len = (uint32_t)text.len };
	if (text.len > sizeof key.bytes) {
		memcpy(key.bytes + 4, &text.ptr, sizeof text.ptr);
	} else if (text.len >= 8) {
		memcpy(key.bytes, text.ptr, 8);
		memcpy(key.bytes + text.len - 4, text.ptr + text.len - 4, 4);
	} else if (text.len >= 4) {
		memcpy(key.bytes, text.ptr, 4);
		memcpy(key.bytes + text.len - 4, text.ptr + text.len - 4, 4);
	} else if (text.len) {
		memcpy(key.bytes, text.ptr, text.len);
	}
	return key;
}

static struct view key_view(const struct key *key)
{
	const char *at = key->bytes;
	if (key->len > sizeof key->bytes)
		memcpy(&at, key->bytes + 4, sizeof at);
	return view(at, key->len);
}

static bool key_equal(const struct key *a, const struct key *b)
{
	if (a->hash != b->hash || a->len != b->len)
		return false;
	return memcmp(a->bytes, b->bytes, sizeof a->bytes) == 0 ||
	       (a->len > sizeof a->bytes && view_equal(key_view(a), key_view(b)));
}

/* ---- a partition ---- */

static struct entry *entry_at(const struct fold *fold, const struct partition *partition, size_t number)
{
	return (struct entry *)(void *)(partition->chunks[number / CHUNK] + number % CHUNK * fold->entry_size);
}

/* All the cache lines that it stands in. */
static void prefetch(const struct entry *entry, size_t size)
{
	for (size_t at = 0; at < size; at += LINE)
		__builtin_prefetch((const char *)entry + at, 1);
	__builtin_prefetch((const char *)entry + size - 1, 1);
}

static void grow(struct fold *fold, struct partition *partition)
{
	size_t room = partition->room ? partition->room * 2 : 64;
	free(partition->slots);
	partition->slots = heap_alloc(room * sizeof *partition->slots);
	memset(partition->slots, 0, room * sizeof *partition->slots);
	partition->bytes += (room - partition->room) * sizeof *partition->slots;
	partition->room = room;
	for (size_t i = 0; i < partition->count; i++) {
		uint64_t hash = entry_at(fold, partition, i)->key.hash;
		size_t at = hash & (room - 1);
		while (partition->slots[at].entry)
			at = (at + 1) & (room - 1);
		partition->slots[at] = (struct slot){ tag_of(hash), (uint32_t)i + 1 };
	}
}

static struct entry *new_entry(struct fold *fold, struct partition *partition, const struct key *key)
{
	if (partition->count == partition->chunk_count * CHUNK) {
		heap_grow(partition->chunks, partition->chunk_count, &partition->chunk_room);
		partition->chunks[partition->chunk_count++] = heap_alloc(CHUNK * fold->entry_size);
		partition->bytes += CHUNK * fold->entry_size;
	}
	struct entry *entry = entry_at(fold, partition, partition->count++);
	entry->key = *key;
	if (key->len > sizeof key->bytes) {
		const char *copy = arena_pack(&partition->arena, key_view(key)).ptr;
		memcpy(entry->key.bytes + 4, &copy, sizeof copy);
	}
	memset(entry->state, 0, fold->shape->state);
	return entry;
}

/* The state of a key, new where it is not there. */
static struct entry *entry_of(struct fold *fold, struct partition *partition, const struct key *key)
{
	if (partition->count * 8 >= partition->room * 5)
		grow(fold, partition);
	uint32_t tag = tag_of(key->hash);
	for (size_t at = key->hash & (partition->room - 1);; at = (at + 1) & (partition->room - 1)) {
		struct slot *slot = &partition->slots[at];
		if (!slot->entry) {
			struct entry *entry = new_entry(fold, partition, key);
			*slot = (struct slot){ tag, (uint32_t)partition->count };
			return entry;
		}
		if (slot->tag != tag)
			continue;
		struct entry *entry = entry_at(fold, partition, slot->entry - 1);
		if (key_equal(&entry->key, key))
			return entry;
	}
}

static void empty(struct partition *partition)
{
	free(partition->slots);
	for (size_t i = 0; i < partition->chunk_count; i++)
		free(partition->chunks[i]);
	free(partition->chunks);
	arena_release(&partition->arena);
	partition->slots = NULL;
	partition->chunks = NULL;
	partition->room = partition->count = partition->chunk_count = partition->chunk_room = 0;
	partition->bytes = 0;
}

/* ---- a block: map its rows, then take the items to their partitions ---- */

static void *open_worker(void *arg)
{
	struct fold *fold = arg;
	struct fold_worker *worker = heap_alloc(sizeof *worker + fold->shape->scratch);
	memset(worker, 0, sizeof *worker + fold->shape->scratch);
	worker->fold = fold;
	if (fold->shape->open)
		fold->shape->open(fold->tool, worker->scratch);
	return worker;
}

static void close_worker(void *arg, void *state)
{
	struct fold *fold = arg;
	struct fold_worker *worker = state;
	if (fold->shape->close)
		fold->shape->close(fold->tool, worker->scratch);
	fold->without_key += worker->without_key;
	buf_release(&worker->waiting);
	buf_release(&worker->key);
	arena_release(&worker->keys);
	free(worker->order);
	free(worker);
}

static bool inside_block(const struct task *task, struct view key)
{
	return key.ptr >= task->block.data.ptr && key.ptr < task->block.data.ptr + task->block.data.len;
}

static enum fate map_row(void *arg, struct task *task, const struct row *row)
{
	struct fold_worker *worker = arg;
	struct fold *fold = worker->fold;
	struct view key = fold->shape->key ? fold->shape->key(fold->tool, worker->scratch, row)
	                                   : key_of_row(row, &fold->key, &worker->key);
	if (!fold->shape->keep_missing && !key_is_whole(row, &fold->key, key)) {
		worker->without_key++;
		return FATE_LEFT_OUT;
	}
	struct waiting *waiting = (struct waiting *)(void *)buf_reserve(&worker->waiting, fold->item_size);
	enum fate fate = fold->shape->map(fold->tool, worker->scratch, row, waiting->item, task);
	if (fate != FATE_USED)
		return fate;
	if (key.len > sizeof waiting->key.bytes && !inside_block(task, key))
		key = arena_pack(&worker->keys, key);
	waiting->key = key_make(key);
	worker->waiting.len += fold->item_size;
	worker->count++;
	return FATE_USED;
}

static struct waiting *waiting_at(const struct fold_worker *worker, size_t number)
{
	return (struct waiting *)(void *)(worker->waiting.ptr + number * worker->fold->item_size);
}

/* Orders the items by partition: starts[p]..starts[p + 1] of worker->order. */
static void by_partition(struct fold_worker *worker, uint32_t starts[PARTITIONS + 1])
{
	if (worker->order_room < worker->count) {
		worker->order_room = worker->count + worker->count / 2;
		worker->order = heap_resize(worker->order, worker->order_room * sizeof *worker->order);
	}
	memset(starts, 0, (PARTITIONS + 1) * sizeof *starts);
	for (size_t i = 0; i < worker->count; i++)
		starts[partition_of(waiting_at(worker, i)->key.hash) + 1]++;
	for (unsigned p = 0; p < PARTITIONS; p++)
		starts[p + 1] += starts[p];
	uint32_t next[PARTITIONS];
	memcpy(next, starts, sizeof next);
	for (size_t i = 0; i < worker->count; i++)
		worker->order[next[partition_of(waiting_at(worker, i)->key.hash)]++] = (uint32_t)i;
}

/* A table of many keys is not in the cache.  What the items will look at is called for
 * before the first one waits for it: slots, then the entries that they name (4 million rows
 * to 400,000 keys: half the time). */
static void call_for(const struct fold_worker *worker, const struct partition *partition, const uint32_t *order,
                     size_t count)
{
	if (!partition->room)
		return;
	const size_t mask = partition->room - 1;
	for (size_t i = 0; i < count; i++)
		__builtin_prefetch(&partition->slots[waiting_at(worker, order[i])->key.hash & mask]);
	for (size_t i = 0; i < count; i++) {
		uint64_t hash = waiting_at(worker, order[i])->key.hash;
		size_t at = hash & mask;
		while (partition->slots[at].entry && partition->slots[at].tag != tag_of(hash))
			at = (at + 1) & mask;
		if (partition->slots[at].entry)
			prefetch(entry_at(worker->fold, partition, partition->slots[at].entry - 1),
			         worker->fold->entry_size);
	}
}

static void add_items(struct fold_worker *worker, struct partition *partition, const uint32_t *order, size_t count)
{
	enum { BATCH = 128 };
	struct fold *fold = worker->fold;
	size_t arena_before = partition->arena.total;
	struct entry *entries[BATCH];
	for (size_t done = 0; done < count; done += BATCH) {
		size_t batch = count - done < BATCH ? count - done : BATCH;
		call_for(worker, partition, order + done, batch);
		for (size_t i = 0; i < batch; i++) {
			const struct waiting *waiting = waiting_at(worker, order[done + i]);
			entries[i] = entry_of(fold, partition, &waiting->key);
			if (fold->shape->touch)
				fold->shape->touch(fold->tool, entries[i]->state, waiting->item);
		}
		for (size_t i = 0; i < batch; i++)
			fold->shape->add(fold->tool, &partition->arena, entries[i]->state,
			                 waiting_at(worker, order[done + i])->item);
	}
	partition->bytes += partition->arena.total - arena_before;
}

static void do_block(void *arg, void *state, struct task *task)
{
	struct fold *fold = arg;
	struct fold_worker *worker = state;
	worker->count = 0;
	buf_reset(&worker->waiting);
	arena_reset(&worker->keys);
	task_rows(task, map_row, worker);
	uint32_t starts[PARTITIONS + 1];
	by_partition(worker, starts);
	/* Each worker begins elsewhere, so that they rarely want the same lock. */
	unsigned first = (unsigned)((uintptr_t)worker >> 6) % PARTITIONS;
	for (unsigned n = 0; n < PARTITIONS; n++) {
		unsigned p = (first + n) % PARTITIONS;
		if (starts[p] == starts[p + 1])
			continue;
		struct partition *partition = &fold->partitions[p];
		pthread_mutex_lock(&partition->lock);
		add_items(worker, partition, worker->order + starts[p], starts[p + 1] - starts[p]);
		pthread_mutex_unlock(&partition->lock);
	}
}

/* ---- spilling, by the main thread ---- */

static void save_entry(const struct fold *fold, const struct entry *entry, struct buf *key, struct buf *value)
{
	buf_reset(key);
	buf_put(key, key_view(&entry->key));
	buf_reset(value);
	if (fold->shape->save)
		fold->shape->save(fold->tool, entry->state, value);
	else
		buf_put(value, view(entry->state, fold->shape->state));
}

static void load_state(const struct fold *fold, struct arena *arena, struct view from, void *state)
{
	memset(state, 0, fold->shape->state);
	if (fold->shape->load)
		fold->shape->load(fold->tool, arena, from, state);
	else
		memcpy(state, from.ptr, fold->shape->state);
}

static void spill_partition(struct fold *fold, struct partition *partition)
{
	if (!fold->spill)
		fold->spill = spill_new();
	struct buf key = { 0 }, value = { 0 };
	heap_grow(partition->spilled, partition->spilled_count, &partition->spilled_room);
	spill_begin(fold->spill);
	for (size_t i = 0; i < partition->count; i++) {
		save_entry(fold, entry_at(fold, partition, i), &key, &value);
		spill_add(fold->spill, buf_view(&key), buf_view(&value));
	}
	partition->spilled[partition->spilled_count++] = spill_end(fold->spill);
	buf_release(&key);
	buf_release(&value);
	empty(partition);
}

static size_t bytes_of_all(struct fold *fold)
{
	size_t all = 0;
	for (unsigned p = 0; p < PARTITIONS; p++) {
		pthread_mutex_lock(&fold->partitions[p].lock);
		all += fold->partitions[p].bytes;
		pthread_mutex_unlock(&fold->partitions[p].lock);
	}
	return all;
}

/* Above the limit the larger half of the partitions goes. */
static void turn(void *arg, struct task *task)
{
	struct fold *fold = arg;
	(void)task;
	size_t all = bytes_of_all(fold);
	if (all <= fold->run->memory)
		return;
	for (unsigned p = 0; p < PARTITIONS; p++) {
		struct partition *partition = &fold->partitions[p];
		pthread_mutex_lock(&partition->lock);
		if (partition->bytes >= all / PARTITIONS)
			spill_partition(fold, partition);
		pthread_mutex_unlock(&partition->lock);
	}
}

/* Brings back what was spilled of a partition and merges it. */
static void unspill(struct fold *fold, struct partition *partition)
{
	void *state = heap_alloc(fold->shape->state);
	for (size_t i = 0; i < partition->spilled_count; i++) {
		struct spill_reader *reader = spill_read(fold->spill, partition->spilled[i], 256 * 1024);
		struct view key, value;
		while (spill_next(reader, &key, &value)) {
			struct key made = key_make(key);
			struct entry *entry = entry_of(fold, partition, &made);
			load_state(fold, &partition->arena, value, state);
			fold->shape->merge(fold->tool, &partition->arena, entry->state, state);
		}
		spill_close(reader);
	}
	free(state);
	free(partition->spilled);
	partition->spilled = NULL;
	partition->spilled_count = partition->spilled_room = 0;
}

/* ---- results ---- */

static struct fold *fold_new(struct run *run, const struct fold_shape *shape, void *tool)
{
	struct fold *fold = heap_alloc(sizeof *fold);
	memset(fold, 0, sizeof *fold);
	fold->run = run;
	fold->shape = shape;
	fold->tool = tool;
	fold->entry_size = (sizeof(struct entry) + shape->state + 7) & ~(size_t)7;
	fold->item_size = (sizeof(struct waiting) + shape->item + 7) & ~(size_t)7;
	for (unsigned p = 0; p < PARTITIONS; p++)
		pthread_mutex_init(&fold->partitions[p].lock, NULL);
	return fold;
}

struct fold *engine_fold(struct run *run, const struct fold_shape *shape, void *tool, struct columns key)
{
	struct fold *fold = fold_new(run, shape, tool);
	fold->key = key;
	struct work work = { .shape = fold, .open = open_worker, .close = close_worker, .block = do_block,
		.turn = turn };
	work_run(run, &work);
	if (fold->without_key)
		run_note(run, "rows without a key: %llu", (unsigned long long)fold->without_key);
	return fold;
}

uint64_t fold_without_key(const struct fold *fold) { return fold->without_key; }

void fold_free(struct fold *fold)
{
	if (!fold)
		return;
	for (unsigned p = 0; p < PARTITIONS; p++) {
		empty(&fold->partitions[p]);
		free(fold->partitions[p].spilled);
		pthread_mutex_destroy(&fold->partitions[p].lock);
	}
	spill_free(fold->spill);
	free(fold);
}

/* With something spilled, all of it is: then one partition after the other fits. */
static void settle(struct fold *fold)
{
	if (!fold->spill)
		return;
	for (unsigned p = 0; p < PARTITIONS; p++)
		if (fold->partitions[p].count)
			spill_partition(fold, &fold->partitions[p]);
}

/* Calls `each` for every partition, its entries in memory. */
static void each_partition(struct fold *fold, void (*each)(struct fold *, struct partition *, void *), void *arg)
{
	settle(fold);
	for (unsigned p = 0; p < PARTITIONS; p++) {
		struct partition *partition = &fold->partitions[p];
		unspill(fold, partition);
		each(fold, partition, arg);
		if (fold->spill && partition->count)
			spill_partition(fold, partition);
	}
}

static void count_partition(struct fold *fold, struct partition *partition, void *arg)
{
	(void)fold;
	*(uint64_t *)arg += partition->count;
}

uint64_t fold_count(struct fold *fold)
{
	uint64_t count = 0;
	each_partition(fold, count_partition, &count);
	return count;
}

struct visit {
	void (*visit)(void *arg, struct view key, void *state);
	void *arg;
};

static void visit_partition(struct fold *fold, struct partition *partition, void *arg)
{
	const struct visit *visit = arg;
	for (size_t i = 0; i < partition->count; i++) {
		struct entry *entry = entry_at(fold, partition, i);
		visit->visit(visit->arg, key_view(&entry->key), entry->state);
	}
}

void fold_each(struct fold *fold, void (*visit)(void *arg, struct view key, void *state), void *arg)
{
	struct visit all = { visit, arg };
	each_partition(fold, visit_partition, &all);
}

/* One of the threads of fold_each_worker(): takes partitions until none is left. */
struct visitor {
	struct fold *fold;
	void (*visit)(void *worker, struct view key, void *state);
	void *state;
	unsigned *next;
	pthread_t thread;
};

static void *visit_partitions(void *arg)
{
	struct visitor *visitor = arg;
	struct visit visit = { visitor->visit, visitor->state };
	for (unsigned p; (p = __atomic_fetch_add(visitor->next, 1, __ATOMIC_RELAXED)) < PARTITIONS;)
		visit_partition(visitor->fold, &visitor->fold->partitions[p], &visit);
	return NULL;
}

void fold_each_worker(struct fold *fold, void *(*open)(void *arg), void (*visit)(void *worker, struct view key, void *state),
                      void (*close)(void *arg, void *worker), void *arg)
{
	enum { MOST = 64, FEW = 10000 };
	size_t count = 0;
	for (unsigned p = 0; p < PARTITIONS; p++)
		count += fold->partitions[p].count;
	uint64_t wanted = fold->spill || count < FEW ? 1 : fold->run->threads;
	struct visitor visitors[MOST];
	unsigned next = 0, threads = 1;
	for (unsigned i = 0; i < wanted && i < MOST; i++)
		visitors[i] = (struct visitor){ .fold = fold, .visit = visit, .state = open(arg), .next = &next };
	wanted = wanted < MOST ? wanted : MOST;
	while (threads < wanted && thread_start(&visitors[threads].thread, visit_partitions, &visitors[threads]))
		threads++;
	if (fold->spill)
		fold_each(fold, visit, visitors[0].state);
	else
		visit_partitions(&visitors[0]);
	for (unsigned i = 1; i < threads; i++)
		pthread_join(visitors[i].thread, NULL);
	for (unsigned i = 0; i < wanted; i++)
		close(arg, visitors[i].state);
}

/* ---- in order of the keys ---- */

static struct view key_of_item(const struct order_item *item)
{
	const struct entry *entry = item->what;
	return key_view(&entry->key);
}

/* Appends the partition's entries to an array that order_sort() takes. */
static struct order_item *collect(const struct fold *fold, const struct partition *partition,
                                  struct order_item *to)
{
	for (size_t i = 0; i < partition->count; i++)
		(to++)->what = entry_at(fold, partition, i);
	return to;
}

static void sort_in_memory(struct fold *fold, const struct visit *visit)
{
	size_t count = 0;
	for (unsigned p = 0; p < PARTITIONS; p++)
		count += fold->partitions[p].count;
	struct order_item *items = heap_alloc((count + 1) * sizeof *items), *end = items;
	for (unsigned p = 0; p < PARTITIONS; p++)
		end = collect(fold, &fold->partitions[p], end);
	order_sort(items, count, key_of_item);
	for (size_t i = 0; i < count; i++) {
		struct entry *entry = (struct entry *)(uintptr_t)items[i].what;
		if (i + AHEAD < count)
			prefetch(items[i + AHEAD].what, fold->entry_size);
		visit->visit(visit->arg, key_of_item(&items[i]), entry->state);
	}
	free(items);
}

/* Every partition becomes a sorted run; then the runs are merged. */
static void sort_spilled(struct fold *fold, const struct visit *visit)
{
	struct spill_reader *readers[PARTITIONS];
	struct buf key = { 0 }, value = { 0 };
	struct spill *sorted = spill_new();
	settle(fold);
	for (unsigned p = 0; p < PARTITIONS; p++) {
		struct partition *partition = &fold->partitions[p];
		unspill(fold, partition);
		struct order_item *items = heap_alloc((partition->count + 1) * sizeof *items);
		collect(fold, partition, items);
		order_sort(items, partition->count, key_of_item);
		spill_begin(sorted);
		for (size_t i = 0; i < partition->count; i++) {
			save_entry(fold, items[i].what, &key, &value);
			spill_add(sorted, buf_view(&key), buf_view(&value));
		}
		readers[p] = spill_read(sorted, spill_end(sorted), 64 * 1024);
		free(items);
		if (partition->count)
			spill_partition(fold, partition);
	}
	void *state = heap_alloc(fold->shape->state);
	struct arena arena = { 0 };
	struct spill_merge *merge = spill_merge_new(readers, PARTITIONS, 0);
	struct view next_key, next_value;
	while (spill_merge_next(merge, &next_key, &next_value)) {
		load_state(fold, &arena, next_value, state);
		visit->visit(visit->arg, next_key, state);
		arena_reset(&arena);
	}
	spill_merge_free(merge);
	spill_free(sorted);
	arena_release(&arena);
	free(state);
	buf_release(&key);
	buf_release(&value);
}

void fold_sorted(struct fold *fold, void (*visit)(void *arg, struct view key, void *state), void *arg)
{
	struct visit all = { visit, arg };
	if (fold->spill)
		sort_spilled(fold, &all);
	else
		sort_in_memory(fold, &all);
}
