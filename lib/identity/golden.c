/* golden: see golden.h. */
#include "identity/golden.h"

#include <stdlib.h>

#include "identity/keys.h"

static int newest_first(const void *a, const void *b)
{
	const struct golden_record *x = a, *y = b;
	if (x->when != y->when)
		return x->when > y->when ? -1 : 1;
	return view_compare(y->bytes, x->bytes);
}

/* How much a record's name says: its form, then whether an ID card stands beside it. */
static unsigned name_worth(const enum golden_kind *kinds, size_t columns, const struct golden_record *record,
                           struct view name)
{
	struct identity_keys keys;
	identity_keys_reset(&keys);
	identity_keys_name(&keys, name);
	for (size_t i = 0; i < columns && !keys.cert; i++)
		if (kinds[i] == GOLDEN_CERT)
			identity_keys_cert(&keys, record->cells[i]);
	return (unsigned)keys.form * 2 + (keys.cert != 0);
}

static struct view pick_name(const enum golden_kind *kinds, size_t columns, const struct golden_record *records,
                             size_t count, size_t column)
{
	struct view best = { NULL, 0 };
	unsigned worth = 0;
	for (size_t i = 0; i < count; i++) {
		struct view name = records[i].cells[column];
		if (!name.len)
			continue;
		unsigned now = name_worth(kinds, columns, &records[i], name);
		if (!best.ptr || now > worth) {
			best = name;
			worth = now;
		}
	}
	return best;
}

static struct view pick_plain(const struct golden_record *records, size_t count, size_t column)
{
	for (size_t i = 0; i < count; i++)
		if (records[i].cells[column].len)
			return records[i].cells[column];
	return view(NULL, 0);
}

static struct view pick_cert(const struct golden_record *records, size_t count, size_t column)
{
	struct identity_keys keys;
	identity_keys_reset(&keys);
	for (size_t i = 0; i < count; i++) {
		identity_keys_cert(&keys, records[i].cells[column]);
		if (keys.cert)
			return records[i].cells[column];
	}
	return pick_plain(records, count, column);
}

/* All numbers of the person, newest record first; what the columns hold of them. */
static void pick_mobiles(const enum golden_kind *kinds, size_t columns, const struct golden_record *records,
                         size_t count, struct arena *arena, struct view *cells)
{
	struct identity_keys keys;
	unsigned given = 0;
	identity_keys_reset(&keys);
	for (size_t i = 0; i < count; i++)
		for (size_t column = 0; column < columns; column++)
			if (kinds[column] == GOLDEN_MOBILE)
				identity_keys_mobile(&keys, records[i].cells[column]);
	for (size_t column = 0; column < columns; column++) {
		if (kinds[column] != GOLDEN_MOBILE)
			continue;
		if (given < keys.mobiles)
			cells[column] = view_of(arena_printf(arena, "%llu", (unsigned long long)keys.mobile[given++]));
		else if (!given)
			cells[column] = pick_plain(records, count, column); /* masked ones are better than none */
	}
}

void golden_pick(const enum golden_kind *kinds, size_t columns, struct golden_record *records, size_t count,
                 struct arena *arena, struct view *cells)
{
	qsort(records, count, sizeof *records, newest_first);
	for (size_t i = 0; i < columns; i++) {
		cells[i] = view(NULL, 0);
		if (kinds[i] == GOLDEN_PLAIN)
			cells[i] = pick_plain(records, count, i);
		else if (kinds[i] == GOLDEN_NAME)
			cells[i] = pick_name(kinds, columns, records, count, i);
		else if (kinds[i] == GOLDEN_CERT)
			cells[i] = pick_cert(records, count, i);
	}
	pick_mobiles(kinds, columns, records, count, arena, cells);
}
