/* Names of channels: places in a tree of two levels. */
#include "import/channel.h"

#include <stdlib.h>

#include "test.h"

static const struct {
	const char *name;
	bool known;
	const char *channel, *channel2, *why;
} names[] = {
	{ "抖音直播", true, "线上", "抖音", "as it is listed" },
	{ " 抖 音 直播", true, "线上", "抖音", "blanks" },
	{ "电ｃａｌｌ", true, "自渠", "电开call客", "width and case" },
	{ "電CALL", true, "自渠", "电开call客", "traditional characters" },
	{ "自然来访", true, "自然", "", "one level" },
	{ "线上-抖音", true, "线上", "抖音", "a path" },
	{ "线上/抖音", true, "线上", "抖音", "another sign" },
	{ "线上—抖音广告", true, "线上", "抖音", "a long dash" },
	{ "户外-户外-电梯", false, "", "", "a path of three" },
	{ "中介-抖音", false, "", "", "the first is not above the second" },
	{ "线上-", false, "", "", "nothing behind the sign" },
	{ "-抖音", false, "", "", "nothing before it" },
	{ "地推扫码", false, "", "", "not listed" },
	{ "", false, "", "", "nothing" },
};

static void check(const struct channels *channels, const char *name, const char *channel, const char *channel2, const char *why)
{
	struct channel found = { VIEW("?"), VIEW("?") };
	bool known = channels_find(channels, view_of(name), &found);
	CHECK(known == (channel != NULL), "%s: known", why);
	if (!known)
		CHECK(view_is(found.channel, "?") && view_is(found.channel2, "?"), "%s: nothing is set", why);
	if (!known)
		return;
	CHECK_TEXT(found.channel, view_of(channel), "%s: first level", why);
	CHECK_TEXT(found.channel2, view_of(channel2), "%s: second level", why);
}

int main(void)
{
	struct arena arena = { 0 };
	struct channels channels;
	channels_load(&channels, &arena, NULL);
	CHECK(channels.names.count > 150, "the names of the trade");
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		check(&channels, names[i].name, names[i].known ? names[i].channel : NULL, names[i].channel2, names[i].why);
	channels_release(&channels);

	char file[] = "/tmp/crm-channel-XXXXXX";
	int fd = mkstemp(file);
	FILE *out = fdopen(fd, "w");
	fputs("raw,channel,channel2,src_line\n地推扫码,自渠,地推,2\n抖音,直播,抖音,3\nDm,直邮,,4\n", out);
	fclose(out);
	channels_load(&channels, &arena, file);
	check(&channels, "地推扫码", "自渠", "地推", "a site's own name");
	check(&channels, "抖音", "直播", "抖音", "a name that the site puts elsewhere");
	check(&channels, "抖音直播", "线上", "抖音", "others stay");
	check(&channels, "DM", "直邮", "", "another case of a built-in name");
	channels_release(&channels);
	remove(file);
	arena_release(&arena);
	return test_end();
}
