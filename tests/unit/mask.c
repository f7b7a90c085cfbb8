/* Tests of value/mask.  People and numbers are invented. */
#include "value/mask.h"

#include "gen.h"
#include "test.h"

static const struct {
	const char *name, *masked, *middle;
} names[] = {
	{ "张三", "张*", "张*" },
	{ "张三丰", "张**", "张*丰" },
	{ "欧阳静", "欧阳*", "欧阳*" },
	{ "诸葛小明", "诸葛**", "诸葛*明" },
	{ "张先生", "张*", "张*" },
	{ "张三(13900001234)", "张*", "张*" },
	{ "张**", "张**", "张**" },
	{ "John Smith", "J***", "J***" },
	{ "阿凡提·买买提", "阿***", "阿***" },
	{ "虚构有限公司", "虚构有限公司", "虚构有限公司" },
	{ "13900001234", "***", "***" },
	{ "张\xFF三", "***", "***" },
	{ "", "", "" },
}, phones[] = {
	{ "13900001234", "139****1234", NULL },
	{ "+86 139 0000 1234", "139****1234", NULL },
	{ "１３９００００１２３４", "139****1234", NULL },
	{ "13900001234/15800005678", "139****1234/158****5678", NULL },
	{ "010-82345671", "010-****5671", NULL },
	{ "0755-82345671-801", "0755-****5671", NULL },
	{ "82345671", "****5671", NULL },
	{ "4001234569", "4001234569", NULL },
	{ "+85291234567", "****4567", NULL },
	{ "138****1234", "138****1234", NULL },
	{ "1381234****", "138********", NULL },
	{ "13900001234 张三 139000012", "139****1234/***", NULL },
	{ "1390000123", "***", NULL },
	{ "139000012345", "***", NULL },
	{ "1.39E+10", "***", NULL },
	{ "张三", "***", NULL },
	{ "-", "", NULL },
	{ "", "", NULL },
}, certs[] = {
	{ "11010519491231002X", "110105********002X", "1****************X" },
	{ "11010519491231002x", "110105********002X", "1****************X" },
	{ "110105194912310021", "110105********0021", "1****************1" },
	{ "990105194912310021", "990105********0021", "9****************1" },
	{ "110105491231002", "110105*****1002", "1*************2" },
	{ "110105********002X", "110105********002X", "1****************X" },
	{ "E12345678", "E*******8", "E*******8" },
	{ "12345678901234567", "1***************7", "1***************7" },
	{ "123456789012345678901", "***", "***" },
	{ "1.10105E+17", "***", "***" },
	{ "", "", "" },
};

static void phone(struct view text, bool how, struct buf *out)
{
	(void)how;
	mask_phone(text, out);
}

#define CHECK_ALL(table, mask)                                                                          \
	for (size_t i = 0; i < sizeof(table) / sizeof *(table); i++) {                                  \
		struct view copy = gen_copy(view_of((table)[i].name));                                  \
		buf_reset(&out);                                                                        \
		mask(copy, false, &out);                                                                \
		CHECK_TEXT(buf_view(&out), view_of((table)[i].masked), "\"%s\"", (table)[i].name);      \
		buf_reset(&out);                                                                        \
		mask(copy, true, &out);                                                                 \
		if ((table)[i].middle)                                                                  \
			CHECK_TEXT(buf_view(&out), view_of((table)[i].middle), "\"%s\"", (table)[i].name); \
		gen_free(copy);                                                                         \
	}

/* Whatever is in a cell, no long row of its digits comes out. */
static void test_nothing_leaks(void)
{
	static const char *const pieces[] = { "139", "0000", "1234", "110105", "19491231", "002X", "-", " ", "/", "+86", "*", "张三", "(", "x", "１", "400" };
	uint64_t seed = 43;
	struct buf out = { 0 };
	for (int i = 0; i < 20000; i++) {
		struct view text = gen_text(&seed, pieces, sizeof pieces / sizeof *pieces, 8);
		buf_reset(&out);
		mask_phone(text, &out);
		size_t longest = 0, run = 0;
		for (size_t k = 0; k < out.len; k++) {
			run = byte_is_digit(out.ptr[k]) ? run + 1 : 0;
			longest = run > longest ? run : longest;
		}
		/* Services (400...) are shown; nobody's own number begins so. */
		CHECK(longest <= 4 || view_find(buf_view(&out), VIEW("400")) != SIZE_MAX, "\"%.*s\"", VIEW_ARGS(buf_view(&out)));
		buf_reset(&out);
		mask_cert(text, true, &out);
		for (run = 0, longest = 0; run < out.len; run++)
			longest += out.ptr[run] != '*';
		CHECK(longest <= 2 || out.len == 18, "strictly at most two characters");
		gen_free(text);
	}
	buf_release(&out);
}

int main(void)
{
	struct buf out = { 0 };
	CHECK_ALL(names, mask_name)
	CHECK_ALL(phones, phone)
	CHECK_ALL(certs, mask_cert)
	test_nothing_leaks();
	buf_release(&out);
	return test_end();
}
