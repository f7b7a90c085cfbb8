/* room: see room.h.
 *
 * The text is cut into words (letters and digits, or Chinese numerals), marks (栋, 单元, 车位)
 * and other text.  A word with a mark behind it is a part of that level, a word alone a bare
 * part, whose level its place tells: the last part is the room, the others lie between those
 * of known level.  Other text, with all that stands before it, is the front. */
#include "value/room.h"

#include "value/text.h"

const char *room_result_name(enum room_result result)
{
	static const char *const names[] = { "ok", "empty", "bad_room", "ambiguous_room" };
	return names[result];
}

/* ---- marks ---- */

enum { HANZI = 3 }; /* bytes of one */

enum level {
	LEVEL_NONE,
	/* Parts stand in this order. */
	LEVEL_PHASE,
	LEVEL_BUILDING,
	LEVEL_UNIT,
	LEVEL_FLOOR,
	LEVEL_ROOM,
	/* Settled by what stands around. */
	LEVEL_BARE,
	LEVEL_NUMBER, /* 号, #: a building's or a room's */
	LEVEL_TOWER,  /* 楼: a building or a floor */
	/* No part. */
	LEVEL_KIND,   /* 车位 */
	LEVEL_BELOW,  /* 负一层: a floor below the ground follows */
};

struct mark {
	uint16_t first;
	struct view rest;  /* behind the first character */
	enum level level;
	const char *shown; /* in the key; NULL: nothing */
};

/* Frequent ones first; of those with one first character the longer ones. */
#define MARK(first, rest, level, shown) { u##first, { rest, sizeof rest - 1 }, LEVEL_##level, shown }
static const struct mark marks[] = {
	MARK('栋', "", BUILDING, NULL),           MARK('幢', "", BUILDING, NULL),
	MARK('单', "元", UNIT, NULL),             MARK('号', "", NUMBER, NULL),
	MARK('室', "", ROOM, NULL),               MARK('楼', "", TOWER, NULL),
	MARK('座', "", BUILDING, NULL),           MARK('层', "", FLOOR, NULL),
	MARK('房', "", ROOM, NULL),               MARK('户', "", ROOM, NULL),
	MARK('门', "", UNIT, NULL),               MARK('梯', "", UNIT, NULL),
	MARK('期', "", PHASE, "期"),              MARK('区', "", PHASE, "区"),
	MARK('组', "团", PHASE, "组团"),          MARK('弄', "", PHASE, "弄"),
	MARK('地', "块", PHASE, "地块"),          MARK('地', "下车位", KIND, "车位"),
	MARK('地', "下室", KIND, "地下室"),       MARK('地', "下", BELOW, NULL),
	MARK('负', "", BELOW, NULL),              MARK('车', "位", KIND, "车位"),
	MARK('车', "库", KIND, "车库"),           MARK('停', "车位", KIND, "车位"),
	MARK('产', "权车位", KIND, "车位"),       MARK('人', "防车位", KIND, "车位"),
	MARK('机', "械车位", KIND, "车位"),       MARK('商', "铺", KIND, "商铺"),
	MARK('底', "商", KIND, "商铺"),           MARK('储', "藏室", KIND, "储藏室"),
	MARK('储', "藏间", KIND, "储藏室"),       MARK('储', "物间", KIND, "储藏室"),
	MARK('棟', "", BUILDING, NULL),           MARK('單', "元", UNIT, NULL),
	MARK('號', "", NUMBER, NULL),             MARK('樓', "", TOWER, NULL),
	MARK('層', "", FLOOR, NULL),              MARK('戶', "", ROOM, NULL),
	MARK('門', "", UNIT, NULL),               MARK('區', "", PHASE, "区"),
	MARK('組', "團", PHASE, "组团"),          MARK('車', "位", KIND, "车位"),
	MARK('商', "鋪", KIND, "商铺"),
};

