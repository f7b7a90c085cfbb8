#!/usr/bin/perl
# hanzi-simplified: makes lib/value/hanzi_simplified.csv of Unicode's Unihan_Variants.txt, which
# Debian's package unicode-data has:
#   bzcat /usr/share/unicode/Unihan_Variants.txt.bz2 | tests/gen/hanzi-simplified.pl >lib/value/hanzi_simplified.csv
#
# Taken are the characters of Big5 and GBK that have a kSimplifiedVariant of three bytes in UTF-8,
# and not themselves only; of several the first that is another one (乾 is 干, 著 is 着: both
# sides of a comparison are folded).  Forms of Hong Kong and of old fonts which Unihan knows only
# as semantic variants, and that headers have, are listed here.
use strict;
use warnings;
use utf8;
use open IO => ':encoding(UTF-8)', ':std';
use Encode ();

my %simple = qw(爲 为 裏 里 衆 众 証 证 説 说 録 录 衞 卫 啓 启 綫 线 羣 群 峯 峰 麪 面 佈 布 佔 占 僱 雇 産 产 彙 汇);

sub is_in {
	my ($code, $charset) = @_;
	my $bytes = Encode::encode($charset, chr $code, sub { '' });
	return length $bytes == 2;
}

my ($version, $copyright) = ('', '');
while (<STDIN>) {
	$version = $1 if /^# Unicode version: (\S+)/;
	$copyright = $1 if /^# © (\d+)/;
	my ($code, $targets) = /^U\+([0-9A-F]+)\tkSimplifiedVariant\t(.*)/ or next;
	$code = hex $code;
	my ($to) = grep { $_ != $code && $_ > 0x7FF && $_ < 0x10000 } map { hex s/^U\+//r } split ' ', $targets;
	next unless $to && $code > 0x7FF && $code < 0x10000 && (is_in($code, 'big5-eten') || is_in($code, 'cp936'));
	$simple{chr $code} //= chr $to;
}
die "no Unihan_Variants.txt on standard input\n" unless $version;

# Folding once is folding twice.
for my $code (sort keys %simple) {
	$simple{$code} = $simple{$simple{$code}} while exists $simple{$simple{$code}};
}

while (my $line = <DATA>) {
	print $line =~ s/VERSION/$version/r =~ s/YEAR/$copyright/r;
}
print "$_,$simple{$_}\n" for sort keys %simple;

__DATA__
# Traditional characters and the simplified ones that they are compared as.  Made by tests/gen/hanzi-simplified.pl
# of Unihan_Variants.txt (Unicode VERSION); every line below the header has eight bytes, in order: it is searched as it stands.
#
# Copyright © 1991-YEAR Unicode, Inc. All rights reserved. Distributed under the Terms of Use in
# https://www.unicode.org/copyright.html.
# Permission is hereby granted, free of charge, to any person obtaining a copy of the Unicode data files and any
# associated documentation (the "Data Files") or Unicode software and any associated documentation (the "Software") to
# deal in the Data Files or Software without restriction, including without limitation the rights to use, copy, modify,
# merge, publish, distribute, and/or sell copies of the Data Files or Software, and to permit persons to whom the Data
# Files or Software are furnished to do so, provided that either (a) this copyright and permission notice appear with
# all copies of the Data Files or Software, or (b) this copyright and permission notice appear in associated
# Documentation.
# THE DATA FILES AND SOFTWARE ARE PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND, EXPRESS OR IMPLIED, INCLUDING BUT NOT
# LIMITED TO THE WARRANTIES OF MERCHANTABILITY, FITNESS FOR A PARTICULAR PURPOSE AND NONINFRINGEMENT OF THIRD PARTY
# RIGHTS. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR HOLDERS INCLUDED IN THIS NOTICE BE LIABLE FOR ANY CLAIM, OR ANY
# SPECIAL INDIRECT OR CONSEQUENTIAL DAMAGES, OR ANY DAMAGES WHATSOEVER RESULTING FROM LOSS OF USE, DATA OR PROFITS,
# WHETHER IN AN ACTION OF CONTRACT, NEGLIGENCE OR OTHER TORTIOUS ACTION, ARISING OUT OF OR IN CONNECTION WITH THE USE OR
# PERFORMANCE OF THE DATA FILES OR SOFTWARE.
traditional,simplified
