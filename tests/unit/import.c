/* Import: what a header means, where it stands, what a cell holds, which columns come out. */
#include "import/cell.h"
#include "import/form.h"
#include "import/plan.h"
#include "import/row.h"

#include "test.h"
#include "value/date.h"
#include "value/floorplan.h"
#include "value/idcard.h"
#include "value/money.h"
#include "value/number.h"
#include "value/phone.h"
#include "value/room.h"

static struct matcher matcher_for(struct arena *arena, const char *table)
{
	struct matcher matcher;
	matcher_init(&matcher, arena, model_table(view_of(table)));
	matcher_close(&matcher);
	return matcher;
}

/* ---- headers ---- */

static const struct {
	const char *table, *parent, *child, *column;
	enum head_how how;
	const char *why;
} headers[] = {
	{ "customers", "", "客户姓名", "name", HEAD_EXACT, "an alias" },
	{ "customers", "", " 客户\n姓名*：", "name", HEAD_EXACT, "blanks, line breaks, * and : do not count" },
	{ "customers", "", "ＰＨＯＮＥ", "mobile", HEAD_EXACT, "width and case do not" },
	{ "customers", "", "手機號碼", "mobile", HEAD_EXACT, "traditional characters" },
	{ "customers", "", "聯絡電話", "mobile", HEAD_EXACT, "and words of Taiwan" },
	{ "customers", "", "身分證字號", "cert_no", HEAD_EXACT, "another" },
	{ "visits", "", "來訪日期", "visit_time", HEAD_EXACT, "in another table" },
	{ "orders", "", "認購總價（萬元）", "deal_total", HEAD_WITHOUT_UNIT, "with a unit" },
	{ "orders", "成交情況", "成交日期", "order_date", HEAD_EXACT, "of two lines" },
	{ "customers", "", "客户编号", "cust_no", HEAD_EXACT, "a ledger's number is never the uid" },
	{ "customers", "", "uid", "uid", HEAD_EXACT, "what dedupe gave is" },
	{ "customers", "", "客户联系电话", "mobile", HEAD_CONTAINED, "the longest alias in it" },
	{ "customers", "", "客户备注", "", HEAD_UNKNOWN, "half of it is not enough" },
	{ "customers", "", "昵称", "", HEAD_UNKNOWN, "not known" },
	{ "customers", "", "序号", "serial", HEAD_EXACT, "row numbers" },
	{ "customers", "", "备注", "remark", HEAD_EXACT, "a column of all tables" },
	{ "orders", "", "认购总价（万元）", "deal_total", HEAD_WITHOUT_UNIT, "a unit in brackets" },
	{ "orders", "", "建筑面积(㎡)", "area_build", HEAD_WITHOUT_UNIT, "another" },
	{ "orders", "成交情况", "成交日期", "order_date", HEAD_EXACT, "two lines: the child" },
	{ "reports", "经纪人", "电话", "agent_mobile", HEAD_EXACT, "two lines: both together" },
	{ "visits", "到访时间", "", "visit_time", HEAD_EXACT, "merged downwards: the parent" },
};

static void test_headers(struct arena *arena)
{
	for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
		struct matcher matcher = matcher_for(arena, headers[i].table);
		struct head head = head_make(arena, view_of(headers[i].parent), view_of(headers[i].child));
		head_match(&head, &matcher, false);
		CHECK_TEXT(head.column ? head.column->name : VIEW(""), view_of(headers[i].column), "%s", headers[i].why);
		CHECK(head.how == headers[i].how, "%s: how", headers[i].why);
		matcher_release(&matcher);
	}
	struct matcher matcher = matcher_for(arena, "orders");
	struct head head = head_make(arena, VIEW(""), VIEW("总价(万元)"));
	head_match(&head, &matcher, false);
	CHECK(head.unit.money_fen == MONEY_WAN, "the unit is kept");
	head = head_make(arena, VIEW(""), VIEW("總價(萬元)"));
	head_match(&head, &matcher, false);
	CHECK(head.unit.money_fen == MONEY_WAN && view_is(head.shown, "總價(萬元)"), "a unit in traditional characters; shown as it stands");
	matcher_release(&matcher);
}

