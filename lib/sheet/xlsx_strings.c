/* xlsx_strings: the shared strings of an OOXML workbook, ready for lines of TSV.
 *
 * A text is the <t> of an <si>, or those of its runs <r> one after the other; what is in <rPh>
 * is how it is spoken, and is left out.  Blanks stay, with xml:space or without: some systems
 * write texts of several runs without it, whose words would grow together. */
#include "sheet/shown.h"
#include "sheet/strings.h"
#include "sheet/xlsx.h"

static const uint64_t STRINGS_MOST = (uint64_t)4 << 30;

struct loading {
	struct xlsx *xlsx;
	struct sheet_problem *problem;
	struct buf text, escaped;
	size_t start;         /* of the <t> in text */
	bool inside;
	unsigned spoken;      /* depth of the <rPh>, 0 outside */
};

void xlsx_put_in_place(struct buf *text, size_t start)
{
	struct view raw = view_skip(buf_view(text), start);
	if (!shown_has_escapes(raw))
		return;
	struct buf plain = { 0 };
	shown_unescape(raw, &plain);
	text->len = start;
	buf_put(text, buf_view(&plain));
	buf_release(&plain);
}

static void open_string(void *arg, unsigned depth, const char *name, const char **attributes)
{
	struct loading *loading = arg;
	(void)attributes;
	if (depth == 2)
		buf_reset(&loading->text);
	else if (!loading->spoken && strcmp(name, "rPh") == 0)
		loading->spoken = depth;
	else if (!loading->spoken && depth <= 4 && strcmp(name, "t") == 0) {
		loading->inside = true;
		loading->start = loading->text.len;
	}
}

static void text_string(void *arg, struct view text)
{
	struct loading *loading = arg;
	if (!loading->inside)
		return;
	if (loading->text.len + text.len > LINES_CELL_MOST)
		problem_input(loading->problem, TRANSLATED("a cell longer than 16 MiB"));
	else
		buf_put(&loading->text, text);
}

static void close_string(void *arg, unsigned depth, const char *name)
{
	struct loading *loading = arg;
	struct strings *strings = loading->xlsx->strings;
	if (loading->inside && strcmp(name, "t") == 0) {
		loading->inside = false;
		xlsx_put_in_place(&loading->text, loading->start);
	}
	if (loading->spoken == depth)
		loading->spoken = 0;
	if (depth != 2)
		return;
	buf_reset(&loading->escaped);
	lines_escape(buf_view(&loading->text), &loading->escaped);
	strings_add(strings, buf_view(&loading->escaped));
	if (strings_bytes(strings) > STRINGS_MOST)
		problem_input(loading->problem, TRANSLATED("more than 4 GiB of shared texts: refused"));
}

bool xlsx_load_strings(struct book *book, struct sheet_problem *problem)
{
	struct xlsx *xlsx = book->own;
	struct xml_calls calls = { .open = open_string, .close = close_string, .text = text_string };
	struct loading loading = { .xlsx = xlsx, .problem = problem };
	if (xlsx->strings)
		return true;
	xlsx->strings = strings_new(STRINGS_MEMORY);
	bool good = xlsx_read_part(book, xlsx->strings_part, calls, &loading, problem);
	buf_release(&loading.text);
	buf_release(&loading.escaped);
	if (!good) { /* half of them are none */
		strings_free(xlsx->strings);
		xlsx->strings = NULL;
	}
	return good;
}
