/* svg: see svg.h. */
#include "render/svg.h"

#include "render/escape.h"
#include "render/figure.h"
#include "render/grid.h"
#include "render/words.h"
#include "render/wrap.h"
#include "value/text.h"

enum {
	MAJOR = 6,          /* series with a colour of their own */
	LETTER = 8,         /* pixels of a Latin letter or digit at 13 pixels, in a wide font */
	HANZI = 13,         /* and of a Chinese character */
	FULL = 10000,       /* the whole width: hundredths of a percent */
	BARS_MOST = 20,     /* names in a bar chart */
	NAME_WIDTH = 18,    /* columns of text for a name at the left, */
	NAME_LINES = 2,     /* on so many lines, */
	NAME_HEIGHT = 15,   /* each of so many pixels */
	PLOT_HEIGHT = 220,  /* pixels between the axis and the highest line */
	PLOT_TOP = 10,
	MARKERS_MOST = 24,  /* markers on a line; a longer line has one every so often */
	COLUMNS_MOST = 90,  /* more are lines */
};

struct drawing {
	struct buf *out;
	enum doc_language language;
	const struct doc_chart *chart;
	struct grid grid;
	size_t all_names, all_series; /* before anything was left out */
	unsigned number;
	struct arena arena;
};

/* Hundredths: 1250 is 12.5. */
static void put_fixed(struct buf *buf, int64_t hundredths)
{
	if (hundredths < 0) {
		buf_byte(buf, '-');
		hundredths = -hundredths;
	}
	buf_i64(buf, hundredths / 100);
	if (hundredths % 100) {
		buf_byte(buf, '.');
		buf_byte(buf, (char)('0' + hundredths / 10 % 10));
		if (hundredths % 10)
			buf_byte(buf, (char)('0' + hundredths % 10));
	}
}

/* ` name="12.5%"`, from hundredths of a percent. */
static void put_percent(struct buf *buf, const char *name, int64_t hundredths)
{
	buf_printf(buf, " %s=\"", name);
	put_fixed(buf, hundredths);
	buf_text(buf, "%\"");
}

/* ` name="12.5"`, from hundredths of a pixel. */
static void put_pixels(struct buf *buf, const char *name, int64_t hundredths)
{
	buf_printf(buf, " %s=\"", name);
	put_fixed(buf, hundredths);
	buf_byte(buf, '"');
}

/* number * length / whole, for what lies within; the products of large numbers fit. */
static int64_t scaled(__int128 number, __int128 whole, int64_t length)
{
	return whole > 0 ? (int64_t)(number * length / whole) : 0;
}

static struct view short_text(struct drawing *drawing, struct grid_number at)
{
	struct buf buf = { 0 };
	if (at.present)
		figure_short(&buf, drawing->grid.unit, at.number, drawing->language);
	else
		buf_byte(&buf, '-');
	struct view result = arena_copy(&drawing->arena, buf_view(&buf));
	buf_release(&buf);
	return result;
}

static struct view shortened(struct drawing *drawing, struct view name, size_t width)
{
	struct buf buf = { 0 };
	wrap_shorten_middle(&buf, name, width, "…");
	struct view result = arena_copy(&drawing->arena, buf_view(&buf));
	buf_release(&buf);
	return result;
}

/* <title>name · series: 1,234</title> */
static void put_tooltip(struct drawing *drawing, size_t name, size_t series)
{
	const struct grid *grid = &drawing->grid;
	struct grid_number at = grid_at(grid, name, series);
	buf_text(drawing->out, "<title>");
	escape_html(drawing->out, grid->names[name]);
	if (grid->series_count > 1) {
		buf_text(drawing->out, " · ");
		escape_html(drawing->out, grid->series[series]);
	}
	buf_text(drawing->out, word(drawing->language, WORD_COLON));
	cell_put_shown(drawing->out, grid->unit, &(struct doc_cell){ .number = at.number, .present = at.present });
	buf_text(drawing->out, "</title>");
}

