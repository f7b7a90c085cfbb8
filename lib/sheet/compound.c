/* compound: see compound.h. */
#include "sheet/compound.h"

#include <stdlib.h>

#include "base/arena.h"

enum {
	HEADER = 512, ENTRY = 128, IN_HEADER = 109, /* numbers of sectors of the table, in the header */
	SECTORS_MOST = 1 << 24, ENTRIES_MOST = 1 << 16,
};
static const uint32_t END_OF_CHAIN = 0xFFFFFFFE, NONE = 0xFFFFFFFF;

struct compound {
	struct view file;
	uint32_t sector, sectors;   /* bytes of one, and how many the file has */
	uint32_t mini_sector, cutoff;
	uint32_t *table;            /* of each sector: the next one of its chain */
	struct buf directory;
	struct buf mini, mini_table;
};

static uint32_t u16_at(struct view bytes, size_t at)
{
	return at + 2 > bytes.len ? 0 : (uint32_t)(unsigned char)bytes.ptr[at] | (uint32_t)(unsigned char)bytes.ptr[at + 1] << 8;
}

static uint32_t u32_at(struct view bytes, size_t at)
{
	return u16_at(bytes, at) | u16_at(bytes, at + 2) << 16;
}

/* A sector's bytes; short or none where the file ends before. */
static struct view sector_bytes(const struct compound *compound, uint32_t number)
{
	/* The header takes one sector, whatever its size. */
	uint64_t at = ((uint64_t)number + 1) * compound->sector;
	return at > compound->file.len ? view("", 0) :
	       view_first(view_skip(compound->file, (size_t)at), compound->sector);
}

/* The table of chains: its sectors are listed in the header, and beyond 109 in a chain of lists. */
static bool read_table(struct compound *compound)
{
	uint32_t each = compound->sector / 4, count = u32_at(compound->file, 44), list = u32_at(compound->file, 68);
	struct view numbers = view_first(view_skip(compound->file, 76), IN_HEADER * 4);
	uint32_t at = 0, lists = 0;
	compound->table = heap_alloc(((size_t)compound->sectors + each) * sizeof *compound->table);
	for (uint32_t i = 0; i < compound->sectors; i++)
		compound->table[i] = NONE;
	for (uint32_t i = 0; i < count && i * (uint64_t)each < compound->sectors; i++) {
		if (at * 4 + 4 > numbers.len) {
			if (list >= compound->sectors || lists++ > compound->sectors)
				return false;
			numbers = sector_bytes(compound, list);
			list = u32_at(numbers, (each - 1) * (size_t)4);
			numbers = view_first(numbers, (each - 1) * (size_t)4);
			at = 0;
		}
		struct view sector = sector_bytes(compound, u32_at(numbers, at++ * (size_t)4));
		for (uint32_t k = 0; k < each && i * (uint64_t)each + k < compound->sectors; k++)
			compound->table[i * each + k] = k * 4 + 4 <= sector.len ? u32_at(sector, k * (size_t)4) : NONE;
	}
	return true;
}

/* Appends a chain of sectors, at most `size` bytes of it; false where it is broken. */
static bool read_chain(const struct compound *compound, uint32_t first, uint64_t size, struct buf *to)
{
	uint32_t links = 0;
	for (uint32_t at = first; at != END_OF_CHAIN && size; at = compound->table[at]) {
		if (at >= compound->sectors || links++ > compound->sectors)
			return false;
		struct view bytes = view_first(sector_bytes(compound, at), size < compound->sector ? (size_t)size : SIZE_MAX);
		buf_put(to, bytes);
		size -= bytes.len;
		if (bytes.len < compound->sector && size)
			return false;
	}
	return true;
}

/* The same in the stream of small streams. */
static bool read_mini_chain(const struct compound *compound, uint32_t first, uint64_t size, struct buf *to)
{
	struct view mini = buf_view(&compound->mini), table = buf_view(&compound->mini_table);
	size_t links = 0;
	for (uint32_t at = first; size; at = u32_at(table, at * (size_t)4)) {
		uint64_t start = (uint64_t)at * compound->mini_sector;
		if (start >= mini.len || at * (uint64_t)4 + 4 > table.len || links++ > table.len / 4)
			return false;
		struct view bytes = view_first(view_skip(mini, (size_t)start), compound->mini_sector);
		bytes = view_first(bytes, size < bytes.len ? (size_t)size : SIZE_MAX);
		buf_put(to, bytes);
		size -= bytes.len;
	}
	return true;
}

