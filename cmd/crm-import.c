/* crm-import: any ledger becomes a clean table of the data model.  Constant memory.
 *
 * Each file is decoded, its delimiter, header and table are found out from its beginning;
 * then the engine reads the rows of all files.  What a header or a cell means is the
 * business of lib/import; here are the files, the options and what is said. */
#include <stdlib.h>

#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/ledgers.h"
#include "engine/rows.h"
#include "import/input.h"
#include "import/row.h"
#include "table/decode.h"
#include "table/rules.h"
#include "value/text.h"

struct ledger {
	struct input in;
	struct feed text;     /* decoded; the rows come of it */
	struct charset_found charset;
	const struct ledger_text *from;
};

struct import {
	/* options */
	const char *as, *map, *encoding, *quote, *escape, *keep_raw;
	const char *fill_down, *sheet;
	int encoding_errors, dates, date_system, quotes, ragged;
	uint64_t header_rows, year;
	bool explain, keep_newlines, tree;
	/* the tables that it may be, and their headers */
	struct matcher **matchers;
	size_t matcher_count;
	const struct model_table *table; /* NULL: raw */
	bool raw, guessed;
	/* the run */
	struct ledgers ledgers;
	struct ledger *inputs;
	size_t input_count;
	struct plan plan;
	struct channels channels;
	struct importer importer;
	uint64_t fates[IMPORT_FATES], filled;
	struct places places[IMPORT_FATES];
	struct intern doubts;
	uint64_t *doubt_counts;
	size_t doubt_room;
};

/* ---- --as and --map ---- */

static const struct model_table *need_table(struct run *run, struct view name)
{
	size_t count;
	const struct model_table *tables = model_tables(&count), *found = model_table(name);
	if (found)
		return found;
	struct view *names = arena_zero(&run->arena, count + 1, sizeof *names);
	struct buf list = { 0 };
	for (size_t i = 0; i < count; i++) {
		names[i] = tables[i].name;
		buf_printf(&list, "%.*s, ", VIEW_ARGS(names[i]));
	}
	names[count] = VIEW("raw");
	struct view hint = nearest_view(name, names, count + 1);
	if (hint.len)
		cli_wrong("--as: no table \"%.*s\"; did you mean \"%.*s\"?", VIEW_ARGS(name), VIEW_ARGS(hint));
	cli_wrong("--as: no table \"%.*s\"; there are %sraw", VIEW_ARGS(name), buf_string(&list));
}

enum { MAP_TABLE, MAP_COLUMN, MAP_ALIAS };

static const struct rules_column map_columns[] = {
	[MAP_TABLE] = { "table", RULES_FILLED }, [MAP_COLUMN] = { "column", RULES_FILLED },
	[MAP_ALIAS] = { "alias", RULES_FILLED }, { NULL, 0 },
};

/* Adds the user's headers of this table, or of any. */
static void add_map(const struct rules *map, struct matcher *matcher)
{
	for (size_t i = 0; i < map->count; i++) {
		const struct rules_line *line = &map->line[i];
		struct view name = line->cell[MAP_TABLE];
		bool any = view_is(name, "any");
		if (!any && !model_table(name))
			rules_wrong(line, MAP_TABLE, "no table \"%.*s\" in the data model", VIEW_ARGS(name));
		if (!any && !view_equal(name, matcher->table->name))
			continue;
		const struct model_column *column = model_column(any ? model_any() : matcher->table, line->cell[MAP_COLUMN]);
		if (!column)
			rules_wrong(line, MAP_COLUMN, "table %.*s has no column \"%.*s\"", VIEW_ARGS(name),
			            VIEW_ARGS(line->cell[MAP_COLUMN]));
		for (struct view rest = line->cell[MAP_ALIAS]; rest.ptr;)
			if (!matcher_add(matcher, column, view_cut(&rest, '|')))
				rules_wrong(line, MAP_ALIAS, "this header has a meaning already");
	}
}

static void prepare_matchers(struct run *run, struct import *import)
{
	static const struct rules_spec spec = { "map", NULL, map_columns };
	struct rules map = { 0 };
	size_t count;
	const struct model_table *tables = model_tables(&count);
	if (import->map)
		map = rules_load(&run->arena, &spec, import->map, NULL);
	import->matchers = arena_zero(&run->arena, count, sizeof *import->matchers);
	for (size_t i = 0; i < count && !import->raw; i++) {
		if ((import->table && &tables[i] != import->table) || view_is(tables[i].name, "events"))
			continue;
		struct matcher *matcher = arena_zero(&run->arena, 1, sizeof *matcher);
		matcher_init(matcher, &run->arena, &tables[i]);
		add_map(&map, matcher);
		matcher_close(matcher);
		import->matchers[import->matcher_count++] = matcher;
	}
}

