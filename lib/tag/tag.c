/* tag: see tag.h. */
#include "tag/tag.h"

#include "base/hash.h"
#include "tag/tags.csv.h"

static const struct rules_column columns[] = {
	[TAG_TAG] = { "tag", RULES_KEY | RULES_FILLED },
	[TAG_VALUE] = { "value", RULES_KEY },
	[TAG_CATEGORY] = { "category", 0 },
	[TAG_EXCLUSIVE] = { "exclusive", 0 },
	[TAG_PRIORITY] = { "priority", 0 },
	[TAG_WHEN] = { "when", RULES_NEED | RULES_FILLED },
	{ 0 }
};

const char *tag_rules_csv(void) { return tags_csv; }

static bool read_exclusive(const struct rules_line *line)
{
	static const char *const yes[] = { "1", "TRUE", "true", "yes", "是" };
	static const char *const no[] = { "", "0", "FALSE", "false", "no", "否" };
	struct view cell = line->cell[TAG_EXCLUSIVE];
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (view_is(cell, yes[i]))
			return true;
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (view_is(cell, no[i]))
			return false;
	rules_wrong(line, TAG_EXCLUSIVE, "0 or 1 is wanted");
}

/* A line without a priority comes behind those that have one. */
static uint64_t read_priority(const struct rules_line *line)
{
	uint64_t priority;
	if (!line->cell[TAG_PRIORITY].len)
		return UINT64_MAX;
	if (!view_parse_u64(line->cell[TAG_PRIORITY], 0, 1000000000, &priority))
		rules_wrong(line, TAG_PRIORITY, "a whole number is wanted, the most important is 1");
	return priority;
}

/* The list of tags is joined with |, and = stands before a value. */
static void check_name(const struct rules_line *line, int column)
{
	if (view_find_byte(line->cell[column], '|') != SIZE_MAX)
		rules_wrong(line, column, "the name of a tag has no |, which stands between tags");
	if (column == TAG_TAG && view_find_byte(line->cell[column], '=') != SIZE_MAX)
		rules_wrong(line, column, "the name of a tag has no =; the value has a column of its own");
}

static struct tag_rule read_line(struct arena *arena, const struct rules_line *line)
{
	check_name(line, TAG_TAG);
	check_name(line, TAG_VALUE);
	struct tag_rule rule = { .tag = line->cell[TAG_TAG], .value = line->cell[TAG_VALUE],
		.category = line->cell[TAG_CATEGORY], .when = line->cell[TAG_WHEN],
		.exclusive = read_exclusive(line), .place = rules_place(line, TAG_WHEN) };
	rule.name = rule.value.len ? view_of(arena_printf(arena, "%.*s=%.*s", VIEW_ARGS(rule.tag), VIEW_ARGS(rule.value)))
	                           : rule.tag;
	return rule;
}

struct tag_rules tag_rules_load(struct arena *arena, const char *file, const char *add_file)
{
	static const struct rules_spec spec = { "tags", tags_csv, columns };
	struct rules table = rules_load(arena, &spec, file, add_file);
	struct tag_rules rules = { .rule = arena_zero(arena, table.count, sizeof *rules.rule) };
	uint64_t *priorities = arena_zero(arena, table.count, sizeof *priorities);
	bool *exclusive = arena_zero(arena, table.count, sizeof *exclusive);
	struct intern tags;
	intern_init(&tags, arena);
	for (size_t i = 0; i < table.count; i++) {
		struct tag_rule rule = read_line(arena, &table.line[i]);
		uint64_t priority = read_priority(&table.line[i]);
		rule.built_in = !file && table.line[i].file == table.name;
		if (intern_add(&tags, rule.tag, &rule.number))
			exclusive[rule.number] = rule.exclusive;
		if (exclusive[rule.number] != rule.exclusive)
			rules_wrong(&table.line[i], TAG_EXCLUSIVE, "the lines of one tag are all exclusive, or none is");
		/* Into its place: tables are short, and nearly in order. */
		size_t at = rules.count++;
		for (; at && priorities[at - 1] > priority; at--) {
			priorities[at] = priorities[at - 1];
			rules.rule[at] = rules.rule[at - 1];
		}
		priorities[at] = priority;
		rules.rule[at] = rule;
	}
	rules.tags = tags.count;
	intern_release(&tags);
	return rules;
}
