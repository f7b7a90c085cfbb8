#!/usr/bin/env -S -u LC_ALL crm_locale=${LC_ALL} bash
# crm-nightly: a folder of ledgers becomes a dated folder of results; what cron runs.
#
# Every step writes files of its own into a new folder, which takes its place only when all went
# well: a failed night leaves yesterday's results, and the link `latest`, as they were.
#
# Bash warns of an LC_ALL that is not installed before it reads a line of this file, so the first
# line above hides it; the tools get it back.
# shellcheck shell=bash
set -u -o pipefail
locale=${crm_locale:-${LC_ALL-}}
unset crm_locale
umask 077
program=crm-nightly
PATH=$(dirname "$(realpath "$0")"):$PATH
export LC_COLLATE=C

# ---- what it can be told: letter|name|kind|argument|choices|help|help in Chinese ----

options=(
	'l|ledgers|file|FOLDER||where the ledgers are|台账所在的目录'
	'o|output|file|FOLDER||where results go; default results|结果放在此目录；默认为 results'
	'r|rules|file|FILE||which file is which table|哪个文件是哪张表'
	'|print-rules|flag|||print the built-in list of files|打印内置的文件对照表'
	'|as-of|text|WHEN||the day: a date, today (the default) or yesterday|以何日为现在：日期、today 或 yesterday；默认 today'
	'|max-rejects|text|LIMIT||N or P%: status 1 above; default 0|N 或 P%：拒收超过此数则退出状态为 1；默认 0'
	'|lang|choice|WORD|en zh|language of reports and messages|报表和消息的语言'
	'q|quiet|flag|||say nothing but what failed|只说明失败之处'
	'v|verbose|flag|||say every step|说明每一步'
	'|print-options|flag|||print this table of options as TSV|以 TSV 打印选项表'
	'h|help|flag|||this text|显示这段说明'
	'V|version|flag|||version and licence|版本和许可证'
)

# Patterns of file names; the first one that fits decides.  `-`: no ledger.
builtin_rules='pattern,table
*.md,-
*customer*,customers
*miniprogram*,customers
*客户*,customers
*visit*,visits
*访*,visits
*report*,reports
*报备*,reports
*order*,orders
*认购*,orders
*认筹*,orders
*contract*,contracts
*合同*,contracts
*签约*,contracts
*receipt*,receipts
*回款*,receipts
*收款*,receipts
*spend*,spend
*费用*,spend
*target*,targets
*目标*,targets
*ticket*,tickets
*工单*,tickets
*报修*,tickets
*project*,projects
*项目*,projects
*channel-map*,channel_map
*channel_map*,channel_map
*渠道对照*,channel_map'

ledgers= results=results rules= as_of=today max_rejects=0 lang= quiet= verbose=

# ---- words ----

chinese() {
	local value=${locale:-${LC_MESSAGES:-${LANG-}}}
	test "$lang" = zh && return
	test -z "$lang" && [[ $value == zh*[Uu][Tt][Ff]*8* ]]
}
say() { # ENGLISH CHINESE
	if chinese; then echo "$program: $2"; else echo "$program: $1"; fi >&2
}
die() { # STATUS ENGLISH CHINESE
	say "$2" "$3"
	exit "$1"
}
wrong() { die 2 "$1; try '$program --help'" "$2；用法见 '$program --help'"; }

usage() {
	local line letter name kind argument choices help zh
	if chinese; then
		printf '用法： %s -l 目录 [选项]...\n把一个目录的台账变成一个按日期命名的结果目录：清洗、查重、事件流、标签、\n分级、佣金和报表。供 cron 每晚运行。\n\n' $program
	else
		printf 'usage: %s -l FOLDER [OPTION]...\nTurns a folder of ledgers into a dated folder of results: clean tables, who is\nwho, events, tags, tiers, commissions and reports.  For cron.\n\n' $program
	fi
	for line in "${options[@]}"; do
		IFS='|' read -r letter name kind argument choices help zh <<<"$line"
		test -z "$letter" && letter='    ' || letter="-$letter, "
		chinese && help=$zh
		printf '  %-23s  %s\n' "$letter--$name${argument:+ $argument}" "$help"
	done
	chinese && echo $'\n示例：' || echo $'\nExamples:'
	echo "  $program -l ledgers -o results"
	echo "  15 2 * * * $program -l /srv/crm -o /srv/results --as-of yesterday"
}

