/* thread: how threads are made here.  Room: base.
 *
 * Stacks are 256 KiB, because address space may be limited; all signals are blocked in
 * them, so that a signal finds the main thread. */
#ifndef CRM_BASE_THREAD_H
#define CRM_BASE_THREAD_H

#include <pthread.h>

#include "base/view.h"

/* False where no thread is to be had. */
bool thread_start(pthread_t *thread, void *(*run)(void *), void *arg);
/* Processors that this process may use. */
unsigned thread_processors(void);

#endif
