/* Random expressions on random rows, against a second evaluator that is slow and simple.
 *
 *     expression_random [PAIRS [SEED]]       5,000 pairs unless told
 *
 * The second evaluator has its own tree (made first, then printed as source), takes what a
 * cell means from a table instead of reading it, and calculates by decimal digits. */
#include "rule/expression.h"

#include <stdlib.h>

#include "test.h"

enum { TEXT, NUMBER, TIME, BOOL, LIST };

/* ---- what cells may hold, and what it means ---- */

static const struct meaning {
	const char *cell;
	bool is_number, is_time, is_bool;
	int64_t number; /* as a decimal fraction: number / 10^decimals */
	int decimals;
	int64_t time;
} cells[] = {
	{ "", false, false, false, 0, 0, 0 },
	{ "a", false, false, false, 0, 0, 0 },
	{ "Abc", false, false, false, 0, 0, 0 },
	{ "学区", false, false, false, 0, 0, 0 },
	{ "靠近学校", false, false, false, 0, 0, 0 },
	{ "学区|贷款", false, false, false, 0, 0, 0 },
	{ "贷款||a", false, false, false, 0, 0, 0 },
	{ "12.5", true, false, false, 125, 1, 0 },
	{ "12.50", true, false, false, 125, 1, 0 },
	{ "-3", true, false, false, -3, 0, 0 },
	{ "0", true, false, true, 0, 0, 0 },
	{ "1", true, false, true, 1, 0, 0 },
	{ "0.000001", true, false, false, 1, 6, 0 },
	{ "-0.5", true, false, false, -5, 1, 0 },
	{ "1.5%", true, false, false, 15, 3, 0 },
	{ "100万", true, false, false, 1000000, 0, 0 },
	{ "1,234.5", true, false, false, 12345, 1, 0 },
	{ "1234567890123.456789", true, false, false, 1234567890123456789, 6, 0 },
	{ "900000000000000000000000000000", true, false, false, 9, -29, 0 },
	{ "1.2345678", false, false, false, 0, 0, 0 },
	{ "1e5", false, false, false, 0, 0, 0 },
	{ "2024-05-01", false, true, false, 0, 0, 1714521600 },
	{ "2024-05-01 10:00:00", false, true, false, 0, 0, 1714557600 },
	{ "2024-05-01T10:00:01", false, true, false, 0, 0, 1714557601 },
	{ "2023-12-31 23:59:59", false, true, false, 0, 0, 1704067199 },
	{ "2023-02-29", false, false, false, 0, 0, 0 },
	{ "2024/5/1", false, false, false, 0, 0, 0 },
};

enum { CELLS = sizeof cells / sizeof cells[0] };

static const struct { const char *name; int type; } columns[] = {
	{ "t1", TEXT }, { "备注", TEXT }, { "`t 3`", TEXT }, { "n1", NUMBER }, { "总价", NUMBER }, { "n3", NUMBER },
	{ "at", TIME }, { "d2", TIME }, { "b1", BOOL }, { "vip", BOOL }, { "focus", LIST }, { "l2", LIST },
};

enum { COLUMNS = sizeof columns / sizeof columns[0] };

static const int64_t as_of = 1717243200; /* 2024-06-01 12:00:00 */

/* ---- chance ---- */

static uint64_t chance_state;

static unsigned chance(unsigned n)
{
	chance_state = chance_state * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)((chance_state >> 33) % n);
}

/* ---- trees ---- */

enum op {
	LITERAL, COLUMN, NOT, AND, OR, EQ, NE, LT, LE, GT, GE, IN, NOT_IN, MATCH, NOT_MATCH, ADD, SUBTRACT, MULTIPLY,
	DIVIDE, NEGATE, EMPTY, CONTAINS, STARTS, ENDS, IF, COALESCE, LEAST, GREATEST, LENGTH, LOWER, SUBSTR, ABS, ROUND,
	FLOOR, CEIL, TO_NUMBER, TO_TIME, TO_TEXT, ADD_DAYS, START_OF_DAY, DAYS_BETWEEN, DAYS_SINCE, HOURS_SINCE,
};

struct tree {
	enum op op;
	int type;
	unsigned which;  /* column, cell of a literal, pattern */
	bool truth;
	unsigned count;
	struct tree *arguments[5];
};

static struct arena trees;

static struct tree *tree_new(enum op op, int type, unsigned which)
{
	struct tree *tree = arena_zero(&trees, 1, sizeof *tree);
	tree->op = op;
	tree->type = type;
	tree->which = which;
	return tree;
}

