/* money_read: amounts as people and spreadsheets write them.  See money.h.
 *
 * Outside in: money_parse() takes off what says about, at most, negative; then it splits
 * a range; read_amount() reads one amount, numerals and units from left to right, by the
 * rule of Chinese numerals: digits, times 十百千 within a section, times 万 or 亿 for the
 * section.  Arabic numbers are digits like others there, so 1亿2000万 and 2千5百万 need no
 * case of their own. */
#include "value/money.h"

#include "value/number.h"
#include "value/text.h"

/* Amounts under way are yuan times 10^12: room for twelve decimals of a 亿. */
enum { PLACES = 12 };
static const __int128 LARGEST = NUMBER_MAX; /* 10^36 */

const char *money_result_name(enum money_result result)
{
	static const char *const names[] = { "ok",    "empty",        "bad_money",  "ambiguous_money",
		                             "range", "out_of_range", "too_precise" };
	return names[result];
}

static bool take_end(struct view *text, const char *word)
{
	struct view w = view_of(word);
	if (!view_ends(*text, w))
		return false;
	text->len -= w.len;
	return true;
}

static bool times_ten(__int128 *value, unsigned power)
{
	for (; power; power--) {
		*value *= 10;
		if (*value > LARGEST)
			return false;
	}
	return true;
}

/* ---- one number ---- */

struct figure {
	__int128 value;      /* yuan * 10^12 */
	unsigned digits;     /* before the point, for "fills its places" */
	bool leading_zero;   /* 零五, 05 */
	bool fraction;       /* has a point */
	bool inexact;        /* decimals were cut */
};

/* E+06 behind a number, as Excel shows it. */
static bool take_exponent(struct view *text, int *exponent)
{
	struct view rest = *text;
	uint64_t value = 0;
	size_t count = 0;
	bool negative;
	if (!view_take(&rest, "e"))
		return true;
	negative = view_take(&rest, "-");
	if (!negative)
		view_take(&rest, "+");
	while (count < rest.len && byte_is_digit(rest.ptr[count]))
		count++;
	if (!view_parse_u64(view_first(rest, count), 0, 99, &value))
		return false;
	*exponent = negative ? -(int)value : (int)value;
	*text = view_skip(rest, count);
	return true;
}

/* 1,234.5 or 1.23e+06; a point needs a digit on one side. */
static enum money_result take_arabic(struct view *text, struct figure *figure)
{
	int exponent = 0, shift = PLACES;
	figure->leading_zero = text->len && text->ptr[0] == '0';
	enum number_result result = number_take_digits(text, true, LARGEST / 10, &figure->value, &figure->digits);
	if (result)
		return result == NUMBER_BAD ? MONEY_AMBIGUOUS : MONEY_OUT_OF_RANGE;
	if (view_take(text, ".")) {
		figure->fraction = true;
		if (!figure->digits && !(text->len && byte_is_digit(text->ptr[0])))
			return MONEY_BAD;
		for (; text->len && byte_is_digit(text->ptr[0]); *text = view_skip(*text, 1)) {
			if (figure->value > LARGEST / 100) { /* more decimals than anything needs */
				figure->inexact = figure->inexact || text->ptr[0] != '0';
				continue;
			}
			figure->value = figure->value * 10 + (text->ptr[0] - '0');
			shift--;
		}
	}
	if (!take_exponent(text, &exponent))
		return MONEY_BAD;
	for (shift += exponent; shift < 0; shift++) {
		figure->inexact = figure->inexact || figure->value % 10;
		figure->value /= 10;
	}
	return figure->value == 0 || times_ten(&figure->value, (unsigned)shift) ? MONEY_OK : MONEY_OUT_OF_RANGE;
}

/* 二〇〇, 零五: digit after digit. */
static enum money_result take_hanzi(struct view *text, struct figure *figure)
{
	for (; text->len; figure->digits++) {
		struct view rest = *text;
		int digit = text_hanzi_digit(text_next(&rest));
		if (digit < 0)
			break;
		if (!figure->digits)
			figure->leading_zero = digit == 0;
		figure->value = figure->value * 10 + digit;
		if (figure->value > INT64_MAX)
			return MONEY_OUT_OF_RANGE;
		*text = rest;
	}
	times_ten(&figure->value, PLACES);
	return MONEY_OK;
}

