/* lenient: see lenient.h. */
#include "table/lenient.h"

#include <stdlib.h>

#include "base/fail.h"

enum {
	PIECE = 64 * 1024,
	LOOK_AHEAD = 4096,    /* bytes in which a record must end, to be one where reading goes on */
	RESTARTS_MOST = 256,  /* fields of a line that may turn out to be unquoted */
};

/* ---- one record ---- */

/* How a quote inside a quoted field is taken. */
struct mode {
	bool tolerant; /* it closes where a delimiter or a line end follows; else it is data */
	bool closes;   /* two before a delimiter: data and the end, instead of two for one */
	bool openers;  /* within one line; where it looks like an opening one, the field is unquoted */
};

struct scan {
	const struct lenient *form;
	struct mode mode;
	struct view text;
	bool whole;
	size_t at;
	struct buf *to;
	size_t field;      /* where the field under way begins in *to, */
	size_t start;      /* and its value, behind a mark */
	unsigned restarts;
	bool bad;
	struct lenient_record *record;
};

static bool is_line_end(const struct scan *scan, size_t at)
{
	struct view rest = view_skip(scan->text, at);
	return (rest.len && rest.ptr[0] == '\n') || view_starts(rest, VIEW("\r\n"));
}

/* Whether a field ends at a place may be told only by bytes that are not there yet. */
enum ending { ENDS_NOT, ENDS, ENDS_PERHAPS };

static enum ending ends_field(const struct scan *scan, size_t at)
{
	struct view text = scan->text;
	while (scan->form->blanks && at < text.len && text.ptr[at] == ' ')
		at++;
	if (at >= text.len)
		return scan->whole ? ENDS : ENDS_PERHAPS;
	if (text.ptr[at] == scan->form->delimiter || is_line_end(scan, at))
		return ENDS;
	return !scan->whole && text.ptr[at] == '\r' && at + 1 == text.len ? ENDS_PERHAPS : ENDS_NOT;
}

/* Does an escape stand here, and what it makes data of? */
static bool is_escape(const struct scan *scan, size_t at)
{
	const struct lenient *form = scan->form;
	if (!form->escape || scan->text.ptr[at] != form->escape || at + 1 >= scan->text.len)
		return false;
	char next = scan->text.ptr[at + 1];
	return next == form->escape || next == form->quote || next == form->delimiter;
}

static bool follows_delimiter(const struct scan *scan, size_t at)
{
	while (scan->form->blanks && at && scan->text.ptr[at - 1] == ' ')
		at--;
	return at && scan->text.ptr[at - 1] == scan->form->delimiter;
}

static void put(struct scan *scan, size_t at)
{
	buf_byte(scan->to, scan->text.ptr[at]);
}

/* Up to the delimiter or the line end.  LENIENT_CUT where neither comes. */
static enum lenient_result read_unquoted(struct scan *scan)
{
	struct view text = scan->text;
	for (; scan->at < text.len; scan->at++) {
		char byte = text.ptr[scan->at];
		if (byte == scan->form->delimiter || is_line_end(scan, scan->at))
			return LENIENT_GOOD;
		if (!scan->whole && scan->at + 1 == text.len)
			break; /* the first half of a line end or of an escape */
		if (is_escape(scan, scan->at))
			scan->at++;
		else
			scan->record->stray += byte == scan->form->quote;
		put(scan, scan->at);
	}
	return scan->whole ? LENIENT_GOOD : LENIENT_CUT;
}

/* The field turns out not to be quoted: it is read again from its quote. */
static enum lenient_result read_again(struct scan *scan, size_t start)
{
	scan->to->len = scan->start;
	scan->at = start;
	if (++scan->restarts > RESTARTS_MOST)
		return LENIENT_BAD;
	put(scan, scan->at++);
	return read_unquoted(scan);
}

/* What a quote inside a quoted field is. */
enum quote {
	QUOTE_DATA,
	QUOTE_PAIR,     /* two for one */
	QUOTE_CLOSES,
	QUOTE_BEFORE,   /* data, and the next one closes */
	QUOTE_OPENS,    /* another field, so that this one is not quoted */
	QUOTE_STRAY,
	QUOTE_UNKNOWN,  /* the text is cut here */
};