static struct tree *tree_of(enum op op, int type, struct tree *a, struct tree *b, struct tree *c)
{
	struct tree *tree = tree_new(op, type, 0);
	struct tree *arguments[] = { a, b, c };
	for (unsigned i = 0; i < 3; i++)
		if (arguments[i])
			tree->arguments[tree->count++] = arguments[i];
	return tree;
}

static struct tree *make(int type, unsigned depth);

static struct tree *make_column(int type)
{
	unsigned which;
	do
		which = chance(COLUMNS);
	while (columns[which].type != type);
	return tree_new(COLUMN, type, which);
}

/* A literal of a type: one of the cells that mean it, and are written so in an expression. */
static struct tree *make_literal(int type)
{
	struct tree *tree = tree_new(LITERAL, type, 0);
	tree->truth = chance(2);
	for (;;) {
		const struct meaning *cell = &cells[tree->which = chance(CELLS)];
		if (type == BOOL || (type == TEXT && *cell->cell) || (type == TIME && cell->is_time))
			return tree;
		if (type == NUMBER && cell->is_number && cell->cell[0] != '-' && !strchr(cell->cell, ','))
			return tree;
	}
}

/* Text that is a whole cell, so that the table says what it means as a number or time. */
static struct tree *make_cell_text(unsigned depth)
{
	if (depth && chance(4) == 0)
		return tree_of(IF, TEXT, make(BOOL, depth - 1), make_cell_text(depth - 1), make_cell_text(depth - 1));
	if (depth && chance(4) == 0)
		return tree_of(COALESCE, TEXT, make_cell_text(depth - 1), make_cell_text(depth - 1), NULL);
	return make_column(TEXT);
}

/* A number or time, or text that is read as one. */
static struct tree *make_read(int type, unsigned depth)
{
	if (chance(4))
		return make(type, depth);
	return tree_of(type == NUMBER ? TO_NUMBER : TO_TIME, type, make_cell_text(depth), NULL, NULL);
}

/* Values of one type, the first certainly so, the others perhaps text that is read. */
static struct tree *make_common(enum op op, int result, int type, unsigned depth, unsigned count)
{
	struct tree *tree = tree_new(op, result, 0);
	unsigned sure = chance(count);
	for (unsigned i = 0; i < count; i++)
		tree->arguments[tree->count++] = i == sure || (type != NUMBER && type != TIME) ? make(type, depth)
		                                                                               : make_read(type, depth);
	return tree;
}

static struct tree *make_bool(unsigned depth)
{
	static const int comparable[] = { TEXT, TEXT, NUMBER, NUMBER, TIME };
	int type = comparable[chance(5)];
	struct tree *tree;
	unsigned count;
	switch (chance(12)) {
	case 0:
		return tree_of(NOT, BOOL, make(BOOL, depth), NULL, NULL);
	case 1:
	case 2:
		tree = tree_new(chance(2) ? AND : OR, BOOL, 0);
		count = 2 + chance(3);
		while (tree->count < count)
			tree->arguments[tree->count++] = make(BOOL, depth);
		return tree;
	case 3:
		return make_common(chance(2) ? EQ : NE, BOOL, BOOL, depth, 2);
	case 4:
		tree = make_common(chance(2) ? IN : NOT_IN, BOOL, type, depth, 2 + chance(3));
		return tree;
	case 5:
		return tree_of(chance(2) ? IN : NOT_IN, BOOL, make(LIST, 0), make(TEXT, depth), make(TEXT, depth));
	case 6:
		tree = tree_of(chance(2) ? MATCH : NOT_MATCH, BOOL, make(chance(3) ? TEXT : LIST, depth), NULL, NULL);
		tree->which = chance(4);
		return tree;
	case 7:
		return tree_of(EMPTY, BOOL, make((int)chance(5), depth), NULL, NULL);
	case 8:
		return tree_of(CONTAINS, BOOL, make(chance(2) ? TEXT : LIST, depth), make(TEXT, depth), NULL);
	case 9:
		return tree_of(chance(2) ? STARTS : ENDS, BOOL, make(TEXT, depth), make(TEXT, depth), NULL);
	default:
		return make_common(EQ + chance(6), BOOL, type, depth, 2);
	}
}

