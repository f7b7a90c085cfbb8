#!/bin/bash
# contract: what every tool keeps, tried on every tool.   tests/contract.sh [BUILD [TOOL]]
#
# tests/contract.args says how each tool is called; a tool in BUILD/bin without a line there fails.
set -u
cd "$(dirname "$0")/.." || exit 4
build=$(realpath "${1:-build}") || exit 4
export PATH=$build/bin:$PATH LC_ALL=C TZ=UTC0
unset LANG LC_MESSAGES LANGUAGE NO_COLOR SOURCE_DATE_EPOCH POSIXLY_CORRECT TMPDIR

# ---- one tool, called by xargs at the end of the file ----

passed() { echo passed; }
failed() { # CHECK DETAIL
	echo "FAILED: $tool: $1: $2"
	test ! -s err || sed 's/^/    /' err | head -n 5
}
skip() { # CHECK: does the table say that it does not apply?
	[[ " $skips " == *" $1 "* ]] || return 1
	echo skipped
}
check() { # NAME COMMAND...
	local name=$1
	shift
	if "$@"; then passed; else failed "$name" "not so: $*"; fi
}
tool() { "$tool" "${args[@]}" "$@"; }
# Runs the tool on standard input, and compares its exit status (a pattern).
ends() { # NAME STATUS [MORE ARGUMENTS]
	local name=$1 wanted=$2 status
	shift 2
	timeout 60 "$tool" "${args[@]}" "$@" >out 2>err
	status=$?
	# shellcheck disable=SC2254 -- a pattern is wanted
	case $status in
	$wanted) passed ;;
	*) failed "$name" "status $status, not $wanted" ;;
	esac
}
says() { check "$1 says so" grep -qE -- "$2" err; }
same() { check "$1 gives the same output" cmp -s base out; }
adds_up() { # ROWS
	local n='([0-9]+)'
	[[ $(grep ' read = ' err) =~ $n" read = "$n" used + "$n" rejected + "$n" merged + "$n" left out" ]] &&
		((BASH_REMATCH[1] == $1 && $1 == BASH_REMATCH[2] + BASH_REMATCH[3] + BASH_REMATCH[4] + BASH_REMATCH[5]))
}
cut_short() { check "$1: what was written is marked as cut short" test ! -s out -o "$(tail -c 1 out)" = '"'; }
nothing() { check "$1 writes no row" test ! -s out; }

usage() {
	args=()
	ends "--help" 0 --help </dev/null
	check "--help fits a screen" test "$(wc -l <out)" -le 34 -a "$(LC_ALL=C.UTF-8 wc -L <out)" -le 79
	check "--help begins with usage" grep -q "^usage: $tool" out
	check "--help ends with examples" awk '/^Examples:/ { on = NR } END { exit !(on && NR > on) }' out
	ends "--help in Chinese" 0 --help --lang zh </dev/null
	check "Chinese --help fits" test "$(wc -l <out)" -le 34 -a "$(LC_ALL=C.UTF-8 wc -L <out)" -le 79
	ends "--version" 0 --version </dev/null
	check "--version names tool and version" grep -qE "^$tool \(crm tools\) [0-9]" out
	ends "unknown option" 2 --no-such-option </dev/null
	says "unknown option" "no option --no-such-option.*; try '$tool --help'"
	nothing "unknown option"
	ends "abbreviated option" 2 --hel </dev/null
	ends "unknown letter" 2 -@ </dev/null
	for option in --help --version; do
		"$tool" $option >/dev/full 2>err
		check "$option on a full device fails" test $? -eq 4
		"$tool" $option >&- 2>err
		check "$option into a closed output fails" test $? -eq 4
	done
	eval "args=($line_args)"
}

