/* phone: telephone numbers of a cell.  Room: value.
 *
 * A cell of a ledger holds several numbers as often as one, with notes between them:
 * `138 0000 1234/010-12345678转8 (妻)`.  phone_parse() finds them in order and writes each
 * in one canonical text:
 *
 *     mobile    13900001234            also from +86 139-0000-1234, 0139..., 17951139...
 *     landline  010-12345678-8         area code, number, extension
 *     service   4001234567, 95588
 *     foreign   +85291234567           with + or 00; no check beyond the length
 *     masked    138****1234            11 places; others are kept as digits and stars
 *
 * A result is of fixed size: at most PHONE_MOST numbers.  Sources: DOMAIN tables of
 * prefixes as VincentSit/ChinaMobilePhoneNumberRegex (2022); what carriers hand out
 * changes, so an unknown prefix is an issue and never an error. */
#ifndef CRM_VALUE_PHONE_H
#define CRM_VALUE_PHONE_H

#include "base/view.h"

enum { PHONE_MOST = 8, PHONE_LONGEST = 24 };

enum phone_kind { PHONE_MOBILE, PHONE_LANDLINE, PHONE_SERVICE, PHONE_FOREIGN, PHONE_MASKED };
/* mobile landline service foreign masked */
const char *phone_kind_name(enum phone_kind kind);

/* Doubts, as bits. */
enum phone_issue {
	PHONE_ISSUE_BAD_PHONE = 1,      /* digits that are no number; not in the list */
	PHONE_ISSUE_BAD_MOBILE = 2,     /* a mobile number with a digit too few or too many, or 12...; not in the list */
	PHONE_ISSUE_SCI_NOTATION = 4,   /* 1.38E+10: Excel has lost the digits; not in the list (1.3812345678E10 has all) */
	PHONE_ISSUE_MASKED = 8,         /* digits are hidden */
	PHONE_ISSUE_NOT_ISSUED = 16,    /* a mobile prefix that no carrier has */
	PHONE_ISSUE_NOT_PERSONAL = 32,  /* of things, satellites, emergency services; those of 13 digits are not in the list */
	PHONE_ISSUE_FAKE = 64,          /* 13800138000, 12345678, six and more equal digits at the end */
	PHONE_ISSUE_NO_AREA_CODE = 128, /* a landline of 7 or 8 digits: kept as it is */
	PHONE_ISSUE_TOO_MANY = 256,     /* more than PHONE_MOST: the rest is left out */
};
enum { PHONE_ISSUES = 9 };
/* The word of one bit: bad_phone, bad_mobile, sci_notation, masked, not_issued,
 * not_personal, fake, no_area_code, too_many. */
const char *phone_issue_name(enum phone_issue issue);

struct phone {
	enum phone_kind kind;
	unsigned issues; /* of this number */
	unsigned char len;
	char text[PHONE_LONGEST];
};

struct phone_list {
	unsigned count, issues; /* issues of the cell and of all its numbers */
	struct phone phones[PHONE_MOST];
};

/* How many numbers the cell holds; equal ones are listed once. */
unsigned phone_parse(struct view cell, struct phone_list *list);
/* The canonical text; valid as long as the phone is. */
static inline struct view phone_text(const struct phone *phone)
{
	return (struct view){ phone->text, phone->len };
}

/* Whether the text is a canonical mobile number: 11 digits, 13 to 19 in front.  Fast. */
bool phone_is_mobile(struct view text);
/* Whether a text of our own tables is a number at all, complete and unmasked. */
bool phone_is_valid(struct view text);

#endif
