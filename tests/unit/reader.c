/* The reader against three others, on generated files: a slow reader written here from the
 * rules of crm-formats(5), the scalar state machine, and libcsv in strict mode where it
 * accepts.  Every instruction set, block sizes from 1 byte up, reads of random length.
 * `reader N` tries N files. */
#include <csv.h>
#include <stdlib.h>

#include "table/reader.h"
#include "test.h"

/* ---- random files ---- */

static uint64_t seed = 20240601;

static uint32_t dice(uint32_t sides)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (uint32_t)(seed >> 32) % sides;
}

/* Bytes that matter, in proportions that make most files nearly right. */
static void make_file(struct buf *file, char delimiter)
{
	static const char *const nasty[] = { "\"", "\"\"", "\r", "\r\n", "\n", "\\", "\\N", "\\t", "\xef\xbb\xbf", "x\"y" };
	uint32_t kind = dice(4), rows = dice(12), columns = 1 + dice(5);
	buf_reset(file);
	for (uint32_t r = 0; r <= rows; r++) {
		for (uint32_t c = 0; c < columns; c++) {
			if (c)
				buf_byte(file, delimiter);
			bool quoted = r && dice(4) == 0;
			if (quoted)
				buf_byte(file, '"');
			for (uint32_t n = dice(r ? 40 : 3); n-- > 0;) {
				if (kind == 0 && r && dice(12) == 0)
					buf_text(file, nasty[dice(10)]);
				else if (quoted && dice(8) == 0)
					buf_text(file, dice(2) ? "\"\"" : dice(2) ? "\n" : ",");
				else
					buf_byte(file, (char)('a' + dice(26)));
			}
			if (!r)
				buf_byte(file, (char)('A' + c)); /* names differ */
			if (quoted && !(kind == 1 && dice(40) == 0))
				buf_byte(file, '"');
			if (kind == 1 && dice(60) == 0)
				buf_text(file, nasty[dice(10)]);
		}
		if (r == rows && dice(2))
			break;
		buf_text(file, kind == 2 || (kind == 1 && dice(20) == 0) ? "\r\n" : "\n");
	}
}

/* ---- what a file is, as text: one line a row ---- */

static void put_value(struct buf *to, struct view value)
{
	buf_byte(to, '[');
	buf_put(to, value);
	buf_byte(to, ']');
}

/* The slow reader: a byte at a time, one field at a time. */
static bool slow(struct view file, struct dialect dialect, struct buf *to)
{
	struct buf field = { 0 }, row = { 0 }, header = { 0 };
	size_t at = 0;
	unsigned columns = 0;
	bool whole = true;
	if (view_starts(file, VIEW("\xef\xbb\xbf")))
		at = 3;
	while (at < file.len) {
		unsigned count = 0;
		bool bad = false, end = false;
		size_t start = at;
		buf_reset(&row);
		while (!end) {
			buf_reset(&field);
			if (at < file.len && file.ptr[at] == '"' && dialect.form == DIALECT_CSV) {
				for (at++;; at++) {
					if (at >= file.len) {
						whole = false;
						goto done;
					}
					if (file.ptr[at] != '"') {
						buf_byte(&field, file.ptr[at]);
					} else if (at + 1 < file.len && file.ptr[at + 1] == '"') {
						buf_byte(&field, '"');
						at++;
					} else {
						at++;
						break;
					}
				}
				struct view rest = view_skip(file, at);
				bool crlf = view_starts(rest, VIEW("\r\n")) || view_is(rest, "\r");
				bad |= rest.len && rest.ptr[0] != dialect.delimiter && rest.ptr[0] != '\n' && !crlf;
			}
			while (at < file.len && file.ptr[at] != dialect.delimiter && file.ptr[at] != '\n')
				buf_byte(&field, file.ptr[at++]);
			end = at >= file.len || file.ptr[at] == '\n';
			if (end && field.len && field.ptr[field.len - 1] == '\r' && file.ptr[at - 1] == '\r')
				field.len--;
			at++;
			count++;
			struct arena arena = { 0 };
			put_value(&row, dialect.form == DIALECT_TSV ? dialect_value(dialect, buf_view(&field), &arena)
			                                            : buf_view(&field));
			arena_release(&arena);
		}
		size_t used = (at < file.len ? at : file.len) - start;
		struct view raw = view(file.ptr + start, used);
		bool blank = view_is(raw, "\n") || view_is(raw, "\r\n") || view_is(raw, "\r");
		if (blank && (!columns || columns != 1))
			continue;
		if (!columns) {
			columns = count;
			buf_put(&header, buf_view(&row));
			whole = !bad;
			if (bad)
				goto done;
			continue;
		}
		/* The header again, perhaps with the byte order mark of a file that follows. */
		bool repeated = view_equal(buf_view(&row), buf_view(&header)) ||
		                (view_starts(buf_view(&row), VIEW("[\xef\xbb\xbf")) &&
		                 view_equal(view_skip(buf_view(&row), 4), view_skip(buf_view(&header), 1)));
		buf_text(to, bad ? "bad quote" : count != columns ? "ragged" : repeated ? "header" : "");
		if (!bad && count == columns && !repeated)
			buf_put(to, buf_view(&row));
		buf_byte(to, '\n');
	}
done:
	buf_release(&field);
	buf_release(&row);
	buf_release(&header);
	return whole && columns;
}