static void settle_options(struct run *run, struct import *import)
{
	enum charset charset;
	import->raw = import->as && strcmp(import->as, "raw") == 0;
	if (import->as && !import->raw)
		import->table = need_table(run, view_of(import->as));
	if (import->encoding && !decode_charset(view_of(import->encoding), &charset))
		cli_wrong("--encoding: UTF-8, GB18030 (GBK), BIG5, EUC-TW, UTF-16LE, UTF-16BE, UTF-32LE or UTF-32BE is wanted");
	if (import->quote && (strlen(import->quote) != 1 || strchr("\n\r", import->quote[0])))
		cli_wrong("--quote: one character is wanted");
	if (import->escape && (strlen(import->escape) != 1 || strchr("\n\r", import->escape[0])))
		cli_wrong("--escape: one character is wanted");
	if (import->escape && import->escape[0] == (import->quote ? import->quote[0] : '"'))
		import->escape = NULL; /* doubled quotes are read as one in any case */
	if (import->header_rows > LAYOUT_LINES)
		cli_wrong("--header-rows: at most %d", LAYOUT_LINES);
	if (run->tables && (run->tables->next || strcmp(run->tables->name, "channel_map") != 0))
		cli_wrong("--table: channel_map is wanted, and no other");
	import->tree |= run->tables != NULL;
	if (import->raw && (import->tree || import->keep_raw))
		cli_wrong("--channels and --keep-raw: not with --as raw");
	if (import->year && (import->year < 1900 || import->year > 2199))
		cli_wrong("--year: a year is wanted, such as 2024");
	if (import->tree)
		channels_load(&import->channels, &run->arena, run_table(run, "channel_map"));
	if (import->fill_down)
		run->threads = 1; /* what stands above is known to who read it */
	prepare_matchers(run, import);
}

/* ---- one file ---- */

static struct place header_place(const struct ledger *input)
{
	return (struct place){ input->text.name, input->in.beginning.record[input->in.layout.first].line, 0 };
}

static char given(const char *character)
{
	return character ? character[0] : '\0';
}

static void open_input(struct run *run, struct import *import, struct ledger *input, const struct ledger_text *from)
{
	input->from = from;
	input->text = from->feed;
	input->charset = from->charset;
	struct input_wishes wishes = {
		.form = { from->sheet ? DIALECT_TSV : run->from, dialect_of_name(input->text.path), run->delimiter, given(import->quote),
			given(import->escape), import->quotes == 1, import->header_rows },
		.raw = import->raw, .guess = !import->table, .no_header = run->no_header, .names = run->names,
	};
	enum input_problem problem = input_open(&run->arena, &input->in, input->text, &wishes, import->matchers,
	                                        import->matcher_count);
	if (input->in.empty && !run->allow_empty && !(from->sheet && import->sheet && strcmp(import->sheet, "all") == 0))
		die(STATUS_INPUT, "%s: empty, not even a header (--allow-empty takes it)", input->text.name);
	if (problem == INPUT_BAD_HEADER)
		die_at(STATUS_INPUT, header_place(input),
		       "quotes of the header are out of place; with --quotes=lazy they are read as they fit");
	if (problem != INPUT_GOOD)
		die_at(STATUS_INPUT, (struct place){ input->text.name, 1, 0 },
		       problem == INPUT_OPEN_QUOTE ?
		               "a quote that opens here is never closed: the file is cut short or damaged" :
		               "the header does not end within 16 MiB");
}

/* ---- which table, which columns ---- */

static struct matcher *matcher_of(const struct import *import, const struct model_table *table)
{
	for (size_t i = 0; i < import->matcher_count; i++)
		if (import->matchers[i]->table == table)
			return import->matchers[i];
	return NULL;
}

/* ---- what was found out ---- */

static bool explains(const struct run *run, const struct import *import)
{
	return import->explain && !run->quiet;
}

static void explain_quotes(const struct ledger *input)
{
	const struct form *form = &input->in.form;
	if (form->against_name)
		warn_summary("%s: that goes before the name, which says otherwise", input->text.name);
	if (form->how.quote != '"')
		warn_summary("%s: quotes are %c", input->text.name, form->how.quote);
	if (form->how.escape)
		warn_summary("%s: %c stands before quotes that are data", input->text.name, form->how.escape);
	if (form->how.blanks)
		warn_summary("%s: a blank belongs to each delimiter", input->text.name);
}

/* Encoding, delimiter, quotes, header: what is known before the table is. */
static void explain_form(const struct ledger *input)
{
	const struct layout *layout = &input->in.layout;
	const struct beginning_record *record = &input->in.beginning.record[layout->first];
	char delimiter[2] = { input->in.form.dialect.delimiter, '\0' };
	if (input->from->sheet)
		warn_summary("%s: a sheet (%s)", input->text.name, book_form_name(input->from->form));
	else
		warn_summary("%s: %s (%s), fields between \"%s\"", input->text.name, charset_name(input->charset.charset),
	             translate(input->charset.reason), input->in.form.dialect.delimiter == '\t' ? "TAB" : delimiter);
	explain_quotes(input);
	if (input->in.form.tabs_quoted)
		warn_summary("%s: cells are quoted, as spreadsheets write text with tabs; with --from tsv quotes are data",
		             input->text.name);
	if (layout->lines == 1 && record->line)
		warn_summary("%s: header in line %llu", input->text.name, (unsigned long long)record->line);
	else if (layout->lines && record->line)
		warn_summary("%s: header from line %llu to %llu", input->text.name, (unsigned long long)record->line,
		             (unsigned long long)record[layout->lines - 1].line);
}

