/* channel: see channel.h. */
#include "import/channel.h"

#include <stdlib.h>

#include "import/channel_map.csv.h"
#include "table/rules.h"
#include "value/hanzi.h"
#include "value/text.h"

const char *const channels_csv = channel_map_csv;

enum { RAW, CHANNEL, CHANNEL2 };

/* The last three are of a table that crm-import wrote. */
static const struct rules_column columns[] = {
	[RAW] = { "raw", RULES_KEY | RULES_FILLED }, [CHANNEL] = { "channel", RULES_FILLED }, [CHANNEL2] = { "channel2", 0 },
	{ "src_file", 0 }, { "src_line", 0 }, { "issues", 0 }, { NULL, 0 },
};
static const struct rules_spec spec = { "channel_map", channel_map_csv, columns };

/* Folded, without blanks; false where it is too long to be a name. */
static bool fold(struct view name, struct text_cell *folded)
{
	size_t len = 0;
	if (!text_cell_fold(name, folded))
		return false;
	for (size_t i = 0; i < folded->len; i++)
		if (!byte_is_space(folded->bytes[i]))
			folded->bytes[len++] = folded->bytes[i];
	folded->len = len;
	hanzi_simplify(folded->bytes, len);
	return true;
}

static bool is_same(struct channel a, struct channel b)
{
	return view_equal(a.channel, b.channel) && view_equal(a.channel2, b.channel2);
}

/* `line_of` is the line that each name has its place from. */
static void add(struct channels *channels, const struct rules_line *line, const struct rules_line **line_of)
{
	struct channel channel = { line->cell[CHANNEL], line->cell[CHANNEL2] };
	struct text_cell folded;
	size_t at;
	if (!fold(line->cell[RAW], &folded) || !folded.len)
		rules_wrong(line, RAW, "a word is too long");
	if (intern_add(&channels->names, text_cell_view(&folded), &at))
		heap_grow(channels->of, at, &channels->room);
	else if (line_of[at]->file == line->file && !is_same(channels->of[at], channel))
		rules_wrong(line, RAW, "the same name as in line %llu, but something else beside it",
		            (unsigned long long)line_of[at]->number);
	channels->of[at] = channel;
	line_of[at] = line;
}

void channels_load(struct channels *channels, struct arena *arena, const char *file)
{
	struct rules rules = rules_load(arena, &spec, NULL, file);
	const struct rules_line **line_of = arena_zero(arena, rules.count + 1, sizeof *line_of);
	*channels = (struct channels){ .of = NULL };
	intern_init(&channels->names, arena);
	/* Built-in lines first: the site's hold. */
	for (unsigned site = 0; site < 2; site++)
		for (size_t i = 0; i < rules.count; i++)
			if ((rules.line[i].file == file) == site)
				add(channels, &rules.line[i], line_of);
}

void channels_release(struct channels *channels)
{
	if (channels->names.arena)
		intern_release(&channels->names);
	free(channels->of);
}

static bool find(const struct channels *channels, struct view folded, struct channel *found)
{
	size_t at = intern_find(&channels->names, folded);
	if (at != SIZE_MAX)
		*found = channels->of[at];
	return at != SIZE_MAX;
}

/* 线上-抖音: the last sign cuts. */
static bool find_path(const struct channels *channels, struct view folded, struct channel *found)
{
	static const char *const signs[] = { "-", "/", "_", ">", ":", "—", "–", "·", "|" };
	struct channel above, below;
	for (size_t at = folded.len; at-- > 1;) {
		struct view rest = view_skip(folded, at);
		for (size_t i = 0; i < sizeof signs / sizeof *signs; i++) {
			struct view sign = view_of(signs[i]);
			if (!view_starts(rest, sign) || rest.len == sign.len)
				continue;
			if (!find(channels, view_skip(rest, sign.len), &below) || !find(channels, view_first(folded, at), &above) ||
			    !view_equal(above.channel, below.channel) ||
			    (above.channel2.len && !view_equal(above.channel2, below.channel2)))
				return false;
			*found = below;
			return true;
		}
	}
	return false;
}

bool channels_find(const struct channels *channels, struct view name, struct channel *found)
{
	struct text_cell folded;
	if (find(channels, name, found)) /* most cells, as they stand */
		return true;
	if (!fold(name, &folded))
		return false;
	return find(channels, text_cell_view(&folded), found) || find_path(channels, text_cell_view(&folded), found);
}
