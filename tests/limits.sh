#!/bin/bash
# limits: the reader's limits, on both sides of each.   tests/limits.sh BUILD
set -u
build=${1:-build}
select=$(realpath "$build/bin/crm-select")
dir=$(mktemp -d) || exit 4
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 4
passed=0 failed=0

# try WHAT STATUS MESSAGE: runs crm-select on `file`; the output must be the input where the
# status is 0, and the message must be said where it is not.
try() {
	"$select" -q file >out 2>err
	local status=$?
	if [ $status = "$2" ] && { [ "$2" != 0 ] || cmp -s file out; } && { [ -z "$3" ] || grep -qF -- "$3" err; }; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not so: $1: status $status, expected $2: $(head -c 200 err)"
	fi
}

mebi=1048576
letters() { head -c "$1" /dev/zero | tr '\0' x; }
commas() { head -c "$1" /dev/zero | tr '\0' ,; }

{ printf 'a,b\n1,'; letters $((16 * mebi)); echo; } >file
try 'a field of 16 MiB' 0 ''
{ printf 'a,b\n1,'; letters $((16 * mebi + 1)); echo; } >file
try 'a field of 16 MiB and one byte' 3 'file:2: field longer than 16 MiB'
{ printf 'a,b\n1,"'; letters $((16 * mebi - 2)); echo '"'; } >file
try 'a quoted field of 16 MiB' 0 ''
{ printf 'a,b\n1,"'; letters $((16 * mebi - 1)); echo '"'; } >file
try 'a quoted field of 16 MiB and one byte' 3 'file:2: field longer than 16 MiB'
{ printf 'a,b\n1,2\n3,"open\n'; letters $((17 * mebi)); } >file
try 'a quote that is not closed within 16 MiB' 3 'file:3: a quote that opens here'
{ printf 'a,b\n1,'; letters $((100 * mebi)); } >file
try 'a field without an end' 3 'longer than'

part=$((13 * mebi))
record() { # LENGTH: five fields that make a record of so many bytes
	local last=$(($1 - 4 * part - 4))
	for i in 1 2 3 4; do letters $part; printf ,; done
	letters $last
	echo
}
{ echo 'a,b,c,d,e'; record $((64 * mebi)); } >file
try 'a record of 64 MiB' 0 ''
{ echo 'a,b,c,d,e'; record $((64 * mebi + 1)); } >file
try 'a record of 64 MiB and one byte' 3 'file:2: record longer than 64 MiB'

{ seq -s , -f 'c%.0f' 1 65536; commas 65535; echo; } >file
try '65,536 columns' 0 ''
{ seq -s , -f 'c%.0f' 1 65537; commas 65536; echo; } >file
try '65,537 columns' 3 'more than 65536 columns'

echo "$passed passed, $failed failed"
[ $failed = 0 ]
