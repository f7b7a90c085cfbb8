/* Lenient reading: dialects beyond the reader's, quotes out of place, the same in pieces of any
 * size; by the rule it reads what the scalar machine reads, and what libcsv does. */
#include "table/lenient.h"

#include <csv.h>
#include <stdlib.h>

#include "gen.h"
#include "table/scan.h"
#include "test.h"

/* ---- a text as a feed of pieces ---- */

struct pieces {
	struct view rest;
	size_t most; /* bytes of a piece */
};

static size_t pieces_read(void *state, char *to, size_t room)
{
	struct pieces *pieces = state;
	struct view piece = view_first(pieces->rest, pieces->most < room ? pieces->most : room);
	if (piece.len)
		memcpy(to, piece.ptr, piece.len);
	pieces->rest = view_skip(pieces->rest, piece.len);
	return piece.len;
}

/* The canonical text. */
static void read_feed(const struct lenient *form, struct view text, size_t most, struct buf *out)
{
	struct pieces pieces = { text, most };
	struct feed feed = lenient_feed((struct feed){ .state = &pieces, .read = pieces_read, .name = "test" }, form);
	buf_reset(out);
	for (size_t n; (n = feed.read(feed.state, buf_reserve(out, 7), 7)) != 0;)
		out->len += n;
	feed.close(feed.state);
}

/* ---- by the table ---- */

/* How a bad record begins, a guess, and a guess whose first value is quoted. */
#define MARK "\"" LENIENT_BAD_MARK
#define GUESS LENIENT_GUESS_MARK
#define GUESSED "\"" LENIENT_GUESS_MARK

enum { LAZY = 1, BLANKS = 2, ESCAPE = 4, APOSTROPHE = 8 };

static const struct {
	unsigned how, width;
	const char *text, *expected, *why;
} readings[] = {
	/* by the rule */
	{ 0, 0, "a,\"b,c\",\"d\"\"e\"\n", "a,\"b,c\",\"d\"\"e\"\n", "the rule itself" },
	{ 0, 0, "5\" pipe,b\n", "\"5\"\" pipe\",b\n", "a quote inside an unquoted field is data" },
	{ 0, 0, "\"a\nb\",c", "\"a\nb\",c\n", "lines in quotes, no end of the last one" },
	{ 0, 0, "a,b\r\n\"c\",d\r\n", "a,b\nc,d\n", "CRLF" },
	{ 0, 0, "\n\na\n", "\n\na\n", "empty lines stay" },
	{ 0, 0, "\"a\"b,c\nd,e\n", MARK "\"\"a\"\"b,c\"\nd,e\n", "something behind a closing quote: a bad record" },
	/* escapes */
	{ ESCAPE, 0, "\"10\\\" pipe\",2\n", "\"10\"\" pipe\",2\n", "before a quote" },
	{ ESCAPE, 0, "\"a\\\",\\\"b\",2\n", "\"a\"\",\"\"b\",2\n", "and before a delimiter" },
	{ ESCAPE, 0, "\"in \\\\\\\"side\\\\\",2\n", "\"in \\\"\"side\\\",2\n", "before itself" },
	{ ESCAPE, 0, "C:\\dir,\"C:\\dir\"\n", "C:\\dir,C:\\dir\n", "elsewhere it is data" },
	{ ESCAPE, 0, "a\\,b,c\n", "\"a,b\",c\n", "in unquoted fields too" },
	{ ESCAPE, 0, "\"say \"\"x\"\"\",2\n", "\"say \"\"x\"\"\",2\n", "doubled quotes are read all the same" },
	{ 0, 0, "a\\,b\n", "a\\,b\n", "no escape, no meaning" },
	/* blanks */
	{ BLANKS, 0, "a, \"b, c\", d\n", "a,\"b, c\",d\n", "a blank behind each delimiter" },
	{ BLANKS, 0, "a,  b, \n", "a, b,\n", "one belongs to it, another is data" },
	{ BLANKS, 0, "\"a\" , \"b\"  \n", "a,b\n", "blanks behind a closing quote" },
	{ BLANKS, 0, " a,b\n", " a,b\n", "not at the beginning" },
	/* another quote */
	{ APOSTROPHE, 0, "'a,b','c''d',\"e\n", "\"a,b\",c'd,\"\"\"e\"\n", "the other one is data" },
	/* lazily */
	{ LAZY, 3, "a,\"b\nc\",d\n", "a,\"b\nc\",d\n", "what keeps the rule is read by it" },
	{ LAZY, 3, "a,b\nc,d,e,f\n", "a,b\nc,d,e,f\n", "too few and too many fields stay what they are" },
	{ LAZY, 3, "a,\"5\" pipe\",b\n", GUESS "a,\"5\"\" pipe\",b\n", "closes only before a delimiter" },
	{ LAZY, 3, "a,\"48\"\",\"b, c\"\n", GUESS "a,\"48\"\"\",\"b, c\"\n", "two before a delimiter: data and the end" },
	{ LAZY, 3, "a,\"\"b, c\",d\n", GUESS "a,\"\"\"b, c\",d\n", "two at the beginning" },
	{ LAZY, 3, "\"a,b,\"c, d\"\n", GUESSED "\"\"a\",b,\"c, d\"\n", "one that opens inside: the first one was data" },
	{ LAZY, 3, "a,b,\"\nd,e,f\n", GUESS "a,b,\"\"\"\"\nd,e,f\n", "one that nothing closes" },
	{ LAZY, 3, "a,b,\"c\nd,e,\"f\ng,h,i\n", GUESS "a,b,\"\"\"c\"\n" GUESS "d,e,\"\"\"f\"\ng,h,i\n", "two lines are not one" },
	{ LAZY, 3, "a,b,\"c\nd,e,\"\ng,h,i\n", GUESS "a,b,\"\"\"c\"\n" GUESS "d,e,\"\"\"\"\ng,h,i\n", "even where the quotes would pair" },
	{ LAZY, 3, "\"a\nb\",c,d\ne,f,g\n", "\"a\nb\",c,d\ne,f,g\n", "but a first field of two lines is one" },
	{ LAZY, 3, "a,\"b \"x\"\ny\",c\nd,e,f\n", MARK "a,\"\"b \"\"x\"\"\ny\"\",c\"\nd,e,f\n", "nothing fits: bad up to the next that does" },
	{ LAZY, 3, "\"a,\"b\nx\ny,z\nc,d,e\n", MARK "\"\"a,\"\"b\nx\ny,z\"\nc,d,e\n", "over lines of another width" },
	{ LAZY, 3, "a,\"b\"c,\"d", GUESS "a,\"\"\"b\"\"c\",\"\"\"d\"\n", "at the end of the file" },
	{ LAZY, 3, "\"a,\"b", MARK "\"\"a,\"\"b\"\n", "with nothing that follows" },
	{ LAZY | BLANKS, 3, "a, \"b \"x\" c\", d\n", GUESS "a,\"b \"\"x\"\" c\",d\n", "with blanks" },
	{ LAZY | APOSTROPHE, 3, "a,'won't, no',b\n", GUESS "a,\"won't, no\",b\n", "with apostrophes" },
	{ LAZY | ESCAPE, 3, "a,\"10\\\" or 12\"\",b\n", GUESS "a,\"10\"\" or 12\"\"\",b\n", "with escapes" },
};

