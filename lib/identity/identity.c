/* identity: see identity.h.
 *
 * Disjoint sets over the records; the root of each knows the ID card of its cluster.  All
 * that makes two records candidates is found by sorting: (card, record), (mobile, record).
 * Records of one mobile are sorted by name, so that those of one name stand together. */
#include "identity/identity.h"

#include <stdlib.h>

#include "base/arena.h"
#include "engine/spill.h"

enum { NONE = UINT32_MAX };

struct record {
	struct view bytes;
	uint64_t cert;    /* its own; 0: none */
	uint64_t cluster; /* of a root: the card of its cluster */
	uint32_t parent;
	uint32_t name;    /* into names; of no use without a name */
	uint8_t mobiles, form, rule; /* mobiles: those that are keys */
};

/* A mobile number of a record. */
struct use {
	uint64_t mobile;
	uint32_t record;
	bool second;
};

struct identity {
	struct arena arena;
	struct record *records;
	size_t count, record_room;
	struct use *uses;
	size_t use_count, use_room;
	struct intern names;
	uint32_t *ranks;
	struct identity_counts counts;
	void (*note)(void *arg, const struct identity_note *note);
	void *arg;
};

const char *identity_rule_name(enum identity_rule rule)
{
	static const char *const names[] = { "", "cert", "mobile", "mobile2", "partial", "keyless" };
	return names[rule];
}

const char *identity_verdict_name(enum identity_verdict verdict)
{
	static const char *const names[] = { "merged", "refused", "ambiguous", "shared" };
	return names[verdict];
}

struct identity *identity_new(void)
{
	struct identity *identity = heap_alloc(sizeof *identity);
	*identity = (struct identity){ 0 };
	intern_init(&identity->names, &identity->arena);
	return identity;
}

void identity_free(struct identity *identity)
{
	if (!identity)
		return;
	intern_release(&identity->names);
	arena_release(&identity->arena);
	free(identity->records);
	free(identity->uses);
	free(identity->ranks);
	free(identity);
}

uint32_t identity_add(struct identity *identity, const struct identity_keys *keys, struct view bytes)
{
	size_t name = 0, at = identity->count;
	if (keys->form != IDENTITY_NO_NAME)
		intern_add(&identity->names, identity_name_of(keys), &name);
	heap_grow(identity->records, at, &identity->record_room);
	identity->records[at] = (struct record){ .bytes = bytes, .cert = keys->cert, .cluster = keys->cert,
		.parent = (uint32_t)at, .name = (uint32_t)name, .form = (uint8_t)keys->form,
		.mobiles = (uint8_t)keys->mobiles };
	for (unsigned i = 0; i < keys->mobiles; i++) {
		heap_grow(identity->uses, identity->use_count, &identity->use_room);
		identity->uses[identity->use_count++] = (struct use){ keys->mobile[i], (uint32_t)at, i >= keys->firsts };
	}
	identity->count++;
	return (uint32_t)at;
}

size_t identity_count(const struct identity *identity)
{
	return identity->count;
}

size_t identity_bytes(const struct identity *identity)
{
	return identity->arena.total + identity->names.bytes + identity->record_room * sizeof *identity->records +
	       identity->use_room * sizeof *identity->uses + identity->count * 2 * sizeof(struct order_item);
}

/* ---- clusters ---- */

static uint32_t root_of(struct identity *identity, uint32_t at)
{
	struct record *records = identity->records;
	while (records[at].parent != at) {
		records[at].parent = records[records[at].parent].parent;
		at = records[at].parent;
	}
	return at;
}

static void tell(const struct identity *identity, enum identity_verdict verdict, enum identity_rule rule, uint64_t key,
                 uint32_t a, uint32_t b, unsigned people)
{
	const struct identity_note note = { verdict, rule, key, a, b, people };
	if (identity->note)
		identity->note(identity->arg, &note);
}

static bool fits(struct identity *identity, uint32_t a, uint32_t b)
{
	uint64_t x = identity->records[root_of(identity, a)].cluster, y = identity->records[root_of(identity, b)].cluster;
	return !x || !y || x == y;
}

static void set_rule(struct record *record, enum identity_rule rule)
{
	if (record->rule == IDENTITY_ALONE)
		record->rule = (uint8_t)rule;
}