/* ---- one amount ---- */

struct amount {
	__int128 yi, wan, section; /* closed by 亿, by 万, and what is still open; yuan * 10^12 */
	struct figure figure;      /* the number that waits for its unit */
	bool waiting;
	unsigned section_power;    /* of the last 十百千 in the section */
	unsigned power;            /* of the last unit at all */
	__int128 value;            /* after 元: everything; yuan * 10^12 */
	unsigned stage;            /* 0 yuan, 1 after 元, 2 after 角, 3 after 分 */
	bool any, unit, big;       /* a number; a unit; 万, 亿 or 元 among them */
	bool open;                 /* something stands behind the last 万 or 亿 */
	bool fraction, inexact;
};

static __int128 power_of_ten(unsigned power)
{
	__int128 value = 1;
	times_ten(&value, power);
	return value;
}

/* The number without a unit of its own joins the section.  Behind a unit (its power of
 * ten) it must fill the places or say 零: 1万2000, 一千零五; 3千5 can be read in two ways. */
static enum money_result close_figure(struct amount *amount, unsigned power)
{
	struct figure *figure = &amount->figure;
	if (!amount->waiting)
		return MONEY_OK;
	if (power && figure->digits != power &&
	    !(figure->leading_zero && figure->digits > 1 && figure->digits <= power))
		return MONEY_AMBIGUOUS;
	amount->section += figure->value;
	amount->waiting = false;
	return MONEY_OK;
}

/* 十百千: what waits, times the power; 十 alone is 10. */
static enum money_result small_unit(struct amount *amount, unsigned power)
{
	__int128 term = amount->figure.value;
	if (!amount->waiting) {
		if (power != 1 || amount->section_power || amount->section)
			return MONEY_BAD;
		term = power_of_ten(PLACES);
	}
	if (!times_ten(&term, power))
		return MONEY_OUT_OF_RANGE;
	/* Units fall from left to right, and no term reaches the unit before it. */
	if (amount->section_power && (power >= amount->section_power ||
	                              term >= power_of_ten(PLACES + amount->section_power)))
		return MONEY_BAD;
	if (!amount->section_power && amount->power && term >= power_of_ten(PLACES + amount->power))
		return MONEY_BAD;
	amount->section += term;
	amount->section_power = amount->power = power;
	amount->any = amount->open = true;
	amount->waiting = false;
	return MONEY_OK;
}

/* 万 and 亿: all of the section, times the power; 亿 takes a 万 before it along (1万亿). */
static enum money_result big_unit(struct amount *amount, unsigned power)
{
	bool yi = power == 8;
	unsigned last = amount->section_power ? amount->section_power : yi && amount->wan ? 4 : 0;
	enum money_result result = close_figure(amount, last);
	__int128 term = amount->section + (yi ? amount->wan : 0);
	if (result)
		return result;
	if (!amount->open && !(yi && amount->wan))
		return MONEY_BAD;
	if (yi ? amount->yi : amount->wan || (amount->yi && term >= power_of_ten(PLACES + 4)))
		return MONEY_BAD;
	if (!times_ten(&term, power))
		return MONEY_OUT_OF_RANGE;
	if (yi) {
		amount->yi = term;
		amount->wan = 0;
	} else {
		amount->wan = term;
	}
	amount->section = 0;
	amount->section_power = 0;
	amount->power = power;
	amount->open = false;
	amount->big = true;
	return MONEY_OK;
}

/* Everything so far is yuan. */
static enum money_result close_yuan(struct amount *amount)
{
	enum money_result result = close_figure(amount, amount->power);
	if (result)
		return result;
	amount->value = amount->yi + amount->wan + amount->section;
	return amount->any ? MONEY_OK : MONEY_BAD;
}

