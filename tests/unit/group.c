/* group: the same groups, rejects and fates for any number of threads, any memory, any cutting
 * of the input, sorted or not, against groups that are put together row by row. */
#include "engine/group.h"

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "gen.h"
#include "test.h"

/* In memory where that is to be had: outputs are synced. */
static char folder[] = "/dev/shm/group-XXXXXX";

static const char *path_of(const char *name)
{
	static char paths[4][64];
	static unsigned next;
	char *path = paths[next++ % 4];
	snprintf(path, sizeof paths[0], "%s/%s", folder, name);
	return path;
}

static struct buf read_file(const char *name)
{
	struct buf text = { 0 };
	FILE *file = fopen(path_of(name), "re");
	if (!file)
		return text;
	for (size_t n; (n = fread(buf_reserve(&text, 4096), 1, 4096, file)) > 0;)
		text.len += n;
	fclose(file);
	return text;
}

/* ---- a tool: writes of each key how many rows, their ids in order, and the first row ----
 *
 * What a row is to become stands in its column `what`: "bad" is rejected at once and "out"
 * left out; "twice", "merged" and "later" are for the group function. */

enum { A, B, ORDER, ID, WHAT, COLUMNS };

enum key_form { ONE_COLUMN, TWO_COLUMNS, MADE };

struct tool {
	enum key_form form;
	uint64_t opened, closed, rows, groups, misaligned, unclean;
};

struct scratch {
	uint64_t rows, groups, misaligned, unclean;
	struct buf ids;
};

static void open_scratch(const void *tool, void *memory)
{
	__atomic_fetch_add(&((struct tool *)(uintptr_t)tool)->opened, 1, __ATOMIC_RELAXED);
	((struct scratch *)memory)->unclean = ((struct scratch *)memory)->rows;
}

static void close_scratch(void *arg, void *memory)
{
	struct tool *tool = arg;
	struct scratch *scratch = memory;
	tool->closed++;
	tool->rows += scratch->rows;
	tool->groups += scratch->groups;
	tool->misaligned += scratch->misaligned;
	tool->unclean += scratch->unclean;
	buf_release(&scratch->ids);
}

static struct view make_key(const void *tool, void *scratch, const struct row *row)
{
	(void)tool;
	(void)scratch;
	return view_skip(row_value(row, A), 1);
}

static enum fate map(const void *tool, void *memory, const struct row *row, struct group_item *item, struct task *task)
{
	struct scratch *scratch = memory;
	struct view what = row_value(row, WHAT);
	bool doubt = false;
	(void)tool;
	scratch->rows++;
	sort_value_put(&item->order, row_value(row, ORDER), KEY_NUMBER, false, &doubt);
	buf_put(&item->payload, row_value(row, ID));
	buf_byte(&item->payload, ':');
	buf_put(&item->payload, what);
	if (view_is(what, "bad"))
		return row_reject(task, row, WHAT, "bad", "this row is bad");
	if (view_is(what, "fatal"))
		return row_fatal(task, row, WHAT, "this row ends it");
	return view_is(what, "out") ? FATE_LEFT_OUT : FATE_USED;
}

static void put_key(const struct tool *tool, struct group *group)
{
	struct view key = group->key;
	if (tool->form == TWO_COLUMNS) {
		out_field(group->out, key_take(&key, group->arena));
		out_field(group->out, key_take(&key, group->arena));
	} else {
		out_field(group->out, key);
	}
}

