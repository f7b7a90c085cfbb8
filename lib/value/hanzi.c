/* hanzi: see hanzi.h.
 *
 * The table is searched as it stands: lines of eight bytes, `來,来` and a line feed, in the
 * order of their bytes, at the end of the file. */
#include "value/hanzi.h"

#include "value/hanzi_simplified.csv.h"

enum { HANZI = 3, LINE = 2 * HANZI + 2 };

/* A character of three bytes as a number that counts up as they do. */
static uint32_t number(const char *bytes)
{
	return (uint32_t)(unsigned char)bytes[0] << 16 | (uint32_t)(unsigned char)bytes[1] << 8 | (unsigned char)bytes[2];
}

/* The simplified form of the character of three bytes at `from`; NULL where it is none of the table's. */
static const char *find(const char *from)
{
	const char *const lines = hanzi_simplified_csv + sizeof hanzi_simplified_csv - 1 - HANZI_LINES * LINE;
	uint32_t wanted = number(from);
	size_t low = 0, high = HANZI_LINES;
	while (low < high) {
		size_t middle = (low + high) / 2;
		const char *line = lines + middle * LINE;
		uint32_t here = number(line);
		if (wanted == here)
			return line + HANZI + 1;
		if (wanted < here)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

bool hanzi_simplify(char *text, size_t len)
{
	bool changed = false;
	for (size_t i = 0; i + HANZI <= len;) {
		unsigned char lead = (unsigned char)text[i];
		if (lead < 0xE4 || lead > 0xE9) {
			i++;
			continue;
		}
		const char *simple = find(text + i);
		if (simple)
			memcpy(text + i, simple, HANZI);
		changed |= simple != NULL;
		i += HANZI;
	}
	return changed;
}
