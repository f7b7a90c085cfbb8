/* peek: see peek.h. */
#include "table/peek.h"

#include <stdlib.h>

struct peek {
	struct feed feed;
	struct buf bytes; /* looked at; cut off up to `from` */
	size_t from;
	uint64_t line;    /* of the byte at `from` */
	bool ended;
};

struct peek *peek_new(struct feed feed)
{
	struct peek *peek = heap_alloc(sizeof *peek);
	*peek = (struct peek){ .feed = feed, .line = feed.line ? feed.line : 1 };
	return peek;
}

struct view peek_look(struct peek *peek, size_t least, bool *whole)
{
	while (!peek->ended && peek->bytes.len - peek->from < least) {
		size_t room = least + peek->from - peek->bytes.len;
		size_t n = peek->feed.read(peek->feed.state, buf_reserve(&peek->bytes, room), room);
		peek->bytes.len += n;
		peek->ended = n == 0;
	}
	*whole = peek->ended;
	return view_skip(buf_view(&peek->bytes), peek->from);
}

void peek_skip(struct peek *peek, size_t n)
{
	for (size_t end = peek->from + n; peek->from < end; peek->from++)
		peek->line += peek->bytes.ptr[peek->from] == '\n';
}

static size_t peek_read(void *state, char *to, size_t room)
{
	struct peek *peek = state;
	struct view rest = view_first(view_skip(buf_view(&peek->bytes), peek->from), room);
	if (rest.len) {
		memcpy(to, rest.ptr, rest.len);
		peek->from += rest.len;
		return rest.len;
	}
	buf_release(&peek->bytes);
	peek->from = 0;
	return peek->ended ? 0 : peek->feed.read(peek->feed.state, to, room);
}

static bool peek_would_wait(void *state)
{
	struct peek *peek = state;
	return peek->from == peek->bytes.len && !peek->ended && peek->feed.would_wait &&
	       peek->feed.would_wait(peek->feed.state);
}

static bool peek_failed(void *state, bool end)
{
	const struct peek *peek = state;
	return feed_failed(&peek->feed, end);
}

static void peek_close(void *state)
{
	struct peek *peek = state;
	if (peek->feed.close)
		peek->feed.close(peek->feed.state);
	buf_release(&peek->bytes);
	free(peek);
}

struct feed peek_feed(struct peek *peek)
{
	struct feed feed = peek->feed;
	feed.state = peek;
	feed.read = peek_read;
	feed.would_wait = peek_would_wait;
	feed.failed = peek_failed;
	feed.close = peek_close;
	feed.line = peek->line;
	return feed;
}
