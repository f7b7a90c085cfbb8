/* decode: see decode.h. */
#include "table/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/fail.h"
#include "value/text.h"

struct decoder {
	enum encoding from;
	bool keep;
	bool started;    /* something was put out: no byte order mark any more */
	bool kept;       /* the last byte put out is one that was kept */
	iconv_t iconv;   /* unless UTF-8 */
	uint64_t offset; /* bytes decoded */
	uint64_t lines;  /* line feeds put out */
	char carry[8];   /* the beginning of a character whose rest is in the next piece */
	size_t carried;
};

/* ---- names ---- */

static const struct {
	const char *name;
	enum encoding encoding;
} names[] = {
	{ "UTF-8", ENCODING_UTF8 }, { "UTF-16LE", ENCODING_UTF16LE }, { "UTF-16BE", ENCODING_UTF16BE },
	{ "GB18030", ENCODING_GB18030 }, { "BIG5", ENCODING_BIG5 },
	{ "UTF8", ENCODING_UTF8 }, { "UTF-16", ENCODING_UTF16LE }, { "GBK", ENCODING_GB18030 },
	{ "GB2312", ENCODING_GB18030 }, { "CP936", ENCODING_GB18030 }, { "BIG-5", ENCODING_BIG5 },
	{ "CP950", ENCODING_BIG5 },
};

const char *encoding_name(enum encoding encoding)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].encoding == encoding)
			return names[i].name;
	return "unknown";
}

static bool same_name(struct view a, struct view b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (byte_lower(a.ptr[i]) != byte_lower(b.ptr[i]))
			return false;
	return true;
}

enum encoding encoding_of_name(struct view name)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (same_name(name, view_of(names[i].name)))
			return names[i].encoding;
	return ENCODING_UNKNOWN;
}

/* ---- pieces ---- */

struct decoder *decoder_new(enum encoding from, bool keep)
{
	struct decoder *decoder = heap_alloc(sizeof *decoder);
	*decoder = (struct decoder){ .from = from, .keep = keep };
	if (from != ENCODING_UTF8) {
		decoder->iconv = iconv_open("UTF-8", encoding_name(from));
		if (decoder->iconv == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): iconv's own form */
			die_errno("no conversion from %s on this system", encoding_name(from));
	}
	return decoder;
}

void decoder_free(struct decoder *decoder)
{
	if (!decoder)
		return;
	if (decoder->from != ENCODING_UTF8)
		iconv_close(decoder->iconv);
	free(decoder);
}

uint64_t decoder_offset(const struct decoder *decoder) { return decoder->offset; }
uint64_t decoder_line(const struct decoder *decoder) { return decoder->lines + 1; }

/* How long the character is that begins here, as far as its first byte tells. */
static size_t utf8_length(unsigned char first)
{
	return first < 0xC2 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 1;
}

/* The bytes are the cut beginning of a character, nothing worse. */
static bool utf8_is_cut(struct view rest)
{
	if (rest.len >= utf8_length((unsigned char)rest.ptr[0]))
		return false;
	for (size_t i = 1; i < rest.len; i++)
		if (((unsigned char)rest.ptr[i] & 0xC0) != 0x80)
			return false;
	return true;
}

static void take(struct decoder *decoder, struct view *bytes, size_t n)
{
	decoder->offset += n;
	*bytes = view_skip(*bytes, n);
}

/* Decodes what it can of *bytes; true where it stopped at a character that is only cut. */
static bool decode_utf8(struct decoder *decoder, struct view *bytes, struct buf *utf8)
{
	size_t good = text_valid_length(*bytes);
	buf_put(utf8, view_first(*bytes, good));
	take(decoder, bytes, good);
	return !bytes->len || utf8_is_cut(*bytes);
}

static bool decode_iconv(struct decoder *decoder, struct view *bytes, struct buf *utf8)
{
	for (;;) {
		char *in = (char *)(uintptr_t)bytes->ptr; /* iconv reads only, whatever its type says */
		size_t left = bytes->len, room = bytes->len * 2 + 16, before = room;
		char *out = buf_reserve(utf8, room);
		size_t done = iconv(decoder->iconv, &in, &left, &out, &room);
		int reason = done == (size_t)-1 ? errno : 0;
		utf8->len += before - room;
		take(decoder, bytes, bytes->len - left);
		if (reason == E2BIG)
			continue;
		if (reason == EILSEQ)
			return false;
		return true; /* all, or EINVAL: the end is cut */
	}
}

