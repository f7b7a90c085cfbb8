/* Tests of value/idcard.  The cards are the standard's examples or made up. */
#include "value/idcard.h"

#include "gen.h"
#include "test.h"
#include "value/date.h"

static const struct {
	const char *cell;
	enum idcard_kind kind;
	enum idcard_result result;
	const char *text, *why;
} cells[] = {
	{ "11010519491231002X", IDCARD_RESIDENT, IDCARD_OK, "11010519491231002X", "the standard's example" },
	{ "34052419800101001X", IDCARD_RESIDENT, IDCARD_OK, "34052419800101001X", "another" },
	{ "34052419800101001x", IDCARD_RESIDENT, IDCARD_OK, "34052419800101001X", "a small x" },
	{ "34052419800101001Ｘ", IDCARD_RESIDENT, IDCARD_OK, "34052419800101001X", "a full-width X" },
	{ "34052419800101001×", IDCARD_RESIDENT, IDCARD_OK, "34052419800101001X", "a times sign" },
	{ " 110105 19491231 002X ", IDCARD_RESIDENT, IDCARD_OK, "11010519491231002X", "blanks" },
	{ "'11010519491231002X", IDCARD_RESIDENT, IDCARD_OK, "11010519491231002X", "Excel's quote" },
	{ "=\"11010519491231002X\"", IDCARD_RESIDENT, IDCARD_OK, "11010519491231002X", "Excel's wrapper" },
	{ "440524188001010014", IDCARD_RESIDENT, IDCARD_BAD_AGE, "440524188001010014", "born in 1880" },
	{ "110105491231002", IDCARD_RESIDENT, IDCARD_OK, "11010519491231002X", "15 places" },
	{ "110105194912310021", IDCARD_RESIDENT, IDCARD_BAD_CHECK, "110105194912310021", "wrong check digit" },
	{ "110105194902300020", IDCARD_RESIDENT, IDCARD_BAD_BIRTH, "110105194902300020", "30 February, right check digit" },
	{ "11010519490230002X", IDCARD_RESIDENT, IDCARD_BAD_BIRTH, "11010519490230002X", "30 February, wrong check digit" },
	{ "990105194912310021", IDCARD_RESIDENT, IDCARD_BAD_PROVINCE, "990105194912310021", "province before check digit" },
	{ "110105194912310000", IDCARD_RESIDENT, IDCARD_EXCEL_TRUNCATED, "110105194912310000", "000 at the end" },
	{ "110105490230002", IDCARD_RESIDENT, IDCARD_BAD_BIRTH, "110105194902300020", "15 places, no such day" },
	{ "1.10105E+17", IDCARD_NONE, IDCARD_SCI_NOTATION, "", "Excel again" },
	{ "1101051949123100", IDCARD_OTHER, IDCARD_OK, "1101051949123100", "16 digits: some paper" },
	{ "1101051949123100212", IDCARD_OTHER, IDCARD_OK, "1101051949123100212", "19 digits" },
	{ "1101051949123100AB", IDCARD_COMPANY, IDCARD_BAD_CHECK, "1101051949123100AB", "the form of a company's code" },
	{ "11010519491231002I", IDCARD_NONE, IDCARD_BAD_CERT, "", "an I is in no code" },
	{ "110105********002X", IDCARD_MASKED, IDCARD_IS_MASKED, "110105********002X", "stars" },
	{ "110105＊＊＊＊＊＊＊＊002x", IDCARD_MASKED, IDCARD_IS_MASKED, "110105********002X", "full-width stars" },
	{ "810000199408230021", IDCARD_HMT, IDCARD_OK, "810000199408230021", "residence permit, Hong Kong" },
	{ "830000199201300022", IDCARD_HMT, IDCARD_OK, "830000199201300022", "residence permit, Taiwan" },
	{ "E12345678", IDCARD_PASSPORT, IDCARD_OK, "E12345678", "passport" },
	{ "EA1234567", IDCARD_PASSPORT, IDCARD_OK, "EA1234567", "passport, two letters" },
	{ "g12345678", IDCARD_PASSPORT, IDCARD_OK, "G12345678", "passport, small letter" },
	{ "H12345678", IDCARD_HM_PERMIT, IDCARD_OK, "H12345678", "Hong Kong" },
	{ "M1234567801", IDCARD_HM_PERMIT, IDCARD_OK, "M1234567801", "Macao, ten digits" },
	{ "12345678", IDCARD_TW_PERMIT, IDCARD_OK, "12345678", "Taiwan" },
	{ "CAN110081022510", IDCARD_FOREIGNER, IDCARD_OK, "CAN110081022510", "old card of foreigners" },
	{ "K12345", IDCARD_OTHER, IDCARD_OK, "K12345", "something else" },
	{ "军字第1234567号", IDCARD_NONE, IDCARD_BAD_CERT, "", "letters of another script" },
	{ "", IDCARD_NONE, IDCARD_EMPTY, "", "empty" },
	{ "无", IDCARD_NONE, IDCARD_EMPTY, "", "nothing" },
	{ "1234", IDCARD_NONE, IDCARD_BAD_CERT, "", "too short" },
	{ "123456789012345678901", IDCARD_NONE, IDCARD_BAD_CERT, "", "too long" },
};

