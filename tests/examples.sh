#!/bin/bash
# examples: what README.md and the manual pages show is what comes out, and recipes work.   tests/examples.sh [BUILD]
#
# A line `$ COMMAND` in a displayed block (in a page `.Bd -literal`, in README.md a block indented by
# four) is run in a scratch folder that holds testdata/, all commands of a page in the same one; `> `
# goes on with it.  The lines up to the next command or the block's end are its output, standard
# error included; a line that is only `...` leaves out the rest.  No output shown: only status 0.
set -u
cd "$(dirname "$0")/.." || exit 4
top=$PWD build=$(realpath "${1:-build}") passed=0 failed=0
export PATH=$build/bin:$PATH LC_ALL=C.UTF-8 TZ=UTC0
unset LANG LC_MESSAGES LANGUAGE NO_COLOR SOURCE_DATE_EPOCH POSIXLY_CORRECT
scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT

blocks() { # FILE: the lines of its displays; a line `END` between two
	case $1 in
	*.md) awk '/^    / { print substr($0, 5); on = 1; next } on { print "END"; on = 0 } END { print "END" }' "$1" ;;
	*) awk '/^\.Bd -literal/ { on = 1; next } /^\.Ed/ { on = 0; print "END"; next } on' "$1" |
		sed 's/\\&//g; s/\\e/\\/g; s/\\(dq/"/g; s/\\-/-/g' ;;
	esac
}

run() { # COMMAND: what is in `expected` must come out
	local got status
	got=$(bash -o pipefail -c "$1" 2>&1 </dev/null)
	status=$?
	if test -z "$expected"; then
		test $status -eq 0
	elif [[ $'\n'$expected == *$'\n...\n' ]]; then
		[[ $got == "${expected%...$'\n'}"* ]]
	else
		[[ $got$'\n' == "$expected" ]]
	fi
	if test $? -eq 0; then
		((passed++))
		return
	fi
	((failed++))
	echo "FAILED: $page: \$ $1"
	diff -u --label "as shown" --label "status $status" <(printf %s "$expected") <(echo "$got") | head -n 20
}

for page in README.md man/*.[1-8] man/zh_CN/*.[1-8]; do
	test -f "$page" || continue
	folder=$scratch/${page//\//-}
	mkdir "$folder" && cp -r testdata "$folder" && cd "$folder" || exit 4
	command= expected=
	while IFS= read -r line; do
		case $line in
		'> '*) command+=$'\n'${line#> } && continue ;;
		END | '$ '*)
			test -z "$command" || run "$command"
			command= expected=
			test "$line" = END || command=${line#\$ }
			;;
		*) test -z "$command" || expected+=$line$'\n' ;;
		esac
	done < <(blocks "$top/$page")
	cd "$top" || exit 4
done
# The recipes of crm-help, one after the other; rejects are no failure.
mkdir "$scratch/recipes" && cp -r testdata/. "$scratch/recipes" && cp -r testdata "$scratch/recipes/ledgers" && cd "$scratch/recipes" || exit 4
command=
while IFS= read -r line; do
	[[ $line == '    '* ]] || continue
	command+=${line#    }$'\n'
	[[ $line == *[\|\\] ]] && continue
	if bash -o pipefail -c "$command" >out 2>&1 </dev/null || test $? -eq 1; then ((passed++)); else
		((failed++))
		echo "FAILED: crm-help recipes: $command"
		head -n 5 out
	fi
	command=
done < <(crm-help recipes)

echo "$passed passed, $failed failed"
test $failed -eq 0
