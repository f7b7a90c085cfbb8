/* form: in which form a ledger's text stands, found out from its beginning.  Room: import.
 *
 * The delimiter is that of , TAB ; | by which most headers are known; where none are, that by
 * which most records have one number of fields.  Content goes before the file's name: commas
 * in a .tsv are commas.  Then, only where it makes more records read as they should:
 *     blanks behind delimiters (a, "b, c"), a backslash before quotes (10\" pipe), and
 *     ' around fields; ' also where every cell stands in them.
 * What the user says is not asked of the content. */
#ifndef CRM_IMPORT_FORM_H
#define CRM_IMPORT_FORM_H

#include "import/layout.h"
#include "table/lenient.h"

/* What the user said. */
struct form_wishes {
	enum dialect_form from;  /* DIALECT_UNKNOWN: look */
	enum dialect_form named; /* what the file's name says */
	char delimiter, quote, escape; /* NUL: look */
	bool lazy;               /* quotes may be out of place */
	size_t header_lines;     /* 0: look */
};

struct form {
	struct dialect dialect; /* of the table, once it is canonical */
	struct lenient how;     /* how fields stand in the text */
	bool lenient;           /* lenient.h must read them */
	bool no_line_feeds;     /* carriage returns end lines */
	bool returns;           /* several carriage returns before line feeds */
	bool tabs_quoted;       /* cells between TABs are quoted, as spreadsheets write them */
	bool against_name;      /* the name says another delimiter */
};

/* Of the first bytes of a text, decoded; `whole`: nothing follows. */
struct form form_find(struct view text, bool whole, const struct form_wishes *wishes, struct matcher *const *matchers,
                      size_t count);

/* How the records of a text read; a sample of it whose last record may be cut, unless `whole`. */
struct form_fit {
	size_t records, fitting; /* fitting: of the width that most have, with no quote out of place, */
	size_t strict;           /* and by the rule */
	unsigned width;
	size_t quoted, filled;   /* fields in quotes; those that hold something */
	size_t stray;            /* quotes in fields that are in none */
	size_t close;            /* fields with no blank before them, where how->blanks wants one */
};
struct form_fit form_fit(const struct lenient *how, struct view text, bool whole);

/* Are cells between TABs quoted, as spreadsheets do in "text (tab)" and Unicode text?  There
 * is a cell that begins with a quote, and each such cell ends with one before a TAB or a
 * line end; else a quote is data, as it is in TSV. */
bool form_tabs_quoted(struct view text, bool whole);

#endif
