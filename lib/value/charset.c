/* charset: see charset.h. */
#include "value/charset.h"

#include "base/fail.h"
#include "value/text.h"

const char *charset_name(enum charset charset)
{
	static const char *const names[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", "BIG5", "EUC-TW",
		"UTF-32LE", "UTF-32BE" };
	return names[charset];
}

/* ---- UTF-16 ---- */

static bool is_usual(unsigned unit)
{
	return unit == '\t' || unit == '\n' || unit == '\r' || (unit >= 0x20 && unit < 0x7F) || (unit >= 0xA0 && unit < 0x250) ||
	       (unit >= 0x2000 && unit < 0x2700) || (unit >= 0x3000 && unit < 0x3400) || (unit >= 0x3400 && unit < 0xA000) ||
	       (unit >= 0xD800 && unit < 0xE000) || (unit >= 0xF900 && unit < 0xFB00) || (unit >= 0xFE30 && unit < 0xFFF0) ||
	       unit == 0xFEFF;
}

/* UTF-16 without a mark: ASCII has a zero byte on one side, always the same, and nearly
 * every unit is of a script that ledgers use.  (The zeros alone would not do: a NUL in a
 * UTF-8 file is one too.) */
static bool is_utf16(struct view sample, bool big_endian, size_t *characters)
{
	const unsigned char *s = (const unsigned char *)sample.ptr;
	size_t units = sample.len / 2, usual = 0, ascii = 0, high = 0;
	for (size_t i = 0; i < units; i++) {
		unsigned unit = big_endian ? (unsigned)s[2 * i] << 8 | s[2 * i + 1] : (unsigned)s[2 * i + 1] << 8 | s[2 * i];
		usual += is_usual(unit);
		ascii += unit > 0 && unit < 0x80;
		high += (unit & 0x8080) != 0;
	}
	*characters = units - ascii;
	/* Hanzi have high bytes, so ASCII with a NUL or two is told apart by their lack. */
	return ascii > 0 && usual >= units - units / 50 && (high || ascii * 3 >= units);
}

/* ---- UTF-8 ---- */

struct census {
	size_t characters; /* beyond ASCII */
	size_t wide;       /* of three bytes and more: hanzi are */
};

static struct census take_census(struct view text)
{
	struct census census = { 0 };
	for (size_t i = 0; i < text.len; i++) {
		unsigned char c = (unsigned char)text.ptr[i];
		census.characters += c >= 0xC0;
		census.wide += c >= 0xE0;
	}
	return census;
}

/* Whether what is left behind the valid part may be the beginning of a character. */
static bool is_cut(struct view rest)
{
	const unsigned char lead = rest.len ? (unsigned char)rest.ptr[0] : 0;
	size_t want = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
	char whole[4];
	if (rest.len >= want || lead < 0xC2)
		return false;
	/* One of the two fits behind any lead byte that there is. */
	for (int pad = 0x80; pad <= 0xBF; pad += 0x3F) {
		memset(whole, pad, sizeof whole);
		memcpy(whole, rest.ptr, rest.len);
		if (text_valid(view(whole, want)))
			return true;
	}
	return false;
}

/* Valid, but for a character that the end of the sample cuts. */
static bool is_utf8(struct view sample, bool whole)
{
	size_t valid = text_valid_length(sample);
	return valid == sample.len || (!whole && is_cut(view_skip(sample, valid)));
}

/* Lines beyond ASCII that are UTF-8 for sure (two hanzi at least), and those that are not. */
static void count_lines(struct view sample, bool whole, struct charset_found *found)
{
	for (struct view rest = sample; rest.ptr;) {
		struct view line = view_cut(&rest, '\n');
		struct census census = take_census(line);
		if (!census.characters || (!rest.ptr && !whole))
			continue;
		if (!text_valid(line))
			found->other_lines++;
		else if (census.wide >= 2)
			found->utf8_lines++;
	}
}

/* ---- GB18030, Big5 and EUC-TW ---- */

struct weight {
	size_t hanzi;    /* characters that are none of the symbols, and bytes that are none at all */
	size_t frequent; /* of level 1 */
	size_t bad;      /* bytes that are no character */
	size_t characters;
};

/* What begins with a byte of 80 and more, and how long it is. */
enum character { BAD, SYMBOL, RARE, FREQUENT };

/* Two bytes: lead 81-FE, trail 40-7E or 80-FE; four: 81-FE 30-39 81-FE 30-39.  Level 1 of
 * GB 2312 is B0A1-D7F9; symbols are A1-A9. */
