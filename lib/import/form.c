/* form: see form.h. */
#include "import/form.h"

enum { WEIGHED = 16 * 1024 }; /* bytes by which delimiters are weighed */

/* ---- how well it reads ---- */

/* How many records have how many fields; the first so many kinds. */
struct widths {
	struct {
		unsigned fields;
		size_t records, strict;
	} kind[64];
	size_t count;
};

static void count_width(struct widths *widths, const struct lenient_record *record)
{
	size_t i = 0;
	while (i < widths->count && widths->kind[i].fields != record->fields)
		i++;
	if (i == sizeof widths->kind / sizeof *widths->kind)
		return;
	if (i == widths->count)
		widths->kind[widths->count++].fields = record->fields;
	widths->kind[i].records++;
	widths->kind[i].strict += !record->guessed;
}

/* What most records have; of equals the larger one. */
static void take_most_frequent(const struct widths *widths, struct form_fit *fit)
{
	for (size_t i = 0; i < widths->count; i++) {
		if (widths->kind[i].records < fit->fitting ||
		    (widths->kind[i].records == fit->fitting && widths->kind[i].fields < fit->width))
			continue;
		fit->width = widths->kind[i].fields;
		fit->fitting = widths->kind[i].records;
		fit->strict = widths->kind[i].strict;
	}
}

static bool is_empty_line(struct view line)
{
	return view_is(line, "\n") || view_is(line, "\r\n");
}

static struct form_fit read_all(const struct lenient *how, struct view text, bool whole)
{
	struct form_fit fit = { 0 };
	struct widths widths = { .count = 0 };
	struct buf out = { 0 };
	struct lenient_record record;
	for (struct view rest = text; rest.len; rest = view_skip(rest, record.len)) {
		buf_reset(&out);
		enum lenient_result result = how->lazy && how->width ? lenient_read_lazily(how, rest, whole, &out, &record) :
		                                                       lenient_read(how, rest, whole, &out, &record);
		if (result == LENIENT_CUT)
			break;
		if (is_empty_line(view_first(rest, record.len)))
			continue;
		fit.records++;
		fit.quoted += record.quoted;
		fit.filled += record.filled;
		fit.close += record.close;
		fit.stray += record.stray;
		if (result == LENIENT_GOOD)
			count_width(&widths, &record);
	}
	take_most_frequent(&widths, &fit);
	buf_release(&out);
	return fit;
}

struct form_fit form_fit(const struct lenient *how, struct view text, bool whole)
{
	struct lenient lazy = *how;
	if (!how->lazy)
		return read_all(how, text, whole);
	lazy.width = 0;
	lazy.width = read_all(&lazy, text, whole).width;
	return read_all(&lazy, text, whole);
}

/* ---- the delimiter ---- */

/* What speaks for a delimiter: known headers, then records of one width, then how wide they are,
 * then how often it stands in the first record. */
struct claim {
	char delimiter;
	size_t known, share, width, often;
};

static size_t count_byte(struct view text, char byte)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == byte;
	return count;
}

static struct claim claim_of(char delimiter, struct view text, bool whole, size_t lines, struct matcher *const *matchers,
                             size_t count)
{
	struct arena scratch = { 0 };
	struct beginning beginning = beginning_of(&scratch, (struct dialect){ DIALECT_CSV, delimiter }, text, whole);
	struct claim claim = { .delimiter = delimiter,
		.known = layout_find(&beginning, matchers, count, lines, false).known };
	claim.often = count_byte(view_first(text, beginning.count ? beginning.record[0].end : 0), delimiter);
	arena_release(&scratch);
	return claim;
}

static bool has(struct view text, char first, char then)
{
	char both[2] = { first, then };
	return view_find(text, view(both, 2)) != SIZE_MAX;
}

