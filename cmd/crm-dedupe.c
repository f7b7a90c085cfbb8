/* crm-dedupe: rows that are the same person get the same uid.  Holds every row, or what is
 * written of it, and its keys.
 *
 * Here stand the columns of the tables, and what is written; lib/identity keeps the rows
 * (people.h) and says who is who (identity.h). */
#include <stdlib.h>

#include "base/nearest.h"
#include "cli/cli.h"
#include "identity/golden.h"
#include "identity/people.h"
#include "table/model.h"

enum { MOST_OUT = 256 * 1024 };

static const char *const added[PEOPLE_OPENS] = { "uid", "match_rule" };

/* One table that is read. */
struct source {
	struct reader *reader;
	const struct header *header;
	struct people_table table;
};

struct dedupe {
	const char *name, *mobile, *id, *newest, *golden_file, *pairs_file; /* options */
	uint64_t shared;
	struct run *run;
	struct source *sources;
	size_t source_count;
	struct view *golden_names;
	enum golden_kind *golden_kinds;
	struct people people;
};

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
	const struct model_table *table = source->table.name ? model_table(view_of(source->table.name)) : NULL;
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
	source->table.person = dedupe->name ? column_one(&run->arena, header, "--name", dedupe->name) : first_of(header, names);
	source->table.cert = dedupe->id ? column_one(&run->arena, header, "--id", dedupe->id) : first_of(header, certs);
	source->table.mobiles = dedupe->mobile ? columns_resolve(&run->arena, header, "--mobile", dedupe->mobile)
	                                 : mobile_columns(run, header);
	source->table.newest = dedupe->newest ? column_one(&run->arena, header, "--newest", dedupe->newest) : newest_column(source);
	source->table.file = header_find(header, VIEW("src_file"));
	source->table.line = header_find(header, VIEW("src_line"));
	if (!source->table.mobiles.count && source->table.cert == COLUMN_NONE)
		die_at(STATUS_INPUT, (struct place){ header->file, 1, 0 },
		       "no column of mobile numbers or ID cards; --mobile and --id name them%s",
		       translate(header_from_import));
	for (unsigned i = 0; i < PEOPLE_OPENS; i++) {
		source->table.open[i] = source->table.name ? COLUMN_NONE : header_find(header, view_of(added[i]));
		if (source->table.open[i] != COLUMN_NONE && !run->replace)
			die_at(STATUS_INPUT, (struct place){ header->file, 1, source->table.open[i] + 1 },
			       "column \"%s\" is there already; --replace writes into it", added[i]);
	}
}

static void add_source(struct dedupe *dedupe, const char *table, struct reader *reader)
{
	struct source *source = &dedupe->sources[dedupe->source_count++];
	*source = (struct source){ .reader = reader, .header = reader_header(reader), .table = { .name = table } };
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
	if (source->table.name && dated && strcmp(source->table.name, "customers") != 0)
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
		source->table.golden[dedupe->people.cells] = golden_column(dedupe->run, source, name);
		there |= source->table.golden[dedupe->people.cells] != COLUMN_NONE;
	}
	if (there)
		dedupe->golden_names[dedupe->people.cells++] = name;
}