static struct view entry_at(const struct compound *compound, uint32_t number)
{
	return view_first(view_skip(buf_view(&compound->directory), number * (size_t)ENTRY), ENTRY);
}

static uint64_t entry_size(const struct compound *compound, struct view entry)
{
	/* The upper half says nothing in files of small sectors. */
	return u32_at(entry, 120) | (compound->sector > 512 ? (uint64_t)u32_at(entry, 124) << 32 : 0);
}

static bool open_file(struct compound *compound, struct view file)
{
	uint32_t shift = u16_at(file, 30), mini = u16_at(file, 32);
	*compound = (struct compound){ .file = file, .cutoff = u32_at(file, 56) };
	if (file.len < HEADER || (shift != 9 && shift != 12) || mini < 4 || mini > shift)
		return false;
	compound->sector = 1u << shift;
	compound->mini_sector = 1u << mini;
	uint64_t sectors = file.len / compound->sector;
	if (sectors > SECTORS_MOST)
		return false;
	compound->sectors = (uint32_t)sectors;
	if (!read_table(compound) ||
	    !read_chain(compound, u32_at(file, 48), (uint64_t)ENTRIES_MOST * ENTRY, &compound->directory) ||
	    compound->directory.len < ENTRY)
		return false;
	struct view root = entry_at(compound, 0);
	if (u32_at(file, 64) &&
	    (!read_chain(compound, u32_at(file, 60), (uint64_t)u32_at(file, 64) * compound->sector, &compound->mini_table) ||
	     !read_chain(compound, u32_at(root, 116), entry_size(compound, root), &compound->mini)))
		return false;
	return true;
}

static void close_file(struct compound *compound)
{
	free(compound->table);
	buf_release(&compound->directory);
	buf_release(&compound->mini);
	buf_release(&compound->mini_table);
}

/* Names are UTF-16 with a NUL behind. */
static bool is_named(struct view entry, const char *name)
{
	size_t len = strlen(name);
	if (u16_at(entry, 64) != (len + 1) * 2 || len > 31)
		return false;
	for (size_t i = 0; i < len; i++)
		if (u16_at(entry, i * 2) != (unsigned char)name[i])
			return false;
	return true;
}

/* The entries of the root folder are a tree: left and right of each other.  What is embedded in
 * folders below is not looked at. */
static uint32_t find_entry(const struct compound *compound, const char *name)
{
	uint32_t count = (uint32_t)(compound->directory.len / ENTRY), top = 0, found = NONE, seen = 0;
	uint32_t *stack = heap_alloc(((size_t)count * 2 + 2) * sizeof *stack);
	stack[top++] = u32_at(entry_at(compound, 0), 76);
	while (top && found == NONE && seen++ <= count) {
		uint32_t number = stack[--top];
		if (number >= count)
			continue;
		struct view entry = entry_at(compound, number);
		if (is_named(entry, name))
			found = number;
		stack[top++] = u32_at(entry, 68);
		stack[top++] = u32_at(entry, 72);
	}
	free(stack);
	return found;
}

bool compound_has(struct view file, const char *name)
{
	struct compound compound;
	bool found = open_file(&compound, file) && find_entry(&compound, name) != NONE;
	close_file(&compound);
	return found;
}

bool compound_read(struct view file, const char *const *names, size_t count, struct buf *stream,
                   struct sheet_problem *problem)
{
	struct compound compound;
	uint32_t found = NONE;
	bool good = open_file(&compound, file);
	for (size_t i = 0; good && i < count && found == NONE; i++)
		found = find_entry(&compound, names[i]);
	if (!good) {
		problem_input(problem, TRANSLATED("an xls file cut short or damaged: its sectors lead nowhere"));
	} else if (found == NONE) {
		good = problem_input(problem, TRANSLATED("an Office file without a workbook"));
	} else {
		struct view entry = entry_at(&compound, found);
		uint64_t size = entry_size(&compound, entry);
		good = size < compound.cutoff ? read_mini_chain(&compound, u32_at(entry, 116), size, stream) :
		                                read_chain(&compound, u32_at(entry, 116), size, stream);
		if (!good || stream->len < size)
			good = problem_input(problem, TRANSLATED("an xls file cut short or damaged: its sectors lead nowhere"));
	}
	close_file(&compound);
	return good;
}
