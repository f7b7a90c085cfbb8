/* phone: see phone.h.
 *
 * The cell is first written in an alphabet of its own, one byte for each character:
 * digits, * for a hidden one, - and blank (also for a point or a bracket) for what stands
 * inside numbers, + in front, # before an extension, | for all else.  Runs of digits
 * between two | are then put together: the longest row of runs that makes a number is
 * one, so both `138 0000 1234` and `13900001234 010 82345678` come out right. */
#include "value/phone.h"

#include "value/text.h"

const char *phone_kind_name(enum phone_kind kind)
{
	static const char *const names[] = { "mobile", "landline", "service", "foreign", "masked" };
	return names[kind];
}

const char *phone_issue_name(enum phone_issue issue)
{
	static const char *const names[PHONE_ISSUES] = { "bad_phone",  "bad_mobile",   "sci_notation",
		                                         "masked",     "not_issued",   "not_personal",
		                                         "fake",       "no_area_code", "too_many" };
	return names[__builtin_ctz((unsigned)issue)];
}

/* ---- one number ---- */

static bool all_digits(struct view text)
{
	for (size_t i = 0; i < text.len; i++)
		if (!byte_is_digit(text.ptr[i]))
			return false;
	return text.len > 0;
}

bool phone_is_mobile(struct view text)
{
	return text.len == 11 && text.ptr[0] == '1' && text.ptr[1] >= '3' && all_digits(text);
}

/* What the prefix tells: 0, not issued, or not a person's. */
static unsigned prefix_issue(const char *digits)
{
	unsigned three = (unsigned)(digits[0] - '0') * 100 + (unsigned)(digits[1] - '0') * 10 + (unsigned)(digits[2] - '0');
	unsigned two = (unsigned)(digits[3] - '0') * 10 + (unsigned)(digits[4] - '0');
	switch (three) {
	case 140: case 141: case 144: case 146: case 148: /* of things */
		return PHONE_ISSUE_NOT_PERSONAL;
	case 134: /* 1349 and 1749 are satellites */
		return digits[3] == '9' ? PHONE_ISSUE_NOT_PERSONAL : 0;
	case 174: /* 06 to 12: emergency services */
		return (two >= 6 && two <= 12) || two >= 90 ? PHONE_ISSUE_NOT_PERSONAL : two > 12 ? PHONE_ISSUE_NOT_ISSUED : 0;
	case 142: case 143: case 154: case 160: case 161: case 163: case 164: case 168: case 169: case 194:
		return PHONE_ISSUE_NOT_ISSUED;
	default:
		return 0;
	}
}

/* Invented numbers: six equal digits at the end, a long stair, the one that everybody
 * knows (the carrier's own hotline, typed where a number is required). */
static bool is_fake(struct view digits)
{
	size_t equal = 1, up = 1, down = 1; /* digits in a row, up to this one */
	bool stair = false;                 /* 12345678 or 87654321 */
	for (size_t i = 1; i < digits.len; i++) {
		int step = digits.ptr[i] - digits.ptr[i - 1];
		equal = step == 0 ? equal + 1 : 1;
		up = step == 1 ? up + 1 : 1;
		down = step == -1 ? down + 1 : 1;
		stair = stair || (up >= 8 && digits.ptr[i] == '8') || (down >= 8 && digits.ptr[i] == '1');
	}
	return equal >= 6 || stair || view_is(digits, "13800138000");
}

static void set_text(struct phone *phone, struct view text)
{
	phone->len = (unsigned char)text.len;
	memcpy(phone->text, text.ptr, text.len);
}

static bool mobile(struct view digits, struct phone *phone)
{
	/* Prefixes that are dialled before a number, the longest first. */
	static const char *const before[] = { "0086", "17951", "17911", "12593", "86", "0" };
	for (size_t i = 0; digits.len > 11 && i < sizeof before / sizeof *before; i++)
		if (digits.len == 11 + strlen(before[i]) && view_starts(digits, view_of(before[i]))) {
			digits = view_skip(digits, strlen(before[i]));
			break;
		}
	if (!phone_is_mobile(digits))
		return false;
	phone->kind = PHONE_MOBILE;
	phone->issues = prefix_issue(digits.ptr);
	if (is_fake(digits))
		phone->issues |= PHONE_ISSUE_FAKE;
	set_text(phone, digits);
	return true;
}

