/* crm-dedupe: rows that are the same person get the same uid.  Holds every row, or what is
 * written of it, and its keys.
 *
 * Rows come in by blocks: workers write each row as it will go out, with two places left
 * open for uid and match_rule, and find its keys; the main thread keeps the bytes and hands
 * the keys to lib/identity.  At the end all is merged, ranked and written. */
#include <stdlib.h>

#include "cli/cli.h"
#include "engine/work.h"
#include "identity/golden.h"
#include "identity/identity.h"
#include "table/model.h"
#include "value/date.h"

enum { OPEN_UID, OPEN_RULE, OPENS, MOST_OUT = 256 * 1024 };

static const char *const added[OPENS] = { "uid", "match_rule" };

/* One table that is read. */
struct source {
	struct reader *reader;
	const struct header *header;
	const char *table;             /* NULL: the one table of the run, whose rows are written */
	unsigned name, cert, newest, file, line; /* columns; COLUMN_NONE where there is none */
	struct columns mobiles;
	unsigned open[OPENS];          /* columns to be written into; COLUMN_NONE: at the end */
	unsigned *golden;              /* by golden column: the table's */
};

struct dedupe {
	const char *name, *mobile, *id, *newest, *golden_file, *pairs_file; /* options */
	uint64_t shared;
	struct run *run;
	struct source *sources;
	size_t source_count;
	struct view *golden_names;
	enum golden_kind *golden_kinds;
	size_t golden_count;
	struct identity *identity;
	struct entry **entries;
	size_t entry_room;
	char **blocks; /* what the entries stand in */
	size_t block_count, block_room, bytes;
};

/* One table on its way in. */
struct reading {
	struct dedupe *dedupe;
	const struct source *source;
};

/* What is kept of a row; the texts stand behind, in this order. */
struct entry {
	uint32_t line, place, cells, order; /* lengths; order 0: the line tells the order too */
	uint32_t open[OPENS];               /* where in the line a value is still to come */
	uint32_t source;
	int64_t when;
	char texts[];
};

static struct view entry_line(const struct entry *entry) { return view(entry->texts, entry->line); }
static struct view entry_place(const struct entry *entry) { return view(entry->texts + entry->line, entry->place); }
static struct view entry_cells(const struct entry *entry)
{
	return view(entry->texts + entry->line + entry->place, entry->cells);
}
static struct view entry_order(const struct entry *entry)
{
	if (!entry->order)
		return entry_line(entry);
	return view(entry->texts + entry->line + entry->place + entry->cells, entry->order);
}
static size_t entry_size(const struct entry *entry)
{
	size_t size = sizeof *entry + entry->line + entry->place + entry->cells + entry->order;
	return (size + _Alignof(struct entry) - 1) & ~(_Alignof(struct entry) - 1);
}

/* ---- rows to entries ---- */

struct worker {
	const struct dedupe *dedupe;
	const struct source *source;
	struct buf entries, keys; /* keys: a struct identity_keys for each entry */
	struct out out;           /* a row as it goes out */
};

/* What a block hands to its turn. */
struct result {
	char *entries, *keys;
	size_t entries_len, keys_len;
};

/* The row with its two open places. */
static void write_row(struct worker *worker, const struct row *row, uint32_t open[OPENS])
{
	const struct source *source = worker->source;
	struct out *out = &worker->out;
	out_reset(out);
	for (unsigned i = 0; i < row->count; i++) {
		if (i != source->open[OPEN_UID] && i != source->open[OPEN_RULE]) {
			out_copy(out, row, i);
			continue;
		}
		out_next(out);
		open[i == source->open[OPEN_RULE]] = (uint32_t)out->bytes.len;
	}
	for (unsigned i = 0; i < OPENS; i++) {
		if (source->open[i] != COLUMN_NONE)
			continue;
		out_next(out);
		open[i] = (uint32_t)out->bytes.len;
	}
}

