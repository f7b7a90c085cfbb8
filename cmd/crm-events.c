/* crm-events: ledgers become one stream of events, in the order of time.  Sorts: what does not
 * fit into --memory goes to a temporary file.
 *
 * Rows become events by the rules of lib/event.  An event travels as a record of the sorter:
 *     key      [uid] at event_id digest-of-the-payload
 *     payload  struct record, its texts, the cells between event_type and src_table as they are written
 * Equal records of a row with a key are one event; rows without a key that are alike to the
 * byte are things of their own and get a number. */
#include <stdlib.h>

#include "base/hash.h"
#include "cli/cli.h"
#include "engine/sorter.h"
#include "event/event.h"

enum order { BY_TIME, BY_UID };

enum { MOST_OUT = 256 * 1024, DIGEST = 8 };

/* One table that is read. */
struct source {
	struct reader *reader;
	struct event_plan *plan;
	struct dialect dialect; /* of the output */
};

struct events {
	int by;         /* enum order */
	const char *as; /* the table of the operands, or of standard input; NULL: these are not read */
	struct run *run;
	struct event_rules *rules;
	struct event_registers registers;
	struct source *sources;
	size_t count;
	struct sorter *sorter;
};

/* What stands before the texts of a payload. */
struct record {
	bool first;  /* of its row's events */
	bool hashed; /* the row has no key */
	uint32_t type, table, src_id, at, uid; /* lengths of the texts, in this order */
};

struct scratch {
	struct event_scratch event;
	struct buf key, payload;
};

/* ---- rows to records ---- */

static void open_scratch(const void *tool, void *memory)
{
	const struct source *source = tool;
	struct scratch *scratch = memory;
	event_scratch_init(&scratch->event, source->plan);
}

static void close_scratch(void *tool, void *memory)
{
	struct source *source = tool;
	struct scratch *scratch = memory;
	event_scratch_release(&scratch->event, source->plan);
	buf_release(&scratch->key);
	buf_release(&scratch->payload);
}

static void put_id(struct buf *to, struct view table, struct view src_id, struct view type)
{
	buf_put(to, table);
	buf_byte(to, ':');
	buf_put(to, src_id);
	buf_byte(to, ':');
	buf_put(to, type);
}

static void make_payload(struct buf *to, const struct event *event, bool first, struct dialect dialect)
{
	const struct view *cell = event->cell;
	struct record record = { 0 };
	record.first = first;
	record.hashed = event->hashed;
	record.type = (uint32_t)cell[EVENT_TYPE].len;
	record.table = (uint32_t)cell[EVENT_SRC_TABLE].len;
	record.src_id = (uint32_t)cell[EVENT_SRC_ID].len;
	record.at = (uint32_t)cell[EVENT_AT].len;
	record.uid = (uint32_t)cell[EVENT_UID].len;
	buf_reset(to);
	buf_put(to, view((const char *)&record, sizeof record));
	buf_put(to, cell[EVENT_TYPE]);
	buf_put(to, cell[EVENT_SRC_TABLE]);
	buf_put(to, cell[EVENT_SRC_ID]);
	buf_put(to, cell[EVENT_AT]);
	buf_put(to, cell[EVENT_UID]);
	for (size_t i = EVENT_AT; i <= EVENT_ORDER_DATE; i++) {
		buf_byte(to, dialect.delimiter);
		dialect_put(dialect, cell[i], to);
	}
}

static void put_digest(struct buf *key, struct view payload)
{
	uint64_t digest = hash_fixed(payload);
	for (unsigned i = DIGEST; i-- > 0;)
		buf_byte(key, (char)(unsigned char)(digest >> (i * 8)));
}

static enum fate row(const void *tool, void *memory, const struct row *row, struct sort_block *block, struct task *task)
{
	const struct source *source = tool;
	struct scratch *scratch = memory;
	enum fate fate = event_row(source->plan, &scratch->event, row, task);
	for (size_t i = 0; fate == FATE_USED && i < scratch->event.count; i++) {
		const struct event *event = &scratch->event.events[i];
		make_payload(&scratch->payload, event, i == 0, source->dialect);
		buf_reset(&scratch->key);
		key_put(&scratch->key, event->cell[EVENT_AT]);
		put_id(&scratch->key, event->cell[EVENT_SRC_TABLE], event->cell[EVENT_SRC_ID], event->cell[EVENT_TYPE]);
		put_digest(&scratch->key, buf_view(&scratch->payload));
		sort_emit(block, buf_view(&scratch->key), buf_view(&scratch->payload));
	}
	return fate;
}

/* ---- records to the stream ---- */

struct stream {
	struct events *events;
	struct out out;
	struct buf last;       /* the key of the record before */
	uint64_t alike;        /* records before this one with its event_id, where rows have no key */
	uint64_t repeats, clashes;
	struct event_tally types;
	struct buf src_id, id;
	struct sorter *by_uid; /* NULL: the order of time is what is wanted */
};

static void flush(struct stream *stream, size_t above)
{
	if (stream->out.bytes.len > above)
		run_write(stream->events->run, &stream->out);
}