/* Area codes: 010, 02x, else four digits from 03 to 09. */
static size_t area_length(struct view digits)
{
	if (digits.len < 3 || digits.ptr[0] != '0')
		return 0;
	return digits.ptr[1] == '1' || digits.ptr[1] == '2' ? 3 : digits.ptr[1] >= '3' ? 4 : 0;
}

static void add_extension(struct phone *phone, struct view extension)
{
	if (!extension.len)
		return;
	phone->text[phone->len++] = '-';
	memcpy(phone->text + phone->len, extension.ptr, extension.len);
	phone->len = (unsigned char)(phone->len + extension.len);
}

static bool landline(struct view digits, struct view extension, struct phone *phone)
{
	size_t area = area_length(digits), local = digits.len - area, at = 0;
	if (extension.len > 6 || local < 7 || local > 8 || (area == 3 && digits.ptr[1] == '1' && digits.ptr[2] != '0'))
		return false;
	struct view number = view_skip(digits, area);
	if (number.ptr[0] < '2') /* subscribers' numbers begin with 2 to 8, 9 in a few towns */
		return false;
	*phone = (struct phone){ .kind = PHONE_LANDLINE };
	if (!area)
		phone->issues |= PHONE_ISSUE_NO_AREA_CODE;
	if (is_fake(number))
		phone->issues |= PHONE_ISSUE_FAKE;
	memcpy(phone->text, digits.ptr, area);
	at = area;
	if (area)
		phone->text[at++] = '-';
	memcpy(phone->text + at, number.ptr, number.len);
	phone->len = (unsigned char)(at + number.len);
	add_extension(phone, extension);
	return true;
}

static bool service(struct view digits, struct view extension, struct phone *phone)
{
	bool ten = digits.len == 10 && (view_starts(digits, VIEW("400")) || view_starts(digits, VIEW("800")));
	bool five = (digits.len == 5 || digits.len == 6) && view_starts(digits, VIEW("95"));
	if ((!ten && !five) || extension.len > 6)
		return false;
	*phone = (struct phone){ .kind = PHONE_SERVICE };
	set_text(phone, digits);
	add_extension(phone, extension);
	return true;
}

/* Behind + or 00: country code and number, 15 digits at most (ITU-T E.164). */
static bool foreign(struct view digits, struct phone *phone)
{
	if (digits.len < 7 || digits.len > 15 || digits.ptr[0] == '0' || view_starts(digits, VIEW("86")))
		return false;
	*phone = (struct phone){ .kind = PHONE_FOREIGN, .len = (unsigned char)(digits.len + 1), .text = "+" };
	memcpy(phone->text + 1, digits.ptr, digits.len);
	return true;
}

/* Digits and stars: 138****1234 with any number of stars, or 11 places with others. */
static bool masked(struct view text, struct phone *phone)
{
	size_t stars = 0, head = 0, tail = 0;
	if (view_starts(text, VIEW("86")) && text.len == 13)
		text = view_skip(text, 2);
	for (size_t i = 0; i < text.len; i++)
		stars += text.ptr[i] == '*';
	while (head < text.len && text.ptr[head] != '*')
		head++;
	while (tail < text.len && text.ptr[text.len - 1 - tail] != '*')
		tail++;
	*phone = (struct phone){ .kind = PHONE_MASKED, .issues = PHONE_ISSUE_MASKED };
	if (head == 3 && tail == 4 && head + stars + tail == text.len && text.ptr[0] == '1') {
		memcpy(phone->text, text.ptr, 3);
		memcpy(phone->text + 3, "****", 4);
		memcpy(phone->text + 7, text.ptr + text.len - 4, 4);
		phone->len = 11;
		return true;
	}
	if (!stars || text.len - stars < 4 || (text.len != 11 && !(text.ptr[0] == '0' && text.len >= 10 && text.len <= 12)))
		return false;
	set_text(phone, text);
	return true;
}

/* ---- the cell in its own alphabet ---- */

/* Takes one character (or word) off *text; `last` is what the one before it became. */
static char take_symbol(struct view *text, char last)
{
	static const struct {
		const char *word;
		char symbol;
	} words[] = {
		{ "转", '#' }, { "轉", '#' }, { "分机", '#' }, { "ext.", '#' }, { "ext", '#' }, { "#", '#' }, { "-", '-' },
		{ "—", '-' },  { "–", '-' },  { "−", '-' },    { "*", '*' },    { "×", '*' },   { "•", '*' }, { "●", '*' },
		{ "+", '+' },  { " ", ' ' },  { "\t", ' ' },   { ".", ' ' },    { "(", ' ' },   { ")", ' ' }, { "xx", '*' },
	};
	char c = text->ptr[0];
	if (byte_is_digit(c)) {
		*text = view_skip(*text, 1);
		return c;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!view_starts(*text, view_of(words[i].word)))
			continue;
		/* Of two x only one is taken, so that the second meets the next. */
		*text = view_skip(*text, c == 'x' ? 1 : strlen(words[i].word));
		return words[i].symbol;
	}
	text_next(text);
	if (c == 'x' && last == '*')
		return '*';
	return c == ':' && last == '#' ? '#' : '|';
}

