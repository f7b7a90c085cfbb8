/* buf: see buf.h. */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/fail.h"

void buf_release(struct buf *buf)
{
	free(buf->ptr);
	*buf = (struct buf){ 0 };
}

char *buf_reserve_slow(struct buf *buf, size_t more)
{
	size_t need, cap = buf->cap ? buf->cap : 256;
	if (__builtin_add_overflow(buf->len, more, &need))
		die_memory();
	while (cap < need)
		if (__builtin_mul_overflow(cap, (size_t)2, &cap))
			die_memory();
	buf->ptr = heap_resize(buf->ptr, cap);
	buf->cap = cap;
	return buf->ptr + buf->len;
}

void buf_printf(struct buf *buf, const char *format, ...)
{
	va_list args;
	va_start(args, format);
	int len = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (len < 0)
		die_memory();
	buf_reserve(buf, (size_t)len + 1);
	va_start(args, format);
	vsnprintf(buf->ptr + buf->len, (size_t)len + 1, format, args);
	va_end(args);
	buf->len += (size_t)len;
}

void buf_u64(struct buf *buf, uint64_t number)
{
	char digits[20];
	size_t at = sizeof digits;
	do
		digits[--at] = (char)('0' + number % 10);
	while (number /= 10);
	buf_put(buf, view(digits + at, sizeof digits - at));
}

void buf_i64(struct buf *buf, int64_t number)
{
	if (number < 0)
		buf_byte(buf, '-');
	buf_u64(buf, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}