/* One byte (of UTF-16 one unit) that cannot be decoded, at the beginning of *bytes. */
static bool pass_bad(struct decoder *decoder, struct view *bytes, struct buf *utf8)
{
	unsigned char byte = (unsigned char)bytes->ptr[0];
	if (decoder->from == ENCODING_GB18030 && byte == 0x80) {
		buf_text(utf8, "\u20ac");
		take(decoder, bytes, 1);
		decoder->kept = false;
		return true;
	}
	if (!decoder->keep)
		return false;
	bool wide = decoder->from == ENCODING_UTF16LE || decoder->from == ENCODING_UTF16BE;
	/* Two of them in a row might be valid UTF-8 by chance: FF between them never is. */
	if (wide || byte < 0x80 || (decoder->kept && decoder->from != ENCODING_UTF8))
		buf_byte(utf8, '\xff');
	if (!wide && byte >= 0x80)
		buf_byte(utf8, (char)byte);
	take(decoder, bytes, wide && bytes->len > 1 ? 2 : 1);
	decoder->kept = true;
	return true;
}

static bool decode(struct decoder *decoder, struct view *bytes, bool last, struct buf *utf8)
{
	while (bytes->len) {
		size_t before = utf8->len;
		bool cut = decoder->from == ENCODING_UTF8 ? decode_utf8(decoder, bytes, utf8) :
		                                            decode_iconv(decoder, bytes, utf8);
		if (utf8->len > before)
			decoder->kept = false;
		if (!bytes->len || (cut && !last))
			return true;
		if (!pass_bad(decoder, bytes, utf8))
			return false;
	}
	return true;
}

static void drop_mark(struct decoder *decoder, struct buf *utf8, size_t start)
{
	struct view fresh = view_skip(buf_view(utf8), start);
	if (decoder->started || !fresh.len)
		return;
	decoder->started = true;
	if (view_starts(fresh, VIEW("\xef\xbb\xbf"))) {
		memmove(utf8->ptr + start, utf8->ptr + start + 3, fresh.len - 3);
		utf8->len -= 3;
	}
}

static void count_lines(struct decoder *decoder, struct view fresh)
{
	for (; fresh.len; decoder->lines++) {
		size_t feed = view_find_byte(fresh, '\n');
		if (feed == SIZE_MAX)
			return;
		fresh = view_skip(fresh, feed + 1);
	}
}

bool decoder_put(struct decoder *decoder, struct view bytes, bool last, struct buf *utf8)
{
	size_t start = utf8->len;
	bool good = true;
	/* The carried beginning gets bytes of this piece one by one until it is whole. */
	while (good && decoder->carried && (bytes.len || last)) {
		if (bytes.len) {
			decoder->carry[decoder->carried++] = bytes.ptr[0];
			bytes = view_skip(bytes, 1);
		}
		struct view carry = view(decoder->carry, decoder->carried);
		good = decode(decoder, &carry, last && !bytes.len, utf8);
		memmove(decoder->carry, carry.ptr, carry.len);
		decoder->carried = carry.len;
	}
	if (good && bytes.len) {
		good = decode(decoder, &bytes, last, utf8);
		if (good)
			memcpy(decoder->carry, bytes.ptr, bytes.len);
		decoder->carried = good ? bytes.len : 0;
	}
	drop_mark(decoder, utf8, start);
	count_lines(decoder, view_skip(buf_view(utf8), start));
	return good;
}

/* ---- whole texts ---- */

static enum encoding guess(struct view bytes)
{
	if (view_starts(bytes, VIEW("\xff\xfe")))
		return ENCODING_UTF16LE;
	if (view_starts(bytes, VIEW("\xfe\xff")))
		return ENCODING_UTF16BE;
	return text_valid(bytes) ? ENCODING_UTF8 : ENCODING_GB18030;
}

bool decode_all(struct view bytes, struct buf *utf8, uint64_t *line)
{
	struct decoder *decoder = decoder_new(guess(bytes), false);
	bool good = decoder_put(decoder, bytes, true, utf8);
	*line = decoder_line(decoder);
	decoder_free(decoder);
	return good;
}
