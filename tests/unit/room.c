/* Numbers of rooms: many ways of writing, one key. */
#include "value/room.h"

#include "base/buf.h"
#include "test.h"

static const struct {
	const char *text;
	enum room_result result;
	const char *key;
	const char *why;
} rooms[] = {
	/* the ways to write one */
	{ "3栋2单元1201", ROOM_OK, "3-2-1201", "in words" },
	{ "3-2-1201", ROOM_OK, "3-2-1201", "bare" },
	{ "3#楼2单元12层01", ROOM_OK, "3-2-1201", "the room on its floor" },
	{ "三号楼二单元1201室", ROOM_OK, "3-2-1201", "Chinese numerals" },
	{ "３栋２单元１２０１", ROOM_OK, "3-2-1201", "full width" },
	{ "3幢2单元1201室", ROOM_OK, "3-2-1201", "幢, 室" },
	{ "3#-2-1201", ROOM_OK, "3-2-1201", "#" },
	{ "3#2-1201", ROOM_OK, "3-2-1201", "# without a dash behind it" },
	{ "3#楼-2单元-1201", ROOM_OK, "3-2-1201", "#楼" },
	{ "3号楼2单元1201号", ROOM_OK, "3-2-1201", "号 of a building and of a room" },
	{ "3号2单元1201房", ROOM_OK, "3-2-1201", "号 alone is a building where more follows" },
	{ "第3栋第2单元1201室", ROOM_OK, "3-2-1201", "第" },
	{ "3 栋 2 单元 1201", ROOM_OK, "3-2-1201", "blanks" },
	{ "3栋　2单元　1201", ROOM_OK, "3-2-1201", "wide blanks" },
	{ "3—2—1201", ROOM_OK, "3-2-1201", "a long dash" },
	{ "3/2/1201", ROOM_OK, "3-2-1201", "slashes" },
	{ "03-02-1201", ROOM_OK, "3-2-1201", "zeros in front" },
	{ "3栋2单元12层1201", ROOM_OK, "3-2-1201", "the floor once more" },
	{ "3栋2单元12楼1201室", ROOM_OK, "3-2-1201", "a floor called 楼" },
	{ "3楼2单元1201", ROOM_OK, "3-2-1201", "a building called 楼" },
	{ "3楼1201", ROOM_OK, "3-1201", "the number is not on the third floor" },
	{ "3楼301", ROOM_OK, "301", "it is" },
	{ "3栋2单元-12-01", ROOM_OK, "3-2-1201", "floor and room behind a unit" },
	{ "3#-2-12-01", ROOM_OK, "3-2-1201", "and behind a building" },
	{ "3栋2门1201", ROOM_OK, "3-2-1201", "门" },
	{ "3栋2梯1201", ROOM_OK, "3-2-1201", "梯" },
	{ "3棟2單元12層01號", ROOM_OK, "3-2-1201", "traditional characters" },
	{ "3號樓2單元1201", ROOM_OK, "3-2-1201", "號樓" },
	{ "=\"3-2-1201\"", ROOM_OK, "3-2-1201", "a spreadsheet's wrapping" },
	{ "'3-2-1201", ROOM_OK, "3-2-1201", "another" },
	{ "十二号楼二十一单元一二〇一室", ROOM_OK, "12-21-1201", "tens" },
	{ "3栋2单元一二〇一室", ROOM_OK, "3-2-1201", "digit by digit" },
	/* of the specification */
	{ "1栋2单元301", ROOM_OK, "1-2-301", "1" },
	{ "1#-2-301", ROOM_OK, "1-2-301", "2" },
	{ "1号楼2单元301室", ROOM_OK, "1-2-301", "3" },
	{ "A1-2-0301", ROOM_OK, "A1-2-301", "4: letters stay" },
	{ "1幢2单元3层301", ROOM_OK, "1-2-301", "5" },
	/* fewer parts, and more */
	{ "3-1201", ROOM_OK, "3-1201", "building and room" },
	{ "3栋1201", ROOM_OK, "3-1201", "in words" },
	{ "A座1201", ROOM_OK, "A-1201", "座" },
	{ "a栋1201", ROOM_OK, "A-1201", "letters become large" },
	{ "12-3", ROOM_OK, "12-3", "a villa" },
	{ "3栋A", ROOM_OK, "3-A", "one letter" },
	{ "2单元301", ROOM_OK, "2单元-301", "a unit without a building keeps its word" },
	{ "2单元-301", ROOM_OK, "2单元-301", "which is its own key" },
	{ "东单元301", ROOM_OK, "东单元-301", "a unit with a name" },
	{ "3栋甲单元301", ROOM_OK, "3-甲单元-301", "another" },
	{ "东座301", ROOM_OK, "东栋-301", "a building with a name" },
	{ "3栋2单元5", ROOM_OK, "3-2单元-5", "a unit of small houses keeps it too: 3-2-5 would be unclear" },
	{ "1201室", ROOM_OK, "1201", "only the room" },
	{ "0301室", ROOM_OK, "301", "with a zero in front" },
	{ "12层01", ROOM_OK, "1201", "and its floor" },
	{ "1期3栋2单元1201", ROOM_OK, "1期-3-2-1201", "a phase" },
	{ "一期-3-2-1201", ROOM_OK, "1期-3-2-1201", "before bare parts" },
	{ "A区3栋1201", ROOM_OK, "A区-3-1201", "a part of the estate" },
	{ "1-3-2-1201", ROOM_OK, "1-3-2-1201", "four bare parts" },
	{ "3-1栋2单元1201", ROOM_OK, "3-1-2-1201", "a bare part before a building" },
	{ "中山路100弄12号1201室", ROOM_OK, "中山路-100弄-12-1201", "as in Shanghai" },
	{ "3栋2单元12A01", ROOM_OK, "3-2-12A01", "a letter inside" },
	{ "3栋2单元12层A", ROOM_OK, "3-2-12A", "a letter behind the floor" },
	{ "3栋2单元12层12A", ROOM_OK, "3-2-12A", "and the floor once more" },
	{ "3栋2单元12层5", ROOM_OK, "3-2-1205", "one digit" },
	{ "3栋2单元负一层05", ROOM_OK, "3-2-B105", "below the ground" },
	{ "3栋2单元B1层05", ROOM_OK, "3-2-B105", "the same" },
	/* what stands in front */
	{ "湖畔里-2幢-1单元-301", ROOM_OK, "湖畔里-2-1-301", "a project" },
	{ "湖畔里2栋1单元301室", ROOM_OK, "湖畔里-2-1-301", "without a dash" },
	{ "湖畔里 2-1-301", ROOM_OK, "湖畔里-2-1-301", "with a blank" },
	{ "湖畔里-2-1-301", ROOM_OK, "湖畔里-2-1-301", "its own key" },
	{ "湖畔里一期A座1201", ROOM_OK, "湖畔里-1期-A-1201", "and a phase" },
	{ "湖畔里/西区/2栋301", ROOM_OK, "湖畔里-西区-2-301", "and a part of it" },
	{ "湖畔里三号楼301", ROOM_OK, "湖畔里-3-301", "a numeral behind a name" },
	{ "一品天下3栋301", ROOM_OK, "一品天下-3-301", "a numeral in a name" },
	{ "东方明珠3栋301", ROOM_OK, "东方明珠-3-301", "a name that begins as a direction" },
	{ "地中海3栋301", ROOM_OK, "地中海-3-301", "and as a kind of place" },
	{ "1号院3栋301", ROOM_OK, "1号院-3-301", "a name with 号" },
	{ "K2西园3栋301", ROOM_OK, "K2西园-3-301", "and with letters" },
	{ "观澜·云邸3栋301", ROOM_OK, "观澜·云邸-3-301", "a dot" },
	{ "湖畔里1201", ROOM_OK, "湖畔里-1201", "a name and a room" },
	{ "灣景花園3棟301", ROOM_OK, "灣景花園-3-301", "a name stays in its characters" },
	/* places of cars and the like */
	{ "车位B1-123", ROOM_OK, "车位-B1-123", "in front" },
	{ "B1-123车位", ROOM_OK, "车位-B1-123", "behind" },
	{ "B1层123号车位", ROOM_OK, "车位-B1-123", "in words" },
	{ "负一层123号车位", ROOM_OK, "车位-B1-123", "负" },
	{ "地下1层123号车位", ROOM_OK, "车位-B1-123", "地下" },
	{ "-1层123车位", ROOM_OK, "车位-B1-123", "minus" },
	{ "地下车位B1-0123", ROOM_OK, "车位-B1-123", "other words for it" },
	{ "车位-B1-123", ROOM_OK, "车位-B1-123", "its own key" },
	{ "湖畔里车位123", ROOM_OK, "湖畔里-车位-123", "a project" },
	{ "湖畔里地下一层B区123号车位", ROOM_OK, "湖畔里-车位-B1-B区-123", "and a part of the floor" },
	{ "B1-123", ROOM_OK, "B1-123", "not said to be one" },
	{ "商铺S1-101", ROOM_OK, "商铺-S1-101", "a shop" },
	{ "3栋底商12号", ROOM_OK, "商铺-3-12", "below flats" },
	{ "3栋2单元负1层储藏室05", ROOM_OK, "储藏室-3-2-B1-5", "a store" },
	/* codes of systems */
	{ "1201", ROOM_OK, "1201", "a number alone" },
	{ "000123", ROOM_OK, "000123", "keeps its zeros" },
	{ "RM-20240001", ROOM_OK, "RM-20240001", "a code" },
	{ "p01_0001_0002", ROOM_OK, "p01_0001_0002", "in its own case" },
	{ "3F2504E0-4F89-11D3-9A0C-0305E82C3301", ROOM_OK, "3F2504E0-4F89-11D3-9A0C-0305E82C3301", "a GUID" },
	{ "ＲＭ２０２４０００１", ROOM_OK, "RM20240001", "of full width" },
	/* nothing */
	{ "", ROOM_EMPTY, "", "empty" },
	{ " - ", ROOM_EMPTY, "", "a word for nothing" },
	{ "待定", ROOM_EMPTY, "", "another" },
	/* unclear */
	{ "3-12-01", ROOM_AMBIGUOUS, "", "unit or floor" },
	{ "3栋-12-01", ROOM_AMBIGUOUS, "", "unit or floor of a building" },
	{ "1-3-2-01", ROOM_AMBIGUOUS, "", "unit or floor of a phase" },
	{ "3-2-1", ROOM_AMBIGUOUS, "", "unit or floor" },
	{ "2024-01-05", ROOM_AMBIGUOUS, "", "what Excel makes of it" },
	/* unreadable */
	{ "3栋2单元", ROOM_BAD, "", "no room" },
	{ "3栋", ROOM_BAD, "", "only a building" },
	{ "车位", ROOM_BAD, "", "only what it is" },
	{ "3栋2单元1201、1202", ROOM_BAD, "", "two rooms" },
	{ "3-2-1201/1202", ROOM_BAD, "", "two rooms" },
	{ "3-2-301/302", ROOM_BAD, "", "two with three digits" },
	{ "3栋2单元1201换5栋1302", ROOM_BAD, "", "words between" },
	{ "1201换1302", ROOM_BAD, "", "the same" },
	{ "3栋2单元1201(复式)", ROOM_BAD, "", "a note" },
	{ "3栋2单元1201复式", ROOM_BAD, "", "a note without brackets" },
	{ "3栋2单元12层1301", ROOM_BAD, "", "a floor that is not the room's" },
	{ "3栋5栋1201", ROOM_BAD, "", "two buildings" },
	{ "2单元3栋1201", ROOM_BAD, "", "not in this order" },
	{ "12月3日", ROOM_BAD, "", "12-3 after Excel" },
	{ "湖畔里", ROOM_BAD, "", "only a name" },
	{ "3栋?单元1201", ROOM_BAD, "", "a character that was lost" },
	{ "\xFF\xFE", ROOM_BAD, "", "no text" },
	{ "3栋2单元1201室湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里湖畔里", ROOM_BAD, "", "long" },
};

