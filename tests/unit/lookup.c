/* Rows of a loaded table by key: against a plain search. */
#include "engine/lookup.h"

#include "test.h"

/* A loaded table out of values, three a row. */
static struct loaded *table_of(struct run *run, const char *const (*cells)[3], size_t count)
{
	struct header header = { .names = (struct view[]){ VIEW("a"), VIEW("b"), VIEW("c") }, .count = 3, .file = "t" };
	struct columns columns = { (unsigned[]){ 0, 1, 2 }, 3 };
	struct loaded *loaded = loaded_new(&header, &columns);
	for (size_t i = 0; i < count; i++) {
		char bytes[64] = "";
		uint32_t ends[4] = { UINT32_MAX };
		size_t len = 0;
		for (unsigned k = 0; k < 3; k++) {
			len += (size_t)snprintf(bytes + len, sizeof bytes - len, "%s,", cells[i][k]);
			ends[k + 1] = (uint32_t)len - 1;
		}
		struct arena values = { 0 };
		struct row row = { .bytes = bytes, .ends = ends + 1, .count = 3, .dialect = dialect_csv(), .arena = &values,
			.file = "t", .line = i + 2 };
		loaded_put(run, loaded, &row);
	}
	return loaded;
}

static void few_rows(struct run *run)
{
	static const char *const cells[][3] = {
		{ "x", "1", "p" }, { "y", "1", "q" }, { "x", "2", "r" }, { "", "1", "s" }, { "x", "1", "t" }, { "xy", "", "u" },
	};
	struct loaded *loaded = table_of(run, cells, 6);
	struct lookup *lookup = lookup_new(run, loaded, (struct columns){ (unsigned[]){ 0 }, 1 });
	size_t at = lookup_first(lookup, &VIEW("x"));
	CHECK(at == 0, "the first row with the key");
	at = lookup_next(lookup, at);
	CHECK(at == 2, "then the next in the order of the table");
	at = lookup_next(lookup, at);
	CHECK(at == 4 && lookup_next(lookup, at) == LOOKUP_NONE, "and the last");
	CHECK(lookup_first(lookup, &VIEW("y")) == 1, "another key");
	CHECK(lookup_first(lookup, &VIEW("")) == LOOKUP_NONE, "a missing key matches nothing");
	CHECK(lookup_first(lookup, &VIEW("z")) == LOOKUP_NONE, "an unknown key");
	CHECK(lookup_repeated(lookup) == 2, "the first repetition");
	lookup_free(lookup);

	lookup = lookup_new(run, loaded, (struct columns){ (unsigned[]){ 0, 1 }, 2 });
	CHECK(lookup_first(lookup, (struct view[]){ VIEW("x"), VIEW("1") }) == 0, "two columns");
	CHECK(lookup_first(lookup, (struct view[]){ VIEW("x"), VIEW("2") }) == 2, "the second one counts");
	CHECK(lookup_first(lookup, (struct view[]){ VIEW("xy"), VIEW("") }) == LOOKUP_NONE, "missing in one column");
	CHECK(lookup_first(lookup, (struct view[]){ VIEW("1"), VIEW("x") }) == LOOKUP_NONE, "and their order");
	CHECK(lookup_repeated(lookup) == 4, "x, 1 comes again");
	CHECK_TEXT(loaded_cell(loaded, 4, 2), VIEW("t"), "the row is there");
	lookup_free(lookup);
	loaded_free(loaded);
}

static void many_rows(struct run *run)
{
	enum { ROWS = 5000, KEYS = 1777 };
	static char names[ROWS][8];
	static const char *cells[ROWS][3];
	for (unsigned i = 0; i < ROWS; i++) {
		snprintf(names[i], sizeof names[i], "U%u", i * 7919 % KEYS);
		cells[i][0] = names[i];
		cells[i][1] = cells[i][2] = "";
	}
	struct loaded *loaded = table_of(run, cells, ROWS);
	struct lookup *lookup = lookup_new(run, loaded, (struct columns){ (unsigned[]){ 0 }, 1 });
	size_t wrong = 0, seen = 0;
	for (unsigned key = 0; key < KEYS + 10; key++) {
		char name[16];
		struct view value = view(name, (size_t)snprintf(name, sizeof name, "U%u", key));
		size_t at = lookup_first(lookup, &value), before = LOOKUP_NONE;
		for (; at != LOOKUP_NONE; at = lookup_next(lookup, at), seen++) {
			wrong += !view_equal(loaded_cell(loaded, at, 0), value) || (before != LOOKUP_NONE && at <= before);
			before = at;
		}
	}
	CHECK(wrong == 0 && seen == ROWS, "every row once, under its key, in order: %zu wrong, %zu seen", wrong, seen);
	lookup_free(lookup);
	loaded_free(loaded);
}

int main(void)
{
	struct run run = { .memory = 1 << 30 };
	few_rows(&run);
	many_rows(&run);
	arena_release(&run.arena);
	return test_end();
}
