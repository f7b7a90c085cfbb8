/* Telephones: each number's canonical text reads as that number alone. */
#include "fuzz.h"

#include "value/phone.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view cell = fuzz_copy(fuzz_bytes(bytes, len));
	struct phone_list list, again;
	PROPERTY(phone_parse(cell, &list) == list.count && list.count <= PHONE_MOST, "how many");
	for (unsigned i = 0; i < list.count; i++) {
		const struct phone *phone = &list.phones[i];
		struct view text = phone_text(phone);
		PROPERTY(text.len && text.len <= PHONE_LONGEST, "a text");
		PROPERTY(phone_kind_name(phone->kind) != NULL, "a kind");
		phone_parse(text, &again);
		PROPERTY(again.count == 1, "%.*s is %u numbers", VIEW_ARGS(text), again.count);
		PROPERTY_SAME(phone_text(&again.phones[0]), text, "canonical");
		PROPERTY(again.phones[0].kind == phone->kind, "%.*s: a %s became a %s", VIEW_ARGS(text),
		         phone_kind_name(phone->kind), phone_kind_name(again.phones[0].kind));
		PROPERTY(phone_is_mobile(text) == (phone->kind == PHONE_MOBILE), "%.*s: fast and slow agree", VIEW_ARGS(text));
		PROPERTY(phone_is_valid(text) == (phone->kind != PHONE_MASKED), "%.*s is valid unless masked", VIEW_ARGS(text));
		for (unsigned j = 0; j < i; j++)
			PROPERTY(!view_equal(text, phone_text(&list.phones[j])), "equal numbers are listed once");
	}
	fuzz_free(cell);
	return 0;
}