/* ---- rows of runs ---- */

enum { RUNS = 64, ROW_LONGEST = 40 };

/* Digits and stars without anything between them. */
struct run {
	struct view text;
	char before; /* the strongest of + # - and blank that stands before it */
};

struct runs {
	struct run list[RUNS];
	size_t count;
};

/* Runs first..last in a row.  A last one behind # or - may be an extension: this is tried
 * first, because 010-8234567-8 would else become a number of eight digits. */
static bool row_is_phone(const struct runs *runs, size_t first, size_t last, struct phone *phone)
{
	char bytes[ROW_LONGEST];
	size_t len = 0, head = 0;
	bool plus = runs->list[first].before == '+', hash = false;
	for (size_t i = first; i <= last; i++) {
		const struct run *run = &runs->list[i];
		if (run->text.len > sizeof bytes - len || (i > first && run->before == '+') || hash)
			return false;
		hash = i > first && run->before == '#';
		head = len;
		memcpy(bytes + len, run->text.ptr, run->text.len);
		len += run->text.len;
	}
	struct view digits = view(bytes, len), none = { NULL, 0 };
	if (view_find_byte(digits, '*') != SIZE_MAX)
		return !hash && masked(digits, phone);
	if (!plus && last > first && (hash || runs->list[last].before == '-')) {
		struct view number = view_first(digits, head), extension = view_skip(digits, head);
		if (landline(number, extension, phone) || service(number, extension, phone))
			return true;
	}
	if (hash)
		return false;
	if (!plus && (mobile(digits, phone) || landline(digits, none, phone) || service(digits, none, phone)))
		return true;
	if (!plus && !view_starts(digits, VIEW("00")))
		return false;
	if (!plus)
		digits = view_skip(digits, 2);
	if (!view_starts(digits, VIEW("86")))
		return foreign(digits, phone);
	/* +86 10 ...: the 0 of the area code is left out behind the country. */
	digits = view_skip(digits, 2);
	if (mobile(digits, phone) || landline(digits, none, phone))
		return phone->issues != PHONE_ISSUE_NO_AREA_CODE;
	if (digits.len + 1 > sizeof bytes)
		return false;
	memmove(bytes + 1, digits.ptr, digits.len);
	bytes[0] = '0';
	return landline(view(bytes, digits.len + 1), none, phone);
}

static void add_phone(struct phone_list *list, const struct phone *phone)
{
	list->issues |= phone->issues;
	for (unsigned i = 0; i < list->count; i++)
		if (view_equal(phone_text(&list->phones[i]), phone_text(phone)))
			return;
	if (list->count == PHONE_MOST)
		list->issues |= PHONE_ISSUE_TOO_MANY;
	else
		list->phones[list->count++] = *phone;
}

/* Runs that make no number: what is wrong with them, taken together.  Less than five
 * digits are a note (2号楼). */
static unsigned row_issue(const struct runs *runs, size_t first, size_t end)
{
	char head[4] = "";
	size_t len = 0;
	for (size_t i = first; i < end; i++)
		for (size_t k = 0; k < runs->list[i].text.len; k++, len++) {
			if (runs->list[i].text.ptr[k] == '*')
				return PHONE_ISSUE_MASKED;
			if (len < sizeof head)
				head[len] = runs->list[i].text.ptr[k];
		}
	if (len < 5)
		return 0;
	/* Thirteen digits from 14x0, 14x1 and 1064 on are cards of things. */
	if (len == 13 && head[0] == '1' && ((head[1] == '4' && head[3] <= '1') || memcmp(head, "1064", 4) == 0))
		return PHONE_ISSUE_NOT_PERSONAL;
	bool mobile_like = head[0] == '1' && (len == 11 || (head[1] >= '3' && len >= 10 && len <= 12));
	return mobile_like ? PHONE_ISSUE_BAD_MOBILE : PHONE_ISSUE_BAD_PHONE;
}