static void put_cell(struct out *out, const struct row *row, unsigned column, struct view otherwise)
{
	out_field(out, column == COLUMN_NONE ? otherwise : row_value(row, column));
}

/* Where the row stands: as import says, else as it was read. */
static void write_place(struct worker *worker, const struct row *row)
{
	const struct source *source = worker->source;
	struct buf line = { 0 };
	out_reset(&worker->out);
	put_cell(&worker->out, row, source->file, view_of(row->file));
	buf_u64(&line, row->line);
	put_cell(&worker->out, row, source->line, buf_view(&line));
	buf_release(&line);
}

/* A line of the map: table and place, and two open places. */
static void write_map(struct worker *worker, const struct row *row, uint32_t open[OPENS])
{
	struct buf place = { 0 };
	write_place(worker, row);
	buf_put(&place, buf_view(&worker->out.bytes));
	out_reset(&worker->out);
	out_field(&worker->out, view_of(worker->source->table));
	out_plain(&worker->out, buf_view(&place));
	buf_release(&place);
	for (unsigned i = 0; i < OPENS; i++) {
		out_next(&worker->out);
		open[i] = (uint32_t)worker->out.bytes.len;
	}
}

static void put_cells(struct worker *worker, const struct row *row)
{
	for (size_t i = 0; i < worker->dedupe->golden_count; i++) {
		unsigned column = worker->source->golden[i];
		struct view cell = column == COLUMN_NONE ? view(NULL, 0) : row_value(row, column);
		uint32_t len = (uint32_t)cell.len;
		buf_put(&worker->entries, view((const char *)&len, sizeof len));
		buf_put(&worker->entries, cell);
	}
}

/* The whole row, for its rank: the table's name, then the values. */
static void put_order(struct worker *worker, const struct row *row)
{
	key_put(&worker->entries, view_of(worker->source->table));
	for (unsigned i = 0; i < row->count; i++)
		key_put(&worker->entries, row_value(row, i));
}

static void put_keys(struct worker *worker, const struct row *row)
{
	const struct source *source = worker->source;
	struct identity_keys keys = { 0 };
	if (source->name != COLUMN_NONE)
		identity_keys_name(&keys, row_value(row, source->name));
	for (unsigned i = 0; i < source->mobiles.count; i++)
		identity_keys_mobile(&keys, row_value(row, source->mobiles.at[i]));
	if (source->cert != COLUMN_NONE)
		identity_keys_cert(&keys, row_value(row, source->cert));
	buf_put(&worker->keys, view((const char *)&keys, sizeof keys));
}

static int64_t when_of(const struct source *source, const struct row *row)
{
	int64_t moment;
	if (source->newest == COLUMN_NONE ||
	    moment_parse_plain(row_value(row, source->newest), &moment) == MOMENT_NONE)
		return INT64_MIN;
	return moment;
}

static enum fate each(void *arg, struct task *task, const struct row *row)
{
	struct worker *worker = arg;
	const struct dedupe *dedupe = worker->dedupe;
	struct entry entry = { .source = (uint32_t)(worker->source - dedupe->sources), .when = when_of(worker->source, row) };
	size_t start = worker->entries.len;
	(void)task;
	buf_put(&worker->entries, view((const char *)&entry, sizeof entry));
	if (worker->source->table)
		write_map(worker, row, entry.open);
	else
		write_row(worker, row, entry.open);
	entry.line = (uint32_t)worker->out.bytes.len;
	buf_put(&worker->entries, buf_view(&worker->out.bytes));
	if (dedupe->pairs_file) {
		write_place(worker, row);
		entry.place = (uint32_t)worker->out.bytes.len;
		buf_put(&worker->entries, buf_view(&worker->out.bytes));
	}
	size_t before = worker->entries.len;
	put_cells(worker, row);
	entry.cells = (uint32_t)(worker->entries.len - before);
	before = worker->entries.len;
	if (worker->source->table)
		put_order(worker, row);
	entry.order = (uint32_t)(worker->entries.len - before);
	while ((worker->entries.len - start) % _Alignof(struct entry))
		buf_byte(&worker->entries, '\0');
	memcpy(worker->entries.ptr + start, &entry, sizeof entry);
	put_keys(worker, row);
	return FATE_USED;
}

