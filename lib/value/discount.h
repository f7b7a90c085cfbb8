/* discount: what a price is multiplied by (折扣).  Room: value.
 *
 *     98折  9.8折  九八折  98%  0.98  98  9.8       0.98
 *     98折*99折  98折再99折  折上折                  0.9702
 *     95折再减2万                                   0.95, and 20000 yuan less
 *     减2万                                         1, and 20000 yuan less
 *     一次性98折                                    0.98
 *     无折扣  原价                                  1
 *
 * Of n折 and of a number alone from 2 on: below 10 it is tenths, above 10 hundredths; 10 itself
 * is refused, nobody means it.  A number alone below 2 is the rate.  Source: DOMAIN 5.4. */
#ifndef CRM_VALUE_DISCOUNT_H
#define CRM_VALUE_DISCOUNT_H

#include "value/number.h"

struct discount {
	int64_t micro; /* the rate, in millionths */
	int64_t less;  /* fen that are taken off besides */
};

/* The results of number.h; *discount is set with NUMBER_OK and NUMBER_TOO_PRECISE only. */
enum number_result discount_parse(struct view cell, struct discount *discount);

#endif
