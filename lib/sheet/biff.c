/* biff: see biff.h. */
#include "sheet/biff.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "sheet/shown.h"
#include "sheet/strings.h"
#include "table/decode.h"
#include "value/charset.h"
#include "value/text.h"

/* Records, by the numbers of [MS-XLS]; _2 is of BIFF2. */
enum {
	INTEGER_2 = 0x002, NUMBER_2 = 0x003, LABEL_2 = 0x004, BOOLERR_2 = 0x005, FORMULA = 0x006, STRING_2 = 0x007,
	END = 0x00A, FORMAT_2 = 0x01E, FROM_1904 = 0x022, PASSWORD = 0x02F, CONTINUE = 0x03C, CODEPAGE = 0x042,
	XF_2 = 0x043, BOUNDSHEET = 0x085, MULRK = 0x0BD, RSTRING = 0x0D6, XF = 0x0E0, MERGED = 0x0E5, SST = 0x0FC,
	LABELSST = 0x0FD, NUMBER = 0x203, LABEL = 0x204, BOOLERR = 0x205, FORMULA_3 = 0x206, STRING = 0x207,
	XF_3 = 0x243, RK = 0x27E, FORMULA_4 = 0x406, FORMAT = 0x41E, XF_4 = 0x443,
	BOF_2 = 0x009, BOF_3 = 0x209, BOF_4 = 0x409, BOF = 0x809,
};
enum { TYPE_GLOBALS = 0x05, TYPE_WORKBOOK_4 = 0x100, SHEETS_MOST = 4096, SAMPLE = 64 * 1024, XFS_MOST = 65536 };

struct record {
	unsigned type;
	struct view data;
	size_t at, end; /* of the record in the stream */
};

struct biff_page {
	struct view name;
	bool hidden;
	size_t at;
};

struct biff {
	struct view stream;
	struct sheet_problem *problem;
	struct arena arena;
	unsigned version;           /* 2, 3, 4, 5 or 8 */
	bool from_1904;
	unsigned codepage;
	bool western;               /* text of one byte is Windows-1252 */
	struct decoder *decoder;    /* or what this makes of it */
	struct format *formats;     /* by number, as far as the workbook says */
	bool *format_known;
	size_t format_count, format_room, known_room;
	unsigned *xfs;              /* of each: the number of its format */
	size_t xf_count, xf_room;
	struct strings *strings;
	struct biff_page *pages;
	size_t page_count, page_room;
	struct buf text;
};

static const char *const damaged = TRANSLATED("an xls file cut short or damaged: a record does not end");

static uint32_t u8_at(struct view bytes, size_t at)
{
	return at < bytes.len ? (unsigned char)bytes.ptr[at] : 0;
}

static uint32_t u16_at(struct view bytes, size_t at)
{
	return u8_at(bytes, at) | u8_at(bytes, at + 1) << 8;
}

static uint32_t u32_at(struct view bytes, size_t at)
{
	return u16_at(bytes, at) | u16_at(bytes, at + 2) << 16;
}

static bool next_record(const struct biff *biff, size_t at, struct record *record)
{
	struct view rest = view_skip(biff->stream, at);
	*record = (struct record){ .type = u16_at(rest, 0), .at = at };
	size_t len = u16_at(rest, 2);
	if (rest.len < 4 || len > rest.len - 4)
		return problem_input(biff->problem, damaged);
	record->data = view(rest.ptr + 4, len);
	record->end = at + 4 + len;
	return true;
}

/* ---- text ---- */

/* Bytes that go on in CONTINUE records. */
struct pieces {
	const struct biff *biff;
	struct view rest;
	size_t next; /* the record behind */
};

static bool next_piece(struct pieces *pieces)
{
	struct view header = view_skip(pieces->biff->stream, pieces->next);
	size_t len = u16_at(header, 2);
	if (header.len < 4 || u16_at(header, 0) != CONTINUE || len > header.len - 4)
		return false;
	pieces->rest = view(header.ptr + 4, len);
	pieces->next += 4 + len;
	return true;
}

