/* sheet-cat: what the room sheet makes of a file, for tests.
 *
 *     sheet-cat FILE                 its form, and its sheets or members
 *     sheet-cat FILE NUMBER          a sheet as TSV, or a member's bytes
 *     sheet-cat FILE NUMBER merges   its merged ranges
 *     sheet-cat FILE NUMBER doubts   row, column and doubt of its cells, and the count of each
 *
 * Numbers count from 1.  A problem goes to standard error as `row: message`; the status is its own. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "sheet/book.h"

static _Noreturn void fail(void *arg, const struct sheet_problem *problem)
{
	(void)arg;
	fflush(stdout);
	fprintf(stderr, "%llu: %s\n", (unsigned long long)problem->row, problem->message);
	exit((int)problem->status);
}

static void list(struct book *book)
{
	printf("%s%s\n", book_form_name(book_form(book)), book_from_1904(book) ? " 1904" : "");
	for (size_t i = 0; i < book_sheets(book); i++) {
		struct book_sheet sheet = book_sheet(book, i);
		printf("%s%.*s\n", sheet.hidden ? "hidden " : "sheet ", VIEW_ARGS(sheet.name));
	}
	for (size_t i = 0; i < book_members(book); i++)
		printf("member %.*s\n", VIEW_ARGS(book_member(book, i)));
}

static void write_all(size_t (*read)(void *state, char *to, size_t room), void *state)
{
	static char bytes[256 * 1024];
	for (size_t n; (n = read(state, bytes, sizeof bytes));)
		fwrite(bytes, 1, n, stdout);
}

static void write_member(struct book *book, size_t number)
{
	struct sheet_problem problem = { .message = NULL };
	struct member *member = member_open(book, number, &problem);
	if (!member)
		fail(NULL, &problem);
	write_all(member_read, member);
	if (member_problem(member))
		fail(NULL, member_problem(member));
	member_close(member);
}

static void write_merges(struct book *book, size_t number)
{
	struct sheet_problem problem;
	struct sheet_merge *merges;
	size_t count;
	if (!book_merges(book, number, &merges, &count, &problem))
		fail(NULL, &problem);
	for (size_t i = 0; i < count; i++)
		printf("rows %u-%u, columns %u-%u\n", merges[i].first_row, merges[i].last_row, merges[i].first_column,
		       merges[i].last_column);
	free(merges);
}

/* Looks at the cells of as many rows and columns as may have doubts. */
static void write_doubts(struct sheet *sheet)
{
	static const char *const names[] = { "", "cut", "no_value", "bytes" };
	static char bytes[64 * 1024];
	uint64_t rows = 0;
	for (size_t n; (n = sheet_read(sheet, bytes, sizeof bytes));)
		for (size_t i = 0; i < n; i++)
			rows += bytes[i] == '\n';
	for (uint64_t row = 1; row <= rows + 10; row++)
		for (uint32_t column = 0; column < 300; column++)
			if (sheet_doubt(sheet, row, column))
				printf("%llu:%u %s\n", (unsigned long long)row, column + 1, names[sheet_doubt(sheet, row, column)]);
	for (unsigned doubt = 1; doubt < SHEET_DOUBTS; doubt++)
		if (sheet_doubts(sheet, (enum sheet_doubt)doubt))
			printf("%s %llu\n", names[doubt], (unsigned long long)sheet_doubts(sheet, (enum sheet_doubt)doubt));
}

int main(int argc, char **argv)
{
	struct sheet_problem problem = { .message = NULL };
	int fd = argc > 1 ? open(argv[1], O_RDONLY | O_CLOEXEC) : -1;
	uint64_t number = 0;
	if (fd < 0 || (argc > 2 && !view_parse_u64(view_of(argv[2]), 1, 100000, &number))) {
		fprintf(stderr, "usage: sheet-cat FILE [NUMBER [merges|doubts]]\n");
		return 2;
	}
	struct book *book = book_open(fd, &problem);
	if (!book)
		fail(NULL, &problem);
	if (!number) {
		list(book);
	} else if (book_members(book)) {
		write_member(book, number - 1);
	} else if (argc > 3 && strcmp(argv[3], "merges") == 0) {
		write_merges(book, number - 1);
	} else {
		struct sheet *sheet = number <= book_sheets(book) ? sheet_open(book, number - 1, &problem) : NULL;
		if (!sheet)
			fail(NULL, &problem);
		sheet_on_failure(sheet, fail, NULL);
		if (argc > 3)
			write_doubts(sheet);
		else
			write_all(sheet_read, sheet);
		sheet_close(sheet);
	}
	book_close(book);
	return fflush(stdout) == 0 ? 0 : 4;
}
