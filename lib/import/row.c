/* row: see row.h. */
#include "import/row.h"

#include <stdlib.h>

#include "table/lenient.h"
#include "value/phone.h"
#include "value/text.h"

void importing_open(struct importing *importing)
{
	*importing = (struct importing){ .counts = NULL };
}

void importing_release(struct importing *importing)
{
	cell_release(&importing->cell);
	buf_release(&importing->issues);
	buf_release(&importing->joined);
	buf_release(&importing->raw);
	mended_release(&importing->unmarked);
	mended_release(&importing->padded);
	mended_release(&importing->filled);
	above_release(&importing->above);
	if (importing->doubts.arena)
		intern_release(&importing->doubts);
	free(importing->counts);
	arena_release(&importing->arena);
}

/* ---- where what was left out stands ---- */

void places_add(struct places *places, unsigned input, uint64_t line)
{
	unsigned at = places->count;
	for (; at && (places->at[at - 1].input > input || (places->at[at - 1].input == input && places->at[at - 1].line > line)); at--)
		if (at < PLACES_MOST)
			places->at[at] = places->at[at - 1];
	if (at == PLACES_MOST)
		return;
	places->at[at].input = input;
	places->at[at].line = line;
	places->count += places->count < PLACES_MOST;
}

/* ---- doubts ---- */

const char *const import_doubts[] = {
	"masked", "bad_phone", "bad_mobile", "not_issued", "not_personal", "fake", "no_area_code", "too_many",
	"sci_notation", "bad_cert", "bad_province", "bad_birth", "bad_check", "bad_age", "excel_truncated", "yy",
	"month_only", "ambiguous_date", "default_year", "no_year", "bad_date", "bad_money", "ambiguous_money", "range",
	"too_precise", "out_of_range", "about", "amount_doubt", "less_amount", "discount_doubt", "negative", "future_date", "old_date", "bad_room",
	"ambiguous_room", "bad_layout", "ambiguous_layout", "unknown_channel", "bad_number", "bad_bool", "bad_name",
	"unknown_value", "excel_error", "mojibake", "missing", "quotes", "padded", NULL
};

static void count_doubt(struct importing *importing, struct view entry)
{
	size_t at;
	if (!importing->doubts.arena)
		intern_init(&importing->doubts, &importing->arena);
	if (intern_add(&importing->doubts, entry, &at)) {
		heap_grow(importing->counts, at, &importing->counts_room);
		importing->counts[at] = 0;
	}
	importing->counts[at]++;
}

static void add_doubt(struct importing *importing, struct view column, const char *code)
{
	struct buf *issues = &importing->issues;
	if (issues->len)
		buf_byte(issues, '|');
	buf_put(issues, column);
	buf_byte(issues, ':');
	buf_text(issues, code);
}

/* Only those of rows that are used are counted. */
static void count_doubts(struct importing *importing)
{
	for (struct view rest = buf_view(&importing->issues); rest.len;)
		count_doubt(importing, view_cut(&rest, '|'));
}

/* ---- rows ---- */

struct writing {
	const struct importer *importer;
	struct importing *importing;
	const struct row *row;
	const struct plan_source *sources;
	struct out *out;
	struct import_problem *problem;
	bool plain; /* no cell needs quotes, as the record has none */
	bool who; /* something says whose row it is */
};

static bool doubt(struct writing *writing, unsigned field, struct view column, const char *code)
{
	const struct importer *importer = writing->importer;
	add_doubt(writing->importing, column, code);
	if (!importer->strict || !importer->strict(importer->strict_arg, code))
		return true;
	*writing->problem = (struct import_problem){ IMPORT_DOUBT, field, code, column, VIEW("") };
	return false;
}

