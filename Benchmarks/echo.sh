#!/bin/sh
# Holds the CPU time that wsplan spends on an echo against that of the C client: 200 connections, one message of 64
# bytes in flight on each, the C server in a process of its own, both clients in turns.
#
#     Benchmarks/echo.sh [ROUNDS [SECONDS [THREADS [PLAN]]]]
set -eu
cd "$(dirname "$0")/.."
built=.build/benchmarks
mkdir -p "$built"
cc -O2 -Wall -Wextra -o "$built/floor-client" Benchmarks/floor-client.c -lpthread
cc -O2 -Wall -Wextra -o "$built/echo-server" Benchmarks/echo-server.c -lssl -lcrypto -lpthread
if [ -z "${WSPLAN:-}" ]; then
    swift build --configuration release --product wsplan
    WSPLAN=$(swift build --configuration release --show-bin-path)/wsplan
fi
exec python3 Benchmarks/echo_rounds.py "$built" "$WSPLAN" "${1:-5}" "${2:-10}" "${3:-1}" "${4:-Benchmarks/echo.yaml}"