static void write_group(const void *arg, void *memory, struct group *group)
{
	struct scratch *scratch = memory;
	struct view *ids = arena_zero(group->arena, group->count, sizeof *ids);
	scratch->groups++;
	buf_reset(&scratch->ids);
	put_key(arg, group);
	for (size_t i = 0; i < group->count; i++) {
		struct group_record *record = &group->records[i];
		struct view what = record->payload;
		ids[i] = view_cut(&what, ':');
		buf_put(&scratch->ids, ids[i]);
		buf_byte(&scratch->ids, ' ');
		scratch->misaligned += (uintptr_t)record->payload.ptr % 8 != 0;
		if (view_is(what, "twice"))
			group_reject(group, record, ID, "twice", "row %.*s is there twice", VIEW_ARGS(ids[i]));
		else if (view_is(what, "merged"))
			record->fate = FATE_MERGED;
		else if (view_is(what, "later"))
			record->fate = FATE_LEFT_OUT;
		else if (view_is(what, "end"))
			group_fatal(group, "group of row %.*s ends it", VIEW_ARGS(ids[i]));
	}
	out_u64(group->out, group->count);
	out_field(group->out, buf_view(&scratch->ids));
	out_field(group->out, group_row(&group->records[0]));
	out_end(group->out);
}

static const struct group_shape shape = { .row = map, .group = write_group, .scratch = sizeof(struct scratch),
	.open = open_scratch, .close = close_scratch, .keep_rows = true };

/* ---- rows, and what is to become of them, made the slow way ---- */

struct line {
	char a[24], b[8];
	size_t a_len;
	int order;             /* -1000: missing */
	unsigned id;
	const char *what;      /* NULL: a record with too many fields */
	uint64_t line;         /* in the table */
	struct view text;      /* the record */
	struct view key;
};

struct lines {
	struct line *at;
	size_t count;
	struct arena arena;
};

static struct view plain_key(const struct line *line, enum key_form form, struct arena *arena)
{
	struct view a = view(line->a, line->a_len), b = view_of(line->b);
	struct buf both = { 0 };
	if (form == ONE_COLUMN)
		return a;
	if (form == MADE)
		return view_skip(a, 1);
	key_put(&both, a);
	key_put(&both, b);
	a = arena_copy(arena, buf_view(&both));
	buf_release(&both);
	return a;
}

static bool lacks_key(const struct line *line, enum key_form form)
{
	return form == TWO_COLUMNS ? !line->a_len || !line->b[0] : !line->key.len;
}

/* One key has a fifth of all rows, others have many, most a few. */
static void make_a(uint64_t *seed, struct line *line)
{
	static const char *const odd[] = { "", "k", "k1", "k1,", "k\"1", "k1\n2", " k", "客户" };
	uint64_t kind = gen_below(seed, 20), number = gen_below(seed, 700);
	if (kind < 4)
		line->a_len = (size_t)snprintf(line->a, sizeof line->a, "hot");
	else if (kind < 6)
		line->a_len = (size_t)snprintf(line->a, sizeof line->a, "%s", odd[gen_below(seed, 8)]);
	else if (kind == 6)
		memcpy(line->a, "z\0\xff\0", line->a_len = 1 + gen_below(seed, 4));
	else
		line->a_len = (size_t)snprintf(line->a, sizeof line->a, "%s%llu", kind < 8 ? "a longer key " : "c",
		                               (unsigned long long)(kind < 14 ? number : number % 20));
}

static void make_lines(struct lines *lines, size_t count, uint64_t seed)
{
	static const char *const whats[] = { "bad", "out", "twice", "merged", "later", NULL };
	lines->at = heap_alloc(count * sizeof *lines->at);
	memset(lines->at, 0, count * sizeof *lines->at);
	lines->count = count;
	for (size_t i = 0; i < count; i++) {
		struct line *line = &lines->at[i];
		uint64_t what = gen_below(&seed, 60);
		line->id = (unsigned)i;
		line->what = what < 6 ? whats[what] : "";
		line->order = gen_below(&seed, 15) ? (int)gen_below(&seed, 12) - 6 : -1000;
		make_a(&seed, line);
		snprintf(line->b, sizeof line->b, "%.*s", (int)gen_below(&seed, 3), "xy");
	}
}

