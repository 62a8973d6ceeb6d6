"""What the scripts here share: a server of its own process to run against, and what the kernel says of a process."""

import contextlib
import json
import os
import resource
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))


def certificate_and_key(folder):
    """A certificate that signs itself, and its key: the paths of the two."""
    subprocess.run(["sh", os.path.join(HERE, "../Tests/WSPlanCommandTests/Servers/certificates"), folder], check=True)
    return os.path.join(folder, "self-signed.pem"), os.path.join(folder, "self-signed.key")


def plan_text(name, certificate=None):
    """A plan of this folder; with a certificate, over TLS and trusting that."""
    with open(os.path.join(HERE, "plans", name)) as file:
        text = file.read()
    if certificate:
        text = text.replace("ws://", "wss://") + f'connect: {{"tls": {{"ca": {json.dumps(certificate)}}}}}\n'
    return text


@contextlib.contextmanager
def echo_server(executable, threads=1, tls=(), options=()):
    """Runs `echo-server`, over TLS where it is given a certificate and its key; yields its port on 127.0.0.1."""
    secure = ("--certificate", tls[0], "--key", tls[1]) if tls else ()
    # It ends when its standard input does, whatever becomes of this process.
    server = subprocess.Popen(
        [executable, "--threads", str(threads), *secure, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        port = server.stdout.readline()
        if not port:
            sys.exit(f"{executable} has not started")
        yield int(port)
    finally:
        server.kill()
        server.communicate()


def allow_all_descriptors():
    """As many as this process, and so those that it starts, may have."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def status_of(process, field):
    """A number out of /proc/PID/status: VmRSS in KiB, Threads …"""
    with open(f"/proc/{process.pid}/status") as status:
        for line in status:
            if line.startswith(field + ":"):
                return int(line.split()[1])
    raise KeyError(field)


def processor_seconds_of(process):
    """What it has had of the processors until now, threads that have ended included, to the nanosecond."""
    # What clock_getcpuclockid(3) makes of a process, which Python does not offer.
    return time.clock_gettime(~process.pid << 3 | 2)


def wait_until_idle(process, seconds=1):
    """Until it has had next to no processor time for so long."""
    before = None
    while process.poll() is None:
        spent = processor_seconds_of(process)
        if before is not None and spent - before <= 0.02 * seconds:
            return
        before = spent
        time.sleep(seconds)


def descriptors_of(process):
    return len(os.listdir(f"/proc/{process.pid}/fd"))


class MachineTime:
    """How busy the machine was since this was made, by /proc/stat."""

    def __init__(self):
        self.before = self.read()

    @staticmethod
    def read():
        with open("/proc/stat") as stat:
            return [int(ticks) for ticks in stat.readline().split()[1:9]]

    def shares(self):
        """The shares of all processors' time that were idle, and that were stolen by other machines."""
        spent = [after - before for before, after in zip(self.before, self.read())]
        total = sum(spent) or 1
        return (spent[3] + spent[4]) / total, spent[7] / total


def is_busy(seconds=2):
    """Whether the machine has other work: more than a tenth of its time is taken while nothing is measured."""
    machine = MachineTime()
    time.sleep(seconds)
    return machine.shares()[0] < 0.9
