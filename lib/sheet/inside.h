/* inside: what book.c and the readers of single formats share.  Room: sheet. */
#ifndef CRM_SHEET_INSIDE_H
#define CRM_SHEET_INSIDE_H

#include "base/arena.h"
#include "sheet/book.h"

struct zip;

struct book {
	enum book_form form;
	int fd;
	uint64_t size;
	bool from_1904;
	struct arena arena;          /* lives as long as the book */
	struct book_sheet *sheets;
	size_t sheet_count, sheet_room;
	struct zip *zip;             /* xlsx and zip */
	struct view *members;        /* zip: names, and their numbers in it */
	size_t *member_numbers, member_count;
	void *own;                   /* the reader's */
	const struct book_reader *reader;
};

struct sheet {
	struct book *book;
	size_t number;
	bool merges_only;            /* nobody reads the rows: they need not be made */
	struct lines lines;
	struct sheet_problem problem;
	void *own;                   /* the reader's */
	size_t given;                /* bytes of lines.out that were taken */
	bool ended, told;
	void (*failed)(void *arg, const struct sheet_problem *problem);
	void *failed_arg;
};

/* One format. */
struct book_reader {
	/* Lists the sheets.  What it leaves in book->own, close() frees, also where open() failed. */
	bool (*open)(struct book *book, struct sheet_problem *problem);
	void (*close)(struct book *book);
	/* Prepares sheet->own; problems are sheet->problem.  What is there sheet_close() frees. */
	bool (*sheet_open)(struct sheet *sheet);
	/* Makes more lines, perhaps none; false at the end, or with a problem. */
	bool (*sheet_more)(struct sheet *sheet);
	void (*sheet_close)(struct sheet *sheet);
};

extern const struct book_reader xlsx_reader, xls_reader, html_reader, xml_reader;

void book_add_sheet(struct book *book, struct view name, bool hidden);

#endif
