/* Names: the normal form of the normal form is itself; a cell of several is cut to its end. */
#include "fuzz.h"

#include "value/person.h"
#include "value/text.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view cell = fuzz_copy(fuzz_bytes(bytes, len)), rest = cell, name;
	struct person person, again;
	enum person_kind kind = person_parse(cell, &person);
	PROPERTY(kind == person.kind && person_kind_name(kind), "a kind");
	PROPERTY(person.len <= PERSON_LONGEST && person.surname <= person.len, "the surname is part of the text");
	if (kind == PERSON_NATURAL || kind == PERSON_COMPANY) {
		PROPERTY(person.len, "a name has a text");
		PROPERTY(person_parse(person_text(&person), &again) == kind, "a %s became a %s", person_kind_name(kind),
		         person_kind_name(again.kind));
		PROPERTY_SAME(person_text(&again), person_text(&person), "normal");
		PROPERTY(again.surname == person.surname, "the surname of the normal form");
	}
	PROPERTY(person_surname(cell) <= cell.len, "a surname is part of the name");
	for (size_t left = rest.len + 1; person_next(&rest, &name); left = rest.len) {
		PROPERTY(rest.len < left, "each name takes something off");
		PROPERTY(name.len <= cell.len, "a part");
		if (!rest.len)
			break;
	}
	fuzz_free(cell);
	return 0;
}