static unsigned colour_of(size_t series)
{
	return series < MAJOR ? (unsigned)series + 1 : MAJOR + 1;
}

/* ---- the frame around every drawing ---- */

/* What a screen reader says: each name with its number, or each series from first to last. */
static void put_description(struct drawing *drawing)
{
	const struct grid *grid = &drawing->grid;
	enum { MOST = 12 };
	bool names = grid->series_count == 1 && grid->name_count <= MOST;
	size_t count = names ? grid->name_count : grid->series_count < MOST ? grid->series_count : MOST;
	for (size_t i = 0; i < count; i++) {
		buf_text(drawing->out, i ? "; " : "");
		escape_html(drawing->out, names ? grid->names[i] : grid->series[i]);
		if (names) {
			buf_byte(drawing->out, ' ');
			buf_put(drawing->out, short_text(drawing, grid_at(grid, i, 0)));
			continue;
		}
		for (size_t end = 0; end < 2 && grid->name_count; end++) {
			size_t n = end ? grid->name_count - 1 : 0;
			buf_text(drawing->out, end ? " – " : word(drawing->language, WORD_COLON));
			escape_html(drawing->out, grid->names[n]);
			buf_byte(drawing->out, ' ');
			buf_put(drawing->out, short_text(drawing, grid_at(grid, n, i)));
		}
	}
}

static void put_legend(struct drawing *drawing, bool markers)
{
	const struct grid *grid = &drawing->grid;
	size_t named = grid->series_count <= MAJOR + 1 ? grid->series_count : MAJOR;
	if (grid->series_count < 2)
		return;
	buf_text(drawing->out, "<ul class=\"legend\">");
	for (size_t s = 0; s < named + (named < grid->series_count); s++) {
		unsigned colour = colour_of(s);
		buf_text(drawing->out, "<li><svg width=\"14\" height=\"12\" aria-hidden=\"true\">");
		if (markers && colour <= MAJOR)
			buf_printf(drawing->out, "<use href=\"#m%u\" class=\"f%u\" x=\"7\" y=\"6\"/>", colour, colour);
		else
			buf_printf(drawing->out, "<rect class=\"f%u\" x=\"1\" y=\"%d\" width=\"12\" height=\"%d\" rx=\"2\"/>", colour,
			           markers ? 5 : 1, markers ? 2 : 10);
		buf_text(drawing->out, "</svg>");
		if (s < named)
			escape_html(drawing->out, grid->series[s]);
		else
			buf_printf(drawing->out, "%s (%zu)", word(drawing->language, WORD_OTHERS), grid->series_count - named);
		buf_text(drawing->out, "</li>");
	}
	buf_text(drawing->out, "</ul>\n");
}

static void open_drawing(struct drawing *drawing, size_t left, size_t right, size_t height)
{
	buf_printf(drawing->out, "<div class=\"plot\" style=\"padding-left:%zupx;padding-right:%zupx\">"
	                         "<svg role=\"img\" aria-labelledby=\"c%ut c%ud\" width=\"100%%\" height=\"%zu\">\n<title id=\"c%ut\">",
	           left, right, drawing->number, drawing->number, height, drawing->number);
	escape_html(drawing->out, drawing->chart->title);
	buf_printf(drawing->out, "</title><desc id=\"c%ud\">", drawing->number);
	put_description(drawing);
	buf_text(drawing->out, "</desc>\n");
}

static void close_drawing(struct drawing *drawing)
{
	buf_text(drawing->out, "</svg></div>\n");
}

/* How wide a text is at most, in pixels. */
static size_t pixels_of(struct view text)
{
	size_t pixels = 0;
	while (text.len) {
		unsigned width = text_code_width(text_next(&text));
		pixels += width == 2 ? HANZI : width * LETTER;
	}
	return pixels;
}

