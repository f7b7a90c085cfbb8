/* person: names of customers.  Room: value.
 *
 * A name cell holds more than a name: notes in brackets (张三(老业主)), titles (张先生,
 * 李总), blanks between hanzi, stars, several owners, or a company.  person_parse() takes
 * one name apart; person_next() cuts a cell of several.
 *
 *     张 三（老业主）    张三, surname 张
 *     欧阳女士           欧阳, only a surname, female
 *     阿凡提•买买提      阿凡提·买买提, no surname
 *     上海某某（集团）有限公司   上海某某(集团)有限公司, a company
 *
 * The normal form of the normal form is itself. */
#ifndef CRM_VALUE_PERSON_H
#define CRM_VALUE_PERSON_H

#include "base/view.h"

enum person_kind {
	PERSON_NONE,    /* empty, or a word for "nothing" */
	PERSON_NATURAL,
	PERSON_COMPANY,
	PERSON_UNKNOWN, /* no name: a number, 测试, a title alone, longer than PERSON_LONGEST */
};
/* none natural company unknown */
const char *person_kind_name(enum person_kind kind);

enum { PERSON_LONGEST = 192 };

struct person {
	enum person_kind kind;
	unsigned char len, surname; /* bytes of the text; those of the surname at its beginning, 0 where it has none */
	bool surname_only;          /* 张先生: never to be merged by name */
	bool masked;                /* stars, or 某 */
	bool noted;                 /* brackets or a remark behind a hyphen were dropped */
	char sex;                   /* M or F by the title, else U */
	char text[PERSON_LONGEST];  /* normal form */
};

enum person_kind person_parse(struct view cell, struct person *person);
/* Only the kind, which is cheaper. */
enum person_kind person_kind_of(struct view cell);
/* The normal form; valid as long as the person is. */
static inline struct view person_text(const struct person *person)
{
	return (struct view){ person->text, person->len };
}

/* Cuts the next name off a cell of several (张三、李四/王五); separators inside brackets
 * do not count.  False when there is none left. */
bool person_next(struct view *cell, struct view *name);

/* Bytes of the surname that a name in Chinese characters begins with: two characters where
 * they are a compound surname (欧阳), else one; 0 where the text does not begin with a
 * hanzi. */
size_t person_surname(struct view name);

#endif
