/* book: see book.h. */
#include "sheet/book.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/sink.h"
#include "sheet/inside.h"
#include "sheet/xlsx.h"
#include "sheet/zip.h"
#include "table/decode.h"
#include "value/text.h"

const char *book_form_name(enum book_form form)
{
	static const char *const names[] = { "text", "xlsx", "xls", "html", "xml", "zip" };
	return names[form];
}

/* ---- what it is ---- */

static bool starts_caseless(struct view text, const char *word)
{
	size_t len = strlen(word);
	if (text.len < len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (byte_lower(text.ptr[i]) != word[i])
			return false;
	return true;
}

static bool holds_caseless(struct view text, const char *word)
{
	for (; text.len; text = view_skip(text, 1))
		if (starts_caseless(text, word))
			return true;
	return false;
}

/* A beginning of record of any BIFF version, as it stands at the start of a bare stream. */
static bool is_bare_stream(struct view start)
{
	if (start.len < 8 || start.ptr[0] != 0x09 || start.ptr[3] != 0)
		return false;
	unsigned version = (unsigned char)start.ptr[1], size = (unsigned char)start.ptr[2];
	return (version == 0 || version == 2 || version == 4 || version == 8) && size >= 4 && size <= 16;
}

/* The ASCII letters of UTF-16, which is what is looked for. */
static struct view narrow(struct view start, char letters[static BOOK_START])
{
	size_t len = 0;
	bool wide = view_starts(start, VIEW("\xff\xfe")) || view_starts(start, VIEW("\xfe\xff"));
	if (!wide)
		return start;
	for (size_t i = 2; i < start.len && len < BOOK_START; i++)
		if (start.ptr[i])
			letters[len++] = start.ptr[i];
	return view(letters, len);
}

enum book_form book_detect(struct view start)
{
	char letters[BOOK_START];
	start = view_first(start, BOOK_START);
	if (view_starts(start, VIEW("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")) || is_bare_stream(start))
		return BOOK_XLS;
	if (view_starts(start, VIEW("PK\x03\x04")) || view_starts(start, VIEW("PK\x05\x06")))
		return BOOK_ZIP;
	struct view text = narrow(start, letters);
	if (view_starts(text, VIEW("\xef\xbb\xbf")))
		text = view_skip(text, 3);
	text = view_trim(text);
	if (!text.len || text.ptr[0] != '<')
		return BOOK_NONE;
	if (holds_caseless(text, "urn:schemas-microsoft-com:office:spreadsheet") && holds_caseless(text, "<workbook"))
		return BOOK_XML;
	if (holds_caseless(text, ":workbook") && starts_caseless(text, "<?xml"))
		return BOOK_XML;
	static const char *const words[] = { "<html", "<table", "<!doctype html", "<meta", "<head", "<body", "<style",
		"<tr", "<div", "<center", "<form", "<script", "<title", "<font" };
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (starts_caseless(text, words[i]))
			return BOOK_HTML;
	/* <?xml ...?> or a comment before <html>. */
	bool ahead = starts_caseless(text, "<?xml") || starts_caseless(text, "<!--") || starts_caseless(text, "<!doctype");
	return ahead && (holds_caseless(text, "<html") || holds_caseless(text, "<table")) ? BOOK_HTML : BOOK_NONE;
}

/* ---- a file ---- */

void book_add_sheet(struct book *book, struct view name, bool hidden)
{
	heap_grow(book->sheets, book->sheet_count, &book->sheet_room);
	book->sheets[book->sheet_count++] = (struct book_sheet){ arena_copy(&book->arena, name), hidden };
}

/* Folders, and what systems leave in archives unasked. */
static bool is_leaving(struct view name)
{
	struct view last = name;
	for (struct view rest = name; rest.ptr;) {
		last = view_cut(&rest, '/');
		if (view_is(last, "__MACOSX"))
			return true;
	}
	return !last.len || last.ptr[0] == '.' || view_is(last, "Thumbs.db") || view_is(last, "desktop.ini");
}

/* Names that are not said to be UTF-8 are in the encoding of the system that packed them:
 * together they tell which. */
static void decode_names(struct book *book)
{
	struct buf names = { 0 }, utf8 = { 0 };
	bool said = true;
	uint64_t line;
	for (size_t i = 0; i < book->member_count; i++) {
		const struct zip_member *member = zip_member(book->zip, book->member_numbers[i]);
		said &= member->utf8;
		buf_put(&names, member->name);
		buf_byte(&names, '\n');
	}
	if (!said && !text_valid(buf_view(&names)) && decode_all(buf_view(&names), &utf8, &line)) {
		buf_release(&names);
		names = utf8;
	}
	struct view rest = arena_copy(&book->arena, buf_view(&names));
	for (size_t i = 0; i < book->member_count; i++)
		book->members[i] = view_cut(&rest, '\n');
	buf_release(&names);
}

static bool list_members(struct book *book, struct sheet_problem *problem)
{
	size_t count = zip_count(book->zip);
	book->members = arena_zero(&book->arena, count + 1, sizeof *book->members);
	book->member_numbers = arena_zero(&book->arena, count + 1, sizeof *book->member_numbers);
	for (size_t i = 0; i < count; i++) {
		struct view name = zip_member(book->zip, i)->name;
		if (view_find_byte(name, '\n') == SIZE_MAX && !is_leaving(name))
			book->member_numbers[book->member_count++] = i;
	}
	decode_names(book);
	return book->member_count || problem_input(problem, TRANSLATED("an archive (zip) without a file in it"));
}

static bool open_zip(struct book *book, struct sheet_problem *problem)
{
	book->zip = zip_open(book->fd, problem);
	if (!book->zip)
		return false;
	if (zip_find(book->zip, VIEW("content.xml")) != SIZE_MAX && zip_find(book->zip, VIEW("mimetype")) != SIZE_MAX)
		return problem_input(problem, TRANSLATED("an OpenDocument file (ods): save it as xlsx"));
	if (!xlsx_is_workbook(book->zip))
		return list_members(book, problem);
	book->form = BOOK_XLSX;
	book->reader = &xlsx_reader;
	return xlsx_reader.open(book, problem);
}

static bool open_form(struct book *book, struct sheet_problem *problem)
{
	static const struct book_reader *const readers[] = { [BOOK_XLS] = &xls_reader, [BOOK_HTML] = &html_reader,
		[BOOK_XML] = &xml_reader };
	char start[BOOK_START];
	off_t size = lseek(book->fd, 0, SEEK_END);
	ssize_t n = size < 0 ? -1 : pread(book->fd, start, sizeof start, 0);
	if (n < 0)
		return problem_set(problem, STATUS_SYSTEM, TRANSLATED("the file cannot be read"));
	book->size = (uint64_t)size;
	book->form = book_detect(view(start, (size_t)n));
	if (book->form == BOOK_ZIP)
		return open_zip(book, problem);
	if (book->form == BOOK_NONE)
		return problem_input(problem, TRANSLATED("no workbook"));
	book->reader = readers[book->form];
	return book->reader->open(book, problem);
}

struct book *book_open(int fd, struct sheet_problem *problem)
{
	struct book *book = heap_alloc(sizeof *book);
	*book = (struct book){ .fd = fd };
	*problem = (struct sheet_problem){ .message = NULL };
	if (open_form(book, problem))
		return book;
	book_close(book);
	return NULL;
}

void book_close(struct book *book)
{
	if (!book)
		return;
	if (book->reader)
		book->reader->close(book);
	zip_close(book->zip);
	close(book->fd);
	free(book->sheets);
	arena_release(&book->arena);
	free(book);
}

enum book_form book_form(const struct book *book) { return book->form; }
bool book_from_1904(const struct book *book) { return book->from_1904; }
size_t book_sheets(const struct book *book) { return book->sheet_count; }
struct book_sheet book_sheet(const struct book *book, size_t number) { return book->sheets[number]; }
size_t book_members(const struct book *book) { return book->member_count; }
struct view book_member(const struct book *book, size_t number) { return book->members[number]; }

int book_spool(struct view already, size_t (*read)(void *state, char *to, size_t room), void *state, uint64_t most,
               struct sheet_problem *problem)
{
	enum { PIECE = 256 * 1024 };
	int fd = temporary_file();
	uint64_t size = 0;
	struct buf piece = { 0 };
	*problem = (struct sheet_problem){ .message = NULL };
	buf_put(&piece, already);
	for (bool ended = false; !ended && size <= most;) {
		temporary_write(fd, buf_view(&piece), size);
		size += piece.len;
		piece.len = read(state, buf_reserve((buf_reset(&piece), &piece), PIECE), PIECE);
		ended = !piece.len;
	}
	buf_release(&piece);
	if (size <= most)
		return fd;
	close(fd);
	problem_input(problem, TRANSLATED("too large to be kept in a temporary file"));
	return -1;
}

/* ---- sheets ---- */

static struct sheet *open_rows(struct book *book, size_t number, bool merges_only, struct sheet_problem *problem)
{
	struct sheet *sheet = heap_alloc(sizeof *sheet);
	*sheet = (struct sheet){ .book = book, .number = number, .merges_only = merges_only };
	lines_init(&sheet->lines, &sheet->problem, book->size);
	if (book->reader->sheet_open(sheet))
		return sheet;
	*problem = sheet->problem;
	sheet_close(sheet);
	return NULL;
}

struct sheet *sheet_open(struct book *book, size_t number, struct sheet_problem *problem)
{
	return open_rows(book, number, false, problem);
}

void sheet_on_failure(struct sheet *sheet, void (*failed)(void *arg, const struct sheet_problem *problem), void *arg)
{
	sheet->failed = failed;
	sheet->failed_arg = arg;
}

const struct sheet_problem *sheet_problem(const struct sheet *sheet)
{
	return sheet->problem.message ? &sheet->problem : NULL;
}

/* What was read before the damage goes out first. */
static void tell(const struct sheet_problem *problem, bool *told, void (*failed)(void *, const struct sheet_problem *),
                 void *arg)
{
	if (problem->message && !*told && failed) {
		*told = true;
		failed(arg, problem);
	}
}

size_t sheet_read(void *state, char *to, size_t room)
{
	struct sheet *sheet = state;
	struct buf *out = &sheet->lines.out;
	while (sheet->given == out->len && !sheet->ended) {
		buf_reset(out);
		sheet->given = 0;
		sheet->ended = !sheet->book->reader->sheet_more(sheet);
	}
	struct view rest = view_first(view_skip(buf_view(out), sheet->given), room);
	if (rest.len)
		memcpy(to, rest.ptr, rest.len);
	else
		tell(&sheet->problem, &sheet->told, sheet->failed, sheet->failed_arg);
	sheet->given += rest.len;
	return rest.len;
}

void sheet_close(void *state)
{
	struct sheet *sheet = state;
	if (!sheet)
		return;
	sheet->book->reader->sheet_close(sheet);
	lines_release(&sheet->lines);
	free(sheet);
}

enum sheet_doubt sheet_doubt(struct sheet *sheet, uint64_t row, uint32_t column)
{
	return lines_doubt_at(&sheet->lines, row, column);
}

uint64_t sheet_doubts(struct sheet *sheet, enum sheet_doubt doubt)
{
	pthread_mutex_lock(&sheet->lines.lock);
	uint64_t count = sheet->lines.doubt_counts[doubt];
	pthread_mutex_unlock(&sheet->lines.lock);
	return count;
}

bool book_merges(struct book *book, size_t number, struct sheet_merge **merges, size_t *count,
                 struct sheet_problem *problem)
{
	*merges = NULL;
	*count = 0;
	*problem = (struct sheet_problem){ .message = NULL };
	struct sheet *sheet = open_rows(book, number, true, problem);
	if (!sheet)
		return false;
	while (sheet->book->reader->sheet_more(sheet))
		buf_reset(&sheet->lines.out);
	*problem = sheet->problem;
	if (!problem->message) {
		*merges = sheet->lines.merges;
		*count = sheet->lines.merge_count;
		sheet->lines.merges = NULL;
	}
	sheet_close(sheet);
	return !problem->message;
}

/* ---- members ---- */

struct member {
	struct zip_stream *stream;
	struct sheet_problem problem;
	bool told;
	void (*failed)(void *arg, const struct sheet_problem *problem);
	void *failed_arg;
};

struct member *member_open(struct book *book, size_t number, struct sheet_problem *problem)
{
	struct member *member = heap_alloc(sizeof *member);
	*member = (struct member){ .told = false };
	member->stream = zip_stream_open(book->zip, book->member_numbers[number], &member->problem);
	if (member->stream)
		return member;
	*problem = member->problem;
	free(member);
	return NULL;
}

void member_on_failure(struct member *member, void (*failed)(void *arg, const struct sheet_problem *problem), void *arg)
{
	member->failed = failed;
	member->failed_arg = arg;
}

const struct sheet_problem *member_problem(const struct member *member)
{
	return member->problem.message ? &member->problem : NULL;
}

size_t member_read(void *state, char *to, size_t room)
{
	struct member *member = state;
	size_t n = zip_stream_read(member->stream, to, room);
	if (!n)
		tell(&member->problem, &member->told, member->failed, member->failed_arg);
	return n;
}

void member_close(void *state)
{
	struct member *member = state;
	if (!member)
		return;
	zip_stream_close(member->stream);
	free(member);
}