static bool skip_pieces(struct pieces *pieces, size_t n)
{
	while (n > pieces->rest.len) {
		n -= pieces->rest.len;
		if (!next_piece(pieces))
			return false;
	}
	pieces->rest = view_skip(pieces->rest, n);
	return true;
}

static bool take_number(struct pieces *pieces, unsigned bytes, uint32_t *number)
{
	*number = 0;
	for (unsigned i = 0; i < bytes; i++) {
		while (!pieces->rest.len)
			if (!next_piece(pieces))
				return false;
		*number |= u8_at(pieces->rest, 0) << (8 * i);
		pieces->rest = view_skip(pieces->rest, 1);
	}
	return true;
}

/* So many characters of one byte (the first 256 of Unicode) or two; *high is the first half of
 * a pair that may be cut in two by the end of a piece. */
static void put_characters(struct view bytes, bool wide, uint32_t *high, struct buf *to)
{
	for (size_t i = 0; i + wide < bytes.len; i += 1u + wide) {
		uint32_t code = wide ? u16_at(bytes, i) : u8_at(bytes, i);
		bool low = code >= 0xDC00 && code < 0xE000;
		if (*high)
			text_put(to, low ? 0x10000 + ((*high - 0xD800) << 10) + (code - 0xDC00) : TEXT_BAD);
		bool paired = *high && low;
		*high = code >= 0xD800 && code < 0xDC00 ? code : 0;
		if (!paired && !*high)
			text_put(to, low ? TEXT_BAD : code);
	}
}

/* A string of BIFF8 whose length was taken: flags, characters, then runs and phonetics. */
static bool take_unicode(struct pieces *pieces, size_t count, struct buf *to)
{
	uint32_t flags, runs = 0, more = 0, high = 0;
	if (!take_number(pieces, 1, &flags) || ((flags & 8) && !take_number(pieces, 2, &runs)) ||
	    ((flags & 4) && !take_number(pieces, 4, &more)))
		return false;
	while (count) {
		bool wide = flags & 1;
		if (!pieces->rest.len) {
			/* In the next record the rest may be wide or not. */
			if (!next_piece(pieces) || !take_number(pieces, 1, &flags))
				return false;
			continue;
		}
		size_t fits = pieces->rest.len / (1u + wide), n = fits < count ? fits : count;
		if (!n)
			return false;
		put_characters(view_first(pieces->rest, n << wide), wide, &high, to);
		pieces->rest = view_skip(pieces->rest, n << wide);
		count -= n;
	}
	if (high)
		text_put(to, TEXT_BAD);
	return skip_pieces(pieces, runs * (size_t)4 + more);
}

/* Windows-1252 where it is not Latin-1. */
static const uint16_t western[32] = {
	0x20AC, 0x81, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D,
	0x8F, 0x90, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D,
	0x017E, 0x0178,
};

static void put_bytes(const struct biff *biff, struct view bytes, struct buf *to)
{
	if (!biff->western) {
		decoder_put(biff->decoder, bytes, true, to);
		return;
	}
	for (size_t i = 0; i < bytes.len; i++) {
		uint32_t byte = u8_at(bytes, i);
		text_put(to, byte >= 0x80 && byte < 0xA0 ? western[byte - 0x80] : byte);
	}
}

/* The string that stands at `from` in a record; `narrow`: its length has one byte. */
static bool take_string(const struct biff *biff, const struct record *record, size_t from, bool narrow, struct buf *to)
{
	struct pieces pieces = { biff, view_skip(record->data, from), record->end };
	uint32_t count;
	buf_reset(to);
	if (!take_number(&pieces, narrow ? 1 : 2, &count))
		return false;
	if (biff->version == 8)
		return !count || take_unicode(&pieces, count, to);
	while (count) {
		struct view bytes = view_first(pieces.rest, count);
		put_bytes(biff, bytes, to);
		count -= (uint32_t)bytes.len;
		pieces.rest = view_skip(pieces.rest, bytes.len);
		if (count && !next_piece(&pieces))
			return false;
	}
	return true;
}

