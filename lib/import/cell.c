/* cell: see cell.h. */
#include "import/cell.h"

#include "value/discount.h"
#include "value/floorplan.h"
#include "value/hanzi.h"
#include "value/idcard.h"
#include "value/money.h"
#include "value/number.h"
#include "value/person.h"
#include "value/phone.h"
#include "value/room.h"
#include "value/text.h"

void cell_release(struct cell *cell)
{
	buf_release(&cell->text);
	buf_release(&cell->second);
}

static void begin(struct cell *cell)
{
	buf_reset(&cell->text);
	buf_reset(&cell->second);
	cell->shown = view(NULL, 0);
	cell->doubt_count = 0;
	cell->bad = cell->plain = false;
	cell->holds = CELL_TEXT;
}

/* What was made is what is shown, unless the cell is shown as it stands. */
static void end(struct cell *cell)
{
	if (!cell->shown.ptr)
		cell->shown = buf_view(&cell->text);
}

/* Nothing is to be cleaned. */
static bool is_clean(const struct cell *cell, struct view raw)
{
	if (!cell->clean)
		return text_is_clean(raw);
	return !raw.len || (raw.ptr[0] != ' ' && raw.ptr[raw.len - 1] != ' ');
}

static void doubt(struct cell *cell, const char *code)
{
	if (cell->doubt_count < CELL_DOUBTS_MOST)
		cell->doubts[cell->doubt_count++] = code;
}

/* It holds something that is none of its type. */
static void unreadable(struct cell *cell, const char *code)
{
	buf_reset(&cell->text);
	cell->shown = VIEW("");
	cell->bad = true;
	doubt(cell, code);
}

/* What a spreadsheet shows where a formula failed, or a column is too narrow for its number. */
static bool is_error(struct view text)
{
	static const char *const errors[] = { "#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!" };
	enum { NARROW = 4 };
	size_t signs = 0;
	if (!text.len || text.ptr[0] != '#')
		return false;
	while (signs < text.len && text.ptr[signs] == '#')
		signs++;
	for (size_t i = 0; i < sizeof errors / sizeof *errors; i++)
		if (view_is(text, errors[i]))
			return true;
	return signs == text.len && signs >= NARROW;
}

/* ---- texts ---- */

static bool has_line_end(struct view text)
{
	return view_find_byte(text, '\n') != SIZE_MAX || view_find_byte(text, '\r') != SIZE_MAX;
}

static void clean(struct buf *to, const struct cell_habits *habits, struct view raw)
{
	if (!habits->keep_newlines || !has_line_end(raw)) {
		text_clean(raw, to);
		return;
	}
	for (struct view rest = view_trim(raw); rest.ptr;) {
		text_clean(view_cut(&rest, '\n'), to);
		if (rest.ptr)
			buf_byte(to, '\n');
	}
}

void cell_copy(struct cell *cell, const struct cell_habits *habits, struct view raw)
{
	begin(cell);
	if (habits->keep_newlines || is_clean(cell, raw) || !has_line_end(raw)) {
		cell->shown = raw;
		return;
	}
	while (raw.len && (raw.ptr[raw.len - 1] == '\n' || raw.ptr[raw.len - 1] == '\r'))
		raw.len--;
	bool fold = true; /* nothing at the beginning */
	for (size_t i = 0; i < raw.len; i++) {
		bool line = raw.ptr[i] == '\n' || raw.ptr[i] == '\r';
		if (!line)
			buf_byte(&cell->text, raw.ptr[i]);
		else if (!fold)
			buf_byte(&cell->text, ' ');
		fold = line;
	}
	end(cell);
}

/* Whether the text stands somewhere: sought by its byte `at`, which few others have. */
static bool has_spoiled(struct view text, struct view spoiled, size_t at)
{
	for (size_t from = at, found; from < text.len; from += found + 1) {
		found = view_find_byte(view_skip(text, from), spoiled.ptr[at]);
		if (found == SIZE_MAX)
			return false;
		if (view_starts(view_skip(text, from + found - at), spoiled))
			return true;
	}
	return false;
}

