/* crm-join: adds columns of other tables by key.  Holds the tables named by --with; with
 * --sorted the rows of one key of each. */
#include "cli/cli.h"
#include "engine/cursor.h"
#include "engine/lookup.h"
#include "engine/rows.h"

enum missing { MISSING_KEEP, MISSING_DROP, MISSING_REJECT, MISSING_FAIL, MISSING_ONLY };
enum multiple { MULTIPLE_FAIL, MULTIPLE_FIRST, MULTIPLE_LAST, MULTIPLE_ALL, MULTIPLE_REJECT };
enum { MOST_TABLES = 16, NO_ADDED = UINT32_MAX };

/* A table named by --with: the rows that may match, by key. */
struct with {
	const char *file;
	struct reader *reader;
	const struct header *header;
	struct columns key;
	struct loaded *loaded;  /* the key's columns, then those that are added; --sorted: rows of one key */
	struct lookup *lookup;  /* NULL with --sorted */
	struct cursor *cursor;  /* with --sorted */
	bool ahead;             /* the cursor stands on a row */
	struct buf group;       /* the key of the loaded rows */
	uint64_t missing, several;
};

struct added {
	unsigned table, column; /* of the table as it is loaded */
	struct view name;
	bool replaces;          /* it is written in place of a column of the input */
};

struct join {
	const char *key_text, *add_text, *prefix; /* options */
	struct opt_list with_files;
	int missing, multiple;
	bool sorted;
	const char *left, *right; /* the two sides of --key, as lists of columns */
	struct columns key;
	struct with with[MOST_TABLES];
	unsigned tables;
	struct added *added;
	unsigned added_count;
	unsigned *replaced_by;    /* of each column of the input: an added one, or NO_ADDED; NULL: none is */
};

/* What a row matches in each table, and counts for the summary. */
struct scratch {
	size_t match[MOST_TABLES], first[MOST_TABLES];
	uint64_t missing[MOST_TABLES], several[MOST_TABLES];
};

/* ---- a row and what it matches ---- */

static size_t first_match(const struct with *with, const struct view *key)
{
	if (with->lookup)
		return lookup_first(with->lookup, key);
	return with->loaded->count ? 0 : LOOKUP_NONE;
}

static size_t next_match(const struct with *with, size_t row)
{
	if (with->lookup)
		return lookup_next(with->lookup, row);
	return row + 1 < with->loaded->count ? row + 1 : LOOKUP_NONE;
}

static size_t last_match(const struct with *with, size_t row)
{
	for (size_t next; (next = next_match(with, row)) != LOOKUP_NONE; row = next)
		;
	return row;
}

static void write_row(const struct join *join, const size_t *match, const struct row *row, struct out *out)
{
	for (unsigned i = 0; join->replaced_by && i < row->count; i++) {
		unsigned by = join->replaced_by[i];
		if (by == NO_ADDED || match[join->added[by].table] == LOOKUP_NONE)
			out_copy(out, row, i);
		else
			out_field(out, loaded_cell(join->with[join->added[by].table].loaded,
			                           match[join->added[by].table], join->added[by].column));
	}
	if (!join->replaced_by)
		out_row(out, row);
	for (unsigned i = 0; i < join->added_count; i++) {
		const struct added *added = &join->added[i];
		size_t at = match[added->table];
		if (!added->replaces)
			out_field(out, at == LOOKUP_NONE ? view("", 0)
			                                 : loaded_cell(join->with[added->table].loaded, at, added->column));
	}
	out_end(out);
}

/* The next combination of matches, the last table's first; false when all were there. */
static bool next_combination(const struct join *join, struct scratch *scratch)
{
	for (unsigned i = join->tables; i-- > 0;) {
		size_t next = scratch->match[i] == LOOKUP_NONE ? LOOKUP_NONE
		                                               : next_match(&join->with[i], scratch->match[i]);
		if (next != LOOKUP_NONE) {
			scratch->match[i] = next;
			return true;
		}
		scratch->match[i] = scratch->first[i];
	}
	return false;
}