/* The model's own aliases are looked up as they stand. */
static void test_aliases(struct arena *arena)
{
	size_t count;
	const struct model_table *tables = model_tables(&count);
	for (size_t t = 0; t <= count; t++) {
		const struct model_table *table = t ? &tables[t - 1] : model_any();
		for (size_t i = 0; i < table->count; i++)
			for (size_t a = 0; a < table->columns[i].alias_count; a++)
				CHECK_TEXT(head_make(arena, VIEW(""), table->columns[i].aliases[a]).child, table->columns[i].aliases[a],
				           "%.*s: an alias as a header is compared", VIEW_ARGS(table->columns[i].name));
	}
}

static void test_settling(struct arena *arena)
{
	static const char *const names[] = { "客户联系电话", "姓名", "客户姓名", "手机", "序号", "no" };
	struct matcher matcher = matcher_for(arena, "customers");
	struct head heads[6];
	for (size_t i = 0; i < 6; i++) {
		heads[i] = head_make(arena, VIEW(""), view_of(names[i]));
		head_match(&heads[i], &matcher, false);
	}
	CHECK(heads_settle(heads, 6) == 6, "nothing is ambiguous");
	CHECK(heads[0].column && heads[0].second, "numbers of telephones are pooled");
	CHECK(heads[1].column && !heads[1].second, "the first name has the column");
	CHECK(!heads[2].column && heads[2].second, "the second stays as it is");
	CHECK(heads[3].column && !heads[3].second, "an equal alias goes before one contained");
	CHECK(heads[4].column && heads[5].column, "row numbers may be there twice");
	matcher_release(&matcher);
}

/* ---- where the header is ---- */

static const struct {
	const char *text, *table;
	size_t first, lines;
	const char *why;
} layouts[] = {
	{ "姓名,手机,来源渠道\n张三,13900000000,抖音\n", "customers", 0, 1, "the first record" },
	{ "某某项目客户登记表,,\n日期：2024年,,\n姓名,手机,来源渠道\n张三,,\n", "customers", 2, 1, "titles above" },
	{ "客户信息,,到访情况,\n姓名,电话,到访时间,到访类型\n张三,1,2024-1-1,首访\n", "visits", 1, 1, "the upper line adds nothing" },
	{ "序号,客户,,到访情况,\n,姓名,电话,到访时间,到访类型\n1,张三,1,2024-1-1,首访\n", "visits", 0, 2, "a cell merged downwards" },
	{ "a,b\n1,2\n", NULL, 0, 0, "no table has such headers" },
	{ "报备编号,报备时间,客户姓名,客户电话,经纪人\n", "reports", 0, 1, "guessed" },
	{ "工单号,类型,报修时间,房号\n", "tickets", 0, 1, "guessed" },
	{ "合同编号,买受人,签约日期,合同总价\n", "contracts", 0, 1, "guessed" },
};

static void test_layouts(struct arena *arena)
{
	size_t count;
	const struct model_table *tables = model_tables(&count);
	struct matcher matchers[32], *all[32];
	for (size_t i = 0; i < count; i++) {
		matcher_init(&matchers[i], arena, &tables[i]);
		matcher_close(&matchers[i]);
		all[i] = &matchers[i];
	}
	for (size_t i = 0; i < sizeof layouts / sizeof *layouts; i++) {
		struct beginning beginning = beginning_of(arena, dialect_csv(), view_of(layouts[i].text), true);
		struct layout layout = layout_find(&beginning, all, count, 0, true);
		CHECK(layout.lines == layouts[i].lines && layout.first == layouts[i].first, "%s: place", layouts[i].why);
		CHECK_TEXT(layout.table ? layout.table->name : VIEW(""), view_of(layouts[i].table ? layouts[i].table : ""),
		           "%s", layouts[i].why);
	}
	for (size_t i = 0; i < count; i++)
		matcher_release(&matchers[i]);
}

/* ---- in which form the text stands ---- */

#define ROWS(row) row row row row row row

