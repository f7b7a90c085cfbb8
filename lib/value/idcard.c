/* idcard: see idcard.h. */
#include "value/idcard.h"

#include "value/date.h"
#include "value/text.h"

enum { OLDEST = 130 };

const char *idcard_kind_name(enum idcard_kind kind)
{
	static const char *const names[] = { "none",      "resident",  "hmt",     "foreigner", "passport",
		                             "hm_permit", "tw_permit", "company", "masked",    "other" };
	return names[kind];
}

const char *idcard_result_name(enum idcard_result result)
{
	static const char *const names[] = { "ok",        "empty",   "bad_cert",     "bad_province", "bad_birth", "excel_truncated",
		                             "bad_check", "bad_age", "sci_notation", "masked" };
	return names[result];
}

static bool digits_only(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!byte_is_digit(text.ptr[i]))
			return false;
	return text.len > 0;
}

static int number(const char *at, size_t len)
{
	int value = 0;
	while (len--)
		value = value * 10 + (*at++ - '0');
	return value;
}

/* ---- resident cards ---- */

char idcard_check_digit(const char digits[static 17])
{
	static const int weights[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;
	for (int i = 0; i < 17; i++)
		sum += (digits[i] - '0') * weights[i];
	return "10X98765432"[sum % 11];
}

/* GB/T 2260, first two digits; 81 to 83 are Hong Kong, Macao and Taiwan. */
static bool is_province(int code)
{
	return (code >= 11 && code <= 15) || (code >= 21 && code <= 23) || (code >= 31 && code <= 37) ||
	       (code >= 41 && code <= 46) || (code >= 50 && code <= 54) || (code >= 61 && code <= 65) || code == 71 ||
	       (code >= 81 && code <= 83);
}

/* 17 digits and a digit or X. */
static bool has_card_form(struct view text)
{
	return text.len == 18 && digits_only(view_first(text, 17)) && (byte_is_digit(text.ptr[17]) || text.ptr[17] == 'X');
}

/* The birth date of 18 places; false where there is no such day. */
static bool read_birth(const char *text, struct idcard *card)
{
	card->has_birth = date_of(number(text + 6, 4), number(text + 10, 2), number(text + 12, 2), &card->birth);
	return card->has_birth;
}

/* The tests of 18 places in their order, but for the age. */
static enum idcard_result test_card(const char *text, struct idcard *card)
{
	card->province = (unsigned)number(text, 2);
	if (card->kind != IDCARD_FOREIGNER && !is_province((int)card->province))
		return IDCARD_BAD_PROVINCE;
	if (!read_birth(text, card))
		return IDCARD_BAD_BIRTH;
	card->sex = (text[16] - '0') % 2 ? 'M' : 'F';
	if (text[17] == idcard_check_digit(text))
		return IDCARD_OK;
	return memcmp(text + 15, "000", 3) == 0 ? IDCARD_EXCEL_TRUNCATED : IDCARD_BAD_CHECK;
}

static void set_text(struct idcard *card, struct view text)
{
	card->len = (unsigned char)text.len;
	memcpy(card->text, text.ptr, text.len);
}

static enum idcard_result read_card(struct view text, struct idcard *card)
{
	bool special = text.ptr[0] == '8' && text.ptr[1] >= '1' && text.ptr[1] <= '3';
	card->kind = special ? IDCARD_HMT : IDCARD_RESIDENT;
	set_text(card, text);
	return test_card(text.ptr, card);
}

/* 15 places: the century goes in, and a check digit behind.  The sequences 996 to 999
 * were kept for people over a hundred at the time, born in 18... */
static enum idcard_result read_old_card(struct view text, struct idcard *card)
{
	bool centenarian = number(text.ptr + 12, 3) >= 996;
	char full[18];
	memcpy(full, text.ptr, 6);
	memcpy(full + 6, centenarian ? "18" : "19", 2);
	memcpy(full + 8, text.ptr + 6, 9);
	full[17] = idcard_check_digit(full);
	card->upgraded = true;
	return read_card(view(full, sizeof full), card);
}

int idcard_age(int32_t birth, int32_t as_of)
{
	struct civil from = date_civil(birth), to = date_civil(as_of);
	return to.year - from.year - (to.month < from.month || (to.month == from.month && to.day < from.day));
}

/* ---- other papers ---- */

/* The place in 0-9A-HJ-NPQRTUWXY, or -1. */
static int company_value(char c)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	const char *at = c ? strchr(alphabet, c) : NULL;
	return at ? (int)(at - alphabet) : -1;
}

static bool has_company_form(struct view text)
{
	if (text.len != 18 || !digits_only(view(text.ptr + 2, 6)))
		return false;
	for (size_t i = 0; i < text.len; i++)
		if (company_value(text.ptr[i]) < 0)
			return false;
	return true;
}

bool idcard_is_company(struct view text)
{
	static const int weights[17] = { 1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28 };
	int sum = 0;
	if (!has_company_form(text))
		return false;
	for (int i = 0; i < 17; i++)
		sum += company_value(text.ptr[i]) * weights[i];
	return company_value(text.ptr[17]) == (31 - sum % 31) % 31;
}

/* The new card of foreigners has the form of a resident's, from 9 on; so has a company's
 * code that happens to be all digits.  A day of birth and a right check decide. */
static bool is_foreigner(struct view text)
{
	struct idcard try = { .kind = IDCARD_FOREIGNER };
	return text.len && text.ptr[0] == '9' && has_card_form(text) && test_card(text.ptr, &try) == IDCARD_OK;
}

