/* keys: see keys.h. */
#include "identity/keys.h"

#include "value/date.h"
#include "value/idcard.h"
#include "value/phone.h"

enum { CERT_DIGITS = 18, CERT_X = 10, CERT_CHECKS = 11 };

void identity_keys_reset(struct identity_keys *keys)
{
	keys->cert = 0;
	keys->mobiles = keys->firsts = keys->name_len = 0;
	keys->form = IDENTITY_NO_NAME;
}

/* ---- names ---- */

void identity_keys_name(struct identity_keys *keys, struct view cell)
{
	struct person person;
	struct view first;
	if (!person_next(&cell, &first))
		return;
	enum person_kind kind = person_parse(first, &person);
	if (kind != PERSON_NATURAL && kind != PERSON_COMPANY)
		return;
	bool part = kind == PERSON_NATURAL && (person.surname_only || person.masked);
	size_t len = part ? person.surname : person.len;
	/* Stars in place of the surname: nothing is left to compare. */
	if (!len || (person.masked && view_find_byte(view(person.text, len), '*') != SIZE_MAX))
		return;
	keys->form = part ? IDENTITY_SURNAME : IDENTITY_FULL_NAME;
	keys->name_len = (unsigned)len;
	memcpy(keys->name, person.text, len);
}

/* ---- mobile numbers ---- */

static void add_mobile(struct identity_keys *keys, struct view text)
{
	uint64_t number;
	if (keys->mobiles == IDENTITY_MOBILES || !view_parse_u64(text, 1, UINT64_MAX, &number))
		return;
	for (unsigned i = 0; i < keys->mobiles; i++)
		if (keys->mobile[i] == number)
			return;
	keys->mobile[keys->mobiles++] = number;
}

void identity_keys_mobile(struct identity_keys *keys, struct view cell)
{
	struct phone_list list;
	if (!cell.len)
		return;
	phone_parse(cell, &list);
	for (unsigned i = 0; i < list.count; i++)
		if (list.phones[i].kind == PHONE_MOBILE && !(list.phones[i].issues & PHONE_ISSUE_FAKE))
			add_mobile(keys, phone_text(&list.phones[i]));
	/* The first number of all is the first one; a second number of its cell is not. */
	keys->firsts = keys->mobiles ? 1 : 0;
}

/* ---- ID cards ---- */

bool identity_cert_number(struct view text, uint64_t *number)
{
	uint64_t digits;
	if (text.len != CERT_DIGITS || !view_parse_u64(view_first(text, CERT_DIGITS - 1), 1, UINT64_MAX, &digits))
		return false;
	char last = text.ptr[CERT_DIGITS - 1];
	if (last != 'X' && !byte_is_digit(last))
		return false;
	*number = digits * CERT_CHECKS + (last == 'X' ? CERT_X : (uint64_t)(last - '0'));
	return true;
}

void identity_cert_text(uint64_t number, struct buf *to)
{
	unsigned check = (unsigned)(number % CERT_CHECKS);
	buf_printf(to, "%017llu%c", (unsigned long long)(number / CERT_CHECKS), check == CERT_X ? 'X' : (char)('0' + check));
}

void identity_keys_cert(struct identity_keys *keys, struct view cell)
{
	struct idcard card;
	struct view text = cell;
	if (!cell.len)
		return;
	if (!idcard_is_valid(cell)) {
		/* The age is not asked: a card does not become another one by it. */
		enum idcard_result result = idcard_parse(cell, DATE_MAX, &card);
		if ((result != IDCARD_OK && result != IDCARD_BAD_AGE) ||
		    (card.kind != IDCARD_RESIDENT && card.kind != IDCARD_HMT))
			return;
		text = idcard_text(&card);
	}
	if (!identity_cert_number(text, &keys->cert))
		keys->cert = 0;
}