static void *open_worker(void *shape)
{
	const struct reading *reading = shape;
	struct worker *worker = heap_alloc(sizeof *worker);
	*worker = (struct worker){ .dedupe = reading->dedupe, .source = reading->source };
	out_init(&worker->out, reading->dedupe->run->out_dialect);
	return worker;
}

static void close_worker(void *shape, void *state)
{
	struct worker *worker = state;
	(void)shape;
	buf_release(&worker->entries);
	buf_release(&worker->keys);
	buf_release(&worker->out.bytes);
	free(worker);
}

static char *copy_of(struct buf *buf, size_t *len)
{
	char *copy = heap_alloc(buf->len + 1);
	memcpy(copy, buf_view(buf).ptr, buf->len);
	*len = buf->len;
	buf_reset(buf);
	return copy;
}

static void do_block(void *shape, void *state, struct task *task)
{
	struct worker *worker = state;
	struct result *result = heap_alloc(sizeof *result);
	(void)shape;
	task_rows(task, each, worker);
	result->entries = copy_of(&worker->entries, &result->entries_len);
	result->keys = copy_of(&worker->keys, &result->keys_len);
	task->result = result;
}

/* The bytes stay where they are; keys go to the identity. */
static void turn(void *shape, struct task *task)
{
	struct dedupe *dedupe = ((struct reading *)shape)->dedupe;
	struct result *result = task->result;
	const char *at = result->entries;
	for (size_t key = 0; key < result->keys_len; key += sizeof(struct identity_keys)) {
		struct entry *entry = (struct entry *)(uintptr_t)at;
		uint32_t number = identity_add(dedupe->identity, (const struct identity_keys *)(const void *)(result->keys + key),
		                               entry_order(entry));
		heap_grow(dedupe->entries, number, &dedupe->entry_room);
		dedupe->entries[number] = entry;
		at += entry_size(entry);
	}
	heap_grow(dedupe->blocks, dedupe->block_count, &dedupe->block_room);
	dedupe->blocks[dedupe->block_count++] = result->entries;
	dedupe->bytes += result->entries_len;
	free(result->keys);
	free(result);
	task->result = NULL;
	size_t bytes = dedupe->bytes + dedupe->entry_room * sizeof *dedupe->entries + identity_bytes(dedupe->identity);
	if (bytes > dedupe->run->memory || identity_count(dedupe->identity) > UINT32_MAX - 2)
		die(STATUS_INPUT, "%s: does not fit into --memory", task->block.file);
}

static void read_source(struct dedupe *dedupe, struct source *source)
{
	struct reading reading = { dedupe, source };
	struct work work = { .shape = &reading, .open = open_worker, .close = close_worker, .block = do_block, .turn = turn };
	if (source->header)
		work_run(dedupe->run, &work);
}

/* ---- columns ---- */

/* The first of the names (a list that ends with NULL) that is there. */
static unsigned first_of(const struct header *header, const char *const *names)
{
	for (unsigned i = 0; names[i]; i++) {
		unsigned column = header_find(header, view_of(names[i]));
		if (column != COLUMN_NONE)
			return column;
	}
	return COLUMN_NONE;
}

static unsigned one_column(struct run *run, const struct header *header, const char *option, const char *text)
{
	struct columns columns = columns_resolve(&run->arena, header, option, text);
	if (columns.count != 1)
		die(STATUS_USAGE, "%s: one column is wanted", option);
	return columns.at[0];
}

