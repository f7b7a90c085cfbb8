/* ledgers: writes the world down as the departments would, each with its own habits and dirt.
 *
 *     gen-ledgers FOLDER      the ledgers into FOLDER, the truth into FOLDER/truth
 *
 * Every row of a customer leaves a struct record: what of him can still be read there. */
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fail.h"
#include "sheet.h"
#include "written.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

const char *const file_names[FILES] = {
	[VISITS] = "visits-register.csv", [REPORTS] = "broker-reports.csv", [USERS] = "miniprogram-users.txt",
	[ORDERS] = "orders.csv", [CONTRACTS] = "contracts.csv", [RECEIPTS] = "receipts.csv",
	[SPEND] = "spend.csv", [TICKETS] = "tickets.csv", [TARGETS] = "targets.csv",
};

static const char *const consultants[CONSULTANTS] = {
	"周敏", "何晓雯", "罗子涵", "汪洋", "彭莉", "田雨", "石磊", "蒋欣", "谭慧", "廖凯", "熊婷", "易文",
};
static const char *const companies[9] = {
	"安邻房产", "居佳经纪", "百合不动产", "顺驰新房", "同城好房", "春晓地产", "恒信代理", "家园找房", "优选置换",
};

/* --- Files. --- */

void file_write(const char *folder, const char *name, struct view bytes)
{
	char path[4096];
	snprintf(path, sizeof path, "%s/%s", folder, name);
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
	if (fd < 0)
		die_errno("cannot write %s", path);
	while (bytes.len) {
		ssize_t n = write(fd, bytes.ptr, bytes.len);
		if (n < 0)
			die_errno("cannot write %s", path);
		bytes = view_skip(bytes, (size_t)n);
	}
	if (close(fd) < 0)
		die_errno("cannot write %s", path);
}

static void folder_make(const char *path)
{
	if (mkdir(path, 0777) < 0 && errno != EEXIST)
		die_errno("cannot make %s", path);
}

/* Writes the sheet in its encoding (NULL: UTF-8), behind a byte order mark, and ends it. */
static void sheet_save(struct sheet *sheet, const char *folder, enum file file, const char *encoding, struct view mark)
{
	struct buf out = { 0 };
	buf_put(&out, mark);
	if (!encoding) {
		buf_put(&out, buf_view(&sheet->text));
	} else {
		iconv_t codec = iconv_open(encoding, "UTF-8");
		char *from = sheet->text.ptr, *to = buf_reserve(&out, sheet->text.len * 4);
		size_t from_left = sheet->text.len, to_left = sheet->text.len * 4;
		if (codec == (iconv_t)-1 || iconv(codec, &from, &from_left, &to, &to_left) == (size_t)-1)
			die_errno("cannot encode in %s", encoding);
		iconv_close(codec);
		out.len = (size_t)(to - out.ptr);
	}
	file_write(folder, file_names[file], buf_view(&out));
	buf_release(&out);
	buf_release(&sheet->text);
}

static void row_end(struct sheet *sheet, struct book *book, struct record *record)
{
	struct census *census = &book->census[record->file];
	record->line = sheet_end(sheet);
	census->rows++;
	census->rejected += record->spoil != FINE;
}

static const char *channel_write(struct random *random, int channel, struct record *record)
{
	int weights[64];
	for (int i = 0; i < SPELLINGS; i++)
		weights[i] = spellings[i].channel == channel ? spellings[i].weight : 0;
	record->channel = channels[channel];
	return spellings[random_weighted(random, weights, SPELLINGS)].raw;
}

static const struct dirt clean = { 0 };

/* --- Rows in the order in which a department enters them. --- */

struct place_in_time {
	int64_t at;
	size_t index;
};

static int place_compare(const void *a, const void *b)
{
	const struct place_in_time *x = a, *y = b;
	return x->at != y->at ? (x->at > y->at) - (x->at < y->at) : (x->index > y->index) - (x->index < y->index);
}

struct sequence {
	struct place_in_time *at;
	size_t n;
};

/* What `day_of_fact` says of each fact; facts it gives no time (negative) are left out. */
static struct sequence sequence_make(const struct world *world, size_t count, int64_t (*time_of)(const struct world *, size_t))
{
	struct sequence sequence = { heap_alloc((count + 1) * sizeof *sequence.at), 0 };
	for (size_t i = 0; i < count; i++)
		if (time_of(world, i) >= 0)
			sequence.at[sequence.n++] = (struct place_in_time){ time_of(world, i), i };
	qsort(sequence.at, sequence.n, sizeof *sequence.at, place_compare);
	return sequence;
}

static int64_t visit_time(const struct world *w, size_t i) { return w->visits.at[i].day * 1440 + w->visits.at[i].minute; }
static int64_t report_time(const struct world *w, size_t i) { return w->reports.at[i].day * 1440 + w->reports.at[i].minute; }
static int64_t user_time(const struct world *w, size_t i) { return w->users.at[i].day * 1440 + w->users.at[i].minute; }
static int64_t order_time(const struct world *w, size_t i) { return w->orders.at[i].day; }
static int64_t contract_time(const struct world *w, size_t i) { return w->contracts.at[i].day; }
static int64_t receipt_time(const struct world *w, size_t i) { return w->receipts.at[i].day; }
static int64_t spend_time(const struct world *w, size_t i) { return w->spend.at[i].day; }
static int64_t ticket_time(const struct world *w, size_t i) { return w->tickets.at[i].day * 1440 + w->tickets.at[i].minute; }

