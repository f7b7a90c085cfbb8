/* truth: what the tools ought to find out, counted from the world and from what each row tells.
 *
 * Three bases (testdata/README.md says more):
 *   world   what happened, by real person
 *   ledger  what accepted rows tell, by cluster; a row without any key is a person of its own
 *   keyed   the same, rows without a key left out where persons are counted */
#include <stdio.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/fail.h"
#include "world.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* --- Clusters: rows that exact keys say are one person. --- */

struct clusters {
	int *of;       /* by record: its cluster's smallest record; -1: takes no part */
	bool *keyless; /* by record: no valid ID card, no mobile but a shared one */
};

struct use { /* of a mobile by a record */
	const char *mobile;
	int record;
};

static int use_compare(const void *a, const void *b)
{
	const struct use *x = a, *y = b;
	int order = strcmp(x->mobile, y->mobile);
	return order ? order : x->record - y->record;
}

static int root_of(const int *of, int record)
{
	while (of[record] != record)
		record = of[record];
	return record;
}

static void unite(int *of, int a, int b)
{
	int x = root_of(of, a), y = root_of(of, b);
	if (x < y)
		of[y] = x;
	else
		of[x] = y;
}

/* One is the other, or no more than its surname, or nothing. */
static bool names_compatible(const struct record *a, const struct record *b)
{
	if (a->full_name && b->full_name)
		return strcmp(a->name, b->name) == 0;
	if (!a->name[0] || !b->name[0])
		return true;
	const struct record *brief = a->full_name ? b : a, *other = a->full_name ? a : b;
	return strncmp(brief->name, other->name, strlen(brief->name)) == 0;
}

static bool certs_conflict(const struct record *a, const struct record *b)
{
	return a->cert[0] && b->cert[0] && strcmp(a->cert, b->cert) != 0;
}

/* A mobile under more than five different full names belongs to nobody. */
static bool use_shared(const struct record *records, const struct use *uses, size_t n)
{
	int names = 0;
	for (size_t i = 0; i < n; i++) {
		bool seen = !records[uses[i].record].full_name;
		for (size_t k = 0; k < i && !seen; k++)
			seen = records[uses[k].record].full_name && strcmp(records[uses[k].record].name, records[uses[i].record].name) == 0;
		names += !seen;
	}
	if (names > 4 && names < 8)
		die(STATUS_FINDINGS, "the world is ambiguous: a number under %d names", names);
	return names > 5;
}

static void unite_by_mobile(struct clusters *clusters, const struct record *records, const struct use *uses, size_t n)
{
	if (use_shared(records, uses, n))
		return;
	for (size_t i = 0; i < n; i++) {
		const struct record *record = &records[uses[i].record];
		clusters->keyless[uses[i].record] = false;
		for (size_t k = 0; k < i; k++)
			if (names_compatible(record, &records[uses[k].record]) && !certs_conflict(record, &records[uses[k].record]))
				unite(clusters->of, uses[i].record, uses[k].record);
	}
}

static void unite_by_cert(struct clusters *clusters, const struct record *records, size_t n)
{
	struct use *certs = heap_alloc((n + 1) * sizeof *certs);
	size_t used = 0;
	for (size_t i = 0; i < n; i++)
		if (clusters->of[i] >= 0 && records[i].cert[0])
			certs[used++] = (struct use){ records[i].cert, (int)i };
	qsort(certs, used, sizeof *certs, use_compare);
	for (size_t i = 0; i < used; i++) {
		clusters->keyless[certs[i].record] = false;
		if (i && strcmp(certs[i].mobile, certs[i - 1].mobile) == 0)
			unite(clusters->of, certs[i].record, certs[i - 1].record);
	}
	free(certs);
}

/* The world is made so that no cluster holds two persons; else the order of merging would matter. */
static void clusters_check(const struct clusters *clusters, const struct record *records, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (clusters->of[i] >= 0 && records[clusters->of[i]].person != records[i].person)
			die(STATUS_FINDINGS, "the world is ambiguous: rows %zu and %d are one cluster, two persons", i, clusters->of[i]);
}

