/* count: figures against slow and obvious counting, on small random streams: cells and totals of
 * several tables at once, households, equal seconds, ranges, --where; then large streams for any
 * number of threads, any memory and any order of rows. */
#include "metric/count.h"

#include "gen.h"
#include "test.h"
#include "value/date.h"

enum { MOST = 80, TABLES = 4 };

/* ---- a stream ---- */

struct event {
	char id[16];
	const char *type, *uid, *household, *project, *channel, *status;
	int64_t at, amount;
	int32_t order_day; /* INT32_MIN: missing */
	unsigned row;
};

struct stream {
	struct event events[MOST];
	unsigned count;
	bool has_ids, has_households;
	int64_t since, until, as_of;
	const char *where; /* on channel */
};

static const char *const types[] = { "visit", "visit", "visit", "visit", "report", "call_in", "queue", "cancel", "subscribe", "swap",
                                     "receipt", "refund", "chat" };
static const char *const uids[] = { "U1", "U2", "U3", "U4", "U5", "U6", "" };
/* Of U1, U2, ...: U4 is a household's name too, which must not matter. */
static const char *const households[] = { "H1", "H1", "U4", "", "U4", "" };
static const char *const projects[] = { "P1", "P2", "" };
static const char *const channels[] = { "a", "b", "a channel of a long, \"quoted\" name", "" };
static const char *const statuses[] = { "valid", "pending", "dealt", "queue", "subscribe", "sign", "" };

#define ONE_OF(list) (list)[gen_below(seed, sizeof(list) / sizeof *(list))]

static int32_t day_of(int year, int month, int day)
{
	int32_t result = 0;
	date_of(year, month, day, &result);
	return result;
}

static void make_stream(struct stream *stream, uint64_t *seed)
{
	int32_t first = day_of(2024, 12, 20);
	*stream = (struct stream){ .count = (unsigned)gen_below(seed, MOST), .has_ids = gen_below(seed, 4) != 0,
		.has_households = gen_below(seed, 4) != 0, .since = INT64_MIN, .until = INT64_MAX,
		.as_of = moment_of(first + (int32_t)gen_below(seed, 60), DAY_SECONDS - 1) };
	if (gen_below(seed, 2))
		stream->since = moment_of(first + (int32_t)gen_below(seed, 30), 0);
	if (gen_below(seed, 2))
		stream->until = moment_of(first + 20 + (int32_t)gen_below(seed, 30), DAY_SECONDS - 1);
	if (gen_below(seed, 3) == 0)
		stream->where = "b";
	for (unsigned i = 0; i < stream->count; i++) {
		size_t who = gen_below(seed, sizeof uids / sizeof *uids);
		bool housed = stream->has_households && who < sizeof households / sizeof *households;
		struct event *event = &stream->events[i];
		*event = (struct event){ .type = ONE_OF(types), .uid = uids[who], .household = housed ? households[who] : "",
			.project = ONE_OF(projects), .channel = ONE_OF(channels), .status = ONE_OF(statuses),
			.at = moment_of(first + (int32_t)gen_below(seed, 45), (int32_t)gen_below(seed, 3) * 3600),
			.amount = (int64_t)gen_below(seed, 200001) - 100000, .row = i,
			.order_day = gen_below(seed, 2) ? INT32_MIN : first + (int32_t)gen_below(seed, 60) };
		snprintf(event->id, sizeof event->id, "e%llu%u", (unsigned long long)gen_below(seed, 50), i);
	}
}

