#!/bin/bash
# sheets: a workbook of a million rows, its memory and its speed.   tests/long/sheets.sh BUILD
#
# Memory is a promise (128 MB, with a million texts that differ); speed depends on the machine: a
# million cells a second of processor time are wanted, and a quarter of it is a failure.
set -u
cd "$(dirname "$0")/../.." || exit 4
build=$(realpath "${1:-build}") passed=0 failed=0
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT

check() { # WHAT COMMAND...
	if "${@:2}"; then ((passed++)); else
		((failed++))
		echo "FAILED: $1"
	fi
}
run() { # FILE SHEET: kibibytes in $memory, hundredths of a second of processor time in $time
	TIMEFORMAT='%U %S'
	{ time "$build/tests/measure" "$scratch/record" "$scratch/out" "$build/tests/sheet-cat" "$1" "$2" 2>"$scratch/err"; } 2>"$scratch/time" || return
	read -r _ memory <"$scratch/record"
	time=$(awk '{ printf "%d", ($1 + $2) * 100 }' "$scratch/time")
	rm "$scratch/record"
}

tests/sheet/million.pl "$scratch/million.xlsx" 1000000 || exit 4
check 'read' run "$scratch/million.xlsx" 1
check 'a million rows' test "$(wc -l <"$scratch/out")" -eq 1000000
check 'twelve columns' test "$(awk -F '\t' 'NF != 12' "$scratch/out" | wc -l)" -eq 0
check 'the last row' grep -q $'^1000000\t.*0999999\t' <(tail -n 1 "$scratch/out")
echo "a million rows of 12 cells: $((12 * 1000000 * 100 / time)) cells a second, $((memory / 1024)) MiB"
check "memory: $memory KiB" test "$memory" -lt 128000
check "speed: $time hundredths" test "$time" -lt 4800
tests/sheet/million.pl "$scratch/styled.xlsx" 1048576 styled || exit 4
check 'styled cells without values' run "$scratch/styled.xlsx" 1
check 'say nothing' test ! -s "$scratch/out"
check "memory: $memory KiB" test "$memory" -lt 32000
echo "$passed passed, $failed failed"
test $failed -eq 0
