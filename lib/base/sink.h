/* sink: the stream of bytes that goes out.  Room: base.
 *
 * One of a program's sinks is its output.  A file is written beside its name, synced,
 * renamed into place and the folder synced, so that after any stop the old file or the
 * whole new one is there.  Where the file system can, it has no name until it is synced, so
 * that a killed program leaves nothing of it.  /dev/stdout, a FIFO or a device is written directly; a
 * symbolic link to a file is refused.  Files are made 0600; a file replaced keeps its mode.
 * All write(2) calls are made by the thread that calls.
 *
 * A reader that went away ends the program quietly: by SIGPIPE, or with 4 where that is
 * ignored. */
#ifndef CRM_BASE_SINK_H
#define CRM_BASE_SINK_H

#include "base/view.h"

struct sink;

/* NULL or "-" is standard output.  A suffix .gz or .zst packs. */
struct sink *sink_open(const char *path);
void sink_write(struct sink *sink, struct view bytes);
/* Closes and fails if that failed; a file is in place afterwards. */
void sink_close(struct sink *sink);
/* The file goes; what stood there stays. */
void sink_drop(struct sink *sink);
uint64_t sink_bytes(const struct sink *sink);
bool sink_is_terminal(const struct sink *sink);
/* "name" for messages. */
const char *sink_name(const struct sink *sink);

/* The program's output: when the program fails after it began to write into it, one more
 * line, which no reader of ours takes, ends it (`mark`: a lone `"`, in TSV a lone `\`),
 * so that the next tool of a pipe does not take half a night for a whole one.
 * Only whole records may be written to such a sink.  sink_init() sets the hook. */
void sink_mark(struct sink *sink, const char *mark);
/* The sink's file is put in place even when the program fails (rejects). */
void sink_keep(struct sink *sink);
void sink_init(void);
/* Closes all sinks that are still open; the last act of a tool. */
void sink_close_all(void);

/* An unlinked temporary file in TMPDIR (else /tmp), 0600; returns its descriptor. */
int temporary_file(void);
/* pread and pwrite of all of it, or the program ends with 4. */
void temporary_write(int fd, struct view bytes, uint64_t at);
size_t temporary_read(int fd, char *to, size_t room, uint64_t at);

#endif
