#!/bin/bash
# threads: every tool under ThreadSanitizer, over tables of many blocks, with two threads and
# with four: no race, and the bytes, rejects and status of one thread.   tests/long/threads.sh [BUILD]
#
# Small --memory makes them spill, packed input starts the inflater's thread, bad rows go the way
# of rejects; runs that fail must end while blocks are under way.  THREADS_ROWS: events, of
# which the other tables are made.
set -u
cd "$(dirname "$0")/../.." || exit 4
build=${1:-build} rows=${THREADS_ROWS:-100000} passed=0 failed=0
flags='-fsanitize=thread -fno-omit-frame-pointer'
if ! echo 'int main(void) { return 0; }' | ${CC:-gcc} -fsanitize=thread -x c -o /dev/null - 2>/dev/null; then
	echo "skipped: the compiler has no ThreadSanitizer"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
said=$(make -s -j"$(nproc)" B="$build/threads" OPTIMIZE='-O1 -g' CFLAGS="$flags" LDFLAGS="$flags" tools units 2>&1)
if test -n "$said"; then
	echo "$said" | head -n 20
	echo "0 passed, 1 failed"
	exit 1
fi
plans=$PWD/tests/contract build=$(realpath "$build")
dir=$(mktemp -d) && cd "$dir" || exit 4
trap 'rm -rf "$dir"' EXIT
export TSAN_OPTIONS="log_path=$dir/race halt_on_error=1" LC_ALL=C
unset LANG LC_MESSAGES SOURCE_DATE_EPOCH

# raced: is there a report?  Says the first one.
raced() {
	local log
	for log in race.*; do
		test -e "$log" || return 1
		grep -m1 -A24 'WARNING: ThreadSanitizer' "$log"
		rm -f race.*
		return 0
	done
}

# run BIN THREADS COMMAND...: standard output, error, rejects and the status, in files.
run() {
	local bin=$1 threads=$2 tool=$3
	shift 3
	timeout 300 "$bin/$tool" "$@" --threads "$threads" --rejects rejects >out 2>err
	echo $? >status
	cat rejects >>out 2>/dev/null
	rm -f rejects
}

# same COMMAND...: as with one thread, without a race.
same() {
	local threads wrong
	run "$build/bin" 1 "$@"
	mv out expected.out && mv err expected.err && mv status expected.status
	for threads in 2 4; do
		wrong=
		run "$build/threads/bin" $threads "$@"
		cmp -s out expected.out && cmp -s err expected.err && cmp -s status expected.status || wrong=1
		if raced || test $wrong; then
			((failed++))
			echo "not so: --threads $threads $*: status $(cat status): $(head -c 300 err)"
		else
			((passed++))
		fi
	done
}

# ends WHAT SHELL: a command that is cut off; only races count.
ends() {
	PATH=$build/threads/bin:$PATH bash -c "$2" >/dev/null 2>&1
	if raced; then
		((failed++))
		echo "not so: $1"
	else
		((passed++))
	fi
}

# ---- tables of many blocks ----

"$build/tests/gen-events" "$rows" 20000 >events.csv
# Every thousandth row or so is bad, each in a way of its own.
awk 'NR % 997 == 0 { $0 = $0 ",more" } NR % 1499 == 0 { $0 = "\"E\"" $0 } NR % 2003 == 0 { $0 = "" } { print }' events.csv >bad.csv
gzip -nc bad.csv >bad.csv.gz
head -c $(($(wc -c <bad.csv.gz) * 2 / 3)) bad.csv.gz >cut.csv.gz
{ head -n 80000 bad.csv; echo '"open'; seq 100000; } >open.csv
"$build/bin/crm-select" --to tsv -o bad.tsv.gz bad.csv 2>/dev/null
awk 'BEGIN { print "uid,name,mobile,cert_no,grade"
	for (i = 0; i < 200000; i++) printf "U%07d,客%d,139%08d,,%c\n", i, i, i * 7919 % 60000, 65 + i % 4 }' >customers.csv
awk 'BEGIN { print "姓名,手机,到访时间,渠道,备注"; for (i = 0; i < 200000; i++)
	printf "客户%d,139%08d,2024-%d-%d %d:30,%s,第%d行\n", i, i % 60000, i % 14, i % 31 + 1, i % 24, i % 3 ? "抖音" : "中介", i }' |
	iconv -f UTF-8 -t GB18030 | gzip -nc >visits-gbk.csv.gz