static enum quote judge_quote(const struct scan *scan)
{
	struct view text = scan->text;
	size_t next = scan->at + 1;
	bool pair = next < text.len && text.ptr[next] == scan->form->quote;
	enum ending ending = !pair ? ends_field(scan, next) : scan->mode.closes ? ends_field(scan, next + 1) : ENDS_NOT;
	if (ending == ENDS_PERHAPS)
		return QUOTE_UNKNOWN;
	if (pair)
		return ending == ENDS ? QUOTE_BEFORE : QUOTE_PAIR;
	if (ending == ENDS)
		return QUOTE_CLOSES;
	if (!scan->mode.tolerant)
		return QUOTE_STRAY;
	return scan->mode.openers && follows_delimiter(scan, scan->at) ? QUOTE_OPENS : QUOTE_DATA;
}

static enum lenient_result close_field(struct scan *scan)
{
	scan->record->quoted++;
	while (scan->form->blanks && scan->at < scan->text.len && scan->text.ptr[scan->at] == ' ')
		scan->at++;
	return LENIENT_GOOD;
}

static enum lenient_result read_quoted(struct scan *scan)
{
	const struct lenient *form = scan->form;
	struct view text = scan->text;
	size_t start = scan->at;
	for (scan->at++; scan->at < text.len; put(scan, scan->at++)) {
		char byte = text.ptr[scan->at];
		enum quote quote = byte == form->quote ? judge_quote(scan) : QUOTE_DATA;
		if (form->escape && byte == form->escape && scan->at + 1 == text.len && !scan->whole)
			return LENIENT_CUT;
		if (is_escape(scan, scan->at)) {
			scan->at++;
			continue;
		}
		switch (quote) {
		case QUOTE_BEFORE:
			put(scan, scan->at++);
			/* fall through */
		case QUOTE_CLOSES:
			scan->at++;
			return close_field(scan);
		case QUOTE_PAIR:
			scan->at++;
			break;
		case QUOTE_OPENS:
			return read_again(scan, start);
		case QUOTE_STRAY:
			scan->bad = true;
			scan->at++;
			return read_unquoted(scan);
		case QUOTE_UNKNOWN:
			return LENIENT_CUT;
		case QUOTE_DATA:
			if (byte == '\n' && scan->mode.openers)
				return read_again(scan, start);
			scan->record->inner += byte == '\n';
			break;
		}
	}
	return !scan->whole ? LENIENT_CUT : scan->mode.openers ? read_again(scan, start) : LENIENT_OPEN;
}

/* The field's value is in *to from scan->field on: as a canonical field. */
static void end_field(struct scan *scan, struct buf *memory)
{
	buf_reset(memory);
	buf_put(memory, view_skip(buf_view(scan->to), scan->field));
	scan->to->len = scan->field;
	dialect_put((struct dialect){ DIALECT_CSV, scan->form->delimiter }, buf_view(memory), scan->to);
	scan->record->fields++;
	scan->record->filled += memory->len > scan->start - scan->field;
}

/* The blank that belongs to a delimiter. */
static void skip_blank(struct scan *scan)
{
	if (scan->at < scan->text.len && scan->text.ptr[scan->at] == ' ')
		scan->at++;
	else
		scan->record->close += ends_field(scan, scan->at) == ENDS_NOT;
}

static enum lenient_result read_fields(struct scan *scan, struct buf *memory)
{
	struct view text = scan->text;
	for (;;) {
		if (scan->form->blanks && scan->record->fields)
			skip_blank(scan);
		if (scan->at >= text.len && !scan->whole)
			return LENIENT_CUT;
		scan->field = scan->to->len;
		if (scan->mode.tolerant && !scan->record->fields)
			buf_text(scan->to, LENIENT_GUESS_MARK);
		scan->start = scan->to->len;
		bool quoted = scan->at < text.len && text.ptr[scan->at] == scan->form->quote;
		enum lenient_result result = quoted ? read_quoted(scan) : read_unquoted(scan);
		if (result != LENIENT_GOOD)
			return result;
		end_field(scan, memory);
		if (scan->at >= text.len)
			break;
		if (is_line_end(scan, scan->at)) {
			scan->at += text.ptr[scan->at] == '\r' ? 2 : 1;
			break;
		}
		scan->at++; /* the delimiter */
		buf_byte(scan->to, scan->form->delimiter);
	}
	buf_byte(scan->to, '\n');
	return scan->bad ? LENIENT_BAD : LENIENT_GOOD;
}

static enum lenient_result read_record(const struct lenient *form, struct mode mode, struct view text, bool whole,
                                       struct buf *to, struct lenient_record *record)
{
	struct buf memory = { 0 };
	size_t before = to->len;
	*record = (struct lenient_record){ .guessed = mode.tolerant };
	struct scan scan = { .form = form, .mode = mode, .text = text, .whole = whole, .to = to, .record = record };
	enum lenient_result result = read_fields(&scan, &memory);
	record->len = scan.at;
	if (result == LENIENT_CUT || result == LENIENT_OPEN)
		to->len = before;
	buf_release(&memory);
	return result;
}

