/* event: rows of ledgers become events, by a rule table.  Room: event.
 *
 * The stream of events is the backbone of all figures: one row is one thing that happened to
 * one customer at one time.  Which columns of which table become which event is said by
 * events.csv, one line per field; crm-events(1) is its manual.
 *
 *     struct event_rules *rules = event_rules_load(run);             before data is read
 *     struct event_plan *plan = event_plan_new(rules, table, header, registers);
 *     event_scratch_init(&scratch, plan);                            each worker
 *     enum fate fate = event_row(plan, &scratch, row, task);         scratch.events are there
 *     event_scratch_release(&scratch, plan);                         in the main thread
 *     event_plan_release(plan);                                      notes for the summary
 *
 * What is wrong with a rule ends the program with status 2, a column that is not there
 * with 3.  A column of the data model may be absent from a file: it is missing then. */
#ifndef CRM_EVENT_EVENT_H
#define CRM_EVENT_EVENT_H

#include "event/register.h"
#include "rule/row.h"
#include "table/rules.h"

/* The columns of the stream, in their order. */
enum event_column {
	EVENT_ID, EVENT_TYPE, EVENT_AT, EVENT_UID, EVENT_HH_ID, EVENT_PROJECT, EVENT_REGION, EVENT_CITY,
	EVENT_CHANNEL, EVENT_CHANNEL2, EVENT_CAMPAIGN_ID, EVENT_AGENT_ID, EVENT_ROOM_ID, EVENT_ORDER_ID,
	EVENT_PREV_ORDER_ID, EVENT_PRODUCT, EVENT_AMOUNT, EVENT_AREA, EVENT_GRADE, EVENT_STATUS, EVENT_DIRECTION,
	EVENT_EFFECTIVE, EVENT_GROUP_SIZE, EVENT_REFERRER_UID, EVENT_ITEM_TYPE, EVENT_ORDER_DATE, EVENT_SRC_TABLE,
	EVENT_SRC_ID,
	EVENT_COLUMNS,
	/* Fields of a rule that are no columns. */
	EVENT_WHEN = EVENT_COLUMNS, EVENT_VOID,
	EVENT_FIELDS,
};

extern const char *const event_fields[EVENT_FIELDS];
/* The built-in rules, as they stand. */
extern const char *const event_rules_csv;

struct event_rules;

/* The built-in table, or --rules, and --add-rules over it; every line is checked. */
struct event_rules *event_rules_load(struct run *run);
/* Does any line speak of this table?  If not, *nearest is the name that was meant, perhaps. */
bool event_rules_know(const struct event_rules *rules, struct view table, struct view *nearest);

struct event_plan;

/* The rules of one table, against the header of its file. */
struct event_plan *event_plan_new(const struct event_rules *rules, struct view table, const struct header *header,
                                  struct event_registers *registers);
void event_plan_release(struct event_plan *plan);

/* An event: cells of EVENT_TYPE and of EVENT_AT to EVENT_ORDER_DATE, as they are written;
 * src_id is the row's key, or a hash of the row where it has none. */
struct event {
	struct view cell[EVENT_COLUMNS];
	bool hashed;
};

struct event_scratch {
	struct expression_scratch expressions;
	struct event *events; /* of the row just done */
	size_t count;
	struct buf text;
	struct event_tally unknown_projects, unknown_channels;
	uint64_t void_rows, silent_rows;
};

void event_scratch_init(struct event_scratch *scratch, const struct event_plan *plan);
void event_scratch_release(struct event_scratch *scratch, struct event_plan *plan);

/* FATE_USED with one event or more, whose cells are valid until the next row (row_doubt() is
 * done where another one has no date); FATE_LEFT_OUT
 * where the row is void or no rule's condition holds; FATE_REJECTED (row_reject() is done)
 * where no event of it has a date, or an expression fails. */
enum fate event_row(const struct event_plan *plan, struct event_scratch *scratch, const struct row *row,
                    struct task *task);

#endif
