/* kind: see kind.h. */
#include "import/kind.h"

#include "import/cell.h"
#include "value/text.h"

/* The first cell from `i` on that holds something; the row's count where none does. */
static unsigned next_filled(const struct row *row, unsigned i)
{
	while (i < row->count && text_cell_is_blank(row_value(row, i)))
		i++;
	return i;
}

/* ---- the header again ---- */

static bool is_line(const struct row *row, const struct beginning_record *line)
{
	if (line->count != row->count)
		return false;
	for (unsigned i = 0; i < row->count; i++)
		if (!view_equal(view_trim(row_value(row, i)), view_trim(line->cells[i])))
			return false;
	return true;
}

static bool is_header_again(const struct import_file *file, const struct row *row)
{
	for (size_t i = 0; i < file->header_lines; i++)
		if (is_line(row, file->header[i]))
			return true;
	return false;
}

enum import_fate kind_of_header(const struct import_file *file, const struct row *row)
{
	struct arena scratch = { 0 };
	unsigned filled = 0, known = 0, here = 0;
	if (!file->matcher || layout_has_long_number(row_record(row)))
		return IMPORT_USED;
	for (unsigned i = 0; i < row->count; i++) {
		struct head head = head_make(&scratch, VIEW(""), row_value(row, i));
		if (!head.child.len)
			continue;
		head_match(&head, file->matcher, true);
		const struct head *own = i < file->width ? &file->heads[i] : NULL;
		filled++;
		known += head.column != NULL;
		here += own && ((head.column && head.column == own->column) || view_equal(head.child, own->child));
	}
	arena_release(&scratch);
	if (known < 2 || known * 2 <= filled)
		return IMPORT_USED;
	return here == filled ? IMPORT_REPEATED : IMPORT_OTHER;
}

/* ---- titles ---- */

static struct view without_digits(struct arena *arena, struct view text)
{
	char *to = arena_alloc(arena, text.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < text.len; i++)
		if (!byte_is_digit(text.ptr[i]))
			to[len++] = text.ptr[i];
	return view(to, len);
}

struct view kind_title(struct arena *arena, const struct beginning_record *record)
{
	struct view text = VIEW("");
	for (size_t i = 0; i < record->count; i++) {
		struct view cell = view_trim(record->cells[i]);
		if (cell.len && text.len)
			return VIEW("");
		text = cell.len ? cell : text;
	}
	return without_digits(arena, text);
}

static bool is_title_again(const struct import_file *file, const struct row *row, unsigned filled)
{
	if (!file->title_count || next_filled(row, filled + 1) < row->count)
		return false;
	struct view text = without_digits(row->arena, view_trim(row_value(row, filled)));
	for (size_t i = 0; i < file->title_count; i++)
		if (text.len && view_equal(text, file->titles[i]))
			return true;
	return false;
}

/* ---- all of it ---- */

/* Nearly all records: their first cell tells that they are none of the others. */
static bool is_plain(const struct import_file *file, const struct row *row)
{
	struct view first = row_value(row, 0);
	if (row->count != file->width || !cell_begins_otherwise(first))
		return false;
	for (size_t i = 0; i < file->header_lines; i++)
		if (first.ptr[0] == file->first[i])
			return false;
	return !file->title_count || (row->count > 1 && cell_begins_otherwise(row_value(row, 1)));
}

RARELY static enum import_fate kind_of_other(const struct import_file *file, const struct row *row)
{
	bool ragged = row->count != file->width;
	bool table = file->matcher != NULL;
	unsigned filled = table || ragged ? next_filled(row, 0) : 0;
	if (filled == row->count)
		return IMPORT_BLANK;
	if (is_header_again(file, row))
		return IMPORT_REPEATED;
	if (table && cell_is_footer(row_value(row, filled)))
		return IMPORT_FOOTER;
	if (table && is_title_again(file, row, filled))
		return IMPORT_TITLE;
	if (ragged && (row->count < file->width || next_filled(row, file->width) < row->count))
		return IMPORT_BAD;
	return IMPORT_USED;
}

enum import_fate kind_of(const struct import_file *file, const struct row *row)
{
	return is_plain(file, row) ? IMPORT_USED : kind_of_other(file, row);
}