static struct lenient form_of(unsigned how, unsigned width)
{
	return (struct lenient){ .delimiter = ',', .quote = how & APOSTROPHE ? '\'' : '"', .escape = how & ESCAPE ? '\\' : '\0',
		.blanks = how & BLANKS, .lazy = how & LAZY, .width = width };
}

static void test_readings(void)
{
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof readings / sizeof *readings; i++) {
		struct lenient form = form_of(readings[i].how, readings[i].width);
		struct view text = gen_copy(view_of(readings[i].text));
		for (size_t most = 1; most < 12; most++) {
			read_feed(&form, text, most, &out);
			CHECK_TEXT(buf_view(&out), view_of(readings[i].expected), "%s, in pieces of %zu", readings[i].why, most);
		}
		gen_free(text);
	}
	buf_release(&out);
}

/* ---- on random files ---- */

/* Nearly well-formed text: what matters, often. */
static void make_text(uint64_t *seed, struct buf *text)
{
	static const char *const pieces[] = { "a", "bc", ",", ",", ",", "\"", "\"", "\"x\"", "\"\"", "\n", "\n", "\"y\nz\"", "\\", " ", "\r\n", "'" };
	buf_reset(text);
	for (uint64_t n = gen_below(seed, 40); n; n--)
		buf_text(text, pieces[gen_below(seed, sizeof pieces / sizeof *pieces)]);
}

