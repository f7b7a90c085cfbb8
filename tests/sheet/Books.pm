# Books: workbooks made for tests, byte by byte, good ones and bad ones.
#
#     zip_file(PATH, [NAME, BYTES, OPTIONS]...)   any archive; see member() for what may be wrong
#     xlsx(PATH, PART => XML...)                  parts that are not given are there all the same; undef: absent
#     rows(XML)                                   a worksheet of these rows
#     xls(PATH, OPTIONS)                          see there
package Books;
use strict;
use warnings;
use Compress::Raw::Zlib;
use Exporter 'import';
our @EXPORT = qw(spill zip_file xlsx rows strings styles xls bare record number label unicode);

sub spill { # PATH BYTES
	open my $out, '>:raw', $_[0] or die "$_[0]: $!";
	print $out $_[1] or die "$_[0]: $!";
	close $out or die "$_[0]: $!";
}

# ---- zip ----

# Packs what calls of a function give, until it gives nothing: packed bytes, checksum, length.
sub deflated {
	my ($next) = @_;
	my $deflate = Compress::Raw::Zlib::Deflate->new(-WindowBits => -MAX_WBITS, -AppendOutput => 1);
	my ($packed, $crc, $size) = ('', 0, 0);
	while (defined(my $bytes = $next->())) {
		utf8::encode($bytes) if utf8::is_utf8($bytes);
		$deflate->deflate($bytes, $packed);
		$crc = crc32($bytes, $crc);
		$size += length $bytes;
	}
	$deflate->flush($packed);
	return ($packed, $crc, $size);
}

