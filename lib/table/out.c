/* out: see out.h. */
#include "table/out.h"

void out_keep_return(struct out *out)
{
	struct view row = view_skip(buf_view(&out->bytes), out->row_start);
	size_t start = row.len;
	/* No delimiter stands in the field: it is not quoted, or its quote would be the last byte. */
	while (start && row.ptr[start - 1] != out->dialect.delimiter)
		start--;
	struct arena arena = { 0 };
	struct view value = arena_copy(&arena, dialect_value(out->dialect, view_skip(row, start), &arena));
	out->bytes.len = out->row_start + start;
	dialect_put(out->dialect, value, &out->bytes);
	arena_release(&arena);
}