/* 元, 角, 分, in this order, each at most once; 角 and 分 take one digit, 零 may stand before it. */
static enum money_result coin_unit(struct amount *amount, unsigned stage)
{
	const __int128 one = power_of_ten(PLACES);
	amount->unit = true;
	if (amount->stage >= stage)
		return MONEY_BAD;
	if (stage == 1) {
		amount->stage = 1;
		amount->big = true;
		return close_yuan(amount);
	}
	if (!amount->waiting || amount->power || amount->figure.fraction || amount->figure.value >= 10 * one)
		return MONEY_BAD;
	amount->value += amount->figure.value / (stage == 2 ? 10 : 100);
	amount->waiting = false;
	amount->stage = stage;
	return MONEY_OK;
}

static enum money_result take_figure(struct view *text, struct amount *amount)
{
	bool arabic = byte_is_digit(text->ptr[0]) || text->ptr[0] == '.';
	enum money_result result;
	if (amount->waiting || amount->stage == 3)
		return MONEY_BAD;
	if (amount->fraction)
		return MONEY_AMBIGUOUS; /* 1.2亿3000万 */
	amount->figure = (struct figure){ 0 };
	result = arabic ? take_arabic(text, &amount->figure) : take_hanzi(text, &amount->figure);
	amount->waiting = amount->any = amount->open = true;
	amount->fraction = amount->figure.fraction;
	amount->inexact = amount->inexact || amount->figure.inexact;
	return result;
}

static enum money_result take_unit(struct view *text, struct amount *amount)
{
	static const struct {
		const char *name;
		unsigned stage;
	} coins[] = { { "元", 1 }, { "圆", 1 }, { "块", 1 }, { "角", 2 }, { "分", 3 } };
	struct view rest = *text;
	uint32_t code = text_next(&rest);
	unsigned power = code == 'w' ? 4 : code == 'k' ? 3 : text_hanzi_power(code);
	if (power) {
		*text = rest;
		amount->unit = true;
		if (amount->stage)
			return MONEY_BAD;
		return power < 4 ? small_unit(amount, power) : big_unit(amount, power);
	}
	for (size_t i = 0; i < sizeof coins / sizeof *coins; i++) {
		if (!view_take(text, coins[i].name))
			continue;
		/* Behind 元 units of the yuan no longer count. */
		enum money_result result = coin_unit(amount, coins[i].stage);
		amount->power = 0;
		return result;
	}
	return MONEY_BAD;
}

static enum money_result read_amount(struct view text, struct amount *amount)
{
	*amount = (struct amount){ 0 };
	if (!take_end(&text, "整"))
		take_end(&text, "正");
	while (text.len) {
		struct view rest = text;
		bool digit = byte_is_digit(text.ptr[0]) || text.ptr[0] == '.' || text_hanzi_digit(text_next(&rest)) >= 0;
		enum money_result result = digit ? take_figure(&text, amount) : take_unit(&text, amount);
		if (result)
			return result;
	}
	if (amount->stage)
		return amount->waiting ? MONEY_AMBIGUOUS : MONEY_OK; /* 3元5 */
	return close_yuan(amount);
}

/* In fen; the header's unit where the text has none. */
static enum money_result in_fen(const struct amount *amount, int64_t unit_fen, bool negative, int64_t *fen)
{
	const __int128 one = power_of_ten(PLACES);
	__int128 value;
	if (__builtin_mul_overflow(amount->value, amount->unit ? MONEY_YUAN : unit_fen, &value) || value > LARGEST)
		return MONEY_OUT_OF_RANGE;
	__int128 rounded = number_round(negative ? -value : value, one);
	if (rounded > INT64_MAX || rounded < INT64_MIN)
		return MONEY_OUT_OF_RANGE;
	*fen = (int64_t)rounded;
	return amount->inexact || value % one ? MONEY_TOO_PRECISE : MONEY_OK;
}

/* ---- ranges ---- */

/* Where the sign between two amounts stands, and its length; SIZE_MAX where there is none.
 * One at the beginning is no such sign, nor is one behind an exponent's e. */
static size_t find_between(struct view text, size_t *len)
{
	static const char *const signs[] = { "--", "-", "~", "——", "—", "–", "−", "〜", "至", "到" };
	for (size_t at = 1; at < text.len; at++)
		for (size_t i = 0; i < sizeof signs / sizeof *signs; i++)
			if (view_starts(view_skip(text, at), view_of(signs[i])) && text.ptr[at - 1] != 'e') {
				*len = strlen(signs[i]);
				return at;
			}
	return SIZE_MAX;
}

