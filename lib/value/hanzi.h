/* hanzi: traditional characters compared as simplified ones.  Room: value.
 *
 * Ledgers of Hong Kong, Macao and Taiwan, and old ones, write 手機號碼 where others write
 * 手机号码.  Both sides of a comparison are folded, so that it does not matter which of two
 * simplified forms stands for a character of several meanings (乾 is 干, 著 is 着); what is
 * written to an output is never folded.
 *
 * The table is hanzi_simplified.csv, made of Unicode's Unihan database: some 2,700 characters
 * of Big5 and GBK, each with a simplified form as long as itself. */
#ifndef CRM_VALUE_HANZI_H
#define CRM_VALUE_HANZI_H

#include "base/view.h"

enum { HANZI_LINES = 2737 }; /* of the table */

/* Folds the text in place; its length stays.  False where nothing was traditional. */
bool hanzi_simplify(char *text, size_t len);

#endif
