/* run: one run of a tool: the options that all tools share, its input and output, and the
 * fate of every record.  Room: engine.
 *
 * cli fills the options; a tool gives the run to the engine's shapes (rows.h, fold.h,
 * group.h, sorter.h, load.h) and ends with run_finish(), which checks that
 *     read = used + rejected + merged + left out,
 * closes the output, says the summary and returns the exit status. */
#ifndef CRM_ENGINE_RUN_H
#define CRM_ENGINE_RUN_H

#include "base/arena.h"
#include "base/fail.h"
#include "base/sink.h"
#include "table/out.h"
#include "table/reader.h"

/* What became of a record. */
enum fate { FATE_USED, FATE_REJECTED, FATE_MERGED, FATE_LEFT_OUT, FATES };

struct counts {
	uint64_t read, fates[FATES], written, blank;
};

struct named_table {
	const char *name, *file;
	struct named_table *next;
};

enum when { WHEN_AUTO, WHEN_ALWAYS, WHEN_NEVER };

struct run {
	/* Options, as the user gave them. */
	const char *tool;
	const char *output;           /* NULL: standard output */
	enum dialect_form from, to;
	char delimiter;               /* 0: none given */
	bool no_header, no_header_out;
	const char *names;
	bool allow_empty, replace;
	const char *rejects;
	const char *max_rejects;
	const char *strict;           /* comma list of codes, or NULL */
	bool utf8;                    /* set by a tool: rows that are no UTF-8 are always rejected */
	const char *as_of_text;
	int64_t as_of;                /* seconds since 1970-01-01 00:00:00, wall clock of +08:00 */
	int64_t time_zone;            /* seconds east, for `today` and now: +08:00 unless told */
	uint64_t threads, memory;
	const char *shard, *shard_by; /* "I/N" */
	bool partial, merge;
	bool progress, quiet, verbose;
	const char *stats;
	const char *lang;             /* labels: "en" or "zh" */
	bool color;
	const char *rules, *add_rules;
	struct named_table *tables;
	char **operands;
	size_t operand_count;
	const char *list_columns;     /* for a tool that answers it itself */
	const char *options_digest;   /* the command line, personal numbers masked */

	/* The run itself. */
	struct arena arena;
	struct reader *reader;
	struct reader **past;         /* inputs that were read before it */
	size_t past_count, past_room;
	struct sink *sink;
	struct dialect follows;       /* what the output follows, where that is not the input */
	struct dialect out_dialect;
	struct counts counts;
	struct rejects *file_of_rejects;
	uint64_t doubted;             /* rows that are used, but need a person: run_doubt() */
	bool findings;                /* something needs a person: status 1 */
	struct buf notes;             /* further lines of the summary */
};

/* Opens the inputs; returns their header, or NULL for an empty input under --allow-empty
 * (the tool then writes nothing and ends with run_finish()). */
const struct header *run_open(struct run *run);
/* For a tool that reads several tables one after the other: opens one of them as an input
 * of the run, and makes it the one that is read from now on. */
struct reader *run_open_part(struct run *run, const char *file);
void run_use_part(struct run *run, struct reader *reader);
/* Opens the output; its dialect follows the input unless told.  Called before the first
 * row is read, after all columns are resolved. */
void run_open_output(struct run *run);
/* Writes header names, unless --no-header-out: between them call out_name/out_field. */
void run_write_header(struct run *run, struct out *out);
/* Writes what is in `out` (whole rows) and counts its rows. */
void run_write(struct run *run, struct out *out);
/* Closes everything and returns the exit status. */
int run_finish(struct run *run);

/* The summary gets one more line (a note on what was found); English format text. */
void run_note(struct run *run, const char *format, ...) PRINTF(2, 3);

/* A warning of what is wrong with the run as a whole, unless --quiet; English format text. */
void run_warn(const struct run *run, const char *format, ...) PRINTF(2, 3);

/* Opens a further table (--table, --with, rules), with the run's settings but its own
 * dialect.  Its rows are not counted among those of the run. */
struct reader *run_open_table(struct run *run, const char *file);
/* The file of --table NAME=FILE, or NULL. */
const char *run_table(const struct run *run, const char *name);

/* ---- rejects ---- */

struct reject {
	const char *file;
	uint64_t line;
	unsigned column;      /* from 1; 0: the record */
	const char *code;     /* stable, never translated; kept, not copied */
	struct view message;  /* English, without values that may be personal */
	struct view raw;      /* the record as it stood */
	const char *said;     /* the message in the user's language; NULL: `message` is looked up */
};

/* Counts it, writes it to --rejects, and says the first few. */
void run_reject(struct run *run, const struct reject *reject);
/* A row that is used all the same, of which a person must hear: counted in the summary, the
 * first few said, and held against --max-rejects like a row that is rejected. */
void run_doubt(struct run *run, const struct reject *doubt);
/* Reads "10" or "0.3%": a number of rows, or with *share thousandths of those read. */
bool run_parse_limit(struct view text, uint64_t *limit, bool *share);
/* Is this doubt to reject the row (--strict)? */
bool run_strict(const struct run *run, const char *code);

/* "I/N": is a record with this key one of ours?  `shards` 0: everything is. */
struct shard {
	uint64_t number, shards; /* 0-based */
	struct columns by;
};
struct shard run_shard(struct run *run, const struct header *header);
/* The I and the N of --shard, which is given. */
void run_shard_numbers(const struct run *run, uint64_t *number, uint64_t *shards);
bool shard_has(const struct shard *shard, const struct row *row);

/* The one encoding of several values as one key, whose byte order is that of the values. */
void key_put(struct buf *key, struct view value);
/* The key of a row: the value itself where there is one column. */
struct view key_of_row(const struct row *row, const struct columns *columns, struct buf *memory);
/* Is the key there?  Where it has several columns, each must be. */
bool key_is_whole(const struct row *row, const struct columns *columns, struct view key);
/* Takes the next value off a key made by key_put(). */
struct view key_take(struct view *key, struct arena *arena);

#endif
