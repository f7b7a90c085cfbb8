/* Layouts of homes. */
#include "value/floorplan.h"

#include "test.h"

static const struct {
	const char *text;
	enum floorplan_result result;
	const char *canonical;
	const char *why;
} plans[] = {
	{ "3室2厅2卫", FLOORPLAN_OK, "3室2厅2卫", "as it should be" },
	{ "3室2厅", FLOORPLAN_OK, "3室2厅", "less of it" },
	{ "3室", FLOORPLAN_OK, "3室", "only rooms" },
	{ "1室0厅1卫", FLOORPLAN_OK, "1室0厅1卫", "no hall" },
	{ "3房2厅2卫", FLOORPLAN_OK, "3室2厅2卫", "房" },
	{ "三房两厅", FLOORPLAN_OK, "3室2厅", "Chinese numerals" },
	{ "三房二厅一卫", FLOORPLAN_OK, "3室2厅1卫", "others" },
	{ "３室２厅２卫", FLOORPLAN_OK, "3室2厅2卫", "full width" },
	{ "3 室 2 厅", FLOORPLAN_OK, "3室2厅", "blanks" },
	{ "三房兩廳兩衛", FLOORPLAN_OK, "3室2厅2卫", "traditional characters" },
	{ "3室2厅1厨2卫", FLOORPLAN_OK, "3室2厅2卫", "a kitchen" },
	{ "3室2厅2卫1阳台", FLOORPLAN_OK, "3室2厅2卫", "a balcony" },
	{ "3室2卫", FLOORPLAN_OK, "3室2卫", "no word of halls" },
	{ "2房间1卫", FLOORPLAN_OK, "2室1卫", "房间" },
	{ "两居", FLOORPLAN_OK, "2室", "居" },
	{ "三居室", FLOORPLAN_OK, "3室", "居室" },
	{ "十室四厅", FLOORPLAN_OK, "10室4厅", "ten" },
	{ "3-2-2-1", FLOORPLAN_OK, "3室2厅2卫", "bare numbers" },
	{ "3-2-2", FLOORPLAN_OK, "3室2厅2卫", "three" },
	{ "3/2/2", FLOORPLAN_OK, "3室2厅2卫", "slashes" },
	{ "3*2", FLOORPLAN_OK, "3室2厅", "two" },
	{ "3", FLOORPLAN_OK, "3室", "one" },
	{ "30", FLOORPLAN_OK, "3室", "a system's code" },
	{ "50", FLOORPLAN_OK, "5室以上", "another" },
	{ "0", FLOORPLAN_OK, "不限", "another" },
	{ "不限", FLOORPLAN_OK, "不限", "none is preferred" },
	{ "五居以上", FLOORPLAN_OK, "5室以上", "and more" },
	{ "五房及以上", FLOORPLAN_OK, "5室以上", "and more" },
	{ "3+1房2厅", FLOORPLAN_OK, "3+1室2厅", "a small one besides" },
	{ "2-3房", FLOORPLAN_OK, "2室|3室", "a range" },
	{ "两至四居", FLOORPLAN_OK, "2室|3室|4室", "in words" },
	{ "三房、四房", FLOORPLAN_OK, "3室|4室", "several" },
	{ "3室2厅/4室2厅", FLOORPLAN_OK, "3室2厅|4室2厅", "with a slash" },
	{ "3室|4室", FLOORPLAN_OK, "3室|4室", "as they should be" },
	{ "开间", FLOORPLAN_OK, "1室0厅", "one room for all" },
	{ "", FLOORPLAN_EMPTY, "", "empty" },
	{ "暂无", FLOORPLAN_EMPTY, "", "nothing" },
	{ "A户型", FLOORPLAN_NAME, "", "a developer's name" },
	{ "B1户型", FLOORPLAN_NAME, "", "another" },
	{ "T3", FLOORPLAN_NAME, "", "another" },
	{ "复式", FLOORPLAN_NAME, "", "a kind of home" },
	{ "LOFT", FLOORPLAN_NAME, "", "another" },
	{ "3-2-1-2", FLOORPLAN_AMBIGUOUS, "", "kitchen or bath" },
	{ "3月2日", FLOORPLAN_BAD, "", "3-2 after Excel" },
	{ "2003-2-2", FLOORPLAN_BAD, "", "3-2-2 after Excel" },
	{ "三房两厅89㎡", FLOORPLAN_BAD, "", "with an area" },
	{ "两厅", FLOORPLAN_BAD, "", "no rooms" },
	{ "3室3房", FLOORPLAN_BAD, "", "twice" },
	{ "99室", FLOORPLAN_BAD, "", "too many" },
	{ "3室2厅,看看", FLOORPLAN_BAD, "", "one of several cannot be read" },
	{ "3--2", FLOORPLAN_BAD, "", "two dashes" },
	{ "3-2/2", FLOORPLAN_BAD, "", "two signs" },
	{ "3-2-2-1-1", FLOORPLAN_BAD, "", "five" },
	{ "0-2-1", FLOORPLAN_BAD, "", "no room" },
	{ "室", FLOORPLAN_BAD, "", "no number" },
};

int main(void)
{
	struct buf buf = { 0 }, again = { 0 };
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		buf_reset(&buf);
		buf_reset(&again);
		enum floorplan_result result = floorplan_parse(view_of(plans[i].text), &buf);
		CHECK(result == plans[i].result, "%s: %s", plans[i].text, floorplan_result_name(result));
		CHECK_TEXT(buf_view(&buf), view_of(plans[i].canonical), "%s: %s", plans[i].text, plans[i].why);
		if (result)
			continue;
		CHECK(floorplan_parse(buf_view(&buf), &again) == FLOORPLAN_OK, "%s: again", plans[i].text);
		CHECK_TEXT(buf_view(&again), buf_view(&buf), "%s: again", plans[i].text);
	}
	buf_release(&buf);
	buf_release(&again);
	return test_end();
}
