/* Identity: keys of cells, what merges and what must not, the same for any order. */
#include "identity/identity.h"

#include <stdlib.h>

#include "base/arena.h"
#include "identity/golden.h"
#include "test.h"

/* ---- keys ---- */

static const struct {
	const char *name;
	enum identity_name form;
	const char *key, *why;
} names[] = {
	{ "张三", IDENTITY_FULL_NAME, "张三", "a full name" },
	{ "张三（老业主）", IDENTITY_FULL_NAME, "张三", "notes are no part of it" },
	{ "张三先生", IDENTITY_FULL_NAME, "张三", "titles neither" },
	{ "张先生", IDENTITY_SURNAME, "张", "a surname with a title" },
	{ "欧阳女士", IDENTITY_SURNAME, "欧阳", "a compound surname" },
	{ "张**", IDENTITY_SURNAME, "张", "stars: the surname is left" },
	{ "**伟", IDENTITY_NO_NAME, "", "stars in place of the surname" },
	{ "", IDENTITY_NO_NAME, "", "nothing" },
	{ "测试", IDENTITY_NO_NAME, "", "no name" },
	{ "张三、李四", IDENTITY_FULL_NAME, "张三", "of several the first one" },
};

static const struct {
	const char *first, *second;
	unsigned count;
	uint64_t mobiles[3];
	unsigned firsts;
	const char *why;
} numbers[] = {
	{ "13900001234", "", 1, { 13900001234 }, 1, "one number" },
	{ "139 0000 1234/010-12345678", "", 1, { 13900001234 }, 1, "landlines are no keys" },
	{ "13900001234、13900005678(妻)", "", 2, { 13900001234, 13900005678 }, 1, "the second one of a cell is a second one" },
	{ "", "13900005678", 1, { 13900005678 }, 1, "a second cell where the first is empty is the first number" },
	{ "13900001234", "13900001234", 1, { 13900001234 }, 1, "the same number twice" },
	{ "139****1234", "", 0, { 0 }, 0, "masked" },
	{ "13800138000", "", 0, { 0 }, 0, "nobody's" },
};

static const struct {
	const char *cell;
	const char *text; /* "": no key */
	const char *why;
} cards[] = {
	{ "11010519491231002X", "11010519491231002X", "valid" },
	{ "11010519491231002x", "11010519491231002X", "a small x" },
	{ "110105491231002", "11010519491231002X", "15 digits are the 18 that they stand for" },
	{ "110105194912310021", "", "a wrong check digit" },
	{ "110105194912310000", "", "ends in 000" },
	{ "G12345678", "", "another paper" },
	{ "110105********002X", "", "masked" },
	{ "", "", "nothing" },
};

static void test_keys(void)
{
	struct identity_keys keys;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		identity_keys_reset(&keys);
		identity_keys_name(&keys, view_of(names[i].name));
		CHECK(keys.form == names[i].form, "%s: %s", names[i].name, names[i].why);
		CHECK_TEXT(identity_name_of(&keys), view_of(names[i].key), "%s: %s", names[i].name, names[i].why);
	}
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
		identity_keys_reset(&keys);
		identity_keys_mobile(&keys, view_of(numbers[i].first));
		identity_keys_mobile(&keys, view_of(numbers[i].second));
		CHECK(keys.mobiles == numbers[i].count && keys.firsts == numbers[i].firsts, "%s", numbers[i].why);
		for (unsigned k = 0; k < keys.mobiles; k++)
			CHECK(keys.mobile[k] == numbers[i].mobiles[k], "%s: number %u", numbers[i].why, k);
	}
	for (size_t i = 0; i < sizeof cards / sizeof *cards; i++) {
		struct buf text = { 0 };
		identity_keys_reset(&keys);
		identity_keys_cert(&keys, view_of(cards[i].cell));
		if (keys.cert)
			identity_cert_text(keys.cert, &text);
		CHECK_TEXT(buf_view(&text), view_of(cards[i].text), "%s", cards[i].why);
		buf_release(&text);
	}
}

/* ---- small worlds ---- */

struct person_row {
	const char *bytes, *name, *mobile, *mobile2, *cert;
};

#define ANNA "11010519491231002X"
#define OTTO "34052419800101001X"

