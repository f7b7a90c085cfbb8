/* reader: see reader.h. */
#include "table/reader.h"

#include <stdlib.h>

#include "base/fail.h"
#include "base/source.h"
#include "value/text.h"

enum { FIRST_READ = 64 * 1024 };

struct input {
	struct feed feed;
	struct source *source;   /* NULL for a feed of somebody else's */
	struct buf pending;      /* read, not given yet; begins with a record */
	struct dialect dialect;
	struct header *header;
	unsigned *map;
	uint64_t line;           /* physical line of pending's first byte */
	bool ended;
	bool empty;              /* not even a header */
	bool looked;             /* is it UTF-8 so far? It was asked, or nobody wants to know */
	uint64_t rows;           /* for reader_about() */
};

struct reader {
	struct reader_options options;
	struct arena arena;
	struct input *inputs;
	size_t count, current;
	const struct header *header, *given;
	uint64_t bytes;
};

/* ---- bytes ---- */

static size_t feed_source_read(void *state, char *to, size_t room) { return source_try(state, to, room); }
static bool feed_source_failed(void *state, bool end) { return source_failed(state, end); }
static bool feed_source_would_wait(void *state) { return source_would_wait(state); }
static void feed_source_close(void *state) { source_close(state); }

bool feed_failed(const struct feed *feed, bool end) { return feed->failed && feed->failed(feed->state, end); }

static void make_padded_room(struct buf *buf, size_t more)
{
	buf_reserve(buf, more + SCAN_PADDING);
}

/* Reads once, up to `room` bytes.  What stopped it is asked when all before that is given. */
static void read_more(struct input *input, struct buf *into, size_t room)
{
	make_padded_room(into, room);
	size_t n = input->feed.read(input->feed.state, into->ptr + into->len, room);
	into->len += n;
	input->ended = n == 0;
}

static struct place place_of(const struct input *input, uint64_t line)
{
	return (struct place){ input->feed.name, line, 0 };
}

