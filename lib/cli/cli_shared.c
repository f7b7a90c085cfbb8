/* cli_shared: the options that tools share, and what they mean together. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/nearest.h"
#include "base/source.h"
#include "base/thread.h"
#include "cli/inside.h"
#include "value/date.h"

static const char *const dialects[] = { "auto", "csv", "tsv", NULL };
static const char *const error_formats[] = { "text", "json", NULL };
static const char *const languages[] = { "en", "zh", NULL };
static const char *const whens[] = { "auto", "always", "never", NULL };

static void add(struct opts *opts, struct opt opt)
{
	if (opts->count == opts->room) {
		struct opt *old = opts->opt;
		opts->room = opts->room ? opts->room * 2 : 64;
		opts->opt = arena_zero(opts->arena, opts->room, sizeof *opts->opt);
		if (opts->count)
			memcpy(opts->opt, old, opts->count * sizeof *old);
	}
	opts->opt[opts->count++] = opt;
}

#define ADD(...) add(opts, (struct opt)__VA_ARGS__)

static void add_reading(struct run *run, struct shared *shared, struct opts *opts)
{
	ADD(OPT_CHOICE(0, "from", &shared->from, dialects, "form of the input: csv or tsv"));
	ADD(OPT_TEXT('d', "delimiter", &shared->delimiter, "C", "one character between fields"));
	ADD(OPT_FLAG(0, "no-header", &run->no_header, "the input has no header line"));
	ADD(OPT_TEXT(0, "names", &run->names, "LIST", "names of the columns, with --no-header"));
	ADD(OPT_FLAG(0, "allow-empty", &run->allow_empty, "an input without even a header is no error"));
	ADD(OPT_FILE(0, "rejects", &run->rejects, "write rejected rows here"));
	ADD(OPT_TEXT(0, "max-rejects", &run->max_rejects, "N|P%", "status 1 above this; default 0"));
	ADD(OPT_TEXT(0, "strict", &run->strict, "CODES", "doubts that reject the row, or all"));
}

static void add_common(struct run *run, struct shared *shared, struct opts *opts)
{
	ADD(OPT_COUNT(0, "threads", &run->threads, "threads to use; default: the processors"));
	ADD(OPT_FILE(0, "stats", &run->stats, "write a JSON record of the run here"));
	ADD(OPT_FLAG(0, "progress", &run->progress, "a progress line, also where no terminal is"));
	ADD(OPT_FLAG('q', "quiet", &run->quiet, "no summary, no progress"));
	ADD(OPT_FLAG('v', "verbose", &run->verbose, "always the summary"));
	ADD(OPT_CHOICE(0, "errors", &shared->errors, error_formats, "form of messages: text or json"));
	ADD(OPT_CHOICE(0, "lang", &shared->lang, languages, "language of labels and messages: en or zh"));
	ADD(OPT_CHOICE(0, "color", &shared->color, whens, "colour: auto, always or never"));
	ADD(OPT_FILE(0, "list-columns", &shared->list_columns, "print the columns of a file"));
	ADD(OPT_FLAG(0, "print-options", &shared->print_options, "print this table of options as TSV"));
	ADD(OPT_TEXT(0, "print-values", &shared->print_values, "OPTION", "print the words that an option may have"));
	ADD(OPT_FLAG('h', "help", &shared->help, "this text"));
	ADD(OPT_FLAG('V', "version", &shared->version, "version and licence"));
}

void shared_options(const struct tool *tool, struct run *run, struct shared *shared, struct opts *opts)
{
	for (const struct opt *opt = tool->options; opt && opt->name; opt++)
		add(opts, *opt);
	opts->own = opts->count;
	shared->lang = -1;
	if (tool->shares & CLI_RULES) {
		ADD(OPT_FILE('r', "rules", &run->rules, "rule table in place of the built-in one"));
		ADD(OPT_FILE(0, "add-rules", &run->add_rules, "rule table laid over it"));
	}
	if (tool->tables)
		ADD(OPT_FLAG(0, "print-rules", &shared->print_rules, "print a built-in table (named behind)"));
	if (tool->shares & CLI_TABLES)
		ADD(OPT_LIST('t', "table", &shared->tables, "NAME=FILE", "a further table of the data model"));
	if (tool->shares & CLI_ADDS)
		ADD(OPT_FLAG(0, "replace", &run->replace, "write into columns that are there already"));
	if (tool->shares & CLI_AS_OF) {
		ADD(OPT_TEXT(0, "as-of", &run->as_of_text, "WHEN", "the present: a date, date and time, today, yesterday"));
		ADD(OPT_TEXT(0, "tz", &shared->time_zone, "+HH:MM", "zone of `today`; default +08:00"));
	}
	ADD(OPT_FILE('o', "output", &run->output, "write here, in place only when all went well"));
	if (tool->shares & CLI_WRITES) {
		ADD(OPT_CHOICE(0, "to", &shared->to, dialects, "form of the output: csv or tsv"));
		ADD(OPT_FLAG(0, "no-header-out", &run->no_header_out, "write no header line"));
	}
	if (tool->shares & CLI_READS)
		add_reading(run, shared, opts);
	if (tool->shares & CLI_MEMORY)
		ADD(OPT_SIZE(0, "memory", &run->memory, "memory for state before it spills to TMPDIR"));
	if (tool->shares & CLI_SHARDS) {
		ADD(OPT_TEXT(0, "shard", &run->shard, "I/N", "only the I-th of N parts of the keys"));
		ADD(OPT_COLUMNS(0, "shard-by", &run->shard_by, "columns that part the keys"));
	}
	if (tool->shares & CLI_PARTIAL) {
		ADD(OPT_FLAG(0, "partial", &run->partial, "write a partial state instead of a result"));
		ADD(OPT_FLAG(0, "merge", &run->merge, "the input is partial states"));
		if (!(tool->shares & CLI_WRITES))
			ADD(OPT_FLAG(0, "no-header-out", &run->no_header_out, "write no header line"));
	}
	add_common(run, shared, opts);
}

/* ---- what they mean ---- */