static struct columns mobile_columns(struct run *run, const struct header *header)
{
	static const char *const names[] = { "mobile", "mobile2", "mobile3", "cust_mobile", "cust_mobile2", "cust_mobile3" };
	struct columns columns = { .at = arena_zero(&run->arena, sizeof names / sizeof *names, sizeof(unsigned)) };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		unsigned column = header_find(header, view_of(names[i]));
		if (column != COLUMN_NONE)
			columns.at[columns.count++] = column;
	}
	return columns;
}

/* When a row is from: the date that its table must have, else its first date. */
static unsigned newest_column(const struct source *source)
{
	const struct model_table *table = source->table ? model_table(view_of(source->table)) : NULL;
	unsigned first = COLUMN_NONE;
	for (unsigned i = 0; i < source->header->count; i++) {
		struct view name = source->header->names[i];
		enum model_type type = model_type(name);
		if ((type != MODEL_DATE && type != MODEL_TIME) || view_is(name, "birth_date"))
			continue;
		const struct model_column *column = table ? model_column(table, name) : NULL;
		if (column && column->marks & MODEL_MUST)
			return i;
		first = first == COLUMN_NONE ? i : first;
	}
	return first;
}

static void find_columns(const struct dedupe *dedupe, struct source *source)
{
	static const char *const names[] = { "name", "cust_name", NULL }, *const certs[] = { "cert_no", NULL };
	struct run *run = dedupe->run;
	const struct header *header = source->header;
	source->name = dedupe->name ? one_column(run, header, "--name", dedupe->name) : first_of(header, names);
	source->cert = dedupe->id ? one_column(run, header, "--id", dedupe->id) : first_of(header, certs);
	source->mobiles = dedupe->mobile ? columns_resolve(&run->arena, header, "--mobile", dedupe->mobile)
	                                 : mobile_columns(run, header);
	source->newest = dedupe->newest ? one_column(run, header, "--newest", dedupe->newest) : newest_column(source);
	source->file = header_find(header, VIEW("src_file"));
	source->line = header_find(header, VIEW("src_line"));
	if (!source->mobiles.count && source->cert == COLUMN_NONE)
		die_at(STATUS_INPUT, (struct place){ header->file, 1, 0 },
		       "no column of mobile numbers or ID cards; --mobile and --id name them");
	for (unsigned i = 0; i < OPENS; i++) {
		source->open[i] = source->table ? COLUMN_NONE : header_find(header, view_of(added[i]));
		if (source->open[i] != COLUMN_NONE && !run->replace)
			die_at(STATUS_INPUT, (struct place){ header->file, 1, source->open[i] + 1 },
			       "column \"%s\" is there already; --replace writes into it", added[i]);
	}
}

static void add_source(struct dedupe *dedupe, const char *table, struct reader *reader)
{
	struct source *source = &dedupe->sources[dedupe->source_count++];
	*source = (struct source){ .reader = reader, .header = reader_header(reader), .table = table };
	if (source->header)
		find_columns(dedupe, source);
}

static void open_sources(struct dedupe *dedupe)
{
	struct run *run = dedupe->run;
	size_t count = 1;
	for (const struct named_table *table = run->tables; table; table = table->next)
		count++;
	dedupe->sources = arena_zero(&run->arena, count, sizeof *dedupe->sources);
	if (!run->tables) {
		run_open(run);
		add_source(dedupe, NULL, run->reader);
		return;
	}
	for (const struct named_table *table = run->tables; table; table = table->next)
		add_source(dedupe, table->name, run_open_part(run, table->file));
	run_use_part(run, dedupe->sources[0].reader); /* its dialect is that of the output */
}

/* ---- golden records: their columns ---- */

static bool is_additional(struct view name)
{
	static const char *const names[] = { "serial", "uid", "match_rule", "src_file", "src_line", "issues" };
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (view_is(name, names[i]))
			return true;
	return false;
}

/* The column of a table that tells what the golden column tells: `mobile` or `cust_mobile`.
 * A date of another ledger is not the customer's: created_at of a ticket. */
