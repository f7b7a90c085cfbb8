/* foreign: see foreign.h. */
#include "table/foreign.h"

#include <csv.h>
#include <stdlib.h>

#include "base/fail.h"

enum { PIECE = 64 * 1024 };

struct foreign {
	struct feed from;
	struct dialect dialect;  /* of what comes out */
	struct csv_parser parser;
	bool parses;             /* another quote than ": libcsv is needed */
	bool no_line_feeds;      /* carriage returns end lines */
	size_t returns;          /* carriage returns just read, of which nothing has come yet */
	bool ended;
	const char *error;       /* what is wrong with the record under way */
	struct buf in, plain, out;
	size_t given;
	uint64_t line;           /* of the record under way */
	unsigned fields;         /* of it, so far */
};

static int not_blank(unsigned char byte)
{
	(void)byte; /* libcsv trims blanks unless told that there are none */
	return 0;
}

static void add_field(void *bytes, size_t len, void *arg)
{
	struct foreign *foreign = arg;
	if (foreign->fields++)
		buf_byte(&foreign->out, foreign->dialect.delimiter);
	dialect_put(foreign->dialect, view(bytes, len), &foreign->out);
}

/* A record, or with CSV_REPALL_NL an empty line. */
static void end_record(int byte, void *arg)
{
	struct foreign *foreign = arg;
	(void)byte;
	buf_byte(&foreign->out, '\n');
	foreign->fields = 0;
}

static void put_piece(struct foreign *foreign, struct view piece)
{
	if (!foreign->parses) {
		buf_put(&foreign->out, piece);
		return;
	}
	size_t start = foreign->out.len;
	bool good = csv_parse(&foreign->parser, piece.ptr, piece.len, add_field, end_record, foreign) == piece.len;
	if (good && foreign->ended && !feed_failed(&foreign->from, false))
		good = csv_fini(&foreign->parser, add_field, end_record, foreign) == 0;
	struct view fresh = view_skip(buf_view(&foreign->out), start);
	for (size_t i = 0; i < fresh.len; i++)
		foreign->line += fresh.ptr[i] == '\n';
	if (!good)
		foreign->error = TRANSLATED("a quote is not closed, or something other than a delimiter follows it");
	else if (csv_get_buffer_size(&foreign->parser) > READER_FIELD_MOST + PIECE)
		foreign->error = TRANSLATED("field longer than 16 MiB");
	foreign->ended |= foreign->error != NULL;
}

/* Every line end as one line feed. */
static void plain_ends(struct foreign *foreign)
{
	buf_reset(&foreign->plain);
	for (size_t i = 0; i < foreign->in.len; i++) {
		char byte = foreign->in.ptr[i];
		if (byte == '\r' && foreign->no_line_feeds) {
			buf_byte(&foreign->plain, '\n');
		} else if (byte == '\r') {
			foreign->returns++;
		} else {
			for (; foreign->returns; foreign->returns--)
				if (byte != '\n')
					buf_byte(&foreign->plain, '\r');
			buf_byte(&foreign->plain, byte);
		}
	}
}

static size_t foreign_read(void *state, char *to, size_t room)
{
	struct foreign *foreign = state;
	while (foreign->given == foreign->out.len && !foreign->ended) {
		buf_reset(&foreign->out);
		buf_reset(&foreign->in);
		foreign->given = 0;
		foreign->in.len = foreign->from.read(foreign->from.state, buf_reserve(&foreign->in, PIECE), PIECE);
		foreign->ended = foreign->in.len == 0;
		plain_ends(foreign);
		put_piece(foreign, buf_view(&foreign->plain));
	}
	struct view rest = view_first(view_skip(buf_view(&foreign->out), foreign->given), room);
	if (rest.len)
		memcpy(to, rest.ptr, rest.len);
	foreign->given += rest.len;
	return rest.len;
}

static bool foreign_would_wait(void *state)
{
	struct foreign *foreign = state;
	return foreign->given == foreign->out.len && !foreign->ended && foreign->from.would_wait &&
	       foreign->from.would_wait(foreign->from.state);
}

static bool foreign_failed(void *state, bool end)
{
	const struct foreign *foreign = state;
	if (foreign->error && end)
		die_at(STATUS_INPUT, (struct place){ foreign->from.name, foreign->line, 0 }, "%s", translate(foreign->error));
	return foreign->error || feed_failed(&foreign->from, end);
}

static void foreign_close(void *state)
{
	struct foreign *foreign = state;
	if (foreign->from.close)
		foreign->from.close(foreign->from.state);
	if (foreign->parses)
		csv_free(&foreign->parser);
	buf_release(&foreign->in);
	buf_release(&foreign->plain);
	buf_release(&foreign->out);
	free(foreign);
}

struct feed foreign_feed(struct feed from, char delimiter, char quote, bool no_line_feeds)
{
	struct foreign *foreign = heap_alloc(sizeof *foreign);
	*foreign = (struct foreign){ .from = from, .dialect = { DIALECT_CSV, delimiter }, .parses = quote != '"',
		.no_line_feeds = no_line_feeds, .line = from.line ? from.line : 1 };
	if (foreign->parses) {
		if (csv_init(&foreign->parser, CSV_STRICT | CSV_STRICT_FINI | CSV_REPALL_NL) != 0)
			die_memory();
		csv_set_delim(&foreign->parser, (unsigned char)delimiter);
		csv_set_quote(&foreign->parser, (unsigned char)quote);
		csv_set_space_func(&foreign->parser, not_blank);
		csv_set_blk_size(&foreign->parser, PIECE);
	}
	struct feed feed = from;
	feed.state = foreign;
	feed.read = foreign_read;
	feed.would_wait = foreign_would_wait;
	feed.failed = foreign_failed;
	feed.close = foreign_close;
	return feed;
}