/* A company's code of digits only has the form of a card.  It is one where no card can
 * begin like it, or where the card has no such province or day and the code begins as
 * codes do: a department (1, 5, 9), then a region. */
static bool is_company_not_card(struct view text, enum idcard_result card)
{
	int region = number(text.ptr + 2, 2);
	if ((card != IDCARD_BAD_PROVINCE && card != IDCARD_BAD_BIRTH) || !idcard_is_company(text))
		return false;
	return text.ptr[0] == '9' || ((text.ptr[0] == '1' || text.ptr[0] == '5') && (is_province(region) || region == 10));
}

static size_t letters_before(struct view text)
{
	size_t len = 0;
	while (len < text.len && byte_is_upper(text.ptr[len]))
		len++;
	return len;
}

static enum idcard_kind other_kind(struct view text)
{
	size_t letters = letters_before(text), len = text.len;
	bool digits = digits_only(view_skip(text, letters));
	if (letters == 3 && len == 15 && digits)
		return IDCARD_FOREIGNER;
	if (letters == 1 && digits && (text.ptr[0] == 'H' || text.ptr[0] == 'M') && (len == 9 || len == 11))
		return IDCARD_HM_PERMIT;
	/* E12345678, and EA1234567 since the single letter is used up. */
	if (letters == 1 && digits && len == 9 && strchr("EGDSP", text.ptr[0]))
		return IDCARD_PASSPORT;
	if (letters == 2 && digits && len == 9 && strchr("EDSP", text.ptr[0]))
		return IDCARD_PASSPORT;
	if (!letters && digits && len == 8)
		return IDCARD_TW_PERMIT;
	/* 15 and 18 places were meant for cards and codes. */
	return len >= 5 && len <= IDCARD_LONGEST && len != 18 ? IDCARD_OTHER : IDCARD_NONE;
}

/* ---- the cell ---- */

/* Upper case, without blanks and hyphens, × as X; false where something else than ASCII
 * letters, digits and stars is left. */
static bool normalise(struct text_cell *cell, bool *stars)
{
	struct view rest = text_cell_view(cell);
	char *to = cell->bytes;
	*stars = false;
	while (rest.len) {
		uint32_t code = text_next(&rest);
		if (code == ' ' || code == '\t' || code == '-')
			continue;
		if (code == 0xD7) /* × */
			code = 'X';
		if (code == '*')
			*stars = true;
		else if (code > 0x7F || !(byte_is_digit((char)code) || byte_is_letter((char)code)))
			return false;
		*to++ = byte_is_lower((char)code) ? (char)(code - ('a' - 'A')) : (char)code;
	}
	cell->len = (size_t)(to - cell->bytes);
	return cell->len > 0;
}

/* 1.10105E+17 */
static bool is_sci_notation(struct view text)
{
	size_t e = view_find(text, VIEW("e+"));
	if (e == SIZE_MAX || e < 1 || e + 4 != text.len)
		return false;
	return byte_is_digit(text.ptr[0]) && (e == 1 || text.ptr[1] == '.') && digits_only(view_skip(text, e + 2));
}

static enum idcard_result read_text(struct view text, struct idcard *card)
{
	if (text.len == 15 && digits_only(text))
		return read_old_card(text, card);
	if (is_foreigner(text)) {
		card->kind = IDCARD_FOREIGNER;
		set_text(card, text);
		return test_card(text.ptr, card);
	}
	if (has_card_form(text)) {
		enum idcard_result result = read_card(text, card);
		if (!is_company_not_card(text, result))
			return result;
		*card = (struct idcard){ .sex = 'U' };
	}
	if (has_company_form(text)) {
		card->kind = IDCARD_COMPANY;
		set_text(card, text);
		return idcard_is_company(text) ? IDCARD_OK : IDCARD_BAD_CHECK;
	}
	card->kind = other_kind(text);
	if (card->kind == IDCARD_NONE)
		return IDCARD_BAD_CERT;
	set_text(card, text);
	return IDCARD_OK;
}

RARELY static enum idcard_result read_folded(struct view text, struct idcard *card)
{
	struct text_cell cell;
	bool stars;
	if (!text_cell_fold(text, &cell))
		return IDCARD_BAD_CERT;
	if (text_is_null(text_cell_view(&cell)))
		return IDCARD_EMPTY;
	if (is_sci_notation(text_cell_view(&cell)))
		return IDCARD_SCI_NOTATION;
	if (!normalise(&cell, &stars))
		return IDCARD_BAD_CERT;
	if (!stars)
		return read_text(text_cell_view(&cell), card);
	if (cell.len > IDCARD_LONGEST)
		return IDCARD_BAD_CERT;
	card->kind = IDCARD_MASKED;
	set_text(card, text_cell_view(&cell));
	return IDCARD_IS_MASKED;
}

enum idcard_result idcard_parse(struct view text, int32_t as_of, struct idcard *card)
{
	*card = (struct idcard){ .sex = 'U' };
	enum idcard_result result = has_card_form(text) ? read_text(text, card) : read_folded(text, card);
	bool old = card->has_birth && as_of - card->birth > OLDEST * 365 && idcard_age(card->birth, as_of) > OLDEST;
	if (result == IDCARD_OK && card->has_birth && (card->birth > as_of || old))
		return IDCARD_BAD_AGE;
	return result;
}

bool idcard_is_valid(struct view text)
{
	struct idcard card = { .sex = 'U' };
	return has_card_form(text) && read_card(text, &card) == IDCARD_OK;
}
