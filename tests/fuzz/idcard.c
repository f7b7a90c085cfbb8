/* Papers: a text that was read reads as itself, with the same kind, birth and sex. */
#include "fuzz.h"

#include "value/date.h"
#include "value/idcard.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	enum { AS_OF = 20000 };
	struct view cell = fuzz_copy(fuzz_bytes(bytes, len));
	struct idcard card, again;
	enum idcard_result result = idcard_parse(cell, AS_OF, &card);
	PROPERTY(idcard_result_name(result) && idcard_kind_name(card.kind), "names");
	PROPERTY(card.len <= IDCARD_LONGEST, "the text fits");
	PROPERTY(!card.has_birth || (card.birth >= DATE_MIN && card.birth <= DATE_MAX), "a day of the calendar");
	if (result == IDCARD_OK) {
		PROPERTY(card.len, "a paper has a text");
		PROPERTY(idcard_parse(idcard_text(&card), AS_OF, &again) == IDCARD_OK, "%.*s", VIEW_ARGS(idcard_text(&card)));
		PROPERTY_SAME(idcard_text(&again), idcard_text(&card), "canonical");
		PROPERTY(again.kind == card.kind && again.birth == card.birth && again.sex == card.sex, "%.*s means the same",
		         VIEW_ARGS(idcard_text(&card)));
		if (card.kind == IDCARD_RESIDENT || card.kind == IDCARD_HMT)
			PROPERTY(card.len == 18 && idcard_check_digit(card.text) == card.text[17], "the check digit");
		if (card.kind == IDCARD_RESIDENT)
			PROPERTY(idcard_is_valid(idcard_text(&card)), "fast and slow agree");
		if (card.kind == IDCARD_COMPANY)
			PROPERTY(idcard_is_company(idcard_text(&card)), "fast and slow agree");
	}
	idcard_is_valid(cell);
	idcard_is_company(cell);
	fuzz_free(cell);
	return 0;
}
