/* sheet: what the targets of workbooks have in common: a file of bytes, and what holds for
 * every sheet that is read of it. */
#ifndef CRM_FUZZ_SHEET_H
#define CRM_FUZZ_SHEET_H

#include <sys/mman.h>
#include <unistd.h>

#include "fuzz.h"

#include "sheet/book.h"

enum { FUZZ_SHEET_MOST = 4 * 1024 * 1024 }; /* a sheet of empty cells is not waited for */

static int fuzz_file(struct view bytes)
{
	int fd = memfd_create("fuzz", MFD_CLOEXEC);
	PROPERTY(fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len, "a file in memory");
	return fd;
}

struct fuzz_sheet {
	struct buf text;
	struct sheet_problem problem;
};

static void fuzz_read(struct fuzz_sheet *out, struct view bytes, size_t number, size_t room)
{
	struct book *book = book_open(fuzz_file(bytes), &out->problem);
	struct sheet *sheet = NULL;
	buf_reset(&out->text);
	PROPERTY((book == NULL) == (out->problem.message != NULL), "either a book or a problem");
	if (book && number < book_sheets(book))
		sheet = sheet_open(book, number, &out->problem);
	for (size_t n = 1; sheet && n && out->text.len < FUZZ_SHEET_MOST;) {
		n = sheet_read(sheet, buf_reserve(&out->text, room), room);
		PROPERTY(n <= room, "no more than there is room for");
		out->text.len += n;
	}
	if (sheet && sheet_problem(sheet))
		out->problem = *sheet_problem(sheet);
	sheet_close(sheet);
	book_close(book);
}

/* Lines of fields: none shorter than one above it but empty ones, none of them the last. */
static void fuzz_check_lines(struct view text)
{
	size_t width = 0, rows = 0;
	PROPERTY(!text.len || text.ptr[text.len - 1] == '\n', "lines end");
	PROPERTY(!text.len || text.len == 1 || text.ptr[text.len - 2] != '\n', "the last row holds something");
	for (struct view rest = text; rest.len; rows++) {
		struct view line = view_cut(&rest, '\n');
		size_t fields = 1;
		PROPERTY(view_find_byte(line, '\r') == SIZE_MAX, "line ends are escaped");
		for (size_t i = 0; i < line.len; i++)
			fields += line.ptr[i] == '\t';
		PROPERTY(!line.len || fields >= width, "row %zu: %zu fields, above %zu", rows + 1, fields, width);
		PROPERTY(fields <= SHEET_COLUMNS_MOST && rows < SHEET_ROWS_MOST, "within the sheet");
		if (line.len)
			width = fields;
	}
}

/* The sheet of a number, whatever the size of the pieces; its merged ranges. */
__attribute__((unused)) static void fuzz_check_sheet(struct view bytes, size_t number)
{
	struct fuzz_sheet whole = { .text = { 0 } }, pieces = { .text = { 0 } };
	fuzz_read(&whole, bytes, number, 65536);
	fuzz_read(&pieces, bytes, number, 7);
	bool large = whole.text.len >= FUZZ_SHEET_MOST || pieces.text.len >= FUZZ_SHEET_MOST;
	if (!large) {
		PROPERTY_SAME(buf_view(&pieces.text), buf_view(&whole.text), "read in pieces");
		PROPERTY(pieces.problem.message == whole.problem.message ||
		         (pieces.problem.message && whole.problem.message && strcmp(pieces.problem.message, whole.problem.message) == 0),
		         "the same problem: %s, %s", pieces.problem.message, whole.problem.message);
		if (!whole.problem.message)
			fuzz_check_lines(buf_view(&whole.text));
	}
	struct book *book = book_open(fuzz_file(bytes), &whole.problem);
	struct sheet_merge *merges;
	size_t count;
	if (book && number < book_sheets(book) && book_merges(book, number, &merges, &count, &whole.problem)) {
		for (size_t i = 0; i < count; i++)
			PROPERTY(merges[i].first_row >= 1 && merges[i].first_row <= merges[i].last_row &&
			         merges[i].last_row <= SHEET_ROWS_MOST && merges[i].first_column >= 1 &&
			         merges[i].first_column <= merges[i].last_column && merges[i].last_column <= SHEET_COLUMNS_MOST,
			         "merged cells within the sheet");
		free(merges);
	}
	book_close(book);
	buf_release(&whole.text);
	buf_release(&pieces.text);
}

#endif
