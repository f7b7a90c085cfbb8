/* CSV and TSV of a section. */
#include "test.h"

#include "render/csv.h"
#include "render_sample.h"

static void test_table(void)
{
	struct arena arena = { 0 };
	struct buf buf = { 0 };
	struct document doc;
	document_init(&doc, &arena, DOC_CHINESE);
	struct doc_section *section = sample_channels(&doc);
	render_csv(&buf, section, ',', CSV_HEADER);
	CHECK_TEXT(buf_view(&buf), VIEW("channel,visit_group,spend,sub_rate\n"
	                                "中介,12040,1234567.89,0.084444\n"
	                                "walk-in,0,-0.50,\n"), "ids, plain numbers, no total");
	buf_reset(&buf);
	render_csv(&buf, section, ';', CSV_TOTALS);
	CHECK_TEXT(buf_view(&buf), VIEW("中介;12040;1234567.89;0.084444\n"
	                                "walk-in;0;-0.50;\n"
	                                "total;12040;1234567.39;0.084444\n"), "with total, without header");
	buf_reset(&buf);
	render_tsv(&buf, section, CSV_HEADER);
	CHECK_TEXT(buf_view(&buf), VIEW("channel\tvisit_group\tspend\tsub_rate\n"
	                                "中介\t12040\t1234567.89\t0.084444\n"
	                                "walk-in\t0\t-0.50\t\n"), "tsv");
	buf_release(&buf);
	arena_release(&arena);
}

static const struct {
	const char *text, *csv, *tsv, *why;
} fields[] = {
	{ "plain", "plain", "plain", "nothing to do" },
	{ "a,b", "\"a,b\"", "a,b", "delimiter" },
	{ "a;b", "a;b", "a;b", "another's delimiter" },
	{ "5\" pipe", "\"5\"\" pipe\"", "5\" pipe", "quote" },
	{ "a\r\nb", "\"a\r\nb\"", "a\\r\\nb", "line end" },
	{ "a\tb\\N", "a\tb\\N", "a\\tb\\\\N", "what TSV escapes" },
	{ "", "\"\"", "", "an only field that is empty is no empty line" },
	{ "\xff\x01", "\xff\x01", "\xff\x01", "other bytes pass" },
	{ "=1+1", "=1+1", "=1+1", "data is not changed" },
};

static void test_fields(void)
{
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		struct arena arena = { 0 };
		struct buf buf = { 0 }, expected = { 0 };
		struct document doc;
		document_init(&doc, &arena, DOC_ENGLISH);
		struct doc_section *section = sample_cell(&doc, VIEW("x"), view_of(fields[i].text));
		render_csv(&buf, section, ',', 0);
		buf_printf(&expected, "%s\n", fields[i].csv);
		CHECK_TEXT(buf_view(&buf), buf_view(&expected), "csv: %s", fields[i].why);
		buf_reset(&buf);
		buf_reset(&expected);
		render_tsv(&buf, section, 0);
		buf_printf(&expected, "%s\n", fields[i].tsv);
		CHECK_TEXT(buf_view(&buf), buf_view(&expected), "tsv: %s", fields[i].why);
		buf_release(&expected);
		buf_release(&buf);
		arena_release(&arena);
	}
}

int main(void)
{
	test_table();
	test_fields();
	return test_end();
}
