/* Decoding: the same text, or the same stop, whether it comes at once or in pieces; kept
 * bytes never make valid text of what was not; UTF-8 is itself. */
#include "fuzz.h"

#include "table/decode.h"
#include "value/text.h"

static struct decoder *decoder_of(enum charset from, bool keep, bool mixed)
{
	return mixed ? decoder_new_lines(from, keep) : decoder_new(from, keep);
}

struct decoded {
	struct buf utf8;
	bool good;
	uint64_t offset, line;
};

static void decode(struct decoded *decoded, struct decoder *decoder, struct view bytes, size_t first, size_t then)
{
	buf_reset(&decoded->utf8);
	decoded->good = true;
	for (bool last = false; decoded->good && !last;) {
		struct view piece = view_first(bytes, first ? first : then);
		first = 0;
		bytes = view_skip(bytes, piece.len);
		last = !bytes.len;
		decoded->good = decoder_put(decoder, piece, last, &decoded->utf8);
	}
	decoded->offset = decoder_offset(decoder);
	decoded->line = decoder_line(decoder);
	decoder_free(decoder);
}

static void check(struct view text, enum charset from, bool keep, bool mixed)
{
	struct decoded whole = { 0 }, pieces = { 0 };
	decode(&whole, decoder_of(from, keep, mixed), text, 0, SIZE_MAX);
	PROPERTY(whole.good || !keep, "with `keep` nothing stops");
	if (whole.good && !keep)
		PROPERTY(text_valid(buf_view(&whole.utf8)), "what was decoded is UTF-8");
	if (from == CHARSET_UTF8 && text_valid(text) && !mixed) {
		struct view expected = view_skip(text, view_starts(text, VIEW("\xef\xbb\xbf")) ? 3 : 0);
		PROPERTY(whole.good, "valid UTF-8");
		PROPERTY_SAME(buf_view(&whole.utf8), expected, "is itself");
	}
	size_t step = text.len / 16 + 1;
	for (size_t at = 1; at <= text.len; at += step) {
		decode(&pieces, decoder_of(from, keep, mixed), text, at, 1 + at % 5);
		PROPERTY(pieces.good == whole.good, "cut at %zu: the same end", at);
		PROPERTY(pieces.offset == whole.offset && pieces.line == whole.line, "cut at %zu: byte %llu line %llu, at once %llu %llu",
		         at, (unsigned long long)pieces.offset, (unsigned long long)pieces.line, (unsigned long long)whole.offset, (unsigned long long)whole.line);
		PROPERTY_SAME(buf_view(&pieces.utf8), buf_view(&whole.utf8), "cut at %zu", at);
	}
	buf_release(&whole.utf8);
	buf_release(&pieces.utf8);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view input = fuzz_bytes(bytes, len);
	unsigned choice = fuzz_choose(&input, 14 + 2 * (CHARSETS - CHARSET_EUC_TW));
	struct view text = fuzz_copy(input);
	if (choice < 10)
		check(text, (enum charset)(choice / 2), choice % 2, false);
	else if (choice < 14)
		check(text, choice < 12 ? CHARSET_UTF8 : CHARSET_GB18030, choice % 2, true);
	else
		check(text, (enum charset)(CHARSET_EUC_TW + (choice - 14) / 2), choice % 2, false);
	struct buf utf8 = { 0 };
	uint64_t line = 0;
	bool good = decode_all(text, &utf8, &line);
	PROPERTY(line >= 1 && (!good || text_valid(buf_view(&utf8))), "a whole text");
	buf_release(&utf8);
	fuzz_free(text);
	return 0;
}