static const struct {
	enum dialect_form named;
	const char *text;
	char delimiter, quote, escape;
	bool blanks, tsv, against;
	const char *why;
} forms[] = {
	{ DIALECT_CSV, "姓名,手机\na;b;c,1\nd;e;f,2\n", ',', '"', 0, false, false, false, "commas" },
	{ DIALECT_CSV, "姓名;手机;备注\na,b;c;d\n", ';', '"', 0, false, false, false, "known headers go before all" },
	{ DIALECT_CSV, "x|y\n", '|', '"', 0, false, false, false, "one line, nothing known" },
	{ DIALECT_CSV, "a;b\n1,5;2\n1,5;2,5\n3;4\n", ';', '"', 0, false, false, false, "that by which all records are equal" },
	{ DIALECT_CSV, "name;price\na;1,5\nb;2,5\n", ';', '"', 0, false, false, false, "decimal commas" },
	{ DIALECT_CSV, "\"a \\\"b\\\" c\";1\n# x, y\n\"d \\\"e\\\"\";2\n", ';', '"', '\\', false, false, false, "escapes in most records" },
	{ DIALECT_CSV, "1,\"a\"x", ',', '"', 0, false, false, false, "no record by the rule: what stands there" },
	{ DIALECT_CSV, "姓名\t手机\n张三\t1\n", '\t', '"', 0, false, false, true, "TABs in a .csv" },
	{ DIALECT_TSV, "姓名,手机\n张三,1\n", ',', '"', 0, false, false, true, "commas in a .tsv" },
	{ DIALECT_TSV, "a,b\n1,2\n", ',', '"', 0, false, false, true, "the same, nothing known" },
	{ DIALECT_TSV, "姓名\t备注\n张三\ta,b,c\n", '\t', '"', 0, false, true, false, "TABs in a .tsv" },
	{ DIALECT_TSV, "title, one\nno comma\na, b, c\n", '\t', '"', 0, false, true, false, "one column of text in a .tsv" },
	{ DIALECT_TSV, "姓名\t备注\n张三\t\"a\tb\"\n", '\t', '"', 0, false, false, false, "TABs and quotes" },
	{ DIALECT_UNKNOWN, "a,b\n" ROWS("\"10\\\" pipe\",2\n"), ',', '"', '\\', false, false, false, "a backslash before quotes" },
	{ DIALECT_UNKNOWN, "a,b\n" ROWS("\"C:\\dir\\\",2\n"), ',', '"', 0, false, false, false, "one before the closing quote is data" },
	{ DIALECT_UNKNOWN, ROWS("\"1\\\",\\\"2\"\n"), ',', '"', '\\', false, false, false, "before each quote of a delimiter" },
	{ DIALECT_UNKNOWN, "a, b\n" ROWS("1, \"2, 3\"\n"), ',', '"', 0, true, false, false, "a blank behind each delimiter" },
	{ DIALECT_UNKNOWN, "a, b\n" ROWS("\"1\", \"2\"\n"), ',', '"', 0, true, false, false, "the same, with no comma in cells" },
	{ DIALECT_UNKNOWN, "a, b\n" ROWS("1, 2\n"), ',', '"', 0, false, false, false, "blanks alone are the cells' own" },
	{ DIALECT_UNKNOWN, "a,b\n" ROWS("1,'2, 3'\n"), ',', '\'', 0, false, false, false, "apostrophes, with commas inside" },
	{ DIALECT_UNKNOWN, ROWS("'a','b'\n"), ',', '\'', 0, false, false, false, "apostrophes around all cells" },
	{ DIALECT_UNKNOWN, "a,b\n" ROWS("1,'2'\n"), ',', '"', 0, false, false, false, "around some they may be data" },
	{ DIALECT_UNKNOWN, "a,b\n" ROWS("1,'13900001234\n"), ',', '"', 0, false, false, false, "a spreadsheet's mark of text" },
	{ DIALECT_UNKNOWN, "a,b\n" ROWS("Men's,\"Kids', Girls'\"\n"), ',', '"', 0, false, false, false, "apostrophes in text" },
	{ DIALECT_UNKNOWN, "a;b\r\r\n" ROWS("\"1;2\";3\r\r\n"), ';', '"', 0, false, false, false, "doubled carriage returns" },
	{ DIALECT_UNKNOWN, "a;b\r" ROWS("\"1;2\";3\r"), ';', '"', 0, false, false, false, "carriage returns alone" },
};