/* --- Visits: the desk's register, GB18030, titles above, a header of two lines. --- */

static void visits_head(struct sheet *sheet, struct census *census)
{
	static const char *const title[] = { "青屿置业 来访客户登记表", "", "", "", "", "", "", "", "", "", "", "" };
	static const char *const period[] = { "统计期间：2024年1月至2025年6月　　制表部门：案场管理部", "", "", "", "", "", "", "", "", "", "", "" };
	static const char *const groups[] = { "序号", "客户信息", "", "", "", "到访情况", "", "", "", "", "接待情况", "" };
	sheet_cells(sheet, title, COUNT(title));
	sheet_end(sheet);
	sheet_cells(sheet, period, COUNT(period));
	sheet_end(sheet);
	sheet_cells(sheet, groups, COUNT(groups));
	sheet_end(sheet);
	census->title = 2;
	census->header = 2;
}

static void visits_header(struct sheet *sheet)
{
	static const char *const names[] = { "", "客户姓名", "联系电话", "性别", "居住区域", "项目名称", "到访时间", "到访类型",
	                                     "到访人数", "来访渠道", "置业顾问", "备注" };
	sheet_cells(sheet, names, COUNT(names));
	sheet_end(sheet);
}

static void visit_row(struct sheet *sheet, struct book *book, const struct world *world, struct random *random, size_t index, int number)
{
	static const struct dirt dirt = { .titled = 300, .nameless = 25, .noted = 40, .typo = 450, .masked = 30,
	                                  .scientific = 8, .landline = 12, .phoneless = 12, .two = 350 };
	static const char *const remarks[] = { "", "", "", "", "", "关注学区", "意向三房", "预算有限，需再约", "对比竞品中", "带老人同来", "想要高楼层" };
	const struct visit *visit = &world->visits.at[index];
	const struct person *person = &world->people.at[visit->person];
	struct written written;
	struct record *record = person_write(&written, book, world, random, &dirt, VISITS, index, visit->person);
	const char *raw = channel_write(random, visit->channel, record);
	struct cell when = random_chance(random, 100) ? cell_date(visit->day, 1 + random_below(random, 5))
	                                              : cell_time(visit->day, visit->minute, random_chance(random, 80) ? 2 : 1);
	if (visit->channel == OWN && visit->person % 12 == 0)
		record->channel = raw = UNMAPPED;
	record_spoil(&written, record, visit->spoil);
	when = cell_spoiled(when, visit->spoil, "2024/2/30 10:30");
	if (visit->spoil == RAGGED)
		sheet->limit = 4;
	sheet_number(sheet, number);
	sheet_cell(sheet, written.name.text);
	sheet_cell(sheet, written.mobile.text);
	sheet_cell(sheet, random_chance(random, 900) ? (person->male ? "男" : "女") : "");
	sheet_cell(sheet, projects[visit->project].home[random_below(random, 6)]);
	sheet_cell(sheet, projects[visit->project].name);
	sheet_cell(sheet, when.text);
	sheet_cell(sheet, visit->first ? "首访" : "复访");
	sheet_number(sheet, visit->group);
	sheet_cell(sheet, raw);
	sheet_cell(sheet, consultants[visit->consultant]);
	sheet_cell(sheet, remarks[random_below(random, COUNT(remarks))]);
	row_end(sheet, book, record);
}

static void visits_foot(struct sheet *sheet, struct census *census, long heads)
{
	static const char *const signature[] = { "制表人：周敏", "", "", "", "", "", "", "", "", "", "审核：", "" };
	sheet_cell(sheet, "合计");
	for (int i = 1; i < 8; i++)
		sheet_cell(sheet, "");
	sheet_number(sheet, heads);
	for (int i = 9; i < 12; i++)
		sheet_cell(sheet, "");
	sheet_end(sheet);
	sheet_cells(sheet, signature, COUNT(signature));
	sheet_end(sheet);
	census->footer = 2;
}

static void visits_write(const struct world *world, struct book *book, const char *folder)
{
	struct sheet sheet;
	struct random random = { 101 };
	struct census *census = &book->census[VISITS];
	struct sequence sequence = sequence_make(world, world->visits.n, visit_time);
	long heads = 0;
	sheet_init(&sheet, ',', "\r\n");
	visits_head(&sheet, census);
	visits_header(&sheet);
	for (size_t i = 0; i < sequence.n; i++) {
		if (i % 400 == 399) { /* a page ends: an empty row, as Excel or as an editor leaves it */
			for (int k = 0; k < (i % 800 == 399 ? 12 : 0); k++)
				sheet_cell(&sheet, "");
			sheet_end(&sheet);
			census->blank++;
		}
		if (i == sequence.n / 2) {
			visits_header(&sheet);
			census->repeated++;
		}
		visit_row(&sheet, book, world, &random, sequence.at[i].index, (int)i + 1);
		heads += world->visits.at[sequence.at[i].index].group;
	}
	visits_foot(&sheet, census, heads);
	census->physical = sheet.line - 1;
	sheet_save(&sheet, folder, VISITS, "GB18030", VIEW(""));
	free(sequence.at);
}

