/* wrap: see wrap.h. */
#include "render/wrap.h"

#include "value/text.h"

static bool is_closing(uint32_t code)
{
	static const uint32_t codes[] = { ')', ']', '}', ',', '.', ';', ':', '!', '?', '%', 0x3001, 0x3002, 0x300B,
		0x300D, 0x300F, 0x3011, 0xFF01, 0xFF05, 0xFF09, 0xFF0C, 0xFF0E, 0xFF1A, 0xFF1B, 0xFF1F, 0x201D, 0x2019 };
	for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
		if (codes[i] == code)
			return true;
	return false;
}

static bool is_opening(uint32_t code)
{
	return code == '(' || code == '[' || code == '{' || code == 0x300A || code == 0x300C || code == 0x300E ||
	       code == 0x3010 || code == 0xFF08 || code == 0x201C || code == 0x2018;
}

/* A line may end between these two. */
static bool breaks(uint32_t before, uint32_t after)
{
	if (after == ' ')
		return false; /* after the spaces, not before them */
	if (before == ' ' || before == '_' || before == '/')
		return true;
	return (text_code_width(before) == 2 || text_code_width(after) == 2) && !is_opening(before) && !is_closing(after) &&
	       text_code_width(after) > 0;
}

static struct view without_spaces(struct view line)
{
	while (line.len && line.ptr[line.len - 1] == ' ')
		line.len--;
	return line;
}

struct view wrap_line(struct view *rest, size_t width)
{
	struct view all = *rest, left = all;
	size_t used = 0, good = 0; /* good: bytes up to the last place where the line may end */
	uint32_t before = 0;
	while (left.len) {
		size_t at = all.len - left.len;
		uint32_t code = text_next(&left);
		if (before && breaks(before, code))
			good = at;
		used += text_code_width(code);
		if (used > width && code != ' ' && at) {
			size_t cut = good ? good : at;
			*rest = view_skip(all, cut);
			return without_spaces(view_first(all, cut));
		}
		before = code;
	}
	*rest = view_skip(all, all.len);
	return without_spaces(all);
}

size_t wrap_count(struct view text, size_t width)
{
	size_t count = 0;
	do {
		wrap_line(&text, width);
		count++;
	} while (text.len);
	return count;
}

size_t wrap_longest(struct view text)
{
	size_t longest = 0, used = 0;
	uint32_t before = 0;
	while (text.len) {
		uint32_t code = text_next(&text);
		if (before && breaks(before, code))
			used = 0;
		used += code == ' ' ? 0 : text_code_width(code);
		longest = used > longest ? used : longest;
		before = code;
	}
	return longest;
}

/* As much from the beginning as fits. */
static struct view first_part(struct view text, size_t width)
{
	struct view left = text;
	size_t used = 0, end = 0;
	while (left.len) {
		used += text_code_width(text_next(&left));
		if (used > width)
			break;
		end = text.len - left.len;
	}
	return view_first(text, end);
}

/* As much from the end as fits. */
static struct view last_part(struct view text, size_t width)
{
	size_t left = text_width(text);
	while (text.len && left > width)
		left -= text_code_width(text_next(&text));
	return text;
}

static void shorten(struct buf *buf, struct view text, size_t width, const char *dots, bool middle)
{
	if (text_width(text) <= width) {
		buf_put(buf, text);
		return;
	}
	size_t dots_width = text_width(view_of(dots));
	size_t room = width > dots_width ? width - dots_width : 0, tail = middle ? room / 2 : 0;
	buf_put(buf, first_part(text, room - tail));
	buf_text(buf, dots);
	buf_put(buf, last_part(text, tail));
}

void wrap_shorten(struct buf *buf, struct view text, size_t width, const char *dots)
{
	shorten(buf, text, width, dots, false);
}

void wrap_shorten_middle(struct buf *buf, struct view text, size_t width, const char *dots)
{
	shorten(buf, text, width, dots, true);
}
