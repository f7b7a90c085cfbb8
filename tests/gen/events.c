/* events: the bench's input, a stream of events as crm-events would write it.
 *
 *     gen-events ROWS [CUSTOMERS] [SEED] >events.csv
 *
 * 4,000,000 rows are some 460 MB, over eighteen months, ordered by `at`.  Customers (400,000
 * unless told) are unequally busy: the busiest hundredth makes a tenth of the events.  One row
 * in twenty has a quoted note: commas, doubled quotes, now and then a line break. */
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fail.h"
#include "random.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
/* A VIEW that may stand in a static table. */
#define TEXT(literal) { "" literal, sizeof(literal) - 1 }

enum { DAYS = 547, BLOCK = 1 << 20 }; /* 2024-01-01 to 2025-06-30; bytes per write */

enum money { NONE, IN, BACK };

static const struct type {
	struct view name;
	int weight; /* per mille */
	enum money money;
	int scale; /* thousands of yuan, about */
} types[] = {
	{ TEXT("online_view"), 215, NONE, 0 }, { TEXT("call_out"), 180, NONE, 0 }, { TEXT("message"), 120, NONE, 0 },
	{ TEXT("visit"), 125, NONE, 0 }, { TEXT("report"), 90, NONE, 0 }, { TEXT("chat"), 60, NONE, 0 },
	{ TEXT("call_in"), 50, NONE, 0 }, { TEXT("appoint"), 40, NONE, 0 }, { TEXT("confirm"), 35, NONE, 0 },
	{ TEXT("activity"), 20, NONE, 0 }, { TEXT("queue"), 10, IN, 20 }, { TEXT("subscribe"), 12, IN, 1800 },
	{ TEXT("sign"), 10, IN, 1800 }, { TEXT("receipt"), 25, IN, 400 }, { TEXT("refund"), 4, BACK, 100 },
	{ TEXT("cancel"), 4, BACK, 1800 },
};

static const struct channel {
	struct view name, second[4];
	int weight;
} channels[] = {
	{ TEXT("自然"), { TEXT("路过"), TEXT("区域客"), TEXT("品牌"), TEXT("") }, 180 },
	{ TEXT("线上"), { TEXT("抖音"), TEXT("小程序"), TEXT("公众号"), TEXT("官网") }, 150 },
	{ TEXT("400来电"), { TEXT(""), TEXT(""), TEXT(""), TEXT("") }, 60 },
	{ TEXT("自渠"), { TEXT("派单"), TEXT("电开call客"), TEXT("展点"), TEXT("竞品拦截") }, 120 },
	{ TEXT("中介分销"), { TEXT("一手代理"), TEXT("二手代理"), TEXT("二手代理"), TEXT("") }, 250 },
	{ TEXT("电商"), { TEXT(""), TEXT(""), TEXT(""), TEXT("") }, 30 },
	{ TEXT("全民经纪人"), { TEXT(""), TEXT("员工"), TEXT("业主"), TEXT("") }, 50 },
	{ TEXT("老带新"), { TEXT(""), TEXT(""), TEXT(""), TEXT("") }, 80 },
	{ TEXT("重复购买"), { TEXT(""), TEXT(""), TEXT(""), TEXT("") }, 10 },
	{ TEXT("员工推荐"), { TEXT(""), TEXT(""), TEXT(""), TEXT("") }, 15 },
	{ TEXT("户外"), { TEXT("电梯"), TEXT("户外"), TEXT("短信"), TEXT("房展") }, 25 },
	{ TEXT("活动"), { TEXT("暖场"), TEXT("周末"), TEXT(""), TEXT("") }, 30 },
};

static const struct view projects[] = { TEXT("P01"), TEXT("P02"), TEXT("P03"), TEXT("P04"), TEXT("P05"), TEXT("P06"), TEXT("P07"), TEXT("P08") };
static const struct view statuses[] = { TEXT("valid"), TEXT("valid"), TEXT("pending"), TEXT("expired"), TEXT("done"), TEXT("done"), TEXT("active"), TEXT("") };

static const struct view notes[] = {
	TEXT("关注学区和地铁，孩子明年上学"), TEXT("意向三房两厅，首付够"), TEXT(""), TEXT("预算两百万以内，看小户型"), TEXT("周末带家人再来看一次"), TEXT("无人接听，改日再拨"),
	TEXT("对比周边竞品，下周答复"), TEXT("来电咨询价格与开盘时间"), TEXT("想要高楼层南向"), TEXT("已发户型图和价格表"), TEXT("贷款资格待核实"), TEXT("老业主介绍，关系好"),
	TEXT("改善需求，卖一买一"), TEXT("要求赠送车位"), TEXT("嫌得房率低，考虑别的楼栋"), TEXT("已加微信，持续跟进中"),
};
static const struct view quoted[] = {
	TEXT("\"意向A户型,预算150-200万\""), TEXT("\"看过\"\"样板间\"\",满意\""), TEXT("\"关注学区,地铁,得房率\""), TEXT("\"要求\"\"毛坯\"\"交付\""),
	TEXT("\"老人同住,要电梯,低楼层\""), TEXT("\"客户说\"\"再考虑\"\",下周二联系\""), TEXT("\"贷款,公积金,组合\""), TEXT("\"首次到访\n带看两套\n意向强\""),
};

/* Where of 1,024 equal parts each choice stands, so that a row picks by one shift. */
static void deal_out(unsigned char *slots, int count, int (*weight)(int))
{
	int total = 0, done = 0;
	for (int i = 0; i < count; i++)
		total += weight(i);
	for (int i = 0, sum = 0; i < count; i++) {
		sum += weight(i);
		while (done < sum * 1024 / total)
			slots[done++] = (unsigned char)i;
	}
}

