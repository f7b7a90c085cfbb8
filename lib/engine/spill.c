/* spill: see spill.h.
 *
 * A record is: length of the key, length of the value (four bytes each, this machine's
 * order: the file does not outlive the process), key, value. */
#include "engine/spill.h"

#include <endian.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/sink.h"

enum { WRITE_AT = 1024 * 1024 };

struct spill {
	int fd;
	uint64_t size, start;
	struct buf buffer;
};

struct spill_reader {
	int fd;
	uint64_t at, end;
	char *buffer;
	size_t room, len, taken;
	bool (*next)(void *state, struct view *key, struct view *value);
	void *state;
};

struct spill *spill_new(void)
{
	struct spill *spill = heap_alloc(sizeof *spill);
	*spill = (struct spill){ .fd = temporary_file() };
	return spill;
}

void spill_free(struct spill *spill)
{
	if (!spill)
		return;
	close(spill->fd);
	buf_release(&spill->buffer);
	free(spill);
}

static void flush(struct spill *spill)
{
	temporary_write(spill->fd, buf_view(&spill->buffer), spill->size);
	spill->size += spill->buffer.len;
	buf_reset(&spill->buffer);
}

void spill_begin(struct spill *spill)
{
	spill->start = spill->size;
}

void spill_add(struct spill *spill, struct view key, struct view value)
{
	uint32_t lengths[2] = { (uint32_t)key.len, (uint32_t)value.len };
	buf_put(&spill->buffer, view((const char *)lengths, sizeof lengths));
	buf_put(&spill->buffer, key);
	buf_put(&spill->buffer, value);
	if (spill->buffer.len >= WRITE_AT)
		flush(spill);
}

struct spilled spill_end(struct spill *spill)
{
	flush(spill);
	return (struct spilled){ spill->start, spill->size };
}

struct spill_reader *spill_read(struct spill *spill, struct spilled run, size_t buffer)
{
	struct spill_reader *reader = heap_alloc(sizeof *reader);
	*reader = (struct spill_reader){ .fd = spill->fd, .at = run.start, .end = run.end,
		.buffer = heap_alloc(buffer), .room = buffer };
	return reader;
}

struct spill_reader *spill_of(bool (*next)(void *state, struct view *key, struct view *value), void *state)
{
	struct spill_reader *reader = heap_alloc(sizeof *reader);
	*reader = (struct spill_reader){ .fd = -1, .next = next, .state = state };
	return reader;
}

void spill_close(struct spill_reader *reader)
{
	free(reader->buffer);
	free(reader);
}

/* Has `need` bytes in the buffer; false at the end of the run. */
static bool have(struct spill_reader *reader, size_t need)
{
	if (reader->len - reader->taken >= need)
		return true;
	memmove(reader->buffer, reader->buffer + reader->taken, reader->len - reader->taken);
	reader->len -= reader->taken;
	reader->taken = 0;
	if (need > reader->room) {
		reader->room = need;
		reader->buffer = heap_resize(reader->buffer, need);
	}
	size_t want = reader->room - reader->len;
	if (want > reader->end - reader->at)
		want = (size_t)(reader->end - reader->at);
	size_t n = temporary_read(reader->fd, reader->buffer + reader->len, want, reader->at);
	if (n < want)
		die(STATUS_SYSTEM, "a temporary file was cut short (see TMPDIR)");
	reader->len += n;
	reader->at += n;
	return reader->len >= need;
}

bool spill_next(struct spill_reader *reader, struct view *key, struct view *value)
{
	if (reader->next)
		return reader->next(reader->state, key, value);
	uint32_t lengths[2];
	if (!have(reader, sizeof lengths))
		return false;
	memcpy(lengths, reader->buffer + reader->taken, sizeof lengths);
	if (!have(reader, sizeof lengths + lengths[0] + (size_t)lengths[1]))
		return false;
	const char *at = reader->buffer + reader->taken + sizeof lengths;
	*key = view(at, lengths[0]);
	*value = view(at + lengths[0], lengths[1]);
	reader->taken += sizeof lengths + lengths[0] + (size_t)lengths[1];
	return true;
}

