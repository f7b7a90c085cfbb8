/* Dialects: a value written as a field is the field that is read, alone and among others;
 * any raw field has a value, no longer than itself. */
#include "fuzz.h"

#include "table/scan.h"

static void check(struct dialect dialect, struct view value)
{
	struct arena arena = { 0 };
	struct buf line = { 0 };
	struct split split = { 0 };
	dialect_put(dialect, value, &line);
	struct view field = arena_copy(&arena, buf_view(&line));
	PROPERTY_SAME(dialect_value(dialect, field, &arena), value, "a field alone");

	/* Twice in a record: the split finds three ends, and nothing odd. */
	buf_byte(&line, dialect.delimiter);
	buf_put(&line, field);
	buf_byte(&line, dialect.delimiter);
	buf_text(&line, "x\n");
	size_t len = line.len;
	memset(buf_reserve(&line, SCAN_PADDING), 0, SCAN_PADDING);
	struct cut cut = { 0 };
	scan_cut(&cut, dialect, line.ptr, len, true);
	PROPERTY(cut.end == len && !cut.odd, "one record, nothing odd");
	PROPERTY(scan_first(dialect, line.ptr, len) == len, "one first record");
	for (int plain = 0; plain < 2; plain++) {
		if (plain)
			scan_split_plain(&split, dialect, line.ptr, len);
		else
			scan_split(&split, dialect, line.ptr, len, false);
		PROPERTY(split.end_count == 3 && split.line_count == 1 && split.bad_count == 0, "three fields");
		PROPERTY(split.ends[0] == field.len && split.ends[1] == 2 * field.len + 1, "their ends");
	}
	split_release(&split);
	buf_release(&line);
	arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct dialect dialects[] = {
		{ DIALECT_CSV, ',' }, { DIALECT_CSV, ';' }, { DIALECT_CSV, '\t' }, { DIALECT_CSV, '|' }, { DIALECT_TSV, '\t' },
	};
	struct view value = fuzz_copy(fuzz_bytes(bytes, len));
	for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++) {
		struct arena arena = { 0 };
		check(dialects[i], value);
		struct view any = dialect_value(dialects[i], value, &arena);
		PROPERTY(any.len <= value.len, "a value is no longer than its field");
		arena_release(&arena);
	}
	fuzz_free(value);
	return 0;
}
