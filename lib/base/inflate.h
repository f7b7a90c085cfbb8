/* inflate: gzip and zstd, the one place that knows zlib and libzstd.  Room: base. */
#ifndef CRM_BASE_INFLATE_H
#define CRM_BASE_INFLATE_H

#include "base/view.h"

enum inflate_form { INFLATE_PLAIN, INFLATE_GZIP, INFLATE_ZSTD };

/* By the first bytes (four are enough). */
enum inflate_form inflate_detect(struct view start);

struct inflate;
struct inflate *inflate_new(enum inflate_form form);
void inflate_free(struct inflate *codec);

/* Takes bytes from *in and makes up to `room` bytes at `to`; moves *in behind what it took.
 * Returns how many it made; *error is set to an English text where the stream is bad.
 * `last` says that nothing follows *in: then 0 without an error is the end. */
size_t inflate_step(struct inflate *codec, struct view *in, bool last, char *to, size_t room,
                    const char **error);

/* The other direction, for output. */
struct deflate;
struct deflate *deflate_new(enum inflate_form form);
void deflate_free(struct deflate *codec);
struct buf;
/* Appends what it makes to `to`; with `last` all that is left and the end mark. */
void deflate_step(struct deflate *codec, struct view in, bool last, struct buf *to);

#endif