static struct tree *make_number(unsigned depth)
{
	switch (chance(11)) {
	case 0:
		return tree_of(LENGTH, NUMBER, make(chance(2) ? TEXT : LIST, depth), NULL, NULL);
	case 1:
		return tree_of(ABS, NUMBER, make_read(NUMBER, depth), NULL, NULL);
	case 2:
		return tree_of(chance(2) ? FLOOR : CEIL, NUMBER, make_read(NUMBER, depth), NULL, NULL);
	case 3:
		return tree_of(ROUND, NUMBER, make_read(NUMBER, depth), make(NUMBER, 0), NULL);
	case 4:
		return tree_of(DAYS_BETWEEN, NUMBER, make_read(TIME, depth), make_read(TIME, depth), NULL);
	case 5:
		return tree_of(chance(2) ? DAYS_SINCE : HOURS_SINCE, NUMBER, make_read(TIME, depth), NULL, NULL);
	case 6:
		return tree_of(NEGATE, NUMBER, make_read(NUMBER, depth), NULL, NULL);
	default:
		return tree_of(ADD + chance(4), NUMBER, make_read(NUMBER, depth), make_read(NUMBER, depth), NULL);
	}
}

static struct tree *make(int type, unsigned depth)
{
	if (type == LIST)
		return make_column(LIST);
	if (depth == 0 || chance(5) == 0)
		return chance(3) ? make_column(type) : make_literal(type);
	depth--;
	struct tree *tree;
	switch (chance(6)) {
	case 0:
		tree = make_common(IF, type, type, depth, 2);
		tree->arguments[2] = tree->arguments[1];
		tree->arguments[1] = tree->arguments[0];
		tree->arguments[0] = make(BOOL, depth);
		tree->count = 3;
		return tree;
	case 1:
		return make_common(COALESCE, type, type, depth, 2 + chance(2));
	case 2:
		if (type != BOOL)
			return make_common(chance(2) ? LEAST : GREATEST, type, type, depth, 2 + chance(2));
	}
	if (type == BOOL)
		return make_bool(depth);
	if (type == NUMBER)
		return make_number(depth);
	if (type == TIME)
		return chance(2) ? tree_of(ADD_DAYS, TIME, make_read(TIME, depth), tree_of(LENGTH, NUMBER, make(TEXT, 0), NULL, NULL), NULL)
		                 : tree_of(START_OF_DAY, TIME, make_read(TIME, depth), NULL, NULL);
	switch (chance(3)) {
	case 0:
		return tree_of(LOWER, TEXT, make(TEXT, depth), NULL, NULL);
	case 1:
		return tree_of(TO_TEXT, TEXT, make_column((int)chance(5)), NULL, NULL);
	default:
		return tree_of(SUBSTR, TEXT, make(TEXT, depth), make(NUMBER, 0), chance(2) ? make(NUMBER, 0) : NULL);
	}
}

/* ---- trees as source, written in many ways ---- */

static const char *const names[] = {
	[NOT] = "not", [AND] = "and", [OR] = "or", [EQ] = "==", [NE] = "!=", [LT] = "<", [LE] = "<=", [GT] = ">",
	[GE] = ">=", [IN] = "in", [NOT_IN] = "not in", [MATCH] = "=~", [NOT_MATCH] = "!~", [ADD] = "+", [SUBTRACT] = "-",
	[MULTIPLY] = "*", [DIVIDE] = "/", [NEGATE] = "-", [EMPTY] = "empty", [CONTAINS] = "contains",
	[STARTS] = "starts_with", [ENDS] = "ends_with", [IF] = "if", [COALESCE] = "coalesce", [LEAST] = "least",
	[GREATEST] = "greatest", [LENGTH] = "length", [LOWER] = "lower", [SUBSTR] = "substr", [ABS] = "abs",
	[ROUND] = "round", [FLOOR] = "floor", [CEIL] = "ceil", [TO_NUMBER] = "number", [TO_TIME] = "date",
	[TO_TEXT] = "text", [ADD_DAYS] = "add_days", [START_OF_DAY] = "start_of_day", [DAYS_BETWEEN] = "days_between",
	[DAYS_SINCE] = "days_since", [HOURS_SINCE] = "hours_since",
};

static const char *const patterns[] = { "学区|学校", "^a", "\\d", "^$" };

enum { ANY, P_OR, P_AND, P_NOT, P_COMPARISON, P_SUM, P_PRODUCT, P_PREFIX, P_OPERAND };

static int precedence(const struct tree *tree)
{
	switch (tree->op) {
	case OR:
		return P_OR;
	case AND:
		return P_AND;
	case NOT:
		return P_NOT;
	case ADD:
	case SUBTRACT:
		return P_SUM;
	case MULTIPLY:
	case DIVIDE:
		return P_PRODUCT;
	case NEGATE:
		return P_PREFIX;
	default:
		return tree->op >= EQ && tree->op <= NOT_MATCH ? P_COMPARISON : P_OPERAND;
	}
}

