/* world: a made-up developer, what its customers really did, and what the ledgers say of it.
 *
 * world.c invents people and lets them report, visit, queue, buy, pay and complain.
 * ledgers.c writes that down as the departments would, with the dirt of each, and keeps for
 * every row what can still be known from it (struct record).  truth.c counts: what was, and
 * what the ledgers let anybody find out with exact keys.  Nothing here reads a ledger. */
#ifndef GEN_WORLD_H
#define GEN_WORLD_H

#include "base/arena.h"
#include "random.h"

/* Days are counted from 1970-01-01.  All that happens lies between these days. */
#define FIRST_DAY 19723 /* 2024-01-01 */
#define LAST_DAY 20269  /* 2025-06-30 */
#define MONTHS 18

enum { PROJECTS = 3, CHANNELS = 12, BROKERS = 60, CONSULTANTS = 12 };

struct project {
	const char *id, *name, *city, *region, *area_code, *home[6];
	int first_day, base_price;         /* yuan per square metre */
	struct { int from, open; } launch[2]; /* queueing begins, opening day; 0: none */
	int weight;
};

struct spelling {
	int channel;
	const char *channel2, *raw;
	int weight; /* 0: only in broker reports */
};

extern const struct project projects[PROJECTS];
extern const char *const channels[CHANNELS];
extern const struct spelling spellings[];
extern const int SPELLINGS;
/* A spelling that the channel map does not know. */
extern const char UNMAPPED[];

enum channel {
	NATURAL, ONLINE, HOTLINE, OWN, AGENCY, ECOMMERCE, EVERYONE, REFERRAL, REPEAT, STAFF, OUTDOOR, EVENT
};

/* How a person's name comes to be written. */
enum style {
	STYLE_PLAIN, /* always in full */
	STYLE_LOOSE, /* sometimes `张先生`, sometimes not at all; has one phone, shares it with nobody */
	STYLE_TYPO,  /* sometimes with a slip; lives alone */
};

struct person {
	char name[48], typo[48], surname[8];
	char cert[20];      /* 18 digits; empty: shows none */
	char mobile[2][12]; /* the second often empty; both empty: uses `phone_of`'s */
	int birth, phone_of; /* person whose number is given instead, or -1 */
	int household;
	bool male, borrows; /* borrows: gives the number of phone_of now and then */
	enum style style;
};

struct broker {
	char name[48], mobile[12];
	int company;
	bool cheats; /* writes his own number into the customer's column */
};

enum spoil { FINE, NO_IDENTITY, BAD_DATE, RAGGED, BAD_AMOUNT };

struct report {
	int person, project, day, minute, broker, channel;
	const char *status;
	bool own_phone, valid;
	enum spoil spoil;
};

struct visit {
	int person, project, day, minute, channel, consultant, group;
	bool first;
	enum spoil spoil;
};

struct user {
	int person, project, day, minute, channel;
	bool again; /* registered a second time, under the other number */
	enum spoil spoil;
};

enum kind { QUEUE, SUBSCRIBE };
enum reason { OPEN, TO_CONTRACT, WITHDRAWN, FORFEITED, SWAPPED, REFUNDED, VOIDED };

struct order {
	int person, project, day, channel, consultant, pay_method, spouse;
	int area, amount, deposit; /* 0.01 square metres, yuan, yuan */
	enum kind kind;
	int close_day; /* 0: open */
	enum reason reason;
	int previous; /* the order that this one replaces (换房), or -1 */
	int contract; /* or -1 */
	char id[20], room[48];
};

struct contract {
	int order, day, down, loan, close_day;
	char id[20];
};

enum item { QUEUE_MONEY, DEPOSIT, DOWN_PAYMENT, INSTALMENT, LOAN, FUND, MAINTENANCE, PENALTY, REFUND };

struct receipt {
	int order, contract, day; /* contract: -1 before there is one */
	int64_t fen;
	bool back, voided; /* paid back to the customer; entered by mistake */
	enum item item;
};

struct spend {
	int project, channel, day, id;
	int64_t fen; /* negative: taken back */
	bool paid;   /* a payment; else an accrual */
};

struct ticket {
	int person, project, day, minute;
	bool complaint;
	enum spoil spoil;
	const char *room;
};

/* An array that grows: at[0] .. at[n-1].  What ADD returns is valid until the next ADD. */
#define LIST(type) struct { struct type *at; size_t n, cap; }
#define ADD(list) (heap_grow((list).at, (list).n, &(list).cap), &(list).at[(list).n++])

struct world {
	struct random random;
	LIST(person) people;
	LIST(report) reports;
	LIST(visit) visits;
	LIST(user) users;
	LIST(order) orders;
	LIST(contract) contracts;
	LIST(receipt) receipts;
	LIST(spend) spend;
	LIST(ticket) tickets;
	struct broker brokers[BROKERS];
	int rooms[PROJECTS]; /* given out so far */
	int numbers;         /* phone numbers given out so far: no two are alike */
};

void world_make(struct world *world, uint64_t seed);
void world_release(struct world *world);

/* --- The calendar. --- */
struct civil { int year, month, day; };
struct civil civil_of(int day);
int day_of(int year, int month, int day);
/* 0 .. MONTHS-1. */
int month_of(int day);

/* --- What a row of a ledger still tells, in canonical form. --- */
enum file { VISITS, REPORTS, USERS, ORDERS, CONTRACTS, RECEIPTS, SPEND, TICKETS, TARGETS, FILES };
extern const char *const file_names[FILES];

struct record {
	enum file file;
	long line;      /* physical, where the row begins, from 1 */
	size_t fact;    /* index into the world's list of that kind */
	int person;     /* -1: the row is about nobody */
	bool full_name; /* else name is a surname or empty */
	char name[48], mobile[2][12], cert[20]; /* recoverable ones only */
	const char *channel; /* level 1 as the map gives it, the raw text where it gives none */
	enum spoil spoil;
};

/* Lines of a ledger by what they are. */
struct census {
	long physical, title, header, repeated, blank, footer, rows, rejected;
};

struct book {
	LIST(record) records;
	struct census census[FILES];
};

void ledgers_write(struct world *world, struct book *book, const char *folder);
void truth_write(const struct world *world, const struct book *book, const char *folder);
/* Creates or replaces folder/name; ends the program where it cannot. */
void file_write(const char *folder, const char *name, struct view bytes);

#endif