/* --- Broker reports: an export, UTF-8 with a mark, everything quoted, line breaks in notes. --- */

static void report_row(struct sheet *sheet, struct book *book, const struct world *world, struct random *random, size_t index, int number)
{
	static const struct dirt dirt = { .titled = 500, .nameless = 0, .noted = 20, .typo = 400, .masked = 260, .scientific = 2, .two = 100 };
	static const char *const notes[] = { "", "", "", "", "", "客户周末到访", "看过\"样板间\",很满意", "关注学区,要三房", "已电话确认\n请案场接待",
	                                     "预算150-200万\n首付够\n急用", "外地客户,高铁到", "由经纪人陪同" };
	static const char *const types[][2] = { { "外部二手代理", "外部一手代理" }, { "全民营销", "全民营销" }, { "老带新", "老带新" } };
	const struct report *report = &world->reports.at[index];
	const struct broker *broker = &world->brokers[report->broker];
	struct written written;
	struct record *record = person_write(&written, book, world, random, report->own_phone ? &clean : &dirt, REPORTS, index, report->person);
	struct cell id, when = cell_time(report->day, report->minute, 0);
	const char *const *type = types[report->channel == AGENCY ? 0 : report->channel == EVERYONE ? 1 : 2];
	if (report->own_phone) {
		written.mobile = phone_form(random, broker->mobile);
		snprintf(record->mobile[0], sizeof record->mobile[0], "%s", broker->mobile);
		record->mobile[1][0] = '\0';
	}
	record->channel = channels[report->channel];
	record_spoil(&written, record, report->spoil);
	when = cell_spoiled(when, report->spoil, "2024-02-30 10:30:00");
	snprintf(id.text, sizeof id.text, "BB%06d", number);
	if (report->spoil == RAGGED)
		sheet->limit = 4;
	sheet_cell(sheet, id.text);
	sheet_cell(sheet, when.text);
	sheet_cell(sheet, projects[report->project].name);
	sheet_cell(sheet, written.name.text);
	sheet_cell(sheet, written.mobile.text);
	sheet_cell(sheet, strchr(written.mobile.text, '*') || strchr(written.mobile.text, 'x') ? "否" : "是");
	sheet_cell(sheet, type[report->broker % 4 == 0]);
	sheet_cell(sheet, report->channel == AGENCY ? companies[broker->company] : "");
	sheet_cell(sheet, broker->name);
	sheet_cell(sheet, broker->mobile);
	sheet_number(sheet, random_between(random, 1, 3));
	sheet_cell(sheet, report->status);
	sheet_cell(sheet, notes[random_below(random, COUNT(notes))]);
	row_end(sheet, book, record);
}

static void reports_write(const struct world *world, struct book *book, const char *folder)
{
	static const char *const header[] = { "报备编号", "报备时间", "报备项目", "客户姓名", "客户电话", "是否全号报备", "代理类别", "中介公司",
	                                      "经纪人", "经纪人电话", "带看人数", "报备状态", "备注" };
	struct sheet sheet;
	struct random random = { 102 };
	struct sequence sequence = sequence_make(world, world->reports.n, report_time);
	sheet_init(&sheet, ',', "\r\n");
	sheet.quote_all = true;
	sheet_cells(&sheet, header, COUNT(header));
	sheet_end(&sheet);
	for (size_t i = 0; i < sequence.n; i++)
		report_row(&sheet, book, world, &random, sequence.at[i].index, (int)i + 1);
	book->census[REPORTS].header = 1;
	book->census[REPORTS].physical = sheet.line - 1;
	sheet_save(&sheet, folder, REPORTS, NULL, VIEW("\xEF\xBB\xBF"));
	free(sequence.at);
}

/* --- The mini-programme's users: what Excel calls Unicode text, UTF-16LE. --- */

