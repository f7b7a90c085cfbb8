/* child: work on a file that is not trusted, in a process that can do nothing else.
 * Room: sheet.
 *
 * The xls format is old and intricate, and every reader of it in C has had memory bugs.  So it is
 * read in a child, which has two descriptors (the file, and a pipe back) and limits of its
 * own: memory, 60 seconds of processor time, no file may be opened or written, no process
 * started.  Where the kernel allows it a filter (seccomp) leaves it a dozen system calls; the
 * others fail.  Whatever becomes of the child, its end is an error here and not a crash. */
#ifndef CRM_SHEET_CHILD_H
#define CRM_SHEET_CHILD_H

#include <sys/types.h>

#include "base/view.h"

enum {
	CHILD_SECONDS = 60,
	CHILD_MEMORY = 1024 * 1024 * 1024, /* above what the parent has */
	CHILD_PIPE_GONE = 6,               /* exit statuses of its own, beyond enum status */
};

struct child {
	pid_t pid; /* 0: none */
	int fd;    /* where what it writes is read */
};

struct child_work {
	void (*prepare)(void);               /* before the limits: what must be opened; may be NULL */
	void (*run)(int file, int out, void *arg); /* then it ends with 0 */
	void *arg;
};

enum child_end {
	CHILD_DONE,
	CHILD_MEMORY_WANTED, /* or another failure of the system */
	CHILD_TOO_LONG,
	CHILD_CRASHED,
};

/* False where no process is to be had. */
bool child_start(struct child *child, int file, const struct child_work *work);
/* 0 at the end, which may be its crash: child_wait() tells. */
size_t child_read(struct child *child, char *to, size_t room);
/* Waits for its end. */
enum child_end child_wait(struct child *child);
/* Ends it, if it goes on. */
void child_stop(struct child *child);

/* For the child: writes all of it, or ends quietly where nobody reads. */
void child_write(int out, struct view bytes);

#endif
