#!/usr/bin/perl
# sheets: workbooks of every form, good, odd and bad, and what is read of them.   tests/sheets.pl BUILD
use strict;
use warnings;
use utf8;
use Cwd qw(abs_path);
use Encode qw(encode decode);
use File::Temp qw(tempdir);
use FindBin;
use lib "$FindBin::Bin/sheet";
use Books;

my $cat = abs_path($ARGV[0] // "$FindBin::Bin/../build") . '/tests/sheet-cat';
my $dir = tempdir(CLEANUP => 1);
chdir $dir or die;
my ($passed, $failed) = (0, 0);
binmode STDOUT, ':utf8';

sub is {
	my ($what, $got, $expected) = @_;
	if ($got eq $expected) {
		$passed++;
	} else {
		$failed++;
		print "not so: $what\n    got      <$got>\n    expected <$expected>\n" =~ s/\t/\\t/gr;
	}
}

# What sheet-cat writes, its message behind `!`, and how it ended behind `status` where that is not 0.
sub cat {
	my ($file, @more) = @_;
	my $out = decode('UTF-8', qx($cat $file @more 2>errors));
	my $status = $? >> 8;
	$out .= 'signal ' . ($? & 127) if $? & 127;
	open my $in, '<:utf8', 'errors' or die;
	local $/;
	my $said = <$in>;
	return $out . ($said ne '' ? "!$said" : '') . ($status ? "status $status" : '');
}

# Rows of the first sheet, a line each.
sub reads {
	my ($what, $file, $expected, $sheet) = @_;
	is($what, cat($file, $sheet // 1), $expected eq '' ? '' : "$expected\n");
}
sub refuses { # an input that is bad, by a message that holds these words; its row in front
	my ($what, $file, $words, $sheet) = @_;
	my $got = cat($file, $sheet // 1);
	is($what, ($got =~ /!(\d+: .*)\n?status 3\z/ && index($1, $words) >= 0) ? $words : $got, $words);
}
sub cells { return '<row>' . join('', map { "<c $_</c>" } @_) . '</row>' }

# ---- xlsx: the parts ----

my $text = '<row r="1"><c r="A1" t="inlineStr"><is><t>a</t></is></c></row>';
xlsx('parts.xlsx', 'xl/workbook.xml' => '<workbook xmlns:r="r"><workbookPr date1904="1"/><sheets><sheet name="一月" r:id="s1"/>'
	. '<sheet name="图" r:id="c1"/><sheet name="二&amp;月" state="hidden" r:id="s2"/><sheet name="x" state="veryHidden" r:id="s1"/></sheets></workbook>',
	'xl/worksheets/sheet1.xml' => rows($text), 'xl/worksheets/sheet2.xml' => rows($text), 'xl/chartsheets/sheet1.xml' => '<chartsheet/>');
is('sheets in the order of their tabs, without charts', cat('parts.xlsx'), "xlsx 1904\nsheet 一月\nhidden 二&月\nhidden x\n");
reads('the second one', 'parts.xlsx', 'a', 2);
xlsx('strict.xlsx', 'xl/worksheets/sheet1.xml' => '<x:worksheet xmlns:x="http://purl.oclc.org/ooxml/spreadsheetml/main"><x:sheetData>'
	. '<x:row><x:c><x:v>1</x:v></x:c><x:c t="s"><x:v>0</x:v></x:c></x:row></x:sheetData></x:worksheet>',
	'xl/sharedStrings.xml' => '<p:sst xmlns:p="x"><p:si><p:t>b</p:t></p:si></p:sst>');
reads('strict, with prefixes, without references', 'strict.xlsx', "1\tb");
xlsx('lower.xlsx', '_rels/.rels' => undef, 'XL/Workbook.XML' => '<workbook xmlns:r="r"><sheets><sheet name="s" r:id="s1"/></sheets></workbook>',
	'xl/workbook.xml' => undef, 'XL/worksheets/Sheet1.xml' => rows($text));
reads('names of parts in any case, and no relations of the archive', 'lower.xlsx', 'a');
xlsx('moved.xlsx', '_rels/.rels' => '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/book/main.xml"/></Relationships>',
	'xl/workbook.xml' => undef, 'xl/_rels/workbook.xml.rels' => undef,
	'book/main.xml' => '<workbook xmlns:r="r"><sheets><sheet name="s" r:id="q"/></sheets></workbook>',
	'book/_rels/main.xml.rels' => '<Relationships><Relationship Id="q" Type="y/worksheet" Target="../sheets/./one.xml"/></Relationships>',
	'sheets/one.xml' => rows($text));
reads('a workbook in another place', 'moved.xlsx', 'a');
xlsx('utf16.xlsx', 'xl/worksheets/sheet1.xml' => encode('UTF-16', '<?xml version="1.0" encoding="UTF-16"?>' . rows($text =~ s/a</中</r)));
reads('XML in UTF-16', 'utf16.xlsx', '中');

# ---- xlsx: cells ----

sub one { # WHAT CELLS EXPECTED [PARTS]: the row of these cells
	my ($what, $cells, $expected, %part) = @_;
	xlsx('one.xlsx', 'xl/worksheets/sheet1.xml' => encode('UTF-8', rows($cells)), map { $_ => encode('UTF-8', $part{$_}) } keys %part);
	reads($what, 'one.xlsx', $expected);
}
one('numbers', cells('><v>1</v>', '><v>0.30000000000000004</v>', '><v>1.38E+10</v>', 't="n"><v>-0</v>', '><v>13800000001</v>'),
	"1\t0.3\t13800000000\t0\t13800000001");
one('what is no number stays as it is', cells('><v>1,5 x</v>', '><v>NaN</v>'), "1,5 x\tNaN");
one('an empty value', cells('><v></v>', '><v/>', '>', '><v>1</v>'), "\t\t\t1");
one('booleans', cells('t="b"><v>1</v>', 't="b"><v>0</v>'), "TRUE\tFALSE");
one('errors', cells('t="e"><v>#N/A</v>', 't="e"><f>1/0</f><v>#DIV/0!</v>'), "#N/A\t#DIV/0!");
one('formulas with their values', cells('><f>1+1</f><v>2</v>', 't="str"><f>"x"</f><v>x y</v>'), "2\tx y");
one('dates as ISO text', cells('t="d"><v>2021-05-03T14:30:00.000</v>', 't="d"><v>2021-05-03</v>', 't="d"><v>soon</v>'),
	"2021-05-03 14:30:00\t2021-05-03\tsoon");
one('dates by their formats', cells(map { qq(s="$_"><v>44319.604</v>) } 0 .. 4), "44319.604\t2021-05-03 14:29:46\t2021-05-03 14:29:46\t1063670:29:46\t44319.604",
	'xl/styles.xml' => styles([0, 14, 164, 46, 165], 164 => 'yyyy&quot;年&quot;m&quot;月&quot;', 165 => '[Red]0.00'));
one('a style that there is not', cells('s="99"><v>44319</v>'), '44319', 'xl/styles.xml' => styles([14]));
one('a format written anew', cells('s="0"><v>44319</v>'), '44319', 'xl/styles.xml' => styles([14], 14 => '0.00'));
one('counted from 1904', cells('s="0"><v>42857</v>'), '2021-05-03', 'xl/styles.xml' => styles([14]),
	'xl/workbook.xml' => '<workbook xmlns:r="r"><workbookPr date1904="true"/><sheets><sheet name="s" r:id="s1"/></sheets></workbook>');
one('zeros before', cells('s="0"><v>123</v>'), '000123', 'xl/styles.xml' => styles([164], 164 => '000000'));
one('percentages are numbers', cells('s="0"><v>0.015</v>'), '0.015', 'xl/styles.xml' => styles([10]));
one('texts with runs, spoken forms and blanks', cells(map { qq(t="s"><v>$_</v>) } 0 .. 6), "张三丰\t b \t\\n b \tx\\ty\\n\\\\N\ta\\rb\t_x000D_\t😀",
	'xl/sharedStrings.xml' => strings('<r><t>张</t></r><r><rPr><b/></rPr><t>三丰</t></r><rPh sb="0" eb="1"><t>zhang</t></rPh><phoneticPr fontId="1"/>',
		'<t xml:space="preserve"> b </t>', "<t>\n b </t>", "<t xml:space=\"preserve\">x\ty\n\\N</t>", '<t>a_x000D_b</t>', '<t>_x005F_x000D_</t>',
		'<t>_xD83D__xDE00_</t>'));
one('inline texts', cells('t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r><rPh><t>no</t></rPh></is>',
	't="inlineStr"><v>no</v><is><t>c</t></is>', 't="inlineStr"><is><t>d</t></is><v>no</v>', 't="inlineStr"><v>e</v>'), "a b\tc\td\te");
one('a cell that is only \N is no missing one', cells('t="inlineStr"><is><t>\N</t></is>'), '\\\\N');
one('entities and CDATA', cells('t="inlineStr"><is><t>a&lt;&#x4e2d;<![CDATA[<&]]></t></is>'), 'a<中<&');
one('extensions hold no cells', cells('><v>1</v><extLst><ext><v>2</v><t>3</t></ext></extLst>') . '<ext><c><v>9</v></c></ext>', '1');

# ---- xlsx: places ----

one('rows and columns are left out', '<row r="2"><c r="B2"><v>1</v></c><c r="D2"><v>2</v></c></row><row r="5"><c r="A5"><v>3</v></c></row>',
	"\n\t1\t\t2\n\n\n3\t\t\t");
one('styled cells at the end say nothing', '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1" s="1"/></row><row r="1048576"><c r="A1048576" s="1"/></row>', '1');
one('rows are filled up to the widest above', cells('><v>1</v>') . cells('><v>1</v>', '><v>2</v>', '><v>3</v>') . cells('><v>1</v>')
	. '<row/>' . cells('><v>1</v>', '><v>2</v>', '><v>3</v>', '><v>4</v>'), "1\n1\t2\t3\n1\t\t\n\n1\t2\t3\t4");
one('hidden rows are rows', '<row r="1" hidden="1"><c><v>1</v></c></row>', '1');
one('an empty sheet', '', '');
one('the last cell that there is', '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "\n" x 1048575 . "\t" x 16383 . '1');
xlsx('merged.xlsx', 'xl/worksheets/sheet1.xml' => rows(cells('><v>1</v>'), '<mergeCells count="2"><mergeCell ref="A1:C1"/><mergeCell ref="B2:XFD1048576"/></mergeCells>'));
is('merged ranges', cat('merged.xlsx', 1, 'merges'), "rows 1-1, columns 1-3\nrows 2-1048576, columns 2-16384\n");
xlsx('doubts.xlsx', 'xl/worksheets/sheet1.xml' => rows(cells('><v>110105194912310021</v>', '><f>A1</f>', '><v>1</v>') . '<row r="7"><c r="C7" t="str"><f>x</f></c><c r="D7"><f>x</f><v/></c><c r="E7" t="str"><f>x</f><v></v></c></row>'));
is('cells in doubt', cat('doubts.xlsx', 1, 'doubts'), "1:1 cut\n1:2 no_value\n7:3 no_value\n7:4 no_value\ncut 1\nno_value 3\n");
reads('and their texts', 'doubts.xlsx', "110105194912310000\t\t1");

# ---- xlsx: damaged, or made to harm ----

sub bad {
	my ($what, $cells, $words, %part) = @_;
	xlsx('bad.xlsx', 'xl/worksheets/sheet1.xml' => rows($cells), %part);
	refuses($what, 'bad.xlsx', $words);
}
bad('a shared text that is not there', cells('t="s"><v>5</v>'), '1: a cell names a shared text');
bad('a row beyond the last', '<row r="1048577"><c><v>1</v></c></row>', 'more rows than a sheet');
bad('a column beyond the last', '<row r="1"><c r="XFE1"><v>1</v></c></row>', '1: more columns than a sheet');
bad('rows out of order', '<row r="2"/><row r="1"/>', 'rows of this sheet are not in order');
bad('cells out of order', '<row r="3"><c r="B3"><v>1</v></c><c r="A3"><v>1</v></c></row>', '3: the cells of this row');
bad('two cells in one place', '<row r="3"><c r="B3"><v>1</v></c><c r="B3"><v>1</v></c></row>', '3: the cells of this row');
bad('a cell of another row', '<row r="3"><c r="B4"><v>1</v></c></row>', '3: a cell whose reference is none');
bad("a reference that is none ($_)", qq(<row><c r="$_"><v>1</v></c></row>), 'a cell whose reference is none')
	for '1A', 'A', 'a1', 'AAAAAAAAAAAAAA1', 'A99999999999999999999', '';
bad('XML that does not end', '</sheetData>', 'not well-formed');
bad('elements inside each other', '<x>' x 300 . '</x>' x 300, 'more than 200 elements');
bad('merged cells outside', '</sheetData><mergeCells><mergeCell ref="A1:XFE1"/></mergeCells><sheetData>', 'outside of the sheet');
bad('entities that multiply', '', 'DTD', 'xl/worksheets/sheet1.xml' => '<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]><worksheet>&b;</worksheet>');
bad('entities in shared texts', cells('t="s"><v>0</v>'), 'DTD', 'xl/sharedStrings.xml' => '<!DOCTYPE s [<!ENTITY a "x">]><sst><si><t>&a;</t></si></sst>');
bad('a sheet that is not in the archive', '', 'not in the archive', 'xl/worksheets/sheet1.xml' => undef);
bad('no sheet of cells', '', 'without a single sheet', 'xl/workbook.xml' => '<workbook/>');
bad('a protected member', '', 'protected by a password', options => { 'xl/worksheets/sheet1.xml' => { flags => 1 } });
bad('a method that is not known', '', 'other than deflate', options => { 'xl/worksheets/sheet1.xml' => { method => 12 } });
bad('a wrong checksum', cells('><v>1</v>'), 'wrong length or checksum', options => { 'xl/worksheets/sheet1.xml' => { crc => 1 } });
bad('a member that is shorter', cells('><v>1</v>'), 'damaged', options => { 'xl/worksheets/sheet1.xml' => { size => 99999 } });
bad('a member that does not unpack', '', 'does not unpack', options => { 'xl/worksheets/sheet1.xml' => { packed => "\xff" x 100, size => 100 } });
bad("a name that leads out ($_)", '', 'leads out of the archive', $_ => 'x') for '../climb.txt', 'a/../../b', '/etc/x', 'a\\b', 'C:x';
zip_file('twice.xlsx', ['xl/workbook.xml', '<workbook/>'], ['xl/workbook.xml', '<workbook/>']);
zip_file('cases.zip', ['A.csv', 'x'], ['a.csv', 'y']);
is('two that differ by case', cat('cases.zip', 1) . cat('cases.zip', 2), 'xy');
refuses('two members of one name', 'twice.xlsx', 'one name');
my $thousand = "the text of this sheet is a thousand times as large as the file: refused\n";
xlsx('huge.xlsx', 'xl/worksheets/sheet1.xml' => rows(join '', map { '<row>' . '<c t="s"><v>0</v></c>' x 20 . '</row>' } 1 .. 500),
	'xl/sharedStrings.xml' => strings('<t>' . 'z' x 32000 . '</t>'));
is('a text in ten thousand cells', qx($cat huge.xlsx 1 2>&1 >/dev/null) =~ s/^\d+: //r, $thousand);
xlsx('wide.xlsx', 'xl/worksheets/sheet1.xml' => rows('<row><c r="XFD1"><v>1</v></c></row>' . '<row><c><v>1</v></c></row>' x 30000));
is('a row of 16,384 cells above thirty thousand of one', qx($cat wide.xlsx 1 2>&1 >/dev/null) =~ s/^\d+: //r, $thousand);

xlsx('cut.xlsx', 'xl/worksheets/sheet1.xml' => rows(cells('><v>1</v>') x 1000));
my $whole = do { open my $in, '<:raw', 'cut.xlsx' or die; local $/; <$in> };
my %said;
for (my $len = length($whole) - 1; $len > 4; $len -= 1 + int $len / 12) {
	spill('cut2.xlsx', substr $whole, 0, $len);
	my $got = cat('cut2.xlsx', 1);
	$said{$got =~ /status 3\z/ ? 'refused' : $got eq "1\n" x 1000 ? 'read' : $got}++;
}
is('cut short anywhere', join(' ', grep { !/^(refused|read)$/ } keys %said), '');
%said = ();
for (my $at = 0; $at < length $whole; $at += 59) {
	my $copy = $whole;
	substr($copy, $at, 1) = chr(ord(substr $copy, $at, 1) ^ 0x55);
	spill('cut2.xlsx', $copy);
	my $got = cat('cut2.xlsx', 1);
	$said{$got =~ /status 3\z/ ? 'refused' : $got eq "1\n" x 1000 ? 'read' : $got}++;
}
is('a byte changed anywhere', join(' ', grep { !/^(refused|read)$/ } keys %said), '');
spill('ods.zip', '');
zip_file('ods.ods', ['mimetype', 'application/vnd.oasis.opendocument.spreadsheet', method => 0], ['content.xml', '<x/>']);
refuses('OpenDocument', 'ods.ods', 'save it as xlsx');
zip_file('b.xlsb', ['[Content_Types].xml', '<Types/>'], ['xl/workbook.bin', 'x'],
	['_rels/.rels', '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="xl/workbook.bin"/></Relationships>']);
refuses('a binary workbook', 'b.xlsb', 'xlsb');
zip_file('d.docx', ['[Content_Types].xml', '<Types/>'], ['word/document.xml', '<x/>'],
	['_rels/.rels', '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/></Relationships>']);
refuses('a text document', 'd.docx', 'docx');

# ---- archives of ledgers ----

zip_file('ledgers.zip', [encode('GBK', '一月台账/客户.csv'), "a,b\n1,2\n"], [encode('GBK', '一月台账/'), '', method => 0], ['__MACOSX/._x', 'x'],
	['.DS_Store', 'x'], ['inner.xlsx', 'PK']);
is('members, names in GBK', cat('ledgers.zip'), "zip\nmember 一月台账/客户.csv\nmember inner.xlsx\n");
is('the bytes of one', cat('ledgers.zip', 1), "a,b\n1,2\n");
zip_file('utf8.zip', [encode('UTF-8', '客户.csv'), 'x', flags => 0x800]);
is('names in UTF-8', cat('utf8.zip'), "zip\nmember 客户.csv\n");
zip_file('locked.zip', ['a.csv', 'x', flags => 1]);
refuses('a protected member', 'locked.zip', 'protected by a password');
zip_file('empty.zip');
refuses('nothing in it', 'empty.zip', 'directory is not there');

# ---- xls ----

my $formats = record(0x41E, pack('v2', 164, 14) . unicode('yyyy"-"mm"-"dd')) . join('', map { record(0xE0, pack('v2', 0, $_) . "\0" x 16) } 0, 14, 164, 22);
my $sst = record(0xFC, pack('V2', 2, 2) . pack('v', 2) . unicode('张三') . pack('v', 3) . unicode('a' . chr(9) . 'b'));
sub formula { my ($row, $column, $result) = @_; return record(0x06, pack('v3', $row, $column, 0) . $result . "\0" x 6) }
my $cells = number(0, 0, 0, 1.5) . number(0, 1, 1, 44319) . number(0, 2, 2, 44319.604) . number(0, 3, 0, 0.1 + 0.2)
	. record(0xFD, pack('v3V', 1, 0, 0, 0)) . record(0xFD, pack('v3V', 1, 1, 0, 1)) . label(1, 2, '李四😀') . label(1, 3, 'ab')
	. record(0x27E, pack('v3V', 2, 0, 0, 12345 << 2 | 3)) . record(0x27E, pack('v3V', 2, 1, 1, 44319 << 2 | 2))
	. record(0xBD, pack('v2', 2, 2) . pack('vV', 0, 7 << 2 | 2) . pack('vV', 0, unpack('V', pack('l<', -5 << 2)) | 2) . pack('vV', 0, 0x40040000) . pack('v', 4))
	. record(0x205, pack('v3CC', 3, 0, 0, 1, 0)) . record(0x205, pack('v3CC', 3, 1, 0, 0, 0)) . record(0x205, pack('v3CC', 3, 2, 0, 0x2A, 1))
	. formula(4, 0, pack('d<', 42)) . formula(4, 1, pack('C8', 0, 0, 0, 0, 0, 0, 255, 255)) . record(0x207, pack('v', 2) . unicode('行')  . '')
	. formula(4, 2, pack('C8', 1, 0, 1, 0, 0, 0, 255, 255)) . formula(4, 3, pack('C8', 2, 0, 7, 0, 0, 0, 255, 255)) . formula(4, 4, pack('C8', 3, 0, 0, 0, 0, 0, 255, 255));
$cells =~ s/\Q${\record(0x207, pack('v', 2) . unicode('行'))}\E/record(0x207, pack('v', 1) . unicode('行'))/e;
my $expected = "1.5\t2021-05-03\t2021-05-03 14:29:46\t0.3\n张三\ta\\tb\t李四😀\tab\n123.45\t2021-05-03\t7\t-5\t2.5\nTRUE\tFALSE\t#N/A\t\t\n42\t行\tTRUE\t#DIV/0!\t";
for my $small (0, 1) {
	xls('book.xls', small => $small, globals => $formats . $sst, sheets => [['一月', $cells], ['图', '', 0, 2], ['二月', label(0, 0, 'x'), 1]]);
	is('xls: its sheets', cat('book.xls'), "xls\nsheet 一月\nhidden 二月\n");
	reads('xls: every kind of cell', 'book.xls', $expected);
	reads('xls: the second sheet', 'book.xls', 'x', 2);
}
xls('1904.xls', globals => record(0x22, pack('v', 1)) . $formats, sheets => [['s', number(0, 0, 1, 42857) . record(0xE5, pack('v5', 1, 0, 1, 2, 3))]]);
is('xls: from 1904', cat('1904.xls'), "xls 1904\nsheet s\n");
reads('xls: from 1904, a date', '1904.xls', '2021-05-03');
is('xls: merged ranges', cat('1904.xls', 1, 'merges'), "rows 1-2, columns 3-4\n");
xls('order.xls', globals => '', sheets => [['s', number(2, 1, 0, 6) . number(0, 0, 0, 1) . number(2, 0, 0, 5) . number(0, 0, 0, 2)]]);
reads('xls: cells in any order, the later of two holds', 'order.xls', "2\n\n5\t6");
my $long = '客' x 5000;
my $bytes = unicode($long);
my $split = record(0xFC, pack('V2', 1, 1) . pack('v', 5003) . substr($bytes, 0, 8001)) . record(0x3C, pack('C', 1) . substr($bytes, 8001)) . record(0x3C, "\0abc");
xls('split.xls', globals => $split, sheets => [['s', record(0xFD, pack('v3V', 0, 0, 0, 0))]]);
reads('xls: a text that goes on in other records, wide and narrow', 'split.xls', $long . 'abc');
xls('gbk.xls', biff => 5, globals => record(0x42, pack('v', 936)), sheets => [[encode('GBK', '台账'), label(0, 0, encode('GBK', '张三'), 5) . label(0, 1, 'x', 5)]]);
is('BIFF5: code page 936', cat('gbk.xls') . cat('gbk.xls', 1), "xls\nsheet 台账\n张三\tx\n");
xls('says1252.xls', biff => 5, globals => record(0x42, pack('v', 1252)), sheets => [['s', label(0, 0, encode('GBK', '客户姓名'), 5) . label(0, 1, encode('GBK', '联系电话'), 5)]]);
xls('spoiled.xls', biff => 5, globals => record(0x42, pack('v', 936)), sheets => [['s', label(0, 0, encode('GBK', '张三'), 5) . label(0, 1, "x\xff", 5)]]);
is('BIFF5: bytes that are no text', cat('spoiled.xls', 1, 'doubts'), "1:2 bytes\nbytes 1\n");
reads('BIFF5: GBK that says it is 1252', 'says1252.xls', "客户姓名\t联系电话");
xls('western.xls', biff => 5, globals => record(0x42, pack('v', 1252)), sheets => [['s', label(0, 0, "caf\xe9 \x80 d\xe9j\xe0", 5)]]);
reads('BIFF5: 1252', 'western.xls', 'café € déjà');
xls('russian.xls', biff => 5, globals => record(0x42, pack('v', 1251)), sheets => [['s', label(0, 0, encode('cp1251', 'Привет'), 5)]]);
refuses('BIFF5: a code page that is not read', 'russian.xls', 'code page that is not read');
bare('php.xls', record(0x204, pack('v4', 0, 0, 0, 4) . encode('GBK', '姓名')) . record(0x204, pack('v4', 0, 1, 0, 4) . encode('GBK', '电话')) . number(1, 1, 0, 13800000001));
reads('a bare stream, as PHP scripts write it', 'php.xls', "姓名\t电话\n\t13800000001");
bare('biff2.xls', record(0x1E, pack('C/a', 'General')) . record(0x1E, pack('C/a', 'yyyy-mm-dd')) . record(0x02, pack('v2C3v', 0, 0, 0, 0, 0, 7))
	. record(0x03, pack('v2C3d<', 0, 1, 0, 1, 0, 44319)) . record(0x04, pack('v2C3C/a', 0, 2, 0, 0, 0, 'two')) . record(0x05, pack('v2C3CC', 0, 3, 0, 0, 0, 1, 0)),
	record(0x09, pack('v2', 2, 0x10)));
reads('BIFF2', 'biff2.xls', "7\t2021-05-03\ttwo\tTRUE");
bare('biff3.xls', record(0x1E, pack('C/a', 'General')) . record(0x1E, pack('C/a', 'd/m/yy')) . record(0x243, pack('C2', 0, 0) . "\0" x 10) . record(0x243, pack('C2', 0, 1) . "\0" x 10)
	. number(0, 0, 1, 44319) . label(0, 1, 'three', 5), record(0x209, pack('v3', 3, 0x10, 0)));
reads('BIFF3', 'biff3.xls', "2021-05-03\tthree");

xls('locked.xls', globals => record(0x2F, "\0" x 6), sheets => [['s', '']]);
refuses('xls: protected', 'locked.xls', 'protected by a password');
xls('encrypted.xlsx', stream => 'EncryptedPackage', sheets => [['s', '']]);
refuses('xlsx: protected', 'encrypted.xlsx', 'protected by a password');
xls('other.doc', stream => 'WordDocument', sheets => [['s', '']]);
refuses('no workbook', 'other.doc', 'without a workbook');
xls('nostring.xls', sheets => [['s', record(0xFD, pack('v3V', 4, 0, 0, 9))]]);
refuses('xls: a shared text that is not there', 'nostring.xls', '5: a cell names a shared text');
my ($xls, $records) = do { local $/; open my $in, '<:raw', 'book.xls' or die; scalar <$in> };
%said = ();
for (my $len = length($xls) - 1; $len > 8; $len -= 311) {
	spill('cut.xls', substr $xls, 0, $len);
	my $got = cat('cut.xls', 1);
	$said{$got =~ /status 3\z/ ? 'refused' : $got eq "$expected\n" ? 'read' : $got}++;
}
is('xls: cut short anywhere', join(' ', grep { !/^(refused|read)$/ } keys %said), '');
srand 7;
%said = ();
for (1 .. 30) {
	my $copy = $xls;
	substr($copy, int rand length $copy, 1) = chr int rand 256 for 1 .. 3;
	spill('cut.xls', $copy);
	my $got = cat('cut.xls', 1);
	$said{$got =~ /ended on this one|signal/ ? $got : 'fine'}++;
}
is('xls: bytes changed anywhere', join(' ', keys %said), 'fine');
my $loop = $xls;
substr($loop, 512, 512) = pack('V', 0xFFFFFFFD) . pack('V127', map { $_ } 1 .. 127);
spill('loop.xls', $loop);
refuses('xls: chains that go round', 'loop.xls', 'damaged');

# ---- HTML and XML that call themselves xls ----

sub page {
	my ($what, $html, $expected, $charset) = @_;
	spill('page.xls', encode($charset // 'UTF-8', $html));
	reads("HTML: $what", 'page.xls', $expected);
}
page('a page in GBK', '<html><head><meta charset="gb2312"><title>x</title></head><body><table><tr><td>姓名</td><td>电话</td></tr><tr><td>张三</td><td>139</td></tr></table>', "姓名\t电话\n张三\t139", 'GBK');
page('a page in UTF-16', "\x{FEFF}<table><tr><td>中</td></tr></table>", '中', 'UTF-16LE');
page('tags left open', '<table><TR><TD>a<td>b<tr><th>c</table>', "a\tb\nc\t");
page('spans', '<table><tr><td colspan=2>a</td><td rowspan="3">b</td><tr><td>c<td>d<tr><td>e</table>', "a\t\tb\nc\td\t\ne\t\t");
is('HTML: spans are merged', cat('page.xls', 1, 'merges'), "rows 1-1, columns 1-2\nrows 1-3, columns 3-3\n");
page('blanks and breaks', "<table><tr><td> a \n b&nbsp;&nbsp;<b>c</b> <br/>d<p>e</p></td><td>&nbsp;</td><td>x</td></tr></table>", "a b c\\nd\\ne\t\tx");
page('characters by name and number', '<table><tr><td>&lt;&amp;&quot;&#20013;&#x6587;&yen;&unknown;&#0;&</td></tr></table>', '<&"中文¥&unknown;' . "\x{FFFD}&");
page('what is passed over', '<!-- <table><tr><td>no --><style>td{}</style><script>"<td>no</td>"</script><xml><x:Name>s</x:Name></xml><p>no</p><table><tr><td title="a>b">1 < 2</td></tr></table>no', '1 < 2');
page('tables one below the other, and inside', '<table><tr><td>t</td></tr></table><table><tr><td>a<td><table><tr><td>b</td></tr></table></td></tr></table>', "t\na\nb");
page('spans beyond the sheet', '<table><tr><td colspan=999999999999 rowspan=99999999>a</td></tr></table>', 'a');
spill('spoiled.html', encode('GBK', '<table><tr><td>姓名</td><td>电话') . "\xff" . encode('GBK', '号</td></tr></table>'));
is('HTML: bytes that are no text', cat('spoiled.html', 1, 'doubts'), "1:2 bytes\nbytes 1\n");
spill('none.html', '<html><body>text</body></html>');
refuses('HTML: no table', 'none.html', 'without a table');

my $head = '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">';
sub xml2003 {
	my ($what, $rows, $expected, $sheet) = @_;
	spill('2003.xls', encode('UTF-8', "$head<Worksheet ss:Name=\"一\"><Table>$rows</Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions></Worksheet>"
		. '<Worksheet ss:Name="二"><Table><Row><Cell><Data ss:Type="String">z</Data></Cell></Row></Table></Worksheet></Workbook>'));
	reads("XML: $what", '2003.xls', $expected, $sheet);
}
xml2003('types', '<Row><Cell><Data ss:Type="Number">0.30000000000000004</Data></Cell><Cell><Data ss:Type="DateTime">2021-05-03T00:00:00.000</Data></Cell>'
	. '<Cell><Data ss:Type="DateTime">2021-05-03T14:30:00.000</Data></Cell><Cell><Data ss:Type="Boolean">1</Data></Cell><Cell><Data ss:Type="Error">#N/A</Data></Cell></Row>',
	"0.3\t2021-05-03\t2021-05-03 14:30:00\tTRUE\t#N/A");
is('XML: sheets', cat('2003.xls'), "xml\nhidden 一\nsheet 二\n");
reads('XML: the second sheet', '2003.xls', 'z', 2);
xml2003('places', '<Row ss:Index="2" ss:Span="1"><Cell ss:Index="2"><Data ss:Type="String">a</Data></Cell></Row><Row><Cell ss:MergeAcross="2" ss:MergeDown="1"><Data ss:Type="String">b</Data></Cell>'
	. '<Cell><Data ss:Type="String">c</Data></Cell></Row>', "\n\ta\n\nb\t\t\tc");
is('XML: merged', cat('2003.xls', 1, 'merges'), "rows 4-5, columns 1-3\n");
xml2003('runs, comments', '<Row><Cell><ss:Data ss:Type="String" xmlns="http://www.w3.org/TR/REC-html40"><B>x</B> y&#10;z</ss:Data><Comment><ss:Data>no</ss:Data></Comment></Cell></Row>', 'x y\nz');
xml2003('formulas without a value', '<Row><Cell ss:Formula="=1"/><Cell><Data ss:Type="Number">110105194912310021</Data></Cell></Row>', "\t110105194912310000");
is('XML: doubts', cat('2003.xls', 1, 'doubts'), "1:1 no_value\n1:2 cut\ncut 1\nno_value 1\n");
spill('gbk.xml', encode('GBK', $head =~ s/"1.0"/"1.0" encoding="gb2312"/r . '<Worksheet ss:Name="客户"><Table><Row><Cell><Data ss:Type="String">张三</Data></Cell></Row></Table></Worksheet></Workbook>'));
is('XML: in GBK', cat('gbk.xml') . cat('gbk.xml', 1), "xml\nsheet 客户\n张三\n");
spill('dtd.xml', "$head" =~ s/<Workbook/<!DOCTYPE x [<!ENTITY a "b">]><Workbook/r . '</Workbook>');
refuses('XML: a DTD', 'dtd.xml', 'DTD');
spill('cut.xml', "$head<Worksheet><Table><Row>");
refuses('XML: cut short', 'cut.xml', 'not well-formed');

spill('plain.csv', "a,b\n1,2\n");
refuses('text is no workbook', 'plain.csv', 'no workbook');

# ---- what is large: at the end, a process grown by it starts others slowly ----

bad('a long tag', '<x y="' . 'z' x 40000000 . '"/>', 'takes 64 MiB');
bad('a long comment', '<!--' . 'z' x 40000000 . '-->', 'takes 64 MiB');
bad('names without number', join('', map { "<q$_/>" } 1 .. 1000000), 'takes 64 MiB');
bad('a long cell', cells('t="inlineStr"><is><t>' . 'z' x 17000000 . '</t></is>'), 'a cell longer than 16 MiB');
my $spaces = ' ' x 200_000_000;
bad('a bomb', '', 'zip bomb', 'xl/worksheets/sheet1.xml' => "<worksheet>$spaces</worksheet>");
undef $spaces;

print "$passed passed, $failed failed\n";
exit($failed ? 1 : 0);