/* The table as text; keys are made on the way. */
static void write_table(struct lines *lines, enum key_form form, struct buf *table)
{
	uint64_t number = 2;
	buf_text(table, "a,b,order,id,what\n");
	for (size_t i = 0; i < lines->count; i++) {
		struct line *line = &lines->at[i];
		size_t start = table->len;
		dialect_put(dialect_csv(), view(line->a, line->a_len), table);
		buf_printf(table, ",%s,", line->b);
		if (line->order != -1000)
			buf_printf(table, "%d", line->order);
		buf_printf(table, ",%u,%s", line->id, line->what ? line->what : "x,y");
		line->text = arena_copy(&lines->arena, view(table->ptr + start, table->len - start));
		buf_byte(table, '\n');
		line->key = plain_key(line, form, &lines->arena);
		line->line = number++;
		for (size_t k = 0; k < line->a_len; k++)
			number += line->a[k] == '\n';
	}
}

static bool comes_before(const struct line *a, const struct line *b, bool by_order)
{
	int order = view_compare(a->key, b->key);
	return order ? order < 0 : by_order && a->order < b->order;
}

/* Insertion: slow and stable. */
static void sort_lines(const struct line **lines, size_t count, bool by_order)
{
	for (size_t i = 1; i < count; i++) {
		const struct line *line = lines[i];
		size_t at = i;
		for (; at && comes_before(line, lines[at - 1], by_order); at--)
			lines[at] = lines[at - 1];
		lines[at] = line;
	}
}

struct expected {
	struct buf out, rejects;
	uint64_t fates[FATES], missing, rows, groups;
};

static void expect_reject(struct expected *expected, const struct line *line, const char *rest)
{
	struct buf raw = { 0 };
	for (size_t i = 0; i < line->text.len; i++)
		if (line->text.ptr[i] == '\xff')
			buf_text(&raw, "\\xFF");
		else
			buf_byte(&raw, line->text.ptr[i]);
	buf_printf(&expected->rejects, "test,%llu,%s,", (unsigned long long)line->line, rest);
	dialect_put(dialect_csv(), buf_view(&raw), &expected->rejects);
	buf_byte(&expected->rejects, '\n');
	buf_release(&raw);
}

/* Sees to a row before groups are made; true where it has a record. */
static bool expect_row(struct expected *expected, const struct line *line, enum key_form form, bool keep_missing)
{
	if (!line->what) {
		expect_reject(expected, line, ",ragged,\"6 fields, expected 5\"");
		expected->fates[FATE_REJECTED]++;
		return false;
	}
	if (lacks_key(line, form) && !keep_missing) {
		expected->missing++;
		expected->fates[FATE_LEFT_OUT]++;
		return false;
	}
	expected->rows++;
	if (strcmp(line->what, "bad") == 0) {
		expect_reject(expected, line, "5,bad,this row is bad");
		expected->fates[FATE_REJECTED]++;
		return false;
	}
	if (strcmp(line->what, "out") == 0) {
		expected->fates[FATE_LEFT_OUT]++;
		return false;
	}
	return true;
}

static void expect_group(struct expected *expected, const struct line *const *lines, size_t count, enum key_form form)
{
	struct buf ids = { 0 }, message = { 0 };
	expected->groups++;
	if (form == TWO_COLUMNS) {
		dialect_put(dialect_csv(), view(lines[0]->a, lines[0]->a_len), &expected->out);
		buf_printf(&expected->out, ",%s", lines[0]->b);
	} else {
		dialect_put(dialect_csv(), lines[0]->key, &expected->out);
	}
	for (size_t i = 0; i < count; i++) {
		const char *what = lines[i]->what;
		buf_printf(&ids, "%u ", lines[i]->id);
		buf_reset(&message);
		buf_printf(&message, "4,twice,row %u is there twice", lines[i]->id);
		if (strcmp(what, "twice") == 0)
			expect_reject(expected, lines[i], buf_string(&message));
		expected->fates[strcmp(what, "twice") == 0 ? FATE_REJECTED : strcmp(what, "merged") == 0 ? FATE_MERGED
		                : strcmp(what, "later") == 0 ? FATE_LEFT_OUT : FATE_USED]++;
	}
	buf_printf(&expected->out, ",%zu,", count);
	dialect_put(dialect_csv(), buf_view(&ids), &expected->out);
	buf_byte(&expected->out, ',');
	dialect_put(dialect_csv(), lines[0]->text, &expected->out);
	buf_byte(&expected->out, '\n');
	buf_release(&ids);
	buf_release(&message);
}

