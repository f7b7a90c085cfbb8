#!/bin/bash
# streams: what comes in and goes out as bytes.   tests/streams.sh BUILD
# Packed input, slow pipes, and an output file that is old or new but never between.
set -u
build=${1:-build}
select=$(realpath "$build/bin/crm-select")
dir=$(mktemp -d) || exit 4
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 4
passed=0 failed=0 skipped=0

# check WHAT COMMAND...: the command must succeed.
check() {
	local what=$1
	shift
	if "$@" >log 2>&1; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "not so: $what"
		head -n 3 log
	fi
}
skip() { skipped=$((skipped + 1)); echo "skipped: $*"; }
ends() { # STATUS MESSAGE COMMAND...: ends with the status and says so
	local status=$1 message=$2
	shift 2
	"$@" >out 2>err
	[ $? = "$status" ] && grep -qF -- "$message" err
}

awk 'BEGIN { print "id,name,amount"; for (i = 1; i <= 200000; i++) printf "%d,\"n, %d\",%d.%02d\n", i, i, i * 7 % 1000, i % 100 }' >big.csv
head -n 100001 big.csv >one.csv
tail -n +100002 big.csv >two.csv

# ---- packed input ----
gzip -nk big.csv
same() { "$select" -q "$@" | cmp - big.csv; }
check 'gzip' same big.csv.gz
check 'gzip on standard input' bash -c '"$0" -q <big.csv.gz | cmp - big.csv' "$select"
check 'gzip in one thread' same --threads 1 big.csv.gz
{ gzip -nc one.csv; gzip -nc two.csv; } >members.gz
check 'gzip of two members, under another name' bash -c 'cp members.gz x.csv; "$0" -q x.csv | cmp - big.csv' "$select"
for cut in 10 1000 $(($(wc -c <big.csv.gz) / 2)) $(($(wc -c <big.csv.gz) - 1)) $(($(wc -c <big.csv.gz) - 8)); do
	head -c "$cut" big.csv.gz >cut.gz
	check "gzip cut after $cut bytes" ends 3 'gzip: truncated' "$select" cut.gz
done
{ cat big.csv.gz; echo more; } >more.gz
check 'something behind the last member' ends 3 'gzip:' "$select" more.gz
{ head -c 5000 big.csv.gz; printf '\377\377'; tail -c +5003 big.csv.gz; } >bad.gz
check 'damaged gzip' ends 3 'gzip: damaged' "$select" bad.gz
if command -v zstd >/dev/null; then
	zstd -q big.csv
	check 'zstd' same big.csv.zst
	head -c 3000 big.csv.zst >cut.zst
	check 'zstd cut short' ends 3 'zstd: truncated' "$select" cut.zst
else
	skip 'zstd: not installed'
fi
check 'packed output reads back' bash -c '"$0" -q -o out.csv.gz big.csv && "$0" -q out.csv.gz | cmp - big.csv' "$select"
check 'packed output has time 0' bash -c '[ "$(od -An -tu4 -j4 -N4 out.csv.gz | tr -d " ")" = 0 ]'

# ---- several files are one table ----
printf 'b,a\n4,3\n' >swapped.csv
printf 'a,b\n1,2\n' >plain.csv
check 'columns in another order' bash -c '[ "$("$0" -q plain.csv swapped.csv)" = "$(printf "a,b\n1,2\n3,4")" ]' "$select"
printf 'a,c\n1,2\n' >other.csv
check 'a column is missing' ends 3 'other.csv:1: no column "b", which plain.csv has' "$select" plain.csv other.csv
printf 'a,b,c\n1,2,3\n' >wider.csv
check 'a column is one more' ends 3 'wider.csv:1: column "c" is one more than plain.csv has' "$select" plain.csv wider.csv
check 'nothing is written before all headers are read' bash -c '[ ! -s out ]'

# ---- a slow pipe is not held back ----
slow() { # PACKER: the first rows must be there while the writer still waits
	rm -f in
	mkfifo in
	"$select" -q <in >slow.out &
	exec 9>in
	printf 'a,b\n1,2\n' | "$@" >&9
	for _ in $(seq 50); do
		[ "$(wc -l <slow.out)" = 2 ] && break
		sleep 0.05
	done
	local lines
	lines=$(wc -l <slow.out)
	exec 9>&-
	wait
	[ "$lines" = 2 ]
}
check 'rows come out while the input waits' slow cat
check 'rows come out while packed input waits' slow gzip -c

# ---- -o: old or new ----
"$select" -q -o table.csv plain.csv
check 'a new file is 0600' bash -c '[ "$(stat -c %a table.csv)" = 600 ]'
chmod 640 table.csv
"$select" -q -o table.csv plain.csv
check 'a file replaced keeps its mode' bash -c '[ "$(stat -c %a table.csv)" = 640 ]'
check 'a failed run leaves what was there' bash -c '! "$0" -q -o table.csv wider.csv plain.csv 2>/dev/null && cmp -s table.csv plain.csv' "$select"
check 'and nothing beside it' bash -c '[ "$(ls table.csv*)" = table.csv ]'
check 'input and output may be one file' bash -c '"$0" -q -c a -o table.csv table.csv && [ "$(cat table.csv)" = "$(printf "a\n1")" ]' "$select"
ln -s table.csv link.csv
check 'a symbolic link is refused' ends 4 'symbolic link' "$select" -o link.csv plain.csv
killed() { # -o with SIGKILL at every call that touches the disk
	cp plain.csv state.csv
	local call k status
	for call in openat write fsync linkat rename close; do
		for k in 1 2 3 4 5 6 7 8; do
			cp plain.csv state.csv
			strace -f -qq -o /dev/null -e trace=$call -e inject=$call:signal=SIGKILL:when=$k \
				"$select" -q -o state.csv big.csv 2>/dev/null
			status=$?
			cmp -s state.csv plain.csv || cmp -s state.csv big.csv || return 1
			# Without a name until it is synced, it leaves nothing.
			[ -z "$nameless" ] || [[ $call == close || $call == rename ]] || [ -z "$(ls state.csv.* 2>/dev/null)" ] || return 1
			rm -f state.csv.??????
			[ $status = 137 ] || break
		done
	done
}
order() { # what was written is synced before the rename, the folder after it
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=fsync,linkat,rename -o trace "$select" -q -o state.csv big.csv &&
		[ "$(sed 's/^[0-9]* *//; s/(.*//' trace | tr '\n' ' ')" = "fsync ${nameless}rename fsync " ]
}
named() { # where a file must have a name: opening the folder for one without fails
	cp plain.csv state.csv
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -o trace -P "$dir/" -e inject=openat:error=EOPNOTSUPP:when=1 \
		"$select" -q -o "$dir/state.csv" big.csv && grep -q 'O_TMPFILE.*INJECTED' trace && cmp state.csv big.csv
}
nameless=
if command -v strace >/dev/null && strace -qq -o /dev/null true 2>/dev/null; then
	ASAN_OPTIONS=detect_leaks=0 strace -f -qq -e trace=linkat -o trace "$select" -q -o state.csv plain.csv
	grep -q 'linkat.*= 0' trace && nameless='linkat '
	[ "$nameless" ] || skip 'files without a name: not on this file system'
	check 'killed at any call: old or new' killed
	check 'synced, renamed, synced' order
	check 'the same with a name from the start' named
else
	skip 'strace: not installed, or not allowed here'
	skip 'strace: not installed, or not allowed here'
	skip 'strace: not installed, or not allowed here'
fi

skips=; [ $skipped = 0 ] || skips=", $skipped skipped"
echo "$passed passed, $failed failed$skips"
[ $failed = 0 ]
