/* cell: what a ledger's cell holds, in the canonical text of its type.  Room: import.
 *
 *     money  12.5万      125000.00        enum  认购        subscribe
 *     date   2024年1月5日 2024-01-05      bool  是          1
 *     time   2024/1/5 下午2:30  2024-01-05 14:30:00;  a date alone stays one
 *
 * A doubt is a stable word (yy, masked, bad_check, unknown_value ...), that of the parser
 * in the room value which found it.  What cannot be read becomes empty, but for text whose
 * code is unknown: that stays. */
#ifndef CRM_IMPORT_CELL_H
#define CRM_IMPORT_CELL_H

#include "import/header.h"
#include "value/date.h"

struct cell_habits {
	struct date_habits dates;
	bool keep_newlines;
};

enum { CELL_DOUBTS_MOST = 8 };

/* What became of a cell. */
struct cell {
	struct view shown; /* its text: that of the ledger as it stands, or what was made of it */
	struct buf text;   /* memory of the latter */
	const char *doubts[CELL_DOUBTS_MOST];
	unsigned doubt_count;
	bool bad;          /* it holds something, which cannot be read */
	bool plain;        /* no text: nothing in it is ever quoted */
	bool clean;        /* set by the caller: the bytes of the record are clean (text.h) */
	enum { CELL_TEXT, CELL_AMOUNT, CELL_DAY } holds;
	int64_t value;     /* fen; day */
	struct buf second; /* the upper bound of a range */
	int64_t most;      /* the same in fen, where there is one */
};

/* Any type but numbers of telephones that are pooled.  `table` is where codes are looked up. */
void cell_read(struct cell *cell, const struct cell_habits *habits, const struct model_column *column,
               struct unit unit, struct view raw);
/* A range of money: both bounds (text and second), either of which may be empty. */
void cell_read_range(struct cell *cell, struct unit unit, struct view raw);
/* A cell of a column that the model does not know: only line breaks become a blank. */
void cell_copy(struct cell *cell, const struct cell_habits *habits, struct view raw);
void cell_release(struct cell *cell);

/* Numbers of several cells, in order: mobile numbers (whole ones first) and foreign ones,
 * then what is masked; landlines and service numbers apart. */
enum { PHONES_MOST = 16 };

struct phones {
	struct { char text[24]; unsigned char len; } mobile[PHONES_MOST], tel[PHONES_MOST];
	unsigned mobiles, tels;
	unsigned issues; /* enum phone_issue */
};

void phones_begin(struct phones *phones);
void phones_add(struct phones *phones, struct view raw);
/* Puts masked numbers behind the others. */
void phones_end(struct phones *phones);

/* Totals, signatures and notes below a ledger begin with such a word. */
bool cell_is_footer(struct view raw);
/* Most cells plainly do not: they begin with a letter, a digit, or a hanzi that none of those
 * words begins with (so they are not blank either). */
bool cell_begins_otherwise(struct view raw);

#endif