static bool write_phones(struct writing *writing, const struct plan_column *columns, const struct plan_source *sources)
{
	struct phones *phones = &writing->importing->phones;
	unsigned width = columns->width, mobiles = width - 1, field = COLUMN_NONE;
	phones_begin(phones);
	for (unsigned i = 0; i < width; i++) {
		for (unsigned s = 0; s < sources[i].count; s++) {
			phones_add(phones, row_value(writing->row, sources[i].at[s]));
			field = field == COLUMN_NONE ? sources[i].at[s] : field;
		}
	}
	phones_end(phones);
	for (unsigned i = 0; i < mobiles; i++)
		out_plain(writing->out, i < phones->mobiles ? view(phones->mobile[i].text, phones->mobile[i].len) : VIEW(""));
	out_plain(writing->out, phones->tels ? view(phones->tel[0].text, phones->tel[0].len) : VIEW(""));
	writing->who |= phones->mobiles || phones->tels;
	if (phones->mobiles > mobiles || phones->tels > 1)
		phones->issues |= PHONE_ISSUE_TOO_MANY;
	for (unsigned bit = 1; bit <= phones->issues; bit <<= 1)
		if ((phones->issues & bit) &&
		    !doubt(writing, field, columns->name, phone_issue_name((enum phone_issue)bit)))
			return false;
	return true;
}

/* What can be read but is hardly true. */
static bool judge_amount(struct writing *writing, const struct plan_column *column, unsigned field, int64_t fen)
{
	const char *code = plausible_amount(&column->plausible, fen);
	return !code || doubt(writing, field, column->name, code);
}

static bool judge_day(struct writing *writing, const struct plan_column *column, unsigned field, int32_t day)
{
	const char *code = plausible_day(&column->plausible, day, writing->importer->habits.dates.as_of);
	return !code || doubt(writing, field, column->name, code);
}

/* The doubts of the cell just read; false where they make the row bad. */
static bool judge(struct writing *writing, const struct plan_column *column, unsigned field)
{
	const struct cell *cell = &writing->importing->cell;
	unsigned marks = column->model ? column->model->marks : 0;
	if (cell->bad && (marks & (MODEL_MUST | MODEL_SOUND))) {
		*writing->problem = (struct import_problem){ IMPORT_UNREADABLE, field, cell->doubts[0], column->name,
			VIEW("") };
		return false;
	}
	if (!cell->shown.len && (marks & MODEL_MUST)) {
		*writing->problem = (struct import_problem){ IMPORT_MISSING, field, "missing", column->name, VIEW("") };
		return false;
	}
	for (unsigned i = 0; i < cell->doubt_count; i++)
		if (!doubt(writing, field, column->name, cell->doubts[i]))
			return false;
	if ((cell->holds == CELL_AMOUNT && !judge_amount(writing, column, field, cell->value)) ||
	    (cell->holds == CELL_DAY && !judge_day(writing, column, field, (int32_t)cell->value)))
		return false;
	if (!cell->shown.len && (marks & MODEL_KEY) && !cell->bad && !doubt(writing, field, column->name, "missing"))
		return false;
	writing->who |= (marks & MODEL_WHO) && cell->shown.len;
	return true;
}

static bool is_moment(struct view raw, const struct date_habits *habits, bool *has_time)
{
	struct date_found found;
	if (date_parse(raw, habits, &found) != DATE_OK)
		return false;
	*has_time = found.second >= 0;
	return true;
}

/* Date, blank, time of day where these are such; else false. */
static bool join_moment(struct buf *to, const struct date_habits *habits, struct view date, struct view time)
{
	bool has_time;
	if (text_cell_is_blank(time) || !is_moment(date, habits, &has_time) || has_time)
		return false;
	buf_reset(to);
	buf_text(to, "2000-01-01 ");
	buf_put(to, view_trim(time));
	if (is_moment(time, habits, &has_time) || !is_moment(buf_view(to), habits, &has_time) || !has_time)
		return false;
	buf_reset(to);
	buf_put(to, view_trim(date));
	buf_byte(to, ' ');
	buf_put(to, view_trim(time));
	return is_moment(buf_view(to), habits, &has_time);
}

/* A moment of two fields, in either order; the first one as it is where they are none, or the
 * other where only that is a date. */