static size_t most_of(size_t a, size_t b)
{
	return a > b ? a : b;
}

/* Pixels of the longest number. */
static size_t numbers_width(struct drawing *drawing)
{
	size_t widest = 0;
	for (size_t i = 0; i < drawing->grid.name_count * drawing->grid.series_count; i++)
		widest = most_of(widest, pixels_of(short_text(drawing, drawing->grid.numbers[i])));
	return widest;
}

/* A name at the left as one or two lines; what does not fit them is left out in the middle. */
static size_t name_lines(struct drawing *drawing, size_t n, struct view lines[NAME_LINES])
{
	struct view rest = drawing->grid.names[n];
	size_t count = wrap_count(rest, NAME_WIDTH);
	count = count < NAME_LINES ? count : NAME_LINES;
	for (size_t i = 0; i < count; i++)
		lines[i] = i + 1 < count ? wrap_line(&rest, NAME_WIDTH) : shortened(drawing, rest, NAME_WIDTH);
	return count;
}

/* Pixels that the names at the left need, and on how many lines. */
static size_t names_width(struct drawing *drawing, size_t *lines)
{
	size_t widest = 0;
	*lines = 1;
	for (size_t n = 0; n < drawing->grid.name_count; n++) {
		struct view parts[NAME_LINES];
		size_t count = name_lines(drawing, n, parts);
		for (size_t i = 0; i < count; i++)
			widest = most_of(widest, pixels_of(parts[i]));
		*lines = most_of(*lines, count);
	}
	return widest + 14;
}

/* A name at the left, its lines around `middle`. */
static void put_name(struct drawing *drawing, size_t n, size_t middle)
{
	struct view lines[NAME_LINES];
	size_t count = name_lines(drawing, n, lines);
	for (size_t i = 0; i < count; i++) {
		buf_printf(drawing->out, "<text class=\"e\" x=\"-12\" y=\"%zu\">",
		           middle + 5 + i * NAME_HEIGHT - (count - 1) * NAME_HEIGHT / 2);
		escape_html(drawing->out, lines[i]);
		buf_text(drawing->out, "</text>");
	}
}

/* ---- funnel ---- */

enum { STAGE = 34, STEP = 28 }; /* heights of a stage and of what joins it to the next */

/* How wide a stage is; what is there can be seen. */
static int64_t stage_width(const struct grid *grid, size_t n, int64_t most)
{
	struct grid_number at = grid_at(grid, n, 0);
	if (!at.present || at.number <= 0)
		return 0;
	int64_t width = scaled(at.number, most, FULL);
	return width < 40 ? 40 : width;
}

static void put_stage_texts(struct drawing *drawing, size_t n, size_t right, bool rates)
{
	const struct grid *grid = &drawing->grid;
	struct buf *out = drawing->out;
	size_t middle = n * (STAGE + STEP) + STAGE / 2;
	struct grid_number at = grid_at(grid, n, 0), first = grid_at(grid, 0, 0);
	int64_t rate;
	put_name(drawing, n, middle);
	bool share = n && rates && at.present && first.present && figure_rate(at.number, first.number, &rate);
	buf_printf(out, "<text class=\"b e\" x=\"100%%\" dx=\"%zu\" y=\"%zu\">", right, share ? middle - 1 : middle + 5);
	buf_put(out, short_text(drawing, at));
	buf_text(out, "</text>");
	if (share) {
		buf_printf(out, "<text class=\"q e\" x=\"100%%\" dx=\"%zu\" y=\"%zu\">", right, middle + 14);
		figure_shown(out, DOC_RATE, rate);
		buf_text(out, "</text>");
	}
	struct grid_number before = n ? grid_at(grid, n - 1, 0) : at;
	if (n && rates) {
		buf_printf(out, "<text class=\"m\" x=\"50%%\" y=\"%zu\">↓ ", n * (STAGE + STEP) - STEP / 2 + 4);
		if (at.present && before.present && figure_rate(at.number, before.number, &rate))
			figure_shown(out, DOC_RATE, rate);
		else
			buf_byte(out, '-');
		buf_text(out, "</text>");
	}
	buf_byte(out, '\n');
}

