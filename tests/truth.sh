#!/bin/bash
# truth: figures made of testdata/ by import, events and report equal testdata/truth, in every cell.
#   tests/truth.sh [BUILD]
#
# Who is who is taken from the truth here, so that only events and figures are judged.
set -u -o pipefail
cd "$(dirname "$0")/.." || exit 4
build=$(realpath "${1:-build}") || exit 4
export PATH=$build/bin:$PATH LC_ALL=C.UTF-8
unset LANG LC_MESSAGES SOURCE_DATE_EPOCH
work=$(mktemp -d) || exit 4
trap 'rm -rf "$work"' EXIT
passed=0 failed=0

declare -A file=([visits]=visits-register.csv [reports]=broker-reports.csv [orders]=orders.csv [contracts]=contracts.csv
	[receipts]=receipts.csv [spend]=spend.csv [projects]=projects.csv [channel_map]=channel-map.csv)
(
	cd testdata || exit 1
	for table in "${!file[@]}"; do
		crm-import --as "$table" --as-of 2025-06-30 --max-rejects 100% -o "$work/$table.csv" "${file[$table]}" || exit 1
	done
	cd "$work" || exit 1
	awk -F, 'NR == 1 { print "src_file,src_line,uid" } NR > 1 && $4 != "" { print $1 "," $2 "," $4 }' \
		"$OLDPWD/truth/record-of.csv" >who
	for table in visits reports orders contracts; do
		crm-join -k src_file,src_line --with who -o $table.who "$table.csv" || exit 1
	done
	# The channel of a contract or receipt is its order's.
	crm-join -k order_id --with orders.csv --add source_type -o contracts.all contracts.who || exit 1
	crm-join -k order_id --with orders.csv --add source_type -o receipts.all receipts.csv || exit 1
	crm-events --as-of 2025-06-30 -t visits=visits.who -t reports=reports.who -t orders=orders.who \
		-t contracts=contracts.all -t receipts=receipts.all -t projects=projects.csv -t channel_map=channel_map.csv \
		-o events.csv
) 2>"$work/err" || {
	cat "$work/err"
	echo "0 passed, 1 failed"
	exit 1
}

metrics=report_n,report_valid,report_valid_uid,visit_times,visit_group,visit_first,visit_return,visit_return_group
metrics+=,queue_n,queue_net,queue_group,sub_rows,sub_units,sub_amount,sub_group,sub_net,sub_net_amount
metrics+=,sign_units,sign_amount,sign_group,sign_net,sign_net_amount,receipt_fin,spend_accrue,spend_pay

report() { # NUMBER OF DIMENSIONS, REPORT's arguments; a table holds 24 metrics at most
	local some
	for some in $(tr , '\n' <<<$metrics | xargs -n 20 | tr ' ' ,); do
		crm-report funnel --as-of 2025-06-30 --to csv --metrics "$some" -t spend="$work/spend.csv" \
			-t projects="$work/projects.csv" -t channel_map="$work/channel_map.csv" "${@:2}" "$work/events.csv" | shown "$1"
	done
}

# Both sides as lines "scope,cell,metric,value" without zeros, sorted.  Projects have names in the truth.
wanted() { # FILE SCOPE_TYPE
	awk -F, -v type="$2" -v metrics=$metrics 'NR == 1 { for (i = 5; i <= NF; i++) name[i] = $i; next }
		BEGIN { split(metrics, list, ","); for (i in list) is[list[i]] = 1 }
		$1 == "ledger" && $2 == type { for (i = 5; i <= NF; i++) if (is[name[i]] && $i != 0) print $3 "," $4 "," name[i] "," $i }' "$1" | sort
}
shown() { # NUMBER OF DIMENSIONS; the first is the cell where there is one
	awk -F, -v dimensions="$1" 'BEGIN { id["P01"] = "湖畔里"; id["P02"] = "望江府"; id["P03"] = "麓鸣园" }
		NR == 1 { for (i = 1; i <= NF; i++) name[i] = $i; next }
		{
			scope = dimensions == 2 ? $1 : ""
			cell = dimensions ? $dimensions : ""
			if (scope in id) scope = id[scope]
			if (cell in id) cell = id[cell]
			for (i = dimensions + 1; i <= NF; i++) if ($i != 0) print scope "," cell "," name[i] "," $i
		}'
}
compare() { # NAME WANTED SHOWN
	local lines
	lines=$(comm -12 "$2" "$3" | wc -l)
	((passed += lines))
	test "$lines" -gt 0 || { echo "$1: nothing to compare"; ((failed++)); }
	lines=$(comm -3 "$2" "$3" | wc -l)
	((failed += lines))
	test "$lines" -eq 0 || { echo "$1: differs (left: wanted, right: shown)"; comm -3 "$2" "$3" | head -n 20; }
}

for type in all project region; do
	by=${type#all} dimensions=1
	test -z "$by" || dimensions=2
	wanted testdata/truth/funnel.csv $type >"$work/wanted"
	{
		report $dimensions --by "${by:+$by,}month"
		if test "$by"; then report 1 --by "$by" | awk -F, '{ print $2 ",," $3 "," $4 }'; else report 0 --by ""; fi
	} | sort >"$work/shown"
	compare "funnel by $type" "$work/wanted" "$work/shown"
	wanted testdata/truth/channel.csv $type >"$work/wanted"
	report $dimensions --by "${by:+$by,}channel" | sort >"$work/shown"
	compare "channel by $type" "$work/wanted" "$work/shown"
done
echo "$passed passed, $failed failed"
test $failed -eq 0
