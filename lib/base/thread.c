/* thread: see thread.h. */
#include "base/thread.h"

#include <malloc.h>
#include <sched.h>
#include <signal.h>

enum { STACK = 256 * 1024 };

bool thread_start(pthread_t *thread, void *(*run)(void *), void *arg)
{
	/* One malloc arena for all: each further one reserves 64 MiB of address space. */
	mallopt(M_ARENA_MAX, 1);
	pthread_attr_t attributes;
	if (pthread_attr_init(&attributes) != 0)
		return false;
	pthread_attr_setstacksize(&attributes, STACK);
	sigset_t all, before;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	int result = pthread_create(thread, &attributes, run, arg);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return result == 0;
}

unsigned thread_processors(void)
{
	cpu_set_t set;
	if (sched_getaffinity(0, sizeof set, &set) != 0)
		return 1;
	int count = CPU_COUNT(&set);
	return count > 0 ? (unsigned)count : 1;
}