static void explain_head(const struct ledger *input, const struct head *head)
{
	static const char *const hows[] = {
		[HEAD_EXACT] = "by its header", [HEAD_WITHOUT_UNIT] = "by its header without the bracket",
		[HEAD_CONTAINED] = "by the longest known header in it",
	};
	if (head->how == HEAD_AMBIGUOUS)
		warn_summary("%s: \"%.*s\" may be %.*s or %.*s", input->text.name, VIEW_ARGS(head->shown),
		             VIEW_ARGS(head->column->name), VIEW_ARGS(head->other->name));
	else if (head->joins)
		warn_summary("%s: \"%.*s\" stays as it is; a time of day in it is joined to the date of %.*s", input->text.name,
		             VIEW_ARGS(head->shown), VIEW_ARGS(head->joins->name));
	else if (!head->column)
		warn_summary("%s: \"%.*s\" stays as it is", input->text.name, VIEW_ARGS(head->shown));
	else if (head->column->type == MODEL_SERIAL)
		warn_summary("%s: \"%.*s\" is left away: row numbers", input->text.name, VIEW_ARGS(head->shown));
	else
		warn_summary("%s: \"%.*s\" is %.*s (%s), %s", input->text.name, VIEW_ARGS(head->shown),
		             VIEW_ARGS(head->column->name), model_type_name(head->column->type), translate(hows[head->how]));
}

static bool is_row(const struct layout *layout)
{
	for (size_t i = 0; i < layout->count; i++)
		if (header_is_row(&layout->heads[i].shown, 1))
			return true;
	return false;
}

static void explain_heads(const struct ledger *input)
{
	bool row = is_row(&input->in.layout);
	if (row)
		warn_summary("%s: the header looks like a row; its cells are not shown", input->text.name);
	for (size_t i = 0; i < input->in.layout.count && !row; i++)
		explain_head(input, &input->in.layout.heads[i]);
	if (input->in.left_off)
		warn_summary("%s: columns without header and cells are left away: %zu", input->text.name, input->in.left_off);
}

/* What the headers would be of a table that it may be. */
static void explain_candidate(struct run *run, const struct import *import, const struct ledger *input,
                              const struct model_table *table)
{
	struct ledger candidate = *input;
	layout_heads(&run->arena, &candidate.in.beginning, &candidate.in.layout);
	for (size_t i = 0; i < candidate.in.layout.count; i++)
		head_match(&candidate.in.layout.heads[i], matcher_of(import, table), false);
	heads_settle(candidate.in.layout.heads, candidate.in.layout.count);
	warn_summary("%s: of table %.*s it would be:", input->text.name, VIEW_ARGS(table->name));
	explain_heads(&candidate);
}

static void explain_kind(const char *name, enum import_fate fate, const char *lines)
{
	if (fate == IMPORT_REPEATED)
		warn_summary("%s: the header again, left out: lines %s", name, lines);
	else if (fate == IMPORT_BLANK)
		warn_summary("%s: rows of empty cells, left out: lines %s", name, lines);
	else if (fate == IMPORT_FOOTER)
		warn_summary("%s: totals, notes and signatures, left out: lines %s", name, lines);
	else
		warn_summary("%s: titles, left out: lines %s", name, lines);
}

/* Where the first records of each kind stand that were left out. */
static void explain_places(const struct import *import)
{
	struct buf lines = { 0 };
	for (enum import_fate fate = 0; fate < IMPORT_FATES; fate++) {
		const struct places *places = &import->places[fate];
		for (unsigned i = 0; i < places->count; i++) {
			bool last = i + 1 == places->count;
			buf_printf(&lines, "%s%llu", lines.len ? ", " : "", (unsigned long long)places->at[i].line);
			if (!last && places->at[i].input == places->at[i + 1].input)
				continue;
			if (last && import->fates[fate] > places->count)
				buf_text(&lines, ", ...");
			explain_kind(import->inputs[places->at[i].input].text.name, fate, buf_string(&lines));
			buf_reset(&lines);
		}
	}
	buf_release(&lines);
}

/* ---- what cannot be ---- */

