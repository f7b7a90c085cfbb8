/* world: the people and what they did.  See world.h. */
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"
#include "names.h"
#include "world.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

const struct project projects[PROJECTS] = {
	{ "P01", "湖畔里", "杭州", "华东", "0571", { "西湖区", "拱墅区", "滨江区", "余杭区", "萧山区", "外地" },
	  19723, 26800, { { 20129, 20157 }, { 0, 0 } }, 42 },
	{ "P02", "望江府", "武汉", "华中", "027", { "江岸区", "武昌区", "汉阳区", "洪山区", "江夏区", "外地" },
	  19754, 16500, { { 19831, 19861 }, { 20017, 20038 } }, 34 },
	{ "P03", "麓鸣园", "长沙", "华中", "0731", { "岳麓区", "天心区", "雨花区", "开福区", "望城区", "外地" },
	  19936, 11200, { { 19997, 20036 }, { 0, 0 } }, 24 },
};

const char *const channels[CHANNELS] = {
	"自然", "线上", "400来电", "自渠", "中介分销", "电商", "全民经纪人", "老带新", "重复购买", "员工推荐", "户外", "活动",
};

const struct spelling spellings[] = {
	{ NATURAL, "路过", "自然来访", 8 }, { NATURAL, "路过", "自然到访", 6 }, { NATURAL, "路过", "路过", 4 },
	{ NATURAL, "区域客", "区域客户", 3 }, { NATURAL, "品牌", "品牌慕名", 1 },
	{ ONLINE, "小程序", "小程序", 5 }, { ONLINE, "抖音", "抖音直播", 4 }, { ONLINE, "抖音", "线上-抖音", 2 },
	{ ONLINE, "公众号", "微信公众号", 3 }, { ONLINE, "官网", "官网", 1 }, { ONLINE, "房产网站", "房产网", 2 },
	{ HOTLINE, "", "400来电", 4 }, { HOTLINE, "", "400电话", 2 }, { HOTLINE, "", "来电转访", 2 },
	{ OWN, "派单", "自渠-派单", 4 }, { OWN, "电开call客", "电CALL", 3 }, { OWN, "电开call客", "自渠-电开", 2 },
	{ OWN, "展点", "外展点", 2 }, { OWN, "竞品拦截", "竞品拦截", 1 }, { OWN, "", "自拓", 3 }, { OWN, "", "内部拓客", 0 },
	{ AGENCY, "", "中介", 5 }, { AGENCY, "", "分销", 4 }, { AGENCY, "", "中介分销", 4 }, { AGENCY, "", "中介带看", 3 },
	{ AGENCY, "一手代理", "外部一手代理", 0 }, { AGENCY, "二手代理", "外部二手代理", 0 },
	{ ECOMMERCE, "", "电商", 3 }, { ECOMMERCE, "", "电商平台", 1 },
	{ EVERYONE, "", "全民营销", 3 }, { EVERYONE, "", "全民经纪人", 2 },
	{ REFERRAL, "", "老带新", 4 }, { REFERRAL, "", "老业主介绍", 3 }, { REFERRAL, "", "老客户推荐", 2 },
	{ REPEAT, "", "老业主复购", 2 }, { REPEAT, "", "重复购买", 1 },
	{ STAFF, "", "员工推荐", 2 }, { STAFF, "", "内部员工", 1 },
	{ OUTDOOR, "户外", "户外广告", 3 }, { OUTDOOR, "电梯", "电梯广告", 3 }, { OUTDOOR, "短信", "短信", 1 }, { OUTDOOR, "房展", "房展会", 1 },
	{ EVENT, "", "暖场活动", 3 }, { EVENT, "", "周末活动", 2 }, { EVENT, "", "活动", 1 },
};
const int SPELLINGS = COUNT(spellings);
const char UNMAPPED[] = "地推扫码";

static const int channel_weights[CHANNELS] = { 18, 14, 6, 12, 26, 3, 5, 8, 1, 2, 3, 4 };