/* A byte above 0x7F as Windows shows it. */
static bool is_high_byte(uint32_t code)
{
	static const uint16_t shown[] = { 0x20AC, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039,
		0x0152, 0x017D, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153,
		0x017E, 0x0178 };
	for (size_t i = 0; code > 0xFF && i < sizeof shown / sizeof *shown; i++)
		if (code == shown[i])
			return true;
	return code >= 0x80 && code < 0xC0;
}

/* Bytes of UTF-8 each shown as a character: Ã©, ä¸‰. */
RARELY static bool is_spoiled_latin(struct view text)
{
	while (text.len) {
		uint32_t code = text_next(&text);
		unsigned behind = code >= 0xC2 && code <= 0xDF ? 1 : code >= 0xE0 && code <= 0xEF ? 2 : code >= 0xF0 && code <= 0xF4 ? 3 : 0;
		struct view rest = text;
		if (!behind || code == 0xD7) /* × */
			continue;
		while (behind && rest.len && is_high_byte(text_next(&rest)))
			behind--;
		if (!behind)
			return true;
	}
	return false;
}

/* 锟斤拷: bytes of GBK that were read as UTF-8, and then as GBK again.  烫烫: memory that was
 * never written.  U+FFFD: what did not decode. */
static bool is_mojibake(const struct cell *cell, struct view text)
{
	const char latin = '\xC3'; /* begins U+00C0 to U+00FF */
	if (has_spoiled(text, VIEW("锟斤拷"), 2) || has_spoiled(text, VIEW("烫烫"), 2))
		return true;
	return !is_clean(cell, text) && (has_spoiled(text, VIEW("\uFFFD"), 2) ||
	                                 (view_find_byte(text, latin) != SIZE_MAX && is_spoiled_latin(text)));
}

static void read_text(struct cell *cell, const struct cell_habits *habits, struct view raw)
{
	if (is_clean(cell, raw))
		cell->shown = raw;
	else
		clean(&cell->text, habits, raw);
	end(cell);
	if (is_error(cell->shown))
		unreadable(cell, "excel_error");
	else if (is_mojibake(cell, raw))
		doubt(cell, "mojibake");
}

/* 1.38E+10 */
static bool is_scientific(struct view text)
{
	size_t e = 0;
	while (e < text.len && (byte_is_digit(text.ptr[e]) || text.ptr[e] == '.'))
		e++;
	if (!e || e + 2 >= text.len || byte_lower(text.ptr[e]) != 'e' || text.ptr[e + 1] != '+')
		return false;
	for (size_t i = e + 2; i < text.len; i++)
		if (!byte_is_digit(text.ptr[i]))
			return false;
	return true;
}

static void put_narrow(struct buf *to, struct view text)
{
	while (text.len) {
		uint32_t code = text_next(&text);
		text_put(to, code >= 0xFF01 && code <= 0xFF5E ? code - 0xFF01 + '!' : code);
	}
}

/* Without ="..." and leading ', however often an export put them around. */
static struct view unwrap(struct view text)
{
	for (;;) {
		if (text.len >= 3 && view_starts(text, VIEW("=\"")) && view_ends(text, VIEW("\"")))
			text = view_trim(view(text.ptr + 2, text.len - 3));
		else if (text.len && text.ptr[0] == '\'')
			text = view_trim(view_skip(text, 1));
		else
			return text;
	}
}

/* Letters keep their case and zeros their place; only width and wrapping go. */
RARELY static void read_wrapped_id(struct cell *cell, const struct cell_habits *habits, struct view raw)
{
	struct buf cleaned = { 0 }, narrow = { 0 };
	clean(&cleaned, habits, raw);
	put_narrow(&narrow, buf_view(&cleaned));
	struct view text = unwrap(buf_view(&narrow));
	if (!text_cell_is_null(text))
		buf_put(&cell->text, text);
	buf_release(&cleaned);
	buf_release(&narrow);
}

static void read_id(struct cell *cell, const struct cell_habits *habits, struct view raw)
{
	bool wrapped = raw.ptr[0] == '=' || raw.ptr[0] == '\'';
	if (is_clean(cell, raw) && !wrapped && !text_cell_is_null(raw))
		cell->shown = raw;
	else
		read_wrapped_id(cell, habits, raw);
	end(cell);
	if (is_error(cell->shown))
		unreadable(cell, "excel_error");
	else if (is_scientific(cell->shown))
		unreadable(cell, "sci_notation");
}

