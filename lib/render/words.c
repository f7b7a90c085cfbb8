/* words: see words.h. */
#include "render/words.h"

static const char *const words[WORD_COUNT_][2] = {
	[WORD_COLON] = { ": ", "：" },
	[WORD_NO_ROWS] = { "(no rows)", "（无数据）" },
	[WORD_NOTES] = { "Definitions and basis", "口径说明" },
	[WORD_SIGNS] = { "+ on target, ~ close, ! off target", "+ 达标，~ 接近，! 未达标" },
	[WORD_ON_TARGET] = { "on target", "达标" },
	[WORD_CLOSE] = { "close", "接近" },
	[WORD_OFF_TARGET] = { "off target", "未达标" },
	[WORD_FUNNEL] = { "↓ from the stage before; small: from the first stage", "↓ 较上一阶段；小字为较首阶段" },
	[WORD_OTHERS] = { "others", "其他" },
	[WORD_CONTENTS] = { "Contents", "目录" },
	[WORD_FIGURES] = { "Key figures", "关键指标" },
	[WORD_MADE] = { "About this report", "报表信息" },
	[WORD_WAN] = { " (10k yuan)", "（万元）" },
};

const char *word(enum doc_language language, enum word which)
{
	return words[which][language == DOC_CHINESE];
}

void column_heading_put(struct buf *buf, enum doc_language language, const struct doc_column *column)
{
	buf_put(buf, column_shown(column));
	if (column->unit == DOC_WAN)
		buf_text(buf, word(language, WORD_WAN));
}

void words_largest(struct buf *buf, enum doc_language language, size_t shown, size_t all)
{
	if (language == DOC_CHINESE)
		buf_printf(buf, "仅显示最大的 %zu 项，共 %zu 项", shown, all);
	else
		buf_printf(buf, "the %zu largest of %zu", shown, all);
}
