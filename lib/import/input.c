/* input: see input.h. */
#include "import/input.h"

#include "table/foreign.h"
#include "table/peek.h"

enum { BEGINNING = 64 * 1024 }; /* bytes that are looked at */

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

static void find_layout(struct input *input, const struct input_wishes *wishes, struct matcher *const *matchers,
                        size_t count)
{
	size_t lines = wishes->no_header ? 1 : wishes->form.header_lines;
	if (wishes->raw && wishes->no_header)
		input->layout = (struct layout){ .lines = 1 };
	else if (wishes->raw)
		input->layout = layout_plain(&input->beginning, input->form.how.width, lines);
	else
		input->layout = layout_find(&input->beginning, matchers, count, lines, wishes->guess);
}

enum input_problem input_open(struct arena *arena, struct input *input, struct feed text,
                              const struct input_wishes *wishes, struct matcher *const *matchers, size_t count)
{
	bool whole;
	struct peek *peek = peek_new(text);
	struct view bytes = peek_look(peek, BEGINNING, &whole);
	input->form = form_find(bytes, whole, &wishes->form, matchers, count);
	input->empty = !bytes.len;
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
	if (wishes->no_header)
		begin_without_header(arena, input, wishes->names);
	find_layout(input, wishes, matchers, count);
	size_t behind = 0;
	for (size_t i = 0; !wishes->no_header && i < input->layout.lines; i++) {
		const struct beginning_record *record = &input->beginning.record[input->layout.first + i];
		behind = record->end;
		if (record->bad)
			return INPUT_BAD_HEADER;
	}
	input->sample = arena_copy(arena, view_skip(bytes, behind));
	peek_skip(peek, behind);
	input->feed = peek_feed(peek);
	return INPUT_GOOD;
}

size_t input_titles(const struct input *input)
{
	size_t titles = 0;
	for (size_t i = 0; i < input->layout.first; i++) {
		const struct beginning_record *record = &input->beginning.record[i];
		titles += record->count > 1 || record->cells[0].len;
	}
	return titles;
}
