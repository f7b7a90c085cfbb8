/* decode: see decode.h. */
#include "table/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/source.h"
#include "value/text.h"

struct decoder {
	enum charset from;
	bool keep;
	bool started;    /* something was put out: no byte order mark any more */
	bool kept;       /* the last byte put out is one that was kept */
	iconv_t iconv;   /* unless UTF-8 */
	uint64_t offset; /* bytes decoded */
	uint64_t lines;  /* line feeds put out */
	char carry[8];   /* the beginning of a character whose rest is in the next piece */
	size_t carried;
	bool mixed;      /* each line is UTF-8 or GB18030 */
	bool in_doubt;   /* what a line is that may be both */
	struct buf line; /* of mixed: what has come of it */
};

/* ---- names ---- */

static const struct {
	const char *name;
	enum charset charset;
} names[] = {
	{ "UTF-8", CHARSET_UTF8 }, { "UTF8", CHARSET_UTF8 }, { "UTF-16LE", CHARSET_UTF16LE },
	{ "UTF-16", CHARSET_UTF16LE }, { "UTF-16BE", CHARSET_UTF16BE }, { "GB18030", CHARSET_GB18030 },
	{ "GBK", CHARSET_GB18030 }, { "GB2312", CHARSET_GB18030 }, { "CP936", CHARSET_GB18030 },
	{ "BIG5", CHARSET_BIG5 }, { "BIG-5", CHARSET_BIG5 }, { "CP950", CHARSET_BIG5 },
};

static bool same_name(struct view a, struct view b)
{
	if (a.len != b.len)
		return false;
	for (size_t i = 0; i < a.len; i++)
		if (byte_lower(a.ptr[i]) != byte_lower(b.ptr[i]))
			return false;
	return true;
}

bool decode_charset(struct view name, enum charset *charset)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!same_name(name, view_of(names[i].name)))
			continue;
		*charset = names[i].charset;
		return true;
	}
	return false;
}

/* ---- pieces ---- */

struct decoder *decoder_new(enum charset from, bool keep)
{
	struct decoder *decoder = heap_alloc(sizeof *decoder);
	*decoder = (struct decoder){ .from = from, .keep = keep };
	if (from != CHARSET_UTF8) {
		decoder->iconv = iconv_open("UTF-8", charset_name(from));
		if (decoder->iconv == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): iconv's own form */
			die_errno("no conversion from %s on this system", charset_name(from));
	}
	return decoder;
}

struct decoder *decoder_new_mixed(enum charset from, bool keep)
{
	struct decoder *decoder = decoder_new(CHARSET_GB18030, keep);
	decoder->mixed = true;
	decoder->in_doubt = from == CHARSET_UTF8;
	return decoder;
}