/* Escapes are tried too: without them the quotes of a whole file may be out of place. */
static void weigh_records(struct claim *claim, struct lenient how, struct view text, bool whole)
{
	whole = whole && text.len <= WEIGHED;
	text = view_first(text, WEIGHED);
	how.delimiter = claim->delimiter;
	struct form_fit fit = form_fit(&how, text, whole);
	if (!how.escape && has(text, '\\', how.quote)) {
		how.escape = '\\';
		struct form_fit escaped = form_fit(&how, text, whole);
		fit = escaped.fitting > fit.fitting ? escaped : fit;
	}
	if (fit.width < 2)
		return;
	claim->width = fit.width;
	claim->share = fit.fitting * 100 / fit.records;
}

static bool is_stronger(const struct claim *a, const struct claim *b)
{
	return a->known != b->known ? a->known > b->known
	       : a->share != b->share ? a->share > b->share
	       : a->width != b->width ? a->width > b->width
	                              : a->often > b->often;
}

static void find_delimiter(struct form *form, struct view text, bool whole, const struct form_wishes *wishes,
                           struct matcher *const *matchers, size_t count)
{
	enum { COMMA, TABS, DELIMITERS = 4 };
	static const char delimiters[DELIMITERS] = { ',', '\t', ';', '|' };
	struct claim claims[DELIMITERS], *best = &claims[COMMA];
	size_t most = 0, having = 0;
	for (size_t i = 0; i < DELIMITERS; i++) {
		claims[i] = claim_of(delimiters[i], text, whole, wishes->header_lines, matchers, count);
		having = claims[i].known > most ? 1 : having + (claims[i].known == most);
		most = claims[i].known > most ? claims[i].known : most;
	}
	for (size_t i = 0; i < DELIMITERS; i++) {
		if (having > 1 && claims[i].known == most) /* to read all of it takes time */
			weigh_records(&claims[i], form->how, text, whole);
		if (is_stronger(&claims[i], best))
			best = &claims[i];
	}
	/* Against a name that says TABs more than a few commas are wanted. */
	bool sure = best->known > claims[TABS].known || (!claims[TABS].often && best->share >= 90);
	if (wishes->named == DIALECT_TSV && !sure)
		best = &claims[TABS];
	form->how.delimiter = best->delimiter;
	form->against_name = wishes->named == DIALECT_TSV ? best != &claims[TABS] :
	                                                    wishes->named == DIALECT_CSV && best == &claims[TABS];
}

/* ---- quotes ---- */

/* Behind the cell that begins with a quote at `at`; SIZE_MAX where something other than a
 * TAB or a line end follows the closing quote, more than text.len where none closes it. */
static size_t quoted_end(struct view text, size_t at)
{
	for (at++; at < text.len; at++) {
		if (text.ptr[at] != '"')
			continue;
		if (at + 1 == text.len || text.ptr[at + 1] == '\t' || text.ptr[at + 1] == '\n' || text.ptr[at + 1] == '\r')
			return at + 1;
		if (text.ptr[++at] != '"')
			return SIZE_MAX;
	}
	return text.len + 1;
}

bool form_tabs_quoted(struct view text, bool whole)
{
	bool quoted = false, starts = true;
	for (size_t at = 0; at < text.len;) {
		if (!starts || text.ptr[at] != '"') {
			starts = text.ptr[at] == '\t' || text.ptr[at] == '\n' || text.ptr[at] == '\r';
			at++;
			continue;
		}
		size_t end = quoted_end(text, at);
		if (end == SIZE_MAX)
			return false;
		if (end > text.len) /* the text may be cut in this cell */
			return quoted && !whole;
		quoted = true;
		at = end;
	}
	return quoted;
}

/* Is it the better way to read? */
static bool is_better(const struct lenient *other, const struct form_fit *its, const struct lenient *how,
                      const struct form_fit *fit)
{
	bool all_quoted = other->quote != how->quote && its->quoted >= its->filled && its->records > 1;
	bool more_quoted = other->blanks != how->blanks && its->quoted > fit->quoted && !its->close;
	bool fewer_stray = other->escape != how->escape && its->stray < fit->stray;
	return its->fitting > fit->fitting ||
	       (its->fitting == fit->fitting && (its->strict > fit->strict || all_quoted || more_quoted || fewer_stray));
}

