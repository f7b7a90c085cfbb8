#!/bin/bash
# fuzz: every target of tests/fuzz for FUZZ_SECONDS (180) each, by libFuzzer where clang has
# it, else by our own driver with more rounds.   tests/long/fuzz.sh [BUILD [TARGET]]
# Inputs that were found new are kept in BUILD/corpus; a crash in BUILD/crash/.
set -u
cd "$(dirname "$0")/../.." || exit 4
build=${1:-build} only=${2:-.*} seconds=${FUZZ_SECONDS:-180} passed=0 failed=0
mkdir -p "$build/corpus" "$build/crash" && log=$(mktemp) || exit 4
trap 'rm -f "$log"' EXIT
checks=address,undefined
flags="-fno-sanitize-recover=all -fno-omit-frame-pointer"

make_fuzzers() {
	make -s -j"$(nproc)" CC=clang FUZZ_DRIVER= B="$build/libfuzzer" OPTIMIZE='-O1 -g' \
		CFLAGS="-fsanitize=$checks,fuzzer-no-link $flags" LDFLAGS="-fsanitize=$checks,fuzzer" fuzzers
}
libfuzzer() { # TARGET
	mkdir -p "$build/corpus/$1"
	"$build/libfuzzer/fuzz/$1" -timeout=10 -rss_limit_mb=1500 -max_len=2048 -max_total_time="$seconds" \
		-print_final_stats=1 -artifact_prefix="$build/crash/$1-" "$build/corpus/$1" "tests/fuzz/corpus/$1"
}
# What was done, in a line: inputs tried, edges of code that they reach.
figures() { # TARGET
	awk -v target="$1" '/^stat::number_of_executed_units/ { tried = $2 } /: [0-9]+ inputs$/ { tried += $(NF - 1) }
		$3 == "cov:" { edges = $4 } END { printf "%-12s %d inputs%s\n", target, tried, edges ? ", " edges " edges" : "" }' "$log"
}
driver() { # TARGET: until the time is over, each round with another seed
	local end=$((SECONDS + seconds)) seed=1
	while ((SECONDS < end)); do
		"$build/sanitize/fuzz/$1" "tests/fuzz/corpus/$1" 5000 $((seed++)) || return
	done
}

if make_fuzzers >"$log" 2>&1; then how=libfuzzer; else
	echo "no libFuzzer (clang and libclang-rt-dev have it): our own driver"
	how=driver
	make --no-print-directory sanitized-fuzzers B="$build" >"$log" 2>&1 || cat "$log"
fi
for source in tests/fuzz/*.c; do
	target=$(basename "$source" .c)
	test "$target" != driver && grep -qxE "$only" <<<"$target" || continue
	if $how "$target" >"$log" 2>&1; then
		((passed++))
		figures "$target"
	else
		((failed++))
		echo "FAILED: $target"
		grep -avE '^#|^INFO' "$log" | tail -n 25
	fi
done
echo "$passed passed, $failed failed"
test $failed -eq 0