static const struct {
	const char *why;
	struct person_row rows[8];
	const char *clusters; /* a letter for each row: equal letters are one person */
	unsigned refused, ambiguous, shared;
} worlds[] = {
	{ "the same card under two names, and its 15 digits",
	  { { "a", "张三", "", "", ANNA }, { "b", "张珊", "13900000001", "", ANNA }, { "c", "", "", "", "110105491231002" } }, "aaa", 0, 0, 0 },
	{ "the same mobile and name", { { "a", "张三", "13900000001", "", "" }, { "b", "张三", "13900000001", "", "" } }, "aa", 0, 0, 0 },
	{ "a couple shares a phone", { { "a", "张三", "13900000001", "", "" }, { "b", "李四", "13900000001", "", "" } }, "ab", 0, 0, 0 },
	{ "the same name is no key", { { "a", "张三", "13900000001", "", "" }, { "b", "张三", "13900000002", "", "" } }, "ab", 0, 0, 0 },
	{ "the same name, and a second number",
	  { { "a", "张三", "13900000001", "13900000002", "" }, { "b", "张三", "13900000002", "", "" } }, "aa", 0, 0, 0 },
	{ "a surname joins the one name that it begins",
	  { { "a", "张三", "13900000001", "", "" }, { "b", "张先生", "13900000001", "", "" }, { "c", "李四", "13900000001", "", "" } }, "aab", 0, 0, 0 },
	{ "a surname that two names begin with joins neither",
	  { { "a", "张三", "13900000001", "", "" }, { "b", "张先生", "13900000001", "", "" }, { "c", "张四", "13900000001", "", "" } }, "abc", 0, 1, 0 },
	{ "no name joins the one person of the number",
	  { { "a", "张三", "13900000001", "", "" }, { "b", "", "13900000001", "", "" }, { "c", "张女士", "13900000001", "", "" } }, "aaa", 0, 0, 0 },
	{ "no name on a couple's phone joins neither",
	  { { "a", "张三", "13900000001", "", "" }, { "b", "", "13900000001", "", "" }, { "c", "李四", "13900000001", "", "" } }, "abc", 0, 1, 0 },
	{ "but one that its card knows is known",
	  { { "a", "张三", "13900000001", "", ANNA }, { "b", "", "13900000001", "", ANNA }, { "c", "李四", "13900000001", "", "" } }, "aab", 0, 0, 0 },
	{ "a slip of the pen, one by the card: a surname fits the one person",
	  { { "a", "张三", "13900000001", "", ANNA }, { "b", "张山", "13900000001", "", ANNA }, { "c", "张先生", "13900000001", "", "" } }, "aaa", 0, 0, 0 },
	{ "two cards under one name and number are two persons",
	  { { "a", "张三", "13900000001", "", ANNA }, { "b", "张三", "13900000001", "", OTTO } }, "ab", 0, 0, 0 },
	{ "a third one without a card joins the first, and is refused the second",
	  { { "a", "张三", "13900000001", "", ANNA }, { "b", "张三", "13900000001", "", OTTO }, { "c", "张三", "13900000001", "", "" } }, "aba", 1, 0, 0 },
	{ "no chain brings two cards together",
	  { { "a", "张三", "13900000001", "", ANNA }, { "b", "张三", "13900000001", "13900000002", "" }, { "c", "张三", "13900000002", "", OTTO } }, "aab", 1, 0, 0 },
	{ "a number under six names is nobody's",
	  { { "a", "张三", "13900000001", "", "" }, { "b", "李四", "13900000001", "", "" }, { "c", "王五", "13900000001", "", "" },
	    { "d", "赵六", "13900000001", "", "" }, { "e", "钱七", "13900000001", "", "" }, { "f", "孙八", "13900000001", "", "" },
	    { "g", "孙八", "13900000001", "", "" } }, "abcdefg", 0, 0, 1 },
	{ "one under five is a key",
	  { { "a", "张三", "13900000001", "", "" }, { "b", "李四", "13900000001", "", "" }, { "c", "王五", "13900000001", "", "" },
	    { "d", "赵六", "13900000001", "", "" }, { "e", "钱七", "13900000001", "", "" }, { "f", "钱七", "13900000001", "", "" } }, "abcdee", 0, 0, 0 },
	{ "a number under six cards is nobody's, without any name",
	  { { "a", "", "13900000001", "", ANNA }, { "b", "", "13900000001", "", OTTO }, { "c", "", "13900000001", "", "110105198001010016" },
	    { "d", "", "13900000001", "", "110105198001010024" }, { "e", "", "13900000001", "", "110105198001010032" },
	    { "f", "", "13900000001", "", "110105198001010040" }, { "g", "", "13900000001", "", "" } }, "abcdefg", 0, 0, 1 },
	{ "nothing to know by", { { "a", "张三", "", "", "" }, { "b", "张三", "139****0001", "", "" }, { "c", "", "", "", "" } }, "abc", 0, 0, 0 },
};

