/* rules: see rules.h. */
#include "table/rules.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/source.h"
#include "table/decode.h"
#include "table/dialect.h"
#include "value/text.h"

enum { RULES_BYTES_MOST = 64 * 1024 * 1024 };

/* One file while it is read. */
struct text {
	struct arena *arena;
	const struct rules_spec *spec;
	const char *file;
	struct view rest;        /* what follows */
	uint64_t line;           /* its physical line */
	struct dialect dialect;
	struct view *fields;     /* of the record just read, cleaned */
	size_t count, room;
	uint64_t record;         /* physical line where it begins */
	unsigned *at;            /* of each column of the specification: its field, from 1 */
	size_t width;            /* fields of the header */
};

static _Noreturn void wrong(const struct text *text, size_t field, const char *format, ...) PRINTF(3, 4);

static _Noreturn void die_with(struct place place, const char *format, va_list args)
{
	char message[512];
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	vsnprintf(message, sizeof message, translate(format), args);
#pragma GCC diagnostic pop
	die_at(STATUS_USAGE, place, "%s", message);
}

static _Noreturn void wrong(const struct text *text, size_t field, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	die_with((struct place){ text->file, text->record, (unsigned)field }, format, args);
}

struct place rules_place(const struct rules_line *line, int column)
{
	return (struct place){ line->file, line->number, column < 0 ? 0 : line->field[column] };
}

_Noreturn void rules_wrong(const struct rules_line *line, int column, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	die_with(rules_place(line, column), format, args);
}

/* ---- bytes ---- */

static struct view read_file(struct arena *arena, const char *file, uint64_t *digest)
{
	/* A rule table that is not there is a mistake of the command line (2); what else goes
	 * wrong with a file is the source's to say. */
	if (strcmp(file, "-") != 0 && access(file, F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR))
		die(STATUS_USAGE, "%s: no such file", file);
	if (strcmp(file, "-") != 0 && access(file, R_OK) != 0)
		die(STATUS_USAGE, "%s: %s", file, strerror(errno));
	struct source *source = source_open(file, false);
	struct buf bytes = { 0 }, utf8 = { 0 };
	for (size_t n = 1; n;) {
		n = source_read(source, buf_reserve(&bytes, 65536), 65536);
		bytes.len += n;
		if (bytes.len > RULES_BYTES_MOST)
			die(STATUS_USAGE, "%s: a rule table of more than 64 MiB", file);
	}
	source_close(source);
	*digest = *digest * 31 + hash_fixed(buf_view(&bytes));
	struct place place = { file, 0, 0 };
	if (view_starts(buf_view(&bytes), VIEW("PK\x03\x04")) || view_starts(buf_view(&bytes), VIEW("\xd0\xcf\x11\xe0")))
		die_at(STATUS_USAGE, place, "a workbook, not a table in text; save it as CSV");
	if (!decode_all(buf_view(&bytes), &utf8, &place.line))
		die_at(STATUS_USAGE, place, "neither UTF-8 nor UTF-16 nor GB18030");
	struct view text = arena_copy(arena, buf_view(&utf8));
	buf_release(&bytes);
	buf_release(&utf8);
	return text;
}

/* ---- records ---- */

/* The next physical line, with its line feed or CR LF cut off. */
static struct view next_line(struct text *text)
{
	size_t feed = view_find_byte(text->rest, '\n');
	struct view line = view_first(text->rest, feed);
	text->rest = view_skip(text->rest, feed == SIZE_MAX ? SIZE_MAX : feed + 1);
	text->line++;
	if (line.len && line.ptr[line.len - 1] == '\r')
		line.len--;
	return line;
}

static void add_field(struct text *text, struct view raw)
{
	heap_grow(text->fields, text->count, &text->room);
	struct buf clean = { 0 };
	text_clean(dialect_value(text->dialect, raw, text->arena), &clean);
	text->fields[text->count++] = arena_copy(text->arena, buf_view(&clean));
	buf_release(&clean);
}

/* Length of the field at the beginning of the bytes; a quoted one may hold line feeds. */
static size_t field_length(const struct text *text, struct view bytes)
{
	size_t at = 0;
	if (text->dialect.form == DIALECT_CSV && bytes.len && bytes.ptr[0] == '"') {
		for (at = 1; at < bytes.len; at++) {
			if (bytes.ptr[at] != '"')
				continue;
			if (at + 1 < bytes.len && bytes.ptr[at + 1] == '"')
				at++;
			else
				break;
		}
		if (at == bytes.len)
			wrong(text, text->count + 1, "a quote that opens here is never closed");
		at++;
	}
	size_t plain = at;
	while (at < bytes.len && bytes.ptr[at] != text->dialect.delimiter && bytes.ptr[at] != '\n')
		at++;
	bool cr = at > plain && bytes.ptr[at - 1] == '\r' && (at == bytes.len || bytes.ptr[at] == '\n');
	if (plain && at - cr > plain)
		wrong(text, text->count + 1, "something other than a delimiter follows a closing quote");
	return at;
}

