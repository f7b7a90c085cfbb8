/* partial: see partial.h. */
#include "engine/partial.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/hash.h"
#include "engine/sorter.h"

enum { FORMAT = 1, STATE = 0, FIELDS = 3 /* slot, item, value */ };

static const char *const field_names[FIELDS] = { "slot", "item", "value" };

/* Of shards: which ones there are, and how often each. */
struct shards {
	struct intern names;
	uint64_t *count;
	size_t room;
};

struct partial {
	struct run *run;
	const char *state; /* of every line */
	unsigned keys;
	struct arena arena;
	/* All lines but those of the item `check`. */
	uint64_t lines, digest;
	/* Writing. */
	struct sorter *sorter;
	struct buf line;
	struct out out;
	/* Reading; under the lock, but for the digest. */
	pthread_mutex_t lock;
	struct header *header;                 /* of the key */
	uint64_t lines_told, digest_told, checks;
	struct view columns, form;
	bool unlike;                           /* not all have the same columns */
	struct shards shards;
};

struct partial *partial_new(struct run *run, struct view options)
{
	struct partial *partial = heap_alloc(sizeof *partial);
	*partial = (struct partial){ .run = run };
	partial->state = arena_printf(&partial->arena, "%s/%d/%016llx", run->tool, FORMAT,
	                              (unsigned long long)hash_fixed(options));
	pthread_mutex_init(&partial->lock, NULL);
	intern_init(&partial->shards.names, &partial->arena);
	/* The fold's states and the lines made of them are in memory together. */
	if (run->partial) {
		run->memory = (run->memory + 1) / 2;
		run->to = DIALECT_TSV;
	}
	return partial;
}

void partial_free(struct partial *partial)
{
	if (!partial)
		return;
	pthread_mutex_destroy(&partial->lock);
	intern_release(&partial->shards.names);
	free(partial->shards.count);
	buf_release(&partial->line);
	arena_release(&partial->arena);
	free(partial);
}

/* ---- parts and numbers ---- */

void partial_part(struct buf *to, struct view part, bool first)
{
	if (!first)
		buf_byte(to, '\t');
	dialect_put(dialect_tsv(), part, to);
}

struct view partial_take(struct view *parts, struct arena *arena)
{
	return dialect_value(dialect_tsv(), view_cut(parts, '\t'), arena);
}

void partial_put_number(struct buf *to, __int128 number)
{
	char digits[40];
	size_t at = sizeof digits;
	unsigned __int128 rest = number < 0 ? 0 - (unsigned __int128)number : (unsigned __int128)number;
	do
		digits[--at] = (char)('0' + (int)(rest % 10));
	while (rest /= 10);
	if (number < 0)
		digits[--at] = '-';
	buf_put(to, view(digits + at, sizeof digits - at));
}

bool partial_parse_number(struct view text, __int128 *number)
{
	const __int128 most = (__int128)1 << 95;
	bool negative = text.len && text.ptr[0] == '-';
	text = view_skip(text, negative);
	if (!text.len || text.len > 29) /* 95 bits are 29 digits */
		return false;
	*number = 0;
	for (size_t i = 0; i < text.len; i++) {
		if (!byte_is_digit(text.ptr[i]))
			return false;
		*number = *number * 10 + (text.ptr[i] - '0');
	}
	*number = negative ? -*number : *number;
	return *number < most && *number > -most;
}

/* ---- writing ---- */

void partial_begin(struct partial *partial, const struct header *input, const struct view *names, unsigned keys)
{
	struct out header;
	struct buf columns = { 0 };
	out_init(&header, dialect_tsv());
	out_plain(&header, VIEW("state"));
	for (unsigned i = 0; i < keys; i++)
		out_field(&header, names[i]);
	for (unsigned i = 0; i < FIELDS; i++)
		out_plain(&header, view_of(field_names[i]));
	run_write_header(partial->run, &header);
	buf_release(&header.bytes);
	partial->keys = keys;
	partial->sorter = sorter_new(partial->run);
	for (unsigned i = 0; i < input->count; i++)
		partial_part(&columns, input->names[i], i == 0);
	partial_put(partial, NULL, VIEW(""), VIEW("columns"), buf_view(&columns));
	buf_release(&columns);
	uint64_t number, shards;
	if (!partial->run->shard)
		return;
	run_shard_numbers(partial->run, &number, &shards);
	struct view shard = view_of(arena_printf(&partial->arena, "%llu/%llu %s", (unsigned long long)number,
	                                         (unsigned long long)shards, partial->run->shard_by));
	partial_put(partial, NULL, VIEW(""), VIEW("shard"), shard);
}

