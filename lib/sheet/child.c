/* child: see child.h. */
#include "sheet/child.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fail.h"

enum { FILE_FD = 3, OUT_FD = 4 };

/* Sanitizers map terabytes and report by files and standard error. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(memory_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

/* ---- in the child ---- */

static void end_quietly(enum status status, struct place place, const char *message)
{
	(void)place, (void)message;
	_exit((int)status);
}

/* What the parent does at its end, it does itself: temporary outputs are its own. */
static void forget_parent(void)
{
	const int numbers[] = { SIGTERM, SIGHUP, SIGINT, SIGXCPU, SIGPIPE };
	fail_first(NULL, NULL);
	fail_catch(end_quietly);
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		signal(numbers[i], SIG_DFL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	prctl(PR_SET_DUMPABLE, 0);
}

static bool keep_two(int file, int out)
{
	int high_file = fcntl(file, F_DUPFD, OUT_FD + 1), high_out = fcntl(out, F_DUPFD, OUT_FD + 1);
	if (high_file < 0 || high_out < 0 || dup2(high_file, FILE_FD) < 0 || dup2(high_out, OUT_FD) < 0)
		return false;
	if (close_range(OUT_FD + 1, ~0u, 0) != 0)
		for (int fd = OUT_FD + 1; fd < 1024; fd++)
			close(fd);
	for (int fd = 0; fd < FILE_FD; fd++)
		if (!SANITIZED || fd != STDERR_FILENO)
			close(fd);
	return true;
}

/* Address space that the process has now. */
static uint64_t address_space(void)
{
	char text[64];
	int fd = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
	uint64_t pages = 0;
	if (fd >= 0)
		close(fd);
	struct view rest = view(text, n > 0 ? (size_t)n : 0);
	return view_parse_u64(view_cut(&rest, ' '), 0, UINT32_MAX, &pages) ? pages * (uint64_t)sysconf(_SC_PAGESIZE) : 0;
}

static void limit(__rlimit_resource_t resource, uint64_t soft, uint64_t hard)
{
	struct rlimit now;
	if (getrlimit(resource, &now) == 0 && (now.rlim_max == RLIM_INFINITY || now.rlim_max > hard))
		setrlimit(resource, &(struct rlimit){ soft < hard ? soft : hard, hard });
}

static void set_limits(void)
{
	uint64_t space = address_space();
	if (!SANITIZED && space)
		limit(RLIMIT_AS, space + CHILD_MEMORY, space + CHILD_MEMORY);
	limit(RLIMIT_CPU, CHILD_SECONDS, CHILD_SECONDS + 5);
	limit(RLIMIT_CORE, 0, 0);
	if (SANITIZED)
		return;
	limit(RLIMIT_FSIZE, 0, 0);
	limit(RLIMIT_NOFILE, 0, 0);
	limit(RLIMIT_NPROC, 0, 0);
}

#ifdef ARCHITECTURE
#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define ALLOW(call) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_##call, 0, 1), BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)
#define REFUSE BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM)

/* Reading, writing, memory that is no code, the end.  What is refused fails with EPERM. */
static void filter_calls(void)
{
	struct sock_filter filter[] = {
		LOAD(arch),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0),
		REFUSE,
		LOAD(nr),
		ALLOW(read), ALLOW(pread64), ALLOW(write), ALLOW(brk), ALLOW(munmap), ALLOW(mremap), ALLOW(madvise),
		ALLOW(futex), ALLOW(rt_sigreturn), ALLOW(restart_syscall), ALLOW(exit), ALLOW(exit_group),
		BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, __NR_mmap, 1, 0),
		REFUSE,
		LOAD(args[2]),
		BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, PROT_EXEC, 0, 1),
		REFUSE,
		BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = { sizeof filter / sizeof *filter, filter };
	/* Both may be refused, in a container for one: then the limits are what there is. */
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0)
		prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program);
}
#else
static void filter_calls(void) { }
#endif

static _Noreturn void be_child(int file, int out, const struct child_work *work)
{
	forget_parent();
	if (work->prepare)
		work->prepare();
	if (!keep_two(file, out))
		_exit(STATUS_SYSTEM);
	set_limits();
	if (!SANITIZED)
		filter_calls();
	work->run(FILE_FD, OUT_FD, work->arg);
	_exit(STATUS_DONE);
}

void child_write(int out, struct view bytes)
{
	while (bytes.len) {
		ssize_t n = write(out, bytes.ptr, bytes.len);
		if (n < 0 && errno != EINTR)
			_exit(CHILD_PIPE_GONE);
		if (n > 0)
			bytes = view_skip(bytes, (size_t)n);
	}
}

/* ---- in the parent ---- */

bool child_start(struct child *child, int file, const struct child_work *work)
{
	int ends[2];
	*child = (struct child){ .fd = -1 };
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid_t pid = fork();
	if (pid == 0)
		be_child(file, ends[1], work);
	close(ends[1]);
	if (pid < 0) {
		close(ends[0]);
		return false;
	}
	*child = (struct child){ pid, ends[0] };
	return true;
}

size_t child_read(struct child *child, char *to, size_t room)
{
	ssize_t n;
	do
		n = read(child->fd, to, room);
	while (n < 0 && errno == EINTR);
	return n < 0 ? 0 : (size_t)n;
}

enum child_end child_wait(struct child *child)
{
	int status = 0;
	pid_t pid = child->pid, got;
	if (child->fd >= 0)
		close(child->fd);
	*child = (struct child){ .fd = -1 };
	if (!pid)
		return CHILD_CRASHED;
	do
		got = waitpid(pid, &status, 0);
	while (got < 0 && errno == EINTR);
	if (got < 0) /* somebody else waits for children: what it wrote must do */
		return CHILD_CRASHED;
	if (WIFEXITED(status))
		return WEXITSTATUS(status) == STATUS_DONE ? CHILD_DONE :
		       WEXITSTATUS(status) == STATUS_SYSTEM ? CHILD_MEMORY_WANTED : CHILD_CRASHED;
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU ? CHILD_TOO_LONG : CHILD_CRASHED;
}

void child_stop(struct child *child)
{
	if (child->pid)
		kill(child->pid, SIGKILL);
	if (child->pid || child->fd >= 0)
		child_wait(child);
}