static void draw_funnel(struct drawing *drawing)
{
	const struct grid *grid = &drawing->grid;
	struct buf *out = drawing->out;
	int64_t least, most;
	grid_limits(grid, &least, &most);
	bool rates = doc_adds(grid->unit);
	size_t lines, left = names_width(drawing, &lines);
	size_t right = most_of(numbers_width(drawing) * 14 / 13, 7 * LETTER) + 14; /* bold, and the share beneath it */
	size_t height = grid->name_count * (STAGE + STEP) - STEP;
	open_drawing(drawing, left, right, height);
	buf_printf(out, "<svg width=\"100%%\" height=\"%zu\" viewBox=\"0 0 %d %zu\" preserveAspectRatio=\"none\">", height, FULL, height);
	for (size_t n = 1; n < grid->name_count; n++) {
		int64_t above = stage_width(grid, n - 1, most), below = stage_width(grid, n, most);
		size_t y = n * (STAGE + STEP);
		buf_printf(out, "<path class=\"flow\" d=\"M%lld %zuH%lldL%lld %zuH%lldZ\"/>", (long long)(FULL - above) / 2, y - STEP,
		           (long long)(FULL + above) / 2, (long long)(FULL + below) / 2, y, (long long)(FULL - below) / 2);
	}
	buf_text(out, "</svg>\n");
	for (size_t n = 0; n < grid->name_count; n++) {
		int64_t width = stage_width(grid, n, most);
		buf_printf(out, "<rect class=\"f1\" rx=\"3\" y=\"%zu\" height=\"%d\"", n * (STAGE + STEP), STAGE);
		put_percent(out, "x", (FULL - width) / 2);
		put_percent(out, "width", width);
		buf_byte(out, '>');
		put_tooltip(drawing, n, 0);
		buf_text(out, "</rect>");
		put_stage_texts(drawing, n, right, rates);
	}
	close_drawing(drawing);
}

/* ---- bars ---- */

static void put_bar(struct drawing *drawing, size_t n, size_t s, size_t y, size_t thick, int64_t least, int64_t most)
{
	struct buf *out = drawing->out;
	struct grid_number at = grid_at(&drawing->grid, n, s);
	__int128 whole = (__int128)most - least;
	int64_t zero = scaled(-(__int128)least, whole, FULL), end = scaled((__int128)at.number - least, whole, FULL);
	if (!at.present)
		end = zero;
	int64_t from = end < zero ? end : zero, to = end < zero ? zero : end;
	buf_printf(out, "<rect class=\"f%u\" rx=\"2\" y=\"%zu\" height=\"%zu\"", colour_of(s), y, thick);
	put_percent(out, "x", from);
	put_percent(out, "width", to - from);
	buf_byte(out, '>');
	put_tooltip(drawing, n, s);
	buf_printf(out, "</rect><text class=\"v\" dx=\"6\" y=\"%zu\"", y + thick / 2 + 4);
	put_percent(out, "x", to);
	buf_byte(out, '>');
	buf_put(out, short_text(drawing, at));
	buf_text(out, "</text>");
}