inputs() {
	ends "the sample" 0 <sample
	cp out base
	check "the sample is silent" test ! -s err
	check "the sample gives something" test -s base
	ends "the sample as a file" 0 sample
	ends "the sample with -v" 0 -v <sample
	check "read = used + rejected + merged + left out" adds_up $(($(wc -l <sample) - 1))
	ends "empty file" 3 </dev/null
	nothing "empty file"
	ends "empty file allowed" 0 --allow-empty </dev/null
	ends "header only" 0 < <(head -n 1 sample)
	ends "no final newline" 0 < <(head -c -1 sample)
	same "no final newline"
	skip crlf || {
		ends "CRLF" 0 < <(sed 's/$/\r/' sample)
		same "CRLF"
	}
	ends "BOM" 0 < <(printf '\357\273\277' && cat sample)
	same "BOM"
	ends "gzip" 0 < <(gzip -c sample)
	same "gzip"
	ends "zstd" 0 < <(zstd -qc sample)
	same "zstd"
	ends "truncated gzip" 3 < <(gzip -c sample | head -c -9)
	cut_short "truncated gzip"
	ends "bytes after gzip" 3 < <(gzip -c sample && echo more)
	ends "a slow pipe" 0 < <(head -c 90 sample && sleep 0.1 && tail -c +91 sample)
	same "a slow pipe"
	ends "NUL" '[01]' < <(sed '2s/$/\x00x/' sample)
	ends "bytes that are no UTF-8" '[01]' < <(sed '2s/$/\xff\xfe/' sample)
	skip ragged || {
		ends "ragged rows" 1 < <(cat sample && echo x && sed -n '2s/$/,more,fields/p' sample)
		says "ragged rows" ' 2 rejected '
	}
	ends "open quote" 3 < <(cat sample && printf '"open\n1,2\n')
	says "open quote" ":$(($(wc -l <sample) + 1)):"
	ends "lone stray quote" 3 < <(cat sample && printf '"')
	skip repeated || {
		ends "repeated header" 1 < <(cat sample sample)
		says "repeated header" ' 1 rejected '
	}
	ends "column twice, not used" 0 < <(sed '1s/$/,twice,twice/;2,$s/$/,,/' sample)
	if test "$used" != -; then
		ends "column twice, used" 3 < <(sed "1s/\$/,$used/;2,\$s/\$/,/" sample)
		says "column twice, used" "$used"
		nothing "column twice, used"
		ends "column missing" 3 < <(sed "1s/$used/not_there/" sample)
		says "column missing" "$used"
		nothing "column missing"
	fi
}

files() {
	ends "missing file" 3 no-such-file.csv </dev/null
	says "missing file" 'no-such-file\.csv'
	nothing "missing file"
	ends "second file missing" 3 sample no-such-file.csv </dev/null
	nothing "second file missing"
	ends "a folder as input" '[34]' . </dev/null
	ends "a name that begins with -" 3 -- -rf </dev/null
	ends "standard input twice" 2 - - <sample
	skip two-files || {
		head -n 3 sample >first.csv
		sed '2,3d' sample >second.csv
		ends "two files are one table" 0 first.csv second.csv </dev/null
		same "two files"
	}
	ends "closed input" 4 <&-
	ends "input open for writing only" 4 0>/dev/null
	timeout 60 "$tool" "${args[@]}" <sample >&- 2>err
	check "closed output fails" test $? -eq 4
	timeout 60 "$tool" "${args[@]}" <sample >/dev/full 2>err
	check "full device fails" test $? -eq 4
	says "full device" 'No space left on device'
}

output() {
	(umask 000 && tool -o new <sample) 2>err
	check "-o writes the same" cmp -s base new
	check "a new file is 0600" test "$(stat -c %a new)" = 600
	echo old >keep
	chmod 640 keep
	ends "-o of a failing run" 3 -o keep < <(cat big && printf '"')
	check "the old file is kept" test "$(cat keep)" = old
	ends "-o of a run without input" 3 -o keep </dev/null
	check "the old file is kept, without input" test "$(cat keep)" = old
	ends "-o over an old file" 0 -o keep <sample
	check "-o replaces" cmp -s base keep
	check "a replaced file keeps its mode" test "$(stat -c %a keep)" = 640
	check "no temporary file is left" test -z "$(ls | grep -E '^(keep|new)\..' | grep -v csv)"
	echo safe >target
	ln -sf target link
	ends "-o on a symbolic link" 4 -o link <sample
	check "the link's target is untouched" test "$(cat target)" = safe
	ends "-o in a folder that is not there" 4 -o no/such/folder <sample
	cp sample inplace
	ends "-o on its own input" 0 -o inplace inplace </dev/null
	check "-o on its own input gives the same" cmp -s base inplace
	ends "-o of gzip" 0 -o new.gz <sample
	check "-o of gzip inflates to the same" cmp -s base <(gzip -dc new.gz)
}