/* `files`: a bit for each file that takes part. */
static struct clusters clusters_make(const struct book *book, unsigned files)
{
	size_t n = book->records.n, used = 0;
	const struct record *records = book->records.at;
	struct clusters clusters = { heap_alloc((n + 1) * sizeof(int)), heap_alloc((n + 1) * sizeof(bool)) };
	struct use *uses = heap_alloc((2 * n + 1) * sizeof *uses);
	for (size_t i = 0; i < n; i++) {
		bool takes_part = (files >> records[i].file & 1) && records[i].spoil == FINE;
		clusters.of[i] = takes_part ? (int)i : -1;
		clusters.keyless[i] = true;
		for (int k = 0; k < 2 && takes_part; k++)
			if (records[i].mobile[k][0])
				uses[used++] = (struct use){ records[i].mobile[k], (int)i };
	}
	unite_by_cert(&clusters, records, n);
	qsort(uses, used, sizeof *uses, use_compare);
	for (size_t from = 0, to; from < used; from = to) {
		for (to = from; to < used && strcmp(uses[to].mobile, uses[from].mobile) == 0; to++)
			;
		unite_by_mobile(&clusters, records, uses + from, to - from);
	}
	for (size_t i = 0; i < n; i++)
		if (clusters.of[i] >= 0)
			clusters.of[i] = root_of(clusters.of, (int)i);
	clusters_check(&clusters, records, n);
	free(uses);
	return clusters;
}

static void clusters_free(struct clusters *clusters)
{
	free(clusters->of);
	free(clusters->keyless);
}

#define BIT(file) (1u << (file))
#define SALES (BIT(VISITS) | BIT(REPORTS) | BIT(USERS) | BIT(ORDERS) | BIT(CONTRACTS))
#define PERSONAL (SALES | BIT(TICKETS))

/* --- Metrics.  Names and meanings are those of the metric dictionary. --- */

enum metric {
	REPORT_N, REPORT_VALID, REPORT_VALID_UID, VISIT_ROWS, VISIT_TIMES, VISIT_GROUP, VISIT_FIRST, VISIT_RETURN, VISIT_RETURN_GROUP,
	QUEUE_N, QUEUE_NET, QUEUE_GROUP, SUB_ROWS, SUB_ROWS_AMOUNT, SUB_UNITS, SUB_AMOUNT, SUB_GROUP, SUB_NET, SUB_NET_AMOUNT,
	SIGN_UNITS, SIGN_AMOUNT, SIGN_GROUP, SIGN_NET, SIGN_NET_AMOUNT, RECEIPT_FIN, RECEIPT_IN, RECEIPT_OUT, SPEND_ACCRUE, SPEND_PAY, METRICS
};

enum count { SUM, MONEY, PERSONS, DAYS }; /* a sum of ones, of fen, distinct (project, person), distinct (project, person, day) */

