/* sink: see sink.h. */
#include "base/sink.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"
#include "base/inflate.h"

struct sink {
	struct sink *next;
	const char *path;      /* NULL: standard output */
	char *temporary;       /* the file's name until it is renamed; NULL: written directly */
	volatile bool named;   /* it has that name: not so before it is whole, where that can be */
	int fd;
	mode_t mode;
	const char *mark;
	bool keep, broken;
	uint64_t bytes;
	struct deflate *deflate;
	struct buf packed;
};

/* Globals: the program ends in one place, which must find what is open. */
static struct sink *open_sinks;
static pthread_mutex_t writing = PTHREAD_MUTEX_INITIALIZER;
static bool busy; /* the main thread is in write_all(), perhaps inside a record */
static pthread_t writer;

const char *sink_name(const struct sink *sink) { return sink->path ? sink->path : "(standard output)"; }
uint64_t sink_bytes(const struct sink *sink) { return sink->bytes; }
bool sink_is_terminal(const struct sink *sink) { return isatty(sink->fd); }
void sink_mark(struct sink *sink, const char *mark) { sink->mark = mark; }
void sink_keep(struct sink *sink) { sink->keep = true; }

static bool ends_in(const char *path, const char *suffix)
{
	return path && view_ends(view_of(path), view_of(suffix));
}

static char *folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	struct buf folder = { 0 };
	buf_put(&folder, slash ? view(path, (size_t)(slash - path) + 1) : VIEW("."));
	buf_string(&folder);
	return folder.ptr;
}

/* A file without a name in the folder of `path`, to be linked through /proc; -1 where one of
 * the two cannot be had. */
static int open_nameless(const char *path)
{
	char *folder = folder_of(path);
	int fd = access("/proc/self/fd", X_OK) == 0 ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600) : -1;
	free(folder);
	return fd;
}

/* The name of a file that had none, by link(2), which never follows or replaces another. */
static int take_name(struct sink *sink)
{
	char file[40], *digits = sink->temporary + strlen(sink->temporary) - 6;
	snprintf(file, sizeof file, "/proc/self/fd/%d", sink->fd);
	for (unsigned i = 0; i < 100; i++) {
		snprintf(digits, 7, "%06x", ((unsigned)getpid() + i) & 0xffffff);
		if (linkat(AT_FDCWD, file, AT_FDCWD, sink->temporary, AT_SYMLINK_FOLLOW) == 0) {
			sink->named = true;
			return 0;
		}
		if (errno != EEXIST)
			break;
	}
	return -1;
}

/* A file that is to replace `path`: without a name, or "path.XXXXXX" beside it, which nobody
 * can guess and which is never followed. */
static void open_beside(struct sink *sink)
{
	struct buf name = { 0 };
	buf_text(&name, sink->path);
	buf_text(&name, ".XXXXXX");
	buf_string(&name);
	sink->temporary = name.ptr;
	sink->fd = open_nameless(sink->path);
	if (sink->fd < 0) {
		sink->fd = mkostemp(sink->temporary, O_CLOEXEC);
		sink->named = sink->fd >= 0;
	}
	if (sink->fd < 0) {
		free(sink->temporary);
		sink->temporary = NULL;
		if (errno == ENOENT || errno == ENOTDIR)
			die(STATUS_SYSTEM, "%s: no such folder", sink->path);
		die_errno("%s: cannot create a file beside it", sink->path);
	}
	if (sink->mode && fchmod(sink->fd, sink->mode) != 0)
		die_errno("%s: cannot set the mode", sink->path);
}

