/* Lenient reading: of any text each record is read or known as bad, canonical CSV comes out,
 * with as many lines as went in; by the rule it stops where the scalar machine does. */
#include "fuzz.h"

#include "table/lenient.h"
#include "table/scan.h"

static struct lenient form_of(unsigned choice)
{
	static const char delimiters[] = { ',', ';', '\t', '|' };
	return (struct lenient){ .delimiter = delimiters[choice % 4], .quote = choice & 4 ? '\'' : '"',
		.escape = choice & 8 ? '\\' : '\0', .blanks = choice & 16, .lazy = choice & 32, .width = 1 + choice % 5 };
}

static size_t count_feeds(struct view text)
{
	size_t feeds = 0;
	for (size_t i = 0; i < text.len; i++)
		feeds += text.ptr[i] == '\n';
	return feeds;
}

/* One record out, canonical, with as many line feeds as went in. */
static void check_record(const struct lenient *form, struct view in, struct view out, bool bad)
{
	struct dialect dialect = { DIALECT_CSV, form->delimiter };
	struct split split = { 0 };
	struct buf padded = { 0 };
	buf_put(&padded, out);
	buf_reserve(&padded, SCAN_PADDING);
	PROPERTY(scan_first(dialect, padded.ptr, padded.len) == padded.len, "one record");
	scan_split_plain(&split, dialect, padded.ptr, padded.len);
	PROPERTY(!split.bad_count, "as the rule wants it");
	PROPERTY(!bad || split.end_count == 1, "a bad one is one field");
	PROPERTY(count_feeds(out) == count_feeds(in) + !view_ends(in, VIEW("\n")), "lines keep their numbers");
	split_release(&split);
	buf_release(&padded);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view input = fuzz_bytes(bytes, len);
	struct lenient form = form_of(fuzz_choose(&input, 64));
	struct view text = fuzz_copy(input);
	struct buf out = { 0 };
	struct lenient_record record;
	for (struct view rest = text; rest.len; rest = view_skip(rest, record.len)) {
		buf_reset(&out);
		enum lenient_result result = form.lazy ? lenient_read_lazily(&form, rest, true, &out, &record) :
		                                         lenient_read(&form, rest, true, &out, &record);
		PROPERTY(result != LENIENT_CUT, "a whole text is not cut");
		PROPERTY(record.len && record.len <= rest.len, "something is read");
		if (result == LENIENT_OPEN)
			break;
		if (form.lazy || result == LENIENT_GOOD)
			check_record(&form, view_first(rest, record.len), buf_view(&out), result == LENIENT_BAD);
		struct lenient_record cut;
		struct view less = view_first(rest, record.len - 1);
		buf_reset(&out);
		if (!form.lazy)
			PROPERTY(lenient_read(&form, less, false, &out, &cut) != LENIENT_GOOD || cut.len <= less.len, "a cut record");
	}
	buf_release(&out);
	fuzz_free(text);
	return 0;
}
