"""What the scripts here share: a server of its own process to run against, and what the kernel says of a process."""

import contextlib
import json
import os
import socket
import subprocess
import time


HERE = os.path.dirname(os.path.abspath(__file__))


def certificate_and_key(folder):
    """A certificate that signs itself, and its key: the paths of the two."""
    subprocess.run(["sh", os.path.join(HERE, "../Tests/WSPlanCommandTests/Servers/certificates"), folder], check=True)
    return os.path.join(folder, "self-signed.pem"), os.path.join(folder, "self-signed.key")


def plan_text(name, certificate=None):
    """A plan of this folder; with a certificate, over TLS and trusting that."""
    with open(os.path.join(HERE, name)) as file:
        text = file.read()
    if certificate:
        text = text.replace("ws://", "wss://") + f'connect: {{"tls": {{"ca": {json.dumps(certificate)}}}}}\n'
    return text


@contextlib.contextmanager
def echo_server(executable, threads=1, tls=()):
    """Runs `echo-server`, over TLS where it is given a certificate and its key; yields its port on 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = subprocess.Popen([executable, str(port), str(threads), *tls])
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


def wait_until_idle(process, seconds=1):
    """Until it has had next to no processor time for so long."""
    before = -1
    while process.poll() is None:
        with open(f"/proc/{process.pid}/stat") as stat:
            user, system = stat.read().rpartition(")")[2].split()[11:13]
        ticks = int(user) + int(system)
        if before >= 0 and ticks - before <= 2 * seconds:
            return
        before = ticks
        time.sleep(seconds)


def descriptors_of(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))
