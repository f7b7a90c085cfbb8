/* The reader: the same records, or the same end, whether a table is read at once or cut at any
 * byte, with any instruction set; and what was read, written anew, reads the same. */
#include "scope.h"

#include "table/out.h"
#include "table/reader.h"

enum { LONGEST = 2048, CUTS = 16 };

struct pieces {
	struct view left;
	size_t first, then; /* length of the first read, and of the others */
};

static size_t pieces_read(void *state, char *to, size_t room)
{
	struct pieces *pieces = state;
	size_t n = pieces->first ? pieces->first : pieces->then;
	pieces->first = 0;
	n = n < room ? n : room;
	n = n < pieces->left.len ? n : pieces->left.len;
	if (n)
		memcpy(to, pieces->left.ptr, n);
	pieces->left = view_skip(pieces->left, n);
	return n;
}

/* What was read as text (for comparison), and as a table in the dialect `anew`. */
struct reading {
	struct buf text;
	struct out out;
	struct fuzz_end end;
	struct reader *reader;
	struct block block;
	struct arena arena;
};

static void put_row(struct reading *reading, enum row_problem problem, const struct row *row)
{
	buf_printf(&reading->text, "%llu %d", (unsigned long long)row->line, (int)problem);
	for (unsigned i = 0; problem == ROW_GOOD && i < row->count; i++) {
		struct view value = row_value(row, i);
		buf_printf(&reading->text, " %zu:", value.len);
		buf_put(&reading->text, value);
		out_field(&reading->out, value);
	}
	if (problem == ROW_GOOD)
		out_end(&reading->out);
	struct view record = row_record(row);
	PROPERTY(record.ptr >= row->bytes && record.len < UINT32_MAX, "a record stands in its block");
	buf_byte(&reading->text, '\n');
}

static void read_rows(struct reading *reading, const struct reader_options *options, const struct feed *feed)
{
	reading->reader = reader_open_feeds(options, feed, 1, NULL);
	const struct header *header = reader_header(reading->reader);
	uint64_t bytes = 0;
	if (!header)
		return;
	for (unsigned i = 0; i < header->count && header->raw; i++)
		out_field(&reading->out, header->names[i]);
	if (header->raw)
		out_end(&reading->out);
	while (reader_next(reading->reader, &reading->block, true) == READER_MORE) {
		struct rows rows;
		struct row row;
		enum row_problem problem;
		bytes += reading->block.data.len;
		rows_begin(&rows, &reading->block, &reading->arena);
		while ((problem = rows_next(&rows, &row)) != ROW_NONE)
			put_row(reading, problem, &row);
	}
	buf_printf(&reading->text, "%llu bytes\n", (unsigned long long)bytes);
}

static void read_all(struct reading *reading, struct view file, const struct reader_options *options,
                     struct pieces pieces, struct dialect anew)
{
	pieces.left = file;
	struct feed feed = { .state = &pieces, .read = pieces_read, .name = "x" };
	reading->reader = NULL;
	buf_reset(&reading->text);
	out_reset(&reading->out);
	reading->out.dialect = anew;
	FUZZ_TRY
		read_rows(reading, options, &feed);
	fuzz_check_message();
	reading->end = fuzz_end;
	reader_close(reading->reader); /* none where the header ended the call */
}

static void release(struct reading *reading)
{
	buf_release(&reading->text);
	buf_release(&reading->out.bytes);
	block_release(&reading->block);
	arena_release(&reading->arena);
}

