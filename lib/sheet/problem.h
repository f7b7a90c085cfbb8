/* problem: why a workbook cannot be read.  Room: sheet.
 *
 * This room never ends the program (memory and temporary space apart, which are base's): its
 * functions return false, NULL or 0 and leave here what is wrong.  The first problem holds,
 * what follows from it is not told. */
#ifndef CRM_SHEET_PROBLEM_H
#define CRM_SHEET_PROBLEM_H

#include "base/fail.h"

struct sheet_problem {
	enum status status;  /* STATUS_DONE: none; STATUS_INPUT or STATUS_SYSTEM */
	const char *message; /* English, for translate(); it names no value, and lives on */
	uint64_t row;        /* of the sheet where it was met; 0 where it is of the whole file */
};

/* Both return false, so that a check can end in `return problem_input(...)`. */
static inline bool problem_set(struct sheet_problem *problem, enum status status, const char *message)
{
	if (!problem->message)
		*problem = (struct sheet_problem){ status, message, 0 };
	return false;
}

static inline bool problem_input(struct sheet_problem *problem, const char *message)
{
	return problem_set(problem, STATUS_INPUT, message);
}

#endif