static const struct {
	const char *name;
	enum count count;
} metrics[METRICS] = {
	[REPORT_N] = { "report_n", SUM }, [REPORT_VALID] = { "report_valid", SUM }, [REPORT_VALID_UID] = { "report_valid_uid", PERSONS },
	[VISIT_ROWS] = { "visit_rows", SUM }, [VISIT_TIMES] = { "visit_times", DAYS }, [VISIT_GROUP] = { "visit_group", PERSONS },
	[VISIT_FIRST] = { "visit_first", PERSONS }, [VISIT_RETURN] = { "visit_return", DAYS }, [VISIT_RETURN_GROUP] = { "visit_return_group", PERSONS },
	[QUEUE_N] = { "queue_n", SUM }, [QUEUE_NET] = { "queue_net", SUM }, [QUEUE_GROUP] = { "queue_group", PERSONS },
	[SUB_ROWS] = { "sub_rows", SUM }, [SUB_ROWS_AMOUNT] = { "sub_rows_amount", MONEY },
	[SUB_UNITS] = { "sub_units", SUM }, [SUB_AMOUNT] = { "sub_amount", MONEY }, [SUB_GROUP] = { "sub_group", PERSONS },
	[SUB_NET] = { "sub_net", SUM }, [SUB_NET_AMOUNT] = { "sub_net_amount", MONEY },
	[SIGN_UNITS] = { "sign_units", SUM }, [SIGN_AMOUNT] = { "sign_amount", MONEY }, [SIGN_GROUP] = { "sign_group", PERSONS },
	[SIGN_NET] = { "sign_net", SUM }, [SIGN_NET_AMOUNT] = { "sign_net_amount", MONEY },
	[RECEIPT_FIN] = { "receipt_fin", MONEY }, [RECEIPT_IN] = { "receipt_in", MONEY }, [RECEIPT_OUT] = { "receipt_out", MONEY },
	[SPEND_ACCRUE] = { "spend_accrue", MONEY }, [SPEND_PAY] = { "spend_pay", MONEY },
};

enum basis { WORLD, LEDGER, KEYED, BASES };
static const char *const basis_names[BASES] = { "world", "ledger", "keyed" };

/* Something that a metric counts. */
struct mark {
	enum metric metric;
	int project, day, who; /* who: a person or a cluster; -1: nobody known */
	int64_t value;
	const char *channel;
};

struct tally {
	enum basis basis;
	const struct world *world;
	const struct book *book;
	const struct clusters *clusters;
	LIST(mark) marks;
};

static void mark_add(struct tally *tally, enum metric metric, int project, int day, int who, int64_t value, const char *channel)
{
	if (who >= 0 || metrics[metric].count == SUM || metrics[metric].count == MONEY)
		*ADD(tally->marks) = (struct mark){ metric, project, day, who, value, channel };
}

/* Whom the row is about on this basis. */
static int who_of(const struct tally *tally, size_t index)
{
	if (tally->basis == WORLD)
		return tally->book->records.at[index].person;
	if (tally->basis == KEYED && tally->clusters->keyless[index])
		return -1;
	return tally->clusters->of[index];
}

static void mark_visit(struct tally *tally, const struct visit *visit, int who, const char *channel)
{
	mark_add(tally, VISIT_ROWS, visit->project, visit->day, who, 1, channel);
	mark_add(tally, VISIT_TIMES, visit->project, visit->day, who, 1, channel);
	mark_add(tally, VISIT_GROUP, visit->project, visit->day, who, 1, channel);
}

/* First and later visits, once all visits are known. */
static void mark_first_visits(struct tally *tally)
{
	size_t n = tally->marks.n;
	for (size_t i = 0; i < n; i++) {
		struct mark mark = tally->marks.at[i];
		if (mark.metric != VISIT_GROUP)
			continue;
		bool first = true, later = false;
		for (size_t k = 0; k < n; k++) {
			const struct mark *other = &tally->marks.at[k];
			if (other->metric != VISIT_GROUP || other->who != mark.who || other->project != mark.project)
				continue;
			first &= other->day > mark.day || (other->day == mark.day && k >= i);
			later |= other->day < mark.day;
		}
		if (first)
			mark_add(tally, VISIT_FIRST, mark.project, mark.day, mark.who, 1, mark.channel);
		if (later) {
			mark_add(tally, VISIT_RETURN, mark.project, mark.day, mark.who, 1, mark.channel);
			mark_add(tally, VISIT_RETURN_GROUP, mark.project, mark.day, mark.who, 1, mark.channel);
		}
	}
}

static void mark_report(struct tally *tally, const struct report *report, int who, const char *channel)
{
	mark_add(tally, REPORT_N, report->project, report->day, who, 1, channel);
	if (report->valid) {
		mark_add(tally, REPORT_VALID, report->project, report->day, who, 1, channel);
		mark_add(tally, REPORT_VALID_UID, report->project, report->day, who, 1, channel);
	}
}

