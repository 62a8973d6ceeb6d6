"""Has wsplan exchange messages with servers that others wrote, and every byte compared at both ends.

    python3 interoperation.py [--quick] WSPLAN

The plan is `exchange.yaml`; the servers are the Python library `websockets`, the library `ws` of node, and nginx in front
of the former. Each gets every payload of SIZES, as text and as a binary message, without compression, with it and with
no context taken over, over TCP and over TLS. Then `websockets` gets them again over a network at its worst for wsplan
(`Tests/Conformance/partial-io.c`). `--quick` leaves out these networks, and the sizes that take seconds.

Exits with 0 where everything was exchanged, 1 where it was not, and 2 where a server is missing.
"""

import argparse
import contextlib
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.append(os.path.join(HERE, "../Conformance"))
import partial_io  # noqa: E402 (found there only)

ROOT = os.path.normpath(os.path.join(HERE, "../.."))
BUILT = os.path.join(ROOT, ".build/interoperation")
PYTHON = os.path.join(ROOT, ".build/venv/bin/python3")
PLAN = os.path.join(HERE, "exchange.yaml")

# The lengths around which the header of a frame changes, none at all, and what no buffer holds at once.
SIZES = [0, 1, 125, 126, 127, 65_535, 65_536, 1 << 20, 16 << 20]
LARGEST_QUICK = 65_536
# The largest that a network can move in seconds, by the bytes that it moves in a call.
LARGEST_SLOW = {1: 1 << 20, 7: 16 << 20, 1024: 16 << 20}
KINDS = ["text", "binary"]
# What a plan says under `connect.compression`.
DEFLATE = {
    "off": None,
    "on": True,
    "no takeover": {"client_no_context_takeover": True, "server_no_context_takeover": True},
}
# Each payload goes there and back twice, and then the server says this.
TIMES = 4
VERDICT = "same, same"
TIMEOUT_SECONDS = 300


class CannotTell(Exception):
    """Something that this stands on does not work."""


def write_payloads(folder, names):
    """Sixteen different symbols by chance, so that they can be compressed to a bit more than a half, or to a quarter."""
    symbols = {"text": "aeiou dlnrst\0ß€😀", "binary": bytes(range(0, 256, 17)).decode("latin-1")}
    tables = {kind: {byte: characters[byte % 16] for byte in range(256)} for kind, characters in symbols.items()}
    for name in names:
        kind, size = name.split("/")
        size = int(size)
        noise = random.Random(size).randbytes(size).decode("latin-1").translate(tables[kind])
        encoding = "utf-8" if kind == "text" else "latin-1"
        # Cut inside of a character at the most, and made up for.
        payload = noise.encode(encoding)[:size].decode(encoding, "ignore").encode(encoding).ljust(size, b".")
        os.makedirs(os.path.join(folder, kind), exist_ok=True)
        with open(os.path.join(folder, name), "wb") as file:
            file.write(payload)


