/* model: see model.h. */
#include "table/model.h"

#include <pthread.h>

#include "base/hash.h"
#include "table/enums.csv.h"
#include "table/model.csv.h"
#include "table/rules.h"
#include "value/hanzi.h"
#include "value/text.h"

const char *const model_csv_text = model_csv, *const model_enums_text = enums_csv;

enum { TABLE, COLUMN, TYPE, KEY, ALIASES, LABEL_EN, LABEL_ZH };

static const struct rules_column model_columns[] = {
	[TABLE] = { "table", RULES_KEY | RULES_FILLED }, [COLUMN] = { "column", RULES_KEY | RULES_FILLED },
	[TYPE] = { "type", RULES_FILLED }, [KEY] = { "key", RULES_NEED }, [ALIASES] = { "aliases", RULES_NEED },
	[LABEL_EN] = { "label_en", RULES_FILLED }, [LABEL_ZH] = { "label_zh", RULES_FILLED }, { NULL, 0 },
};
static const struct rules_spec model_spec = { "model", model_csv, model_columns };

enum { ENUM_TABLE, ENUM_COLUMN, ENUM_CODE, ENUM_RAW, ENUM_EN, ENUM_ZH };

static const struct rules_column enum_columns[] = {
	[ENUM_TABLE] = { "table", RULES_KEY | RULES_FILLED }, [ENUM_COLUMN] = { "column", RULES_KEY | RULES_FILLED },
	[ENUM_CODE] = { "code", RULES_KEY | RULES_FILLED }, [ENUM_RAW] = { "raw", RULES_NEED },
	[ENUM_EN] = { "label_en", RULES_FILLED }, [ENUM_ZH] = { "label_zh", RULES_FILLED }, { NULL, 0 },
};
static const struct rules_spec enum_spec = { "enums", enums_csv, enum_columns };

static const char *const type_names[] = { "text", "id", "name", "phone", "cert", "date", "time", "money", "area",
	"rate", "number", "int", "bool", "enum", "list", "room", "layout", "channel", "serial" };
static const struct {
	const char *name;
	enum model_mark mark;
} mark_names[] = { { "key", MODEL_KEY }, { "must", MODEL_MUST }, { "sound", MODEL_SOUND }, { "who", MODEL_WHO } };

struct code {
	struct view code, label_en, label_zh;
};

/* The model in memory: a constant, made of the text above by whoever asks first. */
static struct {
	pthread_once_t once;
	struct arena arena;
	struct model_table *tables; /* [0] is "any" */
	size_t table_count;
	struct intern names;        /* of columns, in all tables */
	const struct model_column **by_name;
	struct intern raws;         /* table NUL column NUL raw */
	struct code *codes;         /* of each raw */
	struct intern lists;        /* table NUL column: there is a list */
} model = { .once = PTHREAD_ONCE_INIT };

/* ---- loading ---- */

static struct view folded(struct view text)
{
	struct buf buf = { 0 };
	text_fold(text, &buf);
	hanzi_simplify(buf.ptr, buf.len);
	struct view copy = arena_copy(&model.arena, buf_view(&buf));
	buf_release(&buf);
	return copy;
}

static size_t count_items(struct view list)
{
	size_t count = list.len != 0;
	for (size_t i = 0; i < list.len; i++)
		count += list.ptr[i] == '|';
	return count;
}

static enum model_type read_type(const struct rules_line *line)
{
	for (size_t i = 0; i < sizeof type_names / sizeof *type_names; i++)
		if (view_is(line->cell[TYPE], type_names[i]))
			return (enum model_type)i;
	rules_wrong(line, TYPE, "no type \"%.*s\"", VIEW_ARGS(line->cell[TYPE]));
}

static unsigned read_marks(const struct rules_line *line)
{
	unsigned marks = 0;
	for (struct view rest = line->cell[KEY]; rest.ptr && line->cell[KEY].len;) {
		struct view word = view_cut(&rest, '|');
		size_t i = 0, count = sizeof mark_names / sizeof *mark_names;
		while (i < count && !view_is(word, mark_names[i].name))
			i++;
		if (i == count)
			rules_wrong(line, KEY, "no mark \"%.*s\"", VIEW_ARGS(word));
		marks |= mark_names[i].mark;
	}
	return marks;
}

