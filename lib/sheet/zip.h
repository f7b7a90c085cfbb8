/* zip: the members of a zip archive, as streams.  Room: sheet.  The one place that knows
 * minizip.
 *
 * Nothing is ever unpacked to disk.  Refused when the archive is opened: more than 100,000
 * members, names that are absolute, climb (..) or hold a backslash, names that occur twice.
 * Refused when a member is opened: encryption, other methods than deflate; while it is read:
 * more than 8 GiB, or more than 400 times what is packed beyond the first 64 MiB (a sheet of a
 * million rows alike is packed 60 times), fewer bytes than it should have, a wrong checksum.
 * The file is only ever read by pread(2), so that several streams may be open. */
#ifndef CRM_SHEET_ZIP_H
#define CRM_SHEET_ZIP_H

#include "sheet/problem.h"

enum { ZIP_MEMBERS_MOST = 100000 };

struct zip;

struct zip_member {
	struct view name;  /* bytes as they stand in the archive */
	bool utf8;         /* the archive says that they are UTF-8 */
	uint64_t size;
};

/* The descriptor stays the caller's, and must stay open.  NULL where it is no archive that can be read. */
struct zip *zip_open(int fd, struct sheet_problem *problem);
void zip_close(struct zip *zip);
size_t zip_count(const struct zip *zip);
const struct zip_member *zip_member(const struct zip *zip, size_t number);
/* Case does not matter, as workbooks have it; SIZE_MAX where it is absent. */
size_t zip_find(const struct zip *zip, struct view name);

struct zip_stream;
/* NULL with a problem. */
struct zip_stream *zip_stream_open(struct zip *zip, size_t number, struct sheet_problem *problem);
/* At least one byte; 0 at the end or with a problem. */
size_t zip_stream_read(void *stream, char *to, size_t room);
void zip_stream_close(void *stream);

#endif
