/* lines: see lines.h. */
#include "sheet/lines.h"

#include <stdlib.h>

#include "base/arena.h"
#include "table/dialect.h"

enum { RATIO = 1000, ALWAYS = 256 * 1024 * 1024 };

void lines_init(struct lines *lines, struct sheet_problem *problem, uint64_t size)
{
	*lines = (struct lines){ .problem = problem, .most = size > ALWAYS / RATIO ? size * RATIO : ALWAYS };
	pthread_mutex_init(&lines->lock, NULL);
}

void lines_release(struct lines *lines)
{
	pthread_mutex_destroy(&lines->lock);
	buf_release(&lines->out);
	buf_release(&lines->escaped);
	free(lines->merges);
	free(lines->doubts);
}

static bool wrong(struct lines *lines, const char *message)
{
	problem_input(lines->problem, message);
	if (!lines->problem->row)
		lines->problem->row = lines->row;
	return false;
}

/* Bytes that are about to be written. */
static bool take(struct lines *lines, uint64_t bytes)
{
	lines->made += bytes;
	return lines->made <= lines->most ||
	       wrong(lines, TRANSLATED("the text of this sheet is a thousand times as large as the file: refused"));
}

static void repeat(struct lines *lines, char byte, uint64_t times)
{
	memset(buf_reserve(&lines->out, times), byte, times);
	lines->out.len += times;
}

/* Fills the row up and ends it. */
static bool end_row(struct lines *lines)
{
	if (!lines->fields)
		return true;
	uint32_t missing = lines->width > lines->fields ? lines->width - lines->fields : 0;
	if (!take(lines, missing + 1))
		return false;
	repeat(lines, '\t', missing);
	buf_byte(&lines->out, '\n');
	if (lines->fields > lines->width)
		lines->width = lines->fields;
	lines->fields = 0;
	return true;
}

bool lines_row(struct lines *lines, uint64_t row)
{
	if (!end_row(lines))
		return false;
	if (row <= lines->row)
		return wrong(lines, TRANSLATED("the rows of this sheet are not in order: the workbook is damaged"));
	if (row > SHEET_ROWS_MOST)
		return wrong(lines, TRANSLATED("more rows than a sheet can have (1,048,576)"));
	lines->row = row;
	lines->next = 0;
	return true;
}

bool lines_escaped(struct lines *lines, uint32_t column, struct view text)
{
	if (column >= SHEET_COLUMNS_MOST)
		return wrong(lines, TRANSLATED("more columns than a sheet can have (16,384)"));
	if (column < lines->next)
		return wrong(lines, TRANSLATED("the cells of this row are not in order: the workbook is damaged"));
	lines->next = column + 1;
	if (!text.len)
		return true;
	uint64_t empty = lines->fields ? 0 : lines->row - lines->begun - 1;
	uint32_t tabs = column + 1 - (lines->fields ? lines->fields : 1);
	if (!take(lines, empty + tabs + text.len))
		return false;
	repeat(lines, '\n', empty);
	repeat(lines, '\t', tabs);
	buf_put(&lines->out, text);
	lines->begun = lines->row;
	lines->fields = column + 1;
	return true;
}

void lines_escape(struct view text, struct buf *to)
{
	dialect_put(dialect_tsv(), text, to);
}

bool lines_cell(struct lines *lines, uint32_t column, struct view text)
{
	if (text.len > LINES_CELL_MOST)
		return wrong(lines, TRANSLATED("a cell longer than 16 MiB"));
	bool plain = true;
	for (size_t i = 0; i < text.len && plain; i++)
		plain = (unsigned char)text.ptr[i] >= ' ' && text.ptr[i] != '\\';
	if (plain)
		return lines_escaped(lines, column, text);
	buf_reset(&lines->escaped);
	lines_escape(text, &lines->escaped);
	return lines_escaped(lines, column, buf_view(&lines->escaped));
}

void lines_end(struct lines *lines)
{
	end_row(lines);
}

bool lines_merge(struct lines *lines, struct sheet_merge merge)
{
	if (merge.first_row < 1 || merge.first_column < 1 || merge.last_row > SHEET_ROWS_MOST ||
	    merge.last_column > SHEET_COLUMNS_MOST || merge.first_row > merge.last_row ||
	    merge.first_column > merge.last_column)
		return wrong(lines, TRANSLATED("merged cells outside of the sheet: the workbook is damaged"));
	if (lines->merge_count == SHEET_MERGES_MOST)
		return wrong(lines, TRANSLATED("more than 1,000,000 merged ranges"));
	heap_grow(lines->merges, lines->merge_count, &lines->merge_room);
	lines->merges[lines->merge_count++] = merge;
	return true;
}

/* ---- doubts ---- */

static uint64_t doubt_key(uint64_t row, uint32_t column)
{
	return row << 20 | (uint64_t)column << 4;
}

void lines_doubt(struct lines *lines, uint32_t column, enum sheet_doubt doubt)
{
	pthread_mutex_lock(&lines->lock);
	lines->doubt_counts[doubt]++;
	if (lines->doubt_count < LINES_DOUBTS_MOST) {
		heap_grow(lines->doubts, lines->doubt_count, &lines->doubt_room);
		lines->doubts[lines->doubt_count++] = doubt_key(lines->row, column) | doubt;
	}
	pthread_mutex_unlock(&lines->lock);
}

enum sheet_doubt lines_doubt_at(struct lines *lines, uint64_t row, uint32_t column)
{
	uint64_t key = doubt_key(row, column);
	enum sheet_doubt found = SHEET_DOUBT_NONE;
	pthread_mutex_lock(&lines->lock);
	size_t from = 0, to = lines->doubt_count;
	while (from < to) {
		size_t middle = (from + to) / 2;
		if (lines->doubts[middle] < key)
			from = middle + 1;
		else
			to = middle;
	}
	if (from < lines->doubt_count && lines->doubts[from] >> 4 == key >> 4)
		found = (enum sheet_doubt)(lines->doubts[from] & 15);
	pthread_mutex_unlock(&lines->lock);
	return found;
}
