/* pattern: regular expressions.  Room: rule.
 *
 * Perl syntax (PCRE2, see pcre2pattern(3)) over UTF-8 with Unicode properties; a subject may
 * hold bytes that are no UTF-8, they match nothing.  A pattern finds its place anywhere in
 * the subject unless it is anchored.
 *
 * Every match has limits (100,000 steps, 1 MiB of stack): a pattern that runs away says so,
 * it never turns into "no match".  A compiled pattern is shared by all threads and never
 * changes; what changes while matching is in the scratch, one for each worker. */
#ifndef CRM_RULE_PATTERN_H
#define CRM_RULE_PATTERN_H

#include "base/arena.h"
#include "base/view.h"

/* The longest pattern, in bytes. */
#define PATTERN_LONGEST 4096

struct pattern;
struct pattern_scratch;

enum pattern_result { PATTERN_NO, PATTERN_YES, PATTERN_LIMIT };

struct pattern_error {
	char message[160]; /* PCRE2's own words, English */
	size_t offset;     /* byte of the pattern */
};

/* The pattern lives in the arena, which must outlive it.  NULL and *error if it is wrong. */
struct pattern *pattern_compile(struct arena *arena, struct view source, struct pattern_error *error);
/* Gives back the machine code, which is not in the arena. */
void pattern_release(struct pattern *pattern);

/* What matching needs, about 1 MiB of address space; one for each thread. */
struct pattern_scratch *pattern_scratch_new(void);
void pattern_scratch_free(struct pattern_scratch *scratch);

enum pattern_result pattern_match(const struct pattern *pattern, struct pattern_scratch *scratch,
                                  struct view subject);

#endif
