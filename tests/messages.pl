#!/usr/bin/perl
# messages: every text that a user may read has a Chinese twin in lib/base/zh_*.h with the same
# conversions in the same order, and no twin is stale.   tests/messages.pl [BUILD]
#
# Texts are found as the sources give them: the format argument of every function declared with
# PRINTF(N, M) and of macros that hand __VA_ARGS__ to one; translate("...") and the array A of
# translate(A[...]); TRANSLATED("..."); the last argument of OPT_...(); `.does = "..."`.
# `tests/messages.pl --missing` prints the lines that are wanting, to be filled in.
use strict;
use warnings;
use FindBin;
chdir "$FindBin::Bin/.." or die;
my $print_missing = @ARGV && $ARGV[0] eq '--missing';
my $string = qr/"(?:[^"\\]|\\.)*"/;
my (%source, %format_at, %used, %twin, @wrong);

for my $file (glob 'lib/*/*.[ch] cmd/*.c') {
	open my $in, '<', $file or die "$file: $!";
	my $text = do { local $/; <$in> };
	# Comments go, strings stay.
	$text =~ s{($string|'(?:[^'\\]|\\.)+')|//[^\n]*|/\*.*?\*/}{$1 // ' '}gse;
	$source{$file} = $text;
}

# Which functions take a message, and as which argument.
for my $text (values %source) {
	while ($text =~ /(\w+)\s*\(([^;{}()]|\([^()]*\))*\)\s*(?:PRINTF\(|__attribute__\(\(format\(printf,\s*)(\d+)/g) {
		$format_at{$1} = $3 unless $1 =~ /_printf$/;
	}
}
for my $text (values %source) {
	while ($text =~ /^#define\s+(\w+)\(([^)]*)\.\.\.\)\s*(?:\\\n\s*)?(\w+)\(.*__VA_ARGS__\)/mg) {
		$format_at{$1} = 1 + ($2 =~ tr/,//) if $format_at{$3};
	}
}

sub unquote { # the text of string literals that stand together
	my $text = join '', map { substr $_, 1, -1 } $_[0] =~ /$string/g;
	return $text;
}

# The arguments of the call whose opening parenthesis was just passed.
sub arguments {
	my ($text, $at) = @_;
	my ($depth, @args) = (1, '');
	pos($$text) = $at;
	while ($depth && $$text =~ /\G($string|'(?:[^'\\]|\\.)+'|.)/gs) {
		my $token = $1;
		$depth++ if $token =~ /^[(\[{]$/;
		$depth-- if $token =~ /^[)\]}]$/;
		if ($token eq ',' && $depth == 1) {
			push @args, '';
		} elsif ($depth) {
			$args[-1] .= $token;
		}
	}
	return @args;
}

sub note { # each run of literals in an expression is one text: `found ? "a" : "b" "c"` has two
	my ($file, $expression) = @_;
	push @wrong, "$file: a message is put together with a macro: $expression" if $expression =~ /\bPRI[a-zA-Z]\w*/;
	while ($expression =~ /($string(?:\s*$string)*)/g) {
		my $text = unquote($1);
		(my $words = $text) =~ s/%[-+ #0]*[\d.*]*(?:hh|ll|[hlzjt])?[a-zA-Z%]|\\.//g;
		$used{$text} //= $file if $words =~ /[A-Za-z]/;
	}
}

for my $file (sort keys %source) {
	my $text = $source{$file};
	(my $calls = $text) =~ s/^#define\b(?:.*\\\n)*.*//mg;
	while ($calls =~ /\b(\w+)\s*\(/g) {
		my ($name, $at) = ($1, pos $calls);
		my $which = $format_at{$name} // ($name =~ /^(translate|TRANSLATED)$/ ? 1 : $name =~ /^OPT_[A-Z]+$/ ? -1 : 0);
		next unless $which;
		my @args = arguments(\$calls, $at);
		pos($calls) = $at;
		my $expression = $which < 0 ? $args[-1] : $args[$which - 1] // '';
		note($file, $expression);
		if ($name eq 'translate' && $expression =~ /^(\w+)\[/ && $text =~ /\b$1\[[^\]]*\]\s*=\s*\{(.*?)\};/s) {
			note($file, $1);
		}
	}
	note($file, $1) while $text =~ /\.does\s*=\s*((?:$string\s*)+)/g;
}

for my $file (glob 'lib/base/zh_*.h') {
	my $text = $source{$file} // next;
	while ($text =~ /\{\s*((?:$string\s*)+),\s*((?:$string\s*)+)\}/g) {
		my ($english, $chinese) = (unquote($1), unquote($2));
		push @wrong, "$file: twice: \"$english\"" if exists $twin{$english};
		$twin{$english} = $chinese;
		my @conversions = map { join ' ', /%[-+ #0]*[\d.*]*(?:hh|ll|[hlzjt])?[a-zA-Z%]/g } $english, $chinese;
		push @wrong, "$file: conversions differ: \"$english\"" if $conversions[0] ne $conversions[1];
		push @wrong, "$file: stale: \"$english\"" unless $used{$english};
	}
}

my @missing = grep { !exists $twin{$_} } sort { $used{$a} cmp $used{$b} || $a cmp $b } keys %used;
if ($print_missing) {
	my $last = '';
	for (@missing) {
		print "\t/* $used{$_} */\n" if $used{$_} ne $last;
		$last = $used{$_};
		print "\t{ \"$_\", \"\" },\n";
	}
	exit 0;
}
push @wrong, "$used{$_}: no Chinese text: \"$_\"" for @missing;
print "FAILED: $_\n" for @wrong;
printf "%d passed, %d failed\n", scalar(keys %used) - @missing, scalar @wrong;
exit(@wrong ? 1 : 0);