/* A chain of swapped rooms is one unit on the day of its first order; each later order books
 * the difference.  What is withdrawn goes out of the net on the day it is closed. */
static void mark_order(struct tally *tally, const struct order *order, int who, const char *channel)
{
	int64_t fen = (int64_t)order->amount * 100, before = 0;
	bool given_up = order->reason == WITHDRAWN || order->reason == FORFEITED;
	int project = order->project, day = order->day;
	if (order->kind == QUEUE) {
		mark_add(tally, QUEUE_N, project, day, who, 1, channel);
		mark_add(tally, QUEUE_NET, project, day, who, !given_up, channel);
		mark_add(tally, QUEUE_GROUP, project, day, who, 1, channel);
		return;
	}
	mark_add(tally, SUB_ROWS, project, day, who, 1, channel);
	mark_add(tally, SUB_ROWS_AMOUNT, project, day, who, fen, channel);
	if (order->previous >= 0) {
		before = (int64_t)tally->world->orders.at[order->previous].amount * 100;
	} else {
		mark_add(tally, SUB_UNITS, project, day, who, 1, channel);
		mark_add(tally, SUB_NET, project, day, who, 1, channel);
		mark_add(tally, SUB_GROUP, project, day, who, 1, channel);
	}
	mark_add(tally, SUB_AMOUNT, project, day, who, fen - before, channel);
	mark_add(tally, SUB_NET_AMOUNT, project, day, who, fen - before, channel);
	int undone = given_up ? order->close_day : order->contract >= 0 ? tally->world->contracts.at[order->contract].close_day : 0;
	if (undone) {
		mark_add(tally, SUB_NET, project, undone, who, -1, channel);
		mark_add(tally, SUB_NET_AMOUNT, project, undone, who, -fen, channel);
	}
}

static void mark_contract(struct tally *tally, const struct contract *contract, int who, const char *channel)
{
	const struct order *order = &tally->world->orders.at[contract->order];
	int64_t fen = (int64_t)order->amount * 100;
	mark_add(tally, SIGN_UNITS, order->project, contract->day, who, 1, channel);
	mark_add(tally, SIGN_AMOUNT, order->project, contract->day, who, fen, channel);
	mark_add(tally, SIGN_GROUP, order->project, contract->day, who, 1, channel);
	mark_add(tally, SIGN_NET, order->project, contract->day, who, 1, channel);
	mark_add(tally, SIGN_NET_AMOUNT, order->project, contract->day, who, fen, channel);
	if (contract->close_day) {
		mark_add(tally, SIGN_NET, order->project, contract->close_day, who, -1, channel);
		mark_add(tally, SIGN_NET_AMOUNT, order->project, contract->close_day, who, -fen, channel);
	}
}

/* Money held for others and penalties are no receipts of the developer's (财务回款). */
static void mark_receipt(struct tally *tally, const struct receipt *receipt, const char *channel)
{
	int project = tally->world->orders.at[receipt->order].project;
	int64_t signed_fen = receipt->back ? -receipt->fen : receipt->fen;
	if (receipt->voided)
		return;
	mark_add(tally, receipt->back ? RECEIPT_OUT : RECEIPT_IN, project, receipt->day, -1, receipt->fen, channel);
	if (receipt->item != MAINTENANCE && receipt->item != PENALTY)
		mark_add(tally, RECEIPT_FIN, project, receipt->day, -1, signed_fen, channel);
}

