/* fold: the same states for any number of threads and any memory, against sums made row by
 * row; keys of all kinds; saved and loaded states; partial states put in. */
#include "engine/fold.h"

#include "base/hash.h"
#include "gen.h"
#include "test.h"

/* ---- a tool: count, sum, and the longest note (of those the greatest) ---- */

struct item {
	int64_t amount;
	struct view note;
};

struct state {
	uint64_t count;
	int64_t sum;
	struct view note; /* in the arena */
};

struct tool {
	unsigned amount, note;
	uint64_t refused; /* rows that map() refused, over all workers */
};

static enum fate map(const void *arg, void *scratch, const struct row *row, void *to, struct task *task)
{
	const struct tool *tool = arg;
	struct item *item = to;
	(void)task;
	if (view_is(row_value(row, tool->note), "refused")) {
		++*(uint64_t *)scratch;
		return FATE_LEFT_OUT;
	}
	item->note = row_raw(row, tool->note); /* lives as long as the block */
	return view_parse_i64(row_value(row, tool->amount), INT64_MIN, INT64_MAX, &item->amount) ? FATE_USED
	                                                                                        : FATE_LEFT_OUT;
}

static void close_scratch(void *arg, void *scratch)
{
	struct tool *tool = arg;
	tool->refused += *(uint64_t *)scratch;
}

static void take_note(struct arena *arena, struct state *state, struct view note)
{
	if (note.len > state->note.len ||
	    (note.len == state->note.len && note.len && view_compare(note, state->note) > 0))
		state->note = arena_pack(arena, note);
}

static void add(const void *tool, struct arena *arena, void *to, const void *from)
{
	struct state *state = to;
	const struct item *item = from;
	(void)tool;
	state->count++;
	state->sum += item->amount;
	take_note(arena, state, item->note);
}

static void merge(const void *tool, struct arena *arena, void *to, const void *from)
{
	struct state *state = to;
	const struct state *other = from;
	(void)tool;
	state->count += other->count;
	state->sum += other->sum;
	take_note(arena, state, other->note);
}

static void save(const void *tool, const void *from, struct buf *to)
{
	const struct state *state = from;
	(void)tool;
	buf_put(to, view((const char *)&state->count, sizeof state->count));
	buf_put(to, view((const char *)&state->sum, sizeof state->sum));
	buf_put(to, state->note);
}

static void load(const void *tool, struct arena *arena, struct view from, void *to)
{
	struct state *state = to;
	(void)tool;
	memcpy(&state->count, from.ptr, sizeof state->count);
	memcpy(&state->sum, from.ptr + 8, sizeof state->sum);
	state->note = arena_pack(arena, view_skip(from, 16));
}

static const struct fold_shape shape = { .item = sizeof(struct item), .state = sizeof(struct state), .map = map,
	.add = add, .merge = merge, .save = save, .load = load, .scratch = sizeof(uint64_t), .close = close_scratch };

/* ---- what came out, as text ---- */

static void show(void *arg, struct view key, void *from)
{
	struct buf *text = arg;
	const struct state *state = from;
	buf_printf(text, "%zu:", key.len);
	buf_put(text, key);
	buf_printf(text, " %llu %lld ", (unsigned long long)state->count, (long long)state->sum);
	buf_put(text, state->note);
	buf_byte(text, '\n');
}

struct totals {
	uint64_t keys, rows;
};

static void total(void *arg, struct view key, void *from)
{
	struct totals *totals = arg;
	const struct state *state = from;
	(void)key;
	totals->keys++;
	totals->rows += state->count;
}

/* ---- a table in memory as input ---- */

static size_t feed_read(void *state, char *to, size_t room)
{
	struct view *rest = state;
	size_t len = rest->len < room ? rest->len : room;
	if (len)
		memcpy(to, rest->ptr, len);
	*rest = view_skip(*rest, len);
	return len;
}

static bool feed_would_wait(void *state)
{
	(void)state;
	return false;
}

