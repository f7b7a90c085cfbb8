/* The documents that the render tests share. */
#ifndef CRM_RENDER_SAMPLE_H
#define CRM_RENDER_SAMPLE_H

#include "render/document.h"

/* A channel table: two rows and a total, a rate without denominator, marks. */
static inline struct doc_section *sample_channels(struct document *doc)
{
	const struct doc_column columns[] = {
		{ .id = VIEW("channel"), .label = VIEW("渠道"), .unit = DOC_TEXT },
		{ .id = VIEW("visit_group"), .label = VIEW("来访组数"), .unit = DOC_COUNT },
		{ .id = VIEW("spend"), .label = VIEW("费用"), .unit = DOC_MONEY },
		{ .id = VIEW("sub_rate"), .label = VIEW("转化率"), .unit = DOC_RATE },
	};
	struct doc_section *section = document_section(doc, VIEW("channel"), VIEW("渠道效果"), columns, 4);
	struct doc_cell *cells = section_row(section, DOC_PLAIN);
	cells[0] = doc_text(VIEW("中介"));
	cells[1] = doc_number(12040);
	cells[2] = doc_number(123456789);
	cells[3] = doc_number(84444);
	cells[3].mark = MARK_GREEN;
	cells = section_row(section, DOC_PLAIN);
	cells[0] = doc_label(VIEW("walk-in"), VIEW("自然到访"));
	cells[1] = doc_number(0);
	cells[2] = doc_number(-50);
	cells[3] = doc_missing();
	cells = section_row(section, DOC_TOTAL);
	cells[0] = doc_label(VIEW("total"), VIEW("合计"));
	cells[1] = doc_number(12040);
	cells[2] = doc_number(123456739);
	cells[3] = doc_number(84444);
	cells[3].mark = MARK_RED;
	return section;
}

/* One column of text with one row. */
static inline struct doc_section *sample_cell(struct document *doc, struct view id, struct view text)
{
	const struct doc_column columns[] = { { .id = id, .unit = DOC_TEXT } };
	struct doc_section *section = document_section(doc, VIEW("s"), VIEW(""), columns, 1);
	section_row(section, DOC_PLAIN)[0] = doc_text(text);
	return section;
}

#endif