static void settle_table(struct run *run, struct import *import, const struct ledger *input)
{
	const struct layout *layout = &input->in.layout;
	if (!import->table && !layout->lines)
		die(STATUS_INPUT, "%s: no table of the data model has such headers; --as names one, "
		    "--map adds headers, --as raw takes the file as it is", input->text.name);
	if (!import->table && layout->rival && explains(run, import)) {
		explain_candidate(run, import, input, layout->table);
		explain_candidate(run, import, input, layout->rival);
	}
	if (!import->table && layout->rival)
		die_at(STATUS_INPUT, header_place(input), "the headers may be of %.*s or of %.*s; --as says which",
		       VIEW_ARGS(layout->table->name), VIEW_ARGS(layout->rival->name));
	if (!layout->lines)
		die(STATUS_INPUT, "%s: no header of table %.*s in the first %d records; --map adds headers, "
		    "--header-rows says how many lines it has", input->text.name, VIEW_ARGS(import->table->name),
		    LAYOUT_RECORDS);
	if (import->table && layout->table != import->table)
		die_at(STATUS_INPUT, header_place(input), "the headers are of %.*s, but %s is %.*s; --as says which",
		       VIEW_ARGS(layout->table->name), import->inputs[0].in.feed.name, VIEW_ARGS(import->table->name));
	if (!import->table) {
		import->table = layout->table;
		import->guessed = true;
	}
}

static void refuse_ambiguous(const struct import *import, const struct ledger *input, const struct head *head, size_t at)
{
	struct place place = header_place(input);
	place.column = (unsigned)at + 1;
	die_at(STATUS_INPUT, place, "header \"%.*s\" may mean %.*s or %.*s; say which in a line of --map: %.*s,%.*s,%.*s",
	       VIEW_ARGS(head->shown), VIEW_ARGS(head->column->name), VIEW_ARGS(head->other->name),
	       VIEW_ARGS(import->table->name), VIEW_ARGS(head->column->name), VIEW_ARGS(head->shown));
}

static void refuse_missing(const struct import *import, const struct ledger *input, const struct model_column *missing)
{
	struct buf names = { 0 };
	for (size_t i = 1; i < missing->alias_count && i < 6; i++)
		buf_printf(&names, "%s%.*s", i > 1 ? ", " : "", VIEW_ARGS(missing->aliases[i]));
	die_at(STATUS_INPUT, header_place(input),
	       "table %.*s needs %.*s, and no header means it (such as %s); a line of --map does: %.*s,%.*s,HEADER",
	       VIEW_ARGS(import->table->name), VIEW_ARGS(missing->name), names.len ? buf_string(&names) : "its name",
	       VIEW_ARGS(import->table->name), VIEW_ARGS(missing->name));
}

/* What import makes itself. */
static bool is_own(const struct import *import, const struct model_column *column)
{
	return view_starts(column->name, VIEW("src_")) || view_is(column->name, "issues") ||
	       (import->tree && view_is(column->table, "any") && view_starts(column->name, VIEW("channel")));
}

static void refuse_own(const struct run *run, const struct import *import, const struct ledger *input,
                       const struct head *head, size_t at)
{
	if (run->replace || !head->column || !is_own(import, head->column))
		return;
	struct view name = head->column->name;
	struct place place = header_place(input);
	place.column = (unsigned)at + 1;
	die_at(STATUS_INPUT, place, "there is a column \"%.*s\" already; --replace writes it anew", VIEW_ARGS(name));
}

static void match_input(struct run *run, struct import *import, struct ledger *input)
{
	const struct layout *layout = &input->in.layout;
	if ((run->verbose || import->explain) && !run->quiet)
		explain_form(input);
	if (!import->raw)
		settle_table(run, import, input);
	size_t ambiguous = input_match(&run->arena, &input->in, import->raw ? NULL : matcher_of(import, import->table));
	if (layout->count > HEADER_MOST)
		die_at(STATUS_INPUT, header_place(input), "more than 65536 columns");
	if (import->raw)
		return;
	if (explains(run, import)) {
		if (import->guessed)
			warn_summary("%s: table %.*s, by its headers", input->text.name, VIEW_ARGS(import->table->name));
		explain_heads(input);
	}
	if (ambiguous < layout->count)
		refuse_ambiguous(import, input, &layout->heads[ambiguous], ambiguous);
	const struct model_column *missing = layout_missing(layout, import->table);
	if (missing)
		refuse_missing(import, input, missing);
	for (size_t i = 0; i < layout->count; i++)
		refuse_own(run, import, input, &layout->heads[i], i);
}

/* Without names of the model nothing tells which column is which: they must be equal. */
static void check_raw(const struct import *import, const struct ledger *input)
{
	const struct header *first = &import->inputs[0].in.header, *other = &input->in.header;
	bool same = first->count == other->count;
	for (unsigned i = 0; same && i < first->count; i++)
		same = view_equal(first->names[i], other->names[i]);
	if (!same)
		die_at(STATUS_INPUT, header_place(input), "the header is another one than that of %s", first->file);
}

/* ---- what is counted ---- */

/* Columns whose headers mean nothing to the model, the first few by name: one that should
 * mean something wants a line of --map. */
