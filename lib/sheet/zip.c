/* zip: see zip.h. */
#include "sheet/zip.h"

#include <errno.h>
#include <minizip/unzip.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/hash.h"

enum { NAME_MOST = 4096, AHEAD = 16 * 1024, RATIO = 400, FREE = 64 * 1024 * 1024 };
static const uint64_t SIZE_MOST = (uint64_t)8 << 30;

/* A file as minizip wants it: it asks for the archive's directory byte by byte. */
struct file {
	int fd;
	uint64_t at, ahead_at;
	size_t ahead_len;
	bool failed;
	char ahead[AHEAD];
};

struct member {
	struct zip_member about;
	unz64_file_pos place;
	uint64_t packed;
	bool encrypted, known_method;
};

struct zip {
	int fd;
	struct arena arena;
	struct intern names, lower_names; /* as they stand; in lower case */
	size_t *lower_member;             /* of each of these: the first member that has it */
	size_t lower_room;
	struct member *members;
	size_t count, room;
};

struct zip_stream {
	struct file file;
	unzFile unz;
	const struct member *member;
	struct sheet_problem *problem;
	uint64_t made;
	bool ended;
};

/* ---- the file beneath ---- */

static size_t read_at(struct file *file, char *to, size_t room, uint64_t at)
{
	ssize_t n;
	do
		n = pread(file->fd, to, room, (off_t)at);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		file->failed = true;
	return n < 0 ? 0 : (size_t)n;
}

static voidpf file_open(voidpf opaque, const void *name, int mode)
{
	(void)name, (void)mode;
	return opaque;
}

static uLong file_read(voidpf opaque, voidpf stream, void *to, uLong size)
{
	struct file *file = stream;
	uLong done = 0;
	(void)opaque;
	while (done < size) {
		if (file->at < file->ahead_at || file->at >= file->ahead_at + file->ahead_len) {
			file->ahead_len = read_at(file, file->ahead, sizeof file->ahead, file->at);
			file->ahead_at = file->at;
			if (!file->ahead_len)
				break;
		}
		size_t from = (size_t)(file->at - file->ahead_at), n = file->ahead_len - from;
		if (n > size - done)
			n = size - done;
		memcpy((char *)to + done, file->ahead + from, n);
		file->at += n;
		done += n;
	}
	return done;
}

static ZPOS64_T file_tell(voidpf opaque, voidpf stream)
{
	(void)opaque;
	return ((struct file *)stream)->at;
}

static long file_seek(voidpf opaque, voidpf stream, ZPOS64_T offset, int origin)
{
	struct file *file = stream;
	off_t end = origin == ZLIB_FILEFUNC_SEEK_END ? lseek(file->fd, 0, SEEK_END) : 0;
	(void)opaque;
	if (end < 0 || offset > INT64_MAX / 2)
		return -1;
	file->at = offset + (origin == ZLIB_FILEFUNC_SEEK_CUR ? file->at : (uint64_t)end);
	return 0;
}

static int file_close(voidpf opaque, voidpf stream)
{
	(void)opaque, (void)stream;
	return 0;
}

static int file_error(voidpf opaque, voidpf stream)
{
	(void)opaque;
	return ((struct file *)stream)->failed;
}

static unzFile open_unz(struct file *file, int fd)
{
	file->fd = fd;
	file->at = file->ahead_at = 0;
	file->ahead_len = 0;
	file->failed = false;
	zlib_filefunc64_def functions = { .zopen64_file = file_open, .zread_file = file_read, .ztell64_file = file_tell,
		.zseek64_file = file_seek, .zclose_file = file_close, .zerror_file = file_error, .opaque = file };
	return unzOpen2_64("", &functions);
}

/* What is wrong: the archive, unless the file could not be read. */
static bool damaged(const struct file *file, struct sheet_problem *problem, const char *message)
{
	if (file->failed)
		return problem_set(problem, STATUS_SYSTEM, TRANSLATED("the file cannot be read"));
	return problem_input(problem, message);
}

/* ---- the directory ---- */

static bool is_safe(struct view name)
{
	if (!name.len || name.ptr[0] == '/' || view_find_byte(name, '\\') != SIZE_MAX ||
	    view_find_byte(name, '\0') != SIZE_MAX || (name.len > 1 && byte_is_letter(name.ptr[0]) && name.ptr[1] == ':'))
		return false;
	for (struct view rest = name; rest.ptr;)
		if (view_is(view_cut(&rest, '/'), ".."))
			return false;
	return true;
}

static struct view lower(struct arena *arena, struct view name)
{
	char *copy = arena_string(arena, name);
	for (size_t i = 0; i < name.len; i++)
		copy[i] = byte_lower(copy[i]);
	return view(copy, name.len);
}

