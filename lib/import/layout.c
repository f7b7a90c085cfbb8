/* layout: see layout.h. */
#include "import/layout.h"

#include "table/lenient.h"
#include "table/scan.h"
#include "value/text.h"

enum { COLUMNS_LOOKED_AT = 512 }; /* of each record, while the header is sought */

struct beginning beginning_of(struct arena *arena, struct dialect dialect, struct view text, bool whole)
{
	struct beginning beginning = { .count = 0 };
	char *bytes = arena_zero(arena, 1, text.len + 1 + SCAN_PADDING);
	size_t at = 0, len = text.len;
	uint64_t line = 1;
	if (len)
		memcpy(bytes, text.ptr, len);
	if (whole && len && bytes[len - 1] != '\n')
		bytes[len++] = '\n';
	while (beginning.count < LAYOUT_RECORDS) {
		size_t record = scan_first(dialect, bytes + at, len - at);
		if (!record)
			break;
		struct split split = { 0 };
		scan_split_plain(&split, dialect, bytes + at, record);
		struct beginning_record *into = &beginning.record[beginning.count++];
		into->cells = arena_zero(arena, split.end_count + 1, sizeof *into->cells);
		into->line = line;
		into->bad = split.bad_count != 0;
		for (size_t i = 0; i < split.end_count; i++) {
			uint32_t start = split.ends[(ptrdiff_t)i - 1] + 1;
			size_t field = split.ends[i] - start;
			while (i + 1 == split.end_count && field && bytes[at + start + field - 1] == '\r')
				field--;
			struct view value = dialect_value(dialect, view(bytes + at + start, field), arena), rest;
			into->cells[into->count++] = !i && lenient_guessed(value, &rest) ? rest : value;
		}
		for (size_t i = 0; i < record; i++)
			line += bytes[at + i] == '\n';
		at += record;
		into->end = at < text.len ? at : text.len;
		split_release(&split);
	}
	return beginning;
}

static bool is_filled(struct view cell)
{
	return view_trim(cell).len != 0;
}

/* The cell at `column`, or of merged cells the one to its left. */
static struct view merged(const struct beginning_record *record, size_t column)
{
	for (size_t i = column < record->count ? column + 1 : record->count; i-- > 0;)
		if (is_filled(record->cells[i]))
			return record->cells[i];
	return VIEW("");
}

static void make_heads(struct arena *arena, const struct beginning *beginning, struct layout *layout, size_t most)
{
	const struct beginning_record *record = &beginning->record[layout->first];
	const struct beginning_record *last = &record[layout->lines - 1];
	layout->count = 0;
	for (size_t i = 0; i < layout->lines; i++)
		if (record[i].count > layout->count)
			layout->count = record[i].count;
	if (layout->count > most)
		layout->count = most;
	layout->heads = arena_zero(arena, layout->count + 1, sizeof *layout->heads);
	for (size_t i = 0; i < layout->count; i++) {
		struct view child = i < last->count ? last->cells[i] : VIEW(""), parent = VIEW("");
		/* The nearest line above is the parent; a cell that is blank in the last line
		 * was merged downwards. */
		for (size_t up = layout->lines - 1; up-- > 0 && !is_filled(parent);) {
			if (is_filled(child))
				parent = merged(&record[up], i);
			else if (i < record[up].count)
				parent = record[up].cells[i];
		}
		layout->heads[i] = head_make(arena, parent, child);
	}
}

void layout_heads(struct arena *arena, const struct beginning *beginning, struct layout *layout)
{
	make_heads(arena, beginning, layout, SIZE_MAX);
}

/* How many columns of the table these are; second ones do not count. */
static size_t count_known(struct layout *layout, const struct matcher *matcher)
{
	size_t known = 0;
	for (size_t i = 0; i < layout->count; i++)
		head_match(&layout->heads[i], matcher, true);
	heads_settle(layout->heads, layout->count);
	for (size_t i = 0; i < layout->count; i++)
		known += layout->heads[i].column != NULL && !layout->heads[i].second;
	return known;
}

/* A table is not guessed by columns that any may have, such as the project. */
static bool is_typical(const struct layout *layout)
{
	for (size_t i = 0; i < layout->count; i++)
		if (layout->heads[i].column && layout->heads[i].column->marks)
			return true;
	return false;
}

/* What the records here are in each table, against the best so far. */
static void consider(struct layout *best, struct layout *here, struct matcher *const *matchers, size_t count, bool guess)
{
	for (size_t m = 0; m < count; m++) {
		here->table = matchers[m]->table;
		here->known = count_known(here, matchers[m]);
		if (!here->known || here->known < best->known ||
		    (guess && (!is_typical(here) || layout_missing(here, here->table))))
			continue;
		if (here->known > best->known)
			*best = *here;
		else if (here->table != best->table && here->first == best->first && here->lines == best->lines)
			best->rival = here->table;
	}
}

/* ---- a header above the best one ---- */

/* Dates, amounts and telephones have such, headers hardly. */
bool layout_has_long_number(struct view text)
{
	size_t digits = 0;
	for (size_t i = 0; i < text.len && digits < 5; i++)
		digits = byte_is_digit(text.ptr[i]) ? digits + 1 : 0;
	return digits == 5;
}

/* A row of a table stands here, as far as that can be told without its header. */
static bool is_row(const struct beginning_record *record)
{
	size_t filled = 0;
	bool number = false;
	for (size_t i = 0; i < record->count; i++) {
		filled += is_filled(record->cells[i]);
		number |= layout_has_long_number(record->cells[i]);
	}
	return filled > 1 && number;
}

/* Rows that stand above the best header are no titles where a header of theirs stands above
 * them: then that one is the file's, and the other begins another table. */
