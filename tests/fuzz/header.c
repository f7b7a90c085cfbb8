/* Headers and the column grammar: a list either names columns that are there, or ends with 2
 * (it is no list) or 3 (a column is missing).  Input: the list, a line feed, the header. */
#include "scope.h"

#include "table/header.h"

static struct arena arena;
static struct header *header;

static void check_columns(const char *list)
{
	FUZZ_TRY
		columns_check("-c", list);
	fuzz_check_message();
	enum status status = fuzz_end.status;
	PROPERTY(status == STATUS_DONE || status == STATUS_USAGE, "without a header: %s", fuzz_end.message);
	FUZZ_TRY {
		struct columns columns = columns_resolve(&arena, header, "-c", list);
		PROPERTY(columns.count <= header->count, "each column once");
		for (unsigned i = 0; i < columns.count; i++)
			PROPERTY(columns.at[i] < header->count, "a column of the header");
	}
	fuzz_check_message();
	PROPERTY((fuzz_end.status == STATUS_USAGE) == (status == STATUS_USAGE), "a usage mistake is known before the header");
}

static void check_keys(const char *list)
{
	FUZZ_TRY
		sort_keys_check("-k", list);
	fuzz_check_message();
	enum status status = fuzz_end.status;
	FUZZ_TRY {
		struct sort_keys keys = sort_keys_resolve(&arena, header, "-k", list);
		for (unsigned i = 0; i < keys.count; i++)
			PROPERTY(keys.key[i].column < header->count, "a column of the header");
	}
	fuzz_check_message();
	PROPERTY((fuzz_end.status == STATUS_USAGE) == (status == STATUS_USAGE), "a usage mistake is known before the header");
}

/* A name is found at its place, or stands twice. */
static void check_name(unsigned at)
{
	header_nearest(header, header->names[at]);
	FUZZ_TRY
		PROPERTY(header_find(header, header->names[at]) == at, "a name that is there");
	PROPERTY(fuzz_end.status == STATUS_DONE || fuzz_end.status == STATUS_INPUT, "a name: %s", fuzz_end.message);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view rest = fuzz_bytes(bytes, len);
	struct view line = view_cut(&rest, '\n');
	struct view list = view_first(line, view_find_byte(line, '\0'));
	struct view record = fuzz_copy(view_first(rest, view_find_byte(rest, '\n')));
	fuzz_scope_begin();
	const char *text = arena_string(&arena, list);
	FUZZ_TRY
		header = header_parse(&arena, len % 2 ? dialect_tsv() : dialect_csv(), record, "x");
	fuzz_check_message();
	PROPERTY(fuzz_end.status == STATUS_DONE || fuzz_end.status == STATUS_INPUT, "a header: %s", fuzz_end.message);
	if (fuzz_end.status == STATUS_DONE) {
		for (unsigned i = 0; i < header->count; i++)
			check_name(i);
		check_columns(text);
		check_keys(text);
	}
	FUZZ_TRY
		header_of_list(&arena, dialect_csv(), text, "x");
	fuzz_check_message();
	arena_release(&arena);
	fuzz_scope_end();
	fuzz_free(record);
	return 0;
}
