/* decode: see decode.h. */
#include "table/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/fail.h"
#include "base/source.h"
#include "value/text.h"

/* The two-byte characters of GB18030, as iconv decodes them: three bytes of UTF-8 and how
 * many of them count; 0 where there is none. */
struct pairs {
	unsigned char utf8[0xFE - 0x81 + 1][0xFE - 0x40 + 1][4];
};

struct decoder {
	enum charset from; /* what it is decoded as right now */
	bool keep;
	bool started;    /* something was put out: no byte order mark any more */
	bool kept;       /* the last byte put out is one that was kept */
	iconv_t iconv;   /* unless the text is UTF-8 throughout */
	bool converts;
	struct pairs *pairs; /* of GB18030 */
	uint64_t offset; /* bytes decoded */
	uint64_t lines;  /* line feeds put out */
	char carry[8];   /* the beginning of a character whose rest is in the next piece */
	size_t carried;
	bool by_line;    /* each line is UTF-8 or GB18030 */
	enum charset likely;
	struct buf line; /* what has come of it */
	struct decoder_others others;
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
	{ "EUC-TW", CHARSET_EUC_TW }, { "EUCTW", CHARSET_EUC_TW }, { "UTF-32LE", CHARSET_UTF32LE },
	{ "UTF-32", CHARSET_UTF32LE }, { "UTF-32BE", CHARSET_UTF32BE },
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

static bool is_ascii(struct view bytes)
{
	uint64_t word, found = 0;
	size_t i = 0;
	for (; bytes.len - i >= sizeof word; i += sizeof word) {
		memcpy(&word, bytes.ptr + i, sizeof word);
		found |= word;
	}
	for (; i < bytes.len; i++)
		found |= (unsigned char)bytes.ptr[i] * 0x0101010101010101u;
	return !(found & 0x8080808080808080u);
}

/* Asks iconv once for each pair, in some 2 ms, so that it is not called for each character:
 * it goes by way of UCS-4, which took six times as long as all the rest of decoding. */
static struct pairs *pairs_new(iconv_t iconv_state)
{
	struct pairs *pairs = heap_alloc(sizeof *pairs);
	memset(pairs, 0, sizeof *pairs);
	for (unsigned lead = 0x81; lead <= 0xFE; lead++)
		for (unsigned trail = 0x40; trail <= 0xFE; trail++) {
			char pair[2] = { (char)lead, (char)trail };
			unsigned char *utf8 = pairs->utf8[lead - 0x81][trail - 0x40];
			char *in = pair, *out = (char *)utf8;
			size_t left = sizeof pair, room = 3;
			if (iconv(iconv_state, &in, &left, &out, &room) == 0 && !left)
				utf8[3] = (unsigned char)(3 - room);
			else
				iconv(iconv_state, NULL, NULL, NULL, NULL);
		}
	return pairs;
}

struct decoder *decoder_new(enum charset from, bool keep)
{
	struct decoder *decoder = heap_alloc(sizeof *decoder);
	*decoder = (struct decoder){ .from = from, .keep = keep };
	if (from != CHARSET_UTF8) {
		decoder->iconv = iconv_open("UTF-8", charset_name(from));
		if (decoder->iconv == (iconv_t)-1) /* NOLINT(performance-no-int-to-ptr): iconv's own form */
			die_errno("no conversion from %s on this system", charset_name(from));
		decoder->converts = true;
		if (from == CHARSET_GB18030)
			decoder->pairs = pairs_new(decoder->iconv);
	}
	return decoder;
}

struct decoder *decoder_new_lines(enum charset likely, bool keep)
{
	struct decoder *decoder = decoder_new(CHARSET_GB18030, keep);
	decoder->by_line = true;
	decoder->likely = likely;
	return decoder;
}

void decoder_free(struct decoder *decoder)
{
	if (!decoder)
		return;
	if (decoder->converts)
		iconv_close(decoder->iconv);
	buf_release(&decoder->line);
	free(decoder->pairs);
	free(decoder);
}

uint64_t decoder_offset(const struct decoder *decoder) { return decoder->offset; }
uint64_t decoder_line(const struct decoder *decoder) { return decoder->lines + 1; }
struct decoder_others decoder_others(const struct decoder *decoder) { return decoder->others; }

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

/* ASCII and pairs, as far as there is nothing else. */
static void decode_pairs(struct decoder *decoder, struct view *bytes, struct buf *utf8)
{
	const unsigned char *at = (const unsigned char *)bytes->ptr, *end = at + bytes->len;
	/* A pair becomes three bytes, eight of ASCII eight; eight more may be written. */
	char *to = buf_reserve(utf8, bytes->len / 2 * 3 + 8), *start = to;
	for (;;) {
		uint64_t word;
		for (; end - at >= 8; at += 8, to += 8) {
			memcpy(&word, at, sizeof word);
			if (word & 0x8080808080808080u)
				break;
			memcpy(to, &word, sizeof word);
		}
		while (at < end && *at < 0x80)
			*to++ = (char)*at++;
		if (end - at < 2 || *at == 0x80 || *at == 0xFF || at[1] < 0x40 || at[1] == 0xFF)
			break;
		do {
			const unsigned char *pair = decoder->pairs->utf8[*at - 0x81][at[1] - 0x40];
			if (!pair[3])
				break;
			memcpy(to, pair, 4);
			to += pair[3];
			at += 2;
		} while (end - at >= 2 && *at > 0x80 && *at < 0xFF && at[1] >= 0x40 && at[1] < 0xFF);
		if (at < end && *at >= 0x80)
			break;
	}
	utf8->len += (size_t)(to - start);
	take(decoder, bytes, (size_t)((const char *)at - bytes->ptr));
}

/* As decode_iconv(), with iconv only for what is no pair. */
static bool decode_gb18030(struct decoder *decoder, struct view *bytes, struct buf *utf8)
{
	for (;;) {
		decode_pairs(decoder, bytes, utf8);
		if (!bytes->len)
			return true;
		bool four = bytes->len > 1 && byte_is_digit(bytes->ptr[1]);
		struct view one = view_first(*bytes, four ? 4 : 2);
		size_t len = one.len;
		bool good = decode_iconv(decoder, &one, utf8);
		*bytes = view_skip(*bytes, len - one.len);
		if (!good || one.len)
			return good && one.len == bytes->len; /* only the end may be cut */
	}
}

/* Bytes of which characters are made. */
static size_t unit_of(enum charset charset)
{
	return charset == CHARSET_UTF16LE || charset == CHARSET_UTF16BE   ? 2
	       : charset == CHARSET_UTF32LE || charset == CHARSET_UTF32BE ? 4
	                                                                  : 1;
}

/* One unit that cannot be decoded, at the beginning of *bytes. */
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
	size_t unit = unit_of(decoder->from);
	bool wide = unit > 1;
	/* Two of them in a row might be valid UTF-8 by chance: FF between them never is. */
	if (wide || byte < 0x80 || (decoder->kept && decoder->from != CHARSET_UTF8))
		buf_byte(utf8, '\xff');
	if (!wide && byte >= 0x80)
		buf_byte(utf8, (char)byte);
	take(decoder, bytes, unit < bytes->len ? unit : bytes->len);
	decoder->kept = true;
	return true;
}

