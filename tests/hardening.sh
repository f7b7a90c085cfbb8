#!/bin/bash
# hardening: what readelf and nm see of each program.   tests/hardening.sh [BUILD]
#
# Skipped for a build with sanitizers, which link their own runtime.
set -u
cd "$(dirname "$0")/.." || exit 4
build=${1:-build} passed=0 failed=0
forbidden='gets strcpy strcat stpcpy sprintf vsprintf scanf sscanf fscanf __isoc99_sscanf atoi atol atof
	strtok system popen mktemp tmpnam tempnam tmpfile setlocale socket connect ptrace dlopen'
# exec: only crm-help, which shows a manual page.  crm-import may fork: a child reads xls files.
exec='execv execve execvp execl execlp execle fork vfork posix_spawn posix_spawnp'

check() { # WHAT COMMAND...
	if "${@:2}"; then
		((passed++))
	else
		((failed++))
		echo "FAILED: $program: $1"
	fi
}
has() { grep -qE -- "$1" <<<"$elf"; }
lacks() { ! grep -qE -- "$1" <<<"$elf"; }
calls() { grep -qE -- "$1" <<<"$symbols"; }

for program in "$build"/bin/crm-*; do
	elf=$(readelf -hldW "$program" 2>/dev/null) || continue # a shell script
	symbols=$(nm -uD "$program" | sed 's/^.* //; s/@.*//')
	if calls '__asan_init'; then
		echo "skipped: $program has sanitizers"
		continue
	fi
	check "position-independent" has 'Type: +DYN'
	check "relocations read-only" has 'GNU_RELRO'
	check "bound at the start" has 'FLAGS_1\).*NOW'
	check "no executable stack" has 'GNU_STACK.* RW '
	check "no path to libraries inside" lacks 'RPATH|RUNPATH'
	check "stack protector" calls '^__stack_chk_fail$'
	check "checked library calls" calls '_chk$|^__open_2$'
	check "indirect branches marked" test "$(uname -m)" != x86_64 -o "$(objdump -d "$program" | grep -c endbr64)" -gt 0
	for name in $forbidden; do
		check "calls $name" test -z "$(grep -x "$name" <<<"$symbols")"
	done
	case $program in
	*/crm-help) ;;
	*/crm-import) for name in ${exec/ fork / }; do check "calls $name" test -z "$(grep -x "$name" <<<"$symbols")"; done ;;
	*) for name in $exec; do check "calls $name" test -z "$(grep -x "$name" <<<"$symbols")"; done ;;
	esac
done
echo "$passed passed, $failed failed"
test $failed -eq 0