static void begin(struct run *run, struct view *table, uint64_t threads, uint64_t memory)
{
	struct feed feed = { .state = table, .read = feed_read, .would_wait = feed_would_wait, .name = "test",
		.path = "test.csv" };
	struct reader_options options = { 0 };
	*run = (struct run){ .tool = "test", .threads = threads, .memory = memory };
	run->reader = reader_open_feeds(&options, &feed, 1, NULL);
}

static void end(struct run *run)
{
	reader_close(run->reader);
	buf_release(&run->notes);
	arena_release(&run->arena);
}

/* ---- many keys, whatever the threads and the memory ---- */

enum { ROWS = 30000, KEYS = 4000 };

/* Keys of 0 to 60 bytes: some are a prefix of another, some must be unescaped, some hold NUL. */
static void make_key(uint64_t number, struct buf *to)
{
	static const char *const tails[] = { "", "x", "\"", ",", "a long tail, longer than what an entry holds",
		"\xff\xfe", "\n", "客户" };
	if (number == 0)
		return; /* missing */
	buf_u64(to, number / 8);
	if (number % 97 == 0)
		buf_byte(to, '\0');
	buf_text(to, tails[number % 8]);
}

struct expected {
	struct intern keys;
	struct state *states;
	size_t room;
	struct arena arena;
	uint64_t missing, refused, unread;
};

static void expect(struct expected *expected, struct view key, int64_t amount, struct view note)
{
	size_t at;
	if (intern_add(&expected->keys, key, &at)) {
		heap_grow(expected->states, at, &expected->room);
		expected->states[at] = (struct state){ 0 };
	}
	struct item item = { amount, note };
	add(NULL, &expected->arena, &expected->states[at], &item);
}

static void make_table(struct buf *table, struct expected *expected)
{
	uint64_t seed = 7;
	struct buf key = { 0 }, note = { 0 };
	buf_text(table, "key,amount,note,filler\n");
	for (unsigned i = 0; i < ROWS; i++) {
		uint64_t number = gen_below(&seed, KEYS);
		int64_t amount = (int64_t)gen_below(&seed, 2000001) - 1000000;
		buf_reset(&key);
		buf_reset(&note);
		make_key(number, &key);
		buf_printf(&note, "%0*llu", (int)gen_below(&seed, 30) + 1, (unsigned long long)gen_below(&seed, 10));
		bool refused = i % 101 == 0, unread = i % 103 == 0 && !refused;
		if (refused) {
			buf_reset(&note);
			buf_text(&note, "refused");
		}
		dialect_put(dialect_csv(), buf_view(&key), table);
		if (unread)
			buf_text(table, ",none,");
		else
			buf_printf(table, ",%lld,", (long long)amount);
		buf_put(table, buf_view(&note));
		buf_printf(table, ",%080u\n", i);
		expected->missing += !key.len;
		expected->refused += key.len && refused;
		expected->unread += key.len && unread;
		if (key.len && !refused && !unread)
			expect(expected, buf_view(&key), amount, buf_view(&note));
	}
	buf_release(&key);
	buf_release(&note);
}

static const struct expected *sorting; /* for qsort, which passes nothing on */

static int by_key(const void *a, const void *b)
{
	return view_compare(sorting->keys.keys[*(const size_t *)a], sorting->keys.keys[*(const size_t *)b]);
}

static void show_expected(const struct expected *expected, struct buf *text)
{
	size_t *order = heap_alloc(expected->keys.count * sizeof *order);
	for (size_t i = 0; i < expected->keys.count; i++)
		order[i] = i;
	sorting = expected;
	qsort(order, expected->keys.count, sizeof *order, by_key);
	for (size_t i = 0; i < expected->keys.count; i++)
		show(text, expected->keys.keys[order[i]], &expected->states[order[i]]);
	free(order);
}