awk 'BEGIN { print "order_id,consultant_id,project_id,order_date,perf_date,contract_total,status,close_date"
	for (i = 0; i < 150000; i++) printf "D%06d,A%d,P0%d,2025-0%d-1%d,2025-0%d-2%d,%d.%02d,%s\n", i, i * 7919 % 5003, i % 3,
		i % 6 + 1, i % 10, i % 7 + 1, i % 9, i * 31 % 997 * 10000, i % 100, i % 17 ? "," : "refund,2025-06-1" i % 10 }' >orders.csv
{ cat orders.csv; echo 'D,A1,P01,2025-01-01,2025-01-01,1,refund,2025-01-32'; } >orders-bad.csv
printf 'channel,kind\n抖音,online\n中介,broker\n' >kinds.csv

# ---- the tools ----

same crm-select -q -c uid,channel,amount bad.csv
same crm-select -q -w 'note =~ "预算[0-9]+" or amount > 100万' bad.csv.gz
same crm-select -q --to csv --strict all bad.tsv.gz bad.tsv.gz
same crm-select -q cut.csv.gz
same crm-select -q open.csv
same crm-sort -q -k amount:number:desc,uid --memory 1M bad.csv.gz
same crm-sort -q -k uid -u events.csv
same crm-join -q -k uid --with customers.csv --add grade --missing reject bad.csv.gz
same crm-join -q -k channel --with kinds.csv --missing only events.csv
"$build/bin/crm-sort" -q -k uid -o sorted.csv events.csv
same crm-join -q -k uid --with customers.csv --add name --sorted sorted.csv
same crm-join -q -k uid --with customers.csv --sorted events.csv
same crm-import -q --as visits --as-of 2025-06-30 visits-gbk.csv.gz
same crm-import -q --as raw cut.csv.gz
same crm-dedupe -q --replace customers.csv
"$build/bin/crm-import" -q --as visits --as-of 2025-06-30 --max-rejects 100% -o visits.csv visits-gbk.csv.gz 2>/dev/null
same crm-dedupe -q --golden golden.csv -t visits=visits.csv -t customers=customers.csv
same crm-events -q --as-of 2025-06-30 --memory 1M -t visits=visits.csv -t orders=orders.csv
same crm-events -q --as-of 2025-06-30 --by uid --as visits visits.csv
same crm-tag -q --rules "$plans/tags.csv" --counts counts bad.csv.gz
same crm-rfm -q --types '*' --as-of 2025-06-30 bad.csv.gz
same crm-rfm -q --types '*' --as-of 2025-06-30 --memory 1M bad.csv.gz
same crm-commission -q --rules "$plans/plan.csv" --as-of 2025-08-31 orders.csv
same crm-commission -q --rules "$plans/plan.csv" --as-of 2025-08-31 --memory 100K --total orders-bad.csv
"$build/bin/crm-sort" -q -k consultant_id -o by-payee.csv orders.csv
same crm-commission -q --rules "$plans/plan.csv" --as-of 2025-08-31 --sorted by-payee.csv
same crm-report -q funnel,channel --as-of 2025-06-30 --to json --totals bad.csv.gz
same crm-report -q count --by channel,event_type --to csv --as-of 2025-06-30 --memory 1K bad.csv.gz
same crm-report -q funnel --by uid --to csv --as-of 2025-06-30 --memory 1M events.csv
same crm-rfm -q --types '*' --as-of 2025-06-30 --partial bad.csv.gz
"$build/bin/crm-rfm" -q --types '*' --as-of 2025-06-30 --partial -o half.tsv events.csv
same crm-rfm -q --types '*' --as-of 2025-06-30 --merge --memory 1M half.tsv half.tsv

# ---- ends in the middle ----

ends 'a reader that goes away' 'crm-select --threads 4 events.csv | head -n 20'
ends 'a reader that goes away, SIGPIPE ignored' 'trap "" PIPE; crm-select --threads 4 bad.csv.gz | head -n 20'
ends 'a full disk' 'crm-sort --threads 4 -k uid events.csv >/dev/full'
ends 'SIGTERM' 'crm-rfm --threads 4 --types "*" --as-of 2025-06-30 events.csv & sleep 0.3; kill $!; wait'
ends 'a slow pipe' '{ head -c 3000000 bad.csv; sleep 0.3; tail -c +3000001 bad.csv; } | crm-sort --threads 4 -k uid --memory 1M'
ends 'a slow pipe, packed' '{ head -c 1500000 bad.csv.gz; sleep 0.3; tail -c +1500001 bad.csv.gz; } | crm-select --threads 4'

# ---- unit tests of what runs in threads ----

for unit in fold group sorter lookup count partial; do
	if "$build/threads/unit/$unit" >out 2>&1 && ! raced; then ((passed++)); else
		((failed++))
		echo "FAILED: unit $unit: $(tail -n 1 out)"
	fi
done

echo "$passed passed, $failed failed"
test $failed -eq 0