static void marks_make(struct tally *tally)
{
	const struct world *world = tally->world;
	for (size_t i = 0; i < tally->book->records.n; i++) {
		const struct record *record = &tally->book->records.at[i];
		bool sale = record->file == VISITS || record->file == REPORTS;
		/* A spoiled visit or report did happen; elsewhere the spoiled row has a good twin. */
		if (record->spoil != FINE && !(tally->basis == WORLD && sale))
			continue;
		int who = PERSONAL >> record->file & 1 ? who_of(tally, i) : -1;
		switch (record->file) {
		case VISITS: {
			const struct visit *visit = &world->visits.at[record->fact];
			mark_visit(tally, visit, who, tally->basis == WORLD ? channels[visit->channel] : record->channel);
			break;
		}
		case REPORTS: mark_report(tally, &world->reports.at[record->fact], who, record->channel); break;
		case ORDERS: mark_order(tally, &world->orders.at[record->fact], who, record->channel); break;
		case CONTRACTS: mark_contract(tally, &world->contracts.at[record->fact], who, record->channel); break;
		case RECEIPTS: mark_receipt(tally, &world->receipts.at[record->fact], record->channel); break;
		case SPEND: {
			const struct spend *spend = &world->spend.at[record->fact];
			mark_add(tally, spend->paid ? SPEND_PAY : SPEND_ACCRUE, spend->project, spend->day, -1, spend->fen, record->channel);
			break;
		}
		default: break;
		}
	}
	mark_first_visits(tally);
}

/* --- Cells: one line of figures. --- */

struct cell {
	int project;         /* -1: all */
	const char *region;  /* NULL: all */
	const char *channel; /* NULL: all */
	int month;           /* -1: all */
};

static bool mark_within(const struct mark *mark, const struct cell *cell)
{
	return (cell->project < 0 || mark->project == cell->project) &&
	       (!cell->region || strcmp(projects[mark->project].region, cell->region) == 0) &&
	       (!cell->channel || strcmp(mark->channel, cell->channel) == 0) && (cell->month < 0 || month_of(mark->day) == cell->month);
}

static int64_t mark_key(const struct mark *mark, enum count count)
{
	int64_t key = (int64_t)mark->who * PROJECTS + mark->project;
	return count == DAYS ? key * 100000 + mark->day : key;
}

static int key_compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

static void money_put(struct buf *text, int64_t fen)
{
	uint64_t size = fen < 0 ? (uint64_t)-fen : (uint64_t)fen;
	buf_printf(text, "%s%llu.%02llu", fen < 0 ? "-" : "", (unsigned long long)(size / 100), (unsigned long long)(size % 100));
}

/* All metrics of one cell, each behind a comma. */
static void cell_put(struct buf *text, const struct tally *tally, const struct cell *cell)
{
	int64_t *keys = heap_alloc((tally->marks.n + 1) * sizeof *keys);
	for (enum metric metric = 0; metric < METRICS; metric++) {
		enum count count = metrics[metric].count;
		int64_t sum = 0, distinct = 0;
		size_t n = 0;
		for (size_t i = 0; i < tally->marks.n; i++) {
			const struct mark *mark = &tally->marks.at[i];
			if (mark->metric != metric || !mark_within(mark, cell))
				continue;
			sum += mark->value;
			keys[n++] = mark_key(mark, count);
		}
		qsort(keys, n, sizeof *keys, key_compare);
		for (size_t i = 0; i < n; i++)
			distinct += !i || keys[i] != keys[i - 1];
		buf_byte(text, ',');
		if (count == MONEY)
			money_put(text, sum);
		else
			buf_i64(text, count == SUM ? sum : distinct);
	}
	free(keys);
	buf_byte(text, '\n');
}

static void metric_names(struct buf *text)
{
	for (int i = 0; i < METRICS; i++)
		buf_printf(text, ",%s", metrics[i].name);
	buf_byte(text, '\n');
}

static const struct {
	const char *type, *name;
	struct cell cell;
} scopes[] = {
	{ "all", "", { -1, NULL, NULL, -1 } },
	{ "region", "华东", { -1, "华东", NULL, -1 } }, { "region", "华中", { -1, "华中", NULL, -1 } },
	{ "project", "湖畔里", { 0, NULL, NULL, -1 } }, { "project", "望江府", { 1, NULL, NULL, -1 } }, { "project", "麓鸣园", { 2, NULL, NULL, -1 } },
};