static char parse_delimiter(const char *text)
{
	if (strcmp(text, "\\t") == 0)
		return '\t';
	if (strlen(text) != 1 || strchr("\"\n\r", text[0]))
		cli_wrong("--delimiter: one character is wanted, such as ';' or '\\t'");
	return text[0];
}

static void check_max_rejects(const char *text)
{
	uint64_t limit;
	bool share;
	if (!run_parse_limit(view_of(text), &limit, &share))
		cli_wrong("--max-rejects: a number or a percentage is wanted, such as 10, 2%% or 0.3%%");
}

static int64_t parse_time_zone(const char *text)
{
	struct view rest = view_of(text);
	uint64_t hours, minutes;
	bool sign = rest.len && (rest.ptr[0] == '+' || rest.ptr[0] == '-');
	struct view number = view_skip(rest, 1), hour = view_cut(&number, ':');
	if (!sign || !number.ptr || !view_parse_u64(hour, 0, 14, &hours) || !view_parse_u64(number, 0, 59, &minutes))
		cli_wrong("--tz: an offset is wanted, such as +08:00");
	int64_t seconds = (int64_t)(hours * 3600 + minutes * 60);
	return rest.ptr[0] == '-' ? -seconds : seconds;
}

/* Now, by SOURCE_DATE_EPOCH or the clock; the clock is read nowhere else. */
static int64_t present(const struct run *run)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	int64_t seconds;
	if (epoch && *epoch) {
		if (!view_parse_i64(view_of(epoch), -62000000000, 250000000000, &seconds))
			cli_wrong("SOURCE_DATE_EPOCH: a number of seconds is wanted");
	} else {
		seconds = (int64_t)time(NULL);
	}
	seconds += run->time_zone;
	/* A clock that is out of all reason is held at the calendar's ends. */
	if (seconds < moment_of(DATE_MIN, 0))
		seconds = moment_of(DATE_MIN, 0);
	if (seconds > moment_of(DATE_MAX, DAY_SECONDS - 1))
		seconds = moment_of(DATE_MAX, DAY_SECONDS - 1);
	return seconds;
}

static int64_t parse_as_of(const struct run *run, const char *text)
{
	int64_t moment;
	if (strcmp(text, "today") == 0)
		return moment_of(moment_day(present(run)) + 1, 0) - 1;
	if (strcmp(text, "yesterday") == 0)
		return moment_of(moment_day(present(run)), 0) - 1;
	switch (moment_parse_plain(view_of(text), &moment)) {
	case MOMENT_DATE:
		return moment + DAY_SECONDS - 1;
	case MOMENT_MINUTE:
	case MOMENT_SECOND:
		return moment;
	default:
		cli_wrong("--as-of: a date, a date and time, today or yesterday is wanted, such as 2025-06-30");
	}
}

