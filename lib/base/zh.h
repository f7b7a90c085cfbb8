/* zh: messages in Chinese, by their English format text.  Room: base.
 *
 * One line per message in the files zh_*.h; tests/messages.pl finds the
 * messages that have none, and checks that both texts have the same conversions in the
 * same order. */
#ifndef CRM_BASE_ZH_H
#define CRM_BASE_ZH_H

#include <stddef.h>

struct zh_message {
	const char *english, *chinese;
};

extern const struct zh_message zh_table[];
extern const size_t ZH_COUNT;

#endif
