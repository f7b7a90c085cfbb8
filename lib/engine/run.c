/* run: see run.h. */
#include "engine/run.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/hash.h"
#include "engine/stats.h"
#include "value/text.h"

enum { SAID = 5 }; /* rejects that are said, of each code */

/* How many of each code. */
struct codes {
	struct intern names;
	uint64_t *count;
	size_t room;
};

struct rejects {
	struct sink *sink; /* NULL: only counted */
	struct out out;
	struct codes rejected, doubted;
};

static struct reader_options reader_options(const struct run *run)
{
	return (struct reader_options){ .from = run->from, .delimiter = run->delimiter,
		.no_header = run->no_header, .names = run->names, .allow_empty = run->allow_empty,
		.threads = run->threads > 1, .digest = run->stats != NULL, .warn_utf8 = !run->quiet };
}

const struct header *run_open(struct run *run)
{
	if (run->reader)
		return reader_header(run->reader);
	struct reader_options options = reader_options(run);
	run->reader = reader_open(&options, run->operands, run->operand_count);
	return reader_header(run->reader);
}

struct reader *run_open_part(struct run *run, const char *file)
{
	struct reader_options options = reader_options(run);
	char *name = (char *)(uintptr_t)file;
	return reader_open(&options, &name, 1);
}

void run_use_part(struct run *run, struct reader *reader)
{
	if (run->reader) {
		heap_grow(run->past, run->past_count, &run->past_room);
		run->past[run->past_count++] = run->reader;
	}
	run->reader = reader;
}

struct reader *run_open_table(struct run *run, const char *file)
{
	struct reader_options options = { .threads = run->threads > 1, .warn_utf8 = !run->quiet };
	char *name = (char *)(uintptr_t)file;
	return reader_open(&options, &name, 1);
}

const char *run_table(const struct run *run, const char *name)
{
	for (const struct named_table *table = run->tables; table; table = table->next)
		if (view_is(view_of(table->name), name))
			return table->file;
	return NULL;
}

static struct dialect output_dialect(const struct run *run)
{
	enum dialect_form form = run->to ? run->to : dialect_of_name(run->output);
	struct dialect input = run->follows.form ? run->follows
	                                         : run->reader ? reader_dialect(run->reader) : dialect_csv();
	if (form == DIALECT_TSV)
		return dialect_tsv();
	if (form == DIALECT_CSV && !(run->delimiter && input.form == DIALECT_CSV))
		return dialect_csv();
	return input;
}

static void open_rejects(struct run *run)
{
	struct rejects *rejects = arena_zero(&run->arena, 1, sizeof *rejects);
	run->file_of_rejects = rejects;
	intern_init(&rejects->rejected.names, &run->arena);
	intern_init(&rejects->doubted.names, &run->arena);
	out_init(&rejects->out, dialect_csv());
	if (!run->rejects)
		return;
	rejects->sink = sink_open(run->rejects);
	sink_keep(rejects->sink);
	buf_text(&rejects->out.bytes, "file,line,column,code,message,raw\n");
	sink_write(rejects->sink, buf_view(&rejects->out.bytes));
	out_reset(&rejects->out);
}

void run_open_output(struct run *run)
{
	if (!run->file_of_rejects)
		open_rejects(run);
	if (run->sink)
		return;
	run->out_dialect = output_dialect(run);
	run->sink = sink_open(run->output);
	sink_mark(run->sink, dialect_mark(run->out_dialect));
}

void run_write_header(struct run *run, struct out *out)
{
	out_end(out);
	if (!run->no_header_out)
		sink_write(run->sink, buf_view(&out->bytes));
	out_reset(out);
}

void run_write(struct run *run, struct out *out)
{
	sink_write(run->sink, buf_view(&out->bytes));
	run->counts.written += out->rows;
	out_reset(out);
}

/* ---- rejects ---- */

/* Bytes that are no UTF-8 stand as \xHH. */
static void put_readable(struct buf *to, struct view bytes)
{
	while (bytes.len) {
		size_t good = text_valid_length(bytes);
		buf_put(to, view_first(bytes, good));
		bytes = view_skip(bytes, good);
		if (bytes.len) {
			buf_printf(to, "\\x%02X", (unsigned)(unsigned char)bytes.ptr[0]);
			bytes = view_skip(bytes, 1);
		}
	}
}

