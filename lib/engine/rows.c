/* rows: see rows.h. */
#include "engine/rows.h"

#include <stdlib.h>

struct rows_run {
	const struct row_shape *shape;
	void *tool;
};

struct rows_worker {
	struct rows_run *all;
	_Alignas(16) char scratch[];
};

static void *open_worker(void *arg)
{
	struct rows_run *all = arg;
	struct rows_worker *worker = heap_alloc(sizeof *worker + all->shape->scratch);
	memset(worker->scratch, 0, all->shape->scratch);
	worker->all = all;
	if (all->shape->open)
		all->shape->open(all->tool, worker->scratch);
	return worker;
}

static void close_worker(void *arg, void *state)
{
	struct rows_run *all = arg;
	struct rows_worker *worker = state;
	if (all->shape->close)
		all->shape->close(all->tool, worker->scratch);
	free(worker);
}

static enum fate each(void *arg, struct task *task, const struct row *row)
{
	struct rows_worker *worker = arg;
	return worker->all->shape->row(worker->all->tool, worker->scratch, row, &task->out, task);
}

static void do_block(void *arg, void *worker, struct task *task)
{
	struct rows_run *all = arg;
	task->ragged = all->shape->ragged;
	task->empty_lines = all->shape->empty_lines;
	task_rows(task, each, worker);
}

void engine_rows(struct run *run, const struct row_shape *shape, void *tool)
{
	struct rows_run all = { shape, tool };
	struct work work = { .shape = &all, .open = open_worker, .close = close_worker, .block = do_block };
	work_run(run, &work);
}