static enum character gb18030_character(const unsigned char *s, size_t left, size_t *len)
{
	unsigned char lead = s[0], trail = left > 1 ? s[1] : 0;
	bool pair = (trail >= 0x40 && trail <= 0x7E) || (trail >= 0x80 && trail <= 0xFE);
	bool four = left > 3 && trail >= 0x30 && trail <= 0x39 && s[2] >= 0x81 && s[3] >= 0x30 && s[3] <= 0x39;
	if (lead == 0x80 || lead == 0xFF || (!pair && !four))
		return BAD;
	*len = pair ? 2 : 4;
	if (pair && lead >= 0xA1 && lead <= 0xA9)
		return SYMBOL;
	return lead >= 0xB0 && lead <= 0xD7 && trail >= 0xA1 ? FREQUENT : RARE;
}

/* Lead A1-F9, trail 40-7E or A1-FE.  Level 1 is A440-C67E; symbols are A1-A3. */
static enum character big5_character(const unsigned char *s, size_t left, size_t *len)
{
	unsigned char lead = s[0], trail = left > 1 ? s[1] : 0;
	if (lead < 0xA1 || lead > 0xF9 || !((trail >= 0x40 && trail <= 0x7E) || (trail >= 0xA1 && trail <= 0xFE)))
		return BAD;
	*len = 2;
	if (lead <= 0xA3)
		return SYMBOL;
	return lead < 0xC6 || (lead == 0xC6 && trail <= 0x7E) ? FREQUENT : RARE;
}

static struct weight weigh_as(enum character (*character)(const unsigned char *, size_t, size_t *), struct view text)
{
	const unsigned char *s = (const unsigned char *)text.ptr;
	struct weight weight = { 0 };
	for (size_t i = 0, len; i < text.len; i += len) {
		len = 1;
		if (s[i] < 0x80)
			continue;
		enum character is = character(s + i, text.len - i, &len);
		weight.characters++;
		if (is == BAD && i + 1 == text.len)
			continue; /* the last byte may be cut */
		weight.bad += is == BAD;
		weight.hanzi += is != SYMBOL;
		weight.frequent += is == FREQUENT;
	}
	return weight;
}

/* Lead and trail A1-FE, or 8E A1-B0 before both: another plane than the first one, whose
 * hanzi, from C4A1, are level 1. */
static struct weight weigh_euc_tw(struct view text)
{
	const unsigned char *s = (const unsigned char *)text.ptr;
	struct weight weight = { 0 };
	for (size_t i = 0; i < text.len; i++) {
		if (s[i] < 0x80)
			continue;
		bool plane = s[i] == 0x8E;
		size_t len = plane ? 4 : 2;
		bool good = plane || (s[i] >= 0xA1 && s[i] <= 0xFE);
		for (size_t j = i + 1; good && j < i + len && j < text.len; j++)
			good = s[j] >= 0xA1 && s[j] <= 0xFE;
		weight.characters++;
		weight.hanzi += !good || plane || s[i] >= 0xC4;
		weight.frequent += good && !plane && s[i] >= 0xC4;
		weight.bad += !good;
		i += good ? len - 1 : 0;
	}
	return weight;
}

static unsigned percent(const struct weight *weight)
{
	return weight->hanzi ? (unsigned)(weight->frequent * 100 / weight->hanzi) : 0;
}

static bool is_euc_tw(struct view sample, unsigned gb18030_share, unsigned big5_share, struct charset_found *found)
{
	struct weight euc_tw = weigh_euc_tw(sample);
	unsigned share = percent(&euc_tw);
	if (euc_tw.hanzi < 20 || euc_tw.bad || share < 90 || gb18030_share >= 80 || big5_share >= share)
		return false;
	found->charset = CHARSET_EUC_TW;
	found->characters = euc_tw.characters;
	found->reason = TRANSLATED("nearly all its characters are frequent ones in EUC-TW, and not in GB18030");
	return true;
}

static void weigh(struct view sample, struct charset_found *found)
{
	struct weight gb = weigh_as(gb18030_character, sample), big5 = weigh_as(big5_character, sample);
	bool is_big5;
	found->gb18030_share = percent(&gb);
	found->big5_share = percent(&big5);
	if (is_euc_tw(sample, found->gb18030_share, found->big5_share, found))
		return;
	is_big5 = found->big5_share > found->gb18030_share && big5.bad <= gb.bad;
	found->charset = is_big5 ? CHARSET_BIG5 : CHARSET_GB18030;
	found->characters = is_big5 ? big5.characters : gb.characters;
	found->reason = is_big5 ? TRANSLATED("more of its characters are frequent ones in Big5 than in GB18030")
	                        : TRANSLATED("more of its characters are frequent ones in GB18030 than in Big5");
	unsigned share = is_big5 ? found->big5_share : found->gb18030_share;
	unsigned other = is_big5 ? found->gb18030_share : found->big5_share;
	if ((is_big5 ? big5.bad : gb.bad) * 20 > found->characters || share < 50) {
		found->doubtful = true;
		found->reason = is_big5 ? TRANSLATED("it reads best as Big5, but poorly")
		                        : TRANSLATED("it reads best as GB18030, but poorly");
	} else if (share < other + 10) {
		found->doubtful = true;
	}
}

