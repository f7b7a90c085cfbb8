/* written: how days, amounts and people get into a cell.  See written.h. */
#include <stdio.h>

#include "written.h"

#define COUNT(array) ((int)(sizeof(array) / sizeof *(array)))

/* --- Cells. --- */

struct cell cell_date(int day, int style)
{
	struct cell cell;
	struct civil c = civil_of(day);
	switch (style) {
	case 0: snprintf(cell.text, sizeof cell.text, "%04d-%02d-%02d", c.year, c.month, c.day); break;
	case 1: snprintf(cell.text, sizeof cell.text, "%d/%d/%d", c.year, c.month, c.day); break;
	case 2: snprintf(cell.text, sizeof cell.text, "%d.%d.%d", c.year, c.month, c.day); break;
	case 3: snprintf(cell.text, sizeof cell.text, "%04d%02d%02d", c.year, c.month, c.day); break;
	case 4: snprintf(cell.text, sizeof cell.text, "%d年%d月%d日", c.year, c.month, c.day); break;
	default: snprintf(cell.text, sizeof cell.text, "%d", day + 25569); break; /* Excel's serial number */
	}
	return cell;
}

struct cell cell_time(int day, int minute, int style)
{
	struct cell cell, date = cell_date(day, style == 0 ? 0 : 1);
	int hour = minute / 60, past = minute % 60;
	if (style == 0)
		snprintf(cell.text, sizeof cell.text, "%.20s %02d:%02d:00", date.text, hour, past);
	else if (style == 1)
		snprintf(cell.text, sizeof cell.text, "%.20s %d:%02d", date.text, hour, past);
	else
		snprintf(cell.text, sizeof cell.text, "%.20s %s%d:%02d", date.text, hour < 12 ? "上午" : "下午",
		         hour > 12 ? hour - 12 : hour, past);
	return cell;
}

struct cell cell_grouped(int64_t yuan, const char *before, const char *after)
{
	struct cell cell;
	char digits[24], out[40];
	int n = snprintf(digits, sizeof digits, "%lld", (long long)(yuan < 0 ? -yuan : yuan)), k = 0;
	if (yuan < 0)
		out[k++] = '-';
	for (int i = 0; i < n; i++) {
		if (i && (n - i) % 3 == 0)
			out[k++] = ',';
		out[k++] = digits[i];
	}
	out[k] = '\0';
	snprintf(cell.text, sizeof cell.text, "%s%s%s", before, out, after);
	return cell;
}

struct cell cell_wan(int64_t yuan, const char *after)
{
	struct cell cell;
	char fraction[8];
	snprintf(fraction, sizeof fraction, ".%04d", (int)(yuan % 10000));
	for (size_t n = strlen(fraction); n && (fraction[n - 1] == '0' || fraction[n - 1] == '.'); n--)
		fraction[n - 1] = '\0';
	snprintf(cell.text, sizeof cell.text, "%lld%s%s", (long long)(yuan / 10000), fraction, after);
	return cell;
}

struct cell cell_spoiled(struct cell good, enum spoil spoil, const char *bad)
{
	struct cell cell = good;
	if (spoil == BAD_DATE)
		snprintf(cell.text, sizeof cell.text, "%s", bad);
	return cell;
}

/* --- What is written of a person. --- */

struct cell phone_form(struct random *random, const char *mobile)
{
	static const char *const wide[] = { "０", "１", "２", "３", "４", "５", "６", "７", "８", "９" };
	struct cell cell = { "" };
	switch (random_weighted(random, (const int[]){ 770, 50, 50, 30, 15, 30, 15, 15, 15, 10 }, 10)) {
	case 1: snprintf(cell.text, sizeof cell.text, "%.3s %.4s %.4s", mobile, mobile + 3, mobile + 7); break;
	case 2: snprintf(cell.text, sizeof cell.text, "%.3s-%.4s-%.4s", mobile, mobile + 3, mobile + 7); break;
	case 3: snprintf(cell.text, sizeof cell.text, "+86 %s", mobile); break;
	case 4: snprintf(cell.text, sizeof cell.text, "86%s", mobile); break;
	case 5: snprintf(cell.text, sizeof cell.text, "%s.0", mobile); break;
	case 6:
		for (const char *digit = mobile; *digit; digit++)
			strcat(cell.text, wide[*digit - '0']);
		break;
	case 7: snprintf(cell.text, sizeof cell.text, "'%s", mobile); break;
	case 8: snprintf(cell.text, sizeof cell.text, " %s ", mobile); break;
	case 9: snprintf(cell.text, sizeof cell.text, "=\"%s\"", mobile); break;
	default: snprintf(cell.text, sizeof cell.text, "%s", mobile); break;
	}
	return cell;
}

/* The number that the person gives this time. */
static const char *number_given(const struct world *world, struct random *random, int index)
{
	const struct person *person = &world->people.at[index];
	if (!person->mobile[0][0] || (person->borrows && random_chance(random, 300)))
		return world->people.at[person->phone_of].mobile[0];
	return person->mobile[person->mobile[1][0] && random_chance(random, 200)];
}

/* A second number for the same cell: his other one, or that of wife or husband. */
static const char *number_second(const struct world *world, int index, const char *first)
{
	const struct person *person = &world->people.at[index];
	if (person->mobile[1][0])
		return person->mobile[strcmp(first, person->mobile[0]) == 0];
	if (person->phone_of >= 0 && strcmp(world->people.at[person->phone_of].mobile[0], first) != 0)
		return world->people.at[person->phone_of].mobile[0];
	return NULL;
}