static struct buf room, again;

static enum room_result parse(struct view text, struct buf *to)
{
	buf_reset(to);
	return room_parse(text, to);
}

static void test_key_of_key(const char *why)
{
	CHECK(parse(buf_view(&room), &again) == ROOM_OK, "%s: the key of the key", why);
	CHECK_TEXT(buf_view(&again), buf_view(&room), "%s: the key of the key", why);
}

/* A wide blank in front keeps the text from being read the fast way. */
static void test_slowly(struct view text, enum room_result result)
{
	struct buf buf = { 0 };
	buf_text(&buf, "　");
	buf_put(&buf, text);
	if (text.len > 50)
		CHECK(true, "too long with it, perhaps");
	else if (parse(buf_view(&buf), &again) != result || !view_equal(buf_view(&again), buf_view(&room)))
		CHECK(false, "%.*s: read slowly it is %.*s", VIEW_ARGS(text), VIEW_ARGS(buf_view(&again)));
	else
		CHECK(true, "the same");
	buf_release(&buf);
}

/* Whatever stands in a cell, a key is a key. */
static void test_random(void)
{
	static const char *const pieces[] = { "3", "12", "01", "1201", "栋", "单元", "层", "室", "号", "楼", "#", "-", " ", "车位", "湖畔",
		"一", "十", "期", "区", "负", "地下", "东", "A", "b", "/", "\xE6", "第", "商铺", "·", "0" };
	uint64_t state = 7;
	struct buf buf = { 0 };
	for (unsigned i = 0; i < 200000; i++) {
		buf_reset(&buf);
		for (unsigned count = 1 + i % 9; count; count--) {
			state = state * 6364136223846793005u + 1442695040888963407u;
			buf_text(&buf, pieces[(state >> 33) % (sizeof pieces / sizeof *pieces)]);
		}
		if (parse(buf_view(&buf), &room) != ROOM_OK)
			continue;
		test_slowly(buf_view(&buf), ROOM_OK);
		if (parse(buf_view(&room), &again) != ROOM_OK || !view_equal(buf_view(&again), buf_view(&room)))
			CHECK(false, "%.*s: %.*s, again %.*s", VIEW_ARGS(buf_view(&buf)), VIEW_ARGS(buf_view(&room)),
			      VIEW_ARGS(buf_view(&again)));
	}
	buf_release(&buf);
}

int main(void)
{
	for (size_t i = 0; i < sizeof rooms / sizeof *rooms; i++) {
		enum room_result result = parse(view_of(rooms[i].text), &room);
		CHECK(result == rooms[i].result, "%s: %s", rooms[i].text, room_result_name(result));
		CHECK_TEXT(buf_view(&room), view_of(rooms[i].key), "%s: %s", rooms[i].text, rooms[i].why);
		test_slowly(view_of(rooms[i].text), result);
		if (result == ROOM_OK)
			test_key_of_key(rooms[i].text);
	}
	test_random();
	CHECK_TEXT(view_of(room_result_name(ROOM_AMBIGUOUS)), VIEW("ambiguous_room"), "a word");
	buf_release(&room);
	buf_release(&again);
	return test_end();
}