/* False where one of the key's values is missing: that matches nothing. */
static bool take_key(const struct join *join, const struct row *row, struct view *key)
{
	bool whole = true;
	for (unsigned i = 0; i < join->key.count; i++) {
		key[i] = row_value(row, join->key.at[i]);
		whole &= key[i].len > 0;
	}
	return whole;
}

static enum fate row(const void *tool, void *memory, const struct row *row, struct out *out, struct task *task)
{
	const struct join *join = tool;
	struct scratch *scratch = memory;
	const struct with *lacks = NULL, *several = NULL;
	struct view key[LOOKUP_MOST_COLUMNS];
	bool whole = take_key(join, row, key);
	for (unsigned i = 0; i < join->tables; i++) {
		const struct with *with = &join->with[i];
		size_t match = whole ? first_match(with, key) : LOOKUP_NONE;
		if (match == LOOKUP_NONE) {
			lacks = lacks ? lacks : with;
			scratch->missing[i]++;
		} else if (next_match(with, match) != LOOKUP_NONE) {
			several = several ? several : with;
			scratch->several[i]++;
			if (join->multiple == MULTIPLE_LAST)
				match = last_match(with, match);
		}
		scratch->match[i] = scratch->first[i] = match;
	}
	unsigned column = join->key.at[0];
	if (join->missing == (lacks ? MISSING_DROP : MISSING_ONLY))
		return FATE_LEFT_OUT;
	if (lacks && join->missing == MISSING_REJECT)
		return row_reject(task, row, column, "no_match", "no row with this key in %s", lacks->file);
	if (lacks && join->missing == MISSING_FAIL)
		return row_fatal(task, row, column, "no row with this key in %s", lacks->file);
	if (several && join->multiple == MULTIPLE_REJECT)
		return row_reject(task, row, column, "several_matches", "several rows with this key in %s", several->file);
	do
		write_row(join, scratch->match, row, out);
	while (join->multiple == MULTIPLE_ALL && next_combination(join, scratch));
	return FATE_USED;
}

static void count_scratch(void *tool, void *memory)
{
	struct join *join = tool;
	const struct scratch *scratch = memory;
	for (unsigned i = 0; i < join->tables; i++) {
		join->with[i].missing += scratch->missing[i];
		join->with[i].several += scratch->several[i];
	}
}

/* ---- --sorted ---- */

static struct sort_keys text_keys(struct arena *arena, const struct columns *columns)
{
	struct sort_keys keys = { arena_zero(arena, columns->count, sizeof *keys.key), columns->count };
	for (unsigned i = 0; i < columns->count; i++)
		keys.key[i] = (struct sort_key){ .column = columns->at[i], .type = KEY_TEXT };
	return keys;
}

static _Noreturn void refuse_second(const char *file, uint64_t line)
{
	die_at(STATUS_INPUT, (struct place){ file, line, 0 },
	       "a second row with this key; --multiple says what to do");
}

/* Loads the rows with this key, and leaves the cursor on the first one behind them. */
static void load_group(const struct join *join, struct run *run, struct with *with, struct view key)
{
	if (with->loaded->count && view_equal(key, buf_view(&with->group)))
		return;
	loaded_clear(with->loaded);
	while (with->ahead && view_compare(cursor_key(with->cursor), key) < 0)
		with->ahead = cursor_next(with->cursor);
	buf_reset(&with->group);
	buf_put(&with->group, key);
	while (with->ahead && view_equal(cursor_key(with->cursor), key)) {
		if (with->loaded->count && join->multiple == MULTIPLE_FAIL)
			refuse_second(with->file, cursor_row(with->cursor)->line);
		loaded_put(run, with->loaded, cursor_row(with->cursor));
		with->ahead = cursor_next(with->cursor);
	}
}