/* The clusters of two records that fit become one, under the smaller number. */
static void unite(struct identity *identity, enum identity_rule rule, uint64_t key, uint32_t a, uint32_t b)
{
	struct record *records = identity->records;
	uint32_t x = root_of(identity, a), y = root_of(identity, b);
	set_rule(&records[a], rule);
	set_rule(&records[b], rule);
	if (x == y)
		return;
	uint32_t root = x < y ? x : y, other = x < y ? y : x;
	records[other].parent = root;
	if (!records[root].cluster)
		records[root].cluster = records[other].cluster;
	tell(identity, IDENTITY_MERGED, rule, key, a, b, 0);
}

/* Clusters that a group of like records has met so far; all differ by their ID cards. */
struct anchors {
	const struct use **at;
	size_t count, room;
	bool again; /* first numbers have met before: only what second ones bring is new */
};

/* What a record might have been, but for the ID cards of clusters only. */
static void refuse_anchors(struct identity *identity, const struct anchors *anchors, enum identity_rule rule,
                           const struct use *use, const struct use *joined)
{
	const struct record *records = identity->records;
	for (size_t i = 0; i < anchors->count; i++) {
		const struct use *anchor = anchors->at[i];
		uint64_t a = records[anchor->record].cert, b = records[use->record].cert;
		bool candidates = !(a && b) || a == b;
		if (anchor == joined || !candidates || (joined && b) || (anchors->again && !anchor->second && !use->second) ||
		    root_of(identity, anchor->record) == root_of(identity, use->record))
			continue;
		identity->counts.refused++;
		tell(identity, IDENTITY_REFUSED, rule, use->mobile, anchor->record, use->record, 0);
	}
}

/* A record joins the first cluster that it fits. */
static void join_anchors(struct identity *identity, struct anchors *anchors, enum identity_rule rule,
                         const struct use *use)
{
	const struct use *joined = NULL;
	for (size_t i = 0; i < anchors->count && !joined; i++)
		if (fits(identity, anchors->at[i]->record, use->record))
			joined = anchors->at[i];
	if (joined)
		unite(identity, rule, use->mobile, joined->record, use->record);
	refuse_anchors(identity, anchors, rule, use, joined);
	if (!joined) {
		heap_grow(anchors->at, anchors->count, &anchors->room);
		anchors->at[anchors->count++] = use;
	}
}

/* ---- ID cards ---- */

struct card {
	uint64_t cert;
	uint32_t record;
};

static int by_card(const void *a, const void *b, void *arg)
{
	const struct identity *identity = arg;
	const struct card *x = a, *y = b;
	if (x->cert != y->cert)
		return x->cert < y->cert ? -1 : 1;
	int order = view_compare(identity->records[x->record].bytes, identity->records[y->record].bytes);
	return order ? order : (x->record > y->record) - (x->record < y->record);
}

static void merge_cards(struct identity *identity)
{
	struct card *cards = heap_alloc((identity->count + 1) * sizeof *cards);
	size_t count = 0;
	for (size_t i = 0; i < identity->count; i++)
		if (identity->records[i].cert)
			cards[count++] = (struct card){ identity->records[i].cert, (uint32_t)i };
	qsort_r(cards, count, sizeof *cards, by_card, identity);
	for (size_t i = 1; i < count; i++)
		if (cards[i].cert == cards[i - 1].cert)
			unite(identity, IDENTITY_CERT, cards[i].cert, cards[i - 1].record, cards[i].record);
	free(cards);
}

/* ---- mobiles ---- */

/* Full names first, each by its bytes, then surnames, then none; like ones by their records. */
static int by_mobile(const void *a, const void *b, void *arg)
{
	const struct identity *identity = arg;
	const struct use *x = a, *y = b;
	const struct record *one = &identity->records[x->record], *other = &identity->records[y->record];
	if (x->mobile != y->mobile)
		return x->mobile < y->mobile ? -1 : 1;
	if (one->form != other->form)
		return one->form > other->form ? -1 : 1;
	if (one->name != other->name)
		return view_compare(identity->names.keys[one->name], identity->names.keys[other->name]);
	int order = view_compare(one->bytes, other->bytes);
	return order ? order : (x->record > y->record) - (x->record < y->record);
}

