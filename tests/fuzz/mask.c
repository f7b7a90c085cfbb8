/* Masks: of anything at all no more is shown than the mask allows, and masking what is
 * masked shows no more.  Shown is what is neither star nor separator. */
#include "fuzz.h"

#include "value/idcard.h"
#include "value/mask.h"
#include "value/person.h"
#include "value/phone.h"
#include "value/text.h"

static size_t count_shown(struct view text)
{
	size_t count = 0;
	while (text.len) {
		uint32_t code = text_next(&text);
		count += code != '*' && code != '/' && code != '-';
	}
	return count;
}

static void check_phone(struct view cell)
{
	struct buf once = { 0 }, twice = { 0 };
	mask_phone(cell, &once);
	size_t numbers = 0;
	for (struct view rest = buf_view(&once); rest.ptr && once.len; numbers++) {
		struct view one = view_cut(&rest, '/');
		struct phone_list list;
		bool service = phone_parse(one, &list) == 1 && list.phones[0].kind == PHONE_SERVICE;
		PROPERTY(service || count_shown(one) <= 8, "of a number at most area code and four digits: %.*s", VIEW_ARGS(one));
		PROPERTY(service || view_find_byte(one, '*') != SIZE_MAX, "something is hidden: %.*s", VIEW_ARGS(one));
	}
	PROPERTY(numbers <= PHONE_MOST + 1, "so many numbers");
	mask_phone(buf_view(&once), &twice);
	PROPERTY(count_shown(buf_view(&twice)) <= count_shown(buf_view(&once)), "%s masked again shows more: %s",
	         buf_string(&once), buf_string(&twice));
	buf_release(&once);
	buf_release(&twice);
}

static void check_cert(struct view cell, bool strict)
{
	struct buf once = { 0 }, twice = { 0 };
	struct idcard card;
	mask_cert(cell, strict, &once);
	idcard_parse(cell, 0, &card);
	if (card.kind != IDCARD_COMPANY)
		PROPERTY(count_shown(buf_view(&once)) <= (strict ? 2u : 10u), "at most six and four: %s", buf_string(&once));
	PROPERTY(!once.len || card.kind == IDCARD_COMPANY || view_find_byte(buf_view(&once), '*') != SIZE_MAX,
	         "something is hidden: %s", buf_string(&once));
	mask_cert(buf_view(&once), strict, &twice);
	PROPERTY(count_shown(buf_view(&twice)) <= count_shown(buf_view(&once)), "%s masked again shows more: %s",
	         buf_string(&once), buf_string(&twice));
	buf_release(&once);
	buf_release(&twice);
}

static void check_name(struct view cell, bool middle)
{
	struct buf once = { 0 }, twice = { 0 };
	struct person person;
	mask_name(cell, middle, &once);
	if (person_parse(cell, &person) != PERSON_COMPANY) {
		PROPERTY(count_shown(buf_view(&once)) <= 2u + middle, "a surname and perhaps one more: %s", buf_string(&once));
		PROPERTY(!once.len || view_find_byte(buf_view(&once), '*') != SIZE_MAX, "something is hidden: %s",
		         buf_string(&once));
	}
	mask_name(buf_view(&once), middle, &twice);
	PROPERTY(count_shown(buf_view(&twice)) <= count_shown(buf_view(&once)), "%s masked again shows more: %s",
	         buf_string(&once), buf_string(&twice));
	buf_release(&once);
	buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view cell = fuzz_copy(fuzz_bytes(bytes, len));
	check_phone(cell);
	for (int option = 0; option < 2; option++) {
		check_cert(cell, option);
		check_name(cell, option);
	}
	fuzz_free(cell);
	return 0;
}