static void funnel_put(struct buf *text, const struct tally *tally)
{
	for (int i = 0; i < COUNT(scopes); i++)
		for (int month = -1; month < MONTHS; month++) {
			struct cell cell = scopes[i].cell;
			cell.month = month;
			buf_printf(text, "%s,%s,%s,", basis_names[tally->basis], scopes[i].type, scopes[i].name);
			if (month >= 0)
				buf_printf(text, "%d-%02d", 2024 + month / 12, month % 12 + 1);
			cell_put(text, tally, &cell);
		}
}

static void channel_put(struct buf *text, const struct tally *tally)
{
	for (int i = 0; i < COUNT(scopes); i++)
		for (int channel = 0; channel <= CHANNELS; channel++) {
			struct cell cell = scopes[i].cell;
			cell.channel = channel < CHANNELS ? channels[channel] : UNMAPPED;
			if (channel == CHANNELS && tally->basis == WORLD)
				continue;
			buf_printf(text, "%s,%s,%s,%s", basis_names[tally->basis], scopes[i].type, scopes[i].name, cell.channel);
			cell_put(text, tally, &cell);
		}
}

static void reports_put(const struct world *world, const struct book *book, const char *folder)
{
	struct clusters clusters = clusters_make(book, PERSONAL);
	struct buf funnel = { 0 }, channel = { 0 };
	buf_text(&funnel, "basis,scope_type,scope,period");
	metric_names(&funnel);
	buf_text(&channel, "basis,scope_type,scope,channel");
	metric_names(&channel);
	for (enum basis basis = 0; basis < BASES; basis++) {
		struct tally tally = { .basis = basis, .world = world, .book = book, .clusters = &clusters };
		marks_make(&tally);
		funnel_put(&funnel, &tally);
		channel_put(&channel, &tally);
		free(tally.marks.at);
	}
	file_write(folder, "funnel.csv", buf_view(&funnel));
	file_write(folder, "channel.csv", buf_view(&channel));
	buf_release(&funnel);
	buf_release(&channel);
	clusters_free(&clusters);
}

/* --- Who is who. --- */

/* Those of whom any row tells, rejected ones too. */
static bool *people_seen(const struct world *world, const struct book *book)
{
	bool *seen = heap_alloc(world->people.n * sizeof *seen);
	memset(seen, 0, world->people.n * sizeof *seen);
	for (size_t i = 0; i < book->records.n; i++)
		if (book->records.at[i].person >= 0)
			seen[book->records.at[i].person] = true;
	return seen;
}

static void people_put(const struct world *world, const struct book *book, const char *folder)
{
	struct buf text = { 0 };
	bool *seen = people_seen(world, book);
	buf_text(&text, "person_id,name,mobile,mobile2,cert_no,gender,household\n");
	for (size_t i = 0; i < world->people.n; i++) {
		const struct person *person = &world->people.at[i];
		if (!seen[i])
			continue;
		buf_printf(&text, "P%04zu,%s,%s,%s,%s,%s,H%04d\n", i + 1, person->name, person->mobile[0], person->mobile[1], person->cert,
		           person->male ? "M" : "F", person->household + 1);
	}
	file_write(folder, "people.csv", buf_view(&text));
	free(seen);
	buf_release(&text);
}

static void records_put(const struct book *book, const char *folder)
{
	struct clusters clusters = clusters_make(book, PERSONAL);
	struct buf text = { 0 };
	buf_text(&text, "file,line,person_id,cluster,keyless\n");
	for (size_t i = 0; i < book->records.n; i++) {
		const struct record *record = &book->records.at[i];
		if (record->spoil != FINE || record->person < 0)
			continue;
		buf_printf(&text, "%s,%ld,P%04d,", file_names[record->file], record->line, record->person + 1);
		if (clusters.of[i] >= 0)
			buf_printf(&text, "C%05d,%d\n", clusters.of[i] + 1, clusters.keyless[i]);
		else
			buf_text(&text, ",\n");
	}
	file_write(folder, "record-of.csv", buf_view(&text));
	buf_release(&text);
	clusters_free(&clusters);
}

