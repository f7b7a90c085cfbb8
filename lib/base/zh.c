/* zh: see zh.h.  The texts stand in files by room or tool. */
#include "base/zh.h"

const struct zh_message zh_table[] = {
#include "base/zh_core.h"
#include "base/zh_report.h"
#include "base/zh_rule.h"
#include "base/zh_sheet.h"
#include "base/zh_tools.h"
};

const size_t ZH_COUNT = sizeof zh_table / sizeof zh_table[0];