# BYTES may be a function that gives them piece by piece.  OPTIONS: flags, method, size, crc: what the archive says instead; packed: the bytes as they stand.
sub member {
	my ($at, $name, $bytes, %option) = @_;
	utf8::encode($bytes) if utf8::is_utf8($bytes);
	my ($method, $flags) = ($option{method} // 8, $option{flags} // 0);
	my @pieces = $bytes;
	my ($packed, $crc, $size) = $method == 8 ? deflated(ref $bytes ? $bytes : sub { shift @pieces }) :
		($bytes, crc32($bytes), length $bytes);
	($packed, $crc, $size) = ($option{packed} // $packed, $option{crc} // $crc, $option{size} // $size);
	my $fields = pack('v5V3v2', 20, $flags, $method, 0, 33, $crc, length $packed, $size, length $name, 0);
	my $local = pack('V', 0x04034b50) . $fields . $name . $packed;
	my $central = pack('Vv', 0x02014b50, 20) . $fields . pack('v3V2', 0, 0, 0, 0, $at) . $name;
	return ($local, $central);
}

sub zip_bytes {
	my ($all, $directory) = ('', '');
	for (@_) {
		my ($local, $central) = member(length $all, @$_);
		$all .= $local;
		$directory .= $central;
	}
	return $all . $directory . pack('Vv4V2v', 0x06054b50, 0, 0, scalar @_, scalar @_, length $directory, length $all, 0);
}

sub zip_file {
	my ($path, @members) = @_;
	spill($path, zip_bytes(@members));
}

# ---- xlsx ----

my $main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
my $office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';

sub rows { return qq(<worksheet xmlns="$main"><sheetData>$_[0]</sheetData>) . ($_[1] // '') . '</worksheet>' }
sub strings { return qq(<sst xmlns="$main">) . join('', map { "<si>$_</si>" } @_) . '</sst>' }
# Of the styles 0, 1, ...: the numbers of their formats; codes of own formats by number.
sub styles {
	my ($formats, %codes) = @_;
	return qq(<styleSheet xmlns="$main"><numFmts>)
		. join('', map { qq(<numFmt numFmtId="$_" formatCode="$codes{$_}"/>) } sort keys %codes)
		. '</numFmts><cellStyleXfs><xf numFmtId="22"/></cellStyleXfs><cellXfs>'
		. join('', map { qq(<xf numFmtId="$_"/>) } @$formats) . '</cellXfs></styleSheet>';
}

sub xlsx {
	my ($path, %part) = @_;
	my %options = %{delete $part{options} // {}};
	my %given = %part;
	my $kind = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
	$part{'[Content_Types].xml'} = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
		. '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
		. '<Default Extension="xml" ContentType="application/xml"/>'
		. qq(<Override PartName="/xl/workbook.xml" ContentType="$kind.sheet.main+xml"/>)
		. qq(<Override PartName="/xl/worksheets/sheet1.xml" ContentType="$kind.worksheet+xml"/>)
		. qq(<Override PartName="/xl/sharedStrings.xml" ContentType="$kind.sharedStrings+xml"/>)
		. qq(<Override PartName="/xl/styles.xml" ContentType="$kind.styles+xml"/></Types>);
	$part{'_rels/.rels'} = qq(<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="a" Type="$office/officeDocument" Target="xl/workbook.xml"/></Relationships>);
	$part{'xl/workbook.xml'} = qq(<workbook xmlns="$main" xmlns:r="$office"><sheets><sheet name="Sheet1" sheetId="1" r:id="s1"/></sheets></workbook>);
	$part{'xl/_rels/workbook.xml.rels'} = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
		. qq(<Relationship Id="s1" Type="$office/worksheet" Target="worksheets/sheet1.xml"/>)
		. qq(<Relationship Id="s2" Type="$office/worksheet" Target="/xl/worksheets/sheet2.xml"/>)
		. qq(<Relationship Id="c1" Type="$office/chartsheet" Target="chartsheets/sheet1.xml"/>)
		. qq(<Relationship Id="t" Type="$office/sharedStrings" Target="sharedStrings.xml"/>)
		. qq(<Relationship Id="f" Type="$office/styles" Target="styles.xml"/>)
		. '</Relationships>';
	%part = (%part, %given);
	delete $part{$_} for grep { !defined $part{$_} } keys %part;
	zip_file($path, map { [$_, $part{$_}, %{$options{$_} // {}}] } sort keys %part);
}

# ---- xls ----

sub record { my ($type, $bytes) = @_; return pack('vv', $type, length $bytes) . $bytes }
sub number { my ($row, $column, $xf, $value) = @_; return record(0x203, pack('v3d<', $row, $column, $xf, $value)) }
# A string of BIFF8 behind its length: of one byte to a character where it fits.
sub unicode {
	my ($text) = @_;
	return $text =~ /[^\x00-\xff]/ ? pack('C', 1) . pack('v*', utf16($text)) :
		pack('C', 0) . pack('C*', map { ord } split //, $text);
}
sub utf16 {
	return map { my $c = ord; $c < 0x10000 ? $c : (0xD800 + (($c - 0x10000) >> 10), 0xDC00 + (($c - 0x10000) & 0x3FF)) } split //, $_[0];
}
# A text in its cell: characters (BIFF8) or bytes.
sub label {
	my ($row, $column, $text, $biff) = @_;
	return record(0x204, pack('v4', $row, $column, 0, scalar(my @units = utf16($text))) . unicode($text)) if ($biff // 8) == 8;
	return record(0x204, pack('v4', $row, $column, 0, length $text) . $text);
}

# One sector after the other: header, table, directory, [small streams' table,] streams.
sub compound {
	my ($name, $stream, $small) = @_;
	my $entry = sub {
		my ($title, $type, $child, $start, $size) = @_;
		my $wide = join '', map { pack 'v', ord } split //, $title;
		return pack('a64v', $wide, length($wide) + 2) . pack('CC', $type, 1) . pack('V3', 0xFFFFFFFF, 0xFFFFFFFF, $child)
			. "\0" x 36 . pack('V3', $start, $size, 0);
	};
	my $size = length $stream;
	$stream .= "\0" x (4096 - $size) if !$small && $size < 4096;
	$size = length $stream if !$small;
	my $sectors = int((length($stream) + 511) / 512);
	my $tables = int(($sectors + 2 + 127 + 8) / 128) + 1;
	my $first = $tables + 1 + ($small ? 1 : 0);
	my @next = ((0xFFFFFFFD) x $tables, 0xFFFFFFFE, $small ? 0xFFFFFFFE : ());
	push @next, map { $_ == $sectors - 1 ? 0xFFFFFFFE : $first + $_ + 1 } 0 .. $sectors - 1;
	push @next, (0xFFFFFFFF) x ($tables * 128 - @next);
	my $directory = $entry->('Root Entry', 5, 1, $small ? ($first, $sectors * 512) : (0xFFFFFFFE, 0))
		. $entry->($name, 2, 0xFFFFFFFF, $small ? (0, $size) : ($first, $size));
	my $header = pack('H16', 'd0cf11e0a1b11ae1') . "\0" x 16 . pack('v5', 0x3E, 3, 0xFFFE, 9, 6) . "\0" x 6
		. pack('V9', 0, $tables, $tables, 0, 4096, $small ? ($tables + 1, 1) : (0xFFFFFFFE, 0), 0xFFFFFFFE, 0)
		. pack('V*', map { $_ < $tables ? $_ : 0xFFFFFFFF } 0 .. 108);
	my $table = pack('V*', @next);
	my $minis = int(($size + 63) / 64);
	my $mini = $small ? pack('V128', map { $_ < $minis - 1 ? $_ + 1 : $_ == $minis - 1 ? 0xFFFFFFFE : 0xFFFFFFFF } 0 .. 127) : '';
	return $header . $table . pack('a512', $directory) . $mini . $stream . "\0" x ($sectors * 512 - length $stream);
}

# xls(PATH, biff => 8 or 5, small => 1, stream => NAME, globals => RECORDS, sheets => [NAME, RECORDS, STATE, TYPE]...)
sub xls {
	my ($path, %option) = @_;
	my $biff = $option{biff} // 8;
	my $bof = sub { record(0x809, pack('v4V2', $biff == 8 ? 0x600 : 0x500, $_[0], 0, 0, 0, 0)) };
	my $end = record(0x0A, '');
	my @sheets = @{$option{sheets}};
	my $globals = $bof->(5) . ($option{globals} // '');
	my $bound = sub {
		my ($at, $name, $state, $type) = @_;
		my $text = $biff == 8 ? pack('C', scalar(my @u = utf16($name))) . unicode($name) : pack('C/a', $name);
		return record(0x85, pack('VCC', $at, $state // 0, $type // 0) . $text);
	};
	my $at = length($globals) + length($end);
	$at += length $bound->(0, @$_[0, 2, 3]) for @sheets;
	my ($list, $bodies) = ('', '');
	for (@sheets) {
		my ($name, $records, $state, $type) = @$_;
		$list .= $bound->($at + length $bodies, $name, $state, $type);
		$bodies .= $bof->(0x10) . $records . $end;
	}
	spill($path, compound($option{stream} // ($biff == 8 ? 'Workbook' : 'Book'), $globals . $list . $end . $bodies, $option{small}));
}

# The stream alone, of one sheet, as small programs write it.
sub bare { # PATH RECORDS [BOF]
	my ($path, $records, $bof) = @_;
	spill($path, ($bof // record(0x809, pack('v4', 0, 0x10, 0, 0))) . $records . record(0x0A, ''));
}

1;
