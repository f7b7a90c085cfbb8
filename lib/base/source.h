/* source: a stream of bytes that comes in.  Room: base.
 *
 * A file by name, or "-" for standard input; gzip and zstd are known by their first bytes
 * and inflated, all members, on standard input too.  All read(2) calls are made by the
 * thread that calls source_read(); inflating has a thread of its own once there is
 * enough of it (zlib makes 0.5 GB/s, less than any reader takes).
 * What goes wrong ends the program: 3 where the file is missing, damaged or truncated,
 * 4 where the system fails; at once, or when the bytes before that place have been seen to. */
#ifndef CRM_BASE_SOURCE_H
#define CRM_BASE_SOURCE_H

#include "base/view.h"

struct source;

/* `name` is kept.  With `threads` an inflater may run beside the caller. */
struct source *source_open(const char *name, bool threads);
/* Reads up to `room` bytes, at least one; 0 at the end. */
size_t source_read(struct source *source, char *to, size_t room);
/* The same, but where something is wrong it returns 0: see source_failed() then. */
size_t source_try(struct source *source, char *to, size_t room);
/* Was it no end that stopped source_try(), but something wrong?  With `end` it ends the
 * program then. */
bool source_failed(const struct source *source, bool end);
/* Would a source_read() wait for somebody? */
bool source_would_wait(struct source *source);
void source_close(struct source *source);

/* How a message calls it: the name, or "(standard input)". */
const char *source_name(const struct source *source);
/* What to call the file, for its suffix: NULL for standard input. */
const char *source_path(const struct source *source);
/* "plain", "gzip" or "zstd". */
const char *source_form(const struct source *source);
/* From now on the bytes as they stand in the file are digested (XXH3). */
void source_digest_start(struct source *source);
uint64_t source_digest(const struct source *source);
uint64_t source_bytes(const struct source *source);

#endif