static void compare(const struct reading *whole, const struct reading *cut, const char *how, size_t at)
{
	PROPERTY(cut->end.status == whole->end.status && cut->end.line == whole->end.line,
	         "%s %zu: ends with %d at line %llu (%s), at once with %d at line %llu (%s)", how, at,
	         (int)cut->end.status, (unsigned long long)cut->end.line, cut->end.message, (int)whole->end.status,
	         (unsigned long long)whole->end.line, whole->end.message);
	PROPERTY(!strcmp(cut->end.message, whole->end.message), "%s %zu: <%s>, at once <%s>", how, at,
	         cut->end.message, whole->end.message);
	if (whole->end.status == STATUS_DONE)
		PROPERTY_SAME(buf_view(&cut->text), buf_view(&whole->text), "%s %zu", how, at);
	else /* a larger block may be given up whole */
		PROPERTY(view_starts(buf_view(&cut->text), buf_view(&whole->text)), "%s %zu: rows before the end", how, at);
}

/* A first name may begin, behind a byte order mark, as another kind of file begins; and one
 * name alone that is empty is an empty line in TSV, which has no quotes. */
static bool looks_foreign(struct view file)
{
	static const char *const starts[] = { "\xff\xfe", "\xfe\xff", "PK\x03\x04", "\xd0\xcf\x11\xe0", "\xef\xbb\xbf", "\n" };
	for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
		if (view_starts(file, view_of(starts[i])))
			return true;
	return false;
}

/* What reads must read the same from what is written, without a doubt left. */
static void write_and_read(const struct reading *first, struct reader_options options, struct dialect anew)
{
	options.from = anew.form;
	options.delimiter = anew.delimiter;
	options.block = LONGEST;
	struct reading second = { 0 };
	read_all(&second, buf_view(&first->out.bytes), &options, (struct pieces){ .then = SIZE_MAX }, anew);
	PROPERTY(second.end.status == STATUS_DONE, "written anew: %s", second.end.message);
	PROPERTY(second.out.rows == first->out.rows, "written anew: rows");
	PROPERTY_SAME(buf_view(&second.out.bytes), buf_view(&first->out.bytes), "written anew");
	release(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct reader_options forms[] = {
		{ .from = DIALECT_CSV }, { .from = DIALECT_TSV }, { .from = DIALECT_UNKNOWN },
		{ .from = DIALECT_CSV, .delimiter = ';' }, { .from = DIALECT_CSV, .delimiter = '\t' },
		{ .from = DIALECT_CSV, .no_header = true, .names = "a,b" }, { .from = DIALECT_TSV, .no_header = true },
		{ .from = DIALECT_CSV, .allow_empty = true },
	};
	static const char *const sets[] = { "plain", "sse2", "avx2" };
	struct view input = fuzz_bytes(bytes, len < LONGEST ? len : LONGEST);
	struct reader_options options = forms[fuzz_choose(&input, sizeof forms / sizeof *forms)];
	options.block = LONGEST; /* larger ones would take most of the time */
	struct dialect anew = len % 2 ? dialect_csv() : dialect_tsv();
	struct view file = fuzz_copy(input);
	struct reading whole = { 0 }, cut = { 0 };
	fuzz_scope_begin();
	scan_use("plain");
	read_all(&whole, file, &options, (struct pieces){ .then = SIZE_MAX }, anew);
	for (size_t i = 1; i < 3; i++) {
		if (!scan_use(sets[i]))
			continue;
		read_all(&cut, file, &options, (struct pieces){ .then = SIZE_MAX }, anew);
		compare(&whole, &cut, sets[i], 0);
	}
	size_t step = file.len / CUTS + 1; /* every byte of a short file */
	for (size_t at = 1 + (file.len ? (unsigned char)file.ptr[file.len - 1] % step : 0); at <= file.len; at += step) {
		options.block = at;
		read_all(&cut, file, &options, (struct pieces){ .first = at, .then = 1 + at % 7 }, anew);
		compare(&whole, &cut, "cut at", at);
	}
	if (whole.end.status == STATUS_DONE && whole.out.rows && !looks_foreign(buf_view(&whole.out.bytes)))
		write_and_read(&whole, options, anew);
	release(&whole);
	release(&cut);
	fuzz_scope_end();
	fuzz_free(file);
	return 0;
}