static void put_csv(const struct stream *stream, const unsigned *order, struct buf *to)
{
	buf_text(to, stream->has_ids ? "event_id," : "");
	buf_text(to, stream->has_households ? "hh_id," : "");
	buf_text(to, "event_type,at,uid,project,channel,status,amount,area,order_date\n");
	for (unsigned i = 0; i < stream->count; i++) {
		const struct event *event = &stream->events[order ? order[i] : i];
		if (stream->has_ids)
			buf_printf(to, "%s,", event->id);
		if (stream->has_households)
			buf_printf(to, "%s,", event->household);
		buf_printf(to, "%s,", event->type);
		moment_format(event->at, to);
		buf_printf(to, ",%s,%s,", event->uid, event->project);
		dialect_put(dialect_csv(), view_of(event->channel), to);
		buf_printf(to, ",%s,%s%lld.%02lld,1,", event->status, event->amount < 0 ? "-" : "",
		           (long long)(event->amount < 0 ? -event->amount : event->amount) / 100,
		           (long long)(event->amount < 0 ? -event->amount : event->amount) % 100);
		if (event->order_day != INT32_MIN)
			date_format(event->order_day, to);
		buf_byte(to, '\n');
	}
}

/* ---- the tables, and which cell an event is in ---- */

static const char *const by[TABLES][3] = { { NULL }, { "channel", NULL }, { "project", "month", NULL },
                                           { "week", "channel", NULL } };

/* The values of a table's dimensions, each behind a bar. */
static void cell_name(unsigned table, const struct event *event, int32_t day, struct buf *to)
{
	buf_reset(to);
	for (unsigned d = 0; by[table][d]; d++) {
		struct view name = view_of(by[table][d]);
		buf_byte(to, '|');
		if (view_is(name, "month"))
			date_format_month(day, to);
		else if (view_is(name, "week"))
			date_format_week(day, to);
		else
			buf_text(to, view_is(name, "project") ? event->project : event->channel);
	}
}

/* ---- slow and obvious ---- */

static bool is(const char *a, const char *b) { return strcmp(a, b) == 0; }

static bool same_group(const struct event *a, const struct event *b)
{
	return is(a->household, b->household) && (a->household[0] || is(a->uid, b->uid));
}

static bool is_kept(const struct stream *stream, const struct event *event)
{
	return !stream->where || is(event->channel, stream->where);
}

static bool is_counted(const struct stream *stream, const struct event *event)
{
	return event->at <= stream->as_of && event->at >= stream->since && event->at <= stream->until && is_kept(stream, event);
}

static bool is_earlier(const struct stream *stream, const struct event *a, const struct event *b)
{
	if (a->at != b->at)
		return a->at < b->at;
	int order = stream->has_ids ? strcmp(a->id, b->id) : 0;
	return order ? order < 0 : a->row < b->row;
}

/* The first visit ever of the event's group to its project. */
static const struct event *first_visit(const struct stream *stream, const struct event *event)
{
	const struct event *first = NULL;
	for (unsigned i = 0; i < stream->count; i++) {
		const struct event *other = &stream->events[i];
		if (is(other->type, "visit") && other->uid[0] && other->at <= stream->as_of && same_group(other, event) &&
		    is(other->project, event->project) && (!first || is_earlier(stream, other, first)))
			first = other;
	}
	return first;
}

enum kind { EVENTS, CUSTOMERS, VISIT_TIMES, VISIT_GROUP, VISIT_FIRST, VISIT_RETURN, VISIT_RETURN_GROUP, REPORT_VALID_UID,
            CALL_IN, QUEUE_N, QUEUE_LOST, SUB_ROWS, SUB_LINKED, SUB_AMOUNT, RECEIPT_FIN, KINDS };

static const char *const ids[KINDS] = { "events", "customers", "visit_times", "visit_group", "visit_first", "visit_return",
	"visit_return_group", "report_valid_uid", "call_in", "queue_n", "queue_lost", "sub_rows", "sub_linked", "sub_amount",
	"receipt_fin" };