static void expect_groups(struct expected *expected, const struct line **lines, size_t count, enum key_form form)
{
	sort_lines(lines, count, true);
	for (size_t start = 0, end; start < count; start = end) {
		for (end = start + 1; end < count && view_equal(lines[end]->key, lines[start]->key);)
			end++;
		expect_group(expected, lines + start, end - start, form);
	}
}

/* Sorted: a group's rejects come before those of the first row behind it.  A record with too
 * many fields belongs to no group. */
static struct expected expect(const struct lines *lines, enum key_form form, bool keep_missing, bool sorted)
{
	struct expected expected = { 0 };
	const struct line **waiting = heap_alloc(lines->count * sizeof *waiting), *last = NULL;
	size_t count = 0;
	buf_text(&expected.rejects, "file,line,column,code,message,raw\n");
	for (size_t i = 0; i < lines->count; i++) {
		const struct line *line = &lines->at[i];
		if (sorted && line->what && last && !view_equal(last->key, line->key)) {
			expect_groups(&expected, waiting, count, form);
			count = 0;
		}
		if (line->what)
			last = line;
		if (expect_row(&expected, line, form, keep_missing))
			waiting[count++] = line;
	}
	expect_groups(&expected, waiting, count, form);
	free(waiting);
	return expected;
}

/* ---- a table in memory as input ---- */

struct input {
	struct view rest;
	size_t most;     /* bytes read at once: the header's read would bring more than a block */
	uint64_t jitter; /* 0: never waits; else a seed */
};

static size_t feed_read(void *state, char *to, size_t room)
{
	struct input *input = state;
	if (input->most && room > input->most)
		room = input->most;
	if (input->jitter && room > 100)
		room = 1 + gen_below(&input->jitter, 100);
	size_t len = input->rest.len < room ? input->rest.len : room;
	if (len)
		memcpy(to, input->rest.ptr, len);
	input->rest = view_skip(input->rest, len);
	return len;
}

static bool feed_would_wait(void *state)
{
	struct input *input = state;
	return input->jitter && gen_below(&input->jitter, 8) == 0;
}

struct way {
	uint64_t threads, memory;
	size_t block;
	uint64_t jitter;
	bool sorted;
};

static void begin(struct run *run, const char *output, struct input *input, const struct way *way)
{
	struct feed feed = { .state = input, .read = feed_read, .would_wait = feed_would_wait, .name = "test",
		.path = "test.csv" };
	struct reader_options options = { .block = way->block };
	*run = (struct run){ .tool = "test", .threads = way->threads, .memory = way->memory, .quiet = true,
		.output = output, .rejects = path_of("rejects") };
	run->reader = reader_open_feeds(&options, &feed, 1, NULL);
	run_open_output(run);
}

static void group_table(struct run *run, struct tool *tool, bool keep_missing, bool sorted)
{
	struct group_shape all = shape;
	struct columns key = { NULL, 0 };
	all.keep_missing = keep_missing;
	if (tool->form == MADE)
		all.key = make_key;
	else
		key = columns_resolve(&run->arena, reader_header(run->reader), "--key",
		                      tool->form == TWO_COLUMNS ? "a,b" : "a");
	engine_group(run, &all, tool, key, sorted);
}

