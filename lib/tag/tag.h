/* tag: the rule table of crm-tag.  Room: tag.
 *
 * A line says which rows get a tag; crm-tag(1) is its manual.  A tag may have values
 * (`budget=3-5m`); an exclusive one has at most one of them for a row, that of the first line
 * that holds.  A line that is wrong ends the program (2) with its place, as all rule tables. */
#ifndef CRM_TAG_TAG_H
#define CRM_TAG_TAG_H

#include "table/rules.h"

enum tag_column { TAG_TAG, TAG_VALUE, TAG_CATEGORY, TAG_EXCLUSIVE, TAG_PRIORITY, TAG_WHEN };

struct tag_rule {
	struct view name;     /* as it stands in a row's list: tag or tag=value */
	struct view tag, value, category;
	struct view when;     /* an expression */
	size_t number;        /* of the tag, from 0: the same for its values */
	bool exclusive;
	bool built_in;
	struct place place;   /* of the expression */
};

struct tag_rules {
	struct tag_rule *rule; /* by priority, then as they stand */
	size_t count;
	size_t tags;           /* different ones */
};

/* The built-in table; ends with NUL. */
const char *tag_rules_csv(void);
/* `file` in its place, `add_file` laid over it (either may be NULL). */
struct tag_rules tag_rules_load(struct arena *arena, const char *file, const char *add_file);

#endif
