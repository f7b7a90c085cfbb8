/* xlsx: see xlsx.h.  Here: the workbook, its relations and styles. */
#include "sheet/xlsx.h"

#include <stdlib.h>

#include "sheet/shown.h"
#include "sheet/strings.h"
#include "sheet/zip.h"

enum { SHEETS_MOST = 4096, RELATIONS_MOST = 20000 };

/* ---- parts ---- */

bool xlsx_read_part(struct book *book, size_t part, struct xml_calls calls, void *arg, struct sheet_problem *problem)
{
	if (part == SIZE_MAX)
		return true;
	struct zip_stream *stream = zip_stream_open(book->zip, part, problem);
	if (!stream)
		return false;
	calls.read = zip_stream_read;
	calls.state = stream;
	struct xml *xml = xml_new(&calls, arg, false, problem);
	while (xml_run(xml))
		;
	xml_free(xml);
	zip_stream_close(stream);
	return !problem->message;
}

static void ignore_close(void *arg, unsigned depth, const char *name)
{
	(void)arg, (void)depth, (void)name;
}

static void ignore_text(void *arg, struct view text)
{
	(void)arg, (void)text;
}

/* The folder of a part, with its slash. */
static struct view folder_of(struct view part)
{
	while (part.len && part.ptr[part.len - 1] != '/')
		part.len--;
	return part;
}

/* Where a relation of a part leads: its target from the part's folder, .. resolved. */
static size_t resolve(const struct zip *zip, struct view part, struct view target)
{
	struct buf name = { 0 };
	if (target.len && target.ptr[0] == '/')
		target = view_skip(target, 1);
	else
		buf_put(&name, folder_of(part));
	for (struct view rest = target; rest.ptr;) {
		struct view step = view_cut(&rest, '/');
		if (view_is(step, "..")) {
			name.len = name.len ? folder_of(view(name.ptr, name.len - 1)).len : 0;
		} else if (!view_is(step, ".")) {
			buf_put(&name, step);
			if (rest.ptr)
				buf_byte(&name, '/');
		}
	}
	size_t found = zip_find(zip, buf_view(&name));
	buf_release(&name);
	return found;
}

/* ---- relations: which part is meant by an id, or by a type ---- */

struct relation {
	struct view id, type; /* the type's last word: worksheet */
	size_t part;
};

struct relations {
	struct book *book;
	struct sheet_problem *problem;
	struct view of; /* the part whose they are */
	struct relation *list;
	size_t count, room;
};

static void open_relation(void *arg, unsigned depth, const char *name, const char **attributes)
{
	struct relations *relations = arg;
	const char *id = xml_attribute(attributes, "Id"), *type = xml_attribute(attributes, "Type");
	const char *target = xml_attribute(attributes, "Target");
	if (depth != 2 || strcmp(name, "Relationship") != 0 || !id || !type || !target)
		return;
	if (relations->count == RELATIONS_MOST) {
		problem_input(relations->problem, TRANSLATED("more than 20,000 relations in this workbook: refused"));
		return;
	}
	struct view word = view_of(type);
	struct arena *arena = &relations->book->arena;
	heap_grow(relations->list, relations->count, &relations->room);
	relations->list[relations->count++] = (struct relation){ arena_copy(arena, view_of(id)),
		arena_copy(arena, view_skip(word, folder_of(word).len)),
		resolve(relations->book->zip, relations->of, view_of(target)) };
}

/* Those of a part ("" is the archive) stand in the folder _rels beside it. */
static bool read_relations(struct book *book, struct view part, struct relations *relations, struct sheet_problem *problem)
{
	struct xml_calls calls = { .open = open_relation, .close = ignore_close, .text = ignore_text };
	struct view folder = folder_of(part);
	struct buf name = { 0 };
	*relations = (struct relations){ .book = book, .problem = problem, .of = part };
	buf_put(&name, folder);
	buf_text(&name, "_rels/");
	buf_put(&name, view_skip(part, folder.len));
	buf_text(&name, ".rels");
	size_t member = zip_find(book->zip, buf_view(&name));
	buf_release(&name);
	return xlsx_read_part(book, member, calls, relations, problem);
}

