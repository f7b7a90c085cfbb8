/* floorplan: see floorplan.h. */
#include "value/floorplan.h"

#include "value/hanzi.h"
#include "value/text.h"

const char *floorplan_result_name(enum floorplan_result result)
{
	static const char *const names[] = { "ok", "empty", "name", "bad_layout", "ambiguous_layout" };
	return names[result];
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

static bool is_one_of(struct view text, const char *const *words)
{
	for (; *words; words++)
		if (view_is(text, *words))
			return true;
	return false;
}

/* ---- one layout ---- */

enum { ROOMS, HALLS, BATHS, KINDS, MOST = 20 };

struct plan {
	unsigned count[KINDS];
	bool has[KINDS];
	unsigned more;   /* 3+1: rooms besides */
	unsigned up_to;  /* 2-3房: the last one; 0 where there is no range */
	bool and_above;  /* 五居以上 */
};

/* 3, 三, 十二; at most MOST. */
static bool take_number(struct view *text, unsigned *number)
{
	unsigned value = 0;
	bool any = false, ten = false;
	while (text->len) {
		struct view rest = *text;
		uint32_t code = text_next(&rest);
		int digit = code >= '0' && code <= '9' ? (int)(code - '0') : text_hanzi_digit(code);
		bool tens = text_hanzi_power(code) == 1;
		if (digit < 0 && !tens)
			break;
		if (tens && (ten || value > 1))
			return false;
		value = tens ? 10 : ten ? value + (unsigned)digit : value * 10 + (unsigned)digit;
		if (value > MOST)
			return false;
		ten |= tens;
		any = true;
		*text = rest;
	}
	*number = value;
	return any;
}

/* What a number counts; KINDS for what is left away, -1 where there is no such word. */
static int take_unit(struct view *text)
{
	static const struct {
		const char *word;
		int kind;
	} units[] = { { "居室", ROOMS }, { "卧室", ROOMS }, { "室", ROOMS }, { "房间", ROOMS }, { "房", ROOMS }, { "居", ROOMS }, { "卧", ROOMS },
		{ "厅", HALLS }, { "卫生间", BATHS }, { "卫", BATHS }, { "厨房", KINDS }, { "厨", KINDS }, { "阳台", KINDS },
		{ "阳", KINDS } };
	for (size_t i = 0; i < COUNT(units); i++)
		if (view_take(text, units[i].word))
			return units[i].kind;
	return -1;
}

static bool set(struct plan *plan, unsigned kind, unsigned count)
{
	if (plan->has[kind])
		return false;
	plan->has[kind] = true;
	plan->count[kind] = count;
	return true;
}

/* 3室2厅2卫, 3+1房, 2-3房, 五居以上 */
static bool read_words(struct view text, struct plan *plan)
{
	while (text.len) {
		unsigned count, more = 0, last = 0;
		if (!take_number(&text, &count))
			break;
		if (!plan->has[ROOMS] && view_take(&text, "+")) {
			if (!take_number(&text, &more) || !more)
				return false;
		} else if (!plan->has[ROOMS] && (view_take(&text, "-") || view_take(&text, "~") || view_take(&text, "至") || view_take(&text, "到"))) {
			if (!take_number(&text, &last) || last <= count || last - count > 4)
				return false;
		}
		int kind = take_unit(&text);
		if (kind < 0 || ((more || last) && kind != ROOMS) || (kind != KINDS && !set(plan, (unsigned)kind, count)))
			return false;
		if (kind == ROOMS) {
			plan->more = more;
			plan->up_to = last;
		}
	}
	view_take(&text, "及");
	plan->and_above = view_take(&text, "以上");
	bool alone = !plan->has[HALLS] && !plan->has[BATHS];
	return !text.len && plan->has[ROOMS] && (alone || (!plan->up_to && !plan->and_above));
}

/* 3-2-2-1, 3/2; a number alone. */
static enum floorplan_result read_numbers(struct view text, struct plan *plan)
{
	unsigned count, numbers = 0;
	char mark = 0;
	for (;;) {
		if (!text.len || !byte_is_digit(text.ptr[0]) || !take_number(&text, &count) || (count > 9 && (numbers || text.len)))
			return FLOORPLAN_BAD;
		if (numbers < KINDS)
			set(plan, numbers, count);
		else if (count > 1)
			return FLOORPLAN_AMBIGUOUS;
		numbers++;
		if (!text.len)
			break;
		if (numbers > KINDS || !memchr("-/*", text.ptr[0], 3) || (mark && mark != text.ptr[0]))
			return FLOORPLAN_BAD;
		mark = text.ptr[0];
		text = view_skip(text, 1);
	}
	return plan->count[ROOMS] ? FLOORPLAN_OK : FLOORPLAN_BAD;
}

static void put_plan(const struct plan *plan, struct buf *out)
{
	static const char *const words[KINDS] = { "室", "厅", "卫" };
	unsigned last = plan->up_to ? plan->up_to : plan->count[ROOMS];
	for (unsigned rooms = plan->count[ROOMS]; rooms <= last; rooms++) {
		if (rooms > plan->count[ROOMS])
			buf_byte(out, '|');
		buf_u64(out, rooms);
		if (plan->more)
			buf_printf(out, "+%u", plan->more);
		buf_text(out, words[ROOMS]);
	}
	for (unsigned kind = HALLS; kind < KINDS; kind++)
		if (plan->has[kind])
			buf_printf(out, "%u%s", plan->count[kind], words[kind]);
	if (plan->and_above)
		buf_text(out, "以上");
}

static enum floorplan_result read_one(struct view text, struct buf *out)
{
	static const char *const studios[] = { "开间", "单间", "零居", "大开间", NULL };
	struct plan plan = { .and_above = false };
	if (is_one_of(text, studios)) {
		buf_text(out, "1室0厅");
		return FLOORPLAN_OK;
	}
	enum floorplan_result result = FLOORPLAN_OK;
	if (!read_words(text, &plan)) {
		plan = (struct plan){ .and_above = false };
		result = read_numbers(text, &plan);
	}
	if (result == FLOORPLAN_OK)
		put_plan(&plan, out);
	return result;
}

/* ---- the cell ---- */

/* What systems write: 0 and tens. */
static const char *of_code(struct view text)
{
	static const char *const codes[][2] = { { "0", "不限" }, { "不限", "不限" }, { "10", "1室" }, { "20", "2室" },
		{ "30", "3室" }, { "40", "4室" }, { "50", "5室以上" } };
	for (size_t i = 0; i < COUNT(codes); i++)
		if (view_is(text, codes[i][0]))
			return codes[i][1];
	return NULL;
}

static bool is_name(struct view text)
{
	static const char *const kinds[] = { "复式", "跃层", "跃式", "顶跃", "底跃", "错层", "平层", "大平层", "别墅", "洋房", "叠拼",
		"叠墅", "联排", "双拼", "独栋", "公寓", "商铺", "写字楼", "车位", "住宅", "其他", "其它", NULL };
	bool ascii = true, letter = false;
	for (size_t i = 0; i < text.len; i++) {
		ascii &= (unsigned char)text.ptr[i] < 0x80;
		letter |= byte_is_letter(text.ptr[i]);
	}
	return (ascii && letter) || view_starts(text, VIEW("户型")) || view_ends(text, VIEW("型")) || is_one_of(text, kinds);
}

/* Cuts at 、 , ; | 或 and, where numbers have words, at /. */
static struct view cut(struct view *rest, bool slashes)
{
	static const char *const marks[] = { "、", "，", "；", ",", ";", "|", "或", "/" };
	size_t at = rest->len, len = 0;
	for (size_t i = 0; i < COUNT(marks) - !slashes; i++) {
		size_t here = view_find(*rest, view_of(marks[i]));
		if (here < at) {
			at = here;
			len = strlen(marks[i]);
		}
	}
	struct view item = view_first(*rest, at);
	*rest = view_skip(*rest, at + len);
	return item;
}

static void drop_blanks(struct text_cell *cell)
{
	size_t len = 0;
	for (size_t i = 0; i < cell->len; i++)
		if (!byte_is_space(cell->bytes[i]))
			cell->bytes[len++] = cell->bytes[i];
	cell->len = len;
}

/* 3室2厅2卫 as it should be, or less of it. */
static bool is_canonical(struct view text)
{
	static const char words[] = "室厅卫";
	enum { HANZI = 3, ITEM = 1 + HANZI };
	bool good = text.len && text.len % ITEM == 0 && text.len <= KINDS * ITEM && text.ptr[0] != '0';
	for (size_t i = 0; good && i < text.len / ITEM; i++)
		good = byte_is_digit(text.ptr[i * ITEM]) && memcmp(text.ptr + i * ITEM + 1, words + i * HANZI, HANZI) == 0;
	return good;
}

enum floorplan_result floorplan_parse(struct view cell, struct buf *out)
{
	struct text_cell folded;
	size_t start = out->len;
	if (is_canonical(cell)) {
		buf_put(out, cell);
		return FLOORPLAN_OK;
	}
	if (!text_cell_fold(cell, &folded))
		return FLOORPLAN_BAD;
	hanzi_simplify(folded.bytes, folded.len);
	drop_blanks(&folded);
	struct view text = text_cell_view(&folded);
	if (text_is_null(text))
		return FLOORPLAN_EMPTY;
	const char *code = of_code(text);
	if (code) {
		buf_text(out, code);
		return FLOORPLAN_OK;
	}
	enum floorplan_result result = FLOORPLAN_BAD;
	bool slashes = view_find(text, VIEW("室")) != SIZE_MAX || view_find(text, VIEW("房")) != SIZE_MAX ||
	               view_find(text, VIEW("居")) != SIZE_MAX;
	for (struct view rest = text; rest.len;) {
		if (out->len > start)
			buf_byte(out, '|');
		result = read_one(cut(&rest, slashes), out);
		if (result)
			break;
	}
	if (result)
		out->len = start;
	return result == FLOORPLAN_BAD && is_name(text) ? FLOORPLAN_NAME : result;
}