static struct view joined(struct writing *writing, const struct plan_source *source)
{
	struct buf *buf = &writing->importing->joined;
	const struct date_habits *habits = &writing->importer->habits.dates;
	struct view first = row_value(writing->row, source->at[0]), other = row_value(writing->row, source->join);
	if (join_moment(buf, habits, first, other) || join_moment(buf, habits, other, first))
		return buf_view(buf);
	bool has_time;
	return text_cell_is_blank(first) && is_moment(other, habits, &has_time) ? other : first;
}

static bool write_cell(struct writing *writing, const struct plan_column *column, const struct plan_source *source)
{
	struct cell *cell = &writing->importing->cell;
	unsigned field = source->count ? source->at[0] : COLUMN_NONE;
	struct view raw = source->count ? row_value(writing->row, field) : VIEW("");
	if (source->joined)
		raw = joined(writing, source);
	if (column->model)
		cell_read(cell, &writing->importer->habits, column->model, source->unit, raw);
	else
		cell_copy(cell, &writing->importer->habits, raw);
	if (cell->plain || writing->plain)
		out_plain(writing->out, cell->shown);
	else
		out_field(writing->out, cell->shown);
	return !source->count || judge(writing, column, field);
}

static bool write_range(struct writing *writing, const struct plan_column *columns, const struct plan_source *sources)
{
	struct cell *cell = &writing->importing->cell;
	bool lower = sources[0].count != 0, upper = sources[1].count != 0, good = true;
	unsigned field = lower ? sources[0].at[0] : COLUMN_NONE;
	cell_read_range(cell, sources[0].unit, lower ? row_value(writing->row, field) : VIEW(""));
	out_field(writing->out, cell->shown);
	if (!upper)
		out_field(writing->out, buf_view(&cell->second));
	if (lower)
		good = judge(writing, &columns[0], field) &&
		       (upper || !cell->second.len || judge_amount(writing, &columns[1], field, cell->most));
	return good && (!upper || write_cell(writing, &columns[1], &sources[1]));
}

/* The name as it stands, unless the first level has its column; then both levels: of a name
 * that is not known the name itself. */
static bool write_channel(struct writing *writing, const struct plan_column *column, const struct plan_source *source)
{
	struct cell *cell = &writing->importing->cell;
	unsigned field = source->count ? source->at[0] : COLUMN_NONE;
	cell_read(cell, &writing->importer->habits, column->model, source->unit,
	          source->count ? row_value(writing->row, field) : VIEW(""));
	struct view name = cell->shown;
	struct channel found = { name, VIEW("") };
	bool given = !text_cell_is_null(name), known = !given || channels_find(writing->importer->channels, name, &found);
	if (!given)
		found.channel = VIEW("");
	if (column->width > PLAN_LEVELS)
		out_field(writing->out, name);
	out_field(writing->out, found.channel);
	out_field(writing->out, found.channel2);
	if (source->count && !judge(writing, column, field))
		return false;
	return known || cell->bad || doubt(writing, field, column->name, "unknown_channel");
}

/* The fields of a column as they stood, but for line breaks; several with | between them. */
static void write_source(struct writing *writing, const struct plan_source *source)
{
	struct cell *cell = &writing->importing->cell;
	struct buf *kept = &writing->importing->raw;
	buf_reset(kept);
	for (unsigned i = 0; i < source->count; i++) {
		cell_copy(cell, &writing->importer->habits, row_value(writing->row, source->at[i]));
		if (i)
			buf_byte(kept, '|');
		buf_put(kept, cell->shown);
	}
	out_field(writing->out, buf_view(kept));
}

/* Of the columns that were written together those that are kept. */
static void write_kept(struct writing *writing, const struct plan_column *columns, const struct plan_source *sources)
{
	for (unsigned i = 0; i < columns->width; i++)
		if (columns[i].raw.len)
			write_source(writing, &sources[i]);
}