/* Counts the code; says the first few where `aloud`. */
static void count_code(struct run *run, struct codes *codes, const struct reject *reject, bool aloud)
{
	size_t code;
	if (intern_add(&codes->names, view_of(reject->code), &code)) {
		heap_grow(codes->count, code, &codes->room);
		codes->count[code] = 0;
	}
	if (codes->count[code]++ >= SAID || !aloud || run->quiet)
		return;
	struct place place = { reject->file, reject->line, reject->column };
	warn_code(place, reject->code,
	          reject->said ? reject->said : translate(arena_string(&run->arena, reject->message)));
}

void run_doubt(struct run *run, const struct reject *doubt)
{
	run->doubted++;
	count_code(run, &run->file_of_rejects->doubted, doubt, true);
}

void run_reject(struct run *run, const struct reject *reject)
{
	struct rejects *rejects = run->file_of_rejects;
	count_code(run, &rejects->rejected, reject, !rejects->sink);
	if (!rejects->sink)
		return;
	struct buf raw = { 0 };
	put_readable(&raw, reject->raw);
	out_field(&rejects->out, view_of(reject->file));
	out_u64(&rejects->out, reject->line);
	if (reject->column)
		out_u64(&rejects->out, reject->column);
	else
		out_plain(&rejects->out, VIEW(""));
	out_plain(&rejects->out, view_of(reject->code));
	out_field(&rejects->out, reject->message);
	out_field(&rejects->out, buf_view(&raw));
	out_end(&rejects->out);
	buf_release(&raw);
	sink_write(rejects->sink, buf_view(&rejects->out.bytes));
	out_reset(&rejects->out);
}

bool run_strict(const struct run *run, const char *code)
{
	if (!run->strict)
		return false;
	for (struct view rest = view_of(run->strict); rest.ptr;) {
		struct view word = view_cut(&rest, ',');
		if (view_is(word, code) || view_is(word, "all"))
			return true;
	}
	return false;
}

bool run_parse_limit(struct view text, uint64_t *limit, bool *share)
{
	uint64_t tenth = 0;
	*share = view_ends(text, VIEW("%"));
	if (!*share)
		return view_parse_u64(text, 0, UINT64_MAX, limit);
	text.len--;
	struct view rest = text, whole = view_cut(&rest, '.');
	if (!view_parse_u64(whole, 0, 100, limit) || (rest.ptr && (rest.len != 1 || !view_parse_u64(rest, 0, 9, &tenth))))
		return false;
	*limit = *limit * 10 + tenth;
	return *limit <= 1000;
}

/* More rejects, and doubts that need a person, than --max-rejects allows? */
static bool too_many_rejects(const struct run *run)
{
	uint64_t limit = 0, rejected = run->counts.fates[FATE_REJECTED] + run->doubted;
	bool share = false;
	if (run->max_rejects)
		run_parse_limit(view_of(run->max_rejects), &limit, &share); /* checked when options were read */
	if (share)
		return (unsigned __int128)rejected * 1000 > (unsigned __int128)limit * run->counts.read;
	return rejected > limit;
}

/* ---- the end ---- */

void run_note(struct run *run, const char *format, ...)
{
	char line[1024];
	va_list args;
	va_start(args, format);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	vsnprintf(line, sizeof line, translate(format), args);
#pragma GCC diagnostic pop
	va_end(args);
	buf_text(&run->notes, line);
	buf_byte(&run->notes, '\n');
}

void run_warn(const struct run *run, const char *format, ...)
{
	char line[1024];
	va_list args;
	if (run->quiet)
		return;
	va_start(args, format);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	vsnprintf(line, sizeof line, translate(format), args);
#pragma GCC diagnostic pop
	va_end(args);
	warn("%s", line);
}

static void say_summary(const struct run *run)
{
	const struct counts *counts = &run->counts;
	warn_summary("%llu read = %llu used + %llu rejected + %llu merged + %llu left out; %llu written",
	             (unsigned long long)counts->read, (unsigned long long)counts->fates[FATE_USED],
	             (unsigned long long)counts->fates[FATE_REJECTED],
	             (unsigned long long)counts->fates[FATE_MERGED],
	             (unsigned long long)counts->fates[FATE_LEFT_OUT], (unsigned long long)counts->written);
	if (counts->blank)
		warn_summary("%llu empty lines skipped", (unsigned long long)counts->blank);
	const struct rejects *rejects = run->file_of_rejects;
	for (size_t i = 0; rejects && i < rejects->rejected.names.count; i++)
		warn_summary("rejected as %.*s: %llu", VIEW_ARGS(rejects->rejected.names.keys[i]),
		             (unsigned long long)rejects->rejected.count[i]);
	for (size_t i = 0; rejects && i < rejects->doubted.names.count; i++)
		warn_summary("to be looked at, %.*s: %llu", VIEW_ARGS(rejects->doubted.names.keys[i]),
		             (unsigned long long)rejects->doubted.count[i]);
	for (struct view rest = buf_view(&run->notes); rest.len;) {
		struct view line = view_cut(&rest, '\n');
		warn_summary("%.*s", VIEW_ARGS(line));
	}
}

