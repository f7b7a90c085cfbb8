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

/* What this toolkit writes itself: -1234.50, also 1234 and 1234.5.  No blanks, no plus,
 * no commas.  The fast way, for the tools behind crm-import. */
bool money_parse_plain(struct view text, int64_t *fen);
void money_format(int64_t fen, struct buf *out);
/* 人民币大写 (支付结算办法, annex): 1409.50 is 壹仟肆佰零玖元伍角整.  False, and nothing
 * written, from 10^16 yuan on: there are no words for it. */
bool money_format_capital(int64_t fen, struct buf *out);

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
