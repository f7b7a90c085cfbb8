#!/bin/bash
# clang: the second compiler builds everything without a warning, and what it builds gives
# the same outputs.   tests/long/clang.sh [BUILD]
set -u
cd "$(dirname "$0")/../.." || exit 4
build=${1:-build}/clang
if ! command -v clang >/dev/null; then
	echo "skipped: clang is not installed"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
passed=0 failed=0
said=$(make -s -j"$(nproc)" CC=clang B="$build" tools units 2>&1)
if test $? -eq 0 -a -z "$said"; then ((passed++)); else
	((failed++))
	echo "$said" | head -n 40
fi
if tests/run "$build"; then ((passed++)); else ((failed++)); fi
for unit in "$build"/unit/*; do
	test -x "$unit" -a -f "$unit" || continue
	if "$unit" >/dev/null; then ((passed++)); else
		((failed++))
		echo "FAILED: $unit"
	fi
done
echo "$passed passed, $failed failed"
test $failed -eq 0
