/* figure: see figure.h. */
#include "render/figure.h"

#include "value/money.h"
#include "value/number.h"

/* The magnitude of INT64_MIN does not fit int64_t; unsigned it does. */
static uint64_t magnitude(int64_t number)
{
	return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

static uint64_t divide_rounded(uint64_t number, uint64_t by)
{
	uint64_t rest = number % by;
	return number / by + (rest >= by - rest);
}

static void put_grouped(struct buf *buf, uint64_t number, bool grouped)
{
	char digits[32];
	size_t at = sizeof digits, count = 0;
	do {
		if (grouped && count && count % 3 == 0)
			digits[--at] = ',';
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
		count++;
	} while (number);
	buf_put(buf, view(digits + at, sizeof digits - at));
}

/* A number of 1/10^decimals.  `trim` leaves out zeros at the end. */
static void put_decimal(struct buf *buf, bool negative, uint64_t number, unsigned decimals, bool grouped, bool trim)
{
	uint64_t scale = 1;
	for (unsigned i = 0; i < decimals; i++)
		scale *= 10;
	if (negative && number)
		buf_byte(buf, '-');
	put_grouped(buf, number / scale, grouped);
	uint64_t fraction = number % scale;
	if (!decimals || (trim && !fraction))
		return;
	buf_byte(buf, '.');
	while (scale > 1 && !(trim && !fraction)) {
		scale /= 10;
		buf_byte(buf, (char)('0' + fraction / scale));
		fraction %= scale;
	}
}

void figure_shown(struct buf *buf, enum doc_unit unit, int64_t number)
{
	uint64_t size = magnitude(number);
	unsigned decimals = 2;
	switch (unit) {
	case DOC_TEXT: case DOC_DATE: case DOC_COUNT: decimals = 0; break;
	case DOC_MONEY: case DOC_AREA: break;
	case DOC_WAN: size = divide_rounded(size, 10000); break;
	case DOC_RATE: size = divide_rounded(size, 100); break;
	case DOC_RATIO: size = divide_rounded(size, 10000); break;
	case DOC_DAYS: decimals = 1; break;
	}
	put_decimal(buf, number < 0, size, decimals, true, false);
	if (unit == DOC_RATE)
		buf_byte(buf, '%');
}

void figure_plain(struct buf *buf, enum doc_unit unit, int64_t number)
{
	switch (unit) {
	case DOC_TEXT: case DOC_DATE: case DOC_COUNT: buf_i64(buf, number); break;
	case DOC_MONEY: case DOC_WAN: money_format(number, buf); break;
	case DOC_RATE: case DOC_RATIO: rate_format(number, buf); break;
	case DOC_AREA: area_format(number, buf); break;
	case DOC_DAYS: number_format((__int128)number * (NUMBER_ONE / 10), buf); break;
	}
}

struct scale {
	uint64_t from, size; /* in whole units: numbers under 100,000 are read well as they are */
	const char *word;
};

static const struct scale english[] = { { 1000000000, 1000000000, "B" }, { 1000000, 1000000, "M" },
                                        { 100000, 1000, "K" }, { 0, 1, "" } };
static const struct scale chinese[] = { { 100000000, 100000000, "亿" }, { 100000, 10000, "万" }, { 0, 1, "" } };

/* `fine`: how many of the number make a whole (100 fen make a yuan). */
static void put_scaled(struct buf *buf, bool negative, uint64_t size, uint64_t fine, const struct scale *scale)
{
	while (size / fine < scale->from)
		scale++;
	if (scale->size == 1) {
		put_decimal(buf, negative, divide_rounded(size, fine), 0, true, false);
		return;
	}
	bool thousands = size / fine >= scale->size * 1000;
	uint64_t step = fine * scale->size / (thousands ? 1 : 100);
	put_decimal(buf, negative, divide_rounded(size, step), thousands ? 0 : 2, true, true);
	buf_text(buf, scale->word);
}

void figure_short(struct buf *buf, enum doc_unit unit, int64_t number, enum doc_language language)
{
	const struct scale *scale = language == DOC_CHINESE ? chinese : english;
	if (unit == DOC_COUNT)
		put_scaled(buf, number < 0, magnitude(number), 1, scale);
	else if (unit == DOC_MONEY || unit == DOC_WAN || unit == DOC_AREA)
		put_scaled(buf, number < 0, magnitude(number), 100, scale);
	else
		figure_shown(buf, unit, number);
}

bool figure_rate(int64_t numerator, int64_t denominator, int64_t *rate)
{
	if (!denominator)
		return false;
	__int128 top = (__int128)numerator * 1000000, bottom = denominator;
	if (bottom < 0) {
		top = -top;
		bottom = -bottom;
	}
	__int128 result = number_round(top, bottom);
	if (result > INT64_MAX || result < -INT64_MAX)
		return false;
	*rate = (int64_t)result;
	return true;
}

void cell_put_shown(struct buf *buf, enum doc_unit unit, const struct doc_cell *cell)
{
	if (!cell->present)
		buf_byte(buf, '-');
	else if (doc_is_number(unit))
		figure_shown(buf, unit, cell->number);
	else
		buf_put(buf, cell_shown(cell));
}

void key_figure_put(struct buf *buf, const struct doc_figure *figure, enum doc_language language)
{
	if (figure->cell.present && figure->unit == DOC_WAN)
		figure_short(buf, figure->unit, figure->cell.number, language);
	else
		cell_put_shown(buf, figure->unit, &figure->cell);
}
