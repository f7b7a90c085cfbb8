/* charset: in which encoding a sample of text is.  Room: value.
 *
 * A ladder: byte order mark, UTF-16 without one, strict UTF-8, then GB18030 against Big5
 * and EUC-TW by the share of frequent hanzi (level 1 of each set) among the characters.
 * EUC-TW, which is rare, must be plain: twenty hanzi, nine in ten of level 1, no byte that
 * is no character, and less than four in five frequent ones of GB18030.  Measured
 * on random three-column ledgers: right from one row on where uchardet 0.0.7 needs ten
 * (and then calls GBK "KOI8-R" in two of a hundred); Big5 is sure from five rows on.
 * Anything that is none of these (Windows-1252, Shift-JIS) ends as GB18030 with doubt.
 *
 * Nothing is decoded here: lib/table does that, and finds what does not decode. */
#ifndef CRM_VALUE_CHARSET_H
#define CRM_VALUE_CHARSET_H

#include "base/view.h"

enum charset {
	CHARSET_UTF8, CHARSET_UTF16LE, CHARSET_UTF16BE, CHARSET_GB18030, CHARSET_BIG5, CHARSET_EUC_TW,
	CHARSET_UTF32LE, CHARSET_UTF32BE,
	CHARSETS
};
/* UTF-8, UTF-16LE, UTF-16BE, GB18030, BIG5, EUC-TW, UTF-32LE, UTF-32BE: as iconv takes them. */
const char *charset_name(enum charset charset);

struct charset_found {
	enum charset charset;
	unsigned bom;       /* bytes of the byte order mark, to be dropped */
	bool doubtful;      /* a larger sample, or a person, should look */
	bool mixed;         /* some lines are UTF-8 and some are not; charset is of the more */
	const char *reason; /* one clause in English, to be translated: "it is valid UTF-8" */
	size_t characters;  /* beyond ASCII, in that encoding */
	size_t utf8_lines, other_lines; /* lines beyond ASCII, where the whole is no UTF-8 */
	unsigned gb18030_share, big5_share; /* percent of frequent hanzi, where the two were weighed */
};

/* Looks at a sample.  Unless it is the `whole` text, its end may cut a character. */
struct charset_found charset_detect(struct view sample, bool whole);

/* One line by itself, of a text that is UTF-8 or GB18030 in the main (`likely`), as when two
 * exports were put together: which of the two it is.  A line of UTF-8 with a damaged byte
 * stays UTF-8, one of GB18030 is told by what its characters are.  ASCII is `likely`. */
enum charset charset_of_line(struct view line, enum charset likely);

#endif