/* One line of customers.csv: how many persons and clusters the files hold between them. */
static void customers_line(struct buf *text, const struct world *world, const struct book *book, const char *scope, unsigned files)
{
	struct clusters clusters = clusters_make(book, files);
	size_t n = book->records.n;
	long rows = 0, persons = 0, keyed = 0, keyless = 0, *size = heap_alloc((n + 1) * sizeof *size);
	int64_t pairs = 0;
	bool *seen = heap_alloc(world->people.n * sizeof *seen);
	memset(seen, 0, world->people.n * sizeof *seen);
	memset(size, 0, (n + 1) * sizeof *size);
	for (size_t i = 0; i < n; i++) {
		if (clusters.of[i] < 0)
			continue;
		bool *known = &seen[book->records.at[i].person];
		rows++;
		persons += !*known;
		*known = true;
		keyless += clusters.keyless[i];
		keyed += clusters.of[i] == (int)i && !clusters.keyless[i];
		pairs += size[clusters.of[i]]++;
	}
	buf_printf(text, "%s,%ld,%ld,%ld,%ld,%ld,%lld\n", scope, rows, persons, keyed, keyless, keyed + keyless, (long long)pairs);
	free(size);
	free(seen);
	clusters_free(&clusters);
}

static void customers_put(const struct world *world, const struct book *book, const char *folder)
{
	struct buf text = { 0 };
	buf_text(&text, "scope,rows,persons,keyed_clusters,keyless_rows,clusters,pairs\n");
	for (enum file file = 0; file < FILES; file++)
		if (PERSONAL >> file & 1)
			customers_line(&text, world, book, file_names[file], BIT(file));
	customers_line(&text, world, book, "all but tickets", SALES);
	customers_line(&text, world, book, "all", PERSONAL);
	file_write(folder, "customers.csv", buf_view(&text));
	buf_release(&text);
}

/* --- What becomes of the lines. --- */

static void rows_put(const struct book *book, const char *folder)
{
	static const char *const reasons[] = { "", "no_identity", "bad_date", "ragged", "bad_amount" };
	struct buf text = { 0 };
	buf_text(&text, "file,physical_lines,title_lines,header_lines,repeated_headers,blank_lines,footer_lines,rows,rejected,accepted\n");
	for (enum file file = 0; file < FILES; file++) {
		const struct census *census = &book->census[file];
		buf_printf(&text, "%s,%ld,%ld,%ld,%ld,%ld,%ld,%ld,%ld,%ld\n", file_names[file], census->physical, census->title, census->header,
		           census->repeated, census->blank, census->footer, census->rows, census->rejected, census->rows - census->rejected);
	}
	file_write(folder, "rows.csv", buf_view(&text));
	buf_reset(&text);
	buf_text(&text, "file,line,reason,person_id\n");
	for (size_t i = 0; i < book->records.n; i++) {
		const struct record *record = &book->records.at[i];
		if (record->spoil == FINE)
			continue;
		buf_printf(&text, "%s,%ld,%s,", file_names[record->file], record->line, reasons[record->spoil]);
		if (record->person >= 0)
			buf_printf(&text, "P%04d", record->person + 1);
		buf_byte(&text, '\n');
	}
	file_write(folder, "rejects.csv", buf_view(&text));
	buf_release(&text);
}

void truth_write(const struct world *world, const struct book *book, const char *folder)
{
	people_put(world, book, folder);
	records_put(book, folder);
	customers_put(world, book, folder);
	rows_put(book, folder);
	reports_put(world, book, folder);
}
