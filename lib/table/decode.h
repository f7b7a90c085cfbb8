/* decode: text in any encoding of the trade becomes UTF-8.  Room: table.
 *
 * UTF-8 (checked), UTF-16 with or without a byte order mark, UTF-32 with one, GB18030 (with
 * it GBK and GB2312; a lone 0x80, which is no GB18030, is the euro sign of GBK), Big5 and
 * EUC-TW.  A byte order mark is dropped.  The one place that knows iconv. */
#ifndef CRM_TABLE_DECODE_H
#define CRM_TABLE_DECODE_H

#include "table/reader.h"
#include "value/charset.h"

/* By name, in any case, with GBK, GB2312, CP936, UTF-16 and UTF-32 (little end first)
 * among the names.  False where it is none of ours. */
bool decode_charset(struct view name, enum charset *charset);

/* A text that comes in pieces. */
struct decoder;

/* With `keep` a byte that cannot be decoded is passed on as it stands, and never makes
 * valid UTF-8: the record that holds it can be known and rejected. */
struct decoder *decoder_new(enum charset from, bool keep);
/* The same for a text of UTF-8 or GB18030 (`likely`) that may change between the two, as when
 * two exports were put together: each line is the one that charset_of_line() says. */
struct decoder *decoder_new_lines(enum charset likely, bool keep);
/* Decodes one more piece (of `last`, nothing follows); appends to *utf8.  False at a byte
 * that cannot be decoded, unless it is kept. */
bool decoder_put(struct decoder *decoder, struct view bytes, bool last, struct buf *utf8);
void decoder_free(struct decoder *decoder);

/* Where the byte is that decoder_put() stopped at: its offset from 0 and its line from 1. */
uint64_t decoder_offset(const struct decoder *decoder);
uint64_t decoder_line(const struct decoder *decoder);
/* With decoder_new_lines(): lines that were not in the likely encoding, and the first one. */
struct decoder_others {
	uint64_t count, first;
};
struct decoder_others decoder_others(const struct decoder *decoder);

/* ---- files ---- */

struct decode_options {
	const char *encoding; /* a name that decode_charset() knows; NULL: look */
	bool keep;            /* see decoder_new() */
	bool threads;         /* inflating may have a thread */
	bool digest;          /* of the bytes as they stand in the file */
};

/* A file that is to be read: its first bytes are looked at, then it is taken as text, or its
 * bytes as they are. */
struct decode;
/* "-" is standard input; gzip and zstd are inflated, by their first bytes. */
struct decode *decode_open(const char *name, const struct decode_options *options);
/* The same of bytes that come from elsewhere; the feed is taken over. */
struct decode *decode_feed(struct feed bytes, const struct decode_options *options);
/* Its first 64 KiB, or all there is; up to 1 MiB while that is all ASCII. */
struct view decode_start(const struct decode *decode);
/* How a message calls it; whether its bytes were packed, or come from elsewhere: then the file
 * of that name does not begin with decode_start(). */
const char *decode_name(const struct decode *decode);
bool decode_is_plain(const struct decode *decode);

/* As UTF-8, from its beginning; *found says which encoding was found out.  Of UTF-8 and
 * GB18030 that were found out each line may be the other one.  A byte that cannot be decoded
 * ends the program (3), when it comes there, unless `keep`. */
struct feed decode_text(struct decode *decode, struct charset_found *found);
/* As it is, from its beginning. */
struct feed decode_bytes(struct decode *decode);
void decode_close(struct decode *decode);
/* Of what was read so far of such a feed. */
struct decoder_others decode_others(const struct feed *feed);

/* ---- whole texts ---- */

/* A whole text that is in memory, its encoding found out.  False where it does not decode:
 * *line says where. */
bool decode_all(struct view bytes, struct buf *utf8, uint64_t *line);

#endif
