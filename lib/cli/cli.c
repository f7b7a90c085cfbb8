/* cli: see cli.h.  Top-down: cli_start, then what it calls, in cli_help.c and cli_shared.c. */
#include "cli/cli.h"

#include <fcntl.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/thread.h"
#include "cli/inside.h"
#include "value/date.h"

void cli_wrong(const char *format, ...)
{
	char text[2048];
	va_list args;
	va_start(args, format);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	vsnprintf(text, sizeof text, translate(format), args);
#pragma GCC diagnostic pop
	va_end(args);
	die(STATUS_USAGE, "%s; try '%s --help'", text, fail_program());
}

/* ---- one option ---- */

static bool takes_argument(const struct opt *opt) { return opt->kind != OPT_KIND_FLAG; }

static uint64_t parse_size(const struct opt *opt, struct view text)
{
	uint64_t number, unit = 1;
	const char *letters = "KMG";
	const char *at = text.len ? strchr(letters, text.ptr[text.len - 1]) : NULL;
	if (at && *at) {
		unit = (uint64_t)1 << (10 * (at - letters + 1));
		text.len--;
	}
	if (!view_parse_u64(text, 1, UINT64_MAX / unit, &number))
		cli_wrong("--%s: a size is wanted, such as 512M or 2G", opt->name);
	return number * unit;
}

static int parse_choice(const struct opt *opt, const char *value)
{
	struct view words[64];
	size_t count = 0;
	struct buf list = { 0 };
	for (; opt->choices[count] && count < 64; count++) {
		words[count] = view_of(opt->choices[count]);
		if (view_is(words[count], value)) {
			buf_release(&list);
			return (int)count;
		}
		buf_printf(&list, "%s%s", count ? ", " : "", opt->choices[count]);
	}
	cli_wrong("--%s: \"%s\" is none of: %s", opt->name, value, buf_string(&list));
}

static void set_option(const struct opt *opt, char *value)
{
	switch (opt->kind) {
	case OPT_KIND_FLAG:
		*(bool *)opt->where = true;
		break;
	case OPT_KIND_COUNT:
		if (!view_parse_u64(view_of(value), 0, UINT64_MAX, opt->where))
			cli_wrong("--%s: a whole number is wanted", opt->name);
		break;
	case OPT_KIND_SIZE:
		*(uint64_t *)opt->where = parse_size(opt, view_of(value));
		break;
	case OPT_KIND_CHOICE:
		*(int *)opt->where = parse_choice(opt, value);
		break;
	case OPT_KIND_LIST: {
		struct opt_list *list = opt->where;
		heap_grow(list->items, list->count, &list->room);
		list->items[list->count++] = value;
		break;
	}
	case OPT_KIND_COLUMNS:
	case OPT_KIND_KEYS: {
		struct buf name = { 0 };
		buf_printf(&name, "--%s", opt->name);
		if (opt->kind == OPT_KIND_COLUMNS)
			columns_check(buf_string(&name), value);
		else
			sort_keys_check(buf_string(&name), value);
		buf_release(&name);
		*(const char **)opt->where = value;
		break;
	}
	case OPT_KIND_TEXT:
	case OPT_KIND_FILE:
		if (opt->kind == OPT_KIND_FILE && !*value)
			cli_wrong("--%s: a file is wanted", opt->name);
		*(const char **)opt->where = value;
		break;
	case OPT_KIND_HEADING:
		break;
	}
}

/* ---- the command line ---- */

static const struct opt *find_name(const struct opts *opts, struct view name)
{
	for (size_t i = 0; i < opts->count; i++)
		if (opts->opt[i].kind != OPT_KIND_HEADING && view_is(name, opts->opt[i].name))
			return &opts->opt[i];
	return NULL;
}

static const struct opt *find_letter(const struct opts *opts, char letter)
{
	for (size_t i = 0; i < opts->count; i++)
		if (opts->opt[i].letter == letter)
			return &opts->opt[i];
	return NULL;
}

