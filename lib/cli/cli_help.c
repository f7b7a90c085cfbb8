/* cli_help: --help, --version and the table of options.
 *
 * --help fits a screen: the tool's own options one a line, the shared ones as a paragraph
 * of names (crm(7) describes them), then examples. */
#include <stdio.h>
#include <stdlib.h>

#include "base/version.h"
#include "cli/inside.h"
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
		if (strcmp(opt->name, "print-options") == 0)
			continue;
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

void options_print(const struct tool *tool, const struct opts *opts)
{
	static const char *const kinds[] = { "flag", "text", "columns", "keys", "choice",
		"count", "size", "file", "list", "heading" };
	struct buf to = { 0 };
	(void)tool;
	for (size_t i = 0; i < opts->count; i++) {
		const struct opt *opt = &opts->opt[i];
		if (opt->letter)
			buf_byte(&to, opt->letter);
		buf_printf(&to, "\t%s\t%s\t%s\t", opt->name, kinds[opt->kind], opt->argument ? opt->argument : "");
		for (size_t c = 0; opt->choices && opt->choices[c]; c++)
			buf_printf(&to, "%s%s", c ? " " : "", opt->choices[c]);
		buf_printf(&to, "\t%s\t%s\n", opt->help, i < opts->own ? "own" : "shared");
	}
	cli_print(buf_view(&to));
}