static void read_aliases(const struct rules_line *line, struct model_column *column)
{
	struct view list = line->cell[ALIASES];
	struct view *aliases = arena_zero(&model.arena, count_items(list) + 1, sizeof *aliases);
	column->aliases = aliases;
	aliases[column->alias_count++] = folded(column->name);
	for (struct view rest = list; rest.ptr && list.len;)
		aliases[column->alias_count++] = folded(view_cut(&rest, '|'));
}

/* Lines of one table stand together. */
static void load_tables(const struct rules *rules)
{
	struct model_column *columns = arena_zero(&model.arena, rules->count, sizeof *columns);
	struct model_table *tables = arena_zero(&model.arena, rules->count, sizeof *tables);
	model.by_name = arena_zero(&model.arena, rules->count, sizeof *model.by_name);
	model.tables = tables;
	intern_init(&model.names, &model.arena);
	for (size_t i = 0; i < rules->count; i++) {
		const struct rules_line *line = &rules->line[i];
		columns[i] = (struct model_column){ .table = line->cell[TABLE], .name = line->cell[COLUMN],
			.type = read_type(line), .marks = read_marks(line), .label_en = line->cell[LABEL_EN],
			.label_zh = line->cell[LABEL_ZH] };
		read_aliases(line, &columns[i]);
		if (!model.table_count || !view_equal(tables[model.table_count - 1].name, columns[i].table))
			tables[model.table_count++] = (struct model_table){ columns[i].table, &columns[i], 0 };
		tables[model.table_count - 1].count++;
		size_t at;
		if (intern_add(&model.names, columns[i].name, &at))
			model.by_name[at] = &columns[i];
		else if (model.by_name[at]->type != columns[i].type)
			rules_wrong(line, TYPE, "\"%.*s\" has another type in table %.*s", VIEW_ARGS(columns[i].name),
			            VIEW_ARGS(model.by_name[at]->table));
	}
}

/* A key of three parts; empty, which none is, where it is longer than any in the tables may be. */
struct key {
	char bytes[256];
};

static struct view join(struct key *key, struct view a, struct view b, struct view c)
{
	const struct view parts[] = { a, b, c };
	size_t len = 0;
	if (a.len + b.len + c.len + 2 > sizeof key->bytes)
		return VIEW("");
	for (size_t i = 0; i < 3; i++) {
		if (i)
			key->bytes[len++] = '\0';
		if (parts[i].len)
			memcpy(key->bytes + len, parts[i].ptr, parts[i].len);
		len += parts[i].len;
	}
	return view(key->bytes, len);
}

static void load_codes(const struct rules *rules)
{
	struct key key;
	size_t room = 0;
	intern_init(&model.raws, &model.arena);
	intern_init(&model.lists, &model.arena);
	for (size_t i = 0; i < rules->count; i++)
		room += 1 + count_items(rules->line[i].cell[ENUM_RAW]);
	model.codes = arena_zero(&model.arena, room, sizeof *model.codes);
	for (size_t i = 0; i < rules->count; i++) {
		const struct view *cell = rules->line[i].cell;
		struct code code = { cell[ENUM_CODE], cell[ENUM_EN], cell[ENUM_ZH] };
		size_t at;
		intern_add(&model.lists, join(&key, cell[ENUM_TABLE], cell[ENUM_COLUMN], VIEW("")), &at);
		struct view rest = cell[ENUM_RAW], raw = cell[ENUM_CODE];
		for (bool more = true; more; raw = more ? view_cut(&rest, '|') : raw) {
			struct view word = join(&key, cell[ENUM_TABLE], cell[ENUM_COLUMN], folded(raw));
			if (!word.len)
				rules_wrong(&rules->line[i], ENUM_RAW, "a word is too long");
			if (raw.len && intern_add(&model.raws, word, &at))
				model.codes[at] = code;
			else if (raw.len && !view_equal(model.codes[at].code, code.code))
				rules_wrong(&rules->line[i], ENUM_RAW, "\"%.*s\" is %.*s already", VIEW_ARGS(raw),
				            VIEW_ARGS(model.codes[at].code));
			more = rest.ptr != NULL;
		}
	}
}