/* ---- the ladder ---- */

static bool has_mark(struct view sample, struct charset_found *found)
{
	static const struct {
		struct view mark;
		enum charset charset;
	} marks[] = {
		{ { "\xEF\xBB\xBF", 3 }, CHARSET_UTF8 },
		{ { "\xFF\xFE\0\0", 4 }, CHARSET_UTF32LE }, /* before UTF-16, whose mark it begins with */
		{ { "\0\0\xFE\xFF", 4 }, CHARSET_UTF32BE },
		{ { "\xFF\xFE", 2 }, CHARSET_UTF16LE },
		{ { "\xFE\xFF", 2 }, CHARSET_UTF16BE },
		{ { "\x84\x31\x95\x33", 4 }, CHARSET_GB18030 },
	};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++) {
		if (!view_starts(sample, marks[i].mark))
			continue;
		found->charset = marks[i].charset;
		found->bom = (unsigned)marks[i].mark.len;
		found->reason = TRANSLATED("it begins with a byte order mark");
		return true;
	}
	return false;
}

struct charset_found charset_detect(struct view sample, bool whole)
{
	struct charset_found found = { .charset = CHARSET_UTF8 };
	struct census census = take_census(sample);
	if (has_mark(sample, &found))
		return found;
	for (int big_endian = 0; big_endian < 2; big_endian++)
		if (is_utf16(sample, big_endian, &found.characters)) {
			found.charset = big_endian ? CHARSET_UTF16BE : CHARSET_UTF16LE;
			found.reason = TRANSLATED("every other byte of its ASCII characters is zero");
			return found;
		}
	if (is_utf8(sample, whole)) {
		found.characters = census.characters;
		found.reason = census.characters ? TRANSLATED("it is valid UTF-8") : TRANSLATED("it is plain ASCII");
		/* 930 hanzi of GB 2312 are two bytes of UTF-8 each (隆 is C2 A1): few of them, and
		 * no hanzi of UTF-8, may be either. */
		if (census.characters && !census.wide && census.characters < 3) {
			found.doubtful = true;
			found.reason = TRANSLATED("it is valid UTF-8, but has so few characters that it may be GB18030");
		}
		return found;
	}
	found.characters = 0;
	count_lines(sample, whole, &found);
	if (found.utf8_lines > found.other_lines) {
		found.characters = census.characters;
		found.mixed = found.doubtful = true;
		found.reason = TRANSLATED("most of its lines are UTF-8, some are not");
		return found;
	}
	weigh(sample, &found);
	if (found.utf8_lines) {
		found.mixed = found.doubtful = true;
		found.reason = TRANSLATED("most of its lines are no UTF-8, some are");
	}
	return found;
}

/* ---- lines ---- */

/* Bytes beyond ASCII, and how many of them are of whole characters of three bytes and more. */
static void count_bytes(struct view line, size_t *beyond, size_t *wide)
{
	*beyond = *wide = 0;
	for (size_t len; line.len; line = view_skip(line, len ? len : 1)) {
		len = text_sequence(line);
		*beyond += len ? len * (len > 1) : 1;
		*wide += len > 2 ? len : 0;
	}
}

enum charset charset_of_line(struct view line, enum charset likely)
{
	size_t beyond, wide;
	if (text_valid(line)) {
		/* Two bytes that are UTF-8 by chance (隆 of GBK is C2 A1) are frequent, three are not. */
		bool sure = false;
		for (size_t i = 0; likely != CHARSET_UTF8 && i < line.len && !sure; i++)
			sure = (unsigned char)line.ptr[i] >= 0xE0;
		return sure ? CHARSET_UTF8 : likely;
	}
	if (likely == CHARSET_GB18030)
		return CHARSET_GB18030;
	count_bytes(line, &beyond, &wide);
	struct weight weight = weigh_as(gb18030_character, line);
	return wide * 2 < beyond && !weight.bad && weight.frequent * 2 >= weight.hanzi ? CHARSET_GB18030 : CHARSET_UTF8;
}
