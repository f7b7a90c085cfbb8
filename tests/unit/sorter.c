/* Sorting: stable, the same bytes whether it spills or not, keys that order as values do. */
#include "engine/sorter.h"

#include <stdlib.h>
#include <unistd.h>

#include "test.h"

static char folder[] = "/tmp/sorter-XXXXXX";

/* ---- keys ---- */

static const struct {
	enum key_type type;
	bool descending;
	const char *values[8]; /* in the order that is wanted */
	const char *why;
} orders[] = {
	{ KEY_TEXT, false, { "", "10", "9", "A", "a", "ab", "b" }, "text by bytes, missing first, the shorter one first" },
	{ KEY_TEXT, true, { "b", "ab", "a", "A", "9", "10", "" }, "descending: all of it turned, missing last" },
	{ KEY_NUMBER, false, { "", "-10000000000", "-2.5", "-1", "0", "0.000001", "9", "10" }, "numbers by value" },
	{ KEY_NUMBER, true, { "10", "9", "0.5", "0", "-1", "-2.5", "" }, "numbers downwards" },
	{ KEY_DATE, false, { "", "0001-01-01", "1969-12-31", "1970-01-01", "2024-01-10", "2024-01-10 00:00:01", "2024-02-01" },
	  "days and moments, also before 1970" },
	{ KEY_DATE, true, { "2024-02-01", "2024-01-10 10:00", "2024-01-10", "1969-12-31", "" }, "dates downwards" },
};

static void test_keys(void)
{
	for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
		for (size_t k = 1; k < 8 && orders[i].values[k]; k++) {
			struct buf before = { 0 }, after = { 0 };
			bool doubt = false;
			/* What follows in the record must not change the order. */
			sort_value_put(&before, view_of(orders[i].values[k - 1]), orders[i].type, orders[i].descending, &doubt);
			buf_text(&before, "\xff\xff");
			sort_value_put(&after, view_of(orders[i].values[k]), orders[i].type, orders[i].descending, &doubt);
			CHECK(view_compare(buf_view(&before), buf_view(&after)) < 0, "%s: %s before %s", orders[i].why,
			      orders[i].values[k - 1], orders[i].values[k]);
			CHECK(!doubt, "%s: all of them read", orders[i].why);
			buf_release(&before);
			buf_release(&after);
		}
	}
	struct buf missing = { 0 }, bad = { 0 };
	bool doubt = false;
	sort_value_put(&missing, VIEW(""), KEY_NUMBER, false, &doubt);
	CHECK(!doubt, "missing is no doubt");
	sort_value_put(&bad, VIEW("x1"), KEY_NUMBER, false, &doubt);
	CHECK(doubt, "what does not convert is one");
	CHECK_TEXT(buf_view(&bad), buf_view(&missing), "and stands with the missing ones");
	buf_release(&missing);
	buf_release(&bad);
	struct buf nul = { 0 }, other = { 0 };
	sort_value_put(&nul, view("a\0b", 3), KEY_TEXT, false, &doubt);
	sort_value_put(&other, VIEW("a"), KEY_TEXT, false, &doubt);
	CHECK(view_compare(buf_view(&other), buf_view(&nul)) < 0, "a NUL is data: a before a NUL b");
	buf_release(&nul);
	buf_release(&other);
}

/* ---- records ---- */

static void collect(void *arg, struct view key, struct view payload)
{
	struct buf *all = arg;
	buf_put(all, key);
	buf_byte(all, '=');
	buf_put(all, payload);
	buf_byte(all, '\n');
}

/* Keys from a small set, so that many are equal; the payload is the number of the record. */
static void add_some(struct sorter *sorter, unsigned count)
{
	uint32_t random = 12345;
	struct buf payload = { 0 };
	for (unsigned i = 0; i < count; i++) {
		random = random * 1664525 + 1013904223;
		char key[16];
		int len = snprintf(key, sizeof key, "%u", (random >> 16) % 97);
		buf_reset(&payload);
		buf_u64(&payload, i);
		for (unsigned pad = (random >> 8) % 40; pad; pad--)
			buf_byte(&payload, '.');
		sorter_add(sorter, view(key, (size_t)len), buf_view(&payload));
	}
	buf_release(&payload);
}