/* The line of an event: event_id, event_type, the cells that are written already, src_table, src_id. */
static void put_line(struct stream *stream, const struct record *record, const char *texts, struct view cells)
{
	struct dialect dialect = stream->out.dialect;
	struct buf *to = &stream->out.bytes;
	struct view type = view(texts, record->type), table = view(texts + record->type, record->table);
	dialect_put(dialect, buf_view(&stream->id), to);
	buf_byte(to, dialect.delimiter);
	dialect_put(dialect, type, to);
	buf_put(to, cells);
	buf_byte(to, dialect.delimiter);
	dialect_put(dialect, table, to);
	buf_byte(to, dialect.delimiter);
	dialect_put(dialect, buf_view(&stream->src_id), to);
	out_end(&stream->out);
}

/* An event that was there already: its row counts as merged, once. */
static void merge_repeat(struct stream *stream, const struct record *record)
{
	struct counts *counts = &stream->events->run->counts;
	stream->repeats++;
	if (!record->first)
		return;
	counts->fates[FATE_USED]--;
	counts->fates[FATE_MERGED]++;
}

/* In the order of time.  Says whether the record is an event of its own, and how many
 * before it had its id. */
static bool is_new(struct stream *stream, struct view key, const struct record *record)
{
	struct view last = buf_view(&stream->last);
	bool same_id = view_equal(view_first(last, last.len - (last.len ? DIGEST : 0)), view_first(key, key.len - DIGEST));
	bool same = same_id && view_equal(last, key);
	stream->alike = same_id ? stream->alike + 1 : 0;
	if (same && !record->hashed) {
		merge_repeat(stream, record);
		return false;
	}
	stream->clashes += same_id && !record->hashed;
	buf_reset(&stream->last);
	buf_put(&stream->last, key);
	return true;
}

static void visit_time(void *arg, struct view key, struct view payload)
{
	struct stream *stream = arg;
	struct record record;
	memcpy(&record, payload.ptr, sizeof record);
	const char *texts = payload.ptr + sizeof record;
	size_t lengths = (size_t)record.type + record.table + record.src_id + record.at + record.uid;
	struct view cells = view_skip(payload, sizeof record + lengths), type = view(texts, record.type);
	struct view table = view(texts + type.len, record.table), src_id = view(table.ptr + table.len, record.src_id);
	if (!is_new(stream, key, &record))
		return;
	buf_reset(&stream->src_id);
	buf_put(&stream->src_id, src_id);
	/* Of a width that keeps them in order, behind a sign that comes after the `:` of the id. */
	if (record.hashed && stream->alike)
		buf_printf(&stream->src_id, "~%06llu", (unsigned long long)stream->alike + 1);
	buf_reset(&stream->id);
	put_id(&stream->id, table, buf_view(&stream->src_id), type);
	event_tally_add(&stream->types, type, 1);
	put_line(stream, &record, texts, cells);
	if (!stream->by_uid) {
		flush(stream, MOST_OUT);
		return;
	}
	struct view at = view(src_id.ptr + src_id.len, record.at), uid = view(at.ptr + at.len, record.uid);
	buf_reset(&stream->src_id);
	key_put(&stream->src_id, uid);
	key_put(&stream->src_id, at);
	key_put(&stream->src_id, buf_view(&stream->id));
	sorter_add(stream->by_uid, buf_view(&stream->src_id), buf_view(&stream->out.bytes));
	out_reset(&stream->out);
}

static void visit_uid(void *arg, struct view key, struct view line)
{
	struct stream *stream = arg;
	(void)key;
	buf_put(&stream->out.bytes, line);
	stream->out.rows++;
	flush(stream, MOST_OUT);
}

static void write_stream(struct events *events)
{
	struct run *run = events->run;
	struct stream stream = { .events = events };
	out_init(&stream.out, run->out_dialect);
	for (size_t i = 0; i < EVENT_COLUMNS; i++)
		out_plain(&stream.out, view_of(event_fields[i]));
	run_write_header(run, &stream.out);
	if (events->by == BY_UID)
		stream.by_uid = sorter_new(run);
	sorter_finish(events->sorter, visit_time, &stream);
	if (stream.by_uid)
		sorter_finish(stream.by_uid, visit_uid, &stream);
	flush(&stream, 0);
	event_tally_note(&stream.types, run, TRANSLATED("types of events"));
	if (stream.repeats)
		run_note(run, "events that were there already: %llu", (unsigned long long)stream.repeats);
	if (stream.clashes)
		run_note(run, "events with the id and time of another one, but not its values: %llu",
		         (unsigned long long)stream.clashes);
	event_tally_release(&stream.types);
	buf_release(&stream.out.bytes);
	buf_release(&stream.last);
	buf_release(&stream.src_id);
	buf_release(&stream.id);
}

/* ---- tables ---- */