static void open_path(struct sink *sink)
{
	struct stat link, file;
	bool there = lstat(sink->path, &link) == 0;
	bool leads = there && stat(sink->path, &file) == 0;
	if (there && S_ISLNK(link.st_mode) && (!leads || S_ISREG(file.st_mode)) &&
	    strcmp(sink->path, "/dev/stdout") != 0)
		die(STATUS_SYSTEM, "%s: is a symbolic link; name the file itself", sink->path);
	if (leads && S_ISDIR(file.st_mode))
		die(STATUS_SYSTEM, "%s: is a directory", sink->path);
	if (leads && !S_ISREG(file.st_mode)) {
		sink->fd = open(sink->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		if (sink->fd < 0)
			die_errno("%s: cannot open", sink->path);
		return;
	}
	if (strcmp(sink->path, "/dev/stdout") == 0)
		return;
	sink->mode = leads ? file.st_mode & 07777 : 0;
	open_beside(sink);
}

struct sink *sink_open(const char *path)
{
	struct sink *sink = heap_alloc(sizeof *sink);
	*sink = (struct sink){ .fd = STDOUT_FILENO, .next = open_sinks };
	if (path && strcmp(path, "-") != 0) {
		sink->path = path;
		open_path(sink);
	} else if (fcntl(STDOUT_FILENO, F_GETFD) < 0) {
		die_errno("(standard output): cannot write");
	}
	if (ends_in(path, ".gz"))
		sink->deflate = deflate_new(INFLATE_GZIP);
	else if (ends_in(path, ".zst"))
		sink->deflate = deflate_new(INFLATE_ZSTD);
	open_sinks = sink;
	return sink;
}

static _Noreturn void write_failed(struct sink *sink, int error)
{
	sink->broken = true;
	sink->mark = NULL;
	errno = error;
	die_errno("%s: cannot write", sink_name(sink));
}

static void set_busy(bool now)
{
	pthread_mutex_lock(&writing);
	busy = now;
	writer = pthread_self();
	pthread_mutex_unlock(&writing);
}

static void write_all(struct sink *sink, struct view bytes)
{
	set_busy(true);
	while (bytes.len) {
		ssize_t n = write(sink->fd, bytes.ptr, bytes.len > 1u << 30 ? 1u << 30 : bytes.len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			write_failed(sink, errno);
		bytes = view_skip(bytes, (size_t)n);
	}
	set_busy(false);
}

void sink_write(struct sink *sink, struct view bytes)
{
	if (!bytes.len)
		return;
	sink->bytes += bytes.len;
	if (!sink->deflate) {
		write_all(sink, bytes);
		return;
	}
	buf_reset(&sink->packed);
	deflate_step(sink->deflate, bytes, false, &sink->packed);
	write_all(sink, buf_view(&sink->packed));
}

static void forget(struct sink *sink)
{
	for (struct sink **at = &open_sinks; *at; at = &(*at)->next) {
		if (*at == sink) {
			*at = sink->next;
			break;
		}
	}
	deflate_free(sink->deflate);
	buf_release(&sink->packed);
	free(sink->temporary);
	free(sink);
}

/* The rename is not safe on disk before its folder is. */
static int sync_folder(const char *path)
{
	char *folder = folder_of(path);
	int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	if (fd < 0)
		return -1;
	int result = fsync(fd);
	if (result != 0 && (errno == EINVAL || errno == EROFS))
		result = 0; /* a file system that cannot */
	close(fd);
	return result;
}

static int fsync_again(int fd)
{
	int result;
	do
		result = fsync(fd);
	while (result != 0 && errno == EINTR);
	return result;
}

void sink_close(struct sink *sink)
{
	if (sink->deflate) {
		buf_reset(&sink->packed);
		deflate_step(sink->deflate, (struct view){ 0 }, true, &sink->packed);
		write_all(sink, buf_view(&sink->packed));
	}
	if (!sink->temporary) {
		/* What close(2) finds out is found out here: NFS and quotas report late. */
		sink->mark = NULL;
		if (close(sink->fd) != 0 && errno != EINTR)
			write_failed(sink, errno);
		forget(sink);
		return;
	}
	if (fsync_again(sink->fd) != 0 || (!sink->named && take_name(sink) != 0))
		write_failed(sink, errno);
	int fd = sink->fd;
	sink->fd = -1;
	if (close(fd) != 0 && errno != EINTR)
		write_failed(sink, errno);
	if (rename(sink->temporary, sink->path) != 0)
		write_failed(sink, errno);
	free(sink->temporary);
	sink->temporary = NULL;
	if (sync_folder(sink->path) != 0)
		die_errno("%s: cannot sync its folder", sink->path);
	forget(sink);
}

void sink_drop(struct sink *sink)
{
	if (sink->named)
		unlink(sink->temporary);
	if (sink->fd > STDERR_FILENO)
		close(sink->fd);
	forget(sink);
}

void sink_close_all(void)
{
	while (open_sinks)
		sink_close(open_sinks);
}

/* The program fails.  Nothing here may fail in turn: what cannot be done is left. */
static void clear_up(enum status status)
{
	(void)status;
	pthread_mutex_lock(&writing);
	/* A worker fails while the main thread writes: the record under way is finished first. */
	while (busy && !pthread_equal(writer, pthread_self())) {
		pthread_mutex_unlock(&writing);
		nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
		pthread_mutex_lock(&writing);
	}
	for (struct sink *sink = open_sinks; sink; sink = sink->next) {
		if (sink->temporary && sink->keep && !sink->broken && fsync(sink->fd) == 0 &&
		    (sink->named || take_name(sink) == 0) && rename(sink->temporary, sink->path) == 0)
			continue;
		if (sink->named)
			unlink(sink->temporary);
		else if (!sink->temporary && sink->mark && sink->bytes && !sink->deflate &&
		         !isatty(sink->fd) && write(sink->fd, sink->mark, strlen(sink->mark)) < 0)
			continue;
	}
}

/* SIGTERM, SIGHUP, SIGINT: temporary files go, then the signal does what it does.
 * unlink(2) is safe in a handler, and open_sinks changes only with signals blocked. */
static void on_signal(int number)
{
	for (struct sink *sink = open_sinks; sink; sink = sink->next)
		if (sink->named)
			unlink(sink->temporary);
	signal(number, SIG_DFL);
	raise(number);
}

void sink_init(void)
{
	fail_hook(clear_up);
	const int numbers[] = { SIGTERM, SIGHUP, SIGINT, SIGXCPU };
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		struct sigaction before;
		if (sigaction(numbers[i], NULL, &before) == 0 && before.sa_handler == SIG_DFL) {
			struct sigaction action = { .sa_handler = on_signal };
			sigaction(numbers[i], &action, NULL);
		}
	}
	/* A file size limit is an error of write(2), not an end without a word. */
	signal(SIGXFSZ, SIG_IGN);
}

int temporary_file(void)
{
	const char *folder = getenv("TMPDIR");
	struct buf name = { 0 };
	if (!folder || !*folder)
		folder = "/tmp";
	/* Without a name from the start, where the file system can: a kill leaves nothing. */
	int nameless = open(folder, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
	if (nameless >= 0)
		return nameless;
	buf_text(&name, folder);
	buf_text(&name, "/crm.XXXXXX");
	int fd = mkostemp((char *)(uintptr_t)buf_string(&name), O_CLOEXEC);
	if (fd < 0)
		die_errno("%s: cannot create a temporary file", folder);
	unlink(name.ptr);
	buf_release(&name);
	return fd;
}

void temporary_write(int fd, struct view bytes, uint64_t at)
{
	while (bytes.len) {
		ssize_t n = pwrite(fd, bytes.ptr, bytes.len > 1u << 30 ? 1u << 30 : bytes.len, (off_t)at);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die_errno("cannot write a temporary file (see TMPDIR)");
		bytes = view_skip(bytes, (size_t)n);
		at += (uint64_t)n;
	}
}

size_t temporary_read(int fd, char *to, size_t room, uint64_t at)
{
	size_t done = 0;
	while (done < room) {
		ssize_t n = pread(fd, to + done, room - done, (off_t)(at + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			die_errno("cannot read a temporary file (see TMPDIR)");
		if (n == 0)
			break;
		done += (size_t)n;
	}
	return done;
}
