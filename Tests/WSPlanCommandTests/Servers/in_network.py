"""Runs a program in a network of its own, which is nothing but a loopback interface and has something wrong with it:

    python3 in_network.py ports FIRST LAST PROGRAM ARGUMENT…   connections go out from these ports only
    python3 in_network.py silent-dns PROGRAM ARGUMENT…         the name server takes what it is asked, and never answers

The program takes the place of this one, so that signals reach it. Needs `unshare` and user namespaces; `--probe` ends with 0
where both are there.
"""

import fcntl
import os
import socket
import struct
import subprocess
import sys
import tempfile

UNSHARE = ["unshare", "--map-root-user", "--net", "--mount"]
INSIDE = "--inside"


def raise_loopback():
    """`ip link set lo up` (netdevice(7))."""
    get_flags, set_flags, up = 0x8913, 0x8914, 1
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        request = fcntl.ioctl(sock, get_flags, struct.pack("16sH14x", b"lo", 0))
        (flags,) = struct.unpack_from("H", request, 16)
        fcntl.ioctl(sock, set_flags, struct.pack("16sH14x", b"lo", flags | up))


def restrict_ports(first, last):
    with open("/proc/sys/net/ipv4/ip_local_port_range", "w", encoding="ascii") as file:
        file.write(f"{first} {last}")


def silence_name_server():
    """A socket at the name server's port that nobody reads, kept open by the program to come."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    os.set_inheritable(server.detach(), True)
    with tempfile.NamedTemporaryFile("w", suffix=".conf") as file:
        file.write("nameserver 127.0.0.1\noptions timeout:30 attempts:1\n")
        file.flush()
        subprocess.run(["mount", "--bind", file.name, "/etc/resolv.conf"], check=True)


def main(arguments):
    if arguments == ["--probe"]:
        probe = subprocess.run([*UNSHARE, "true"], stderr=subprocess.DEVNULL, check=False)
        sys.exit(probe.returncode)
    if arguments[0] != INSIDE:
        os.execvp(UNSHARE[0], [*UNSHARE, sys.executable, __file__, INSIDE, *arguments])
    raise_loopback()
    mode, *program = arguments[1:]
    if mode == "ports":
        restrict_ports(*program[:2])
        program = program[2:]
    else:
        silence_name_server()
    os.execv(program[0], program)


main(sys.argv[1:])