static void draw_bars(struct drawing *drawing)
{
	const struct grid *grid = &drawing->grid;
	struct buf *out = drawing->out;
	int64_t least, most;
	grid_limits(grid, &least, &most);
	least = least < 0 ? least : 0;
	most = most > 0 ? most : 0;
	size_t lines, left = names_width(drawing, &lines);
	size_t thick = grid->series_count == 1 ? 16 : 12, bars = grid->series_count * (thick + 2);
	size_t pitch = most_of(bars, lines * NAME_HEIGHT) + 9;
	open_drawing(drawing, left, numbers_width(drawing) + 8, grid->name_count * pitch);
	for (size_t n = 0; n < grid->name_count; n++) {
		put_name(drawing, n, n * pitch + pitch / 2);
		for (size_t s = 0; s < grid->series_count; s++)
			put_bar(drawing, n, s, n * pitch + (pitch - bars) / 2 + 1 + s * (thick + 2), thick, least, most);
		buf_byte(out, '\n');
	}
	int64_t zero = scaled(-(__int128)least, (__int128)most - least, FULL);
	buf_printf(out, "<line class=\"axis\" y1=\"0\" y2=\"%zu\"", grid->name_count * pitch);
	put_percent(out, "x1", zero);
	put_percent(out, "x2", zero);
	buf_text(out, "/>\n");
	close_drawing(drawing);
}

/* ---- what has two axes: columns, stacks, lines ---- */

struct axis {
	__int128 least, most, step; /* multiples of the step; zero lies between them */
};

/* The smallest difference that the short text of a unit shows. */
static __int128 smallest_step(enum doc_unit unit)
{
	switch (unit) {
	case DOC_MONEY: case DOC_WAN: case DOC_AREA: case DOC_RATE: return 100;
	case DOC_RATIO: return 10000;
	case DOC_TEXT: case DOC_DATE: case DOC_COUNT: case DOC_DAYS: break;
	}
	return 1;
}

/* About four steps of 1, 2 or 5 times a power of ten. */
static struct axis axis_of(__int128 least, __int128 most, enum doc_unit unit)
{
	static const int factors[] = { 1, 2, 5, 10 };
	least = least < 0 ? least : 0;
	most = most > 0 ? most : 0;
	__int128 wanted = (most - least + 3) / 4, power = 1, step = smallest_step(unit);
	while (power * 10 <= wanted)
		power *= 10;
	for (int i = 3; i >= 0; i--)
		if (power * factors[i] >= wanted && power * factors[i] >= smallest_step(unit))
			step = power * factors[i];
	struct axis axis = { .step = step };
	axis.least = -((-least + step - 1) / step * step);
	axis.most = (most + step - 1) / step * step;
	if (axis.least == axis.most)
		axis.most = step;
	return axis;
}

/* Hundredths of a pixel from the top. */
static int64_t axis_place(const struct axis *axis, __int128 number)
{
	return PLOT_TOP * 100 + scaled(axis->most - number, axis->most - axis->least, PLOT_HEIGHT * 100);
}

static struct view tick_text(struct drawing *drawing, __int128 tick)
{
	int64_t number = tick > INT64_MAX ? INT64_MAX : tick < INT64_MIN ? INT64_MIN : (int64_t)tick;
	struct view text = short_text(drawing, (struct grid_number){ number, true });
	if (view_ends(text, VIEW(".00%"))) { /* 2.00% is 2% on an axis */
		char *copy = arena_string(&drawing->arena, text);
		copy[text.len - 4] = '%';
		return view(copy, text.len - 3);
	}
	return text;
}

static void put_axis(struct drawing *drawing, const struct axis *axis)
{
	for (__int128 tick = axis->least; tick <= axis->most; tick += axis->step) {
		int64_t y = axis_place(axis, tick);
		buf_printf(drawing->out, "<line class=\"%s\" x1=\"0\" x2=\"100%%\"", tick ? "grid" : "axis");
		put_pixels(drawing->out, "y1", y);
		put_pixels(drawing->out, "y2", y);
		buf_text(drawing->out, "/><text class=\"q e\" x=\"-8\"");
		put_pixels(drawing->out, "y", y + 400);
		buf_byte(drawing->out, '>');
		buf_put(drawing->out, tick_text(drawing, tick));
		buf_text(drawing->out, "</text>\n");
	}
}

