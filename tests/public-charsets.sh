#!/bin/bash
# public-charsets: of short texts in many languages, each Chinese or Unicode one is known for
# what it is, and nothing else is taken for Unicode.   tests/public-charsets.sh [BUILD]
#
# The texts (test/ of uchardet, a file per charset) are no part of the project: where
# ../shared/data is absent, they are skipped.
set -u
cd "$(dirname "$0")/.." || exit 4
build=$(realpath "${1:-build}") texts=../shared/data/encoding/uchardet passed=0 failed=0
export PATH=$build/bin:$PATH LC_ALL=C.UTF-8

# What crm-import takes a text for; nothing where it does not decode as that.
charset_of() { crm-import --as raw --explain -o /dev/null "$1" 2>&1 | sed -nE 's/^crm-import: [^ ]*: ([A-Z0-9-]+) \(.*/\1/p'; }

if test ! -d "$texts"; then
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
for file in "$texts"/*/*.*; do
	found=$(charset_of "$file")
	case ${file#"$texts/"} in
	zh/big5.*) expected=BIG5 ;;
	zh/euc-tw.*) expected=EUC-TW ;;
	zh/gb18030.*) expected=GB18030 ;;
	*/utf-8.*) expected=UTF-8 ;;
	*/utf-16le.* | */utf-16.le) expected=UTF-16LE ;;
	*/utf-16be.* | */utf-16.be) expected=UTF-16BE ;;
	*/utf-32.le) expected=UTF-32LE ;;
	*/utf-32.be) expected=UTF-32BE ;;
	en/ascii.* | */iso-2022-*) expected=UTF-8 ;; # bytes of ASCII, all of them
	*) expected=other ;;
	esac
	if test $expected = other; then
		[[ $found != UTF-* ]]
	else
		test "$found" = $expected
	fi && ((++passed)) && continue
	((failed++))
	echo "FAILED: ${file#"$texts/"}: ${found:-nothing}, not $expected"
done
echo "$passed passed, $failed failed"
test $failed -eq 0