/* Reads the next record that is no comment and not empty; false at the end. */
static bool next_record(struct text *text)
{
	while (text->rest.len) {
		text->count = 0;
		text->record = text->line;
		struct view start = text->rest, mark = view_skip(start, start.ptr[0] == '"');
		if (mark.len && mark.ptr[0] == '#') {
			next_line(text);
			continue;
		}
		bool more = true;
		while (more) {
			size_t len = field_length(text, text->rest);
			struct view field = view_first(text->rest, len);
			more = len < text->rest.len && text->rest.ptr[len] != '\n';
			text->rest = view_skip(text->rest, len + 1);
			for (size_t i = 0; i < len; i++)
				text->line += field.ptr[i] == '\n';
			if (!more && field.len && field.ptr[field.len - 1] == '\r')
				field.len--;
			add_field(text, field);
		}
		text->line++;
		for (size_t i = 0; i < text->count; i++)
			if (text->fields[i].len)
				return true;
	}
	text->record = text->line;
	return false;
}

/* By the first line that is no comment: the delimiter that occurs most. */
static struct dialect find_dialect(struct text text)
{
	static const char delimiters[] = { ',', ';', '\t', '|' };
	struct dialect dialect = dialect_csv();
	while (text.rest.len) {
		struct view line = view_trim(next_line(&text));
		size_t most = 0;
		if (!line.len || line.ptr[0] == '#')
			continue;
		for (size_t i = 0; i < sizeof delimiters; i++) {
			size_t count = 0;
			for (size_t at = 0; at < line.len; at++)
				count += line.ptr[at] == delimiters[i];
			if (count > most) {
				most = count;
				dialect.delimiter = delimiters[i];
			}
		}
		break;
	}
	if (dialect.delimiter == '\t' && dialect_of_name(text.file) == DIALECT_TSV)
		return dialect_tsv();
	return dialect;
}

/* ---- columns ---- */

static size_t column_count(const struct rules_spec *spec)
{
	size_t count = 0;
	while (spec->columns[count].name)
		count++;
	return count;
}

static _Noreturn void unknown_column(const struct text *text, size_t field)
{
	size_t count = column_count(text->spec);
	struct view *names = arena_zero(text->arena, count, sizeof *names);
	for (size_t i = 0; i < count; i++)
		names[i] = view_of(text->spec->columns[i].name);
	struct view name = text->fields[field], hint = nearest_view(name, names, count);
	if (hint.len)
		wrong(text, field + 1, "no column \"%.*s\"; did you mean \"%.*s\"?", VIEW_ARGS(name), VIEW_ARGS(hint));
	wrong(text, field + 1, "no column \"%.*s\"; notes stand in `note` or in columns that begin with x_",
	      VIEW_ARGS(name));
}

static void read_header(struct text *text)
{
	const struct rules_column *columns = text->spec->columns;
	size_t count = column_count(text->spec);
	text->at = arena_zero(text->arena, count, sizeof *text->at);
	if (!next_record(text))
		wrong(text, 0, "empty, not even a header");
	text->width = text->count;
	while (text->width && !text->fields[text->width - 1].len)
		text->width--;
	for (size_t field = 0; field < text->width; field++) {
		struct view name = text->fields[field];
		size_t i = 0;
		while (i < count && !view_is(name, columns[i].name))
			i++;
		if (i < count && text->at[i])
			wrong(text, field + 1, "column \"%.*s\" occurs twice", VIEW_ARGS(name));
		if (i < count)
			text->at[i] = (unsigned)field + 1;
		else if (!view_is(name, "note") && !view_starts(name, VIEW("x_")))
			unknown_column(text, field);
	}
	for (size_t i = 0; i < count; i++)
		if (!text->at[i] && (columns[i].flags & (RULES_NEED | RULES_FILLED)))
			wrong(text, 0, "no column \"%s\"", columns[i].name);
}

/* ---- lines ---- */

/* 1.38E+10: what a spreadsheet makes of a long number. */
static bool is_spoiled(struct view cell)
{
	size_t at = 0, e;
	at += cell.len && (cell.ptr[0] == '-' || cell.ptr[0] == '+');
	while (at < cell.len && (byte_is_digit(cell.ptr[at]) || cell.ptr[at] == '.'))
		at++;
	e = at;
	if (!e || at + 2 >= cell.len || byte_lower(cell.ptr[at]) != 'e' ||
	    (cell.ptr[at + 1] != '+' && cell.ptr[at + 1] != '-') || !byte_is_digit(cell.ptr[e - 1]))
		return false;
	for (at += 2; at < cell.len; at++)
		if (!byte_is_digit(cell.ptr[at]))
			return false;
	return true;
}

