/* format: see format.h. */
#include "sheet/format.h"

/* Letters that the first section holds. */
struct letters {
	bool date, time, month, elapsed, other, condition;
	unsigned zeros;
};

static bool starts_word(struct view code, const char *word)
{
	size_t len = strlen(word);
	if (code.len < len)
		return false;
	for (size_t i = 0; i < len; i++)
		if (byte_lower(code.ptr[i]) != word[i])
			return false;
	return true;
}

/* [h], [mm]: time that goes on past a day.  Colours, conditions and locales say nothing. */
static bool is_elapsed(struct view inside)
{
	char first = inside.len ? byte_lower(inside.ptr[0]) : '\0';
	if (first != 'h' && first != 'm' && first != 's')
		return false;
	for (size_t i = 1; i < inside.len; i++)
		if (byte_lower(inside.ptr[i]) != first)
			return false;
	return true;
}

static void see_letter(struct letters *letters, char c)
{
	switch (byte_lower(c)) {
	case 'y': case 'd': case 'e': case 'a': /* aaaa is the weekday, e the year of an era */
		letters->date = true;
		break;
	case 'm':
		letters->month = true;
		break;
	case 'h': case 's':
		letters->time = true;
		break;
	case '0':
		letters->zeros++;
		break;
	default:
		letters->other = true;
	}
}

/* How many bytes at the beginning belong together; sees what they say. */
static size_t see(struct letters *letters, struct view code)
{
	size_t end;
	switch (code.ptr[0]) {
	case '"':
		letters->other = true;
		end = view_find_byte(view_skip(code, 1), '"');
		return end == SIZE_MAX ? code.len : end + 2;
	case '[':
		end = view_find_byte(code, ']');
		if (end == SIZE_MAX)
			return code.len;
		letters->elapsed |= is_elapsed(view(code.ptr + 1, end - 1));
		letters->condition |= end > 1 && strchr("<>=", code.ptr[1]) != NULL;
		return end + 1;
	case '\\': case '_': case '*':
		letters->other = true;
		return 2;
	default:
		break;
	}
	if (starts_word(code, "am/pm") || starts_word(code, "a/p")) {
		letters->time = true;
		return starts_word(code, "a/p") ? 3 : 5;
	}
	if (starts_word(code, "general") || starts_word(code, "standard")) {
		letters->other = true; /* Generale, Standard: as old workbooks have it by their language */
		for (end = 7; end < code.len && byte_is_letter(code.ptr[end]);)
			end++;
		return end;
	}
	if (starts_word(code, "e+") || starts_word(code, "e-")) { /* 0.00E+00 */
		letters->other = true;
		return 2;
	}
	see_letter(letters, code.ptr[0]);
	return 1;
}

struct format format_of(struct view code)
{
	struct letters letters = { .zeros = 0 };
	while (code.len && code.ptr[0] != ';')
		code = view_skip(code, see(&letters, code));
	bool says_nothing = !letters.date && !letters.time && !letters.month && !letters.elapsed;
	if (letters.condition && says_nothing && code.len)
		return format_of(view_skip(code, 1));
	bool clock = letters.time || letters.elapsed;
	bool date = letters.date || (letters.month && !clock);
	if (date)
		return (struct format){ clock ? FORMAT_MOMENT : FORMAT_DATE, 0 };
	if (clock)
		return (struct format){ letters.elapsed ? FORMAT_ELAPSED : FORMAT_TIME, 0 };
	bool padded = letters.zeros > 1 && letters.zeros <= 20 && !letters.other;
	return (struct format){ FORMAT_NUMBER, (unsigned char)(padded ? letters.zeros : 0) };
}

struct format format_builtin(unsigned number)
{
	enum format_kind kind = FORMAT_NUMBER;
	if ((number >= 14 && number <= 17) || (number >= 27 && number <= 31) || number == 36 ||
	    (number >= 50 && number <= 54) || number == 57 || number == 58)
		kind = FORMAT_DATE;
	else if ((number >= 18 && number <= 21) || (number >= 32 && number <= 35) || number == 45 || number == 47 ||
	         number == 55 || number == 56)
		kind = FORMAT_TIME;
	else if (number == 22)
		kind = FORMAT_MOMENT;
	else if (number == 46)
		kind = FORMAT_ELAPSED;
	return (struct format){ (unsigned char)kind, 0 };
}
