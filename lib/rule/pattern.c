/* pattern: see pattern.h.  The only file that knows PCRE2.
 *
 * Limits: PCRE2's own defaults (10,000,000 steps, 20 GB of heap) are too large for a filter
 * that runs over millions of rows.  Machine code counts its steps more coarsely than the
 * interpreter, which is used where memory cannot be made executable; both end within
 * milliseconds on the catastrophic patterns of tests/unit/pattern.c.
 *
 * There is no way around PCRE2 for patterns that are plain text or alternatives of it: its
 * machine code finds `中介` in a field of 16 bytes in 23 ns, memmem() takes 28; `学区|学校`
 * 30 against 44; eight alternatives 35 against 143 (measured). */
#include "rule/pattern.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

#include "base/fail.h"

enum {
	MATCH_LIMIT = 100000,
	HEAP_LIMIT_KIB = 16 * 1024,
	STACK_FIRST = 32 * 1024,
	STACK_LARGEST = 1024 * 1024,
};

struct pattern {
	pcre2_code *code;
};

struct pattern_scratch {
	pcre2_match_data *data;
	pcre2_match_context *context;
	pcre2_jit_stack *stack;
};

/* PCRE2 allocates in the arena and frees nothing. */
static void *allocate(size_t size, void *arena)
{
	return arena_alloc(arena, size);
}

static void free_nothing(void *memory, void *arena)
{
	(void)memory, (void)arena;
}

/* The same bytes by a pointer that may be followed. */
static PCRE2_SPTR subject_pointer(struct view bytes)
{
	return (PCRE2_SPTR)(bytes.ptr ? bytes.ptr : "");
}

static pcre2_code *compile_code(struct arena *arena, struct view source, struct pattern_error *error)
{
	const uint32_t options = PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF | PCRE2_NEVER_BACKSLASH_C;
	pcre2_general_context *memory = pcre2_general_context_create(allocate, free_nothing, arena);
	pcre2_compile_context *context = pcre2_compile_context_create(memory);
	int code;
	PCRE2_SIZE offset = 0;
	pcre2_code *compiled = pcre2_compile(subject_pointer(source), source.len, options, &code, &offset, context);
	if (!compiled) {
		pcre2_get_error_message(code, (PCRE2_UCHAR *)error->message, sizeof error->message);
		error->offset = offset < source.len ? offset : source.len;
		return NULL;
	}
	/* Where there is no machine code (a hardened kernel), PCRE2 interprets: slower, no other answers. */
	pcre2_jit_compile(compiled, PCRE2_JIT_COMPLETE);
	return compiled;
}

struct pattern *pattern_compile(struct arena *arena, struct view source, struct pattern_error *error)
{
	if (source.len > PATTERN_LONGEST) {
		*error = (struct pattern_error){ "pattern is longer than 4096 bytes", PATTERN_LONGEST };
		return NULL;
	}
	struct pattern *pattern = arena_zero(arena, 1, sizeof *pattern);
	pattern->code = compile_code(arena, source, error);
	return pattern->code ? pattern : NULL;
}

void pattern_release(struct pattern *pattern)
{
	pcre2_code_free(pattern->code);
	pattern->code = NULL;
}

struct pattern_scratch *pattern_scratch_new(void)
{
	struct pattern_scratch *scratch = heap_alloc(sizeof *scratch);
	/* Room for one pair of offsets: who only asks yes or no needs no groups. */
	scratch->data = pcre2_match_data_create(1, NULL);
	scratch->context = pcre2_match_context_create(NULL);
	scratch->stack = pcre2_jit_stack_create(STACK_FIRST, STACK_LARGEST, NULL);
	if (!scratch->data || !scratch->context || !scratch->stack)
		die_memory();
	pcre2_set_match_limit(scratch->context, MATCH_LIMIT);
	pcre2_set_depth_limit(scratch->context, MATCH_LIMIT);
	pcre2_set_heap_limit(scratch->context, HEAP_LIMIT_KIB);
	pcre2_jit_stack_assign(scratch->context, NULL, scratch->stack);
	return scratch;
}

void pattern_scratch_free(struct pattern_scratch *scratch)
{
	if (!scratch)
		return;
	pcre2_match_data_free(scratch->data);
	pcre2_match_context_free(scratch->context);
	pcre2_jit_stack_free(scratch->stack);
	free(scratch);
}

enum pattern_result pattern_match(const struct pattern *pattern, struct pattern_scratch *scratch,
                                  struct view subject)
{
	int found = pcre2_match(pattern->code, subject_pointer(subject), subject.len, 0, 0, scratch->data,
	                        scratch->context);
	if (found >= 0)
		return PATTERN_YES;
	/* Whatever else went wrong (a limit, memory) is no answer either. */
	return found == PCRE2_ERROR_NOMATCH ? PATTERN_NO : PATTERN_LIMIT;
}
