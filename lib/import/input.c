/* input: see input.h. */
#include "import/input.h"

#include "table/foreign.h"
#include "table/peek.h"

enum {
	BEGINNING = 64 * 1024, /* bytes that are looked at */
	WEIGHED = 16 * 1024,   /* by which it is told how many fields most records have */
};

/* The beginning of a file whose names are given: one record of them, which is not in it. */
static void begin_without_header(struct arena *arena, struct input *input, const char *names)
{
	struct beginning_record *record = &input->beginning.record[0];
	struct dialect dialect = input->form.dialect;
	const struct header *header = names ? header_of_list(arena, dialect, names, input->feed.name) :
	                                      header_of_count(arena, dialect, (unsigned)record->count, input->feed.name);
	*record = (struct beginning_record){ .cells = header->names, .count = header->count };
	input->beginning.count = 1;
}

/* What makes canonical CSV of the text. */
static struct feed make_canonical(struct feed feed, const struct form *form)
{
	bool csv = form->dialect.form == DIALECT_CSV;
	char quote = csv && !form->lenient ? form->how.quote : '"';
	if (quote != '"' || form->no_line_feeds || form->returns || form->lenient)
		feed = foreign_feed(feed, form->dialect.delimiter, quote, form->no_line_feeds);
	return form->lenient ? lenient_feed(feed, &form->how) : feed;
}

/* How many fields most records have, in canonical text. */
static unsigned width_of(const struct input *input, struct view text, bool whole)
{
	struct dialect dialect = input->form.dialect;
	struct lenient canonical = { .delimiter = dialect.delimiter, .quote = dialect.form == DIALECT_CSV ? '"' : '\0' };
	return form_fit(&canonical, view_first(text, WEIGHED), whole && text.len <= WEIGHED).width;
}

static void find_layout(struct input *input, struct view text, bool whole, const struct input_wishes *wishes,
                        struct matcher *const *matchers, size_t count)
{
	size_t lines = wishes->no_header ? 1 : wishes->form.header_lines;
	if (wishes->raw && wishes->no_header)
		input->layout = (struct layout){ .lines = 1 };
	else if (wishes->raw)
		input->layout = layout_plain(&input->beginning, width_of(input, text, whole), lines);
	else
		input->layout = layout_find(&input->beginning, matchers, count, lines, wishes->guess);
}

/* Records that fit in no reading, above the header or the header itself: as well as they can
 * be read. */
static void read_bad_records(struct arena *arena, struct input *input)
{
	struct buf line = { 0 };
	struct view raw;
	for (size_t i = 0; i < input->beginning.count; i++) {
		struct beginning_record *record = &input->beginning.record[i];
		if (record->count != 1 || !lenient_bad(record->cells[0], &raw))
			continue;
		buf_reset(&line);
		lenient_read_line(&input->form.how, raw, &line);
		struct beginning one = beginning_of(arena, input->form.dialect, buf_view(&line), true);
		record->cells = one.record[0].cells;
		record->count = one.record[0].count;
	}
	buf_release(&line);
}

/* A header with more cells than rows have fields, as many more as it has empty ones: a comma at
 * its end or two in a row, which rows do not have. */
static void drop_empty_names(struct arena *arena, struct input *input, struct view text, bool whole)
{
	struct beginning_record *record = &input->beginning.record[input->layout.first];
	size_t empty = 0, count = 0;
	for (size_t i = 0; i < record->count; i++)
		empty += view_trim(record->cells[i]).len == 0;
	if (input->layout.lines != 1 || !empty || record->count - empty != width_of(input, text, whole))
		return;
	struct view *cells = arena_zero(arena, record->count, sizeof *cells);
	for (size_t i = 0; i < record->count; i++)
		if (view_trim(record->cells[i]).len)
			cells[count++] = record->cells[i];
	record->cells = cells;
	record->count = count;
}

/* Where the rows begin; SIZE_MAX where the header is bad. */
static size_t pass_header(struct arena *arena, struct input *input, struct view text, bool whole)
{
	size_t behind = 0;
	for (size_t i = 0; i < input->layout.lines; i++) {
		input->header_lines[i] = input->beginning.record[input->layout.first + i];
		behind = input->header_lines[i].end;
		if (input->header_lines[i].bad)
			return SIZE_MAX;
	}
	drop_empty_names(arena, input, text, whole);
	return behind;
}