static void join_sorted(struct join *join, struct run *run)
{
	struct out out;
	struct scratch scratch = { 0 };
	struct view key[LOOKUP_MOST_COLUMNS];
	struct sort_keys keys = text_keys(&run->arena, &join->key), with_keys[MOST_TABLES];
	out_init(&out, run->out_dialect);
	for (unsigned i = 0; i < join->tables; i++) {
		struct with *with = &join->with[i];
		with_keys[i] = text_keys(&run->arena, &with->key);
		with->cursor = cursor_beside(run, with->reader, &with_keys[i], "--sorted", &out);
		with->ahead = cursor_next(with->cursor);
	}
	struct cursor *cursor = cursor_open(run, CURSOR_ALL, &keys, "--sorted", &out);
	while (cursor_next(cursor)) {
		bool whole = take_key(join, cursor_row(cursor), key);
		for (unsigned i = 0; whole && i < join->tables; i++)
			load_group(join, run, &join->with[i], cursor_key(cursor));
		cursor_done(cursor, row(join, &scratch, cursor_row(cursor), &out, cursor_task(cursor)));
	}
	cursor_close(cursor);
	/* What is behind the last key is read too: a table cut short must not pass for a whole one. */
	for (unsigned i = 0; i < join->tables; i++)
		while (join->with[i].ahead)
			join->with[i].ahead = cursor_next(join->with[i].cursor);
	run_write(run, &out);
	buf_release(&out.bytes);
	count_scratch(join, &scratch);
}

/* ---- keys and columns ---- */

/* `uid,room=room_id`: the left and the right side as lists of columns. */
static void split_keys(struct join *join, struct arena *arena)
{
	struct buf sides[2] = { 0 };
	struct view text = view_of(join->key_text);
	bool quoted = false;
	unsigned side = 0;
	size_t start = 0;
	for (size_t i = 0; i <= text.len; i++) {
		char c = i < text.len ? text.ptr[i] : ',';
		quoted ^= c == '`';
		if (quoted || (c != ',' && c != '='))
			continue;
		if (c == '=' && side)
			cli_wrong("--key: \"%s\" has more than two sides", join->key_text);
		struct view name = view(text.ptr + start, i - start);
		buf_put(&sides[side], name);
		if (c == ',' && !side)
			buf_put(&sides[1], name); /* the same on both sides */
		side = c == '=';
		start = i + 1;
		for (unsigned k = 0; c == ',' && i < text.len && k < 2; k++)
			buf_byte(&sides[k], ',');
	}
	join->left = arena_string(arena, buf_view(&sides[0]));
	join->right = arena_string(arena, buf_view(&sides[1]));
	columns_check("--key", join->left);
	columns_check("--key", join->right);
	buf_release(&sides[0]);
	buf_release(&sides[1]);
}

static void check_options(struct join *join, const struct run *run)
{
	unsigned standard = run->operand_count == 0;
	if (!join->key_text)
		cli_wrong("--key is wanted: what to join by");
	if (!join->with_files.count)
		cli_wrong("--with is wanted: the table whose columns are added");
	if (join->with_files.count > MOST_TABLES)
		cli_wrong("--with: at most %d tables", MOST_TABLES);
	if (join->missing == MISSING_ONLY && join->add_text)
		cli_wrong("--missing only adds no columns: --add is of no use");
	for (size_t i = 0; i < run->operand_count; i++)
		standard += view_is(view_of(run->operands[i]), "-");
	for (size_t i = 0; i < join->with_files.count; i++)
		standard += view_is(view_of(join->with_files.items[i]), "-");
	if (standard > 1)
		cli_wrong("standard input (-) is named twice");
}

static void open_tables(struct join *join, struct run *run, const struct header *header)
{
	join->key = columns_need(&run->arena, header, "--key", join->left);
	if (join->key.count > LOOKUP_MOST_COLUMNS)
		die(STATUS_USAGE, "--key: at most %d columns", LOOKUP_MOST_COLUMNS);
	for (; join->tables < join->with_files.count; join->tables++) {
		struct with *with = &join->with[join->tables];
		with->file = join->with_files.items[join->tables];
		with->reader = run_open_table(run, with->file);
		with->header = reader_header(with->reader);
		with->key = columns_need(&run->arena, with->header, "--key", join->right);
		if (with->key.count != join->key.count)
			die(STATUS_INPUT, "--key: %u columns of the input, %u of %s", join->key.count, with->key.count,
			    with->file);
	}
}

