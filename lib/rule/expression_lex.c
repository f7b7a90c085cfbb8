/* expression_lex: source to tokens.
 *
 * Outside text, what Chinese keyboards and Excel type is read as its plain twin:
 *
 *     （ ） ， ： ＝ ＞ ％ ...    full-width ASCII, but not letters (they belong to names)
 *     “ ” ‘ ’ ＂ ＇              quotes: they close each other, not the plain ones
 *     、                         comma
 *     ≥ ≤ ≠ × ÷ −                >= <= != * / -
 *     U+3000, U+00A0, U+FEFF...  blank
 *
 * Text keeps its bytes.  Two things are refused although they could be read, because they
 * are mostly meant otherwise: a number that begins with 0 (`in (1,000)`, room 0301), and
 * 2024/5/1 or 2024-5-1 without blanks. */
#include "base/fail.h"
#include "rule/expression_tree.h"
#include "value/date.h"
#include "value/number.h"
#include "value/text.h"

#define refuse_at(lexer, at, ...) expression_refuse((lexer)->arena, (lexer)->error, at, __VA_ARGS__)

/* ---- characters ---- */

/* Code point at a byte of the source and its length; 0 and length 0 at the end. */
static uint32_t code_at(const struct lexer *lexer, size_t at, size_t *length)
{
	struct view rest = view_skip(lexer->source, at), behind = rest;
	if (!rest.len) {
		*length = 0;
		return 0;
	}
	uint32_t code = text_next(&behind);
	*length = rest.len - behind.len;
	return code;
}

static bool is_blank(uint32_t code)
{
	return code == ' ' || (code >= '\t' && code <= '\r') || code == 0x85 || code == 0xA0 || code == 0x3000 ||
	       code == 0xFEFF || (code >= 0x2000 && code <= 0x200D) || code == 0x2028 || code == 0x2029;
}

static bool is_digit(uint32_t code)
{
	return code >= '0' && code <= '9';
}

/* Letters of any script: above ASCII everything that is not in a block of punctuation,
 * symbols or emoji.  Names with others stand in backquotes. */
static bool is_word(uint32_t code)
{
	static const struct { uint32_t first, last; } others[] = {
		{ 0x80, 0xA9 }, { 0xAB, 0xB4 }, { 0xB6, 0xB9 }, { 0xBB, 0xBF }, { 0xD7, 0xD7 }, { 0xF7, 0xF7 },
		{ 0x2000, 0x206F }, { 0x20A0, 0x20CF }, { 0x2190, 0x2BFF }, { 0x3000, 0x3004 }, { 0x3008, 0x3020 },
		{ 0x3030, 0x3030 }, { 0xFE10, 0xFE6F }, { 0xFEFF, 0xFEFF }, { 0xFF00, 0xFF0F }, { 0xFF1A, 0xFF20 },
		{ 0xFF3B, 0xFF3E }, { 0xFF40, 0xFF40 }, { 0xFF5B, 0xFF65 }, { 0xFFE0, 0xFFFF }, { 0x1F000, 0x1FAFF },
	};
	if (code < 0x80)
		return is_digit(code) || code == '_' || ((code | 0x20) >= 'a' && (code | 0x20) <= 'z');
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (code >= others[i].first && code <= others[i].last)
			return false;
	return true;
}

/* The plain twin of a code point. */
static uint32_t fold(uint32_t code)
{
	static const struct { uint32_t code, twin; } twins[] = {
		{ 0x2018, '\'' }, { 0x2019, '\'' }, { 0x201C, '"' }, { 0x201D, '"' }, { 0x3001, ',' },
		{ 0x2212, '-' },  { 0xD7, '*' },    { 0xF7, '/' },
	};
	if (code >= 0xFF01 && code <= 0xFF5E && (!is_word(code) || (code >= 0xFF10 && code <= 0xFF19)))
		return code - 0xFEE0;
	for (size_t i = 0; i < sizeof twins / sizeof twins[0]; i++)
		if (twins[i].code == code)
			return twins[i].twin;
	return is_blank(code) ? ' ' : code;
}