static void add_row(struct identity *identity, const struct person_row *row)
{
	struct identity_keys keys;
	identity_keys_reset(&keys);
	identity_keys_name(&keys, view_of(row->name));
	identity_keys_mobile(&keys, view_of(row->mobile));
	identity_keys_mobile(&keys, view_of(row->mobile2));
	identity_keys_cert(&keys, view_of(row->cert));
	identity_add(identity, &keys, view_of(row->bytes));
}

static void test_worlds(void)
{
	for (size_t i = 0; i < sizeof worlds / sizeof *worlds; i++) {
		size_t count = strlen(worlds[i].clusters);
		/* Every rotation of the rows, and each backwards. */
		for (size_t turn = 0; turn < 2 * count; turn++) {
			struct identity *identity = identity_new();
			uint32_t ranks[8];
			size_t where[8];
			for (size_t k = 0; k < count; k++) {
				size_t row = (k + turn) % count;
				row = turn < count ? row : count - 1 - row;
				where[row] = k;
				add_row(identity, &worlds[i].rows[row]);
			}
			identity_resolve(identity, 5, NULL, NULL);
			for (size_t k = 0; k < count; k++)
				ranks[k] = identity_rank(identity, (uint32_t)where[k]);
			for (size_t k = 0; k < count; k++)
				CHECK(ranks[k] == (uint32_t)(worlds[i].clusters[k] - 'a' + 1), "%s: row %zu, turn %zu: rank %u",
				      worlds[i].why, k, turn, ranks[k]);
			const struct identity_counts *counts = identity_counts(identity);
			CHECK(counts->refused == worlds[i].refused && counts->ambiguous == worlds[i].ambiguous &&
			      counts->shared == worlds[i].shared, "%s: %llu refused, %llu ambiguous, %llu shared", worlds[i].why,
			      (unsigned long long)counts->refused, (unsigned long long)counts->ambiguous,
			      (unsigned long long)counts->shared);
			identity_free(identity);
		}
	}
}

/* ---- random worlds ---- */

enum { ROWS = 40 };

static uint64_t draw(uint64_t *seed, uint64_t below)
{
	*seed = *seed * 6364136223846793005u + 1442695040888963407u;
	return (*seed >> 33) % below;
}

/* Rows of few names, numbers and cards, so that all that can collide does. */
static void make_rows(uint64_t *seed, struct identity_keys *keys)
{
	static const char *const pool[] = { "张三", "张四", "李四", "李五", "张先生", "李女士", "", "欧阳", "欧阳娜" };
	static const char *const papers[] = { "", "", "", ANNA, OTTO, "110105491231002" };
	for (size_t i = 0; i < ROWS; i++) {
		identity_keys_reset(&keys[i]);
		identity_keys_name(&keys[i], view_of(pool[draw(seed, sizeof pool / sizeof *pool)]));
		for (unsigned k = 0; k < 2; k++) {
			char mobile[12];
			snprintf(mobile, sizeof mobile, "1390001%04u", (unsigned)draw(seed, 12) + 1000);
			if (draw(seed, 3))
				identity_keys_mobile(&keys[i], view_of(mobile));
		}
		identity_keys_cert(&keys[i], view_of(papers[draw(seed, sizeof papers / sizeof *papers)]));
	}
}

