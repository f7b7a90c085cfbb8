/* fail: messages and the ways a program ends.  Room: base.
 *
 * A message is one line on standard error: `crm-tag: tags.csv:12:5: no column "channl"`.
 * Program, place, fact, hint; lower case, no full stop; never a value that may be
 * personal.  Bytes that do not print are escaped; what looks like a mobile number or an ID
 * card stands as stars, but for the summary's counts.  The format text is the message's
 * English name: its Chinese twin stands in base/zh.h.
 * Only base, table, engine, ledger and cli may end the program (and rule/row.c, which binds
 * expressions to tables); other rooms return a status. */
#ifndef CRM_BASE_FAIL_H
#define CRM_BASE_FAIL_H

#include "base/view.h"

enum status {
	STATUS_DONE = 0,     /* done, no row lost */
	STATUS_FINDINGS = 1, /* done, and something needs a person */
	STATUS_USAGE = 2,    /* wrong whatever the data: options, rule tables */
	STATUS_INPUT = 3,    /* the input is not there, bad as a whole, or does not fit */
	STATUS_SYSTEM = 4,   /* open, read, write, memory, temporary space */
	STATUS_STATE = 5,    /* a state file is locked by another run or damaged */
};

/* Where something was found.  Zero (or NULL) means unknown or without. */
struct place {
	const char *file;
	uint64_t line;   /* physical line where the record begins, from 1 */
	unsigned column; /* number of the field, from 1 */
};

#define PRINTF(text, first) __attribute__((format(printf, text, first)))

/* Ends the program with a message and the status. */
_Noreturn void die(enum status status, const char *format, ...) PRINTF(2, 3);
_Noreturn void die_at(enum status status, struct place place, const char *format, ...) PRINTF(3, 4);
/* Status 4, with what errno says behind the message. */
_Noreturn void die_errno(const char *format, ...) PRINTF(1, 2);
/* Ends the program with 4 and "out of memory", without asking for more. */
_Noreturn void die_memory(void);

/* A message and on with it. */
void warn(const char *format, ...) PRINTF(1, 2);
void warn_at(struct place place, const char *format, ...) PRINTF(2, 3);
/* The same with a stable code, which JSON messages carry. */
void warn_code(struct place place, const char *code, const char *message);
/* A line of the summary: no warning, only said. */
void warn_summary(const char *format, ...) PRINTF(1, 2);

/* Message in the language of the user (English where there is no other). */
const char *translate(const char *english);
/* Marks a text that goes to translate() later, so that tests/messages.pl finds it. */
#define TRANSLATED(english) (english)

enum fail_format { FAIL_TEXT, FAIL_JSON };
enum fail_language { FAIL_ENGLISH, FAIL_CHINESE };

/* Set once, by cli.  `program` is kept, not copied. */
void fail_init(const char *program, enum fail_format format, enum fail_language language);
const char *fail_program(void);
enum fail_language fail_language(void);

/* What is done before a program that fails ends: the output is marked as cut short,
 * temporary files go.  The hook must not call die(). */
void fail_hook(void (*hook)(enum status status));
/* What the calling thread does first when it ends the program, and a call of its own may end
 * it in turn: what is under way is finished.  NULL: nothing any more. */
void fail_first(void (*first)(void *arg), void *arg);
/* For unit tests: die() calls this instead of ending the program; it must not return
 * (it jumps). */
void fail_catch(void (*catcher)(enum status status, struct place place, const char *message));

#endif
