#!/bin/bash
# expressions: a million random ones against the second evaluator.   tests/long/expressions.sh BUILD
exec "${1:-build}/unit/expression_random" 1000000 "${SEED:-2024}"
