/* scan: where records and fields end in a block of bytes.  Room: table.
 *
 * Two passes.  The cut is done in order, by the main thread, and looks at quotes and line
 * feeds only: it finds the last record end of a block, so that no worker ever guesses
 * whether it starts inside quotes.  Each quote is judged by the rule itself (what stands
 * before an opening one, what follows a closing one), so a stray quote cannot change a cut.
 * The split is done by workers: it finds every field end.  Where the cut saw nothing odd
 * a vector pass tells inside from outside by the parity of quotes; else the scalar state
 * machine of crm-formats(5) does it, which is the reference for both.
 *
 * All buffers have SCAN_PADDING readable bytes behind their end. */
#ifndef CRM_TABLE_SCAN_H
#define CRM_TABLE_SCAN_H

#include "table/dialect.h"

enum { SCAN_PADDING = 64 };

/* How far the cut has come in a block that begins with a record.  Zero at its start. */
struct cut {
	size_t done;        /* bytes looked at */
	size_t end;         /* behind the last whole record */
	uint64_t lines;     /* line feeds before `done` */
	uint64_t lines_end; /* line feeds before `end` */
	bool inside;        /* a quote is open at `done` */
	bool odd;           /* a stray quote, or something behind a closing one */
	size_t opened;      /* where the last quote opened */
	size_t second;      /* where the second quote of a pair stands, + 1 */
};

/* Looks at bytes cut->done..len.  `last`: nothing follows. */
void scan_cut(struct cut *cut, struct dialect dialect, const char *bytes, size_t len, bool last);

/* The fields of a block of whole records.  `ends` holds where each field's delimiter or
 * line feed stands, `lines` where each record's line feed stands, in order; `bad` the
 * numbers of records that have something behind a closing quote; `inner` where line feeds
 * stand inside quotes, which count for physical lines.  ends[-1] may be read:
 * it is UINT32_MAX, so that a field begins at ends[i - 1] + 1 for every i. */
struct split {
	uint32_t *ends;
	size_t end_count;
	uint32_t *lines;
	size_t line_count;
	uint32_t *bad;
	size_t bad_count;
	uint32_t *inner;
	size_t inner_count;
	/* memory */
	uint32_t *ends_memory;
	size_t ends_room, lines_room, bad_room, inner_room;
};

/* `odd` as the cut found it. */
void scan_split(struct split *split, struct dialect dialect, const char *bytes, size_t len, bool odd);
void split_release(struct split *split);

/* The reference: one byte after the other.  The same result for all inputs. */
void scan_split_plain(struct split *split, struct dialect dialect, const char *bytes, size_t len);

/* Length of the first record with its line feed; 0 where it does not end. */
size_t scan_first(struct dialect dialect, const char *bytes, size_t len);

/* Which instruction set is in use: "avx2", "sse2" or "plain".  scan_use() is for tests;
 * it returns false where the processor has not got it. */
const char *scan_instructions(void);
bool scan_use(const char *instructions);

#endif
