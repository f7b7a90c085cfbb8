#!/bin/bash
# pollock: all 2,290 polluted files, beside the loaders that were published.   tests/long/pollock.sh BUILD
exec tests/pollock.pl "${1:-build}" all
