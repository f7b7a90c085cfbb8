/* words: the few words that the renderer adds itself, in the document's language.  Room: render. */
#ifndef CRM_RENDER_WORDS_H
#define CRM_RENDER_WORDS_H

#include "base/buf.h"
#include "render/document.h"

enum word {
	WORD_COLON,       /* between a label and its text */
	WORD_NO_ROWS,     /* in place of an empty table */
	WORD_NOTES,       /* heading of a section's notes */
	WORD_SIGNS,       /* what + ~ ! mean */
	WORD_ON_TARGET,   /* green */
	WORD_CLOSE,       /* yellow */
	WORD_OFF_TARGET,  /* red */
	WORD_FUNNEL,      /* what the two rates beside a funnel are */
	WORD_OTHERS,      /* series that have no colour of their own */
	WORD_CONTENTS,    /* name of the list of sections */
	WORD_FIGURES,     /* name of the key figures */
	WORD_MADE,        /* heading of the provenance */
	WORD_WAN,         /* unit of a column of DOC_WAN, behind its name */
	WORD_COUNT_
};

const char *word(enum doc_language language, enum word which);
/* What stands above a column of a table: its name, and the unit where the numbers do not tell it
 * (on charts they do). */
void column_heading_put(struct buf *buf, enum doc_language language, const struct doc_column *column);
/* "the 20 largest of 60", for a chart that does not show all. */
void words_largest(struct buf *buf, enum doc_language language, size_t shown, size_t all);

#endif