static size_t axis_width(struct drawing *drawing, const struct axis *axis)
{
	size_t widest = 0;
	for (__int128 tick = axis->least; tick <= axis->most; tick += axis->step)
		widest = most_of(widest, pixels_of(tick_text(drawing, tick)));
	return widest + 10;
}

/* The middle of a name's band, in hundredths of a percent. */
static int64_t band_middle(const struct grid *grid, size_t n)
{
	return (int64_t)((2 * n + 1) * FULL / (2 * grid->name_count));
}

/* Names under the axis: as many as fit on a phone, and some more where there is room (class w). */
static void put_names(struct drawing *drawing)
{
	enum { PHONE = 260, DESK = 460, LONGEST = 14 };
	const struct grid *grid = &drawing->grid;
	size_t label = 12;
	for (size_t n = 0; n < grid->name_count; n++)
		label = most_of(label, pixels_of(shortened(drawing, grid->names[n], LONGEST)) + 12);
	size_t wide = (label * grid->name_count + DESK - 1) / DESK, narrow = (label * grid->name_count + PHONE - 1) / PHONE;
	wide = wide ? wide : 1;
	narrow = (narrow + wide - 1) / wide * wide; /* those of the phone stay where they are */
	for (size_t n = 0; n < grid->name_count; n += wide) {
		buf_printf(drawing->out, "<text class=\"q m%s\" y=\"%d\"", n % narrow ? " w" : "", PLOT_TOP + PLOT_HEIGHT + 20);
		put_percent(drawing->out, "x", band_middle(grid, n));
		buf_byte(drawing->out, '>');
		escape_html(drawing->out, shortened(drawing, grid->names[n], LONGEST));
		buf_text(drawing->out, "</text>");
	}
	buf_byte(drawing->out, '\n');
}

static void open_axes(struct drawing *drawing, const struct axis *axis)
{
	open_drawing(drawing, axis_width(drawing, axis), 8, PLOT_TOP + PLOT_HEIGHT + 28);
	put_axis(drawing, axis);
	put_names(drawing);
}

/* The width of what stands over one name: a share of its band, but no slab where there are few. */
static int64_t group_width(const struct grid *grid, size_t columns)
{
	size_t share = (size_t)FULL * 70 / 100 / grid->name_count, most = columns * FULL * 7 / 100;
	return (int64_t)(share < most ? share : most);
}

static void put_column(struct drawing *drawing, size_t n, size_t s, int64_t x, int64_t width, int64_t top, int64_t bottom)
{
	struct buf *out = drawing->out;
	buf_printf(out, "<rect class=\"f%u\"", colour_of(s));
	put_percent(out, "x", x);
	put_percent(out, "width", width);
	put_pixels(out, "y", top);
	put_pixels(out, "height", bottom - top);
	buf_byte(out, '>');
	put_tooltip(drawing, n, s);
	buf_text(out, "</rect>");
}

static void draw_columns(struct drawing *drawing)
{
	const struct grid *grid = &drawing->grid;
	int64_t least, most;
	grid_limits(grid, &least, &most);
	struct axis axis = axis_of(least, most, grid->unit);
	open_axes(drawing, &axis);
	int64_t group = group_width(grid, grid->series_count), one = group / (int64_t)grid->series_count;
	for (size_t n = 0; n < grid->name_count; n++) {
		for (size_t s = 0; s < grid->series_count; s++) {
			struct grid_number at = grid_at(grid, n, s);
			int64_t zero = axis_place(&axis, 0), end = at.present ? axis_place(&axis, at.number) : zero;
			put_column(drawing, n, s, band_middle(grid, n) - group / 2 + one * (int64_t)s, one,
			           end < zero ? end : zero, end < zero ? zero : end);
		}
		buf_byte(drawing->out, '\n');
	}
	close_drawing(drawing);
}

