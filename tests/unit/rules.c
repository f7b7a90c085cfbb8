/* Rule tables: what a spreadsheet may write, what is refused and where, what overlays do. */
#include "table/rules.h"

#include <setjmp.h>
#include <stdlib.h>
#include <unistd.h>

#include "table/decode.h"
#include "test.h"

enum { ID, WHEN, TAG };

static const struct rules_column columns[] = {
	[ID] = { "id", RULES_KEY | RULES_FILLED },
	[WHEN] = { "when", RULES_NEED },
	[TAG] = { "tag", 0 },
	{ NULL, 0 },
};

static const char built_in[] = "# comment\nid,when,tag,note\n1,a > 1,老客,\n\n2,,新客,because\n";
static const struct rules_spec spec = { "tags", built_in, columns };

/* A program that ends frees nothing; here it goes on by a jump, and would seem to leak. */
const char *__asan_default_options(void);
const char *__asan_default_options(void) { return "detect_leaks=0"; }

static jmp_buf back;
static char said[600];
static enum status status;

/* As it would stand on standard error, but for the folder. */
static void catch(enum status with, struct place place, const char *message)
{
	status = with;
	int len = snprintf(said, sizeof said, "%s", place.file ? place.file : "");
	if (place.line)
		len += snprintf(said + len, sizeof said - (size_t)len, ":%llu", (unsigned long long)place.line);
	if (place.column)
		len += snprintf(said + len, sizeof said - (size_t)len, ":%u", place.column);
	snprintf(said + len, sizeof said - (size_t)len, ": %s", message);
	longjmp(back, 1);
}

static char folder[] = "/tmp/rules-XXXXXX";

static const char *file_of(struct arena *arena, const char *name, struct view bytes)
{
	const char *path = arena_printf(arena, "%s/%s", folder, name);
	FILE *file = fopen(path, "we");
	fwrite(bytes.ptr, 1, bytes.len, file);
	fclose(file);
	return path;
}

/* Spreadsheet's forms of one table: all read alike. */
static const struct {
	struct view bytes;
	const char *why;
} forms[] = {
	{ VIEW("id,when,tag\n7,x,老\n"), "UTF-8" },
	{ VIEW("\xef\xbb\xbfid,when,tag\r\n7,x,老\r\n"), "byte order mark, CR LF" },
	{ VIEW("id;when;tag\n7;x;老"), "semicolons, no last line feed" },
	{ VIEW("id\twhen\ttag\n7\t\"x\"\t老\n"), "TAB and quotes" },
	{ VIEW("id|when|tag\n7|x|老\n"), "bars" },
	{ VIEW("id,when,tag\n7,x,\xc0\xcf\n"), "GB18030" },
	{ VIEW("\xff\xfei\0d\0,\0w\0h\0e\0n\0,\0t\0a\0g\0\n\0\x37\0,\0x\0,\0\x01\x80\n\0"), "UTF-16" },
	{ VIEW("#c,,,\n\"#,d\",,\n,,\nid,when,tag,,\n7 ,\"x\",老,,\n,,,,\n"), "comments, empty lines, columns without names" },
	{ VIEW("tag,x_who,when,id,note\n老,me,x,7,\"two\nlines\"\n"), "another order, notes" },
};

static const struct {
	struct view bytes;
	const char *message;
	const char *why;
} mistakes[] = {
	{ VIEW(""), ":1: empty, not even a header", "nothing" },
	{ VIEW("# only\n\n"), ":3: empty, not even a header", "nothing but comments" },
	{ VIEW("id,wen,tag\n"), ":1:2: no column \"wen\"; did you mean \"when\"?", "a slip" },
	{ VIEW("id,when,colour\n"), ":1:3: no column \"colour\"; notes stand in `note` or in columns that begin with x_", "unknown" },
	{ VIEW("id,when,id\n"), ":1:3: column \"id\" occurs twice", "twice" },
	{ VIEW("id,tag\n"), ":1: no column \"when\"", "a column that is needed" },
	{ VIEW("id,when,tag\n\n1,x\n"), ":3: 2 fields, expected 3", "too few" },
	{ VIEW("id,when\n1,x,y\n"), ":2:3: 3 fields, expected 2", "too many" },
	{ VIEW("id,when\n,x\n"), ":2:1: column \"id\" is empty", "must be filled" },
	{ VIEW("id,when\n1,\"a\nb\"\n1,y\n"), ":4: the same key as line 2", "key twice, lines are physical" },
	{ VIEW("id,when\n1,1.38E+10\n"), ":2:2: a number that a spreadsheet spoiled; format the column as text and type it anew", "spoiled" },
	{ VIEW("id,when\n1,\"x\n"), ":2:2: a quote that opens here is never closed", "open quote" },
	{ VIEW("id,when\n1,\"x\"y\n"), ":2:2: something other than a delimiter follows a closing quote", "stray bytes" },
	{ VIEW("id,when\n1,\xff\xff\n"), ":2: neither UTF-8 nor UTF-16 nor GB18030", "no text" },
	{ VIEW("PK\x03\x04zip"), ": a workbook, not a table in text; save it as CSV", "xlsx" },
};

