/* register: what the registers of projects and of channels say of a value.  Room: event.
 *
 * A ledger writes a project by its id or by its name, and a channel in many ways.  The
 * register of projects (project_id, name, region, city) gives one id and its places, the
 * map of channels (raw, channel, channel2) two levels.  Values are compared folded: width
 * and case do not count.  A value that is not there stays as it is and is counted. */
#ifndef CRM_EVENT_REGISTER_H
#define CRM_EVENT_REGISTER_H

#include "base/hash.h"
#include "engine/load.h"

enum { REGISTER_GIVES = 3 };

/* A table looked up by one or two of its columns, which gives up to three. */
struct event_register {
	struct loaded *table; /* NULL: there is none, every value stands for itself */
	struct intern keys;
	size_t *rows;         /* by key */
	size_t rows_room;
	unsigned gives[REGISTER_GIVES]; /* columns; COLUMN_NONE where the table lacks one */
};

/* Values and how often they came. */
struct event_tally {
	struct intern values;
	uint64_t *counts;
	size_t room;
	struct arena arena;
};

struct event_registers {
	struct event_register projects; /* gives project_id, region, city */
	struct event_register channels; /* gives channel, channel2 */
	struct event_tally unknown_projects, unknown_channels; /* of the whole run */
};

/* `file` NULL: without.  Ends the program (3) where a column is not there, or one value
 * stands for two rows that say different things. */
void event_projects_load(struct event_registers *registers, struct run *run, const char *file);
void event_channels_load(struct event_registers *registers, struct run *run, const char *file);
/* Notes for the summary: what the registers lack. */
void event_registers_release(struct event_registers *registers, struct run *run);

/* Sets `cells` to what the register gives; false where it does not know the value. */
bool event_register_find(const struct event_register *reg, struct view value, struct buf *memory,
                         struct view cells[REGISTER_GIVES]);

void event_tally_add(struct event_tally *tally, struct view value, uint64_t count);
void event_tally_merge(struct event_tally *into, const struct event_tally *from);
/* A line of the summary: `what` and the values with their numbers, by bytes. */
void event_tally_note(const struct event_tally *tally, struct run *run, const char *what);
void event_tally_release(struct event_tally *tally);

#endif
