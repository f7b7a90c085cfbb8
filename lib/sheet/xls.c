/* xls: see xls.h. */
#include "sheet/xls.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "sheet/biff.h"
#include "sheet/child.h"
#include "sheet/compound.h"

/* ---- in the child ---- */

struct job {
	size_t number;   /* of the sheet, SIZE_MAX: list them */
	bool merges_only;
	uint64_t size;
};

static void put_u32(struct buf *to, uint32_t number)
{
	buf_put(to, view((const char *)&number, sizeof number));
}

static void put_frame(int out, char what, struct view bytes)
{
	struct buf head = { 0 };
	buf_byte(&head, what);
	put_u32(&head, (uint32_t)bytes.len);
	child_write(out, buf_view(&head));
	child_write(out, bytes);
	buf_release(&head);
}

static void tell_problem(int out, const struct sheet_problem *problem)
{
	struct buf bytes = { 0 };
	put_u32(&bytes, problem->status);
	put_u32(&bytes, (uint32_t)problem->row);
	buf_text(&bytes, problem->message);
	put_frame(out, 'P', buf_view(&bytes));
	buf_release(&bytes);
}

/* The whole file, or none. */
static bool read_file(int file, uint64_t size, struct buf *bytes, struct sheet_problem *problem)
{
	if (size > XLS_SIZE_MOST)
		return problem_input(problem, TRANSLATED("an xls file of more than 256 MiB: refused"));
	buf_reserve(bytes, size + 1);
	while (bytes->len < size) {
		ssize_t n = pread(file, bytes->ptr + bytes->len, size - bytes->len, (off_t)bytes->len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return problem_set(problem, STATUS_SYSTEM, TRANSLATED("the file cannot be read"));
		if (n == 0)
			return problem_input(problem, TRANSLATED("the file became shorter while it was read"));
		bytes->len += (size_t)n;
	}
	return true;
}

/* The stream of records: in a compound file, or the file itself. */
static bool read_stream(struct buf *bytes, struct buf *stream, struct sheet_problem *problem)
{
	static const char *const names[] = { "Workbook", "Book", "WORKBOOK", "BOOK" };
	if (!view_starts(buf_view(bytes), VIEW("\xd0\xcf\x11\xe0"))) {
		*stream = *bytes;
		*bytes = (struct buf){ 0 };
		return true;
	}
	if (compound_has(buf_view(bytes), "EncryptedPackage"))
		return problem_input(problem, TRANSLATED("protected by a password: remove it, then save the file again"));
	if (!compound_read(buf_view(bytes), names, sizeof names / sizeof *names, stream, problem))
		return false;
	buf_release(bytes);
	return true;
}

static void list_sheets(int out, const struct biff *biff)
{
	struct buf bytes = { 0 };
	if (biff_from_1904(biff))
		put_frame(out, '4', VIEW(""));
	for (size_t i = 0; i < biff_sheets(biff); i++) {
		bool hidden;
		struct view name = biff_sheet(biff, i, &hidden);
		buf_reset(&bytes);
		buf_byte(&bytes, (char)hidden);
		buf_put(&bytes, name);
		put_frame(out, 'S', buf_view(&bytes));
	}
	buf_release(&bytes);
}

struct writing {
	int out;
	struct lines lines;
	size_t doubts; /* of the lines, told */
	bool merges_only;
};

static void tell_doubt(struct writing *writing, uint64_t doubt)
{
	struct buf bytes = { 0 };
	buf_put(&bytes, view((const char *)&doubt, sizeof doubt));
	put_frame(writing->out, 'D', buf_view(&bytes));
	buf_release(&bytes);
}

/* What was made goes; the doubts of its cells before it. */
static void tell_lines(void *arg)
{
	struct writing *writing = arg;
	struct lines *lines = &writing->lines;
	for (; writing->doubts < lines->doubt_count; writing->doubts++)
		tell_doubt(writing, lines->doubts[writing->doubts]);
	struct view rest = buf_view(&lines->out);
	while (rest.len && !writing->merges_only) {
		struct view part = view_first(rest, XLS_FRAME_MOST);
		put_frame(writing->out, 'L', part);
		rest = view_skip(rest, part.len);
	}
	buf_reset(&lines->out);
}

static void tell_merges(struct writing *writing)
{
	for (size_t i = 0; i < writing->lines.merge_count; i++)
		put_frame(writing->out, 'M', view((const char *)&writing->lines.merges[i], sizeof(struct sheet_merge)));
}

static bool write_rows(int out, struct biff *biff, const struct job *job, struct sheet_problem *problem)
{
	struct writing writing = { .out = out, .merges_only = job->merges_only };
	if (job->number >= biff_sheets(biff))
		return problem_input(problem, TRANSLATED("the workbook was changed while it was read"));
	lines_init(&writing.lines, problem, job->size);
	bool good = biff_rows(biff, job->number, &writing.lines, tell_lines, &writing);
	if (good && job->merges_only)
		tell_merges(&writing);
	lines_release(&writing.lines);
	return good;
}

static void run(int file, int out, void *arg)
{
	const struct job *job = arg;
	struct sheet_problem problem = { .message = NULL };
	struct buf bytes = { 0 }, stream = { 0 };
	struct biff *biff = NULL;
	if (read_file(file, job->size, &bytes, &problem) && read_stream(&bytes, &stream, &problem))
		biff = biff_open(buf_view(&stream), &problem);
	if (biff && job->number == SIZE_MAX)
		list_sheets(out, biff);
	else if (biff)
		write_rows(out, biff, job, &problem);
	if (problem.message)
		tell_problem(out, &problem);
	else
		put_frame(out, 'Z', VIEW(""));
}

/* ---- in the parent ---- */

static bool broken(struct xls_frames *frames)
{
	return problem_input(frames->problem, TRANSLATED("the process that reads xls files went wrong on this one: it is damaged"));
}

static uint32_t u32_at(struct view bytes, size_t at)
{
	uint32_t number;
	memcpy(&number, bytes.ptr + at, sizeof number);
	return number;
}

static bool take_sheet(struct xls_frames *frames, struct view bytes)
{
	if (!frames->book || bytes.len < 1 || frames->book->sheet_count >= 4096)
		return broken(frames);
	book_add_sheet(frames->book, view_skip(bytes, 1), bytes.ptr[0] != 0);
	return true;
}

static bool take_lines(struct xls_frames *frames, struct view bytes)
{
	struct lines *lines = frames->lines;
	if (!lines)
		return broken(frames);
	lines->made += bytes.len;
	if (lines->made > lines->most)
		return broken(frames);
	buf_put(&lines->out, bytes);
	return true;
}

static bool take_doubt(struct xls_frames *frames, struct view bytes)
{
	uint64_t doubt;
	if (!frames->lines || bytes.len != sizeof doubt)
		return broken(frames);
	memcpy(&doubt, bytes.ptr, sizeof doubt);
	uint64_t row = doubt >> 20, column = doubt >> 4 & 0xFFFF, which = doubt & 15;
	if (row < 1 || row > SHEET_ROWS_MOST || column >= SHEET_COLUMNS_MOST || !which || which >= SHEET_DOUBTS)
		return broken(frames);
	frames->lines->row = row;
	lines_doubt(frames->lines, (uint32_t)column, (enum sheet_doubt)which);
	return true;
}

static bool take_merge(struct xls_frames *frames, struct view bytes)
{
	struct sheet_merge merge;
	if (!frames->lines || bytes.len != sizeof merge)
		return broken(frames);
	memcpy(&merge, bytes.ptr, sizeof merge);
	return lines_merge(frames->lines, merge);
}

static bool take_problem(struct xls_frames *frames, struct view bytes)
{
	if (bytes.len < 9 || bytes.len > 512 || (u32_at(bytes, 0) != STATUS_INPUT && u32_at(bytes, 0) != STATUS_SYSTEM))
		return broken(frames);
	for (size_t i = 8; i < bytes.len; i++)
		if (bytes.ptr[i] < ' ' || bytes.ptr[i] > '~')
			return broken(frames);
	problem_set(frames->problem, (enum status)u32_at(bytes, 0), arena_string(frames->arena, view_skip(bytes, 8)));
	frames->problem->row = u32_at(bytes, 4);
	return false;
}

static bool take_frame(struct xls_frames *frames, char what, struct view bytes)
{
	switch (what) {
	case 'S':
		return take_sheet(frames, bytes);
	case '4':
		if (frames->book)
			frames->book->from_1904 = true;
		return true;
	case 'L':
		return take_lines(frames, bytes);
	case 'D':
		return take_doubt(frames, bytes);
	case 'M':
		return take_merge(frames, bytes);
	case 'P':
		return take_problem(frames, bytes);
	case 'Z':
		frames->ended = true;
		return false;
	default:
		return broken(frames);
	}
}

bool xls_take(struct xls_frames *frames)
{
	struct view rest = buf_view(&frames->bytes);
	bool more = !frames->ended;
	while (more && rest.len >= 5) {
		uint32_t len = u32_at(rest, 1);
		if (len > XLS_FRAME_MOST)
			return broken(frames);
		if (rest.len - 5 < len)
			break;
		more = take_frame(frames, rest.ptr[0], view(rest.ptr + 5, len));
		rest = view_skip(rest, 5 + (size_t)len);
	}
	if (rest.len)
		memmove(frames->bytes.ptr, rest.ptr, rest.len);
	frames->bytes.len = rest.len;
	return more;
}

/* Global: a message outlives the book that it is about; there are few, and they are short. */
static struct arena messages;

struct asking {
	struct child child;
	struct xls_frames frames;
	struct job job;
};

static bool ask(struct asking *asking, struct book *book, struct sheet_problem *problem)
{
	struct child_work work = { biff_prepare, run, &asking->job };
	asking->job.size = book->size;
	asking->frames.problem = problem;
	asking->frames.arena = &messages;
	return child_start(&asking->child, book->fd, &work) ||
	       problem_set(problem, STATUS_SYSTEM, TRANSLATED("no process is to be had that reads xls files"));
}

/* It ended without saying so. */
static bool tell_end(enum child_end end, struct sheet_problem *problem)
{
	switch (end) {
	case CHILD_TOO_LONG:
		return problem_input(problem, TRANSLATED("reading this xls file takes longer than a minute: refused"));
	case CHILD_MEMORY_WANTED:
		return problem_set(problem, STATUS_SYSTEM, TRANSLATED("reading this xls file takes more memory than there is"));
	case CHILD_DONE: case CHILD_CRASHED:
		break;
	}
	return problem_input(problem, TRANSLATED("the process that reads xls files ended on this one: it is damaged"));
}

/* One read of the pipe; false when nothing follows. */
static bool listen(struct asking *asking)
{
	enum { PIECE = 64 * 1024 };
	struct buf *bytes = &asking->frames.bytes;
	size_t n = child_read(&asking->child, buf_reserve(bytes, PIECE), PIECE);
	bytes->len += n;
	if (n && xls_take(&asking->frames))
		return true;
	struct sheet_problem *problem = asking->frames.problem;
	if (asking->frames.ended || problem->message)
		child_stop(&asking->child);
	else
		tell_end(child_wait(&asking->child), problem);
	return false;
}

static void stop(struct asking *asking)
{
	child_stop(&asking->child);
	buf_release(&asking->frames.bytes);
}

static bool xls_open(struct book *book, struct sheet_problem *problem)
{
	struct asking asking = { .child = { .fd = -1 }, .frames = { .book = book }, .job = { .number = SIZE_MAX } };
	if (ask(&asking, book, problem))
		while (listen(&asking))
			;
	stop(&asking);
	return !problem->message;
}

static void xls_close(struct book *book)
{
	(void)book;
}

static bool xls_sheet_open(struct sheet *sheet)
{
	struct asking *asking = heap_alloc(sizeof *asking);
	*asking = (struct asking){ .child = { .fd = -1 }, .frames = { .lines = &sheet->lines },
		.job = { .number = sheet->number, .merges_only = sheet->merges_only } };
	sheet->own = asking;
	return ask(asking, sheet->book, &sheet->problem);
}

static bool xls_sheet_more(struct sheet *sheet)
{
	return listen(sheet->own);
}

static void xls_sheet_close(struct sheet *sheet)
{
	if (sheet->own)
		stop(sheet->own);
	free(sheet->own);
}

const struct book_reader xls_reader = { .open = xls_open, .close = xls_close, .sheet_open = xls_sheet_open,
	.sheet_more = xls_sheet_more, .sheet_close = xls_sheet_close };