enum lenient_result lenient_read(const struct lenient *form, struct view text, bool whole, struct buf *to,
                                 struct lenient_record *record)
{
	return read_record(form, (struct mode){ .tolerant = false }, text, whole, to, record);
}

/* ---- lazily ---- */

/* Does a record begin here, with all its fields and no quote out of place? */
static bool begins_record(const struct lenient *form, struct view text, bool whole, struct buf *memory)
{
	struct lenient_record record;
	buf_reset(memory);
	return text.len && lenient_read(form, text, whole, memory, &record) == LENIENT_GOOD &&
	       record.fields == form->width && !record.stray;
}

/* Is one of the lines inside the record a record by itself?  A quote that opens its last field
 * may be the one that closes the record. */
static bool swallows(const struct lenient *form, struct view text, const struct lenient_record *record)
{
	static const struct mode within_line = { .tolerant = true, .openers = true };
	struct buf memory = { 0 };
	struct lenient_record line = { .len = 0 };
	bool found = false;
	struct view rest = view_first(text, record->len);
	for (size_t i = 0; i < record->inner && !found; i++) {
		rest = view_skip(rest, view_find_byte(rest, '\n') + 1);
		buf_reset(&memory);
		found = read_record(form, within_line, view_first(rest, LOOK_AHEAD), true, &memory, &line) == LENIENT_GOOD &&
		        line.fields == form->width && !line.stray;
	}
	buf_release(&memory);
	return found;
}

static bool fits(const struct lenient *form, struct view text, const struct lenient_record *record)
{
	return record->fields == form->width && (!record->inner || !swallows(form, text, record));
}

/* Up to the next line that begins a record; 0 where there is none yet. */
static size_t find_next(const struct lenient *form, struct view text, bool whole)
{
	struct buf memory = { 0 };
	size_t next = 0;
	bool found = false;
	for (size_t feed; !found && (feed = view_find_byte(view_skip(text, next), '\n')) != SIZE_MAX;) {
		next += feed + 1;
		struct view rest = view_skip(text, next);
		found = begins_record(form, view_first(rest, LOOK_AHEAD), whole && rest.len <= LOOK_AHEAD, &memory);
	}
	buf_release(&memory);
	return found ? next : whole ? text.len : text.len < LENIENT_MOST ? 0 : next;
}

static void put_bad(const struct lenient *form, struct view raw, struct buf *to)
{
	struct buf field = { 0 };
	if (raw.len && raw.ptr[raw.len - 1] == '\n')
		raw.len--;
	buf_text(&field, LENIENT_BAD_MARK);
	buf_put(&field, raw);
	dialect_put((struct dialect){ DIALECT_CSV, form->delimiter }, buf_view(&field), to);
	buf_byte(to, '\n');
	buf_release(&field);
}

static bool begins(struct view value, const char *mark, struct view *rest)
{
	*rest = view_skip(value, strlen(mark));
	return view_starts(value, view_of(mark));
}

bool lenient_bad(struct view value, struct view *raw) { return begins(value, LENIENT_BAD_MARK, raw); }
bool lenient_guessed(struct view value, struct view *rest) { return begins(value, LENIENT_GUESS_MARK, rest); }

enum lenient_result lenient_read_lazily(const struct lenient *form, struct view text, bool whole, struct buf *to,
                                        struct lenient_record *record)
{
	static const struct mode modes[] = { { .tolerant = true }, { .tolerant = true, .closes = true },
		{ .tolerant = true, .openers = true }, { .tolerant = true, .closes = true, .openers = true } };
	size_t before = to->len;
	bool wait = !whole && text.len < LENIENT_MOST; /* for what is not there yet */
	enum lenient_result strict = lenient_read(form, text, whole, to, record);
	if ((strict == LENIENT_CUT && wait) || (strict == LENIENT_GOOD && (!record->inner || fits(form, text, record))))
		return strict;
	for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
		to->len = before;
		enum lenient_result result = read_record(form, modes[i], text, whole, to, record);
		if ((result == LENIENT_CUT && wait) || (result == LENIENT_GOOD && fits(form, text, record)))
			return result;
	}
	to->len = before;
	if (strict == LENIENT_GOOD && lenient_read(form, text, whole, to, record) == LENIENT_GOOD &&
	    !swallows(form, text, record))
		return LENIENT_GOOD; /* too few fields, or too many, and nothing else is wrong */
	to->len = before;
	*record = (struct lenient_record){ .len = find_next(form, text, whole), .fields = 1 };
	if (!record->len)
		return LENIENT_CUT;
	put_bad(form, view_first(text, record->len), to);
	return LENIENT_BAD;
}