static _Noreturn void no_such_option(const struct opts *opts, struct view name)
{
	struct view *names = arena_zero(opts->arena, opts->count, sizeof *names);
	for (size_t i = 0; i < opts->count; i++)
		names[i] = opts->opt[i].kind == OPT_KIND_HEADING ? view("", 0) : view_of(opts->opt[i].name);
	struct view nearest = nearest_view(name, names, opts->count);
	for (size_t i = 0; i < opts->count && !nearest.len; i++)
		if (view_starts(names[i], name))
			nearest = names[i];
	if (nearest.len)
		cli_wrong("no option --%.*s; did you mean --%.*s?", VIEW_ARGS(name), VIEW_ARGS(nearest));
	if (view_is(name, "partial") || view_is(name, "merge"))
		cli_wrong("no option --%.*s: no sums are kept here that parts could be added up to; crm-report and crm-rfm do",
		          VIEW_ARGS(name));
	cli_wrong("no option --%.*s", VIEW_ARGS(name));
}

/* Letters that other programs know and this one writes otherwise. */
static const char *hint_of(const struct tool *tool, char letter)
{
	for (const struct cli_hint *hint = tool->hints; hint && hint->letter; hint++)
		if (hint->letter == letter)
			return hint->instead;
	return NULL;
}

/* getopt_long takes any unique beginning of a name: what is not the full name is refused
 * before it sees it. */
static void refuse_abbreviations(const struct tool *tool, const struct opts *opts, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];
		const struct opt *opt = NULL;
		if (strcmp(arg, "--") == 0)
			return;
		if (arg[0] == '-' && arg[1] == '-') {
			struct view rest = view_of(arg + 2), name = view_cut(&rest, '=');
			opt = find_name(opts, name);
			if (!opt)
				no_such_option(opts, name);
			if (!rest.ptr && takes_argument(opt))
				i++;
		} else if (arg[0] == '-') {
			for (const char *letter = arg + 1; *letter; letter++) {
				opt = find_letter(opts, *letter);
				const char *hint = opt ? NULL : hint_of(tool, *letter);
				if (hint)
					cli_wrong("no option -%c; write %s", *letter, hint);
				if (!opt)
					cli_wrong("no option -%c", *letter);
				if (takes_argument(opt)) {
					i += letter[1] == '\0';
					break;
				}
			}
		}
	}
}

static void parse(const struct opts *opts, struct run *run, int argc, char **argv)
{
	struct option *longs = arena_zero(opts->arena, opts->count + 1, sizeof *longs);
	struct buf letters = { 0 };
	size_t n = 0;
	buf_byte(&letters, ':'); /* we say what is wrong ourselves */
	for (size_t i = 0; i < opts->count; i++) {
		const struct opt *opt = &opts->opt[i];
		if (opt->kind == OPT_KIND_HEADING)
			continue;
		longs[n++] = (struct option){ opt->name, takes_argument(opt), NULL, (int)(256 + i) };
		if (opt->letter) {
			buf_byte(&letters, opt->letter);
			if (takes_argument(opt))
				buf_byte(&letters, ':');
		}
	}
	const char *short_options = buf_string(&letters);
	for (int found; (found = getopt_long(argc, argv, short_options, longs, NULL)) != -1;) {
		if (found == ':' || found == '?') {
			const char *last = argv[optind - 1];
			if (found == ':')
				cli_wrong("%s wants an argument", last);
			cli_wrong("%s: not understood", last);
		}
		const struct opt *opt = found >= 256 ? &opts->opt[found - 256] : find_letter(opts, (char)found);
		set_option(opt, optarg);
	}
	buf_release(&letters);
	run->operands = argv + optind;
	run->operand_count = (size_t)(argc - optind);
}