static unsigned golden_column(struct run *run, const struct source *source, struct view name)
{
	enum model_type type = model_type(name);
	bool dated = type == MODEL_DATE || type == MODEL_TIME;
	if (source->table && dated && strcmp(source->table, "customers") != 0)
		return COLUMN_NONE;
	unsigned column = header_find(source->header, name);
	if (column == COLUMN_NONE)
		column = header_find(source->header, view_of(arena_printf(&run->arena, "cust_%.*s", VIEW_ARGS(name))));
	return column;
}

static void add_golden(struct dedupe *dedupe, struct view name)
{
	bool there = false;
	for (size_t i = 0; i < dedupe->source_count; i++) {
		struct source *source = &dedupe->sources[i];
		if (!source->header)
			continue;
		source->golden[dedupe->golden_count] = golden_column(dedupe->run, source, name);
		there |= source->golden[dedupe->golden_count] != COLUMN_NONE;
	}
	if (there)
		dedupe->golden_names[dedupe->golden_count++] = name;
}

/* Of one table its own columns; of several those of the table of customers. */
static void find_golden(struct dedupe *dedupe)
{
	struct arena *arena = &dedupe->run->arena;
	const struct header *header = dedupe->sources[0].header;
	const struct model_table *customers = model_table(VIEW("customers"));
	bool one = !dedupe->sources[0].table;
	size_t most = one ? (header ? header->count : 0) : customers->count;
	dedupe->golden_names = arena_zero(arena, most + 1, sizeof *dedupe->golden_names);
	dedupe->golden_kinds = arena_zero(arena, most + 1, sizeof *dedupe->golden_kinds);
	for (size_t i = 0; i < dedupe->source_count; i++)
		dedupe->sources[i].golden = arena_zero(arena, most + 1, sizeof *dedupe->sources[i].golden);
	for (size_t i = 0; i < most; i++) {
		struct view name = one ? header->names[i] : customers->columns[i].name;
		if (!is_additional(name))
			add_golden(dedupe, name);
	}
	for (size_t i = 0; i < dedupe->golden_count; i++)
		for (size_t k = 0; k < dedupe->source_count; k++) {
			const struct source *source = &dedupe->sources[k];
			unsigned column = source->header ? source->golden[i] : COLUMN_NONE;
			for (unsigned m = 0; column != COLUMN_NONE && m < source->mobiles.count; m++)
				if (source->mobiles.at[m] == column)
					dedupe->golden_kinds[i] = GOLDEN_MOBILE;
			if (column != COLUMN_NONE && column == source->name)
				dedupe->golden_kinds[i] = GOLDEN_NAME;
			if (column != COLUMN_NONE && column == source->cert)
				dedupe->golden_kinds[i] = GOLDEN_CERT;
		}
}

/* ---- what is written ---- */

static void put_uid(struct buf *to, uint32_t rank)
{
	buf_byte(to, 'U');
	buf_u64(to, rank);
}

static void write_header(struct dedupe *dedupe)
{
	const struct source *source = &dedupe->sources[0];
	struct out out;
	out_init(&out, dedupe->run->out_dialect);
	if (source->table) {
		out_plain(&out, VIEW("src_table"));
		out_plain(&out, VIEW("src_file"));
		out_plain(&out, VIEW("src_line"));
	} else {
		out_names(&out, source->header);
	}
	for (unsigned i = 0; i < OPENS; i++)
		if (source->open[i] == COLUMN_NONE)
			out_plain(&out, view_of(added[i]));
	run_write_header(dedupe->run, &out);
	buf_release(&out.bytes);
}