static bool write_columns(struct writing *writing)
{
	const struct plan *plan = writing->importer->plan;
	const bool keeps = plan->keeps;
	for (size_t i = 0; i < plan->count;) {
		const struct plan_column *column = &plan->columns[i];
		const struct plan_source *source = &writing->sources[i];
		bool good = true;
		switch (column->role) {
		case PLAN_PHONES: good = write_phones(writing, column, source); break;
		case PLAN_RANGE: good = write_range(writing, column, source); break;
		case PLAN_CHANNEL: good = write_channel(writing, column, source); break;
		default: good = write_cell(writing, column, source); break;
		}
		if (!good)
			return false;
		if (keeps)
			write_kept(writing, column, source);
		i += column->width;
	}
	if (plan->has_who && !writing->who) {
		*writing->problem = (struct import_problem){ IMPORT_NOBODY, COLUMN_NONE, "no_identity", VIEW(""), VIEW("") };
		return false;
	}
	return true;
}

static bool write_raw(struct writing *writing, unsigned width)
{
	struct cell *cell = &writing->importing->cell;
	for (unsigned i = 0; i < width; i++) {
		cell_copy(cell, &writing->importer->habits, row_value(writing->row, i));
		out_field(writing->out, cell->shown);
	}
	return true;
}

/* A doubt about the record as a whole is about the place that it came from. */
static const struct view record_column = VIEW("src_line");

/* The planned column that a field of the file goes to, as it is called. */
static struct view name_of_field(const struct writing *writing, unsigned field)
{
	const struct plan *plan = writing->importer->plan;
	for (size_t i = 0; plan && i < plan->count; i++)
		for (unsigned k = 0; k < writing->sources[i].count; k++)
			if (writing->sources[i].at[k] == field)
				return plan->columns[i].name;
	return record_column;
}

/* What is doubtful in the record as a whole. */
static bool doubt_record(struct writing *writing)
{
	unsigned added = writing->importing->added;
	return (!writing->importing->guessed || doubt(writing, COLUMN_NONE, record_column, "quotes")) &&
	       (added == COLUMN_NONE || doubt(writing, added, name_of_field(writing, added), "padded"));
}

static bool write_row(struct writing *writing, const struct import_file *file)
{
	struct importing *importing = writing->importing;
	struct out *out = writing->out;
	if ((importing->guessed || importing->added != COLUMN_NONE) && !doubt_record(writing))
		return false;
	if (!writing->importer->plan)
		return write_raw(writing, file->width);
	importing->cell.clean = text_has_clean_bytes(row_record(writing->row));
	if (!write_columns(writing))
		return false;
	out_field(out, view_of(file->name));
	out_u64(out, writing->row->line);
	out_field(out, buf_view(&importing->issues));
	return true;
}

static enum import_fate use(const struct importer *importer, struct importing *importing, const struct row *row,
                            unsigned input, struct out *out, struct import_problem *problem)
{
	const struct import_file *file = &importer->files[input];
	size_t start = out->bytes.len;
	buf_reset(&importing->issues);
	struct writing writing = { importer, importing, row, importer->plan ? importer->plan->sources[input] : NULL, out,
		problem, .plain = importer->plan && dialect_same(row->dialect, out->dialect) &&
		                  view_find_byte(row_record(row), '"') == SIZE_MAX };
	enum import_fate fate = write_row(&writing, file) ? IMPORT_USED : IMPORT_BAD;
	/* Not even doubtful, it is no header. */
	enum import_fate header = fate == IMPORT_USED && !importing->issues.len ? IMPORT_USED : kind_of_header(file, row);
	if (header != IMPORT_USED)
		fate = header;
	if (fate == IMPORT_USED) {
		out_end(out);
		count_doubts(importing);
		return IMPORT_USED;
	}
	out->bytes.len = start;
	out->fields = 0;
	return fate;
}

/* ---- what is done to a record before ---- */

/* The record without the mark of one that was read lazily. */
static const struct row *unmarked(struct importing *importing, const struct row *row, struct view first)
{
	importing->guessed = true;
	mended_begin(&importing->unmarked, row);
	for (unsigned i = 0; i < row->count; i++)
		mended_add(&importing->unmarked, i ? row_value(row, i) : first);
	return mended_end(&importing->unmarked);
}

