#!/bin/bash
# public-ledgers: real files that nobody here wrote are read whole.   tests/public-ledgers.sh [BUILD]
#
# They are no part of the project: where ../shared/data is absent, each check is skipped.
set -u
cd "$(dirname "$0")/.." || exit 4
build=$(realpath "${1:-build}") data=../shared/data passed=0 failed=0 skipped=0
export PATH=$build/bin:$PATH LC_ALL=C.UTF-8 TZ=UTC0
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT

check() { # WHAT COMMAND...
	if "${@:2}"; then
		((passed++))
	else
		((failed++))
		echo "FAILED: $1"
	fi
}

# ---- ledgers of estate agents: FILE RECORDS ENCODING [OPTION...] ----

# Every record is used, but for headers that stand in the middle; their number is known.
ledger() {
	local file=$data/legacy-cn/$1 records=$2 encoding=$3 summary
	test -f "$file" || { ((skipped++)); return; }
	crm-import -v --as raw "${@:4}" -o "$scratch/out.csv" "$file" 2>"$scratch/err"
	check "$1: status" test $? -eq 0
	check "$1: encoding" grep -qF ": $encoding (" "$scratch/err"
	summary=$(sed -nE 's/.*: ([0-9]+) read = ([0-9]+) used \+ 0 rejected \+ 0 merged \+ ([0-9]+) left out.*/\1 \2 \3/p' "$scratch/err")
	check "$1: $records records, not $summary" test "$summary" = "$records"
	check "$1: valid UTF-8 comes out" iconv -f UTF-8 -t UTF-8 -o /dev/null "$scratch/out.csv"
	check "$1: no carriage return is left" test "$(tr -dc '\r' <"$scratch/out.csv" | wc -c)" -eq 0
}
ledger beijing-lianjia/anjuke.csv '3000 3000 0' UTF-8
ledger beijing-lianjia/newer_anjuke.csv '2342 2342 0' UTF-8
ledger beijing-lianjia/lianjia.csv.gz '23677 23677 0' UTF-8
ledger beijing-lianjia/newer_lianjia.csv.gz '34020 34019 1' UTF-8
ledger hangzhou-lianjia/house.csv '2131 2131 0' UTF-8
ledger hangzhou-lianjia/lianjialist.csv '3000 3000 0' UTF-8
ledger hangzhou-lianjia/lianjiazufang.csv '2746 2746 0' UTF-8
ledger hangzhou-lianjia/lianjiazufang6.csv '3625 3625 0' UTF-8
ledger lianjia-five-cities/ErshoufangSpider_cd.csv '1008 1008 0' UTF-8
ledger lianjia-five-cities/ErshoufangSpider_gz.csv '1624 1624 0' UTF-8
ledger lianjia-five-cities/ErshoufangSpider_hz.csv '1091 1091 0' UTF-8
ledger lianjia-five-cities/ErshoufangSpider_sh.csv '2316 2316 0' UTF-8
ledger lianjia-five-cities/ErshoufangSpider_sz.csv '1923 1923 0' UTF-8
ledger 'shanghai-lianjia-gbk/链家二手房(1).csv' '28201 28201 0' GB18030
ledger shanghai-lianjia-gbk/variant_englishheader_链家二手房.csv.gz '28201 28201 0' GB18030
ledger shanghai-showings-gbk-xls/test.csv '9 9 0' GB18030 --no-header
ledger shanghai-showings-gbk-xls/train.csv '168 168 0' GB18030 --no-header
ledger shanghai-showings-gbk-xls/二手房.csv '210 210 0' GB18030 --no-header
ledger shanghai-showings-gbk-xls/租房.csv '778 778 0' GB18030 --no-header
ledger shanghai-showings-gbk-xls/综合.csv '177 177 0' GB18030 --no-header

# ---- what was published of them, or counted from the bytes ----

