/* A child: what it writes arrives; how it ends is told; what it must not do it cannot. */
#include "sheet/child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "test.h"

#if defined(__SANITIZE_ADDRESS__)
#define LIMITED 0 /* sanitizers need what the limits take away */
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LIMITED 0
#endif
#endif
#ifndef LIMITED
#define LIMITED 1
#endif

static enum child_end run(void (*work)(int file, int out, void *arg), void *arg, struct buf *said)
{
	struct child child;
	struct child_work todo = { NULL, work, arg };
	int file = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	buf_reset(said);
	CHECK(child_start(&child, file, &todo), "a process is to be had");
	for (size_t n = 1; n;) {
		n = child_read(&child, buf_reserve(said, 4096), 4096);
		said->len += n;
	}
	close(file);
	return child_wait(&child);
}

static void say(int out, const char *text)
{
	child_write(out, view_of(text));
}

static void work_well(int file, int out, void *arg)
{
	char start[4];
	say(out, arg);
	say(out, pread(file, start, sizeof start, 0) == 4 && memcmp(start, "\177ELF", 4) == 0 ? " read" : " not read");
	for (int i = 0; i < 100; i++)
		free(heap_alloc(1024 * 1024));
}

static void crash(int file, int out, void *arg)
{
	(void)file, (void)arg;
	say(out, "before");
	raise(SIGSEGV);
	_exit(99);
}

static void go_on(int file, int out, void *arg)
{
	(void)file, (void)out, (void)arg;
	for (volatile unsigned i = 0;; i++)
		;
}

static void take_memory(int file, int out, void *arg)
{
	(void)file, (void)out, (void)arg;
	for (;;)
		memset(heap_alloc(16 * 1024 * 1024), 1, 4096);
}

static void try_things(int file, int out, void *arg)
{
	(void)file, (void)arg;
	say(out, open("/etc/hostname", O_RDONLY | O_CLOEXEC) < 0 ? "open " : "OPEN ");
	say(out, socket(AF_INET, SOCK_STREAM, 0) < 0 ? "socket " : "SOCKET ");
	say(out, fork() < 0 ? "fork " : "FORK ");
	say(out, fcntl(0, F_GETFD) < 0 && fcntl(1, F_GETFD) < 0 && fcntl(5, F_GETFD) < 0 ? "closed" : "CLOSED");
}

static void fill_pipe(int file, int out, void *arg)
{
	static const char zeros[65536];
	(void)file, (void)arg;
	for (;;)
		child_write(out, view(zeros, sizeof zeros));
}

int main(void)
{
	struct buf said = { 0 };
	char hello[] = "hello";
	CHECK(run(work_well, hello, &said) == CHILD_DONE, "an end in good order");
	CHECK_TEXT(buf_view(&said), VIEW("hello read"), "what it said");
	CHECK(run(crash, NULL, &said) == CHILD_CRASHED, "a crash is told");
	CHECK_TEXT(buf_view(&said), VIEW("before"), "what came before it");
	struct child child;
	struct child_work endless = { NULL, fill_pipe, NULL };
	CHECK(child_start(&child, STDIN_FILENO, &endless), "a process that goes on");
	char some[100];
	CHECK(child_read(&child, some, sizeof some) == sizeof some, "is read");
	child_stop(&child);
	CHECK(waitpid(-1, NULL, WNOHANG) < 0 && errno == ECHILD, "and stopped, and none is left");
	if (LIMITED) {
		CHECK(run(take_memory, NULL, &said) == CHILD_MEMORY_WANTED, "memory has an end");
		run(try_things, NULL, &said);
		CHECK_TEXT(buf_view(&said), VIEW("open socket fork closed"), "what it cannot");
		/* Its minute, shortened. */
		setrlimit(RLIMIT_CPU, &(struct rlimit){ 1, 2 });
		CHECK(run(go_on, NULL, &said) == CHILD_TOO_LONG, "time has an end");
	}
	buf_release(&said);
	return test_end();
}
