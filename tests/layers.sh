#!/bin/bash
# layers: a file includes only rooms at or below its own.   tests/layers.sh
#
# Rooms not named here are subject rooms; these do not know each other.
set -u
cd "$(dirname "$0")/.." || exit 4
declare -A level=([base]=0 [value]=1 [table]=2 [engine]=3 [ledger]=4 [rule]=5 [render]=7 [sheet]=7 [cli]=8 [cmd]=9)
passed=0 failed=0
while IFS=: read -r file line include; do
	room=${file#lib/} room=${room%%/*} below=${include#*\"} below=${below%%/*}
	if [[ $room == "$below" ]] || ((${level[$room]:-6} > ${level[$below]:-6})); then
		((passed++))
	else
		((failed++))
		echo "$file:$line: $room includes $below"
	fi
done < <(grep -n '^#include "[^"]*/' lib/*/*.[ch] cmd/*.c | grep -v '\.csv\.h"')

# A library's header stands in the files of one room only.
while read -r header rooms; do
	if test "$(grep -lE "^#include <$header>" lib/*/*.[ch] cmd/*.c | cut -d/ -f2 | sort -u | wc -l)" -le 1; then
		((passed++))
	else
		((failed++))
		echo "<$header> is included in several rooms"
	fi
done <<END
csv.h
pcre2.h
zlib.h
zstd.h
iconv.h
xxhash.h
expat.h
minizip/unzip.h
linux/seccomp.h
sodium.h
getopt.h
END
echo "$passed passed, $failed failed"
test $failed -eq 0
