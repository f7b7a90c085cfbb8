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

# Before any data is read.
ends 'a shard that is none' 2 'I/N is wanted' crm-select --shard 0/0 --shard-by uid in.csv
holds 'writes nothing' test ! -s out
ends 'a code that no doubt has' 2 'no code "nosuch"' crm-select --strict nosuch in.csv
printf 'a\n\377\nb\n' >bytes.csv
ends 'bytes that are no UTF-8' 1 'bytes.csv:2' crm-select --strict utf8 bytes.csv

# A run that fails keeps the rejects of all rows before that place, for any number of threads.
awk 'BEGIN { print "a,b"; for (i = 0; i < 100000; i++) print i % 10 ? "1,2" : "x"; printf "\"" }' >open.csv
for threads in 1 2 7; do
	ends "an open quote, $threads threads" 3 'never closed' crm-select --threads $threads --rejects rejects.csv open.csv
	holds "rejects are whole, $threads threads" test "$(wc -l <rejects.csv)" = 10001
done

# Messages: nothing personal, nothing that a terminal or a reader of JSON chokes on.
printf '张三,13900001234,x\n李四,13900001235,y\n' >nohead.csv
ends 'a row for a header' 3 'looks like a row' crm-select -c uid nohead.csv
holds 'the row is not shown' says_not '张三|[0-9]{11}'
ends 'a name that is no UTF-8' 3 '\xFF' crm-select -- $'\377\033[31m.csv'
ends 'the same as JSON' 3 '\u00ff' crm-select --errors json -- $'\377"\033[31m.csv'
holds 'which is UTF-8' iconv -f UTF-8 -t UTF-8 -o /dev/null err

echo "$passed passed, $failed failed"
test $failed -eq 0
