#!/bin/bash
# manual: the pages agree with the option tables and are good mdoc.   tests/manual.sh [BUILD]
set -u
cd "$(dirname "$0")/.." || exit 4
build=${1:-build} passed=0 failed=0 skipped=0

check() { # WHAT COMMAND...
	if "${@:2}"; then
		((passed++))
	else
		((failed++))
		echo "FAILED: $1"
	fi
}
rendered() { mandoc -Tascii -Owidth=200 "$1" | sed 's/.\x08//g'; }
section() { awk -v name="$2" '/^[A-Z]/ { on = $0 == name } on' <<<"$1"; }
# The long names of a list of options: `     -c, --columns columns`.
options_of() { sed -nE 's/^ {5}(-., )?--([a-z][a-z-]*).*/\2/p'; }
missing() { # EXPECTED THERE: lines of the first that the second lacks
	comm -23 <(sort -u <<<"$1") <(sort -u <<<"$2") | tr '\n' ' '
}

for page in man/*.[1-8] man/zh_CN/*.[1-8]; do
	test -f "$page" || continue
	said=$(mandoc -Tlint -Wwarning "$page" 2>&1)
	check "$page is good mdoc: $said" test -z "$said"
	# What man(1) shows at 80 columns: a cell too wide for its list comes out as a ribbon.
	if type groff >/dev/null 2>&1; then
		said=$(preconv -e UTF-8 "$page" | groff -man -mdoc -w w -Tutf8 -rLL=78n -Z 2>&1 >/dev/null | head -n 3)
		check "$page fits 80 columns: $said" test -z "$said"
	else
		((skipped++))
	fi
done
test $skipped -eq 0 || echo "SKIPPED: pages at 80 columns: groff is missing"

shared= letters=
for tool in "$build"/bin/crm-*; do
	name=${tool##*/}
	table=$("$tool" --print-options)
	letters+=$(awk -F'\t' -v OFS=' ' '$1 != "" { print $1, $2 }' <<<"$table")$'\n'
	own=$(awk -F'\t' '$7 == "own" { print $2 }' <<<"$table")
	all=$(cut -f2 <<<"$table")
	shared+=$(awk -F'\t' '$7 == "shared" { print $2 }' <<<"$table")$'\n'
	check "$name has a page" test -f "man/$name.1"
	for page in "man/$name.1" "man/zh_CN/$name.1"; do
		test -f "$page" || continue
		text=$(rendered "$page")
		case $page in
		man/crm-*)
			for heading in NAME SYNOPSIS DESCRIPTION OPTIONS 'EXIT STATUS' EXAMPLES 'SEE ALSO'; do
				check "$page has $heading" grep -qx "$heading" <<<"$text"
			done
			listed=$(section "$text" OPTIONS | options_of)
			;;
		*) listed=$(options_of <<<"$text") ;;
		esac
		lacking=$(missing "$own" "$listed")
		check "$page lists every option; it lacks: $lacking" test -z "${lacking// /}"
		unknown=$(missing "$listed" "$all")
		check "$page lists only options that are there; not: $unknown" test -z "${unknown// /}"
	done
done
text=$(rendered man/crm.7)
lacking=$(missing "$shared" "$(options_of <<<"$text")")
check "crm(7) lists every shared option; it lacks: $lacking" test -z "${lacking// /}"
lacking=$(missing "$(grep -v '^#' lib/table/model.csv | cut -d, -f1 | grep -vxE 'table|any')" \
	"$(rendered man/crm-formats.5 | tr -cs a-z_ '\n')")
check "crm-formats(5) names every table; it lacks: $lacking" test -z "${lacking// /}"
# The doubts of crm-import: in the program, in its page and where they arise.
codes=$("$build/bin/crm-import" --print-values strict | grep -vxE 'all|utf8')
said=$(sed -n '/^\.Ss Doubts/,/^\.Sh/s/^\.It Li //p' man/crm-import.1 | tr -d ' ' | tr , '\n')
differing=$(missing "$codes" "$said")$(missing "$said" "$codes")
check "crm-import(1) lists the doubts; differing: $differing" test -z "${differing// /}"
arising=$(grep -ohE '(doubt|unreadable)\([^"]*"[a-z_]+"' lib/import/*.c | grep -oE '"[a-z_]+"'
	sed -n '/^const char \*plausible_doubt/,$p' lib/import/plausible.c | grep -oE '"[a-z_]+"')
lacking=$(missing "$(tr -d '"' <<<"$arising")" "$codes")
check "the doubts of lib/import are in its list; it lacks: $lacking" test -z "${lacking// /}"
# The lists of tools that people read.
tools=$(cd "$build/bin" && ls)
named=$("$build/bin/crm-help" --print-rules tools | awk -F, 'NR > 1 { print $(NF - 1) }' | grep crm-; echo crm-formats; echo crm-help; echo crm-rules)
lacking=$(missing "$tools" "$named")$(missing "$named" "$tools"$'\n'"crm-formats"$'\n'"crm-rules")
check "crm-help lists the tools; differing: $lacking" test -z "${lacking// /}"
lacking=$(missing "$tools" "$(grep -o '^| `crm-[a-z]*' README.md | tr -d '|` ')")
check "README lists the tools; it lacks: $lacking" test -z "${lacking// /}"
# A letter means one thing.
twice=$(sort -u <<<"$letters" | grep . | cut -d' ' -f1 | uniq -d | tr '\n' ' ')
check "a letter has one long name in all tools; not: $twice" test -z "$twice"

test $skipped -eq 0 && skipped= || skipped=", $skipped skipped"
echo "$passed passed, $failed failed$skipped"
test $failed -eq 0
