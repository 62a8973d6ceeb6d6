"""Sessions that do nothing but ping every ten seconds: what a client keeps in memory for each of them beyond what it takes
for one alone, and the processor time of the ten seconds in which each pings once."""

import os
import subprocess
import sys
import time

from clients import k6_command, k6_environment
from processes import HERE, descriptors_of, processor_seconds_of, status_of

PING_SECONDS = 10
# From when all connections are there; the last handshakes are still being answered then.
SETTLING_SECONDS = 3


def start(client, programs, port, connections, threads):
    environment = None
    if client == "wsplan":
        command = [programs.wsplan, "run", os.path.join(HERE, "plans/pings.yaml"), "--env", f"PORT={port}", "--quiet",
                   "--vus", str(connections), "--loops", str(min(threads, connections))]
    elif client == "floor":
        command = [programs.floor, "--port", str(port), "--connections", str(connections), "--seconds", "3600",
                   "--threads", str(min(threads, connections)), "--ping", str(PING_SECONDS)]
    else:
        command = k6_command(programs.k6, "pings.js")
        environment = {**os.environ, **k6_environment(port, {"VUS": str(connections)})}
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, env=environment)


def connections_of(process):
    """How many sockets it has."""
    count, folder = 0, f"/proc/{process.pid}/fd"
    for descriptor in os.listdir(folder):
        try:
            count += os.readlink(f"{folder}/{descriptor}").startswith("socket:")
        except FileNotFoundError:
            continue
    return count


def look(client, programs, port, connections, threads, seconds):
    """The resident KiB when all connections are open and have pinged, and the processor seconds of so many seconds then."""
    process = start(client, programs, port, connections, threads)
    try:
        while descriptors_of(process) < connections or connections_of(process) < connections:
            if process.poll() is not None:
                sys.exit(f"idle: {client} ended with {process.returncode}")
            time.sleep(0.2)
        time.sleep(SETTLING_SECONDS)
        before = processor_seconds_of(process)
        time.sleep(seconds)
        if process.poll() is not None or connections_of(process) < connections:
            sys.exit(f"idle: {client} has not kept its connections")
        return status_of(process, "VmRSS"), processor_seconds_of(process) - before
    finally:
        process.kill()
        process.wait()


def measure_idle(client, programs, port, connections, threads):
    alone, _ = look(client, programs, port, 1, threads, 0)
    resident, spent = look(client, programs, port, connections, threads, PING_SECONDS)
    return {"KiB a session": (resident - alone) / connections, "µs a ping": spent * 1e6 / connections,
            "MiB with one": alone / 1024}