/* The uses of one number, and what stands where in them. */
struct group {
	struct use *uses;
	size_t count, full, surname; /* full names stand before `full`, surnames before `surname` */
	unsigned people;             /* different full names, or ID cards if those are more */
};

static struct view name_of(const struct identity *identity, const struct use *use)
{
	return identity->names.keys[identity->records[use->record].name];
}

static bool same_name(const struct identity *identity, const struct use *a, const struct use *b)
{
	const struct record *x = &identity->records[a->record], *y = &identity->records[b->record];
	return x->form == y->form && (x->name == y->name || x->form == IDENTITY_NO_NAME);
}

static int by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static unsigned count_cards(const struct identity *identity, const struct group *group)
{
	uint64_t *cards = heap_alloc((group->count + 1) * sizeof *cards);
	size_t count = 0;
	unsigned different = 0;
	for (size_t i = 0; i < group->count; i++)
		if (identity->records[group->uses[i].record].cert)
			cards[count++] = identity->records[group->uses[i].record].cert;
	qsort(cards, count, sizeof *cards, by_number);
	for (size_t i = 0; i < count; i++)
		different += !i || cards[i] != cards[i - 1];
	free(cards);
	return different;
}

static struct group group_at(const struct identity *identity, size_t from, unsigned shared)
{
	struct group group = { .uses = identity->uses + from };
	while (from + group.count < identity->use_count && group.uses[group.count].mobile == group.uses[0].mobile) {
		const struct use *use = &group.uses[group.count];
		enum identity_name form = identity->records[use->record].form;
		if (form == IDENTITY_FULL_NAME && (!group.count || !same_name(identity, use, use - 1)))
			group.people++;
		group.full += form == IDENTITY_FULL_NAME;
		group.surname += form != IDENTITY_NO_NAME;
		group.count++;
	}
	if (group.count > shared && group.people <= shared) {
		unsigned cards = count_cards(identity, &group);
		group.people = cards > group.people ? cards : group.people;
	}
	return group;
}

/* Records of one full name: first among first numbers, then with the others. */
static void merge_full(struct identity *identity, const struct group *group, bool seconds)
{
	struct anchors anchors = { .again = seconds };
	for (size_t i = 0; i < group->full; i++) {
		const struct use *use = &group->uses[i];
		if (i && !same_name(identity, use, use - 1))
			anchors.count = 0;
		if (seconds || !use->second)
			join_anchors(identity, &anchors, seconds ? IDENTITY_MOBILE2 : IDENTITY_MOBILE, use);
	}
	free(anchors.at);
}

/* The clusters among the first `end` uses whose names begin with this one: NONE in *one
 * where there is none, and false where there are several. */
static bool one_cluster(struct identity *identity, const struct group *group, size_t end, struct view surname,
                        uint32_t *one)
{
	*one = NONE;
	for (size_t i = 0; i < end; i++) {
		uint32_t record = group->uses[i].record;
		if (!view_starts(name_of(identity, &group->uses[i]), surname))
			continue;
		if (*one != NONE && root_of(identity, *one) != root_of(identity, record))
			return false;
		*one = *one == NONE ? record : *one;
	}
	return true;
}

/* Uses [from, to) have one partial name: they are of the one cluster that it fits, or of
 * one person among themselves; where it fits several they stay alone. */
static void merge_partial(struct identity *identity, const struct group *group, size_t from, size_t to)
{
	uint32_t one;
	struct anchors anchors = { 0 };
	uint64_t key = group->uses[from].mobile;
	bool surname = identity->records[group->uses[from].record].form == IDENTITY_SURNAME;
	struct view name = surname ? name_of(identity, &group->uses[from]) : VIEW("");
	bool clear = one_cluster(identity, group, surname ? group->full : group->surname, name, &one);
	for (size_t i = from; i < to; i++) {
		uint32_t record = group->uses[i].record;
		if (!clear && identity->records[record].rule != IDENTITY_ALONE) {
			continue; /* known by something surer */
		} else if (!clear) {
			identity->counts.ambiguous++;
			tell(identity, IDENTITY_AMBIGUOUS, IDENTITY_PARTIAL, key, record, one, 0);
		} else if (one == NONE) {
			join_anchors(identity, &anchors, IDENTITY_PARTIAL, &group->uses[i]);
		} else if (fits(identity, one, record)) {
			unite(identity, IDENTITY_PARTIAL, key, one, record);
		} else {
			identity->counts.refused++;
			tell(identity, IDENTITY_REFUSED, IDENTITY_PARTIAL, key, one, record, 0);
		}
	}
	free(anchors.at);
}

