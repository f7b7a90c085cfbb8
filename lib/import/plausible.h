/* plausible: amounts and dates that can be read but are hardly true.  Room: import.
 *
 * A header's unit that does not fit its cells makes amounts 10,000 times too large: 3500000
 * under 总价（万元） are 35 billion yuan.  Bounds by kind of column, in yuan:
 *     a price of a square metre       1,000,000
 *     a deposit                     100,000,000
 *     what one home costs, or
 *     is paid for it              1,000,000,000
 *     any other amount           10,000,000,000
 * What is paid back, settled or corrected may be negative; prices, deposits, loans and
 * budgets may not.
 *
 * No event is before 1990, when flats were not sold yet, nor after the present day; births
 * are no events, and what is planned or due may lie ahead. */
#ifndef CRM_IMPORT_PLAUSIBLE_H
#define CRM_IMPORT_PLAUSIBLE_H

#include "table/model.h"

struct plausible {
	int64_t most_fen;  /* 0: no amount */
	bool negative;     /* an amount below 0 is one that there may be */
	bool date, ahead;  /* a date that is not a birth; it may be after today */
};

struct plausible plausible_of(const struct model_column *column);
/* The doubt about an amount: amount_doubt, negative; NULL where there is none. */
const char *plausible_amount(const struct plausible *plausible, int64_t fen);
/* The doubt about a date: future_date, old_date; NULL. */
const char *plausible_day(const struct plausible *plausible, int32_t day, int32_t as_of);

#endif
