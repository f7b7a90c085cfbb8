/* inside: what the files of the room cli share.  Not for tools. */
#ifndef CRM_CLI_INSIDE_H
#define CRM_CLI_INSIDE_H

#include "cli/cli.h"

/* All options of a tool: its own, then the shared ones in their groups. */
struct opts {
	struct opt *opt;
	size_t count, room, own; /* own: how many are the tool's */
	struct arena *arena;
};

/* Shared options that are not settings of the run. */
struct shared {
	bool help, version, print_options, print_rules, no_progress;
	const char *rules_table, *print_values, *list_columns, *delimiter, *time_zone;
	int from, to, errors, lang, color;
	struct opt_list tables;
};

void shared_options(const struct tool *tool, struct run *run, struct shared *shared, struct opts *opts);
/* Checks and derives what the options say together; answers --print-rules, --list-columns. */
void shared_settle(const struct tool *tool, struct run *run, struct shared *shared, const struct opts *opts);

_Noreturn void help_print(const struct tool *tool, const struct opts *opts);
_Noreturn void version_print(const struct tool *tool);
/* The option table as TSV: letter, name, kind, argument, choices, help, whose; for completion
 * and for the check of the manual pages.  What --print-values knows is of the kind `values`. */
_Noreturn void options_print(const struct tool *tool, const struct opts *opts);

/* Puts the words that an option, or "operand", may have, one a line: none where that is no
 * list of words. */
void values_put(const struct tool *tool, const struct opts *opts, struct view option, struct buf *to);
_Noreturn void values_print(const struct tool *tool, const struct opts *opts, const char *option);

#endif