static bool is_key(const struct with *with, unsigned column)
{
	for (unsigned i = 0; i < with->key.count; i++)
		if (with->key.at[i] == column)
			return true;
	return false;
}

/* All columns that could be added, as one header with where each comes from. */
static struct header *candidates(const struct join *join, struct arena *arena, struct added **from)
{
	size_t most = 0;
	for (unsigned i = 0; i < join->tables; i++)
		most += join->with[i].header->count;
	struct header *all = arena_zero(arena, 1, sizeof *all);
	*all = (struct header){ .names = arena_zero(arena, most, sizeof *all->names), .file = join->with[0].file };
	*from = arena_zero(arena, most, sizeof **from);
	for (unsigned i = 0; i < join->tables; i++) {
		const struct header *header = join->with[i].header;
		for (unsigned k = 0; k < header->count; k++) {
			if (is_key(&join->with[i], k))
				continue;
			(*from)[all->count] = (struct added){ .table = i, .column = k };
			all->names[all->count++] = header->names[k];
		}
	}
	return all;
}

/* The column's place in the output: a new one, or with --replace one of the input's. */
static void place_added(struct join *join, struct run *run, const struct header *header, struct added *added)
{
	for (const struct added *other = join->added; other < added; other++)
		if (view_equal(other->name, added->name))
			die(STATUS_INPUT, "%s: column \"%.*s\" is added twice; --add says which are wanted",
			    join->with[added->table].file, VIEW_ARGS(added->name));
	unsigned there = header_find(header, added->name);
	if (there == COLUMN_NONE)
		return;
	if (!run->replace)
		die_at(STATUS_INPUT, (struct place){ header->file, 1, 0 },
		       "column \"%.*s\" is there already; --replace writes into it, --prefix gives the new one "
		       "another name", VIEW_ARGS(added->name));
	if (!join->replaced_by) {
		join->replaced_by = arena_zero(&run->arena, header->count, sizeof *join->replaced_by);
		for (unsigned i = 0; i < header->count; i++)
			join->replaced_by[i] = NO_ADDED;
	}
	join->replaced_by[there] = (unsigned)(added - join->added);
	added->replaces = true;
}

static struct view prefixed(struct arena *arena, const char *prefix, struct view name)
{
	struct buf whole = { 0 };
	buf_text(&whole, prefix ? prefix : "");
	buf_put(&whole, name);
	struct view kept = arena_copy(arena, buf_view(&whole));
	buf_release(&whole);
	return kept;
}

static void choose_added(struct join *join, struct run *run, const struct header *header)
{
	struct added *from;
	const struct header *all = candidates(join, &run->arena, &from);
	struct columns chosen = { NULL, 0 };
	if (join->missing != MISSING_ONLY && (all->count || join->add_text))
		chosen = columns_resolve(&run->arena, all, "--add", join->add_text ? join->add_text : "*");
	join->added = arena_zero(&run->arena, chosen.count, sizeof *join->added);
	for (unsigned i = 0; i < chosen.count; i++) {
		struct added *added = &join->added[join->added_count];
		*added = from[chosen.at[i]];
		added->name = prefixed(&run->arena, join->prefix, all->names[chosen.at[i]]);
		place_added(join, run, header, added);
		join->added_count++;
	}
	/* Who only asks whether there is a match does not care how many. */
	if (!join->added_count)
		join->multiple = MULTIPLE_FIRST;
}