static void test_forms(struct arena *arena)
{
	for (volatile size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (setjmp(back)) {
			CHECK(false, "%s: %s", forms[i].why, said);
			continue;
		}
		struct rules rules = rules_load(arena, &spec, file_of(arena, "forms", forms[i].bytes), NULL);
		CHECK(rules.count == 1, "%s: lines", forms[i].why);
		if (rules.count != 1)
			continue;
		CHECK_TEXT(rules.line[0].cell[ID], VIEW("7"), "%s", forms[i].why);
		CHECK_TEXT(rules.line[0].cell[WHEN], VIEW("x"), "%s", forms[i].why);
		CHECK_TEXT(rules.line[0].cell[TAG], VIEW("老"), "%s", forms[i].why);
	}
}

static void test_mistakes(struct arena *arena)
{
	for (volatile size_t i = 0; i < sizeof mistakes / sizeof *mistakes; i++) {
		const char *path = file_of(arena, "mistakes", mistakes[i].bytes);
		said[0] = '\0';
		status = STATUS_DONE;
		if (!setjmp(back))
			rules_load(arena, &spec, path, NULL);
		struct view got = view_of(said);
		CHECK(status == STATUS_USAGE, "%s: status", mistakes[i].why);
		CHECK(view_starts(got, view_of(path)), "%s: the file's name", mistakes[i].why);
		CHECK_TEXT(view_skip(got, strlen(path)), view_of(mistakes[i].message), "%s", mistakes[i].why);
	}
	status = STATUS_DONE;
	if (!setjmp(back))
		rules_load(arena, &spec, "/nowhere/at-all.csv", NULL);
	CHECK(status == STATUS_USAGE, "a file that is not there: %s", said);
}

static void test_overlay(struct arena *arena)
{
	if (setjmp(back)) {
		CHECK(false, "overlay: %s", said);
		return;
	}
	struct rules plain = rules_load(arena, &spec, NULL, NULL);
	CHECK(plain.count == 2 && plain.line[1].number == 5, "built-in: lines are physical");
	CHECK_TEXT(view_of(plain.line[0].file), VIEW("(built-in tags)"), "its name");
	const char *path = file_of(arena, "overlay", VIEW("when,id\nnew,9\nother,1\n"));
	struct rules rules = rules_load(arena, &spec, NULL, path);
	CHECK(rules.count == 3, "one replaced, one added");
	CHECK_TEXT(rules.line[0].cell[WHEN], VIEW("other"), "replaced in its place");
	CHECK_TEXT(rules.line[0].cell[TAG], VIEW(""), "a column the overlay has not got");
	CHECK_TEXT(rules.line[2].cell[ID], VIEW("9"), "added at the end");
	CHECK(rules.digest != plain.digest, "another table, another digest");
	struct place place = rules_place(&rules.line[0], WHEN);
	CHECK(place.file == path && place.line == 3 && place.column == 1, "the place of a cell");
}

/* Every piece size gives what the whole gives. */
static void test_mixed(void)
{
	const struct view text = VIEW("a\n\xbf\xcd\xbb\xa7\n客户\n\xc2\xa1\n\xc2\xa1客\xbf");
	static const struct {
		enum charset from;
		struct view expected;
	} cases[] = {
		{ CHARSET_GB18030, VIEW("a\n客户\n客户\n隆\n隆瀹\xa2\xbf") },
		{ CHARSET_UTF8, VIEW("a\n客户\n客户\n\xc2\xa1\n隆瀹\xa2\xbf") },
	};
	for (size_t i = 0; i < 2; i++) {
		for (size_t piece = 1; piece <= text.len; piece++) {
			struct decoder *decoder = decoder_new_lines(cases[i].from, true);
			struct buf utf8 = { 0 };
			for (struct view rest = text; rest.len; rest = view_skip(rest, piece))
				decoder_put(decoder, view_first(rest, piece), rest.len <= piece, &utf8);
			/* The last line is neither; what its bytes give as GB18030 does not matter. */
			struct view got = buf_view(&utf8), expected = cases[i].expected;
			size_t last = view_find(expected, VIEW("隆瀹"));
			CHECK_TEXT(view_first(got, last), view_first(expected, last), "mixed, pieces of %zu", piece);
			decoder_free(decoder);
			buf_release(&utf8);
		}
	}
}

