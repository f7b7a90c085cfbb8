#!/bin/sh
# completion: makes the completion of one tool for one shell out of its table of options.
#
#   TOOL --print-options | lib/cli/completion.sh bash|zsh|fish TOOL
#
# Words of choices are completed, those of the tool's tables by asking it (--print-values), columns by
# asking it for those of the file that stands on the command line (--list-columns), all else by file name.
set -eu
shell=$1 tool=$2
function=_$(echo "$tool" | tr - _)
tab=$(printf '\t')

# zsh and fish: one line per option, awk's fields are letter, name, kind, argument, choices, help.
each_option() { awk -F"$tab" -v tool="$tool" -v name="$function" -v quote="'" "$1"; }

case $shell in
bash)
	cat <<END
# Completion of $tool for bash.  Made from \`$tool --print-options\`.
${function}_options='
$(awk -F"$tab" '$7 == "operand" { print $2 " " $3; next }
	{ words = $3 == "values" ? $2 : $5 }
	{ print "--" $2 " " $3 " " words; if ($1 != "") print "-" $1 " " $3 " " words }')
'

END
	sed "s/FUNCTION/$function/g; s/TOOL/$tool/g" <<'END'
# The columns of the first file on the command line, those of a list that stand there kept.
FUNCTION_columns() {
	local word file= name before=
	for word in "${COMP_WORDS[@]:1}"; do
		if [[ $word != -* && -f $word ]]; then file=$word && break; fi
	done
	[[ $file ]] || return
	[[ $1 == *,* ]] && before=${1%,*},
	while IFS= read -r name; do
		[[ $name == *[,:*!\ ]* || $name == [0-9]* ]] && name="\`$name\`"
		[[ $name == "${1##*,}"* ]] && COMPREPLY+=("$before$(printf %q "$name")")
	done < <(TOOL --list-columns "$file" 2>/dev/null)
	compopt -o nospace 2>/dev/null
}

# The words that the option, or `operand`, may have; those of a list that stand there kept.
FUNCTION_values() { # OPTION CURRENT
	local word before=
	[[ $2 == *,* ]] && before=${2%,*},
	while IFS= read -r word; do
		[[ $word == "${2##*,}"* ]] && COMPREPLY+=("$before$word")
	done < <(TOOL --print-values "$1" 2>/dev/null)
}

# What is no option: a word that the tool knows, where none stands there yet.
FUNCTION_operand() {
	local word
	FUNCTION_values operand ''
	for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
		[[ " ${COMPREPLY[*]} " != *" ${word%%,*} "* ]] || break
		word=
	done
	COMPREPLY=()
	[[ $word ]] || FUNCTION_values operand "$1"
}

FUNCTION() {
	local current=${COMP_WORDS[COMP_CWORD]} option=${COMP_WORDS[COMP_CWORD - 1]} name kind choices
	COMPREPLY=()
	if [[ $current == = ]]; then # --name=, which bash splits
		current=
	elif [[ $option == = ]]; then
		option=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	while read -r name kind choices; do
		[[ $name && $name == "$option" && $kind != flag ]] || continue
		case $kind in
		values) FUNCTION_values "$choices" "$current" ;;
		choice) mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$current") ;;
		columns | keys) FUNCTION_columns "$current" ;;
		file) mapfile -t COMPREPLY < <(compgen -f -- "$current") && compopt -o filenames 2>/dev/null ;;
		esac
		return
	done <<<"$FUNCTION_options"
	if [[ $current == -* ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$(awk '{ print $1 }' <<<"$FUNCTION_options")" -- "$current")
	else
		[[ $FUNCTION_options != *$'\noperand '* ]] || FUNCTION_operand "$current"
		[[ $FUNCTION_options != *$'\noperand choice'* ]] || return
		mapfile -t -O ${#COMPREPLY[@]} COMPREPLY < <(compgen -f -- "$current")
		compopt -o filenames 2>/dev/null
	fi
}
complete -F FUNCTION TOOL
END
	;;
zsh)
	cat <<END
#compdef $tool
# Completion of $tool for zsh.  Made from \`$tool --print-options\`.

${function}_columns() {
	local word
	for word in \${words[2,-1]}; do
		if [[ \$word != -* && -f \$word ]]; then
			compset -P '*,'
			compadd -S '' -- \${(f)"\$($tool --list-columns \$word 2>/dev/null)"}
			return
		fi
	done
}

${function}_values() {
	compset -P '*,'
	compadd -S '' -- \${(f)"\$($tool --print-values \$1 2>/dev/null)"}
}

${function}_operand() {
	${function}_values operand
	[[ \$1 = choice ]] || _files
}

_arguments -s -S \\
END
	# shellcheck disable=SC2016 -- for awk
	each_option '$7 == "operand" { operand = "{" name "_operand " $3 "}"; next } {
		help = $6
		gsub(/\[|\]|:|\\/, "\\\\&", help)
		gsub(quote, quote "\\" quote quote, help)
		argument = $4
		gsub(/\[|\]|:|\\/, "\\\\&", argument)
		action = $3 == "flag" ? "" : ":" argument ":"
		if ($3 == "choice") action = action "(" $5 ")"
		if ($3 == "columns" || $3 == "keys") action = action name "_columns"
		if ($3 == "values") action = action "{" name "_values " $2 "}"
		if ($3 == "file") action = action "_files"
		names = "--" $2 ($3 == "flag" ? "" : "=")
		if ($1 == "")
			printf "\t%s%s[%s]%s%s \\\n", quote, names, help, action, quote
		else
			printf "\t%s(-%s --%s)%s{-%s,%s}%s[%s]%s%s \\\n", quote, $1, $2, quote, \
				$1 ($3 == "flag" ? "" : "+"), names, quote, help, action, quote
	} END { print "\t" quote "*:file:" (operand ? operand : "_files") quote }'
	;;
fish)
	cat <<END
# Completion of $tool for fish.  Made from \`$tool --print-options\`.

function _${function}_columns
	for word in (commandline -opc)[2..-1]
		if not string match -q -- '-*' \$word; and test -f \$word
			set -l before (string match -r -- '.*,' (commandline -ct))
			for name in ($tool --list-columns \$word 2>/dev/null)
				echo "\$before\$name"
			end
			return
		end
	end
end

END
	cat <<END
function _${function}_values
	set -l before (string match -r -- '.*,' (commandline -ct))
	for word in ($tool --print-values \$argv[1] 2>/dev/null)
		echo "\$before\$word"
	end
end

END
	# shellcheck disable=SC2016 -- for awk
	each_option '$7 == "operand" {
		print "complete -c " tool ($3 == "choice" ? " -f" : "") " -a " quote "(_" name "_values operand)" quote
		next
	}
	{
		help = $6
		gsub(/[\\]/, "\\\\&", help)
		gsub(quote, "\\" quote, help)
		line = "complete -c " tool " -l " $2
		if ($1 != "") line = line " -s " $1
		if ($3 == "file") line = line " -r -F"
		else if ($3 == "choice") line = line " -x -a " quote $5 quote
		else if ($3 == "values") line = line " -x -a " quote "(_" name "_values " $2 ")" quote
		else if ($3 == "columns" || $3 == "keys") line = line " -x -a " quote "(_" name "_columns)" quote
		else if ($3 != "flag") line = line " -x"
		print line " -d " quote help quote
	}'
	;;
esac
