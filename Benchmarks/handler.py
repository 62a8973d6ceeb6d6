"""What it costs to look at a message: the CPU time of one with `tick.yaml` minus that of one with `tick-bare.yaml`, both
plans in turns against one server.

    python3 handler.py FOLDER WSPLAN [ROUNDS [SECONDS]]

FOLDER has `echo-server`. Fails where it is more than a microsecond. Run it on an otherwise idle machine: what the kernel
spends on a message is several times that.
"""

import os
import statistics
import sys

from clients import run_wsplan
from processes import echo_server

PLANS = ("tick-bare", "tick")
MOST = 1.0


def main():
    folder, wsplan, *rest = sys.argv[1:]
    rounds, seconds = int(rest[0]) if rest else 5, int(rest[1]) if len(rest) > 1 else 10
    spent = {plan: [] for plan in PLANS}
    with echo_server(os.path.join(folder, "echo-server")) as port:
        print("plan       messages  user µs  system µs")
        for _ in range(rounds):
            for plan in PLANS:
                run = run_wsplan(wsplan, f"{plan}.yaml", port, ("--duration", f"{seconds}s", "--loops", "1"))
                messages = run.messages
                each = run.user * 1e6 / messages, run.system * 1e6 / messages
                spent[plan].append(each)
                print(f"{plan:9}  {messages:8}  {each[0]:7.2f}  {each[1]:9.2f}", flush=True)
    # Of each round by itself: what the kernel spends may change from one to the next.
    rounds = list(zip(spent["tick"], spent["tick-bare"]))
    more = {
        "in user mode": statistics.median(tick[0] - bare[0] for tick, bare in rounds),
        "with the kernel's": statistics.median(sum(tick) - sum(bare) for tick, bare in rounds),
    }
    print("medians: " + ", ".join(f"{microseconds:.2f} µs more {where}" for where, microseconds in more.items()))
    # Nothing in it calls the kernel: what differs there is the machine's.
    if more["in user mode"] > MOST:
        sys.exit(f"handler: FAILED, allowed is {MOST} µs")


if __name__ == "__main__":
    main()
