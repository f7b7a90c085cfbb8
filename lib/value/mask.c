/* mask: see mask.h. */
#include "value/mask.h"

#include "value/idcard.h"
#include "value/person.h"
#include "value/phone.h"
#include "value/text.h"

static void put_stars(struct buf *out, size_t count)
{
	while (count--)
		buf_byte(out, '*');
}

static bool is_null(struct view text)
{
	struct text_cell cell;
	return text_cell_fold(text, &cell) && text_is_null(text_cell_view(&cell));
}

/* ---- names ---- */

void mask_name(struct view name, bool middle, struct buf *out)
{
	struct person person;
	struct view rest, last = { NULL, 0 };
	size_t shown, hidden = 0;
	switch (person_parse(name, &person)) {
	case PERSON_NONE: return;
	case PERSON_UNKNOWN: put_stars(out, 3); return;
	case PERSON_COMPANY: buf_put(out, person_text(&person)); return;
	case PERSON_NATURAL: break;
	}
	rest = person_text(&person);
	shown = person.surname;
	if (!shown) { /* a name in letters, or with a dot: its first character */
		text_next(&rest);
		shown = person.len - rest.len;
		buf_put(out, view(person.text, shown));
		put_stars(out, 3);
		return;
	}
	buf_put(out, view(person.text, shown));
	for (rest = view_skip(rest, shown); rest.len; hidden++) {
		last = rest;
		text_next(&rest);
	}
	if (middle && hidden > 1) {
		put_stars(out, 1);
		buf_put(out, last);
	} else {
		put_stars(out, hidden > 1 ? 2 : 1);
	}
}

/* ---- phones ---- */

/* Area code and last four digits; of a mobile number the first three. */
static void mask_number(const struct phone *phone, struct buf *out)
{
	struct view text = phone_text(phone);
	size_t hyphen = view_find_byte(text, '-'), shown = 3;
	bool landline = phone->kind == PHONE_LANDLINE || (phone->kind == PHONE_MASKED && text.ptr[0] == '0');
	if (phone->kind == PHONE_SERVICE) {
		buf_put(out, text);
		return;
	}
	if (phone->kind == PHONE_FOREIGN || (landline && phone->issues & PHONE_ISSUE_NO_AREA_CODE))
		shown = 0;
	else if (landline)
		shown = text.ptr[1] <= '2' ? 3 : 4;
	/* An extension is nobody's secret, but says who it is: it goes. */
	if (landline && hyphen != SIZE_MAX) {
		size_t second = view_find_byte(view_skip(text, hyphen + 1), '-');
		if (second != SIZE_MAX)
			text = view_first(text, hyphen + 1 + second);
	}
	buf_put(out, view_first(text, shown));
	if (landline && shown)
		buf_byte(out, '-');
	put_stars(out, 4);
	buf_put(out, view_skip(text, text.len - 4));
}

void mask_phone(struct view phone, struct buf *out)
{
	struct phone_list list;
	const unsigned lost = PHONE_ISSUE_BAD_PHONE | PHONE_ISSUE_BAD_MOBILE | PHONE_ISSUE_SCI_NOTATION | PHONE_ISSUE_TOO_MANY;
	if (is_null(phone))
		return;
	phone_parse(phone, &list);
	for (unsigned i = 0; i < list.count; i++) {
		if (i)
			buf_byte(out, '/');
		mask_number(&list.phones[i], out);
	}
	if (list.issues & lost && list.count)
		buf_byte(out, '/');
	if (list.issues & lost || !list.count)
		put_stars(out, 3);
}

/* ---- papers ---- */

void mask_cert(struct view cert, bool strict, struct buf *out)
{
	struct idcard card;
	size_t head = 1, tail = 1;
	struct view text;
	if (is_null(cert))
		return;
	/* The age does not matter here. */
	idcard_parse(cert, 0, &card);
	text = idcard_text(&card);
	if (card.kind == IDCARD_COMPANY) {
		buf_put(out, text);
		return;
	}
	if (text.len < 5) {
		put_stars(out, 3);
		return;
	}
	if (!strict && text.len == 18) {
		head = 6;
		tail = 4;
	}
	if (card.upgraded) { /* the cell had neither century nor check digit */
		buf_put(out, view_first(text, head));
		put_stars(out, 15 - head - tail);
		buf_put(out, view(text.ptr + 17 - tail, tail));
		return;
	}
	buf_put(out, view_first(text, head));
	put_stars(out, text.len - head - tail);
	buf_put(out, view_skip(text, text.len - tail));
}