/* ---- the code page of old workbooks ---- */

/* Texts as they stand, for a look at them. */
static void sample_texts(const struct biff *biff, struct buf *sample)
{
	struct view rest = biff->stream;
	while (rest.len >= 4 && sample->len < SAMPLE) {
		unsigned type = u16_at(rest, 0);
		struct view data = view_first(view_skip(rest, 4), u16_at(rest, 2));
		size_t skip = type == LABEL || type == RSTRING ? 8 : type == LABEL_2 ? 8 : type == STRING ? 2 :
		              type == STRING_2 ? 1 : type == BOUNDSHEET ? 7 : SIZE_MAX;
		if (skip < data.len) {
			buf_put(sample, view_skip(data, skip));
			buf_byte(sample, '\n');
		}
		rest = view_skip(rest, 4 + u16_at(rest, 2));
	}
}

static bool settle_codepage(struct biff *biff)
{
	struct buf sample = { 0 };
	enum charset charset = biff->codepage == 950 ? CHARSET_BIG5 : CHARSET_GB18030;
	if (biff->codepage != 936 && biff->codepage != 950) {
		sample_texts(biff, &sample);
		struct charset_found found = charset_detect(buf_view(&sample), false);
		bool hanzi = (found.charset == CHARSET_GB18030 && found.gb18030_share >= 50) ||
		             (found.charset == CHARSET_BIG5 && found.big5_share >= 50);
		bool sure = hanzi || found.charset == CHARSET_UTF8;
		charset = hanzi ? found.charset : CHARSET_UTF8;
		/* 0x8001 and 367 are what small programs write for 1252; 10000 is that of the Macintosh,
		 * equal in ASCII. */
		biff->western = !sure;
		bool named = biff->codepage == 1252 || biff->codepage == 0x8001 || biff->codepage == 367 || !biff->codepage;
		buf_release(&sample);
		if (!sure && !named)
			return problem_input(biff->problem, TRANSLATED("an old xls file in a code page that is not read: save it as xlsx"));
	}
	biff->decoder = decoder_new(charset, true);
	return true;
}

/* Kept open on purpose: closing the last one would unload its tables. */
void biff_prepare(void)
{
	decoder_new(CHARSET_GB18030, true);
	decoder_new(CHARSET_BIG5, true);
}

/* ---- globals ---- */

static void add_format(struct biff *biff, size_t number, struct view code)
{
	if (number >= XFS_MOST)
		return;
	while (biff->format_count <= number) {
		heap_grow(biff->formats, biff->format_count, &biff->format_room);
		heap_grow(biff->format_known, biff->format_count, &biff->known_room);
		biff->format_known[biff->format_count++] = false;
	}
	biff->formats[number] = format_of(code);
	biff->format_known[number] = true;
}

static bool read_format(struct biff *biff, const struct record *record)
{
	bool numbered = record->type == FORMAT && biff->version >= 5;
	size_t number = numbered ? u16_at(record->data, 0) : biff->format_count;
	size_t from = numbered || record->type == FORMAT ? 2 : 0;
	if (!take_string(biff, record, from, biff->version < 8, &biff->text))
		return problem_input(biff->problem, damaged);
	add_format(biff, number, buf_view(&biff->text));
	return true;
}

static void read_xf(struct biff *biff, const struct record *record)
{
	if (biff->xf_count >= XFS_MOST)
		return;
	heap_grow(biff->xfs, biff->xf_count, &biff->xf_room);
	biff->xfs[biff->xf_count++] = record->type == XF ? u16_at(record->data, 2) :
	                              record->type == XF_2 ? u8_at(record->data, 2) & 0x3F : u8_at(record->data, 1);
}

