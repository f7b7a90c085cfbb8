#!/bin/bash
# partial: --merge of the states of 1, 2 and 7 parts gives the bytes of one run: over made-up
# streams with all that is odd in them, in shards and in pieces, whatever way the states are put
# together.   tests/partial.sh [BUILD]
set -u
cd "$(dirname "$0")/.." || exit 4
build=$(realpath "${1:-build}") || exit 4
passed=0 failed=0
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 4
export PATH=$build/bin:$PATH LC_ALL=C TZ=UTC0

# A stream of ROWS rows: few customers, so that they meet again; households, one with the name
# of a customer; rows of nobody, dates that do not read, events of one second; names with what
# must be quoted or escaped.  With `times` no two rows have one time, with `few` many do.
stream() { # SEED ROWS COLUMNS-LEFT-OUT [times|few]
	awk -v seed="$1" -v rows="$2" -v without="$3" -v times="${4-}" '
	function below(n) { seed = (seed * 16807) % 2147483647; return int(seed / 2147483647 * n) }
	function put(name, value) { if (index(without, name) == 0) line = line sprintf("%s%s", line == "" ? "" : ",", value) }
	function fields(head) {
		line = ""
		put("event_id", head ? "\"event_id\"" : "e" below(9) "-" row)
		put("event_type", head ? "event_type" : type)
		put("at", head ? "at" : at)
		put("uid", head ? "\"uid\"" : uid)
		put("hh_id", head ? "hh_id" : household)
		put("project", head ? "project" : project[below(4)])
		put("region", head ? "region" : "R" below(2))
		put("channel", head ? "channel" : channel[below(5)])
		put("status", head ? "status" : status[below(6)])
		put("product", head ? "product" : below(9) ? "" : "车位")
		put("amount", head ? "amount" : below(5) ? below(2000000) / 100 - 3000 : "")
		put("area", head ? "area" : below(100))
		put("order_date", head ? "order_date" : below(3) ? "" : sprintf("2025-%02d-%02d", 1 + below(6), 1 + below(28)))
		put("item_type", head ? "item_type" : "")
		print line
	}
	BEGIN {
		types = split("visit visit visit report call_in queue cancel subscribe swap sign sign receipt refund chat", type_of, " ")
		split("P1|P2|\"a\tproject, so\"|", project, "|"); project[0] = "back\\slash\\t"
		split("自然|中介|\"a \"\"channel\"\" of a long name\"|", channel, "|"); channel[0] = "线上"
		split("valid|sign|subscribe|queue|", status, "|"); status[0] = "dealt"
		split("U7|a\tb|\"x,y\"|\\N\\", odd, "|")
		fields(1)
		for (row = 1; row <= rows; row++) {
			n = below(30); type = type_of[1 + below(types)]
			uid = n == 0 ? "" : n < 5 ? odd[n] : "U" n
			household = uid == "" || n < 8 ? "" : n < 20 ? "H" int(n / 3) : n < 23 ? "U7" : ""
			at = sprintf("2025-%02d-%02d", 1 + below(times == "few" ? 3 : 6), 1 + below(times == "few" ? 2 : 28))
			at = times == "times" ? at sprintf(" 09:%02d:%02d", int(row / 60) % 60, row % 60) : below(3) ? at : at " 10:00"
			if (below(60) == 0) at = below(2) ? "" : "soon"
			fields(0)
			if (below(80) == 0) print "a row,too short"
		}
	}'
}
spend() { printf '%s\n' accrue_date,accrue_amount,pay_date,pay_amount,channel,project 2025-02-03,1000,2025-04-01,900,自然,P1 \
	2025-03-09,20.50,,,中介,P2 2025-03-30,7,2025-03-31,7,nowhere,; }

# States of parts, on their names' own: NAME.1 and on.
shards() { # NAME N FILE COMMAND...
	local i
	for ((i = 1; i <= $2; i++)); do "${@:4}" --partial --shard "$i/$2" --shard-by uid "$3" >"$1.$i"; done
}
pieces() { # NAME N FILE COMMAND...
	local i rows
	rows=$(($(wc -l <"$3") - 1))
	for ((i = 1; i <= $2; i++)); do
		{ head -n 1 "$3"; tail -n +2 "$3" | sed -n "$((rows * (i - 1) / $2 + 1)),$((rows * i / $2))p"; } | "${@:4}" --partial - >"$1.$i"
	done
}
is_one() { # WHAT COMMAND...: its output is what one run gave
	if "${@:2}" >got 2>err && cmp -s one got; then
		((passed++))
	else
		((failed++))
		echo "FAILED: $1: ${*:2}"
		head -n 3 err
		diff one got | head -n 5
	fi
}

