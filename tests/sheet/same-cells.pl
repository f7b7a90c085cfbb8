#!/usr/bin/perl
# same-cells: are a sheet as TSV (ours) and as CSV (of a spreadsheet, raw values) the same?
#     same-cells.pl TSV CSV 1900|1904
# Equal are equal texts, numbers equal in 15 digits, and a date or time against its serial, to
# the second.  Empty rows above and columns before the first cell do not count: spreadsheets leave them
# out of such a file.  Prints the first differences as ROW:COLUMN ours|theirs, and the number of cells compared;
# ends with 1 where something differs.
use strict;
use warnings;

my ($tsv, $csv, $base) = @ARGV;

sub slurp {
	my ($file) = @_;
	open my $in, '<:raw', $file or die "$file: $!\n";
	local $/;
	return <$in> // '';
}

# Without empty rows above the first that is not, and empty columns before it.
sub cut {
	my @rows = @_;
	shift @rows while @rows && !grep { $_ ne '' } @{$rows[0]};
	my $first;
	for my $row (@rows) {
		my ($at) = grep { $row->[$_] ne '' } 0 .. $#$row;
		$first = $at if defined $at && (!defined $first || $at < $first);
	}
	return map { [@$_[($first // 0) .. $#$_]] } @rows;
}

my %plain = (t => "\t", n => "\n", r => "\r", '\\' => '\\');
my @ours = map { [map { s/\\([tnr\\])/$plain{$1}/gr } split /\t/, $_, -1] } split /\n/, slurp($tsv), -1;

my (@theirs, @row);
my $text = slurp($csv);
while ($text =~ /\G(?:"((?:[^"]|"")*)"|([^,\r\n]*))(,|\r?\n|\z)/g) {
	my ($quoted, $plain, $end) = ($1, $2, $3);
	push @row, defined $quoted ? $quoted =~ s/""/"/gr : $plain;
	if ($end ne ',') {
		push @theirs, [@row];
		@row = ();
		last if pos($text) >= length $text;
	}
}

sub days { # of a day since 1899-12-30, as every calendar of spreadsheets has it from March 1900 on
	my ($y, $m, $d) = @_;
	($y, $m) = ($y - 1, $m + 12) if $m < 3;
	my $n = 365 * $y + int($y / 4) - int($y / 100) + int($y / 400) + int((153 * ($m - 3) + 2) / 5) + $d;
	$n -= 693900;
	return $base == 1904 ? $n - 1462 : $n < 61 ? $n - 1 : $n;
}

sub serial { # of our text; undef where it is no date
	my ($text) = @_;
	return 0 if $text eq '1900-01-00';
	my $never = $text =~ /^1900-02-29/;
	if ($text =~ /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d))?$/) {
		my $day = $never ? 60 : days($1, $2, $3);
		return $day + (defined $4 ? ($4 * 3600 + $5 * 60 + $6) / 86400 : 0);
	}
	return ($1 * 3600 + $2 * 60 + $3) / 86400 if $text =~ /^(\d+):(\d\d):(\d\d)$/;
	return undef;
}

my $number = qr/^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$/;
sub same {
	my ($a, $b) = @_;
	return 1 if $a eq $b;
	return 0 unless $b =~ $number;
	return sprintf('%.14e', $a) eq sprintf('%.14e', $b) || abs($a - $b) <= abs($b) * 1e-14 if $a =~ $number;
	my $serial = serial($a);
	return defined $serial && abs($serial - $b) * 86400 < 0.6;
}

@ours = cut(@ours);
@theirs = cut(@theirs);
my ($cells, $wrong) = (0, 0);
my $rows = @ours > @theirs ? @ours : @theirs;
for my $r (0 .. $rows - 1) {
	my ($a, $b) = ($ours[$r] // [], $theirs[$r] // []);
	my $columns = @$a > @$b ? @$a : @$b;
	for my $c (0 .. $columns - 1) {
		my ($x, $y) = ($a->[$c] // '', $b->[$c] // '');
		next if $x eq '' && $y eq '';
		$cells++;
		next if same($x, $y);
		printf "%d:%d %s|%s\n", $r + 1, $c + 1, map { s/\n/\\n/gr } $x, $y if ++$wrong <= 5;
	}
}
print "$cells cells, $wrong differ\n";
exit($wrong ? 1 : 0);