/* --- The calendar (Hinnant's civil_from_days, days_from_civil). --- */

struct civil civil_of(int day)
{
	int z = day + 719468, era = z / 146097, doe = z - era * 146097;
	int yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
	int month = mp < 10 ? mp + 3 : mp - 9;
	return (struct civil){ yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) / 5 + 1 };
}

int day_of(int year, int month, int day)
{
	int y = year - (month <= 2), era = y / 400, yoe = y - era * 400;
	int doy = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
	return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

int month_of(int day)
{
	struct civil c = civil_of(day);
	return (c.year - 2024) * 12 + c.month - 1;
}

/* --- People. --- */

/* Numbers under real prefixes.  The last eight digits are a permutation of a counter, so that no two
 * are alike, and never a pattern that looks made up. */
static void mobile_make(struct world *world, char mobile[static 12])
{
	static const int prefixes[] = {
		134, 135, 136, 137, 138, 139, 138, 139, 147, 150, 151, 152, 157, 158, 159, 182, 183, 187, 188, 198,
		130, 131, 132, 155, 156, 166, 176, 185, 186, 133, 153, 173, 177, 180, 181, 189, 191, 199, 192, 165, 170,
	};
	int prefix = prefixes[random_below(&world->random, COUNT(prefixes))];
	int tail = (int)((uint64_t)(++world->numbers) * 15485863u % 89999999u) + 10000000;
	if (prefix == 134 && tail >= 90000000) /* 1349 is a satellite's */
		prefix = 135;
	snprintf(mobile, 12, "%d%08d", prefix, tail);
}

static void surname_make(struct random *random, char *surname, size_t size)
{
	int weights[COUNT(surnames)];
	for (int i = 0; i < COUNT(surnames); i++)
		weights[i] = surnames[i].weight;
	snprintf(surname, size, "%s", surnames[random_weighted(random, weights, COUNT(surnames))].text);
}

/* The commoner a character, the more often: weight falls as 1 / (rank + 12). */
static const char *given_char(struct random *random, bool male)
{
	const char *const *list = male ? given_male : given_female;
	int count = male ? COUNT(given_male) : COUNT(given_female), weights[128];
	for (int i = 0; i < count; i++)
		weights[i] = 12000 / (i + 12);
	return list[random_weighted(random, weights, count)];
}

static void typo_make(struct person *person)
{
	size_t len = strlen(person->name);
	for (int i = 0; i < COUNT(homophones); i++)
		for (int side = 0; side < 2; side++) {
			size_t n = strlen(homophones[i][side]);
			if (len <= n || strcmp(person->name + len - n, homophones[i][side]) != 0)
				continue;
			snprintf(person->typo, sizeof person->typo, "%.*s%s", (int)(len - n), person->name,
			         homophones[i][!side]);
			return;
		}
}

static void name_make(struct random *random, struct person *person)
{
	const char *first = given_char(random, person->male), *second = "";
	if (random_chance(random, 830))
		second = given_char(random, person->male);
	snprintf(person->name, sizeof person->name, "%s%s%s", person->surname, first, second);
	typo_make(person);
}

/* GB 11643: weights, remainder, check character. */
static char cert_check(const char *digits)
{
	static const int weights[17] = { 7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2 };
	int sum = 0;
	for (int i = 0; i < 17; i++)
		sum += (digits[i] - '0') * weights[i];
	return "10X98765432"[sum % 11];
}

/* Never one that ends in 000: that is what Excel makes of them. */
static void cert_make(struct random *random, struct person *person)
{
	static const int areas[] = { 330106, 330105, 330108, 420102, 420106, 420111, 430104, 430102, 430111, 340104,
	                             360102, 410105, 320102, 310115, 370102, 350102, 440106, 510107, 610113, 330723 };
	struct civil birth = civil_of(person->birth);
	do {
		int sequence = random_between(random, 0, 497) * 2 + person->male;
		snprintf(person->cert, sizeof person->cert, "%06d%04d%02d%02d%03d", areas[random_below(random, COUNT(areas))],
		         birth.year, birth.month, birth.day, sequence);
		person->cert[17] = cert_check(person->cert);
		person->cert[18] = '\0';
	} while (strcmp(person->cert + 15, "000") == 0);
}

static int person_make(struct world *world, const char *surname, bool male, int year)
{
	struct random *random = &world->random;
	struct person *person = ADD(world->people);
	int index = (int)world->people.n - 1;
	*person = (struct person){ .male = male, .phone_of = -1, .household = index };
	if (surname)
		snprintf(person->surname, sizeof person->surname, "%s", surname);
	else
		surname_make(random, person->surname, sizeof person->surname);
	name_make(random, person);
	person->birth = day_of(year, 1, 1) + random_below(random, 365);
	cert_make(random, person);
	mobile_make(world, person->mobile[0]);
	if (random_chance(random, 140))
		mobile_make(world, person->mobile[1]);
	return index;
}

/* A buyer, perhaps with a spouse who gives or is given the same number, perhaps with a father or
 * mother who has no number of his own.  Returns the buyer. */
static int household_make(struct world *world)
{
	struct random *random = &world->random;
	int year = random_between(random, 1962, 2000);
	int head = person_make(world, NULL, random_chance(random, 560), year);
	bool spouse = random_chance(random, 180), parent = random_chance(random, 50);
	if (spouse) {
		int other = person_make(world, NULL, !world->people.at[head].male, year + random_between(random, -3, 3));
		world->people.at[other].household = head;
		int borrower = random_chance(random, 700) == world->people.at[head].male ? head : other;
		world->people.at[borrower].phone_of = borrower == head ? other : head;
		world->people.at[borrower].borrows = random_chance(random, 650);
	}
	if (parent) {
		char surname[sizeof world->people.at->surname];
		memcpy(surname, world->people.at[head].surname, sizeof surname);
		int old = person_make(world, surname, random_chance(random, 600), year - random_between(random, 23, 32));
		struct person *person = &world->people.at[old];
		person->household = head;
		person->phone_of = head;
		person->mobile[0][0] = person->mobile[1][0] = '\0';
	}
	struct person *person = &world->people.at[head];
	if (!spouse && !parent && !person->mobile[1][0])
		person->style = random_chance(random, 560) ? STYLE_LOOSE : STYLE_PLAIN;
	if (!spouse && !parent && person->style == STYLE_PLAIN && person->typo[0] && random_chance(random, 350))
		person->style = STYLE_TYPO;
	return head;
}

/* --- What they do. --- */

/* Spring and autumn sell, and a launch draws a crowd. */
static int day_pick(struct world *world, int project)
{
	static const int season[12] = { 5, 4, 10, 9, 9, 6, 5, 5, 11, 10, 8, 6 };
	int first = projects[project].first_day, day;
	int launch = random_below(&world->random, 2);
	if (projects[project].launch[launch].from && random_chance(&world->random, 240))
		return random_between(&world->random, projects[project].launch[launch].from, projects[project].launch[launch].open - 1);
	do
		day = random_between(&world->random, first, LAST_DAY);
	while (random_below(&world->random, 11) >= season[civil_of(day).month - 1]);
	return day;
}

static int minute_pick(struct world *world)
{
	return random_between(&world->random, 9 * 60, 18 * 60);
}

/* The launch whose queue is open on the day, or -1. */
static int launch_find(int project, int day)
{
	for (int i = 0; i < 2; i++)
		if (projects[project].launch[i].from && day >= projects[project].launch[i].from &&
		    day < projects[project].launch[i].open)
			return i;
	return -1;
}

struct lead {
	int person, spouse, project, channel, consultant, day;
	bool visited, dealt;
	int last; /* day of the last visit */
};

static void user_add(struct world *world, const struct lead *lead, int person, int day)
{
	if (day > LAST_DAY || day < FIRST_DAY)
		return;
	*ADD(world->users) = (struct user){ person, lead->project, day, minute_pick(world), lead->channel, false, FINE };
	if (world->people.at[person].mobile[1][0] && random_chance(&world->random, 350) && day + 40 <= LAST_DAY)
		*ADD(world->users) = (struct user){ person, lead->project, day + random_between(&world->random, 3, 40),
		                                    minute_pick(world), lead->channel, true, FINE };
}

static void users_make(struct world *world, const struct lead *lead)
{
	struct random *random = &world->random;
	if (random_chance(random, lead->channel == ONLINE ? 800 : 300))
		user_add(world, lead, lead->person, lead->day - random_below(random, 20));
	if (lead->spouse >= 0 && random_chance(random, 350))
		user_add(world, lead, lead->spouse, lead->day + random_below(random, 30));
}

/* Brokers report before the visit; some report whom the site knows already. */
static void reports_make(struct world *world, const struct lead *lead)
{
	struct random *random = &world->random;
	bool brokered = lead->channel == AGENCY || lead->channel == EVERYONE || lead->channel == REFERRAL;
	if (!brokered && !random_chance(random, 60))
		return;
	int times = brokered ? 1 + random_weighted(random, (const int[]){ 68, 22, 10 }, 3) : 1;
	int broker = random_weighted(random, (const int[]){ 9, 7, 5 }, 3) ? random_below(random, BROKERS) : random_below(random, 10);
	for (int i = 0; i < times; i++) {
		int day = lead->day - random_below(random, 3) + i * random_between(random, 1, 25);
		if (i && random_chance(random, 450))
			broker = random_below(random, BROKERS);
		if (day < FIRST_DAY || day > LAST_DAY)
			continue;
		struct report report = { .person = lead->person, .project = lead->project, .day = day, .broker = broker };
		report.minute = day == lead->day ? random_between(random, 7 * 60, 9 * 60) : random_between(random, 8 * 60, 21 * 60);
		report.channel = brokered ? lead->channel : AGENCY;
		int fate = random_below(random, 100);
		report.valid = fate < 88 && (brokered || fate < 40);
		report.status = !report.valid      ? (fate < 96 ? "无效" : "待核验")
		                : lead->dealt && !i ? "已成交"
		                : lead->visited && !i ? "已到访"
		                : fate < 60         ? "已过期"
		                                    : "有效";
		*ADD(world->reports) = report;
	}
}

static void visit_add(struct world *world, struct lead *lead, int day, bool first)
{
	struct random *random = &world->random;
	bool other = lead->spouse >= 0 && !first && random_chance(random, 280);
	struct visit visit = { .person = other ? lead->spouse : lead->person, .project = lead->project, .day = day,
		.minute = minute_pick(world), .channel = lead->channel, .consultant = lead->consultant,
		.group = 1 + random_weighted(random, (const int[]){ 40, 38, 15, 7 }, 4), .first = first };
	if (!first && random_chance(random, 80))
		visit.channel = NATURAL;
	*ADD(world->visits) = visit;
	if (random_chance(random, 15)) { /* registered twice, by both desks */
		visit.minute += 7;
		*ADD(world->visits) = visit;
	}
	lead->last = day;
}

static void visits_make(struct world *world, struct lead *lead)
{
	struct random *random = &world->random;
	bool brokered = lead->channel == AGENCY || lead->channel == EVERYONE || lead->channel == REFERRAL;
	if (!random_chance(random, brokered ? 640 : lead->channel == ONLINE ? 600 : 860))
		return;
	lead->visited = true;
	visit_add(world, lead, lead->day, true);
	for (int more = random_weighted(random, (const int[]){ 60, 22, 11, 5, 2 }, 5); more > 0; more--) {
		int day = lead->last + random_between(random, 1, 24);
		if (day > LAST_DAY)
			return;
		visit_add(world, lead, day, false);
	}
	if (random_chance(random, 60)) { /* looks at a second project */
		struct lead second = *lead;
		second.project = (lead->project + 1 + random_below(random, 2)) % PROJECTS;
		int day = lead->last + random_between(random, 2, 30);
		if (day <= LAST_DAY && day >= projects[second.project].first_day)
			visit_add(world, &second, day, true);
	}
}

/* --- Deals. --- */

static void receipt_add(struct world *world, int order, int contract, int day, int64_t yuan, enum item item, bool back)
{
	if (day > LAST_DAY || yuan <= 0)
		return;
	*ADD(world->receipts) = (struct receipt){ order, contract, day, yuan * 100, back, false, item };
}

/* A room and its price: dearer by floor, less a discount. */
static void room_take(struct world *world, struct order *order)
{
	static const int areas[] = { 8935, 10562, 11840, 12877, 14318 };
	struct random *random = &world->random;
	int number = (world->rooms[order->project]++ * 389 + 71) % 1920; /* 10 buildings, 2 units, 24 floors, 4 doors */
	int floor = number / 4 % 24 + 2, door = number % 4 + 1, building = number / 192 + 1, unit = number / 96 % 2 + 1;
	snprintf(order->room, sizeof order->room, "%s-%d幢-%d单元-%d%02d", projects[order->project].name, building, unit, floor, door);
	order->area = areas[(building * 3 + door) % COUNT(areas)];
	int64_t price = projects[order->project].base_price * (985 + floor * 3) / 1000;
	order->amount = (int)(price * order->area * random_between(random, 940, 990) / 1000 / 100);
}

static int order_add(struct world *world, struct order order)
{
	order.contract = -1;
	*ADD(world->orders) = order;
	return (int)world->orders.n - 1;
}

/* Money behind a contract, by method of payment. */
static void payments_make(struct world *world, int index)
{
	struct random *random = &world->random;
	struct contract *contract = &world->contracts.at[index];
	const struct order *order = &world->orders.at[contract->order];
	int day = contract->day, rest = order->amount - order->deposit;
	if (order->pay_method == 0) { /* in one sum */
		receipt_add(world, contract->order, index, day + random_below(random, 7), rest, DOWN_PAYMENT, false);
	} else if (order->pay_method == 1) { /* instalments */
		int part = rest / 4 / 1000 * 1000;
		for (int i = 0; i < 4; i++)
			receipt_add(world, contract->order, index, day + i * 60 + random_below(random, 9),
			            i < 3 ? part : rest - 3 * part, i ? INSTALMENT : DOWN_PAYMENT, false);
	} else {
		contract->loan = order->amount * random_between(random, 5, 7) / 10 / 10000 * 10000;
		contract->down = order->amount - contract->loan;
		int paid = contract->down - order->deposit, half = random_chance(random, 300) ? paid / 2 / 1000 * 1000 : 0;
		receipt_add(world, contract->order, index, day, paid - half, DOWN_PAYMENT, false);
		receipt_add(world, contract->order, index, day + random_between(random, 20, 40), half, DOWN_PAYMENT, false);
		receipt_add(world, contract->order, index, day + random_between(random, 30, 80), contract->loan,
		            order->pay_method == 3 ? FUND : LOAN, false);
	}
	if (random_chance(random, 450))
		receipt_add(world, contract->order, index, day + random_between(random, 5, 60), order->area * 65 / 100, MAINTENANCE, false);
}

static bool same_buyer(const struct world *world, int a, int b)
{
	return world->orders.at[a].person == world->orders.at[b].person;
}

/* 退房: what was paid goes back, sometimes for a penalty.  A buyer has one deal, so all his money is in it. */
static void contract_undo(struct world *world, int index, int day)
{
	struct contract *contract = &world->contracts.at[index];
	int64_t paid = 0;
	for (size_t i = 0; i < world->receipts.n; i++) {
		const struct receipt *receipt = &world->receipts.at[i];
		if (same_buyer(world, receipt->order, contract->order) && receipt->item != MAINTENANCE && receipt->day < day)
			paid += receipt->fen / 100;
	}
	for (size_t i = 0; i < world->receipts.n;) /* what would have come later does not */
		if (same_buyer(world, world->receipts.at[i].order, contract->order) && world->receipts.at[i].day >= day)
			world->receipts.at[i] = world->receipts.at[--world->receipts.n];
		else
			i++;
	contract->close_day = day;
	receipt_add(world, contract->order, index, day, paid, REFUND, true);
	if (random_chance(&world->random, 500))
		receipt_add(world, contract->order, index, day, world->orders.at[contract->order].deposit, PENALTY, false);
}

static void contract_make(struct world *world, int order, int day)
{
	struct contract *contract = ADD(world->contracts);
	int index = (int)world->contracts.n - 1;
	*contract = (struct contract){ .order = order, .day = day };
	world->orders.at[order].contract = index;
	world->orders.at[order].close_day = day;
	world->orders.at[order].reason = TO_CONTRACT;
	payments_make(world, index);
	int undo = day + random_between(&world->random, 20, 120);
	if (random_chance(&world->random, 45) && undo <= LAST_DAY)
		contract_undo(world, index, undo);
}

/* The order is withdrawn: the deposit goes back, or is forfeited. */
static void order_withdraw(struct world *world, int index, int day)
{
	struct order *order = &world->orders.at[index];
	bool forfeit = random_chance(&world->random, 400);
	order->close_day = day;
	order->reason = forfeit ? FORFEITED : WITHDRAWN;
	receipt_add(world, index, -1, day, order->deposit, DEPOSIT, true);
	if (forfeit)
		receipt_add(world, index, -1, day, order->deposit, PENALTY, false);
}

/* Another room in place of the first: the old order closes, the new one names it. */
static int order_swap(struct world *world, int index, int day)
{
	struct order next = world->orders.at[index];
	next.previous = index;
	next.day = day;
	room_take(world, &next);
	int to = order_add(world, next);
	world->orders.at[index].close_day = day;
	world->orders.at[index].reason = SWAPPED;
	return to;
}

static void subscribe_make(struct world *world, const struct lead *lead, int day, int queue)
{
	struct random *random = &world->random;
	struct order order = { .person = lead->person, .project = lead->project, .day = day, .channel = lead->channel,
		.consultant = lead->consultant, .spouse = lead->spouse, .kind = SUBSCRIBE, .previous = -1,
		.deposit = random_chance(random, 600) ? 50000 : 100000,
		.pay_method = random_weighted(random, (const int[]){ 14, 11, 55, 10, 10 }, 5) };
	room_take(world, &order);
	int index = order_add(world, order);
	/* The queue money counts towards the deposit. */
	receipt_add(world, index, -1, day, queue >= 0 ? order.deposit - 20000 : order.deposit, DEPOSIT, false);
	int later = day + random_between(random, 3, 20);
	if (random_chance(random, 45) && later <= LAST_DAY) {
		index = order_swap(world, index, later);
		later += random_between(random, 2, 15);
	}
	if (later > LAST_DAY)
		return;
	int fate = random_below(random, 100);
	if (fate < 84)
		contract_make(world, index, later);
	else if (fate < 93)
		order_withdraw(world, index, later);
}

static void deal_make(struct world *world, struct lead *lead)
{
	struct random *random = &world->random;
	int launch = launch_find(lead->project, lead->day), queue = -1;
	if (!lead->visited)
		return;
	int day = lead->last + random_weighted(random, (const int[]){ 40, 20, 12, 8, 6, 5, 4, 3, 2 }, 9);
	if (launch >= 0 && lead->last < projects[lead->project].launch[launch].open && random_chance(random, 620)) {
		struct order order = { .person = lead->person, .project = lead->project, .channel = lead->channel, .day = lead->last,
			.consultant = lead->consultant, .spouse = -1, .kind = QUEUE, .deposit = 20000, .previous = -1 };
		queue = order_add(world, order);
		receipt_add(world, queue, -1, lead->last, 20000, QUEUE_MONEY, false);
		day = projects[lead->project].launch[launch].open;
	}
	if (day > LAST_DAY)
		return;
	lead->dealt = random_chance(random, queue >= 0 ? 600 : 150);
	if (lead->dealt) {
		subscribe_make(world, lead, day, queue);
	} else if (queue >= 0) {
		world->orders.at[queue].close_day = day + random_between(random, 1, 12);
		world->orders.at[queue].reason = WITHDRAWN;
		receipt_add(world, queue, -1, world->orders.at[queue].close_day, 20000, QUEUE_MONEY, true);
	}
}

static void lead_live(struct world *world, int head)
{
	struct random *random = &world->random;
	int weights[PROJECTS];
	for (int i = 0; i < PROJECTS; i++)
		weights[i] = projects[i].weight;
	struct lead lead = { .person = head, .spouse = -1, .project = random_weighted(random, weights, PROJECTS) };
	for (size_t i = (size_t)head + 1; i < world->people.n; i++)
		if (world->people.at[i].household == head && world->people.at[i].mobile[0][0])
			lead.spouse = (int)i;
	for (size_t i = (size_t)head + 1; i < world->people.n; i++)
		if (world->people.at[i].phone_of == head && !world->people.at[i].mobile[0][0] && random_chance(random, 600))
			lead.person = (int)i; /* the mother comes and buys */
	lead.channel = random_weighted(random, channel_weights, CHANNELS);
	lead.consultant = lead.project * 4 + random_below(random, 4);
	lead.day = day_pick(world, lead.project);
	visits_make(world, &lead);
	deal_make(world, &lead);
	reports_make(world, &lead);
	users_make(world, &lead);
}

/* --- The rest of the house. --- */

static void brokers_make(struct world *world)
{
	for (int i = 0; i < BROKERS; i++) {
		struct person person = { .male = random_chance(&world->random, 600) };
		surname_make(&world->random, person.surname, sizeof person.surname);
		name_make(&world->random, &person);
		struct broker *broker = &world->brokers[i];
		snprintf(broker->name, sizeof broker->name, "%s", person.name);
		mobile_make(world, broker->mobile);
		broker->company = i % 9;
		broker->cheats = i < 8;
	}
}

static bool name_seen(const struct world *world, size_t until, int broker, const char *name)
{
	for (size_t i = 0; i < until; i++)
		if (world->reports.at[i].own_phone && world->reports.at[i].broker == broker &&
		    strcmp(world->people.at[world->reports.at[i].person].name, name) == 0)
			return true;
	return false;
}

/* Who cheats writes his own number for every second customer; one who did so for fewer than
 * eight names is let off, so that a shared number is plainly shared (the limit is five). */
static void cheats_make(struct world *world)
{
	for (int broker = 0; broker < BROKERS; broker++) {
		int names = 0;
		if (!world->brokers[broker].cheats)
			continue;
		for (size_t i = 0; i < world->reports.n; i++) {
			struct report *report = &world->reports.at[i];
			if (report->broker != broker || i % 2)
				continue;
			names += !name_seen(world, i, broker, world->people.at[report->person].name);
			report->own_phone = true;
		}
		for (size_t i = 0; i < world->reports.n && names < 8; i++)
			if (world->reports.at[i].broker == broker)
				world->reports.at[i].own_phone = false;
	}
}

/* What each channel costs, month by month; paid later, in one to three parts, some not yet. */
static void spend_make(struct world *world)
{
	static const int scale[CHANNELS] = { 0, 90, 15, 60, 240, 30, 35, 45, 0, 0, 80, 50 }; /* thousands of yuan */
	struct random *random = &world->random;
	int id = 0;
	for (int month = 0; month < MONTHS; month++)
		for (int project = 0; project < PROJECTS; project++)
			for (int channel = 0; channel < CHANNELS; channel++) {
				int day = day_of(2024 + month / 12, month % 12 + 1, random_between(random, 3, 27));
				if (!scale[channel] || day < projects[project].first_day || random_chance(random, 180))
					continue;
				int64_t fen = (int64_t)scale[channel] * random_between(random, 500, 1500) * 100 + random_below(random, 10) * 10;
				id++;
				*ADD(world->spend) = (struct spend){ project, channel, day, id, fen, false };
				if (random_chance(random, 20)) /* the supplier takes a part back */
					*ADD(world->spend) = (struct spend){ project, channel, day + 1, id, -fen / 10, false };
				int parts = random_between(random, 1, 3);
				int paid = random_chance(random, 40) ? day - 25 : day; /* some is paid before */
				for (int i = 0; i < parts; i++) {
					paid += random_between(random, 12, 50);
					if (paid <= LAST_DAY && paid >= FIRST_DAY)
						*ADD(world->spend) = (struct spend){ project, channel, paid, id,
							i < parts - 1 ? fen / parts : fen - fen / parts * (parts - 1), true };
				}
			}
}

static void tickets_make(struct world *world)
{
	struct random *random = &world->random;
	for (size_t i = 0; i < world->contracts.n; i++) {
		const struct contract *contract = &world->contracts.at[i];
		const struct order *order = &world->orders.at[contract->order];
		int times = contract->close_day ? 0 : random_weighted(random, (const int[]){ 60, 25, 15 }, 3);
		for (int k = 0; k < times; k++) {
			int day = contract->day + random_between(random, 60, 320);
			if (day <= LAST_DAY)
				*ADD(world->tickets) = (struct ticket){ order->person, order->project, day, minute_pick(world),
					random_chance(random, 200), FINE, order->room };
		}
	}
}

/* Some buyers have names that only GB18030 can write, or names with a dot. */
static void rare_names(struct world *world)
{
	static const struct { const char *surname, *name; bool male; } names[] = {
		{ "李", "李䶮", true }, { "陈", "陈㛃", false }, { "王", "王𠮷", true }, { "阿", "阿依古丽·买买提", false }, { "艾", "艾力·吐尔逊", true },
	};
	int given = 0;
	for (size_t i = 10; i < world->contracts.n && given < COUNT(names); i += 7) {
		struct person *person = &world->people.at[world->orders.at[world->contracts.at[i].order].person];
		if (person->male != names[given].male)
			continue;
		snprintf(person->surname, sizeof person->surname, "%s", names[given].surname);
		snprintf(person->name, sizeof person->name, "%s", names[given++].name);
		person->typo[0] = '\0';
		person->style = STYLE_PLAIN;
	}
}

/* Rows that a clerk spoiled, and receipts entered by mistake. */
static void spoil_some(struct world *world)
{
	struct random *random = &world->random;
	for (int i = 0; i < 9; i++) {
		enum spoil spoil = (enum spoil)(NO_IDENTITY + i % 3);
		world->visits.at[random_below(random, (int)world->visits.n)].spoil = spoil;
		world->reports.at[random_below(random, (int)world->reports.n)].spoil = spoil;
		if (i < 6)
			world->users.at[random_below(random, (int)world->users.n)].spoil = spoil;
		if (i < 3)
			world->tickets.at[random_below(random, (int)world->tickets.n)].spoil = i ? BAD_DATE : RAGGED;
	}
	for (int i = 0; i < 5; i++)
		world->receipts.at[random_below(random, (int)world->receipts.n)].voided = true;
}

void world_make(struct world *world, uint64_t seed)
{
	*world = (struct world){ .random = { seed } };
	brokers_make(world);
	while (world->people.n < 3640) /* of whom some 3,000 are ever seen in a ledger */
		household_make(world);
	for (size_t i = 0; i < world->people.n; i++)
		if (world->people.at[i].household == (int)i)
			lead_live(world, (int)i);
	rare_names(world);
	cheats_make(world);
	spend_make(world);
	tickets_make(world);
	spoil_some(world);
}

void world_release(struct world *world)
{
	free(world->people.at);
	free(world->reports.at);
	free(world->visits.at);
	free(world->users.at);
	free(world->orders.at);
	free(world->contracts.at);
	free(world->receipts.at);
	free(world->spend.at);
	free(world->tickets.at);
}