static void draw_stacked(struct drawing *drawing)
{
	const struct grid *grid = &drawing->grid;
	__int128 most = 0;
	for (size_t n = 0; n < grid->name_count; n++) {
		__int128 sum = 0;
		for (size_t s = 0; s < grid->series_count; s++)
			sum += grid_at(grid, n, s).number;
		most = sum > most ? sum : most;
	}
	struct axis axis = axis_of(0, most, grid->unit);
	open_axes(drawing, &axis);
	int64_t width = group_width(grid, 1);
	for (size_t n = 0; n < grid->name_count; n++) {
		__int128 sum = 0;
		for (size_t s = 0; s < grid->series_count; s++) {
			int64_t number = grid_at(grid, n, s).number;
			if (number)
				put_column(drawing, n, s, band_middle(grid, n) - width / 2, width,
				           axis_place(&axis, sum + number), axis_place(&axis, sum));
			sum += number;
		}
		buf_byte(drawing->out, '\n');
	}
	close_drawing(drawing);
}

/* A line joins neighbours only: where a number is missing there is a gap. */
static void put_line(struct drawing *drawing, const struct axis *axis, size_t s)
{
	const struct grid *grid = &drawing->grid;
	struct buf *out = drawing->out;
	unsigned colour = colour_of(s);
	buf_printf(out, "<g class=\"s%u\">", colour);
	for (size_t n = 1; n < grid->name_count; n++) {
		struct grid_number from = grid_at(grid, n - 1, s), to = grid_at(grid, n, s);
		if (!from.present || !to.present)
			continue;
		buf_text(out, "<line");
		put_percent(out, "x1", band_middle(grid, n - 1));
		put_percent(out, "x2", band_middle(grid, n));
		put_pixels(out, "y1", axis_place(axis, from.number));
		put_pixels(out, "y2", axis_place(axis, to.number));
		buf_text(out, "/>");
	}
	buf_text(out, "</g>\n");
	if (colour > MAJOR)
		return;
	size_t every = grid->name_count <= MARKERS_MOST ? 1 : (2 * grid->name_count + MARKERS_MOST - 1) / MARKERS_MOST;
	buf_printf(out, "<g class=\"f%u\">", colour);
	for (size_t n = 0; n < grid->name_count; n += every) {
		struct grid_number at = grid_at(grid, n, s);
		if (!at.present)
			continue;
		buf_printf(out, "<use href=\"#m%u\"", colour);
		put_percent(out, "x", band_middle(grid, n));
		put_pixels(out, "y", axis_place(axis, at.number));
		buf_byte(out, '>');
		put_tooltip(drawing, n, s);
		buf_text(out, "</use>");
	}
	buf_text(out, "</g>\n");
}

static void draw_lines(struct drawing *drawing)
{
	const struct grid *grid = &drawing->grid;
	int64_t least, most;
	grid_limits(grid, &least, &most);
	struct axis axis = axis_of(least, most, grid->unit);
	open_axes(drawing, &axis);
	for (size_t s = grid->series_count; s-- > 0; ) /* the first one lies on top */
		put_line(drawing, &axis, s);
	close_drawing(drawing);
}

/* ---- the figure ---- */

/* Makes the grid fit what can be told apart in a picture; returns how it is drawn. */
static enum chart_kind prepare(struct drawing *drawing)
{
	struct grid *grid = &drawing->grid;
	enum chart_kind kind = drawing->chart->kind;
	int64_t least, most;
	grid_limits(grid, &least, &most);
	if (kind == CHART_STACKED && (least < 0 || !doc_adds(grid->unit)))
		kind = CHART_COLUMNS; /* what does not add up stands side by side */
	if (kind == CHART_COLUMNS && grid->series_count > 1 && grid->name_count * grid->series_count > COLUMNS_MOST)
		kind = CHART_LINES;
	if (kind == CHART_FUNNEL) {
		grid_cut_series(&drawing->arena, grid, 1, NULL);
		drawing->all_series = grid->series_count;
		return kind;
	}
	grid_major_series(&drawing->arena, grid, MAJOR);
	if (kind == CHART_STACKED)
		grid_cut_series(&drawing->arena, grid, MAJOR, word(drawing->language, WORD_OTHERS));
	else if (kind != CHART_LINES)
		grid_cut_series(&drawing->arena, grid, MAJOR, NULL);
	if (kind == CHART_BARS) {
		grid_keep_largest(&drawing->arena, grid, BARS_MOST);
		if (drawing->chart->descending)
			grid_descending(&drawing->arena, grid);
	}
	return kind;
}

