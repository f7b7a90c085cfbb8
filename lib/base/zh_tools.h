/* zh_tools: Chinese texts of the tools and of the rooms for their subjects.  Part of zh.c; see zh.h. */
	/* crm-select */
	{ "Writes the rows that an expression keeps, and the columns that are named.", "按表达式筛选行，按列名取列。" },
	{ "columns to write, in this order; default all", "要写出的列，按此顺序；默认全部" },
	{ "only say how an expression is read", "只说明表达式如何理解" },
	{ "rows to write: those for which it is true", "要写出的行：表达式为真的行" },

	/* crm-sort */
	{ "--key: %.*s is %s in %llu rows, which count as missing", "--key：%.*s %s，共 %llu 行，按缺失处理" },
	{ "Sorts rows by typed keys, or merges sorted files.", "按带类型的键排序，或合并已排序的文件。" },
	{ "of rows with equal keys only the first", "键相同的行只留第一行" },
	{ "the files are sorted: only merge them", "各文件已排序：只做合并" },
	{ "the key does not read as what --key says", "键不能读作 --key 所说的类型" },
	{ "what to sort by; default all columns, as text", "按哪些键排序；默认按全部列的文本" },
	{ "out of order: this row's key comes before that of the row above, and %s was given",
	  "顺序不对：本行的键排在上一行之前，而给出了 %s" },
	/* crm-help */
	{ "Lists the tools by what one wants to do, shows recipes, opens manual pages.", "按用途列出工具，给出整套做法，打开手册页。" },
	{ "What do you want to do?", "您想做什么？" },
	{ "`crm-help NAME` opens a manual page, `crm-help recipes` shows whole jobs.",
	  "“crm-help 名称”打开手册页，“crm-help recipes”列出整套做法。" },
	{ "one topic at a time", "一次只能查一个主题" },
	{ "nothing is known about \"%.*s\"; did you mean \"%.*s\"?", "没有“%.*s”的内容；是不是“%.*s”？" },
	{ "nothing is known about \"%.*s\"", "没有“%.*s”的内容" },
	{ "man is not installed; the page is %s", "没有安装 man；手册页在 %s" },
	{ "man is not installed; try '%s --help'", "没有安装 man；请看 '%s --help'" },
