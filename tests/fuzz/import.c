/* Import: of any text the header is found or not, its columns are matched and planned; what
 * the layout says lies within the text. */
#include "fuzz.h"

#include "import/form.h"
#include "import/plan.h"

enum { TABLES_MOST = 32 };

static struct matcher matchers[TABLES_MOST], *all[TABLES_MOST];
static size_t table_count;

/* Once: the tables never change. */
static void make_matchers(void)
{
	static struct arena arena;
	const struct model_table *tables = model_tables(&table_count);
	for (size_t i = 0; i < table_count; i++) {
		matcher_init(&matchers[i], &arena, &tables[i]);
		matcher_close(&matchers[i]);
		all[i] = &matchers[i];
	}
}

static const struct matcher *matcher_of(const struct model_table *table)
{
	for (size_t i = 0; i < table_count; i++)
		if (matchers[i].table == table)
			return &matchers[i];
	return NULL;
}

static void check_layout(struct arena *arena, const struct beginning *beginning, struct layout *layout)
{
	PROPERTY(layout->first + layout->lines <= beginning->count, "the header is among the records");
	layout_heads(arena, beginning, layout);
	const struct matcher *matcher = matcher_of(layout->table);
	PROPERTY(matcher, "a table of ours");
	for (size_t i = 0; i < layout->count; i++)
		head_match(&layout->heads[i], matcher, false);
	size_t ambiguous = heads_settle(layout->heads, layout->count);
	PROPERTY(ambiguous <= layout->count, "which is ambiguous");
	layout_missing(layout, layout->table);
	const struct layout *const twice[] = { layout, layout };
	struct plan plan = plan_make(arena, layout->table, twice, 2, true);
	for (size_t i = 0; i < plan.count; i++) {
		PROPERTY(plan.columns[i].name.len, "a column has a name");
		for (size_t j = 0; j < i; j++)
			PROPERTY(!view_equal(plan.columns[i].name, plan.columns[j].name), "names differ: %.*s",
			         VIEW_ARGS(plan.columns[i].name));
		for (size_t file = 0; file < plan.files; file++)
			for (unsigned at = 0; at < plan.sources[file][i].count; at++)
				PROPERTY(plan.sources[file][i].at[at] < layout->count, "a field of the file");
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view input = fuzz_bytes(bytes, len < 3000 ? len : 3000);
	unsigned choice = fuzz_choose(&input, 16);
	bool whole = choice & 1, guess = choice & 2;
	struct view text = fuzz_copy(input);
	struct arena arena = { 0 };
	if (!table_count)
		make_matchers();
	struct form_wishes wishes = { .header_lines = choice / 4, .lazy = text.len % 2 };
	struct form form = form_find(text, whole, &wishes, all, table_count);
	PROPERTY(form.how.delimiter && strchr(",;\t|", form.how.delimiter), "a delimiter");
	struct beginning beginning = beginning_of(&arena, (struct dialect){ DIALECT_CSV, form.how.delimiter }, text, whole);
	PROPERTY(beginning.count <= LAYOUT_RECORDS, "so many records");
	size_t end = 0;
	for (size_t i = 0; i < beginning.count; i++) {
		PROPERTY(beginning.record[i].end > end && beginning.record[i].end <= text.len, "records follow each other");
		end = beginning.record[i].end;
	}
	struct layout layout = layout_find(&beginning, all, table_count, choice / 4, guess);
	if (layout.lines && layout.table)
		check_layout(&arena, &beginning, &layout);
	arena_release(&arena);
	fuzz_free(text);
	return 0;
}