static void load(void)
{
	struct rules rules = rules_load(&model.arena, &model_spec, NULL, NULL);
	load_tables(&rules);
	rules = rules_load(&model.arena, &enum_spec, NULL, NULL);
	load_codes(&rules);
}

static void need(void) { pthread_once(&model.once, load); }

/* ---- questions ---- */

const struct model_table *model_tables(size_t *count)
{
	need();
	*count = model.table_count - 1;
	return model.tables + 1;
}

const struct model_table *model_any(void)
{
	need();
	return model.tables;
}

const struct model_table *model_table(struct view name)
{
	need();
	for (size_t i = 1; i < model.table_count; i++)
		if (view_equal(model.tables[i].name, name))
			return &model.tables[i];
	return NULL;
}

const struct model_column *model_column(const struct model_table *table, struct view name)
{
	const struct model_table *places[] = { table, model_any() };
	for (size_t p = 0; p < 2; p++)
		for (size_t i = 0; i < places[p]->count; i++)
			if (view_equal(places[p]->columns[i].name, name))
				return &places[p]->columns[i];
	return NULL;
}

static const struct model_column *by_name(struct view name)
{
	need();
	size_t at = intern_find(&model.names, name);
	return at == SIZE_MAX ? NULL : model.by_name[at];
}

enum model_type model_type(struct view column)
{
	const struct model_column *found = by_name(column);
	return found ? found->type : MODEL_TEXT;
}

const char *model_type_name(enum model_type type) { return type_names[type]; }

struct view model_label(struct view column, bool chinese)
{
	const struct model_column *found = by_name(column);
	return !found ? column : chinese ? found->label_zh : found->label_en;
}

enum { WORD_LONGEST = 256 };

/* What is compared of a cell: folded, without blanks. */
static struct view plain(struct view raw, char memory[static WORD_LONGEST])
{
	struct text_cell cell;
	size_t len = 0;
	if (!text_cell_fold(raw, &cell) || cell.len > WORD_LONGEST)
		return VIEW("");
	for (size_t i = 0; i < cell.len; i++)
		if (!byte_is_space(cell.bytes[i]))
			memory[len++] = cell.bytes[i];
	return view(memory, len);
}

/* The code of a folded word, of the table's own list or that of all tables. */
static struct view find_code(struct key *key, struct view table, struct view column, struct view word)
{
	const struct view places[] = { table, VIEW("any") };
	for (size_t p = 0; p < 2; p++) {
		size_t at = intern_find(&model.raws, join(key, places[p], column, word));
		if (at != SIZE_MAX)
			return model.codes[at].code;
	}
	return VIEW("");
}

static bool has_list(struct key *key, struct view table, struct view column)
{
	return intern_find(&model.lists, join(key, table, column, VIEW(""))) != SIZE_MAX;
}

struct view model_code(struct view table, struct view column, struct view raw, bool *known)
{
	need();
	struct key key;
	char memory[WORD_LONGEST];
	struct view word = plain(raw, memory), code = find_code(&key, table, column, word);
	*known = code.len != 0;
	if (!*known && hanzi_simplify(memory, word.len))
		code = find_code(&key, table, column, word);
	if (!*known)
		*known = has_list(&key, table, column) || has_list(&key, VIEW("any"), column);
	return code;
}

struct view model_code_label(struct view table, struct view column, struct view code, bool chinese)
{
	need();
	struct key key;
	struct view label = code;
	char memory[WORD_LONGEST];
	struct view word = plain(code, memory);
	for (size_t t = 0, tables = model.table_count + 1; t < tables; t++) {
		struct view place = t == 0 ? table : model.tables[t - 1].name;
		if (t >= 2 && table.len)
			break; /* the table's own and "any" only */
		size_t at = intern_find(&model.raws, join(&key, place, column, word));
		if (at == SIZE_MAX || !view_equal(model.codes[at].code, code))
			continue;
		label = chinese ? model.codes[at].label_zh : model.codes[at].label_en;
		break;
	}
	return label;
}

bool model_takes_back(struct view type)
{
	return view_is(type, "cancel") || view_is(type, "swap") || view_is(type, "rename") || view_is(type, "change");
}
