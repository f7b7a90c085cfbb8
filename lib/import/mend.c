/* mend: see mend.h. */
#include "import/mend.h"

#include <stdlib.h>

#include "table/scan.h"
#include "value/text.h"

void mended_release(struct mended *mended)
{
	buf_release(&mended->bytes);
	free(mended->ends);
}

static void put_end(struct mended *mended, uint32_t end)
{
	heap_grow(mended->ends, mended->row.count + 1, &mended->room);
	mended->ends[mended->row.count + 1] = end;
}

void mended_begin(struct mended *mended, const struct row *like)
{
	mended->row = *like;
	mended->row.map = NULL;
	mended->row.plain = false;
	mended->row.count = 0;
	buf_reset(&mended->bytes);
	heap_grow(mended->ends, 0, &mended->room);
	mended->ends[0] = UINT32_MAX; /* the first field begins at 0 */
}

void mended_add(struct mended *mended, struct view value)
{
	if (mended->row.count)
		buf_byte(&mended->bytes, mended->row.dialect.delimiter);
	dialect_put(mended->row.dialect, value, &mended->bytes);
	put_end(mended, (uint32_t)mended->bytes.len);
	mended->row.count++;
}

const struct row *mended_end(struct mended *mended)
{
	memset(buf_reserve(&mended->bytes, SCAN_PADDING), '\n', SCAN_PADDING);
	mended->row.bytes = mended->bytes.ptr;
	mended->row.ends = mended->ends + 1;
	return &mended->row;
}

/* ---- from above ---- */

void above_release(struct above *above)
{
	for (size_t i = 0; i < above->room; i++)
		buf_release(&above->value[i]);
	free(above->value);
}

void above_forget(struct above *above, const struct columns *columns)
{
	for (unsigned i = 0; i < columns->count && i < above->room; i++)
		buf_reset(&above->value[i]);
}

static void make_room(struct above *above, size_t count)
{
	if (count <= above->room)
		return;
	above->value = heap_resize(above->value, count * sizeof *above->value);
	memset(above->value + above->room, 0, (count - above->room) * sizeof *above->value);
	above->room = count;
}

/* Which of the columns this field is; columns->count where it is none. */
static unsigned place_of(const struct columns *columns, unsigned field)
{
	unsigned i = 0;
	while (i < columns->count && columns->at[i] != field)
		i++;
	return i;
}

const struct row *above_fill(struct above *above, const struct columns *columns, unsigned input, const struct row *row,
                             struct mended *mended)
{
	uint64_t missing = 0;
	make_room(above, columns->count);
	if (above->input != input)
		above_forget(above, columns);
	above->input = input;
	for (unsigned i = 0; i < columns->count; i++) {
		struct view value = row_value(row, columns->at[i]);
		if (text_cell_is_blank(value)) {
			missing += above->value[i].len != 0;
		} else {
			buf_reset(&above->value[i]);
			buf_put(&above->value[i], value);
		}
	}
	above->filled += missing;
	if (!missing)
		return row;
	mended_begin(mended, row);
	for (unsigned i = 0; i < row->count; i++) {
		struct view value = row_value(row, i);
		unsigned place = place_of(columns, i);
		bool blank = place < columns->count && text_cell_is_blank(value);
		mended_add(mended, blank ? buf_view(&above->value[place]) : value);
	}
	return mended_end(mended);
}
