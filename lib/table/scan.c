/* scan: see scan.h.
 *
 * 64 bytes at a time become bit masks: one bit a byte for quotes, delimiters, line feeds.
 * Only the making of masks differs between instruction sets; the rest is scan_loops.h,
 * compiled once for each so that it is inlined and may use popcnt and bmi. */
#include "table/scan.h"

#include <stdlib.h>

#include "base/arena.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

struct scanner {
	const char *name;
	void (*cut)(struct cut *, char, const char *, size_t, size_t, bool);
	void (*split)(struct split *, struct dialect, const char *, size_t);
};

/* Room for what `bytes` more bytes may give, and the nonsense that flatten leaves behind. */
static void make_room(struct split *split, size_t bytes)
{
	if (split->ends_room < split->end_count + bytes + 16) {
		size_t room = split->ends_room ? split->ends_room * 2 : 1024;
		while (room < split->end_count + bytes + 16)
			room *= 2;
		split->ends_memory = heap_resize(split->ends_memory, (room + 1) * sizeof(uint32_t));
		split->ends_memory[0] = UINT32_MAX;
		split->ends = split->ends_memory + 1;
		split->ends_room = room;
	}
	if (split->lines_room < split->line_count + bytes + 16) {
		size_t room = split->lines_room ? split->lines_room * 2 : 1024;
		while (room < split->line_count + bytes + 16)
			room *= 2;
		split->lines = heap_resize(split->lines, room * sizeof(uint32_t));
		split->lines_room = room;
	}
}

static void inner_feed(struct split *split, size_t at)
{
	heap_grow(split->inner, split->inner_count, &split->inner_room);
	split->inner[split->inner_count++] = (uint32_t)at;
}

/* The bits below `bit`. */
static inline uint64_t below(unsigned bit) { return ((uint64_t)1 << bit) - 1; }

struct masks {
	uint64_t quotes, feeds, delimiters;
};

/* ---- plain C: other processors ---- */

static inline struct masks masks_plain(const char *at, char delimiter)
{
	struct masks masks = { 0, 0, 0 };
	for (unsigned i = 0; i < 64; i++) {
		masks.quotes |= (uint64_t)(at[i] == '"') << i;
		masks.feeds |= (uint64_t)(at[i] == '\n') << i;
		masks.delimiters |= (uint64_t)(at[i] == delimiter) << i;
	}
	return masks;
}
#define LOOP(name) name##_plain
#define LOOP_TARGET
#include "table/scan_loops.h"
#undef LOOP
#undef LOOP_TARGET

#if defined(__x86_64__)
/* ---- SSE2: every x86-64 has it ---- */

static inline struct masks masks_sse2(const char *at, char delimiter)
{
	struct masks masks = { 0, 0, 0 };
	const __m128i quote = _mm_set1_epi8('"'), feed = _mm_set1_epi8('\n');
	const __m128i between = _mm_set1_epi8(delimiter);
	for (unsigned i = 0; i < 64; i += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(at + i));
		masks.quotes |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, quote)) << i;
		masks.feeds |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, feed)) << i;
		masks.delimiters |= (uint64_t)(unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, between)) << i;
	}
	return masks;
}
#define LOOP(name) name##_sse2
#define LOOP_TARGET
#include "table/scan_loops.h"
#undef LOOP
#undef LOOP_TARGET

/* ---- AVX2 ---- */

#define AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt,lzcnt")))
AVX2 static inline struct masks masks_avx2(const char *at, char delimiter)
{
	const __m256i quote = _mm256_set1_epi8('"'), feed = _mm256_set1_epi8('\n');
	const __m256i between = _mm256_set1_epi8(delimiter);
	__m256i low = _mm256_loadu_si256((const __m256i *)(const void *)at);
	__m256i high = _mm256_loadu_si256((const __m256i *)(const void *)(at + 32));
#define MASK(byte)                                                                       \
	((uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, (byte))) |      \
	 (uint64_t)(uint32_t)_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, (byte))) << 32)
	return (struct masks){ MASK(quote), MASK(feed), MASK(between) };
#undef MASK
}
#define LOOP(name) name##_avx2
#define LOOP_TARGET AVX2
#include "table/scan_loops.h"
#undef LOOP
#undef LOOP_TARGET
#endif

