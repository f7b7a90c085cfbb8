/* discount: see discount.h. */
#include "value/discount.h"

#include "value/hanzi.h"
#include "value/money.h"
#include "value/text.h"

enum { TENTHS = NUMBER_ONE / 10 };

static bool take_one_of(struct view *text, const char *const *words)
{
	for (; *words; words++)
		if (view_take(text, *words))
			return true;
	return false;
}

static bool is_one_of(struct view text, const char *const *words)
{
	for (; *words; words++)
		if (view_is(text, *words))
			return true;
	return false;
}

/* 98, 9.8; 九八, 九点五: tenths of ten. */
static bool take_number(struct view *text, __int128 *micro)
{
	size_t len = 0;
	unsigned places = 0;
	while (len < text->len && (byte_is_digit(text->ptr[len]) || text->ptr[len] == '.'))
		len++;
	if (len) {
		struct view number = view_first(*text, len);
		*text = view_skip(*text, len);
		return number_parse(number, 0, micro);
	}
	for (*micro = 0; text->len; places++) {
		struct view rest = *text;
		int digit = text_hanzi_digit(text_next(&rest));
		if (digit < 0)
			break;
		*micro = *micro * 10 + digit;
		*text = rest;
		if (places == 0)
			view_take(text, "点");
	}
	for (unsigned i = places; i < 7; i++)
		*micro *= 10;
	return places && places < 7;
}

/* n折, or a number alone; 100 is none. */
static bool of_ten(__int128 *micro)
{
	const __int128 ten = (__int128)NUMBER_ONE * 10;
	if (*micro <= 0 || *micro == ten || *micro > ten * 10)
		return false;
	*micro = number_round(*micro, *micro < ten ? 10 : 100);
	return true;
}

static bool take_factor(struct view *text, bool first, __int128 *micro)
{
	static const char *const halves[] = { "对折", "半价", NULL };
	if (take_one_of(text, halves)) {
		*micro = 5 * TENTHS;
		return true;
	}
	bool words = text->len && !byte_is_digit(text->ptr[0]);
	if (!take_number(text, micro))
		return false;
	if (view_take(text, "折"))
		return of_ten(micro);
	if (words)
		return false;
	if (view_take(text, "%")) {
		*micro = number_round(*micro, 100);
		return true;
	}
	if (*micro < 2 * NUMBER_ONE)
		return first || *micro <= NUMBER_ONE;
	return first && !text->len && of_ten(micro);
}

/* 再减2万, to the end. */
static bool take_less(struct view *text, int64_t *less)
{
	static const char *const before[] = { ",", "再", "后", "另", NULL };
	static const char *const words[] = { "减", "立减", "直减", "优惠", "让利", NULL };
	struct view rest = *text;
	struct money_found found;
	while (take_one_of(&rest, before))
		;
	if (!take_one_of(&rest, words) || money_parse(rest, MONEY_YUAN, &found) != MONEY_OK)
		return false;
	*less = found.min;
	*text = VIEW("");
	return true;
}

static enum number_result read_discount(struct view text, struct discount *discount)
{
	static const char *const conditions[] = { "一次性付款", "一次性", "全款", "按揭", "商贷", "公积金", "分期", "总价", "房价", "享受",
		"享", NULL };
	static const char *const joints[] = { "折上", "再打", "再", "后", "*", "×", "x", "+", NULL };
	__int128 rate = NUMBER_ONE, factor;
	int64_t less = 0;
	bool exact = true;
	take_one_of(&text, conditions);
	for (bool first = true; text.len && !take_less(&text, &less); first = false) {
		if ((!first && !take_one_of(&text, joints)) || !take_factor(&text, first, &factor))
			return NUMBER_BAD;
		exact &= rate * factor % NUMBER_ONE == 0;
		rate = number_round(rate * factor, NUMBER_ONE);
		if (rate >= 2 * NUMBER_ONE)
			return NUMBER_OUT_OF_RANGE;
	}
	*discount = (struct discount){ (int64_t)rate, less };
	return exact ? NUMBER_OK : NUMBER_TOO_PRECISE;
}

enum number_result discount_parse(struct view cell, struct discount *discount)
{
	static const char *const none[] = { "无折扣", "无优惠", "不打折", "没有折扣", "原价", "全价", NULL };
	struct text_cell folded;
	size_t len = 0;
	if (!text_cell_fold(cell, &folded))
		return NUMBER_BAD;
	for (size_t i = 0; i < folded.len; i++)
		if (!byte_is_space(folded.bytes[i]))
			folded.bytes[len++] = folded.bytes[i];
	hanzi_simplify(folded.bytes, len);
	struct view text = view(folded.bytes, len);
	if (text_is_null(text))
		return NUMBER_EMPTY;
	if (!is_one_of(text, none))
		return read_discount(text, discount);
	*discount = (struct discount){ NUMBER_ONE, 0 };
	return NUMBER_OK;
}
