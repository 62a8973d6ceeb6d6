"""What one idle connection keeps in memory: the resident set of `wsplan run idle.yaml` with N connections beyond that
with one, divided by N. And the largest number of threads.

    python3 idle_memory.py ECHO_SERVER WSPLAN CONNECTIONS…
"""

import os
import resource
import socket
import subprocess
import sys
import time


def status_of(process, field):
    with open(f"/proc/{process.pid}/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1])
    raise KeyError(field)


def descriptors_of(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


def resident_kib(wsplan, port, connections):
    """The resident set and the number of threads once all connections are open."""
    plan = os.path.join(os.path.dirname(__file__), "idle.yaml")
    process = subprocess.Popen(
        [wsplan, "run", plan, "--env", f"PORT={port}", "--vus", str(connections), "--duration", "1h", "--quiet"])
    while descriptors_of(process) < connections:
        time.sleep(0.1)
    time.sleep(2)
    result = status_of(process, "VmRSS"), status_of(process, "Threads")
    process.kill()
    process.wait()
    return result


def main():
    echo_server, wsplan, *counts = sys.argv[1:]
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([echo_server, str(port), "1"])
    time.sleep(0.2)
    try:
        base, _ = resident_kib(wsplan, port, 1)
        print(f"1 connection: {base} KiB resident")
        for count in map(int, counts):
            resident, threads = resident_kib(wsplan, port, count)
            print(f"{count} connections: {resident} KiB resident, {(resident - base) * 1024 / count:.0f} bytes each, "
                  f"{threads} threads", flush=True)
    finally:
        server.kill()


main()
