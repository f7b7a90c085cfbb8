/* utf8: see utf8.h. */
#include "sheet/utf8.h"

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "table/decode.h"

enum { PIECE = 64 * 1024, SAYS = 4096 };

struct utf8 {
	int fd;
	uint64_t at;
	struct decoder *decoder;
	struct sheet_problem *problem;
	struct buf raw, text;
	size_t given;
	bool ended;
};

static void read_piece(struct utf8 *utf8)
{
	ssize_t n;
	buf_reset(&utf8->raw);
	char *to = buf_reserve(&utf8->raw, PIECE);
	do
		n = pread(utf8->fd, to, PIECE, (off_t)utf8->at);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		problem_set(utf8->problem, STATUS_SYSTEM, TRANSLATED("the file cannot be read"));
	utf8->ended = n <= 0;
	utf8->raw.len = n > 0 ? (size_t)n : 0;
	utf8->at += utf8->raw.len;
}

/* The word behind charset= or encoding=, with or without quotes. */
static bool said_charset(struct view text, enum charset *charset)
{
	static const char *const keys[] = { "charset=", "encoding=" };
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		size_t at = view_find(text, view_of(keys[i])), len = 0;
		if (at == SIZE_MAX)
			continue;
		struct view word = view_skip(text, at + strlen(keys[i]));
		while (word.len && (word.ptr[0] == '"' || word.ptr[0] == '\''))
			word = view_skip(word, 1);
		while (len < word.len && (byte_is_letter(word.ptr[len]) || byte_is_digit(word.ptr[len]) || word.ptr[len] == '-'))
			len++;
		if (decode_charset(view_first(word, len), charset))
			return true;
	}
	return false;
}

struct utf8 *utf8_open(int fd, struct sheet_problem *problem)
{
	struct utf8 *utf8 = heap_alloc(sizeof *utf8);
	enum charset said;
	*utf8 = (struct utf8){ .fd = fd, .problem = problem };
	read_piece(utf8);
	if (problem->message) {
		utf8_close(utf8);
		return NULL;
	}
	struct charset_found found = charset_detect(buf_view(&utf8->raw), utf8->raw.len < PIECE);
	if (found.doubtful && !found.mixed && said_charset(view_first(buf_view(&utf8->raw), SAYS), &said))
		found.charset = said;
	utf8->decoder = found.mixed ? decoder_new_lines(found.charset, true) : decoder_new(found.charset, true);
	return utf8;
}

size_t utf8_read(void *state, char *to, size_t room)
{
	struct utf8 *utf8 = state;
	while (utf8->given == utf8->text.len && (utf8->raw.len || !utf8->ended)) {
		if (!utf8->raw.len)
			read_piece(utf8);
		buf_reset(&utf8->text);
		utf8->given = 0;
		decoder_put(utf8->decoder, buf_view(&utf8->raw), utf8->ended, &utf8->text);
		buf_reset(&utf8->raw);
	}
	struct view rest = view_first(view_skip(buf_view(&utf8->text), utf8->given), room);
	if (rest.len)
		memcpy(to, rest.ptr, rest.len);
	utf8->given += rest.len;
	return rest.len;
}

void utf8_close(void *state)
{
	struct utf8 *utf8 = state;
	if (!utf8)
		return;
	decoder_free(utf8->decoder);
	buf_release(&utf8->raw);
	buf_release(&utf8->text);
	free(utf8);
}