static void user_row(struct sheet *sheet, struct book *book, const struct world *world, struct random *random, size_t index, int number)
{
	static const struct dirt dirt = { .titled = 150, .nameless = 350, .typo = 250, .cert = 130, .cert_wrong = 80, .cert_cut = 60, .cert_old = 60 };
	static const char *const nicknames[] = { "小鱼儿", "阳光", "云淡风轻", "Leo", "大海", "幸福一家", "往事随风", "Tina", "山里人", "沐沐妈妈", "老K", "" };
	static const char *const grades[] = { "A", "B", "B", "C", "C", "C", "D", "" };
	const struct user *user = &world->users.at[index];
	const struct person *person = &world->people.at[user->person];
	struct written written;
	struct record *record = person_write(&written, book, world, random, &dirt, USERS, index, user->person);
	const char *raw = channel_write(random, user->channel, record);
	struct cell id, when = cell_time(user->day, user->minute, 0), birth = cell_date(person->birth, 0);
	if (person->mobile[1][0]) { /* the first registration under one number, the second under the other */
		written.mobile = phone_form(random, person->mobile[user->again]);
		snprintf(record->mobile[0], sizeof record->mobile[0], "%s", person->mobile[user->again]);
		if (random_chance(random, user->again ? 700 : 250)) {
			snprintf(written.mobile2.text, sizeof written.mobile2.text, "%s", person->mobile[!user->again]);
			snprintf(record->mobile[1], sizeof record->mobile[1], "%s", person->mobile[!user->again]);
		}
	}
	record_spoil(&written, record, user->spoil);
	when = cell_spoiled(when, user->spoil, "2024-02-30 10:30:00");
	snprintf(id.text, sizeof id.text, "M%06d", number);
	if (user->spoil == RAGGED)
		sheet->limit = 4;
	sheet_cell(sheet, id.text);
	sheet_cell(sheet, when.text);
	sheet_cell(sheet, nicknames[random_below(random, COUNT(nicknames))]);
	sheet_cell(sheet, written.name.text);
	sheet_cell(sheet, written.mobile.text);
	sheet_cell(sheet, written.mobile2.text);
	sheet_cell(sheet, random_chance(random, 700) ? (person->male ? "先生" : "女士") : "");
	sheet_cell(sheet, random_chance(random, 300) ? birth.text : "");
	sheet_cell(sheet, written.cert.text);
	sheet_cell(sheet, projects[user->project].name);
	sheet_cell(sheet, raw);
	sheet_cell(sheet, grades[random_below(random, COUNT(grades))]);
	sheet_cell(sheet, random_chance(random, 850) ? "是" : "否");
	row_end(sheet, book, record);
}

static void users_write(const struct world *world, struct book *book, const char *folder)
{
	static const char *const header[] = { "会员号", "创建时间", "昵称", "姓名", "手机号", "备用手机号", "性别", "出生日期", "身份证号", "意向项目",
	                                      "来源渠道", "客户等级", "营销授权" };
	struct sheet sheet;
	struct random random = { 103 };
	struct sequence sequence = sequence_make(world, world->users.n, user_time);
	sheet_init(&sheet, '\t', "\r\n");
	sheet_cells(&sheet, header, COUNT(header));
	sheet_end(&sheet);
	for (size_t i = 0; i < sequence.n; i++)
		user_row(&sheet, book, world, &random, sequence.at[i].index, (int)i + 1);
	book->census[USERS].header = 1;
	book->census[USERS].physical = sheet.line - 1;
	sheet_save(&sheet, folder, USERS, "UTF-16LE", VIEW("\xFF\xFE"));
	free(sequence.at);
}

/* --- Orders: UTF-8, amounts in 万元 by the header, some with a unit of their own. --- */

static const char *const pay_methods[] = { "一次性", "分期", "商贷", "公积金", "组合" };
static const char *const reasons[] = { "", "转签约", "退定", "挞定", "换房", "退房", "作废" };
static const struct dirt deal_dirt = { .noted = 15, .typo = 200, .scientific = 6, .phoneless = 10, .two = 300, .cert = 880, .cert_wrong = 25,
                                       .cert_old = 40, .cert_cut = 20 };

static void order_row(struct sheet *sheet, struct book *book, const struct world *world, struct random *random, size_t index, enum spoil spoil)
{
	const struct order *order = &world->orders.at[index];
	struct dirt dirt = deal_dirt;
	struct written written;
	if (order->kind == QUEUE)
		dirt.cert = 400;
	struct record *record = person_write(&written, book, world, random, &dirt, ORDERS, index, order->person);
	const char *raw = channel_write(random, order->channel, record);
	struct cell total = random_chance(random, 60) ? cell_grouped(order->amount, "", "元") : cell_wan(order->amount, ""), area;
	struct cell day = cell_date(order->day, random_chance(random, 850) ? 0 : 1), closed = cell_date(order->close_day, 0);
	record_spoil(&written, record, spoil);
	day = cell_spoiled(day, spoil, "2024-02-30");
	snprintf(area.text, sizeof area.text, "%d.%02d", order->area / 100, order->area % 100);
	if (spoil == RAGGED)
		sheet->limit = 5;
	sheet_cell(sheet, order->id);
	sheet_cell(sheet, order->kind == QUEUE ? "认筹" : "认购");
	sheet_cell(sheet, projects[order->project].name);
	sheet_cell(sheet, order->room);
	sheet_cell(sheet, written.name.text);
	sheet_cell(sheet, written.mobile.text);
	sheet_cell(sheet, written.cert.text);
	sheet_cell(sheet, day.text);
	sheet_cell(sheet, order->kind == QUEUE ? "" : area.text);
	sheet_cell(sheet, order->kind == QUEUE ? "" : total.text);
	sheet_number(sheet, order->deposit);
	sheet_cell(sheet, order->kind == QUEUE ? "" : pay_methods[order->pay_method]);
	sheet_cell(sheet, raw);
	sheet_cell(sheet, consultants[order->consultant]);
	sheet_cell(sheet, order->close_day ? "关闭" : "有效");
	sheet_cell(sheet, order->close_day ? closed.text : "");
	sheet_cell(sheet, reasons[order->reason]);
	sheet_cell(sheet, order->previous >= 0 ? world->orders.at[order->previous].id : "");
	row_end(sheet, book, record);
}

