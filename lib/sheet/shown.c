/* shown: see shown.h. */
#include "sheet/shown.h"

#include <stdio.h>

#include "value/date.h"
#include "value/text.h"

enum { KEPT = 20, EXACT = 15, PLAIN_MOST = 21, PLAIN_LEAST = -9 };

/* 0.d1d2d3... times ten to the power of `point`; no zero at either end. */
struct decimal {
	bool negative;
	unsigned count;
	int point;
	char digits[KEPT];
};

static void strip(struct decimal *decimal)
{
	while (decimal->count && decimal->digits[decimal->count - 1] == '0')
		decimal->count--;
	if (!decimal->count) {
		decimal->point = 0;
		decimal->negative = false;
	}
}

static struct view take_sign(struct view text, bool *negative)
{
	*negative = text.len && text.ptr[0] == '-';
	return view_skip(text, *negative || (text.len && text.ptr[0] == '+'));
}

/* Digits with or without a point, up to an exponent; false where there is no digit. */
static bool take_mantissa(struct view *text, struct decimal *decimal)
{
	bool any = false, behind = false;
	for (; text->len; *text = view_skip(*text, 1)) {
		char c = text->ptr[0];
		if (c == '.' && !behind) {
			behind = true;
			continue;
		}
		if (!byte_is_digit(c))
			break;
		any = true;
		bool leading = c == '0' && !decimal->count;
		if (!leading && decimal->count < KEPT)
			decimal->digits[decimal->count++] = c;
		if (leading)
			decimal->point -= behind;
		else
			decimal->point += !behind;
	}
	return any;
}

static bool decimal_parse(struct view text, struct decimal *decimal)
{
	bool negative;
	uint64_t exponent;
	*decimal = (struct decimal){ .count = 0 };
	text = take_sign(view_trim(text), &decimal->negative);
	if (text.len > 1000 || !take_mantissa(&text, decimal))
		return false;
	if (text.len) {
		if (byte_lower(text.ptr[0]) != 'e')
			return false;
		text = take_sign(view_skip(text, 1), &negative);
		if (!view_parse_u64(text, 0, 400, &exponent))
			return false;
		decimal->point += negative ? -(int)exponent : (int)exponent;
	}
	strip(decimal);
	return true;
}

/* To so many digits, halves away from zero. */
static void decimal_round(struct decimal *decimal, unsigned digits)
{
	if (decimal->count <= digits)
		return;
	bool up = decimal->digits[digits] >= '5';
	decimal->count = digits;
	if (up) {
		while (decimal->count && decimal->digits[decimal->count - 1] == '9')
			decimal->count--;
		if (decimal->count) {
			decimal->digits[decimal->count - 1]++;
		} else {
			decimal->digits[decimal->count++] = '1';
			decimal->point++;
		}
	}
	strip(decimal);
}

static bool is_whole(const struct decimal *decimal)
{
	return decimal->point >= (int)decimal->count;
}

/* A whole number of 16 digits up to 2^53, which a double holds exactly. */
static bool is_held(const struct decimal *decimal)
{
	char digits[16];
	memset(digits, '0', sizeof digits);
	if (!is_whole(decimal) || decimal->point != 16)
		return false;
	memcpy(digits, decimal->digits, decimal->count);
	return memcmp(digits, "9007199254740992", sizeof digits) <= 0;
}

static void put(struct shown *shown, char c)
{
	if (shown->len < sizeof shown->text)
		shown->text[shown->len++] = c;
}

static char digit_at(const struct decimal *decimal, int i)
{
	return i >= 0 && i < (int)decimal->count ? decimal->digits[i] : '0';
}

static void put_plain(struct shown *shown, const struct decimal *decimal)
{
	int first = decimal->point < 1 ? decimal->point - 1 : 0; /* the zero before the point */
	int last = decimal->point > (int)decimal->count ? decimal->point : (int)decimal->count;
	for (int i = first; i < last; i++) {
		if (i == decimal->point)
			put(shown, '.');
		put(shown, digit_at(decimal, i));
	}
}

static void put_scientific(struct shown *shown, const struct decimal *decimal)
{
	char exponent[16];
	put(shown, decimal->digits[0]);
	for (unsigned i = 1; i < decimal->count; i++) {
		if (i == 1)
			put(shown, '.');
		put(shown, decimal->digits[i]);
	}
	snprintf(exponent, sizeof exponent, "E%+03d", decimal->point - 1);
	for (const char *c = exponent; *c; c++)
		put(shown, *c);
}

