#!/bin/bash
# fuzz: every target of tests/fuzz under sanitizers, on its corpus and on some mutations of it,
# always the same ones; a few seconds.   tests/fuzz.sh BUILD   (FUZZ_ROUNDS: mutations, of each)
set -u
cd "$(dirname "$0")/.." || exit 4
build=${1:-build} passed=0 failed=0
log=$(mktemp) || exit 4
trap 'rm -f "$log"' EXIT
said=$(make --no-print-directory sanitized-fuzzers B="$build" 2>&1)
if test $? -ne 0; then
	echo "$said" | tail -n 20
	echo "0 passed, 1 failed"
	exit 1
fi
for source in tests/fuzz/*.c; do
	target=$(basename "$source" .c)
	test "$target" != driver || continue
	if "$build/sanitize/fuzz/$target" "tests/fuzz/corpus/$target" "${FUZZ_ROUNDS:-400}" >"$log" 2>&1; then
		((passed++))
	else
		((failed++))
		echo "FAILED: $target"
		tail -n 12 "$log"
	fi
done
echo "$passed passed, $failed failed"
test $failed -eq 0