static void test_forms(struct arena *arena)
{
	struct matcher matcher = matcher_for(arena, "customers"), *all[] = { &matcher };
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		struct form_wishes wishes = { .named = forms[i].named };
		struct form form = form_find(view_of(forms[i].text), true, &wishes, all, 1);
		CHECK(form.how.delimiter == forms[i].delimiter, "%s: delimiter %c", forms[i].why, form.how.delimiter);
		CHECK((form.dialect.form == DIALECT_TSV) == forms[i].tsv, "%s: TSV or not", forms[i].why);
		CHECK(form.how.quote == forms[i].quote, "%s: quote %c", forms[i].why, form.how.quote);
		CHECK(form.how.escape == forms[i].escape, "%s: escape %c", forms[i].why, form.how.escape);
		CHECK(form.how.blanks == forms[i].blanks, "%s: blanks", forms[i].why);
		CHECK(form.against_name == forms[i].against, "%s: against its name", forms[i].why);
		CHECK(form.lenient == (forms[i].blanks || forms[i].escape), "%s: lenient", forms[i].why);
	}
	struct form_wishes wishes = { .delimiter = ';', .quote = '%', .escape = '~', .lazy = true };
	struct form form = form_find(VIEW("a,b\n'1,2',\"3\\\"\"\n"), true, &wishes, all, 1);
	CHECK(form.how.delimiter == ';' && form.how.quote == '%' && form.how.escape == '~' && form.lenient,
	      "what the user says is not asked of the content");
	matcher_release(&matcher);
}

static void test_fits(void)
{
	static const char text[] = "title\na,b\n\n1,2\n\"3\"x,4\n'5',\"6\"\n7,8,9\n1";
	struct lenient how = { .delimiter = ',', .quote = '"' };
	struct form_fit fit = form_fit(&how, view_of(text), false);
	CHECK(fit.records == 6 && fit.width == 2 && fit.fitting == 3 && fit.strict == 3,
	      "%zu records, %zu of %u fields: an empty line is none, one is cut, one is bad", fit.records, fit.fitting, fit.width);
	CHECK(fit.quoted == 1 && fit.filled == 12, "%zu quoted, %zu filled", fit.quoted, fit.filled);
	how.lazy = true;
	fit = form_fit(&how, view_of(text), true);
	CHECK(fit.records == 7 && fit.fitting == 4 && fit.strict == 3, "lazily one more fits, by a guess: %zu", fit.fitting);
}

/* ---- the header of a text of no table ---- */

static void test_plain_layouts(struct arena *arena)
{
	static const struct {
		const char *text;
		unsigned width;
		size_t first;
		const char *why;
	} plain[] = {
		{ "a,b\n1,2\n", 2, 0, "the first record" },
		{ "title,,\n,,\na,b,c\n1,2,3\n", 3, 2, "one filled cell, and none" },
		{ "title\n\na,b\n1,2\n", 2, 2, "no other cell" },
		{ "a,\n1,2\n", 2, 0, "of two columns one may have no name" },
		{ "a\n1\n", 1, 0, "one column" },
		{ "a,b,\n1,2,3\n", 3, 0, "one of three has no name" },
		{ "a,b\n1,2,3,4,5\n", 5, 1, "half as wide, or less" },
		{ "a,b,c\n1,2,3,4,5\n", 5, 0, "a little less" },
		{ "x\ny\n", 3, 0, "nothing else is there" },
	};
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		struct beginning beginning = beginning_of(arena, dialect_csv(), view_of(plain[i].text), true);
		CHECK(layout_plain(&beginning, plain[i].width, 0).first == plain[i].first, "%s", plain[i].why);
	}
	struct beginning beginning = beginning_of(arena, dialect_csv(), VIEW("title,,\na,b,c\n"), true);
	struct layout layout = layout_plain(&beginning, 3, 3);
	CHECK(layout.first == 1 && layout.lines == 1, "no more lines than there are");
}

/* ---- cells ---- */