enum input_problem input_open(struct arena *arena, struct input *input, struct feed text,
                              const struct input_wishes *wishes, struct matcher *const *matchers, size_t count)
{
	bool whole;
	struct peek *peek = peek_new(text);
	struct view bytes = peek_look(peek, BEGINNING, &whole);
	input->form = form_find(bytes, whole, &wishes->form, matchers, count);
	input->empty = !bytes.len;
	input->no_header = wishes->no_header;
	peek = peek_new(make_canonical(peek_feed(peek), &input->form));
	size_t least = BEGINNING;
	do {
		bytes = peek_look(peek, least, &whole);
		input->beginning = beginning_of(arena, input->form.dialect, bytes, whole);
		least *= 4;
	} while (!whole && input->beginning.count < LAYOUT_LINES && least < READER_FIELD_MOST);
	input->feed = peek_feed(peek);
	if (input->empty || !input->beginning.count)
		feed_failed(&input->feed, true);
	if (!input->empty && !input->beginning.count)
		return whole ? INPUT_OPEN_QUOTE : INPUT_ENDLESS;
	if (input->empty)
		return INPUT_GOOD;
	if (input->form.how.lazy)
		read_bad_records(arena, input);
	if (wishes->no_header)
		begin_without_header(arena, input, wishes->names);
	find_layout(input, bytes, whole, wishes, matchers, count);
	size_t behind = wishes->no_header ? 0 : pass_header(arena, input, bytes, whole);
	if (behind == SIZE_MAX)
		return INPUT_BAD_HEADER;
	input->sample = arena_copy(arena, view_skip(bytes, behind));
	peek_skip(peek, behind);
	if (!peek_look(peek, 1, &whole).len)
		feed_failed(&input->feed, true); /* with no row that this could be kept back for */
	input->feed = peek_feed(peek);
	return INPUT_GOOD;
}

/* ---- columns ---- */

static struct header make_header(struct arena *arena, const struct input *input)
{
	const struct layout *layout = &input->layout;
	const struct beginning_record *last = &input->beginning.record[layout->first + layout->lines - 1];
	struct header header = { .names = arena_zero(arena, layout->count + 1, sizeof(struct view)),
		.count = (unsigned)layout->count, .dialect = input->form.dialect, .file = input->feed.name };
	for (size_t i = 0; i < layout->count; i++)
		header.names[i] = layout->lines > 1 ? layout->heads[i].shown : i < last->count ? last->cells[i] : VIEW("");
	return header;
}

size_t input_match(struct arena *arena, struct input *input, const struct matcher *matcher)
{
	struct layout *layout = &input->layout;
	layout_heads(arena, &input->beginning, layout);
	if (matcher)
		input->left_off = layout_trim(layout, input->form.dialect, input->sample);
	input->header = make_header(arena, input);
	if (!matcher)
		return layout->count;
	for (size_t i = 0; i < layout->count; i++)
		head_match(&layout->heads[i], matcher, false);
	layout_number(layout, input->form.dialect, input->sample);
	return heads_settle(layout->heads, layout->count);
}

struct import_file input_file(struct arena *arena, const struct input *input, const struct matcher *matcher)
{
	const struct layout *layout = &input->layout;
	struct import_file file = { .name = input->feed.name, .width = input->header.count, .matcher = matcher,
		.heads = layout->heads, .lenient = input->form.lenient };
	for (size_t i = 0; i < layout->lines && !input->no_header; i++) {
		struct view first = input->header_lines[i].count ? view_trim(input->header_lines[i].cells[0]) : VIEW("");
		file.first[i] = first.len ? first.ptr[0] : '\0';
		file.header[file.header_lines++] = &input->header_lines[i];
	}
	file.titles = arena_zero(arena, layout->first + 1, sizeof *file.titles);
	for (size_t i = 0; i < layout->first; i++) {
		file.titles[file.title_count] = kind_title(arena, &input->beginning.record[i]);
		file.title_count += file.titles[file.title_count].len != 0;
	}
	return file;
}
