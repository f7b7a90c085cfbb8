/* dialect: see dialect.h. */
#include "table/dialect.h"

enum dialect_form dialect_of_name(const char *path)
{
	if (!path)
		return DIALECT_UNKNOWN;
	struct view name = view_of(path);
	if (view_ends(name, VIEW(".gz")))
		name.len -= 3;
	else if (view_ends(name, VIEW(".zst")))
		name.len -= 4;
	if (view_ends(name, VIEW(".csv")))
		return DIALECT_CSV;
	if (view_ends(name, VIEW(".tsv")) || view_ends(name, VIEW(".tab")))
		return DIALECT_TSV;
	return DIALECT_UNKNOWN;
}

struct dialect dialect_of_header(struct view line)
{
	return view_find_byte(line, '\t') != SIZE_MAX ? dialect_tsv() : dialect_csv();
}

static struct view unquote(struct view raw, struct arena *arena)
{
	/* The closing quote is the last byte: a record where it is not was rejected. */
	struct view inner = { raw.ptr + 1, raw.len - (raw.len >= 2 ? 2 : 1) };
	if (view_find_byte(inner, '"') == SIZE_MAX)
		return inner;
	char *to = arena_alloc(arena, inner.len);
	size_t len = 0;
	for (size_t i = 0; i < inner.len; i++) {
		to[len++] = inner.ptr[i];
		i += inner.ptr[i] == '"';
	}
	return view(to, len);
}

/* What the escape stands for; NUL where it is none. */
static char escaped_byte(char letter)
{
	switch (letter) {
	case 't': return '\t';
	case 'n': return '\n';
	case 'r': return '\r';
	case '\\': return '\\';
	default: return '\0';
	}
}

static struct view unescape(struct view raw, struct arena *arena)
{
	if (raw.len == 2 && raw.ptr[0] == '\\' && raw.ptr[1] == 'N')
		return view(raw.ptr, 0);
	char *to = arena_alloc(arena, raw.len);
	size_t len = 0;
	for (size_t i = 0; i < raw.len; i++) {
		char byte = raw.ptr[i] == '\\' && i + 1 < raw.len ? escaped_byte(raw.ptr[i + 1]) : '\0';
		to[len++] = byte ? byte : raw.ptr[i];
		i += byte != '\0';
	}
	return view(to, len);
}

struct view dialect_value(struct dialect dialect, struct view raw, struct arena *arena)
{
	if (dialect.form == DIALECT_CSV)
		return raw.len && raw.ptr[0] == '"' ? unquote(raw, arena) : raw;
	return view_find_byte(raw, '\\') == SIZE_MAX ? raw : unescape(raw, arena);
}

/* Sixteen bytes at a time, up to fifteen more than there are: they are to be zeroes. */
enum { AT_ONCE = 16 };
static bool must_be_quoted(const char *bytes, size_t len, char delimiter)
{
	char vector __attribute__((vector_size(AT_ONCE))), found __attribute__((vector_size(AT_ONCE))) = { 0 };
	uint64_t halves[2];
	for (size_t i = 0; i < len; i += AT_ONCE) {
		memcpy(&vector, bytes + i, AT_ONCE);
		found |= (vector == delimiter) | (vector == '"') | (vector == '\n') | (vector == '\r');
	}
	memcpy(halves, &found, sizeof halves);
	return halves[0] | halves[1];
}

static void put_quoted(struct view value, struct buf *to)
{
	char *at = buf_reserve(to, value.len * 2 + 2), *start = at;
	*at++ = '"';
	for (size_t i = 0; i < value.len; i++) {
		if (value.ptr[i] == '"')
			*at++ = '"';
		*at++ = value.ptr[i];
	}
	*at++ = '"';
	to->len += (size_t)(at - start);
}

static void put_escaped(struct view value, struct buf *to)
{
	char *at = buf_reserve(to, value.len * 2), *start = at;
	for (size_t i = 0; i < value.len; i++) {
		char c = value.ptr[i];
		char letter = c == '\t' ? 't' : c == '\n' ? 'n' : c == '\r' ? 'r' : c == '\\' ? '\\' : '\0';
		if (letter)
			*at++ = '\\';
		*at++ = letter ? letter : c;
	}
	to->len += (size_t)(at - start);
}

void dialect_put(struct dialect dialect, struct view value, struct buf *to)
{
	if (dialect.form == DIALECT_TSV) {
		put_escaped(value, to);
		return;
	}
	if (!value.len)
		return;
	/* Copied first, and looked at where there is room behind it. */
	char *copy = buf_reserve(to, value.len + AT_ONCE);
	memcpy(copy, value.ptr, value.len);
	memset(copy + value.len, 0, AT_ONCE);
	if (must_be_quoted(copy, value.len, dialect.delimiter))
		put_quoted(value, to);
	else
		to->len += value.len;
}

const char *dialect_mark(struct dialect dialect)
{
	return dialect.form == DIALECT_TSV ? "\\" : "\"";
}
