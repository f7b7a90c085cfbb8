/* zh: see zh.h.  Sorted by room, then as they stand in the source. */
#include "base/zh.h"

const struct zh_message zh_table[] = {
	{ "out of memory", "内存不足" },
};

const size_t ZH_COUNT = sizeof zh_table / sizeof zh_table[0];
