#!/bin/bash
# faults: every tool through the generic runner of faults (some 160 each), where it is at
# hand.   tests/long/faults.sh [BUILD [TOOL]]   FAULTS=PATH names another runner
set -u
cd "$(dirname "$0")/../.." || exit 4
faults=$(realpath -q "${FAULTS:-../shared/tools/faults.sh}")
if ! test -r "$faults"; then
	echo "skipped: the runner of faults is not here"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
build=$(realpath "${1:-build}") passed=0 failed=0
cd tests/contract || exit 4
while IFS=$'\t' read -r tool args sample _; do
	case $tool in '#'* | '') continue ;; esac
	test "$sample" != - && grep -qxE "${2:-.*}" <<<"$tool" || continue
	test "$args" != - || args=
	eval "args=($args)"
	text=$(bash "$faults" -i "$sample" -- "$build/bin/$tool" "${args[@]}" 2>&1)
	if test $? -eq 0; then ((passed++)); else
		((failed++))
		echo "$tool:"
		grep -E 'FAIL|[0-9] failed' <<<"$text"
	fi
done <../contract.args
echo "$passed passed, $failed failed"
test $failed -eq 0
