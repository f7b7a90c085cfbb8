/* Random ledgers whose rows are known, read as crm-import reads them: every record has its fate,
 * and no cell of a row that is used is lost.
 *
 *     ledger_random [FILES [SEED]]       20,000 files unless told
 *
 * A ledger has titles, a header of one or two lines, parts with the header again, subtotals,
 * blank rows, records too short and too long, merged cells, footers, trailing columns; it
 * stands in any dialect, with any line ends, in one of three encodings. */
#include <iconv.h>
#include <stdlib.h>

#include "gen.h"
#include "import/input.h"
#include "import/row.h"
#include "table/decode.h"
#include "test.h"

enum { COLUMNS = 7, ROWS_MOST = 60 };
enum { SERIAL, NAME, MOBILE, LAYOUT, REMARK, OWN, OWN_AGAIN };

/* ---- what a ledger is made of ---- */

static const struct {
	const char *header, *name; /* the column that comes out; NULL: none */
} columns[COLUMNS] = {
	[SERIAL] = { "序号", NULL }, [NAME] = { "姓名", "name" }, [MOBILE] = { "手机号", "mobile" },
	[LAYOUT] = { "居住区域", "home_area" }, [REMARK] = { "备注", "remark" }, [OWN] = { "甲乙丙", "甲乙丙" },
	[OWN_AGAIN] = { "甲乙丙", "甲乙丙_2" },
};

/* What a cell of text holds, what comes of it, and in a column that the model does not know. */
static const struct {
	const char *cell, *clean, *kept;
} texts[] = {
	{ "", "", "" }, { "", "", "" }, { "三房", "三房", "三房" }, { "两房, 朝南", "两房, 朝南", "两房, 朝南" },
	{ "说\"再看看\"", "说\"再看看\"", "说\"再看看\"" }, { "第一行\n第二行", "第一行 第二行", "第一行 第二行" },
	{ " 前后有空格 ", "前后有空格", " 前后有空格 " }, { "a;b|c\td", "a;b|c d", "a;b|c\td" },
	{ "12\" 屏", "12\" 屏", "12\" 屏" }, { "0", "0", "0" }, { "是", "是", "是" },
	{ "不要'单'引号", "不要'单'引号", "不要'单'引号" }, { "\"好\"", "\"好\"", "\"好\"" },
};

static const char *const names[] = { "张三", "李四", "王五", "欧阳静", "赵小明", "钱七" };
static const char *const titles[] = { "滨江花园来访登记表%u月", "第%u期 客户台账", "日期：2024-0%u-01" };
static const char *const footers[] = { "合计", "小计", "总计：", "备注：以上为初步登记", "制表人：某某", "审核：" };

/* How it stands. */
struct style {
	char delimiter, quote, escape;
	bool blanks, lazy, pad, fill, tsv;
	const char *line_end, *charset;
	unsigned trailing;  /* columns without header and cells */
	bool two_lines;     /* of header */
};

struct row_made {
	uint64_t line;
	const char *cells[COLUMNS]; /* clean; NULL: not written, the record was too short */
	char mobile[12];
	bool guessed;
};

struct ledger {
	uint64_t *seed;
	struct style style;
	unsigned order[COLUMNS], width; /* its columns, left to right */
	struct buf text;
	uint64_t line;
	struct row_made rows[ROWS_MOST];
	size_t count;
	uint64_t fates[IMPORT_FATES];
	const char *above[COLUMNS]; /* what stands above */
	unsigned serial, month;
	int title;          /* the last one above the header; -1: none */
	bool blank_last;    /* the last record is an empty line */
};

static bool chance(struct ledger *ledger, unsigned of)
{
	return gen_below(ledger->seed, of) == 0;
}

static unsigned dice(struct ledger *ledger, unsigned sides)
{
	return (unsigned)gen_below(ledger->seed, sides);
}

/* ---- writing ---- */

static bool needs_quotes(const struct style *style, struct view value)
{
	for (size_t i = 0; i < value.len; i++)
		if (value.ptr[i] == style->delimiter || value.ptr[i] == '\n' || (value.ptr[i] == '\'' && style->quote == '\''))
			return true;
	return value.len && (value.ptr[0] == style->quote || value.ptr[0] == ' ');
}