int run_finish(struct run *run)
{
	struct counts *counts = &run->counts;
	uint64_t fates = 0;
	for (unsigned i = 0; i < FATES; i++)
		fates += counts->fates[i];
	if (counts->read != fates)
		die(STATUS_SYSTEM, "internal error: %llu records read, but %llu accounted for",
		    (unsigned long long)counts->read, (unsigned long long)fates);
	enum status status = run->findings || too_many_rejects(run) ? STATUS_FINDINGS : STATUS_DONE;
	stats_write(run, status);
	sink_close_all();
	bool talk = run->verbose || status != STATUS_DONE || isatty(STDERR_FILENO);
	if (talk && !run->quiet)
		say_summary(run);
	reader_close(run->reader);
	run->reader = NULL;
	for (size_t i = 0; i < run->past_count; i++)
		reader_close(run->past[i]);
	free(run->past);
	if (run->file_of_rejects) {
		buf_release(&run->file_of_rejects->out.bytes);
		intern_release(&run->file_of_rejects->rejected.names);
		intern_release(&run->file_of_rejects->doubted.names);
		free(run->file_of_rejects->rejected.count);
		free(run->file_of_rejects->doubted.count);
	}
	buf_release(&run->notes);
	arena_release(&run->arena);
	return (int)status;
}

/* ---- shards and keys ---- */

void run_shard_numbers(const struct run *run, uint64_t *number, uint64_t *shards)
{
	struct view rest = view_of(run->shard), first = view_cut(&rest, '/');
	view_parse_u64(rest, 1, UINT64_MAX, shards); /* checked when options were read */
	view_parse_u64(first, 1, *shards, number);
}

struct shard run_shard(struct run *run, const struct header *header)
{
	struct shard shard = { 0 };
	if (!run->shard)
		return shard;
	run_shard_numbers(run, &shard.number, &shard.shards);
	shard.number--;
	shard.by = columns_need(&run->arena, header, "--shard-by", run->shard_by);
	return shard;
}

bool shard_has(const struct shard *shard, const struct row *row)
{
	if (!shard->shards)
		return true;
	struct buf memory = { 0 };
	struct view key = key_of_row(row, &shard->by, &memory);
	bool has = hash_fixed(key) % shard->shards == shard->number;
	buf_release(&memory);
	return has;
}

void key_put(struct buf *key, struct view value)
{
	/* A NUL in a value becomes NUL FF, and NUL NUL ends it: bytes order as the values do. */
	for (size_t nul; (nul = view_find_byte(value, '\0')) != SIZE_MAX; value = view_skip(value, nul + 1)) {
		buf_put(key, view_first(value, nul));
		buf_put(key, view("\0\xff", 2));
	}
	buf_put(key, value);
	buf_put(key, view("\0\0", 2));
}

struct view key_of_row(const struct row *row, const struct columns *columns, struct buf *memory)
{
	if (columns->count == 1)
		return row_value(row, columns->at[0]);
	buf_reset(memory);
	for (unsigned i = 0; i < columns->count; i++)
		key_put(memory, row_value(row, columns->at[i]));
	return buf_view(memory);
}

bool key_is_whole(const struct row *row, const struct columns *columns, struct view key)
{
	for (unsigned i = 0; i < columns->count && columns->count > 1; i++)
		if (!row_value(row, columns->at[i]).len)
			return false;
	return key.len;
}

struct view key_take(struct view *key, struct arena *arena)
{
	char *to = arena_alloc(arena, key->len + 1);
	size_t len = 0, at = 0;
	for (; at < key->len; at++) {
		if (key->ptr[at]) {
			to[len++] = key->ptr[at];
		} else if (++at < key->len && key->ptr[at] == '\xff') {
			to[len++] = '\0';
		} else {
			at++;
			break;
		}
	}
	*key = view_skip(*key, at);
	return view(to, len);
}