static bool is_stable(struct view lines)
{
	struct view last_key = VIEW("");
	uint64_t last = 0;
	while (lines.len) {
		struct view line = view_cut(&lines, '\n'), key = view_cut(&line, '='), digits = line;
		uint64_t number = 0;
		digits.len = 0;
		while (digits.len < line.len && byte_is_digit(line.ptr[digits.len]))
			digits.len++;
		view_parse_u64(digits, 0, UINT64_MAX, &number);
		int order = view_compare(last_key, key);
		if (order > 0 || (order == 0 && number < last))
			return false;
		last_key = key;
		last = number;
	}
	return true;
}

static void test_added(void)
{
	struct buf base = { 0 };
	static const uint64_t memories[] = { 1 << 30, 3 * 1024 * 1024, 600 * 1024, 1 };
	for (size_t i = 0; i < sizeof memories / sizeof *memories; i++) {
		struct run run = { .threads = 1, .memory = memories[i] };
		struct sorter *sorter = sorter_new(&run);
		struct buf all = { 0 };
		add_some(sorter, 100000);
		sorter_finish(sorter, collect, &all);
		if (!i) {
			base = all;
			CHECK(is_stable(buf_view(&all)), "sorted, and equal keys as they came");
		} else {
			CHECK(view_equal(buf_view(&all), buf_view(&base)), "the same with %llu bytes of memory",
			      (unsigned long long)memories[i]);
			buf_release(&all);
		}
		arena_release(&run.arena);
	}
	buf_release(&base);
	struct run run = { .threads = 1, .memory = 1 };
	struct buf none = { 0 };
	sorter_finish(sorter_new(&run), collect, &none);
	CHECK(none.len == 0, "nothing sorted is nothing");
	buf_release(&none);
}

static enum fate by_first(const void *tool, void *scratch, const struct row *row, struct sort_block *block,
                          struct task *task)
{
	(void)tool;
	(void)scratch;
	(void)task;
	sort_emit(block, row_value(row, 0), row_value(row, 1));
	return FATE_USED;
}

/* A file of `count` rows, keys 0 to 96; the number of the row beside it. */
static char *make_file(unsigned count, unsigned from)
{
	static char path[64];
	snprintf(path, sizeof path, "%s/rows.csv", folder);
	FILE *file = fopen(path, "we");
	fputs("key,number\n", file);
	for (unsigned i = 0; i < count; i++)
		fprintf(file, "%u,%u\n", (i * 7919u) % 97, from + i);
	fclose(file);
	return path;
}

static void sort_files(struct run *run, struct buf *all, unsigned count)
{
	static const struct sort_shape shape = { .row = by_first };
	struct sorter *sorter = sorter_new(run);
	sorter_add(sorter, VIEW("96"), VIEW("0"));
	for (unsigned part = 0; part < 2; part++) {
		run_use_part(run, run_open_part(run, make_file(count, 1 + part * count)));
		sorter_read(sorter, &shape, NULL);
	}
	sorter_finish(sorter, collect, all);
	CHECK(run->counts.read == 2 * count && run->counts.fates[FATE_USED] == 2 * count, "all rows are read and used");
	reader_close(run->reader);
	for (size_t i = 0; i < run->past_count; i++)
		reader_close(run->past[i]);
	free(run->past);
	arena_release(&run->arena);
}

static void test_read(void)
{
	struct buf base = { 0 };
	for (uint64_t threads = 1; threads <= 3; threads++) {
		for (unsigned small = 0; small < 2; small++) {
			struct run run = { .threads = threads, .memory = small ? 100000 : 1 << 30 };
			struct buf all = { 0 };
			sort_files(&run, &all, 60000);
			if (threads == 1 && !small) {
				base = all;
				CHECK(is_stable(buf_view(&all)), "what was added, the first file, the second one: stable");
				continue;
			}
			CHECK(view_equal(buf_view(&all), buf_view(&base)), "the same with %llu threads, %s memory",
			      (unsigned long long)threads, small ? "little" : "much");
			buf_release(&all);
		}
	}
	buf_release(&base);
	struct run run = { .threads = 2, .memory = 1 << 20 };
	struct buf one = { 0 };
	sort_files(&run, &one, 0);
	CHECK_TEXT(buf_view(&one), VIEW("96=0\n"), "files with a header alone");
	buf_release(&one);
}

int main(void)
{
	if (!mkdtemp(folder))
		return 4;
	test_keys();
	test_added();
	test_read();
	char path[64];
	snprintf(path, sizeof path, "%s/rows.csv", folder);
	unlink(path);
	rmdir(folder);
	return test_end();
}
