#!/usr/bin/perl
# public-prices: 3,000 scraped listings with prices in 万, against the workbook that their author
# cleaned by hand.   tests/public-prices.pl [BUILD]
#
# The listings are no part of the project: where ../shared/data is absent, they are skipped.
use strict;
use warnings;
use FindBin;
use IO::Uncompress::Unzip 'unzip';
use Cwd 'abs_path';
use File::Temp 'tempdir';
chdir "$FindBin::Bin/.." or die;
my $build = abs_path(shift // 'build');
my $data = '../shared/data/legacy-cn/hangzhou-lianjia';
my ($passed, $failed) = (0, 0);

if (!-d $data) {
	print "0 passed, 0 failed, 1 skipped\n";
	exit 0;
}

sub check {
	my ($what, $good) = @_;
	$good ? $passed++ : $failed++;
	print "FAILED: $what\n" unless $good;
}

# Rows of the author's sheet: title, total price and price of a square metre, in yuan.
sub workbook {
	my ($file) = @_;
	my ($strings, $sheet, @strings, @rows);
	unzip $file => \$strings, Name => 'xl/sharedStrings.xml' or die $file;
	unzip $file => \$sheet, Name => 'xl/worksheets/sheet1.xml' or die $file;
	while ($strings =~ /<si>(.*?)<\/si>/gs) {
		push @strings, join('', $1 =~ /<t[^>]*>(.*?)<\/t>/gs) =~ s/&lt;/</gr =~ s/&gt;/>/gr =~ s/&amp;/&/gr;
	}
	while ($sheet =~ /<row [^>]*>(.*?)<\/row>/gs) {
		my ($row, %cell) = $1;
		while ($row =~ /<c r="([A-Z]+)\d+"([^>]*)>(?:<v>(.*?)<\/v>)?/gs) {
			my ($column, $type, $value) = ($1, $2, $3 // '');
			$cell{$column} = $type =~ /t="s"/ ? $strings[$value] : $value;
		}
		push @rows, [ @cell{qw(A C D)} ];
	}
	shift @rows;
	return @rows;
}

my $scratch = tempdir(CLEANUP => 1);
open my $map, '>', "$scratch/map.csv" or die;
print $map "table,column,alias\nrooms,room_id,web-scraper-order\nrooms,list_total,totalPrice\n";
close $map;
open my $in, '-|:raw', "$build/bin/crm-import -q --as rooms --map $scratch/map.csv $data/lianjialist.csv |
	$build/bin/crm-select -c title,list_total,unitPrice --to tsv --no-header-out" or die;
my @ours = map { chomp; [ split /\t/ ] } <$in>;
close $in;
my @author = workbook("$data/lianjia_process.xlsx");
check('3,000 rows each, not ' . @ours . ' and ' . @author, @ours == 3000 && @author == 3000);

# Where the price has a decimal (129.5万) the author's search for 万 left 129.5 yuan.
my ($same, $tens) = (0, 0);
for my $i (0 .. $#ours) {
	my ($title, $total, $unit) = @{ $ours[$i] };
	my ($author_title, $author_total, $author_unit) = @{ $author[$i] };
	$unit =~ s/\D//g;
	next unless $title eq $author_title && $unit eq $author_unit;
	$same++ if $total == $author_total;
	$tens++ if $author_total =~ /^\d+\.\d$/ && sprintf('%.2f', $author_total * 10_000) eq $total;
}
check("2,988 rows as the author has them, not $same", $same == 2988);
check("12 rows with a decimal, in yuan here and in 万 there, not $tens", $tens == 12);

print "$passed passed, $failed failed\n";
exit($failed > 0);
