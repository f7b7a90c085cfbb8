/* header: see header.h. */
#include "table/header.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"
#include "base/nearest.h"
#include "table/scan.h"

static struct header *header_new(struct arena *arena, struct dialect dialect, size_t count, const char *file)
{
	if (count > HEADER_MOST)
		die_at(STATUS_INPUT, (struct place){ file, 1, 0 }, "more than 65536 columns");
	struct header *header = arena_zero(arena, 1, sizeof *header);
	header->dialect = dialect;
	header->count = (unsigned)count;
	header->file = file;
	header->names = arena_zero(arena, count, sizeof *header->names);
	return header;
}

struct header *header_parse(struct arena *arena, struct dialect dialect, struct view record, const char *file)
{
	struct buf padded = { 0 };
	buf_put(&padded, record);
	buf_byte(&padded, dialect.delimiter); /* no line feed: a CR before it would be taken for a line end's */
	struct split split = { 0 };
	scan_split_plain(&split, dialect, padded.ptr, padded.len);
	if (split.bad_count) {
		split_release(&split);
		buf_release(&padded);
		die_at(STATUS_INPUT, (struct place){ file, 1, 0 },
		       "header: something other than a delimiter follows a closing quote");
	}
	struct header *header = header_new(arena, dialect, split.end_count, file);
	header->raw = arena_zero(arena, split.end_count, sizeof *header->raw);
	for (size_t i = 0; i < split.end_count; i++) {
		uint32_t start = split.ends[i - (size_t)1] + 1;
		struct view raw = arena_copy(arena, view(padded.ptr + start, split.ends[i] - start));
		header->raw[i] = raw;
		header->names[i] = dialect_value(dialect, raw, arena);
	}
	split_release(&split);
	buf_release(&padded);
	return header;
}

struct header *header_of_count(struct arena *arena, struct dialect dialect, unsigned count, const char *file)
{
	struct header *header = header_new(arena, dialect, count, file);
	for (unsigned i = 0; i < count; i++)
		header->names[i] = view_of(arena_printf(arena, "%u", i + 1));
	return header;
}

/* ---- lists: items with commas between them, names in backquotes ---- */

/* One item of a list, cut into what the grammar gives it. */
struct item {
	struct view name, to; /* to: behind "..", or NULL */
	struct view tail;     /* behind the first ":", for sort keys */
	bool quoted, to_quoted, except, ranged, has_tail;
};

/* Takes a name off the front: backquoted, or up to a byte of `stops` or "..". */
static bool take_name(struct view *rest, const char *stops, struct view *name, bool *quoted)
{
	*quoted = rest->len && rest->ptr[0] == '`';
	if (*quoted) {
		struct view inner = view_skip(*rest, 1);
		size_t end = view_find_byte(inner, '`');
		if (end == SIZE_MAX)
			return false;
		*name = view_first(inner, end);
		*rest = view_skip(inner, end + 1);
		return true;
	}
	size_t len = 0;
	while (len < rest->len && !strchr(stops, rest->ptr[len]) &&
	       !view_starts(view_skip(*rest, len), VIEW("..")))
		len++;
	*name = view_first(*rest, len);
	*rest = view_skip(*rest, len);
	return len > 0 || view_starts(*rest, VIEW(".."));
}

/* False where the text is no list. */
static bool take_item(struct view *rest, bool keys, struct item *item)
{
	const char *stops = keys ? ",:" : ",";
	*item = (struct item){ 0 };
	if (rest->len && rest->ptr[0] == '!') {
		item->except = true;
		*rest = view_skip(*rest, 1);
	}
	if (!rest->len || !take_name(rest, stops, &item->name, &item->quoted))
		return false;
	if (view_starts(*rest, VIEW(".."))) {
		item->ranged = true;
		*rest = view_skip(*rest, 2);
		if (rest->len && rest->ptr[0] != ',' && !take_name(rest, stops, &item->to, &item->to_quoted))
			return false;
	}
	if (keys && rest->len && rest->ptr[0] == ':') {
		size_t end = view_find_byte(*rest, ',');
		item->has_tail = true;
		item->tail = view_skip(view_first(*rest, end), 1);
		*rest = view_skip(*rest, item->tail.len + 1);
	}
	if (!rest->len)
		return true;
	if (rest->ptr[0] != ',')
		return false;
	*rest = view_skip(*rest, 1);
	return rest->len > 0;
}

