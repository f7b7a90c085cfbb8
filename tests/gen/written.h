/* written: how days, amounts and people get into a cell, clean or dirty. */
#ifndef GEN_WRITTEN_H
#define GEN_WRITTEN_H

#include "world.h"

struct cell {
	char text[160];
};

/* Styles: 0 2024-03-05, 1 2024/3/5, 2 2024.3.5, 3 20240305, 4 2024年3月5日, 5 Excel's serial number. */
struct cell cell_date(int day, int style);
/* Styles: 0 2024-03-05 14:30:00, 1 2024/3/5 14:30, 2 2024/3/5 下午2:30. */
struct cell cell_time(int day, int minute, int style);
/* 1,234,567 between two texts. */
struct cell cell_grouped(int64_t yuan, const char *before, const char *after);
/* Yuan in units of ten thousand, exactly: 12.5, 186.4523. */
struct cell cell_wan(int64_t yuan, const char *after);
/* The good cell, or with BAD_DATE a day that there is not. */
struct cell cell_spoiled(struct cell good, enum spoil spoil, const char *bad);
/* A whole number in one of the ways in which people and programs write it. */
struct cell phone_form(struct random *random, const char *mobile);

/* How often what goes wrong: per mille of rows. */
struct dirt {
	int titled, nameless, noted, typo;
	int masked, scientific, landline, phoneless, two;
	int cert, cert_wrong, cert_old, cert_cut;
};

struct written {
	struct cell name, mobile, mobile2, cert;
};

/* The next record of the book, with what of the person gets written.  Valid until the next. */
struct record *person_write(struct written *out, struct book *book, const struct world *world, struct random *random,
                            const struct dirt *dirt, enum file file, size_t fact, int person);
/* Nothing can be known of a rejected row. */
void record_spoil(struct written *out, struct record *record, enum spoil spoil);

#endif