/* Of one table its own columns; of several those of the table of customers. */
static void find_golden(struct dedupe *dedupe)
{
	struct arena *arena = &dedupe->run->arena;
	const struct header *header = dedupe->sources[0].header;
	const struct model_table *customers = model_table(VIEW("customers"));
	bool one = !dedupe->sources[0].table.name;
	size_t most = one ? (header ? header->count : 0) : customers->count;
	dedupe->golden_names = arena_zero(arena, most + 1, sizeof *dedupe->golden_names);
	dedupe->golden_kinds = arena_zero(arena, most + 1, sizeof *dedupe->golden_kinds);
	for (size_t i = 0; i < dedupe->source_count; i++)
		dedupe->sources[i].table.golden = arena_zero(arena, most + 1, sizeof(unsigned));
	for (size_t i = 0; i < most; i++) {
		struct view name = one ? header->names[i] : customers->columns[i].name;
		if (!is_additional(name))
			add_golden(dedupe, name);
	}
	for (size_t i = 0; i < dedupe->people.cells; i++)
		for (size_t k = 0; k < dedupe->source_count; k++) {
			const struct source *source = &dedupe->sources[k];
			unsigned column = source->header ? source->table.golden[i] : COLUMN_NONE;
			for (unsigned m = 0; column != COLUMN_NONE && m < source->table.mobiles.count; m++)
				if (source->table.mobiles.at[m] == column)
					dedupe->golden_kinds[i] = GOLDEN_MOBILE;
			if (column != COLUMN_NONE && column == source->table.person)
				dedupe->golden_kinds[i] = GOLDEN_NAME;
			if (column != COLUMN_NONE && column == source->table.cert)
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
	if (source->table.name) {
		out_plain(&out, VIEW("src_table"));
		out_plain(&out, VIEW("src_file"));
		out_plain(&out, VIEW("src_line"));
	} else {
		out_names(&out, source->header);
	}
	for (unsigned i = 0; i < PEOPLE_OPENS; i++)
		if (source->table.open[i] == COLUMN_NONE)
			out_plain(&out, view_of(added[i]));
	run_write_header(dedupe->run, &out);
	buf_release(&out.bytes);
}

static void write_rows(struct dedupe *dedupe)
{
	struct out out;
	out_init(&out, dedupe->run->out_dialect);
	for (uint32_t i = 0; i < identity_count(dedupe->people.identity); i++) {
		const struct entry *entry = dedupe->people.entries[i];
		struct view line = entry_line(entry);
		bool uid_first = entry->open[PEOPLE_UID] <= entry->open[PEOPLE_RULE];
		uint32_t first = entry->open[uid_first ? PEOPLE_UID : PEOPLE_RULE], second = entry->open[uid_first ? PEOPLE_RULE : PEOPLE_UID];
		buf_put(&out.bytes, view_first(line, first));
		for (unsigned k = 0; k < PEOPLE_OPENS; k++) {
			if (uid_first == (k == 0))
				put_uid(&out.bytes, identity_rank(dedupe->people.identity, i));
			else
				buf_text(&out.bytes, identity_rule_name(identity_rule_of(dedupe->people.identity, i)));
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

/* By its name, else like the output. */
static struct dialect side_dialect(const struct dedupe *dedupe, const char *file)
{
	enum dialect_form form = dialect_of_name(file);
	if (form == DIALECT_UNKNOWN)
		return dedupe->run->out_dialect;
	return form == DIALECT_TSV ? dialect_tsv() : dialect_csv();
}

static struct side side_open(const struct dedupe *dedupe, const char *file)
{
	struct side side = { .sink = sink_open(file), .dedupe = dedupe };
	out_init(&side.out, side_dialect(dedupe, file));
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
	put_place(out, entry_place(side->dedupe->people.entries[note->a]));
	put_place(out, note->b == note->a ? view(&out->dialect.delimiter, 1) : entry_place(side->dedupe->people.entries[note->b]));
	if (note->verdict == IDENTITY_SHARED)
		out_u64(out, note->people);
	else
		out_plain(out, VIEW(""));
	side_end_row(side);
	buf_release(&key);
}

static void resolve(struct dedupe *dedupe, struct side *pairs)
{
	static const char *const names[] = { "verdict", "rule", "key", "src_file", "src_line", "other_file", "other_line", "people" };
	unsigned shared = dedupe->shared > UINT32_MAX ? UINT32_MAX : (unsigned)dedupe->shared;
	if (!dedupe->pairs_file) {
		identity_resolve(dedupe->people.identity, shared, NULL, NULL);
		return;
	}
	*pairs = side_open(dedupe, dedupe->pairs_file);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		out_plain(&pairs->out, view_of(names[i]));
	side_end_row(pairs);
	identity_resolve(dedupe->people.identity, shared, write_pair, pairs);
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
	size_t count = identity_count(dedupe->people.identity);
	struct members members = { .ranks = (uint32_t)identity_counts(dedupe->people.identity)->clusters };
	members.records = heap_alloc((count + 1) * sizeof *members.records);
	members.starts = heap_alloc(((size_t)members.ranks + 3) * sizeof *members.starts);
	memset(members.starts, 0, ((size_t)members.ranks + 3) * sizeof *members.starts);
	/* Counted two places ahead: filling moves each start to its own place. */
	for (uint32_t i = 0; i < count; i++)
		members.starts[identity_rank(dedupe->people.identity, i) + 2]++;
	for (size_t rank = 2; rank < (size_t)members.ranks + 3; rank++)
		members.starts[rank] += members.starts[rank - 1];
	for (uint32_t i = 0; i < count; i++)
		members.records[members.starts[identity_rank(dedupe->people.identity, i) + 1]++] = i;
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

static void write_golden_row(struct dedupe *dedupe, struct side *side, const uint32_t *members, size_t count,
                             struct arena *arena)
{
	struct golden_record *records = arena_zero(arena, count, sizeof *records);
	struct view *cells = arena_zero(arena, (count + 1) * (dedupe->people.cells + 1), sizeof *cells);
	struct view *result = cells + count * dedupe->people.cells;
	for (size_t i = 0; i < count; i++) {
		const struct entry *entry = dedupe->people.entries[members[i]];
		records[i] = (struct golden_record){ entry->when, entry_order(entry), cells + i * dedupe->people.cells };
		entry_cells(entry, dedupe->people.cells, cells + i * dedupe->people.cells);
	}
	golden_pick(dedupe->golden_kinds, dedupe->people.cells, records, count, arena, result);
	out_next(&side->out);
	put_uid(&side->out.bytes, identity_rank(dedupe->people.identity, members[0]));
	for (size_t i = 0; i < dedupe->people.cells; i++)
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
	for (size_t i = 0; i < dedupe->people.cells; i++)
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
	const struct identity_counts *counts = identity_counts(dedupe->people.identity);
	run_note(dedupe->run, "%llu persons; %llu rows without a key stand alone", (unsigned long long)counts->clusters,
	         (unsigned long long)counts->keyless);
	if (counts->shared)
		run_note(dedupe->run, "mobile numbers of more than %llu people, ignored: %llu", (unsigned long long)dedupe->shared,
		         (unsigned long long)counts->shared);
	if (counts->refused)
		run_note(dedupe->run, "merges refused for different ID cards: %llu", (unsigned long long)counts->refused);
	if (counts->ambiguous)
		run_note(dedupe->run, "rows without a full name that fit several persons: %llu", (unsigned long long)counts->ambiguous);
}

/* A table of another name would have no columns that the model knows to be dates. */
static void need_model_table(struct arena *arena, const char *name)
{
	size_t count;
	const struct model_table *tables = model_tables(&count);
	struct view *names = arena_zero(arena, count, sizeof *names);
	if (model_table(view_of(name)))
		return;
	for (size_t i = 0; i < count; i++)
		names[i] = tables[i].name;
	struct view nearest = nearest_view(view_of(name), names, count);
	if (nearest.len)
		cli_wrong("--table: no table \"%s\" in the data model; did you mean \"%.*s\"?", name, VIEW_ARGS(nearest));
	cli_wrong("--table: no table \"%s\" in the data model; crm-formats(5) names them", name);
}

static void check_options(const struct dedupe *dedupe)
{
	struct run *run = dedupe->run;
	size_t standard_inputs = 0;
	if (!run->tables)
		return;
	if (run->operand_count)
		cli_wrong("files are named as tables (-t NAME=FILE) or alone, not both");
	if (dedupe->name || dedupe->mobile || dedupe->id || dedupe->newest)
		cli_wrong("--name, --mobile, --id and --newest go with one table");
	if (run->replace)
		cli_wrong("--replace goes with one table");
	for (const struct named_table *table = run->tables; table; table = table->next) {
		need_model_table(&run->arena, table->name);
		standard_inputs += strcmp(table->file, "-") == 0;
	}
	if (standard_inputs > 1)
		cli_wrong("--table: standard input can be one table only");
}

int main(int argc, char **argv)
{
	static struct dedupe dedupe = { .shared = 5 };
	static const struct opt options[] = {
		OPT_COLUMNS(0, "name", &dedupe.name, "column of names; default name, cust_name"),
		OPT_COLUMNS(0, "mobile", &dedupe.mobile, "columns of mobiles; default mobile, mobile2, ..."),
		OPT_COLUMNS(0, "id", &dedupe.id, "column of ID cards; default cert_no"),
		OPT_COUNT(0, "shared", &dedupe.shared, "a mobile of more people is nobody's; default 5"),
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
		.tables_are_input = true,
	};
	struct run run;
	struct side pairs;
	cli_start(&tool, &run, argc, argv);
	dedupe.run = &run;
	run.utf8 = true; /* names are compared by what they mean; bytes that mean nothing are no name */
	check_options(&dedupe);
	open_sources(&dedupe);
	if (dedupe.golden_file)
		find_golden(&dedupe);
	run_open_output(&run);
	people_init(&dedupe.people, &run);
	if (dedupe.pairs_file) {
		dedupe.people.places = true;
		dedupe.people.place_dialect = side_dialect(&dedupe, dedupe.pairs_file);
	}
	for (size_t i = 0; i < dedupe.source_count; i++) {
		if (i)
			run_use_part(&run, dedupe.sources[i].reader);
		if (dedupe.sources[i].header)
			people_read(&dedupe.people, &dedupe.sources[i].table);
	}
	resolve(&dedupe, &pairs);
	if (dedupe.sources[0].table.name || dedupe.sources[0].header)
		write_header(&dedupe);
	write_rows(&dedupe);
	if (dedupe.golden_file)
		write_golden(&dedupe);
	say_counts(&dedupe);
	people_release(&dedupe.people);
	return run_finish(&run);
}