void decoder_free(struct decoder *decoder)
{
	if (!decoder)
		return;
	if (decoder->from != CHARSET_UTF8)
		iconv_close(decoder->iconv);
	buf_release(&decoder->line);
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
	if (decoder->from == CHARSET_GB18030 && byte == 0x80) {
		buf_text(utf8, "\u20ac");
		take(decoder, bytes, 1);
		decoder->kept = false;
		return true;
	}
	if (!decoder->keep)
		return false;
	bool wide = decoder->from == CHARSET_UTF16LE || decoder->from == CHARSET_UTF16BE;
	/* Two of them in a row might be valid UTF-8 by chance: FF between them never is. */
	if (wide || byte < 0x80 || (decoder->kept && decoder->from != CHARSET_UTF8))
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
		bool cut = decoder->from == CHARSET_UTF8 ? decode_utf8(decoder, bytes, utf8) :
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

/* A hanzi of UTF-8 has three bytes, and three in a row that are valid by chance are rare;
 * two (隆 of GBK is C2 A1) are not. */
static bool is_utf8_line(const struct decoder *decoder, struct view line)
{
	bool wide = false;
	for (size_t i = 0; i < line.len && !wide; i++)
		wide = (unsigned char)line.ptr[i] >= 0xE0;
	return (wide || decoder->in_doubt) && text_valid(line);
}

static bool put_lines(struct decoder *decoder, struct view bytes, bool last, struct buf *utf8)
{
	bool good = true;
	buf_put(&decoder->line, bytes);
	struct view rest = buf_view(&decoder->line);
	while (good && rest.len) {
		size_t feed = view_find_byte(rest, '\n');
		if (feed == SIZE_MAX && !last && rest.len < READER_FIELD_MOST)
			break;
		struct view line = view_first(rest, feed == SIZE_MAX ? feed : feed + 1);
		rest = view_skip(rest, line.len);
		if (is_utf8_line(decoder, line)) {
			buf_put(utf8, line);
			decoder->offset += line.len;
		} else {
			good = decode(decoder, &line, true, utf8);
		}
	}
	if (rest.len)
		memmove(decoder->line.ptr, rest.ptr, rest.len);
	decoder->line.len = rest.len;
	return good;
}

static bool put_piece(struct decoder *decoder, struct view bytes, bool last, struct buf *utf8)
{
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
	return good;
}

bool decoder_put(struct decoder *decoder, struct view bytes, bool last, struct buf *utf8)
{
	size_t start = utf8->len;
	bool good = decoder->mixed ? put_lines(decoder, bytes, last, utf8) : put_piece(decoder, bytes, last, utf8);
	drop_mark(decoder, utf8, start);
	count_lines(decoder, view_skip(buf_view(utf8), start));
	return good;
}

/* ---- files ---- */

enum { SAMPLE_LEAST = 64 * 1024, SAMPLE_MOST = 1024 * 1024, PIECE = 256 * 1024 };

struct decoded {
	struct source *source;
	struct decoder *decoder;
	struct buf raw;     /* read, not decoded yet */
	struct buf utf8;    /* decoded, given out up to `given` */
	size_t given;
	bool ended;         /* the source is, or `bad` */
	bool bad;           /* a byte cannot be decoded */
	const char *looks;  /* the encoding that it looks like, where that is not the one that was named */
};

static bool is_ascii(struct view bytes)
{
	for (size_t i = 0; i < bytes.len; i++)
		if ((unsigned char)bytes.ptr[i] >= 0x80)
			return false;
	return true;
}

static void read_piece(struct decoded *decoded)
{
	size_t n = source_try(decoded->source, buf_reserve(&decoded->raw, PIECE), PIECE);
	decoded->raw.len += n;
	decoded->ended = n == 0;
}

static void refuse_workbooks(const struct decoded *decoded)
{
	struct view start = view_trim(view_first(buf_view(&decoded->raw), 512));
	struct place place = { source_name(decoded->source), 0, 0 };
	if (view_starts(start, VIEW("\xd0\xcf\x11\xe0")) || view_starts(start, VIEW("PK\x03\x04")))
		die_at(STATUS_INPUT, place, "a workbook (xls, xlsx) or archive, not a table in text; save it as CSV");
	if (view_starts(start, VIEW("<html")) || view_starts(start, VIEW("<table")) ||
	    view_starts(start, VIEW("<?xml")) || view_starts(start, VIEW("<!DOCTYPE")))
		die_at(STATUS_INPUT, place, "HTML or XML, whatever its name says; open it in a spreadsheet and save it as CSV");
}

static struct charset_found look(struct decoded *decoded, const char *encoding)
{
	struct charset_found found = { .reason = TRANSLATED("--encoding says so") };
	do
		read_piece(decoded);
	while (!decoded->ended && (decoded->raw.len < SAMPLE_LEAST ||
	                           (decoded->raw.len < SAMPLE_MOST && is_ascii(buf_view(&decoded->raw)))));
	refuse_workbooks(decoded);
	struct charset_found seen = charset_detect(buf_view(&decoded->raw), decoded->ended);
	if (!encoding || !decode_charset(view_of(encoding), &found.charset))
		return seen;
	if (!seen.doubtful && seen.charset != found.charset)
		decoded->looks = charset_name(seen.charset);
	return found;
}

static void decode_raw(struct decoded *decoded)
{
	buf_reset(&decoded->utf8);
	decoded->given = 0;
	decoded->bad = !decoder_put(decoded->decoder, buf_view(&decoded->raw), decoded->ended, &decoded->utf8);
	decoded->ended |= decoded->bad;
	buf_reset(&decoded->raw);
}

static bool decoded_failed(void *state, bool end)
{
	const struct decoded *decoded = state;
	if (source_failed(decoded->source, end))
		return true;
	if (decoded->bad && end && decoded->looks)
		die_at(STATUS_INPUT, (struct place){ source_name(decoded->source), decoder_line(decoded->decoder), 0 },
		       "byte %llu of the file cannot be read as %s: it looks like %s",
		       (unsigned long long)decoder_offset(decoded->decoder) + 1,
		       charset_name(decoded->decoder->from), decoded->looks);
	if (decoded->bad && end)
		die_at(STATUS_INPUT, (struct place){ source_name(decoded->source), decoder_line(decoded->decoder), 0 },
		       "byte %llu of the file cannot be read as %s; --encoding names another encoding, "
		       "--encoding-errors=reject rejects such rows",
		       (unsigned long long)decoder_offset(decoded->decoder) + 1,
		       charset_name(decoded->decoder->from));
	return decoded->bad;
}

static size_t decoded_read(void *state, char *to, size_t room)
{
	struct decoded *decoded = state;
	while (decoded->given == decoded->utf8.len && (!decoded->ended || decoded->raw.len)) {
		if (!decoded->raw.len)
			read_piece(decoded);
		decode_raw(decoded);
	}
	struct view rest = view_first(view_skip(buf_view(&decoded->utf8), decoded->given), room);
	if (rest.len)
		memcpy(to, rest.ptr, rest.len);
	decoded->given += rest.len;
	return rest.len;
}

static bool decoded_would_wait(void *state)
{
	struct decoded *decoded = state;
	return decoded->given == decoded->utf8.len && !decoded->raw.len && !decoded->ended &&
	       source_would_wait(decoded->source);
}

static void decoded_close(void *state)
{
	struct decoded *decoded = state;
	source_close(decoded->source);
	decoder_free(decoded->decoder);
	buf_release(&decoded->raw);
	buf_release(&decoded->utf8);
	free(decoded);
}

struct feed decode_open(const char *name, const struct decode_options *options, struct charset_found *found)
{
	struct decoded *decoded = heap_alloc(sizeof *decoded);
	*decoded = (struct decoded){ .source = source_open(name, options->threads) };
	if (options->digest)
		source_digest_start(decoded->source);
	*found = look(decoded, options->encoding);
	decoded->decoder = found->mixed ? decoder_new_mixed(found->charset, options->keep) :
	                                  decoder_new(found->charset, options->keep);
	return (struct feed){ .state = decoded, .read = decoded_read, .would_wait = decoded_would_wait,
		.close = decoded_close, .failed = decoded_failed, .name = source_name(decoded->source), .path = source_path(decoded->source),
		.source = decoded->source };
}

/* ---- whole texts ---- */

bool decode_all(struct view bytes, struct buf *utf8, uint64_t *line)
{
	struct charset_found found = charset_detect(bytes, true);
	struct decoder *decoder = found.mixed ? decoder_new_mixed(found.charset, false) : decoder_new(found.charset, false);
	bool good = decoder_put(decoder, bytes, true, utf8);
	*line = decoder_line(decoder);
	decoder_free(decoder);
	return good;
}