static bool decode(struct decoder *decoder, struct view *bytes, bool last, struct buf *utf8)
{
	while (bytes->len) {
		size_t before = utf8->len;
		bool cut = decoder->from == CHARSET_UTF8    ? decode_utf8(decoder, bytes, utf8)
		           : decoder->from == CHARSET_GB18030 ? decode_gb18030(decoder, bytes, utf8)
		                                              : decode_iconv(decoder, bytes, utf8);
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

/* Lines that are of one encoding, at once.  Damaged UTF-8 goes through the decoder of UTF-8,
 * which stops at it or keeps it. */
static bool put_run(struct decoder *decoder, struct view run, enum charset charset, struct buf *utf8)
{
	decoder->from = charset;
	return decode(decoder, &run, true, utf8);
}

static void count_other(struct decoder *decoder, uint64_t line)
{
	if (!decoder->others.count++)
		decoder->others.first = line;
}

/* Whole lines (the last one may lack its end).  Runs of one encoding are decoded together:
 * a call of iconv for each line would take as long as all the rest. */
static bool put_whole_lines(struct decoder *decoder, struct view lines, struct buf *utf8)
{
	const char *start = lines.ptr;
	enum charset run = decoder->likely;
	uint64_t number = decoder->lines;
	while (lines.len) {
		size_t feed = view_find_byte(lines, '\n');
		struct view line = view_first(lines, feed == SIZE_MAX ? feed : feed + 1);
		number++;
		if (!is_ascii(line)) {
			enum charset charset = charset_of_line(line, decoder->likely);
			if (charset != decoder->likely)
				count_other(decoder, number);
			if (charset != run) {
				if (!put_run(decoder, view(start, (size_t)(line.ptr - start)), run, utf8))
					return false;
				start = line.ptr;
				run = charset;
			}
		}
		lines = view_skip(lines, line.len);
	}
	return put_run(decoder, view(start, (size_t)(lines.ptr - start)), run, utf8);
}

/* UTF-8 throughout, which is seen faster than line by line. */
static bool put_lines_of(struct decoder *decoder, struct view lines, struct buf *utf8)
{
	size_t start = utf8->len;
	bool good = true;
	if (decoder->likely == CHARSET_UTF8 && text_valid(lines)) {
		buf_put(utf8, lines);
		decoder->offset += lines.len;
	} else {
		good = put_whole_lines(decoder, lines, utf8);
	}
	count_lines(decoder, view_skip(buf_view(utf8), start));
	return good;
}

static bool put_lines(struct decoder *decoder, struct view bytes, bool last, struct buf *utf8)
{
	if (decoder->line.len) {
		size_t feed = view_find_byte(bytes, '\n');
		struct view rest = view_first(bytes, feed == SIZE_MAX ? feed : feed + 1);
		buf_put(&decoder->line, rest);
		bytes = view_skip(bytes, rest.len);
		if (feed == SIZE_MAX && !last && decoder->line.len < READER_RECORD_MOST)
			return true;
		bool good = put_lines_of(decoder, buf_view(&decoder->line), utf8);
		buf_reset(&decoder->line);
		if (!good)
			return false;
	}
	size_t whole = bytes.len;
	while (!last && whole && bytes.ptr[whole - 1] != '\n')
		whole--;
	buf_put(&decoder->line, view_skip(bytes, whole));
	return put_lines_of(decoder, view_first(bytes, whole), utf8);
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
	bool good = decoder->by_line ? put_lines(decoder, bytes, last, utf8) : put_piece(decoder, bytes, last, utf8);
	drop_mark(decoder, utf8, start);
	if (!decoder->by_line)
		count_lines(decoder, view_skip(buf_view(utf8), start));
	return good;
}

/* ---- files ---- */

enum { SAMPLE_LEAST = 64 * 1024, SAMPLE_MOST = 1024 * 1024, PIECE = 256 * 1024 };

struct decode {
	struct decode_options options;
	struct feed bytes;
	struct source *source; /* NULL where they come from elsewhere */
	struct decoder *decoder;
	struct buf raw;     /* read, not decoded yet */
	struct buf utf8;    /* decoded, given out up to `given` */
	size_t given;
	bool ended;         /* the source is, or `bad` */
	bool bad;           /* a byte cannot be decoded */
	const char *looks;  /* the encoding that it looks like, where that is not the one that was named */
};

static void read_piece(struct decode *decode)
{
	size_t n = decode->bytes.read(decode->bytes.state, buf_reserve(&decode->raw, PIECE), PIECE);
	decode->raw.len += n;
	decode->ended = n == 0;
}

static struct charset_found look(struct decode *decode)
{
	struct charset_found found = { .reason = TRANSLATED("--encoding says so") };
	struct charset_found seen = charset_detect(buf_view(&decode->raw), decode->ended);
	if (!decode->options.encoding || !decode_charset(view_of(decode->options.encoding), &found.charset))
		return seen;
	if (!seen.doubtful && seen.charset != found.charset)
		decode->looks = charset_name(seen.charset);
	return found;
}

static void decode_raw(struct decode *decode)
{
	buf_reset(&decode->utf8);
	decode->given = 0;
	decode->bad = !decoder_put(decode->decoder, buf_view(&decode->raw), decode->ended, &decode->utf8);
	decode->ended |= decode->bad;
	buf_reset(&decode->raw);
}

static bool bytes_failed(const struct decode *decode, bool end)
{
	return decode->bytes.failed && decode->bytes.failed(decode->bytes.state, end);
}

static bool decoded_failed(void *state, bool end)
{
	const struct decode *decode = state;
	struct place place = { decode->bytes.name, 0, 0 };
	if (bytes_failed(decode, end))
		return true;
	if (!decode->bad || !end)
		return decode->bad;
	place.line = decoder_line(decode->decoder);
	if (decode->looks)
		die_at(STATUS_INPUT, place, "byte %llu of the file cannot be read as %s: it looks like %s",
		       (unsigned long long)decoder_offset(decode->decoder) + 1,
		       charset_name(decode->decoder->from), decode->looks);
	die_at(STATUS_INPUT, place, "byte %llu of the file cannot be read as %s; --encoding names another encoding, "
	       "--encoding-errors=reject rejects such rows",
	       (unsigned long long)decoder_offset(decode->decoder) + 1, charset_name(decode->decoder->from));
}

static size_t decoded_read(void *state, char *to, size_t room)
{
	struct decode *decode = state;
	while (decode->given == decode->utf8.len && (!decode->ended || decode->raw.len)) {
		if (!decode->raw.len)
			read_piece(decode);
		decode_raw(decode);
	}
	struct view rest = view_first(view_skip(buf_view(&decode->utf8), decode->given), room);
	if (rest.len)
		memcpy(to, rest.ptr, rest.len);
	decode->given += rest.len;
	return rest.len;
}

static bool decoded_would_wait(void *state)
{
	struct decode *decode = state;
	return decode->given == decode->utf8.len && !decode->raw.len && !decode->ended && decode->bytes.would_wait &&
	       decode->bytes.would_wait(decode->bytes.state);
}

void decode_close(struct decode *decode)
{
	if (decode->bytes.close)
		decode->bytes.close(decode->bytes.state);
	decoder_free(decode->decoder);
	buf_release(&decode->raw);
	buf_release(&decode->utf8);
	free(decode);
}

static void decoded_close(void *state)
{
	decode_close(state);
}

/* What was named is what it is; what was found out may change between the lines. */
static struct decoder *decoder_for(const struct charset_found *found, const struct decode_options *options)
{
	bool two = found->charset == CHARSET_UTF8 || found->charset == CHARSET_GB18030;
	return two && !options->encoding ? decoder_new_lines(found->charset, options->keep) :
	                                   decoder_new(found->charset, options->keep);
}

struct decode *decode_feed(struct feed bytes, const struct decode_options *options)
{
	struct decode *decode = heap_alloc(sizeof *decode);
	*decode = (struct decode){ .options = *options, .bytes = bytes, .source = bytes.source };
	do
		read_piece(decode);
	while (!decode->ended && (decode->raw.len < SAMPLE_LEAST ||
	                          (decode->raw.len < SAMPLE_MOST && is_ascii(buf_view(&decode->raw)))));
	return decode;
}

static size_t source_feed_read(void *state, char *to, size_t room) { return source_try(state, to, room); }
static bool source_feed_waits(void *state) { return source_would_wait(state); }
static void source_feed_close(void *state) { source_close(state); }
static bool source_feed_failed(void *state, bool end) { return source_failed(state, end); }

struct decode *decode_open(const char *name, const struct decode_options *options)
{
	struct source *source = source_open(name, options->threads);
	if (options->digest)
		source_digest_start(source);
	return decode_feed((struct feed){ .state = source, .read = source_feed_read, .would_wait = source_feed_waits,
		.close = source_feed_close, .failed = source_feed_failed, .name = source_name(source),
		.path = source_path(source), .source = source }, options);
}

struct view decode_start(const struct decode *decode) { return buf_view(&decode->raw); }
const char *decode_name(const struct decode *decode) { return decode->bytes.name; }

bool decode_is_plain(const struct decode *decode)
{
	return decode->source && source_path(decode->source) && view_is(view_of(source_form(decode->source)), "plain");
}

/* The feed that stands in the place of the bytes. */
static struct feed feed_of(struct decode *decode, size_t (*read)(void *, char *, size_t))
{
	return (struct feed){ .state = decode, .read = read, .would_wait = decoded_would_wait, .close = decoded_close,
		.failed = decoded_failed, .name = decode->bytes.name, .path = decode->bytes.path, .source = decode->source };
}

struct feed decode_text(struct decode *decode, struct charset_found *found)
{
	*found = look(decode);
	decode->decoder = decoder_for(found, &decode->options);
	return feed_of(decode, decoded_read);
}

static size_t bytes_read(void *state, char *to, size_t room)
{
	struct decode *decode = state;
	if (decode->given == decode->raw.len && !decode->ended) {
		buf_reset(&decode->raw);
		decode->given = 0;
		read_piece(decode);
	}
	struct view rest = view_first(view_skip(buf_view(&decode->raw), decode->given), room);
	if (rest.len)
		memcpy(to, rest.ptr, rest.len);
	decode->given += rest.len;
	return rest.len;
}

struct feed decode_bytes(struct decode *decode)
{
	return feed_of(decode, bytes_read);
}

struct decoder_others decode_others(const struct feed *feed)
{
	const struct decode *decode = feed->state;
	return decode->decoder ? decoder_others(decode->decoder) : (struct decoder_others){ 0, 0 };
}

/* ---- whole texts ---- */

bool decode_all(struct view bytes, struct buf *utf8, uint64_t *line)
{
	struct charset_found found = charset_detect(bytes, true);
	struct decoder *decoder = decoder_for(&found, &(struct decode_options){ .encoding = NULL });
	bool good = decoder_put(decoder, bytes, true, utf8);
	*line = decoder_line(decoder);
	decoder_free(decoder);
	return good;
}