static void merge_partials(struct identity *identity, const struct group *group)
{
	for (size_t from = group->full, to; from < group->count; from = to) {
		for (to = from + 1; to < group->count && same_name(identity, &group->uses[to], &group->uses[from]); to++)
			;
		merge_partial(identity, group, from, to);
	}
}

/* A number of nobody is no key: its uses are marked so. */
static void ignore(struct identity *identity, const struct group *group)
{
	identity->counts.shared++;
	tell(identity, IDENTITY_SHARED, IDENTITY_MOBILE, group->uses[0].mobile, group->uses[0].record,
	     group->uses[0].record, group->people);
	for (size_t i = 0; i < group->count; i++)
		identity->records[group->uses[i].record].mobiles--;
}

static void merge_mobiles(struct identity *identity, unsigned shared)
{
	if (!identity->use_count)
		return;
	qsort_r(identity->uses, identity->use_count, sizeof *identity->uses, by_mobile, identity);
	for (unsigned stage = 0; stage < 3; stage++) {
		for (size_t from = 0; from < identity->use_count;) {
			struct group group = group_at(identity, from, shared);
			from += group.count;
			if (group.people > shared) {
				if (stage == 0)
					ignore(identity, &group);
			} else if (group.count > 1) {
				if (stage == 2)
					merge_partials(identity, &group);
				else
					merge_full(identity, &group, stage == 1);
			}
		}
	}
}

/* ---- ranks ---- */

static struct view bytes_of(const struct order_item *item)
{
	const struct record *record = item->what;
	return record->bytes;
}

/* Clusters by their smallest records; of equal records the earlier one. */
static void rank_clusters(struct identity *identity)
{
	size_t count = identity->count, clusters = 0;
	identity->ranks = heap_alloc((count + 1) * sizeof *identity->ranks);
	struct order_item *items = heap_alloc((count + 1) * sizeof *items);
	uint32_t *least = identity->ranks;
	for (size_t i = 0; i < count; i++)
		least[i] = NONE;
	for (uint32_t i = 0; i < count; i++) {
		uint32_t root = root_of(identity, i);
		if (least[root] == NONE || view_compare(identity->records[i].bytes, identity->records[least[root]].bytes) < 0)
			least[root] = i;
	}
	for (size_t i = 0; i < count; i++)
		if (least[i] != NONE)
			items[clusters++].what = &identity->records[least[i]];
	order_sort(items, clusters, bytes_of);
	for (size_t i = 0; i < clusters; i++) {
		const struct record *record = items[i].what;
		identity->ranks[root_of(identity, (uint32_t)(record - identity->records))] = (uint32_t)i + 1;
	}
	identity->counts.clusters = clusters;
	free(items);
}

void identity_resolve(struct identity *identity, unsigned shared,
                      void (*note)(void *arg, const struct identity_note *note), void *arg)
{
	identity->note = note;
	identity->arg = arg;
	merge_cards(identity);
	merge_mobiles(identity, shared);
	for (size_t i = 0; i < identity->count; i++) {
		struct record *record = &identity->records[i];
		if (!record->cert && !record->mobiles) {
			record->rule = IDENTITY_KEYLESS;
			identity->counts.keyless++;
		}
	}
	rank_clusters(identity);
}

enum identity_rule identity_rule_of(const struct identity *identity, uint32_t record)
{
	return identity->records[record].rule;
}

uint32_t identity_rank(const struct identity *identity, uint32_t record)
{
	while (identity->records[record].parent != record)
		record = identity->records[record].parent;
	return identity->ranks[record];
}

const struct identity_counts *identity_counts(const struct identity *identity)
{
	return &identity->counts;
}
