#!/bin/sh
# Holds what a run keeps and allocates against its limits: sessions that come and go, idle connections, messages; and what it
# measures against what is known. Takes minutes; fails where one of the limits does not hold.
#
#     Benchmarks/verify.sh WSPLAN
set -eu
cd "$(dirname "$0")/.."
built=.build/benchmarks
make --silent -C Benchmarks/floor
python3 Benchmarks/churn.py "$built/echo-server" "$1"
python3 Benchmarks/idle_memory.py "$built/echo-server" "$1" 15000
python3 Benchmarks/churn.py --tls "$built/echo-server" "$1" 10000
python3 Benchmarks/idle_memory.py --tls "$built/echo-server" "$1" 10000
python3 Benchmarks/allocations.py "$built/echo-server" "$built/malloc-count.so" "$1" \
    Benchmarks/plans/echo.yaml Benchmarks/plans/echo-check.yaml Benchmarks/plans/burst.yaml Benchmarks/plans/tick.yaml
python3 Benchmarks/micro.py "$built/malloc-count.so" "$(dirname "$1")/micro-benchmarks"
if command -v valgrind >/dev/null && command -v objcopy >/dev/null; then
    python3 Benchmarks/references.py "$built/echo-server" "$1" \
        Benchmarks/plans/echo.yaml Benchmarks/plans/echo-check.yaml Benchmarks/plans/burst.yaml Benchmarks/plans/tick.yaml
else
    echo "references SKIPPED: counting them needs valgrind and objcopy"
fi
python3 Benchmarks/accuracy.py --wsplan "$1"
