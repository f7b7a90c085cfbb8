/* SpreadsheetML of Excel 2003: what is read is the same in any pieces, and is lines. */
#include "sheet.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	static const char head[] = "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\">"
		"<Worksheet ss:Name=\"a\" xmlns:ss=\"x\"><Table>";
	struct view input = fuzz_bytes(bytes, len);
	struct buf text = { 0 };
	size_t number = fuzz_choose(&input, 2);
	if (book_detect(input) == BOOK_XML)
		fuzz_check_sheet(input, number);
	buf_text(&text, head);
	buf_put(&text, input);
	fuzz_check_sheet(buf_view(&text), number);
	buf_text(&text, "</Table></Worksheet></Workbook>");
	fuzz_check_sheet(buf_view(&text), number);
	buf_release(&text);
	return 0;
}