static void orders_write(struct world *world, struct book *book, const char *folder)
{
	static const char *const header[] = { "认购编号", "订单类型", "项目名称", "房间全名", "客户姓名", "联系电话", "身份证号码", "认购日期", "建筑面积(㎡)",
		"认购总价（万元）", "定金(元)", "付款方式", "成交渠道", "置业顾问", "状态", "关闭日期", "关闭原因", "前次销售单" };
	struct sheet sheet;
	struct random random = { 104 };
	struct sequence sequence = sequence_make(world, world->orders.n, order_time);
	for (size_t i = 0; i < sequence.n; i++) {
		struct order *order = &world->orders.at[sequence.at[i].index];
		struct civil c = civil_of(order->day);
		snprintf(order->id, sizeof order->id, "%s%02d%02d%04d", order->kind == QUEUE ? "RC" : "RG", c.year % 100, c.month % 100, (int)i + 1);
	}
	sheet_init(&sheet, ',', "\n");
	sheet_cells(&sheet, header, COUNT(header));
	sheet_end(&sheet);
	for (size_t i = 0; i < sequence.n; i++) {
		if (i % 150 == 70) /* a first attempt that the clerk left in the sheet */
			order_row(&sheet, book, world, &random, sequence.at[i].index, i % 300 == 70 ? BAD_DATE : RAGGED);
		order_row(&sheet, book, world, &random, sequence.at[i].index, FINE);
	}
	book->census[ORDERS].header = 1;
	book->census[ORDERS].physical = sheet.line - 1;
	sheet_save(&sheet, folder, ORDERS, NULL, VIEW(""));
	free(sequence.at);
}

/* --- Contracts: GB18030, amounts in yuan with thousands separators. --- */

static void contract_row(struct sheet *sheet, struct book *book, const struct world *world, struct random *random, size_t index, enum spoil spoil)
{
	static const char *const banks[] = { "工商银行", "建设银行", "农业银行", "中国银行", "招商银行" };
	const struct contract *contract = &world->contracts.at[index];
	const struct order *order = &world->orders.at[contract->order];
	struct dirt dirt = deal_dirt;
	dirt.cert = 990;
	struct written written;
	struct record *record = person_write(&written, book, world, random, &dirt, CONTRACTS, index, order->person);
	struct cell total = cell_grouped(order->amount, "", ".00"), down = cell_grouped(contract->down, "", ".00"), area;
	struct cell loan = cell_grouped(contract->loan, "", ".00"), closed = cell_date(contract->close_day, 2);
	struct cell day = cell_spoiled(cell_date(contract->day, 2), spoil, "2024.2.30");
	record->channel = channels[order->channel];
	record_spoil(&written, record, spoil);
	snprintf(area.text, sizeof area.text, "%d.%02d", order->area / 100, order->area % 100);
	if (spoil == RAGGED)
		sheet->limit = 6;
	sheet_cell(sheet, contract->id);
	sheet_cell(sheet, order->id);
	sheet_cell(sheet, projects[order->project].name);
	sheet_cell(sheet, order->room);
	sheet_cell(sheet, written.name.text);
	sheet_cell(sheet, order->spouse >= 0 && contract->day % 2 ? world->people.at[order->spouse].name : "");
	sheet_cell(sheet, written.cert.text);
	sheet_cell(sheet, written.mobile.text);
	sheet_cell(sheet, day.text);
	sheet_cell(sheet, area.text);
	sheet_cell(sheet, total.text);
	sheet_cell(sheet, pay_methods[order->pay_method]);
	sheet_cell(sheet, contract->loan ? down.text : "");
	sheet_cell(sheet, contract->loan ? loan.text : "");
	sheet_cell(sheet, contract->loan ? banks[index % COUNT(banks)] : "");
	sheet_cell(sheet, contract->close_day ? "退房" : "签约");
	sheet_cell(sheet, contract->close_day ? closed.text : "");
	sheet_cell(sheet, contract->close_day ? "退房" : "");
	row_end(sheet, book, record);
}

