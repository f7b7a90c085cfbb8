/* document: see document.h. */
#include "render/document.h"

/* Puts a copy of `item` behind the last one of a list; *end is where the next one hangs. */
#define APPEND(arena, end, item)                                     \
	do {                                                         \
		*(end) = arena_alloc((arena), sizeof **(end));       \
		**(end) = (item);                                    \
		(*(end))->next = NULL;                               \
		(end) = &(*(end))->next;                             \
	} while (0)

void document_init(struct document *doc, struct arena *arena, enum doc_language language)
{
	*doc = (struct document){ .language = language, .arena = arena };
	doc->figures_end = &doc->figures;
	doc->notes_end = &doc->notes;
	doc->sections_end = &doc->sections;
	doc->definitions_end = &doc->definitions;
	doc->provenance_end = &doc->provenance;
}

void document_figure(struct document *doc, struct doc_figure figure)
{
	APPEND(doc->arena, doc->figures_end, figure);
}

void document_note(struct document *doc, struct view label, struct view text)
{
	struct doc_fact fact = { .label = label, .text = text };
	APPEND(doc->arena, doc->notes_end, fact);
}

void document_definition(struct document *doc, struct view label, struct view text)
{
	struct doc_fact fact = { .label = label, .text = text };
	APPEND(doc->arena, doc->definitions_end, fact);
}

void document_provenance(struct document *doc, struct view label, struct view text)
{
	struct doc_fact fact = { .label = label, .text = text };
	APPEND(doc->arena, doc->provenance_end, fact);
}

struct doc_section *document_section(struct document *doc, struct view id, struct view heading,
                                     const struct doc_column *columns, unsigned count)
{
	struct doc_column *copy = arena_zero(doc->arena, count, sizeof *copy);
	if (count)
		memcpy(copy, columns, count * sizeof *copy);
	struct doc_section *section = arena_zero(doc->arena, 1, sizeof *section);
	*section = (struct doc_section){ .id = id, .heading = heading, .columns = copy,
	                                 .column_count = count, .arena = doc->arena };
	section->charts_end = &section->charts;
	section->notes_end = &section->notes;
	*doc->sections_end = section;
	doc->sections_end = &section->next;
	return section;
}

struct doc_cell *section_row(struct doc_section *section, enum doc_row_kind kind)
{
	if (section->row_count == section->row_capacity) {
		size_t capacity = section->row_capacity ? 2 * section->row_capacity : 16;
		struct doc_row *rows = arena_zero(section->arena, capacity, sizeof *rows);
		if (section->row_count)
			memcpy(rows, section->rows, section->row_count * sizeof *rows);
		section->rows = rows;
		section->row_capacity = capacity;
	}
	struct doc_row *row = &section->rows[section->row_count++];
	row->kind = kind;
	row->cells = arena_zero(section->arena, section->column_count, sizeof *row->cells);
	return row->cells;
}

void section_chart(struct doc_section *section, struct doc_chart chart)
{
	if (!chart.values)
		chart.values = 1;
	APPEND(section->arena, section->charts_end, chart);
}

void section_note(struct doc_section *section, struct view label, struct view text)
{
	struct doc_fact fact = { .label = label, .text = text };
	APPEND(section->arena, section->notes_end, fact);
}

bool section_has_marks(const struct doc_section *section)
{
	for (size_t r = 0; r < section->row_count; r++)
		for (unsigned c = 0; c < section->column_count; c++)
			if (section->rows[r].cells[c].mark != MARK_NONE)
				return true;
	return false;
}
