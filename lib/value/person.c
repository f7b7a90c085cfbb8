/* person: see person.h. */
#include "value/person.h"

#include "value/text.h"

const char *person_kind_name(enum person_kind kind)
{
	static const char *const names[] = { "none", "natural", "company", "unknown" };
	return names[kind];
}

#define COUNT(array) (sizeof(array) / sizeof *(array))

/* ---- surnames ---- */

/* Compound surnames, of the 百家姓 and those that are met today; some in traditional form. */
static const char compounds[] =
	"欧阳 上官 司马 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 端木 东方 轩辕 独孤 南宫 西门 "
	"东郭 南郭 百里 呼延 闻人 澹台 公冶 宗政 濮阳 淳于 单于 太叔 申屠 仲孙 钟离 鲜于 闾丘 司空 亓官 "
	"司寇 子车 颛孙 巫马 公西 漆雕 乐正 壤驷 公良 拓跋 夹谷 宰父 谷梁 段干 羊舌 梁丘 左丘 东门 第五 "
	"万俟 赫连 公羊 贺兰 完颜 纳兰 歐陽 諸葛 鍾離 東方 尉遲 長孫 公孫 ";

size_t person_surname(struct view name)
{
	struct view rest = name;
	size_t one, two;
	if (!rest.len || !text_is_hanzi(text_next(&rest)))
		return 0;
	one = name.len - rest.len;
	if (!rest.len || !text_is_hanzi(text_next(&rest)))
		return one;
	two = name.len - rest.len;
	/* Each stands in six bytes and a blank. */
	size_t at = two == 6 ? view_find(view(compounds, sizeof compounds - 1), view_first(name, two)) : SIZE_MAX;
	if (at != SIZE_MAX && at % 7 == 0)
		return two;
	return one;
}

/* ---- normal form ---- */

static bool is_dot(uint32_t code)
{
	return code == 0xB7 || code == 0x2022 || code == 0x30FB || code == 0xFF65 || code == 0x2027 || code == 0x2219;
}

static char bracket(uint32_t code)
{
	switch (code) {
	case '(': case '[': case '{': case 0x3010: case 0x3014: return '(';
	case ')': case ']': case '}': case 0x3011: case 0x3015: return ')';
	default: return 0;
	}
}

/* A name under way: code points are enough of an alphabet for all that is done to it. */
struct name {
	uint32_t codes[PERSON_LONGEST];
	size_t count;
};

/* Full-width ASCII as ASCII in its own case, odd blanks as one, brackets and dots as one
 * kind each; false where it does not fit. */
static bool read_codes(struct view text, struct name *name)
{
	name->count = 0;
	while (text.len) {
		uint32_t code = text_next(&text);
		bool blank;
		if (code >= 0xFF01 && code <= 0xFF5E)
			code -= 0xFF01 - '!';
		if (code >= 0x80 && !text_fold_code(code))
			continue;
		if (is_dot(code))
			code = 0xB7;
		else if (bracket(code))
			code = (unsigned char)bracket(code);
		else if (code == 0xD7) /* × */
			code = '*';
		blank = code < 0x21 || code == 0x7F || text_fold_code(code) == ' ';
		if (blank && (!name->count || name->codes[name->count - 1] == ' '))
			continue;
		if (name->count == COUNT(name->codes))
			return false;
		name->codes[name->count++] = blank ? ' ' : code;
	}
	while (name->count && name->codes[name->count - 1] == ' ')
		name->count--;
	return true;
}

static void drop(struct name *name, size_t from, size_t to)
{
	memmove(name->codes + from, name->codes + to, (name->count - to) * sizeof *name->codes);
	name->count -= to - from;
}

/* Blanks and points between two hanzi: a blank goes, a point is the dot of a long name. */
static void join_hanzi(struct name *name)
{
	for (size_t i = 1; i + 1 < name->count;) {
		bool between = text_is_hanzi(name->codes[i - 1]) &&
		               (text_is_hanzi(name->codes[i + 1]) || name->codes[i + 1] == '(' || name->codes[i + 1] == '*');
		if (between && name->codes[i] == ' ') {
			drop(name, i, i + 1);
			continue;
		}
		if (between && name->codes[i] == '.')
			name->codes[i] = 0xB7;
		i++;
	}
}