/* Half of what the process may have, where that is less than 2 GiB. */
static uint64_t default_memory(void)
{
	uint64_t memory = (uint64_t)1 << 30;
	struct rlimit limit;
	if (getrlimit(RLIMIT_AS, &limit) == 0 && limit.rlim_cur != RLIM_INFINITY && limit.rlim_cur / 2 < memory)
		memory = limit.rlim_cur / 2;
	FILE *group = fopen("/sys/fs/cgroup/memory.max", "re");
	char text[32];
	uint64_t most;
	if (group && fgets(text, sizeof text, group) &&
	    view_parse_u64(view_trim(view_of(text)), 0, UINT64_MAX, &most) && most / 2 < memory)
		memory = most / 2;
	if (group)
		fclose(group);
	return memory;
}

/* ---- files that are named twice ---- */

static const char *file_of(const struct opt *opt)
{
	return opt->kind == OPT_KIND_FILE ? *(const char **)opt->where : NULL;
}

/* One file, or one that would be: by what it is, else by its name.  Devices may be named twice. */
static bool same_file(const char *a, const char *b)
{
	struct stat one, other;
	bool there = stat(a, &one) == 0;
	if (there && (!S_ISREG(one.st_mode) || stat(b, &other) != 0))
		return false;
	return there ? one.st_dev == other.st_dev && one.st_ino == other.st_ino : strcmp(a, b) == 0;
}

/* Two options that name one file would have one written over the other, or over the input;
 * only -o may be an input, which it then replaces. */
static void check_files(const struct run *run, const struct opts *opts)
{
	for (size_t i = 0; i < opts->count; i++) {
		const struct opt *opt = &opts->opt[i];
		const char *file = file_of(opt);
		bool written = file && (opt->where == &run->rejects || opt->where == &run->stats);
		if (!file)
			continue;
		if (strcmp(file, "-") == 0) {
			if (written && (!run->output || strcmp(run->output, "-") == 0))
				cli_wrong("--%s: a file is wanted: the output is on standard output", opt->name);
			continue;
		}
		for (size_t j = i + 1; j < opts->count; j++)
			if (file_of(&opts->opt[j]) && same_file(file, file_of(&opts->opt[j])))
				cli_wrong("--%s and --%s name one file", opt->name, opts->opt[j].name);
		bool read = opt->where == &run->rules || opt->where == &run->add_rules;
		for (size_t j = 0; j < run->operand_count && opt->where != &run->output && !read; j++)
			if (same_file(file, run->operands[j]))
				cli_wrong("--%s names an input", opt->name);
	}
}

/* ---- further settings ---- */

static void check_shard(const struct run *run)
{
	uint64_t number, shards;
	if (!run->shard)
		return;
	struct view rest = view_of(run->shard), first = view_cut(&rest, '/');
	if (!rest.ptr || !view_parse_u64(rest, 1, 1000000, &shards) || !view_parse_u64(first, 1, shards, &number))
		cli_wrong("--shard: I/N is wanted, such as 1/4");
	if (!run->shard_by)
		cli_wrong("--shard wants --shard-by COLUMNS");
}

static void check_partial(const struct run *run)
{
	if (run->partial && run->merge)
		cli_wrong("--partial and --merge do not go together: states are joined by sort -m, or read together");
	if (run->merge && run->shard)
		cli_wrong("--merge reads the states of all shards: no --shard");
	if (run->partial && dialect_of_name(run->output) == DIALECT_CSV)
		cli_wrong("--partial writes TSV, not what the name of -o says");
}

static struct view nearest_code(const struct tool *tool, struct run *run, struct view word)
{
	size_t count = 0;
	while (tool->strict && tool->strict[count])
		count++;
	struct view *codes = arena_zero(&run->arena, count + 1, sizeof *codes);
	codes[count] = VIEW("utf8");
	for (size_t i = 0; i < count; i++)
		codes[i] = view_of(tool->strict[i]);
	return nearest_view(word, codes, count + 1);
}

