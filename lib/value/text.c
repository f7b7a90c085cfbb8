/* text: see text.h. */
#include "value/text.h"

/* ---- UTF-8 ---- */

/* The limits of the second byte are Table 3-7 of the Unicode Standard: they shut out overlong forms,
 * surrogates and what lies above U+10FFFF. */
size_t text_sequence(struct view text)
{
	const unsigned char *s = (const unsigned char *)text.ptr;
	size_t len = text.len, want;
	unsigned char low = 0x80, high = 0xBF;
	if (s[0] < 0x80)
		return 1;
	if (s[0] < 0xC2 || s[0] > 0xF4)
		return 0;
	want = s[0] < 0xE0 ? 2 : s[0] < 0xF0 ? 3 : 4;
	if (s[0] == 0xE0)
		low = 0xA0;
	if (s[0] == 0xED)
		high = 0x9F;
	if (s[0] == 0xF0)
		low = 0x90;
	if (s[0] == 0xF4)
		high = 0x8F;
	if (len < want || s[1] < low || s[1] > high)
		return 0;
	for (size_t i = 2; i < want; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	return want;
}

uint32_t text_next(struct view *text)
{
	const unsigned char *s = (const unsigned char *)text->ptr;
	size_t len = text_sequence(*text);
	uint32_t code = TEXT_BAD;
	switch (len) {
	case 1: code = s[0]; break;
	case 2: code = (s[0] & 0x1Fu) << 6 | (s[1] & 0x3Fu); break;
	case 3: code = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu); break;
	case 4:
		code = (s[0] & 0x07u) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
		break;
	default: len = 1;
	}
	*text = view_skip(*text, len);
	return code;
}