static void write_rows(struct dedupe *dedupe)
{
	struct out out;
	out_init(&out, dedupe->run->out_dialect);
	for (uint32_t i = 0; i < identity_count(dedupe->identity); i++) {
		const struct entry *entry = dedupe->entries[i];
		struct view line = entry_line(entry);
		bool uid_first = entry->open[OPEN_UID] <= entry->open[OPEN_RULE];
		uint32_t first = entry->open[uid_first ? OPEN_UID : OPEN_RULE], second = entry->open[uid_first ? OPEN_RULE : OPEN_UID];
		buf_put(&out.bytes, view_first(line, first));
		for (unsigned k = 0; k < OPENS; k++) {
			if (uid_first == (k == 0))
				put_uid(&out.bytes, identity_rank(dedupe->identity, i));
			else
				buf_text(&out.bytes, identity_rule_name(identity_rule_of(dedupe->identity, i)));
			buf_put(&out.bytes, k ? view_skip(line, second) : view(line.ptr + first, second - first));
		}
		out_end(&out);
		if (out.bytes.len > MOST_OUT)
			run_write(dedupe->run, &out);
	}
	run_write(dedupe->run, &out);
	buf_release(&out.bytes);
}

/* A file beside the output. */
struct side {
	struct sink *sink;
	struct out out;
	const struct dedupe *dedupe;
};

static struct side side_open(const struct dedupe *dedupe, const char *file)
{
	struct side side = { .sink = sink_open(file), .dedupe = dedupe };
	enum dialect_form form = dialect_of_name(file);
	out_init(&side.out, form == DIALECT_TSV ? dialect_tsv() : form == DIALECT_CSV ? dialect_csv() : dedupe->run->out_dialect);
	return side;
}

static void side_end_row(struct side *side)
{
	out_end(&side->out);
	if (side->out.bytes.len < MOST_OUT)
		return;
	sink_write(side->sink, buf_view(&side->out.bytes));
	out_reset(&side->out);
}

static void side_close(struct side *side)
{
	sink_write(side->sink, buf_view(&side->out.bytes));
	buf_release(&side->out.bytes);
}

/* ---- pairs ---- */

static void put_place(struct out *out, struct view place)
{
	out_next(out);
	buf_put(&out->bytes, place);
}

static void write_pair(void *arg, const struct identity_note *note)
{
	struct side *side = arg;
	struct out *out = &side->out;
	struct buf key = { 0 };
	if (note->rule == IDENTITY_CERT)
		identity_cert_text(note->key, &key);
	else
		buf_u64(&key, note->key);
	out_plain(out, view_of(identity_verdict_name(note->verdict)));
	out_plain(out, view_of(identity_rule_name(note->rule)));
	out_plain(out, buf_view(&key));
	put_place(out, entry_place(side->dedupe->entries[note->a]));
	put_place(out, note->b == note->a ? view(&out->dialect.delimiter, 1) : entry_place(side->dedupe->entries[note->b]));
	if (note->verdict == IDENTITY_SHARED)
		out_u64(out, note->names);
	else
		out_plain(out, VIEW(""));
	side_end_row(side);
	buf_release(&key);
}

static void resolve(struct dedupe *dedupe, struct side *pairs)
{
	static const char *const names[] = { "verdict", "rule", "key", "src_file", "src_line", "other_file", "other_line", "names" };
	unsigned shared = dedupe->shared > UINT32_MAX ? UINT32_MAX : (unsigned)dedupe->shared;
	if (!dedupe->pairs_file) {
		identity_resolve(dedupe->identity, shared, NULL, NULL);
		return;
	}
	*pairs = side_open(dedupe, dedupe->pairs_file);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		out_plain(&pairs->out, view_of(names[i]));
	side_end_row(pairs);
	identity_resolve(dedupe->identity, shared, write_pair, pairs);
	side_close(pairs);
}

/* ---- golden records ---- */

/* Records by the ranks of their clusters: those of rank r stand at [starts[r], starts[r + 1]). */
struct members {
	uint32_t *records, *starts;
	uint32_t ranks;
};