/* What the event adds where nothing like it was counted before; 0: the metric is not about it. */
static int64_t weight(const struct stream *stream, enum kind kind, const struct event *event)
{
	const struct event *first;
	bool late;
	switch (kind) {
	case EVENTS: return 1;
	case CUSTOMERS: return event->uid[0] != '\0';
	case VISIT_TIMES: return is(event->type, "visit");
	case VISIT_GROUP: return is(event->type, "visit") && event->uid[0];
	case VISIT_FIRST: return is(event->type, "visit") && event->uid[0] && first_visit(stream, event) == event;
	case VISIT_RETURN:
	case VISIT_RETURN_GROUP:
		first = is(event->type, "visit") && event->uid[0] ? first_visit(stream, event) : NULL;
		late = first && moment_day(event->at) > moment_day(first->at);
		return late;
	case REPORT_VALID_UID: return is(event->type, "report") && event->uid[0] && (is(event->status, "valid") || is(event->status, "dealt"));
	case CALL_IN: return is(event->type, "call_in") && event->uid[0];
	case QUEUE_N: return is(event->type, "queue");
	case QUEUE_LOST: return is(event->type, "cancel") && is(event->status, "queue");
	case SUB_ROWS: return is(event->type, "subscribe");
	case SUB_LINKED: return is(event->type, "swap") && is(event->status, "subscribe");
	case SUB_AMOUNT: return is(event->type, "subscribe") || (is(event->type, "swap") && is(event->status, "subscribe")) ? event->amount : 0;
	case RECEIPT_FIN: return is(event->type, "receipt") || is(event->type, "refund") ? event->amount : 0;
	case KINDS: break;
	}
	return 0;
}

/* Are two events one and the same to a metric that counts different ones? */
static bool is_same(enum kind kind, const struct event *a, const struct event *b)
{
	bool project = is(a->project, b->project), day = moment_day(a->at) == moment_day(b->at);
	switch (kind) {
	case CUSTOMERS: return is(a->uid, b->uid);
	case REPORT_VALID_UID:
	case CALL_IN: return project && is(a->uid, b->uid);
	case VISIT_TIMES: return project && day && a->uid[0] && b->uid[0] && same_group(a, b); /* nobody's: each by itself */
	case VISIT_RETURN: return project && day && same_group(a, b);
	case VISIT_GROUP:
	case VISIT_RETURN_GROUP: return project && same_group(a, b);
	default: return false;
	}
}

/* The day by which a metric counts the event; false: it does not. */
static bool day_of_event(const struct stream *stream, enum kind kind, const struct event *event, int32_t *day)
{
	*day = moment_day(event->at);
	if ((kind != QUEUE_N && kind != QUEUE_LOST) || event->order_day == INT32_MIN)
		return is_counted(stream, event);
	int64_t at = moment_of(event->order_day, 0);
	*day = event->order_day;
	return event->at <= stream->as_of && at <= stream->as_of && at >= stream->since && at <= stream->until &&
	       is_kept(stream, event);
}

/* A number of one cell, or of the total (NULL). */
static int64_t slowly(const struct stream *stream, enum kind kind, unsigned table, const struct view *cell)
{
	const struct event *counted[MOST];
	unsigned count = 0;
	int64_t sum = 0;
	struct buf name = { 0 };
	for (unsigned i = 0; i < stream->count; i++) {
		const struct event *event = &stream->events[i];
		int32_t day;
		int64_t adds = weight(stream, kind, event);
		bool known = false;
		if (!adds || !day_of_event(stream, kind, event, &day))
			continue;
		cell_name(table, event, day, &name);
		if (cell && !view_equal(buf_view(&name), *cell))
			continue;
		for (unsigned k = 0; k < count && !known; k++)
			known = is_same(kind, counted[k], event);
		counted[count++] = event;
		sum += known ? 0 : adds;
	}
	buf_release(&name);
	return sum;
}

/* ---- the room's own way ---- */

struct feeding {
	struct view rest;
};

static size_t feed_read(void *state, char *to, size_t room)
{
	struct feeding *feeding = state;
	size_t len = feeding->rest.len < room ? feeding->rest.len : room;
	if (len)
		memcpy(to, feeding->rest.ptr, len);
	feeding->rest = view_skip(feeding->rest, len);
	return len;
}

static bool feed_would_wait(void *state)
{
	(void)state;
	return false;
}

