/* rows: the shape of a tool that looks at one row at a time.  Room: engine.
 *
 * The tool's row function gets the tool as a constant and its worker's scratch; it keeps
 * nothing else.  Rows come out in the order of the input, whatever the threads did. */
#ifndef CRM_ENGINE_ROWS_H
#define CRM_ENGINE_ROWS_H

#include "engine/work.h"

struct row_shape {
	/* Looks at one row and writes none, one or several; returns its fate. */
	enum fate (*row)(const void *tool, void *scratch, const struct row *row, struct out *out,
	                 struct task *task);
	/* The function takes records with too few or too many fields too, and judges them
	 * (row->count says how many); else they are rejected. */
	bool ragged;
	bool empty_lines; /* and empty lines, as records of one empty field; else they are skipped */
	/* A worker's memory: zeroed bytes of this size, or what `open` makes. */
	size_t scratch;
	void (*open)(const void *tool, void *scratch);
	/* At the end, one scratch after the other, in the main thread. */
	void (*close)(void *tool, void *scratch);
};

/* The run's input is open, its output too, and the header is written. */
void engine_rows(struct run *run, const struct row_shape *shape, void *tool);

#endif