static void read_name(struct cell *cell, const struct cell_habits *habits, struct view raw)
{
	if (text_cell_is_null(raw))
		return;
	read_text(cell, habits, raw);
	if (!cell->bad && person_kind_of(raw) == PERSON_UNKNOWN)
		doubt(cell, "bad_name");
	else if (raw.len % 3 && !cell->doubt_count && view_find_byte(raw, '?') != SIZE_MAX) /* 王?: a character that GBK has not got */
		doubt(cell, "mojibake");
}

static void read_list(struct cell *cell, struct view raw)
{
	static const char *const separators[] = { "|", "、", "，", ",", "；", ";", "/", "\n" };
	if (text_cell_is_null(raw))
		return;
	while (raw.len) {
		size_t at = raw.len, len = 0, before = cell->text.len;
		for (size_t i = 0; i < sizeof separators / sizeof *separators; i++) {
			size_t here = view_find(raw, view_of(separators[i]));
			if (here < at) {
				at = here;
				len = strlen(separators[i]);
			}
		}
		struct view item = view_first(raw, at);
		raw = view_skip(raw, at + len);
		if (text_cell_is_null(item))
			continue;
		if (before)
			buf_byte(&cell->text, '|');
		size_t start = cell->text.len;
		text_clean(item, &cell->text);
		if (cell->text.len == start)
			cell->text.len = before;
	}
}

static void read_enum(struct cell *cell, const struct cell_habits *habits, const struct model_column *column,
                      struct view raw)
{
	bool known;
	struct view code = model_code(column->table, column->name, raw, &known);
	if (code.len) {
		if (!view_is(code, "-"))
			buf_put(&cell->text, code);
		return;
	}
	if (text_cell_is_null(raw))
		return;
	read_text(cell, habits, raw);
	if (known && !cell->bad)
		doubt(cell, "unknown_value");
}

static void read_bool(struct cell *cell, struct view raw)
{
	static const char *const yes[] = { "1", "是", "y", "yes", "true", "√", "✓", "有", "有效", "同意", "对", "接通", "已接通", "t" };
	static const char *const no[] = { "0", "否", "n", "no", "false", "×", "✗", "x", "没有", "无效", "拒绝", "不同意", "未接通", "关机", "停机",
		"空号", "无人接听", "拒接", "忙线", "f" };
	struct text_cell folded;
	if (!text_cell_fold(raw, &folded)) {
		unreadable(cell, "bad_bool");
		return;
	}
	hanzi_simplify(folded.bytes, folded.len);
	struct view text = text_cell_view(&folded);
	for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
		if (view_is(text, yes[i]))
			buf_byte(&cell->text, '1');
	for (size_t i = 0; i < sizeof no / sizeof *no; i++)
		if (view_is(text, no[i]))
			buf_byte(&cell->text, '0');
	if (!cell->text.len && !text_is_null(text))
		unreadable(cell, "bad_bool");
}

/* What is no number of a room stays as it is. */
static void read_room(struct cell *cell, const struct cell_habits *habits, struct view raw)
{
	enum room_result result = room_parse(raw, &cell->text);
	if (result > ROOM_EMPTY)
		read_text(cell, habits, raw);
	if (result > ROOM_EMPTY && !cell->bad)
		doubt(cell, room_result_name(result));
}

/* The same for layouts; names of layouts are no fault. */
static void read_layout(struct cell *cell, const struct cell_habits *habits, struct view raw)
{
	enum floorplan_result result = floorplan_parse(raw, &cell->text);
	if (result > FLOORPLAN_EMPTY)
		read_text(cell, habits, raw);
	if (result > FLOORPLAN_NAME && !cell->bad)
		doubt(cell, floorplan_result_name(result));
}

/* ---- numbers ---- */

static int64_t money_unit(struct unit unit) { return unit.money_fen ? unit.money_fen : MONEY_YUAN; }

