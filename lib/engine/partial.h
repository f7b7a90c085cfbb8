/* partial: the state of a fold as a table, which --partial writes and --merge reads.
 * Room: engine.
 *
 * TSV, written in byte order of the lines, read in any order: several states are one, so that
 * `cat`, `sort -m` and several operands are ways to put them together.  Integers and text only.
 *
 *     state   TOOL/FORMAT/DIGEST; the digest is of all that decides the state but the data
 *     ...     the key: columns of its own
 *     slot    what is kept for the key: a sum, a set
 *     item    a member of the set
 *     value   an integer or a text
 *
 * A line without a slot is of the whole run; its key is empty:
 *     check    how many other lines the state has, and the sum (64 bits) of their XXH3, so that
 *              neither a lost line nor a changed one is overlooked
 *     columns  the names of the input's columns: states of unlike tables are no one state
 *     form     the input's dialect, and the key's names as they stood: the output follows it
 *     shard    I/N COLUMNS: each of the N must be there, one as often as the other
 * and what the tool has of that kind (rows that were left out).
 *
 * An item or a value may have several parts: TABs between them, each escaped as in TSV.  In
 * the file, where the whole field is escaped, such a TAB stands as \t.
 *
 *     struct partial *partial = partial_new(run, options);        both
 *     partial_begin(partial, header, names, 1);                   --partial
 *     partial_put(partial, &key, VIEW("times"), VIEW(""), count);
 *     partial_end(partial);
 *     partial_open(partial);                                      --merge
 *     engine_fold(...), its map calls partial_read(partial, row, task, &line);
 *     partial_close(partial); */
#ifndef CRM_ENGINE_PARTIAL_H
#define CRM_ENGINE_PARTIAL_H

#include "engine/work.h"

struct partial;

/* `options`: bytes of any form that say all that decides the state. */
struct partial *partial_new(struct run *run, struct view options);
void partial_free(struct partial *partial);

/* ---- writing, by the main thread ---- */

/* The run's output is open.  `names` of the key's columns, kept, not copied. */
void partial_begin(struct partial *partial, const struct header *input, const struct view *names, unsigned keys);
/* The output of --merge is to follow the input: its dialect, and these columns' names. */
void partial_form(struct partial *partial, const struct header *input, const struct columns *keys);
/* A line.  `key` has a value for each name. */
void partial_put(struct partial *partial, const struct view *key, struct view slot, struct view item, struct view value);
/* A line of the whole run: a count, where it is not 0. */
void partial_put_count(struct partial *partial, const char *item, uint64_t count);
/* Writes all lines. */
void partial_end(struct partial *partial);

/* ---- reading ---- */

/* The run's input is open.  Returns the names of the key's columns, which are those of a row
 * from number 1 on.  Ends the program (3) where the table is none that --partial wrote. */
const struct header *partial_open(struct partial *partial);
/* The columns of the key are not those of our options: ends the program (3). */
_Noreturn void partial_refuse(const struct partial *partial);

enum partial_field { PARTIAL_KEY, PARTIAL_SLOT, PARTIAL_ITEM, PARTIAL_VALUE };

struct partial_line {
	struct view slot, item, value;
};

/* From any thread.  FATE_USED: a line for the tool; without a slot it is one of the run, by
 * its item.  FATE_MERGED: one that is seen to.  FATE_REJECTED: it ends the program. */
enum fate partial_read(struct partial *partial, const struct row *row, struct task *task, struct partial_line *line);
/* The line is none that the tool writes: ends the program (3) in its turn. */
enum fate partial_damaged(const struct partial *partial, const struct row *row, struct task *task,
                          enum partial_field field);
/* After the last line: ends the program (3) where lines are missing, or states do not belong
 * together.  The run's output, opened from now on, follows the input of the parts. */
const struct header *partial_close(struct partial *partial);

/* ---- parts, and numbers of up to 96 bits ---- */

/* Appends one more part, behind a TAB where something stands already in `to`. */
void partial_part(struct buf *to, struct view part, bool first);
struct view partial_take(struct view *parts, struct arena *arena);

void partial_put_number(struct buf *to, __int128 number);
bool partial_parse_number(struct view text, __int128 *number);

#endif
