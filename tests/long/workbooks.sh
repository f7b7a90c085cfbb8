#!/bin/bash
# workbooks: real workbooks, cell by cell against gnumeric's ssconvert.   tests/long/workbooks.sh [BUILD]
#
# Sheets are compared in order, those without a cell left out (gnumeric counts charts as sheets).
# What remains different is explained below, and must be as many cells as are said there.
set -u
cd "$(dirname "$0")/../.." || exit 4
build=$(realpath "${1:-build}") data=../shared/data passed=0 failed=0 cells=0
if ! command -v ssconvert >/dev/null || ! test -d $data/excel; then
	echo "skipped: no public workbooks here, or no ssconvert (gnumeric)"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
export LC_ALL=C.UTF-8
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT

# Cells that differ, for a reason:
declare -A known=(
	# A formula whose value was not stored: gnumeric reckons it, here the cell is in doubt.
	[missing-v-node-xlsx.xlsx]=1
	# gnumeric does not undo _x000D_ and _x005F_ (ECMA-376 part 1, 22.9.2.19).
	[new_line_errors.xlsx]=2 [t09.xlsx]=1
)
# gnumeric does not read these at all: no relations where it looks for them; the prefix x: on every
# element, as WPS writes it.
unread='los-angeles-arrests-xlsx.xlsx t02.xlsx'

not_empty() { # FILE...: those with a cell, in the order of their numbers
	local file
	for file; do grep -q '[^",]' "$file" && echo "$file"; done | sort -V
}

compare() { # FILE
	local file=$1 name=${1##*/} base=1900 sheets i said differ=0
	local -a ours theirs
	rm -f "$scratch"/ours.* "$scratch"/theirs.*
	ssconvert -S -T Gnumeric_stf:stf_assistant -O 'format=raw quoting-mode=always separator=,' \
		"$file" "$scratch/theirs.%n" >/dev/null 2>&1
	"$build/tests/sheet-cat" "$file" >"$scratch/list" || return
	head -n 1 "$scratch/list" | grep -q 1904 && base=1904
	sheets=$(grep -cE '^(sheet|hidden) ' "$scratch/list")
	for ((i = 1; i <= sheets; i++)); do
		"$build/tests/sheet-cat" "$file" $i >"$scratch/ours.$i" || return
	done
	mapfile -t ours < <(not_empty "$scratch"/ours.*)
	mapfile -t theirs < <(test -e "$scratch/theirs.0" && not_empty "$scratch"/theirs.*)
	if [[ " $unread " == *" $name "* ]]; then
		test ${#theirs[@]} -eq 0 && return
		echo "$name: read by gnumeric after all"
		return 1
	fi
	test ${#ours[@]} -eq ${#theirs[@]} || { echo "$name: ${#ours[@]} sheets, there ${#theirs[@]}"; return 1; }
	for ((i = 0; i < ${#ours[@]}; i++)); do
		said=$(tests/sheet/same-cells.pl "${ours[i]}" "${theirs[i]}" $base) || sed "s/^/$name: /; \$d" <<<"$said" >>"$scratch/said"
		[[ $said =~ ([0-9]+)" cells, "([0-9]+)" differ"$ ]] || return
		((cells += BASH_REMATCH[1], differ += BASH_REMATCH[2]))
	done
	test $differ -eq "${known[$name]:-0}" && return
	echo "$name: $differ cells differ"
	cat "$scratch/said"
	return 1
}

while read -r file; do
	: >"$scratch/said"
	if compare "$file"; then ((passed++)); else ((failed++)); fi
done < <(find $data/excel $data/legacy-cn -name '*.xls' -o -name '*.xlsx' | sort)
echo "$cells cells compared"
echo "$passed passed, $failed failed"
test $failed -eq 0