static void one_way(struct view table, const struct expected *expected, enum key_form form, bool keep_missing,
                    struct way way)
{
	struct run run;
	struct input input = { table, way.block, way.jitter };
	struct tool tool = { .form = form };
	struct buf about = { 0 };
	buf_printf(&about, "key %d%s%s, %llu threads, %llu bytes, block %zu, jitter %llu", (int)form,
	           keep_missing ? ", missing kept" : "", way.sorted ? ", sorted" : "", (unsigned long long)way.threads,
	           (unsigned long long)way.memory, way.block, (unsigned long long)way.jitter);
	const char *what = buf_string(&about);
	begin(&run, path_of("out"), &input, &way);
	group_table(&run, &tool, keep_missing, way.sorted);
	bool same = true;
	for (unsigned i = 0; i < FATES; i++)
		same &= run.counts.fates[i] == expected->fates[i];
	CHECK(same, "fates: %s", what);
	struct buf note = { 0 };
	if (expected->missing)
		buf_printf(&note, "rows without a key: %llu\n", (unsigned long long)expected->missing);
	CHECK_TEXT(buf_view(&run.notes), buf_view(&note), "rows without a key: %s", what);
	CHECK(run.counts.written == expected->groups, "rows written: %s", what);
	CHECK(tool.rows == expected->rows && tool.groups == expected->groups, "the workers' own counts: %s", what);
	CHECK(tool.opened == tool.closed && !tool.unclean, "each scratch begins clean and is given back: %s",
	      what);
	CHECK(!tool.misaligned, "payloads are aligned: %s", what);
	run_finish(&run);
	struct buf out = read_file("out"), rejects = read_file("rejects");
	CHECK(view_equal(buf_view(&out), buf_view(&expected->out)), "groups: %s", what);
	CHECK(view_equal(buf_view(&rejects), buf_view(&expected->rejects)), "rejects, in their order: %s", what);
	buf_release(&out);
	buf_release(&rejects);
	buf_release(&note);
	buf_release(&about);
}

static void release_expected(struct expected *expected)
{
	buf_release(&expected->out);
	buf_release(&expected->rejects);
}

/* The lines as they are, in all ways; `sorted` where they are. */
static void all_ways(struct lines *lines, enum key_form form, bool keep_missing, bool sorted)
{
	static const uint64_t threads[] = { 1, 2, 7 }, memories[] = { 1 << 30, 200000 };
	static const size_t blocks[] = { 0, 2000, 100 };
	struct buf table = { 0 };
	write_table(lines, form, &table);
	struct expected expected = expect(lines, form, keep_missing, sorted);
	for (unsigned t = 0; t < 3; t++)
		for (unsigned b = 0; b < 3; b++)
			one_way(buf_view(&table), &expected, form, keep_missing,
			        (struct way){ threads[t], memories[(t + b) % 2], blocks[b], t == b ? 77 + t : 0, sorted });
	release_expected(&expected);
	buf_release(&table);
}

/* Sorted by the key alone: within it rows stay as they are. */
static void sort_by_key(struct lines *lines, enum key_form form)
{
	const struct line **order = heap_alloc(lines->count * sizeof *order);
	struct line *sorted = heap_alloc(lines->count * sizeof *sorted);
	for (size_t i = 0; i < lines->count; i++) {
		lines->at[i].key = plain_key(&lines->at[i], form, &lines->arena);
		order[i] = &lines->at[i];
	}
	sort_lines(order, lines->count, false);
	for (size_t i = 0; i < lines->count; i++)
		sorted[i] = *order[i];
	memcpy(lines->at, sorted, lines->count * sizeof *sorted);
	free(sorted);
	free(order);
}

static void release_lines(struct lines *lines)
{
	free(lines->at);
	arena_release(&lines->arena);
}

