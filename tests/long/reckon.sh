#!/bin/bash
# reckon: a million random deals under random plans against the definitions.   tests/long/reckon.sh BUILD
exec "${1:-build}/unit/reckon" 1000000