static struct rules_line read_line(struct text *text)
{
	const struct rules_column *columns = text->spec->columns;
	size_t count = column_count(text->spec);
	struct view *cells = arena_zero(text->arena, count, sizeof *cells);
	if (text->count < text->width)
		wrong(text, 0, "%zu fields, expected %zu", text->count, text->width);
	for (size_t field = text->width; field < text->count; field++)
		if (text->fields[field].len)
			wrong(text, field + 1, "%zu fields, expected %zu", text->count, text->width);
	for (size_t field = 0; field < text->width; field++)
		if (is_spoiled(text->fields[field]))
			wrong(text, field + 1, "a number that a spreadsheet spoiled; format the column as text and type it anew");
	for (size_t i = 0; i < count; i++) {
		cells[i] = text->at[i] ? text->fields[text->at[i] - 1] : VIEW("");
		if (!cells[i].len && (columns[i].flags & RULES_FILLED))
			wrong(text, text->at[i], "column \"%s\" is empty", columns[i].name);
	}
	return (struct rules_line){ cells, text->at, text->file, text->record };
}

static bool has_key(const struct rules_spec *spec)
{
	for (const struct rules_column *column = spec->columns; column->name; column++)
		if (column->flags & RULES_KEY)
			return true;
	return false;
}

static struct view key_of(struct arena *arena, const struct rules_spec *spec, const struct rules_line *line)
{
	struct buf key = { 0 };
	for (size_t i = 0; spec->columns[i].name; i++) {
		if (!(spec->columns[i].flags & RULES_KEY))
			continue;
		buf_put(&key, line->cell[i]);
		buf_byte(&key, '\0');
	}
	struct view copy = arena_copy(arena, buf_view(&key));
	buf_release(&key);
	return copy;
}

struct loading {
	struct rules rules;
	size_t room;
	struct intern keys; /* key number i is that of line i, where the table has a key */
};

static void put_line(struct loading *loading, struct text *text, bool keyed)
{
	struct rules *rules = &loading->rules;
	struct rules_line line = read_line(text);
	size_t at = rules->count;
	if (keyed && !intern_add(&loading->keys, key_of(text->arena, text->spec, &line), &at)) {
		if (rules->line[at].file == line.file)
			wrong(text, 0, "the same key as line %llu", (unsigned long long)rules->line[at].number);
		rules->line[at] = line;
		return;
	}
	heap_grow(rules->line, rules->count, &loading->room);
	rules->line[rules->count++] = line;
}

static void read_table(struct loading *loading, struct arena *arena, const struct rules_spec *spec,
                       const char *file, struct view bytes)
{
	struct text text = { .arena = arena, .spec = spec, .file = file, .rest = bytes, .line = 1 };
	bool keyed = has_key(spec);
	text.dialect = find_dialect(text);
	read_header(&text);
	while (next_record(&text))
		put_line(loading, &text, keyed);
	free(text.fields);
}

void rules_cells(const char *csv, const char *column, struct intern *cells)
{
	struct text text = { .arena = cells->arena, .file = "(built-in)", .rest = view_of(csv), .line = 1,
		.dialect = dialect_csv() };
	size_t field = 0, at;
	if (next_record(&text))
		while (field < text.count && !view_is(text.fields[field], column))
			field++;
	while (next_record(&text))
		if (field < text.count && text.fields[field].len)
			intern_add(cells, text.fields[field], &at);
	free(text.fields);
}

/* Global: the record of a run (--stats) names every table, wherever it was read. */
static struct loaded_table {
	const char *name;
	uint64_t digest;
} loaded[16];
static size_t loaded_count;

bool rules_loaded(size_t i, const char **name, uint64_t *digest)
{
	if (i >= loaded_count)
		return false;
	*name = loaded[i].name;
	*digest = loaded[i].digest;
	return true;
}

struct rules rules_load(struct arena *arena, const struct rules_spec *spec, const char *file,
                        const char *add_file)
{
	struct loading loading = { 0 };
	struct rules *rules = &loading.rules;
	intern_init(&loading.keys, arena);
	rules->name = file ? file : arena_printf(arena, "(built-in %s)", spec->name);
	if (!file && !spec->csv)
		die(STATUS_USAGE, "no rule table; name one with --rules");
	if (file) {
		read_table(&loading, arena, spec, file, read_file(arena, file, &rules->digest));
	} else {
		rules->digest = hash_fixed(view_of(spec->csv));
		read_table(&loading, arena, spec, rules->name, view_of(spec->csv));
	}
	if (add_file)
		read_table(&loading, arena, spec, add_file, read_file(arena, add_file, &rules->digest));
	struct rules_line *lines = arena_zero(arena, rules->count, sizeof *lines);
	if (rules->count)
		memcpy(lines, rules->line, rules->count * sizeof *lines);
	free(rules->line);
	rules->line = lines;
	intern_release(&loading.keys);
	if (loaded_count < sizeof loaded / sizeof *loaded)
		loaded[loaded_count++] = (struct loaded_table){ rules->name, rules->digest };
	return *rules;
}
