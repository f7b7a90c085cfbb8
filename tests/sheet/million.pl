#!/usr/bin/perl
# million: a workbook of very many rows.   million.pl FILE ROWS [styled]
#
# Twelve columns: numbers, phones, dates, amounts, a text that no other row has, two of four that
# all share.  With `styled`: cells without a value, as a column that was coloured to its end has.
use strict;
use warnings;
use utf8;
use FindBin;
use lib $FindBin::Bin;
use Books;

my ($file, $rows, $styled) = @ARGV;
my $main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
my $seed = 1;
sub dice { $seed = ($seed * 1103515245 + 12345) % 2147483648; return $seed % $_[0] }

# Calls a function for each number below $rows, a thousand at a time.
sub pieces {
	my ($head, $each, $tail) = @_;
	my $at = 0;
	my @ends = ($head, $tail);
	return sub {
		return shift @ends if @ends == 2 || $at >= $rows;
		my $from = $at;
		$at = $at + 1000 < $rows ? $at + 1000 : $rows;
		return join '', map { $each->($_) } $from .. $at - 1;
	};
}

sub row {
	my ($i) = @_;
	my $r = $i + 1;
	return qq(<row r="$r">) . join('', map { qq(<c r="$_$r" s="1"/>) } 'A' .. 'L') . '</row>' if $styled;
	my ($phone, $day, $second, $amount, $channel) = (13800000000 + dice(99999999), 44000 + dice(1000), dice(86400) / 86400, dice(5000000) / 100, $rows + dice(4));
	return qq(<row r="$r" spans="1:12"><c r="A$r"><v>$r</v></c><c r="B$r" t="s"><v>$i</v></c><c r="C$r"><v>$phone</v></c>)
		. qq(<c r="D$r" s="1"><v>$day</v></c><c r="E$r" s="2"><v>@{[$day + $second]}</v></c><c r="F$r"><v>$amount</v></c>)
		. qq(<c r="G$r" t="s"><v>$channel</v></c><c r="H$r" t="s"><v>$channel</v></c><c r="I$r"><v>@{[dice(1000000) / 7]}</v></c>)
		. qq(<c r="J$r" t="b"><v>1</v></c><c r="K$r"><v>@{[$i % 7]}</v></c><c r="L$r"><v>@{[$i % 11]}</v></c></row>);
}

my @names = map { my $a = $_; map { "$a$_" } qw(伟 芳 娜 秀英 敏 静 丽 强 磊 军) } qw(赵 钱 孙 李 周 吴 郑 王);
xlsx($file, 'xl/styles.xml' => styles([0, 14, 22]),
	'xl/sharedStrings.xml' => pieces(qq(<sst xmlns="$main">), sub { sprintf '<si><t>%s%07d</t></si>', $names[$_[0] % @names], $_[0] },
		join('', map { "<si><t>$_</t></si>" } qw(中介 渠道 自访 老带新)) . '</sst>'),
	'xl/worksheets/sheet1.xml' => pieces(qq(<worksheet xmlns="$main"><sheetData>), \&row, '</sheetData></worksheet>'));
