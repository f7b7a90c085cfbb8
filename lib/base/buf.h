/* buf: a byte buffer that grows.  Room: base.
 *
 * `struct buf b = { 0 };` is an empty buffer.  The buffer owns its bytes; buf_view() is
 * valid until the next call that may grow it.  Memory that is not to be had ends the
 * program (status 4), so that no caller checks. */
#ifndef CRM_BASE_BUF_H
#define CRM_BASE_BUF_H

#include "base/view.h"

struct buf {
	char *ptr;
	size_t len, cap;
};

void buf_release(struct buf *buf);
/* Makes room for `more` bytes behind the last one; returns where they begin. */
char *buf_reserve_slow(struct buf *buf, size_t more);
void buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* Decimal. */
void buf_u64(struct buf *buf, uint64_t number);
void buf_i64(struct buf *buf, int64_t number);

static inline char *buf_reserve(struct buf *buf, size_t more)
{
	return buf->cap - buf->len >= more && buf->ptr ? buf->ptr + buf->len : buf_reserve_slow(buf, more);
}

static inline void buf_reset(struct buf *buf)
{
	buf->len = 0;
}

static inline struct view buf_view(const struct buf *buf)
{
	return (struct view){ buf->ptr ? buf->ptr : "", buf->len };
}

static inline void buf_byte(struct buf *buf, char byte)
{
	*buf_reserve(buf, 1) = byte;
	buf->len++;
}

static inline void buf_put(struct buf *buf, struct view bytes)
{
	if (bytes.len)
		memcpy(buf_reserve(buf, bytes.len), bytes.ptr, bytes.len);
	buf->len += bytes.len;
}

/* The same where BUF_FAST bytes may be read from bytes.ptr on: short ones are copied without a
 * call, and without a branch by their length. */
enum { BUF_FAST = 32 };
static inline void buf_put_fast(struct buf *buf, struct view bytes)
{
	char *to = buf_reserve(buf, bytes.len + BUF_FAST);
	if (bytes.len <= BUF_FAST)
		memcpy(to, bytes.ptr, BUF_FAST);
	else
		memcpy(to, bytes.ptr, bytes.len);
	buf->len += bytes.len;
}

static inline void buf_text(struct buf *buf, const char *string)
{
	buf_put(buf, view_of(string));
}

/* The bytes as a C string: a NUL stands behind them, not counted. */
static inline const char *buf_string(struct buf *buf)
{
	*buf_reserve(buf, 1) = '\0';
	return buf->ptr;
}

#endif
