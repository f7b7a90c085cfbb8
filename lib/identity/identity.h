/* identity: which records are one person, by exact keys.  Room: identity.
 *
 * Records share a key when they have the same valid ID card, or a mobile number, and then
 * their names must fit.  In this order, so that what is surer comes first:
 *
 *     cert      the same ID card
 *     mobile    the same first mobile, and the same full name
 *     mobile2   a number that is the second or third one of either, and the same full name
 *     partial   the same mobile, where one has no more than the surname that the other begins
 *               with, or no name
 *
 * What forbids a merge:
 *   - two different valid ID cards never come into one cluster, through no chain;
 *   - a mobile under more than `shared` different full names, or ID cards, is nobody's key;
 *   - a partial name that could be of two persons who share the number joins neither.
 * Within a rule candidates are tried in the order of key, name and record bytes, so that the
 * outcome does not depend on the order of the records.
 *
 * Pure but for its memory: nothing is known of files or options. */
#ifndef CRM_IDENTITY_IDENTITY_H
#define CRM_IDENTITY_IDENTITY_H

#include "base/hash.h"
#include "identity/keys.h"

enum identity_rule { IDENTITY_ALONE, IDENTITY_CERT, IDENTITY_MOBILE, IDENTITY_MOBILE2, IDENTITY_PARTIAL, IDENTITY_KEYLESS };
/* "" cert mobile mobile2 partial keyless: what stands in the column match_rule. */
const char *identity_rule_name(enum identity_rule rule);

enum identity_verdict {
	IDENTITY_MERGED,    /* two records are one person now */
	IDENTITY_REFUSED,   /* they would be, but for the ID cards of their clusters */
	IDENTITY_AMBIGUOUS, /* a partial name that fits several persons */
	IDENTITY_SHARED,    /* a mobile number that is ignored */
};
const char *identity_verdict_name(enum identity_verdict verdict);

struct identity_note {
	enum identity_verdict verdict;
	enum identity_rule rule;
	uint64_t key;      /* the mobile number, or the ID card (identity_cert_text) */
	uint32_t a, b;     /* records; b is a where there is no second one */
	unsigned people;   /* of a shared number: different full names, or ID cards */
};

struct identity_counts {
	uint64_t clusters, keyless, shared, refused, ambiguous;
};

struct identity;

struct identity *identity_new(void);
void identity_free(struct identity *identity);
/* Adds a record; returns its number, from 0.  Keys are copied.  `bytes` is the whole record,
 * kept as a view: it must stand as long as the identity.  At most 2^32 - 2 records. */
uint32_t identity_add(struct identity *identity, const struct identity_keys *keys, struct view bytes);
size_t identity_count(const struct identity *identity);
/* Memory taken. */
size_t identity_bytes(const struct identity *identity);

/* Merges.  `note` is called for all that happens; it may be NULL. */
void identity_resolve(struct identity *identity, unsigned shared,
                      void (*note)(void *arg, const struct identity_note *note), void *arg);
/* After that: by what rule the record is in its cluster. */
enum identity_rule identity_rule_of(const struct identity *identity, uint32_t record);
/* The rank of its cluster, from 1: clusters stand in the order of their smallest records. */
uint32_t identity_rank(const struct identity *identity, uint32_t record);
const struct identity_counts *identity_counts(const struct identity *identity);

#endif
