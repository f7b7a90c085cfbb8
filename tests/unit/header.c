/* The column grammar, and what is said when a name is not there. */
#include <setjmp.h>

#include "base/fail.h"
#include "table/header.h"
#include "test.h"

static jmp_buf caught;
static enum status caught_status;
static char caught_message[1024];

static void catch(enum status status, struct place place, const char *message)
{
	(void)place;
	caught_status = status;
	snprintf(caught_message, sizeof caught_message, "%s", message);
	longjmp(caught, 1);
}

static struct arena arena;
static struct header *header;

/* The columns as numbers from 1 with blanks between, or what was said. */
static const char *resolved(const char *list)
{
	static char text[256];
	size_t len = 0;
	text[0] = '\0';
	if (setjmp(caught))
		return caught_message;
	struct columns columns = columns_resolve(&arena, header, "-c", list);
	for (unsigned i = 0; i < columns.count; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%u", i ? " " : "", columns.at[i] + 1);
	return text;
}

/* The one column, from 1, or what was said. */
static const char *one(const char *list)
{
	static char text[16];
	if (setjmp(caught))
		return caught_message;
	snprintf(text, sizeof text, "%u", column_one(&arena, header, "-c", list) + 1);
	return text;
}

static const char *sorted(const char *list)
{
	static char text[256];
	size_t len = 0;
	text[0] = '\0';
	if (setjmp(caught))
		return caught_message;
	struct sort_keys keys = sort_keys_resolve(&arena, header, "-k", list);
	for (unsigned i = 0; i < keys.count; i++)
		len += (size_t)snprintf(text + len, sizeof text - len, "%s%u%c%s", i ? " " : "", keys.key[i].column + 1,
		                        "tnd"[keys.key[i].type], keys.key[i].descending ? "-" : "");
	return text;
}

static void check_lists(void)
{
	/* id name tel1 tel2 amount 2024 a,b note 姓名 note2 */
	static const struct { const char *list, *expected, *why; } cases[] = {
		{ "name", "2", "a name" },
		{ "3", "3", "a number" },
		{ "note,name", "8 2", "the order asked for" },
		{ "name,name", "2", "each once" },
		{ "2..4", "2 3 4", "a range of numbers" },
		{ "4..2", "4 3 2", "backwards" },
		{ "name..amount", "2 3 4 5", "a range of names" },
		{ "note..", "8 9 10", "to the last" },
		{ "tel*", "3 4", "a beginning" },
		{ "*2", "4 10", "an end" },
		{ "*", "1 2 3 4 5 6 7 8 9 10", "all" },
		{ "!note", "1 2 3 4 5 6 7 9 10", "all but one" },
		{ "!note*", "1 2 3 4 5 6 7 9", "all but some" },
		{ "1..4,!tel*", "1 2", "some but others" },
		{ "`2024`", "6", "a number as name" },
		{ "`a,b`", "7", "a comma in a name" },
		{ "`2024`..`a,b`", "6 7", "a range of such" },
		{ "姓名", "9", "any script" },
		{ "*,!*,name", "2", "nothing, then one" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(view_of(resolved(cases[i].list)), view_of(cases[i].expected), "%s: %s", cases[i].list,
		           cases[i].why);
}

static void check_keys(void)
{
	static const struct { const char *list, *expected; } cases[] = {
		{ "name", "2t" }, { "amount:number", "5n" }, { "amount:number:desc,id", "5n- 1t" },
		{ "amount:desc:number", "5n-" }, { "note:date:asc", "8d" }, { "tel*:desc", "3t- 4t-" },
		{ "`a,b`:number", "7n" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		CHECK_TEXT(view_of(sorted(cases[i].list)), view_of(cases[i].expected), "%s", cases[i].list);
}

static void check_mistakes(void)
{
	static const struct { const char *list; enum status status; const char *said; } cases[] = {
		{ "nmae", STATUS_INPUT, "did you mean \"name\"" },
		{ "nothing_like_it", STATUS_INPUT, "the columns are: id, name" },
		{ "11", STATUS_INPUT, "the table has 10" },
		{ "0", STATUS_INPUT, "no column 0" },
		{ "x*", STATUS_INPUT, "no column like \"x*\"" },
		{ "18446744073709551616", STATUS_INPUT, "no column" },
		{ "name,", STATUS_USAGE, "is no list of columns" },
		{ ",name", STATUS_USAGE, "is no list of columns" },
		{ "`name", STATUS_USAGE, "is no list of columns" },
		{ "", STATUS_USAGE, "a column is wanted" },
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		caught_status = STATUS_DONE;
		const char *said = resolved(cases[i].list);
		CHECK(strstr(said, cases[i].said), "%s: said %s", cases[i].list, said);
		CHECK(caught_status == cases[i].status, "%s: status %d", cases[i].list, caught_status);
	}
	CHECK(strstr(sorted("amount:nmber"), "no kind of key"), "a kind that is none");
	CHECK_TEXT(view_of(one("note*,!note2")), VIEW("8"), "one is left");
	CHECK(strstr(one("name,note"), "one column is wanted") && caught_status == STATUS_USAGE, "two");
	CHECK(strstr(one("name,!name"), "no column is left") && caught_status == STATUS_INPUT, "none");
}

static void check_twice(void)
{
	header = header_parse(&arena, dialect_csv(), VIEW("id,\"x\"\"y\",id"), "file");
	CHECK_TEXT(header->names[1], VIEW("x\"y"), "unquoted");
	CHECK_TEXT(header->raw[1], VIEW("\"x\"\"y\""), "as it stands");
	CHECK(strstr(resolved("id"), "occurs twice"), "a name used that is there twice");
	CHECK_TEXT(view_of(resolved("3")), VIEW("3"), "by number it may be used");
}

/* A line end is one CR at most, and that is cut off before. */
static void check_returns(void)
{
	header = header_parse(&arena, dialect_csv(), VIEW("a,b\r"), "file");
	CHECK_TEXT(header->names[1], VIEW("b\r"), "a CR is data");
	caught_status = STATUS_DONE;
	if (setjmp(caught) == 0)
		header_parse(&arena, dialect_csv(), VIEW("a,\"b\"\r"), "file");
	CHECK(caught_status == STATUS_INPUT && strstr(caught_message, "follows a closing quote"), "but not behind a closing quote");
}

int main(void)
{
	fail_catch(catch);
	header = header_parse(&arena, dialect_csv(), VIEW("id,name,tel1,tel2,amount,2024,\"a,b\",note,姓名,note2"), "file");
	check_lists();
	check_keys();
	check_mistakes();
	check_twice();
	check_returns();
	arena_release(&arena);
	return test_end();
}
