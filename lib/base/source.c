/* source: see source.h. */
#include "base/source.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/hash.h"
#include "base/inflate.h"
#include "base/thread.h"

enum {
	PACKED = 64 * 1024,          /* compressed bytes read at once */
	INFLATED = 512 * 1024,       /* made at once by the inflater's thread */
	ALONE = 1024 * 1024,         /* inflated in the caller's thread before another is worth it */
};

/* The inflater's thread and the caller hand two buffers to and fro: `packed` is filled by
 * the caller and emptied by the thread, `made` the other way. */
struct beside {
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t changed;
	bool packed_full, packed_last, made_full, stop;
	char *made;
	size_t made_len, made_taken;
	const char *error;
};

struct source {
	const char *name;
	int fd;
	bool threads, ended, started;
	enum inflate_form form;
	struct inflate *inflate;
	char *start;               /* plain: the first bytes, read to know the form */
	size_t start_len, start_taken;
	char *packed;
	struct view left;          /* of packed, not inflated yet */
	bool last;                 /* nothing follows `left` */
	uint64_t inflated, bytes;
	uint64_t least;            /* bytes that a file had when it was opened */
	const char *error;         /* what is wrong: nothing more is read */
	int error_number;          /* of the system, where it is that */
	struct hash_stream *digest;
	struct beside *beside;
};

const char *source_name(const struct source *source)
{
	return source->fd == STDIN_FILENO ? "(standard input)" : source->name;
}

const char *source_path(const struct source *source)
{
	return source->fd == STDIN_FILENO ? NULL : source->name;
}

const char *source_form(const struct source *source)
{
	static const char *const names[] = { "plain", "gzip", "zstd" };
	return names[source->form];
}

uint64_t source_bytes(const struct source *source) { return source->bytes; }

void source_digest_start(struct source *source)
{
	source->digest = hash_stream_new();
	hash_stream_add(source->digest, view(source->start ? source->start : source->packed, source->bytes));
}

uint64_t source_digest(const struct source *source)
{
	return source->digest ? hash_stream_digest(source->digest) : 0;
}

static size_t fail(struct source *source, const char *error, int error_number)
{
	if (!source->error) {
		source->error = error;
		source->error_number = error_number;
	}
	source->ended = true;
	return 0;
}

/* One read(2): the only place where bytes come in.  0 at the end, or where it failed. */
static size_t read_some(struct source *source, char *to, size_t room)
{
	if (source->ended)
		return 0;
	ssize_t n;
	do
		n = read(source->fd, to, room);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		return fail(source, TRANSLATED("cannot read"), errno);
	if (n == 0 && source->bytes < source->least)
		return fail(source, TRANSLATED("became shorter while it was read"), 0);
	if (n == 0)
		source->ended = true;
	source->bytes += (uint64_t)n;
	if (source->digest)
		hash_stream_add(source->digest, view(to, (size_t)n));
	return (size_t)n;
}

/* Reads until four bytes are there or the end: enough to know what it is. */
static void look(struct source *source)
{
	source->start = heap_alloc(PACKED);
	while (source->start_len < 4) {
		size_t n = read_some(source, source->start + source->start_len, PACKED - source->start_len);
		if (n == 0)
			break;
		source->start_len += n;
	}
	source->started = true;
	source->form = inflate_detect(view(source->start, source->start_len));
	if (source->form == INFLATE_PLAIN)
		return;
	source->inflate = inflate_new(source->form);
	source->packed = source->start;
	source->start = NULL;
	source->left = view(source->packed, source->start_len);
	source->start_len = 0;
}

struct source *source_open(const char *name, bool threads)
{
	struct source *source = heap_alloc(sizeof *source);
	*source = (struct source){ .name = name, .fd = STDIN_FILENO, .threads = threads };
	if (strcmp(name, "-") != 0) {
		source->fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
		if (source->fd < 0 && (errno == ENOENT || errno == ENOTDIR))
			die(STATUS_INPUT, "%s: no such file", name);
		if (source->fd < 0)
			die_errno("%s: cannot open", name);
	}
	struct stat about;
	if (fstat(source->fd, &about) != 0)
		die_errno("%s: cannot read", source_name(source));
	if (S_ISDIR(about.st_mode))
		die(STATUS_SYSTEM, "%s: is a directory, not a table", source_name(source));
	off_t at = S_ISREG(about.st_mode) ? lseek(source->fd, 0, SEEK_CUR) : -1;
	if (at >= 0 && at < about.st_size)
		source->least = (uint64_t)(about.st_size - at);
	return source;
}

/* The thread: inflates what the caller has read. */
static void *inflate_beside(void *arg)
{
	struct source *source = arg;
	struct beside *beside = source->beside;
	pthread_mutex_lock(&beside->lock);
	while (!beside->stop) {
		if (beside->made_full || !(beside->packed_full || beside->packed_last)) {
			pthread_cond_wait(&beside->changed, &beside->lock);
			continue;
		}
		bool last = beside->packed_last;
		pthread_mutex_unlock(&beside->lock);
		const char *error = NULL;
		size_t n = inflate_step(source->inflate, &source->left, last, beside->made, INFLATED, &error);
		pthread_mutex_lock(&beside->lock);
		beside->error = error;
		beside->made_len = n;
		beside->made_taken = 0;
		bool wants = n == 0 && !error && !last;
		if (!source->left.len)
			beside->packed_full = wants ? false : beside->packed_full && n > 0;
		beside->made_full = !wants;
		pthread_cond_broadcast(&beside->changed);
	}
	pthread_mutex_unlock(&beside->lock);
	return NULL;
}

