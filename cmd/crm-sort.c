/* crm-sort: rows in the order of typed keys.  What is above --memory goes to a temporary file;
 * merging sorted files takes constant memory. */
#include <stdlib.h>

#include "cli/cli.h"
#include "engine/cursor.h"
#include "value/number.h"

/* What the values of a text key look like.  All numbers, and of several lengths or with
 * signs: then 9 comes after 10, and `number` was meant. */
struct look {
	bool other, mixed; /* a value that is no number; numbers whose order is not that of text */
	size_t whole;      /* digits before the point, of all so far; 0: none so far */
};

struct sort {
	const char *key_text; /* options */
	bool merge_sorted, unique;
	struct sort_keys keys;
	struct run *run;
	uint64_t *doubts;     /* rows whose value is not what its key says, by key */
	struct look *looks;   /* by key */
	/* What goes out, in the main thread. */
	struct out out;
	struct buf last;      /* the last key, for --unique */
	bool begun;
};

/* A worker's memory. */
struct scratch {
	struct out line;
	struct buf key;
	uint64_t *doubts;
	struct look *looks;
};

/* A leading zero is no number's: such a value is an identifier. */
static void look_at(struct look *look, struct view value)
{
	bool sign = value.len && (value.ptr[0] == '-' || value.ptr[0] == '+');
	struct view digits = view_skip(value, sign);
	size_t whole = 0;
	__int128 number;
	while (whole < digits.len && byte_is_digit(digits.ptr[whole]))
		whole++;
	if (look->other || !value.len)
		return;
	look->other = (whole > 1 && digits.ptr[0] == '0') || !number_parse(value, 0, &number);
	look->mixed |= sign || (look->whole && whole != look->whole);
	look->whole = whole;
}

static void look_merge(struct look *look, const struct look *with)
{
	look->other |= with->other;
	look->mixed |= with->mixed || (look->whole && with->whole && with->whole != look->whole);
	if (with->whole)
		look->whole = with->whole;
}

static void open_scratch(const void *tool, void *memory)
{
	const struct sort *sort = tool;
	struct scratch *scratch = memory;
	out_init(&scratch->line, sort->run->out_dialect);
	scratch->doubts = heap_alloc(sort->keys.count * sizeof *scratch->doubts);
	memset(scratch->doubts, 0, sort->keys.count * sizeof *scratch->doubts);
	scratch->looks = heap_alloc(sort->keys.count * sizeof *scratch->looks);
	memset(scratch->looks, 0, sort->keys.count * sizeof *scratch->looks);
}

static void close_scratch(void *tool, void *memory)
{
	struct sort *sort = tool;
	struct scratch *scratch = memory;
	for (unsigned i = 0; i < sort->keys.count; i++) {
		sort->doubts[i] += scratch->doubts[i];
		look_merge(&sort->looks[i], &scratch->looks[i]);
	}
	free(scratch->doubts);
	free(scratch->looks);
	buf_release(&scratch->key);
	buf_release(&scratch->line.bytes);
}

static const char *doubt_code(const struct sort_key *key)
{
	return key->type == KEY_NUMBER ? "no_number" : "no_time";
}

static enum fate row(const void *tool, void *memory, const struct row *row, struct sort_block *block,
                     struct task *task)
{
	const struct sort *sort = tool;
	struct scratch *scratch = memory;
	buf_reset(&scratch->key);
	for (unsigned i = 0; i < sort->keys.count; i++) {
		const struct sort_key *key = &sort->keys.key[i];
		bool doubt = false;
		sort_key_put(&scratch->key, row, key, &doubt);
		if (doubt && run_strict(sort->run, doubt_code(key)))
			return row_reject(task, row, key->column, doubt_code(key), "the key does not read as what --key says");
		scratch->doubts[i] += doubt;
		if (!key->typed && !scratch->looks[i].other)
			look_at(&scratch->looks[i], row_value(row, key->column));
	}
	out_reset(&scratch->line);
	out_row(&scratch->line, row);
	out_end(&scratch->line);
	sort_emit(block, buf_view(&scratch->key), buf_view(&scratch->line.bytes));
	return FATE_USED;
}

/* Is the key that of the row written last?  Only asked with --unique. */
static bool is_repeated(struct sort *sort, struct view key)
{
	if (sort->begun && view_equal(key, buf_view(&sort->last)))
		return true;
	sort->begun = true;
	buf_reset(&sort->last);
	buf_put(&sort->last, key);
	return false;
}

static void write_line(void *tool, struct view key, struct view line)
{
	enum { WRITE_AT = 256 * 1024 };
	struct sort *sort = tool;
	if (sort->unique && is_repeated(sort, key)) {
		sort->run->counts.fates[FATE_USED]--;
		sort->run->counts.fates[FATE_MERGED]++;
		return;
	}
	buf_put(&sort->out.bytes, line);
	sort->out.rows++;
	if (sort->out.bytes.len >= WRITE_AT)
		run_write(sort->run, &sort->out);
}

/* Somebody who names a column of amounts and no kind gets an order that nobody wants. */
static void say_looks(const struct sort *sort, struct run *run)
{
	for (unsigned i = 0; i < sort->keys.count && sort->key_text && !run->quiet; i++) {
		struct view name = header_shown(&run->arena, reader_header(run->reader), sort->keys.key[i].column);
		if (!sort->keys.key[i].typed && sort->looks[i].mixed && !sort->looks[i].other)
			warn("--key: %.*s was sorted as text, although all its values are numbers; write %.*s:number (or :text)",
			     VIEW_ARGS(name), VIEW_ARGS(name));
	}
}

