/* decode: text in any encoding of the trade becomes UTF-8.  Room: table.
 *
 * UTF-8 (checked), UTF-16 with or without a byte order mark, GB18030 (with it GBK and
 * GB2312; a lone 0x80, which is no GB18030, is the euro sign of GBK) and Big5.  A byte
 * order mark is dropped.  The one place that knows iconv. */
#ifndef CRM_TABLE_DECODE_H
#define CRM_TABLE_DECODE_H

#include "base/buf.h"

enum encoding {
	ENCODING_UNKNOWN, /* look */
	ENCODING_UTF8,
	ENCODING_UTF16LE,
	ENCODING_UTF16BE,
	ENCODING_GB18030,
	ENCODING_BIG5,
};

/* "UTF-8", "GB18030", ...; and back, in any case, with "GBK", "GB2312", "CP936" and
 * "UTF-16" among the names.  ENCODING_UNKNOWN where it is none of ours. */
const char *encoding_name(enum encoding encoding);
enum encoding encoding_of_name(struct view name);

/* A text that comes in pieces. */
struct decoder;

/* With `keep` a byte that cannot be decoded is passed on as it stands, and never makes
 * valid UTF-8: the record that holds it can be known and rejected. */
struct decoder *decoder_new(enum encoding from, bool keep);
/* Decodes one more piece (of `last`, nothing follows); appends to *utf8.  False at a byte
 * that cannot be decoded, unless it is kept. */
bool decoder_put(struct decoder *decoder, struct view bytes, bool last, struct buf *utf8);
void decoder_free(struct decoder *decoder);

/* Where the byte is that decoder_put() stopped at: its offset from 0 and its line from 1. */
uint64_t decoder_offset(const struct decoder *decoder);
uint64_t decoder_line(const struct decoder *decoder);

/* A whole text that is in memory, its encoding found out.  False where it does not decode:
 * *line says where. */
bool decode_all(struct view bytes, struct buf *utf8, uint64_t *line);

#endif