/* All runs between two boundaries. */
static void read_runs(const struct runs *runs, struct phone_list *list)
{
	size_t unread = 0; /* first of the runs that made no number so far */
	for (size_t first = 0; first < runs->count;) {
		struct phone phone;
		size_t last = first + 6 < runs->count ? first + 6 : runs->count;
		while (last > first && !row_is_phone(runs, first, last - 1, &phone))
			last--;
		if (last == first) {
			first++;
			continue;
		}
		list->issues |= row_issue(runs, unread, first);
		add_phone(list, &phone);
		first = unread = last;
	}
	list->issues |= row_issue(runs, unread, runs->count);
}

/* ---- the cell ---- */

/* 1.38E+10: a phone that Excel took for a number. */
static bool is_sci_notation(struct view text)
{
	size_t e = view_find_byte(text, 'e');
	struct view mantissa = view_first(text, e), exponent = view_skip(text, e == SIZE_MAX ? text.len : e + 1);
	view_take(&exponent, "+");
	struct view whole = view_cut(&mantissa, '.');
	return e != SIZE_MAX && whole.len == 1 && all_digits(whole) && (!mantissa.ptr || all_digits(mantissa)) &&
	       exponent.len <= 2 && all_digits(exponent);
}

/* 1.3812345678E10, as Java writes a number that it took for one: all digits are there, but for
 * zeros at the end.  With a + it is a spreadsheet's, which rounds. */
static bool whole_number(struct view text, struct phone *phone)
{
	enum { LEN = 11, FEWEST = 9 };
	char digits[LEN];
	struct view mantissa = view_first(text, view_find_byte(text, 'e'));
	bool whole = mantissa.len == LEN + 1;
	if (!view_ends(text, VIEW("e10")) && !(whole && view_ends(text, VIEW("e+10"))))
		return false;
	if (mantissa.len > LEN + 1 || mantissa.len < FEWEST + 1)
		return false;
	memset(digits, '0', sizeof digits);
	digits[0] = mantissa.ptr[0];
	memcpy(digits + 1, mantissa.ptr + 2, mantissa.len - 2);
	return mobile(view(digits, sizeof digits), phone);
}

RARELY static unsigned parse_cell(struct view cell, struct phone_list *list)
{
	struct text_cell folded;
	struct runs runs = { .count = 0 };
	char symbols[sizeof folded.bytes], before = ' ', last = ' ';
	size_t len = 0;
	list->count = list->issues = 0;
	if (!text_cell_fold(cell, &folded)) {
		list->issues = PHONE_ISSUE_BAD_PHONE;
		return 0;
	}
	struct view text = text_cell_view(&folded);
	if (text_is_null(text))
		return 0;
	if (is_sci_notation(text)) {
		struct phone phone;
		list->issues = PHONE_ISSUE_SCI_NOTATION;
		if (!whole_number(text, &phone))
			return 0;
		list->issues = 0;
		add_phone(list, &phone);
		return 1;
	}
	while (text.len)
		last = symbols[len++] = take_symbol(&text, last);
	for (size_t at = 0; at < len;) {
		char c = symbols[at];
		size_t start = at;
		while (at < len && (byte_is_digit(symbols[at]) || symbols[at] == '*'))
			at++;
		if (at > start) {
			if (runs.count < RUNS)
				runs.list[runs.count++] = (struct run){ view(symbols + start, at - start), before };
			before = ' ';
			continue;
		}
		if (c == '|') {
			read_runs(&runs, list);
			runs.count = 0;
			before = ' ';
		} else if (c == '+' || (c == '#' && before != '+') || (c == '-' && before == ' ')) {
			before = c;
		}
		at++;
	}
	read_runs(&runs, list);
	if (!list->count && !list->issues)
		list->issues = PHONE_ISSUE_BAD_PHONE;
	return list->count;
}

unsigned phone_parse(struct view cell, struct phone_list *list)
{
	if (!phone_is_mobile(cell))
		return parse_cell(cell, list);
	list->count = mobile(cell, &list->phones[0]); /* most cells, as they stand */
	list->issues = list->phones[0].issues;
	return 1;
}

bool phone_is_valid(struct view text)
{
	struct phone_list list;
	return phone_is_mobile(text) ||
	       (phone_parse(text, &list) == 1 && list.phones[0].kind != PHONE_MASKED &&
	        !(list.issues & (PHONE_ISSUE_BAD_PHONE | PHONE_ISSUE_BAD_MOBILE)));
}