static void blank(struct buf *out)
{
	static const char *const blanks[] = { "", "", " ", "  ", "\n", "　" };
	buf_text(out, blanks[chance(6)]);
}

static void write_text(const char *text, struct buf *out)
{
	static const char *const quotes[][2] = { { "\"", "\"" }, { "'", "'" }, { "“", "”" }, { "‘", "’" }, { "＂", "＂" } };
	unsigned quote = chance(5);
	buf_printf(out, "%s%s%s", quotes[quote][0], text, quotes[quote][1]);
}

static void write_tree(const struct tree *tree, int least, struct buf *out);

static void write_list(const struct tree *tree, unsigned from, struct buf *out)
{
	buf_text(out, chance(4) ? "(" : "（");
	for (unsigned i = from; i < tree->count; i++) {
		if (i > from)
			buf_text(out, chance(4) ? "," : "，");
		blank(out);
		write_tree(tree->arguments[i], ANY, out);
		blank(out);
	}
	buf_byte(out, ')');
}

static void write_operator(enum op op, struct buf *out)
{
	const char *text = names[op];
	if (op == AND || op == OR || op == IN || op == NOT_IN) {
		buf_printf(out, " %s ", text);
		return;
	}
	blank(out);
	buf_text(out, op == GE && chance(2) ? "≥" : op == MULTIPLY && chance(2) ? "＊" : op == EQ && chance(2) ? "＝＝" : text);
	blank(out);
	/* `a -- b` would be a comment. */
	if (op == SUBTRACT)
		buf_byte(out, ' ');
}

static void write_literal(const struct tree *tree, struct buf *out)
{
	if (tree->type == TEXT)
		write_text(cells[tree->which].cell, out);
	else
		buf_text(out, tree->type == BOOL ? (tree->truth ? "true" : "false") : cells[tree->which].cell);
}

static void write_body(const struct tree *tree, struct buf *out)
{
	int level = precedence(tree);
	if (tree->op == LITERAL) {
		write_literal(tree, out);
	} else if (tree->op == COLUMN) {
		buf_text(out, columns[tree->which].name);
	} else if (tree->op == NOT) {
		buf_text(out, "not ");
		write_tree(tree->arguments[0], P_NOT, out);
	} else if (tree->op == NEGATE) {
		buf_byte(out, '-');
		write_tree(tree->arguments[0], P_OPERAND, out);
	} else if (level == P_OPERAND) {
		buf_text(out, names[tree->op]);
		write_list(tree, 0, out);
	} else if (tree->op == IN || tree->op == NOT_IN) {
		write_tree(tree->arguments[0], P_SUM, out);
		write_operator(tree->op, out);
		write_list(tree, 1, out);
	} else if (tree->op == MATCH || tree->op == NOT_MATCH) {
		write_tree(tree->arguments[0], P_SUM, out);
		write_operator(tree->op, out);
		write_text(patterns[tree->which], out);
	} else {
		bool logic = level == P_AND || level == P_OR;
		write_tree(tree->arguments[0], level == P_COMPARISON ? P_SUM : level, out);
		for (unsigned i = 1; i < tree->count; i++) {
			write_operator(tree->op, out);
			write_tree(tree->arguments[i], logic ? level : level + 1, out);
		}
	}
}

/* In brackets where they are needed, and sometimes where they are not. */
static void write_tree(const struct tree *tree, int least, struct buf *out)
{
	/* number() and date() are left out now and then: text is read where it must be. */
	if ((tree->op == TO_NUMBER || tree->op == TO_TIME) && chance(2)) {
		write_tree(tree->arguments[0], least, out);
		return;
	}
	bool brackets = precedence(tree) < least || chance(8) == 0;
	if (brackets)
		buf_byte(out, '(');
	write_body(tree, out);
	if (brackets)
		buf_byte(out, ')');
}

/* ---- the second evaluator ---- */

struct value {
	enum expression_state state;
	char text[256];
	__int128 number;
	int64_t time;
	bool truth;
};

struct rows {
	unsigned cells[COLUMNS];
	bool doubt; /* something did not convert, or was divided by zero */
};

static struct value evaluate(const struct tree *tree, struct rows *row);

static struct value missing(void)
{
	return (struct value){ .state = EXPRESSION_MISSING };
}

static struct value truth(bool is)
{
	return (struct value){ .truth = is };
}

static struct value range(void)
{
	return (struct value){ .state = EXPRESSION_RANGE };
}

static __int128 power(int exponent)
{
	__int128 result = 1;
	while (exponent-- > 0)
		result *= 10;
	return result;
}

