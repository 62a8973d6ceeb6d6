"""Whether sessions leave anything behind: the descriptors and the resident set of `wsplan run churn.yaml` when all its
sessions have come and gone, against the descriptors of a run of one session and the resident set at a tenth of the way.

    python3 churn.py [--tls] ECHO_SERVER WSPLAN [CYCLES]
"""

import subprocess
import sys
import tempfile

from processes import certificate_and_key, descriptors_of, echo_server, plan_text, status_of

GROWTH = 1.05


def looks(wsplan, plan, port, cycles):
    """The descriptors and the resident KiB of one run, each time that it asks to be looked at."""
    process = subprocess.Popen(
        [wsplan, "run", "-", "--env", f"PORT={port}", "--env", f"CYCLES={cycles}", "--quiet"],
        stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    process.stdin.write(plan)
    process.stdin.close()
    seen = [(descriptors_of(process), status_of(process, "VmRSS"))
            for line in process.stderr if line.endswith(("a tenth\n", "the end\n"))]
    if process.wait() != 0:
        sys.exit(f"churn: wsplan ended with {process.returncode}")
    return seen


def main():
    with_tls = sys.argv[1] == "--tls"
    server, wsplan, *cycles = sys.argv[1 + with_tls :]
    cycles = int(cycles[0]) if cycles else 100_000
    with tempfile.TemporaryDirectory() as folder:
        tls = certificate_and_key(folder) if with_tls else ()
        plan = plan_text("churn.yaml", *tls[:1])
        with echo_server(server, tls=tls) as port:
            (alone, _), = looks(wsplan, plan, port, 0)
            (_, tenth), (descriptors, end) = looks(wsplan, plan, port, cycles)
    print(f"{cycles} sessions{' over TLS' * with_tls}: {descriptors - alone} descriptors lost, {tenth} KiB resident after a tenth, "
          f"{end} KiB at the end: {end / tenth:.3f}")
    if descriptors != alone or end > GROWTH * tenth:
        sys.exit(f"churn: FAILED, allowed are none and {GROWTH}")


if __name__ == "__main__":
    main()