/* ---- merging: a tree of losers ---- */

/* A reader and its record that comes next. */
struct merge_run {
	struct spill_reader *reader;
	struct view key, value;
	bool ended;
};

/* A run in the tree.  Most comparisons are decided by the eight bytes of the key that stand
 * behind what all keys begin with, without a look at the run. */
struct entrant {
	uint64_t prefix;
	size_t run;
};

/* tree[1] to tree[count - 1] hold who lost the match there, tree[0] who won them all: as each
 * run's matches lie on one way from its leaf to the root, the next winner is found by the
 * matches of the last one alone. */
struct spill_merge {
	struct merge_run *runs;
	struct entrant *tree;
	size_t count, skip;
	bool given; /* the winner was given out: it goes on with the next call */
};

static uint64_t prefix_of(struct view key, size_t skip)
{
	uint64_t prefix = 0;
	key = view_skip(key, skip);
	if (key.len >= sizeof prefix) {
		memcpy(&prefix, key.ptr, sizeof prefix);
		return be64toh(prefix);
	}
	for (size_t i = 0; i < sizeof prefix; i++)
		prefix = prefix << 8 | (i < key.len ? (unsigned char)key.ptr[i] : 0);
	return prefix;
}

/* Keys whose prefixes are equal. */
static int compare_rest(struct view a, struct view b, size_t skip)
{
	if (a.len <= skip + sizeof(uint64_t) && b.len <= skip + sizeof(uint64_t))
		return (a.len > b.len) - (a.len < b.len);
	return view_compare(view_skip(a, skip), view_skip(b, skip));
}

static bool wins(const struct spill_merge *merge, struct entrant a, struct entrant b)
{
	if (a.prefix != b.prefix)
		return a.prefix < b.prefix;
	const struct merge_run *first = &merge->runs[a.run], *second = &merge->runs[b.run];
	if (first->ended || second->ended)
		return !first->ended;
	int order = compare_rest(first->key, second->key, merge->skip);
	return order < 0 || (order == 0 && a.run < b.run);
}

/* The run's next record, as one that enters the tree. */
static struct entrant enter(struct spill_merge *merge, size_t number)
{
	struct merge_run *run = &merge->runs[number];
	run->ended = !spill_next(run->reader, &run->key, &run->value);
	return (struct entrant){ run->ended ? UINT64_MAX : prefix_of(run->key, merge->skip), number };
}

/* Plays the matches of the subtree for the first time; returns its winner. */
static struct entrant play(struct spill_merge *merge, size_t node)
{
	if (node >= merge->count)
		return enter(merge, node - merge->count);
	struct entrant left = play(merge, node * 2), right = play(merge, node * 2 + 1);
	bool left_wins = wins(merge, left, right);
	merge->tree[node] = left_wins ? right : left;
	return left_wins ? left : right;
}

static void replay(struct spill_merge *merge)
{
	struct entrant entrant = enter(merge, merge->tree[0].run);
	for (size_t node = (entrant.run + merge->count) / 2; node; node /= 2) {
		if (wins(merge, merge->tree[node], entrant)) {
			struct entrant loser = entrant;
			entrant = merge->tree[node];
			merge->tree[node] = loser;
		}
	}
	merge->tree[0] = entrant;
}

struct spill_merge *spill_merge_new(struct spill_reader **readers, size_t count, size_t skip)
{
	struct spill_merge *merge = heap_alloc(sizeof *merge);
	*merge = (struct spill_merge){ .count = count, .skip = skip };
	merge->runs = heap_alloc((count + 1) * sizeof *merge->runs);
	merge->tree = heap_alloc((count + 1) * sizeof *merge->tree);
	for (size_t i = 0; i < count; i++)
		merge->runs[i].reader = readers[i];
	if (count)
		merge->tree[0] = play(merge, 1);
	return merge;
}