/* Of each table the key's columns and those that are added are kept. */
static void load_tables(struct join *join, struct run *run)
{
	for (unsigned i = 0; i < join->tables; i++) {
		struct with *with = &join->with[i];
		struct columns kept = { arena_zero(&run->arena, with->header->count, sizeof *kept.at), 0 };
		struct columns key = { arena_zero(&run->arena, with->key.count, sizeof *key.at), with->key.count };
		for (unsigned k = 0; k < key.count; k++) {
			key.at[k] = kept.count;
			kept.at[kept.count++] = with->key.at[k];
		}
		for (struct added *added = join->added; added < join->added + join->added_count; added++) {
			if (added->table != i)
				continue;
			kept.at[kept.count] = added->column;
			added->column = kept.count++;
		}
		if (join->sorted) {
			with->loaded = loaded_new(with->header, &kept);
			continue;
		}
		with->loaded = load_reader(run, with->reader, &kept);
		with->lookup = lookup_new(run, with->loaded, key);
		run->memory -= with->loaded->bytes + lookup_bytes(with->lookup);
		size_t second = lookup_repeated(with->lookup);
		if (second != LOOKUP_NONE && join->multiple == MULTIPLE_FAIL)
			refuse_second(with->file, with->loaded->rows[second]->line);
	}
}

/* ---- */

static void write_header(const struct join *join, struct run *run, const struct header *header)
{
	struct out out;
	out_init(&out, run->out_dialect);
	out_names(&out, header);
	for (unsigned i = 0; i < join->added_count; i++)
		if (!join->added[i].replaces)
			out_field(&out, join->added[i].name);
	run_write_header(run, &out);
	buf_release(&out.bytes);
}

static void say_and_release(struct join *join, struct run *run)
{
	for (unsigned i = 0; i < join->tables; i++) {
		struct with *with = &join->with[i];
		if (with->missing)
			run_note(run, "%llu rows without a match in %s", (unsigned long long)with->missing, with->file);
		if (with->several)
			run_note(run, "%llu rows with several matches in %s", (unsigned long long)with->several,
			         with->file);
		if (with->cursor)
			cursor_close(with->cursor);
		lookup_free(with->lookup);
		loaded_free(with->loaded);
		reader_close(with->reader);
		buf_release(&with->group);
	}
}

int main(int argc, char **argv)
{
	static struct join join;
	static const char *const missing_words[] = { "keep", "drop", "reject", "fail", "only", NULL };
	static const char *const multiple_words[] = { "fail", "first", "last", "all", "reject", NULL };
	static const struct opt options[] = {
		OPT_TEXT('k', "key", &join.key_text, "COLUMNS", "what to join by: a, b or left=right"),
		OPT_LIST(0, "with", &join.with_files, "FILE", "a table whose columns are added; may be given again"),
		OPT_COLUMNS(0, "add", &join.add_text, "columns to add; default all but the key"),
		OPT_TEXT(0, "prefix", &join.prefix, "P", "put before the names of added columns"),
		OPT_CHOICE(0, "missing", &join.missing, missing_words, "row without a match: keep, drop, reject, fail, only"),
		OPT_CHOICE(0, "multiple", &join.multiple, multiple_words, "several matches: fail, first, last, all, reject"),
		OPT_FLAG(0, "sorted", &join.sorted, "all tables are sorted by the key: constant memory"),
		OPT_END
	};
	static const char *const examples[] = {
		"crm-join -k uid --with customers.csv --add name,grade visits.csv",
		"crm-join -k order_id --with orders.csv --missing drop receipts.csv",
		NULL
	};
	static const struct tool tool = {
		.name = "crm-join",
		.does = "Adds columns of other tables by key.",
		.usage = "-k COLUMNS --with FILE [OPTION]... [FILE]...",
		.options = options,
		.shares = CLI_READS | CLI_WRITES | CLI_ADDS | CLI_MEMORY | CLI_SHARDS,
		.examples = examples,
	};
	static const struct row_shape shape = { .row = row, .scratch = sizeof(struct scratch), .close = count_scratch };
	struct run run;
	cli_start(&tool, &run, argc, argv);
	check_options(&join, &run);
	split_keys(&join, &run.arena);
	const struct header *header = run_open(&run);
	if (header) {
		open_tables(&join, &run, header);
		choose_added(&join, &run, header);
		load_tables(&join, &run);
	}
	run_open_output(&run);
	if (header) {
		write_header(&join, &run, header);
		if (join.sorted)
			join_sorted(&join, &run);
		else
			engine_rows(&run, &shape, &join);
		say_and_release(&join, &run);
	}
	return run_finish(&run);
}
