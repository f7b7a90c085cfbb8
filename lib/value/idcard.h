/* idcard: ID cards and the other papers by which people and companies are known.  Room: value.
 *
 * Resident ID cards are GB 11643-1999: six digits of area, eight of birth, three of
 * sequence (odd: male), one check digit; old ones have 15 (two digits of year, no check)
 * and are made into 18.  Companies have the unified social credit code, GB 32100-2015.
 * The test order of a card, first failure reported: length and characters, province,
 * birth date, check digit, age.  Nothing is repaired.
 *
 * The canonical text has no blanks and an upper-case X. */
#ifndef CRM_VALUE_IDCARD_H
#define CRM_VALUE_IDCARD_H

#include "base/view.h"

enum idcard_kind {
	IDCARD_NONE,      /* empty */
	IDCARD_RESIDENT,  /* 居民身份证 */
	IDCARD_HMT,       /* 港澳台居民居住证: the same form, from 81, 82, 83 */
	IDCARD_FOREIGNER, /* 外国人永久居留身份证: 18 digits from 9, or 3 letters and 12 digits */
	IDCARD_PASSPORT,  /* of China: E, G, D, S, P */
	IDCARD_HM_PERMIT, /* 港澳居民来往内地通行证: H or M and 8 or 10 digits */
	IDCARD_TW_PERMIT, /* 台湾居民来往大陆通行证: 8 digits */
	IDCARD_COMPANY,   /* 统一社会信用代码 */
	IDCARD_MASKED,    /* with stars */
	IDCARD_OTHER,     /* letters and digits of another paper: 5 to 20, nothing checked */
};
/* Stable words: none resident hmt foreigner passport hm_permit tw_permit company masked other. */
const char *idcard_kind_name(enum idcard_kind kind);

enum idcard_result {
	IDCARD_OK,
	IDCARD_EMPTY,
	IDCARD_BAD_CERT,        /* no paper's length or characters */
	IDCARD_BAD_PROVINCE,
	IDCARD_BAD_BIRTH,       /* no such day */
	IDCARD_EXCEL_TRUNCATED, /* ends in 000 and fails the check: Excel keeps 15 digits */
	IDCARD_BAD_CHECK,
	IDCARD_BAD_AGE,         /* born after as_of, or more than 130 years before */
	IDCARD_SCI_NOTATION,    /* 1.10105E+17 */
	IDCARD_IS_MASKED,
};
/* Stable words: ok empty bad_cert bad_province bad_birth excel_truncated bad_check bad_age
 * sci_notation masked. */
const char *idcard_result_name(enum idcard_result result);

enum { IDCARD_LONGEST = 20 };

/* What was read.  Of a card that fails a test, what the tests before it found is there,
 * and its text; of what is no paper only the kind IDCARD_NONE. */
struct idcard {
	enum idcard_kind kind;
	unsigned char len;
	char text[IDCARD_LONGEST];
	bool upgraded;     /* the cell had 15 digits */
	unsigned province; /* the first two digits, 0 without */
	bool has_birth;
	int32_t birth; /* day (date.h) */
	char sex;      /* M or F, U without */
};

/* Reads a cell.  `as_of` is today's day, for the age. */
enum idcard_result idcard_parse(struct view cell, int32_t as_of, struct idcard *card);
/* The canonical text; valid as long as the card is. */
static inline struct view idcard_text(const struct idcard *card)
{
	return (struct view){ card->text, card->len };
}

/* Whether a text of our own tables is a resident's card that passes all tests but the age. */
bool idcard_is_valid(struct view text);
/* Whether a text of our own tables is a company's code with the right check character. */
bool idcard_is_company(struct view text);

/* Completed years at as_of; someone born on 29 February is a year older on 1 March. */
int idcard_age(int32_t birth, int32_t as_of);

/* The last character of a resident's card whose first 17 are digits. */
char idcard_check_digit(const char digits[static 17]);

#endif