struct header *header_of_list(struct arena *arena, struct dialect dialect, const char *list, const char *file)
{
	size_t count = 0;
	struct item item;
	for (struct view rest = view_of(list); rest.len; count++)
		if (!take_item(&rest, false, &item) || item.ranged || item.except)
			die(STATUS_USAGE, "--names: a list of names is wanted, with commas between them");
	struct header *header = header_new(arena, dialect, count, file);
	struct view rest = view_of(list);
	for (size_t i = 0; i < count && take_item(&rest, false, &item); i++)
		header->names[i] = arena_copy(arena, item.name);
	return header;
}

static void list_check(const char *option, const char *text, bool keys)
{
	struct item item;
	struct view rest = view_of(text);
	if (!rest.len)
		die(STATUS_USAGE, "%s: a column is wanted", option);
	while (rest.len)
		if (!take_item(&rest, keys, &item) || (keys && item.except))
			die(STATUS_USAGE, "%s: \"%s\" is no list of columns; write names or numbers with commas "
			    "between them, see crm(7)", option, text);
}

void columns_check(const char *option, const char *text) { list_check(option, text, false); }

/* ---- names against a header ---- */

unsigned header_find(const struct header *header, struct view name)
{
	unsigned found = COLUMN_NONE;
	for (unsigned i = 0; i < header->count; i++) {
		if (!view_equal(header->names[i], name))
			continue;
		if (found != COLUMN_NONE)
			die_at(STATUS_INPUT, (struct place){ header->file, 1, i + 1 },
			       "column \"%.*s\" occurs twice (columns %u and %u); name it by number",
			       VIEW_ARGS(name), found + 1, i + 1);
		found = i;
	}
	return found;
}

struct view header_nearest(const struct header *header, struct view name)
{
	return nearest_view(name, header->names, header->count);
}

/* The names that there are, for a message; long lists are cut. */
struct names_list {
	char text[1024];
};

static const char *list_names(const struct header *header, struct names_list *to)
{
	size_t len = 0;
	to->text[0] = '\0';
	for (unsigned i = 0; i < header->count; i++) {
		size_t room = sizeof to->text - len;
		if (i == 12 || len > 400) {
			snprintf(to->text + len, room, ", ... (%u columns)", header->count);
			break;
		}
		len += (size_t)snprintf(to->text + len, room, "%s%.*s", i ? ", " : "",
		                        VIEW_ARGS(view_first(header->names[i], 60)));
	}
	return to->text;
}

const char *header_list(struct arena *arena, const struct header *header)
{
	struct names_list list;
	if (header->raw && header_is_row(header->names, header->count))
		return translate("the first line looks like a row, not like names (see --no-header)");
	return arena_string(arena, view_of(list_names(header, &list)));
}

static size_t digits_at(struct view text, size_t from)
{
	size_t n = 0;
	while (from + n < text.len && byte_is_digit(text.ptr[from + n]))
		n++;
	return n;
}

/* 2024-01-05 and 2024/1/5, with or without a time behind. */
static bool begins_with_date(struct view text)
{
	size_t month = digits_at(text, 5);
	if (digits_at(text, 0) != 4 || text.len < 8 || !memchr("-/.", text.ptr[4], 3) || !month || month > 2)
		return false;
	size_t at = 5 + month;
	return at + 1 < text.len && text.ptr[at] == text.ptr[4] && digits_at(text, at + 1);
}