static void contracts_write(struct world *world, struct book *book, const char *folder)
{
	static const char *const header[] = { "合同编号", "认购编号", "项目名称", "房间全名", "买受人", "共有人", "证件号码", "联系电话", "签约日期",
		"合同面积", "合同总价(元)", "付款方式", "首付", "按揭金额", "按揭银行", "状态", "关闭日期", "关闭原因" };
	struct sheet sheet;
	struct random random = { 105 };
	struct sequence sequence = sequence_make(world, world->contracts.n, contract_time);
	sheet_init(&sheet, ',', "\r\n");
	sheet_cells(&sheet, header, COUNT(header));
	sheet_end(&sheet);
	for (size_t i = 0; i < sequence.n; i++) {
		size_t index = sequence.at[i].index;
		struct contract *contract = &world->contracts.at[index];
		snprintf(contract->id, sizeof contract->id, "HT%d%05d", civil_of(contract->day).year % 10000, (int)i + 1);
		if (i % 120 == 60)
			contract_row(&sheet, book, world, &random, index, i % 240 == 60 ? RAGGED : BAD_DATE);
		contract_row(&sheet, book, world, &random, index, FINE);
	}
	book->census[CONTRACTS].header = 1;
	book->census[CONTRACTS].physical = sheet.line - 1;
	sheet_save(&sheet, folder, CONTRACTS, "GB18030", VIEW(""));
	free(sequence.at);
}

/* --- Receipts: semicolons, five ways to write an amount, six to write a date. --- */

static struct cell receipt_amount(struct random *random, int64_t yuan)
{
	switch (random_below(random, 5)) {
	case 0: return cell_wan(yuan, "万");
	case 1: return cell_grouped(yuan, "", ".00");
	case 2: return cell_grouped(yuan, "￥", ".00");
	case 3: return cell_wan(yuan, "万元");
	default: break;
	}
	struct cell cell;
	snprintf(cell.text, sizeof cell.text, "%lld", (long long)yuan);
	return cell;
}

static void receipt_row(struct sheet *sheet, struct book *book, const struct world *world, struct random *random, size_t index, int number, enum spoil spoil)
{
	static const char *const items[] = { "认筹金", "定金", "首付款", "分期款", "按揭款", "公积金", "维修基金", "违约金", "退房款" };
	static const char *const types[] = { "非房贷房款", "非房贷房款", "非房贷房款", "非房贷房款", "房贷", "房贷", "代收费", "非房贷房款", "非房贷房款" };
	static const char *const forms[] = { "POS", "转账", "现金", "转账" };
	const struct receipt *receipt = &world->receipts.at[index];
	const struct order *order = &world->orders.at[receipt->order];
	struct record *record = ADD(book->records);
	struct cell id, invoice, amount = receipt_amount(random, receipt->fen / 100);
	struct cell day = cell_spoiled(cell_date(receipt->day, random_below(random, 6)), spoil, "2024-02-30");
	*record = (struct record){ .file = RECEIPTS, .fact = index, .person = order->person, .channel = channels[order->channel], .spoil = spoil };
	snprintf(id.text, sizeof id.text, "SK%06d", number);
	snprintf(invoice.text, sizeof invoice.text, "%08d", 20410000 + number * 7);
	if (spoil == RAGGED)
		sheet->limit = 5;
	sheet_cell(sheet, id.text);
	sheet_cell(sheet, receipt->contract >= 0 ? world->contracts.at[receipt->contract].id : "");
	sheet_cell(sheet, order->id);
	sheet_cell(sheet, projects[order->project].name);
	sheet_cell(sheet, order->room);
	sheet_cell(sheet, items[receipt->item]);
	sheet_cell(sheet, types[receipt->item]);
	sheet_cell(sheet, receipt->item == LOAN ? "按揭放款" : receipt->item == FUND ? "公积金" : forms[random_below(random, 4)]);
	sheet_cell(sheet, day.text);
	sheet_cell(sheet, spoil == BAD_AMOUNT ? "#N/A" : amount.text);
	sheet_cell(sheet, receipt->back ? "退" : "收");
	sheet_cell(sheet, receipt->back ? "" : invoice.text);
	sheet_cell(sheet, receipt->voided ? "作废" : "有效");
	row_end(sheet, book, record);
}

static void receipts_write(const struct world *world, struct book *book, const char *folder)
{
	static const char *const header[] = { "收款单号", "合同编号", "认购编号", "项目名称", "房号", "款项名称", "款项类型", "收款方式", "收款日期", "实收金额",
	                                      "收退", "票据号", "状态" };
	struct sheet sheet;
	struct random random = { 106 };
	struct sequence sequence = sequence_make(world, world->receipts.n, receipt_time);
	sheet_init(&sheet, ';', "\n");
	sheet_cells(&sheet, header, COUNT(header));
	sheet_end(&sheet);
	for (size_t i = 0; i < sequence.n; i++) {
		if (i % 250 == 120)
			receipt_row(&sheet, book, world, &random, sequence.at[i].index, (int)i + 1, (enum spoil)(BAD_DATE + i / 250 % 3));
		receipt_row(&sheet, book, world, &random, sequence.at[i].index, (int)i + 1, FINE);
	}
	book->census[RECEIPTS].header = 1;
	book->census[RECEIPTS].physical = sheet.line - 1;
	sheet_save(&sheet, folder, RECEIPTS, NULL, VIEW(""));
	free(sequence.at);
}

/* --- Spend: accruals and payments in rows of their own. --- */