static struct value number(__int128 micro)
{
	if (micro > power(36) || micro < -power(36))
		return range();
	return (struct value){ .number = micro };
}

static struct value text(const char *bytes, size_t len)
{
	struct value value = { .state = len ? EXPRESSION_VALUE : EXPRESSION_MISSING };
	memcpy(value.text, bytes, len);
	return value;
}

/* What a cell means as a type. */
static struct value mean(const char *cell, int type, struct rows *row)
{
	unsigned i = 0;
	while (strcmp(cells[i].cell, cell) != 0)
		i++;
	const struct meaning *meaning = &cells[i];
	if (!*cell)
		return missing();
	if (type == TEXT || type == LIST)
		return text(cell, strlen(cell));
	if (type == NUMBER && meaning->is_number)
		return number((__int128)meaning->number * power(6 - meaning->decimals));
	if (type == TIME && meaning->is_time)
		return (struct value){ .time = meaning->time };
	if (type == BOOL && meaning->is_bool)
		return truth(*cell == '1');
	row->doubt = true;
	return missing();
}

/* Digits of |n|, least first; how many. */
static int digits(__int128 n, int *out)
{
	int count = 0;
	if (n < 0)
		n = -n;
	for (; n; n /= 10)
		out[count++] = (int)(n % 10);
	return count;
}

/* Digits without the lowest `drop`, rounded by the highest of those, with a sign. */
static struct value rounded(const int *digit, int count, int drop, bool negative)
{
	__int128 result = 0;
	if (count - drop > 38)
		return range();
	for (int i = count - 1; i >= drop; i--)
		result = result * 10 + digit[i];
	if (drop > 0 && drop <= count && digit[drop - 1] >= 5)
		result++;
	return number(negative ? -result : result);
}

static struct value multiply(__int128 a, __int128 b)
{
	int x[40], y[40], product[80] = { 0 };
	int x_count = digits(a, x), y_count = digits(b, y);
	for (int i = 0; i < x_count; i++)
		for (int j = 0; j < y_count; j++)
			product[i + j] += x[i] * y[j];
	for (int i = 0; i < 79; i++) {
		product[i + 1] += product[i] / 10;
		product[i] %= 10;
	}
	int count = 80;
	while (count && !product[count - 1])
		count--;
	return rounded(product, count, 6, (a < 0) != (b < 0));
}

/* By hand: one digit of the quotient after another, one more than is kept. */
static struct value divide(__int128 a, __int128 b, struct rows *row)
{
	int x[40], quotient[50];
	int count = digits(a, x);
	__int128 rest = 0, by = b < 0 ? -b : b;
	if (b == 0) {
		row->doubt = true;
		return missing();
	}
	for (int i = count + 6; i >= 0; i--) {
		rest = rest * 10 + (i >= 7 ? x[i - 7] : 0);
		for (quotient[i] = 0; rest >= by; rest -= by)
			quotient[i]++;
	}
	count += 7;
	while (count && !quotient[count - 1])
		count--;
	return rounded(quotient, count, 1, (a < 0) != (b < 0));
}

static struct value round_to(__int128 a, __int128 decimals_micro)
{
	int x[40];
	__int128 decimals = decimals_micro / 1000000;
	int count = digits(a, x);
	if (decimals >= 6)
		return number(a);
	if (decimals < -31)
		return number(0);
	struct value value = rounded(x, count, 6 - (int)decimals, a < 0);
	for (int i = 0; i < 6 - (int)decimals && value.state == EXPRESSION_VALUE; i++)
		value = number(value.number * 10);
	return value;
}

static size_t character(const char *at)
{
	size_t len = 1;
	while ((at[len] & 0xC0) == 0x80)
		len++;
	return len;
}

static struct value substr(const char *bytes, __int128 from, __int128 count, bool bounded)
{
	char out[256];
	size_t len = 0;
	from /= 1000000;
	count /= 1000000;
	for (__int128 i = 1; *bytes; i++) {
		size_t step = character(bytes);
		if (i >= from && (!bounded || i < from + count)) {
			memcpy(out + len, bytes, step);
			len += step;
		}
		bytes += step;
	}
	return text(out, len);
}

static int order(int type, const struct value *a, const struct value *b)
{
	if (type == NUMBER)
		return a->number < b->number ? -1 : a->number > b->number;
	if (type == TIME)
		return a->time < b->time ? -1 : a->time > b->time;
	if (type == BOOL)
		return a->truth - b->truth;
	int result = strcmp(a->text, b->text);
	return result < 0 ? -1 : result > 0;
}

