#!/bin/sh
# Holds what a run keeps and allocates against its limits: sessions that come and go, idle connections, messages. Takes
# about a minute; fails where one of the limits does not hold.
#
#     Benchmarks/verify.sh WSPLAN
set -eu
cd "$(dirname "$0")/.."
built=.build/benchmarks
cc=$(command -v cc || command -v clang)
mkdir -p "$built"
"$cc" -O2 -Wall -Wextra -o "$built/echo-server" Benchmarks/echo-server.c -lssl -lcrypto -lpthread
"$cc" -O2 -Wall -Wextra -shared -fPIC -o "$built/malloc-count.so" Benchmarks/malloc-count.c
python3 Benchmarks/churn.py "$built/echo-server" "$1"
python3 Benchmarks/idle_memory.py "$built/echo-server" "$1" 15000
python3 Benchmarks/churn.py --tls "$built/echo-server" "$1" 10000
python3 Benchmarks/idle_memory.py --tls "$built/echo-server" "$1" 10000
python3 Benchmarks/allocations.py "$built/echo-server" "$built/malloc-count.so" "$1" \
    Benchmarks/echo.yaml Benchmarks/echo-check.yaml Benchmarks/burst.yaml Benchmarks/tick.yaml
python3 Benchmarks/store.py "$built/malloc-count.so" "$(dirname "$1")/store-benchmark"
if command -v valgrind >/dev/null && command -v objcopy >/dev/null; then
    python3 Benchmarks/references.py "$built/echo-server" "$1" \
        Benchmarks/echo.yaml Benchmarks/echo-check.yaml Benchmarks/burst.yaml Benchmarks/tick.yaml
else
    echo "references SKIPPED: counting them needs valgrind and objcopy"
fi
