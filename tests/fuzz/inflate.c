/* Packed streams: they inflate to the same whatever the pieces; other bytes, packed, come back,
 * and a stream that is cut anywhere is never taken for whole. */
#include "fuzz.h"

#include "base/inflate.h"

enum { MOST = 256 * 1024 }; /* a bomb is not waited for */

struct inflated {
	struct buf bytes;
	const char *error;
};

static void unpack(struct inflated *out, struct view in, size_t piece, size_t room)
{
	struct inflate *codec = inflate_new(inflate_detect(in));
	buf_reset(&out->bytes);
	out->error = NULL;
	while (!out->error && out->bytes.len < MOST) {
		struct view some = view_first(in, piece);
		bool last = some.len == in.len;
		size_t had = some.len;
		size_t made = inflate_step(codec, &some, last, buf_reserve(&out->bytes, room), room, &out->error);
		PROPERTY(made <= room && some.len <= had, "no more than there is room for");
		out->bytes.len += made;
		in = view_skip(in, had - some.len);
		if (!made && last && !out->error)
			break;
		PROPERTY(made || had > some.len || out->error, "a step forward");
	}
	inflate_free(codec);
}

static void check_packing(enum inflate_form form, struct view plain)
{
	struct buf packed = { 0 };
	struct inflated out = { 0 };
	struct deflate *codec = deflate_new(form);
	deflate_step(codec, view_first(plain, plain.len / 2), false, &packed);
	deflate_step(codec, view_skip(plain, plain.len / 2), true, &packed);
	deflate_free(codec);
	unpack(&out, buf_view(&packed), 1 + plain.len % 100, 1 + plain.len % 1000);
	PROPERTY(!out.error, "packed by us: %s", out.error);
	PROPERTY_SAME(buf_view(&out.bytes), plain, "there and back");
	for (size_t cut = 4; cut < packed.len; cut += 1 + packed.len / 4) {
		unpack(&out, view_first(buf_view(&packed), cut), SIZE_MAX, 65536);
		PROPERTY(out.error, "cut after %zu of %zu bytes, and whole all the same", cut, packed.len);
	}
	buf_release(&packed);
	buf_release(&out.bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view input = fuzz_copy(fuzz_bytes(bytes, len));
	if (inflate_detect(input) != INFLATE_PLAIN) {
		struct inflated whole = { 0 }, pieces = { 0 };
		unpack(&whole, input, SIZE_MAX, 65536);
		unpack(&pieces, input, 7, 65536);
		bool bomb = whole.bytes.len >= MOST || pieces.bytes.len >= MOST;
		PROPERTY(bomb || !whole.error == !pieces.error, "at once: %s, in pieces: %s", whole.error, pieces.error);
		if (!bomb && !whole.error)
			PROPERTY_SAME(buf_view(&pieces.bytes), buf_view(&whole.bytes), "in pieces");
		buf_release(&whole.bytes);
		buf_release(&pieces.bytes);
	} else {
		check_packing(len % 2 ? INFLATE_GZIP : INFLATE_ZSTD, input);
	}
	fuzz_free(input);
	return 0;
}
