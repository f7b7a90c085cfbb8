/* keys: what of a record tells who it is about.  Room: identity.
 *
 * Cells are read as ledgers write them: several numbers in a cell, ID cards of 15 digits,
 * titles and notes in names.  A masked number, one that nobody has (13800138000) and a card
 * that fails its tests are no keys; a name with stars counts as the surname that is left
 * of it. */
#ifndef CRM_IDENTITY_KEYS_H
#define CRM_IDENTITY_KEYS_H

#include "base/buf.h"
#include "base/view.h"
#include "value/person.h"

enum { IDENTITY_MOBILES = 8 };

enum identity_name {
	IDENTITY_NO_NAME,
	IDENTITY_SURNAME,   /* 张先生, 张* */
	IDENTITY_FULL_NAME,
};

struct identity_keys {
	uint64_t cert;                       /* 0: no valid one */
	unsigned mobiles;
	unsigned firsts;                     /* how many of them are of the first cell */
	uint64_t mobile[IDENTITY_MOBILES];   /* as numbers; those of the first cell first */
	enum identity_name form;
	unsigned name_len;
	char name[PERSON_LONGEST];           /* normal form, or the surname */
};

static inline struct view identity_name_of(const struct identity_keys *keys)
{
	return view(keys->name, keys->name_len);
}

/* Empties it; then cells are added, those that matter most first. */
void identity_keys_reset(struct identity_keys *keys);
void identity_keys_name(struct identity_keys *keys, struct view cell);
void identity_keys_mobile(struct identity_keys *keys, struct view cell);
void identity_keys_cert(struct identity_keys *keys, struct view cell);

/* A card as a number that orders as its text does, and back (18 characters). */
bool identity_cert_number(struct view text, uint64_t *number);
void identity_cert_text(uint64_t number, struct buf *to);

#endif
