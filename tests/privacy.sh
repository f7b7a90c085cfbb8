#!/bin/bash
# privacy: messages, logs and records of runs hold no name, telephone or ID number of testdata/,
# whatever is done wrong with its ledgers.   tests/privacy.sh [BUILD]
#
# What is asked for goes to standard output and to files; here only what is said is looked at.
set -u
cd "$(dirname "$0")/.." || exit 4
top=$PWD build=$(realpath "${1:-build}") passed=0 failed=0
export PATH=$build/bin:$PATH LC_ALL=C.UTF-8
unset LANG LC_MESSAGES SOURCE_DATE_EPOCH
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 4
data=$top/testdata
mkdir said bad

# Runs a tool; all that it says, and the record of the run, become a file of said/.
number=0 commands=()
try() { # COMMAND...
	((number++))
	commands[number]=$*
	"$@" -v --stats record >/dev/null 2>said/$number </dev/null
	(($? <= 5)) || echo "status $?: 13000000000" >>said/$number # must not be
	test ! -e record || cat record >>said/$number
	rm -f record
}

# ---- a whole night, with all that it says ----
crm-nightly -v -l "$data" -o results --as-of 2025-06-30 --max-rejects 5% >said/night 2>&1
cat results/log/* >said/log
tables=results/latest/tables

# ---- everybody in testdata ----
{
	tail -n +2 "$data/truth/people.csv" | cut -d, -f2-5
	for column in agent_name agent_mobile cust_name cust_mobile; do crm-select -c $column --no-header-out $tables/reports.csv; done
	crm-select -c consultant_id --no-header-out $tables/orders.csv
	crm-select -c receptionist --no-header-out $tables/visits.csv
} | tr -d '"' | tr ',' '\n' | grep -xE '..+' | sort -u >everybody
numbers='(^|[^0-9a-f])(1[3-9][0-9]{9}|[1-9][0-9]{16}[0-9Xx])([^0-9a-f]|$)'
if test "$(wc -l <everybody)" -gt 5000 && (($(grep -cFf everybody $tables/people.csv) > 2000)); then ((passed++)); else
	((failed++))
	echo "FAILED: the list of everybody: $(wc -l <everybody)"
fi

# ---- ledgers that came to harm ----
# Values under the wrong names: moved by one column, or names under what is counted and listed.
for table in orders visits people events; do
	file=$tables/$table.csv
	tail -n +2 $file >bad/headless-$table.csv
	{ head -n 1 $file; tail -n +2 $file | sed -E 's/^([^,]*),(.*)$/\2,\1/'; } >bad/moved-$table.csv
	sed 's/,/","/2' $file >bad/quotes-$table.csv
	{ head -n 100 $file; printf '"'; } >bad/open-$table.csv
	gzip -c $file | head -c 20000 >bad/cut-$table.csv.gz
done
sed '1s/project_id/was/; 1s/cust_name/project_id/; 1s/was/cust_name/' $tables/visits.csv >bad/names-are-projects.csv
sed '1s/claimed_source/was/; 1s/cust_mobile,/claimed_source,/; 1s/was/cust_mobile/' $tables/visits.csv >bad/numbers-are-channels.csv
sed '1s/order_date/was/; 1s/cust_name/order_date/; 1s/was/cust_name/' $tables/orders.csv >bad/names-are-dates.csv
sed '1s/deal_total/was/; 1s/cust_mobile,/deal_total,/; 1s/was/cust_mobile/' $tables/orders.csv >bad/numbers-are-amounts.csv

registers="-t projects=$tables/projects.csv -t channel_map=$tables/channel_map.csv"
for file in bad/*; do
	try crm-select -c uid,nme $file
	try crm-select -w 'deal_total > 5 and visit_time > "2024-01-01" and order_date > "2024-01-01"' $file
	try crm-sort -k 2:number,3:date $file
	try crm-events --as orders $registers $file
	try crm-events --as visits --errors json $registers $file
	try crm-import --explain $file
	try crm-import --explain --as orders --strict all $file
	try crm-dedupe -t orders=$file
	try crm-report funnel --as-of 2025-06-30 $file
done
for file in bad/moved-*.csv bad/headless-*.csv; do
	try crm-join -k uid --with $tables/people.csv $file
	try crm-join -k 2 --with $file $tables/people.csv
	try crm-tag --as-of 2025-06-30 $file
	try crm-rfm --as-of 2025-06-30 --errors json $file
	try crm-commission --as-of 2025-06-30 $file
	try crm-select $tables/orders.csv $file
	try crm-select $file $tables/orders.csv
	try crm-report count --by 姓名 $file
done
for file in "$data"/*.csv "$data"/*.txt; do
	try crm-import --explain --as customers --header-rows 1 "$file"
	try crm-import --explain --as receipts --errors json "$file"
	try crm-import --as raw --no-header "$file"
	try crm-select -c 电话 "$file"
done

# ---- numbers on the command line ----
for number_of in 13900001234 110101199003070038; do
	try crm-select -c $number_of $tables/orders.csv
	try crm-select -w "cust_mobile == \"$number_of\" and" $tables/orders.csv
	try crm-select -w "cust_mobile in ($number_of" $tables/orders.csv
	try crm-select -w "cust_mobile == \"$number_of\"" $tables/orders.csv
	try crm-report $number_of $tables/events.csv
	try crm-report funnel --as-of $number_of $tables/events.csv
	try crm-import --as $number_of $tables/orders.csv
	try crm-help $number_of
done

# ---- what the cases expect ----
cat "$top"/tests/cases/*/*/experr >said/cases

found() { grep -laE -- "$numbers" said/*; grep -laFf everybody said/*; }
leaks=$(found | sort -u)
((passed += number + 3 - $(wc -w <<<"$leaks")))
for file in $leaks; do
	((failed++))
	name=${file#said/}
	test -z "${name//[0-9]/}" && name=${commands[name]}
	echo "FAILED: $name: $({ grep -aE -- "$numbers" $file; grep -aFf everybody $file; } | head -n 2)"
done
echo "$passed passed, $failed failed"
test $failed -eq 0
