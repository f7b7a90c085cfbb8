/* cli: how a tool is told what to do.  Room: cli.
 *
 * One typed table of options per tool is the only truth: it feeds getopt_long, --help,
 * completion and the check against the manual page.  Options that tools share come in
 * groups, so that a letter or a long name means one thing everywhere.
 *
 *     static struct select options;
 *     static const struct opt table[] = {
 *         OPT_COLUMNS('c', "columns", &options.columns, "columns to keep, in this order"),
 *         OPT_END
 *     };
 *     static const struct tool tool = { .name = "crm-select", .does = "...", .options = table, ... };
 *     int main(int argc, char **argv)
 *     {
 *         struct run run;
 *         cli_start(&tool, &run, argc, argv);
 *         ...
 *         return run_finish(&run);
 *     }
 *
 * Long names are written in full: abbreviations are refused, so that a new option never
 * breaks a script. */
#ifndef CRM_CLI_CLI_H
#define CRM_CLI_CLI_H

#include "engine/run.h"

enum opt_kind {
	OPT_KIND_FLAG,    /* bool */
	OPT_KIND_TEXT,    /* const char * */
	OPT_KIND_COLUMNS, /* const char *: a list of columns, checked for its form */
	OPT_KIND_KEYS,    /* const char *: sort keys, checked for their form */
	OPT_KIND_CHOICE,  /* int: index into choices */
	OPT_KIND_COUNT,   /* uint64_t: a whole number */
	OPT_KIND_SIZE,    /* uint64_t: bytes, with K, M or G */
	OPT_KIND_FILE,    /* const char * */
	OPT_KIND_LIST,    /* struct opt_list: may be given again */
	OPT_KIND_HEADING, /* no option: the name of a group in --help */
};

struct opt {
	char letter;                /* 0: none */
	const char *name;
	enum opt_kind kind;
	void *where;
	const char *argument;       /* how --help calls it */
	const char *help;           /* a few words, no full stop */
	const char *const *choices; /* ends with NULL */
};

struct opt_list {
	const char **items;
	size_t count, room;
};

#define OPT_FLAG(letter, name, where, help) { letter, name, OPT_KIND_FLAG, where, NULL, help, NULL }
#define OPT_TEXT(letter, name, where, argument, help) \
	{ letter, name, OPT_KIND_TEXT, where, argument, help, NULL }
#define OPT_COLUMNS(letter, name, where, help) \
	{ letter, name, OPT_KIND_COLUMNS, where, "COLUMNS", help, NULL }
#define OPT_KEYS(letter, name, where, help) { letter, name, OPT_KIND_KEYS, where, "KEYS", help, NULL }
#define OPT_CHOICE(letter, name, where, choices, help) \
	{ letter, name, OPT_KIND_CHOICE, where, "WORD", help, choices }
#define OPT_COUNT(letter, name, where, help) { letter, name, OPT_KIND_COUNT, where, "N", help, NULL }
#define OPT_SIZE(letter, name, where, help) { letter, name, OPT_KIND_SIZE, where, "SIZE", help, NULL }
#define OPT_FILE(letter, name, where, help) { letter, name, OPT_KIND_FILE, where, "FILE", help, NULL }
#define OPT_LIST(letter, name, where, argument, help) \
	{ letter, name, OPT_KIND_LIST, where, argument, help, NULL }
#define OPT_END { 0, NULL, OPT_KIND_FLAG, NULL, NULL, NULL, NULL }

/* Groups of shared options. */
enum cli_shares {
	CLI_READS = 1,      /* reads tables: --from -d --no-header --names --allow-empty --rejects --strict ... */
	CLI_WRITES = 2,     /* writes a table: --to --no-header-out */
	CLI_ADDS = 4,       /* adds columns: --replace */
	CLI_RULES = 8,      /* -r --add-rules --print-rules */
	CLI_TABLES = 16,    /* -t NAME=FILE */
	CLI_AS_OF = 32,     /* --as-of --tz */
	CLI_MEMORY = 64,    /* --memory */
	CLI_SHARDS = 128,   /* --shard --shard-by */
	CLI_PARTIAL = 256,  /* --partial --merge */
	CLI_LABELS = 512,  /* --lang decides labels of the output too */
};

/* A built-in rule table, for --print-rules. */
struct cli_table {
	const char *name; /* the first one is printed when none is named */
	const char *csv;
};

/* The words that an option's text may be: those of a column of a built-in table (`*` and
 * `any`, which stand for all, are none).  For completion. */
struct cli_values {
	const char *option; /* its long name; "operand" for what is no option */
	const char *table;  /* its name in the tool's tables; NULL: `column` is the word itself */
	const char *column;
};

/* A letter of other programs' options, and what is written here instead. */
struct cli_hint {
	char letter;
	const char *instead;
};

struct tool {
	const char *name;
	const char *does;            /* one sentence */
	const char *usage;           /* "[OPTION]... [FILE]..." */
	const struct opt *options;
	unsigned shares;
	const char *const *examples; /* lines, ends with NULL; two at least */
	const struct cli_table *tables;
	const struct cli_values *values; /* ends with a NULL option; may be NULL */
	const struct cli_hint *hints; /* ends with letter 0; may be NULL */
	bool no_input;               /* does not read standard input when no file is named */
	bool tables_are_input;       /* nor when --table names one */
	bool lists_columns;          /* answers --list-columns (run.list_columns) itself */
	const char *const *strict;   /* codes that --strict knows beside utf8, ends with NULL; NULL: none */
	const char *const *no_input_with; /* nor when this option's text is given; may be NULL */
};

/* Reads the command line into the tool's options and *run.  Answers --help, --version,
 * --print-rules, --print-values and --list-columns (but for lists_columns) itself, and ends the program (2) for a mistake. */
void cli_start(const struct tool *tool, struct run *run, int argc, char **argv);

/* A usage mistake: message, a line on where to look, status 2. */
_Noreturn void cli_wrong(const char *format, ...) PRINTF(1, 2);

/* Writes the answer to an option such as --list-columns to standard output and ends the
 * program with 0. */
_Noreturn void cli_print(struct view text);

#endif