static void test_random(void)
{
	static const size_t counts[] = { 3000, 3000, 3000, 1, 0, 40 };
	for (unsigned i = 0; i < sizeof counts / sizeof *counts; i++) {
		enum key_form form = (enum key_form)(i % 3);
		for (unsigned kept = 0; kept < 2; kept++) {
			struct lines lines = { 0 };
			make_lines(&lines, counts[i], 100 + i * 2 + kept);
			all_ways(&lines, form, kept, false);
			sort_by_key(&lines, form);
			all_ways(&lines, form, kept, true);
			release_lines(&lines);
		}
	}
}

/* ---- small tables ---- */

static void write_small(const char *output, const char *text, bool sorted, size_t block, uint64_t memory)
{
	struct run run;
	struct input input = { view_of(text), block, 0 };
	struct tool tool = { .form = ONE_COLUMN };
	begin(&run, output, &input, &(struct way){ 2, memory, block, 0, sorted });
	group_table(&run, &tool, false, sorted);
	run_finish(&run);
}

static void test_order(void)
{
	static const char table[] = "a,b,order,id,what\nk,,3,first,\nk,,1,second,\nk,,,third,\nk,,3,fourth,\nk,,1,fifth,\n";
	for (unsigned sorted = 0; sorted < 2; sorted++) {
		write_small(path_of("out"), table, sorted, 0, 1 << 20);
		struct buf out = read_file("out");
		CHECK_TEXT(buf_view(&out), VIEW("k,5,third second fifth first fourth ,\"k,,,third,\"\n"),
		           "missing first, by number, equal ones as they came; sorted %u", sorted);
		buf_release(&out);
	}
}

