/* Dates: what is read and written in our form reads as the same day and time, without a doubt. */
#include "fuzz.h"

#include "value/date.h"

static void check_found(struct view cell, const struct date_habits *habits, const struct date_found *found)
{
	struct buf text = { 0 };
	struct date_found again;
	struct date_habits ours = *habits;
	int32_t day;
	int64_t moment;
	PROPERTY(found->day >= DATE_MIN && found->day <= DATE_MAX, "a day of the calendar: %.*s", VIEW_ARGS(cell));
	PROPERTY(found->second >= -1 && found->second < DAY_SECONDS, "a second of the day: %.*s", VIEW_ARGS(cell));
	if (found->second < 0) {
		date_format(found->day, &text);
		PROPERTY(date_parse_plain(buf_view(&text), &day) && day == found->day, "plain: %s", buf_string(&text));
	} else {
		moment_format(moment_of(found->day, found->second), &text);
		PROPERTY(moment_parse_plain(buf_view(&text), &moment) == MOMENT_SECOND &&
		         moment == moment_of(found->day, found->second), "plain: %s", buf_string(&text));
	}
	enum date_result result = date_parse(buf_view(&text), &ours, &again);
	PROPERTY(result == DATE_OK && again.day == found->day && again.second == found->second && !again.issues,
	         "our form: %s gives %s", buf_string(&text), date_result_name(result));
	struct civil civil = date_civil(found->day);
	PROPERTY(date_of(civil.year, civil.month, civil.day, &day) && day == found->day, "there and back");
	buf_release(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view input = fuzz_bytes(bytes, len);
	unsigned choice = fuzz_choose(&input, 24);
	struct date_habits habits = {
		.as_of = 20000, .year = choice & 1 ? 2024 : 0, .birth = choice & 2, .serial_1904 = choice & 4,
		.order = (enum date_order)(choice / 8),
	};
	struct view cell = fuzz_copy(input);
	struct date_found found;
	int32_t day;
	int64_t moment;
	enum date_result result = date_parse(cell, &habits, &found);
	PROPERTY(date_result_name(result) != NULL, "a result has a name");
	if (result == DATE_OK)
		check_found(cell, &habits, &found);
	if (date_parse_plain(cell, &day))
		PROPERTY(result == DATE_OK && found.day == day, "both readers agree: %.*s", VIEW_ARGS(cell));
	if (moment_parse_plain(cell, &moment) > MOMENT_DATE)
		PROPERTY(result == DATE_OK && moment_of(found.day, found.second) == moment, "both readers agree: %.*s",
		         VIEW_ARGS(cell));
	if (date_parse_serial(cell, choice & 1, &found))
		check_found(cell, &habits, &found);
	fuzz_free(cell);
	return 0;
}
