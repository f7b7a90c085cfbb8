#!/usr/bin/perl
# public-csv: CSV that others made to break readers, with the result that they expect; read
# without telling crm-import anything of the form.   tests/public-csv.pl [BUILD]
#
# The files (csv-spectrum, univocity-parsers, messytables, rust-csv) are no part of the
# project: where ../shared/data is absent, they are skipped.
use strict;
use warnings;
use FindBin;
use JSON::PP;
use Cwd 'abs_path';
chdir "$FindBin::Bin/.." or die;
my $build = abs_path(shift // 'build');
my $data = '../shared/data/csv-torture';
my ($passed, $failed) = (0, 0);

if (!-d $data) {
	print "0 passed, 0 failed, 1 skipped\n";
	exit 0;
}

sub check {
	my ($what, $got, $expected) = @_;
	if ($got eq $expected) {
		$passed++;
	} else {
		$failed++;
		print "FAILED: $what\n  got      <$got>\n  expected <$expected>\n";
	}
}

sub slurp {
	my ($file) = @_;
	open my $in, '<:raw', $file or die "$file: $!";
	local $/;
	return scalar(<$in>) // '';
}

# The header and rows, and how many records were rejected.
sub import_raw {
	my ($file, @options) = @_;
	open my $in, '-|:raw', "$build/bin/crm-import", '-q', '--as', 'raw', '--keep-newlines', '--max-rejects', '100%',
		@options, "$data/$file" or die "crm-import: $!";
	my $text = do { local $/; <$in> } // '';
	close $in;
	my (@rows, @row);
	while ($text =~ /\G(?:"((?:[^"]|"")*)"|([^",\n]*))([,\n])/gc) {
		my ($quoted, $plain, $end) = ($1, $2, $3);
		$quoted =~ s/""/"/g if defined $quoted;
		push @row, $quoted // $plain;
		next if $end eq ',';
		push @rows, [@row];
		@row = ();
	}
	return @rows;
}

# ---- csv-spectrum: each file beside what it is in JSON ----

sub pairs { join "\n", map { my $row = $_; join "\t", map { "$_=$row->{$_}" } sort keys %$row } @_ }

for my $path (sort glob "$data/csv-spectrum/csvs/*.csv") {
	my ($name) = $path =~ /(\w+)\.csv$/;
	my $expected = JSON::PP->new->utf8->decode(slurp("$data/csv-spectrum/json/$name.json"));
	my ($header, @rows) = import_raw("csv-spectrum/csvs/$name.csv");
	my @its = map { my ($row, %its) = $_; @its{@$header} = @$row; \%its } @rows;
	$expected = [$expected] if ref $expected eq 'HASH';
	if ($name eq 'location_coordinates') { # another number stands in the JSON
		delete $_->{'Contact Phone Number'} for @its, @$expected;
	}
	my $text = pairs(@$expected);
	$text =~ s/\r\n/\n/g; # newlines_crlf has line feeds only, as it is kept here
	utf8::encode($text);
	check("csv-spectrum/$name", pairs(@its), $text);
}

# ---- univocity-parsers: what its examples print ----

sub printed { map { '[' . join(', ', map { length ? $_ : 'null' } @$_) . ']' } @_ }
sub expected_rows { slurp("$data/univocity/examples/expectedOutputs/$_[0]") =~ /(\[.*?\])\t?\n/gs }

