/* cli_help: --help, --version and the table of options.
 *
 * --help fits a screen: the tool's own options one a line, the shared ones as a paragraph
 * of names (crm(7) describes them), then examples. */
#include <stdio.h>
#include <stdlib.h>

#include "base/version.h"
#include "cli/inside.h"
#include "table/rules.h"
#include "value/text.h"

enum { WIDE = 79 };

/* Words with blanks between, broken at WIDE columns, `indent` blanks before each line but
 * the first; `at` is where the first one begins. */
static void put_wrapped(struct buf *to, struct view text, size_t at, size_t indent)
{
	bool begun = false;
	while (text.ptr) {
		struct view word = view_cut(&text, ' ');
		size_t wide = text_width(word);
		if (begun && at + 1 + wide > WIDE) {
			buf_printf(to, "\n%*s", (int)indent, "");
			at = indent;
		} else if (begun) {
			buf_byte(to, ' ');
			at++;
		}
		buf_put(to, word);
		at += wide;
		begun = true;
	}
	buf_byte(to, '\n');
}

static void put_option(struct buf *to, const struct opt *opt)
{
	enum { COLUMN = 26 };
	struct buf head = { 0 };
	if (opt->letter)
		buf_printf(&head, "  -%c, --%s", opt->letter, opt->name);
	else
		buf_printf(&head, "      --%s", opt->name);
	if (opt->argument)
		buf_printf(&head, " %s", opt->argument);
	size_t len = head.len;
	buf_put(to, buf_view(&head));
	if (len + 2 > COLUMN)
		buf_printf(to, "\n%*s", COLUMN, "");
	else
		buf_printf(to, "%*s", (int)(COLUMN - len), "");
	put_wrapped(to, view_of(translate(opt->help)), COLUMN, COLUMN);
	buf_release(&head);
}

void help_print(const struct tool *tool, const struct opts *opts)
{
	struct buf to = { 0 };
	buf_text(&to, translate("usage:"));
	buf_printf(&to, " %s %s\n", tool->name, tool->usage);
	put_wrapped(&to, view_of(translate(tool->does)), 0, 0);
	buf_byte(&to, '\n');
	for (size_t i = 0; i < opts->own; i++)
		put_option(&to, &opts->opt[i]);
	struct buf names = { 0 };
	buf_text(&names, translate("Shared, see crm(7):"));
	for (size_t i = opts->own; i < opts->count; i++) {
		const struct opt *opt = &opts->opt[i];
		if (strcmp(opt->name, "print-options") == 0 || strcmp(opt->name, "print-values") == 0)
			continue; /* for programs */
		if (opt->letter)
			buf_printf(&names, " -%c/--%s", opt->letter, opt->name);
		else
			buf_printf(&names, " --%s", opt->name);
	}
	if (opts->own)
		buf_byte(&to, '\n');
	put_wrapped(&to, buf_view(&names), 0, 2);
	buf_text(&to, translate("\nExamples:\n"));
	for (const char *const *line = tool->examples; line && *line; line++)
		buf_printf(&to, "  %s\n", *line);
	cli_print(buf_view(&to));
}

void version_print(const struct tool *tool)
{
	struct buf to = { 0 };
	buf_printf(&to, "%s (crm tools) %s\nCopyright (c) 2026 the crm tools authors\nLicence: MIT\n", tool->name,
	           CRM_VERSION);
	cli_print(buf_view(&to));
}

static void put_cells(struct arena *arena, const char *csv, const char *column, struct buf *to)
{
	struct intern cells;
	intern_init(&cells, arena);
	rules_cells(csv, column, &cells);
	for (size_t i = 0; i < cells.count; i++)
		if (!view_is(cells.keys[i], "*") && !view_is(cells.keys[i], "any"))
			buf_printf(to, "%.*s\n", VIEW_ARGS(cells.keys[i]));
	intern_release(&cells);
}

void values_put(const struct tool *tool, const struct opts *opts, struct view option, struct buf *to)
{
	for (size_t i = 0; i < opts->count; i++)
		for (size_t c = 0; opts->opt[i].choices && view_is(option, opts->opt[i].name) && opts->opt[i].choices[c]; c++)
			buf_printf(to, "%s\n", opts->opt[i].choices[c]);
	if (view_is(option, "strict") && tool->shares & CLI_READS)
		buf_text(to, "all\nutf8\n");
	for (const char *const *code = tool->strict; view_is(option, "strict") && code && *code; code++)
		buf_printf(to, "%s\n", *code);
	for (const struct cli_values *list = tool->values; list && list->option; list++) {
		if (!view_is(option, list->option))
			continue;
		if (!list->table)
			buf_printf(to, "%s\n", list->column);
		for (const struct cli_table *table = tool->tables; list->table && table->name; table++)
			if (strcmp(table->name, list->table) == 0)
				put_cells(opts->arena, table->csv, list->column, to);
	}
}

void values_print(const struct tool *tool, const struct opts *opts, const char *option)
{
	struct buf to = { 0 };
	values_put(tool, opts, view_of(option), &to);
	cli_print(buf_view(&to));
}

void options_print(const struct tool *tool, const struct opts *opts)
{
	static const char *const kinds[] = { "flag", "text", "columns", "keys", "choice",
		"count", "size", "file", "list", "heading" };
	struct buf to = { 0 }, words = { 0 };
	for (size_t i = 0; i < opts->count; i++) {
		const struct opt *opt = &opts->opt[i];
		buf_reset(&words);
		if (opt->kind == OPT_KIND_TEXT)
			values_put(tool, opts, view_of(opt->name), &words);
		if (opt->letter)
			buf_byte(&to, opt->letter);
		buf_printf(&to, "\t%s\t%s\t%s\t", opt->name, words.len ? "values" : kinds[opt->kind],
		           opt->argument ? opt->argument : "");
		for (size_t c = 0; opt->choices && opt->choices[c]; c++)
			buf_printf(&to, "%s%s", c ? " " : "", opt->choices[c]);
		buf_printf(&to, "\t%s\t%s\n", opt->help, i < opts->own ? "own" : "shared");
	}
	buf_reset(&words);
	values_put(tool, opts, VIEW("operand"), &words);
	if (words.len) /* a file may be meant, where the tool reads any */
		buf_printf(&to, "\toperand\t%s\t\t\t\toperand\n", tool->shares & CLI_READS ? "values" : "choice");
	cli_print(buf_view(&to));
}
