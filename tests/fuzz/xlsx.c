/* OOXML: archives as they come; sheets, shared texts, styles and workbooks inside good ones.
 * What is read is the same in any pieces, and is lines.
 *
 * The first byte says which part the input is; 0 is the whole archive. */
#include "sheet.h"

#include <zlib.h>

struct part {
	const char *name, *xml;
};

/* Replaced by the input, one at a time. */
static const struct part parts[] = {
	{ "xl/worksheets/sheet1.xml", "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c s=\"0\"><v>44319.5</v></c>"
	  "<c t=\"s\"><v>1</v></c></row></sheetData><mergeCells><mergeCell ref=\"A1:B2\"/></mergeCells></worksheet>" },
	{ "xl/sharedStrings.xml", "<sst><si><t>a</t></si><si><r><t>b</t></r><rPh><t>c</t></rPh></si></sst>" },
	{ "xl/styles.xml", "<styleSheet><numFmts><numFmt numFmtId=\"164\" formatCode=\"yyyy\"/></numFmts>"
	  "<cellXfs><xf numFmtId=\"164\"/></cellXfs></styleSheet>" },
	{ "xl/workbook.xml", "<workbook><sheets><sheet name=\"s\" r:id=\"a\" xmlns:r=\"r\"/></sheets></workbook>" },
	{ "xl/_rels/workbook.xml.rels", "<Relationships><Relationship Id=\"a\" Type=\"/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
	  "<Relationship Id=\"b\" Type=\"/sharedStrings\" Target=\"sharedStrings.xml\"/>"
	  "<Relationship Id=\"c\" Type=\"/styles\" Target=\"styles.xml\"/></Relationships>" },
};

static void put(struct buf *to, uint64_t number, size_t bytes)
{
	for (size_t i = 0; i < bytes; i++, number >>= 8)
		buf_byte(to, (char)number);
}

/* A stored member: both of its headers. */
static void put_member(struct buf *file, struct buf *directory, struct view name, struct view bytes)
{
	struct buf fields = { 0 };
	put(&fields, 20, 2);
	put(&fields, 0, 8);
	put(&fields, crc32(0, (const unsigned char *)bytes.ptr, (unsigned)bytes.len), 4);
	put(&fields, bytes.len, 4);
	put(&fields, bytes.len, 4);
	put(&fields, name.len, 2);
	put(&fields, 0, 2);
	put(directory, 0x02014b50, 4);
	put(directory, 20, 2);
	buf_put(directory, buf_view(&fields));
	put(directory, 0, 10);
	put(directory, file->len, 4);
	buf_put(directory, name);
	put(file, 0x04034b50, 4);
	buf_put(file, buf_view(&fields));
	buf_put(file, name);
	buf_put(file, bytes);
	buf_release(&fields);
}

static void make_book(struct buf *file, size_t which, struct view input)
{
	struct buf directory = { 0 };
	size_t count = sizeof parts / sizeof *parts;
	for (size_t i = 0; i < count; i++)
		put_member(file, &directory, view_of(parts[i].name), i == which ? input : view_of(parts[i].xml));
	size_t at = file->len;
	buf_put(file, buf_view(&directory));
	put(file, 0x06054b50, 4);
	put(file, 0, 4);
	put(file, count, 2);
	put(file, count, 2);
	put(file, directory.len, 4);
	put(file, at, 4);
	put(file, 0, 2);
	buf_release(&directory);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t len)
{
	struct view input = fuzz_bytes(bytes, len);
	size_t which = fuzz_choose(&input, 6);
	struct buf file = { 0 };
	if (!which) {
		fuzz_check_sheet(input, 0);
		return 0;
	}
	make_book(&file, which - 1, input);
	fuzz_check_sheet(buf_view(&file), 0);
	buf_release(&file);
	return 0;
}
