/* text: UTF-8, what is blank, what is folded, how wide it is.  Room: value.
 *
 * Folding makes texts comparable that differ only by keyboard habit: full-width ASCII
 * (U+FF01..FF5E) becomes ASCII, U+3000 and U+00A0 a space, U+FEFF and U+200B..200D go,
 * ASCII letters become small.  Bytes that are no UTF-8 pass unchanged.  Folding
 * never lengthens, and folding valid text twice is folding it once. */
#ifndef CRM_VALUE_TEXT_H
#define CRM_VALUE_TEXT_H

#include "base/buf.h"
#include "base/view.h"

/* ---- UTF-8 ---- */

enum { TEXT_BAD = 0xFFFD };

/* Strict: no overlong forms, no surrogates, nothing above U+10FFFF. */
bool text_valid(struct view text);
/* How many bytes at the beginning are valid; all of them if text_valid(). */
size_t text_valid_length(struct view text);
/* Length of the valid character at the beginning, 0 where there is none; the text must not
 * be empty. */
size_t text_sequence(struct view text);
/* Takes one code point off the beginning; the text must not be empty.  A byte that
 * begins no valid character is taken alone and comes back as TEXT_BAD. */
uint32_t text_next(struct view *text);
/* The bytes of a code point (at most U+10FFFF); how many they are. */
size_t text_encode(uint32_t code, char bytes[static 4]);
/* Appends a code point (at most U+10FFFF) as UTF-8. */
void text_put(struct buf *out, uint32_t code);
/* Code points; a bad byte counts as one. */
size_t text_count(struct view text);

static inline bool text_is_hanzi(uint32_t code)
{
	return (code >= 0x4E00 && code <= 0x9FFF) || (code >= 0x3400 && code <= 0x4DBF) || code == 0x3007 ||
	       (code >= 0xF900 && code <= 0xFAFF) || (code >= 0x20000 && code <= 0x3FFFD);
}

/* ---- folding and cleaning ---- */

/* One code point folded: 0 where it vanishes. */
uint32_t text_fold_code(uint32_t code);
/* Appends the folded text. */
void text_fold(struct view text, struct buf *out);
/* What a cell holds without the dirt of spreadsheets: no invisible characters, odd blanks
 * and line ends as spaces (runs of line ends as one), none at the ends.  Letters and
 * widths stay. */
void text_clean(struct view text, struct buf *out);

/* Whether the bytes alone tell that text_clean() leaves the text as it stands, and folding
 * all but the case of its letters: printable ASCII and hanzi, no blank at the ends.  False
 * says nothing.  Nearly all cells are such, and this costs a cycle a byte. */
bool text_is_clean(struct view text);
/* The same but for blanks at the ends: of a whole record, this is true of its cells too. */
bool text_has_clean_bytes(struct view text);

/* A cell folded, trimmed and unwrapped for the parsers of this room, on the stack.
 * Unwrapped: Excel's ="123" and leading ' go. */
struct text_cell {
	size_t len;
	char bytes[512];
};

/* False where the folded cell does not fit: no value of this room is that long. */
bool text_cell_fold(struct view cell, struct text_cell *folded);

static inline struct view text_cell_view(const struct text_cell *cell)
{
	return (struct view){ cell->bytes, cell->len };
}

/* Blank or a word by which ledgers say "nothing": - -- — / 无 暂无 待定 未知 不详 空 null
 * nil none n/a, 無 暫無 不詳 too.  Takes folded text. */
bool text_is_null(struct view folded);
/* The same of a cell as it stands. */
bool text_cell_is_null(struct view cell);
/* Whether nothing is in the cell but blanks, invisible characters or an empty =""; cheap
 * where there is something. */
bool text_cell_is_blank(struct view cell);

/* ---- Chinese numerals ---- */

/* 0..9 of 〇零○一二三四五六七八九两 and of the capitals 壹贰叁肆伍陆柒捌玖; -1 for the rest. */
int text_hanzi_digit(uint32_t code);
/* The power of ten of 十百千万亿 and 拾佰仟萬億: 1 2 3 4 8; 0 for the rest. */
unsigned text_hanzi_power(uint32_t code);

/* ---- on the screen ---- */

/* Columns a terminal gives the text: 2 for East Asian wide and full-width characters and
 * emoji, 0 for combining and invisible ones, 1 for the rest and for bad bytes. */
unsigned text_code_width(uint32_t code);
size_t text_width(struct view text);

#endif