static void beside_start(struct source *source)
{
	struct beside *beside = heap_alloc(sizeof *beside);
	*beside = (struct beside){ .made = heap_alloc(INFLATED), .packed_full = source->left.len > 0,
	                           .packed_last = source->last };
	pthread_mutex_init(&beside->lock, NULL);
	pthread_cond_init(&beside->changed, NULL);
	source->beside = beside;
	if (!thread_start(&beside->thread, inflate_beside, source)) {
		/* No thread to be had: the caller goes on inflating by itself. */
		free(beside->made);
		free(beside);
		source->beside = NULL;
		source->threads = false;
	}
}

static size_t read_beside(struct source *source, char *to, size_t room)
{
	struct beside *beside = source->beside;
	pthread_mutex_lock(&beside->lock);
	for (;;) {
		if (beside->made_full && beside->made_taken < beside->made_len) {
			size_t n = beside->made_len - beside->made_taken;
			if (n > room)
				n = room;
			memcpy(to, beside->made + beside->made_taken, n);
			beside->made_taken += n;
			if (beside->made_taken == beside->made_len && !beside->error) {
				beside->made_full = false;
				pthread_cond_broadcast(&beside->changed);
			}
			pthread_mutex_unlock(&beside->lock);
			return n;
		}
		if (beside->error) {
			pthread_mutex_unlock(&beside->lock);
			return fail(source, beside->error, 0);
		}
		if (beside->made_full) { /* made nothing, wants nothing: the end */
			pthread_mutex_unlock(&beside->lock);
			return 0;
		}
		if (!beside->packed_full && !beside->packed_last) {
			pthread_mutex_unlock(&beside->lock);
			size_t n = read_some(source, source->packed, PACKED);
			if (source->error)
				return 0;
			pthread_mutex_lock(&beside->lock);
			source->left = view(source->packed, n);
			beside->packed_full = n > 0;
			beside->packed_last = n == 0;
			pthread_cond_broadcast(&beside->changed);
			continue;
		}
		pthread_cond_wait(&beside->changed, &beside->lock);
	}
}

static size_t read_inflated(struct source *source, char *to, size_t room)
{
	if (source->threads && !source->beside && source->inflated >= ALONE)
		beside_start(source);
	if (source->beside)
		return read_beside(source, to, room);
	for (;;) {
		const char *error = NULL;
		size_t n = inflate_step(source->inflate, &source->left, source->last, to, room, &error);
		source->inflated += n;
		if (error)
			fail(source, error, 0);
		if (n || error || source->last)
			return n;
		if (!source->left.len) {
			size_t more = read_some(source, source->packed, PACKED);
			if (source->error)
				return 0;
			source->left = view(source->packed, more);
			source->last = more == 0;
		}
	}
}

size_t source_try(struct source *source, char *to, size_t room)
{
	if (!source->started)
		look(source);
	if (source->error && source->start_taken == source->start_len)
		return 0;
	if (source->form != INFLATE_PLAIN)
		return read_inflated(source, to, room);
	if (source->start_taken < source->start_len) {
		size_t n = source->start_len - source->start_taken;
		if (n > room)
			n = room;
		memcpy(to, source->start + source->start_taken, n);
		source->start_taken += n;
		return n;
	}
	return read_some(source, to, room);
}

bool source_failed(const struct source *source, bool end)
{
	if (!source->error)
		return false;
	if (end && source->error_number) {
		errno = source->error_number;
		die_errno("%s: %s", source_name(source), translate(source->error));
	}
	if (end)
		die(STATUS_INPUT, "%s: %s", source_name(source), translate(source->error));
	return true;
}

size_t source_read(struct source *source, char *to, size_t room)
{
	size_t n = source_try(source, to, room);
	if (!n)
		source_failed(source, true);
	return n;
}

/* Something is made, or is on the way. */
static bool beside_is_busy(struct beside *beside)
{
	pthread_mutex_lock(&beside->lock);
	bool busy = beside->made_full || beside->packed_full || beside->packed_last;
	pthread_mutex_unlock(&beside->lock);
	return busy;
}

bool source_would_wait(struct source *source)
{
	if (!source->started || source->ended || source->start_taken < source->start_len)
		return false;
	if (source->beside ? beside_is_busy(source->beside) : source->left.len > 0)
		return false;
	struct pollfd poll_fd = { .fd = source->fd, .events = POLLIN };
	return poll(&poll_fd, 1, 0) == 0;
}

void source_close(struct source *source)
{
	if (!source)
		return;
	if (source->beside) {
		pthread_mutex_lock(&source->beside->lock);
		source->beside->stop = true;
		pthread_cond_broadcast(&source->beside->changed);
		pthread_mutex_unlock(&source->beside->lock);
		pthread_join(source->beside->thread, NULL);
		pthread_mutex_destroy(&source->beside->lock);
		pthread_cond_destroy(&source->beside->changed);
		free(source->beside->made);
		free(source->beside);
	}
	if (source->fd > STDERR_FILENO)
		close(source->fd);
	inflate_free(source->inflate);
	hash_stream_free(source->digest);
	free(source->start);
	free(source->packed);
	free(source);
}
