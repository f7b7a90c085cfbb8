/* fail: see fail.h.
 *
 * A message is made in one buffer and written by one write(2), so that the lines of
 * several programs of a pipe do not mix.  Workers may die too (memory): the lock lets
 * one of them through, the others wait for the end. */
#include "base/fail.h"

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/zh.h"

enum { LONGEST = 4096 };

/* Globals: there is one standard error and one end of the program. */
static const char *program = "crm";
static enum fail_format output_format = FAIL_TEXT;
static enum fail_language language = FAIL_ENGLISH;
static void (*end_hook)(enum status);
static void (*end_catcher)(enum status, struct place, const char *);
static _Thread_local void (*end_first)(void *);
static _Thread_local void *end_first_arg;
static pthread_mutex_t ending = PTHREAD_MUTEX_INITIALIZER;

void fail_init(const char *name, enum fail_format form, enum fail_language lang)
{
	program = name;
	output_format = form;
	language = lang;
}

const char *fail_program(void) { return program; }
enum fail_language fail_language(void) { return language; }
void fail_hook(void (*hook)(enum status status)) { end_hook = hook; }

void fail_first(void (*first)(void *arg), void *arg)
{
	end_first = first;
	end_first_arg = arg;
}

void fail_catch(void (*catcher)(enum status, struct place, const char *)) { end_catcher = catcher; }

const char *translate(const char *english)
{
	if (language == FAIL_CHINESE)
		for (size_t i = 0; i < ZH_COUNT; i++)
			if (strcmp(zh_table[i].english, english) == 0)
				return zh_table[i].chinese;
	return english;
}

/* Where the next byte goes; what does not fit is left out. */
struct line {
	char text[LONGEST];
	size_t len;
};

static void put(struct line *line, const char *text, size_t len)
{
	size_t room = sizeof line->text - line->len;
	if (len > room)
		len = room;
	memcpy(line->text + line->len, text, len);
	line->len += len;
}

static void put_string(struct line *line, const char *text)
{
	put(line, text, strlen(text));
}

static void put_number(struct line *line, uint64_t number)
{
	char digits[24];
	int len = snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
	put(line, digits, (size_t)len);
}

/* Bytes of the character beyond ASCII that begins here: 0 for one that is no UTF-8, or is a
 * control character (U+0080 to U+009F). */
static size_t wide_length(const unsigned char *text)
{
	size_t len = text[0] < 0xC2 ? 0 : text[0] < 0xE0 ? 2 : text[0] < 0xF0 ? 3 : text[0] < 0xF5 ? 4 : 0;
	for (size_t i = 1; i < len; i++)
		if ((text[i] & 0xC0) != 0x80)
			return 0;
	bool control = text[0] == 0xC2 && text[1] < 0xA0;
	bool overlong = (text[0] == 0xE0 && text[1] < 0xA0) || (text[0] == 0xF0 && text[1] < 0x90);
	bool beyond = (text[0] == 0xED && text[1] >= 0xA0) || (text[0] == 0xF4 && text[1] >= 0x90);
	return control || overlong || beyond ? 0 : len;
}

/* Control bytes would move the terminal's cursor or hide text: they, and what is no UTF-8,
 * are shown as \xHH.  In JSON, which is UTF-8, they are \u00HH, and the quote and the backslash
 * are escaped too. */
static void put_escaped(struct line *line, const char *text, bool json)
{
	for (size_t n; *text; text += n) {
		unsigned char c = (unsigned char)*text;
		n = c < 0x80 ? c >= 0x20 && c != 0x7F : wide_length((const unsigned char *)text);
		char escape[8];
		if (json && (c == '"' || c == '\\')) {
			put(line, (char[]){ '\\', *text }, 2);
		} else if (!n) {
			int len = snprintf(escape, sizeof escape, json ? "\\u%04x" : "\\x%02X", c);
			put(line, escape, (size_t)len);
			n = 1;
		} else {
			put(line, text, n);
		}
	}
}

static void put_place(struct line *line, struct place place)
{
	if (!place.file)
		return;
	put_escaped(line, place.file, false);
	if (place.line) {
		put_string(line, ":");
		put_number(line, place.line);
	}
	if (place.line && place.column) {
		put_string(line, ":");
		put_number(line, place.column);
	}
	put_string(line, ": ");
}