static void read_money(struct cell *cell, struct unit unit, struct view raw)
{
	struct money_found found;
	enum money_result result = money_parse(raw, money_unit(unit), &found);
	if (result == MONEY_EMPTY)
		return;
	if (result != MONEY_OK && result != MONEY_TOO_PRECISE) {
		unreadable(cell, money_result_name(result));
		return;
	}
	money_format(found.min, &cell->text);
	cell->holds = CELL_AMOUNT;
	cell->value = found.min;
	if (result == MONEY_TOO_PRECISE)
		doubt(cell, money_result_name(result));
	if (found.about)
		doubt(cell, "about");
}

void cell_read_range(struct cell *cell, struct unit unit, struct view raw)
{
	struct money_found found = { 0 };
	begin(cell);
	enum money_result result = money_parse(raw, money_unit(unit), &found);
	end(cell);
	if (result == MONEY_EMPTY)
		return;
	if (result != MONEY_OK && result != MONEY_TOO_PRECISE && result != MONEY_RANGE) {
		unreadable(cell, money_result_name(result));
		return;
	}
	if (result != MONEY_RANGE || found.has_min) {
		money_format(found.min, &cell->text);
		cell->holds = CELL_AMOUNT;
		cell->value = found.min;
	}
	if (result != MONEY_RANGE || found.has_max)
		money_format(found.max, &cell->second);
	cell->most = found.max;
	cell->shown = buf_view(&cell->text);
	if (result == MONEY_TOO_PRECISE)
		doubt(cell, money_result_name(result));
	if (found.about)
		doubt(cell, "about");
}

/* The cell with the header's unit behind it, where it names none: 1.5 under 费率(%). */
static struct view with_unit(struct arena *arena, struct unit unit, struct view raw)
{
	struct view trimmed = view_trim(raw);
	if (!trimmed.len || !byte_is_digit(trimmed.ptr[trimmed.len - 1]))
		return raw;
	return view_of(arena_printf(arena, "%.*s%.*s", VIEW_ARGS(trimmed), VIEW_ARGS(unit.suffix)));
}

static void read_rate(struct cell *cell, struct unit unit, bool area, struct view raw)
{
	struct arena arena = { 0 };
	struct view text = unit.suffix.len ? with_unit(&arena, unit, raw) : raw;
	int64_t value;
	enum number_result result = area ? area_parse(text, &value) : rate_parse(text, &value);
	if (result == NUMBER_OK || result == NUMBER_TOO_PRECISE) {
		if (area)
			area_format(value, &cell->text);
		else
			rate_format(value, &cell->text);
	}
	if (result == NUMBER_TOO_PRECISE)
		doubt(cell, number_result_name(result));
	else if (result != NUMBER_OK && result != NUMBER_EMPTY)
		unreadable(cell, number_result_name(result));
	if (arena.first)
		arena_release(&arena);
}

/* Of the price half is left at least, and no more than all. */
static void read_discount(struct cell *cell, struct unit unit, struct view raw)
{
	struct arena arena = { 0 };
	struct discount discount;
	enum number_result result = discount_parse(unit.suffix.len ? with_unit(&arena, unit, raw) : raw, &discount);
	if (result == NUMBER_OK || result == NUMBER_TOO_PRECISE) {
		rate_format(discount.micro, &cell->text);
		if (result == NUMBER_TOO_PRECISE)
			doubt(cell, number_result_name(result));
		if (discount.less)
			doubt(cell, "less_amount");
		if (discount.micro > NUMBER_ONE || discount.micro < NUMBER_ONE / 2)
			doubt(cell, "discount_doubt");
	} else if (result != NUMBER_EMPTY) {
		unreadable(cell, number_result_name(result));
	}
	if (arena.first)
		arena_release(&arena);
}

/* What may stand behind a count. */
static bool is_counter(struct view word)
{
	static const char *const counters[] = { "", "人", "个", "次", "位", "分", "天", "年", "套", "批", "组", "秒", "层", ".0", ".00" };
	for (size_t i = 0; i < sizeof counters / sizeof *counters; i++)
		if (view_is(word, counters[i]))
			return true;
	return false;
}

