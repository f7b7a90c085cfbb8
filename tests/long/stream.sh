#!/bin/bash
# stream: crm-select and crm-sort against a slow second reader, on random tables.   tests/long/stream.sh [BUILD]
# STREAM_CASES (30000) cases of SEED (1).
set -u
cd "$(dirname "$0")/../.." || exit 4
if ! command -v python3 >/dev/null; then
	echo "skipped: python3 is not installed"
	echo "0 passed, 0 failed, 1 skipped"
	exit 0
fi
exec python3 tests/long/stream.py "${1:-build}/bin" "${STREAM_CASES:-30000}" "${SEED:-1}"