options_table() {
	local line letter name kind argument choices help zh
	for line in "${options[@]}"; do
		IFS='|' read -r letter name kind argument choices help zh <<<"$line"
		printf '%s\t%s\t%s\t%s\t%s\t%s\town\n' "$letter" "$name" "$kind" "$argument" "$choices" "$help"
	done
}

version() { crm-select --version | sed "1s/^crm-select/$program/"; }

print_and_end() {
	"$@" || exit 4
	exit 0
}

# ---- the command line ----

set_option() { # NAME VALUE
	case $1 in
	ledgers) ledgers=$2 ;;
	output) results=$2 ;;
	rules) rules=$2 ;;
	as-of) as_of=$2 ;;
	max-rejects) max_rejects=$2 ;;
	lang) lang=$2 ;;
	quiet) quiet=1 ;;
	verbose) verbose=1 ;;
	print-rules) action=${action:-print_rules} ;;
	print-options) action=${action:-options_table} ;;
	help) action=${action:-usage} ;;
	version) action=${action:-version} ;;
	esac
}
print_rules() { echo "$builtin_rules"; }

parse() {
	local arg line letter name kind rest value found action=
	while (($#)); do
		arg=$1 value= found=
		shift
		[[ $arg == -* && $arg != - ]] || wrong "$arg: no files are named; see --ledgers" "$arg：不需要写文件名；见 --ledgers"
		test "$arg" != -- || break
		for line in "${options[@]}"; do
			IFS='|' read -r letter name kind rest <<<"$line"
			case $arg in
			"--$name" | "-$letter") found=$name ;;
			"--$name="*) found=$name value=${arg#*=} ;;
			*) continue ;;
			esac
			break
		done
		test "$found" || wrong "no option $arg" "没有选项 $arg"
		if [[ $kind != flag && $arg != *=* ]]; then
			(($#)) || wrong "$arg wants an argument" "$arg 后面要有参数"
			value=$1
			shift
		fi
		set_option "$found" "$value"
	done
	test -z "$lang" -o "$lang" = en -o "$lang" = zh || wrong "--lang: \"$lang\" is none of: en, zh" "--lang：“$lang”不在可选范围内：en, zh"
	test -z "$action" || print_and_end $action
	test "$ledgers" || wrong "-l is wanted: the folder with the ledgers" "应有 -l：台账所在的目录"
	[[ $max_rejects =~ ^[0-9]+%?$ ]] || wrong "--max-rejects: a number or a percentage is wanted, such as 10 or 2%" \
		"--max-rejects：应为个数或百分比，如 10 或 2%"
}

# The day of the results; the zone is that of the other tools.
settle_day() {
	local now=${SOURCE_DATE_EPOCH:+@$SOURCE_DATE_EPOCH} zone=CST-8
	case $as_of in
	today) day=$(TZ=$zone date -d "${now:-now}" +%F) ;;
	yesterday) day=$(TZ=$zone date -d "$(TZ=$zone date -d "${now:-now}" +%F) 12:00 1 day ago" +%F) ;;
	*) day=$as_of ;;
	esac
	[[ $day =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}$ ]] && date -d "$day" >/dev/null 2>&1 ||
		wrong "--as-of: a date, today or yesterday is wanted, such as 2025-06-30" "--as-of：应为日期、today 或 yesterday，如 2025-06-30"
}

# ---- steps ----