static const struct {
	const char *table, *column, *raw, *expected, *doubts;
	bool bad;
	const char *why;
} cells[] = {
	{ "orders", "deal_total", "123.5", "1235000.00", "", false, "the header's unit" },
	{ "orders", "deal_total", "12.5亿", "1250000000.00", "", false, "a unit of its own" },
	{ "orders", "deal_total", "#N/A", "", "bad_money", true, "no amount" },
	{ "orders", "deal_total", "-", "", "", false, "nothing" },
	{ "orders", "area_build", "118.40", "118.4", "", false, "area" },
	{ "orders", "discount", "98折", "0.98", "", false, "rate" },
	{ "orders", "discount", "9.8", "0.98", "", false, "tenths" },
	{ "orders", "discount", "95折再减2万", "0.95", "less_amount", false, "and an amount" },
	{ "orders", "discount", "2%", "0.02", "discount_doubt", false, "what is taken off, perhaps" },
	{ "orders", "discount", "总经理特批", "", "bad_number", true, "none" },
	{ "orders", "kind", "认购", "subscribe", "", false, "a code" },
	{ "orders", "kind", "团购", "团购", "unknown_value", false, "none that is listed" },
	{ "customers", "exclude", "否", "", "", false, "a code for nothing" },
	{ "customers", "exclude", "同行", "peer", "", false, "a reason" },
	{ "interactions", "effective", "无人接听", "0", "", false, "nobody was reached" },
	{ "orders", "order_date", "2024年1月5日", "2024-01-05", "", false, "a date" },
	{ "orders", "order_date", "45304", "2024-01-13", "", false, "a serial number" },
	{ "orders", "order_date", "2024-02-30", "", "bad_date", true, "no such day" },
	{ "orders", "order_id", "００12 ", "0012", "", false, "zeros stay" },
	{ "orders", "order_id", "=\"0012\"", "0012", "", false, "unwrapped" },
	{ "orders", "order_id", "aB1", "aB1", "", false, "case stays" },
	{ "orders", "order_id", "1.38E+10", "", "sci_notation", true, "spoiled" },
	{ "orders", "co_buyers", "张三、李四，王五", "张三|李四|王五", "", false, "a list" },
	{ "orders", "co_buyers", "，张三，，", "张三", "", false, "empty items" },
	{ "orders", "room_id", "湖畔里-2幢-1单元-0301室", "湖畔里-2-1-301", "", false, "a room" },
	{ "orders", "room_id", " 3栋 ", "3栋", "bad_room", false, "a building: stays" },
	{ "orders", "room_id", "3-12-01", "3-12-01", "ambiguous_room", false, "unit or floor: stays" },
	{ "orders", "room_id", "#REF!", "", "excel_error", true, "a formula that failed" },
	{ "orders", "room_id", "无", "", "", false, "no room" },
	{ "rooms", "layout", "三房两厅", "3室2厅", "", false, "a layout" },
	{ "rooms", "layout", "A户型", "A户型", "", false, "a name of one" },
	{ "rooms", "layout", "3月2日", "3月2日", "bad_layout", false, "none: stays" },
	{ "customers", "layout_pref", "3-2-1-2", "3-2-1-2", "ambiguous_layout", false, "bath or kitchen: stays" },
	{ "visits", "visit_time", "2024/1/5 下午2:30", "2024-01-05 14:30:00", "", false, "a moment" },
	{ "visits", "visit_time", "2024.1.5", "2024-01-05", "", false, "a moment without its time" },
	{ "visits", "visit_time", "24.1.5", "2024-01-05", "yy", false, "two digits of year" },
	{ "visits", "group_size", "3人", "3", "", false, "a count" },
	{ "visits", "group_size", "2.0", "2", "", false, "a spreadsheet's count" },
	{ "visits", "group_size", "两三个", "", "bad_number", true, "none" },
	{ "visits", "decision_maker", "√", "1", "", false, "bool" },
	{ "visits", "decision_maker", "也许", "", "bad_bool", true, "no bool" },
	{ "visits", "remark", " 想要\r\n高楼层 ", "想要 高楼层", "", false, "line breaks become blanks" },
	{ "visits", "remark", "#REF!", "", "excel_error", true, "a formula that failed" },
	{ "visits", "remark", "########", "", "excel_error", true, "a column that was too narrow" },
	{ "visits", "remark", "#3", "#3", "", false, "a text" },
	{ "visits", "remark", "张锟斤拷", "张锟斤拷", "mojibake", false, "GBK as UTF-8" },
	{ "visits", "remark", "锟斤", "锟斤", "", false, "less of it" },
	{ "visits", "remark", "锟斤锟斤拷", "锟斤锟斤拷", "mojibake", false, "behind a part of it" },
	{ "visits", "remark", "要烫烫烫", "要烫烫烫", "mojibake", false, "memory that was never written" },
	{ "visits", "remark", "麻辣烫", "麻辣烫", "", false, "food" },
	{ "visits", "remark", "Ã©tage", "Ã©tage", "mojibake", false, "UTF-8 as Latin-1" },
	{ "visits", "remark", "ä½\u00A0å¥½", "ä½ å¥½", "mojibake", false, "two hanzi" },
	{ "visits", "remark", "å¼\u00A0ä¸‰", "å¼ ä¸‰", "mojibake", false, "as Windows shows them" },
	{ "visits", "remark", "café", "café", "", false, "a letter with an accent" },
	{ "visits", "remark", "3×·", "3×·", "", false, "signs" },
	{ "visits", "remark", "张\uFFFD", "张\uFFFD", "mojibake", false, "lost before" },
	{ "visits", "cust_name", "王?", "王?", "mojibake", false, "a character that GBK has not got" },
	{ "visits", "cust_name", "张三", "张三", "", false, "a name" },
	{ "visits", "cust_name", "张 三", "张 三", "", false, "a name is only cleaned" },
	{ "visits", "cust_name", "无", "", "", false, "nobody" },
	{ "reports", "agent_mobile", "+86 139-0000-1234", "13900001234", "", false, "one number" },
	{ "targets", "value", "1,200", "1200", "", false, "a number" },
	{ "customers", "cert_no", "11010519491231002x", "11010519491231002X", "", false, "a card" },
	{ "customers", "cert_no", "110105491231002", "11010519491231002X", "", false, "an old card" },
	{ "customers", "cert_no", "110105194912310021", "110105194912310021", "bad_check", false, "kept with its doubt" },
	{ "customers", "birth_date", "65.3.2", "1965-03-02", "yy", false, "a birth is in the past" },
};

