"""What a message costs in allocations: those of a run of ten seconds minus those of a run of one, by their messages.
Fails where a thousand messages cost one. What the time of a run costs, whatever happens in it, does not count: it is told
by one user alone, who has fewer messages in the same time.

    python3 allocations.py ECHO_SERVER MALLOC_COUNT WSPLAN PLAN…
"""

import json
import os
import re
import subprocess
import sys
import tempfile

from processes import echo_server

MOST = 1 / 1000


def count(malloc_count, wsplan, plan, port, seconds, *options):
    """The allocations and the received messages of one run."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        command = [wsplan, "run", plan, "--env", f"PORT={port}", "--duration", f"{seconds}s", "--loops", "1", "--quiet",
                   *options]
        run = subprocess.run(
            [*command, "--report", f"json={report.name}"], env={**os.environ, "LD_PRELOAD": malloc_count},
            check=True, stderr=subprocess.PIPE, text=True)
        counters = {counter["metric"]: counter["count"] for counter in json.load(report)["counters"]}
    return int(re.search(r"allocations=(\d+)", run.stderr).group(1)), counters["ws_msgs_received"]


def main():
    server, malloc_count, wsplan, *plans = sys.argv[1:]
    malloc_count = os.path.abspath(malloc_count)
    fails = False
    with echo_server(server) as port:
        for plan in plans:
            few, short = count(malloc_count, wsplan, plan, port, 1)
            many, long = count(malloc_count, wsplan, plan, port, 10)
            lone = [count(malloc_count, wsplan, plan, port, seconds, "--vus", "1") for seconds in (1, 10)]
            added, fewer = (after - before for before, after in zip(*lone))
            if fewer >= 0.9 * (long - short):
                sys.exit(f"{plan}: one user has {fewer} messages, all of them {long - short}: that tells nothing")
            each = (many - few - added) / (long - short - fewer)
            print(f"{plan}: {few} allocations for {short} messages, {many} for {long}, of which the time costs "
                  f"{added - each * fewer:.0f}: {each:.5f} a message", flush=True)
            # Where the machine is busy, messages are few: ten allocations are no pattern.
            fails |= each * (long - short) >= MOST * short + 10
    if fails:
        sys.exit(f"allocations: FAILED, allowed in a longer run are fewer than {MOST} for each message of the shorter one more")


if __name__ == "__main__":
    main()
