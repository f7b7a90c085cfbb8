/* money: see money.h.  The reader of free text is money_read.c. */
#include "value/money.h"

#include "value/number.h"

bool money_parse_plain(struct view text, int64_t *fen)
{
	const char *at = text.ptr, *end = text.ptr + text.len;
	bool negative = text.len && *at == '-';
	/* Counted below zero, where there is room for one more. */
	int64_t value = 0;
	unsigned decimals = 0;
	if (text.len <= negative || !byte_is_digit(at[negative]))
		return false;
	for (at += negative; at < end && byte_is_digit(*at); at++)
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, *at - '0', &value))
			return false;
	if (at < end && *at++ != '.')
		return false;
	for (; decimals < 2; decimals++) {
		int digit = 0;
		if (at < end && byte_is_digit(*at))
			digit = *at++ - '0';
		else if (decimals == 0 && at[-1] == '.')
			return false;
		if (__builtin_mul_overflow(value, 10, &value) || __builtin_sub_overflow(value, digit, &value))
			return false;
	}
	if (at < end || (!negative && value == INT64_MIN))
		return false;
	*fen = negative ? value : -value;
	return true;
}

void money_format(int64_t fen, struct buf *out)
{
	uint64_t amount = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen;
	unsigned cents = (unsigned)(amount % 100);
	if (fen < 0)
		buf_byte(out, '-');
	buf_u64(out, amount / 100);
	buf_byte(out, '.');
	buf_byte(out, (char)('0' + cents / 10));
	buf_byte(out, (char)('0' + cents % 10));
}

/* ---- 人民币大写 ---- */

static const char *const capital_digits[] = { "零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖" };

/* Writes 1..9999.  `gap` says that zeros stand before it: then 零 comes first, as it does
 * where the number has no thousands and something stands before it. */
static void put_section(unsigned section, bool gap, struct buf *out)
{
	static const char *const units[] = { "仟", "佰", "拾", "" };
	unsigned divisor = 1000;
	for (int i = 0; i < 4; i++, divisor /= 10) {
		unsigned digit = section / divisor % 10;
		if (!digit) {
			gap = gap || section / divisor;
			continue;
		}
		if (gap)
			buf_text(out, "零");
		gap = false;
		buf_text(out, capital_digits[digit]);
		buf_text(out, units[i]);
	}
}

/* Writes below 10^8.  `follows`: something stands before it. */
static void put_group(uint64_t group, bool follows, struct buf *out)
{
	unsigned high = (unsigned)(group / 10000), low = (unsigned)(group % 10000);
	if (high) {
		put_section(high, follows && high < 1000, out);
		buf_text(out, "万");
	}
	if (low)
		put_section(low, (high || follows) && (low < 1000 || !high), out);
}

bool money_format_capital(int64_t fen, struct buf *out)
{
	const uint64_t limit = 10000000000000000; /* 10^16 */
	uint64_t amount = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen, yuan = amount / 100;
	unsigned jiao = (unsigned)(amount / 10 % 10), cents = (unsigned)(amount % 10);
	if (yuan >= limit)
		return false;
	if (fen < 0)
		buf_text(out, "负");
	if (yuan >= 100000000) {
		put_group(yuan / 100000000, false, out);
		buf_text(out, "亿");
	}
	put_group(yuan % 100000000, yuan >= 100000000, out);
	if (yuan || !amount)
		buf_text(out, yuan ? "元" : "零元");
	/* 零 before 角 where the yuan end in 0, before 分 where there is no 角. */
	if (yuan && ((jiao && yuan % 10 == 0) || (!jiao && cents)))
		buf_text(out, "零");
	if (jiao) {
		buf_text(out, capital_digits[jiao]);
		buf_text(out, "角");
	}
	if (cents) {
		buf_text(out, capital_digits[cents]);
		buf_text(out, "分");
	} else {
		buf_text(out, "整");
	}
	return true;
}

/* ---- arithmetic ---- */

bool money_times_rate(int64_t fen, int64_t rate_micro, int64_t *result)
{
	__int128 product = number_round((__int128)fen * rate_micro, NUMBER_ONE);
	if (product < INT64_MIN || product > INT64_MAX)
		return false;
	*result = (int64_t)product;
	return true;
}

bool money_add(int64_t *sum, int64_t fen)
{
	int64_t total;
	if (__builtin_add_overflow(*sum, fen, &total))
		return false;
	*sum = total;
	return true;
}

/* How many parts lost at least `loss` by the rounding.  A loss is a rest of amount*weight
 * divided by the weights' sum. */
static size_t count_losses(uint64_t amount, const int64_t *weights, size_t count, uint64_t sum, uint64_t loss)
{
	size_t found = 0;
	for (size_t i = 0; i < count; i++)
		found += (uint64_t)((unsigned __int128)amount * (uint64_t)weights[i] % sum) >= loss;
	return found;
}

bool money_split(int64_t fen, const int64_t *weights, size_t count, int64_t *parts)
{
	uint64_t amount = fen < 0 ? 0 - (uint64_t)fen : (uint64_t)fen, left = amount;
	uint64_t sum, low = 1, high;
	int64_t total = 0;
	for (size_t i = 0; i < count; i++)
		if (weights[i] < 0 || !money_add(&total, weights[i]))
			return false;
	if (!total)
		return false;
	sum = (uint64_t)total;
	for (size_t i = 0; i < count; i++)
		left -= (uint64_t)((unsigned __int128)amount * (uint64_t)weights[i] / sum);
	/* The greatest loss that at least `left` parts have: found by halving, so that no
	 * memory is needed to sort.  With nothing left it is the sum, which none has. */
	for (high = sum; low < high;) {
		uint64_t middle = high - (high - low) / 2;
		if (count_losses(amount, weights, count, sum, middle) >= left)
			low = middle;
		else
			high = middle - 1;
	}
	/* Those above that loss get one each; those at it, in order, what then is left. */
	left -= low < sum ? count_losses(amount, weights, count, sum, low + 1) : 0;
	for (size_t i = 0; i < count; i++) {
		unsigned __int128 product = (unsigned __int128)amount * (uint64_t)weights[i];
		uint64_t part = (uint64_t)(product / sum), loss = (uint64_t)(product % sum);
		if (loss > low || (loss == low && left)) {
			left -= loss == low;
			part++;
		}
		parts[i] = (int64_t)(fen < 0 ? 0 - part : part);
	}
	return true;
}
