/* strings: texts that cells share, by number.  Room: sheet.
 *
 * The first ones are in memory; what is beyond `memory` bytes (a third of it for where they
 * stand) goes to unlinked temporary files, where neighbours are read together: cells mostly
 * ask for texts in the order in which they were put. */
#ifndef CRM_SHEET_STRINGS_H
#define CRM_SHEET_STRINGS_H

#include "base/view.h"

enum { STRINGS_MEMORY = 48 * 1024 * 1024 };

struct strings;

struct strings *strings_new(size_t memory);
void strings_free(struct strings *strings);
void strings_add(struct strings *strings, struct view text);
uint64_t strings_count(const struct strings *strings);
/* Bytes of all texts. */
uint64_t strings_bytes(const struct strings *strings);
/* False where there is none of this number; valid until the next call.  */
bool strings_get(struct strings *strings, uint64_t number, struct view *text);

#endif
