/* strings: see strings.h. */
#include "sheet/strings.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/sink.h"

enum { WINDOW = 16 * 1024 };

/* Pieces one behind the other: the first ones in memory, the others in a file. */
struct store {
	struct buf memory;
	size_t most;
	int fd;             /* -1: all are in memory */
	struct buf waiting; /* to be written behind the file's end */
	uint64_t written;
	struct buf window;  /* of the file, read last */
	uint64_t window_at;
};

struct strings {
	struct store texts, ends; /* ends: where each text ends, eight bytes each */
	uint64_t count, size;
};

static void flush(struct store *store)
{
	if (!store->waiting.len)
		return;
	temporary_write(store->fd, buf_view(&store->waiting), store->written);
	store->written += store->waiting.len;
	buf_reset(&store->waiting);
}

/* A piece is whole in memory or whole in the file. */
static void store_put(struct store *store, struct view piece)
{
	if (store->fd < 0 && store->memory.len + piece.len <= store->most) {
		buf_put(&store->memory, piece);
		return;
	}
	if (store->fd < 0)
		store->fd = temporary_file();
	buf_put(&store->waiting, piece);
	if (store->waiting.len >= WINDOW)
		flush(store);
}

static struct view store_get(struct store *store, uint64_t at, size_t len)
{
	if (at + len <= store->memory.len)
		return view(store->memory.ptr ? store->memory.ptr + at : "", len);
	at -= store->memory.len;
	if (at < store->window_at || at + len > store->window_at + store->window.len) {
		size_t room = len > WINDOW ? len : WINDOW;
		flush(store);
		buf_reset(&store->window);
		store->window.len = temporary_read(store->fd, buf_reserve(&store->window, room), room, at);
		store->window_at = at;
	}
	return view(store->window.ptr + (at - store->window_at), len);
}

static void store_release(struct store *store)
{
	if (store->fd >= 0)
		close(store->fd);
	buf_release(&store->memory);
	buf_release(&store->waiting);
	buf_release(&store->window);
}

struct strings *strings_new(size_t memory)
{
	struct strings *strings = heap_alloc(sizeof *strings);
	*strings = (struct strings){ .texts = { .most = memory - memory / 3, .fd = -1 },
	                             .ends = { .most = memory / 3, .fd = -1 } };
	return strings;
}

void strings_free(struct strings *strings)
{
	if (!strings)
		return;
	store_release(&strings->texts);
	store_release(&strings->ends);
	free(strings);
}

uint64_t strings_count(const struct strings *strings) { return strings->count; }
uint64_t strings_bytes(const struct strings *strings) { return strings->size; }

void strings_add(struct strings *strings, struct view text)
{
	strings->size += text.len;
	strings->count++;
	store_put(&strings->texts, text);
	store_put(&strings->ends, view((const char *)&strings->size, sizeof strings->size));
}

static uint64_t end_of(struct strings *strings, uint64_t number)
{
	uint64_t end;
	memcpy(&end, store_get(&strings->ends, number * sizeof end, sizeof end).ptr, sizeof end);
	return end;
}

bool strings_get(struct strings *strings, uint64_t number, struct view *text)
{
	if (number >= strings->count)
		return false;
	uint64_t start = number ? end_of(strings, number - 1) : 0;
	*text = store_get(&strings->texts, start, (size_t)(end_of(strings, number) - start));
	return true;
}