static void put_quoted(struct ledger *ledger, struct view value)
{
	const struct style *style = &ledger->style;
	buf_byte(&ledger->text, style->quote);
	for (size_t i = 0; i < value.len; i++) {
		char byte = value.ptr[i];
		if (byte == style->quote || (style->escape && byte == style->escape))
			buf_byte(&ledger->text, style->escape ? style->escape : style->quote);
		ledger->line += byte == '\n';
		/* Where carriage returns end lines they do so in cells. */
		buf_byte(&ledger->text, byte == '\n' && strcmp(style->line_end, "\r") == 0 ? '\r' : byte);
	}
	buf_byte(&ledger->text, style->quote);
}

static void put_cell(struct ledger *ledger, const char *cell, bool first)
{
	struct view value = view_of(cell);
	if (!first) {
		buf_byte(&ledger->text, ledger->style.delimiter);
		if (ledger->style.blanks)
			buf_byte(&ledger->text, ' ');
	}
	if (ledger->style.tsv)
		dialect_put(dialect_tsv(), value, &ledger->text);
	else if (needs_quotes(&ledger->style, value) || chance(ledger, 6))
		put_quoted(ledger, value);
	else
		buf_put(&ledger->text, value);
}

static void end_line(struct ledger *ledger)
{
	buf_text(&ledger->text, ledger->style.line_end);
	ledger->line++;
	ledger->blank_last = false;
}

static unsigned whole_width(const struct ledger *ledger) { return ledger->width + ledger->style.trailing; }

/* A record of these cells; the rest of them is empty. */
static void put_record(struct ledger *ledger, const char *const *cells, unsigned count, unsigned width)
{
	for (unsigned i = 0; i < width; i++)
		put_cell(ledger, i < count ? cells[i] : "", i == 0);
	end_line(ledger);
}

/* ---- what stands around rows ---- */

static void put_title(struct ledger *ledger, unsigned which)
{
	char text[100];
	const char *cells[1] = { text };
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
	snprintf(text, sizeof text, titles[which], ledger->month % 9 + 1);
#pragma GCC diagnostic pop
	ledger->fates[IMPORT_TITLE]++;
	put_record(ledger, cells, 1, chance(ledger, 2) ? 1 : whole_width(ledger));
}

static void forget(struct ledger *ledger)
{
	for (unsigned i = 0; i < COLUMNS; i++)
		ledger->above[i] = "";
}

static void put_blank(struct ledger *ledger)
{
	ledger->fates[IMPORT_BLANK]++;
	forget(ledger);
	if (chance(ledger, 2))
		put_record(ledger, NULL, 0, whole_width(ledger));
	else
		end_line(ledger);
	ledger->blank_last = true;
}

static void put_footer(struct ledger *ledger)
{
	const char *cells[2] = { footers[dice(ledger, sizeof footers / sizeof *footers)], "3" };
	ledger->fates[IMPORT_FOOTER]++;
	forget(ledger);
	put_record(ledger, cells, 1 + dice(ledger, 2), whole_width(ledger));
}

/* Of two lines the upper one has the first columns' names, the lower one the others'. */
static void put_header(struct ledger *ledger, bool again)
{
	const char *upper[COLUMNS], *lower[COLUMNS];
	unsigned half = 2;
	forget(ledger);
	for (unsigned i = 0; i < ledger->width; i++) {
		const char *name = columns[ledger->order[i]].header;
		upper[i] = i < half || !ledger->style.two_lines ? name : i == half ? "其他情况" : "";
		lower[i] = i < half ? "" : name;
	}
	put_record(ledger, upper, ledger->width, whole_width(ledger));
	if (ledger->style.two_lines)
		put_record(ledger, lower, ledger->width, whole_width(ledger));
	if (again)
		ledger->fates[IMPORT_REPEATED] += ledger->style.two_lines ? 2 : 1;
}

/* ---- rows ---- */

/* A quote out of place in a cell: which reading is right is plain by the number of fields. */
static void put_stray(struct ledger *ledger, struct row_made *row)
{
	buf_byte(&ledger->text, ledger->style.delimiter);
	if (ledger->style.blanks)
		buf_byte(&ledger->text, ' ');
	buf_printf(&ledger->text, "%c看 %c好%c 的, 再来%c", ledger->style.quote, ledger->style.quote, ledger->style.quote,
	           ledger->style.quote);
	row->guessed = true;
}