/* What stands behind the last digit: the units.  Empty where there is no digit. */
static struct view units_of(struct view text)
{
	struct view units = { text.ptr, 0 };
	for (struct view rest = text; rest.len;) {
		uint32_t code = text_next(&rest);
		if ((code >= '0' && code <= '9') || code == '.' || text_hanzi_digit(code) >= 0)
			units = rest;
	}
	return units;
}

static enum money_result read_range(struct view text, size_t at, size_t len, int64_t unit_fen, struct money_found *found)
{
	struct view left = view_first(text, at), right = view_skip(text, at + len);
	struct amount from, to;
	char shared[1024];
	enum money_result result = read_amount(right, &to);
	if (result)
		return result;
	result = read_amount(left, &from);
	if (result)
		return result;
	if (!from.unit && to.unit) { /* 150-200万 */
		struct view units = units_of(right);
		if (!units.len || left.len + units.len > sizeof shared)
			return MONEY_AMBIGUOUS;
		memcpy(shared, left.ptr, left.len);
		memcpy(shared + left.len, units.ptr, units.len);
		result = read_amount(view(shared, left.len + units.len), &from);
		if (result)
			return result;
	} else if ((from.unit && !to.unit) || (to.big && !from.big)) { /* 100万-200, 5百-8百万 */
		return MONEY_AMBIGUOUS;
	}
	enum money_result precise = in_fen(&from, unit_fen, false, &found->min);
	result = in_fen(&to, unit_fen, false, &found->max);
	if (precise == MONEY_OUT_OF_RANGE || result == MONEY_OUT_OF_RANGE)
		return MONEY_OUT_OF_RANGE;
	if (found->min > found->max)
		return MONEY_AMBIGUOUS;
	found->has_min = found->has_max = true;
	return MONEY_RANGE;
}

/* ---- what stands around an amount ---- */

enum mark { MARK_NOTHING, MARK_ABOUT, MARK_MAX, MARK_MIN, MARK_NEGATIVE };

struct word {
	const char *text;
	enum mark mark;
};

/* Longer ones before those that they begin with. */
static const struct word before[] = {
	{ "大约", MARK_ABOUT },  { "大概", MARK_ABOUT }, { "约", MARK_ABOUT },   { "不超过", MARK_MAX },
	{ "最多", MARK_MAX },    { "低于", MARK_MAX },   { "小于", MARK_MAX },   { "少于", MARK_MAX },
	{ "<=", MARK_MAX },      { "<", MARK_MAX },      { "≤", MARK_MAX },      { "不低于", MARK_MIN },
	{ "不少于", MARK_MIN },  { "至少", MARK_MIN },   { "大于", MARK_MIN },   { "超过", MARK_MIN },
	{ "高于", MARK_MIN },    { ">=", MARK_MIN },     { ">", MARK_MIN },      { "≥", MARK_MIN },
	{ "人民币:", 0 },        { "人民币", 0 },        { "rmb", 0 },           { "cny", 0 },           { "￥", 0 },
	{ "¥", 0 },              { "+", 0 },             { "-", MARK_NEGATIVE }, { "−", MARK_NEGATIVE },
	{ "负", MARK_NEGATIVE },
}, behind[] = {
	{ "左右", MARK_ABOUT }, { "上下", MARK_ABOUT }, { "以内", MARK_MAX }, { "之内", MARK_MAX },
	{ "以下", MARK_MAX },   { "封顶", MARK_MAX },   { "内", MARK_MAX },   { "及以上", MARK_MIN },
	{ "以上", MARK_MIN },   { "起", MARK_MIN },     { "+", MARK_MIN },    { "-", MARK_NEGATIVE },
	{ "人民币", 0 },        { "rmb", 0 },           { "cny", 0 },
};

#define COUNT(array) (sizeof(array) / sizeof *(array))

struct marks {
	bool about, max, min, negative;
};

static bool set_mark(struct marks *marks, enum mark mark)
{
	bool *flag = mark == MARK_ABOUT ? &marks->about : mark == MARK_MAX ? &marks->max
	             : mark == MARK_MIN ? &marks->min   : &marks->negative;
	if (mark == MARK_NOTHING)
		return true;
	if (*flag)
		return false;
	*flag = true;
	return true;
}