static size_t part_of_type(const struct relations *relations, const char *type)
{
	for (size_t i = 0; i < relations->count; i++)
		if (view_is(relations->list[i].type, type) && relations->list[i].part != SIZE_MAX)
			return relations->list[i].part;
	return SIZE_MAX;
}

/* ---- styles: the format of each style of a cell ---- */

struct custom {
	unsigned number;
	struct format format;
};

struct styles {
	struct xlsx *xlsx;
	bool in_formats, in_cells;
	struct custom *customs;
	size_t custom_count, custom_room;
	unsigned *numbers; /* of each style, until the customs are all known */
	size_t count, room;
};

static unsigned number_of(const char *text)
{
	uint64_t number;
	return text && view_parse_u64(view_trim(view_of(text)), 0, 1000000, &number) ? (unsigned)number : 0;
}

static void open_style(void *arg, unsigned depth, const char *name, const char **attributes)
{
	struct styles *styles = arg;
	if (depth == 2) {
		styles->in_formats = strcmp(name, "numFmts") == 0;
		styles->in_cells = strcmp(name, "cellXfs") == 0;
	} else if (depth == 3 && styles->in_formats && strcmp(name, "numFmt") == 0 &&
	           styles->custom_count < XLSX_FORMATS_MOST) {
		const char *code = xml_attribute(attributes, "formatCode");
		heap_grow(styles->customs, styles->custom_count, &styles->custom_room);
		styles->customs[styles->custom_count++] = (struct custom){
			number_of(xml_attribute(attributes, "numFmtId")), format_of(view_of(code ? code : "")) };
	} else if (depth == 3 && styles->in_cells && strcmp(name, "xf") == 0 && styles->count < XLSX_FORMATS_MOST) {
		heap_grow(styles->numbers, styles->count, &styles->room);
		styles->numbers[styles->count++] = number_of(xml_attribute(attributes, "numFmtId"));
	}
}

static int by_number(const void *a, const void *b)
{
	unsigned x = ((const struct custom *)a)->number, y = ((const struct custom *)b)->number;
	return (x > y) - (x < y);
}

static bool read_styles(struct book *book, size_t part, struct sheet_problem *problem)
{
	struct xml_calls calls = { .open = open_style, .close = ignore_close, .text = ignore_text };
	struct xlsx *xlsx = book->own;
	struct styles styles = { .xlsx = xlsx };
	bool good = xlsx_read_part(book, part, calls, &styles, problem);
	if (styles.custom_count)
		qsort(styles.customs, styles.custom_count, sizeof *styles.customs, by_number);
	xlsx->formats = arena_zero(&book->arena, styles.count + 1, sizeof *xlsx->formats);
	xlsx->format_count = styles.count;
	for (size_t i = 0; i < styles.count; i++) {
		struct custom key = { .number = styles.numbers[i] }, *custom = styles.custom_count ?
			bsearch(&key, styles.customs, styles.custom_count, sizeof key, by_number) : NULL;
		xlsx->formats[i] = custom ? custom->format : format_builtin(key.number);
	}
	free(styles.customs);
	free(styles.numbers);
	return good;
}

/* ---- the workbook ---- */

struct workbook {
	struct book *book;
	struct sheet_problem *problem;
	const struct relations *relations;
	bool in_sheets;
};

static bool is_true(const char *text)
{
	return text && (strcmp(text, "1") == 0 || strcmp(text, "true") == 0);
}

static void add_sheet(struct workbook *workbook, const char **attributes)
{
	struct book *book = workbook->book;
	struct xlsx *xlsx = book->own;
	const char *name = xml_attribute(attributes, "name"), *state = xml_attribute(attributes, "state");
	const char *id = xml_attribute(attributes, "id");
	for (size_t i = 0; id && i < workbook->relations->count; i++) {
		const struct relation *relation = &workbook->relations->list[i];
		if (!view_equal(relation->id, view_of(id)))
			continue;
		if (!view_is(relation->type, "worksheet"))
			return; /* a chart, a dialogue */
		if (book->sheet_count == SHEETS_MOST) {
			problem_input(workbook->problem, TRANSLATED("more than 4,096 sheets: refused"));
			return;
		}
		heap_grow(xlsx->parts, xlsx->part_count, &xlsx->part_room);
		xlsx->parts[xlsx->part_count++] = relation->part;
		book_add_sheet(book, view_of(name ? name : ""), state && strcmp(state, "visible") != 0);
		return;
	}
}