void partial_form(struct partial *partial, const struct header *input, const struct columns *keys)
{
	struct buf form = { 0 }, name = { 0 };
	const char delimiter = input->dialect.delimiter;
	partial_part(&form, input->dialect.form == DIALECT_TSV ? VIEW("tsv") : VIEW("csv"), true);
	partial_part(&form, view(&delimiter, 1), false);
	for (unsigned i = 0; i < keys->count; i++) {
		buf_reset(&name);
		if (input->raw)
			buf_put(&name, input->raw[keys->at[i]]);
		else
			dialect_put(input->dialect, input->names[keys->at[i]], &name);
		partial_part(&form, buf_view(&name), false);
	}
	partial_put(partial, NULL, VIEW(""), VIEW("form"), buf_view(&form));
	buf_release(&form);
	buf_release(&name);
}

/* Begins a line: all in front of the slot. */
static void begin_line(struct partial *partial, const struct view *key)
{
	buf_reset(&partial->line);
	buf_text(&partial->line, partial->state);
	for (unsigned i = 0; i < partial->keys; i++)
		partial_part(&partial->line, key ? key[i] : VIEW(""), false);
}

void partial_put(struct partial *partial, const struct view *key, struct view slot, struct view item, struct view value)
{
	begin_line(partial, key);
	partial_part(&partial->line, slot, false);
	partial_part(&partial->line, item, false);
	partial_part(&partial->line, value, false);
	partial->lines++;
	partial->digest += hash_fixed(buf_view(&partial->line));
	sorter_add(partial->sorter, buf_view(&partial->line), VIEW(""));
}

void partial_put_count(struct partial *partial, const char *item, uint64_t count)
{
	if (count)
		partial_put(partial, NULL, VIEW(""), view_of(item),
		            view_of(arena_printf(&partial->arena, "%llu", (unsigned long long)count)));
}

static void write_line(void *arg, struct view line, struct view payload)
{
	struct partial *partial = arg;
	(void)payload;
	out_plain(&partial->out, line);
	out_end(&partial->out);
	if (partial->out.bytes.len > 256 * 1024)
		run_write(partial->run, &partial->out);
}

void partial_end(struct partial *partial)
{
	struct buf check = { 0 };
	buf_printf(&check, "%llu %016llx", (unsigned long long)partial->lines, (unsigned long long)partial->digest);
	partial_put(partial, NULL, VIEW(""), VIEW("check"), buf_view(&check));
	buf_release(&check);
	out_init(&partial->out, dialect_tsv());
	sorter_finish(partial->sorter, write_line, partial);
	run_write(partial->run, &partial->out);
	buf_release(&partial->out.bytes);
}

/* ---- reading ---- */

const struct header *partial_open(struct partial *partial)
{
	const struct header *table = reader_header(partial->run->reader);
	bool good = dialect_same(reader_dialect(partial->run->reader), dialect_tsv()) && table->count > FIELDS &&
	            view_is(table->names[STATE], "state");
	for (unsigned i = 0; good && i < FIELDS; i++)
		good = view_is(table->names[table->count - FIELDS + i], field_names[i]);
	if (!good)
		die_at(STATUS_INPUT, (struct place){ table->file, 1, 0 },
		       "no partial state: --partial writes one, as TSV with the columns state, ..., slot, item, value");
	partial->keys = table->count - 1 - FIELDS;
	struct header *header = arena_zero(&partial->arena, 1, sizeof *header);
	*header = (struct header){ .names = table->names + 1, .count = partial->keys, .file = table->file };
	return partial->header = header;
}

static const char of_other_options[] =
	TRANSLATED("a partial state of other options or rules: what decides the figures must be the same for --partial and "
	           "--merge, --as-of too");

void partial_refuse(const struct partial *partial)
{
	die_at(STATUS_INPUT, (struct place){ partial->header->file, 1, 0 }, "%s", translate(of_other_options));
}

/* Why the state is not ours; the name may be anything, so it is not shown. */
static enum fate refuse_state(const struct partial *partial, const struct row *row, struct task *task)
{
	struct view rest = row_value(row, STATE), tool = view_cut(&rest, '/'), format = view_cut(&rest, '/');
	uint64_t number;
	if (!view_is(tool, partial->run->tool))
		return row_fatal(task, row, STATE, "no partial state of %s", partial->run->tool);
	if (!view_parse_u64(format, 0, UINT64_MAX, &number) || number != FORMAT)
		return row_fatal(task, row, STATE, "a partial state of another format than %d", FORMAT);
	return row_fatal(task, row, STATE, "%s", translate(of_other_options));
}

enum fate partial_damaged(const struct partial *partial, const struct row *row, struct task *task,
                          enum partial_field field)
{
	unsigned column = field == PARTIAL_KEY ? 1 : partial->keys + (unsigned)field;
	return row_fatal(task, row, column, "a damaged state: --partial writes no such line");
}