size_t text_encode(uint32_t code, char bytes[static 4])
{
	if (code < 0x80) {
		bytes[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		bytes[0] = (char)(0xC0 | code >> 6);
		bytes[1] = (char)(0x80 | (code & 0x3F));
		return 2;
	}
	if (code < 0x10000) {
		bytes[0] = (char)(0xE0 | code >> 12);
		bytes[1] = (char)(0x80 | (code >> 6 & 0x3F));
		bytes[2] = (char)(0x80 | (code & 0x3F));
		return 3;
	}
	bytes[0] = (char)(0xF0 | code >> 18);
	bytes[1] = (char)(0x80 | (code >> 12 & 0x3F));
	bytes[2] = (char)(0x80 | (code >> 6 & 0x3F));
	bytes[3] = (char)(0x80 | (code & 0x3F));
	return 4;
}

void text_put(struct buf *out, uint32_t code)
{
	char bytes[4];
	buf_put(out, view(bytes, text_encode(code, bytes)));
}

size_t text_count(struct view text)
{
	size_t count = 0;
	for (; text.len; count++)
		text_next(&text);
	return count;
}

/* ---- folding and cleaning ---- */

static bool is_invisible(uint32_t code)
{
	return code == 0xFEFF || (code >= 0x200B && code <= 0x200D);
}

uint32_t text_fold_code(uint32_t code)
{
	if (code >= 0xFF01 && code <= 0xFF5E)
		code -= 0xFF01 - '!';
	if (code >= 'A' && code <= 'Z')
		return code + ('a' - 'A');
	if (code == 0x3000 || code == 0xA0)
		return ' ';
	return is_invisible(code) ? 0 : code;
}

/* Takes one character off *text and puts it, folded, into bytes; how many bytes. */
static size_t fold_next(struct view *text, char bytes[static 4])
{
	const char *start = text->ptr;
	uint32_t code = text_next(text), folded = text_fold_code(code);
	size_t len = (size_t)(text->ptr - start);
	if (folded == code) { /* as it stood: a bad byte stays what it is */
		memcpy(bytes, start, len);
		return len;
	}
	return folded ? text_encode(folded, bytes) : 0;
}

void text_fold(struct view text, struct buf *out)
{
	char *to = buf_reserve(out, text.len + 4);
	while (text.len)
		to += fold_next(&text, to);
	out->len = (size_t)(to - out->ptr);
}

/* Bytes that a clean text has not got: control characters, and those that U+00A0, U+200B,
 * U+3000, U+FEFF and the full-width forms begin with. */
static const unsigned char unclean[256] = {
	[0 ... 0x1F] = 1, [0x7F] = 1, [0xC2] = 1, [0xE2] = 1, [0xE3] = 1, [0xEF] = 1,
};

/* Sixteen bytes at a time, as long as there are so many. */
static bool has_unclean(struct view text, size_t *done)
{
	enum { AT_ONCE = 16 };
	unsigned char bytes __attribute__((vector_size(AT_ONCE)));
	signed char found __attribute__((vector_size(AT_ONCE))) = { 0 };
	uint64_t halves[2];
	for (; text.len - *done >= AT_ONCE; *done += AT_ONCE) {
		memcpy(&bytes, text.ptr + *done, AT_ONCE);
		found |= (bytes < 0x20) | (bytes == 0x7F) | (bytes == 0xC2) | ((bytes & 0xFE) == 0xE2) | (bytes == 0xEF);
	}
	memcpy(halves, &found, sizeof halves);
	return halves[0] | halves[1];
}

bool text_has_clean_bytes(struct view text)
{
	size_t done = 0;
	unsigned char found = has_unclean(text, &done);
	for (; done < text.len; done++)
		found |= unclean[(unsigned char)text.ptr[done]];
	return !found;
}

bool text_is_clean(struct view text)
{
	return !text.len || (text.ptr[0] != ' ' && text.ptr[text.len - 1] != ' ' && text_has_clean_bytes(text));
}

void text_clean(struct view text, struct buf *out)
{
	size_t start = out->len;
	bool folded_line = false;
	if (text_is_clean(text)) {
		buf_put(out, text);
		return;
	}
	while (text.len) {
		const char *from = text.ptr;
		uint32_t code = text_next(&text);
		bool line = code == '\n' || code == '\r';
		if (is_invisible(code))
			continue;
		if (code == 0x3000 || code == 0xA0 || code == '\t' || line)
			code = ' ';
		if (code == ' ' && ((folded_line && line) || out->len == start))
			continue;
		folded_line = line;
		if (code == ' ')
			buf_byte(out, ' ');
		else
			buf_put(out, view(from, (size_t)(text.ptr - from)));
	}
	while (out->len > start && out->ptr[out->len - 1] == ' ')
		out->len--;
}

bool text_cell_fold(struct view cell, struct text_cell *folded)
{
	struct view trimmed;
	size_t len = 0;
	cell = view_trim(cell);
	while (cell.len) {
		char bytes[4];
		size_t add = fold_next(&cell, bytes);
		if (add > sizeof folded->bytes - len)
			return false;
		memcpy(folded->bytes + len, bytes, add);
		len += add;
	}
	trimmed = view_trim(view(folded->bytes, len));
	if (trimmed.len >= 3 && view_starts(trimmed, VIEW("=\"")) && view_ends(trimmed, VIEW("\"")))
		trimmed = view_trim(view(trimmed.ptr + 2, trimmed.len - 3));
	else if (trimmed.len && trimmed.ptr[0] == '\'')
		trimmed = view_trim(view_skip(trimmed, 1));
	memmove(folded->bytes, trimmed.ptr, trimmed.len);
	folded->len = trimmed.len;
	return true;
}

bool text_is_null(struct view folded)
{
	static const char *const words[] = { "",     "-",    "--",   "---",  "—",    "——",  "–",   "/",
		                             "\\",   "无",   "暂无", "待定", "未知", "不详", "空",  "null",
		                             "nil",  "none", "n/a",  "(空)", "(无)", "無",   "暫無", "不詳" };
	folded = view_trim(folded);
	if (folded.len > 8)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (view_is(folded, words[i]))
			return true;
	return false;
}

/* Cells that begin so may be blank, wrapped, or a word for nothing; no others are, but the
 * empty one. */
static bool may_be_null(struct view cell)
{
	switch ((unsigned char)cell.ptr[0]) {
	case '0' ... '9':
	case 'A' ... 'M': case 'O' ... 'Z':
	case 'a' ... 'm': case 'o' ... 'z': return false;
	case 0xE4: return view_starts(cell, VIEW("不"));
	case 0xE5: return view_starts(cell, VIEW("待"));
	case 0xE6:
		return view_starts(cell, VIEW("无")) || view_starts(cell, VIEW("暂")) || view_starts(cell, VIEW("暫")) ||
		       view_starts(cell, VIEW("未"));
	case 0xE7: return view_starts(cell, VIEW("空")) || view_starts(cell, VIEW("無"));
	case 0xE8: case 0xE9: return false;
	default: return true;
	}
}

RARELY static bool is_null_folded(struct view cell)
{
	struct text_cell folded;
	return text_cell_fold(cell, &folded) && text_is_null(text_cell_view(&folded));
}

RARELY static bool is_blank_folded(struct view cell)
{
	struct text_cell folded;
	return text_cell_fold(cell, &folded) && !folded.len;
}

bool text_cell_is_null(struct view cell)
{
	return !cell.len || (may_be_null(cell) && is_null_folded(cell));
}

bool text_cell_is_blank(struct view cell)
{
	return !cell.len || (may_be_null(cell) && is_blank_folded(cell));
}

/* ---- Chinese numerals ---- */

int text_hanzi_digit(uint32_t code)
{
	switch (code) {
	case 0x3007: case 0x96F6: case 0x25CB: return 0;              /* 〇 零, and ○ typed for it */
	case 0x4E00: case 0x58F9: return 1;                           /* 一 壹 */
	case 0x4E8C: case 0x8D30: case 0x8CB3: case 0x4E24: return 2; /* 二 贰 貳 两 */
	case 0x4E09: case 0x53C1: case 0x53C3: return 3;              /* 三 叁 參 */
	case 0x56DB: case 0x8086: return 4;                           /* 四 肆 */
	case 0x4E94: case 0x4F0D: return 5;                           /* 五 伍 */
	case 0x516D: case 0x9646: case 0x9678: return 6;              /* 六 陆 陸 */
	case 0x4E03: case 0x67D2: return 7;                           /* 七 柒 */
	case 0x516B: case 0x634C: return 8;                           /* 八 捌 */
	case 0x4E5D: case 0x7396: return 9;                           /* 九 玖 */
	default: return -1;
	}
}

unsigned text_hanzi_power(uint32_t code)
{
	switch (code) {
	case 0x5341: case 0x62FE: return 1; /* 十 拾 */
	case 0x767E: case 0x4F70: return 2; /* 百 佰 */
	case 0x5343: case 0x4EDF: return 3; /* 千 仟 */
	case 0x4E07: case 0x842C: return 4; /* 万 萬 */
	case 0x4EBF: case 0x5104: return 8; /* 亿 億 */
	default: return 0;
	}
}

/* ---- on the screen ---- */

struct range {
	uint32_t first, last;
};

/* W and F of EastAsianWidth.txt, Unicode 14.0 (this holds the emoji that are shown as
 * such); unassigned code points within a block of wide ones count as wide. */
static const struct range wide[] = {
	{ 0x1100, 0x115F },   { 0x231A, 0x231B },   { 0x2329, 0x232A },   { 0x23E9, 0x23EC },   { 0x23F0, 0x23F0 },
	{ 0x23F3, 0x23F3 },   { 0x25FD, 0x25FE },   { 0x2614, 0x2615 },   { 0x2648, 0x2653 },   { 0x267F, 0x267F },
	{ 0x2693, 0x2693 },   { 0x26A1, 0x26A1 },   { 0x26AA, 0x26AB },   { 0x26BD, 0x26BE },   { 0x26C4, 0x26C5 },
	{ 0x26CE, 0x26CE },   { 0x26D4, 0x26D4 },   { 0x26EA, 0x26EA },   { 0x26F2, 0x26F3 },   { 0x26F5, 0x26F5 },
	{ 0x26FA, 0x26FA },   { 0x26FD, 0x26FD },   { 0x2705, 0x2705 },   { 0x270A, 0x270B },   { 0x2728, 0x2728 },
	{ 0x274C, 0x274C },   { 0x274E, 0x274E },   { 0x2753, 0x2755 },   { 0x2757, 0x2757 },   { 0x2795, 0x2797 },
	{ 0x27B0, 0x27B0 },   { 0x27BF, 0x27BF },   { 0x2B1B, 0x2B1C },   { 0x2B50, 0x2B50 },   { 0x2B55, 0x2B55 },
	{ 0x2E80, 0x303E },   { 0x3040, 0x3247 },   { 0x3250, 0x4DBF },   { 0x4E00, 0xA4CF },   { 0xA960, 0xA97F },
	{ 0xAC00, 0xD7A3 },   { 0xF900, 0xFAFF },   { 0xFE10, 0xFE1F },   { 0xFE30, 0xFE6F },   { 0xFF00, 0xFF60 },
	{ 0xFFE0, 0xFFE6 },   { 0x16FE0, 0x18D08 }, { 0x1AFF0, 0x1B2FB }, { 0x1F004, 0x1F004 }, { 0x1F0CF, 0x1F0CF },
	{ 0x1F18E, 0x1F18E }, { 0x1F191, 0x1F19A }, { 0x1F200, 0x1F320 }, { 0x1F32D, 0x1F335 }, { 0x1F337, 0x1F37C },
	{ 0x1F37E, 0x1F393 }, { 0x1F3A0, 0x1F3CA }, { 0x1F3CF, 0x1F3D3 }, { 0x1F3E0, 0x1F3F0 }, { 0x1F3F4, 0x1F3F4 },
	{ 0x1F3F8, 0x1F43E }, { 0x1F440, 0x1F440 }, { 0x1F442, 0x1F4FC }, { 0x1F4FF, 0x1F53D }, { 0x1F54B, 0x1F54E },
	{ 0x1F550, 0x1F567 }, { 0x1F57A, 0x1F57A }, { 0x1F595, 0x1F596 }, { 0x1F5A4, 0x1F5A4 }, { 0x1F5FB, 0x1F64F },
	{ 0x1F680, 0x1F6C5 }, { 0x1F6CC, 0x1F6CC }, { 0x1F6D0, 0x1F6D2 }, { 0x1F6D5, 0x1F6DF }, { 0x1F6EB, 0x1F6EC },
	{ 0x1F6F4, 0x1F6FC }, { 0x1F7E0, 0x1F7F0 }, { 0x1F90C, 0x1F93A }, { 0x1F93C, 0x1F945 }, { 0x1F947, 0x1F9FF },
	{ 0x1FA70, 0x1FAFF }, { 0x20000, 0x3FFFD },
};

/* Marks and format characters (Mn, Me, Cf of the same standard) of the scripts that meet
 * Chinese text; those of the Indic scripts are left out and count as one. */
static const struct range invisible[] = {
	{ 0x0300, 0x036F },   { 0x0483, 0x0489 }, { 0x0591, 0x05BD }, { 0x0610, 0x061A }, { 0x064B, 0x065F },
	{ 0x0E31, 0x0E31 },   { 0x0E34, 0x0E3A }, { 0x0E47, 0x0E4E }, { 0x1160, 0x11FF }, { 0x1AB0, 0x1ACE },
	{ 0x1DC0, 0x1DFF },   { 0x200B, 0x200F }, { 0x202A, 0x202E }, { 0x2060, 0x206F }, { 0x20D0, 0x20F0 },
	{ 0x302A, 0x302D },   { 0x3099, 0x309A }, { 0xFE00, 0xFE0F }, { 0xFE20, 0xFE2F }, { 0xFEFF, 0xFEFF },
	{ 0xE0001, 0xE007F }, { 0xE0100, 0xE01EF },
};

static bool within(const struct range *ranges, size_t count, uint32_t code)
{
	size_t low = 0, high = count;
	while (low < high) {
		size_t middle = (low + high) / 2;
		if (code > ranges[middle].last)
			low = middle + 1;
		else
			high = middle;
	}
	return low < count && code >= ranges[low].first;
}

unsigned text_code_width(uint32_t code)
{
	if (code < 0x300)
		return code >= 0x20 && (code < 0x7F || code >= 0xA0);
	if (code >= 0x4E00 && code <= 0x9FFF)
		return 2;
	if (within(invisible, sizeof invisible / sizeof *invisible, code))
		return 0;
	return within(wide, sizeof wide / sizeof *wide, code) ? 2 : 1;
}

size_t text_width(struct view text)
{
	size_t width = 0;
	while (text.len)
		width += text_code_width(text_next(&text));
	return width;
}