bool header_is_row(const struct view *names, size_t count)
{
	enum { SOMEBODYS = 9 }; /* digits in a row: a telephone, an ID card */
	for (size_t i = 0; i < count; i++) {
		struct view name = view_trim(names[i]);
		if (begins_with_date(name))
			return true;
		for (size_t at = 0; at < name.len; at++) {
			size_t digits = digits_at(name, at);
			if (digits >= SOMEBODYS)
				return true;
			at += digits;
		}
	}
	return false;
}

struct view header_shown(struct arena *arena, const struct header *header, unsigned column)
{
	if (!header_is_row(header->names, header->count))
		return header->names[column];
	return view_of(arena_printf(arena, "%u", column + 1));
}

const char header_from_import[] = TRANSLATED("; crm-import makes such a table of a ledger");
const char header_from_events[] = TRANSLATED("; crm-events makes such a stream of clean tables");

static _Noreturn void not_there(const struct header *header, struct view name, const char *why, const char *maker)
{
	struct view nearest = header_nearest(header, name);
	struct names_list list;
	struct place place = { header->file, 1, 0 };
	if (header->raw && header_is_row(header->names, header->count))
		die_at(STATUS_INPUT, place, "%s: no column \"%.*s\"; the first line looks like a row, not like names (see --no-header)",
		       why, VIEW_ARGS(name));
	if (nearest.len)
		die_at(STATUS_INPUT, place, "%s: no column \"%.*s\"; did you mean \"%.*s\"? The columns are: %s%s",
		       why, VIEW_ARGS(name), VIEW_ARGS(nearest), list_names(header, &list), translate(maker));
	die_at(STATUS_INPUT, place, "%s: no column \"%.*s\"; the columns are: %s%s", why, VIEW_ARGS(name),
	       list_names(header, &list), translate(maker));
}

unsigned header_need_from(const struct header *header, struct view name, const char *why, const char *maker)
{
	unsigned at = header_find(header, name);
	if (at == COLUMN_NONE)
		not_there(header, name, why, maker);
	return at;
}

unsigned header_need(const struct header *header, struct view name, const char *why)
{
	return header_need_from(header, name, why, "");
}

/* A name, or a number from 1. */
static unsigned column_of(const struct header *header, struct view name, bool quoted, const char *option)
{
	uint64_t number;
	bool digits = !quoted && name.len > 0;
	for (size_t i = 0; i < name.len; i++)
		digits &= byte_is_digit(name.ptr[i]);
	if (!digits)
		return header_need(header, name, option);
	if (!view_parse_u64(name, 1, header->count, &number))
		die_at(STATUS_INPUT, (struct place){ header->file, 1, 0 },
		       "%s: no column %.*s; the table has %u (a name of digits is written in backquotes)", option,
		       VIEW_ARGS(name), header->count);
	return (unsigned)number - 1;
}

static bool matches(struct view pattern, struct view name)
{
	size_t star = view_find_byte(pattern, '*');
	struct view head = view_first(pattern, star), tail = view_skip(pattern, star + 1);
	return name.len >= head.len + tail.len && view_starts(name, head) && view_ends(name, tail);
}

/* Marks what the item names: order[i] becomes the place among the chosen, 0 for none. */
static void choose(const struct header *header, const struct item *item, const char *option,
                   struct columns *chosen, bool *taken)
{
	unsigned first = 0, last = header->count ? header->count - 1 : 0, before = chosen->count;
	bool pattern = !item->quoted && !item->ranged && view_find_byte(item->name, '*') != SIZE_MAX;
	if (!pattern && (item->name.len || item->quoted))
		first = last = column_of(header, item->name, item->quoted, option);
	if (item->ranged)
		last = item->to.len || item->to_quoted ? column_of(header, item->to, item->to_quoted, option)
		                                       : header->count - 1;
	int step = first <= last ? 1 : -1;
	bool any = false;
	for (unsigned i = first; i < header->count; i += (unsigned)step) {
		if (!pattern || matches(item->name, header->names[i])) {
			any = true;
			if (!item->except && !taken[i])
				chosen->at[chosen->count++] = i;
			taken[i] = !item->except;
		}
		if (i == last)
			break;
	}
	if (!any)
		die_at(STATUS_INPUT, (struct place){ header->file, 1, 0 }, "%s: no column like \"%.*s\"", option,
		       VIEW_ARGS(item->name));
	if (!item->except)
		return;
	unsigned kept = 0;
	for (unsigned i = 0; i < before; i++)
		if (taken[chosen->at[i]])
			chosen->at[kept++] = chosen->at[i];
	chosen->count = kept;
}