bool spill_merge_next(struct spill_merge *merge, struct view *key, struct view *value)
{
	if (!merge->count)
		return false;
	if (merge->given)
		replay(merge);
	const struct merge_run *winner = &merge->runs[merge->tree[0].run];
	merge->given = !winner->ended;
	*key = winner->key;
	*value = winner->value;
	return merge->given;
}

void spill_merge_free(struct spill_merge *merge)
{
	for (size_t i = 0; i < merge->count; i++)
		spill_close(merge->runs[i].reader);
	free(merge->runs);
	free(merge->tree);
	free(merge);
}

/* ---- order in memory: by the eight bytes behind what all keys begin with, by radix; then
 * those that are equal so far, by merging (400,000 keys of eight bytes: 0.4 times the time of
 * merging alone) ---- */

static size_t common_prefix(struct order_item *items, size_t count, struct view (*key)(const struct order_item *))
{
	struct view first = key(&items[0]);
	size_t len = first.len;
	for (size_t i = 1; i < count && len; i++) {
		struct view other = key(&items[i]);
		size_t n = 0;
		while (n < len && n < other.len && other.ptr[n] == first.ptr[n])
			n++;
		len = n;
	}
	return len;
}

/* Sorts by the bytes of the prefix, the last one first; stable. */
static void sort_by_prefix(struct order_item *items, struct order_item *spare, size_t count)
{
	size_t starts[8][256] = { 0 };
	struct order_item *from = items, *to = spare;
	for (size_t i = 0; i < count; i++)
		for (unsigned byte = 0; byte < 8; byte++)
			starts[byte][items[i].prefix >> (byte * 8) & 0xff]++;
	for (unsigned byte = 0; byte < 8; byte++) {
		size_t start = 0;
		if (starts[byte][items[0].prefix >> (byte * 8) & 0xff] == count)
			continue; /* the same in all */
		for (unsigned value = 0; value < 256; value++) {
			size_t n = starts[byte][value];
			starts[byte][value] = start;
			start += n;
		}
		for (size_t i = 0; i < count; i++)
			to[starts[byte][from[i].prefix >> (byte * 8) & 0xff]++] = from[i];
		struct order_item *other = from;
		from = to;
		to = other;
	}
	if (from != items)
		memcpy(items, from, count * sizeof *items);
}

static bool is_after(const struct order_item *a, const struct order_item *b,
                     struct view (*key)(const struct order_item *), size_t skip)
{
	if (a->prefix != b->prefix)
		return a->prefix > b->prefix;
	return compare_rest(key(a), key(b), skip) > 0;
}

static void sort_by_merging(struct order_item *items, struct order_item *spare, size_t count,
                            struct view (*key)(const struct order_item *), size_t skip)
{
	struct order_item *from = items, *to = spare;
	for (size_t width = 1; width < count; width *= 2) {
		for (size_t start = 0; start < count; start += width * 2) {
			size_t a = start, middle = start + width < count ? start + width : count;
			size_t b = middle, end = start + width * 2 < count ? start + width * 2 : count;
			for (size_t at = start; at < end; at++)
				to[at] = b == end || (a < middle && !is_after(&from[a], &from[b], key, skip))
					         ? from[a++] : from[b++];
		}
		struct order_item *other = from;
		from = to;
		to = other;
	}
	if (from != items)
		memcpy(items, from, count * sizeof *items);
}

void order_sort(struct order_item *items, size_t count, struct view (*key)(const struct order_item *))
{
	enum { FEW = 64 }; /* the tables of a radix sort would take longer */
	if (count < 2)
		return;
	size_t skip = common_prefix(items, count, key);
	for (size_t i = 0; i < count; i++)
		items[i].prefix = prefix_of(key(&items[i]), skip);
	struct order_item *spare = heap_alloc(count * sizeof *spare);
	if (count < FEW)
		sort_by_merging(items, spare, count, key, skip);
	else
		sort_by_prefix(items, spare, count);
	for (size_t start = 0, end; count >= FEW && start < count; start = end) {
		for (end = start + 1; end < count && items[end].prefix == items[start].prefix;)
			end++;
		if (end - start > 1)
			sort_by_merging(items + start, spare, end - start, key, skip);
	}
	free(spare);
}
