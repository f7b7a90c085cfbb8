/* Tests of value/person.  All names are invented. */
#include "value/person.h"

#include "base/buf.h"
#include "gen.h"
#include "test.h"

/* surname: how many bytes. flags: s only a surname, m masked, n noted. */
static const struct {
	const char *cell;
	enum person_kind kind;
	const char *text;
	unsigned surname;
	char sex;
	const char *flags, *why;
} cells[] = {
	{ "张三", PERSON_NATURAL, "张三", 3, 'U', "", "plain" },
	{ " 张 三 ", PERSON_NATURAL, "张三", 3, 'U', "", "blanks" },
	{ "张　三", PERSON_NATURAL, "张三", 3, 'U', "", "a wide blank" },
	{ "张\xE2\x80\x8B三", PERSON_NATURAL, "张三", 3, 'U', "", "an invisible one" },
	{ "张三(老业主)", PERSON_NATURAL, "张三", 3, 'U', "n", "a note" },
	{ "张三（老业主）", PERSON_NATURAL, "张三", 3, 'U', "n", "full-width brackets" },
	{ "张三【妻】", PERSON_NATURAL, "张三", 3, 'U', "n", "other brackets" },
	{ "(代)张三", PERSON_NATURAL, "张三", 3, 'U', "n", "a note in front" },
	{ "张三(老业主", PERSON_NATURAL, "张三", 3, 'U', "n", "never closed" },
	{ "张三(a(b)c)", PERSON_NATURAL, "张三", 3, 'U', "n", "nested" },
	{ "李娜-朋友介绍", PERSON_NATURAL, "李娜", 3, 'U', "n", "a remark" },
	{ "张先生", PERSON_NATURAL, "张", 3, 'M', "s", "a surname" },
	{ "李女士", PERSON_NATURAL, "李", 3, 'F', "s", "another" },
	{ "王总", PERSON_NATURAL, "王", 3, 'U', "s", "总" },
	{ "陈阿姨", PERSON_NATURAL, "陈", 3, 'F', "s", "阿姨" },
	{ "刘太太", PERSON_NATURAL, "刘", 3, 'F', "s", "太太" },
	{ "刘姐", PERSON_NATURAL, "刘", 3, 'F', "s", "姐" },
	{ "欧阳女士", PERSON_NATURAL, "欧阳", 6, 'F', "s", "a compound surname" },
	{ "欧阳", PERSON_NATURAL, "欧阳", 6, 'U', "s", "alone" },
	{ "欧阳静", PERSON_NATURAL, "欧阳静", 6, 'U', "", "with a name" },
	{ "诸葛小明", PERSON_NATURAL, "诸葛小明", 6, 'U', "", "诸葛" },
	{ "歐陽靜", PERSON_NATURAL, "歐陽靜", 6, 'U', "", "traditional" },
	{ "王", PERSON_NATURAL, "王", 3, 'U', "s", "one character" },
	{ "张伟先生", PERSON_NATURAL, "张伟", 3, 'M', "", "a title behind a name" },
	{ "张伟 先生", PERSON_NATURAL, "张伟", 3, 'M', "", "with a blank" },
	{ "王总先生", PERSON_NATURAL, "王", 3, 'M', "s", "two titles" },
	{ "王小哥", PERSON_NATURAL, "王小哥", 3, 'U', "", "哥 may be of the name" },
	{ "阿凡提•买买提", PERSON_NATURAL, "阿凡提·买买提", 0, 'U', "", "a dot" },
	{ "阿凡提.买买提", PERSON_NATURAL, "阿凡提·买买提", 0, 'U', "", "a point for it" },
	{ "John  Smith", PERSON_NATURAL, "John Smith", 0, 'U', "", "letters" },
	{ "Ｊｏｈｎ", PERSON_NATURAL, "John", 0, 'U', "", "full-width letters" },
	{ "张*", PERSON_NATURAL, "张*", 3, 'U', "m", "a star" },
	{ "张＊＊", PERSON_NATURAL, "张**", 3, 'U', "m", "full-width stars" },
	{ "张XX", PERSON_NATURAL, "张**", 3, 'U', "m", "X" },
	{ "张某某", PERSON_NATURAL, "张某某", 3, 'U', "m", "某" },
	{ "上海虚构（集团）有限公司", PERSON_COMPANY, "上海虚构(集团)有限公司", 0, 'U', "", "a company keeps its brackets" },
	{ "虚构房产经纪公司(张三)", PERSON_COMPANY, "虚构房产经纪公司(张三)", 0, 'U', "", "and its contact" },
	{ "第一虚构小学学校", PERSON_COMPANY, "第一虚构小学学校", 0, 'U', "", "a school" },
	{ "张中心", PERSON_NATURAL, "张中心", 3, 'U', "", "a person" },
	{ "Acme Co., Ltd", PERSON_COMPANY, "Acme Co., Ltd", 0, 'U', "", "an English company" },
	{ "测试", PERSON_UNKNOWN, "测试", 0, 'U', "", "a test" },
	{ "先生", PERSON_UNKNOWN, "先生", 0, 'U', "", "a title alone" },
	{ "13900001234", PERSON_UNKNOWN, "13900001234", 0, 'U', "", "a number" },
	{ "(老业主)", PERSON_UNKNOWN, "", 0, 'U', "n", "a note alone" },
	{ "张\xFF三", PERSON_UNKNOWN, "张\xEF\xBF\xBD三", 0, 'U', "", "broken" },
	{ "", PERSON_NONE, "", 0, 'U', "", "empty" },
	{ "无", PERSON_NONE, "", 0, 'U', "", "nothing" },
	{ "/", PERSON_NONE, "", 0, 'U', "", "nothing" },
};

