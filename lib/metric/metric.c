/* metric: see metric.h. */
#include "metric/metric.h"

#include "base/nearest.h"
#include "metric/metrics.csv.h"
#include "metric/reports.csv.h"
#include "table/model.h"
#include "value/number.h"

const char *const metrics_builtin = metrics_csv, *const reports_builtin = reports_csv;

enum column {
	ID, KIND, TYPES, WHEN, KEY, COLUMN, TABLE, DATE, NUMERATOR, DENOMINATOR, UNIT, LABEL_EN, LABEL_ZH,
	DEFINE_EN, DEFINE_ZH, COLUMNS
};

static const struct rules_column columns[] = {
	[ID] = { "id", RULES_KEY | RULES_FILLED },
	[KIND] = { "kind", RULES_FILLED },
	[TYPES] = { "types", 0 },
	[WHEN] = { "when", 0 },
	[KEY] = { "key", 0 },
	[COLUMN] = { "column", 0 },
	[TABLE] = { "table", 0 },
	[DATE] = { "date", 0 },
	[NUMERATOR] = { "numerator", 0 },
	[DENOMINATOR] = { "denominator", 0 },
	[UNIT] = { "unit", RULES_FILLED },
	[LABEL_EN] = { "label_en", 0 },
	[LABEL_ZH] = { "label_zh", 0 },
	[DEFINE_EN] = { "define_en", 0 },
	[DEFINE_ZH] = { "define_zh", 0 },
	[COLUMNS] = { 0 }
};

static const struct rules_spec spec = { "metrics", metrics_csv, columns };

/* The word's number in the list (which ends with NULL), or the program ends. */
static unsigned word_of(const struct rules_line *line, enum column column, const char *const *words)
{
	for (unsigned i = 0; words[i]; i++)
		if (view_is(line->cell[column], words[i]))
			return i;
	rules_wrong(line, (int)column, "\"%.*s\" is no %s that is known", VIEW_ARGS(line->cell[column]),
	            columns[column].name);
}

static unsigned key_of(const struct rules_line *line)
{
	unsigned key = 0;
	for (struct view rest = line->cell[KEY]; rest.ptr && rest.len;) {
		struct view word = view_cut(&rest, ' ');
		unsigned part = view_is(word, "project") ? KEY_PROJECT : view_is(word, "uid") ? KEY_UID
		              : view_is(word, "group") ? KEY_GROUP : view_is(word, "day") ? KEY_DAY : 0;
		if (!part)
			rules_wrong(line, KEY, "\"%.*s\" is no part of a key; there are project, uid, group, day",
			            VIEW_ARGS(word));
		key |= part;
	}
	return key;
}

static unsigned other_metric(const struct metrics *metrics, const struct rules_line *line, enum column column)
{
	struct view id = line->cell[column];
	unsigned at = id.len ? metrics_find(metrics, id) : METRIC_UNSET;
	if (id.len && at == METRIC_UNSET)
		rules_wrong(line, (int)column, "no metric \"%.*s\"", VIEW_ARGS(id));
	return at;
}

static const char *const kinds[] = { "rows", "sum", "distinct", "first", "later", "difference", "ratio",
	"share", "alias", NULL };
static const char *const units[] = { "count", "money", "wan", "rate", "ratio", "area", "price", NULL };

static void check(const struct metric *metric)
{
	const struct rules_line *line = metric->line;
	bool two = metric->kind == METRIC_DIFFERENCE || metric->kind == METRIC_RATIO;
	bool one = metric->kind == METRIC_SHARE || metric->kind == METRIC_ALIAS;
	if ((two || one) && metric->numerator == METRIC_UNSET)
		rules_wrong(line, NUMERATOR, "a metric is wanted here");
	if ((two || metric->kind == METRIC_LATER) && metric->denominator == METRIC_UNSET)
		rules_wrong(line, DENOMINATOR, "a metric is wanted here");
	if (metric->kind == METRIC_SUM && !metric->column.len)
		rules_wrong(line, COLUMN, "the column to add up is wanted here");
	if ((metric->kind == METRIC_DISTINCT || metric->kind == METRIC_FIRST || metric->kind == METRIC_LATER) &&
	    !(metric->key & (KEY_UID | KEY_GROUP)))
		rules_wrong(line, KEY, "a key with uid or group is wanted here");
	if (metric->date.len && metric->kind != METRIC_ROWS && metric->kind != METRIC_SUM)
		rules_wrong(line, DATE, "only rows and sums may have a date of their own");
	if (metric->table.len && (metric->kind != METRIC_SUM || !metric->date.len))
		rules_wrong(line, TABLE, "only a sum with a date column is taken from a table");
}