/* 张xx is 张**. */
static void fold_masks(struct name *name)
{
	size_t end = name->count;
	while (end && (name->codes[end - 1] == 'x' || name->codes[end - 1] == 'X' || name->codes[end - 1] == '*'))
		end--;
	if (end && text_is_hanzi(name->codes[end - 1]))
		for (; end < name->count; end++)
			name->codes[end] = '*';
}

/* Drops brackets with what is in them; one that is never closed, to the end. */
static bool drop_notes(struct name *name)
{
	bool found = false;
	for (size_t i = 0; i < name->count;) {
		size_t end = i, depth = 0;
		if (name->codes[i] == ')') {
			drop(name, i, i + 1);
			found = true;
			continue;
		}
		if (name->codes[i] != '(') {
			i++;
			continue;
		}
		for (; end < name->count; end++) {
			depth += name->codes[end] == '(';
			depth -= name->codes[end] == ')';
			if (!depth)
				break;
		}
		drop(name, i, end < name->count ? end + 1 : name->count);
		found = true;
	}
	return found;
}

/* 李娜-朋友介绍: from a hyphen behind a hanzi on. */
static bool drop_remark(struct name *name)
{
	for (size_t i = 1; i < name->count; i++) {
		bool hyphen = name->codes[i] == '-' || name->codes[i] == 0x2014 || name->codes[i] == 0x2013;
		if (!hyphen || !text_is_hanzi(name->codes[i - 1]))
			continue;
		name->count = i;
		return true;
	}
	return false;
}

static bool write_codes(const struct name *name, struct person *person)
{
	char bytes[PERSON_LONGEST + 4];
	size_t len = 0;
	for (size_t i = 0; i < name->count; i++) {
		len += text_encode(name->codes[i], bytes + len);
		if (len > PERSON_LONGEST)
			return false;
	}
	memcpy(person->text, bytes, len);
	person->len = (unsigned char)len;
	return true;
}

/* ---- companies and what is no name ---- */

static bool is_company(struct view text)
{
	static const char *const inside[] = { "公司", "有限责任", "合伙企业", "Co.,", "Ltd", "LTD", "Inc.", "GmbH" };
	static const char *const ends[] = { "集团", "工厂",   "中心",   "合作社", "事务所", "银行",   "学校",  "医院",
		                            "大学", "管理局", "委员会", "工作室", "商行",   "经营部", "协会",  "基金会",
		                            "商店", "酒店",   "饭店",   "幼儿园", "研究院", "研究所", "商贸部" };
	for (size_t i = 0; i < COUNT(inside); i++)
		if (view_find(text, view_of(inside[i])) != SIZE_MAX)
			return true;
	/* 张中心 is a person: a company has a name of two characters before its kind. */
	for (size_t i = 0; i < COUNT(ends); i++)
		if (view_ends(text, view_of(ends[i])) && text_count(text) >= text_count(view_of(ends[i])) + 2)
			return true;
	return false;
}

static bool is_placeholder(struct view text)
{
	static const char *const words[] = { "测试", "test", "TEST", "Test", "匿名", "无名", "客户", "顾客", "访客", "散客", "业主", "未登记", "同上", "某某" };
	for (size_t i = 0; i < COUNT(words); i++)
		if (view_is(text, words[i]))
			return true;
	return false;
}

/* More than digits and signs, and nothing that is broken. */
static bool is_readable(struct view text)
{
	bool letter = false;
	while (text.len) {
		uint32_t code = text_next(&text);
		if (code == TEXT_BAD)
			return false;
		letter = letter || (code >= 0x80 ? code != 0xB7 : byte_is_letter((char)code));
	}
	return letter;
}

/* ---- titles ---- */