/* A code that no doubt has would be strict about nothing. */
static void check_strict(const struct tool *tool, struct run *run)
{
	struct buf known = { 0 };
	buf_text(&known, "utf8");
	for (const char *const *code = tool->strict; code && *code; code++)
		buf_printf(&known, ", %s", *code);
	for (struct view rest = view_of(run->strict); rest.ptr;) {
		struct view word = view_cut(&rest, ',');
		bool found = view_is(word, "all") || view_is(word, "utf8");
		for (const char *const *code = tool->strict; code && *code; code++)
			found |= view_is(word, *code);
		struct view nearest = found ? VIEW("") : nearest_code(tool, run, word);
		if (nearest.len)
			cli_wrong("--strict: no code \"%.*s\"; did you mean \"%.*s\"?", VIEW_ARGS(word), VIEW_ARGS(nearest));
		if (!found)
			cli_wrong("--strict: no code \"%.*s\"; there are: all, %s", VIEW_ARGS(word), buf_string(&known));
	}
	buf_release(&known);
}

static void settle_tables(struct run *run, const struct shared *shared)
{
	for (size_t i = shared->tables.count; i-- > 0;) {
		struct view rest = view_of(shared->tables.items[i]), name = view_cut(&rest, '=');
		if (!name.len || !rest.len)
			cli_wrong("--table: NAME=FILE is wanted, such as reports=reports.csv");
		struct named_table *table = arena_zero(&run->arena, 1, sizeof *table);
		*table = (struct named_table){ arena_string(&run->arena, name), rest.ptr, run->tables };
		run->tables = table;
	}
	free(shared->tables.items);
}

_Noreturn void cli_print(struct view text)
{
	struct sink *sink = sink_open(NULL);
	sink_write(sink, text);
	sink_close(sink);
	exit(STATUS_DONE);
}

static _Noreturn void print_rules(const struct tool *tool, const struct run *run)
{
	const char *wanted = run->operand_count ? run->operands[0] : tool->tables[0].name;
	struct buf names = { 0 };
	for (const struct cli_table *table = tool->tables; table->name; table++) {
		if (strcmp(table->name, wanted) == 0)
			cli_print(view_of(table->csv));
		buf_printf(&names, "%s%s", names.len ? ", " : "", table->name);
	}
	cli_wrong("--print-rules: no table \"%s\"; there are: %s", wanted, buf_string(&names));
}

/* For completion: quick, and only the header is read. */
static _Noreturn void list_columns(struct run *run, const char *file)
{
	struct reader *reader = run_open_table(run, file);
	const struct header *header = reader_header(reader);
	struct buf names = { 0 };
	for (unsigned i = 0; i < header->count; i++) {
		dialect_put(dialect_tsv(), header->names[i], &names);
		buf_byte(&names, '\n');
	}
	reader_close(reader);
	cli_print(buf_view(&names));
}

void shared_settle(const struct tool *tool, struct run *run, struct shared *shared, const struct opts *opts)
{
	static const enum dialect_form forms[] = { DIALECT_UNKNOWN, DIALECT_CSV, DIALECT_TSV };
	run->from = forms[shared->from];
	run->to = forms[shared->to];
	if (shared->lang >= 0)
		run->lang = languages[shared->lang];
	if (run->quiet)
		run->progress = false;
	const char *no_color = getenv("NO_COLOR"), *terminal = getenv("TERM");
	run->color = shared->color == 1 ||
	             (shared->color == 0 && !(no_color && *no_color) && terminal &&
	              strcmp(terminal, "dumb") != 0 && !run->output && isatty(STDOUT_FILENO));
	if (shared->print_rules)
		print_rules(tool, run);
	if (tool->lists_columns)
		run->list_columns = shared->list_columns;
	else if (shared->list_columns)
		list_columns(run, shared->list_columns);
	if (shared->delimiter)
		run->delimiter = parse_delimiter(shared->delimiter);
	if (run->names && !run->no_header)
		cli_wrong("--names goes with --no-header");
	if (run->max_rejects)
		check_max_rejects(run->max_rejects);
	if (shared->time_zone)
		run->time_zone = parse_time_zone(shared->time_zone);
	if (tool->shares & CLI_AS_OF)
		run->as_of = run->as_of_text ? parse_as_of(run, run->as_of_text) : present(run);
	if (!run->threads)
		run->threads = thread_processors();
	if (!run->memory)
		run->memory = default_memory();
	check_files(run, opts);
	check_shard(run);
	check_partial(run);
	if (run->strict)
		check_strict(tool, run);
	settle_tables(run, shared);
}