static void test_cells(void)
{
	const struct cell_habits habits = { .dates = { .as_of = 20000 } };
	struct cell cell = { .bad = false };
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		const struct model_column *column = model_column(model_table(view_of(cells[i].table)), view_of(cells[i].column));
		struct buf doubts = { 0 };
		CHECK(column != NULL, "%s: column", cells[i].why);
		if (!column)
			continue;
		cell_read(&cell, &habits, column, (struct unit){ .money_fen = MONEY_WAN }, view_of(cells[i].raw));
		for (unsigned d = 0; d < cell.doubt_count; d++)
			buf_printf(&doubts, "%s%s", d ? "|" : "", cell.doubts[d]);
		CHECK_TEXT(cell.shown, view_of(cells[i].expected), "%s", cells[i].why);
		CHECK_TEXT(buf_view(&doubts), view_of(cells[i].doubts), "%s: doubts", cells[i].why);
		CHECK(cell.bad == cells[i].bad, "%s: bad", cells[i].why);
		buf_release(&doubts);
	}
	cell_read_range(&cell, (struct unit){ 0 }, VIEW("150-200万"));
	CHECK_TEXT(cell.shown, VIEW("1500000.00"), "a range: from");
	CHECK_TEXT(buf_view(&cell.second), VIEW("2000000.00"), "a range: to");
	cell_read_range(&cell, (struct unit){ 0 }, VIEW("200万以内"));
	CHECK_TEXT(cell.shown, VIEW(""), "a bound: no lower one");
	CHECK_TEXT(buf_view(&cell.second), VIEW("2000000.00"), "a bound: the upper one");
	cell_copy(&cell, &habits, VIEW(" a\r\r\nb \r\n"));
	CHECK_TEXT(cell.shown, VIEW(" a b "), "an unknown column: only line breaks");
	cell_copy(&cell, &(struct cell_habits){ .keep_newlines = true }, VIEW("a\nb"));
	CHECK_TEXT(cell.shown, VIEW("a\nb"), "which may be kept");
	cell_release(&cell);
}

static void test_phones(void)
{
	struct phones phones;
	phones_begin(&phones);
	phones_add(&phones, VIEW("138****1234 / 13912345670(妻)"));
	phones_add(&phones, VIEW("010-82345678、13912345670"));
	phones_end(&phones);
	CHECK(phones.mobiles == 2 && phones.tels == 1, "each number once");
	CHECK_TEXT(view(phones.mobile[0].text, phones.mobile[0].len), VIEW("13912345670"), "whole ones first");
	CHECK_TEXT(view(phones.mobile[1].text, phones.mobile[1].len), VIEW("138****1234"), "then masked ones");
	CHECK_TEXT(view(phones.tel[0].text, phones.tel[0].len), VIEW("010-82345678"), "landlines apart");
}

static void test_footers(void)
{
	CHECK(cell_is_footer(VIEW("合计")) && cell_is_footer(VIEW(" 制表人：张三")), "totals and signatures");
	CHECK(cell_is_footer(VIEW("總計")) && cell_is_footer(VIEW("備註：")) && cell_is_footer(VIEW("製表人：")) &&
	      cell_is_footer(VIEW("列印日期:")), "in traditional characters");
	CHECK(cell_is_footer(VIEW("备注: 以上数据")) && cell_is_footer(VIEW("合计（套）")), "notes");
	CHECK(!cell_is_footer(VIEW("合计划")) && !cell_is_footer(VIEW("张三")), "no footer");
}