/* Style or, in BIFF2, the number of the format itself. */
static struct format format_at(const struct biff *biff, unsigned xf)
{
	unsigned number = biff->version == 2 ? xf : xf < biff->xf_count ? biff->xfs[xf] : 0;
	if (number < biff->format_count && biff->format_known[number])
		return biff->formats[number];
	return format_builtin(number);
}

static bool read_sheet(struct biff *biff, const struct record *record)
{
	struct buf *name = &biff->text;
	if (u8_at(record->data, 5) != 0)
		return true; /* a chart, a module */
	if (biff->page_count == SHEETS_MOST)
		return problem_input(biff->problem, TRANSLATED("more than 4,096 sheets: refused"));
	if (!take_string(biff, record, 6, true, name))
		return problem_input(biff->problem, damaged);
	heap_grow(biff->pages, biff->page_count, &biff->page_room);
	biff->pages[biff->page_count++] = (struct biff_page){ arena_copy(&biff->arena, buf_view(name)),
		(u8_at(record->data, 4) & 3) != 0, u32_at(record->data, 0) };
	return true;
}

/* Strings that end too soon are missed when a cell asks for them. */
static void read_strings(struct biff *biff, const struct record *record)
{
	struct pieces pieces = { biff, view_skip(record->data, 8), record->end };
	uint32_t left = u32_at(record->data, 4), count;
	struct buf escaped = { 0 };
	for (; left && take_number(&pieces, 2, &count); left--) {
		buf_reset(&biff->text);
		buf_reset(&escaped);
		if (!take_unicode(&pieces, count, &biff->text))
			break;
		lines_escape(buf_view(&biff->text), &escaped);
		strings_add(biff->strings, buf_view(&escaped));
	}
	buf_release(&escaped);
}

static bool read_global(struct biff *biff, const struct record *record)
{
	switch (record->type) {
	case PASSWORD:
		return problem_input(biff->problem, TRANSLATED("protected by a password: remove it, then save the file again"));
	case FROM_1904:
		biff->from_1904 = u16_at(record->data, 0) == 1;
		return true;
	case FORMAT: case FORMAT_2:
		return read_format(biff, record);
	case XF: case XF_2: case XF_3: case XF_4:
		read_xf(biff, record);
		return true;
	case BOUNDSHEET:
		return read_sheet(biff, record);
	case SST:
		read_strings(biff, record);
		return true;
	default:
		return true;
	}
}

static bool is_beginning(unsigned type)
{
	return type == BOF_2 || type == BOF_3 || type == BOF_4 || type == BOF;
}

static unsigned version_of(const struct record *record)
{
	switch (record->type) {
	case BOF_2: return 2;
	case BOF_3: return 3;
	case BOF_4: return 4;
	default: return u16_at(record->data, 0) == 0x600 ? 8 : 5;
	}
}

/* The code page must be known before the first text is read. */
static unsigned find_codepage(const struct biff *biff)
{
	struct view rest = biff->stream;
	for (; rest.len >= 6; rest = view_skip(rest, 4 + u16_at(rest, 2)))
		if (u16_at(rest, 0) == CODEPAGE)
			return u16_at(rest, 4);
	return 0;
}

static bool read_globals(struct biff *biff)
{
	struct record record;
	if (!next_record(biff, 0, &record))
		return false;
	if (!is_beginning(record.type) || record.data.len < 4)
		return problem_input(biff->problem, damaged);
	biff->version = version_of(&record);
	unsigned type = u16_at(record.data, 2);
	if (biff->version < 5 && type == TYPE_WORKBOOK_4)
		return problem_input(biff->problem, TRANSLATED("a workbook of Excel 4: save it as xlsx"));
	biff->codepage = find_codepage(biff);
	if (biff->version < 8 && !settle_codepage(biff))
		return false;
	if (type != TYPE_GLOBALS) { /* a single sheet, and all there is */
		heap_grow(biff->pages, 0, &biff->page_room);
		biff->pages[biff->page_count++] = (struct biff_page){ VIEW(""), false, 0 };
		return true;
	}
	while (record.type != END)
		if (!next_record(biff, record.end, &record) || !read_global(biff, &record))
			return false;
	return biff->page_count ||
	       problem_input(biff->problem, TRANSLATED("a workbook without a single sheet of cells"));
}