static void one_way(struct view table, const struct expected *expected, struct view text, uint64_t threads,
                    uint64_t memory)
{
	struct run run;
	begin(&run, &table, threads, memory);
	const struct header *header = reader_header(run.reader);
	struct tool tool = { header_find(header, VIEW("amount")), header_find(header, VIEW("note")), 0 };
	struct columns key = columns_resolve(&run.arena, header, "--key", "key");
	struct fold *fold = engine_fold(&run, &shape, &tool, key);
	struct buf got = { 0 };
	struct totals totals = { 0 };
	fold_each(fold, total, &totals);
	uint64_t used = run.counts.fates[FATE_USED];
	CHECK(totals.keys == expected->keys.count && totals.rows == used,
	      "every key once, every row in one: %llu threads, %llu bytes", (unsigned long long)threads,
	      (unsigned long long)memory);
	CHECK(fold_count(fold) == expected->keys.count, "the count");
	for (int again = 0; again < 2; again++) {
		buf_reset(&got);
		fold_sorted(fold, show, &got);
		CHECK(view_equal(buf_view(&got), text), "sorted, %llu threads, %llu bytes, time %d",
		      (unsigned long long)threads, (unsigned long long)memory, again + 1);
	}
	CHECK(tool.refused == expected->refused, "the workers' own counts");
	CHECK(run.counts.fates[FATE_LEFT_OUT] == expected->missing + expected->refused + expected->unread,
	      "rows without a key are left out");
	CHECK(run.counts.read == ROWS && run.counts.read == used + run.counts.fates[FATE_LEFT_OUT], "all accounted for");
	struct buf note = { 0 };
	buf_printf(&note, "rows without a key: %llu\n", (unsigned long long)expected->missing);
	CHECK_TEXT(buf_view(&run.notes), buf_view(&note), "and said");
	buf_release(&note);
	buf_release(&got);
	fold_free(fold);
	end(&run);
}

static void test_ways(void)
{
	struct buf table = { 0 }, text = { 0 };
	struct expected expected = { 0 };
	intern_init(&expected.keys, &expected.arena);
	make_table(&table, &expected);
	show_expected(&expected, &text);
	static const uint64_t threads[] = { 1, 2, 7 }, memories[] = { 1 << 30, 300000, 1 };
	for (size_t t = 0; t < 3; t++)
		for (size_t m = 0; m < 3; m++)
			one_way(buf_view(&table), &expected, buf_view(&text), threads[t], memories[m]);
	intern_release(&expected.keys);
	free(expected.states);
	arena_release(&expected.arena);
	buf_release(&table);
	buf_release(&text);
}

/* ---- keys of several columns, missing keys ---- */

static void fold_small(const char *text, const char *key_text, bool keep_missing, const char *expected, const char *why)
{
	struct run run;
	struct view table = view_of(text);
	begin(&run, &table, 1, 1 << 20);
	const struct header *header = reader_header(run.reader);
	struct tool tool = { header_find(header, VIEW("amount")), header_find(header, VIEW("note")), 0 };
	struct fold_shape kept = shape;
	kept.keep_missing = keep_missing;
	struct fold *fold = engine_fold(&run, &kept, &tool, columns_resolve(&run.arena, header, "--key", key_text));
	struct buf got = { 0 };
	fold_sorted(fold, show, &got);
	for (size_t i = 0; i < got.len; i++)
		if (!got.ptr[i])
			got.ptr[i] = '/';
	CHECK_TEXT(buf_view(&got), view_of(expected), "%s", why);
	buf_release(&got);
	fold_free(fold);
	end(&run);
}

static void test_small(void)
{
	static const char table[] = "a,b,amount,note\nx,,1,\n,y,2,\nx,z,4,n\nx,z,8,\n,,16,\nxz,,32,\nx,a,64,\n";
	fold_small(table, "a", false, "1:x 4 77 n\n2:xz 1 32 \n", "one column; two rows have none");
	fold_small(table, "a", true, "0: 2 18 \n1:x 4 77 n\n2:xz 1 32 \n", "a group of those without");
	fold_small(table, "a,b", false, "6:x//a// 1 64 \n6:x//z// 2 12 n\n", "two columns: both must be there");
	fold_small(table, "a,b", true,
	           "4://// 1 16 \n5://y// 1 2 \n5:x//// 1 1 \n6:x//a// 1 64 \n6:x//z// 2 12 n\n6:xz//// 1 32 \n",
	           "two columns, each may be missing; in the order of the first, then the second");
	fold_small("a,b,amount,note\n", "a", false, "", "a fold of nothing");
}

int main(void)
{
	test_small();
	test_ways();
	return test_end();
}
