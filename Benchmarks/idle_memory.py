"""What one idle connection keeps in memory: the resident set of `wsplan run idle.yaml` with N connections beyond that
with one, divided by N. And the number of threads. Fails beyond 2 KiB, or 30 KiB over TLS, or with more than four threads
beside one for each core.

    python3 idle_memory.py [--tls] ECHO_SERVER WSPLAN CONNECTIONS…
"""

import os
import subprocess
import sys
import tempfile
import time

from processes import (
    allow_all_descriptors, certificate_and_key, descriptors_of, echo_server, plan_text, status_of, wait_until_idle)

MOST_BYTES = 2 << 10
MOST_BYTES_WITH_TLS = 30 << 10
MOST_THREADS = len(os.sched_getaffinity(0)) + 4


def resident_and_threads(wsplan, plan, port, connections):
    """The resident KiB and the number of threads once all connections are open and have had their message."""
    process = subprocess.Popen(
        [wsplan, "run", "-", "--env", f"PORT={port}", "--vus", str(connections), "--duration", "1h", "--quiet"],
        stdin=subprocess.PIPE, text=True)
    try:
        process.stdin.write(plan)
        process.stdin.close()
        while descriptors_of(process) < connections:
            if process.poll() is not None:
                sys.exit(f"idle_memory: wsplan ended with {process.returncode}")
            time.sleep(0.1)
        wait_until_idle(process)
        if process.poll() is not None or descriptors_of(process) < connections:
            sys.exit("idle_memory: wsplan has not kept its connections")
        return status_of(process, "VmRSS"), status_of(process, "Threads")
    finally:
        process.kill()
        process.wait()


def main():
    with_tls = sys.argv[1] == "--tls"
    server, wsplan, *counts = sys.argv[1 + with_tls :]
    most_bytes = MOST_BYTES_WITH_TLS if with_tls else MOST_BYTES
    allow_all_descriptors()
    fails = False
    with tempfile.TemporaryDirectory() as folder:
        tls = certificate_and_key(folder) if with_tls else ()
        plan = plan_text("idle.yaml", *tls[:1])
        with echo_server(server, tls=tls) as port:
            base, _ = resident_and_threads(wsplan, plan, port, 1)
            print(f"1 connection{' over TLS' * with_tls}: {base} KiB resident")
            for count in map(int, counts):
                resident, threads = resident_and_threads(wsplan, plan, port, count)
                each = (resident - base) * 1024 / count
                print(f"{count} connections: {resident} KiB resident, {each:.0f} bytes each, {threads} threads",
                      flush=True)
                fails |= each > most_bytes or threads > MOST_THREADS
    if fails:
        sys.exit(f"idle_memory: FAILED, allowed are {most_bytes} bytes and {MOST_THREADS} threads")


if __name__ == "__main__":
    main()
