/* zh_tools: Chinese texts of the tools and of the rooms for their subjects.  Part of zh.c; see zh.h. */
	/* crm-select */
	{ "Writes the rows that an expression keeps, and the columns that are named.", "按表达式筛选行，按列名取列。" },
	{ "columns to write, in this order; default all", "要写出的列，按此顺序；默认全部" },
	{ "only say how an expression is read", "只说明表达式如何理解" },
	{ "rows to write: those for which it is true", "要写出的行：表达式为真的行" },