static uint32_t fold_at(const struct lexer *lexer, size_t at, size_t *length)
{
	return fold(code_at(lexer, at, length));
}

bool lexer_is_word(struct view name)
{
	static const char *const words[] = { "and", "or", "not", "in", "true", "false" };
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		if (view_is(name, words[i]))
			return false;
	if (!name.len || !text_valid(name))
		return false;
	struct view rest = name;
	uint32_t first = text_next(&rest);
	if (!is_word(first) || is_digit(fold(first)))
		return false;
	while (rest.len)
		if (!is_word(text_next(&rest)))
			return false;
	return true;
}

/* `--` and a blank or the end behind it. */
static bool comment_begins(const struct lexer *lexer)
{
	size_t at = lexer->next, length;
	for (int i = 0; i < 2; i++) {
		if (fold_at(lexer, at, &length) != '-')
			return false;
		at += length;
	}
	return fold_at(lexer, at, &length) == ' ' || length == 0;
}

/* Blanks and comments: behind `--` with blanks around it nothing more is read in that line. */
static void skip_blanks(struct lexer *lexer)
{
	bool blank_before = lexer->next == 0;
	size_t length;
	for (uint32_t code; (code = code_at(lexer, lexer->next, &length)), length;) {
		if (is_blank(code)) {
			lexer->next += length;
			blank_before = true;
		} else if (blank_before && comment_begins(lexer)) {
			size_t end = view_find_byte(view_skip(lexer->source, lexer->next), '\n');
			lexer->next = end == SIZE_MAX ? lexer->source.len : lexer->next + end;
		} else {
			return;
		}
	}
}

/* ---- numbers and times ---- */

/* The characters of a number or a time, folded; too long ones are cut, and then refused. */
struct literal {
	char bytes[64];
	size_t len;
};

static void literal_add(struct literal *literal, uint32_t code)
{
	if (literal->len < sizeof literal->bytes)
		literal->bytes[literal->len++] = (char)code;
}

/* Takes digits from *at on; how many. */
static size_t take_digits(const struct lexer *lexer, size_t *at, struct literal *literal)
{
	size_t count = 0, length;
	for (uint32_t code; is_digit(code = fold_at(lexer, *at, &length)); *at += length, count++)
		literal_add(literal, code);
	return count;
}

static bool take_code(const struct lexer *lexer, size_t *at, uint32_t wanted, struct literal *literal)
{
	size_t length;
	if (fold_at(lexer, *at, &length) != wanted)
		return false;
	literal_add(literal, wanted);
	*at += length;
	return true;
}

/* Takes ` 10:00` or `T10:00:05`, or nothing. */
static void take_clock(const struct lexer *lexer, size_t *at, struct literal *literal)
{
	size_t next = *at;
	struct literal longer = *literal;
	if (!take_code(lexer, &next, ' ', &longer) && !take_code(lexer, &next, 'T', &longer))
		return;
	if (!take_digits(lexer, &next, &longer) || !take_code(lexer, &next, ':', &longer) ||
	    !take_digits(lexer, &next, &longer))
		return;
	if (take_code(lexer, &next, ':', &longer))
		take_digits(lexer, &next, &longer);
	*at = next;
	*literal = longer;
}

/* Four digits, a separator, one or two digits, the same separator, one or two digits: a date. */
static bool looks_like_date(const struct lexer *lexer, size_t at, struct literal *literal, size_t *end)
{
	struct literal date = { .len = 0 };
	uint32_t separator = '-';
	if (take_digits(lexer, &at, &date) != 4)
		return false;
	if (!take_code(lexer, &at, '-', &date)) {
		separator = '/';
		if (!take_code(lexer, &at, '/', &date))
			return false;
	}
	size_t month = take_digits(lexer, &at, &date);
	if (month < 1 || month > 2 || !take_code(lexer, &at, separator, &date))
		return false;
	size_t day = take_digits(lexer, &at, &date);
	if (day < 1 || day > 2)
		return false;
	*literal = date;
	*end = at;
	return true;
}

static bool word_follows(const struct lexer *lexer, size_t at)
{
	size_t length;
	uint32_t code = code_at(lexer, at, &length);
	return length && is_word(code);
}