static int type_weight(int i) { return types[i].weight; }
static int channel_weight(int i) { return channels[i].weight; }

static unsigned char type_slots[1024], channel_slots[1024];

static char *put(char *to, struct view text)
{
	memcpy(to, text.ptr, text.len);
	return to + text.len;
}

static char *put_digits(char *to, uint64_t number, int width)
{
	for (int i = width - 1; i >= 0; i--, number /= 10)
		to[i] = (char)('0' + number % 10);
	return to + width;
}

/* Days go by evenly, and the hours from eight to ten in the evening within each. */
static char *put_time(char *to, uint64_t row, uint64_t rows)
{
	static char date[10]; /* of the day before, most of the time the same: the date is made once a day */
	static uint64_t date_day = UINT64_MAX;
	uint64_t place = row * DAYS % rows, second = 8 * 3600 + place * (14 * 3600) / rows, day = row * DAYS / rows;
	if (day != date_day) {
		static const unsigned char lengths[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31, 28, 31, 30, 31, 30 };
		uint64_t left = day, month = 0;
		while (left >= lengths[month])
			left -= lengths[month++];
		char *end = put_digits(date, 2024 + month / 12, 4);
		*end++ = '-';
		end = put_digits(end, month % 12 + 1, 2);
		*end++ = '-';
		put_digits(end, left + 1, 2);
		date_day = day;
	}
	to = put(to, view(date, 10));
	*to++ = ' ';
	to = put_digits(to, second / 3600, 2);
	*to++ = ':';
	to = put_digits(to, second / 60 % 60, 2);
	*to++ = ':';
	return put_digits(to, second % 60, 2);
}

static char *put_amount(char *to, const struct type *type, uint64_t bits)
{
	if (type->money == NONE)
		return to;
	uint64_t fen = (uint64_t)type->scale * 100000 / 2 + bits % ((uint64_t)type->scale * 100000);
	if (type->money == BACK)
		*to++ = '-';
	int width = 1;
	for (uint64_t yuan = fen / 100; yuan >= 10; yuan /= 10)
		width++;
	to = put_digits(to, fen / 100, width);
	*to++ = '.';
	return put_digits(to, fen % 100, 2);
}

/* Few customers are busy: the square of an even number, spread so that the busy ones do not stand together. */
static uint64_t customer_pick(uint64_t bits, uint64_t customers)
{
	uint64_t even = bits & 0xFFFFFFFFu, square = even * even >> 32;
	return (square * customers >> 32) * 7919 % customers + 1;
}

static char *put_row(char *to, uint64_t row, uint64_t rows, uint64_t customers, struct random *random)
{
	uint64_t a = random_next(random), b = random_next(random);
	const struct type *type = &types[type_slots[a & 1023]];
	const struct channel *channel = &channels[channel_slots[a >> 10 & 1023]];
	*to++ = 'E';
	to = put_digits(to, row + 1, 12);
	*to++ = ',';
	to = put(to, type->name);
	*to++ = ',';
	to = put_time(to, row, rows);
	*to++ = ',';
	*to++ = 'U';
	to = put_digits(to, customer_pick(b, customers), 7);
	*to++ = ',';
	to = put(to, projects[a >> 20 & 7]);
	*to++ = ',';
	to = put(to, channel->name);
	*to++ = ',';
	to = put(to, channel->second[a >> 23 & 3]);
	*to++ = ',';
	if (a >> 25 & 3) {
		*to++ = 'A';
		to = put_digits(to, a >> 27 & 2047, 7);
	}
	*to++ = ',';
	to = put_amount(to, type, b >> 32);
	*to++ = ',';
	to = put(to, statuses[a >> 38 & 7]);
	*to++ = ',';
	if ((a >> 41 & 1023) < 51) /* one in twenty; of those one in sixteen has line breaks */
		to = put(to, quoted[a >> 51 & 15 ? (a >> 55 & 255) % 7 : 7]);
	else
		to = put(to, notes[a >> 51 & 15]);
	*to++ = '\n';
	return to;
}

static void block_write(const char *from, size_t len)
{
	while (len) {
		ssize_t n = write(STDOUT_FILENO, from, len);
		if (n < 0)
			die_errno("cannot write");
		from += n;
		len -= (size_t)n;
	}
}

int main(int argc, char **argv)
{
	uint64_t numbers[3] = { 0, 400000, 1 }; /* rows, customers, seed */
	fail_init("gen-events", FAIL_TEXT, FAIL_ENGLISH);
	for (int i = 1; i < argc; i++)
		if (i > 3 || !view_parse_u64(view_of(argv[i]), 1, i == 2 ? 9999999 : 999999999, &numbers[i - 1]))
			die(STATUS_USAGE, "usage: gen-events ROWS [CUSTOMERS] [SEED]");
	if (argc < 2)
		die(STATUS_USAGE, "usage: gen-events ROWS [CUSTOMERS] [SEED]");
	struct random random = { numbers[2] };
	char *block = heap_alloc(BLOCK + 1024);
	char *to = put(block, VIEW("event_id,event_type,at,uid,project,channel,channel2,agent_id,amount,status,note\n"));
	deal_out(type_slots, COUNT(types), type_weight);
	deal_out(channel_slots, COUNT(channels), channel_weight);
	for (uint64_t row = 0; row < numbers[0]; row++) {
		to = put_row(to, row, numbers[0], numbers[1], &random);
		if (to - block >= BLOCK) {
			block_write(block, (size_t)(to - block));
			to = block;
		}
	}
	block_write(block, (size_t)(to - block));
	free(block);
	return STATUS_DONE;
}