struct counted {
	struct run run;
	struct metrics metrics;
	struct count count;
	unsigned metric[KINDS];
};

static void count_csv(struct counted *counted, const struct stream *stream, struct view csv, uint64_t threads, uint64_t memory)
{
	struct feeding feeding = { csv };
	struct feed feed = { .state = &feeding, .read = feed_read, .would_wait = feed_would_wait, .name = "test", .path = "test.csv" };
	struct reader_options options = { 0 };
	*counted = (struct counted){ .run = { .tool = "test", .threads = threads, .memory = memory, .as_of = stream->as_of } };
	counted->run.reader = reader_open_feeds(&options, &feed, 1, NULL);
	counted->metrics = metrics_load(&counted->run.arena, NULL, NULL);
	bool *wanted = arena_zero(&counted->run.arena, counted->metrics.count, sizeof *wanted);
	for (unsigned k = 0; k < KINDS; k++) {
		counted->metric[k] = metrics_find(&counted->metrics, view_of(ids[k]));
		wanted[counted->metric[k]] = true;
	}
	counted->count = (struct count){ .metrics = &counted->metrics, .wanted = wanted, .table_count = TABLES,
		.since = stream->since, .until = stream->until, .where = stream->where ? "channel == 'b'" : NULL };
	for (unsigned t = 0; t < TABLES; t++)
		for (unsigned d = 0; by[t][d]; d++)
			counted->count.table[t].by[counted->count.table[t].by_count++] = view_of(by[t][d]);
	count_run(&counted->run, &counted->count);
}

static void release(struct counted *counted)
{
	reader_close(counted->run.reader);
	buf_release(&counted->run.notes);
	arena_release(&counted->run.arena);
}

static void put_cell(const struct count_table *table, const struct count_cell *cell, struct buf *to)
{
	buf_reset(to);
	for (unsigned d = 0; d < table->by_count; d++) {
		buf_byte(to, '|');
		buf_put(to, cell->value[d]);
	}
}

/* ---- one against the other ---- */

/* Adds up over cells what must add up, so that no cell is forgotten. */
static void check_stream(const struct stream *stream, const struct counted *counted, const char *why)
{
	struct buf name = { 0 };
	for (unsigned t = 0; t < TABLES; t++) {
		const struct count_table *table = &counted->count.table[t];
		int64_t rows = 0;
		for (size_t i = 0; i < table->cell_count; i++) {
			put_cell(table, &table->cells[i], &name);
			struct view cell = buf_view(&name);
			rows += table->cells[i].number[counted->metric[EVENTS]];
			for (enum kind kind = 0; kind < KINDS; kind++) {
				int64_t got = table->cells[i].number[counted->metric[kind]], wanted = slowly(stream, kind, t, &cell);
				CHECK(got == wanted, "%s: %s in table %u, cell %.*s: got %lld, expected %lld", why, ids[kind], t,
				      VIEW_ARGS(cell), (long long)got, (long long)wanted);
			}
		}
		CHECK(rows == table->total[counted->metric[EVENTS]], "%s: the rows of all cells, table %u", why, t);
		for (enum kind kind = 0; kind < KINDS; kind++) {
			int64_t got = table->total[counted->metric[kind]], wanted = slowly(stream, kind, t, NULL);
			CHECK(got == wanted, "%s: total of %s in table %u: got %lld, expected %lld", why, ids[kind], t, (long long)got,
			      (long long)wanted);
		}
	}
	buf_release(&name);
}