# Several ways with the states of one command: `tool` with its options, and what --merge has besides.
check() { # FILE KIND MERGE-OPTION...
	local file=$1 kind=$2 extra=("${@:3}") n state little=1
	test "${tool[*]}" = "${tool[*]/spend/}" || little=1M # the table beside must fit
	rm -f st.*
	"${tool[@]}" "${extra[@]}" "$file" >one
	"${tool[@]}" --partial "$file" >st.one
	is_one 'one state' "${tool[@]}" "${extra[@]}" --merge st.one
	tail -n +2 st.one | sort -c || { ((failed++)); echo "FAILED: not sorted: ${tool[*]}"; }
	for n in 2 7; do
		shards st.shard$n $n "$file" "${tool[@]}"
		is_one "$n shards" "${tool[@]}" "${extra[@]}" --merge st.shard$n.*
		test "$kind" != pieces || { pieces st.piece$n $n "$file" "${tool[@]}" && is_one "$n pieces" "${tool[@]}" "${extra[@]}" --merge st.piece$n.*; }
	done
	is_one 'from the last to the first, little memory' "${tool[@]}" "${extra[@]}" --threads 3 --memory $little --merge st.shard7.{7,6,5,4,3,2,1}
	for state in st.shard7.*; do tail -n +2 "$state" >"$state.rows"; done
	{ head -n 1 st.one; sort -m st.shard7.*.rows; } >st.sorted
	is_one 'sort -m' "${tool[@]}" "${extra[@]}" --merge st.sorted
	sort -r -k 3 st.shard7.*.rows >st.shuffled
	is_one 'without a header, in another order' "${tool[@]}" "${extra[@]}" --no-header \
		--names "$(head -n 1 st.one | tr '\t' ,)" --merge st.shuffled
	cat st.shard2.* >st.cat
	is_one 'cat' "${tool[@]}" "${extra[@]}" --merge st.cat
}

all='events,customers,lead_n,call_in,report_valid_uid,visit_times,visit_group,visit_first,visit_return,visit_return_group'
all+=',queue_n,queue_lost,sub_units,sub_amount,sub_net,sign_units,sign_area,receipt_fin,visit_sub_rate'
spend >spend.csv
for seed in 7 1907; do
	stream $seed 500 '' >all.csv
	stream $seed 300 'event_id hh_id' times >plain.csv
	stream $seed 500 event_id few >ties.csv
	report=(crm-report -q --max-rejects 100% --as-of 2025-05-20)
	rfm=(crm-rfm -q --max-rejects 100% --as-of 2025-05-20)
	tool=("${report[@]}" -t spend=spend.csv funnel,channel)
	check all.csv pieces --to json --totals
	tool=("${report[@]}" funnel --by project,month --metrics "$all" --since 2025-02-01 --until 2025-04-30)
	check all.csv pieces --to csv --totals
	check plain.csv pieces --to text --lang zh
	tool=("${report[@]}" channel --by channel,week --metrics "$all,share_visit" --where 'channel != "中介"')
	check all.csv pieces --to md
	check ties.csv shards --to tsv
	tool=("${rfm[@]}" --types visit,sign,subscribe)
	check all.csv pieces --bins 3 --segments ten
	check plain.csv pieces --scores thresholds
	tool=("${rfm[@]}" -k project,uid --types '*')
	check all.csv pieces --scores rfm-r 2>/dev/null
done
stream 3 300 '' | crm-select --from csv --to tsv -q --max-rejects 100% -c '*' >all.tsv
tool=("${rfm[@]}" --types '*')
check all.tsv pieces
sed 's/,/;/g' plain.csv >semicolons.csv
tool=("${rfm[@]}" --types '*' --where 'channel != "x"')
"${tool[@]}" -d ';' semicolons.csv >one
"${tool[@]}" -d ';' --partial semicolons.csv >st
is_one 'a delimiter of the input' "${tool[@]}" --merge st

echo "$passed passed, $failed failed"
test $failed -eq 0