/* Calls the test with each item of a list that is not empty. */
static bool any_item(const char *list, bool (*test)(const char *item, const void *with), const void *with)
{
	char copy[256], *save = NULL;
	snprintf(copy, sizeof copy, "%s", list);
	for (char *item = strtok_r(copy, "|", &save); item; item = strtok_r(NULL, "|", &save))
		if (test(item, with))
			return true;
	return false;
}

static bool item_equal(const char *item, const void *with)
{
	return strcmp(item, with) == 0;
}

static bool item_matches(const char *item, const void *with)
{
	switch (*(const unsigned *)with) {
	case 0:
		return strstr(item, "学区") || strstr(item, "学校");
	case 1:
		return item[0] == 'a';
	case 2:
		return strpbrk(item, "0123456789");
	default:
		return false;
	}
}

static bool compare(enum op op, int order_)
{
	return op == EQ ? order_ == 0 : op == NE ? order_ != 0 : op == LT ? order_ < 0 :
	       op == LE ? order_ <= 0 : op == GT ? order_ > 0 : order_ >= 0;
}

static struct value evaluate_in(const struct tree *tree, struct rows *row)
{
	struct value left = evaluate(tree->arguments[0], row);
	if (left.state)
		return left.state == EXPRESSION_MISSING ? truth(false) : left;
	for (unsigned i = 1; i < tree->count; i++) {
		struct value item = evaluate(tree->arguments[i], row);
		if (item.state > EXPRESSION_MISSING)
			return item;
		if (item.state == EXPRESSION_MISSING) {
			if (tree->op == NOT_IN)
				return truth(false);
			continue;
		}
		bool equal = tree->arguments[0]->type == LIST ? any_item(left.text, item_equal, item.text)
		                                              : order(tree->arguments[0]->type, &left, &item) == 0;
		if (equal)
			return truth(tree->op == IN);
	}
	return truth(tree->op == NOT_IN);
}

/* What decides itself how many of its arguments are evaluated. */
static struct value evaluate_lazy(const struct tree *tree, struct rows *row)
{
	struct value best = missing(), value;
	if (tree->op == IF) {
		value = evaluate(tree->arguments[0], row);
		if (value.state > EXPRESSION_MISSING)
			return value;
		return evaluate(tree->arguments[value.state == EXPRESSION_VALUE && value.truth ? 1 : 2], row);
	}
	if (tree->op == AND || tree->op == OR) {
		for (unsigned i = 0; i < tree->count; i++) {
			value = evaluate(tree->arguments[i], row);
			if (value.state > EXPRESSION_MISSING)
				return value;
			bool is = value.state == EXPRESSION_VALUE && value.truth;
			if (is == (tree->op == OR))
				return truth(is);
		}
		return truth(tree->op == AND);
	}
	for (unsigned i = 0; i < tree->count; i++) {
		value = evaluate(tree->arguments[i], row);
		if (value.state > EXPRESSION_MISSING)
			return value;
		if (value.state == EXPRESSION_MISSING)
			continue;
		if (tree->op == COALESCE)
			return value;
		int wanted = tree->op == LEAST ? -1 : 1;
		if (best.state == EXPRESSION_MISSING || order(tree->type, &value, &best) == wanted)
			best = value;
	}
	return best;
}