reports() {
	ends "--stats" 0 --stats stats <sample
	check "--stats has the rows that were read" grep -q "\"read\":$(($(wc -l <sample) - 1))," stats
	check "--stats is readable by nobody else" test "$(stat -c %a stats)" = 600
	skip ragged || {
		ends "--rejects of a run that fails" 3 --rejects rejects < <(sed 1q sample && echo x && tail -n +2 big && printf '"')
		check "--rejects is kept" grep -q ",ragged," rejects
		ends "--max-rejects" 0 --max-rejects 1 -q < <(cat sample && echo x)
		ends "-q" 1 -q < <(cat sample && echo x)
		check "-q leaves the summary away" test -z "$(grep ' read = ' err)"
	}
	ends "--errors json" 3 --errors json no-such-file.csv </dev/null
	says "--errors json" '^\{"tool":"'"$tool"'","level":"error".*"status":3.*\}$'
	ends "--list-columns" 0 --list-columns sample
	check "--list-columns has them" test "$(wc -l <out)" -eq "$(head -n 1 sample | tr , '\n' | wc -l)"
}

# The same bytes whatever the threads, the locale, the zone and the way of reading.
determinism() {
	local n zone
	tool --threads 1 <big >base 2>err
	for n in 2 7; do
		ends "--threads $n" '[01]' --threads $n <big
		same "--threads $n"
	done
	for zone in America/New_York Asia/Shanghai; do
		env LC_ALL=zh_CN.UTF-8 TZ=$zone "$tool" "${args[@]}" <big >out 2>err
		same "zh_CN and $zone"
	done
	env -i PATH="$PATH" "$tool" "${args[@]}" big >out 2>err
	same "an empty environment"
}

# `sleep` gives the reader the time to go away.
pipes() {
	if test "$sigpipe"; then
		{ sleep 0.1; tool <big 2>err; echo $? >status; } | :
		check "a reader that goes away" grep -qx 141 status
		check "a reader that goes away: quietly" test ! -s err
	else
		echo skipped
	fi
	(
		trap '' PIPE
		{ sleep 0.1; tool <big 2>err; echo $? >status; } | :
	)
	check "a reader that goes away, SIGPIPE ignored" grep -qx 4 status
}

# A pipe whose first tool fails after it began to write leaves the file of the last one.
chains() {
	{ cat big && printf '"'; } >broken
	echo old >keep
	crm-select broken 2>err | tool -o keep 2>>err >/dev/null
	check "last in a pipe that fails: status" test "${PIPESTATUS[*]}" = "3 3"
	check "last in a pipe that fails: file kept" test "$(cat keep)" = old
	skip text || {
		tool broken 2>err | crm-select -o keep 2>>err
		check "first in a pipe that fails: status" test "${PIPESTATUS[*]}" = "3 3"
		check "first in a pipe that fails: file kept" test "$(cat keep)" = old
		crm-select broken 2>err | tool 2>>err | crm-select -o keep 2>>err
		check "within a pipe that fails: status" test "${PIPESTATUS[*]}" = "3 3 3"
		check "within a pipe that fails: file kept" test "$(cat keep)" = old
	}
}

one_tool() {
	local tool=$1 line name line_args sample used skips
	line=$(grep -P "^$tool\t" tests/contract.args) || {
		echo "FAILED: $tool has no line in tests/contract.args"
		return
	}
	IFS=$'\t' read -r name line_args sample used skips <<<"$line"
	mkdir "$scratch/$name" && cp -r tests/contract/. "$scratch/$name" && cd "$scratch/$name" || exit 4
	test "$line_args" != - || line_args=
	usage
	test "$sample" != - || return
	cp "$sample" sample
	{ # some 3 MB, several blocks
		head -n 1 sample
		tail -n +2 sample >body
		while test "$(wc -c <body)" -lt 3000000; do cat body body >twice && mv twice body; done
		cat body
	} >big
	inputs
	files
	output
	reports
	determinism
	pipes
	chains
}

if test "${CRM_CONTRACT-}"; then
	scratch=$CRM_CONTRACT
	text=$(one_tool "$2" 2>&1)
	echo "$text"
	exit 0
fi

# ---- all tools ----

scratch=$(mktemp -d) || exit 4
trap 'rm -rf "$scratch"' EXIT
sigpipe=1
bash -c 'kill -PIPE $$' 2>/dev/null
test $? -eq 141 || sigpipe= # the parent ignores it, and so must we
export sigpipe
tools=$(cd "$build/bin" && ls -d crm-* | grep -xE "${2:-.*}")
echo "$tools" | CRM_CONTRACT=$scratch xargs -P "$(nproc)" -I{} "$0" "$build" {} >"$scratch/log"
grep -vxE 'passed|skipped' "$scratch/log"
passed=$(grep -cx passed "$scratch/log") failed=$(grep -c ^FAILED: "$scratch/log") skipped=$(grep -cx skipped "$scratch/log")
echo "$passed passed, $failed failed, $skipped skipped"
test "$failed" -eq 0