static void test_random(void)
{
	uint64_t seed = 20250630;
	struct buf csv = { 0 };
	for (unsigned round = 0; round < 300; round++) {
		struct stream stream;
		struct counted counted;
		unsigned order[MOST];
		make_stream(&stream, &seed);
		buf_reset(&csv);
		put_csv(&stream, NULL, &csv);
		count_csv(&counted, &stream, buf_view(&csv), 1 + round % 3, 64 << 20);
		check_stream(&stream, &counted, "a random stream");
		release(&counted);
		if (!stream.has_ids)
			continue; /* then the order of rows decides between equal seconds */
		for (unsigned i = 0; i < stream.count; i++) {
			unsigned k = (unsigned)gen_below(&seed, i + 1);
			order[i] = order[k];
			order[k] = i;
		}
		buf_reset(&csv);
		put_csv(&stream, order, &csv);
		count_csv(&counted, &stream, buf_view(&csv), 1, 64 << 20);
		check_stream(&stream, &counted, "the same, rows in another order");
		release(&counted);
	}
	buf_release(&csv);
}

/* ---- large streams ---- */

static void put_results(const struct counted *counted, struct buf *to)
{
	buf_reset(to);
	struct buf name = { 0 };
	for (unsigned t = 0; t < TABLES; t++) {
		const struct count_table *table = &counted->count.table[t];
		for (size_t i = 0; i <= table->cell_count; i++) {
			const int64_t *numbers = i < table->cell_count ? table->cells[i].number : table->total;
			if (i < table->cell_count)
				put_cell(table, &table->cells[i], &name);
			buf_put(to, i < table->cell_count ? buf_view(&name) : VIEW("total"));
			for (enum kind kind = 0; kind < KINDS; kind++)
				buf_printf(to, " %lld", (long long)numbers[counted->metric[kind]]);
			buf_byte(to, '\n');
		}
	}
	buf_release(&name);
}

/* 30,000 events of 3,000 customers, many at the same second, a third of them in households of up to nine. */
static void put_large(struct buf *csv, uint64_t *seed)
{
	int32_t first = day_of(2024, 1, 1);
	buf_text(csv, "event_id,event_type,at,uid,hh_id,project,channel,status,amount,area,order_date,filler\n");
	for (unsigned i = 0; i < 30000; i++) {
		uint64_t who = gen_below(seed, 3000);
		buf_printf(csv, "event-%05u,%s,", (unsigned)(gen_below(seed, 100000)), ONE_OF(types));
		moment_format(moment_of(first + (int32_t)gen_below(seed, 15), (int32_t)gen_below(seed, 2) * 3600), csv);
		buf_printf(csv, ",customer-%llu,", (unsigned long long)who);
		if (who % 3 == 0)
			buf_printf(csv, "household-%llu", (unsigned long long)(who / 27));
		buf_printf(csv, ",%s,", ONE_OF(projects));
		dialect_put(dialect_csv(), view_of(ONE_OF(channels)), csv);
		buf_printf(csv, ",%s,%llu.00,1,,%060u\n", ONE_OF(statuses), (unsigned long long)gen_below(seed, 100000), i);
	}
}

static void test_large(void)
{
	static const struct { uint64_t threads, memory; } ways[] = { { 1, 1 << 30 }, { 2, 1 << 30 }, { 7, 1 << 30 }, { 1, 200000 },
	                                                              { 2, 1 }, { 7, 1000000 } };
	uint64_t seed = 7;
	struct buf csv = { 0 }, first = { 0 }, text = { 0 };
	struct stream stream = { .since = moment_of(day_of(2024, 1, 4), 0), .until = INT64_MAX,
		.as_of = moment_of(day_of(2024, 7, 1), 0) };
	put_large(&csv, &seed);
	for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
		struct counted counted;
		count_csv(&counted, &stream, buf_view(&csv), ways[i].threads, ways[i].memory);
		put_results(&counted, i ? &text : &first);
		if (i)
			CHECK_TEXT(buf_view(&text), buf_view(&first), "%llu threads, memory of %llu", (unsigned long long)ways[i].threads,
			           (unsigned long long)ways[i].memory);
		release(&counted);
	}
	CHECK(first.len > 2000, "there is something to compare");
	buf_release(&csv);
	buf_release(&first);
	buf_release(&text);
}

int main(void)
{
	test_random();
	test_large();
	return test_end();
}
