/* ledgers: see ledgers.h. */
#include "cli/ledgers.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/fail.h"
#include "base/source.h"

enum { SPOOL_MOST = 1 << 30 }; /* of what cannot seek: a workbook of a gigabyte is none */

static _Noreturn void refuse(const char *file, const struct sheet_problem *problem)
{
	die_at(problem->status ? problem->status : STATUS_INPUT, (struct place){ file, problem->row, 0 }, "%s",
	       translate(problem->message));
}

static struct ledger_text *append(struct ledgers *ledgers)
{
	heap_grow(ledgers->list, ledgers->count, &ledgers->room);
	struct ledger_text *text = &ledgers->list[ledgers->count++];
	*text = (struct ledger_text){ .file = NULL };
	return text;
}

/* ---- feeds of sheets and members ---- */

struct part {
	const char *file;
	struct sheet *sheet;   /* one of the two */
	struct member *member;
};

static size_t part_read(void *state, char *to, size_t room)
{
	const struct part *part = state;
	return part->sheet ? sheet_read(part->sheet, to, room) : member_read(part->member, to, room);
}

static bool part_failed(void *state, bool end)
{
	const struct part *part = state;
	const struct sheet_problem *problem = part->sheet ? sheet_problem(part->sheet) : member_problem(part->member);
	if (problem && end)
		refuse(part->file, problem);
	return problem;
}

static void part_close(void *state)
{
	const struct part *part = state;
	if (part->sheet)
		sheet_close(part->sheet);
	else
		member_close(part->member);
}

static struct feed feed_of_part(struct ledgers *ledgers, const char *file, struct sheet *sheet, struct member *member)
{
	struct part *part = arena_zero(ledgers->arena, 1, sizeof *part);
	*part = (struct part){ file, sheet, member };
	return (struct feed){ .state = part, .read = part_read, .close = part_close, .failed = part_failed, .name = file,
		.path = sheet ? NULL : file };
}

/* ---- sheets ---- */

static void add_sheet(struct ledgers *ledgers, const char *file, struct book *book, size_t number)
{
	struct sheet_problem problem = { .message = NULL };
	struct view name = book_sheet(book, number).name;
	const char *shown = name.len ? arena_printf(ledgers->arena, "%s[%.*s]", file, VIEW_ARGS(name)) : file;
	struct sheet *sheet = sheet_open(book, number, &problem);
	if (!sheet)
		refuse(shown, &problem);
	struct ledger_text *text = append(ledgers);
	*text = (struct ledger_text){ .feed = feed_of_part(ledgers, shown, sheet, NULL), .file = file,
		.sheet_name = arena_copy(ledgers->arena, name), .sheet = sheet, .form = book_form(book) };
}

static const char *sheet_names(struct ledgers *ledgers, const struct book *book, size_t but)
{
	struct buf names = { 0 };
	for (size_t i = 0; i < book_sheets(book); i++)
		if (i != but && (but == SIZE_MAX || !book_sheet(book, i).hidden))
			buf_printf(&names, "%s%.*s", names.len ? ", " : "", VIEW_ARGS(book_sheet(book, i).name));
	const char *text = arena_string(ledgers->arena, buf_view(&names));
	buf_release(&names);
	return text;
}

/* The first that is not hidden, else the first. */
static size_t first_sheet(const struct book *book)
{
	for (size_t i = 0; i < book_sheets(book); i++)
		if (!book_sheet(book, i).hidden)
			return i;
	return 0;
}

static size_t named_sheet(struct ledgers *ledgers, const char *file, const struct book *book)
{
	uint64_t number;
	for (size_t i = 0; i < book_sheets(book); i++)
		if (view_is(book_sheet(book, i).name, ledgers->sheet))
			return i;
	if (view_parse_u64(view_of(ledgers->sheet), 1, book_sheets(book), &number))
		return number - 1;
	die(STATUS_INPUT, "%s: no sheet \"%s\"; there are: %s", file, ledgers->sheet, sheet_names(ledgers, book, SIZE_MAX));
}

