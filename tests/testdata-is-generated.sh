#!/bin/sh
# testdata-is-generated: the ledgers and the truth are what the generator makes, to the byte, and
# the bench's events are the same on every machine.   tests/testdata-is-generated.sh [BUILD]
set -u
cd "$(dirname "$0")/.." || exit 4
build=${1:-build} passed=0 failed=0
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT

check() { # NAME COMMAND...
	name=$1
	shift
	if "$@" >"$scratch/log" 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $name"
		cat "$scratch/log"
	fi
}

events() { # CHECKSUM ROWS CUSTOMERS SEED
	sum=$1
	shift
	test "$("$build/tests/gen-events" "$@" | cksum)" = "$sum"
}

check "the generator ends well" "$build/tests/gen-ledgers" "$scratch/testdata"
for file in testdata/*.csv testdata/*.txt testdata/truth/*; do
	check "$file is as generated" cmp "$file" "$scratch/$file"
done
check "no file is missing from testdata" test "$(cd "$scratch/testdata" && find . -type f | wc -l)" -eq \
	"$(find testdata -type f ! -name README.md ! -name .gitattributes ! -path "testdata/rules/*" | wc -l)"
check "events of seed 1" events "2557420879 2293272" 20000
check "events of seed 3, few customers" events "3910419656 2298336" 20000 500 3

echo "$passed passed, $failed failed"
test "$failed" -eq 0
