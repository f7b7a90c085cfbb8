/* view: bytes that somebody else owns.  Room: base.
 *
 * A view is a pointer and a length, passed by value.  It is not NUL-terminated and
 * may hold any byte.  It is valid as long as what it looks at; to keep it, copy it
 * into an arena (arena.h) or a buffer (buf.h).
 * Character tests here are ASCII only, so that neither a locale nor the sign of
 * char can change a result. */
#ifndef CRM_BASE_VIEW_H
#define CRM_BASE_VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* For the rare way of a function that has a short one: its variables stay out of the short
 * one's frame, where they would be zeroed at each call (-ftrivial-auto-var-init). */
#define RARELY __attribute__((noinline, cold))

struct view {
	const char *ptr;
	size_t len;
};

/* A view of a string literal, usable in constant expressions. */
#define VIEW(literal) ((struct view){ "" literal, sizeof(literal) - 1 })

/* For printf: printf("%.*s", VIEW_ARGS(view)).  Cuts what is longer than an int. */
#define VIEW_ARGS(view) (int)((view).len > INT32_MAX ? INT32_MAX : (view).len), (view).ptr

static inline struct view view(const char *ptr, size_t len)
{
	return (struct view){ ptr, len };
}

static inline struct view view_of(const char *string)
{
	return (struct view){ string, strlen(string) };
}

static inline bool view_equal(struct view a, struct view b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline bool view_is(struct view a, const char *string)
{
	return view_equal(a, view_of(string));
}

/* Byte order; the shorter one first where one begins the other. */
static inline int view_compare(struct view a, struct view b)
{
	size_t n = a.len < b.len ? a.len : b.len;
	int order = n ? memcmp(a.ptr, b.ptr, n) : 0;
	return order ? order : (a.len > b.len) - (a.len < b.len);
}

static inline bool view_starts(struct view a, struct view prefix)
{
	return a.len >= prefix.len && (prefix.len == 0 || memcmp(a.ptr, prefix.ptr, prefix.len) == 0);
}

static inline bool view_ends(struct view a, struct view suffix)
{
	return a.len >= suffix.len &&
	       (suffix.len == 0 || memcmp(a.ptr + a.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

/* The view without its first n bytes (all of them where it is shorter). */
static inline struct view view_skip(struct view a, size_t n)
{
	if (n > a.len)
		n = a.len;
	return (struct view){ a.ptr + n, a.len - n };
}

static inline struct view view_first(struct view a, size_t n)
{
	return (struct view){ a.ptr, n < a.len ? n : a.len };
}

/* Where the byte stands, or SIZE_MAX. */
static inline size_t view_find_byte(struct view a, char byte)
{
	const char *at = a.len ? memchr(a.ptr, byte, a.len) : NULL;
	return at ? (size_t)(at - a.ptr) : SIZE_MAX;
}

/* Where the text stands first, or SIZE_MAX; an empty text stands at 0. */
static inline size_t view_find(struct view a, struct view text)
{
	const char *at = text.len ? memmem(a.ptr, a.len, text.ptr, text.len) : a.ptr;
	return at || !text.len ? (text.len ? (size_t)(at - a.ptr) : 0) : SIZE_MAX;
}

/* Cuts *rest at the first separator: returns what stands before it and leaves in *rest
 * what follows.  At the end *rest becomes a view with a NULL pointer:
 *     for (struct view rest = list; rest.ptr; ) { struct view item = view_cut(&rest, ','); ... } */
static inline struct view view_cut(struct view *rest, char separator)
{
	size_t at = view_find_byte(*rest, separator);
	struct view item = view_first(*rest, at);
	*rest = at == SIZE_MAX ? (struct view){ NULL, 0 } : view_skip(*rest, at + 1);
	return item;
}

/* Takes a word off the beginning, where it stands there. */
static inline bool view_take(struct view *text, const char *word)
{
	struct view begin = view_of(word);
	if (!view_starts(*text, begin))
		return false;
	*text = view_skip(*text, begin.len);
	return true;
}

static inline bool byte_is_digit(char c) { return c >= '0' && c <= '9'; }
static inline bool byte_is_lower(char c) { return c >= 'a' && c <= 'z'; }
static inline bool byte_is_upper(char c) { return c >= 'A' && c <= 'Z'; }
static inline bool byte_is_letter(char c) { return byte_is_lower(c) || byte_is_upper(c); }
static inline bool byte_is_space(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }
static inline char byte_lower(char c) { return byte_is_upper(c) ? (char)(c + ('a' - 'A')) : c; }

/* Without ASCII blanks at both ends. */
static inline struct view view_trim(struct view a)
{
	while (a.len && byte_is_space(a.ptr[0]))
		a = view_skip(a, 1);
	while (a.len && byte_is_space(a.ptr[a.len - 1]))
		a.len--;
	return a;
}

/* Decimal digits only, within limits: the one parser for whole numbers in text. */
static inline bool view_parse_u64(struct view a, uint64_t min, uint64_t max, uint64_t *result)
{
	uint64_t n = 0;
	if (!a.len)
		return false;
	for (size_t i = 0; i < a.len; i++) {
		if (!byte_is_digit(a.ptr[i]) || __builtin_mul_overflow(n, 10u, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(a.ptr[i] - '0'), &n))
			return false;
	}
	*result = n;
	return n >= min && n <= max;
}

/* The same with a sign. */
static inline bool view_parse_i64(struct view a, int64_t min, int64_t max, int64_t *result)
{
	bool negative = a.len && a.ptr[0] == '-';
	uint64_t n;
	if (!view_parse_u64(view_skip(a, negative || (a.len && a.ptr[0] == '+')), 0,
	                    negative ? (uint64_t)INT64_MAX + 1 : (uint64_t)INT64_MAX, &n))
		return false;
	*result = negative ? (int64_t)(0 - n) : (int64_t)n;
	return *result >= min && *result <= max;
}

#endif