static void redirect(int fd, const char *name)
{
	int file = open(path_of(name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	dup2(file, fd);
	close(file);
}

/* Runs in a process of its own, which is to end with 3 and this message.  What comes before that
 * place is there: the groups, marked as cut short, and the rejects. */
static void expect_end(const char *text, bool sorted, size_t block, uint64_t memory, const char *message,
                       const char *groups, const char *rejects, const char *why)
{
	fflush(stdout);
	pid_t child = fork();
	if (!child) {
		redirect(STDOUT_FILENO, "out");
		redirect(STDERR_FILENO, "said");
		fail_init("test", FAIL_TEXT, FAIL_ENGLISH);
		sink_init();
		write_small(NULL, text, sorted, block, memory);
		_exit(0);
	}
	int status;
	waitpid(child, &status, 0);
	CHECK(WIFEXITED(status) && WEXITSTATUS(status) == STATUS_INPUT, "%s, blocks of %zu: status 3", why, block);
	struct buf said = read_file("said"), rejected = read_file("rejects"), out = read_file("out");
	CHECK_TEXT(buf_view(&out), view_of(groups), "%s, blocks of %zu: groups before", why, block);
	CHECK_TEXT(buf_view(&said), view_of(message), "%s, blocks of %zu", why, block);
	struct view lines = buf_view(&rejected);
	view_cut(&lines, '\n');
	CHECK_TEXT(lines, view_of(rejects), "%s, blocks of %zu: rejects before", why, block);
	buf_release(&said);
	buf_release(&rejected);
	buf_release(&out);
}

#define HEADER "a,b,order,id,what\n"
#define ORDER(line) "test: test:" line ": out of order: this row's key comes before that of the row above, " \
	"and --sorted was given\n"
#define CUT(groups) groups "\""
#define FIRST CUT("a,1,1 ,\"a,,,1,\"\n")
#define BAD(line, row) "test," line ",5,bad,this row is bad,\"" row "\"\n"
#define TWICE(line, id, row) "test," line ",4,twice,row " id " is there twice,\"" row "\"\n"

static void test_ends(void)
{
	static const char falling[] = HEADER "a,,,1,\nc,,,2,bad\nb,,,3,bad\nd,,,4,bad\ne,,,5,fatal\n";
	static const char falling_text[] = HEADER "k10,,,1,\nk9,,,2,\n\"k\",,,3,\n";
	static const char fatal_row[] = HEADER "a,,,1,\nb,,,2,bad\nb,,,3,fatal\nb,,,4,bad\na,,,5,\n";
	static const char fatal_group[] = HEADER "a,,,1,twice\nb,,,2,twice\nb,,,3,end\nc,,,4,bad\nd,,,5,fatal\n";
	static const char fatal_first[] = HEADER "a,,,1,end\nb,,,2,twice\nc,,,3,end\n";
	static const size_t blocks[] = { 0, 8, 30 };
	for (unsigned i = 0; i < 3; i++) {
		expect_end(falling, true, blocks[i], 1 << 20, ORDER("4"), FIRST, BAD("3", "c,,,2,bad"), "out of order");
		expect_end(falling_text, true, blocks[i], 1 << 20, ORDER("4"), CUT("k10,1,1 ,\"k10,,,1,\"\n"), "", "by bytes, and not of the quotes");
		expect_end(fatal_row, true, blocks[i], 1 << 20, "test: test:4:5: this row ends it\n", FIRST,
		           BAD("3", "b,,,2,bad"), "the first row that ends it");
		expect_end(fatal_row, false, blocks[i], 1 << 20, "test: test:4:5: this row ends it\n", "",
		           BAD("3", "b,,,2,bad"), "the same unsorted");
		expect_end(fatal_group, true, blocks[i], 1 << 20, "test: group of row 3 ends it\n", CUT("a,1,1 ,\"a,,,1,twice\"\n"),
		           TWICE("2", "1", "a,,,1,twice") TWICE("3", "2", "b,,,2,twice"),
		           "a group comes before the rows behind it");
		expect_end(fatal_first, true, blocks[i], 1 << 20, "test: group of row 1 ends it\n", "", "",
		           "and before the groups behind it");
	}
	expect_end(HEADER "b,,,1,end\na,,,2,end\nc,,,3,\n", false, 0, 1 << 20, "test: group of row 2 ends it\n", "", "",
	           "the first group that ends it is that of the least key");
}

/* A group of 1,000 records between two small ones; a record is some 60 bytes here. */
static void test_large(void)
{
#define LARGE(place) "test: " place "the rows of one key do not fit into --memory; more is wanted\n"
	struct buf table = { 0 };
	buf_text(&table, HEADER "a,,,0,\n");
	for (unsigned i = 1; i <= 1000; i++)
		buf_printf(&table, "b,,%u,%u,\n", 1000 - i, i);
	buf_text(&table, "c,,,1001,\n");
	expect_end(buf_string(&table), false, 300, 20000, LARGE(""), "", "", "a group larger than the memory");
	expect_end(buf_string(&table), true, 0, 20000, LARGE("test:3: "), CUT("a,1,0 ,\"a,,,0,\"\n"), "", "the same sorted, within a block");
	expect_end(buf_string(&table), true, 300, 20000, LARGE("test:3: "), CUT("a,1,0 ,\"a,,,0,\"\n"), "", "in many");
	for (unsigned sorted = 0; sorted < 2; sorted++) {
		write_small(path_of("out"), buf_string(&table), sorted, 300, 200000);
		struct buf out = read_file("out");
		CHECK(view_starts(buf_view(&out), VIEW("a,1,")) && view_find(buf_view(&out), VIEW("\nb,1000,1000 999 998 ")) != SIZE_MAX,
		      "the same group fits into more; sorted %u", sorted);
		buf_release(&out);
	}
	buf_release(&table);
}

int main(void)
{
	if (!mkdtemp(folder)) {
		snprintf(folder, sizeof folder, "/tmp/group-XXXXXX");
		if (!mkdtemp(folder))
			return 4;
	}
	test_order();
	test_random();
	test_ends();
	test_large();
	unlink(path_of("out"));
	unlink(path_of("rejects"));
	unlink(path_of("said"));
	rmdir(folder);
	return test_end();
}
