/* crm-help: the front door: the tools by what one wants to do, recipes, manual pages.
 *
 * The only tool that starts another program (man).  Its lists are lib/cli/tools.csv and
 * lib/cli/recipes.csv, so that a tool added there stands here too. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/nearest.h"
#include "cli/cli.h"
#include "cli/recipes.csv.h"
#include "cli/tools.csv.h"
#include "table/rules.h"
#include "value/text.h"

enum { WISH, WISH_ZH, TOOL, SECTION };
static const struct rules_column tool_columns[] = {
	[WISH] = { "wish", RULES_FILLED },
	[WISH_ZH] = { "wish_zh", RULES_FILLED },
	[TOOL] = { "tool", RULES_KEY | RULES_FILLED },
	[SECTION] = { "section", RULES_FILLED },
	{ 0 }
};

enum { RECIPE, TITLE, TITLE_ZH, COMMAND };
static const struct rules_column recipe_columns[] = {
	[RECIPE] = { "recipe", RULES_FILLED },
	[TITLE] = { "title", RULES_NEED }, /* in a recipe's first line */
	[TITLE_ZH] = { "title_zh", RULES_NEED },
	[COMMAND] = { "command", RULES_FILLED },
	{ 0 }
};

struct help {
	struct run run;
	struct rules tools, recipes;
};

static bool chinese(void) { return fail_language() == FAIL_CHINESE; }

static void write_text(struct run *run, struct buf *text)
{
	run_open_output(run);
	sink_write(run->sink, buf_view(text));
	buf_release(text);
}

/* ---- the lists ---- */

static void list_tools(struct help *help)
{
	enum { WISHES = 54 }; /* columns; the longest wish and two blanks */
	struct buf text = { 0 };
	buf_printf(&text, "%s\n\n", translate("What do you want to do?"));
	for (size_t i = 0; i < help->tools.count; i++) {
		const struct view *cell = help->tools.line[i].cell;
		struct view wish = cell[chinese() ? WISH_ZH : WISH];
		size_t wide = text_width(wish);
		buf_printf(&text, "  %.*s%*s%.*s", VIEW_ARGS(wish), wide < WISHES ? (int)(WISHES - wide) : 2, "",
		           VIEW_ARGS(cell[TOOL]));
		if (!view_is(cell[SECTION], "1"))
			buf_printf(&text, "(%.*s)", VIEW_ARGS(cell[SECTION]));
		buf_byte(&text, '\n');
	}
	buf_printf(&text, "\n%s\n", translate("`crm-help NAME` opens a manual page, `crm-help recipes` shows whole jobs."));
	write_text(&help->run, &text);
}

/* The recipe, or all of them where `name` is empty. */
static bool list_recipes(struct help *help, struct view name)
{
	struct buf text = { 0 };
	struct view last = VIEW("");
	bool goes_on = false; /* a command of several lines */
	for (size_t i = 0; i < help->recipes.count; i++) {
		const struct view *cell = help->recipes.line[i].cell;
		if (name.len && !view_equal(name, cell[RECIPE]))
			continue;
		if (!view_equal(last, cell[RECIPE]))
			buf_printf(&text, "%s%.*s: %.*s\n", text.len ? "\n" : "", VIEW_ARGS(cell[RECIPE]),
			           VIEW_ARGS(cell[chinese() ? TITLE_ZH : TITLE]));
		last = cell[RECIPE];
		buf_printf(&text, "    %s%.*s\n", goes_on ? "  " : "", VIEW_ARGS(cell[COMMAND]));
		goes_on = view_ends(cell[COMMAND], VIEW("|")) || view_ends(cell[COMMAND], VIEW("\\"));
	}
	if (!text.len)
		return false;
	write_text(&help->run, &text);
	return true;
}

/* ---- manual pages ---- */

static const char *page_if_there(struct arena *arena, const char *root, const char *language, const char *name,
                                 const char *section)
{
	struct stat about;
	const char *path = arena_printf(arena, "%s/%sman%s/%s.%s", root, language, section, name, section);
	if (stat(path, &about) == 0)
		return path;
	path = arena_printf(arena, "%s/%s%s.%s", root, language, name, section); /* a checkout */
	return stat(path, &about) == 0 ? path : NULL;
}