static bool lex_time(struct lexer *lexer, struct token *token, struct literal *literal, size_t end)
{
	take_clock(lexer, &end, literal);
	struct view text = view(literal->bytes, literal->len);
	bool written_well = text.len >= 10 && text.ptr[4] == '-' && text.ptr[7] == '-' &&
	                    (text.len == 10 || text.len == 16 || text.len == 19);
	if (!written_well || word_follows(lexer, end))
		return refuse_at(lexer, token->at,
		                 "a date is written 2024-05-01, a time 2024-05-01 10:00:00; for a calculation put blanks around - and /");
	if (!expression_read_time(text, &token->time))
		return refuse_at(lexer, token->at, "there is no such day or time");
	token->kind = TOKEN_TIME;
	lexer->next = end;
	return true;
}

/* 2025-03 without blanks: a month was meant, not 2022. */
static bool looks_like_month(const struct lexer *lexer, size_t at)
{
	struct literal text = { .len = 0 };
	if (take_digits(lexer, &at, &text) != 4 || !take_code(lexer, &at, '-', &text) || take_digits(lexer, &at, &text) != 2)
		return false;
	bool this_age = memcmp(text.bytes, "19", 2) == 0 || memcmp(text.bytes, "20", 2) == 0;
	int month = (text.bytes[5] - '0') * 10 + text.bytes[6] - '0';
	return this_age && month >= 1 && month <= 12;
}

static bool lex_number(struct lexer *lexer, struct token *token)
{
	struct literal literal = { .len = 0 };
	size_t at = token->at, length;
	if (looks_like_date(lexer, at, &literal, &at))
		return lex_time(lexer, token, &literal, at);
	if (looks_like_month(lexer, at))
		return refuse_at(lexer, token->at, "a date has a day, such as 2025-03-01; for a calculation put blanks around -");
	size_t whole = take_digits(lexer, &at, &literal);
	if (whole > 1 && literal.bytes[0] == '0')
		return refuse_at(lexer, token->at, "a number does not begin with 0, nor holds commas; text stands in quotes");
	size_t point = at;
	if (take_code(lexer, &point, '.', &literal)) {
		if (!take_digits(lexer, &point, &literal))
			return refuse_at(lexer, token->at, "a digit is wanted behind the point");
		at = point;
	}
	uint32_t unit = fold_at(lexer, at, &length);
	if (unit == '%' || unit == 0x4E07 || unit == 0x4EBF) { /* 万 亿 */
		struct view written = unit == '%' ? VIEW("%") : view(lexer->source.ptr + at, length);
		for (size_t i = 0; i < written.len; i++)
			literal_add(&literal, (unsigned char)written.ptr[i]);
		at += length;
	}
	if (word_follows(lexer, at))
		return refuse_at(lexer, at, "only %%, 万 or 亿 may stand behind a number");
	if (literal.len == sizeof literal.bytes ||
	    !number_parse(view(literal.bytes, literal.len), NUMBER_PERCENT | NUMBER_UNITS, &token->number))
		return refuse_at(lexer, token->at, "the number is too large or has more than six decimals");
	token->kind = TOKEN_NUMBER;
	lexer->next = at;
	return true;
}

/* ---- text and names ---- */

/* Quoted from token->at on: until the same kind of quote, a doubled one is one.  A quote
 * that is not plain ASCII is closed by any typographic quote of its kind. */
static bool lex_quoted(struct lexer *lexer, struct token *token)
{
	size_t length;
	bool typographic = code_at(lexer, token->at, &length) >= 0x80;
	uint32_t quote = fold_at(lexer, token->at, &length);
	struct buf text = { 0 };
	size_t at = token->at + length;
	for (;; at += length) {
		uint32_t code = code_at(lexer, at, &length), next;
		size_t next_length;
		if (!length) {
			buf_release(&text);
			return refuse_at(lexer, token->at, quote == '`' ? "the name that begins here is not closed"
			                                                : "the text that begins here is not closed");
		}
		if (fold(code) == quote && (code >= 0x80) == typographic) {
			next = code_at(lexer, at + length, &next_length);
			if (!next_length || next != code)
				break;
			at += length;
			length = next_length;
		}
		buf_put(&text, view(lexer->source.ptr + at, length));
	}
	token->kind = quote == '`' ? TOKEN_QUOTED : TOKEN_TEXT;
	token->text = arena_copy(lexer->arena, buf_view(&text));
	lexer->next = at + length;
	buf_release(&text);
	return true;
}

