/* form: see form.h. */
#include "import/form.h"

/* ---- how well it reads ---- */

/* How many records have how many fields; the first so many kinds. */
struct widths {
	struct {
		unsigned fields;
		size_t records;
	} kind[64];
	size_t count;
};

static void count_width(struct widths *widths, unsigned fields)
{
	size_t i = 0;
	while (i < widths->count && widths->kind[i].fields != fields)
		i++;
	if (i == sizeof widths->kind / sizeof *widths->kind)
		return;
	if (i == widths->count)
		widths->kind[widths->count++].fields = fields;
	widths->kind[i].records++;
}

/* What most records have; of equals the larger one. */
static unsigned most_frequent(const struct widths *widths, size_t *records)
{
	unsigned width = 0;
	*records = 0;
	for (size_t i = 0; i < widths->count; i++) {
		if (widths->kind[i].records < *records || (widths->kind[i].records == *records && widths->kind[i].fields < width))
			continue;
		width = widths->kind[i].fields;
		*records = widths->kind[i].records;
	}
	return width;
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
		if (result == LENIENT_GOOD)
			count_width(&widths, record.fields);
	}
	fit.width = most_frequent(&widths, &fit.fitting);
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
	size_t known, share, width, often;
};

static size_t count_byte(struct view text, char byte)
{
	size_t count = 0;
	for (size_t i = 0; i < text.len; i++)
		count += text.ptr[i] == byte;
	return count;
}

static struct claim claim_of(const struct lenient *how, struct view text, bool whole, size_t lines,
                             struct matcher *const *matchers, size_t count)
{
	struct arena scratch = { 0 };
	struct beginning beginning = beginning_of(&scratch, (struct dialect){ DIALECT_CSV, how->delimiter }, text, whole);
	struct form_fit fit = form_fit(how, text, whole);
	struct claim claim = { .known = layout_find(&beginning, matchers, count, lines, false).known, .width = fit.width };
	if (fit.width > 1)
		claim.share = fit.fitting * 100 / fit.records;
	claim.often = count_byte(view_first(text, beginning.count ? beginning.record[0].end : 0), how->delimiter);
	arena_release(&scratch);
	return claim;
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
	static const char delimiters[] = { ',', '\t', ';', '|' };
	struct claim best = { 0 }, tabs = { 0 };
	char delimiter = ',';
	for (size_t i = 0; i < sizeof delimiters; i++) {
		form->how.delimiter = delimiters[i];
		struct claim claim = claim_of(&form->how, text, whole, wishes->header_lines, matchers, count);
		if (delimiters[i] == '\t')
			tabs = claim;
		if (is_stronger(&claim, &best)) {
			best = claim;
			delimiter = delimiters[i];
		}
	}
	/* Against a name that says TABs more than a few commas are wanted. */
	bool sure = best.known > tabs.known || (!tabs.often && best.share >= 90);
	if (wishes->named == DIALECT_TSV && !sure)
		delimiter = '\t';
	form->how.delimiter = delimiter;
	form->against_name = wishes->named == DIALECT_TSV ? delimiter != '\t' :
	                                                    wishes->named == DIALECT_CSV && delimiter == '\t';
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

static bool has(struct view text, char first, char then)
{
	char both[2] = { first, then };
	return view_find(text, view(both, 2)) != SIZE_MAX;
}

/* Goes on with the other way to read where that is the better one. */
static bool take_better(struct form *form, struct form_fit *fit, struct lenient other, struct view text, bool whole)
{
	struct form_fit its = form_fit(&other, text, whole);
	bool all_quoted = other.quote != form->how.quote && its.quoted >= its.filled && its.records > 1;
	bool more_quoted = other.blanks != form->how.blanks && its.quoted > fit->quoted + its.records / 2;
	if (its.fitting < fit->fitting || (its.fitting == fit->fitting && !all_quoted && !more_quoted))
		return false;
	form->how = other;
	*fit = its;
	return true;
}

static void find_quotes(struct form *form, struct view text, bool whole, const struct form_wishes *wishes)
{
	struct form_fit fit = form_fit(&form->how, text, whole);
	struct lenient other = form->how;
	other.quote = '\'';
	if (!wishes->quote && (has(text, '\'', other.delimiter) || has(text, '\'', '\n') || has(text, '\'', '\r')))
		take_better(form, &fit, other, text, whole);
	other = form->how;
	other.blanks = true;
	if (has(text, ' ', other.quote))
		take_better(form, &fit, other, text, whole);
	other = form->how;
	other.escape = '\\';
	if (!wishes->escape && has(text, '\\', other.quote))
		take_better(form, &fit, other, text, whole);
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
