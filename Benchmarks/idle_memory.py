"""What one idle connection keeps in memory: the resident set of `wsplan run idle.yaml` with N connections beyond that
with one, divided by N. And the number of threads. Fails beyond 3 KiB, or with more than four threads beside one for
each core.

    python3 idle_memory.py ECHO_SERVER WSPLAN CONNECTIONS…
"""

import os
import resource
import subprocess
import sys
import time

from processes import descriptors_of, echo_server, status_of

PLAN = os.path.join(os.path.dirname(__file__), "idle.yaml")
MOST_BYTES = 3 << 10
MOST_THREADS = len(os.sched_getaffinity(0)) + 4


def resident_and_threads(wsplan, port, connections):
    """The resident KiB and the number of threads once all connections are open and have had their message."""
    process = subprocess.Popen(
        [wsplan, "run", PLAN, "--env", f"PORT={port}", "--vus", str(connections), "--duration", "1h", "--quiet"])
    try:
        while descriptors_of(process) < connections:
            if process.poll() is not None:
                sys.exit(f"idle_memory: wsplan ended with {process.returncode}")
            time.sleep(0.1)
        time.sleep(2)
        return status_of(process, "VmRSS"), status_of(process, "Threads")
    finally:
        process.kill()
        process.wait()


def main():
    server, wsplan, *counts = sys.argv[1:]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    fails = False
    with echo_server(server) as port:
        base, _ = resident_and_threads(wsplan, port, 1)
        print(f"1 connection: {base} KiB resident")
        for count in map(int, counts):
            resident, threads = resident_and_threads(wsplan, port, count)
            each = (resident - base) * 1024 / count
            print(f"{count} connections: {resident} KiB resident, {each:.0f} bytes each, {threads} threads", flush=True)
            fails |= each > MOST_BYTES or threads > MOST_THREADS
    if fails:
        sys.exit(f"idle_memory: FAILED, allowed are {MOST_BYTES} bytes and {MOST_THREADS} threads")


if __name__ == "__main__":
    main()
