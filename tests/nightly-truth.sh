#!/bin/bash
# nightly-truth: what crm-nightly makes of testdata/ is what its generator knows, to the fen, in
# every month, project and channel; and a night that fails leaves the last one.
#   tests/nightly-truth.sh [BUILD]
set -u
cd "$(dirname "$0")/.." || exit 4
build=$(realpath "${1:-build}") day=2025-06-30 passed=0 failed=0
export PATH=$build/bin:$PATH LC_ALL=C.UTF-8
unset SOURCE_DATE_EPOCH
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT

check() { # WHAT COMMAND...
	if "${@:2}"; then ((passed++)); else
		((failed++))
		echo "FAILED: $1"
	fi
}
night() { crm-nightly -l "$scratch/ledgers" -o "$scratch/results" --as-of $day --max-rejects 5% "$@" >"$scratch/out" 2>"$scratch/err"; }
# The digest of every file of the results.
state() { (cd "$scratch/results" && readlink latest && find . -type f ! -path './log/*' | sort | xargs cksum); }

cp -r testdata "$scratch/ledgers"
# Another run at work, in other results; asked for at the end.
mkdir "$scratch/locked"
(
	exec 9>"$scratch/locked/.lock"
	flock 9
	crm-nightly -l testdata -o "$scratch/locked" 9>&- >/dev/null 2>&1
	echo "$? $SECONDS" >"$scratch/locked/status"
) &
waiting=$!
night
check "the night goes well: $(cat "$scratch/err")" test $? -eq 0
check "and silently" test ! -s "$scratch/out" -a ! -s "$scratch/err"
check "nobody else may read it" test -z "$(find "$scratch/results" -type f -perm /077)"
check "each line of the log is a message, a step or its end" \
	test -z "$(tail -n +2 "$scratch/results/log/$day.log" | grep -avE '^(crm-[a-z]+: |\$ crm-|status [0-9])')"
tables=$scratch/results/latest/tables reports=$scratch/results/latest/reports
check "there is a page" grep -q '</html>' "$reports/report.html"

# The metrics that both know, cell by cell: SCOPE KEY METRIC VALUE.
metrics=$(crm-report --list | awk '{ print $1 }' |
	grep -xFf <(head -qn 1 testdata/truth/funnel.csv | tr ',' '\n') | paste -sd,)
truth() { # FILE: scope,key taken from its first columns
	awk -F, -v OFMT=%.2f -v wanted="$metrics" 'NR == 1 { for (i = 5; i <= NF; i++) name[i] = $i; n = split(wanted, list); for (i = 1; i <= n; i++) want[list[i]]; next }
		$1 == "ledger" { for (i = 5; i <= NF; i++) if (name[i] in want) print $2 "/" $3 "/" $4, name[i], $i + 0 }' "testdata/truth/$1"
}
# The same of crm-report; a table holds 24 metrics at most.
counted() { # SCOPE BY
	local some
	for some in $(tr ',' '\n' <<<"$metrics" | xargs -n 20 | tr ' ' ','); do counted_some "$1" "$2" "$some"; done
}
counted_some() { # SCOPE BY METRICS
	crm-report count --metrics "$3" ${2:+--by "$2"} --to csv --as-of $day -t spend="$tables/spend.csv" \
		-t projects="$tables/projects.csv" -t channel_map="$tables/channel_map.csv" "$tables/events.csv" |
		awk -F, -v OFMT=%.2f -v scope="$1" -v by="$2" -f <(cat <<'END'
			BEGIN { project["P01"] = "湖畔里"; project["P02"] = "望江府"; project["P03"] = "麓鸣园"; keys = by == "" ? 0 : split(by, names, ",") }
			NR == 1 { for (i = keys + 1; i <= NF; i++) name[i] = $i; next }
			{
				place = ""; inner = ""
				for (i = 1; i <= keys; i++)
					if (names[i] == "project") place = project[$i]; else if (names[i] == "region") place = $i; else inner = $i
				for (i = keys + 1; i <= NF; i++) print scope "/" place "/" inner, name[i], $i + 0
			}
END
		)
}
compare() { # WHAT TRUTH COUNTED: cells that are 0 in one may lack in the other
	diff <(grep -v ' 0$' <<<"$2" | sort) <(grep -v ' 0$' <<<"$3" | sort) >"$scratch/diff"
	check "$1: $(head -n 12 "$scratch/diff")" test ! -s "$scratch/diff"
}
funnel=$(truth funnel.csv)
compare "all" "$(grep '^all// ' <<<"$funnel")" "$(counted all '')"
compare "by month" "$(grep '^all//[0-9]' <<<"$funnel")" "$(counted all month)"
compare "by project" "$(grep '^project/[^/]*/ ' <<<"$funnel")" "$(counted project project)"
compare "by project and month" "$(grep '^project/[^/]*/[0-9]' <<<"$funnel")" "$(counted project project,month)"
compare "by region" "$(grep '^region/[^/]*/ ' <<<"$funnel")" "$(counted region region)"
compare "by channel" "$(truth channel.csv | grep '^all/')" "$(counted all channel)"
compare "by project and channel" "$(truth channel.csv | grep '^project/')" "$(counted project project,channel)"

# A night that fails, whatever it fails at.
state >"$scratch/before"
mv "$scratch/ledgers/orders.csv" "$scratch/"
gzip -c "$scratch/orders.csv" | head -c 5000 >"$scratch/ledgers/orders.csv.gz"
night
check "a truncated ledger fails the night with 3" test $? -eq 3
check "and is named" grep -q 'orders.csv.gz' "$scratch/err"
check "the results are as they were" cmp -s "$scratch/before" <(state)
rm "$scratch/ledgers/orders.csv.gz"
cp "$scratch/orders.csv" "$scratch/ledgers/"
echo 'x,y' >"$scratch/ledgers/unknown.csv"
night
check "a file that is no known ledger: 1" test $? -eq 1
check "and is named" grep -q 'unknown.csv' "$scratch/err"
check "the other results are the same, byte for byte" cmp -s "$scratch/before" <(state)
rm "$scratch/ledgers/unknown.csv"
check "no ledgers: 3" test "$(crm-nightly -l "$scratch/results/log" -o "$scratch/other" 2>/dev/null; echo $?)" -eq 3

wait $waiting
read -r status seconds <"$scratch/locked/status"
check "another run at work: 5, after ten seconds" test "$status" -eq 5 -a "$seconds" -ge 9

echo "$passed passed, $failed failed"
test $failed -eq 0