struct biff *biff_open(struct view stream, struct sheet_problem *problem)
{
	struct biff *biff = heap_alloc(sizeof *biff);
	*biff = (struct biff){ .stream = stream, .problem = problem, .strings = strings_new(SIZE_MAX) };
	if (read_globals(biff))
		return biff;
	biff_close(biff);
	return NULL;
}

void biff_close(struct biff *biff)
{
	decoder_free(biff->decoder);
	strings_free(biff->strings);
	buf_release(&biff->text);
	arena_release(&biff->arena);
	free(biff->formats);
	free(biff->format_known);
	free(biff->xfs);
	free(biff->pages);
	free(biff);
}

bool biff_from_1904(const struct biff *biff) { return biff->from_1904; }
size_t biff_sheets(const struct biff *biff) { return biff->page_count; }

struct view biff_sheet(const struct biff *biff, size_t number, bool *hidden)
{
	*hidden = biff->pages[number].hidden;
	return biff->pages[number].name;
}

/* ---- cells: first all are found, then they are put in order and written ---- */

enum kind { DOUBLE, COMPRESSED, WHOLE, BOOLEAN, FAULT, SHARED, TEXT, RESULT, WAITING };

struct cell {
	uint32_t row;
	uint16_t column, xf;
	uint32_t at;    /* in the stream: of the value, or of the record that holds a text */
	uint32_t order; /* of equals, and the kind in its lowest bits */
};

struct cells {
	struct biff *biff;
	struct lines *lines;
	struct cell *list;
	size_t count, room;
	bool unordered;
};

static enum kind kind_of(const struct cell *cell) { return (enum kind)(cell->order & 15); }

static void add_cell(struct cells *cells, struct cell cell, enum kind kind)
{
	if (cells->count) {
		const struct cell *last = &cells->list[cells->count - 1];
		cells->unordered |= cell.row < last->row || (cell.row == last->row && cell.column <= last->column);
	}
	cell.order = (uint32_t)cells->count << 4 | kind;
	heap_grow(cells->list, cells->count, &cells->room);
	cells->list[cells->count++] = cell;
}

/* What a formula came to: eight bytes, a double unless the last two are FF. */
static void add_result(struct cells *cells, struct cell cell, const struct record *record, size_t from)
{
	struct view result = view_first(view_skip(record->data, from), 8);
	if (result.len < 8)
		return;
	cell.at = (uint32_t)(record->at + 4 + from);
	if (u16_at(result, 6) != 0xFFFF) {
		add_cell(cells, cell, DOUBLE);
		return;
	}
	unsigned type = u8_at(result, 0);
	cell.at += 2;
	if (type == 0)
		add_cell(cells, cell, WAITING);
	else if (type == 1 || type == 2)
		add_cell(cells, cell, type == 1 ? BOOLEAN : FAULT);
}

static void add_compressed(struct cells *cells, const struct record *record)
{
	struct view data = record->data;
	struct cell cell = { .row = u16_at(data, 0) };
	uint32_t column = u16_at(data, 2);
	for (size_t from = 4; from + 8 <= data.len && column <= UINT16_MAX; from += 6, column++) {
		cell.column = (uint16_t)column;
		cell.xf = (uint16_t)u16_at(data, from);
		cell.at = (uint32_t)(record->at + 4 + from + 2);
		add_cell(cells, cell, COMPRESSED);
	}
}

static void add_merges(struct cells *cells, struct view data)
{
	uint32_t count = u16_at(data, 0);
	for (size_t from = 2; count-- && from + 8 <= data.len; from += 8)
		lines_merge(cells->lines, (struct sheet_merge){ u16_at(data, from) + 1, u16_at(data, from + 2) + 1,
			u16_at(data, from + 4) + 1, u16_at(data, from + 6) + 1 });
}

