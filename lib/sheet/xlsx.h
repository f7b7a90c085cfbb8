/* xlsx: the parts of an OOXML workbook, and its sheets as lines.  Room: sheet.
 *
 * Read are the relations, xl/workbook.xml (or what the relations name), styles, shared strings
 * and the sheets, each as a stream.  Parts may be missing: without styles numbers are numbers;
 * cells and rows without a reference follow the ones before.  See book.h for the calls. */
#ifndef CRM_SHEET_XLSX_H
#define CRM_SHEET_XLSX_H

#include "sheet/format.h"
#include "sheet/inside.h"
#include "sheet/xml.h"

struct strings;

enum { XLSX_FORMATS_MOST = 65536 };

struct xlsx {
	struct format *formats;     /* by the number of a cell's style */
	size_t format_count, format_room;
	size_t *parts;              /* of each sheet: its member of the archive */
	size_t part_count, part_room;
	size_t strings_part;        /* SIZE_MAX: none */
	struct strings *strings;    /* read before the first sheet */
};

/* Is there a workbook in the archive? */
bool xlsx_is_workbook(const struct zip *zip);

/* A part read from its beginning to its end.  A part that is absent is none: true. */
bool xlsx_read_part(struct book *book, size_t part, struct xml_calls calls, void *arg, struct sheet_problem *problem);
/* xlsx_strings.c: reads the shared strings, once. */
bool xlsx_load_strings(struct book *book, struct sheet_problem *problem);

/* Puts _xHHHH_ in place in what stands from `start` on. */
void xlsx_put_in_place(struct buf *text, size_t start);

/* xlsx_rows.c: the calls of struct book_reader for sheets. */
bool xlsx_sheet_open(struct sheet *sheet);
bool xlsx_sheet_more(struct sheet *sheet);
void xlsx_sheet_close(struct sheet *sheet);

#endif