static const struct title {
	const char *text;
	char sex;
	bool on_surname; /* only behind a surname: 王小哥 may be a name */
} titles[] = {
	/* longer ones before those that they end with */
	{ "董事长", 'U', false }, { "总经理", 'U', false }, { "经理", 'U', false }, { "先生", 'M', false }, { "女士", 'F', false },
	{ "小姐", 'F', false },   { "太太", 'F', false },   { "夫人", 'F', false }, { "老师", 'U', false }, { "师傅", 'U', false },
	{ "老板", 'U', false },   { "主任", 'U', false },   { "医生", 'U', false }, { "阿姨", 'F', false }, { "大姐", 'F', false },
	{ "大哥", 'M', false },   { "叔叔", 'M', false },   { "大叔", 'M', false }, { "大爷", 'M', false }, { "奶奶", 'F', false },
	{ "同志", 'U', true },    { "总", 'U', false },     { "董", 'U', true },    { "姐", 'F', true },    { "哥", 'M', true },
	{ "叔", 'M', true },      { "姨", 'F', true },      { "伯", 'M', true },    { "工", 'U', true },
};

/* Takes one title off the end; what would leave nothing stays. */
static bool drop_title(struct person *person)
{
	for (size_t i = 0; i < COUNT(titles); i++) {
		struct view title = view_of(titles[i].text), text = person_text(person);
		size_t left = text.len - title.len;
		if (text.len <= title.len || !view_ends(text, title))
			continue;
		while (left && text.ptr[left - 1] == ' ')
			left--;
		if (!left || (titles[i].on_surname && person_surname(view_first(text, left)) != left))
			continue;
		person->len = (unsigned char)left;
		if (titles[i].sex != 'U')
			person->sex = titles[i].sex;
		return true;
	}
	return false;
}

static bool is_title(struct view text)
{
	for (size_t i = 0; i < COUNT(titles); i++)
		if (view_is(text, titles[i].text) && !titles[i].on_surname)
			return true;
	return false;
}

/* ---- the whole ---- */

static void read_person(struct person *person)
{
	struct view text = person_text(person);
	person->kind = PERSON_UNKNOWN;
	if (!is_readable(text) || is_placeholder(text) || is_title(text))
		return;
	while (drop_title(person)) /* 王总先生 */
		;
	text = person_text(person);
	if (!is_readable(text) || is_placeholder(text))
		return;
	person->kind = PERSON_NATURAL;
	person->masked = view_find_byte(text, '*') != SIZE_MAX || view_find(text, VIEW("某")) != SIZE_MAX;
	/* Names with a dot have no surname in front. */
	if (view_find(text, VIEW("·")) == SIZE_MAX)
		person->surname = (unsigned char)person_surname(text);
	person->surname_only = person->surname && person->surname == person->len;
}

static void parse_once(struct view cell, struct person *person)
{
	struct text_cell folded;
	struct name name;
	*person = (struct person){ .sex = 'U' };
	if (text_cell_fold(cell, &folded) && text_is_null(text_cell_view(&folded)))
		return;
	person->kind = PERSON_UNKNOWN;
	if (!read_codes(cell, &name))
		return;
	join_hanzi(&name);
	if (!write_codes(&name, person))
		return;
	person->kind = PERSON_COMPANY; /* whose brackets are of the name */
	if (is_company(person_text(person)))
		return;
	person->noted = drop_notes(&name);
	person->noted = drop_remark(&name) || person->noted;
	while (name.count && name.codes[name.count - 1] == ' ')
		name.count--;
	while (name.count && name.codes[0] == ' ')
		drop(&name, 0, 1);
	join_hanzi(&name);
	fold_masks(&name);
	write_codes(&name, person);
	if (!is_company(person_text(person)))
		read_person(person);
}

/* Most cells are two to four hanzi and nothing else.  One that does not end as a title, a
 * company, a placeholder or a word for "nothing" may, and holds no character that tells a
 * company or hides a name, is a person's name as it stands: far cheaper than asking for all
 * of them. */
static bool is_title_alone(uint32_t code)
{
	switch (code) {
	case u'总': case u'董': case u'姐': case u'哥': case u'叔': case u'姨': case u'伯': case u'工':
		return true;
	default:
		return false;
	}
}

