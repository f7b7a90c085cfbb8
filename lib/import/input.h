/* input: one ledger on its way in: a feed of text becomes a feed of rows below a known header.
 * Room: import.
 *
 *     decoded text -> line ends, other quotes (foreign.h) -> quotes out of place (lenient.h)
 *                  -> without titles and header -> reader
 *
 * Everything that is found out is found in the first 64 KiB, or more until the header ends. */
#ifndef CRM_IMPORT_INPUT_H
#define CRM_IMPORT_INPUT_H

#include "import/form.h"
#include "import/kind.h"

struct input_wishes {
	struct form_wishes form;
	bool raw;          /* of no table */
	bool guess;        /* the table is not known */
	bool no_header;
	const char *names; /* with no_header; may be NULL */
};

struct input {
	struct feed feed; /* rows, canonical */
	struct form form;
	struct beginning beginning;
	struct layout layout;
	struct beginning_record header_lines[LAYOUT_LINES]; /* as they stand */
	struct view sample; /* the first rows behind the header, canonical; the last one may be cut */
	bool empty;         /* not even a header */
	bool no_header;
	/* Of input_match(): */
	struct header header; /* as the reader wants it: the width and names of its rows */
	size_t left_off;      /* columns that are not among them */
};

enum input_problem {
	INPUT_GOOD,
	INPUT_OPEN_QUOTE, /* a quote of the first record is never closed */
	INPUT_ENDLESS,    /* the first records do not end within 16 MiB */
	INPUT_BAD_HEADER, /* quotes of the header are out of place */
};

/* Takes the feed over. */
enum input_problem input_open(struct arena *arena, struct input *input, struct feed text,
                              const struct input_wishes *wishes, struct matcher *const *matchers, size_t count);
/* Which columns its headers mean, by the matcher of its table (NULL: raw, none).  The number of
 * a head that stays ambiguous, or layout.count. */
size_t input_match(struct arena *arena, struct input *input, const struct matcher *matcher);
/* What must be known to know what its records are; it is matched. */
struct import_file input_file(struct arena *arena, const struct input *input, const struct matcher *matcher);

#endif