static void phone_write(struct written *out, struct record *record, const struct world *world, struct random *random,
                        const struct dirt *dirt, int index)
{
	static const char *const joints[] = { "/", "、", " ", ";", "，" };
	const char *first = number_given(world, random, index), *second = number_second(world, index, first);
	int way = random_weighted(random, (const int[]){ 1000 - dirt->masked - dirt->scientific - dirt->landline - dirt->phoneless,
		dirt->masked, dirt->scientific, dirt->landline, dirt->phoneless }, 5);
	char *text = out->mobile.text;
	size_t size = sizeof out->mobile.text;
	if (way == 1) {
		static const char *const masks[] = { "****", "****", "****", "xxxx", "-****-" };
		snprintf(text, size, "%.3s%s%s", first, masks[random_below(random, COUNT(masks))], first + 7);
	} else if (way == 2) {
		snprintf(text, size, "1.%.2sE+10", first + 1);
	} else if (way == 3) {
		snprintf(text, size, "%s-%.4s%s", projects[index % PROJECTS].area_code, first + 3, first + 7);
	} else if (way == 4) {
		*text = '\0';
	} else {
		out->mobile = phone_form(random, first);
		snprintf(record->mobile[0], sizeof record->mobile[0], "%s", first);
		if (second && random_chance(random, dirt->two)) {
			const char *note = world->people.at[index].mobile[1][0] ? "" : world->people.at[index].male ? "(妻)" : "(夫)";
			snprintf(text, size, "%s%s%s%s", first, joints[random_below(random, COUNT(joints))], second, note);
			snprintf(record->mobile[1], sizeof record->mobile[1], "%s", second);
		}
	}
}

static void name_write(struct written *out, struct record *record, const struct person *person, struct random *random,
                       const struct dirt *dirt)
{
	char *text = out->name.text;
	size_t size = sizeof out->name.text;
	const char *const titles[] = { person->male ? "先生" : "女士", person->male ? "先生" : "女士", person->male ? "总" : "小姐", "" };
	static const char *const notes[] = { "(老业主)", "（本人）", "(张姐介绍)", " ", "先生/女士" };
	bool reachable = record->mobile[0][0];
	record->full_name = true;
	snprintf(record->name, sizeof record->name, "%s", person->name);
	snprintf(text, size, "%s", person->name);
	if (person->style == STYLE_LOOSE && reachable && random_chance(random, dirt->nameless)) {
		record->full_name = false;
		record->name[0] = *text = '\0';
	} else if (person->style == STYLE_LOOSE && random_chance(random, dirt->titled)) {
		record->full_name = false;
		snprintf(record->name, sizeof record->name, "%s", person->surname);
		snprintf(text, size, "%s%s", person->surname, titles[random_below(random, 3)]);
	} else if (person->style == STYLE_TYPO && random_chance(random, dirt->typo)) {
		snprintf(record->name, sizeof record->name, "%s", person->typo);
		snprintf(text, size, "%s", person->typo);
	} else if (random_chance(random, dirt->noted)) {
		int note = random_below(random, COUNT(notes));
		if (note == COUNT(notes) - 1)
			snprintf(text, size, "%s%s", person->name, titles[0]);
		else
			snprintf(text, size, "%s%s", person->name, notes[note]);
	} else if (strlen(person->name) == 6 && random_chance(random, dirt->noted)) {
		snprintf(text, size, "%.3s%s%s", person->name, random_chance(random, 500) ? " " : "　", person->name + 3);
	}
	const char *dot = strstr(text, "·");
	if (dot && random_chance(random, 500)) /* another dot, as long in bytes or not */
		snprintf(text, size, "%.*s•%s", (int)(strstr(person->name, "·") - person->name), person->name, strstr(person->name, "·") + strlen("·"));
}

static void cert_write(struct written *out, struct record *record, const struct person *person, struct random *random,
                       const struct dirt *dirt)
{
	char *text = out->cert.text;
	size_t size = sizeof out->cert.text;
	bool last_century = memcmp(person->cert + 6, "19", 2) == 0;
	if (!random_chance(random, dirt->cert))
		return;
	snprintf(text, size, "%s", person->cert);
	if (random_chance(random, dirt->cert_wrong)) {
		text[17] = person->cert[17] == '7' ? '3' : '7';
		return;
	}
	if (random_chance(random, dirt->cert_cut)) {
		memcpy(text + 15, "000", 3);
		return;
	}
	snprintf(record->cert, sizeof record->cert, "%s", person->cert);
	if (last_century && random_chance(random, dirt->cert_old))
		snprintf(text, size, "%.6s%.9s", person->cert, person->cert + 8);
	else if (text[17] == 'X' && random_chance(random, 350))
		text[17] = 'x';
}

struct record *person_write(struct written *out, struct book *book, const struct world *world, struct random *random,
                                   const struct dirt *dirt, enum file file, size_t fact, int person)
{
	struct record *record = ADD(book->records);
	*record = (struct record){ .file = file, .fact = fact, .person = person, .channel = "" };
	*out = (struct written){ 0 };
	phone_write(out, record, world, random, dirt, person);
	name_write(out, record, &world->people.at[person], random, dirt);
	cert_write(out, record, &world->people.at[person], random, dirt);
	return record;
}

void record_spoil(struct written *out, struct record *record, enum spoil spoil)
{
	record->spoil = spoil;
	if (spoil == NO_IDENTITY)
		out->name.text[0] = out->mobile.text[0] = out->mobile2.text[0] = out->cert.text[0] = '\0';
	if (spoil != FINE)
		record->name[0] = record->mobile[0][0] = record->mobile[1][0] = record->cert[0] = '\0';
}