/* A metric may not be made of itself. */
static void check_loops(const struct metrics *metrics)
{
	for (unsigned i = 0; i < metrics->count; i++) {
		unsigned at = i;
		for (unsigned depth = 0; at != METRIC_UNSET && metric_is_derived(&metrics->metric[at]); depth++) {
			if (depth > metrics->count)
				rules_wrong(metrics->metric[i].line, NUMERATOR, "the metric is made of itself");
			at = metrics->metric[at].numerator;
		}
	}
}

struct metrics metrics_load(struct arena *arena, const char *file, const char *add_file)
{
	struct rules rules = rules_load(arena, &spec, file, add_file);
	struct metrics metrics = { arena_zero(arena, rules.count, sizeof *metrics.metric), (unsigned)rules.count,
		rules.digest };
	for (unsigned i = 0; i < metrics.count; i++) {
		const struct rules_line *line = &rules.line[i];
		metrics.metric[i] = (struct metric){ .id = line->cell[ID], .label_en = line->cell[LABEL_EN],
			.label_zh = line->cell[LABEL_ZH], .define_en = line->cell[DEFINE_EN],
			.define_zh = line->cell[DEFINE_ZH], .kind = (enum metric_kind)word_of(line, KIND, kinds),
			.types = line->cell[TYPES], .when = line->cell[WHEN], .key = key_of(line), .key_text = line->cell[KEY],
			.column = line->cell[COLUMN], .table = line->cell[TABLE], .date = line->cell[DATE],
			.unit = (enum metric_unit)word_of(line, UNIT, units), .line = line };
	}
	for (unsigned i = 0; i < metrics.count; i++) {
		struct metric *metric = &metrics.metric[i];
		metric->numerator = other_metric(&metrics, metric->line, NUMERATOR);
		metric->denominator = other_metric(&metrics, metric->line, DENOMINATOR);
		check(metric);
	}
	for (unsigned i = 0; i < metrics.count; i++)
		if (metrics.metric[i].kind == METRIC_LATER &&
		    metrics.metric[metrics.metric[i].denominator].kind != METRIC_FIRST)
			rules_wrong(metrics.metric[i].line, DENOMINATOR, "a metric of first events is wanted here");
	check_loops(&metrics);
	return metrics;
}

unsigned metrics_find(const struct metrics *metrics, struct view id)
{
	for (unsigned i = 0; i < metrics->count; i++)
		if (view_equal(metrics->metric[i].id, id))
			return i;
	return METRIC_UNSET;
}

struct view metrics_nearest(const struct metrics *metrics, struct view id)
{
	struct view ids[512];
	unsigned count = metrics->count < 512 ? metrics->count : 512;
	for (unsigned i = 0; i < count; i++)
		ids[i] = metrics->metric[i].id;
	return nearest_view(id, ids, count);
}

struct place metric_condition_place(const struct metric *metric) { return rules_place(metric->line, WHEN); }

static void put_line(struct buf *to, const char *label, struct view text)
{
	if (text.len)
		buf_printf(to, "  %s: %.*s\n", label, VIEW_ARGS(text));
}

void metric_describe(const struct metrics *metrics, unsigned number, bool chinese, struct buf *to)
{
	const struct metric *metric = &metrics->metric[number];
	const struct metric *top = metric->numerator == METRIC_UNSET ? NULL : &metrics->metric[metric->numerator];
	const struct metric *bottom = metric->denominator == METRIC_UNSET ? NULL : &metrics->metric[metric->denominator];
	buf_printf(to, "%.*s\n", VIEW_ARGS(metric->id));
	put_line(to, chinese ? "名称" : "name", chinese && metric->label_zh.len ? metric->label_zh : metric->label_en);
	put_line(to, chinese ? "定义" : "definition",
	         chinese && metric->define_zh.len ? metric->define_zh : metric->define_en);
	put_line(to, chinese ? "类型" : "kind", view_of(kinds[metric->kind]));
	put_line(to, chinese ? "事件类型" : "event types", metric->types);
	put_line(to, chinese ? "条件" : "condition", metric->when);
	put_line(to, chinese ? "去重键" : "counted once per", metric->key_text);
	put_line(to, chinese ? "求和列" : "adds up", metric->column);
	put_line(to, chinese ? "取自表" : "table", metric->table);
	put_line(to, chinese ? "日期列" : "dated by", metric->date);
	put_line(to, chinese ? "分子" : "numerator", top ? top->id : view("", 0));
	put_line(to, chinese ? "分母" : "denominator", bottom ? bottom->id : view("", 0));
	if (top)
		metric_describe(metrics, metric->numerator, chinese, to);
	if (bottom && bottom != top)
		metric_describe(metrics, metric->denominator, chinese, to);
}

bool metric_is_derived(const struct metric *metric)
{
	return metric->kind >= METRIC_DIFFERENCE;
}

bool metric_has_type(const struct metric *metric, struct view type)
{
	for (struct view rest = metric->types; rest.ptr;) {
		struct view word = view_cut(&rest, ' ');
		if (view_is(word, "*") || view_equal(word, type))
			return true;
	}
	return false;
}