static const char *stray_text(const struct ledger *ledger)
{
	return ledger->style.quote == '"' ? "看 \"好\" 的, 再来" : "看 '好' 的, 再来";
}

static void put_row(struct ledger *ledger)
{
	struct row_made *row = &ledger->rows[ledger->count++];
	bool merged = ledger->style.fill && chance(ledger, 2);
	bool stray = ledger->style.lazy && chance(ledger, 5);
	char serial[12];
	*row = (struct row_made){ .line = ledger->line };
	snprintf(serial, sizeof serial, "%u", ++ledger->serial);
	snprintf(row->mobile, sizeof row->mobile, "139%08u", dice(ledger, 100000000));
	for (unsigned i = 0; i < ledger->width; i++) {
		unsigned column = ledger->order[i], text = dice(ledger, sizeof texts / sizeof *texts);
		if (ledger->style.tsv && texts[text].cell[0] == '"')
			text = 0; /* which would read as quotes around the cell */
		const char *cell = column == SERIAL ? serial : column == NAME ? names[dice(ledger, 6)] : column == MOBILE ? row->mobile : texts[text].cell;
		row->cells[column] = column < LAYOUT ? cell : column < OWN ? texts[text].clean : texts[text].kept;
		if (column == LAYOUT && ledger->style.fill) {
			cell = merged ? "" : cell;
			row->cells[column] = *cell ? texts[text].clean : ledger->above[column];
			ledger->above[column] = row->cells[column];
		}
		if (column == REMARK && stray && i) {
			put_stray(ledger, row);
			row->cells[column] = stray_text(ledger);
			continue;
		}
		put_cell(ledger, cell, i == 0);
	}
	for (unsigned i = 0; i < ledger->style.trailing; i++)
		put_cell(ledger, "", false);
	end_line(ledger);
	ledger->fates[IMPORT_USED]++;
}

/* Fewer fields than the header: used where they are filled up. */
static void put_short(struct ledger *ledger)
{
	struct row_made *row = &ledger->rows[ledger->count];
	const char *cells[COLUMNS];
	unsigned count = 2 + dice(ledger, ledger->width - 2);
	*row = (struct row_made){ .line = ledger->line };
	snprintf(row->mobile, sizeof row->mobile, "138%08u", dice(ledger, 100000000));
	bool named = false;
	for (unsigned i = 0; i < ledger->width; i++) {
		unsigned column = ledger->order[i];
		cells[i] = column == SERIAL ? "1" : column == NAME ? "周九" : column == MOBILE ? row->mobile : "短";
		row->cells[column] = i < count ? cells[i] : "";
		named |= i < count && (column == NAME || column == MOBILE);
	}
	if (!named)
		return;
	put_record(ledger, cells, count, count);
	ledger->fates[ledger->style.pad ? IMPORT_USED : IMPORT_BAD]++;
	if (!ledger->style.pad)
		return;
	ledger->count++;
	if (ledger->style.fill && !*row->cells[LAYOUT])
		row->cells[LAYOUT] = ledger->above[LAYOUT];
	ledger->above[LAYOUT] = row->cells[LAYOUT];
}

static void put_long(struct ledger *ledger)
{
	const char *cells[COLUMNS];
	for (unsigned i = 0; i < ledger->width; i++)
		cells[i] = columns[ledger->order[i]].name ? "长" : "1";
	for (unsigned i = 0; i < whole_width(ledger); i++)
		put_cell(ledger, i < ledger->width ? cells[i] : "", i == 0);
	put_cell(ledger, "多", false);
	end_line(ledger);
	ledger->fates[IMPORT_BAD]++;
}

/* ---- a whole ledger ---- */

