/* sheet: a ledger while it is written: cells, rows, and which physical line one is on.
 *
 * Text is kept in UTF-8 and turned into the ledger's encoding at the end. */
#ifndef GEN_SHEET_H
#define GEN_SHEET_H

#include <inttypes.h>
#include <stdio.h>

#include "base/buf.h"

struct sheet {
	struct buf text;
	char separator;
	const char *end; /* of a line */
	bool quote_all;
	int cells, limit; /* of the row under way; cells past a limit are not written (0: none) */
	long line;        /* where the row under way begins, */
	size_t start;     /* and at which byte */
};

static inline void sheet_init(struct sheet *sheet, char separator, const char *end)
{
	*sheet = (struct sheet){ .separator = separator, .end = end, .line = 1 };
}

static inline void sheet_cell(struct sheet *sheet, const char *cell)
{
	struct buf *text = &sheet->text;
	if (sheet->limit && sheet->cells >= sheet->limit)
		return;
	if (sheet->cells++)
		buf_byte(text, sheet->separator);
	const char special[] = { sheet->separator, '"', '\r', '\n', '\0' };
	if (!sheet->quote_all && !strpbrk(cell, special)) {
		buf_text(text, cell);
		return;
	}
	buf_byte(text, '"');
	for (; *cell; cell++) {
		if (*cell == '"')
			buf_byte(text, '"');
		buf_byte(text, *cell);
	}
	buf_byte(text, '"');
}

static inline void sheet_cells(struct sheet *sheet, const char *const *cells, int count)
{
	for (int i = 0; i < count; i++)
		sheet_cell(sheet, cells[i]);
}

static inline void sheet_number(struct sheet *sheet, int64_t number)
{
	char cell[24];
	snprintf(cell, sizeof cell, "%" PRId64, number);
	sheet_cell(sheet, cell);
}

/* Ends the row; returns the line on which it began.  Cells may hold line breaks. */
static inline long sheet_end(struct sheet *sheet)
{
	long began = sheet->line;
	buf_text(&sheet->text, sheet->end);
	for (; sheet->start < sheet->text.len; sheet->start++)
		sheet->line += sheet->text.ptr[sheet->start] == '\n';
	sheet->cells = sheet->limit = 0;
	return began;
}

#endif
