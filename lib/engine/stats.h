/* stats: the JSON record of a run, for --stats.  Room: engine. */
#ifndef CRM_ENGINE_STATS_H
#define CRM_ENGINE_STATS_H

#include "engine/run.h"

/* Writes --stats FILE, where it is asked for: version, options (runs of seven and more
 * digits masked), each input's rows, bytes and digest (XXH3), digests of the rule tables,
 * rows by fate, rows written, seconds.  The output is not closed yet. */
void stats_write(const struct run *run, enum status status);
/* A line of progress on standard error, at most four a second. */
void stats_progress(const struct run *run, bool last);

#endif
