#!/bin/bash
# olist: marketing leads and won deals of another system become events by a rule table of eight
# lines, and figures as published (public data beside the checkout; skipped where it is absent).   tests/olist.sh [BUILD]
set -u
cd "$(dirname "$0")/.." || exit 4
data=$PWD/../shared/data/funnel/olist-marketing build=$(realpath "${1:-build}") passed=0 failed=0
if ! test -d "$data"; then
	echo "skipped: no data set olist-marketing beside the checkout"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
export PATH=$build/bin:$PATH LC_ALL=C TZ=UTC0
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT
cd "$scratch" || exit 4

check() { # WHAT EXPECTED GOT
	if test "$2" = "$3"; then
		((passed++))
	else
		((failed++))
		echo "FAILED: $1: expected $2, got $3"
	fi
}

cat >rules.csv <<'END'
table,event_type,field,value
leads,*,src_id,mql_id
leads,*,uid,mql_id
leads,*,channel,origin
leads,chat,at,first_contact_date
deals,*,src_id,mql_id
deals,*,uid,mql_id
deals,*,channel,origin
deals,sign,at,won_date
END
crm-import --as raw "$data/olist_marketing_qualified_leads_dataset.csv" -o leads.csv
check "import of leads" 0 $?
crm-import --as raw "$data/olist_closed_deals_dataset.csv" -o deals.csv
check "import of deals" 0 $?
crm-join -k mql_id --with leads.csv --add origin deals.csv | crm-events -r rules.csv -t leads=leads.csv -t deals=- -o events.csv
check "the chain" "0 0" "${PIPESTATUS[*]}"
check "events by type" "chat 8000 sign 842" "$(crm-select -c event_type events.csv | tail -n +2 | sort | uniq -c | awk '{ printf "%s%s %s", sep, $2, $1; sep = " " }')"
check "won per month" "3 73 113 147 207 122 57 37 33 23 21 6" "$(crm-select -w 'event_type == "sign"' -c at events.csv |
	tail -n +2 | cut -c 1-7 | uniq -c | awk '{ printf "%s%s", sep, $1; sep = " " }')"
# As published: origin, leads, won.
crm-select -c channel,event_type events.csv | awk -F, '
	NR > 1 { n[$1 "," $2]++; seen[$1] }
	END { for (origin in seen) print (origin == "" ? "(empty)" : origin) "\t" n[origin ",chat"] + 0 "\t" n[origin ",sign"] + 0 }' | sort >by-origin
check "leads and deals by origin" "$(cut -f1-3 "$data/expected_by_origin.tsv" | tail -n +2 | sort)" "$(cat by-origin)"
# The same by the report, with the published conversion as a metric of its own.
printf '%s\n' id,kind,numerator,denominator,unit won_rate,ratio,sign_units,lead_n,rate >metrics.csv
report() { crm-report count --add-rules metrics.csv --as-of 2018-12-31 --to csv "$@" events.csv; }
report --by channel --metrics lead_n,sign_units,won_rate |
	awk -F, 'NR > 1 { printf "%s\t%s\t%s\t%.2f\n", $1 == "" ? "(empty)" : $1, $2, $3, 100 * $4 }' | sort >by-origin
check "conversion by origin" "$(tail -n +2 "$data/expected_by_origin.tsv" | sort)" "$(cat by-origin)"
check "conversion in all" "8000,842,0.10525" "$(report --metrics lead_n,sign_units,won_rate | tail -n 1)"
check "won per month, reported" "3 73 113 147 207 122 57 37 33 23 21 6" "$(report --by month --metrics sign_units |
	awk -F, 'NR > 1 && $2 { printf "%s%s", sep, $2; sep = " " }')"
echo "$passed passed, $failed failed"
test $failed -eq 0
