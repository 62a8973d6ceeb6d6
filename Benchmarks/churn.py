"""Whether sessions leave anything behind: the descriptors and the resident set of `wsplan run churn.yaml` when all its
sessions have come and gone, against the descriptors of a run of one session and the resident set at a tenth of the way.

    python3 churn.py ECHO_SERVER WSPLAN [CYCLES]
"""

import os
import subprocess
import sys

from processes import descriptors_of, echo_server, status_of

PLAN = os.path.join(os.path.dirname(__file__), "churn.yaml")
GROWTH = 1.05


def looks(wsplan, port, cycles):
    """The descriptors and the resident KiB of one run, each time that it asks to be looked at."""
    process = subprocess.Popen(
        [wsplan, "run", PLAN, "--env", f"PORT={port}", "--env", f"CYCLES={cycles}", "--quiet"],
        stderr=subprocess.PIPE, text=True)
    seen = [(descriptors_of(process), status_of(process, "VmRSS"))
            for line in process.stderr if line.endswith(("a tenth\n", "the end\n"))]
    if process.wait() != 0:
        sys.exit(f"churn: wsplan ended with {process.returncode}")
    return seen


def main():
    server, wsplan, *cycles = sys.argv[1:]
    cycles = int(cycles[0]) if cycles else 100_000
    with echo_server(server) as port:
        (alone, _), = looks(wsplan, port, 0)
        (_, tenth), (descriptors, end) = looks(wsplan, port, cycles)
    print(f"{cycles} sessions: {descriptors - alone} descriptors lost, {tenth} KiB resident after a tenth, "
          f"{end} KiB at the end: {end / tenth:.3f}")
    if descriptors != alone or end > GROWTH * tenth:
        sys.exit(f"churn: FAILED, allowed are none and {GROWTH}")


if __name__ == "__main__":
    main()