/* The hanzi of three bytes at the beginning; 0 where there is none. */
static uint32_t first_hanzi(struct view text)
{
	const unsigned char *s = (const unsigned char *)text.ptr;
	if (text.len < HANZI || s[0] < 0xE4 || s[0] > 0xE9 || (s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80)
		return 0;
	return (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
}

/* Cuts a mark off the beginning; NULL where there is none. */
static const struct mark *take_mark(struct view *text)
{
	uint32_t code = first_hanzi(*text);
	struct view rest = view_skip(*text, HANZI);
	for (size_t i = 0; code && i < sizeof marks / sizeof *marks; i++) {
		if (marks[i].first != code || !view_starts(rest, marks[i].rest))
			continue;
		*text = view_skip(rest, marks[i].rest.len);
		return &marks[i];
	}
	return NULL;
}

/* What a hanzi may be that no word stands before, by the last ten bits of its code; another
 * one with the same bits only costs a closer look. */
enum { ORDINAL = 1, KIND = 2, NUMERAL = 4, NAME = 8 };
#define BITS(code) ((code) & 1023)
static const unsigned char special[1024] = {
	[BITS(u'第')] = ORDINAL,
	[BITS(u'地')] = KIND, [BITS(u'负')] = KIND, [BITS(u'车')] = KIND, [BITS(u'停')] = KIND, [BITS(u'产')] = KIND,
	[BITS(u'人')] = KIND, [BITS(u'机')] = KIND, [BITS(u'商')] = KIND, [BITS(u'底')] = KIND, [BITS(u'储')] = KIND,
	[BITS(u'車')] = KIND,
	[BITS(u'零')] = NUMERAL, [BITS(u'一')] = NUMERAL, [BITS(u'二')] = NUMERAL, [BITS(u'三')] = NUMERAL,
	[BITS(u'四')] = NUMERAL, [BITS(u'五')] = NUMERAL, [BITS(u'六')] = NUMERAL, [BITS(u'七')] = NUMERAL,
	[BITS(u'八')] = NUMERAL, [BITS(u'九')] = NUMERAL, [BITS(u'十')] = NUMERAL, [BITS(u'两')] = NUMERAL,
	[BITS(u'甲')] = NAME, [BITS(u'乙')] = NAME, [BITS(u'丙')] = NAME, [BITS(u'丁')] = NAME, [BITS(u'东')] = NAME,
	[BITS(u'南')] = NAME, [BITS(u'西')] = NAME, [BITS(u'北')] = NAME, [BITS(u'中')] = NAME, [BITS(u'東')] = NAME,
};

/* 东单元, 甲栋: names in place of numbers. */
static bool is_name(uint32_t code)
{
	switch (code) {
	case u'甲': case u'乙': case u'丙': case u'丁': case u'东': case u'南': case u'西': case u'北': case u'中': case u'東':
		return true;
	default:
		return false;
	}
}

/* ---- parts ---- */

enum { PARTS = 6, WORD = 6, OVERLONG = WORD + 1, LONGEST = 160 };

struct part {
	enum level level;
	bool marked;       /* its level was written */
	bool name;         /* 东, 甲: no number */
	unsigned char written; /* characters; OVERLONG: more than any has */
	unsigned char len;     /* without zeros in front */
	char text[WORD];
	const char *shown;
};

struct reading {
	struct view front; /* what stands before the number; separators as - */
	const char *kind;
	unsigned count;
	bool code;         /* nothing but what a system's code has */
	struct part parts[PARTS];
};

static bool is_separator(char c)
{
	switch (c) {
	case '-': case ' ': case '/': case '_': case '.': case '\\':
		return true;
	default:
		return false;
	}
}

static bool is_word(char c) { return byte_is_digit(c) || byte_is_letter(c); }

static bool is_digits(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!byte_is_digit(text.ptr[i]))
			return false;
	return text.len != 0;
}

static struct view part_text(const struct part *part) { return view(part->text, part->len); }

/* Behind its leading zeros; 0 is 0. */
static struct view without_zeros(struct view text)
{
	while (text.len > 1 && text.ptr[0] == '0' && byte_is_digit(text.ptr[1]))
		text = view_skip(text, 1);
	return text;
}

static bool add_part(struct reading *reading, struct view word, const struct mark *mark)
{
	if (reading->count == PARTS)
		return false;
	struct part *part = &reading->parts[reading->count++];
	part->level = mark ? mark->level : LEVEL_BARE;
	part->marked = mark != NULL;
	part->name = word.len && (unsigned char)word.ptr[0] >= 0x80;
	part->shown = mark ? mark->shown : NULL;
	part->written = (unsigned char)(word.len > WORD ? OVERLONG : word.len);
	word = without_zeros(view_first(word, WORD));
	part->len = (unsigned char)word.len;
	for (size_t i = 0; i < word.len; i++)
		part->text[i] = byte_is_lower(word.ptr[i]) ? (char)(word.ptr[i] - ('a' - 'A')) : word.ptr[i];
	return true;
}

/* What was read so far is text in front: a name like 1号院 or K2西园, but no other room. */
static bool into_front(struct reading *reading, const char *start, const char *end)
{
	for (unsigned i = 0; i < reading->count; i++) {
		const struct part *part = &reading->parts[i];
		if (part->marked ? part->level != LEVEL_PHASE && part->level != LEVEL_NUMBER :
		                   part->written > 2 && is_digits(part_text(part)))
			return false;
	}
	reading->count = 0;
	reading->kind = NULL;
	reading->front = view(start, (size_t)(end - start));
	return true;
}

/* The mark behind a word, perhaps behind a blank: of 号楼, 号房, #楼 the second half says which. */
static const struct mark *mark_behind(struct view *text)
{
	static const struct mark hash = { .level = LEVEL_NUMBER };
	static const struct mark building = { .level = LEVEL_BUILDING };
	struct view rest = view_skip(*text, text->len && text->ptr[0] == ' ');
	const struct mark *mark = &hash;
	if (rest.len && rest.ptr[0] == '#')
		rest = view_skip(rest, 1);
	else
		mark = take_mark(&rest);
	if (!mark || mark->level >= LEVEL_KIND)
		return NULL;
	*text = rest;
	if (mark->level != LEVEL_NUMBER)
		return mark;
	const struct mark *second = take_mark(&rest);
	if (!second || second->level >= LEVEL_KIND || second->level == LEVEL_NUMBER)
		return mark;
	*text = rest;
	return second->level == LEVEL_TOWER ? &building : second;
}

/* 12 of 十二, 201 of 二〇一; how many bytes of digits, 0 where it is no such number. */
static size_t take_numeral(struct view *text, char digits[static WORD])
{
	unsigned value = 0, count = 0;
	bool tens = false, ones = false;
	while (text->len && (unsigned char)text->ptr[0] >= 0xE2) {
		struct view rest = *text;
		uint32_t code = text_next(&rest);
		int digit = text_hanzi_digit(code);
		bool ten = text_hanzi_power(code) == 1;
		if ((digit < 0 && !ten) || count == WORD - 1)
			break;
		if ((ten && (tens || count > 1)) || (!ten && ones))
			return 0;
		if (ten)
			value = 10 * (count ? value : 1);
		else
			value = tens ? value + (unsigned)digit : value * 10 + (unsigned)digit;
		ones = tens && !ten;
		tens |= ten;
		count++;
		*text = rest;
	}
	if (!count)
		return 0;
	size_t len = 0;
	for (unsigned power = 100000; power; power /= 10)
		if (value >= power || power == 1)
			digits[len++] = (char)('0' + value / power % 10);
	return len;
}

/* 一层, 1楼, 1 behind 负 and 地下: floor B1. */
static bool take_below(struct reading *reading, struct view *text)
{
	static const struct mark floor = { .level = LEVEL_FLOOR };
	char word[1 + WORD] = "B";
	struct view rest = *text;
	size_t len = 0;
	if (rest.len && byte_is_digit(rest.ptr[0])) {
		word[1] = rest.ptr[0];
		len = 1;
		rest = view_skip(rest, 1);
	} else {
		len = take_numeral(&rest, word + 1);
	}
	const struct mark *mark = take_mark(&rest);
	if (len != 1 || !mark || (mark->level != LEVEL_FLOOR && mark->level != LEVEL_TOWER))
		return false;
	*text = rest;
	return add_part(reading, view(word, 2), &floor);
}

/* 地下, 车位: what needs no word in front. */
static bool take_kind(struct reading *reading, struct view *text)
{
	struct view rest = *text;
	const struct mark *mark = take_mark(&rest);
	if (!mark || mark->level < LEVEL_KIND)
		return false;
	if (mark->level == LEVEL_BELOW && !take_below(reading, &rest))
		return false;
	if (mark->level == LEVEL_KIND)
		reading->kind = mark->shown;
	*text = rest;
	return true;
}

/* 三号楼, 东单元: a word of hanzi and the mark behind it, without which it is other text. */
static bool take_named(struct reading *reading, struct view *text, bool name)
{
	char digits[WORD];
	struct view rest = *text, word = view_first(*text, HANZI);
	if (name)
		rest = view_skip(rest, HANZI);
	else
		word = view(digits, take_numeral(&rest, digits));
	const struct mark *mark = word.len ? mark_behind(&rest) : NULL;
	if (!mark || (name && mark->level != LEVEL_BUILDING && mark->level != LEVEL_UNIT) ||
	    !add_part(reading, word, mark))
		return false;
	*text = rest;
	return true;
}

/* A hanzi that no word stands before; false where it is other text. */
static bool take_hanzi(struct reading *reading, struct view *text)
{
	uint32_t code = first_hanzi(*text);
	switch (code ? special[BITS(code)] : 0) {
	case ORDINAL:
		if (code != u'第')
			return false;
		*text = view_skip(*text, HANZI);
		return true;
	case KIND: return take_kind(reading, text);
	case NUMERAL: return take_named(reading, text, false);
	case NAME: return is_name(code) && take_named(reading, text, true);
	default: return false;
	}
}

/* Other text: one character, and all hanzi behind it that nothing begins with. */
static bool take_other(struct view *text)
{
	uint32_t code = text_next(text);
	if (!text_is_hanzi(code) && code != 0xB7) /* · */
		return false;
	while ((code = first_hanzi(*text)) && !special[BITS(code)])
		*text = view_skip(*text, HANZI);
	return true;
}

static bool take_word(struct reading *reading, struct view *text)
{
	size_t len = 1;
	while (len < text->len && is_word(text->ptr[len]))
		len++;
	struct view word = view_first(*text, len);
	*text = view_skip(*text, len);
	const struct mark *mark = text->len ? mark_behind(text) : NULL;
	if (mark)
		reading->code = false;
	return add_part(reading, word, mark);
}

/* False where something stands in it that no number of a room has. */
static bool read_parts(struct view text, struct reading *reading)
{
	const char *start = text.ptr;
	if (text.len > 1 && text.ptr[0] == '-' && byte_is_digit(text.ptr[1])) { /* -1层 */
		struct view rest = view_skip(text, 1);
		if (take_below(reading, &rest))
			text = rest;
	}
	while (text.len) {
		char c = text.ptr[0];
		if (is_word(c)) {
			if (!take_word(reading, &text))
				return false;
			continue;
		}
		if (is_separator(c)) {
			if (c != '-' && c != '_')
				reading->code = false;
			text = view_skip(text, 1);
			continue;
		}
		reading->code = false;
		if ((unsigned char)c < 0x80)
			return false;
		if (take_hanzi(reading, &text))
			continue;
		if (!take_other(&text) || !into_front(reading, start, text.ptr))
			return false;
	}
	return reading->count != 0;
}

/* ---- levels ---- */

static unsigned find_level(const struct reading *reading, unsigned from, enum level level)
{
	while (from < reading->count && reading->parts[from].level != level)
		from++;
	return from;
}

/* The number of the floor and that of the room: 12 and 01 or 1201. */
static bool fits_floor(struct view floor, struct view room)
{
	return is_digits(room) && (room.len <= 2 || (room.len == floor.len + 2 && view_starts(room, floor)));
}

/* 3号 and 3#: a phase's number before a building, a building's before anything else, a room's
 * at the end. */
static void settle_number(const struct reading *reading, struct part *part, unsigned at)
{
	if (find_level(reading, at + 1, LEVEL_BUILDING) < reading->count) {
		part->level = LEVEL_PHASE;
		part->shown = "号";
	} else {
		part->level = at + 1 < reading->count ? LEVEL_BUILDING : LEVEL_ROOM;
	}
}

/* 3楼2单元301: a building; 3栋12楼01, 3楼301: a floor; 3楼1201: a building. */
static void settle_tower(const struct reading *reading, struct part *part, unsigned at)
{
	bool below = find_level(reading, 0, LEVEL_BUILDING) < at || find_level(reading, 0, LEVEL_UNIT) < at;
	bool above = find_level(reading, at, LEVEL_UNIT) < reading->count || find_level(reading, at, LEVEL_FLOOR) < reading->count;
	bool next = at + 2 == reading->count && fits_floor(part_text(part), part_text(&reading->parts[at + 1]));
	part->level = below || (!above && next) ? LEVEL_FLOOR : LEVEL_BUILDING;
}

static void settle_marks(struct reading *reading)
{
	for (unsigned i = 0; i < reading->count; i++) {
		if (reading->parts[i].level == LEVEL_NUMBER)
			settle_number(reading, &reading->parts[i], i);
		else if (reading->parts[i].level == LEVEL_TOWER)
			settle_tower(reading, &reading->parts[i], i);
	}
}

/* The levels of bare parts between two known ones, from the widest down; NULL where there
 * are too many. */
static const enum level *levels_between(enum level above, enum level below, unsigned count)
{
	static const enum level chain[] = { LEVEL_PHASE, LEVEL_BUILDING, LEVEL_UNIT, LEVEL_FLOOR };
	unsigned most = 0;
	if (below == LEVEL_BUILDING)
		return above == LEVEL_NONE && count == 1 ? chain : NULL;
	if (above == LEVEL_UNIT)
		return below == LEVEL_ROOM && count == 1 ? chain + 3 : NULL;
	if (above == LEVEL_BUILDING)
		most = below == LEVEL_ROOM ? 2 : below == LEVEL_FLOOR ? 1 : 0;
	else if (above < LEVEL_BUILDING)
		most = below == LEVEL_UNIT ? 1 : 2;
	if (count <= most)
		return above == LEVEL_BUILDING ? chain + 2 : chain + 1;
	return above == LEVEL_NONE && count == most + 1 ? chain : NULL;
}

static bool settle_bare(struct reading *reading)
{
	struct part *parts = reading->parts;
	enum level above = LEVEL_NONE;
	if (parts[reading->count - 1].level == LEVEL_BARE)
		parts[reading->count - 1].level = LEVEL_ROOM;
	for (unsigned i = 0; i < reading->count;) {
		unsigned next = i;
		while (next < reading->count && parts[next].level == LEVEL_BARE)
			next++;
		const enum level *levels = next > i ? levels_between(above, parts[next].level, next - i) : NULL;
		if (next > i && !levels)
			return false;
		for (; i < next; i++)
			parts[i].level = *levels++;
		if (parts[i].level <= above || parts[i].level > LEVEL_ROOM)
			return false;
		above = parts[i++].level;
	}
	return above == LEVEL_ROOM;
}

static bool has_digit(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if (byte_is_digit(text.ptr[i]))
			return true;
	return false;
}

static bool is_floor(struct view text)
{
	text = view_skip(text, text.len > 1 && text.ptr[0] == 'B');
	return is_digits(text) && text.ptr[0] != '0';
}

/* As long as such a number may be; a room has a digit, or is one letter of a building. */
static bool lengths_fit(const struct reading *reading)
{
	static const unsigned char longest[] = { [LEVEL_PHASE] = 4, [LEVEL_BUILDING] = 4, [LEVEL_UNIT] = 2, [LEVEL_FLOOR] = 2,
		[LEVEL_ROOM] = WORD };
	for (unsigned i = 0; i < reading->count; i++) {
		const struct part *part = &reading->parts[i];
		if (part->written > longest[part->level] && !part->name)
			return false;
		if (part->level == LEVEL_FLOOR && !is_floor(part_text(part)))
			return false;
		if (part->level == LEVEL_ROOM && !has_digit(part_text(part)) && (part->len > 1 || !i))
			return false;
	}
	return true;
}

/* ---- the key ---- */

/* The floor into the number of the room: 12 and 01 are 1201, 12 and 1201 too. */
static bool merge_floor(struct part *floor, struct part *room)
{
	struct view number = part_text(room), above = part_text(floor);
	char text[WORD];
	size_t len = 0;
	if (is_digits(number) && number.len > 2)
		return fits_floor(above, number);
	if (view_starts(number, above) && number.len > above.len && !is_digits(number)) /* 12层12A */
		return true;
	memcpy(text, above.ptr, above.len);
	len = above.len;
	if (byte_is_digit(number.ptr[0]) && (number.len == 1 || !byte_is_digit(number.ptr[1])))
		text[len++] = '0';
	if (len + number.len > WORD)
		return false;
	memcpy(text + len, number.ptr, number.len);
	room->len = (unsigned char)(len + number.len);
	memcpy(room->text, text, room->len);
	return true;
}

struct room {
	unsigned char len;
	char text[LONGEST];
};

static struct view room_text(const struct room *room) { return view(room->text, room->len); }

static bool put(struct room *room, struct view text)
{
	if (text.len > LONGEST - (size_t)room->len)
		return false;
	if (text.len)
		memcpy(room->text + room->len, text.ptr, text.len);
	room->len = (unsigned char)(room->len + text.len);
	return true;
}

static bool put_front(struct room *room, struct view front)
{
	while (front.len && is_separator(front.ptr[0]))
		front = view_skip(front, 1);
	if (!put(room, front))
		return false;
	for (size_t i = 0; i < front.len; i++) {
		if (is_separator(room->text[i]))
			room->text[i] = '-';
		else if (room->text[i] == '#')
			return false;
	}
	return true;
}

/* Words that stay: of phases; of what is called by a name; of a unit that would else be taken
 * for a building, or for a floor. */
static const char *word_of(const struct reading *reading, unsigned at)
{
	const struct part *part = &reading->parts[at], *last = &reading->parts[reading->count - 1];
	bool below = at && part[-1].level == LEVEL_BUILDING;
	if (part->level == LEVEL_UNIT && (part->name || !below || (!reading->kind && last->len <= 2)))
		return "单元";
	return part->name ? "栋" : part->shown;
}

static bool put_part(struct room *room, const struct part *part, const char *word)
{
	return (!room->len || put(room, VIEW("-"))) && put(room, part_text(part)) &&
	       (!word || put(room, view_of(word)));
}

static bool write_key(const struct reading *reading, struct room *room)
{
	bool good = put_front(room, reading->front);
	if (reading->kind)
		good = good && (!room->len || put(room, VIEW("-"))) && put(room, view_of(reading->kind));
	for (unsigned i = 0; i < reading->count && good; i++)
		if (reading->parts[i].level != LEVEL_FLOOR || reading->kind)
			good = put_part(room, &reading->parts[i], word_of(reading, i));
	return good;
}

static enum room_result settle(struct reading *reading)
{
	struct part *last = &reading->parts[reading->count - 1];
	if (reading->kind) { /* places have many orders: as they stand */
		for (unsigned i = 0; i < reading->count; i++)
			if (reading->parts[i].written == OVERLONG)
				return ROOM_BAD;
		return ROOM_OK;
	}
	settle_marks(reading);
	if (!settle_bare(reading) || !lengths_fit(reading))
		return ROOM_BAD;
	if (reading->count == 1)
		return ROOM_OK;
	if (last[-1].level == LEVEL_UNIT && !last[-1].marked && last->len <= 2)
		return ROOM_AMBIGUOUS;
	return last[-1].level != LEVEL_FLOOR || merge_floor(&last[-1], last) ? ROOM_OK : ROOM_BAD;
}

/* ---- the cell ---- */

static bool put_code(char bytes[static LONGEST], size_t *len, uint32_t code)
{
	char character[4];
	size_t add = 0;
	switch (code) {
	case 0x2010: case 0x2011: case 0x2012: case 0x2013: case 0x2014: case 0x2015: case 0x2212: case 0xFE63:
		code = '-';
		break;
	case '\t': case '\n': case '\r': case 0x3000: case 0xA0:
		code = ' ';
		break;
	default:
		if (code >= 0xFF01 && code <= 0xFF5E)
			code -= 0xFF01 - '!';
		else if (!text_fold_code(code))
			return true;
	}
	if (code == ' ' && *len && bytes[*len - 1] == ' ')
		return true;
	add = text_encode(code, character);
	if (add > LONGEST - *len)
		return false;
	memcpy(bytes + *len, character, add);
	*len += add;
	return true;
}

/* In ASCII of half width, of all dashes one, of a row of blanks one; empty where it is too long. */
static struct view narrow(struct view text, char bytes[static LONGEST])
{
	size_t len = 0;
	if (text_is_clean(text) && text.len <= LONGEST && view_find(text, VIEW("  ")) == SIZE_MAX)
		return text;
	while (text.len)
		if (!put_code(bytes, &len, text_next(&text)))
			return view(NULL, 0);
	return view_trim(view(bytes, len));
}

static struct view unwrap(struct view text)
{
	if (text.len >= 3 && view_starts(text, VIEW("=\"")) && view_ends(text, VIEW("\"")))
		return view_trim(view(text.ptr + 2, text.len - 3));
	return text.len && text.ptr[0] == '\'' ? view_trim(view_skip(text, 1)) : text;
}

struct usual {
	const char *at, *end;
	char *to;
};

/* Copies digits; how many, 0 where a zero stands in front. */
static inline unsigned copy_number(struct usual *usual)
{
	const char *start = usual->at;
	if (usual->at < usual->end && *usual->at == '0')
		return 0;
	while (usual->at < usual->end && byte_is_digit(*usual->at))
		*usual->to++ = *usual->at++;
	return (unsigned)(usual->at - start);
}

static inline bool skip(struct usual *usual, struct view word)
{
	if ((size_t)(usual->end - usual->at) < word.len || memcmp(usual->at, word.ptr, word.len) != 0)
		return false;
	usual->at += word.len;
	return true;
}

static void copy_front(struct usual *usual)
{
	const char *start = usual->at;
	uint32_t code;
	while ((code = first_hanzi(view(usual->at, (size_t)(usual->end - usual->at)))) && !special[BITS(code)]) {
		memcpy(usual->to, usual->at, HANZI);
		usual->to += HANZI;
		usual->at += HANZI;
	}
	if (usual->at == start)
		return;
	*usual->to++ = '-';
	skip(usual, VIEW("-"));
}

/* Most cells: 湖畔里-2幢-1单元-301, 2栋301室, 2-1-301, 2-3, as all that follows reads them too, which
 * takes ten times as long. */
static bool read_usual(struct view text, struct buf *out)
{
	if (text.len > LONGEST / 2)
		return false;
	char *start = buf_reserve(out, LONGEST);
	struct usual usual = { text.ptr, text.ptr + text.len, start };
	if (text.len && !byte_is_digit(text.ptr[0]))
		copy_front(&usual);
	unsigned digits = copy_number(&usual);
	bool cut = skip(&usual, VIEW("幢")) || skip(&usual, VIEW("栋")) || skip(&usual, VIEW("号楼"));
	cut |= skip(&usual, VIEW("-"));
	if (!digits || digits > 3 || !cut)
		return false;
	*usual.to++ = '-';
	digits = copy_number(&usual);
	if ((digits == 1 || digits == 2) && usual.at < usual.end) {
		cut = skip(&usual, VIEW("单元"));
		cut |= skip(&usual, VIEW("-"));
		if (!cut)
			return false;
		*usual.to++ = '-';
		digits = copy_number(&usual);
		if (digits < 3)
			return false;
	}
	if (digits > 2)
		skip(&usual, VIEW("室"));
	if (!digits || digits > 4 || usual.at < usual.end)
		return false;
	out->len += (size_t)(usual.to - start);
	return true;
}

static enum room_result read_key(struct view text, struct reading *reading, struct room *room)
{
	reading->front = view(NULL, 0);
	reading->kind = NULL;
	reading->count = 0;
	reading->code = true;
	room->len = 0;
	enum room_result result = text.len && read_parts(text, reading) ? settle(reading) : ROOM_BAD;
	bool alone = reading->count == 1 && reading->code;
	if (reading->count && reading->code && (result == ROOM_BAD || alone))
		return put(room, text) ? ROOM_OK : ROOM_BAD;
	if (!result && !write_key(reading, room))
		result = ROOM_BAD;
	if (result)
		room->len = 0;
	return result;
}

/* Rare parts may make a key that would be read otherwise. */
static bool is_odd(const struct reading *reading)
{
	return reading->kind || has_digit(reading->front) ||
	       (reading->count && (reading->parts[0].level == LEVEL_PHASE || reading->parts[reading->count - 1].len <= 2));
}

RARELY static enum room_result parse_cell(struct view cell, struct buf *out)
{
	char bytes[LONGEST];
	struct reading reading;
	struct room room, again;
	enum room_result result = read_key(unwrap(narrow(view_trim(cell), bytes)), &reading, &room);
	if ((result == ROOM_BAD || reading.code) && text_cell_is_null(cell))
		return ROOM_EMPTY;
	if (!result && is_odd(&reading) &&
	    (read_key(room_text(&room), &reading, &again) || !view_equal(room_text(&room), room_text(&again))))
		return ROOM_BAD;
	if (!result)
		buf_put(out, room_text(&room));
	return result;
}

enum room_result room_parse(struct view cell, struct buf *out)
{
	return read_usual(cell, out) ? ROOM_OK : parse_cell(cell, out);
}