static void put_number(struct shown *shown, struct decimal decimal, unsigned zeros)
{
	if (!is_held(&decimal))
		decimal_round(&decimal, EXACT);
	bool whole = is_whole(&decimal);
	shown->cut = whole && decimal.point > EXACT;
	if (decimal.negative)
		put(shown, '-');
	for (int i = decimal.count ? decimal.point : 1; whole && i < (int)zeros; i++)
		put(shown, '0');
	if (decimal.count && (decimal.point > PLAIN_MOST || decimal.point < PLAIN_LEAST))
		put_scientific(shown, &decimal);
	else
		put_plain(shown, &decimal);
}

static void put_text(struct shown *shown, struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		put(shown, text.ptr[i]);
}

/* ---- serials ---- */

/* Whole days, the second of the day, and whether there was a fraction of a day at all. */
struct serial {
	int64_t days;
	int32_t second;
};

static bool serial_of(const struct decimal *decimal, struct serial *serial)
{
	uint64_t parts = 0, scale = 1;
	if (decimal->negative || decimal->point > 7)
		return false;
	*serial = (struct serial){ .days = 0 };
	for (int i = 0; i < decimal->point; i++)
		serial->days = serial->days * 10 + (digit_at(decimal, i) - '0');
	for (int i = decimal->point; i < (int)decimal->count && scale < 1000000000000; i++, scale *= 10)
		parts = parts * 10 + (uint64_t)(digit_at(decimal, i) - '0');
	serial->second = (int32_t)((parts * DAY_SECONDS + scale / 2) / scale);
	if (serial->second == DAY_SECONDS) {
		serial->second = 0;
		serial->days++;
	}
	return true;
}

/* Two digits. */
static void put_pair(struct shown *shown, int64_t number)
{
	put(shown, (char)('0' + number / 10));
	put(shown, (char)('0' + number % 10));
}

static void put_clock(struct shown *shown, int64_t seconds)
{
	if (seconds >= 100 * 3600) {
		char hours[24];
		int len = snprintf(hours, sizeof hours, "%lld", (long long)(seconds / 3600));
		put_text(shown, view(hours, (size_t)len));
	} else {
		put_pair(shown, seconds / 3600);
	}
	put(shown, ':');
	put_pair(shown, seconds / 60 % 60);
	put(shown, ':');
	put_pair(shown, seconds % 60);
}

/* The day; false where a calendar of 1900 or 1904 has none such. */
static bool put_day(struct shown *shown, int64_t days, bool from_1904)
{
	char memory[32];
	struct buf text = { memory, 0, sizeof memory }; /* never grows */
	struct date_found found;
	if (!from_1904 && (days == 0 || days == 60)) {
		put_text(shown, days ? VIEW("1900-02-29") : VIEW("1900-01-00"));
		return true;
	}
	buf_i64(&text, days);
	if (!date_parse_serial(buf_view(&text), from_1904, &found))
		return false;
	buf_reset(&text);
	date_format(found.day, &text);
	put_text(shown, buf_view(&text));
	return true;
}

static bool put_serial(struct shown *shown, const struct serial *serial, enum format_kind kind, bool from_1904)
{
	if (kind == FORMAT_ELAPSED) {
		put_clock(shown, serial->days * DAY_SECONDS + serial->second);
		return true;
	}
	/* Below 1 it is a time of day, whatever day zero is. */
	bool no_day = !serial->days && (kind == FORMAT_TIME || (serial->second && !from_1904));
	if (!no_day && !put_day(shown, serial->days, from_1904))
		return false;
	if (!no_day && !serial->second && kind == FORMAT_DATE)
		return true;
	if (!no_day)
		put(shown, ' ');
	put_clock(shown, serial->second);
	return true;
}

static bool show(struct decimal decimal, struct format format, bool from_1904, struct shown *shown)
{
	struct serial serial;
	if (format.kind != FORMAT_NUMBER && serial_of(&decimal, &serial) &&
	    put_serial(shown, &serial, (enum format_kind)format.kind, from_1904))
		return true;
	shown->len = 0;
	put_number(shown, decimal, format.kind == FORMAT_NUMBER ? format.zeros : 0);
	return true;
}