static void add_sheets(struct ledgers *ledgers, const char *file, struct book *book)
{
	size_t count = book_sheets(book), visible = 0;
	if (!count)
		die(STATUS_INPUT, "%s: a workbook without a sheet", file);
	for (size_t i = 0; i < count; i++)
		visible += !book_sheet(book, i).hidden;
	if (!ledgers->sheet) {
		size_t first = first_sheet(book);
		add_sheet(ledgers, file, book, first);
		if (visible > 1)
			warn("%s: sheet \"%.*s\" is read; the others (%s) are not: --sheet all reads them", file,
			     VIEW_ARGS(book_sheet(book, first).name), sheet_names(ledgers, book, first));
	} else if (!view_is(view_of(ledgers->sheet), "all")) {
		add_sheet(ledgers, file, book, named_sheet(ledgers, file, book));
	} else {
		for (size_t i = 0; i < count; i++)
			if (!book_sheet(book, i).hidden || !visible)
				add_sheet(ledgers, file, book, i);
	}
}

/* ---- files ---- */

static void add_bytes(struct ledgers *ledgers, struct decode *bytes, bool in_archive);

static void add_members(struct ledgers *ledgers, const char *file, struct book *book)
{
	if (!book_members(book))
		die(STATUS_INPUT, "%s: an archive without a file", file);
	for (size_t i = 0; i < book_members(book); i++) {
		struct sheet_problem problem = { .message = NULL };
		const char *name = arena_printf(ledgers->arena, "%s/%.*s", file, VIEW_ARGS(book_member(book, i)));
		struct member *member = member_open(book, i, &problem);
		if (!member)
			refuse(name, &problem);
		add_bytes(ledgers, decode_feed(feed_of_part(ledgers, name, NULL, member), &ledgers->decode), true);
	}
}

/* A descriptor that can seek: of the file itself, else of what it was written to. */
static int descriptor_of(struct decode *bytes, const char *file)
{
	struct sheet_problem problem = { .message = NULL };
	if (decode_is_plain(bytes)) {
		int fd = open(file, O_RDONLY | O_CLOEXEC);
		if (fd >= 0 && lseek(fd, 0, SEEK_END) >= 0 && lseek(fd, 0, SEEK_SET) == 0)
			return fd;
		if (fd >= 0)
			close(fd);
	}
	struct feed feed = decode_bytes(bytes);
	int fd = book_spool(VIEW(""), feed.read, feed.state, SPOOL_MOST, &problem);
	if (fd < 0)
		refuse(file, &problem);
	feed.failed(feed.state, true);
	return fd;
}

static void add_bytes(struct ledgers *ledgers, struct decode *bytes, bool in_archive)
{
	struct sheet_problem problem = { .message = NULL };
	const char *file = decode_name(bytes);
	enum book_form form = book_detect(view_first(decode_start(bytes), BOOK_START));
	if (form == BOOK_NONE) {
		struct ledger_text *text = append(ledgers);
		text->file = file;
		text->feed = decode_text(bytes, &text->charset);
		return;
	}
	int fd = descriptor_of(bytes, file);
	file = arena_string(ledgers->arena, view_of(file));
	decode_close(bytes);
	struct book *book = book_open(fd, &problem);
	if (!book)
		refuse(file, &problem);
	heap_grow(ledgers->books, ledgers->book_count, &ledgers->book_room);
	ledgers->books[ledgers->book_count++] = book;
	if (book_form(book) != BOOK_ZIP)
		add_sheets(ledgers, file, book);
	else if (!in_archive)
		add_members(ledgers, file, book);
	else
		die(STATUS_INPUT, "%s: an archive in an archive; unpack it first", file);
}

void ledgers_add(struct ledgers *ledgers, const char *name)
{
	add_bytes(ledgers, decode_open(name, &ledgers->decode), false);
}

void ledgers_release(struct ledgers *ledgers)
{
	for (size_t i = 0; i < ledgers->book_count; i++)
		book_close(ledgers->books[i]);
	free(ledgers->books);
	free(ledgers->list);
}
