/* escape: see escape.h. */
#include "render/escape.h"

#include "value/text.h"

static bool is_line_end(uint32_t code)
{
	return (code >= '\t' && code <= '\r') || code == 0x85 || code == 0x2028 || code == 0x2029;
}

/* Controls, direction marks and overrides: what changes more than its own place. */
static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7F && code <= 0x9F) || code == 0x200E || code == 0x200F || code == 0x061C ||
	       (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069) ||
	       (code & 0xFFFE) == 0xFFFE;
}

/* The next character as it may be shown: its code, or TEXT_BAD. */
static uint32_t next(struct view *text)
{
	uint32_t code = text_next(text);
	return is_line_end(code) ? ' ' : is_control(code) ? TEXT_BAD : code;
}

void escape_terminal(struct buf *buf, struct view text)
{
	while (text.len) {
		uint32_t code = next(&text);
		text_put(buf, code == TEXT_BAD ? '?' : code);
	}
}

void escape_html(struct buf *buf, struct view text)
{
	while (text.len) {
		uint32_t code = next(&text);
		switch (code) {
		case '&': buf_text(buf, "&amp;"); break;
		case '<': buf_text(buf, "&lt;"); break;
		case '>': buf_text(buf, "&gt;"); break;
		case '"': buf_text(buf, "&quot;"); break;
		case '\'': buf_text(buf, "&#39;"); break;
		default: text_put(buf, code);
		}
	}
}

void escape_json(struct buf *buf, struct view text)
{
	while (text.len) {
		uint32_t code = text_next(&text);
		if (code == '"' || code == '\\')
			buf_byte(buf, '\\');
		if (code == '\n')
			buf_text(buf, "\\n");
		else if (code == '\t')
			buf_text(buf, "\\t");
		else if (code < 0x20 || code == 0x7F || code == 0x2028 || code == 0x2029)
			buf_printf(buf, "\\u%04x", code);
		else
			text_put(buf, code);
	}
}

/* A list or a rule would begin here: "- x", "+ x", "=", "12. x", "12) x". */
static bool begins_block(struct view text, size_t *sign)
{
	*sign = 0;
	while (*sign < text.len && byte_is_digit(text.ptr[*sign]))
		++*sign;
	if (*sign == text.len)
		return false;
	char c = text.ptr[*sign];
	return *sign ? c == '.' || c == ')' : c == '-' || c == '+' || c == '=';
}

void escape_markdown(struct buf *buf, struct view text)
{
	size_t sign;
	if (begins_block(text, &sign)) {
		buf_put(buf, view_first(text, sign));
		buf_byte(buf, '\\');
		buf_byte(buf, text.ptr[sign]);
		text = view_skip(text, sign + 1);
	}
	while (text.len) {
		uint32_t code = next(&text);
		if (code == '<' || code == '>' || code == '&')
			buf_text(buf, code == '<' ? "&lt;" : code == '>' ? "&gt;" : "&amp;");
		else {
			if (code < 0x80 && strchr("\\`*_[]|~#!$", (int)code))
				buf_byte(buf, '\\');
			text_put(buf, code);
		}
	}
}
