#!/bin/bash
# ledgers: 300,000 random ones whose rows are known.   tests/long/ledgers.sh BUILD
exec "${1:-build}/unit/ledger_random" 300000 "${SEED:-2025}"