static void note_unknown(struct run *run, const struct import *import)
{
	enum { NAMED = 8 };
	size_t count = 0;
	bool rows = false;
	struct buf names = { 0 };
	for (size_t i = 0; i < import->input_count; i++)
		rows |= is_row(&import->inputs[i].in.layout);
	for (size_t i = 0; i < import->plan.count; i++) {
		const struct plan_column *column = &import->plan.columns[i];
		struct view shown = column->name.len > 60 ? VIEW("...") : column->name;
		if (!column->model && ++count <= NAMED)
			buf_printf(&names, "%s%.*s", count > 1 ? ", " : "", VIEW_ARGS(shown));
	}
	if (count > NAMED)
		buf_text(&names, ", ...");
	if (import->guessed)
		run_note(run, "table %.*s, by the headers; --as says another", VIEW_ARGS(import->table->name));
	if (count)
		run_note(run, "columns that the model does not know: %zu (%s)", count, rows ? "..." : buf_string(&names));
	buf_release(&names);
}

/* Lines of another encoding than the file's, as where two exports were put together. */
static void note_encodings(struct run *run, const struct import *import)
{
	for (size_t i = 0; i < import->input_count; i++) {
		const struct ledger *input = &import->inputs[i];
		struct decoder_others others = input->from->sheet ? (struct decoder_others){ 0, 0 } : decode_others(&input->text);
		if (others.count)
			run_note(run, "%s: %s; lines of %s: %llu, the first is line %llu", input->text.name,
			         charset_name(input->charset.charset),
			         charset_name(input->charset.charset == CHARSET_UTF8 ? CHARSET_GB18030 : CHARSET_UTF8),
			         (unsigned long long)others.count, (unsigned long long)others.first);
	}
}

static void note_counts(struct run *run, const struct import *import)
{
	if (import->fates[IMPORT_REPEATED])
		run_note(run, "left out: the header again, %llu times", (unsigned long long)import->fates[IMPORT_REPEATED]);
	if (import->fates[IMPORT_BLANK])
		run_note(run, "left out: %llu rows of empty cells", (unsigned long long)import->fates[IMPORT_BLANK]);
	if (import->fates[IMPORT_FOOTER])
		run_note(run, "left out: %llu totals, notes and signatures", (unsigned long long)import->fates[IMPORT_FOOTER]);
	if (import->fates[IMPORT_TITLE])
		run_note(run, "left out: %llu titles", (unsigned long long)import->fates[IMPORT_TITLE]);
	if (import->filled)
		run_note(run, "filled with what stands above: %llu cells", (unsigned long long)import->filled);
	/* By name: which worker met which doubt first must not be seen. */
	size_t count = import->doubts.count, *order = arena_zero(&run->arena, count + 1, sizeof *order);
	for (size_t i = 0; i < count; i++) {
		size_t at = i;
		for (; at && view_compare(import->doubts.keys[i], import->doubts.keys[order[at - 1]]) < 0; at--)
			order[at] = order[at - 1];
		order[at] = i;
	}
	for (size_t i = 0; i < count; i++)
		run_note(run, "doubt %.*s: %llu", VIEW_ARGS(import->doubts.keys[order[i]]),
		         (unsigned long long)import->doubt_counts[order[i]]);
}

/* ---- rows ---- */

/* What is said of a cell that must be readable.  One message for each code. */
static enum fate reject_unreadable(struct task *task, const struct row *row, const struct import_problem *problem)
{
	struct view column = problem->column, code = view_of(problem->code);
	unsigned field = problem->field;
	if (view_is(code, "bad_date"))
		return row_reject(task, row, field, problem->code, "%.*s cannot be read as a date", VIEW_ARGS(column));
	if (view_is(code, "ambiguous_date"))
		return row_reject(task, row, field, problem->code, "%.*s: day, month and year cannot be told apart; of dates like 3/7/2025 --dates dmy or mdy says the order",
		                  VIEW_ARGS(column));
	if (view_is(code, "no_year"))
		return row_reject(task, row, field, problem->code, "%.*s: a date without a year; --year says which",
		                  VIEW_ARGS(column));
	if (view_is(code, "bad_money"))
		return row_reject(task, row, field, problem->code, "%.*s cannot be read as an amount", VIEW_ARGS(column));
	if (view_is(code, "ambiguous_money"))
		return row_reject(task, row, field, problem->code, "%.*s: an amount that can be read in two ways",
		                  VIEW_ARGS(column));
	if (view_is(code, "range"))
		return row_reject(task, row, field, problem->code, "%.*s: a range, where one amount is wanted", VIEW_ARGS(column));
	if (view_is(code, "out_of_range"))
		return row_reject(task, row, field, problem->code, "%.*s: a number too large", VIEW_ARGS(column));
	if (view_is(code, "bad_number"))
		return row_reject(task, row, field, problem->code, "%.*s cannot be read as a number", VIEW_ARGS(column));
	if (view_is(code, "sci_notation"))
		return row_reject(task, row, field, problem->code, "%.*s: a spreadsheet has lost digits (1.38E+10)",
		                  VIEW_ARGS(column));
	if (view_is(code, "excel_error"))
		return row_reject(task, row, field, problem->code, "%.*s: the error of a formula", VIEW_ARGS(column));
	return row_reject(task, row, field, problem->code, "%.*s cannot be read", VIEW_ARGS(column));
}

