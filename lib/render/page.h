/* page: a choice of metrics that was counted, as a document: key figures, a table for each
 * with its charts, what every metric means, and what the numbers are about.  Room: render.
 *
 * The page and its views must live as long as the document. */
#ifndef CRM_RENDER_PAGE_H
#define CRM_RENDER_PAGE_H

#include "metric/choice.h"
#include "render/document.h"

struct page {
	const struct choice *choice;
	const struct reports *reports;
	bool chinese;
	bool numbers_only; /* what no event of the input is for is 0 as well, not `-` */
	/* The tables are by dimensions, or of metrics, that a user named: without the headings
	 * (charts too) that were written for the report's own. */
	bool own_dimensions, own_metrics;
	const char *title, *since, *until, *where; /* NULL: none given */
	int64_t as_of;
	/* What people call a value of a dimension; empty: as it is.  May be NULL. */
	struct view (*name)(const void *arg, struct view dimension, struct view value);
	const void *arg;
	struct arena *arena;
};

void page_make(const struct page *page, struct document *doc);
/* Not what was counted, but which reports and metrics there are: a line each. */
void page_list(const struct page *page, struct document *doc);

#endif
