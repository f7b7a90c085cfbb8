/* Rule tables: any file either is one, with keys that differ and cells that are filled, or is
 * refused with status 2 and its place. */
#include "scope.h"

#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "table/decode.h"
#include "table/rules.h"

enum { ID, WHEN, TAG };

static const struct rules_column columns[] = {
	[ID] = { "id", RULES_KEY | RULES_FILLED },
	[WHEN] = { "when", RULES_NEED },
	[TAG] = { "tag", 0 },
	{ NULL, 0 },
};

static void check_table(const struct rules *rules)
{
	for (size_t i = 0; i < rules->count; i++) {
		const struct rules_line *line = &rules->line[i];
		PROPERTY(line->cell[ID].len, "a cell that must be filled");
		PROPERTY(line->number >= 1 && rules_place(line, ID).column >= 1, "a place");
		for (int at = ID; at <= TAG; at++)
			for (size_t byte = 0; byte < line->cell[at].len; byte++)
				PROPERTY(line->cell[at].ptr[byte] != '\n', "cells have no line breaks");
		for (size_t j = 0; j < i && i < 50; j++)
			PROPERTY(!view_equal(line->cell[ID], rules->line[j].cell[ID]), "keys differ");
	}
}

/* iconv keeps the modules that it has loaded: of each one a decoder that is never given back. */
static void load_modules(void)
{
	static struct decoder *kept[CHARSET_BIG5 + 1];
	for (enum charset charset = CHARSET_UTF8; charset <= CHARSET_BIG5 && !kept[charset]; charset++)
		kept[charset] = decoder_new(charset, false);
}

/* The file is laid over a built-in table, and stands alone. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const struct rules_spec spec = { "tags", "id,when,tag\n1,a > 1,x\n2,,y\n", columns };
	char path[64];
	struct arena arena = { 0 };
	static int fd = -1;
	int pipes[2]; /* where the numbers of descriptors begin that a call leaves open */
	if (fd < 0)
		fd = memfd_create("rules", MFD_CLOEXEC);
	if (ftruncate(fd, 0) != 0 || pwrite(fd, bytes, len, 0) != (ssize_t)len || pipe(pipes) != 0)
		return 0;
	load_modules();
	fuzz_scope_begin();
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	for (volatile int over = 0; over < 2; over++) {
		FUZZ_TRY {
			struct rules rules = over ? rules_load(&arena, &spec, NULL, path) : rules_load(&arena, &spec, path, NULL);
			check_table(&rules);
			PROPERTY(!over || rules.count >= 2, "what was there stays or is replaced");
		}
		fuzz_check_message();
		/* What is packed may be cut short: that is the source's to say. */
		PROPERTY(fuzz_end.status == STATUS_DONE || fuzz_end.status == STATUS_USAGE || (len && bytes[0] < 0x80 && fuzz_end.status == STATUS_INPUT),
		         "status %d: %s", (int)fuzz_end.status, fuzz_end.message);
		arena_release(&arena);
	}
	fuzz_scope_end();
	close_range((unsigned)pipes[0], ~0u, 0);
	return 0;
}