void lenient_read_line(const struct lenient *form, struct view line, struct buf *to)
{
	struct lenient_record record;
	read_record(form, (struct mode){ .tolerant = true, .openers = true }, line, true, to, &record);
}

/* ---- a feed ---- */

struct state {
	struct feed from;
	struct lenient form;
	struct buf in, out;
	size_t done;      /* of `in` */
	size_t given;     /* of `out` */
	uint64_t line;    /* of the byte at `done` */
	bool ended;       /* nothing more comes: the end, or something wrong beneath */
	const char *error; /* what is wrong with the text as a whole */
};

static bool fail(struct state *state, const char *error)
{
	state->error = error;
	state->ended = true;
	state->done = state->in.len;
	return false;
}

/* One more record into `out`; false where bytes are missing, or one cannot be read. */
static bool take_record(struct state *state)
{
	struct view rest = view_skip(buf_view(&state->in), state->done);
	struct lenient_record record;
	size_t before = state->out.len;
	bool whole = state->ended && !feed_failed(&state->from, false);
	if (!rest.len)
		return false;
	if (whole && view_is(rest, dialect_mark(dialect_csv())))
		return fail(state, TRANSLATED("the table is cut short: the program that wrote it failed"));
	enum lenient_result result = state->form.lazy ?
		lenient_read_lazily(&state->form, rest, whole, &state->out, &record) :
		lenient_read(&state->form, rest, whole, &state->out, &record);
	if (result == LENIENT_CUT)
		return false;
	if (result == LENIENT_OPEN)
		return fail(state, TRANSLATED("a quote is not closed; with --quotes=lazy the file is read on behind it"));
	if (result == LENIENT_BAD && !state->form.lazy) {
		state->out.len = before;
		put_bad(&state->form, view_first(rest, record.len), &state->out);
	}
	for (size_t i = 0; i < record.len; i++)
		state->line += rest.ptr[i] == '\n';
	state->done += record.len;
	return true;
}

/* Reads on, as much as there is already, so that a long record is not begun anew too often;
 * then takes the records that are whole. */
static void make_records(struct state *state)
{
	struct buf *in = &state->in;
	size_t rest = in->len - state->done;
	if (rest)
		memmove(in->ptr, in->ptr + state->done, rest);
	in->len = rest;
	state->done = 0;
	size_t room = rest > PIECE ? rest : PIECE;
	size_t n = state->from.read(state->from.state, buf_reserve(in, room), room);
	in->len += n;
	state->ended = n == 0;
	while (take_record(state))
		continue;
	if (in->len - state->done > READER_FIELD_MOST)
		fail(state, TRANSLATED("a quote that opens here is not closed within 16 MiB"));
}

static size_t lenient_feed_read(void *arg, char *to, size_t room)
{
	struct state *state = arg;
	if (state->given == state->out.len) {
		buf_reset(&state->out);
		state->given = 0;
		while (!state->out.len && !state->ended)
			make_records(state);
	}
	struct view rest = view_first(view_skip(buf_view(&state->out), state->given), room);
	if (rest.len)
		memcpy(to, rest.ptr, rest.len);
	state->given += rest.len;
	return rest.len;
}

static bool lenient_feed_would_wait(void *arg)
{
	struct state *state = arg;
	return state->given == state->out.len && !state->ended && state->from.would_wait &&
	       state->from.would_wait(state->from.state);
}

static bool lenient_feed_failed(void *arg, bool end)
{
	const struct state *state = arg;
	if (state->error && end)
		die_at(STATUS_INPUT, (struct place){ state->from.name, state->line, 0 }, "%s", translate(state->error));
	return state->error || feed_failed(&state->from, end);
}

static void lenient_feed_close(void *arg)
{
	struct state *state = arg;
	if (state->from.close)
		state->from.close(state->from.state);
	buf_release(&state->in);
	buf_release(&state->out);
	free(state);
}

struct feed lenient_feed(struct feed from, const struct lenient *form)
{
	struct state *state = heap_alloc(sizeof *state);
	*state = (struct state){ .from = from, .form = *form, .line = from.line ? from.line : 1 };
	struct feed feed = from;
	feed.state = state;
	feed.read = lenient_feed_read;
	feed.would_wait = lenient_feed_would_wait;
	feed.failed = lenient_feed_failed;
	feed.close = lenient_feed_close;
	return feed;
}