static void resolve_in_order(const struct identity_keys *keys, const struct view *bytes, const unsigned *order, uint32_t *ranks)
{
	struct identity *identity = identity_new();
	for (size_t i = 0; i < ROWS; i++)
		identity_add(identity, &keys[order[i]], bytes[order[i]]);
	identity_resolve(identity, 3, NULL, NULL);
	for (size_t i = 0; i < ROWS; i++)
		ranks[order[i]] = identity_rank(identity, (uint32_t)i);
	identity_free(identity);
}

static void check_world(const struct identity_keys *keys, const uint32_t *ranks)
{
	for (size_t i = 0; i < ROWS; i++)
		for (size_t k = 0; k < i; k++) {
			bool both = keys[i].cert && keys[k].cert, same = keys[i].cert == keys[k].cert;
			CHECK(!both || same == (ranks[i] == ranks[k]), "one card one person, two cards two");
			bool alone = !keys[i].cert && !keys[i].mobiles;
			CHECK(!alone || ranks[i] != ranks[k], "without keys alone");
		}
}

static void test_random(void)
{
	uint64_t seed = 7;
	struct identity_keys keys[ROWS];
	struct view bytes[ROWS];
	char texts[ROWS][8];
	for (unsigned world = 0; world < 60; world++) {
		uint32_t base[ROWS], ranks[ROWS];
		unsigned order[ROWS];
		make_rows(&seed, keys);
		for (unsigned i = 0; i < ROWS; i++) {
			snprintf(texts[i], sizeof texts[i], "%02u", (i * 7 + world) % ROWS);
			bytes[i] = view_of(texts[i]);
			order[i] = i;
		}
		resolve_in_order(keys, bytes, order, base);
		check_world(keys, base);
		for (unsigned shuffle = 0; shuffle < 5; shuffle++) {
			for (size_t i = ROWS - 1; i; i--) {
				size_t k = draw(&seed, i + 1);
				unsigned swapped = order[i];
				order[i] = order[k];
				order[k] = swapped;
			}
			resolve_in_order(keys, bytes, order, ranks);
			CHECK(memcmp(ranks, base, sizeof base) == 0, "world %u in another order", world);
		}
	}
}

/* ---- golden records ---- */

static void test_golden(void)
{
	static const enum golden_kind kinds[] = { GOLDEN_NAME, GOLDEN_MOBILE, GOLDEN_MOBILE, GOLDEN_CERT, GOLDEN_PLAIN };
	const struct view old[] = { VIEW("张三"), VIEW("13900000001"), VIEW(""), VIEW(ANNA), VIEW("朝阳") };
	const struct view middle[] = { VIEW("张叁"), VIEW("13900000002"), VIEW(""), VIEW("110105194912310021"), VIEW("海淀") };
	const struct view new[] = { VIEW("张先生"), VIEW("139****0002"), VIEW(""), VIEW(""), VIEW("") };
	struct golden_record records[] = {
		{ 100, VIEW("a"), old }, { 300, VIEW("b"), new }, { 200, VIEW("c"), middle }, { INT64_MIN, VIEW("d"), middle },
	};
	struct arena arena = { 0 };
	struct view cells[5];
	golden_pick(kinds, 5, records, 4, &arena, cells);
	CHECK_TEXT(cells[0], VIEW("张三"), "a full name beside a valid card, though older");
	CHECK_TEXT(cells[1], VIEW("13900000002"), "the newest full number, not the masked one");
	CHECK_TEXT(cells[2], VIEW("13900000001"), "then the one before");
	CHECK_TEXT(cells[3], VIEW(ANNA), "a valid card, though older");
	CHECK_TEXT(cells[4], VIEW("海淀"), "the newest that is not empty");
	struct golden_record masked[] = { { 300, VIEW("b"), new } };
	golden_pick(kinds, 5, masked, 1, &arena, cells);
	CHECK_TEXT(cells[1], VIEW("139****0002"), "masked is better than none");
	CHECK_TEXT(cells[0], VIEW("张先生"), "a surname is better than none");
	struct golden_record same[] = { { 5, VIEW("a"), old }, { 5, VIEW("b"), middle } };
	golden_pick(kinds, 5, same, 2, &arena, cells);
	CHECK_TEXT(cells[4], VIEW("海淀"), "of one time the greater record");
	arena_release(&arena);
}

int main(void)
{
	test_keys();
	test_worlds();
	test_random();
	test_golden();
	return test_end();
}