static void sort_rows(struct sort *sort, struct run *run)
{
	static const struct sort_shape shape = { .row = row, .scratch = sizeof(struct scratch),
		.open = open_scratch, .close = close_scratch };
	struct sorter *sorter = sorter_new(run);
	sorter_read(sorter, &shape, sort);
	sorter_finish(sorter, write_line, sort);
	for (unsigned i = 0; i < sort->keys.count; i++)
		if (sort->doubts[i])
			run_note(run, "--key: %.*s is %s in %llu rows, which count as missing",
			         VIEW_ARGS(header_shown(&run->arena, reader_header(run->reader), sort->keys.key[i].column)),
			         translate(sort->keys.key[i].type == KEY_NUMBER ? "no number" : "no date or time"),
			         (unsigned long long)sort->doubts[i]);
	say_looks(sort, run);
}

/* ---- --merge-sorted ---- */

/* Does a's row come before b's?  Of equal keys that of the earlier input. */
static bool is_before(struct cursor *const *cursors, size_t a, size_t b)
{
	int order = view_compare(cursor_key(cursors[a]), cursor_key(cursors[b]));
	return order < 0 || (order == 0 && a < b);
}

/* A heap of the inputs that have a row: its top moves down to its place. */
static void sift(size_t *heap, size_t count, size_t at, struct cursor *const *cursors)
{
	for (size_t child; (child = at * 2 + 1) < count; at = child) {
		if (child + 1 < count && is_before(cursors, heap[child + 1], heap[child]))
			child++;
		if (is_before(cursors, heap[at], heap[child]))
			break;
		size_t moved = heap[at];
		heap[at] = heap[child];
		heap[child] = moved;
	}
}

static enum fate write_row(struct sort *sort, const struct cursor *cursor)
{
	if (sort->unique && is_repeated(sort, cursor_key(cursor)))
		return FATE_MERGED;
	out_row(&sort->out, cursor_row(cursor));
	out_end(&sort->out);
	return FATE_USED;
}

static void merge_inputs(struct sort *sort, struct run *run)
{
	size_t inputs = reader_inputs(run->reader), count = 0;
	struct cursor **cursors = arena_zero(&run->arena, inputs, sizeof(struct cursor *));
	size_t *heap = arena_zero(&run->arena, inputs, sizeof *heap);
	for (size_t i = 0; i < inputs; i++) {
		cursors[i] = cursor_open(run, i, &sort->keys, "--merge-sorted", &sort->out);
		if (cursor_next(cursors[i]))
			heap[count++] = i;
	}
	for (size_t i = count / 2; i-- > 0;)
		sift(heap, count, i, cursors);
	while (count) {
		struct cursor *cursor = cursors[heap[0]];
		cursor_done(cursor, write_row(sort, cursor));
		if (!cursor_next(cursor))
			heap[0] = heap[--count];
		sift(heap, count, 0, cursors);
	}
	for (size_t i = 0; i < inputs; i++)
		cursor_close(cursors[i]);
}

/* ---- */

static void run_sort(struct sort *sort, struct run *run, const struct header *header)
{
	sort->run = run;
	sort->doubts = arena_zero(&run->arena, sort->keys.count, sizeof *sort->doubts);
	sort->looks = arena_zero(&run->arena, sort->keys.count, sizeof *sort->looks);
	out_init(&sort->out, run->out_dialect);
	out_names(&sort->out, header);
	run_write_header(run, &sort->out);
	if (sort->merge_sorted)
		merge_inputs(sort, run);
	else
		sort_rows(sort, run);
	run_write(run, &sort->out);
	buf_release(&sort->out.bytes);
	buf_release(&sort->last);
}

int main(int argc, char **argv)
{
	static struct sort sort;
	static const struct opt options[] = {
		OPT_KEYS('k', "key", &sort.key_text, "what to sort by; default all columns, as text"),
		OPT_FLAG('u', "unique", &sort.unique, "of rows with equal keys only the first"),
		OPT_FLAG(0, "merge-sorted", &sort.merge_sorted, "the files are sorted: only merge them"),
		OPT_END
	};
	static const char *const examples[] = {
		"crm-sort -k amount:number:desc,name deals.csv",
		"crm-sort -k uid,at:date --merge-sorted monday.csv tuesday.csv",
		NULL
	};
	static const char *const strict[] = { "no_number", "no_time", NULL };
	static const struct cli_hint hints[] = {
		{ 'r', "-k COLUMN:desc" }, { 'n', "-k COLUMN:number" }, { 'g', "-k COLUMN:number" }, { 't', "-d" },
		{ 0, NULL }
	};
	static const struct tool tool = {
		.name = "crm-sort",
		.does = "Sorts rows by typed keys, or merges sorted files.",
		.usage = "[OPTION]... [FILE]...",
		.options = options,
		.shares = CLI_READS | CLI_WRITES | CLI_MEMORY | CLI_SHARDS,
		.examples = examples,
		.strict = strict,
		.hints = hints,
	};
	struct run run;
	cli_start(&tool, &run, argc, argv);
	const struct header *header = run_open(&run);
	if (header)
		sort.keys = sort_keys_resolve(&run.arena, header, "--key", sort.key_text ? sort.key_text : "*");
	run_open_output(&run);
	if (header)
		run_sort(&sort, &run, header);
	return run_finish(&run);
}
