/* csv: a section's table for programs, as CSV (RFC 4180, LF) or TSV.  Room: render.
 *
 * Ids only, plain numbers, empty fields for what is missing.  A CSV field is quoted only when
 * it must be; TSV writes \t \n \r \\ for what would break a line.  Other bytes go as they are. */
#ifndef CRM_RENDER_CSV_H
#define CRM_RENDER_CSV_H

#include "base/buf.h"
#include "render/document.h"

enum csv_part {
	CSV_HEADER = 1, /* the line of column ids */
	CSV_TOTALS = 2, /* rows of totals and subtotals too */
};

/* `delimiter` is any ASCII byte but a quote or a line end.  `parts`: CSV_HEADER | CSV_TOTALS. */
void render_csv(struct buf *buf, const struct doc_section *section, char delimiter, unsigned parts);
void render_tsv(struct buf *buf, const struct doc_section *section, unsigned parts);

#endif
