#!/bin/bash
# rfm-orders: crm-rfm against the scores that the R package rfm publishes for its data set of
# 995 customers, where ../shared/data has it.   tests/rfm-orders.sh [BUILD]
set -u
cd "$(dirname "$0")/.." || exit 4
build=$(realpath "${1:-build}") || exit 4
data=../shared/data/rfm/rfm-orders passed=0 failed=0
if ! test -d "$data"; then
	echo "skipped: $data is not there"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT

check() { # NAME EXPECTED GOT
	if cmp -s "$2" "$3"; then
		passed=$((passed + 1))
	else
		failed=$((failed + 1))
		echo "FAILED: $1"
		diff "$2" "$3" | head -n 20
	fi
}
rfm() {
	"$build/bin/crm-rfm" -k customer_id --at order_date --amount revenue --as-of 2006-12-31 \
		--scores rfm-r --to tsv "$@" "$data/rfm_data_orders.csv"
}

# Customer, days, orders, amount (published in whole units), the three scores.
tail -n +2 "$data/expected_scores.tsv" | cut -f 1-8 >"$scratch/expected"
rfm | tail -n +2 | cut -f 1-8 | sed 's/\.00\t/\t/' >"$scratch/got"
check "all 995 rows, values and scores" "$scratch/expected" "$scratch/got"

# The published table of segments, the first line that holds.
cat >"$scratch/segments.csv" <<'END'
segment,r_min,r_max,f_min,f_max,m_min,m_max
Champions,5,5,5,5,5,5
Potential Loyalist,3,5,3,5,2,5
Loyal Customers,2,4,2,4,2,4
Promising,3,4,1,3,3,5
New Customers,4,5,1,3,1,5
Can't Lose Them,1,2,3,4,4,5
At Risk,1,2,2,5,4,5
Need Attention,1,3,3,5,3,5
About To Sleep,2,3,1,3,1,4
Lost,1,1,1,5,1,5
END
sort >"$scratch/expected" <<'END'
35 Champions
342 Potential Loyalist
170 Loyal Customers
9 Promising
104 New Customers
47 Can't Lose Them
28 At Risk
10 Need Attention
102 About To Sleep
148 Lost
END
rfm --segments "$scratch/segments.csv" | tail -n +2 | cut -f 11 | sort | uniq -c | sed 's/^ *//' | sort >"$scratch/got"
check "the published segments" "$scratch/expected" "$scratch/got"

# The package's test: 158 champions with 1,234 orders and 120,178 of revenue.
rfm --segments rfm-r | awk -F '\t' '$11 == "Champions" { n++; f += $3; m += $4 } END { print n, f, m }' >"$scratch/got"
echo 158 1234 120178 >"$scratch/expected"
check "the champions of the package's own table" "$scratch/expected" "$scratch/got"
rfm --segments ten | awk -F '\t' '{ n[$11]++ } END { print n["Champions"], n["New"], n["Promising"], n["Can'"'"'t Lose"] }' >"$scratch/got"
echo 158 38 22 17 >"$scratch/expected"
check "our order of the same lines reaches all of them" "$scratch/expected" "$scratch/got"

# The quantile rule of the manual gives other scores to 14 of the customers.
rfm | cut -f 1,5-7 >"$scratch/published"
rfm --scores quantile | cut -f 1,5-7 >"$scratch/ours"
diff "$scratch/published" "$scratch/ours" | grep -c '^>' >"$scratch/got"
echo 14 >"$scratch/expected"
check "14 customers differ by the default rule" "$scratch/expected" "$scratch/got"

echo "$passed passed, $failed failed"
test "$failed" -eq 0
