/* Tests of value/charset: invented text, put into other encodings by iconv. */
#include "value/charset.h"

#include <iconv.h>

#include "base/buf.h"
#include "gen.h"
#include "test.h"

/* Text in another encoding; what the encoding lacks is left out. */
static void encode(struct view utf8, const char *charset, struct buf *out)
{
	iconv_t cd = iconv_open(charset, "UTF-8");
	char *from = (char *)(uintptr_t)utf8.ptr;
	size_t left = utf8.len;
	buf_reset(out);
	while (left) {
		char *to = buf_reserve(out, left * 4 + 16);
		size_t room = out->cap - out->len, before = room;
		bool failed = iconv(cd, &from, &left, &to, &room) == (size_t)-1;
		out->len += before - room;
		for (bool first = true; failed && left && (first || ((unsigned char)*from & 0xC0) == 0x80); first = false)
			from++, left--;
	}
	iconv_close(cd);
}

static const char header[] = "姓名,手机号,来访渠道,备注\r\n";
static const char simplified[] = "王小明,13901234567,中介,第二次到访，看过样板间\r\n"
                                 "李芳,15801234567,自然到访,预算两百万左右\r\n"
                                 "欧阳静,18601234567,老带新,想要三室两厅\r\n";
static const char traditional[] = "王小明,13901234567,仲介,第二次到訪，看過樣品屋\r\n"
                                  "李芳,15801234567,自然到訪,預算兩百萬左右\r\n"
                                  "歐陽靜,18601234567,老帶新,想要三室兩廳\r\n";

static void check(const char *utf8, const char *charset, const char *why)
{
	struct buf out = { 0 };
	encode(view_of(utf8), charset, &out);
	struct view copy = gen_copy(buf_view(&out));
	struct charset_found found = charset_detect(copy, true);
	CHECK(strcmp(charset_name(found.charset), charset) == 0, "%s is not %s: %s", charset, charset_name(found.charset), why);
	CHECK(found.reason && *found.reason, "a reason is given");
	gen_free(copy);
	buf_release(&out);
}

static void test_ledgers(void)
{
	char both[512];
	check(header, "GB18030", "a header alone");
	check(header, "UTF-8", "a header alone");
	check(header, "UTF-16LE", "a header alone");
	check(header, "UTF-16BE", "a header alone");
	check("姓名\n", "UTF-16LE", "one short line");
	check("上海\n上海\n", "UTF-16LE", "a low byte that is a line feed");
	check("张三", "GB18030", "two hanzi");
	check("張三豐,中華民國\n", "BIG5", "a line");
	snprintf(both, sizeof both, "%s%s", header, simplified);
	check(both, "GB18030", "a ledger");
	check(both, "UTF-8", "a ledger");
	check(both, "UTF-16LE", "a ledger");
	check(both, "UTF-16BE", "a ledger");
	check(traditional, "BIG5", "a ledger in traditional characters");
	check("𠮷田,䶮\n名字,㛃\n", "GB18030", "four bytes");
	check(traditional, "EUC-TW", "a ledger in traditional characters");
	check("張三豐,中華民國\n", "GB18030", "a line too short to be taken for EUC-TW");
}

static const struct {
	const char *bytes;
	size_t len;
	bool whole;
	enum charset charset;
	unsigned bom;
	bool doubtful;
	const char *why;
} samples[] = {
	{ "", 0, true, CHARSET_UTF8, 0, false, "empty" },
	{ "a,b\n1,2\n", 8, true, CHARSET_UTF8, 0, false, "ASCII" },
	{ "a,b\n1,\0\n", 8, true, CHARSET_UTF8, 0, false, "a NUL is no UTF-16" },
	{ "\0\0\0\0", 4, true, CHARSET_UTF8, 0, false, "nor are many" },
	{ "\0", 1, true, CHARSET_UTF8, 0, false, "nor is one" },
	{ "\xEF\xBB\xBF" "a", 4, true, CHARSET_UTF8, 3, false, "a mark, UTF-8" },
	{ "\xFF\xFE" "a\0", 4, true, CHARSET_UTF16LE, 2, false, "a mark, little endian" },
	{ "\xFE\xFF\0a", 4, true, CHARSET_UTF16BE, 2, false, "a mark, big endian" },
	{ "\xFF\xFE\0\0a\0\0\0", 8, true, CHARSET_UTF32LE, 4, false, "a mark, four bytes each" },
	{ "\0\0\xFE\xFF\0\0\0a", 8, true, CHARSET_UTF32BE, 4, false, "a mark, four bytes each, big endian" },
	{ "\xFF\xFE\0", 3, false, CHARSET_UTF16LE, 2, false, "a mark, cut" },
	{ "\x84\x31\x95\x33" "a", 5, true, CHARSET_GB18030, 4, false, "a mark, GB18030" },
	{ "ab\xE5\xBC\xA0\xE4\xB8", 7, false, CHARSET_UTF8, 0, false, "a character cut by the end of the sample" },
	{ "ab\xE5\xBC\xA0\xE4", 6, false, CHARSET_UTF8, 0, false, "after one byte" },
	{ "ab\xF0\xA0\xAE", 5, false, CHARSET_UTF8, 0, false, "after three of four" },
	{ "\xC2\xA1\xCC\xEC", 4, true, CHARSET_GB18030, 0, false, "隆天: the second byte pair is no UTF-8" },
	{ "\xC2\xA1", 2, true, CHARSET_UTF8, 0, true, "隆 or an exclamation mark" },
	{ "caf\xE9 du monde\n", 14, true, CHARSET_GB18030, 0, true, "Latin-1 is none of ours" },
};