/* From plain to odd, and only what stands there: to read all of it takes time. */
static void find_quotes(struct form *form, struct view text, bool whole, const struct form_wishes *wishes)
{
	char delimiter = form->how.delimiter, quote = form->how.quote;
	bool apostrophe = !wishes->quote && (has(text, '\'', delimiter) || has(text, '\'', '\n') || has(text, '\'', '\r'));
	bool blanks = has(text, ' ', quote) || (apostrophe && has(text, ' ', '\''));
	bool escape = !wishes->escape && (has(text, '\\', quote) || (apostrophe && has(text, '\\', '\'')));
	if (!apostrophe && !blanks && !escape && !wishes->lazy)
		return;
	struct lenient plain = form->how;
	struct form_fit fit = form_fit(&plain, text, whole);
	for (unsigned odd = 1; odd < 8; odd++) {
		struct lenient other = plain;
		if (((odd & 1) && !escape) || ((odd & 2) && !blanks) || ((odd & 4) && !apostrophe))
			continue;
		other.escape = odd & 1 ? '\\' : plain.escape;
		other.blanks = odd & 2;
		other.quote = odd & 4 ? '\'' : quote;
		struct form_fit its = form_fit(&other, text, whole);
		if (!is_better(&other, &its, &form->how, &fit))
			continue;
		form->how = other;
		fit = its;
	}
	form->how.width = fit.width;
}

/* ---- all of it ---- */

/* The text with a line feed for each line end, as foreign.h makes it. */
static struct view with_line_feeds(struct arena *arena, struct view text, bool no_line_feeds)
{
	char *copy = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++) {
		copy[len++] = no_line_feeds && text.ptr[i] == '\r' ? '\n' : text.ptr[i];
		if (copy[len - 1] != '\n')
			continue;
		for (; !no_line_feeds && len > 1 && copy[len - 2] == '\r'; len--)
			copy[len - 2] = '\n';
	}
	return view(copy, len);
}

struct form form_find(struct view text, bool whole, const struct form_wishes *wishes, struct matcher *const *matchers,
                      size_t count)
{
	struct form form = { .dialect = dialect_tsv(), .how = { .quote = wishes->quote ? wishes->quote : '"',
		.escape = wishes->escape, .lazy = wishes->lazy, .delimiter = wishes->delimiter } };
	struct arena scratch = { 0 };
	form.no_line_feeds = view_find_byte(text, '\n') == SIZE_MAX && view_find_byte(text, '\r') != SIZE_MAX;
	form.returns = view_find(text, VIEW("\r\r\n")) != SIZE_MAX;
	if (form.no_line_feeds || form.returns)
		text = with_line_feeds(&scratch, text, form.no_line_feeds);
	if (wishes->from != DIALECT_TSV && !wishes->delimiter)
		find_delimiter(&form, text, whole, wishes, matchers, count);
	bool tabs = wishes->from == DIALECT_TSV || form.how.delimiter == '\t';
	form.tabs_quoted = tabs && form.how.quote == '"' && form_tabs_quoted(text, whole);
	bool named = wishes->named == DIALECT_TSV && !wishes->from && !wishes->delimiter;
	bool quotes = form.tabs_quoted || wishes->quote || (wishes->lazy && has(text, '\t', '"'));
	if (wishes->from != DIALECT_TSV && !(tabs && named && !quotes)) {
		form.dialect = (struct dialect){ DIALECT_CSV, form.how.delimiter };
		find_quotes(&form, text, whole, wishes);
		form.lenient = form.how.lazy || form.how.blanks || form.how.escape;
	}
	form.tabs_quoted &= form.dialect.form == DIALECT_CSV;
	arena_release(&scratch);
	return form;
}