static void put_hint(struct drawing *drawing, const struct grid *grid, enum chart_kind kind)
{
	bool fewer_names = grid->name_count < drawing->all_names;
	bool fewer_series = kind != CHART_STACKED && grid->series_count < drawing->all_series;
	bool rates = kind == CHART_FUNNEL && doc_adds(grid->unit) && grid->name_count > 1;
	if (!rates && !fewer_names && !fewer_series)
		return;
	buf_text(drawing->out, "<p class=\"hint\">");
	if (rates)
		buf_text(drawing->out, word(drawing->language, WORD_FUNNEL));
	else if (fewer_names)
		words_largest(drawing->out, drawing->language, grid->name_count, drawing->all_names);
	else
		words_largest(drawing->out, drawing->language, grid->series_count, drawing->all_series);
	buf_text(drawing->out, "</p>\n");
}

static void draw(struct drawing *drawing, enum chart_kind kind)
{
	put_legend(drawing, kind == CHART_LINES);
	switch (kind) {
	case CHART_FUNNEL: draw_funnel(drawing); break;
	case CHART_BARS: draw_bars(drawing); break;
	case CHART_COLUMNS: draw_columns(drawing); break;
	case CHART_STACKED: draw_stacked(drawing); break;
	case CHART_LINES: draw_lines(drawing); break;
	case CHART_HEAT: break;
	}
	put_hint(drawing, &drawing->grid, kind);
}

void svg_markers(struct buf *buf)
{
	buf_text(buf, "<svg class=\"defs\" width=\"0\" height=\"0\" aria-hidden=\"true\"><defs>"
	              "<circle id=\"m1\" r=\"3.5\"/>"
	              "<rect id=\"m2\" x=\"-3.2\" y=\"-3.2\" width=\"6.4\" height=\"6.4\"/>"
	              "<path id=\"m3\" d=\"M0-4.4L4.2 3.2H-4.2Z\"/>"
	              "<path id=\"m4\" d=\"M0-4.6L4.6 0L0 4.6L-4.6 0Z\"/>"
	              "<path id=\"m5\" d=\"M0 4.4L4.2-3.2H-4.2Z\"/>"
	              "<path id=\"m6\" d=\"M-1.4-4.4H1.4V-1.4H4.4V1.4H1.4V4.4H-1.4V1.4H-4.4V-1.4H-1.4Z\"/>"
	              "</defs></svg>\n");
}

void svg_chart(struct buf *buf, enum doc_language language, const struct doc_section *section,
               const struct doc_chart *chart, unsigned number)
{
	static const char *const classes[] = { "funnel", "bars", "columns", "stacked", "lines", "heat" };
	struct drawing drawing = { .out = buf, .language = language, .chart = chart, .number = number };
	drawing.grid = grid_of(&drawing.arena, section, chart);
	drawing.all_names = drawing.grid.name_count;
	drawing.all_series = drawing.grid.series_count;
	buf_printf(buf, "<figure class=\"chart %s\"><figcaption>", classes[chart->kind]);
	escape_html(buf, chart->title);
	buf_text(buf, "</figcaption>\n");
	if (drawing.grid.name_count && drawing.grid.series_count)
		draw(&drawing, prepare(&drawing));
	else
		buf_printf(buf, "<p class=\"hint\">%s</p>\n", word(language, WORD_NO_ROWS));
	buf_text(buf, "</figure>\n");
	arena_release(&drawing.arena);
}
