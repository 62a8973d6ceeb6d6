"""What the scripts here share: a server of its own process to run against, and what the kernel says of a process."""

import contextlib
import os
import socket
import subprocess
import time


@contextlib.contextmanager
def echo_server(executable, threads=1):
    """Runs `echo-server`; yields its port on 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([executable, str(port), str(threads)])
    try:
        wait_until_it_listens(port)
        yield port
    finally:
        server.kill()
        server.wait()


def wait_until_it_listens(port):
    deadline = time.monotonic() + 10
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except ConnectionRefusedError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def status_of(process, field):
    """A number out of /proc/PID/status: VmRSS in KiB, Threads …"""
    with open(f"/proc/{process.pid}/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1])
    raise KeyError(field)


def descriptors_of(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))