static void read_number(struct cell *cell, bool whole, struct view raw)
{
	struct text_cell folded;
	__int128 value;
	if (!text_cell_fold(raw, &folded)) {
		unreadable(cell, "bad_number");
		return;
	}
	struct view text = text_cell_view(&folded);
	if (text_is_null(text))
		return;
	size_t len = 0;
	while (whole && len < text.len && (byte_is_digit(text.ptr[len]) || text.ptr[len] == ',' || (!len && text.ptr[0] == '-')))
		len++;
	bool good = whole ? is_counter(view_skip(text, len)) && number_parse(view_first(text, len), NUMBER_THOUSANDS, &value) :
	                    number_parse(text, NUMBER_THOUSANDS | NUMBER_PERCENT | NUMBER_UNITS, &value);
	if (good)
		number_format(value, &cell->text);
	else
		unreadable(cell, "bad_number");
}

/* ---- dates ---- */

static void read_date(struct cell *cell, const struct cell_habits *habits, const struct model_column *column,
                      struct view raw)
{
	struct date_habits dates = habits->dates;
	struct date_found found;
	dates.birth = view_is(column->name, "birth_date");
	enum date_result result = date_parse(raw, &dates, &found);
	if (result == DATE_EMPTY)
		return;
	if (result != DATE_OK) {
		unreadable(cell, date_result_name(result));
		return;
	}
	if (column->type == MODEL_TIME && found.second >= 0)
		moment_format(moment_of(found.day, found.second), &cell->text);
	else
		date_format(found.day, &cell->text);
	cell->holds = CELL_DAY;
	cell->value = found.day;
	for (unsigned bit = 1; bit <= found.issues; bit <<= 1)
		if (found.issues & bit)
			doubt(cell, date_issue_name((enum date_issue)bit));
}

/* ---- papers and telephones ---- */

static void read_cert(struct cell *cell, const struct cell_habits *habits, struct view raw)
{
	struct idcard card;
	enum idcard_result result = idcard_parse(raw, habits->dates.as_of, &card);
	if (result == IDCARD_EMPTY)
		return;
	if (card.kind == IDCARD_NONE)
		unreadable(cell, idcard_result_name(result));
	else
		buf_put(&cell->text, idcard_text(&card));
	if (result != IDCARD_OK && card.kind != IDCARD_NONE)
		doubt(cell, idcard_result_name(result));
}

void phones_begin(struct phones *phones)
{
	phones->mobiles = phones->tels = phones->issues = 0;
}

void phones_add(struct phones *phones, struct view raw)
{
	struct phone_list list;
	if (!raw.len)
		return;
	phone_parse(raw, &list);
	phones->issues |= list.issues;
	for (unsigned i = 0; i < list.count; i++) {
		const struct phone *phone = &list.phones[i];
		bool tel = phone->kind == PHONE_LANDLINE || phone->kind == PHONE_SERVICE;
		unsigned count = tel ? phones->tels : phones->mobiles, at = 0;
		while (at < count && !view_equal(phone_text(phone), tel ? view(phones->tel[at].text, phones->tel[at].len) :
		                                                          view(phones->mobile[at].text, phones->mobile[at].len)))
			at++;
		if (at < count)
			continue;
		if (count == PHONES_MOST) {
			phones->issues |= PHONE_ISSUE_TOO_MANY;
			continue;
		}
		memcpy(tel ? phones->tel[at].text : phones->mobile[at].text, phone->text, phone->len);
		if (tel)
			phones->tel[phones->tels++].len = phone->len;
		else
			phones->mobile[phones->mobiles++].len = phone->len;
	}
}

RARELY static void put_masked_last(struct phones *phones)
{
	struct phones sorted;
	sorted.mobiles = 0;
	for (unsigned masked = 0; masked < 2; masked++)
		for (unsigned i = 0; i < phones->mobiles; i++)
			if (!phone_is_valid(view(phones->mobile[i].text, phones->mobile[i].len)) == masked)
				sorted.mobile[sorted.mobiles++] = phones->mobile[i];
	for (unsigned i = 0; i < sorted.mobiles; i++)
		phones->mobile[i] = sorted.mobile[i];
}

void phones_end(struct phones *phones)
{
	if (phones->mobiles > 1)
		put_masked_last(phones);
}