/* The command line for --stats: runs of seven and more digits may be somebody's number. */
static const char *mask_options(struct arena *arena, int argc, char **argv)
{
	struct buf all = { 0 };
	for (int i = 1; i < argc; i++) {
		buf_text(&all, i > 1 ? " " : "");
		for (const char *at = argv[i]; *at;) {
			size_t digits = strspn(at, "0123456789");
			size_t len = digits ? digits : strcspn(at, "0123456789");
			for (size_t k = 0; k < len; k++)
				buf_byte(&all, digits >= 7 ? '*' : at[k]);
			at += len;
		}
	}
	const char *text = arena_string(arena, buf_view(&all));
	buf_release(&all);
	return text;
}

/* Is `--name word` there?  What shapes messages must be known before anything can go wrong
 * with other options. */
static bool says(int argc, char **argv, const char *name, const char *word)
{
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		struct view value = view_of(argv[i]), option = view_cut(&value, '=');
		if (!view_is(option, name))
			continue;
		if (!value.ptr && i + 1 < argc)
			value = view_of(argv[i + 1]);
		if (value.ptr && view_is(value, word))
			return true;
	}
	return false;
}

/* Messages are Chinese where the user's language is, and the terminal takes UTF-8. */
static enum fail_language message_language(int argc, char **argv)
{
	if (says(argc, argv, "--lang", "zh"))
		return FAIL_CHINESE;
	if (says(argc, argv, "--lang", "en"))
		return FAIL_ENGLISH;
	const char *names[] = { "LC_ALL", "LC_MESSAGES", "LANG" };
	for (size_t i = 0; i < 3; i++) {
		const char *value = getenv(names[i]);
		if (!value || !*value)
			continue;
		bool utf8 = strstr(value, "UTF-8") || strstr(value, "utf8") || strstr(value, "UTF8");
		return strncmp(value, "zh", 2) == 0 && utf8 ? FAIL_CHINESE : FAIL_ENGLISH;
	}
	return FAIL_ENGLISH;
}

/* A descriptor that is closed would be given to the first file opened, and rows or messages
 * would go into it.  What stands in for it fails when it is used, with 4; standard error
 * is only silent. */
static void fill_descriptors(void)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		int mode = fd == STDOUT_FILENO ? O_RDONLY : O_WRONLY;
		if (open("/dev/null", mode) != fd)
			_exit(STATUS_SYSTEM);
	}
}

/* A core dump holds people's data.  One byte, as 0 does not hold a handler back (core(5)). */
static void forbid_core_dumps(void)
{
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 1, 1 });
}

void cli_start(const struct tool *tool, struct run *run, int argc, char **argv)
{
	fill_descriptors();
	forbid_core_dumps();
	*run = (struct run){ .tool = tool->name, .time_zone = 8 * 3600, .lang = "en" };
	fail_init(tool->name, says(argc, argv, "--errors", "json") ? FAIL_JSON : FAIL_TEXT,
	          message_language(argc, argv));
	sink_init();
	run->options_digest = mask_options(&run->arena, argc, argv);
	run->progress = isatty(STDERR_FILENO);
	struct shared shared = { 0 };
	struct opts opts = { .arena = &run->arena };
	shared_options(tool, run, &shared, &opts);
	refuse_abbreviations(tool, &opts, argc, argv);
	parse(&opts, run, argc, argv);
	if (shared.help)
		help_print(tool, &opts);
	if (shared.version)
		version_print(tool);
	if (shared.print_options)
		options_print(tool, &opts);
	if (shared.print_values)
		values_print(tool, &opts, shared.print_values);
	shared_settle(tool, run, &shared, &opts);
	bool no_input = tool->no_input || (tool->no_input_with && *tool->no_input_with) ||
	                (tool->tables_are_input && run->tables);
	if (!run->operand_count && !no_input && (tool->shares & CLI_READS) && isatty(STDIN_FILENO))
		cli_wrong("no file named, and standard input is the terminal; usage: %s %s", tool->name, tool->usage);
}