/* One of the words at either end; what there is none of, NULL. */
static const struct word *take_word(struct view *text)
{
	for (size_t i = 0; i < COUNT(before); i++)
		if (view_take(text, before[i].text))
			return &before[i];
	for (size_t i = 0; i < COUNT(behind); i++)
		if (take_end(text, behind[i].text))
			return &behind[i];
	return NULL;
}

/* Takes the marks off both ends, brackets (negative) too; false where one stands twice. */
static bool take_marks(struct view *text, struct marks *marks)
{
	const struct word *word;
	while ((word = take_word(text)))
		if (!set_mark(marks, word->mark))
			return false;
	if (text->len < 2 || text->ptr[0] != '(' || text->ptr[text->len - 1] != ')')
		return true;
	*text = view(text->ptr + 1, text->len - 2);
	return set_mark(marks, MARK_NEGATIVE) && take_marks(text, marks);
}

/* Drops blanks; false where one stands between two digits: 100 200 may be two numbers. */
static bool drop_blanks(struct text_cell *cell)
{
	size_t len = 0;
	for (size_t i = 0; i < cell->len; i++) {
		char c = cell->bytes[i];
		if (byte_is_space(c))
			continue;
		if (len && i && byte_is_space(cell->bytes[i - 1]) && byte_is_digit(c) && byte_is_digit(cell->bytes[len - 1]))
			return false;
		cell->bytes[len++] = c;
	}
	cell->len = len;
	return true;
}

static enum money_result read_single(struct view text, int64_t unit_fen, struct marks marks, struct money_found *found)
{
	struct amount amount;
	int64_t fen;
	enum money_result result = read_amount(text, &amount);
	if (result)
		return result;
	result = in_fen(&amount, unit_fen, marks.negative, &fen);
	if (result == MONEY_OUT_OF_RANGE)
		return result;
	found->min = found->max = fen;
	found->has_min = !marks.max;
	found->has_max = !marks.min;
	return marks.min || marks.max ? MONEY_RANGE : result;
}

/* Digits and a point, nothing else, in units of the header: most cells. */
static bool read_plain(struct view text, int64_t unit_fen, int64_t *fen)
{
	int64_t micro;
	if (unit_fen == MONEY_YUAN)
		return money_parse_plain(text, fen);
	/* 万 is 10^6 fen: the millionths are fen. */
	return unit_fen % NUMBER_ONE == 0 && number_parse_plain(text, &micro) &&
	       !__builtin_mul_overflow(micro, unit_fen / NUMBER_ONE, fen);
}

RARELY static enum money_result parse_cell(struct view text, int64_t unit_fen, struct money_found *found)
{
	struct text_cell cell;
	struct marks marks = { 0 };
	enum money_result result;
	size_t at, len = 0;
	struct view rest;
	if (!text_cell_fold(text, &cell))
		return MONEY_BAD;
	if (text_is_null(text_cell_view(&cell)))
		return MONEY_EMPTY;
	if (!drop_blanks(&cell))
		return MONEY_AMBIGUOUS;
	rest = text_cell_view(&cell);
	if (!take_marks(&rest, &marks) || !rest.len || (marks.min && marks.max))
		return MONEY_BAD;
	at = find_between(rest, &len);
	if (at == SIZE_MAX)
		result = read_single(rest, unit_fen, marks, found);
	else if (marks.min || marks.max || marks.negative)
		result = MONEY_BAD;
	else
		result = read_range(rest, at, len, unit_fen, found);
	if (result != MONEY_OK && result != MONEY_TOO_PRECISE && result != MONEY_RANGE)
		*found = (struct money_found){ 0 };
	else
		found->about = marks.about;
	return result;
}

enum money_result money_parse(struct view text, int64_t unit_fen, struct money_found *found)
{
	*found = (struct money_found){ 0 };
	if (read_plain(text, unit_fen, &found->min)) {
		found->max = found->min;
		found->has_min = found->has_max = true;
		return MONEY_OK;
	}
	return parse_cell(text, unit_fen, found);
}