struct feed_state {
	struct view left;
};

static size_t feed_read(void *state, char *to, size_t room)
{
	struct feed_state *feed = state;
	size_t n = 1 + dice(200);
	n = n < room ? n : room;
	n = n < feed->left.len ? n : feed->left.len;
	memcpy(to, feed->left.ptr, n);
	feed->left = view_skip(feed->left, n);
	return n;
}

static bool feed_would_wait(void *state)
{
	(void)state;
	return dice(50) == 0;
}

/* Our reader, as the same text. */
static void ours(struct view file, struct dialect dialect, size_t block_size, struct buf *to)
{
	struct feed_state state = { file };
	struct feed feed = { .state = &state, .read = feed_read, .would_wait = feed_would_wait, .name = "test" };
	struct reader_options options = { .from = dialect.form, .block = block_size };
	struct reader *reader = reader_open_feeds(&options, &feed, 1, NULL);
	struct block block = { 0 };
	struct arena arena = { 0 };
	enum reader_result result;
	while ((result = reader_next(reader, &block, dice(2))) != READER_END) {
		if (result == READER_WAIT)
			continue;
		struct rows rows;
		struct row row;
		enum row_problem problem;
		rows_begin(&rows, &block, &arena);
		while ((problem = rows_next(&rows, &row)) != ROW_NONE) {
			buf_text(to, problem == ROW_BAD_QUOTE ? "bad quote" : problem == ROW_RAGGED ? "ragged"
			             : problem == ROW_REPEATED_HEADER ? "header" : "");
			for (unsigned i = 0; problem == ROW_GOOD && i < row.count; i++)
				put_value(to, row_value(&row, i));
			buf_byte(to, '\n');
		}
	}
	arena_release(&arena);
	block_release(&block);
	reader_close(reader);
}

/* ---- libcsv ---- */

struct libcsv_state {
	struct buf *to, row;
	unsigned count, columns;
};

static void libcsv_field(void *bytes, size_t len, void *arg)
{
	struct libcsv_state *state = arg;
	put_value(&state->row, view(len ? bytes : "", len));
	state->count++;
}

static void libcsv_row(int end, void *arg)
{
	(void)end;
	struct libcsv_state *state = arg;
	if (!state->count && !(state->columns == 1))
		return;
	if (!state->columns) {
		state->columns = state->count;
	} else {
		buf_text(state->to, state->count == state->columns ? "" : "ragged");
		if (state->count == state->columns)
			buf_put(state->to, buf_view(&state->row));
		buf_byte(state->to, '\n');
	}
	buf_reset(&state->row);
	state->count = 0;
}