static struct style make_style(uint64_t *seed)
{
	static const char *const ends[] = { "\n", "\n", "\r\n", "\r\r\n", "\r" };
	static const char *const charsets[] = { "GB18030", "UTF-16LE" }; /* now and then: it takes time */
	struct style style = { .delimiter = ",,,\t;|"[gen_below(seed, 6)], .quote = gen_below(seed, 8) ? '"' : '\'',
		.escape = gen_below(seed, 6) ? '\0' : '\\', .blanks = gen_below(seed, 8) == 0, .lazy = gen_below(seed, 4) == 0,
		.pad = gen_below(seed, 2), .fill = gen_below(seed, 3) == 0, .line_end = ends[gen_below(seed, 5)],
		.charset = gen_below(seed, 20) ? "UTF-8" : charsets[gen_below(seed, 2)], .trailing = gen_below(seed, 3) ? 0 : 1 + (unsigned)gen_below(seed, 3),
		.two_lines = gen_below(seed, 4) == 0 };
	style.tsv = style.delimiter == '\t' && gen_below(seed, 2);
	if (style.tsv) {
		style.quote = '"';
		style.escape = '\0';
		style.blanks = style.lazy = false;
	}
	return style;
}

/* The name and the number are always there; the row number comes first. */
static void choose_columns(struct ledger *ledger)
{
	bool own = false;
	for (unsigned column = 0; column < COLUMNS; column++) {
		bool must = column == NAME || column == MOBILE || column == LAYOUT;
		if (!must && dice(ledger, 2))
			continue;
		if (column == OWN_AGAIN && !own)
			continue;
		own |= column == OWN;
		unsigned at = ledger->width++;
		if (column > NAME && column < OWN && ledger->width > 2) /* among those behind the first two */
			for (unsigned to = 2 + dice(ledger, at - 1); at > to; at--)
				ledger->order[at] = ledger->order[at - 1];
		ledger->order[at] = column;
	}
}

static void make_ledger(struct ledger *ledger)
{
	choose_columns(ledger);
	ledger->line = 1;
	forget(ledger);
	ledger->title = -1;
	for (unsigned i = dice(ledger, 3); i; i--) {
		if (chance(ledger, 3)) {
			put_blank(ledger);
			continue;
		}
		ledger->title = (int)dice(ledger, 3);
		put_title(ledger, (unsigned)ledger->title);
	}
	put_header(ledger, false);
	for (unsigned i = 0; i < 6; i++)
		put_row(ledger);
	for (unsigned n = dice(ledger, 40); n && ledger->count + 2 < ROWS_MOST; n--) {
		switch (dice(ledger, 12)) {
		case 0: put_blank(ledger); break;
		case 1: put_footer(ledger); break;
		case 2: put_header(ledger, true); break;
		case 3: put_short(ledger); break;
		case 4: put_long(ledger); break;
		case 5:
			ledger->month++;
			if (ledger->title < 0)
				break;
			put_title(ledger, (unsigned)ledger->title);
			forget(ledger);
			break;
		default: put_row(ledger); break;
		}
	}
	for (unsigned n = dice(ledger, 3); n; n--)
		put_footer(ledger);
	if (chance(ledger, 3) && !ledger->blank_last)
		ledger->text.len -= strlen(ledger->style.line_end); /* the last line has no end */
}

/* ---- reading ---- */

struct pieces {
	struct view rest;
	uint64_t *seed;
};

static size_t pieces_read(void *state, char *to, size_t room)
{
	struct pieces *pieces = state;
	size_t most = 1 + gen_below(pieces->seed, 3000);
	struct view piece = view_first(pieces->rest, most < room ? most : room);
	if (piece.len)
		memcpy(to, piece.ptr, piece.len);
	pieces->rest = view_skip(pieces->rest, piece.len);
	return piece.len;
}

static bool encode(struct view utf8, const char *charset, struct buf *out)
{
	iconv_t state = iconv_open(charset, "UTF-8");
	char *from = (char *)(uintptr_t)utf8.ptr, *to = buf_reserve(out, utf8.len * 4 + 16), *start = to;
	size_t left = utf8.len, room = utf8.len * 4 + 16;
	bool good = iconv(state, &from, &left, &to, &room) == 0;
	out->len += (size_t)(to - start);
	iconv_close(state);
	return good;
}

/* What came of a ledger. */
struct outcome {
	uint64_t read, fates[IMPORT_FATES];
	struct out out;
};