static void test_pieces(void)
{
	static const struct {
		struct view bytes, expected;
		enum charset from;
		bool keep, good;
		const char *why;
	} cases[] = {
		{ VIEW("a客\xf0\xa0\xae\xb7z"), VIEW("a客𠮷z"), CHARSET_UTF8, false, true, "UTF-8" },
		{ VIEW("\xef\xbb\xbf" "a"), VIEW("a"), CHARSET_UTF8, false, true, "mark dropped" },
		{ VIEW("\xbf\xcd\x95\x34\xb2\x35\x80" "1"), VIEW("客𠮷€1"), CHARSET_GB18030, false, true, "four bytes; a lone 80" },
		{ VIEW("a\n\n\xff\n"), VIEW("a\n\n"), CHARSET_GB18030, false, false, "no character" },
		{ VIEW("a\xff" "b\xbf\xcd"), VIEW("a\xff" "b客"), CHARSET_GB18030, true, true, "kept" },
		{ VIEW("\xa4\xa4\xc4\x20\x81\xff"), VIEW("中\xc4 \x81\xff\xff"), CHARSET_BIG5, true, true, "kept, two in a row" },
		{ VIEW("\xbf"), VIEW(""), CHARSET_GB18030, false, false, "cut at the end" },
		{ VIEW("a\xe5\xae"), VIEW("a"), CHARSET_UTF8, false, false, "cut at the end" },
		{ VIEW("a\xe5\xae"), VIEW("a\xe5\xae"), CHARSET_UTF8, true, true, "cut at the end, kept" },
		{ VIEW("\xff\xfe\xa2\x5b\x42\xd8\xb7\xdf"), VIEW("客𠮷"), CHARSET_UTF16LE, false, true, "UTF-16, surrogates" },
		{ VIEW("\x5b\xa2\0\n\0"), VIEW("客\n"), CHARSET_UTF16BE, false, false, "half a unit" },
		{ VIEW("a\0\x42\xd8z\0"), VIEW("a\xffz"), CHARSET_UTF16LE, true, true, "half a pair, kept" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		for (size_t piece = 1; piece <= cases[i].bytes.len; piece++) {
			struct decoder *decoder = decoder_new(cases[i].from, cases[i].keep);
			struct buf utf8 = { 0 };
			struct view rest = cases[i].bytes;
			bool good = true;
			while (good && rest.len) {
				struct view now = view_first(rest, piece);
				rest = view_skip(rest, piece);
				good = decoder_put(decoder, now, false, &utf8);
			}
			good = good && decoder_put(decoder, VIEW(""), true, &utf8);
			CHECK(good == cases[i].good, "%s, pieces of %zu", cases[i].why, piece);
			CHECK_TEXT(buf_view(&utf8), cases[i].expected, "%s, pieces of %zu", cases[i].why, piece);
			if (i == 3)
				CHECK(decoder_offset(decoder) == 3 && decoder_line(decoder) == 3, "where");
			decoder_free(decoder);
			buf_release(&utf8);
		}
	}
	enum charset charset;
	CHECK(decode_charset(VIEW("gbk"), &charset) && charset == CHARSET_GB18030, "names in any case");
	CHECK(!decode_charset(VIEW("latin"), &charset), "no name of ours");
}

int main(void)
{
	struct arena arena = { 0 };
	if (!mkdtemp(folder))
		return 1;
	fail_init("test", FAIL_TEXT, FAIL_ENGLISH);
	fail_catch(catch);
	test_forms(&arena);
	test_mistakes(&arena);
	test_overlay(&arena);
	test_pieces();
	test_mixed();
	const char *names[] = { "forms", "mistakes", "overlay" };
	for (size_t i = 0; i < 3; i++)
		unlink(arena_printf(&arena, "%s/%s", folder, names[i]));
	rmdir(folder);
	arena_release(&arena);
	return test_end();
}