static struct members members_of(const struct dedupe *dedupe)
{
	size_t count = identity_count(dedupe->identity);
	struct members members = { .ranks = (uint32_t)identity_counts(dedupe->identity)->clusters };
	members.records = heap_alloc((count + 1) * sizeof *members.records);
	members.starts = heap_alloc(((size_t)members.ranks + 3) * sizeof *members.starts);
	memset(members.starts, 0, ((size_t)members.ranks + 3) * sizeof *members.starts);
	/* Counted two places ahead: filling moves each start to its own place. */
	for (uint32_t i = 0; i < count; i++)
		members.starts[identity_rank(dedupe->identity, i) + 2]++;
	for (size_t rank = 2; rank < (size_t)members.ranks + 3; rank++)
		members.starts[rank] += members.starts[rank - 1];
	for (uint32_t i = 0; i < count; i++)
		members.records[members.starts[identity_rank(dedupe->identity, i) + 1]++] = i;
	return members;
}

/* The rank whose text comes next, up to the highest one: 1 10 100 101 11 2.  U10 stands
 * before U2, as keys do in all tools: by bytes. */
static uint64_t next_by_text(uint64_t rank, uint64_t most)
{
	if (rank * 10 <= most)
		return rank * 10;
	while (rank % 10 == 9 || rank + 1 > most)
		rank /= 10;
	return rank + 1;
}

static void take_cells(const struct entry *entry, size_t count, struct view *cells)
{
	struct view rest = entry_cells(entry);
	for (size_t i = 0; i < count; i++) {
		uint32_t len;
		memcpy(&len, rest.ptr, sizeof len);
		cells[i] = view(rest.ptr + sizeof len, len);
		rest = view_skip(rest, sizeof len + len);
	}
}

static void write_golden_row(struct dedupe *dedupe, struct side *side, const uint32_t *members, size_t count,
                             struct arena *arena)
{
	struct golden_record *records = arena_zero(arena, count, sizeof *records);
	struct view *cells = arena_zero(arena, (count + 1) * (dedupe->golden_count + 1), sizeof *cells);
	struct view *result = cells + count * dedupe->golden_count;
	for (size_t i = 0; i < count; i++) {
		const struct entry *entry = dedupe->entries[members[i]];
		records[i] = (struct golden_record){ entry->when, entry_order(entry), cells + i * dedupe->golden_count };
		take_cells(entry, dedupe->golden_count, cells + i * dedupe->golden_count);
	}
	golden_pick(dedupe->golden_kinds, dedupe->golden_count, records, count, arena, result);
	out_next(&side->out);
	put_uid(&side->out.bytes, identity_rank(dedupe->identity, members[0]));
	for (size_t i = 0; i < dedupe->golden_count; i++)
		out_field(&side->out, result[i]);
	out_u64(&side->out, count);
	side_end_row(side);
}

static void write_golden(struct dedupe *dedupe)
{
	struct side side = side_open(dedupe, dedupe->golden_file);
	struct members members = members_of(dedupe);
	struct arena arena = { 0 };
	out_plain(&side.out, VIEW("uid"));
	for (size_t i = 0; i < dedupe->golden_count; i++)
		out_field(&side.out, dedupe->golden_names[i]);
	out_plain(&side.out, VIEW("sources"));
	side_end_row(&side);
	uint64_t rank = 1;
	for (uint32_t i = 0; i < members.ranks; i++) {
		uint32_t from = members.starts[rank], to = members.starts[rank + 1];
		arena_reset(&arena);
		write_golden_row(dedupe, &side, members.records + from, to - from, &arena);
		rank = next_by_text(rank, members.ranks);
	}
	arena_release(&arena);
	free(members.records);
	free(members.starts);
	side_close(&side);
}

/* ---- the run ---- */