static void open_workbook(void *arg, unsigned depth, const char *name, const char **attributes)
{
	struct workbook *workbook = arg;
	if (depth == 1 && strcmp(name, "workbook") != 0)
		problem_input(workbook->problem, TRANSLATED("an Office file without a workbook"));
	if (depth == 2)
		workbook->in_sheets = strcmp(name, "sheets") == 0;
	if (depth == 2 && strcmp(name, "workbookPr") == 0)
		workbook->book->from_1904 = is_true(xml_attribute(attributes, "date1904"));
	if (depth == 3 && workbook->in_sheets && strcmp(name, "sheet") == 0)
		add_sheet(workbook, attributes);
}

/* The part that is the workbook: what the archive's relations name, or where it always is. */
static size_t workbook_part(struct book *book, struct sheet_problem *problem)
{
	struct relations relations;
	bool good = read_relations(book, VIEW(""), &relations, problem);
	size_t part = part_of_type(&relations, "officeDocument");
	free(relations.list);
	return !good ? SIZE_MAX : part != SIZE_MAX ? part : zip_find(book->zip, VIEW("xl/workbook.xml"));
}

bool xlsx_is_workbook(const struct zip *zip)
{
	return zip_find(zip, VIEW("[Content_Types].xml")) != SIZE_MAX || zip_find(zip, VIEW("xl/workbook.xml")) != SIZE_MAX;
}

static bool read_workbook(struct book *book, size_t part, const struct relations *relations, struct sheet_problem *problem)
{
	struct xml_calls calls = { .open = open_workbook, .close = ignore_close, .text = ignore_text };
	struct workbook workbook = { .book = book, .problem = problem, .relations = relations };
	struct xlsx *xlsx = book->own;
	xlsx->strings_part = part_of_type(relations, "sharedStrings");
	if (!xlsx_read_part(book, part, calls, &workbook, problem) ||
	    !read_styles(book, part_of_type(relations, "styles"), problem))
		return false;
	return xlsx->part_count || problem_input(problem, TRANSLATED("a workbook without a single sheet of cells"));
}

/* What it is that has no workbook in the clear. */
static bool refuse_other(const struct book *book, struct sheet_problem *problem)
{
	if (zip_find(book->zip, VIEW("xl/workbook.bin")) != SIZE_MAX)
		return problem_input(problem, TRANSLATED("a binary workbook (xlsb): save it as xlsx"));
	if (zip_find(book->zip, VIEW("word/document.xml")) != SIZE_MAX)
		return problem_input(problem, TRANSLATED("a text document (docx), not a workbook"));
	return problem_input(problem, TRANSLATED("an Office file without a workbook"));
}

static bool xlsx_open(struct book *book, struct sheet_problem *problem)
{
	struct relations relations;
	struct xlsx *xlsx = arena_zero(&book->arena, 1, sizeof *xlsx);
	xlsx->strings_part = SIZE_MAX;
	book->own = xlsx;
	size_t part = workbook_part(book, problem);
	if (problem->message)
		return false;
	if (part == SIZE_MAX || part == zip_find(book->zip, VIEW("xl/workbook.bin")) ||
	    part == zip_find(book->zip, VIEW("word/document.xml")))
		return refuse_other(book, problem);
	bool good = read_relations(book, zip_member(book->zip, part)->name, &relations, problem) &&
	            read_workbook(book, part, &relations, problem);
	free(relations.list);
	return good;
}

static void xlsx_close(struct book *book)
{
	struct xlsx *xlsx = book->own;
	if (!xlsx)
		return;
	strings_free(xlsx->strings);
	free(xlsx->parts);
}

const struct book_reader xlsx_reader = { .open = xlsx_open, .close = xlsx_close, .sheet_open = xlsx_sheet_open,
	.sheet_more = xlsx_sheet_more, .sheet_close = xlsx_sheet_close };
