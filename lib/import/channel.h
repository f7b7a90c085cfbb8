/* channel: names of channels, as ledgers write them, become places in a tree of two levels.
 * Room: import.
 *
 *     抖音直播        线上, 抖音
 *     线上-抖音       the same: two names with a sign between, the first above the second
 *     400电话         400来电
 *     地推扫码        not known
 *
 * The names of the trade are in channel_map.csv; a site's own table with the same columns goes
 * over it, line by line.  Names are compared folded (text.h, hanzi.h), without blanks. */
#ifndef CRM_IMPORT_CHANNEL_H
#define CRM_IMPORT_CHANNEL_H

#include "base/arena.h"
#include "base/hash.h"

struct channel {
	struct view channel, channel2; /* the second may be empty */
};

/* The built-in table, as it stands. */
extern const char *const channels_csv;

/* Read-only once it is loaded, so that all workers may ask. */
struct channels {
	struct intern names;
	struct channel *of;
	size_t room;
};

/* `file`: a site's table, or NULL.  Ends the program (2) for a mistake in it. */
void channels_load(struct channels *channels, struct arena *arena, const char *file);
void channels_release(struct channels *channels);
/* False, and *found as it was, where the name is not known. */
bool channels_find(const struct channels *channels, struct view name, struct channel *found);

#endif
