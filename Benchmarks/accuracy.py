"""Whether what wsplan measures is so: against servers whose behaviour is known, and beside a client in C.

    python3 accuracy.py [--rounds N] [--seconds S] [--wsplan FILE] [--floor FILE] [--server FILE]

- A server that stalls for one second in ten (coordinated omission): a tenth of what is due waits evenly between 0 and 1 s, so p(95) is
  500 ms and p(99) 900 ms. A thousand messages a second by timers, a hundred sessions a second by arrivals; and the messages
  as a closed load, for what that cannot see.
- Echoes delayed by 1, 5 and 50 ms: the median beside that of the client in C.
- 10,000 sends a second over 100 connections: the rate that is achieved, and how late the sends are beside those of the client in C.

Judged are the medians of all rounds. Where the machine is busy before it begins, or where more than 2 % of its time is stolen, nothing fails.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from contextlib import ExitStack

from clients import run_floor, run_wsplan, trend_of
from processes import HERE, MachineTime, allow_all_descriptors, echo_server, is_busy
from profiles import paced_by_floor, paced_by_wsplan

ROOT = os.path.join(HERE, "..")
STALL = ("--stall", "1000", "--period", "10000")
STALLING_PLANS = {"stall-open": "iteration_duration", "stall-timers": "ws_await", "stall-closed": "ws_await"}
DELAYS_MS = (1, 5, 50)
SENDS_PER_SECOND = 10_000
MOST_STEAL = 0.02
CANNOT_SEE = "is a closed load: who waits for an answer asks nothing meanwhile"


def run_stalled(options, seconds):
    """All three plans side by side, each with a server of its own: they take next to nothing. p(95) and p(99) of each in
    ms, and what the summary of the closed load says."""
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory())
        runs = {}
        for plan in STALLING_PLANS:
            port = stack.enter_context(echo_server(options.server, options=STALL))
            command = [options.wsplan, "run", os.path.join(HERE, "plans", f"{plan}.yaml"), "--env", f"PORT={port}", "--env",
                       f"SECONDS={seconds}", "--report", f"json={folder}/{plan}.json"]
            runs[plan] = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        summaries = {plan: run.communicate()[0] for plan, run in runs.items()}
        for plan, run in runs.items():
            if run.returncode != 0:
                sys.exit(f"{summaries[plan]}\naccuracy: {plan}.yaml ended with {run.returncode}")
        times = {}
        for plan, metric in STALLING_PLANS.items():
            with open(f"{folder}/{plan}.json") as file:
                report = json.load(file)
            trend = trend_of(report, metric)
            times[plan] = trend["p(95)"], trend["p(99)"]
            if plan == "stall-closed" and not any(CANNOT_SEE in notice for notice in report["notices"]):
                sys.exit(f"{summaries[plan]}\naccuracy: FAILED: the summary of {plan}.yaml does not say what it cannot see")
    return times, summaries["stall-closed"]


def run_delayed(options, delay, seconds):
    """The medians of wsplan and of the client in C, in ms."""
    with echo_server(options.server, options=("--delay", str(delay))) as port:
        run = run_wsplan(options.wsplan, "delayed.yaml", port, ("--duration", f"{seconds}s"))
        floor = run_floor(options.floor, port, ("--connections", "10", "--seconds", str(seconds), "--latency"))
    return trend_of(run.report, "ws_await")["med"], floor.report["latency_ms"]["p50"]


def run_paced(options, seconds):
    """The figures of wsplan and of the client in C."""
    with echo_server(options.server) as port:
        return (paced_by_wsplan(options.wsplan, port, 100, SENDS_PER_SECOND, 1, seconds),
                paced_by_floor(options.floor, port, 100, SENDS_PER_SECOND, 1, seconds))


def measure(options, number, figures):
    """One round; adds its figures by their names, with their limits."""
    def note(name, limit, value, shown):
        figures.setdefault((name, limit), []).append(value)
        print(f"round {number}: {name}: {shown}", flush=True)

    times, closed = run_stalled(options, options.seconds)
    for plan in ("stall-open", "stall-timers"):
        for percentile, theory, measured in zip(("p(95)", "p(99)"), (500, 900), times[plan]):
            note(f"{plan}, {percentile} from {theory} ms", 30, abs(measured - theory), f"{measured:.1f} ms")
    print(f"round {number}: stall-closed: p(95) {times['stall-closed'][0]:.1f} ms, p(99) {times['stall-closed'][1]:.1f} ms")
    for delay in DELAYS_MS:
        own, floor = run_delayed(options, delay, min(5, options.seconds))
        note(f"echo after {delay} ms, p(50) from the client in C's", 0.2, abs(own - floor), f"{own:.3f} ms, {floor:.3f} ms")
    own, floor = run_paced(options, min(10, options.seconds))
    rate, lag = "sends a second", "timer lag p(99), ms"
    note(f"{SENDS_PER_SECOND} sends a second, deviation in %", 0.1, abs(own[rate] / SENDS_PER_SECOND - 1) * 100,
         f"{own[rate]:.1f}, {floor[rate]:.1f}")
    note("timer_lag p(99), ms more than the client in C's", 0.5, own[lag] - floor[lag], f"{own[lag]:.3f} ms, {floor[lag]:.3f} ms")
    return closed


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=60, help="of load against the stalling server: tens of them")
    parser.add_argument("--wsplan", default=f"{ROOT}/.build/release/wsplan")
    parser.add_argument("--floor", default=f"{ROOT}/.build/benchmarks/floor-client")
    parser.add_argument("--server", default=f"{ROOT}/.build/benchmarks/echo-server")
    options = parser.parse_args()
    if options.seconds <= 0 or options.seconds % 10:
        parser.error("--seconds has to be a multiple of 10: the server stalls once in so many")
    allow_all_descriptors()
    busy, machine, figures, closed = is_busy(), MachineTime(), {}, ""
    for number in range(1, options.rounds + 1):
        closed = measure(options, number, figures)
    steal = machine.shares()[1]
    print(f"\nWhat the closed load says of itself:\n\n{closed}")
    print(f"medians of {options.rounds} round{'s' * (options.rounds > 1)}, {steal:.1%} of the time stolen{', on a busy machine' * busy}:")
    broken = False
    for (name, limit), values in figures.items():
        value = statistics.median(values)
        broken |= value > limit
        print(f"  {name}: {value:.3f}, at most {limit}{'' if value <= limit else ' BROKEN'}")
    if broken and not busy and steal <= MOST_STEAL:
        sys.exit("accuracy: FAILED")
    if broken:
        print("accuracy: not judged, the machine had other work")


if __name__ == "__main__":
    main()
