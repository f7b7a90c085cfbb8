/* lenient: records in dialects of CSV beyond the reader's, and such whose quotes do not keep
 * the rule, made canonical on the way.  Room: table.
 *
 *     escape \     "10\" pipe",2      10" pipe | 2       before a quote, a delimiter, itself
 *     blanks       1, "a, b", 2       1 | a, b | 2       one blank belongs to each delimiter
 *     lazy         "10" pipe",2       10" pipe | 2       by the number of fields that fits
 *                  "10 pipe,"a, b"    "10 pipe | a, b
 *                  "10""," a"         10" |  a
 *
 * A lazy reading takes a record by the rule wherever that fits.  Else a quote closes a field
 * only where a delimiter or a line end follows; else, within the line, a quote that looks
 * like an opening one inside a field tells that the field never was quoted.  Of these the
 * first reading counts that has as many fields as the records of the file; one over several
 * lines only where none of these is a record by itself.  Where none fits, what stands up to
 * the next line that begins a fitting record is passed on as one bad record.
 *
 * A bad record comes out as one field, LENIENT_BAD_MARK and its bytes; one that was read by
 * such a guess has LENIENT_GUESS_MARK before its first value.  lenient_bad() and
 * lenient_guessed() know them again.  Line ends are \n (foreign.h sees to others). */
#ifndef CRM_TABLE_LENIENT_H
#define CRM_TABLE_LENIENT_H

#include "table/reader.h"

/* How fields stand. */
struct lenient {
	char delimiter, quote;
	char escape;    /* NUL: none; a quote in a quoted field is doubled in any case */
	bool blanks;    /* behind each delimiter stands a blank */
	bool lazy;
	unsigned width; /* fields of a record, for lazy readings */
};

/* A record as it was read. */
struct lenient_record {
	size_t len;      /* bytes, with the line end */
	size_t inner;    /* line feeds inside it */
	unsigned fields, filled; /* filled: those that hold something */
	unsigned quoted; /* fields that were in quotes */
	unsigned stray;  /* quotes in fields that were not */
	unsigned close;  /* fields behind a delimiter with no blank between */
	bool guessed;    /* not by the rule */
};

enum lenient_result {
	LENIENT_GOOD,
	LENIENT_BAD,  /* something other than a delimiter follows a closing quote */
	LENIENT_CUT,  /* the text ends before the record does */
	LENIENT_OPEN, /* the whole text ends inside quotes */
};

/* Reads the record at the beginning of a text by the rule, and appends it to *to, canonical.
 * `whole`: nothing follows the text. */
enum lenient_result lenient_read(const struct lenient *form, struct view text, bool whole, struct buf *to,
                                 struct lenient_record *record);
/* The same, lazily: a record that does not keep the rule is one whose fields fit, or LENIENT_BAD
 * up to where it goes on.  A text that is not whole and shorter than LENIENT_MOST may be cut. */
enum lenient_result lenient_read_lazily(const struct lenient *form, struct view text, bool whole, struct buf *to,
                                        struct lenient_record *record);
enum { LENIENT_MOST = 1024 * 1024 };
/* A line by itself as well as it can be read, however many fields that gives. */
void lenient_read_line(const struct lenient *form, struct view line, struct buf *to);

/* Canonical CSV with the same delimiter, over a feed, which it takes over; lines keep their
 * numbers.  It fails where a quote stays open, unless it reads lazily. */
struct feed lenient_feed(struct feed from, const struct lenient *form);

/* U+FDD0 and U+FDD1, which are no characters and stand in no text. */
#define LENIENT_BAD_MARK "\xef\xb7\x90"
#define LENIENT_GUESS_MARK "\xef\xb7\x91"
/* Is the only field of a record all of a bad one?  *raw becomes what stood in the file. */
bool lenient_bad(struct view value, struct view *raw);
/* Is the first value that of a guess?  *rest becomes the value. */
bool lenient_guessed(struct view value, struct view *rest);

#endif