static void test_cells(int32_t as_of)
{
	for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
		struct view copy = gen_copy(view_of(cells[i].cell));
		struct idcard card;
		enum idcard_result result = idcard_parse(copy, as_of, &card);
		CHECK(result == cells[i].result, "\"%s\" is %s: %s", cells[i].cell, idcard_result_name(result), cells[i].why);
		CHECK(card.kind == cells[i].kind, "\"%s\" is of kind %s: %s", cells[i].cell, idcard_kind_name(card.kind), cells[i].why);
		CHECK_TEXT(idcard_text(&card), view_of(cells[i].text), "%s", cells[i].why);
		gen_free(copy);
	}
}

static int32_t day(int year, int month, int d)
{
	int32_t result = 0;
	date_of(year, month, d, &result);
	return result;
}

static void test_contents(int32_t as_of)
{
	struct idcard card;
	idcard_parse(VIEW("34052419800101001X"), as_of, &card);
	CHECK(card.province == 34 && card.sex == 'M' && card.has_birth && card.birth == day(1980, 1, 1) && !card.upgraded,
	      "what a card tells");
	idcard_parse(VIEW("110105491231002"), as_of, &card);
	CHECK(card.sex == 'F' && card.birth == day(1949, 12, 31) && card.upgraded, "and one of 15 places");
	CHECK(idcard_parse(VIEW("110105751231998"), day(1990, 1, 1), &card) == IDCARD_OK && card.birth == day(1875, 12, 31) &&
	      idcard_parse(VIEW("110105751231998"), as_of, &card) == IDCARD_BAD_AGE, "sequence 998 is of 18..");
	CHECK(idcard_parse(VIEW("440524188001010014"), day(2010, 12, 31), &card) == IDCARD_OK &&
	      idcard_parse(VIEW("440524188001010014"), day(2011, 1, 1), &card) == IDCARD_BAD_AGE, "131 years");
	CHECK(idcard_parse(VIEW("34052419800101001X"), day(1979, 12, 31), &card) == IDCARD_BAD_AGE, "not born yet");
	idcard_parse(VIEW("110105194912310021"), as_of, &card);
	CHECK(card.birth == day(1949, 12, 31) && card.sex == 'F', "what was found before the failure is there");
	CHECK(idcard_age(day(2000, 2, 29), day(2001, 2, 28)) == 0 && idcard_age(day(2000, 2, 29), day(2001, 3, 1)) == 1 &&
	      idcard_age(day(2000, 5, 3), day(2021, 5, 3)) == 21 && idcard_age(day(2000, 5, 3), day(2021, 5, 2)) == 20, "ages");
	CHECK(idcard_is_valid(VIEW("11010519491231002X")) && !idcard_is_valid(VIEW("11010519491231002x")) &&
	      !idcard_is_valid(VIEW("110105491231002")) && !idcard_is_valid(VIEW("")), "canonical text only");
}

