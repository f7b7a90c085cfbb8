/* header: see header.h. */
#include "import/header.h"

#include <stdlib.h>

#include "base/buf.h"
#include "value/hanzi.h"
#include "value/money.h"
#include "value/text.h"

/* ---- aliases ---- */

/* Folded, in simplified characters, without blanks, line breaks, * and : */
static struct view normal(struct arena *arena, struct view text)
{
	struct buf folded = { 0 };
	text_fold(text, &folded);
	char *to = arena_alloc(arena, folded.len + 1);
	size_t len = 0;
	for (size_t i = 0; i < folded.len; i++)
		if (!byte_is_space(folded.ptr[i]) && folded.ptr[i] != '*' && folded.ptr[i] != ':')
			to[len++] = folded.ptr[i];
	buf_release(&folded);
	hanzi_simplify(to, len);
	return view(to, len);
}

static bool add_key(struct matcher *matcher, const struct model_column *column, struct view key)
{
	size_t at;
	if (!key.len || !intern_add(&matcher->aliases, key, &at))
		return false;
	heap_grow(matcher->column, at, &matcher->room);
	matcher->column[at] = column;
	return true;
}

bool matcher_add(struct matcher *matcher, const struct model_column *column, struct view alias)
{
	return add_key(matcher, column, normal(matcher->aliases.arena, alias));
}

static void add_table(struct matcher *matcher, const struct model_table *table)
{
	for (size_t i = 0; i < table->count; i++)
		for (size_t a = 0; a < table->columns[i].alias_count; a++)
			add_key(matcher, &table->columns[i], table->columns[i].aliases[a]);
}

void matcher_init(struct matcher *matcher, struct arena *arena, const struct model_table *table)
{
	*matcher = (struct matcher){ .table = table };
	intern_init(&matcher->aliases, arena);
}

void matcher_close(struct matcher *matcher)
{
	add_table(matcher, matcher->table);
	add_table(matcher, model_any());
}

void matcher_release(struct matcher *matcher)
{
	intern_release(&matcher->aliases);
	free(matcher->column);
}

/* ---- units ---- */

static const struct {
	const char *name;
	struct unit unit;
} units[] = {
	{ "元", { MONEY_YUAN, { "", 0 } } },
	{ "人民币元", { MONEY_YUAN, { "", 0 } } },
	{ "rmb", { MONEY_YUAN, { "", 0 } } },
	{ "千元", { MONEY_YUAN * 1000, { "", 0 } } },
	{ "万元", { MONEY_WAN, { "", 0 } } },
	{ "万", { MONEY_WAN, { "", 0 } } },
	{ "w", { MONEY_WAN, { "", 0 } } },
	{ "百万元", { (int64_t)MONEY_WAN * 100, { "", 0 } } },
	{ "亿元", { (int64_t)MONEY_WAN * 10000, { "", 0 } } },
	{ "亿", { (int64_t)MONEY_WAN * 10000, { "", 0 } } },
	{ "%", { 0, { "%", 1 } } },
	{ "‰", { 0, { "‰", 3 } } },
	{ "亩", { 0, { "亩", 3 } } },
	{ "坪", { 0, { "坪", 3 } } },
};

static struct unit unit_of(struct view name)
{
	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (view_is(name, units[i].name))
			return units[i].unit;
	return (struct unit){ 0 };
}

/* The name without a bracket at its end; what stands in the bracket. */
static struct view without_bracket(struct view name, struct view *inside)
{
	*inside = VIEW("");
	if (name.len < 3 || (name.ptr[name.len - 1] != ')' && name.ptr[name.len - 1] != ']'))
		return name;
	char open = name.ptr[name.len - 1] == ')' ? '(' : '[';
	for (size_t i = name.len - 1; i-- > 1;) {
		if (name.ptr[i] != open)
			continue;
		*inside = view(name.ptr + i + 1, name.len - i - 2);
		return view_first(name, i);
	}
	return name;
}

/* ---- heads ---- */

static struct view cleaned(struct arena *arena, struct view text)
{
	struct buf buf = { 0 };
	text_clean(text, &buf);
	struct view copy = arena_copy(arena, buf_view(&buf));
	buf_release(&buf);
	return copy;
}

struct head head_make(struct arena *arena, struct view parent, struct view child)
{
	struct head head = { .parent = normal(arena, parent), .child = normal(arena, child) };
	struct view above = cleaned(arena, parent), below = cleaned(arena, child);
	if (above.len && below.len)
		head.shown = view_of(arena_printf(arena, "%.*s/%.*s", VIEW_ARGS(above), VIEW_ARGS(below)));
	else
		head.shown = above.len ? above : below;
	return head;
}