my %examples = (
	'CsvParserExamples/example001ParseAll' => [ ['example.csv'] ],
	'CsvParserExamples/example002ReadSimpleCsv' => [ ['example.csv'] ],
	'CsvParserExamples/example003ReadCsvWithRowProcessor' => [ ['example.csv'] ],
	'CsvParserExamples/example010Escaping' => [ [ 'escape.csv', '--no-header', '--no-header-out' ] ],
	'CsvParserExamples/example012FormatAutodetection' => [ ['example.csv'], ['european.csv'] ],
	'TsvParserExamples/example001ParseAll' => [ ['example.tsv'] ],
	'TsvParserExamples/example002ReadSimpleTsv' => [ ['example.tsv'] ],
	'TsvParserExamples/example003ReadTsvWithRowProcessor' => [ ['example.tsv'] ],
);
for my $example (sort keys %examples) {
	my @rows = map { my ($file, @options) = @$_; import_raw("univocity/examples/$file", @options) } @{ $examples{$example} };
	check($example, join("\n", printed(@rows)), join("\n", expected_rows($example)));
}
check('the file that many parsers are compared by', join("\n", printed(import_raw('univocity/correctness.csv'))),
	join("\n", expected_rows('CsvParserExamples/example001ParseAll')));
for my $form ('csv', 'tsv') { # one content with three kinds of line ends
	my @each = map { (join "\n", printed(import_raw("univocity/$form/essential$_.$form"))) =~ s/\r//gr } '', '-dos', '-mac';
	check("essential-dos.$form", $each[1], $each[0]);
	check("essential-mac.$form", $each[2], $each[0]);
	check("essential.$form: rows by the rule", scalar(() = $each[0] =~ /^\[/mg), $form eq 'csv' ? 11 : 16);
}
check('issue 247: a hundred columns', scalar(@{ (import_raw('univocity/issues/github_247/input-100.txt', '--no-header'))[1] }), 100);
check('issue 194: contacts', scalar(import_raw('univocity/issues/github_194/uk-500.csv')), 501);

# ---- rows and columns of real files; the header counts as a row ----

my %shapes = (
	'messytables-horror/begrotingsanalyse-2011.csv' => '43 x 20',
	'messytables-horror/characters.csv' => '383 x 18', # Big5
	'messytables-horror/complex.csv' => '4 x 4',
	'messytables-horror/example.tsv' => '141 x 17',
	'messytables-horror/excel_pasting.csv' => '18 x 9', # below two titles
	'messytables-horror/mixedGLB.csv' => '134 x 19', # carriage returns, titles
	'messytables-horror/null.csv' => '10 x 4',
	'messytables-horror/simple.csv' => '7 x 3',
	'messytables-horror/simple.psv' => '29 x 6',
	'messytables-horror/simple.ssv' => '7 x 3',
	'messytables-horror/skip_initials.csv' => '3 x 2',
	'messytables-horror/utf-16le_encoded.csv' => '328 x 19',
	'messytables-horror/utf8bom.csv' => '1 x 2',
	'messytables-horror/weird_head_padding.csv' => '61 x 11', # eleven lines above
	'rust-csv/smallpop.csv' => '11 x 4',
	'rust-csv/uspop.csv' => '101 x 5',
	'rust-csv/uspop-null.csv' => '101 x 5',
	'rust-csv/bench/gtfs-mbta-stop-times.csv' => '10000 x 9',
	'rust-csv/bench/nfl.csv.gz' => '10000 x 13',
	'rust-csv/bench/worldcitiespop.csv' => '20001 x 7',
);
for my $file (sort keys %shapes) {
	my @rows = import_raw($file);
	check($file, @rows . ' x ' . @{ $rows[0] // [] }, $shapes{$file});
}
check('game.csv', scalar(import_raw('rust-csv/bench/game.csv.gz', '--no-header', '--no-header-out')), 100_000);
check('strange.csv', join("\n", printed(import_raw('rust-csv/strange.csv', '--no-header', '--no-header-out'))),
	join "\n", '["Hacksaw" Jim Duggan, 1987]', '[Bret "Hit Man" Hart, 1984]', '["Big Cat" Ernie Ladd, 1964]',
	'["Macho Man" Randy Savage, 1985]', '[Jake "The Snake" Roberts, 1986]');
check('smallpop-colon.csv', join("\n", printed(import_raw('rust-csv/smallpop-colon.csv', '-d', ':'))),
	join "\n", printed(import_raw('rust-csv/smallpop.csv')));

print "$passed passed, $failed failed\n";
exit($failed > 0);
