/* orders: the bench's ledger for crm-import, an order book as an export writes it.
 *
 *     gen-orders ROWS [SEED] >orders.csv
 *
 * Twelve columns: names, mobiles, ID cards, dates in four styles, amounts in 万元, areas.
 * 1,000,000 rows are some 135 MB of UTF-8.  One mobile in seventeen is written with blanks
 * and hyphens, one remark in twenty is quoted; nothing in it is a real person. */
#include <stdio.h>
#include <stdlib.h>

#include "base/fail.h"
#include "base/view.h"
#include "names.h"
#include "random.h"
#include "value/idcard.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))
#define PICK(random, array) (array)[random_below(random, COUNT(array))]

static const char *const regions[] = { "110105", "330106", "320102", "440305", "310115", "420106" };
static const char *const projects[] = { "湖畔里", "望江府", "麓鸣园" };
static const char *const channels[] = { "中介分销", "自然到访", "老带新", "400来电", "线上" };
static const char *const prefixes[] = { "138", "139", "150", "151", "152", "186", "135", "177", "189" };

static int surname_weights[COUNT(surnames)];

static void put_name(struct random *random)
{
	fputs(surnames[random_weighted(random, surname_weights, COUNT(surnames))].text, stdout);
	for (int i = random_between(random, 1, 2); i; i--)
		fputs(random_below(random, 2) ? PICK(random, given_male) : PICK(random, given_female), stdout);
}

/* A statement for each number: operands have no order. */
static void put_mobile(struct random *random)
{
	const char *prefix = PICK(random, prefixes);
	int middle = random_below(random, 10000), last = random_below(random, 10000);
	if (random_below(random, 17))
		printf(",%s%04d%04d", prefix, middle, last);
	else
		printf(",%s %04d-%04d", prefix, middle, last);
}

static void put_card(struct random *random)
{
	char card[48];
	const char *region = PICK(random, regions);
	int year = random_between(random, 1950, 2004), month = random_between(random, 1, 12);
	int day = random_between(random, 1, 28), sequence = random_between(random, 1, 999);
	snprintf(card, sizeof card, "%s%04d%02d%02d%03d", region, year, month, day, sequence);
	printf(",%s%c", card, idcard_check_digit(card));
}

static void put_date(struct random *random)
{
	int year = random_between(random, 2015, 2025), month = random_between(random, 1, 12);
	int day = random_between(random, 1, 28);
	switch (random_below(random, 4)) {
	case 0: printf("%d-%02d-%02d", year, month, day); break;
	case 1: printf("%d/%d/%d", year, month, day); break;
	case 2: printf("%d年%d月%d日", year, month, day); break;
	default: printf("%d.%d.%d", year, month, day); break;
	}
}

static void put_decimal(struct random *random, int low, int high)
{
	int whole = random_between(random, low, high), part = random_below(random, 100);
	printf(",%d.%02d", whole, part);
}

static void put_row(struct random *random, uint64_t row)
{
	printf("RG%08llu,", (unsigned long long)row);
	put_name(random);
	put_mobile(random);
	put_card(random);
	const char *project = PICK(random, projects);
	int building = random_between(random, 1, 20), unit = random_between(random, 1, 3);
	int floor = random_between(random, 1, 33), door = random_between(random, 1, 4);
	printf(",%s,%d幢-%d单元-%d%02d,", project, building, unit, floor, door);
	put_date(random);
	put_decimal(random, 80, 900);
	put_decimal(random, 60, 200);
	putchar(',');
	put_name(random);
	const char *channel = PICK(random, channels);
	printf(",%s,%s\n", channel, random_below(random, 20) ? "首次置业，看重户型" : "\"喜欢三房,靠近地铁\"");
}

int main(int argc, char **argv)
{
	uint64_t rows = 0, seed = 1;
	fail_init("gen-orders", FAIL_TEXT, FAIL_ENGLISH);
	if (argc < 2 || argc > 3 || !view_parse_u64(view_of(argv[1]), 1, 99999999, &rows) ||
	    (argc == 3 && !view_parse_u64(view_of(argv[2]), 0, UINT32_MAX, &seed)))
		die(STATUS_USAGE, "usage: gen-orders ROWS [SEED]");
	struct random random = { seed };
	for (int i = 0; i < COUNT(surnames); i++)
		surname_weights[i] = surnames[i].weight;
	puts("认购编号,客户姓名,联系电话,身份证号,项目名称,房号,认购日期,成交总价（万元）,建筑面积,置业顾问,认知渠道,备注");
	for (uint64_t row = 1; row <= rows; row++)
		put_row(&random, row);
	if (fflush(stdout) || ferror(stdout))
		die_errno("cannot write");
	return STATUS_DONE;
}
