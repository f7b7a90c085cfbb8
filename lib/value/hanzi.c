/* hanzi: see hanzi.h.
 *
 * The table is searched as it stands: lines of eight bytes, `來,来` and a line feed, in the
 * order of their bytes, behind comments and a header. */
#include "value/hanzi.h"

#include "value/hanzi_simplified.csv.h"

enum { HANZI = 3, LINE = 2 * HANZI + 2 };

static struct view table(void)
{
	const struct view text = { hanzi_simplified_csv, sizeof hanzi_simplified_csv - 1 };
	const struct view head = VIEW("\ntraditional,simplified\n");
	return view_skip(text, view_find(text, head) + head.len);
}

/* The simplified form of the character of three bytes at `from`; NULL where it is none of the table's. */
static const char *find(struct view lines, const char *from)
{
	size_t low = 0, high = lines.len / LINE;
	while (low < high) {
		size_t middle = (low + high) / 2;
		const char *line = lines.ptr + middle * LINE;
		int order = memcmp(from, line, HANZI);
		if (!order)
			return line + HANZI + 1;
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

bool hanzi_simplify(char *text, size_t len)
{
	struct view lines = { NULL, 0 };
	bool changed = false;
	for (size_t i = 0; i + HANZI <= len;) {
		unsigned char lead = (unsigned char)text[i];
		if (lead < 0xE4 || lead > 0xE9) {
			i++;
			continue;
		}
		if (!lines.ptr)
			lines = table();
		const char *simple = find(lines, text + i);
		if (simple)
			memcpy(text + i, simple, HANZI);
		changed |= simple != NULL;
		i += HANZI;
	}
	return changed;
}