static enum fate reject(struct task *task, const struct row *row, unsigned fields, const struct import_problem *problem)
{
	struct view column = problem->column;
	unsigned field = problem->field;
	const char *code = problem->code;
	switch (problem->reason) {
	case IMPORT_RAGGED:
		return row_reject(task, row, field, code, "%u fields, expected %u", fields, task->block.header->count);
	case IMPORT_QUOTES:
		return row_reject(task, row, field, code, "something other than a delimiter follows a closing quote");
	case IMPORT_UNDECODED:
		return row_reject(task, row, field, code, "bytes that cannot be read in the encoding of the file");
	case IMPORT_NOBODY:
		return row_reject(task, row, field, code, "neither a name nor a number says whose row it is");
	case IMPORT_MISSING:
		return row_reject(task, row, field, code, "no %.*s", VIEW_ARGS(column));
	case IMPORT_UNREADABLE:
		return reject_unreadable(task, row, problem);
	case IMPORT_DOUBT:
		break;
	}
	return row_reject(task, row, field, code, "%.*s: a doubt that --strict names", VIEW_ARGS(column));
}

/* The record as it stood in the file. */
static enum fate reject_record(struct task *task, const struct row *row, const struct import_problem *problem)
{
	if (!problem->raw.len)
		return reject(task, row, row->count, problem);
	uint32_t ends[2] = { UINT32_MAX, (uint32_t)problem->raw.len };
	struct row raw = *row;
	raw.bytes = problem->raw.ptr;
	raw.ends = ends + 1;
	raw.count = 1;
	return reject(task, &raw, row->count, problem);
}

static enum fate row(const void *tool, void *scratch, const struct row *row, struct out *out, struct task *task)
{
	const struct import *import = tool;
	struct import_problem problem;
	switch (import_row(&import->importer, scratch, row, task->block.input, out, &problem)) {
	case IMPORT_USED:
		return FATE_USED;
	case IMPORT_BAD:
		return reject_record(task, row, &problem);
	case IMPORT_OTHER:
		return row_fatal(task, row, COLUMN_NONE, "another header: what follows is another table; cut the file here");
	default:
		return FATE_LEFT_OUT;
	}
}

static void open_worker(const void *tool, void *scratch)
{
	(void)tool;
	importing_open(scratch);
}

static void close_worker(void *tool, void *scratch)
{
	struct import *import = tool;
	struct importing *importing = scratch;
	for (unsigned i = 0; i < IMPORT_FATES; i++) {
		import->fates[i] += importing->fates[i];
		for (unsigned k = 0; k < importing->places[i].count; k++)
			places_add(&import->places[i], importing->places[i].at[k].input, importing->places[i].at[k].line);
	}
	import->filled += importing->above.filled;
	for (size_t i = 0, at; i < importing->doubts.count; i++) {
		if (intern_add(&import->doubts, importing->doubts.keys[i], &at)) {
			heap_grow(import->doubt_counts, at, &import->doubt_room);
			import->doubt_counts[at] = 0;
		}
		import->doubt_counts[at] += importing->counts[i];
	}
	importing_release(importing);
}

static bool is_strict(const void *run, const char *code)
{
	return run_strict(run, code);
}

/* ---- the run ---- */

static void prepare_ledgers(struct run *run, struct import *import)
{
	import->ledgers = (struct ledgers){ .arena = &run->arena, .sheet = import->sheet,
		.decode = { import->encoding, import->encoding_errors == 1, run->threads > 1, run->stats != NULL } };
}

static void open_inputs(struct run *run, struct import *import)
{
	static char *standard[] = { (char *)(uintptr_t)"-" };
	char **names = run->operand_count ? run->operands : standard;
	size_t count = run->operand_count ? run->operand_count : 1, dashes = 0;
	prepare_ledgers(run, import);
	for (size_t i = 0; i < count; i++) {
		dashes += strcmp(names[i], "-") == 0;
		if (dashes > 1)
			die(STATUS_USAGE, "standard input (-) is named twice");
		ledgers_add(&import->ledgers, names[i]);
	}
	count = import->ledgers.count;
	import->inputs = arena_zero(&run->arena, count, sizeof *import->inputs);
	for (size_t i = 0; i < count; i++) {
		struct ledger *input = &import->inputs[import->input_count];
		open_input(run, import, input, &import->ledgers.list[i]);
		if (input->in.empty)
			input->in.feed.close(input->in.feed.state);
		else
			import->input_count++;
	}
	for (size_t i = 0; i < import->input_count; i++) {
		match_input(run, import, &import->inputs[i]);
		if (import->raw)
			check_raw(import, &import->inputs[i]);
	}
}