static void lex_name(struct lexer *lexer, struct token *token)
{
	size_t at = token->at, length;
	for (uint32_t code; is_word(code = code_at(lexer, at, &length)) && length;)
		at += length;
	token->kind = TOKEN_NAME;
	token->text = view(lexer->source.ptr + token->at, at - token->at);
	lexer->next = at;
}

/* ---- operators ---- */

static const struct {
	char first, second; /* second 0: stands alone */
	enum token_kind kind;
} operators[] = {
	{ '=', '=', TOKEN_EQ },       { '!', '=', TOKEN_NE },     { '<', '=', TOKEN_LE },   { '>', '=', TOKEN_GE },
	{ '=', '~', TOKEN_MATCH },    { '!', '~', TOKEN_NOT_MATCH }, { '<', 0, TOKEN_LT },  { '>', 0, TOKEN_GT },
	{ '(', 0, TOKEN_OPEN },       { ')', 0, TOKEN_CLOSE },    { ',', 0, TOKEN_COMMA },  { '+', 0, TOKEN_PLUS },
	{ '-', 0, TOKEN_MINUS },      { '*', 0, TOKEN_TIMES },    { '/', 0, TOKEN_DIVIDE },
};

/* What other languages write: refused with the right one. */
static bool refuse_foreign(struct lexer *lexer, size_t at, uint32_t first, uint32_t second)
{
	if (first == '<' && second == '>')
		return refuse_at(lexer, at, "unequal is written !=");
	if (first == '=')
		return refuse_at(lexer, at, "equal is written ==");
	if (first == '&')
		return refuse_at(lexer, at, "write \"and\"");
	if (first == '|')
		return refuse_at(lexer, at, "write \"or\"");
	if (first == '!')
		return refuse_at(lexer, at, "write \"not\"");
	struct view character = view_skip(lexer->source, at), behind = character;
	text_next(&behind);
	return refuse_at(lexer, at, "\"%.*s\" has no meaning here; a name with such characters stands in backquotes",
	                 (int)(character.len - behind.len), character.ptr);
}

static bool lex_operator(struct lexer *lexer, struct token *token)
{
	size_t length, second_length;
	uint32_t raw = code_at(lexer, token->at, &length), first = fold(raw);
	uint32_t second = fold_at(lexer, token->at + length, &second_length);
	if (raw == 0x2264 || raw == 0x2265 || raw == 0x2260) { /* ≤ ≥ ≠ */
		token->kind = raw == 0x2264 ? TOKEN_LE : raw == 0x2265 ? TOKEN_GE : TOKEN_NE;
		lexer->next += length;
		return true;
	}
	bool foreign = first == '<' && second == '>';
	for (size_t i = 0; i < sizeof operators / sizeof operators[0] && !foreign; i++) {
		if ((unsigned char)operators[i].first != first ||
		    (operators[i].second && (unsigned char)operators[i].second != second))
			continue;
		token->kind = operators[i].kind;
		lexer->next += length + (operators[i].second ? second_length : 0);
		return true;
	}
	return refuse_foreign(lexer, token->at, first, second);
}

bool lexer_next(struct lexer *lexer, struct token *token)
{
	skip_blanks(lexer);
	*token = (struct token){ .kind = TOKEN_END, .at = lexer->next };
	size_t length;
	uint32_t raw = code_at(lexer, lexer->next, &length), code = fold(raw);
	bool read = true;
	if (!length)
		;
	else if (is_digit(code))
		read = lex_number(lexer, token);
	else if (code == '"' || code == '\'' || code == '`')
		read = lex_quoted(lexer, token);
	else if (is_word(raw))
		lex_name(lexer, token);
	else
		read = lex_operator(lexer, token);
	token->end = lexer->next;
	return read;
}