/* All arguments are there. */
static struct value evaluate_function(const struct tree *tree, struct value *x, struct rows *row)
{
	const int64_t day = 86400;
	__int128 rest;
	switch (tree->op) {
	case NEGATE:
		return number(-x[0].number);
	case ADD:
		return number(x[0].number + x[1].number);
	case SUBTRACT:
		return number(x[0].number - x[1].number);
	case MULTIPLY:
		return multiply(x[0].number, x[1].number);
	case DIVIDE:
		return divide(x[0].number, x[1].number, row);
	case CONTAINS:
		return truth(tree->arguments[0]->type == LIST ? any_item(x[0].text, item_equal, x[1].text)
		                                              : strstr(x[0].text, x[1].text) != NULL);
	case STARTS:
		return truth(strstr(x[0].text, x[1].text) == x[0].text);
	case ENDS:
		return truth(strlen(x[0].text) >= strlen(x[1].text) &&
		             strcmp(x[0].text + strlen(x[0].text) - strlen(x[1].text), x[1].text) == 0);
	case LENGTH:
		rest = 0;
		for (char *at = x[0].text, *save = NULL; tree->arguments[0]->type == LIST && (at = strtok_r(at, "|", &save)); at = NULL)
			rest++;
		for (char *at = x[0].text; tree->arguments[0]->type != LIST && *at; at += character(at))
			rest++;
		return number(rest * 1000000);
	case LOWER:
		for (char *at = x[0].text; *at; at++)
			*at = *at >= 'A' && *at <= 'Z' ? (char)(*at + 32) : *at;
		return x[0];
	case SUBSTR:
		return substr(x[0].text, x[1].number, tree->count > 2 ? x[2].number : 0, tree->count > 2);
	case ABS:
		return number(x[0].number < 0 ? -x[0].number : x[0].number);
	case ROUND:
		return round_to(x[0].number, x[1].number);
	case FLOOR:
	case CEIL:
		for (rest = x[0].number % 1000000; rest < 0;)
			rest += 1000000;
		return number(x[0].number - rest + (tree->op == CEIL && rest ? 1000000 : 0));
	case TO_NUMBER:
		return mean(x[0].text, NUMBER, row);
	case TO_TIME:
		return mean(x[0].text, TIME, row);
	case ADD_DAYS:
		return (struct value){ .time = x[0].time + (int64_t)(x[1].number / 1000000) * day };
	case START_OF_DAY:
		return (struct value){ .time = x[0].time - x[0].time % day };
	case DAYS_BETWEEN:
		return number((__int128)(x[1].time / day - x[0].time / day) * 1000000);
	case DAYS_SINCE:
		return number((__int128)(as_of / day - x[0].time / day) * 1000000);
	case HOURS_SINCE:
		return divide((__int128)(as_of - x[0].time) * 1000000, (__int128)3600 * 1000000, row);
	default:
		abort();
	}
}

static struct value evaluate(const struct tree *tree, struct rows *row)
{
	struct value x[5];
	switch (tree->op) {
	case LITERAL:
		return tree->type == BOOL ? truth(tree->truth) : mean(cells[tree->which].cell, tree->type, row);
	case COLUMN:
		return mean(cells[row->cells[tree->which]].cell, tree->type, row);
	case TO_TEXT:
		return mean(cells[row->cells[tree->arguments[0]->which]].cell, TEXT, row);
	case IN:
	case NOT_IN:
		return evaluate_in(tree, row);
	case AND:
	case OR:
	case IF:
	case COALESCE:
	case LEAST:
	case GREATEST:
		return evaluate_lazy(tree, row);
	case NOT:
	case EMPTY:
		x[0] = evaluate(tree->arguments[0], row);
		if (x[0].state > EXPRESSION_MISSING)
			return x[0];
		if (tree->op == EMPTY)
			return truth(x[0].state == EXPRESSION_MISSING);
		return truth(x[0].state == EXPRESSION_MISSING || !x[0].truth);
	default:
		break;
	}
	bool comparison = tree->op >= EQ && tree->op <= NOT_MATCH;
	for (unsigned i = 0; i < tree->count; i++) {
		x[i] = evaluate(tree->arguments[i], row);
		if (x[i].state)
			return comparison && x[i].state == EXPRESSION_MISSING ? truth(false) : x[i];
	}
	if (tree->op == MATCH || tree->op == NOT_MATCH) {
		bool is = tree->arguments[0]->type == LIST ? any_item(x[0].text, item_matches, &tree->which)
		                                           : item_matches(x[0].text, &tree->which);
		return truth(is == (tree->op == MATCH));
	}
	return comparison ? truth(compare(tree->op, order(tree->arguments[0]->type, &x[0], &x[1])))
	                  : evaluate_function(tree, x, row);
}

/* ---- both, on one row ---- */

/* A cell for a column: mostly one that means something there. */
static unsigned any_cell(int type)
{
	for (;;) {
		unsigned which = chance(CELLS);
		const struct meaning *meaning = &cells[which];
		if (chance(6) == 0 || (type == NUMBER && meaning->is_number) || (type == TIME && meaning->is_time) ||
		    (type == BOOL && meaning->is_bool) || (type == LIST && *meaning->cell) || (type == TEXT && *meaning->cell))
			return which;
	}
}

static bool find(const void *table, struct view name, unsigned *index, enum expression_type *type)
{
	(void)table;
	for (unsigned i = 0; i < COLUMNS; i++) {
		struct view known = view_of(columns[i].name);
		if (known.ptr[0] == '`')
			known = view(known.ptr + 1, known.len - 2);
		if (view_equal(name, known)) {
			*index = i;
			*type = (enum expression_type)columns[i].type;
			return true;
		}
	}
	return false;
}

static struct view cell(const void *row, unsigned index)
{
	return view_of(cells[((const struct rows *)row)->cells[index]].cell);
}