static bool read_check(struct partial *partial, struct view value)
{
	struct view digest = value, lines = view_cut(&digest, ' ');
	uint64_t count, sum = 0;
	if (!view_parse_u64(lines, 0, UINT64_MAX, &count) || digest.len != 16)
		return false;
	for (size_t i = 0; i < digest.len; i++) {
		char c = digest.ptr[i];
		if (!byte_is_digit(c) && (c < 'a' || c > 'f'))
			return false;
		sum = sum << 4 | (uint64_t)(byte_is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	partial->lines_told += count;
	partial->digest_told += sum;
	partial->checks++;
	return true;
}

static void read_shard(struct shards *shards, struct view value)
{
	size_t at;
	if (intern_add(&shards->names, value, &at)) {
		heap_grow(shards->count, at, &shards->room);
		shards->count[at] = 0;
	}
	shards->count[at]++;
}

/* A line of the whole run that is not the tool's.  Under the lock. */
static enum fate read_own(struct partial *partial, const struct partial_line *line)
{
	if (view_is(line->item, "check"))
		return read_check(partial, line->value) ? FATE_MERGED : FATE_REJECTED;
	if (view_is(line->item, "columns")) {
		partial->unlike |= partial->columns.ptr && !view_equal(partial->columns, line->value);
		if (!partial->columns.ptr)
			partial->columns = arena_copy(&partial->arena, line->value);
		return FATE_MERGED;
	}
	if (view_is(line->item, "form")) {
		/* Of several the one that is the same in any order of the parts. */
		if (!partial->form.ptr || view_compare(line->value, partial->form) < 0)
			partial->form = arena_copy(&partial->arena, line->value);
		return FATE_MERGED;
	}
	if (!view_is(line->item, "shard"))
		return FATE_USED;
	read_shard(&partial->shards, line->value);
	return FATE_MERGED;
}

enum fate partial_read(struct partial *partial, const struct row *row, struct task *task, struct partial_line *line)
{
	unsigned at = 1 + partial->keys;
	if (!view_is(row_value(row, STATE), partial->state))
		return refuse_state(partial, row, task);
	*line = (struct partial_line){ row_value(row, at), row_value(row, at + 1), row_value(row, at + 2) };
	bool own = !line->slot.len;
	if (!own || !view_is(line->item, "check"))
		__atomic_fetch_add(&partial->digest, hash_fixed(row_record(row)), __ATOMIC_RELAXED);
	if (!own)
		return FATE_USED;
	pthread_mutex_lock(&partial->lock);
	enum fate fate = read_own(partial, line);
	pthread_mutex_unlock(&partial->lock);
	return fate == FATE_REJECTED ? partial_damaged(partial, row, task, PARTIAL_VALUE) : fate;
}

/* ---- after the last line ---- */

/* "1/7 uid" is one of seven. */
static void check_shards(const struct shards *shards)
{
	for (size_t i = 0; i < shards->names.count; i++) {
		struct view rest = shards->names.keys[i], number = view_cut(&rest, '/'), others = rest;
		struct view all = view_cut(&others, ' ');
		uint64_t n, count, like = 0;
		if (!view_parse_u64(all, 1, UINT64_MAX, &count) || !view_parse_u64(number, 1, count, &n))
			die(STATUS_INPUT, "a damaged state: --partial writes no such line");
		for (size_t k = 0; k < shards->names.count; k++) {
			struct view other = shards->names.keys[k];
			view_cut(&other, '/');
			like += view_equal(other, rest) && shards->count[k] == shards->count[i];
		}
		if (like != count)
			die(STATUS_INPUT, "of %llu shards by %.*s one is missing, or came more often than others",
			    (unsigned long long)count, VIEW_ARGS(others));
	}
}

/* The header of the output's key, and the dialect that the output follows. */
static void follow_form(struct partial *partial)
{
	struct header *header = partial->header;
	struct view rest = partial->form;
	struct view form = partial_take(&rest, &partial->arena), delimiter = partial_take(&rest, &partial->arena);
	if (delimiter.len != 1)
		return; /* no form was told: as the states themselves, TSV */
	header->dialect = (struct dialect){ view_is(form, "tsv") ? DIALECT_TSV : DIALECT_CSV, delimiter.ptr[0] };
	header->raw = arena_zero(&partial->arena, header->count + 1, sizeof *header->raw);
	for (unsigned i = 0; i < header->count; i++)
		header->raw[i] = partial_take(&rest, &partial->arena);
	partial->run->follows = header->dialect;
}

const struct header *partial_close(struct partial *partial)
{
	const struct counts *counts = &partial->run->counts;
	uint64_t lines = counts->read - counts->fates[FATE_LEFT_OUT] - partial->checks;
	if (!partial->checks)
		die(STATUS_INPUT, "the states are cut short: none says how many lines it has");
	if (lines != partial->lines_told)
		die(STATUS_INPUT, "%llu lines, where the states had %llu: some are missing, or came twice",
		    (unsigned long long)lines, (unsigned long long)partial->lines_told);
	if (partial->digest != partial->digest_told)
		die(STATUS_INPUT, "a damaged state: its lines are not those that --partial wrote");
	if (partial->unlike)
		die(STATUS_INPUT, "states of tables with different columns");
	check_shards(&partial->shards);
	follow_form(partial);
	return partial->header;
}