/* One number where no others have a place: the first. */
static void read_phone(struct cell *cell, struct view raw)
{
	struct phone_list list;
	phone_parse(raw, &list);
	if (list.count)
		buf_put(&cell->text, phone_text(&list.phones[0]));
	if (list.count > 1)
		list.issues |= PHONE_ISSUE_TOO_MANY;
	cell->bad = !list.count && list.issues;
	for (unsigned bit = 1; bit <= list.issues; bit <<= 1)
		if (list.issues & bit)
			doubt(cell, phone_issue_name((enum phone_issue)bit));
}

/* ---- all of them ---- */

static bool is_plain_type(enum model_type type)
{
	switch (type) {
	case MODEL_PHONE: case MODEL_CERT: case MODEL_DATE: case MODEL_TIME: case MODEL_MONEY: case MODEL_AREA:
	case MODEL_RATE: case MODEL_NUMBER: case MODEL_INT: case MODEL_BOOL: return true;
	default: return false;
	}
}

void cell_read(struct cell *cell, const struct cell_habits *habits, const struct model_column *column,
               struct unit unit, struct view raw)
{
	begin(cell);
	if (!raw.len) {
		end(cell);
		return;
	}
	cell->plain = is_plain_type(column->type);
	switch (column->type) {
	case MODEL_ID: read_id(cell, habits, raw); break;
	case MODEL_NAME: read_name(cell, habits, raw); break;
	case MODEL_PHONE: read_phone(cell, raw); break;
	case MODEL_CERT: read_cert(cell, habits, raw); break;
	case MODEL_DATE:
	case MODEL_TIME: read_date(cell, habits, column, raw); break;
	case MODEL_MONEY: read_money(cell, unit, raw); break;
	case MODEL_AREA: read_rate(cell, unit, true, raw); break;
	case MODEL_RATE:
		if (view_is(column->name, "discount"))
			read_discount(cell, unit, raw);
		else
			read_rate(cell, unit, false, raw);
		break;
	case MODEL_NUMBER: read_number(cell, false, raw); break;
	case MODEL_INT: read_number(cell, true, raw); break;
	case MODEL_BOOL: read_bool(cell, raw); break;
	case MODEL_ENUM: read_enum(cell, habits, column, raw); break;
	case MODEL_LIST: read_list(cell, raw); break;
	case MODEL_ROOM: read_room(cell, habits, raw); break;
	case MODEL_LAYOUT: read_layout(cell, habits, raw); break;
	case MODEL_TEXT:
	case MODEL_CHANNEL:
	case MODEL_SERIAL: read_text(cell, habits, raw); break;
	}
	end(cell);
}

/* ---- what is no row ---- */

bool cell_begins_otherwise(struct view raw)
{
	static const char first[] = "合小总總本累备備说說注註制製审審复複覆打列导導";
	unsigned char byte = raw.len ? (unsigned char)raw.ptr[0] : 0;
	if (byte_is_digit((char)byte) || byte_is_letter((char)byte))
		return true;
	if (byte < 0xE4 || byte > 0xE9 || raw.len < 3)
		return false;
	for (size_t i = 0; i + 3 < sizeof first; i += 3)
		if (memcmp(first + i, raw.ptr, 3) == 0)
			return false;
	return true;
}

RARELY static bool is_footer_folded(struct view raw)
{
	static const struct view words[] = { VIEW("合计"), VIEW("小计"), VIEW("总计"), VIEW("总合计"), VIEW("本页合计"),
		VIEW("累计"), VIEW("备注"), VIEW("说明"), VIEW("注"), VIEW("制表"), VIEW("制表人"), VIEW("制表日期"),
		VIEW("审核"), VIEW("审核人"), VIEW("复核"), VIEW("打印日期"), VIEW("打印时间"), VIEW("列印日期"), VIEW("导出时间") };
	struct text_cell folded;
	if (!text_cell_fold(view_first(raw, 256), &folded))
		return false;
	hanzi_simplify(folded.bytes, folded.len);
	struct view text = text_cell_view(&folded);
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		struct view rest = view_skip(text, words[i].len);
		if (view_starts(text, words[i]) && (!rest.len || rest.ptr[0] == ':' || rest.ptr[0] == '(' || rest.ptr[0] == ' '))
			return true;
	}
	return false;
}

bool cell_is_footer(struct view raw)
{
	return !cell_begins_otherwise(raw) && is_footer_folded(raw);
}
