/* inflate: see inflate.h. */
#include "base/inflate.h"

#include <stdlib.h>
#include <zlib.h>
#include <zstd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fail.h"

struct inflate {
	enum inflate_form form;
	z_stream z;
	ZSTD_DStream *zstd;
	bool inside;  /* a member has begun and not ended */
	bool members; /* at least one has ended */
};

enum inflate_form inflate_detect(struct view start)
{
	/* Two bytes are all that a file cut short may have; no text begins with them. */
	if (view_starts(start, VIEW("\x1f\x8b")))
		return INFLATE_GZIP;
	if (view_starts(start, VIEW("\x28\xb5\x2f\xfd")))
		return INFLATE_ZSTD;
	return INFLATE_PLAIN;
}

struct inflate *inflate_new(enum inflate_form form)
{
	struct inflate *codec = heap_alloc(sizeof *codec);
	*codec = (struct inflate){ .form = form };
	if (form == INFLATE_GZIP && inflateInit2(&codec->z, 15 + 16) != Z_OK)
		die_memory();
	if (form == INFLATE_ZSTD) {
		codec->zstd = ZSTD_createDStream();
		if (!codec->zstd || ZSTD_isError(ZSTD_initDStream(codec->zstd)))
			die_memory();
		/* 128 MiB, as zstd(1): a frame that wants more is refused, not obeyed. */
		ZSTD_DCtx_setParameter(codec->zstd, ZSTD_d_windowLogMax, 27);
	}
	return codec;
}

void inflate_free(struct inflate *codec)
{
	if (!codec)
		return;
	if (codec->form == INFLATE_GZIP)
		inflateEnd(&codec->z);
	if (codec->form == INFLATE_ZSTD)
		ZSTD_freeDStream(codec->zstd);
	free(codec);
}

static size_t gzip_step(struct inflate *codec, struct view *in, char *to, size_t room, const char **error)
{
	z_stream *z = &codec->z;
	z->next_in = (unsigned char *)(uintptr_t)in->ptr;
	z->avail_in = (unsigned)(in->len > 1u << 30 ? 1u << 30 : in->len);
	z->next_out = (unsigned char *)to;
	z->avail_out = (unsigned)(room > 1u << 30 ? 1u << 30 : room);
	unsigned had = z->avail_in, out = z->avail_out;
	codec->inside = true;
	int result = inflate(z, Z_NO_FLUSH);
	*in = view_skip(*in, had - z->avail_in);
	if (result == Z_STREAM_END) {
		codec->inside = false;
		codec->members = true;
		inflateReset(z);
	} else if (result == Z_MEM_ERROR) {
		die_memory();
	} else if (result != Z_OK && result != Z_BUF_ERROR) {
		*error = !codec->members || z->total_out || z->total_in > 10
		                 ? TRANSLATED("gzip: damaged data or wrong checksum")
		                 : TRANSLATED("gzip: something else follows the last member");
	}
	return out - z->avail_out;
}

static size_t zstd_step(struct inflate *codec, struct view *in, char *to, size_t room, const char **error)
{
	ZSTD_inBuffer from = { in->ptr, in->len, 0 };
	ZSTD_outBuffer made = { to, room, 0 };
	codec->inside = true;
	size_t result = ZSTD_decompressStream(codec->zstd, &made, &from);
	*in = view_skip(*in, from.pos);
	if (ZSTD_isError(result))
		*error = codec->members && !made.pos ? TRANSLATED("zstd: damaged data, or something else follows the last frame")
		                                       : TRANSLATED("zstd: damaged data or wrong checksum");
	else if (result == 0) {
		codec->inside = false;
		codec->members = true;
	}
	return made.pos;
}

size_t inflate_step(struct inflate *codec, struct view *in, bool last, char *to, size_t room, const char **error)
{
	for (;;) {
		size_t had = in->len;
		bool idle = !had && !codec->inside;
		if (idle)
			return 0;
		size_t made = codec->form == INFLATE_GZIP ? gzip_step(codec, in, to, room, error)
		                                            : zstd_step(codec, in, to, room, error);
		if (made || *error)
			return made;
		if (in->len == had || !in->len) {
			if (last && !in->len && codec->inside)
				*error = codec->form == INFLATE_GZIP ? TRANSLATED("gzip: truncated") : TRANSLATED("zstd: truncated");
			return 0;
		}
	}
}

struct deflate {
	enum inflate_form form;
	z_stream z;
	ZSTD_CStream *zstd;
};

struct deflate *deflate_new(enum inflate_form form)
{
	struct deflate *codec = heap_alloc(sizeof *codec);
	*codec = (struct deflate){ .form = form };
	/* zlib writes time 0 and no name: the same input gives the same bytes. */
	if (form == INFLATE_GZIP &&
	    deflateInit2(&codec->z, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK)
		die_memory();
	if (form == INFLATE_ZSTD) {
		codec->zstd = ZSTD_createCStream();
		if (!codec->zstd || ZSTD_isError(ZSTD_initCStream(codec->zstd, 3)))
			die_memory();
		ZSTD_CCtx_setParameter(codec->zstd, ZSTD_c_checksumFlag, 1);
	}
	return codec;
}

void deflate_free(struct deflate *codec)
{
	if (!codec)
		return;
	if (codec->form == INFLATE_GZIP)
		deflateEnd(&codec->z);
	if (codec->form == INFLATE_ZSTD)
		ZSTD_freeCStream(codec->zstd);
	free(codec);
}

enum { CHUNK = 64 * 1024 };

static void gzip_out(struct deflate *codec, struct view in, bool last, struct buf *to)
{
	z_stream *z = &codec->z;
	do {
		struct view part = view_first(in, 1u << 30);
		in = view_skip(in, part.len);
		z->next_in = (unsigned char *)(uintptr_t)part.ptr;
		z->avail_in = (unsigned)part.len;
		do {
			z->next_out = (unsigned char *)buf_reserve(to, CHUNK);
			z->avail_out = CHUNK;
			if (deflate(z, last && !in.len ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR)
				die_memory();
			to->len += CHUNK - z->avail_out;
		} while (z->avail_out == 0);
	} while (in.len);
}

static void zstd_out(struct deflate *codec, struct view in, bool last, struct buf *to)
{
	ZSTD_inBuffer from = { in.ptr, in.len, 0 };
	size_t left;
	do {
		ZSTD_outBuffer made = { buf_reserve(to, CHUNK), CHUNK, 0 };
		left = ZSTD_compressStream2(codec->zstd, &made, &from, last ? ZSTD_e_end : ZSTD_e_continue);
		if (ZSTD_isError(left))
			die_memory();
		to->len += made.pos;
	} while (from.pos < from.size || (last && left));
}

void deflate_step(struct deflate *codec, struct view in, bool last, struct buf *to)
{
	if (codec->form == INFLATE_GZIP)
		gzip_out(codec, in, last, to);
	else
		zstd_out(codec, in, last, to);
}