static void read_rows(const struct importer *importer, struct reader *reader, struct outcome *outcome)
{
	struct importing importing;
	struct block block = { 0 };
	struct arena arena = { 0 };
	importing_open(&importing);
	while (reader_next(reader, &block, true) == READER_MORE) {
		struct rows rows;
		struct row row;
		enum row_problem problem;
		rows_begin(&rows, &block, &arena);
		rows.empty_lines = true;
		while ((problem = rows_next(&rows, &row)) != ROW_NONE) {
			struct import_problem why;
			outcome->read++;
			enum import_fate fate = problem == ROW_BAD_QUOTE ? IMPORT_BAD :
			                        import_row(importer, &importing, &row, 0, &outcome->out, &why);
			outcome->fates[fate]++;
		}
	}
	block_release(&block);
	arena_release(&arena);
	importing_release(&importing);
}

/* As crm-import does, from a feed on.  Apostrophes are said, and escapes where quotes are out of
 * place besides: a record that has both is no evidence for either. */
static bool read_ledger(struct arena *arena, const struct ledger *ledger, struct view text, struct matcher *matcher,
                        struct outcome *outcome)
{
	struct pieces pieces = { text, ledger->seed };
	struct feed feed = { .state = &pieces, .read = pieces_read, .name = "ledger" };
	struct input_wishes wishes = { .form = { .named = ledger->style.tsv ? DIALECT_TSV : DIALECT_CSV,
		.quote = ledger->style.quote == '\'' ? '\'' : '\0', .lazy = ledger->style.lazy,
		.escape = ledger->style.lazy ? ledger->style.escape : '\0' } };
	struct input input = { .empty = false };
	bool found = input_open(arena, &input, feed, &wishes, &matcher, 1) == INPUT_GOOD && input.layout.lines;
	struct import_file file = { .name = NULL };
	const struct layout *layouts[] = { &input.layout };
	struct plan plan = { .count = 0 };
	struct importer importer = { .plan = &plan, .files = &file, .habits = { .dates = { .as_of = 20000 } } };
	if (found) {
		input_match(arena, &input, matcher);
		file = input_file(arena, &input, matcher);
		file.pad = ledger->style.pad;
		file.fill.at = arena_zero(arena, COLUMNS, sizeof *file.fill.at);
		for (unsigned i = 0; ledger->style.fill && i < ledger->width; i++)
			if (ledger->order[i] == LAYOUT)
				file.fill.at[file.fill.count++] = i;
		plan = plan_make(arena, matcher->table, layouts, 1, false);
		import_header(&importer, &input.header, &outcome->out);
		out_end(&outcome->out);
		for (size_t i = 0; i < input.layout.first; i++) {
			const struct beginning_record *record = &input.beginning.record[i];
			outcome->fates[record->cells[0].len ? IMPORT_TITLE : IMPORT_BLANK]++;
			outcome->read++;
		}
	}
	struct reader_options options = { .from = DIALECT_CSV, .allow_empty = true, .block = 1 + gen_below(ledger->seed, 4000) };
	input.feed.header = &input.header;
	struct reader *reader = reader_open_feeds(&options, &input.feed, 1, &input.header);
	if (found)
		read_rows(&importer, reader, outcome);
	reader_close(reader);
	return found;
}

/* ---- what must have come of it ---- */

static void describe(const struct ledger *ledger)
{
	const struct style *style = &ledger->style;
	printf("    delimiter <%c> quote <%c> escape <%c> %s%s%s%s%s%s%s trailing %u, %zu bytes\n", style->delimiter, style->quote,
	       style->escape ? style->escape : ' ', style->blanks ? "blanks " : "", style->lazy ? "lazy " : "", style->pad ? "pad " : "",
	       style->fill ? "fill " : "", style->tsv ? "tsv " : "", style->two_lines ? "two lines " : "", style->charset,
	       style->trailing, ledger->text.len);
}

static size_t column_of(const struct beginning_record *header, const char *name)
{
	for (size_t i = 0; i < header->count; i++)
		if (view_is(header->cells[i], name))
			return i;
	return SIZE_MAX;
}