worst=0 reasons=()
# Why a step ended with 1: the table or tool, rows rejected of rows read, and what is to be looked at.
reason() { # COMMAND...
	local what=$1 file numbers more
	test "$2" != --as || what=$3
	file=rejects/$what.csv
	# The line of the sum has its numbers in one order in all languages.
	mapfile -t numbers < <(grep -m1 -E ' = .* \+ .* \+ ' "$said" | grep -oE '[0-9]+')
	more=$(grep -E 'to be looked at|需要查看' "$said" | sed 's/^[^:]*: //' | paste -sd';')
	if ((${numbers[2]-0})); then
		chinese && what+="：读入 ${numbers[0]} 行，拒收 ${numbers[2]} 行" || what+=": ${numbers[2]} of ${numbers[0]} rows rejected"
		test ! -e "$work/$file" || what+=" ($file)"
	fi
	echo "$what${more:+; $more}"
}
# Runs a step; its messages go to the log, and where it did not end with 0 to standard error too.
step() { # COMMAND...
	local said=$work/said status start=$EPOCHREALTIME
	if test "$verbose"; then echo "$program: $*" >&2; fi
	echo "\$ $*" >>"$log"
	env ${locale:+LC_ALL="$locale"} "$1" -v ${lang:+--lang "$lang"} "${@:2}" 2>"$said"
	status=$?
	((status <= 5)) || status=4 # killed, or not there
	# Places as they will be called when the folder has its name.
	local text
	text=$(<"$said") && echo "${text//"$work"/"$given/$day"}" >"$said"
	cat "$said" >>"$log"
	printf 'status %d, %d ms\n' $status $(((${EPOCHREALTIME/./} - ${start/./}) / 1000)) >>"$log"
	if test "$verbose" || ((status > 1)) || { ((status)) && test -z "$quiet"; }; then cat "$said" >&2; fi
	((status > 1)) && die $status "the night failed at $1; the results are as they were; log: $given/log/$day.log" \
		"本次运行在 $1 处失败；原有结果未作改动；日志：$given/log/$day.log"
	((status)) && worst=1 && reasons+=("$(reason "$@")")
	return 0
}
there() { test -f "$tables/$1.csv"; }
# The option and a table of LEDGERS/rules, where it is there.
rule() { # OPTION NAME
	if test -f "rules/$2.csv"; then echo "$1=rules/$2.csv"; fi
}