static const struct row *padded(struct importing *importing, const struct row *row, unsigned width)
{
	importing->added = row->count;
	mended_begin(&importing->padded, row);
	for (unsigned i = 0; i < width; i++)
		mended_add(&importing->padded, i < row->count ? row_value(row, i) : VIEW(""));
	return mended_end(&importing->padded);
}

/* Files whose records are filled up, or from above. */
RARELY static enum import_fate mend(const struct import_file *file, struct importing *importing, unsigned input,
                                    enum import_fate fate, const struct row **row)
{
	if (fate == IMPORT_BAD && file->pad && (*row)->count < file->width) {
		*row = padded(importing, *row, file->width);
		fate = IMPORT_USED;
	}
	if (file->fill.count && fate == IMPORT_USED)
		*row = above_fill(&importing->above, &file->fill, input, *row, &importing->filled);
	else if (file->fill.count && fate != IMPORT_BAD)
		above_forget(&importing->above, &file->fill);
	return fate;
}

static enum import_fate bad(struct import_problem *problem, enum import_reason reason, const char *code)
{
	*problem = (struct import_problem){ .reason = reason, .field = COLUMN_NONE, .code = code, .column = VIEW("") };
	return IMPORT_BAD;
}

static enum import_fate read_row(const struct importer *importer, struct importing *importing, const struct row *row,
                                 unsigned input, struct out *out, struct import_problem *problem)
{
	const struct import_file *file = &importer->files[input];
	if (importer->check_utf8 && !text_valid(row_record(row)))
		return bad(problem, IMPORT_UNDECODED, "bad_encoding");
	enum import_fate fate = kind_of(file, row);
	if (file->pad || file->fill.count)
		fate = mend(file, importing, input, fate, &row);
	if (fate == IMPORT_USED)
		return use(importer, importing, row, input, out, problem);
	if (fate != IMPORT_BAD)
		return fate;
	enum import_fate header = kind_of_header(file, row);
	return header == IMPORT_USED ? bad(problem, IMPORT_RAGGED, "ragged") : header;
}

/* The same of a file that lenient.h reads. */
RARELY static enum import_fate read_lenient(const struct importer *importer, struct importing *importing, const struct row *row,
                                     unsigned input, struct out *out, struct import_problem *problem)
{
	struct view first = row_value(row, 0), raw;
	if (row->count == 1 && lenient_bad(first, &raw)) {
		bad(problem, IMPORT_QUOTES, "bad_quote");
		problem->raw = raw;
		return IMPORT_BAD;
	}
	if (lenient_guessed(first, &first))
		row = unmarked(importing, row, first);
	enum import_fate fate = read_row(importer, importing, row, input, out, problem);
	if (fate == IMPORT_BAD && importing->guessed)
		problem->raw = row_record(&importing->unmarked.row);
	return fate;
}

enum import_fate import_row(const struct importer *importer, struct importing *importing, const struct row *row,
                            unsigned input, struct out *out, struct import_problem *problem)
{
	importing->guessed = false;
	importing->added = COLUMN_NONE;
	enum import_fate fate = importer->files[input].lenient ?
		read_lenient(importer, importing, row, input, out, problem) :
		read_row(importer, importing, row, input, out, problem);
	importing->fates[fate]++;
	if (fate != IMPORT_USED && fate != IMPORT_BAD)
		places_add(&importing->places[fate], input, row->line);
	return fate;
}

void import_header(const struct importer *importer, const struct header *header, struct out *out)
{
	const struct plan *plan = importer->plan;
	if (!plan) {
		for (unsigned i = 0; i < header->count; i++)
			out_field(out, header->names[i]);
		return;
	}
	for (size_t i = 0, end; i < plan->count; i = end) {
		end = i + plan->columns[i].width;
		for (size_t column = i; column < end; column++)
			out_field(out, plan->columns[column].name);
		for (size_t column = i; column < end; column++)
			if (plan->columns[column].raw.len)
				out_field(out, plan->columns[column].raw);
	}
	out_plain(out, VIEW("src_file"));
	out_plain(out, VIEW("src_line"));
	out_plain(out, VIEW("issues"));
}