/* The page's file: installed beside this program, or in the checkout that it was built in. */
static const char *find_page(struct arena *arena, const char *name, const char *section)
{
	char self[4096];
	ssize_t len = readlink("/proc/self/exe", self, sizeof self);
	if (len <= 0 || (size_t)len == sizeof self)
		return NULL;
	while (len && self[len - 1] != '/')
		len--;
	const char *roots[] = { "../share/man", "../../man", "../../../man" /* of build/sanitize */ };
	for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
		const char *root = arena_printf(arena, "%.*s%s", (int)len, self, roots[i]);
		const char *path = chinese() ? page_if_there(arena, root, "zh_CN/", name, section) : NULL;
		if (!path)
			path = page_if_there(arena, root, "", name, section);
		if (path)
			return path;
	}
	return NULL;
}

static _Noreturn void open_page(struct help *help, const char *name, const char *section)
{
	const char *path = find_page(&help->run.arena, name, section);
	if (path)
		execlp("man", "man", "-l", path, (char *)NULL);
	else
		execlp("man", "man", section, name, (char *)NULL);
	if (path)
		die(STATUS_SYSTEM, "man is not installed; the page is %s", path);
	die(STATUS_SYSTEM, "man is not installed; try '%s --help'", name);
}

/* A topic is a tool with or without `crm-`, a page, a recipe, or `recipes`. */
static void show(struct help *help, struct view topic)
{
	size_t tools = help->tools.count, recipes = help->recipes.count;
	struct view *known = arena_zero(&help->run.arena, tools + recipes + 1, sizeof *known);
	for (size_t i = 0; i < tools; i++) {
		const struct view *cell = help->tools.line[i].cell;
		struct view name = cell[TOOL], word = view_starts(name, VIEW("crm-")) ? view_skip(name, 4) : name;
		known[i] = word;
		if (view_equal(topic, name) || view_equal(topic, word))
			open_page(help, arena_string(&help->run.arena, name),
			          arena_string(&help->run.arena, cell[SECTION]));
	}
	if (view_is(topic, "recipes") && list_recipes(help, VIEW("")))
		return;
	if (list_recipes(help, topic))
		return;
	for (size_t i = 0; i < recipes; i++)
		known[tools + i] = help->recipes.line[i].cell[RECIPE];
	known[tools + recipes] = VIEW("recipes");
	struct view nearest = nearest_view(topic, known, tools + recipes + 1);
	if (nearest.len)
		cli_wrong("nothing is known about \"%.*s\"; did you mean \"%.*s\"?", VIEW_ARGS(topic), VIEW_ARGS(nearest));
	cli_wrong("nothing is known about \"%.*s\"", VIEW_ARGS(topic));
}

int main(int argc, char **argv)
{
	static const struct opt options[] = { OPT_END };
	static const char *const examples[] = { "crm-help", "crm-help recipes", "crm-help dedupe", NULL };
	static const struct cli_table tables[] = { { "tools", tools_csv }, { "recipes", recipes_csv }, { 0 } };
	static const struct cli_values values[] = { { "operand", "tools", "tool" }, { "operand", "recipes", "recipe" },
		{ "operand", NULL, "recipes" }, { 0 } };
	static const struct tool tool = {
		.name = "crm-help",
		.does = "Lists the tools by what one wants to do, shows recipes, opens manual pages.",
		.usage = "[OPTION]... [TOOL|RECIPE|recipes]",
		.options = options,
		.examples = examples,
		.tables = tables,
		.values = values,
		.no_input = true,
	};
	static const struct rules_spec tools = { "tools", tools_csv, tool_columns };
	static const struct rules_spec recipes = { "recipes", recipes_csv, recipe_columns };
	static struct help help;
	cli_start(&tool, &help.run, argc, argv);
	if (help.run.operand_count > 1)
		cli_wrong("one topic at a time");
	help.tools = rules_load(&help.run.arena, &tools, NULL, NULL);
	help.recipes = rules_load(&help.run.arena, &recipes, NULL, NULL);
	if (help.run.operand_count)
		show(&help, view_of(help.run.operands[0]));
	else
		list_tools(&help);
	return run_finish(&help.run);
}