static const struct scanner plain = { "plain", cut_plain, split_plain };
#if defined(__x86_64__)
static const struct scanner sse2 = { "sse2", cut_sse2, split_sse2 };
static const struct scanner avx2 = { "avx2", cut_avx2, split_avx2 };
#endif

/* Chosen before main; no thread sees it change. */
static const struct scanner *scanner = &plain;

bool scan_use(const char *instructions)
{
	struct view name = view_of(instructions);
	if (view_is(name, "plain")) {
		scanner = &plain;
		return true;
	}
#if defined(__x86_64__)
	if (view_is(name, "sse2")) {
		scanner = &sse2;
		return true;
	}
	if (view_is(name, "avx2") && __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2") &&
	    __builtin_cpu_supports("popcnt")) {
		scanner = &avx2;
		return true;
	}
#endif
	return false;
}

__attribute__((constructor)) static void choose(void)
{
	if (!scan_use("avx2") && !scan_use("sse2"))
		scan_use("plain");
}

const char *scan_instructions(void) { return scanner->name; }

void scan_cut(struct cut *cut, struct dialect dialect, const char *bytes, size_t len, bool last)
{
	bool csv = dialect.form == DIALECT_CSV;
	/* Whether a quote closes is told by the byte behind it. */
	size_t limit = csv && !last && len > cut->done && bytes[len - 1] == '"' ? len - 1 : len;
	scanner->cut(cut, dialect.delimiter, bytes, limit, len, csv);
}

void scan_split(struct split *split, struct dialect dialect, const char *bytes, size_t len, bool odd)
{
	if (odd) {
		scan_split_plain(split, dialect, bytes, len);
		return;
	}
	split->end_count = split->line_count = split->bad_count = split->inner_count = 0;
	scanner->split(split, dialect, bytes, len);
}

void split_release(struct split *split)
{
	free(split->ends_memory);
	free(split->lines);
	free(split->bad);
	free(split->inner);
	*split = (struct split){ 0 };
}

/* The state machine: where a byte of a CSV record stands. */
enum state { FIELD_START, UNQUOTED, QUOTED, QUOTE_IN_QUOTED };

static void bad_record(struct split *split)
{
	uint32_t number = (uint32_t)split->line_count;
	if (split->bad_count && split->bad[split->bad_count - 1] == number)
		return;
	heap_grow(split->bad, split->bad_count, &split->bad_room);
	split->bad[split->bad_count++] = number;
}

void scan_split_plain(struct split *split, struct dialect dialect, const char *bytes, size_t len)
{
	split->end_count = split->line_count = split->bad_count = split->inner_count = 0;
	bool csv = dialect.form == DIALECT_CSV;
	enum state state = FIELD_START;
	make_room(split, 0);
	for (size_t i = 0; i < len; i++) {
		char c = bytes[i];
		if (state == QUOTED) {
			state = c == '"' ? QUOTE_IN_QUOTED : QUOTED;
			if (c == '\n')
				inner_feed(split, i);
		} else if (c == '"' && csv && state != UNQUOTED) {
			state = QUOTED; /* opens the field, or is the second of a pair */
		} else if (c == dialect.delimiter || c == '\n') {
			make_room(split, 1);
			split->ends[split->end_count++] = (uint32_t)i;
			if (c == '\n')
				split->lines[split->line_count++] = (uint32_t)i;
			state = FIELD_START;
		} else if (state == QUOTE_IN_QUOTED && c == '\r' && i + 1 < len && bytes[i + 1] == '\n') {
			/* CRLF behind a closing quote */
		} else {
			if (state == QUOTE_IN_QUOTED)
				bad_record(split);
			state = UNQUOTED;
		}
	}
}

size_t scan_first(struct dialect dialect, const char *bytes, size_t len)
{
	bool csv = dialect.form == DIALECT_CSV;
	enum state state = FIELD_START;
	for (size_t i = 0; i < len; i++) {
		char c = bytes[i];
		if (state == QUOTED)
			state = c == '"' ? QUOTE_IN_QUOTED : QUOTED;
		else if (c == '"' && csv && state != UNQUOTED)
			state = QUOTED;
		else if (c == '\n')
			return i + 1;
		else
			state = c == dialect.delimiter ? FIELD_START : UNQUOTED;
	}
	return 0;
}