bool metric_only_corrects(struct view type) { return model_takes_back(type) || view_is(type, "refund"); }

/* A quotient in the unit of the result: rates and ratios in millionths, money in fen. */
static bool divide(enum metric_unit unit, enum metric_unit of, enum metric_unit by, int64_t a, int64_t b, int64_t *result)
{
	if (b == 0)
		return false;
	__int128 scale = unit == UNIT_MONEY || unit == UNIT_PRICE ? 1 : 1000000;
	if (of == UNIT_AREA)
		scale /= 100;
	if (by == UNIT_AREA)
		scale *= 100;
	__int128 numerator = (__int128)a * scale;
	__int128 rounded = b < 0 ? number_round(-numerator, -(__int128)b) : number_round(numerator, b);
	*result = (int64_t)rounded;
	return *result == rounded;
}

bool metric_value(const struct metrics *metrics, unsigned number, const int64_t *numbers, const int64_t *whole,
                  int64_t *value)
{
	const struct metric *metric = &metrics->metric[number];
	int64_t a, b;
	switch (metric->kind) {
	case METRIC_ALIAS:
		return metric_value(metrics, metric->numerator, numbers, whole, value);
	case METRIC_DIFFERENCE:
		return metric_value(metrics, metric->numerator, numbers, whole, &a) &&
		       metric_value(metrics, metric->denominator, numbers, whole, &b) &&
		       !__builtin_sub_overflow(a, b, value);
	case METRIC_RATIO:
		return metric_value(metrics, metric->numerator, numbers, whole, &a) &&
		       metric_value(metrics, metric->denominator, numbers, whole, &b) &&
		       divide(metric->unit, metrics->metric[metric->numerator].unit,
		              metrics->metric[metric->denominator].unit, a, b, value);
	case METRIC_SHARE:
		return metric_value(metrics, metric->numerator, numbers, whole, &a) &&
		       metric_value(metrics, metric->numerator, whole, whole, &b) &&
		       divide(UNIT_RATE, UNIT_COUNT, UNIT_COUNT, a, b, value);
	default:
		*value = numbers[number];
		return true;
	}
}

struct reports reports_load(struct arena *arena)
{
	enum { REPORT, SECTION, BY, METRICS, CHARTS, DETAIL, FIGURES, HEADING_EN, HEADING_ZH, TITLE_EN, TITLE_ZH };
	static const struct rules_column report_columns[] = {
		[REPORT] = { "report", RULES_KEY | RULES_FILLED }, [SECTION] = { "section", RULES_KEY | RULES_FILLED },
		[BY] = { "by", 0 }, [METRICS] = { "metrics", RULES_FILLED }, [CHARTS] = { "charts", 0 },
		[DETAIL] = { "detail", 0 }, [FIGURES] = { "figures", 0 }, [HEADING_EN] = { "heading_en", 0 },
		[HEADING_ZH] = { "heading_zh", 0 }, [TITLE_EN] = { "title_en", 0 }, [TITLE_ZH] = { "title_zh", 0 },
		[TITLE_ZH + 1] = { 0 }
	};
	static const struct rules_spec report_spec = { "reports", reports_csv, report_columns };
	struct rules rules = rules_load(arena, &report_spec, NULL, NULL);
	struct reports reports = { arena_zero(arena, rules.count, sizeof *reports.section), (unsigned)rules.count };
	for (unsigned i = 0; i < reports.count; i++) {
		const struct view *cell = rules.line[i].cell;
		reports.section[i] = (struct report_section){ .report = cell[REPORT], .section = cell[SECTION],
			.by = cell[BY], .metrics = cell[METRICS], .charts = cell[CHARTS], .detail = cell[DETAIL],
			.figures = cell[FIGURES], .heading_en = cell[HEADING_EN], .heading_zh = cell[HEADING_ZH],
			.title_en = cell[TITLE_EN], .title_zh = cell[TITLE_ZH], .line = &rules.line[i] };
	}
	return reports;
}

struct view reports_names(const struct reports *reports, struct arena *arena)
{
	struct buf names = { 0 };
	for (unsigned i = 0; i < reports->count; i++) {
		struct view name = reports->section[i].report;
		if (i && view_equal(name, reports->section[i - 1].report))
			continue;
		buf_text(&names, names.len ? ", " : "");
		buf_put(&names, name);
	}
	struct view copy = arena_copy(arena, buf_view(&names));
	buf_release(&names);
	return copy;
}

struct view sections_names(const struct reports *reports, struct view report, struct arena *arena)
{
	struct buf names = { 0 };
	for (unsigned i = 0; i < reports->count; i++) {
		if (!view_equal(reports->section[i].report, report))
			continue;
		buf_text(&names, names.len ? ", " : "");
		buf_put(&names, reports->section[i].section);
	}
	struct view copy = arena_copy(arena, buf_view(&names));
	buf_release(&names);
	return copy;
}
