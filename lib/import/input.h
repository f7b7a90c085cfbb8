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
	struct view sample; /* the first rows behind the header, canonical; the last one may be cut */
	bool empty;       /* not even a header */
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
/* Records above the header that are no empty lines: titles. */
size_t input_titles(const struct input *input);

#endif
