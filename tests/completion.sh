#!/bin/bash
# completion: bash's, sourced in a clean shell, completes options, choices, columns and files; the
# others are read by their shells where these are installed.   tests/completion.sh [BUILD]
set -u
cd "$(dirname "$0")/.." || exit 4
build=$(realpath "${1:-build}") passed=0 failed=0 skipped=0
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT
cp tests/contract/events.csv "$scratch/events.csv"
printf 'a b,2024,plain,"x,y"\n' >"$scratch/odd.csv"

# The completions of the last word, one a line.
complete() { # TOOL WORD...
	(cd "$scratch" && env -i PATH="$build/bin:$PATH" LC_ALL=C.UTF-8 bash --norc --noprofile -c '
		source "$0/completion/bash/$1"
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		'"_${1//-/_}"'
		((${#COMPREPLY[@]} == 0)) || printf "%s\n" "${COMPREPLY[@]}"' "$build" "$@" | sort | tr '\n' ' ')
}
is() { # EXPECTED TOOL WORD...
	local got
	got=$(complete "${@:2}")
	if test "$got" = "$1"; then ((passed++)); else
		((failed++))
		echo "FAILED: ${*:2}: expected \"$1\", got \"$got\""
	fi
}

is '--color --columns ' crm-select --co
is '--columns ' crm-select --colu
is 'csv ' crm-select --to c
is 'always auto never ' crm-select --color ''
is 'always auto never ' crm-select --color =
is 'never ' crm-select --color = n
is 'uid ' crm-select events.csv -c u
is 'event_id event_type ' crm-select events.csv --columns ev
is 'at,channel ' crm-select events.csv --columns at,ch
is '' crm-select -c u
is '\`2024\` \`a\ b\` \`x\,y\` plain ' crm-select odd.csv -c ''
is 'events.csv ' crm-select ev
is 'events.csv ' crm-select -o ev
is '' crm-select -w ev

# Words of the tools' own tables, each as the tool says them.
is 'visits ' crm-import --as vi
is 'raw ' crm-import --as ra
is 'channel ' crm-report chan
is 'funnel,channel ' crm-report funnel,ch
is 'events.csv ' crm-report funnel ev
is 'channel count events.csv funnel odd.csv ' crm-report ''
is 'events.csv odd.csv ' crm-report channel ''
is 'sub_units,sign_units ' crm-report funnel --metrics sub_units,sign_u
is 'region ' crm-report channel --section reg
is 'visit_first ' crm-report --define visit_fi
is 'every-night ' crm-help ev
is 'no_bool no_close_date no_date no_number no_time ' crm-events --strict no_
is 'utf8,bad_date ' crm-events --strict utf8,bad
for tool in "$build"/bin/crm-*; do # every list of words is asked for with success
	while IFS=$'\t' read -r name; do
		if test "$("$tool" --print-values "$name" </dev/null | wc -l)" -gt 1; then ((passed++)); else
			((failed++))
			echo "FAILED: ${tool##*/} --print-values $name: no words"
		fi
	done < <("$tool" --print-options | awk -F'\t' '$3 == "values" || $3 == "choice" && $7 != "own" { print $2 }')
done

for file in "$build"/completion/bash/*; do
	if bash -n "$file"; then ((passed++)); else ((failed++)); fi
done
for shell in zsh fish; do
	if ! command -v $shell >/dev/null; then
		echo "skipped: $shell is not installed"
		((skipped++))
		continue
	fi
	for file in "$build/completion/$shell"/*; do
		if $shell -n "$file"; then ((passed++)); else ((failed++)); fi
	done
done
if command -v fish >/dev/null; then
	got=$(cd "$scratch" && PATH=$build/bin:$PATH fish -c "source $build/completion/fish/crm-select.fish
		complete -C 'crm-select events.csv -c u'; complete -C 'crm-select events.csv -c at,ch'" | cut -f1 | tr '\n' ' ')
	if test "$got" = "uid at,channel "; then ((passed++)); else
		((failed++))
		echo "FAILED: fish: got \"$got\""
	fi
fi
echo "$passed passed, $failed failed, $skipped skipped"
test $failed -eq 0