static bool add_member(struct zip *zip, unzFile unz, struct sheet_problem *problem)
{
	unz_file_info64 info;
	char name[NAME_MOST];
	size_t number;
	struct member member = { .packed = 0 };
	if (unzGetCurrentFileInfo64(unz, &info, name, sizeof name, NULL, 0, NULL, 0) != UNZ_OK ||
	    unzGetFilePos64(unz, &member.place) != UNZ_OK)
		return problem_input(problem, TRANSLATED("the directory of this archive is damaged"));
	if (info.size_filename >= NAME_MOST || !is_safe(view(name, info.size_filename)))
		return problem_input(problem, TRANSLATED("a member's name leads out of the archive (.., / or \\): refused"));
	member.about = (struct zip_member){ arena_copy(&zip->arena, view(name, info.size_filename)),
		(info.flag & 0x800) != 0, info.uncompressed_size };
	member.packed = info.compressed_size;
	member.encrypted = info.flag & 1;
	member.known_method = info.compression_method == 0 || info.compression_method == 8;
	if (!intern_add(&zip->names, member.about.name, &number))
		return problem_input(problem, TRANSLATED("two members of this archive have one name: refused"));
	if (intern_add(&zip->lower_names, lower(&zip->arena, member.about.name), &number)) {
		heap_grow(zip->lower_member, number, &zip->lower_room);
		zip->lower_member[number] = zip->count;
	}
	heap_grow(zip->members, zip->count, &zip->room);
	zip->members[zip->count++] = member;
	return true;
}

static bool read_directory(struct zip *zip, struct sheet_problem *problem)
{
	struct file file;
	unzFile unz = open_unz(&file, zip->fd);
	bool good = true;
	int more;
	if (!unz)
		return damaged(&file, problem, TRANSLATED("an archive (zip) cut short or damaged: its directory is not there"));
	for (more = unzGoToFirstFile(unz); good && more == UNZ_OK; more = unzGoToNextFile(unz)) {
		good = zip->count < ZIP_MEMBERS_MOST ? add_member(zip, unz, problem) :
		       problem_input(problem, TRANSLATED("more than 100,000 members in this archive: refused"));
	}
	if (good && more != UNZ_END_OF_LIST_OF_FILE)
		good = damaged(&file, problem, TRANSLATED("the directory of this archive is damaged"));
	unzClose(unz);
	return good;
}

struct zip *zip_open(int fd, struct sheet_problem *problem)
{
	struct zip *zip = heap_alloc(sizeof *zip);
	*zip = (struct zip){ .fd = fd };
	intern_init(&zip->names, &zip->arena);
	intern_init(&zip->lower_names, &zip->arena);
	if (read_directory(zip, problem))
		return zip;
	zip_close(zip);
	return NULL;
}

void zip_close(struct zip *zip)
{
	if (!zip)
		return;
	intern_release(&zip->names);
	intern_release(&zip->lower_names);
	free(zip->lower_member);
	arena_release(&zip->arena);
	free(zip->members);
	free(zip);
}

size_t zip_count(const struct zip *zip) { return zip->count; }
const struct zip_member *zip_member(const struct zip *zip, size_t number) { return &zip->members[number].about; }

size_t zip_find(const struct zip *zip, struct view name)
{
	struct arena arena = { 0 };
	size_t found = intern_find(&zip->lower_names, lower(&arena, name));
	arena_release(&arena);
	return found == SIZE_MAX ? SIZE_MAX : zip->lower_member[found];
}

/* ---- a member ---- */

struct zip_stream *zip_stream_open(struct zip *zip, size_t number, struct sheet_problem *problem)
{
	const struct member *member = &zip->members[number];
	if (member->encrypted) {
		problem_input(problem, TRANSLATED("protected by a password: remove it, then save the file again"));
		return NULL;
	}
	if (!member->known_method) {
		problem_input(problem, TRANSLATED("packed by a method other than deflate"));
		return NULL;
	}
	struct zip_stream *stream = heap_alloc(sizeof *stream);
	stream->member = member;
	stream->problem = problem;
	stream->made = 0;
	stream->ended = false;
	stream->unz = open_unz(&stream->file, zip->fd);
	if (stream->unz && unzGoToFilePos64(stream->unz, &member->place) == UNZ_OK &&
	    unzOpenCurrentFile(stream->unz) == UNZ_OK)
		return stream;
	damaged(&stream->file, problem, TRANSLATED("a member of this archive is damaged"));
	zip_stream_close(stream);
	return NULL;
}

/* Everything was read: was it all, and what was packed? */
static void end_stream(struct zip_stream *stream)
{
	stream->ended = true;
	if (stream->made != stream->member->about.size || unzCloseCurrentFile(stream->unz) != UNZ_OK)
		damaged(&stream->file, stream->problem, TRANSLATED("a member of this archive is damaged (wrong length or checksum)"));
}

size_t zip_stream_read(void *state, char *to, size_t room)
{
	struct zip_stream *stream = state;
	if (stream->ended || stream->problem->message)
		return 0;
	int n = unzReadCurrentFile(stream->unz, to, room > INT32_MAX ? INT32_MAX : (unsigned)room);
	if (n < 0) {
		stream->ended = true;
		damaged(&stream->file, stream->problem, TRANSLATED("an archive cut short or damaged: a member does not unpack"));
		return 0;
	}
	stream->made += (uint64_t)n;
	if (stream->made > SIZE_MOST || (stream->made > FREE && stream->made / RATIO > stream->member->packed)) {
		problem_input(stream->problem, TRANSLATED("unpacks to far more than it should (a zip bomb): refused"));
		return 0;
	}
	if (!n)
		end_stream(stream);
	return (size_t)n;
}

void zip_stream_close(void *state)
{
	struct zip_stream *stream = state;
	if (!stream)
		return;
	if (stream->unz)
		unzClose(stream->unz);
	free(stream);
}