static void need_known(const struct events *events, const char *name)
{
	struct view nearest;
	if (event_rules_know(events->rules, view_of(name), &nearest))
		return;
	if (nearest.len)
		cli_wrong("--table: no rule speaks of a table \"%s\"; did you mean \"%.*s\"?", name, VIEW_ARGS(nearest));
	cli_wrong("--table: no rule speaks of a table \"%s\"; see --print-rules", name);
}

/* Before any data is read: are the names and files of all tables good? */
static void check_tables(const struct events *events)
{
	const struct run *run = events->run;
	size_t count = events->as != NULL, standard_inputs = events->as && !run->operand_count;
	if (run->operand_count && !events->as)
		cli_wrong("a file is named with its table, such as -t visits=%s, or by --as", run->operands[0]);
	if (events->as)
		need_known(events, events->as);
	for (size_t i = 0; i < run->operand_count; i++)
		standard_inputs += strcmp(run->operands[i], "-") == 0;
	for (const struct named_table *table = run->tables; table; table = table->next) {
		bool is_register = strcmp(table->name, "projects") == 0 || strcmp(table->name, "channel_map") == 0;
		if (!is_register)
			need_known(events, table->name);
		count += !is_register;
		standard_inputs += strcmp(table->file, "-") == 0;
	}
	if (!count)
		cli_wrong("no table; name one or more, such as -t visits=visits.csv");
	if (standard_inputs > 1)
		cli_wrong("--table: standard input can be one table only");
}

static void add_source(struct events *events, const char *name, struct reader *reader)
{
	struct source *source = &events->sources[events->count++];
	const struct header *header = reader_header(reader);
	source->reader = reader;
	if (header)
		source->plan = event_plan_new(events->rules, view_of(name), header, &events->registers);
}

static void open_tables(struct events *events)
{
	struct run *run = events->run;
	size_t count = 1;
	event_projects_load(&events->registers, run, run_table(run, "projects"));
	event_channels_load(&events->registers, run, run_table(run, "channel_map"));
	for (const struct named_table *table = run->tables; table; table = table->next)
		count++;
	events->sources = arena_zero(&run->arena, count, sizeof *events->sources);
	if (events->as) {
		run_open(run);
		add_source(events, events->as, run->reader);
	}
	for (const struct named_table *table = run->tables; table; table = table->next) {
		if (strcmp(table->name, "projects") != 0 && strcmp(table->name, "channel_map") != 0)
			add_source(events, table->name, run_open_part(run, table->file));
	}
	if (!events->as) /* the first one's dialect is that of the output */
		run_use_part(run, events->sources[0].reader);
}

static void read_tables(struct events *events)
{
	static const struct sort_shape shape = { .row = row, .scratch = sizeof(struct scratch), .open = open_scratch,
		.close = close_scratch };
	if (events->by == BY_UID)
		events->run->memory /= 2; /* two sorters share it */
	events->sorter = sorter_new(events->run);
	for (size_t i = 0; i < events->count; i++) {
		struct source *source = &events->sources[i];
		source->dialect = events->run->out_dialect;
		if (i)
			run_use_part(events->run, source->reader);
		if (source->plan)
			sorter_read(events->sorter, &shape, source);
	}
}

int main(int argc, char **argv)
{
	static struct events events;
	static const char *const orders[] = { "at", "uid", NULL };
	static const struct opt options[] = {
		OPT_TEXT(0, "as", &events.as, "TABLE", "the table that the files, or standard input, are"),
		OPT_CHOICE('b', "by", &events.by, orders, "order: at (the default) or uid, then at; last event_id"),
		OPT_END
	};
	static const char *const examples[] = {
		"crm-events -t visits=visits.csv -t orders=orders.csv -t projects=projects.csv",
		"crm-import --as visits register.csv | crm-events --as visits -o events.csv",
		NULL
	};
	static struct cli_table tables[] = { { "events", NULL }, { NULL, NULL } };
	static const char *const strict[] = { "no_close_date", "no_date", "bad_date", "no_number", "no_time", "no_bool", "zero_division", NULL };
	static const struct cli_values values[] = { { "as", "events", "table" }, { 0 } };
	static const struct tool tool = {
		.name = "crm-events",
		.does = "Makes one stream of events of ledgers, in the order of time.",
		.usage = "[OPTION]... [-t NAME=FILE]... [--as TABLE [FILE]...]",
		.options = options,
		.shares = CLI_READS | CLI_WRITES | CLI_RULES | CLI_TABLES | CLI_AS_OF | CLI_MEMORY,
		.examples = examples,
		.strict = strict,
		.tables = tables,
		.values = values,
		.tables_are_input = true,
	};
	struct run run;
	tables[0].csv = event_rules_csv;
	cli_start(&tool, &run, argc, argv);
	events.run = &run;
	events.rules = event_rules_load(&run);
	check_tables(&events);
	open_tables(&events);
	run_open_output(&run);
	read_tables(&events);
	write_stream(&events);
	for (size_t i = 0; i < events.count; i++)
		if (events.sources[i].plan)
			event_plan_release(events.sources[i].plan);
	event_registers_release(&events.registers, &run);
	return run_finish(&run);
}