static void spend_row(struct sheet *sheet, struct book *book, const struct world *world, struct random *random, size_t index, enum spoil spoil)
{
	static const char *const subjects[CHANNELS] = { "推广", "推广", "推广", "推广", "渠道佣金", "推广", "渠道佣金", "渠道佣金", "推广", "推广", "推广", "活动" };
	const struct spend *spend = &world->spend.at[index];
	struct record *record = ADD(book->records);
	struct cell id, contract, amount = cell_grouped(spend->fen / 100, "", ""), day = cell_spoiled(cell_date(spend->day, 1), spoil, "2024/2/30");
	*record = (struct record){ .file = SPEND, .fact = index, .person = -1, .spoil = spoil };
	const char *raw = channel_write(random, spend->channel, record);
	int fen = (int)(spend->fen < 0 ? -spend->fen % 100 : spend->fen % 100);
	snprintf(amount.text + strlen(amount.text), sizeof amount.text - strlen(amount.text), ".%02d", fen);
	snprintf(id.text, sizeof id.text, "FY%06d", (int)index + 1);
	snprintf(contract.text, sizeof contract.text, "YX%05d", spend->id);
	if (spoil == RAGGED)
		sheet->limit = 4;
	sheet_cell(sheet, id.text);
	sheet_cell(sheet, projects[spend->project].name);
	sheet_cell(sheet, raw);
	sheet_cell(sheet, subjects[spend->channel]);
	sheet_cell(sheet, spend->channel == AGENCY ? companies[spend->id % 9] : "");
	sheet_cell(sheet, contract.text);
	sheet_cell(sheet, spend->paid ? "" : day.text);
	sheet_cell(sheet, spend->paid ? "" : amount.text);
	sheet_cell(sheet, spend->paid ? day.text : "");
	sheet_cell(sheet, spend->paid ? amount.text : "");
	row_end(sheet, book, record);
}

static void spend_write(const struct world *world, struct book *book, const char *folder)
{
	static const char *const header[] = { "费用编号", "项目名称", "渠道", "科目", "供应商", "营销合同", "发生日期", "发生金额", "支付日期", "支付金额" };
	struct sheet sheet;
	struct random random = { 107 };
	struct sequence sequence = sequence_make(world, world->spend.n, spend_time);
	sheet_init(&sheet, ',', "\n");
	sheet_cells(&sheet, header, COUNT(header));
	sheet_end(&sheet);
	for (size_t i = 0; i < sequence.n; i++) {
		if (i % 400 == 200)
			spend_row(&sheet, book, world, &random, sequence.at[i].index, i % 800 == 200 ? BAD_DATE : RAGGED);
		spend_row(&sheet, book, world, &random, sequence.at[i].index, FINE);
	}
	book->census[SPEND].header = 1;
	book->census[SPEND].physical = sheet.line - 1;
	sheet_save(&sheet, folder, SPEND, NULL, VIEW(""));
	free(sequence.at);
}

/* --- Tickets. --- */

static void ticket_row(struct sheet *sheet, struct book *book, const struct world *world, struct random *random, size_t index, int number)
{
	/* One number a row: so that tickets tie no two clusters together, and figures of sales stay the same with and without them. */
	static const struct dirt dirt = { .noted = 20, .typo = 200, .phoneless = 20 };
	static const char *const kinds[] = { "渗漏", "空鼓", "门窗", "水电", "墙面", "地面", "厨卫" };
	static const char *const entries[] = { "微信", "400", "前台", "APP", "物业" };
	const struct ticket *ticket = &world->tickets.at[index];
	struct written written;
	struct record *record = person_write(&written, book, world, random, &dirt, TICKETS, index, ticket->person);
	struct cell id, when = cell_spoiled(cell_time(ticket->day, ticket->minute, 1), ticket->spoil, "2024/2/30 9:00");
	int answer = random_between(random, 5, 200), fixed = ticket->day + random_between(random, 1, 20), closed = fixed + random_between(random, 0, 3);
	struct cell first = cell_time(ticket->day, ticket->minute + answer, 1), repaired = cell_time(fixed, 15 * 60 + answer, 1);
	struct cell done = cell_time(closed, 17 * 60 + answer, 1);
	record_spoil(&written, record, ticket->spoil);
	snprintf(id.text, sizeof id.text, "GD%05d", number);
	if (ticket->spoil == RAGGED)
		sheet->limit = 4;
	sheet_cell(sheet, id.text);
	sheet_cell(sheet, ticket->complaint ? "投诉" : "报修");
	sheet_cell(sheet, projects[ticket->project].name);
	sheet_cell(sheet, ticket->room);
	sheet_cell(sheet, written.name.text);
	sheet_cell(sheet, written.mobile.text);
	sheet_cell(sheet, entries[random_below(random, COUNT(entries))]);
	sheet_cell(sheet, when.text);
	sheet_cell(sheet, kinds[random_below(random, COUNT(kinds))]);
	sheet_cell(sheet, random_chance(random, 150) ? "紧急" : "一般");
	sheet_cell(sheet, first.text);
	sheet_cell(sheet, fixed <= LAST_DAY ? repaired.text : "");
	sheet_cell(sheet, closed <= LAST_DAY ? done.text : "");
	if (closed <= LAST_DAY && random_chance(random, 600))
		sheet_number(sheet, random_between(random, 2, 5));
	else
		sheet_cell(sheet, "");
	row_end(sheet, book, record);
}

