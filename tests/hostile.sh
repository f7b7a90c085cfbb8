#!/bin/bash
# hostile: what an unlucky clerk or an attacker does, once tried and mended.   tests/hostile.sh BUILD
set -u
build=$(realpath "${1:-build}") || exit 4
export PATH=$build/bin:$PATH LC_ALL=C
dir=$(mktemp -d) || exit 4
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 4
passed=0 failed=0

ends() { # WHAT STATUS MESSAGE COMMAND...
	local what=$1 status=$2 message=$3 got
	shift 3
	"$@" >out 2>err </dev/null
	got=$?
	holds "$what" test "$got" = "$status"
	holds "$what: says so" grep -qF -- "$message" err
}
holds() { # WHAT COMMAND...
	local what=$1
	shift
	if "$@"; then ((passed++)); else
		((failed++))
		echo "not so: $what"
		head -n 3 err
	fi
}
says_not() { ! grep -qE -- "$1" err; }

printf 'uid,amount\nU1,1\nx\n' >in.csv
cp in.csv before.csv

# Files named twice: nothing is written over the output or the input.
ends 'rejects over the output' 2 'name one file' crm-select -o same.csv --rejects same.csv in.csv
ends 'stats over the output' 2 'name one file' crm-sort -k uid -o same.csv --stats same.csv in.csv
ends 'rejects over the input' 2 'names an input' crm-select --rejects ./in.csv in.csv
holds 'the input is what it was' cmp -s in.csv before.csv
ends 'rejects on standard output' 2 'a file is wanted' crm-select --rejects - in.csv

# In time.
yes '' | head -c 60M >empty.csv
ends 'nothing but empty lines' 3 'not even a header' timeout 10 crm-select empty.csv

# Before any data is read.
ends 'a shard that is none' 2 'I/N is wanted' crm-select --shard 0/0 --shard-by uid in.csv
holds 'writes nothing' test ! -s out
ends 'a code that no doubt has' 2 'no code "nosuch"' crm-select --strict nosuch in.csv
printf 'a\n\377\nb\n' >bytes.csv
ends 'bytes that are no UTF-8' 1 'bytes.csv:2' crm-select --strict utf8 bytes.csv

# A run that fails keeps the rejects of all rows before that place, for any number of threads.
awk 'BEGIN { print "a,b"; for (i = 0; i < 100000; i++) print i % 10 ? "1,2" : "x" }' >rows.csv
{ cat rows.csv; printf '"'; } >open.csv
{ cat rows.csv; echo '1,"'; yes 'not closed' | head -c 20M; } >long.csv
gzip -c rows.csv | head -c -4 >cut.csv.gz
{ gzip -c rows.csv | head -c -8; printf 'no-crc--'; } >sum.csv.gz
{ gzip -c rows.csv; echo more; } >more.csv.gz
printf 'a\n1\n' >one.csv
zstd -qc rows.csv | head -c -1 >cut.csv.zst
kept() { # FILE MESSAGE COMMAND...: 10000 rejects
	rm -f rejects.csv
	ends "$1: ${*:3}" 3 "$2" "${@:3}" --rejects rejects.csv "$1"
	holds "$1: rejects are whole: ${*:3}" test "$(wc -l <rejects.csv)" = 10001
}
for threads in 1 2 7; do
	kept open.csv 'never closed' crm-select --threads $threads
	kept long.csv 'not closed within 16 MiB' crm-select --threads $threads
	kept cut.csv.gz 'gzip: truncated' crm-select --threads $threads
	kept sum.csv.gz 'wrong checksum' crm-select --threads $threads
	kept more.csv.gz 'something else follows' crm-select --threads $threads
	kept cut.csv.zst 'zstd: truncated' crm-select --threads $threads
done
kept cut.csv.gz 'gzip: truncated' crm-sort -k a:number
kept cut.csv.gz 'gzip: truncated' crm-sort --merge-sorted -k a
kept cut.csv.gz 'gzip: truncated' crm-join --sorted -k a --with one.csv
kept cut.csv.gz 'gzip: truncated' crm-import --as raw
# The same where crm-import sees less than its sample, and where a byte is of no encoding.
head -n 100 rows.csv | gzip -c | head -c -4 >small.csv.gz
{ head -n 100 rows.csv; printf '1,\377\n1,2\n'; } >byte.csv
{ head -n 100 rows.csv; printf "'open\n"; } >quote.csv
for file in small.csv.gz byte.csv quote.csv; do
	rm -f rejects.csv
	"crm-import" --as raw --encoding UTF-8 --quote "'" --rejects rejects.csv $file >out 2>err
	holds "$file: status 3" test $? = 3
	holds "$file: rejects are whole" test "$(wc -l <rejects.csv)" = 11
done
head -n 1 rows.csv | gzip -c | head -c -4 >header.csv.gz
ends 'a header and no row' 3 'gzip: truncated' crm-import --as raw header.csv.gz
holds 'nothing is written' test ! -s out

# Messages: nothing personal, nothing that a terminal or a reader of JSON chokes on.
printf '张三,13900001234,x\n李四,13900001235,y\n' >nohead.csv
ends 'a row for a header' 3 'looks like a row' crm-select -c uid nohead.csv
holds 'the row is not shown' says_not '张三|[0-9]{11}'
ends 'a name that is no UTF-8' 3 '\xFF' crm-select -- $'\377\033[31m.csv'
ends 'the same as JSON' 3 '\u00ff' crm-select --errors json -- $'\377"\033[31m.csv'
holds 'which is UTF-8' iconv -f UTF-8 -t UTF-8 -o /dev/null err

echo "$passed passed, $failed failed"
test $failed -eq 0