@contextlib.contextmanager
def server_program(command, environment=None):
    """A server whose first line of output is its port, which this yields."""
    server = subprocess.Popen(
        command, env={**os.environ, **(environment or {})}, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        line = server.stdout.readline()
        if not line.strip().isdigit():
            raise CannotTell(f"{command[1]} did not say its port")
        yield int(line)
    finally:
        server.kill()
        server.communicate()


def websockets(payloads, certificate):
    return server_program([PYTHON, "-I", os.path.join(HERE, "websockets_server.py"), payloads, *certificate])


def ws(payloads, certificate):
    return server_program(
        ["node", os.path.join(HERE, "ws_server.js"), payloads, *certificate], {"NODE_PATH": "/usr/share/nodejs"})


@contextlib.contextmanager
def nginx(payloads, certificate):
    """nginx, in front of a server that knows nothing of TLS."""
    folder = os.path.join(BUILT, "nginx")
    os.makedirs(folder, exist_ok=True)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with websockets(payloads, ()) as upstream:
        cert, key = certificate or CERTIFICATE
        values = {"PORT": port, "TLS": " ssl" if certificate else "", "UPSTREAM": upstream, "CERTIFICATE": cert, "KEY": key}
        with open(os.path.join(HERE, "nginx.conf")) as file:
            text = re.sub("@([A-Z]+)@", lambda name: str(values[name[1]]), file.read())
        with open(os.path.join(folder, "nginx.conf"), "w") as file:
            file.write(text)
        server = subprocess.Popen([executable("nginx"), "-p", folder, "-c", "nginx.conf", "-e", "error.log"])
        try:
            wait_until_it_listens(server, port)
            yield port
        finally:
            server.terminate()
            server.wait()


def wait_until_it_listens(server, port):
    deadline = time.monotonic() + 10
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise CannotTell(f"{server.args[0]} does not listen")


SERVERS = {"websockets": websockets, "ws": ws, "nginx": nginx}
CERTIFICATES = os.path.join(ROOT, "Tests/WSPlanCommandTests/Servers/certificates")
CERTIFICATE = tuple(os.path.join(BUILT, "certificates", name) for name in ("self-signed.pem", "self-signed.key"))


def executable(name):
    # Debian has nginx where only root looks.
    found = shutil.which(name, path=os.environ.get("PATH", os.defpath) + ":/usr/sbin")
    if not found:
        raise CannotTell(f"there is no {name} here; scripts/setup test installs it")
    return found


def look_for_programs():
    executable("openssl"), executable("nginx")
    found = subprocess.run(
        [executable("node"), "-e", "require('ws')"], env={**os.environ, "NODE_PATH": "/usr/share/nodejs"},
        capture_output=True)
    if found.returncode != 0:
        raise CannotTell("node has no library ws here; scripts/setup test installs it")


def plan(scheme, deflate):
    """The plan with the `connect` that this takes."""
    connect = {}
    if scheme == "wss":
        connect["tls"] = {"ca": CERTIFICATE[0]}
    if DEFLATE[deflate] is not None:
        connect["compression"] = DEFLATE[deflate]
    with open(PLAN) as file:
        return file.read() + f"connect: {json.dumps(connect)}\n"


def exchange(wsplan, server, scheme, deflate, names, environment=None):
    """One run of the plan. Returns what is wrong with it, and what it wrote on standard error."""
    with SERVERS[server](os.path.join(BUILT, "payloads"), CERTIFICATE if scheme == "wss" else ()) as port:
        report = os.path.join(BUILT, f"{server}-{scheme}-{deflate.replace(' ', '-')}.json")
        command = [wsplan, "run", "-", "--env", f"SERVER={scheme}://127.0.0.1:{port}", "--env", f"DEFLATE={deflate}",
                   "--env", f"PAYLOADS={json.dumps(names)}", "--report", f"json={report}"]
        if environment:
            # On a network that is slow enough a payload is alone.
            command += ["--vus", "1"]
        started = time.monotonic()
        run = subprocess.run(
            command, input=plan(scheme, deflate), env={**os.environ, **(environment or {})}, text=True,
            timeout=TIMEOUT_SECONDS, capture_output=True)
        seconds = time.monotonic() - started
    exchanged = set(re.findall(r"exchanged=(\S+)", run.stderr))
    print(f"  {server:10} {scheme:3} {deflate:11} {len(exchanged):2} payloads {seconds:5.1f} s", flush=True)
    problems = [f"{name} was not exchanged" for name in names if name not in exchanged]
    if run.returncode != 0:
        problems.append(f"wsplan ended with {run.returncode}:\n{run.stdout}{run.stderr}")
    else:
        problems += problems_of_counts(report, deflate, names)
    return [f"{server} over {scheme}, deflate {deflate}: {problem}" for problem in problems], run.stderr


def problems_of_counts(report, deflate, names):
    """That it counts what it has sent and received, and that as many bytes were on the wire as compression leaves of it."""
    with open(report) as file:
        counters = {counter["metric"]: counter["count"] for counter in json.load(file)["counters"]}
    sent = sum(int(name.split("/")[1]) for name in names) * TIMES // 2
    payload = {"sent": sent, "received": sent + len(VERDICT) * len(names)}
    problems = []
    for direction, count in payload.items():
        if counters.get(f"ws_payload_{direction}") != count:
            problems.append(f"ws_payload_{direction} is {counters.get(f'ws_payload_{direction}')} instead of {count}")
        least, most = (count, 1.01 * count) if deflate == "off" else (0, 0.75 * count)
        # What a session costs beside its payload: the handshake, the headers of frames and of TLS records.
        most += 4096 * len(names)
        if not least <= counters.get(f"data_{direction}", -1) <= most:
            problems.append(f"data_{direction} is {counters.get(f'data_{direction}')}, the payloads have {count}")
    return problems


def exchange_slowly(wsplan, library, limit, scheme, deflate):
    """The same over a network that moves so many bytes in a call."""
    names = payloads_up_to(LARGEST_SLOW[limit])
    print(f"  {partial_io.name(limit)}:")
    problems, output = exchange(wsplan, "websockets", scheme, deflate, names, partial_io.environment(library, limit))
    return [f"{limit} bytes a call: {problem}" for problem in problems + partial_io.problems(output)]


def payloads_up_to(largest):
    return [f"{kind}/{size}" for size in SIZES if size <= largest for kind in KINDS]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="only what takes seconds")
    parser.add_argument("wsplan", type=os.path.abspath, help="the executable to test")
    arguments = parser.parse_args()
    names = payloads_up_to(LARGEST_QUICK if arguments.quick else max(SIZES))
    print(f"interoperation, {len(names)} payloads")
    try:
        look_for_programs()
        subprocess.run(["sh", CERTIFICATES, os.path.dirname(CERTIFICATE[0])], check=True)
        write_payloads(os.path.join(BUILT, "payloads"), names)
        connections = [(scheme, deflate) for scheme in ("ws", "wss") for deflate in DEFLATE]
        problems = []
        for scheme, deflate in connections:
            for server in SERVERS:
                problems += exchange(arguments.wsplan, server, scheme, deflate, names)[0]
        if not arguments.quick:
            library = partial_io.build(BUILT)
            for scheme, deflate in connections:
                for limit in LARGEST_SLOW:
                    problems += exchange_slowly(arguments.wsplan, library, limit, scheme, deflate)
    except (CannotTell, OSError, subprocess.SubprocessError) as error:
        print(f"interoperation: {error}")
        return 2
    for problem in problems:
        print(f"  ✗ {problem}")
    print("interoperation: " + ("FAILED" if problems else "every payload arrived as it was sent"))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