static void tickets_write(const struct world *world, struct book *book, const char *folder)
{
	static const char *const header[] = { "工单号", "类型", "项目名称", "房号", "业主", "联系电话", "来源", "报修时间", "问题分类", "紧急程度", "首次响应",
	                                      "维修完成", "关闭时间", "维修满意度" };
	struct sheet sheet;
	struct random random = { 108 };
	struct sequence sequence = sequence_make(world, world->tickets.n, ticket_time);
	sheet_init(&sheet, ',', "\r\n");
	sheet_cells(&sheet, header, COUNT(header));
	sheet_end(&sheet);
	for (size_t i = 0; i < sequence.n; i++)
		ticket_row(&sheet, book, world, &random, sequence.at[i].index, (int)i + 1);
	book->census[TICKETS].header = 1;
	book->census[TICKETS].physical = sheet.line - 1;
	sheet_save(&sheet, folder, TICKETS, NULL, VIEW(""));
	free(sequence.at);
}

/* --- Registers and targets. --- */

static void registers_write(const char *folder)
{
	struct buf text = { 0 };
	buf_text(&text, "project_id,name,city,region,group,open_date\n");
	for (int i = 0; i < PROJECTS; i++) {
		int open = i ? projects[i].launch[0].open : day_of(2023, 5, 20);
		buf_printf(&text, "%s,%s,%s,%s,青屿置业,%s\n", projects[i].id, projects[i].name, projects[i].city, projects[i].region,
		           cell_date(open, 0).text);
	}
	file_write(folder, "projects.csv", buf_view(&text));
	buf_reset(&text);
	buf_text(&text, "raw,channel,channel2\n");
	for (int i = 0; i < SPELLINGS; i++)
		buf_printf(&text, "%s,%s,%s\n", spellings[i].raw, channels[spellings[i].channel], spellings[i].channel2);
	file_write(folder, "channel-map.csv", buf_view(&text));
	buf_release(&text);
}

/* Targets by project and month, round numbers near what a manager would ask for. */
static void targets_write(struct book *book, const char *folder)
{
	static const char *const metrics[] = { "visit_group", "sub_units", "sign_units", "sign_amount" };
	struct sheet sheet;
	struct random random = { 109 };
	sheet_init(&sheet, ',', "\n");
	sheet_cells(&sheet, (const char *const[]){ "scope_type", "scope_id", "metric", "period_start", "period_end", "value" }, 6);
	sheet_end(&sheet);
	for (int project = 0; project < PROJECTS; project++)
		for (int month = month_of(projects[project].first_day); month < MONTHS; month++) {
			int from = day_of(2024 + month / 12, month % 12 + 1, 1), to = day_of(2024 + (month + 1) / 12, (month + 1) % 12 + 1, 1) - 1;
			int visits = random_between(&random, 4, 8) * 10, units = visits / 8, signs = units * 9 / 10;
			int64_t values[] = { visits, units, signs, (int64_t)signs * projects[project].base_price * 110 / 100000 * 100000 };
			for (int k = 0; k < COUNT(metrics); k++) {
				sheet_cell(&sheet, "project");
				sheet_cell(&sheet, projects[project].name);
				sheet_cell(&sheet, metrics[k]);
				sheet_cell(&sheet, cell_date(from, 0).text);
				sheet_cell(&sheet, cell_date(to, 0).text);
				sheet_number(&sheet, values[k]);
				sheet_end(&sheet);
				book->census[TARGETS].rows++;
			}
		}
	book->census[TARGETS].header = 1;
	book->census[TARGETS].physical = sheet.line - 1;
	sheet_save(&sheet, folder, TARGETS, NULL, VIEW(""));
}

void ledgers_write(struct world *world, struct book *book, const char *folder)
{
	visits_write(world, book, folder);
	reports_write(world, book, folder);
	users_write(world, book, folder);
	orders_write(world, book, folder); /* gives the ids that contracts and receipts name */
	contracts_write(world, book, folder);
	receipts_write(world, book, folder);
	spend_write(world, book, folder);
	tickets_write(world, book, folder);
	targets_write(book, folder);
	registers_write(folder);
}

int main(int argc, char **argv)
{
	struct world world;
	struct book book = { 0 };
	char truth[4096];
	fail_init("gen-ledgers", FAIL_TEXT, FAIL_ENGLISH);
	if (argc != 2)
		die(STATUS_USAGE, "usage: gen-ledgers FOLDER");
	snprintf(truth, sizeof truth, "%s/truth", argv[1]);
	folder_make(argv[1]);
	folder_make(truth);
	world_make(&world, 20240101);
	ledgers_write(&world, &book, argv[1]);
	truth_write(&world, &book, truth);
	world_release(&world);
	free(book.records.at);
	return STATUS_DONE;
}
