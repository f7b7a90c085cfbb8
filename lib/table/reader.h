/* reader: one table out of one or several inputs, in blocks of whole records.  Room: table.
 *
 * All inputs are opened and their headers read before the first block.  The first one's
 * header rules; the others' columns are matched by name, in any order.  Blocks come in
 * order; what is in them is taken out by rows_next(), by any thread.
 * What is wrong with an input as a whole ends the program (3), as crm-formats(5) says. */
#ifndef CRM_TABLE_READER_H
#define CRM_TABLE_READER_H

#include "table/row.h"
#include "table/scan.h"

enum {
	READER_FIELD_MOST = 16 * 1024 * 1024,
	READER_RECORD_MOST = 64 * 1024 * 1024,
	READER_BLOCK = 512 * 1024, /* 256 KiB to 1 MiB were within 3 % of each other */
};

/* Where bytes come from: a source, or what a tool puts over one. */
struct feed {
	void *state;
	size_t (*read)(void *state, char *to, size_t room); /* 0: the end, or see failed() */
	bool (*would_wait)(void *state);
	void (*close)(void *state);
	const char *name; /* for messages */
	const char *path; /* for the suffix; may be NULL */
	/* What a feed may tell besides; all may be left out. */
	/* Was it no end that stopped it, but something wrong?  With `end` it ends the program
	 * then: after the records before that place have gone their way. */
	bool (*failed)(void *state, bool end);
	uint64_t line;               /* physical line of its first byte, where that is not 1 */
	const struct header *header; /* of its own: it carries rows only, of this width and dialect */
	struct source *source;       /* the bytes beneath, for --stats */
};

/* failed(), where the feed has it. */
bool feed_failed(const struct feed *feed, bool end);

struct reader_options {
	enum dialect_form from;  /* DIALECT_UNKNOWN: look */
	char delimiter;          /* 0: the dialect's own */
	bool no_header;
	const char *names;       /* a comma list, or NULL */
	bool allow_empty;
	bool threads;            /* inflating may have a thread */
	bool digest;             /* of each input's bytes */
	bool warn_utf8;          /* warn of an input that begins with what is no UTF-8 */
	size_t block;            /* bytes of a block; 0: READER_BLOCK (tests want many edges) */
};

struct reader;

/* `names`: files, "-" for standard input (once); none is standard input. */
struct reader *reader_open(const struct reader_options *options, char *const *names, size_t count);
/* The same from feeds; with `header` the feeds carry rows only, under these names, but for
 * those that have a header of their own: nothing is matched then, block.input tells whose
 * row it is. */
struct reader *reader_open_feeds(const struct reader_options *options, const struct feed *feeds, size_t count,
                                 const struct header *header);
void reader_close(struct reader *reader);

/* NULL for an empty input under allow_empty. */
const struct header *reader_header(const struct reader *reader);
struct dialect reader_dialect(const struct reader *reader);

struct block {
	struct buf data;      /* whole records; SCAN_PADDING bytes stand behind them */
	struct dialect dialect;
	uint64_t line;        /* physical line of its first byte */
	uint64_t feeds;       /* line feeds in it */
	uint64_t number;      /* bytes of the table before it */
	bool odd;             /* see scan.h */
	const char *file;
	unsigned input;
	const unsigned *map;
	const struct header *header;
	uint64_t not_utf8;    /* first line of an input's first block that is no UTF-8; 0: none */
	struct split split;   /* memory of rows_next() */
};

enum reader_result {
	READER_MORE, /* a block */
	READER_END,
	READER_WAIT, /* nothing yet, and the next read would wait */
};

/* With `wait` it never returns READER_WAIT. */
enum reader_result reader_next(struct reader *reader, struct block *block, bool wait);
/* The next block of one input, for who reads several side by side. */
enum reader_result reader_next_of(struct reader *reader, size_t input, struct block *block, bool wait);
/* Warns of an input that is no UTF-8, once: when the block has its turn, in the main thread. */
void block_say(const struct block *block);
void block_release(struct block *block);

size_t reader_inputs(const struct reader *reader);
/* What --stats says of an input. */
struct reader_about {
	const char *name;
	uint64_t bytes, digest; /* as they stand in the file; the digest where it was asked for */
	uint64_t rows;          /* as told by reader_counted() */
};
struct reader_about reader_about(const struct reader *reader, size_t input);
/* So many records of this input (block.input) were read. */
void reader_counted(struct reader *reader, size_t input, uint64_t rows);
uint64_t reader_bytes(const struct reader *reader);

/* ---- rows of a block ---- */

enum row_problem {
	ROW_GOOD,
	ROW_RAGGED,          /* too few or too many fields: `fields` says how many */
	ROW_REPEATED_HEADER,
	ROW_BAD_QUOTE,       /* something behind a closing quote */
	ROW_BAD_TEXT,        /* bytes that are no UTF-8, where rows.utf8 asks */
	ROW_NONE,            /* no more rows */
};

struct rows {
	struct block *block;
	struct arena *arena; /* reset before every row */
	size_t line, field, bad, inner; /* how far it has come in block->split */
	uint64_t physical;
	uint64_t blank;      /* empty lines skipped */
	unsigned fields;     /* of the row just given */
	size_t shortened;    /* number (+ 1) of a field end before a CR, to be put back */
	bool plain;
	/* To be set after rows_begin(): */
	bool utf8;           /* rows that are no UTF-8 are told of */
	bool empty_lines;    /* they are given, as ragged rows of one empty field, not skipped */
};

void rows_begin(struct rows *rows, struct block *block, struct arena *arena);
/* The next row.  One with a problem may only be asked for row_record(). */
enum row_problem rows_next(struct rows *rows, struct row *row);

#endif