static void put_json(struct line *line, const char *level, const char *code, int status,
                     struct place place, const char *message)
{
	put_string(line, "{\"tool\":\"");
	put_escaped(line, program, true);
	put_string(line, "\",\"level\":\"");
	put_string(line, level);
	if (code) {
		put_string(line, "\",\"code\":\"");
		put_escaped(line, code, true);
	}
	put_string(line, "\"");
	if (status >= 0) {
		put_string(line, ",\"status\":");
		put_number(line, (uint64_t)status);
	}
	if (place.file) {
		put_string(line, ",\"file\":\"");
		put_escaped(line, place.file, true);
		put_string(line, "\"");
	}
	if (place.file && place.line) {
		put_string(line, ",\"line\":");
		put_number(line, place.line);
	}
	if (place.file && place.column) {
		put_string(line, ",\"column\":");
		put_number(line, place.column);
	}
	put_string(line, ",\"message\":\"");
	put_escaped(line, message, true);
	put_string(line, "\"}");
}

/* Two digits as a number. */
static int pair(const char *at)
{
	return (at[0] - '0') * 10 + at[1] - '0';
}

/* Eleven digits of a mobile number; 15, 17 or 18 that hold a date where an ID card does. */
static bool is_personal(const char *digits, size_t n)
{
	if (n == 11)
		return digits[0] == '1' && digits[1] >= '3';
	const char *day = digits + (n == 15 ? 8 : 10);
	return (n == 15 || ((n == 17 || n == 18) && pair(digits + 6) >= 18 && pair(digits + 6) <= 20)) &&
	       pair(day) >= 1 && pair(day) <= 12 && pair(day + 2) >= 1 && pair(day + 2) <= 31;
}

/* The last net: a file without a header has a person's number for a column's name.  Names of
 * files with a time in them are left alone. */
static void hide_numbers(char *text)
{
	for (size_t n; *text; text += n ? n : 1) {
		for (n = 0; text[n] >= '0' && text[n] <= '9'; n++)
			;
		if (is_personal(text, n))
			memset(text, '*', n);
	}
}

static void say(const char *level, const char *code, int status, struct place place,
                const char *message)
{
	struct line line = { .len = 0 };
	if (output_format == FAIL_JSON) {
		put_json(&line, level, code, status, place, message);
	} else {
		put_string(&line, program);
		put_string(&line, ": ");
		put_place(&line, place);
		put_escaped(&line, message, false);
	}
	if (line.len == sizeof line.text)
		line.len--;
	line.text[line.len++] = '\n';
	for (size_t done = 0; done < line.len;) {
		ssize_t n = write(STDERR_FILENO, line.text + done, line.len - done);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return; /* nobody listens: there is nowhere to say so */
		done += (size_t)n;
	}
}

static _Noreturn void end(enum status status, struct place place, const char *message)
{
	void (*first)(void *) = end_first;
	end_first = NULL;
	if (first)
		first(end_first_arg);
	if (end_catcher)
		end_catcher(status, place, message);
	pthread_mutex_lock(&ending);
	if (end_hook)
		end_hook(status);
	static const char *const codes[] = { "done", "findings", "usage", "input", "system", "state" };
	say("error", codes[status], (int)status, place, message);
	_exit((int)status);
}

#define SUMMARY(text, format)                                   \
	char text[LONGEST];                                     \
	do {                                                    \
		va_list args_;                                  \
		va_start(args_, format);                        \
		vsnprintf(text, sizeof text, translate(format), args_); \
		va_end(args_);                                  \
	} while (0)
#define MESSAGE(text, format) \
	SUMMARY(text, format); \
	hide_numbers(text)

#pragma GCC diagnostic ignored "-Wformat-nonliteral" /* translations are checked by a test */

void die(enum status status, const char *format, ...)
{
	MESSAGE(text, format);
	end(status, (struct place){ 0 }, text);
}

void die_at(enum status status, struct place place, const char *format, ...)
{
	MESSAGE(text, format);
	end(status, place, text);
}

void die_errno(const char *format, ...)
{
	int error = errno;
	MESSAGE(text, format);
	/* strerror_l in the C locale: the same words everywhere. */
	size_t len = strlen(text);
	snprintf(text + len, sizeof text - len, ": %s", strerrordesc_np(error) ? strerrordesc_np(error) : "?");
	end(STATUS_SYSTEM, (struct place){ 0 }, text);
}

void die_memory(void)
{
	end(STATUS_SYSTEM, (struct place){ 0 }, translate("out of memory"));
}

void warn(const char *format, ...)
{
	MESSAGE(text, format);
	say("warning", NULL, -1, (struct place){ 0 }, text);
}

void warn_at(struct place place, const char *format, ...)
{
	MESSAGE(text, format);
	say("warning", NULL, -1, place, text);
}

void warn_code(struct place place, const char *code, const char *message)
{
	char text[LONGEST];
	snprintf(text, sizeof text, "%s", message);
	hide_numbers(text);
	say("warning", code, -1, place, text);
}

void warn_summary(const char *format, ...)
{
	SUMMARY(text, format);
	say("summary", NULL, -1, (struct place){ 0 }, text);
}