static void release(struct import *import)
{
	for (size_t i = 0; i < import->matcher_count; i++)
		matcher_release(import->matchers[i]);
	intern_release(&import->doubts);
	free(import->doubt_counts);
	channels_release(&import->channels);
}

/* The headers as --map would name them, below titles and in any encoding. */
static _Noreturn void list_columns(struct run *run, struct import *import)
{
	struct ledger input = { .in = { .empty = false } };
	struct buf names = { 0 };
	prepare_ledgers(run, import);
	ledgers_add(&import->ledgers, run->list_columns);
	open_input(run, import, &input, &import->ledgers.list[0]);
	if (!input.in.layout.lines && input.in.beginning.count)
		input.in.layout.lines = 1; /* no header is known: the first record */
	if (input.in.layout.lines)
		layout_heads(&run->arena, &input.in.beginning, &input.in.layout);
	for (size_t i = 0; i < input.in.layout.count; i++) {
		dialect_put(dialect_tsv(), input.in.layout.heads[i].shown, &names);
		buf_byte(&names, '\n');
	}
	input.in.feed.close(input.in.feed.state);
	release(import);
	cli_print(buf_view(&names));
}

static bool has_source(const struct plan *plan, size_t column)
{
	bool found = false;
	for (size_t f = 0; f < plan->files; f++)
		found |= plan->sources[f][column].count != 0;
	return found;
}

/* --keep-raw names columns as they are written; those that no file has are passed over. */
static void keep_raw(struct run *run, struct import *import)
{
	struct plan *plan = &import->plan;
	struct header header = { .names = arena_zero(&run->arena, plan->count + 1, sizeof(struct view)),
		.count = (unsigned)plan->count, .file = import->inputs[0].in.feed.name };
	for (size_t i = 0; i < plan->count; i++)
		header.names[i] = plan->columns[i].name;
	struct columns columns = columns_resolve(&run->arena, &header, "--keep-raw", import->keep_raw);
	for (unsigned i = 0; i < columns.count; i++)
		if (has_source(plan, columns.at[i]) && !plan_keep(&run->arena, plan, columns.at[i]))
			die(STATUS_INPUT, "--keep-raw: there is a column \"raw_%.*s\" already",
			    VIEW_ARGS(plan->columns[columns.at[i]].name));
}

/* What the options say of its records, beside what is known of them. */
static struct import_file describe(struct run *run, const struct import *import, const struct ledger *input)
{
	struct import_file file = input_file(&run->arena, &input->in,
	                                     import->raw ? NULL : matcher_of(import, import->table));
	if (strcmp(file.name, "(standard input)") == 0)
		file.name = "-";
	file.pad = import->ragged == 1;
	if (import->fill_down)
		file.fill = columns_resolve(&run->arena, &input->in.header, "--fill-down", import->fill_down);
	return file;
}

/* The records above the header were read, and are left out. */
static void count_titles(struct run *run, struct import *import, unsigned at)
{
	const struct input *input = &import->inputs[at].in;
	for (size_t i = 0; i < input->layout.first; i++) {
		const struct beginning_record *record = &input->beginning.record[i];
		bool blank = true;
		for (size_t k = 0; k < record->count; k++)
			blank &= text_cell_is_blank(record->cells[k]);
		enum import_fate fate = blank ? IMPORT_BLANK : IMPORT_TITLE;
		import->fates[fate]++;
		places_add(&import->places[fate], at, record->line);
	}
	run->counts.read += input->layout.first;
	run->counts.fates[FATE_LEFT_OUT] += input->layout.first;
	reader_counted(run->reader, at, input->layout.first);
}

static void prepare(struct run *run, struct import *import)
{
	static const enum date_order orders[] = { DATE_YMD, DATE_DMY, DATE_MDY };
	size_t count = import->input_count;
	const struct layout **layouts = arena_zero(&run->arena, count, sizeof *layouts);
	struct import_file *files = arena_zero(&run->arena, count, sizeof *files);
	struct feed *feeds = arena_zero(&run->arena, count, sizeof *feeds);
	for (size_t i = 0; i < count; i++) {
		layouts[i] = &import->inputs[i].in.layout;
		files[i] = describe(run, import, &import->inputs[i]);
		feeds[i] = import->inputs[i].in.feed;
		feeds[i].header = &import->inputs[i].in.header;
	}
	if (!import->raw)
		import->plan = plan_make(&run->arena, import->table, layouts, count, import->tree);
	if (import->keep_raw)
		keep_raw(run, import);
	import->importer = (struct importer){ .plan = import->raw ? NULL : &import->plan, .files = files,
		.habits = { { .as_of = moment_day(run->as_of), .year = (int)import->year, .order = orders[import->dates],
			.serial_1904 = import->date_system == 1 }, import->keep_newlines },
		.channels = &import->channels,
		.check_utf8 = import->encoding_errors == 1, .strict = run->strict ? is_strict : NULL, .strict_arg = run };
	struct reader_options options = { .from = DIALECT_CSV, .allow_empty = true };
	run->reader = reader_open_feeds(&options, feeds, count, &import->inputs[0].in.header);
	for (unsigned i = 0; i < count; i++)
		count_titles(run, import, i);
	/* What comes out is one form, whatever went in. */
	run->delimiter = '\0';
	if (!run->to && dialect_of_name(run->output) == DIALECT_UNKNOWN)
		run->to = DIALECT_CSV;
}

