#!/bin/bash
# public-workbooks: real workbooks that nobody here made are read, or refused with a reason.
# tests/public-workbooks.sh [BUILD]     (cell by cell against a spreadsheet: tests/long/workbooks.sh)
#
# They are no part of the project: where ../shared/data is absent, each check is skipped.
set -u
cd "$(dirname "$0")/.." || exit 4
cat=$(realpath "${1:-build}")/tests/sheet-cat data=../shared/data passed=0 failed=0 skipped=0
export LC_ALL=C.UTF-8
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT

check() { # WHAT COMMAND...
	if "${@:2}"; then
		((passed++))
	else
		((failed++))
		echo "FAILED: $1"
	fi
}

# Every sheet of a file, and how it ended.
whole() { # FILE
	local sheets i
	sheets=$("$cat" "$1" 2>"$scratch/err" | grep -cE '^(sheet|hidden) ')
	test "${PIPESTATUS[0]}" -eq 0 -a "$sheets" -gt 0 || return
	for ((i = 1; i <= sheets; i++)); do
		"$cat" "$1" $i 2>"$scratch/err" || return
	done >"$scratch/out"
	iconv -f UTF-8 -t UTF-8 -o /dev/null "$scratch/out"
}

files=()
if test -d $data/excel; then
	mapfile -t files < <(find $data/excel $data/legacy-cn -name '*.xls' -o -name '*.xlsx' | sort)
fi
for file in "${files[@]}"; do
	check "$file: $(cat "$scratch/err" 2>/dev/null)" whole "$file"
done
if test ${#files[@]} -gt 0; then
	check "workbooks: ${#files[@]}" test ${#files[@]} -ge 113
else
	echo "skipped: no public workbooks here"
	((skipped++))
fi

# A BIFF8 workbook, a sheet to a district, and its author's CSV in GBK: the same cells.
showings=$data/legacy-cn/shanghai-showings-gbk-xls
if test -d $showings; then
	for i in 1 2 3 4 5 6 7; do "$cat" $showings/house.xls $i | tail -n +2; done >"$scratch/xls"
	iconv -f GB18030 -t UTF-8 $showings/综合.csv | tr -d '\r' | tr , '\t' >"$scratch/csv"
	check "house.xls: 177 rows" test "$(wc -l <"$scratch/xls")" -eq 177
	check "house.xls is 综合.csv" cmp -s "$scratch/xls" "$scratch/csv"
else
	((skipped += 2))
fi

test $skipped -eq 0 && more= || more=", $skipped skipped"
echo "$passed passed, $failed failed$more"
test $failed -eq 0