static void test_samples(void)
{
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		struct view copy = gen_copy(view(samples[i].bytes, samples[i].len));
		struct charset_found found = charset_detect(copy, samples[i].whole);
		CHECK(found.charset == samples[i].charset && found.bom == samples[i].bom, "%s: %s", samples[i].why,
		      charset_name(found.charset));
		CHECK(found.doubtful == samples[i].doubtful, "doubt: %s", samples[i].why);
		gen_free(copy);
	}
}

static void test_mixed(void)
{
	struct buf gb = { 0 }, all = { 0 };
	encode(view_of(simplified), "GB18030", &gb);
	buf_text(&all, simplified);
	buf_put(&all, view_first(buf_view(&gb), view_find_byte(buf_view(&gb), '\n') + 1));
	struct charset_found found = charset_detect(buf_view(&all), true);
	CHECK(found.mixed && found.charset == CHARSET_UTF8 && found.utf8_lines == 3 && found.other_lines == 1,
	      "a line of GB18030 in a UTF-8 file: %zu and %zu", found.utf8_lines, found.other_lines);
	buf_reset(&all);
	buf_put(&all, buf_view(&gb));
	buf_text(&all, "王小明,看过样板间\n");
	found = charset_detect(buf_view(&all), true);
	CHECK(found.mixed && found.charset == CHARSET_GB18030, "and the other way round");
	buf_release(&gb);
	buf_release(&all);
}

/* Ledgers of invented names, as few as one row, in each encoding, cut anywhere. */
static void test_made_up(void)
{
	static const char *const names[] = { "王", "李", "张", "刘", "陈", "杨", "黄", "赵", "吴", "周", "伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "明", "超", "秀英", "桂兰", "欧阳", "鑫", "淼" };
	static const char *const channels[] = { "中介", "自然到访", "老带新", "线上", "外拓", "分销" };
	static const char *const encodings[] = { "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030" };
	uint64_t seed = 31;
	unsigned wrong = 0;
	struct buf text = { 0 }, out = { 0 };
	for (int i = 0; i < 1500; i++) {
		buf_reset(&text);
		for (uint64_t row = 1 + gen_below(&seed, 6); row; row--) {
			for (uint64_t k = 2 + gen_below(&seed, 2); k; k--)
				buf_text(&text, names[gen_below(&seed, sizeof names / sizeof *names)]);
			buf_printf(&text, ",139%08u,", (unsigned)gen_below(&seed, 100000000));
			buf_text(&text, channels[gen_below(&seed, sizeof channels / sizeof *channels)]);
			buf_byte(&text, '\n');
		}
		const char *charset = encodings[gen_below(&seed, 4)];
		encode(buf_view(&text), charset, &out);
		size_t cut = gen_below(&seed, 4);
		struct view copy = gen_copy(view_first(buf_view(&out), out.len - cut));
		wrong += strcmp(charset_name(charset_detect(copy, false).charset), charset) != 0;
		gen_free(copy);
	}
	CHECK(wrong == 0, "%u of 1500 ledgers are wrong", wrong);
	buf_release(&text);
	buf_release(&out);
}

/* The trap of EUC-TW: its level 1 has the bytes of half of GB 2312, and of Cyrillic letters. */
static void test_not_euc_tw(void)
{
	static const char russian[] = "Это не китайский текст, а русский, в котором каждая буква один байт; "
	                              "фамилия имя отчество телефон адрес\n";
	static const char *const encodings[] = { "CP1251", "KOI8-R", "ISO-8859-5" };
	struct buf out = { 0 };
	for (size_t i = 0; i < sizeof encodings / sizeof *encodings; i++) {
		encode(view_of(russian), encodings[i], &out);
		CHECK(charset_detect(buf_view(&out), true).charset != CHARSET_EUC_TW, "%s", encodings[i]);
	}
	/* Hanzi of GB 2312 whose lead bytes are C4 and more only: level 1, so GB18030. */
	encode(VIEW("你们是谁想要三室两厅这样我们明天看样板间再联系说说他她它拍卖内容排平破勤取去权上神审生省实事\n"),
	       "GB18030", &out);
	CHECK(charset_detect(buf_view(&out), true).charset == CHARSET_GB18030, "lead bytes that both have");
	buf_release(&out);
}

static void test_any_bytes(void)
{
	uint64_t seed = 37;
	for (int i = 0; i < 5000; i++) {
		char bytes[64];
		size_t len = gen_below(&seed, sizeof bytes);
		for (size_t k = 0; k < len; k++)
			bytes[k] = (char)(gen_next(&seed) >> 7);
		struct view copy = gen_copy(view(bytes, len));
		struct charset_found found = charset_detect(copy, i % 2);
		CHECK(found.reason != NULL && found.gb18030_share <= 100 && found.big5_share <= 100, "any bytes have an answer");
		gen_free(copy);
	}
}

int main(void)
{
	test_ledgers();
	test_samples();
	test_mixed();
	test_made_up();
	test_not_euc_tw();
	test_any_bytes();
	return test_end();
}
