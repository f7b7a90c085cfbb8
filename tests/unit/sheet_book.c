/* Workbooks: what a file is, by its bytes; a pipe in a temporary file; a sheet under the reader
 * of tables. */
#include "sheet/book.h"

#include <sys/mman.h>
#include <unistd.h>

#include "table/reader.h"
#include "test.h"

static const struct {
	struct view start;
	enum book_form form;
	const char *why;
} starts[] = {
	{ { "PK\x03\x04....", 8 }, BOOK_ZIP, "a zip" },
	{ { "PK\x05\x06....", 8 }, BOOK_ZIP, "an empty one" },
	{ { "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8 }, BOOK_XLS, "a compound file" },
	{ { "\x09\x08\x08\x00\x00\x00\x10\x00", 8 }, BOOK_XLS, "a bare stream" },
	{ { "\x09\x00\x04\x00\x02\x00\x10\x00", 8 }, BOOK_XLS, "of BIFF2" },
	{ { "<html xmlns:x", 13 }, BOOK_HTML, "" },
	{ { "\xef\xbb\xbf\r\n <TABLE>", 12 }, BOOK_HTML, "behind a mark and blanks" },
	{ { "\xff\xfe<\0t\0a\0b\0l\0e\0>\0", 16 }, BOOK_HTML, "in UTF-16" },
	{ { "<?xml version=\"1.0\"?><html>", 27 }, BOOK_HTML, "XHTML" },
	{ { "<!DOCTYPE html><p>", 18 }, BOOK_HTML, "" },
	{ { "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">", 83 }, BOOK_XML, "" },
	{ { "<?xml version=\"1.0\"?><ss:Workbook xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\">", 89 }, BOOK_XML, "with a prefix" },
	{ { "<?xml version=\"1.0\"?><rss>", 26 }, BOOK_NONE, "other XML" },
	{ { "a,b\n1,2\n", 8 }, BOOK_NONE, "text" },
	{ { "name\t<html>\n", 12 }, BOOK_NONE, "text with a tag in it" },
	{ { "\t1\t2\n\t3", 7 }, BOOK_NONE, "text that begins with a tab" },
	{ { "\x1f\x8b\x08", 3 }, BOOK_NONE, "gzip, which the source inflates" },
	{ { "PK", 2 }, BOOK_NONE, "too short" },
	{ { "", 0 }, BOOK_NONE, "nothing" },
};

/* ---- a pipe ---- */

struct pipe {
	struct view rest;
	size_t piece;
};

static size_t pipe_read(void *state, char *to, size_t room)
{
	struct pipe *pipe = state;
	struct view some = view_first(view_first(pipe->rest, pipe->piece), room);
	memcpy(to, some.ptr, some.len);
	pipe->rest = view_skip(pipe->rest, some.len);
	return some.len;
}

static const char page[] = "<table><tr><td colspan=2>title</td></tr><tr></tr><tr><td>name</td><td>note</td></tr>"
	"<tr><td>a</td><td>x<br>y</td></tr><tr><td></td></tr><tr><td>b</td></tr><tr><td>\\N</td><td>c</td></tr></table>";

static void check_spool(void)
{
	struct sheet_problem problem;
	struct pipe pipe = { view_skip(view_of(page), 10), 7 };
	char back[sizeof page];
	int fd = book_spool(view_first(view_of(page), 10), pipe_read, &pipe, 1000, &problem);
	CHECK(fd >= 0 && pread(fd, back, sizeof back, 0) == (ssize_t)sizeof page - 1 && memcmp(back, page, sizeof page - 1) == 0,
	      "what was read before and what follows");
	close(fd);
	pipe = (struct pipe){ view_of(page), 7 };
	fd = book_spool(VIEW(""), pipe_read, &pipe, sizeof page - 1, &problem);
	CHECK(fd >= 0, "as much as may be");
	close(fd);
	pipe = (struct pipe){ view_of(page), 7 };
	CHECK(book_spool(VIEW(""), pipe_read, &pipe, sizeof page - 2, &problem) < 0 && problem.status == STATUS_INPUT, "a byte more");
}

/* ---- the reader ---- */

/* Fields with | between them, lines with their numbers before. */
static void read_table(struct reader *reader, struct buf *said)
{
	struct block block = { .line = 0 };
	struct arena arena = { 0 };
	while (reader_next(reader, &block, true) == READER_MORE) {
		struct rows rows;
		struct row row;
		enum row_problem problem;
		rows_begin(&rows, &block, &arena);
		while ((problem = rows_next(&rows, &row)) != ROW_NONE) {
			buf_u64(said, row.line);
			for (unsigned i = 0; problem == ROW_GOOD && i < row.count; i++) {
				buf_byte(said, '|');
				buf_put(said, row_value(&row, i));
			}
			buf_byte(said, '\n');
		}
	}
	block_release(&block);
	arena_release(&arena);
}

static void check_reader(void)
{
	struct sheet_problem problem;
	struct buf said = { 0 };
	struct arena arena = { 0 };
	int fd = memfd_create("page", MFD_CLOEXEC);
	CHECK(write(fd, page, sizeof page - 1) == (ssize_t)sizeof page - 1, "a file in memory");
	struct book *book = book_open(fd, &problem);
	CHECK(book && book_sheets(book) == 1, "a page has one sheet");
	struct sheet *sheet = sheet_open(book, 0, &problem);
	const struct header *header = header_of_count(&arena, dialect_tsv(), 2, "page.xls");
	struct feed feed = { .state = sheet, .read = sheet_read, .close = sheet_close, .name = "page.xls" };
	struct reader_options options = { .from = DIALECT_TSV };
	struct reader *reader = reader_open_feeds(&options, &feed, 1, header);
	read_table(reader, &said);
	CHECK_TEXT(buf_view(&said), VIEW("1\n3|name|note\n4|a|x\ny\n6|b|\n7|\\N|c\n"), "lines are rows of the sheet, the title is short");
	CHECK(!sheet_problem(sheet), "all is well");
	reader_close(reader);
	book_close(book);
	arena_release(&arena);
	buf_release(&said);
}

static void count_failure(void *arg, const struct sheet_problem *problem)
{
	CHECK(problem->status == STATUS_INPUT && problem->message, "why");
	++*(int *)arg;
}

static void check_failure(void)
{
	static const char cut[] = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table>"
		"<Row><Cell><Data>a</Data></Cell></Row></Table></Worksheet></Workbook>";
	struct sheet_problem problem;
	int fd = memfd_create("cut", MFD_CLOEXEC), failures = 0;
	char text[16];
	CHECK(write(fd, cut, sizeof cut - 1) > 0, "a file in memory");
	struct book *book = book_open(fd, &problem);
	CHECK(book != NULL, "a workbook");
	CHECK(ftruncate(fd, (off_t)sizeof cut - 40) == 0, "is cut after it was opened");
	struct sheet *sheet = sheet_open(book, 0, &problem);
	sheet_on_failure(sheet, count_failure, &failures);
	CHECK(sheet_read(sheet, text, sizeof text) == 0 && sheet_read(sheet, text, sizeof text) == 0 && failures == 1, "told once");
	CHECK(sheet_problem(sheet) != NULL, "and may be asked for");
	sheet_close(sheet);
	book_close(book);
	CHECK(!book_open(memfd_create("empty", MFD_CLOEXEC), &problem) && problem.message, "an empty file is none");
	CHECK(!book_open(-1, &problem) && problem.status == STATUS_SYSTEM, "no file at all");
}

int main(void)
{
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		CHECK(book_detect(starts[i].start) == starts[i].form, "%s is %s: %s", starts[i].start.ptr,
		      book_form_name(starts[i].form), starts[i].why);
	check_spool();
	check_reader();
	check_failure();
	return test_end();
}