/* A text that a formula came to stands in a record behind it. */
static void settle_result(struct cells *cells, const struct record *record)
{
	struct cell *last = cells->count ? &cells->list[cells->count - 1] : NULL;
	if (!last || kind_of(last) != WAITING)
		return;
	last->at = (uint32_t)record->at;
	last->order = (last->order & ~15u) | RESULT;
}

static void see_cell(struct cells *cells, const struct record *record)
{
	struct view data = record->data;
	bool old = cells->biff->version == 2; /* three bytes of attributes, the second one has the format */
	size_t from = old ? 7 : 6;
	struct cell cell = { .row = u16_at(data, 0), .column = (uint16_t)u16_at(data, 2),
		.xf = (uint16_t)(old ? u8_at(data, 5) & 0x3F : u16_at(data, 4)), .at = (uint32_t)(record->at + 4 + from) };
	if (record->type == STRING || record->type == STRING_2)
		settle_result(cells, record);
	if (data.len < from)
		return;
	switch (record->type) {
	case NUMBER: case NUMBER_2:
		add_cell(cells, cell, DOUBLE);
		return;
	case RK:
		add_cell(cells, cell, COMPRESSED);
		return;
	case INTEGER_2:
		add_cell(cells, cell, WHOLE);
		return;
	case MULRK:
		add_compressed(cells, record);
		return;
	case BOOLERR: case BOOLERR_2:
		add_cell(cells, cell, u8_at(data, from + 1) ? FAULT : BOOLEAN);
		return;
	case LABELSST:
		add_cell(cells, cell, SHARED);
		return;
	case LABEL: case LABEL_2: case RSTRING:
		cell.at = (uint32_t)record->at;
		add_cell(cells, cell, TEXT);
		return;
	case FORMULA: case FORMULA_3: case FORMULA_4:
		add_result(cells, cell, record, from);
		return;
	default:
		return;
	}
}

/* The records of a sheet up to its end; charts inside have a beginning and an end of their own. */
static bool find_cells(struct cells *cells, size_t at)
{
	struct biff *biff = cells->biff;
	struct record record;
	unsigned inside = 0;
	if (!next_record(biff, at, &record))
		return false;
	if (!is_beginning(record.type))
		return problem_input(biff->problem, damaged);
	for (;;) {
		if (!next_record(biff, record.end, &record))
			return false;
		if (is_beginning(record.type))
			inside++;
		else if (record.type == END && !inside--)
			return true;
		else if (inside)
			continue;
		else if (record.type == MERGED)
			add_merges(cells, record.data);
		else if (record.type == SST || record.type == BOUNDSHEET)
			continue;
		else if (!read_global(biff, &record))
			return false;
		else
			see_cell(cells, &record);
		if (biff->problem->message)
			return false;
	}
}