static const struct model_column *lookup(const struct matcher *matcher, struct view name)
{
	size_t at = name.len ? intern_find(&matcher->aliases, name) : SIZE_MAX;
	return at == SIZE_MAX ? NULL : matcher->column[at];
}

static const struct model_column *lookup_joined(const struct matcher *matcher, const struct head *head)
{
	static const char *const joints[] = { "/", "" };
	const struct model_column *column = NULL;
	struct buf name = { 0 };
	for (size_t i = 0; i < 2 && !column && head->parent.len && head->child.len; i++) {
		buf_reset(&name);
		buf_put(&name, head->parent);
		buf_text(&name, joints[i]);
		buf_put(&name, head->child);
		column = lookup(matcher, buf_view(&name));
	}
	buf_release(&name);
	return column;
}

/* The longest alias in the name, when it makes up more than half of it. */
static void match_contained(struct head *head, const struct matcher *matcher, struct view name)
{
	size_t longest = name.len / 2;
	for (size_t i = 0; i < matcher->aliases.count; i++) {
		struct view alias = matcher->aliases.keys[i];
		if (alias.len <= name.len / 2 || alias.len < longest || view_find(name, alias) == SIZE_MAX)
			continue;
		if (alias.len > longest) {
			longest = alias.len;
			head->column = matcher->column[i];
			head->how = HEAD_CONTAINED;
			head->other = NULL;
		} else if (matcher->column[i] != head->column) {
			head->how = HEAD_AMBIGUOUS;
			head->other = matcher->column[i];
		}
	}
}

void head_match(struct head *head, const struct matcher *matcher, bool quick)
{
	struct view name = head->child.len ? head->child : head->parent, inside;
	struct view base = without_bracket(name, &inside);
	head->unit = unit_of(inside);
	head->other = NULL;
	head->second = false;
	head->joins = NULL;
	head->how = HEAD_EXACT;
	head->column = lookup_joined(matcher, head);
	if (!head->column)
		head->column = lookup(matcher, name);
	if (!head->column && base.len < name.len) {
		head->how = HEAD_WITHOUT_UNIT;
		head->column = lookup(matcher, base);
	}
	if (!head->column) {
		head->how = HEAD_UNKNOWN;
		if (!quick)
			match_contained(head, matcher, base);
	}
}

/* ---- one column, several heads ---- */

/* Which columns have a head already. */
struct claims {
	const struct model_column **column;
	size_t *head;
	size_t count, room, head_room;
};

static size_t claimed_by(const struct claims *claims, const struct model_column *column)
{
	for (size_t i = 0; i < claims->count; i++)
		if (claims->column[i] == column)
			return claims->head[i];
	return SIZE_MAX;
}

static void claim(struct claims *claims, const struct model_column *column, size_t head)
{
	heap_grow(claims->column, claims->count, &claims->room);
	heap_grow(claims->head, claims->count, &claims->head_room);
	claims->column[claims->count] = column;
	claims->head[claims->count++] = head;
}

static void lose(struct head *head)
{
	head->second = true;
	if (head->column->type == MODEL_PHONE)
		return;
	if (head->column->type == MODEL_TIME && head->how != HEAD_CONTAINED)
		head->joins = head->column;
	head->column = NULL;
	head->how = HEAD_UNKNOWN;
}

/* An ambiguous head may mean the one column that nobody else has. */
static bool settle_ambiguous(const struct claims *claims, struct head *head)
{
	bool first_taken = claimed_by(claims, head->column) != SIZE_MAX;
	bool other_taken = claimed_by(claims, head->other) != SIZE_MAX;
	if (!first_taken && !other_taken)
		return false;
	if (first_taken)
		head->column = other_taken ? NULL : head->other;
	head->how = head->column ? HEAD_CONTAINED : HEAD_UNKNOWN;
	return true;
}

size_t heads_settle(struct head *heads, size_t count)
{
	static const enum head_how ranks[] = { HEAD_EXACT, HEAD_WITHOUT_UNIT, HEAD_CONTAINED };
	struct claims claims = { 0 };
	size_t ambiguous = count;
	for (size_t rank = 0; rank < sizeof ranks / sizeof *ranks; rank++) {
		for (size_t i = 0; i < count; i++) {
			if (heads[i].how != ranks[rank] || heads[i].column->type == MODEL_SERIAL)
				continue;
			if (claimed_by(&claims, heads[i].column) == SIZE_MAX)
				claim(&claims, heads[i].column, i);
			else
				lose(&heads[i]);
		}
	}
	for (size_t i = 0; i < count && ambiguous == count; i++) {
		if (heads[i].how != HEAD_AMBIGUOUS)
			continue;
		if (!settle_ambiguous(&claims, &heads[i]))
			ambiguous = i;
		else if (heads[i].column)
			claim(&claims, heads[i].column, i);
	}
	free(claims.column);
	free(claims.head);
	return ambiguous;
}