/* The same bytes whatever the pieces; no line feed lost or made. */
static void test_pieces(uint64_t *seed)
{
	struct buf text = { 0 }, whole = { 0 }, out = { 0 };
	for (int i = 0; i < 20000; i++) {
		make_text(seed, &text);
		unsigned how = (unsigned)gen_below(seed, 16) | LAZY; /* what is open ends the program, unless lazily */
		struct lenient form = form_of(how, 1 + (unsigned)gen_below(seed, 4));
		if (view_ends(buf_view(&text), VIEW("\"")))
			buf_byte(&text, 'x'); /* a lone quote at the end is another program's mark */
		struct view copy = gen_copy(buf_view(&text));
		read_feed(&form, copy, 1000, &whole);
		read_feed(&form, copy, 1 + gen_below(seed, 9), &out);
		CHECK_TEXT(buf_view(&out), buf_view(&whole), "pieces");
		size_t feeds = 0, its = 0;
		for (size_t k = 0; k < copy.len; k++)
			feeds += copy.ptr[k] == '\n';
		for (size_t k = 0; k < whole.len; k++)
			its += whole.ptr[k] == '\n';
		feeds += copy.len && copy.ptr[copy.len - 1] != '\n';
		CHECK(feeds == its, "%zu lines in, %zu out", feeds, its);
		gen_free(copy);
	}
	buf_release(&text);
	buf_release(&whole);
	buf_release(&out);
}

/* By the rule it is the scalar machine. */
static void test_rule(uint64_t *seed)
{
	struct buf text = { 0 }, out = { 0 };
	struct lenient form = form_of(0, 0);
	struct arena arena = { 0 };
	for (int i = 0; i < 20000; i++) {
		make_text(seed, &text);
		buf_text(&text, "\"\n"); /* a line feed outside of quotes, one way or the other */
		char *bytes = arena_zero(&arena, 1, text.len + SCAN_PADDING);
		memcpy(bytes, text.ptr, text.len);
		size_t len = scan_first(dialect_csv(), bytes, text.len);
		struct lenient_record record;
		buf_reset(&out);
		enum lenient_result result = lenient_read(&form, view(bytes, text.len), true, &out, &record);
		if (!len) {
			CHECK(result == LENIENT_OPEN, "a quote stays open");
			arena_reset(&arena);
			continue;
		}
		struct split split = { 0 };
		scan_split_plain(&split, dialect_csv(), bytes, len);
		CHECK(record.len == len, "a record of %zu bytes, not %zu: <%.*s>", len, record.len, (int)text.len, bytes);
		CHECK((result == LENIENT_BAD) == (split.bad_count > 0), "bad or not: <%.*s>", (int)len, bytes);
		CHECK(result == LENIENT_BAD || record.fields == split.end_count, "%zu fields", split.end_count);
		split_release(&split);
		arena_reset(&arena);
	}
	arena_release(&arena);
	buf_release(&text);
	buf_release(&out);
}

struct libcsv {
	struct buf *to;
	unsigned fields;
};

static void libcsv_field(void *bytes, size_t len, void *arg)
{
	struct libcsv *state = arg;
	if (state->fields++)
		buf_byte(state->to, ',');
	dialect_put(dialect_csv(), view(bytes, len), state->to);
}

static void libcsv_row(int end, void *arg)
{
	struct libcsv *state = arg;
	(void)end;
	buf_byte(state->to, '\n');
	state->fields = 0;
}

static int not_blank(unsigned char byte)
{
	(void)byte;
	return 0;
}

/* Where libcsv accepts a text in strict mode, with another quote character, it is read the same. */
static void test_libcsv(uint64_t *seed)
{
	struct buf text = { 0 }, out = { 0 }, theirs = { 0 };
	struct lenient form = form_of(APOSTROPHE, 0);
	size_t compared = 0;
	for (int i = 0; i < 20000; i++) {
		make_text(seed, &text);
		for (size_t k = 0; k < text.len; k++)
			text.ptr[k] = text.ptr[k] == '"' ? '\'' : text.ptr[k] == '\r' ? 'r' : text.ptr[k];
		struct csv_parser parser;
		struct libcsv state = { .to = &theirs };
		buf_reset(&theirs);
		csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL);
		csv_set_quote(&parser, '\'');
		csv_set_space_func(&parser, not_blank);
		bool good = csv_parse(&parser, text.ptr, text.len, libcsv_field, libcsv_row, &state) == text.len &&
		            csv_fini(&parser, libcsv_field, libcsv_row, &state) == 0;
		csv_free(&parser);
		if (!good)
			continue;
		compared++;
		read_feed(&form, buf_view(&text), 5, &out);
		CHECK_TEXT(buf_view(&out), buf_view(&theirs), "as libcsv reads it");
	}
	CHECK(compared > 2000, "%zu texts were compared with libcsv", compared);
	buf_release(&text);
	buf_release(&out);
	buf_release(&theirs);
}

int main(void)
{
	uint64_t seed = 11;
	test_readings();
	test_pieces(&seed);
	test_rule(&seed);
	test_libcsv(&seed);
	return test_end();
}