static int by_place(const void *a, const void *b)
{
	const struct cell *x = a, *y = b;
	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	if (x->column != y->column)
		return x->column < y->column ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

static bool put_shown(struct cells *cells, const struct cell *cell, bool good, const struct shown *shown)
{
	if (!good) /* a double that is no number */
		return lines_cell(cells->lines, cell->column, VIEW("#NUM!"));
	if (shown->cut)
		lines_doubt(cells->lines, cell->column, SHEET_DOUBT_CUT);
	return lines_escaped(cells->lines, cell->column, shown_view(shown));
}

static bool put_number(struct cells *cells, const struct cell *cell)
{
	const struct biff *biff = cells->biff;
	struct format format = format_at(biff, cell->xf);
	struct view bytes = view_skip(biff->stream, cell->at);
	struct shown shown;
	char text[32];
	uint64_t bits = u32_at(bytes, 0) | (uint64_t)u32_at(bytes, 4) << 32;
	if (kind_of(cell) == DOUBLE)
		return put_shown(cells, cell, shown_double(bits, false, format, biff->from_1904, &shown), &shown);
	/* Two bits say what the other thirty are: hundredths or ones, whole or the top of a double. */
	uint32_t packed = u32_at(bytes, 0);
	bool whole = kind_of(cell) == WHOLE || (packed & 2), hundredth = kind_of(cell) == COMPRESSED && (packed & 1);
	if (!whole)
		return put_shown(cells, cell, shown_double((uint64_t)(packed & ~3u) << 32, hundredth, format,
			biff->from_1904, &shown), &shown);
	int32_t number = kind_of(cell) == WHOLE ? (int32_t)u16_at(bytes, 0) : (int32_t)packed >> 2;
	int len = snprintf(text, sizeof text, hundredth ? "%dE-2" : "%d", number);
	return put_shown(cells, cell, shown_number(view(text, (size_t)len), format, biff->from_1904, &shown), &shown);
}

static bool put_text(struct cells *cells, const struct cell *cell)
{
	struct biff *biff = cells->biff;
	struct record record;
	if (!next_record(biff, cell->at, &record))
		return false;
	bool result = kind_of(cell) == RESULT, narrow = record.type == LABEL_2 || record.type == STRING_2;
	size_t from = result ? 0 : biff->version == 2 ? 7 : 6;
	if (!take_string(biff, &record, from, narrow || (biff->version == 2 && !result), &biff->text))
		return problem_input(biff->problem, damaged);
	if (biff->version < 8 && !text_valid(buf_view(&biff->text)))
		lines_doubt(cells->lines, cell->column, SHEET_DOUBT_BYTES);
	return lines_cell(cells->lines, cell->column, buf_view(&biff->text));
}

static bool put_cell(struct cells *cells, const struct cell *cell)
{
	struct biff *biff = cells->biff;
	struct view bytes = view_skip(biff->stream, cell->at), text;
	const char *error;
	switch (kind_of(cell)) {
	case DOUBLE: case COMPRESSED: case WHOLE:
		return put_number(cells, cell);
	case BOOLEAN:
		return lines_cell(cells->lines, cell->column, u8_at(bytes, 0) ? VIEW("TRUE") : VIEW("FALSE"));
	case FAULT:
		error = shown_error(u8_at(bytes, 0));
		return lines_cell(cells->lines, cell->column, view_of(error ? error : "#N/A"));
	case SHARED:
		if (strings_get(biff->strings, u32_at(bytes, 0), &text))
			return lines_escaped(cells->lines, cell->column, text);
		return problem_input(biff->problem,
		                     TRANSLATED("a cell names a shared text that is not there: the workbook is damaged"));
	case TEXT: case RESULT:
		return put_text(cells, cell);
	case WAITING:
		lines_doubt(cells->lines, cell->column, SHEET_DOUBT_NO_VALUE);
		return true;
	}
	return true;
}

static bool put_cells(struct cells *cells, void (*enough)(void *arg), void *arg)
{
	for (size_t i = 0; i < cells->count; i++) {
		const struct cell *cell = &cells->list[i], *next = cell + 1;
		if (i + 1 < cells->count && next->row == cell->row && next->column == cell->column)
			continue; /* written twice: the last one holds */
		if (cells->lines->row != cell->row + 1 && !lines_row(cells->lines, cell->row + 1))
			return false;
		if (!put_cell(cells, cell)) {
			if (cells->biff->problem->message && !cells->biff->problem->row)
				cells->biff->problem->row = cell->row + 1;
			return false;
		}
		if (cells->lines->out.len >= LINES_ENOUGH)
			enough(arg);
	}
	lines_end(cells->lines);
	enough(arg);
	return !cells->biff->problem->message;
}

bool biff_rows(struct biff *biff, size_t number, struct lines *lines, void (*enough)(void *arg), void *arg)
{
	struct cells cells = { .biff = biff, .lines = lines };
	bool good = find_cells(&cells, biff->pages[number].at);
	if (good && cells.unordered)
		qsort(cells.list, cells.count, sizeof *cells.list, by_place);
	good = good && put_cells(&cells, enough, arg);
	free(cells.list);
	return good;
}
