/* layout: see layout.h. */
#include "import/layout.h"

#include "table/scan.h"

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
			into->cells[into->count++] = dialect_value(dialect, view(bytes + at + start, field), arena);
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
	best.heads = NULL;
	return best;
}

static bool is_title(const struct beginning_record *record, unsigned width)
{
	size_t filled = 0;
	for (size_t i = 0; i < record->count; i++)
		filled += is_filled(record->cells[i]);
	return !filled || (record->count == 1 && width > 1) || (filled == 1 && width > 2);
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