static int never(unsigned char c)
{
	(void)c;
	return 0;
}

/* False where libcsv refuses the file. */
static bool libcsv(struct view file, struct buf *to)
{
	struct csv_parser parser;
	struct libcsv_state state = { .to = to };
	csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI);
	csv_set_space_func(&parser, never);
	bool good = csv_parse(&parser, file.ptr, file.len, libcsv_field, libcsv_row, &state) == file.len &&
	            csv_fini(&parser, libcsv_field, libcsv_row, &state) == 0;
	csv_free(&parser);
	buf_release(&state.row);
	return good;
}

/* A CR that is no part of CRLF is a row end for libcsv and data for us; headers repeated,
 * marks at the start and the empty fields of a one-column table are ours alone. */
static bool libcsv_may_judge(struct view file, struct view text)
{
	for (size_t i = 0; i < file.len; i++)
		if (file.ptr[i] == '\r' && (i + 1 == file.len || file.ptr[i + 1] != '\n'))
			return false;
	bool one_column = view_find_byte(view_first(file, view_find_byte(file, '\n')), ',') == SIZE_MAX;
	if (one_column && (view_find(text, VIEW("\n[]\n")) != SIZE_MAX || view_starts(text, VIEW("[]\n"))))
		return false;
	return view_find(file, VIEW("\xef\xbb\xbf")) == SIZE_MAX && view_find(text, VIEW("header\n")) == SIZE_MAX;
}

static unsigned judged;

static void try_file(struct view file, struct dialect dialect)
{
	static const char *const sets[] = { "avx2", "sse2", "plain" };
	struct buf expected = { 0 }, got = { 0 };
	bool returns_only = view_find_byte(file, '\n') == SIZE_MAX && view_find_byte(file, '\r') != SIZE_MAX;
	bool cut_short = dialect.form == DIALECT_TSV && view_ends(file, VIEW("\n\\"));
	if (!slow(file, dialect, &expected) || returns_only || cut_short)
		goto done; /* ends the program: cases under tests/cases look at that */
	for (size_t i = 0; i < 3; i++) {
		if (!scan_use(sets[i]))
			continue;
		size_t block = dice(3) ? 1 + dice(300) : 0;
		buf_reset(&got);
		ours(file, dialect, block, &got);
		CHECK_TEXT(buf_view(&got), buf_view(&expected), "%s, blocks of %zu, file <%.*s>", sets[i], block,
		           VIEW_ARGS(file));
	}
	buf_reset(&got);
	if (dialect.form == DIALECT_CSV && libcsv_may_judge(file, buf_view(&expected)) && libcsv(file, &got)) {
		judged++;
		CHECK_TEXT(buf_view(&got), buf_view(&expected), "libcsv, file <%.*s>", VIEW_ARGS(file));
	}
done:
	buf_release(&expected);
	buf_release(&got);
}

int main(int argc, char **argv)
{
#ifdef __SANITIZE_ADDRESS__
	uint64_t files = 10000; /* ten times slower */
#else
	uint64_t files = 100000;
#endif
	if (argc > 1)
		view_parse_u64(view_of(argv[1]), 1, UINT64_MAX, &files);
	struct buf file = { 0 };
	for (uint64_t i = 0; i < files; i++) {
		bool tsv = dice(4) == 0;
		make_file(&file, tsv ? '\t' : ',');
		/* A copy of its own size: a read behind the end is seen by the sanitizers. */
		char *copy = malloc(file.len + 1);
		memcpy(copy, file.ptr ? file.ptr : "", file.len);
		try_file(view(copy, file.len), tsv ? dialect_tsv() : dialect_csv());
		free(copy);
	}
	buf_release(&file);
	CHECK(judged * 8 > files, "libcsv had a word on %u of %llu files", judged, (unsigned long long)files);
	return test_end();
}