/* ---- which columns come out ---- */

static struct layout layout_for(struct arena *arena, const struct matcher *matcher, const char *header)
{
	struct beginning beginning = beginning_of(arena, dialect_csv(), view_of(header), true);
	struct layout layout = { .lines = 1 };
	layout_heads(arena, &beginning, &layout);
	for (size_t i = 0; i < layout.count; i++)
		head_match(&layout.heads[i], matcher, false);
	heads_settle(layout.heads, layout.count);
	return layout;
}

static void test_plan(struct arena *arena)
{
	struct matcher matcher = matcher_for(arena, "customers");
	struct layout a = layout_for(arena, &matcher, "备注,昵称,序号,姓名,手机,昵称,,预算,uid");
	struct layout b = layout_for(arena, &matcher, "电话,备用手机,mobile_2,昵称,性别,name,姓名");
	const struct layout *const both[] = { &a, &b };
	struct plan plan = plan_make(arena, model_table(VIEW("customers")), both, 2, false);
	struct buf names = { 0 };
	for (size_t i = 0; i < plan.count; i++)
		buf_printf(&names, "%s%.*s", i ? " " : "", VIEW_ARGS(plan.columns[i].name));
	CHECK_TEXT(buf_view(&names),
	           VIEW("uid name mobile mobile2 mobile3 tel gender budget_min budget_max remark 昵称 昵称_2 column 姓名"),
	           "the model's order, then what it does not know");
	CHECK(plan.has_who, "it says whose rows they are");
	CHECK(plan.sources[0][1].at[0] == 3 && plan.sources[1][1].at[0] == 5, "each file's own place");
	CHECK(plan.sources[1][2].count == 2 && plan.sources[1][3].count == 1, "pooled: all telephones");
	CHECK(plan.sources[0][6].count == 0, "a column that a file has not got");
	buf_release(&names);
	matcher_release(&matcher);
}

/* ---- doubts ---- */

static bool is_doubt(const char *code)
{
	for (const char *const *known = import_doubts; *known; known++)
		if (strcmp(*known, code) == 0)
			return true;
	return false;
}

/* What a value's reader may say is a code that --strict knows. */
static void test_doubts(void)
{
	for (unsigned bit = 0; bit < PHONE_ISSUES; bit++)
		CHECK(is_doubt(phone_issue_name((enum phone_issue)(1u << bit))), "a telephone's issue %u", bit);
	for (unsigned bit = DATE_ISSUE_YY; bit <= DATE_ISSUE_DEFAULT_YEAR; bit <<= 1)
		CHECK(is_doubt(date_issue_name((enum date_issue)bit)), "a date's issue %u", bit);
	for (enum date_result result = DATE_EMPTY + 1; result <= DATE_NO_YEAR; result++)
		CHECK(is_doubt(date_result_name(result)), "%s", date_result_name(result));
	for (enum money_result result = MONEY_EMPTY + 1; result <= MONEY_TOO_PRECISE; result++)
		CHECK(is_doubt(money_result_name(result)), "%s", money_result_name(result));
	for (enum number_result result = NUMBER_EMPTY + 1; result <= NUMBER_OUT_OF_RANGE; result++)
		CHECK(is_doubt(number_result_name(result)), "%s", number_result_name(result));
	for (enum idcard_result result = IDCARD_EMPTY + 1; result <= IDCARD_IS_MASKED; result++)
		CHECK(is_doubt(idcard_result_name(result)), "%s", idcard_result_name(result));
	for (enum room_result result = ROOM_EMPTY + 1; result <= ROOM_AMBIGUOUS; result++)
		CHECK(is_doubt(room_result_name(result)), "%s", room_result_name(result));
	for (enum floorplan_result result = FLOORPLAN_NAME + 1; result <= FLOORPLAN_AMBIGUOUS; result++)
		CHECK(is_doubt(floorplan_result_name(result)), "%s", floorplan_result_name(result));
}

int main(void)
{
	struct arena arena = { 0 };
	test_headers(&arena);
	test_aliases(&arena);
	test_settling(&arena);
	test_layouts(&arena);
	test_forms(&arena);
	test_fits();
	test_plain_layouts(&arena);
	test_cells();
	test_phones();
	test_footers();
	test_plan(&arena);
	test_doubts();
	arena_release(&arena);
	return test_end();
}