/* The last character of 经理, 公司, 集团, 测试 and the like. */
static bool is_last(uint32_t code)
{
	switch (code) {
	case u'长': case u'理': case u'生': case u'士': case u'太': case u'人': case u'师': case u'傅':
	case u'板': case u'爷': case u'奶': case u'志': case u'团': case u'厂': case u'心': case u'社':
	case u'所': case u'行': case u'校': case u'院': case u'学': case u'局': case u'会': case u'室':
	case u'部': case u'店': case u'园': case u'试': case u'名': case u'户': case u'客': case u'主':
	case u'记': case u'上': case u'知': case u'详': case u'无': case u'定':
		return true;
	default:
		return false;
	}
}

/* The one before it. */
static bool is_before_last(uint32_t code)
{
	switch (code) {
	case u'事': case u'经': case u'先': case u'女': case u'小': case u'太': case u'夫': case u'老':
	case u'师': case u'主': case u'医': case u'阿': case u'大': case u'叔': case u'奶': case u'同':
	case u'集': case u'工': case u'中': case u'作': case u'务': case u'银': case u'学': case u'理':
	case u'员': case u'商': case u'营': case u'协': case u'金': case u'酒': case u'饭': case u'儿':
	case u'究': case u'贸': case u'测': case u'匿': case u'无': case u'客': case u'顾': case u'访':
	case u'散': case u'登': case u'未': case u'不': case u'暂': case u'待':
		return true;
	default:
		return false;
	}
}

static bool is_plain(struct view cell)
{
	enum { HANZI = 3, FEWEST = 2, MOST = 4 };
	size_t count = cell.len / HANZI;
	uint32_t before = 0;
	if (cell.len % HANZI || count < FEWEST || count > MOST)
		return false;
	for (size_t at = 0; at < cell.len; at += HANZI) {
		const unsigned char *s = (const unsigned char *)cell.ptr + at;
		uint32_t code = (s[0] & 0x0Fu) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
		if (s[0] < 0xE4 || s[0] > 0xE9 || (s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80 || code < 0x4E00 ||
		    code == u'司' || code == u'任' || code == u'业' || code == u'某')
			return false;
		if (at + HANZI == cell.len && (is_title_alone(code) || (is_last(code) && is_before_last(before))))
			return false;
		before = code;
	}
	return true;
}

static bool read_plain(struct view cell, struct person *person)
{
	if (!is_plain(cell))
		return false;
	*person = (struct person){ .kind = PERSON_NATURAL, .sex = 'U', .len = (unsigned char)cell.len };
	memcpy(person->text, cell.ptr, cell.len);
	person->surname = (unsigned char)person_surname(cell);
	person->surname_only = person->surname == person->len;
	return true;
}

enum person_kind person_kind_of(struct view cell)
{
	struct person person;
	return is_plain(cell) ? PERSON_NATURAL : person_parse(cell, &person);
}

/* What one pass takes off may lay bare what the next one takes off; dirt rarely has a
 * second layer, and eight are enough for any. */
enum person_kind person_parse(struct view cell, struct person *person)
{
	if (read_plain(cell, person))
		return person->kind;
	parse_once(cell, person);
	for (int pass = 0; pass < 8 && (person->kind == PERSON_NATURAL || person->kind == PERSON_COMPANY); pass++) {
		struct person before = *person;
		parse_once(person_text(&before), person);
		person->noted = person->noted || before.noted;
		if (person->sex == 'U')
			person->sex = before.sex;
		if (view_equal(person_text(&before), person_text(person)))
			break;
	}
	return person->kind;
}

bool person_next(struct view *cell, struct view *name)
{
	while (cell->len) {
		struct view rest = *cell;
		size_t depth = 0, len = 0;
		while (rest.len) {
			uint32_t code = text_next(&rest);
			char side = bracket(code == 0xFF08 ? '(' : code == 0xFF09 ? ')' : code);
			depth += side == '(';
			depth -= side == ')' && depth;
			if (!depth && (code == 0x3001 || code == '/' || code == ',' || code == 0xFF0C || code == ';' ||
			               code == 0xFF1B || code == '&' || code == '|' || code == '\n' || code == 0xFF0F))
				break;
			len = cell->len - rest.len;
		}
		*name = view_trim(view_first(*cell, len));
		*cell = rest;
		if (name->len)
			return true;
	}
	return false;
}