# Which file is which table: fills of[TABLE] with lines of file names.
declare -A of=()
sort_files() {
	local file pattern table list=$builtin_rules unknown=
	test -z "$rules" || list=$(<"$rules")
	for file in *; do
		test -f "$file" || continue
		while IFS=, read -r pattern table _; do
			[[ $pattern != pattern && $pattern && $pattern != '#'* ]] || continue
			# shellcheck disable=SC2053 -- a pattern is wanted
			[[ ${file,,} == $pattern ]] || continue
			test "$table" = - || of[$table]+=$file$'\n'
			continue 2
		done <<<"${list//$'\r'/}"
		unknown+=" $file"
	done
	if test "$unknown"; then
		say "no table for:$unknown" "不知是哪张表：$unknown"
		worst=1
		reasons+=("$(chinese && echo "不知是哪张表：$unknown" || echo "no table for:$unknown")")
	fi
	((${#of[@]})) || die 3 "$ledgers: no ledger is here; log: $given/log/$day.log" "$ledgers：没有台账；日志：$given/log/$day.log"
}

import() {
	local table files
	for table in $(printf '%s\n' "${!of[@]}" | sort); do
		mapfile -t files <<<"${of[$table]%$'\n'}"
		step crm-import --as "$table" --as-of "$day" --max-rejects "$max_rejects" --rejects "$work/rejects/$table.csv" \
			$(rule --map map) -o "$tables/$table.csv" -- "${files[@]}"
	done
}

# Which rows are the same person: a uid for every row of every table that tells of customers.
dedupe() {
	local table named=()
	for table in customers visits reports orders contracts tickets; do
		if there $table; then named+=(-t "$table=$tables/$table.csv"); fi
	done
	((${#named[@]})) || return 0
	step crm-dedupe "${named[@]}" --golden "$tables/people.csv" --pairs "$tables/pairs.csv" -o "$tables/uids.csv"
	for table in customers visits reports orders contracts tickets; do
		if there $table; then
			step crm-join -k src_file,src_line --with "$tables/uids.csv" --add uid -o "$tables/$table.csv" "$tables/$table.csv"
		fi
	done
}

# Joins those of the columns that the table does not have itself; nothing where one of the two has no key.
join_lacking() { # TABLE KEY WITH PREFIX COLUMN...
	local table=$tables/$1.csv with=$tables/$3.csv column has other lacking=
	there "$1" && there "$3" || return 0
	has=$'\n'$(crm-join --list-columns "$table")$'\n'
	other=$'\n'$(crm-join --list-columns "$with")$'\n'
	[[ $has == *$'\n'"${2%=*}"$'\n'* && $other == *$'\n'"${2#*=}"$'\n'* ]] || return 0
	for column in "${@:5}"; do
		if [[ $has != *$'\n'"$4$column"$'\n'* && $other == *$'\n'"$column"$'\n'* ]]; then
			lacking+=${lacking:+,}$column
		fi
	done
	test -z "$lacking" ||
		step crm-join -k "$2" --with "$with" --add "$lacking" --prefix "$4" --multiple first -o "$table" "$table"
}

# Contracts and receipts belong to the channel, the consultant and the customer of their order.
# An order that takes the place of another one wants to know what that one was.
join_orders() {
	join_lacking contracts order_id orders "" source_type consultant_id uid
	join_lacking receipts order_id orders "" source_type consultant_id uid
	join_lacking orders prev_order_id=order_id orders prev_ kind status close_reason
}

# The tables that crm-events has rules or registers for.
make_events() {
	local table named=()
	for table in $(crm-events --print-rules | grep -v '^#' | cut -d, -f1 | sort -u) projects channel_map; do
		if there "$table"; then named+=(-t "$table=$tables/$table.csv"); fi
	done
	step crm-events --as-of "$day" --max-rejects "$max_rejects" $(rule --add-rules events) "${named[@]}" -o "$tables/events.csv"
}

customers() {
	if there people; then
		step crm-tag --as-of "$day" $(rule --rules tags) -o "$tables/people.csv" "$tables/people.csv"
	fi
	step crm-rfm --as-of "$day" -o "$tables/rfm.csv" "$tables/events.csv"
}

commission() {
	if there contracts && test "$(rule --rules plan)"; then
		step crm-commission --as-of "$day" $(rule --rules plan) -o "$reports/commission.csv" "$tables/contracts.csv"
	fi
}

report() {
	local events=$tables/events.csv name common=(--as-of "$day" $(rule --add-rules metrics))
	for name in spend projects channel_map; do
		if there $name; then common+=(-t "$name=$tables/$name.csv"); fi
	done
	for name in funnel channel; do
		step crm-report "$name" "${common[@]}" -o "$reports/$name.txt" "$events"
		step crm-report "$name" --section month "${common[@]}" -o "$reports/$name-by-month.csv" "$events"
		step crm-report "$name" --section project "${common[@]}" -o "$reports/$name-by-project.csv" "$events"
	done
	step crm-report funnel,channel "${common[@]}" -o "$reports/report.html" "$events"
}

all_steps() {
	sort_files
	import
	dedupe
	join_orders
	make_events
	customers
	commission
	report
}

# ---- the night ----

take_place() {
	if test -e "$results/$day"; then mv -T "$results/$day" "$results/.old-$day" || exit 4; fi
	mv -T "$work" "$results/$day" || exit 4
	ln -sfn "$day" "$results/.latest" && mv -T "$results/.latest" "$results/latest" || exit 4
	sync -f "$results"
	rm -rf "$results/.old-$day"
}
# What a run that was killed left behind.
clear_up() {
	local old
	for old in "$results"/.old-*; do
		test -e "$old" || continue
		if test -e "$results/${old##*/.old-}"; then rm -rf "$old"; else mv -T "$old" "$results/${old##*/.old-}"; fi
	done
	rm -rf "$results"/.night-*
}

# The last lines of a night that needs a person.
say_end() {
	local reason
	say "status $worst; $((${#reasons[@]})) to look at:" "状态 $worst；需要查看 ${#reasons[@]} 处："
	for reason in "${reasons[@]}"; do say "  $reason" "  $reason"; done
	say "the results are in place, \`latest\` leads to them: $given/$day/reports/report.html; log: $given/log/$day.log" \
		"结果已就位，latest 指向它：$given/$day/reports/report.html；日志：$given/log/$day.log"
}

parse "$@"
settle_day
test -d "$ledgers" || die 3 "$ledgers: no such folder" "$ledgers：没有这个目录"
given=$results # as it is called in messages
mkdir -p "$results" && results=$(realpath "$results") || die 4 "$results: cannot make this folder" "$results：无法创建此目录"
test -z "$rules" -o -r "$rules" || die 3 "$rules: no such file" "$rules：没有这个文件"
test -z "$rules" || rules=$(realpath "$rules")
exec 9>"$results/.lock" || die 4 "$results: cannot write" "$results：无法写入"
flock -w 10 9 || die 5 "$results: another run is at work" "$results：另一次运行正在进行"
clear_up
work=$(mktemp -d "$results/.night-XXXXXX") || die 4 "$results: cannot write" "$results：无法写入"
trap 'rm -rf "$work"' EXIT
tables=$work/tables reports=$work/reports
mkdir "$tables" "$work/rejects" "$reports" || exit 4
mkdir -p "$results/log" || exit 4
log=$results/log/$day.log
echo "$(date -u +%FT%TZ) $program --as-of $day" >>"$log"
cd "$ledgers" || exit 3
all_steps
rm -f "$work/said"
take_place
echo "status $worst" >>"$log"
test -n "$quiet" || ((worst == 0)) || say_end
exit $worst
