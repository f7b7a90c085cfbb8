/* money: amounts of yuan.  Room: value.
 *
 * An amount is an int64 count of fen (0.01 yuan), never a double.  The largest is
 * 92233720368547758.07 yuan; what does not fit is refused, nothing wraps.  Rounding is to
 * the nearest fen, halves away from zero, so that a refund is the mirror of the sale.
 * Written form: yuan with two decimals, always: 1234.50. */
#ifndef CRM_VALUE_MONEY_H
#define CRM_VALUE_MONEY_H

#include "base/buf.h"
#include "base/view.h"

/* ---- what this toolkit writes ---- */

/* As it stands in our own tables: -1234.50, also 1234 and 1234.5.  No blanks, no plus,
 * no commas.  The fast way, for the tools behind crm-import. */
bool money_parse_plain(struct view text, int64_t *fen);
void money_format(int64_t fen, struct buf *out);
/* 人民币大写 (支付结算办法, annex): 1409.50 is 壹仟肆佰零玖元伍角整.  False, and nothing
 * written, from 10^16 yuan on: there are no words for it. */
bool money_format_capital(int64_t fen, struct buf *out);

/* ---- what ledgers hold ---- */

enum money_result {
	MONEY_OK,
	MONEY_EMPTY,        /* blank, or a word for "nothing" */
	MONEY_BAD,
	MONEY_AMBIGUOUS,    /* two ways to read it: 3千5, 12,34, 1.2亿3000万 */
	MONEY_RANGE,        /* 150-200万, 200万以内, 300万以上: see the bounds */
	MONEY_OUT_OF_RANGE,
	MONEY_TOO_PRECISE,  /* parts of a fen: the amount is there, rounded */
};

/* Stable words for rejects and issues: ok, empty, bad_money, ambiguous_money, range,
 * out_of_range, too_precise. */
const char *money_result_name(enum money_result result);

/* What was found: with MONEY_OK and MONEY_TOO_PRECISE an amount (min and max are equal),
 * with MONEY_RANGE the bounds that there are; else nothing. */
struct money_found {
	int64_t min, max; /* fen */
	bool has_min, has_max;
	bool about; /* 约, 左右 */
};

enum { MONEY_YUAN = 100, MONEY_WAN = 1000000 };

/* Reads an amount as people and spreadsheets write it:
 *     ￥1,234.50   1234.5元   (1,234.00)   100-   １２万   1.2亿   1亿2000万   150w   3.5k
 *     1.23E+06   一百二十万   壹佰贰拾万元整   3元5角   约300万   150~200万   300万起
 * unit_fen is the header's unit (MONEY_WAN under 总价（万元）); it holds for numbers that
 * name none themselves.  A comma stands before three digits or the cell is ambiguous; so
 * is a number that follows a unit without filling its places (1万2 may be 12000 or
 * 10002; 1万2000 is clear).  In 150-200万 the unit holds for both. */
enum money_result money_parse(struct view cell, int64_t unit_fen, struct money_found *found);

/* ---- arithmetic ---- */

/* Amount times a rate in millionths (number.h), rounded once.  False where it does not fit. */
bool money_times_rate(int64_t fen, int64_t rate_micro, int64_t *result);
/* *sum += fen; false, and nothing changed, where it does not fit. */
bool money_add(int64_t *sum, int64_t fen);
/* Splits an amount by weights so that the parts make up the whole: each gets its share
 * rounded towards zero, and what is left goes fen by fen to those that lost most by the
 * rounding; the earlier one first where they lost the same.  False where there is no
 * weight above 0, one is below, or their sum does not fit. */
bool money_split(int64_t fen, const int64_t *weights, size_t count, int64_t *parts);

#endif