# FILE: the table as it was written, in $scratch/raw.csv.
raw() { crm-import -q --as raw -o "$scratch/raw.csv" "$data/legacy-cn/$1"; }
# COLUMN: how often each of its values occurs, most frequent first.
frequent() { crm-select -c "$1" --no-header-out "$scratch/raw.csv" | sort | uniq -c | sort -k1,1nr -k2 | awk '{ printf "%s%s %d", (NR > 1 ? ", " : ""), $2, $1 }'; }
figure() { # WHAT GOT EXPECTED
	check "$1: $2, not $3" test "$2" = "$3"
}
if test -d "$data/legacy-cn"; then
	raw 'shanghai-lianjia-gbk/链家二手房(1).csv'
	figure 'Shanghai: exact repeats' $(($(sed 1d "$scratch/raw.csv" | wc -l) - $(sed 1d "$scratch/raw.csv" | sort -u | wc -l))) 2049
	figure 'Shanghai: prices, 万' "$(crm-select -c '价格（W）' --no-header-out "$scratch/raw.csv" | awk '{ sum += $1 } END { print sum }')" 16364320
	figure 'Shanghai: districts' "$(frequent 区域)" '浦东 2599, 闵行 2228, 徐汇 2190, 杨浦 2178, 宝山 2154, 普陀 2142, 长宁 2122, 嘉定 2050, 松江 2050, 闸北 1928, 虹口 1777, 青浦 1769, 黄浦 1562, 奉贤 1393, 静安 38, 金山 15, 崇明 6'
	raw beijing-lianjia/lianjia.csv.gz # its lines end with CR CR LF
	figure 'Beijing: rows' "$(sed 1d "$scratch/raw.csv" | wc -l)" 23677
	figure 'Beijing: different ids' "$(crm-select -c Id --no-header-out "$scratch/raw.csv" | sort -u | wc -l)" 22468
	figure 'Beijing: districts' "$(frequent Region)" '海淀 2983, 朝阳 2973, 丰台 2952, 昌平 2811, 西城 2130, 大兴 2115, 通州 1602, 东城 1533, 房山 1442, 顺义 1221, 石景山 882, 门头沟 496, 亦庄开发区 469, 平谷 41, 怀柔 15, 密云 12'
	raw beijing-lianjia/newer_lianjia.csv.gz
	# 33,968 with the header that stands in the middle.
	figure 'Beijing, later: different ids' "$(crm-select -c Id --no-header-out "$scratch/raw.csv" | sort -u | wc -l)" 33967
else
	((skipped += 7))
fi

# ---- marketing leads: one table in three dresses ----

leads=$data/funnel/olist-marketing
cat >"$scratch/map.csv" <<'END'
table,column,alias
reports,uid,mql_id
reports,report_time,first_contact_date
reports,channel_type,origin
contracts,uid,mql_id
contracts,contract_id,seller_id
contracts,sign_date,won_date
END
dress() { # FILE [OPTION...]: id, date and channel, as all three must have them
	crm-import -q --as reports --map "$scratch/map.csv" "${@:2}" "$leads/$1" |
		crm-select -c uid,report_time,channel_type | sed 's/ 00:00:00//; s/,NaN$/,/; s/ /_/g' >"$scratch/dress"
}
if test -d "$leads"; then
	dress olist_marketing_qualified_leads_dataset.csv
	cp "$scratch/dress" "$scratch/first"
	check "leads: 8000" test "$(wc -l <"$scratch/first")" -eq 8001
	dress variant_noheader_datetime_mql.csv --no-header --names mql_id,first_contact_date,landing_page_id,origin
	check "leads without a header are the same" cmp -s "$scratch/first" "$scratch/dress"
	dress variant_usdate_mql.csv --dates mdy
	check "leads with American dates are the same" cmp -s "$scratch/first" "$scratch/dress"
	months=$(crm-import -q --as contracts --map "$scratch/map.csv" "$leads/olist_closed_deals_dataset.csv" |
		crm-select -c sign_date --no-header-out | cut -c1-7 | sort | uniq -c | awk '{ printf "%s ", $1 }')
	check "deals by month, not $months" test "$months" = "3 73 113 147 207 122 57 37 33 23 21 6 "
else
	((skipped += 4))
fi

test $skipped -eq 0 && more= || more=", $skipped skipped"
echo "$passed passed, $failed failed$more"
test $failed -eq 0