static void test_cells(void)
{
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		struct view copy = gen_copy(view_of(cells[i].cell));
		struct person person;
		enum person_kind kind = person_parse(copy, &person);
		const char *flags = cells[i].flags;
		CHECK(kind == cells[i].kind && kind == person.kind, "\"%s\" is %s: %s", cells[i].cell, person_kind_name(kind), cells[i].why);
		CHECK_TEXT(person_text(&person), view_of(cells[i].text), "%s", cells[i].why);
		CHECK(person.surname == cells[i].surname && person.sex == cells[i].sex, "\"%s\": surname %u, sex %c", cells[i].cell,
		      person.surname, person.sex);
		CHECK(person.surname_only == (strchr(flags, 's') != NULL) && person.masked == (strchr(flags, 'm') != NULL) &&
		      person.noted == (strchr(flags, 'n') != NULL), "flags of \"%s\"", cells[i].cell);
		gen_free(copy);
	}
}

static void test_several(void)
{
	struct buf out = { 0 };
	struct view cell = VIEW("张三、李四/王五（夫，妻）, ;赵六&钱七"), name;
	while (person_next(&cell, &name)) {
		buf_put(&out, name);
		buf_byte(&out, '+');
	}
	CHECK_TEXT(buf_view(&out), VIEW("张三+李四+王五（夫，妻）+赵六+钱七+"), "names of a cell");
	buf_release(&out);
}

static void test_properties(void)
{
	static const char *const pieces[] = { "张", "欧阳", "三", "伟", "先生", "总", "姐", "(", "）", "-", " ", "　", "·", ".", "*", "x", "某", "公司", "中心", "John", "1", "、", "\xE2\x80\x8B" };
	uint64_t seed = 41;
	for (int i = 0; i < 30000; i++) {
		struct view text = gen_text(&seed, pieces, sizeof pieces / sizeof *pieces, 10);
		struct person person, again;
		person_parse(text, &person);
		if (person.kind == PERSON_NATURAL || person.kind == PERSON_COMPANY) {
			person_parse(person_text(&person), &again);
			CHECK(again.kind == person.kind && view_equal(person_text(&again), person_text(&person)) &&
			      again.surname == person.surname && again.masked == person.masked, "\"%.*s\" of \"%.*s\" is normal",
			      VIEW_ARGS(person_text(&person)), VIEW_ARGS(text));
		}
		CHECK(person.surname <= person.len && person.len <= PERSON_LONGEST, "lengths");
		size_t total = 0;
		for (struct view cell = text, name; person_next(&cell, &name);)
			total += name.len;
		CHECK(total <= text.len, "cut names are part of the cell");
		gen_free(text);
	}
	char longest[600];
	struct person person;
	for (size_t i = 0; i < sizeof longest; i += 3)
		memcpy(longest + i, "张", 3);
	CHECK(person_parse(view(longest, PERSON_LONGEST), &person) == PERSON_NATURAL &&
	      person_parse(view(longest, PERSON_LONGEST + 3), &person) == PERSON_UNKNOWN &&
	      person_parse(view(longest, sizeof longest), &person) == PERSON_UNKNOWN, "the limit");
}

/* Names of hanzi alone are read by a shorter way: a blank behind them sends them the long one. */
static void test_plain(void)
{
	static const char *const pieces[] = { "张", "王", "欧阳", "上", "官", "司", "马", "伟", "生", "先", "总", "经", "理", "姐", "某",
		"公", "中", "心", "集", "团", "工", "作", "室", "客", "户", "测", "试", "无", "名", "同", "业", "主", "未", "知", "老", "师",
		"合", "伙", "企", "有", "限", "责", "任", "登", "记", "暂", "定", "不", "详", "散", "志", "伯", "董", "事", "长", "〇", "𠮷",
		"大", "学", "商", "行", "基", "金", "会", "院", "园", "店", "部", "所", "社", "厂", "局" };
	uint64_t seed = 97;
	for (int i = 0; i < 60000; i++) {
		struct view text = gen_text(&seed, pieces, sizeof pieces / sizeof *pieces, 4);
		char longer[64];
		struct person plain, other;
		if (text.len)
			memcpy(longer, text.ptr, text.len);
		longer[text.len] = ' ';
		person_parse(text, &plain);
		person_parse(view(longer, text.len + 1), &other);
		CHECK(plain.kind == other.kind && view_equal(person_text(&plain), person_text(&other)) &&
		      plain.surname == other.surname && plain.surname_only == other.surname_only && plain.sex == other.sex &&
		      plain.masked == other.masked && plain.noted == other.noted, "\"%.*s\" both ways", VIEW_ARGS(text));
		gen_free(text);
	}
}

int main(void)
{
	test_cells();
	test_plain();
	test_several();
	test_properties();
	return test_end();
}