/* Most numbers of ledgers: a few digits that stand in the file as they are shown. */
static bool show_plain(struct view number, struct shown *shown)
{
	if (!number.len || number.len > EXACT || (number.ptr[0] == '0' && number.len > 1))
		return false;
	for (size_t i = 0; i < number.len; i++) {
		if (!byte_is_digit(number.ptr[i]))
			return false;
		shown->text[i] = number.ptr[i];
	}
	shown->len = number.len;
	return true;
}

bool shown_number(struct view number, struct format format, bool from_1904, struct shown *shown)
{
	struct decimal decimal;
	shown->len = 0;
	shown->cut = false;
	if (format.kind == FORMAT_NUMBER && !format.zeros && show_plain(number, shown))
		return true;
	shown->len = 0;
	return decimal_parse(number, &decimal) && show(decimal, format, from_1904, shown);
}

bool shown_double(uint64_t bits, bool hundredth, struct format format, bool from_1904, struct shown *shown)
{
	char text[40];
	double number;
	struct decimal decimal;
	memcpy(&number, &bits, sizeof number);
	shown->len = 0;
	shown->cut = false;
	/* 17 digits tell every double from its neighbours; in the C locale, as nothing here ever
	 * sets another. */
	int len = snprintf(text, sizeof text, "%.17g", number);
	if (!decimal_parse(view(text, (size_t)len), &decimal))
		return false;
	if (hundredth && decimal.count)
		decimal.point -= 2;
	return show(decimal, format, from_1904, shown);
}

/* ---- texts ---- */

bool shown_moment(struct view text, struct format format, struct shown *shown)
{
	char memory[32];
	struct buf buf = { memory, 0, sizeof memory }; /* never grows */
	int64_t moment;
	size_t point = view_find_byte(text, '.');
	*shown = (struct shown){ .len = 0 };
	text = view_first(text, point);
	if (text.len && text.ptr[text.len - 1] == 'Z')
		text.len--;
	bool no_day = text.len == 8 && text.ptr[2] == ':';
	if (text.len > 19)
		return false;
	if (no_day)
		buf_text(&buf, "1899-12-31 ");
	buf_put(&buf, text);
	enum moment_form form = moment_parse_plain(buf_view(&buf), &moment);
	if (form == MOMENT_NONE)
		return false;
	no_day |= view_starts(text, VIEW("1899-12-3"));
	bool clock = form != MOMENT_DATE && (moment_second(moment) || format.kind == FORMAT_TIME ||
	             format.kind == FORMAT_MOMENT || format.kind == FORMAT_ELAPSED);
	buf_reset(&buf);
	date_format(moment_day(moment), &buf);
	if (!no_day)
		put_text(shown, buf_view(&buf));
	if (!no_day && clock)
		put(shown, ' ');
	if (no_day || clock)
		put_clock(shown, moment_second(moment));
	return true;
}

const char *shown_error(unsigned number)
{
	switch (number) {
	case 0x00: return "#NULL!";
	case 0x07: return "#DIV/0!";
	case 0x0F: return "#VALUE!";
	case 0x17: return "#REF!";
	case 0x1D: return "#NAME?";
	case 0x24: return "#NUM!";
	case 0x2A: return "#N/A";
	default: return NULL;
	}
}

/* The code unit of _xHHHH_ at the beginning; -1 where there is none. */
static int escape_at(struct view text)
{
	int code = 0;
	if (text.len < 7 || text.ptr[0] != '_' || text.ptr[1] != 'x' || text.ptr[6] != '_')
		return -1;
	for (int i = 2; i < 6; i++) {
		char c = byte_lower(text.ptr[i]);
		if (!byte_is_digit(c) && (c < 'a' || c > 'f'))
			return -1;
		code = code * 16 + (byte_is_digit(c) ? c - '0' : c - 'a' + 10);
	}
	return code;
}

bool shown_has_escapes(struct view text)
{
	return view_find(text, VIEW("_x")) != SIZE_MAX;
}

void shown_unescape(struct view text, struct buf *out)
{
	while (text.len) {
		int code = escape_at(text), low = code >= 0 ? escape_at(view_skip(text, 7)) : -1;
		if (code < 0) {
			buf_byte(out, text.ptr[0]);
			text = view_skip(text, 1);
			continue;
		}
		text = view_skip(text, 7);
		bool pair = code >= 0xD800 && code < 0xDC00 && low >= 0xDC00 && low < 0xE000;
		if (pair) {
			code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
			text = view_skip(text, 7);
		}
		bool lone = code >= 0xD800 && code < 0xE000;
		text_put(out, lone ? TEXT_BAD : (uint32_t)code);
	}
}