static void prefer_upper(const struct beginning *beginning, const struct matcher *matcher, struct layout *best)
{
	struct arena scratch = { 0 };
	for (size_t first = 0; first + 1 < best->first; first++) {
		struct layout here = { .first = first, .lines = 1, .table = best->table };
		bool rows = false;
		for (size_t i = first + 1; i < best->first; i++)
			rows |= is_row(&beginning->record[i]);
		make_heads(&scratch, beginning, &here, COLUMNS_LOOKED_AT);
		here.known = count_known(&here, matcher);
		size_t filled = 0;
		for (size_t i = 0; i < here.count; i++)
			filled += here.heads[i].shown.len != 0;
		if (!rows || here.known < 2 || here.known * 2 <= filled)
			continue;
		*best = here;
		break;
	}
	arena_release(&scratch);
}

struct layout layout_find(const struct beginning *beginning, struct matcher *const *matchers, size_t count,
                          size_t lines, bool guess)
{
	struct layout best = { 0 };
	struct arena scratch = { 0 };
	for (size_t height = lines ? lines : 1; height <= (lines ? lines : 2); height++) {
		for (size_t first = 0; first + height <= beginning->count; first++) {
			struct layout here = { .first = first, .lines = height };
			make_heads(&scratch, beginning, &here, COLUMNS_LOOKED_AT);
			consider(&best, &here, matchers, count, guess);
			arena_reset(&scratch);
		}
	}
	arena_release(&scratch);
	for (size_t m = 0; m < count; m++)
		if (matchers[m]->table == best.table)
			prefer_upper(beginning, matchers[m], &best);
	best.heads = NULL;
	return best;
}

static bool is_title(const struct beginning_record *record, unsigned width)
{
	size_t filled = 0;
	for (size_t i = 0; i < record->count; i++)
		filled += is_filled(record->cells[i]);
	return !filled || record->count * 2 <= width || (filled == 1 && width > 2);
}

struct layout layout_plain(const struct beginning *beginning, unsigned width, size_t lines)
{
	size_t first = 0;
	while (first < beginning->count && is_title(&beginning->record[first], width))
		first++;
	if (first == beginning->count)
		first = 0;
	lines = lines ? lines : 1;
	return (struct layout){ .first = first, .lines = lines < beginning->count - first ? lines : beginning->count - first };
}

/* ---- columns without a header ---- */

/* The last field of the record that holds something, + 1. */
static size_t width_of(const struct split *split, const char *bytes, size_t first, size_t count)
{
	while (count) {
		uint32_t end = split->ends[first + count - 1], start = split->ends[(ptrdiff_t)(first + count) - 2] + 1;
		if (!text_cell_is_blank(view(bytes + start, end - start)) && !view_is(view(bytes + start, end - start), "\"\""))
			break;
		count--;
	}
	return count;
}

/* How many columns rows of the sample need; such as need more than `most` are too long. */
static size_t width_of_rows(struct dialect dialect, struct view sample, size_t most)
{
	struct split split = { 0 };
	size_t width = 0;
	scan_split_plain(&split, dialect, sample.ptr, sample.len);
	for (size_t line = 0, field = 0; line < split.line_count; line++) {
		size_t count = 1;
		while (split.ends[field + count - 1] != split.lines[line])
			count++;
		size_t its = width_of(&split, sample.ptr, field, count);
		width = its > width && its <= most ? its : width;
		field += count;
	}
	split_release(&split);
	return width;
}

size_t layout_trim(struct layout *layout, struct dialect dialect, struct view sample)
{
	size_t named = layout->count, before = layout->count;
	while (named && !layout->heads[named - 1].shown.len)
		named--;
	if (named == before || !named)
		return 0;
	size_t needed = width_of_rows(dialect, sample, before);
	layout->count = needed < named ? named : needed < before ? needed : before;
	return before - layout->count;
}

/* Do the column's cells count 1, 2, 3, or from some other number on? */
static bool counts_rows(const struct beginning *rows, size_t column)
{
	size_t seen = 0;
	uint64_t before = 0;
	for (size_t i = 0; i < rows->count; i++) {
		const struct beginning_record *row = &rows->record[i];
		uint64_t number;
		struct view cell = column < row->count ? view_trim(row->cells[column]) : VIEW("");
		if (!cell.len)
			continue;
		if (!view_parse_u64(cell, 0, UINT32_MAX, &number) || (seen && number != before + 1))
			return false;
		before = number;
		seen++;
	}
	return seen >= 3;
}

void layout_number(struct layout *layout, struct dialect dialect, struct view sample)
{
	struct arena scratch = { 0 };
	struct beginning rows = { .count = 0 };
	for (size_t i = 0; i < layout->count; i++) {
		struct head *head = &layout->heads[i];
		if (head->shown.len)
			continue;
		if (!rows.count)
			rows = beginning_of(&scratch, dialect, sample, false);
		if (!counts_rows(&rows, i))
			continue;
		head->column = model_column(model_any(), VIEW("serial"));
		head->how = HEAD_EXACT;
	}
	arena_release(&scratch);
}

const struct model_column *layout_missing(const struct layout *layout, const struct model_table *table)
{
	const struct model_column *who = NULL;
	bool has_who = false;
	for (size_t i = 0; i < layout->count; i++)
		has_who |= layout->heads[i].column && (layout->heads[i].column->marks & MODEL_WHO);
	for (size_t c = 0; c < table->count; c++) {
		const struct model_column *column = &table->columns[c];
		bool there = false;
		for (size_t i = 0; i < layout->count && !there; i++)
			there = layout->heads[i].column == column;
		if (!there && (column->marks & MODEL_MUST))
			return column;
		if (!who && (column->marks & MODEL_WHO))
			who = column;
	}
	return has_who ? NULL : who;
}
