/* dialect: how a table stands in bytes.  Room: table.
 *
 * CSV as RFC 4180 and TSV with escapes; the rules are in crm-formats(5).
 * CSV: a quote opens a field only as the field's first byte; elsewhere in an unquoted
 * field it is data; after a closing quote only a delimiter or a line end may follow.
 * TSV: \t \n \r \\ are escapes, another letter after a backslash stands as it is, a field
 * that is just \N is missing. */
#ifndef CRM_TABLE_DIALECT_H
#define CRM_TABLE_DIALECT_H

#include "base/arena.h"
#include "base/buf.h"

enum dialect_form { DIALECT_UNKNOWN, DIALECT_CSV, DIALECT_TSV };

struct dialect {
	enum dialect_form form;
	char delimiter;
};

static inline struct dialect dialect_csv(void) { return (struct dialect){ DIALECT_CSV, ',' }; }
static inline struct dialect dialect_tsv(void) { return (struct dialect){ DIALECT_TSV, '\t' }; }

static inline bool dialect_same(struct dialect a, struct dialect b)
{
	return a.form == b.form && a.delimiter == b.delimiter;
}

/* By the suffix of a file name (.csv, .tsv, .tab; behind it .gz or .zst may stand). */
enum dialect_form dialect_of_name(const char *path);
/* By the header line: a TAB in it means TSV. */
struct dialect dialect_of_header(struct view line);

/* The value of a field as it stands in the file: without quotes or escapes.  Points into
 * the field itself where it can, into the arena where it must. */
struct view dialect_value(struct dialect dialect, struct view raw, struct arena *arena);
/* Appends a value as a field, quoted or escaped only where it must be. */
void dialect_put(struct dialect dialect, struct view value, struct buf *to);
/* The line that no reader takes: what ends an output that was cut short. */
const char *dialect_mark(struct dialect dialect);

#endif