/* Cells of the k-th row that are not what they must be. */
static unsigned wrong_cells(const struct ledger *ledger, const struct row_made *row, const struct beginning_record *header,
                            const struct beginning_record *got)
{
	unsigned wrong = 0;
	for (unsigned i = 0; i < ledger->width; i++) {
		unsigned column = ledger->order[i];
		if (!columns[column].name)
			continue;
		char name[60]; /* an unknown header of two lines has both */
		snprintf(name, sizeof name, "%s%s", column >= OWN && ledger->style.two_lines ? "其他情况/" : "", columns[column].name);
		size_t at = column_of(header, name);
		const char *expected = column == MOBILE && *row->cells[MOBILE] ? row->mobile : row->cells[column];
		if (at != SIZE_MAX && view_is(got->cells[at], expected))
			continue;
		if (!wrong++)
			printf("    line %llu, %s: \"%.*s\", not \"%s\"\n", (unsigned long long)row->line, name,
			       VIEW_ARGS(at == SIZE_MAX ? VIEW("no such column") : got->cells[at]), expected);
	}
	char line[24];
	snprintf(line, sizeof line, "%llu", (unsigned long long)row->line);
	wrong += !view_is(got->cells[column_of(header, "src_line")], line);
	struct view issues = got->cells[column_of(header, "issues")];
	wrong += row->guessed && view_find(issues, VIEW("src_line:quotes")) == SIZE_MAX;
	return wrong;
}

/* The rows that came out, one after the other. */
static unsigned check_rows(const struct ledger *ledger, struct view out)
{
	struct arena arena = { 0 };
	struct beginning_record header = { .count = 0 };
	unsigned wrong = 0;
	for (size_t k = 0; out.len; k++) {
		struct beginning one = beginning_of(&arena, dialect_csv(), out, true);
		for (size_t i = 0; i < one.count; i++, k++) {
			if (!header.count)
				header = one.record[0];
			else if (k - 1 < ledger->count)
				wrong += wrong_cells(ledger, &ledger->rows[k - 1], &header, &one.record[i]);
		}
		out = view_skip(out, one.count ? one.record[one.count - 1].end : out.len);
		k--;
	}
	arena_release(&arena);
	return wrong;
}

static void check_ledger(uint64_t seed, struct matcher *matcher)
{
	static const char *const fates[] = { "used", "header again", "blank", "footer", "title", "bad", "other" };
	struct ledger ledger = { .seed = &seed, .style = make_style(&seed) };
	struct buf bytes = { 0 }, utf8 = { 0 };
	struct arena arena = { 0 };
	struct outcome outcome = { .read = 0 };
	uint64_t first = seed, line, sum = 0;
	make_ledger(&ledger);
	out_init(&outcome.out, dialect_csv());
	bool decoded = true;
	if (strcmp(ledger.style.charset, "UTF-8") != 0)
		decoded = encode(buf_view(&ledger.text), ledger.style.charset, &bytes) &&
		          decode_all(buf_view(&bytes), &utf8, &line) && view_equal(buf_view(&utf8), buf_view(&ledger.text));
	bool found = decoded && read_ledger(&arena, &ledger, buf_view(&ledger.text), matcher, &outcome);
	unsigned wrong = !found;
	for (unsigned i = 0; i < IMPORT_FATES; i++) {
		sum += outcome.fates[i];
		if (found && outcome.fates[i] != ledger.fates[i])
			printf("    %s: %llu, not %llu\n", fates[i], (unsigned long long)outcome.fates[i], (unsigned long long)ledger.fates[i]);
		wrong += outcome.fates[i] != ledger.fates[i];
	}
	if (!wrong)
		wrong += check_rows(&ledger, buf_view(&outcome.out.bytes));
	if (wrong)
		describe(&ledger);
	CHECK(!wrong, "ledger of seed %llu%s", (unsigned long long)first, decoded ? "" : ": not decoded");
	CHECK(sum == outcome.read, "each of %llu records has a fate", (unsigned long long)outcome.read);
	buf_release(&ledger.text);
	buf_release(&bytes);
	buf_release(&utf8);
	buf_release(&outcome.out.bytes);
	arena_release(&arena);
}

int main(int argc, char **argv)
{
	uint64_t files = 20000, seed = 2024;
	struct arena arena = { 0 };
	struct matcher matcher;
	if (argc > 1)
		view_parse_u64(view_of(argv[1]), 0, UINT64_MAX, &files);
	if (argc > 2)
		view_parse_u64(view_of(argv[2]), 0, UINT64_MAX, &seed);
	matcher_init(&matcher, &arena, model_table(VIEW("customers")));
	matcher_close(&matcher);
	for (uint64_t i = 0; i < files; i++)
		check_ledger(gen_next(&seed), &matcher);
	matcher_release(&matcher);
	arena_release(&arena);
	return test_end();
}