/* A check character by the standard's formula, the slow way. */
static void make_company(uint64_t *seed, char code[static 18])
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	int sum = 0, weight = 1;
	for (int i = 0; i < 17; i++, weight = weight * 3 % 31) {
		int value = (int)gen_below(seed, i >= 2 && i < 8 ? 10 : 31);
		if (i == 0)
			value = 9;
		if (i == 1)
			value = 1;
		code[i] = alphabet[value];
		sum += value * weight;
	}
	code[17] = alphabet[(31 - sum % 31) % 31];
}

static void test_properties(int32_t as_of)
{
	static const char digits[] = "0123456789X";
	uint64_t seed = 29;
	struct idcard card, again;
	for (int i = 0; i < 5000; i++) {
		char text[19];
		/* A made-up card of someone born between 1920 and 2020. */
		struct civil birth = date_civil((int32_t)gen_below(&seed, 36000) - 18000);
		unsigned area = 310000 + (unsigned)gen_below(&seed, 70000), sequence = (unsigned)gen_below(&seed, 996);
		snprintf(text, sizeof text, "%06u%04d%02d%02d%03u", area, birth.year, birth.month, birth.day, sequence);
		text[17] = idcard_check_digit(text);
		CHECK(idcard_parse(view(text, 18), as_of, &card) == IDCARD_OK && card.kind == IDCARD_RESIDENT, "a made-up card");
		CHECK(idcard_is_valid(idcard_text(&card)), "the canonical text is valid");
		CHECK(idcard_parse(idcard_text(&card), as_of, &again) == IDCARD_OK && view_equal(idcard_text(&again), idcard_text(&card)),
		      "and reads back");
		if (birth.year >= 1900 && birth.year < 2000) {
			char old[15];
			memcpy(old, text, 6);
			memcpy(old + 6, text + 8, 9);
			CHECK(idcard_parse(view(old, 15), as_of, &again) == IDCARD_OK && view_equal(idcard_text(&again), view(text, 18)),
			      "15 places become the same 18");
		}
		/* One wrong character is always found; only a letter makes it another paper. */
		size_t at = gen_below(&seed, 18);
		char wrong = digits[gen_below(&seed, at == 17 ? 11 : 10)];
		if (text[at] != wrong) {
			text[at] = wrong;
			enum idcard_result result = idcard_parse(view(text, 18), as_of, &card);
			CHECK(result != IDCARD_OK || card.kind == IDCARD_COMPANY, "one wrong place");
		}
		char code[18];
		make_company(&seed, code);
		CHECK(idcard_is_company(view(code, 18)) && idcard_parse(view(code, 18), as_of, &card) == IDCARD_OK &&
		      (card.kind == IDCARD_COMPANY || card.kind == IDCARD_FOREIGNER), "a made-up company");
		code[17] = code[17] == '0' ? '1' : '0';
		CHECK(!idcard_is_company(view(code, 18)), "and one with a wrong check character");
	}
	static const char *const pieces[] = { "1", "0", "110105", "1949", "1231", "X", "x", "*", " ", "-", "E", "H", "９", "无", "×", "91" };
	for (int i = 0; i < 20000; i++) {
		struct view text = gen_text(&seed, pieces, sizeof pieces / sizeof *pieces, 12);
		enum idcard_result result = idcard_parse(text, as_of, &card);
		if (card.len)
			CHECK((idcard_parse(idcard_text(&card), as_of, &again) == result || card.upgraded) &&
			      view_equal(idcard_text(&again), idcard_text(&card)), "canonical text is canonical");
		gen_free(text);
	}
}

int main(void)
{
	int32_t as_of = day(2021, 6, 1);
	test_cells(as_of);
	test_contents(as_of);
	test_properties(as_of);
	CHECK(!idcard_is_company(VIEW("91310000000000000O")), "no O in a code");
	return test_end();
}