static void say_counts(struct dedupe *dedupe)
{
	const struct identity_counts *counts = identity_counts(dedupe->identity);
	run_note(dedupe->run, "%llu persons; %llu rows without a key stand alone", (unsigned long long)counts->clusters,
	         (unsigned long long)counts->keyless);
	if (counts->shared)
		run_note(dedupe->run, "mobile numbers of more than %llu names, ignored: %llu", (unsigned long long)dedupe->shared,
		         (unsigned long long)counts->shared);
	if (counts->refused)
		run_note(dedupe->run, "merges refused for different ID cards: %llu", (unsigned long long)counts->refused);
	if (counts->ambiguous)
		run_note(dedupe->run, "rows without a full name that fit several persons: %llu", (unsigned long long)counts->ambiguous);
}

static void check_options(const struct dedupe *dedupe)
{
	const struct run *run = dedupe->run;
	size_t standard_inputs = 0;
	if (!run->tables)
		return;
	if (run->operand_count)
		cli_wrong("files are named as tables (-t NAME=FILE) or alone, not both");
	if (dedupe->name || dedupe->mobile || dedupe->id || dedupe->newest)
		cli_wrong("--name, --mobile, --id and --newest go with one table");
	if (run->replace)
		cli_wrong("--replace goes with one table");
	for (const struct named_table *table = run->tables; table; table = table->next)
		standard_inputs += strcmp(table->file, "-") == 0;
	if (standard_inputs > 1)
		cli_wrong("--table: standard input can be one table only");
}

static void release(struct dedupe *dedupe)
{
	identity_free(dedupe->identity);
	for (size_t i = 0; i < dedupe->block_count; i++)
		free(dedupe->blocks[i]);
	free(dedupe->blocks);
	free(dedupe->entries);
}

int main(int argc, char **argv)
{
	static struct dedupe dedupe = { .shared = 5 };
	static const struct opt options[] = {
		OPT_COLUMNS(0, "name", &dedupe.name, "column of names; default name, cust_name"),
		OPT_COLUMNS(0, "mobile", &dedupe.mobile, "columns of mobiles; default mobile, mobile2, ..."),
		OPT_COLUMNS(0, "id", &dedupe.id, "column of ID cards; default cert_no"),
		OPT_COUNT(0, "shared", &dedupe.shared, "a mobile of more names is nobody's; default 5"),
		OPT_FILE(0, "golden", &dedupe.golden_file, "write one row for each person here"),
		OPT_COLUMNS(0, "newest", &dedupe.newest, "column that dates a row; default its first date"),
		OPT_FILE(0, "pairs", &dedupe.pairs_file, "write here what was merged, and what was not"),
		OPT_END
	};
	static const char *const examples[] = {
		"crm-dedupe --golden people.csv customers.csv -o customers-uid.csv",
		"crm-dedupe -t visits=visits.csv -t orders=orders.csv -o uids.csv",
		NULL
	};
	static const struct tool tool = {
		.name = "crm-dedupe",
		.does = "Gives rows that are the same person the same uid.",
		.usage = "[OPTION]... [-t NAME=FILE]... [FILE]...",
		.options = options,
		.shares = CLI_READS | CLI_WRITES | CLI_ADDS | CLI_TABLES | CLI_MEMORY,
		.examples = examples,
	};
	struct run run;
	struct side pairs;
	cli_start(&tool, &run, argc, argv);
	dedupe.run = &run;
	check_options(&dedupe);
	open_sources(&dedupe);
	if (dedupe.golden_file)
		find_golden(&dedupe);
	run_open_output(&run);
	dedupe.identity = identity_new();
	for (size_t i = 0; i < dedupe.source_count; i++) {
		if (i)
			run_use_part(&run, dedupe.sources[i].reader);
		read_source(&dedupe, &dedupe.sources[i]);
	}
	resolve(&dedupe, &pairs);
	if (dedupe.sources[0].table || dedupe.sources[0].header)
		write_header(&dedupe);
	write_rows(&dedupe);
	if (dedupe.golden_file)
		write_golden(&dedupe);
	say_counts(&dedupe);
	release(&dedupe);
	return run_finish(&run);
}