static bool equal(int type, const struct expression_value *got, const struct value *wanted)
{
	if (got->state != wanted->state)
		return false;
	if (got->state != EXPRESSION_VALUE)
		return true;
	switch (type) {
	case NUMBER:
		return got->number == wanted->number;
	case TIME:
		return got->time == wanted->time;
	case BOOL:
		return got->truth == wanted->truth;
	default:
		return view_is(got->text, wanted->text);
	}
}

/* Compiles and evaluates the source on the row; what was read goes to `explained`. */
static void try(struct view source, const struct tree *tree, struct rows *row, struct buf *explained)
{
	struct arena arena = { 0 };
	struct expression_scope scope = { .find = find, .as_of = as_of };
	struct expression_scratch scratch;
	struct expression_error error;
	struct expression *expression = expression_compile(&arena, &scope, VIEW("r"), source, &error);
	CHECK(expression, "%.*s: offset %zu: %s", VIEW_ARGS(source), error.offset, error.message);
	if (expression) {
		row->doubt = false;
		struct value wanted = evaluate(tree, row);
		expression_scratch_init(&scratch, &scope);
		struct expression_value got = expression_eval(expression, &scratch, (struct expression_row){ row, cell });
		CHECK((int)expression_result_type(expression) == tree->type, "%.*s", VIEW_ARGS(source));
		CHECK(equal(tree->type, &got, &wanted), "%.*s", VIEW_ARGS(source));
		CHECK((scratch.doubt != 0) == row->doubt, "%.*s", VIEW_ARGS(source));
		buf_reset(explained);
		expression_explain(expression, false, explained);
		expression_scratch_release(&scratch);
		expression_release(expression);
	}
	expression_scope_release(&scope);
	arena_release(&arena);
}

/* A source with some bytes changed, gone or doubled: it compiles or it does not, and an
 * error has a place in it and a message. */
static void try_damaged(struct view source, struct rows *row)
{
	static const char bytes[] = "()\"'`,-+*/<>=!~%.019aT: \n\xEF\xBC\x88\xE4\xB8";
	struct buf damaged = { 0 };
	for (size_t i = 0; i < source.len; i++) {
		unsigned fate = chance(60);
		if (fate == 0)
			buf_byte(&damaged, bytes[chance(sizeof bytes - 1)]);
		if (fate != 1)
			buf_byte(&damaged, source.ptr[i]);
		if (fate == 2)
			buf_byte(&damaged, source.ptr[i]);
	}
	struct arena arena = { 0 };
	struct expression_scope scope = { .find = find, .as_of = as_of };
	struct expression_error error = { .offset = SIZE_MAX };
	struct view text = buf_view(&damaged);
	struct expression *expression = expression_compile(&arena, &scope, VIEW("r"), text, &error);
	if (expression) {
		struct expression_scratch scratch;
		expression_scratch_init(&scratch, &scope);
		expression_eval(expression, &scratch, (struct expression_row){ row, cell });
		expression_scratch_release(&scratch);
		expression_release(expression);
	} else {
		CHECK(error.offset <= text.len && error.column >= 1 && error.message && *error.message,
		      "%.*s: offset %zu", VIEW_ARGS(text), error.offset);
	}
	expression_scope_release(&scope);
	arena_release(&arena);
	buf_release(&damaged);
}

int main(int argc, char **argv)
{
	uint64_t pairs = 5000, seed = 1;
	if (argc > 1 && !view_parse_u64(view_of(argv[1]), 1, UINT64_MAX, &pairs))
		return 2;
	if (argc > 2 && !view_parse_u64(view_of(argv[2]), 0, UINT64_MAX, &seed))
		return 2;
	chance_state = seed;
	struct buf source = { 0 }, explained = { 0 }, again = { 0 };
	for (uint64_t i = 0; i < pairs; i++) {
		struct rows row = { .doubt = false };
		for (unsigned c = 0; c < COLUMNS; c++)
			row.cells[c] = any_cell(columns[c].type);
		arena_reset(&trees);
		const struct tree *tree = make((int)chance(4), 1 + chance(4));
		buf_reset(&source);
		write_tree(tree, ANY, &source);
		buf_reset(&explained);
		try(buf_view(&source), tree, &row, &explained);
		if (i % 4 == 1)
			try_damaged(buf_view(&source), &row);
		if (i % 4 == 0 && explained.len) {
			try(buf_view(&explained), tree, &row, &again);
			CHECK_TEXT(buf_view(&again), buf_view(&explained), "explained twice");
		}
	}
	buf_release(&source);
	buf_release(&explained);
	buf_release(&again);
	arena_release(&trees);
	return test_end();
}
