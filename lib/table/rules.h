/* rules: rule tables, built in or from a file that a spreadsheet wrote.  Room: table.
 *
 * A rule table is CSV; crm-rules(5) is its manual.  The loader decodes UTF-8 (with or
 * without a byte order mark), UTF-16 and GB18030; fields stand between `,` `;` TAB or `|`.
 * Empty lines, lines of empty cells and lines that begin with # are skipped.  A column that
 * is not in the specification is an error, unless it is `note` or begins with x_ (those are
 * not kept).  Cells are cleaned: no blanks at the ends, line breaks as spaces.
 *
 * Whatever is wrong ends the program with status 2 and file:line:column, a cell that a
 * spreadsheet spoiled (1.38E+10) too.  A built-in table is called "(built-in NAME)".
 *
 *     enum { RULE_ID, RULE_WHEN, RULE_TAG, RULE_COLUMNS };
 *     static const struct rules_column columns[] = {
 *         [RULE_ID] = { "rule_id", RULES_KEY | RULES_FILLED },
 *         [RULE_WHEN] = { "when", RULES_NEED },
 *         [RULE_TAG] = { "tag", RULES_FILLED },
 *         { 0 }
 *     };
 *     static const struct rules_spec spec = { "tags", tags_csv, columns };
 *     struct rules rules = rules_load(&run.arena, &spec, run.rules, run.add_rules);
 *     for (size_t i = 0; i < rules.count; i++)
 *         if (!compile(rules.line[i].cell[RULE_WHEN]))
 *             rules_wrong(&rules.line[i], RULE_WHEN, "...");
 */
#ifndef CRM_TABLE_RULES_H
#define CRM_TABLE_RULES_H

#include "base/arena.h"
#include "base/fail.h"
#include "base/hash.h"

enum rules_flag {
	RULES_KEY = 1,    /* with the other key columns it names the line; absent, it is empty */
	RULES_NEED = 2,   /* the column must be there */
	RULES_FILLED = 4, /* and every cell of it filled */
};

struct rules_column {
	const char *name;
	unsigned flags;
};

struct rules_spec {
	const char *name; /* of the built-in table */
	const char *csv;  /* its text; NULL: there is none, a file must be given */
	const struct rules_column *columns; /* ends with a NULL name */
};

struct rules_line {
	const struct view *cell;  /* by the specification's columns; empty where absent */
	const unsigned *field;    /* their numbers in the file, from 1; 0: no such column */
	const char *file;
	uint64_t number;          /* physical line where it begins */
};

struct rules {
	struct rules_line *line;
	size_t count;
	const char *name;   /* of the first table, for messages about all of it */
	uint64_t digest;    /* of all bytes that were read (XXH3) */
};

/* The table: `file` in place of the built-in one, where it is not NULL; then `add_file`
 * laid over it: a line with the key of one that is there replaces it in its place, another
 * one is added at the end.  A key that occurs twice in one file is an error; a table
 * without key columns is only added to. */
struct rules rules_load(struct arena *arena, const struct rules_spec *spec, const char *file,
                        const char *add_file);

/* Adds the cells of one column of a built-in table that are not empty. */
void rules_cells(const char *csv, const char *column, struct intern *cells);

/* Name and digest of the i-th table that this run has read; false behind the last.  The
 * names live as long as the arenas they were read into. */
bool rules_loaded(size_t i, const char **name, uint64_t *digest);

/* A cell's place; column RULES_LINE is the whole line. */
enum { RULES_LINE = -1 };
struct place rules_place(const struct rules_line *line, int column);
/* Ends the program: the cell (or the line) is wrong. */
_Noreturn void rules_wrong(const struct rules_line *line, int column, const char *format, ...) PRINTF(3, 4);

#endif