static uint64_t count_feeds(const char *bytes, size_t len)
{
	uint64_t count = 0;
	for (const char *at = bytes, *end = bytes + len; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
		count++;
	return count;
}

/* ---- limits and ends that are wrong as a whole ---- */

/* An open record has become long: is it too long?  Called once per READER_BLOCK. */
static void check_limits(const struct input *input, const struct buf *data, const struct cut *cut)
{
	const char *record = data->ptr + cut->end;
	size_t len = data->len - cut->end;
	uint64_t line = input->line + cut->lines_end;
	if (cut->inside && data->len - cut->opened > READER_FIELD_MOST)
		die_at(STATUS_INPUT, place_of(input, input->line + count_feeds(data->ptr, cut->opened)),
		       "a quote that opens here is not closed within 16 MiB");
	if (len > READER_RECORD_MOST)
		die_at(STATUS_INPUT, place_of(input, line), "record longer than 64 MiB");
	if (cut->inside || len <= READER_FIELD_MOST)
		return;
	const char *tail = record + len - READER_FIELD_MOST;
	if (!memchr(tail, input->dialect.delimiter, READER_FIELD_MOST))
		die_at(STATUS_INPUT, place_of(input, line), "field longer than 16 MiB");
}

/* The same for a whole record, where a field may have become too long without a block
 * boundary inside it. */
static void check_fields(const struct input *input, const struct block *block)
{
	if (block->data.len <= READER_FIELD_MOST)
		return;
	struct split split = { 0 };
	scan_split(&split, block->dialect, block->data.ptr, block->data.len, block->odd);
	for (size_t i = 0; i < split.end_count; i++)
		if (split.ends[i] - (split.ends[i - (size_t)1] + 1) > READER_FIELD_MOST)
			die_at(STATUS_INPUT, place_of(input, block->line + count_feeds(block->data.ptr, split.ends[i - (size_t)1] + 1)),
			       "field longer than 16 MiB");
	for (size_t i = 0; i < split.line_count; i++)
		if (split.lines[i] - (i ? split.lines[i - 1] + 1 : 0) > READER_RECORD_MOST)
			die_at(STATUS_INPUT, place_of(input, block->line), "record longer than 64 MiB");
	split_release(&split);
}

/* What stands behind the last line feed when nothing follows. */
static void finish_last(struct input *input, struct buf *data, const struct cut *cut)
{
	size_t len = data->len - cut->end;
	if (cut->inside)
		die_at(STATUS_INPUT, place_of(input, input->line + count_feeds(data->ptr, cut->opened)),
		       "a quote that opens here is never closed: the file is cut short or damaged");
	if (input->dialect.form == DIALECT_TSV && len == 1 && data->ptr[cut->end] == '\\')
		die_at(STATUS_INPUT, place_of(input, input->line + cut->lines_end),
		       "the table is cut short: the program that wrote it failed");
	make_padded_room(data, 1);
	data->ptr[data->len++] = '\n';
}

/* ---- headers ---- */

static void find_dialect(const struct reader *reader, struct input *input, struct view line)
{
	if (input->feed.header) {
		input->dialect = input->feed.header->dialect;
		return;
	}
	enum dialect_form form = reader->options.from;
	if (form == DIALECT_UNKNOWN && reader->options.delimiter)
		form = DIALECT_CSV;
	if (form == DIALECT_UNKNOWN)
		form = dialect_of_name(input->feed.path);
	if (form == DIALECT_UNKNOWN && reader->options.no_header)
		form = DIALECT_TSV;
	if (form == DIALECT_UNKNOWN)
		input->dialect = dialect_of_header(line);
	else
		input->dialect = form == DIALECT_TSV ? dialect_tsv() : dialect_csv();
	if (reader->options.delimiter)
		input->dialect.delimiter = reader->options.delimiter;
}

static void refuse_encodings(const struct input *input)
{
	struct view start = buf_view(&input->pending);
	if (view_starts(start, VIEW("\xff\xfe")) || view_starts(start, VIEW("\xfe\xff")))
		die_at(STATUS_INPUT, place_of(input, 1), "UTF-16 text, not a table in UTF-8; crm-import reads it");
	if (view_starts(start, VIEW("PK\x03\x04")) || view_starts(start, VIEW("\xd0\xcf\x11\xe0")))
		die_at(STATUS_INPUT, place_of(input, 1), "a workbook or archive, not a table in text; save it as CSV");
}

static void drop_front(struct input *input, size_t len)
{
	if (!len)
		return;
	input->line += count_feeds(input->pending.ptr, len);
	memmove(input->pending.ptr, input->pending.ptr + len, input->pending.len - len);
	input->pending.len -= len;
}

/* How many bytes of empty lines the text begins with. */
static size_t empty_lines(struct view text)
{
	size_t len = 0;
	while (len < text.len) {
		size_t end = len + (text.ptr[len] == '\r');
		if (end == text.len || text.ptr[end] != '\n')
			break;
		len = end + 1;
	}
	return len;
}

/* Reads until the first record is whole, and returns its length with the line feed; 0 for
 * an empty input.  Empty lines before it are dropped, unless it is a row: then they are
 * rows too where the table has one column, and within the length. */
static size_t first_record(const struct reader *reader, struct input *input)
{
	bool known = reader->given != NULL; /* what the file is, at its first bytes */
	const bool is_row = reader->given || reader->options.no_header;
	const size_t block = reader->options.block, least = block && block < FIRST_READ ? block : FIRST_READ;
	for (;;) {
		size_t target = input->pending.len ? input->pending.len : least;
		read_more(input, &input->pending, target > READER_BLOCK ? READER_BLOCK : target);
		struct view all = buf_view(&input->pending);
		if (!known && (all.len >= 4 || input->ended)) {
			known = true;
			refuse_encodings(input);
			if (view_starts(all, VIEW("\xef\xbb\xbf")))
				drop_front(input, 3);
		}
		if (known && !is_row)
			drop_front(input, empty_lines(buf_view(&input->pending)));
		all = buf_view(&input->pending);
		size_t start = known ? empty_lines(all) : 0;
		struct view rest = view_skip(all, start);
		size_t line = view_find_byte(rest, '\n');
		if (known && (line != SIZE_MAX || input->ended))
			find_dialect(reader, input, view_first(rest, line));
		size_t len = known && line != SIZE_MAX ? scan_first(input->dialect, rest.ptr, rest.len) : 0;
		if (len)
			return start + len;
		if (input->ended)
			feed_failed(&input->feed, true);
		if (!rest.len && (input->ended || start > READER_FIELD_MOST))
			return start;
		if (!input->ended && all.len <= READER_FIELD_MOST)
			continue;
		if (!input->ended)
			die_at(STATUS_INPUT, place_of(input, 1), "the header does not end within 16 MiB");
		if (!start && line == SIZE_MAX && view_find_byte(view_first(rest, rest.len - 1), '\r') != SIZE_MAX)
			die_at(STATUS_INPUT, place_of(input, 1),
			       "only carriage returns as line ends; crm-import reads such a file");
		struct cut cut = { 0 };
		make_padded_room(&input->pending, 1);
		scan_cut(&cut, input->dialect, input->pending.ptr, input->pending.len, true);
		cut.end = start;
		cut.lines_end = count_feeds(input->pending.ptr, start);
		finish_last(input, &input->pending, &cut);
		return input->pending.len;
	}
}

static struct view without_end(struct view record)
{
	if (record.len && record.ptr[record.len - 1] == '\n')
		record.len--;
	if (record.len && record.ptr[record.len - 1] == '\r')
		record.len--;
	return record;
}

/* Of the last record in the first `len` bytes: those before it are empty lines. */
static unsigned count_fields(const struct input *input, size_t len)
{
	struct split split = { 0 };
	scan_split_plain(&split, input->dialect, input->pending.ptr, len);
	size_t count = split.end_count - split.line_count + 1;
	split_release(&split);
	if (count > HEADER_MOST)
		die_at(STATUS_INPUT, place_of(input, 1), "more than 65536 columns");
	return (unsigned)count;
}

/* The line of the first byte that is no UTF-8, 0 for none. */
static uint64_t line_not_utf8(struct view records, uint64_t line)
{
	size_t valid = text_valid_length(records);
	return valid == records.len ? 0 : line + count_feeds(records.ptr, valid);
}

static void say_not_utf8(const char *file, uint64_t line)
{
	warn_at((struct place){ file, line, 0 },
	        "not UTF-8, perhaps saved by a spreadsheet in GB18030; crm-import --as raw makes UTF-8 of it");
}

void block_say(const struct block *block)
{
	if (block->not_utf8)
		say_not_utf8(block->file, block->not_utf8);
}

/* A header that is no UTF-8 is said at once, before a column is looked for in it. */
static void look_at_header(struct input *input, struct view record)
{
	uint64_t line = input->looked ? 0 : line_not_utf8(record, input->line);
	if (!line)
		return;
	input->looked = true;
	say_not_utf8(input->feed.name, line);
}

static void read_header(struct reader *reader, struct input *input)
{
	input->line = input->feed.line ? input->feed.line : 1;
	size_t len = first_record(reader, input);
	if (!len) {
		input->empty = true;
		if (!reader->options.allow_empty && !reader->given)
			die(STATUS_INPUT, "%s: empty, not even a header (--allow-empty takes it)", input->feed.name);
		return;
	}
	if (reader->given)
		return;
	if (!reader->options.no_header) {
		look_at_header(input, view(input->pending.ptr, len));
		input->header = header_parse(&reader->arena, input->dialect,
		                             without_end(view(input->pending.ptr, len)), input->feed.name);
		drop_front(input, len);
	} else if (reader->options.names) {
		input->header = header_of_list(&reader->arena, input->dialect, reader->options.names, input->feed.name);
	} else {
		input->header = header_of_count(&reader->arena, input->dialect, count_fields(input, len), input->feed.name);
	}
}

/* Finds the first input's columns in another one. */
static void match_header(struct reader *reader, struct input *input)
{
	const struct header *first = reader->header, *other = input->header;
	bool same = first->count == other->count;
	for (unsigned i = 0; same && i < first->count; i++)
		same = view_equal(first->names[i], other->names[i]);
	if (same)
		return;
	if (header_is_row(first->names, first->count) || header_is_row(other->names, other->count))
		die_at(STATUS_INPUT, place_of(input, 1),
		       "not the first line of %s, and one looks like a row, not like names (see --no-header)", first->file);
	input->map = arena_zero(&reader->arena, first->count, sizeof *input->map);
	for (unsigned i = 0; i < first->count; i++) {
		input->map[i] = header_find(other, first->names[i]);
		if (input->map[i] == COLUMN_NONE)
			die_at(STATUS_INPUT, place_of(input, 1), "no column \"%.*s\", which %s has",
			       VIEW_ARGS(first->names[i]), first->file);
	}
	for (unsigned i = 0; i < other->count; i++)
		if (header_find(first, other->names[i]) == COLUMN_NONE)
			die_at(STATUS_INPUT, place_of(input, 1), "column \"%.*s\" is one more than %s has",
			       VIEW_ARGS(other->names[i]), first->file);
}

static void read_headers(struct reader *reader)
{
	for (size_t i = 0; i < reader->count; i++) {
		struct input *input = &reader->inputs[i];
		read_header(reader, input);
		if (input->empty)
			continue;
		if (!reader->header)
			reader->header = reader->given ? reader->given : input->header;
		else if (input->header)
			match_header(reader, input);
	}
	if (!reader->header)
		reader->header = reader->given;
}

static struct reader *reader_new(const struct reader_options *options, size_t count)
{
	struct reader *reader = heap_alloc(sizeof *reader);
	*reader = (struct reader){ .options = *options, .count = count };
	reader->inputs = arena_zero(&reader->arena, count, sizeof *reader->inputs);
	return reader;
}

struct reader *reader_open(const struct reader_options *options, char *const *names, size_t count)
{
	static char *const standard_input[] = { (char *)(uintptr_t)"-" };
	if (!count) {
		names = standard_input;
		count = 1;
	}
	struct reader *reader = reader_new(options, count);
	bool standard = false;
	for (size_t i = 0; i < count; i++) {
		reader->inputs[i].looked = !options->warn_utf8;
		bool dash = view_is(view_of(names[i]), "-");
		if (dash && standard)
			die(STATUS_USAGE, "standard input (-) is named twice");
		standard |= dash;
		struct source *source = source_open(names[i], options->threads);
		if (options->digest)
			source_digest_start(source);
		reader->inputs[i].source = source;
		reader->inputs[i].feed = (struct feed){ .state = source, .read = feed_source_read,
			.would_wait = feed_source_would_wait, .close = feed_source_close, .failed = feed_source_failed,
			.name = source_name(source), .path = source_path(source) };
	}
	read_headers(reader);
	return reader;
}

struct reader *reader_open_feeds(const struct reader_options *options, const struct feed *feeds, size_t count,
                                 const struct header *header)
{
	struct reader *reader = reader_new(options, count);
	reader->given = header;
	for (size_t i = 0; i < count; i++) {
		reader->inputs[i].feed = feeds[i];
		reader->inputs[i].looked = true;
		reader->inputs[i].source = feeds[i].source;
	}
	read_headers(reader);
	return reader;
}

void reader_close(struct reader *reader)
{
	if (!reader)
		return;
	for (size_t i = 0; i < reader->count; i++) {
		if (reader->inputs[i].feed.close)
			reader->inputs[i].feed.close(reader->inputs[i].feed.state);
		buf_release(&reader->inputs[i].pending);
	}
	arena_release(&reader->arena);
	free(reader);
}

const struct header *reader_header(const struct reader *reader) { return reader->header; }

struct dialect reader_dialect(const struct reader *reader)
{
	for (size_t i = 0; i < reader->count; i++)
		if (!reader->inputs[i].empty)
			return reader->inputs[i].dialect;
	return dialect_csv();
}

size_t reader_inputs(const struct reader *reader) { return reader->count; }
uint64_t reader_bytes(const struct reader *reader) { return reader->bytes; }

struct reader_about reader_about(const struct reader *reader, size_t at)
{
	const struct input *input = &reader->inputs[at];
	return (struct reader_about){ input->feed.name, input->source ? source_bytes(input->source) : 0,
		input->source ? source_digest(input->source) : 0, input->rows };
}

void reader_counted(struct reader *reader, size_t at, uint64_t rows)
{
	reader->inputs[at].rows += rows;
}

/* ---- blocks ---- */

/* Takes the whole records of `data` as the block, and leaves the rest pending. */
static void give(struct reader *reader, struct input *input, struct block *block, const struct cut *cut)
{
	struct buf *data = &block->data;
	size_t rest = data->len - cut->end;
	buf_reset(&input->pending);
	buf_put(&input->pending, view(data->ptr + cut->end, rest));
	data->len = cut->end;
	block->dialect = input->dialect;
	block->line = input->line;
	block->feeds = cut->lines_end;
	block->number = reader->bytes;
	block->odd = cut->odd;
	block->file = input->feed.name;
	block->input = (unsigned)(input - reader->inputs);
	block->map = input->map;
	block->header = input->feed.header ? input->feed.header : reader->header;
	block->not_utf8 = input->looked ? 0 : line_not_utf8(buf_view(data), input->line);
	input->looked = true;
	input->line += cut->lines_end;
	reader->bytes += cut->end;
	check_fields(input, block);
}

/* One block of this input.  READER_END: the input has no more. */
static enum reader_result next_of(struct reader *reader, struct input *input, struct block *block, bool wait)
{
	struct buf *data = &block->data;
	struct cut cut = { 0 };
	size_t target = reader->options.block ? reader->options.block : READER_BLOCK;
	make_padded_room(data, target);
	buf_reset(data);
	buf_put(data, buf_view(&input->pending));
	buf_reset(&input->pending);
	size_t checked = READER_FIELD_MOST;
	for (;;) {
		while (data->len < target && !input->ended) {
			if (input->feed.would_wait && input->feed.would_wait(input->feed.state)) {
				make_padded_room(data, 1);
				scan_cut(&cut, input->dialect, data->ptr, data->len, false);
				if (cut.end) {
					give(reader, input, block, &cut);
					return READER_MORE;
				}
				if (!wait) {
					buf_put(&input->pending, buf_view(data));
					return READER_WAIT;
				}
				wait = true;
			}
			read_more(input, data, target - data->len);
		}
		if (!data->len) {
			feed_failed(&input->feed, true);
			return READER_END;
		}
		make_padded_room(data, 1);
		scan_cut(&cut, input->dialect, data->ptr, data->len, input->ended);
		/* Whole records go first: what is wrong with the last one does not concern them. */
		if (input->ended && !cut.end) {
			feed_failed(&input->feed, true);
			finish_last(input, data, &cut);
			scan_cut(&cut, input->dialect, data->ptr, data->len, true);
		}
		if (cut.end) {
			give(reader, input, block, &cut);
			return READER_MORE;
		}
		/* A record longer than the block: doubling, so that no byte is read often. */
		if (data->len > checked) {
			check_limits(input, data, &cut);
			checked = data->len;
		}
		target = data->len >= READER_FIELD_MOST ? data->len + READER_FIELD_MOST / 4 : data->len * 2;
	}
}

enum reader_result reader_next_of(struct reader *reader, size_t at, struct block *block, bool wait)
{
	struct input *input = &reader->inputs[at];
	return input->empty ? READER_END : next_of(reader, input, block, wait);
}

enum reader_result reader_next(struct reader *reader, struct block *block, bool wait)
{
	for (; reader->current < reader->count; reader->current++) {
		enum reader_result result = reader_next_of(reader, reader->current, block, wait);
		if (result != READER_END)
			return result;
	}
	return READER_END;
}

void block_release(struct block *block)
{
	buf_release(&block->data);
	split_release(&block->split);
}

/* ---- rows ---- */

void rows_begin(struct rows *rows, struct block *block, struct arena *arena)
{
	scan_split(&block->split, block->dialect, block->data.ptr, block->data.len, block->odd);
	bool plain = block->dialect.form == DIALECT_TSV &&
	             view_find_byte(buf_view(&block->data), '\\') == SIZE_MAX;
	*rows = (struct rows){ .block = block, .arena = arena, .physical = block->line, .plain = plain };
}

/* Does the row not even begin as the header does? */
static bool begins_otherwise(const struct row *row, const struct header *header)
{
	struct view raw = row_raw(row, 0);
	return raw.len && raw.ptr[0] != '"' && raw.ptr[0] != '\\' && raw.ptr[0] != '\xef' &&
	       header->names[0].len && raw.ptr[0] != header->names[0].ptr[0];
}

/* A record equal to the header: `cat a b`.  The first bytes differ nearly always. */
static bool is_header(const struct row *row, const struct header *header)
{
	if (!header->raw || begins_otherwise(row, header))
		return false;
	for (unsigned i = 0; i < header->count; i++) {
		struct view value = row_value(row, i);
		if (i == 0 && view_starts(value, VIEW("\xef\xbb\xbf")))
			value = view_skip(value, 3);
		if (!view_equal(value, header->names[i]))
			return false;
	}
	return true;
}

enum row_problem rows_next(struct rows *rows, struct row *row)
{
	struct block *block = rows->block;
	struct split *split = &block->split;
	const char *bytes = block->data.ptr;
	if (rows->shortened) {
		split->ends[rows->shortened - 1]++;
		rows->shortened = 0;
	}
	if (rows->arena->first)
		arena_reset(rows->arena);
	for (; rows->line < split->line_count; ) {
		uint32_t feed = split->lines[rows->line];
		uint32_t *ends = split->ends + rows->field;
		uint32_t start = ends[-1] + 1;
		unsigned wanted = block->header->count;
		bool blank = feed == start || (feed == start + 1 && bytes[start] == '\r');
		uint64_t line = rows->physical;
		rows->physical++;
		for (; rows->inner < split->inner_count && split->inner[rows->inner] < feed; rows->inner++)
			rows->physical++;
		size_t number = rows->line++;
		if (blank && wanted != 1 && !rows->empty_lines) {
			rows->blank++;
			rows->field++;
			continue;
		}
		/* All ends are in order: the wanted one is the line feed, or the row is ragged. */
		unsigned count = wanted;
		if (rows->field + wanted > split->end_count || ends[wanted - 1] != feed)
			for (count = 1; ends[count - 1] != feed;)
				count++;
		rows->field += count;
		if (feed > start && bytes[feed - 1] == '\r') {
			rows->shortened = rows->field;
			split->ends[rows->shortened - 1]--;
		}
		*row = (struct row){ .bytes = bytes, .ends = ends, .map = block->map, .count = count,
			.dialect = block->dialect, .plain = rows->plain, .arena = rows->arena, .file = block->file, .line = line,
			.number = block->number + start };
		rows->fields = count;
		if (rows->bad < split->bad_count && split->bad[rows->bad] == number) {
			rows->bad++;
			return ROW_BAD_QUOTE;
		}
		if (count != wanted)
			return ROW_RAGGED;
		if (is_header(row, block->header))
			return ROW_REPEATED_HEADER;
		return rows->utf8 && !text_valid(row_record(row)) ? ROW_BAD_TEXT : ROW_GOOD;
	}
	return ROW_NONE;
}
