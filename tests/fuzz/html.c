/* Pages that call themselves workbooks, and XML of 2003: what is read is the same in any pieces,
 * and is lines. */
#include "sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view input = fuzz_bytes(bytes, len);
	/* What is one by its first bytes; with some help there are more. */
	struct buf page = { 0 };
	buf_text(&page, "<table>");
	buf_put(&page, input);
	enum book_form form = book_detect(input);
	if (form == BOOK_HTML)
		fuzz_check_sheet(input, 0);
	fuzz_check_sheet(buf_view(&page), 0);
	buf_release(&page);
	return 0;
}
