/* Money: what is read, written in our form (and in capitals), is the same amount; halves of
 * two amounts add up; a rate mirrors at zero. */
#include "fuzz.h"

#include "value/money.h"

static void check_amount(int64_t fen)
{
	struct buf text = { 0 }, capital = { 0 };
	int64_t again;
	struct money_found found;
	money_format(fen, &text);
	PROPERTY(money_parse_plain(buf_view(&text), &again) && again == fen, "our form, plain: %s", buf_string(&text));
	PROPERTY(money_parse(buf_view(&text), MONEY_YUAN, &found) == MONEY_OK && found.min == fen && found.max == fen,
	         "our form: %s", buf_string(&text));
	if (money_format_capital(fen, &capital))
		PROPERTY(money_parse(buf_view(&capital), MONEY_YUAN, &found) == MONEY_OK && found.min == fen,
		         "in capitals: %s is %s", buf_string(&text), buf_string(&capital));
	buf_release(&text);
	buf_release(&capital);
}

static void check_arithmetic(int64_t fen, int64_t other)
{
	int64_t a, b, parts[3], weights[3] = { other & 0xFFFF, (other >> 16) & 0xFFFF, 1 }, sum = 0;
	if (fen != INT64_MIN && money_times_rate(fen, other, &a))
		PROPERTY(money_times_rate(-fen, other, &b) && a == -b, "a refund mirrors the sale");
	PROPERTY(money_split(fen, weights, 3, parts), "weights above 0");
	for (int i = 0; i < 3; i++)
		PROPERTY(money_add(&sum, parts[i]), "parts fit");
	PROPERTY(sum == fen, "parts make up the whole");
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view cell = fuzz_copy(fuzz_bytes(bytes, len));
	static const int64_t units[] = { MONEY_YUAN, MONEY_WAN };
	int64_t plain;
	for (size_t i = 0; i < 2; i++) {
		struct money_found found = { 0 };
		enum money_result result = money_parse(cell, units[i], &found);
		PROPERTY(money_result_name(result) != NULL, "a result has a name");
		if (result == MONEY_OK || result == MONEY_TOO_PRECISE) {
			PROPERTY(found.min == found.max, "an amount is one");
			check_amount(found.min);
			check_arithmetic(found.min, (int64_t)len * 7919 + (len ? bytes[0] * 65536 : 0));
		} else if (result == MONEY_RANGE) {
			PROPERTY(found.has_min || found.has_max, "a range has a bound");
			PROPERTY(!found.has_min || !found.has_max || found.min <= found.max, "in order");
		}
	}
	if (money_parse_plain(cell, &plain)) {
		struct money_found found;
		check_amount(plain);
		PROPERTY(money_parse(cell, MONEY_YUAN, &found) == MONEY_OK && found.min == plain, "both readers agree");
	}
	fuzz_free(cell);
	return 0;
}