static void write_header(struct run *run, const struct import *import)
{
	struct out out;
	out_init(&out, run->out_dialect);
	import_header(&import->importer, &import->inputs[0].in.header, &out);
	run_write_header(run, &out);
	buf_release(&out.bytes);
}

int main(int argc, char **argv)
{
	static struct import import;
	static const char *const errors[] = { "fail", "reject", NULL };
	static const char *const orders[] = { "ymd", "dmy", "mdy", NULL };
	static const char *const systems[] = { "1900", "1904", NULL };
	static const char *const quotes[] = { "strict", "lazy", NULL };
	static const char *const ragged[] = { "reject", "pad", NULL };
	static const struct opt options[] = {
		OPT_TEXT(0, "as", &import.as, "TABLE", "table of the data model, or raw; default: by the headers"),
		OPT_FILE(0, "map", &import.map, "more headers: table,column,alias"),
		OPT_TEXT(0, "sheet", &import.sheet, "WHICH", "of a workbook: a name, a number, all; default: the first"),
		OPT_COUNT(0, "header-rows", &import.header_rows, "lines of the header; default: found out"),
		OPT_TEXT(0, "encoding", &import.encoding, "NAME", "encoding of the input; default: found out"),
		OPT_CHOICE(0, "encoding-errors", &import.encoding_errors, errors, "at undecodable bytes: fail or reject"),
		OPT_CHOICE(0, "dates", &import.dates, orders, "order in dates like 3/5/2021: ymd, dmy or mdy"),
		OPT_COUNT(0, "year", &import.year, "year of dates that have none"),
		OPT_CHOICE(0, "date-system", &import.date_system, systems, "from when serial numbers count: 1900 or 1904"),
		OPT_FLAG(0, "channels", &import.tree, "names of channels become channel and channel2"),
		OPT_COLUMNS(0, "keep-raw", &import.keep_raw, "their text as it stood, beside, as raw_COLUMN"),
		OPT_TEXT(0, "quote", &import.quote, "C", "character around fields; default \""),
		OPT_TEXT(0, "escape", &import.escape, "C", "character before quotes that are data, such as \\"),
		OPT_CHOICE(0, "quotes", &import.quotes, quotes, "out of place: strict rejects, lazy reads what fits"),
		OPT_CHOICE(0, "ragged", &import.ragged, ragged, "records with too few fields: reject or pad"),
		OPT_COLUMNS(0, "fill-down", &import.fill_down, "empty cells, merged ones, have what stands above"),
		OPT_FLAG(0, "keep-newlines", &import.keep_newlines, "line breaks in cells stay"),
		OPT_FLAG(0, "explain", &import.explain, "say what was found out and what each header means"),
		OPT_END
	};
	static const char *const examples[] = {
		"crm-import --as visits visits-register.csv >visits.csv",
		"crm-import --explain --rejects bad.csv -o orders.csv orders-*.csv.gz",
		NULL
	};
	static struct cli_table tables[] = { { "model", NULL }, { "enums", NULL }, { "channel_map", NULL }, { NULL, NULL } };
	static const struct cli_values values[] = { { "as", "model", "table" }, { "as", NULL, "raw" }, { 0 } };
	static const struct tool tool = {
		.name = "crm-import",
		.does = "Makes a clean table of the data model out of ledgers in any encoding and form.",
		.usage = "[OPTION]... [FILE]...",
		.options = options,
		.shares = CLI_READS | CLI_WRITES | CLI_ADDS | CLI_AS_OF | CLI_TABLES,
		.examples = examples,
		.tables = tables,
		.values = values,
		.strict = import_doubts,
		.lists_columns = true,
	};
	static const struct row_shape shape = { .row = row, .ragged = true, .empty_lines = true, .scratch = sizeof(struct importing),
		.open = open_worker, .close = close_worker };
	struct run run;
	tables[0].csv = model_csv_text;
	tables[1].csv = model_enums_text;
	tables[2].csv = channels_csv;
	cli_start(&tool, &run, argc, argv);
	settle_options(&run, &import);
	if (run.list_columns)
		list_columns(&run, &import);
	intern_init(&import.doubts, &run.arena);
	open_inputs(&run, &import);
	if (import.input_count)
		prepare(&run, &import);
	run_open_output(&run);
	if (import.input_count) {
		write_header(&run, &import);
		engine_rows(&run, &shape, &import);
		if (explains(&run, &import))
			explain_places(&import);
		note_encodings(&run, &import);
		note_unknown(&run, &import);
		note_counts(&run, &import);
	}
	release(&import);
	int status = run_finish(&run);
	ledgers_release(&import.ledgers);
	return status;
}