struct columns columns_resolve(struct arena *arena, const struct header *header, const char *option,
                               const char *text)
{
	columns_check(option, text);
	struct columns chosen = { arena_zero(arena, header->count + 1, sizeof *chosen.at), 0 };
	bool *taken = arena_zero(arena, header->count + 1, sizeof *taken);
	struct item item;
	bool begun = false;
	for (struct view rest = view_of(text); rest.len;) {
		take_item(&rest, false, &item);
		if (!begun && item.except) { /* "!note" alone: all but note */
			for (unsigned i = 0; i < header->count; i++) {
				chosen.at[chosen.count++] = i;
				taken[i] = true;
			}
		}
		begun = true;
		choose(header, &item, option, &chosen, taken);
	}
	return chosen;
}

struct columns columns_need(struct arena *arena, const struct header *header, const char *option, const char *text)
{
	struct columns columns = columns_resolve(arena, header, option, text);
	if (!columns.count)
		die_at(STATUS_INPUT, (struct place){ header->file, 1, 0 }, "%s: no column is left", option);
	return columns;
}

unsigned column_one(struct arena *arena, const struct header *header, const char *option, const char *text)
{
	struct columns columns = columns_need(arena, header, option, text);
	if (columns.count > 1)
		die(STATUS_USAGE, "%s: one column is wanted", option);
	return columns.at[0];
}

/* ---- sort keys ---- */

static bool key_tail(struct view tail, struct sort_key *key)
{
	while (tail.ptr) {
		struct view word = view_cut(&tail, ':');
		bool direction = view_is(word, "desc") || view_is(word, "asc");
		key->typed |= !direction;
		if (view_is(word, "text"))
			key->type = KEY_TEXT;
		else if (view_is(word, "number"))
			key->type = KEY_NUMBER;
		else if (view_is(word, "date"))
			key->type = KEY_DATE;
		else if (direction)
			key->descending = word.ptr[0] == 'd';
		else
			return false;
	}
	return true;
}

void sort_keys_check(const char *option, const char *text)
{
	list_check(option, text, true);
	struct item item;
	struct sort_key key = { 0 };
	for (struct view rest = view_of(text); rest.len;) {
		take_item(&rest, true, &item);
		if (item.has_tail && !key_tail(item.tail, &key))
			die(STATUS_USAGE, "%s: \"%.*s\" is no kind of key; there are text, number, date, asc, desc",
			    option, VIEW_ARGS(item.tail));
	}
}

struct sort_keys sort_keys_resolve(struct arena *arena, const struct header *header, const char *option,
                                   const char *text)
{
	sort_keys_check(option, text);
	size_t most = 0;
	struct item item;
	for (struct view rest = view_of(text); rest.len; most++)
		take_item(&rest, true, &item);
	struct sort_keys keys = { arena_zero(arena, most * (header->count + 1), sizeof *keys.key), 0 };
	for (struct view rest = view_of(text); rest.len;) {
		take_item(&rest, true, &item);
		struct sort_key key = { .type = KEY_TEXT };
		if (item.has_tail)
			key_tail(item.tail, &key);
		struct columns some = { arena_zero(arena, header->count + 1, sizeof *some.at), 0 };
		choose(header, &item, option, &some, arena_zero(arena, header->count + 1, sizeof(bool)));
		for (unsigned i = 0; i < some.count; i++) {
			key.column = some.at[i];
			keys.key[keys.count++] = key;
		}
	}
	return keys;
}
