"""The page of results that `bench.py` writes: docs/performance.md."""

import datetime
import os
import platform
from collections import Counter

import micro
from profiles import SENDS_PER_SECOND

MOST_START_MS, MOST_MEGABYTES = 10, 25

INTRODUCTION = """# Performance

What wsplan takes of a machine, beside what the least possible client and k6 take for the same. `make bench` measures it and writes
this page.

The *floor* is a client in C that does nothing but what the protocol demands: sockets in `epoll`, frames, a fresh mask for each,
as many threads as wsplan has loops (`Benchmarks/floor/`). k6 is run with its module `k6/ws`, the cheaper of its two. All three talk over
loopback to one echo server in C, on the same machine, in turns. Processor time is that of the client's process from its start to its end, as
the kernel counts it, divided by what the client has done: a message sent and received back, a message received (D), a session opened
and closed (F). From B and G, where connecting is a good part of it, a run of half the time is taken off.
"""

AIMS = """What is aimed at. Where the floor itself takes more of what k6 takes than is aimed at, no client can meet it that makes the
same system calls: the kernel's part, which is what is not in user mode above, is nearly the same for all.
"""

MODULES = """## Where the instructions go

What wsplan executes in user mode for one message, by its modules, as callgrind counts it: a longer run less a shorter one, by the messages
that it has more. What is inlined into another module's code counts for that.
"""

MICRO = """## Micro-benchmarks

What the small things cost that wsplan does for each message, without a socket (`Benchmarks/Micro/`): the processor time of the
fastest of five rounds, instructions as callgrind counts them, and allocations, of which `make verify` allows no more than the last
column says.
"""


def page(results):
    parts = [INTRODUCTION, facts(results), table(results), verdicts(results)]
    if results.instructions:
        parts += [MODULES, modules(results.instructions)]
    if results.micro:
        parts += [MICRO, micro.table(results.micro)]
    return "\n".join(part for part in parts if part)


def facts(results):
    today = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%d")
    versions = ", ".join(f"{name} {short(version)}" for name, version in results.versions.items())
    return (f"Measured on {today}: {processor()}, {len(os.sched_getaffinity(0))} processors, Linux {platform.release().split('-')[0]}; "
            f"{versions}. Medians of {results.rounds} round{'s' * (results.rounds > 1)}; other machines on the same host took "
            f"{results.steal:.1%} of the time (steal).\n")


def short(version):
    return next((word.lstrip("v") for word in version.split() if word.lstrip("v")[:1].isdigit()), version)


def processor():
    with open("/proc/cpuinfo") as info:
        return next((line.partition(":")[2].strip() for line in info if line.startswith("model name")), platform.machine())


def number(value):
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 1000 else f"{value:.3g}" if value < 10 else f"{value:.1f}"


def ratio(value, other):
    return f"{value / other:.2f} ×" if other and value is not None else "–"


def table(results):
    lines = ["| profile | | floor | wsplan | k6 | to the floor | to k6 |", "|---|---|---|---|---|---|---|"]
    for profile in results.profiles:
        clients = results.medians[profile.key]
        names = list(next(iter(clients.values())))
        for i, name in enumerate(names):
            floor, own, k6 = (clients.get(client, {}).get(name) for client in ("floor", "wsplan", "k6"))
            title = f"**{profile.key}** {profile.title}" if i == 0 else ""
            lines.append(f"| {title} | {name} | {number(floor)} | {number(own)} | {number(k6)} | {ratio(own, floor)} | "
                         f"{ratio(own, k6)} |")
    return "\n".join(lines) + "\n"


def verdict(profile, what, limit, value):
    return f"| {profile} | {what} | {number(limit)} | {number(value)} | {'yes' if value <= limit else '**no**'} |"


def verdicts(results):
    """What the project has set itself, and whether it is met."""
    starts, megabytes = results.executable
    lines = [verdict("", "ms to start and end", MOST_START_MS, starts), verdict("", "MB, stripped", MOST_MEGABYTES, megabytes)]
    for profile in results.profiles:
        clients = results.medians[profile.key]
        if "wsplan" in clients:
            lines += [verdict(profile.key, what, limit, value)
                      for what, value, limit in judged(profile, clients, results.medians) if value is not None]
    return "\n".join([AIMS, "| profile | what | at most | is | met |", "|---|---|---|---|---|", *lines]) + "\n"


def modules(instructions):
    """What a message takes in each module, that of the most first; what is less than one instruction is left out."""
    total = Counter()
    for counts in instructions.values():
        total.update(counts)
    names = [name for name, count in total.most_common() if count >= 1]
    rows = [(name, [counts.get(name, 0) for counts in instructions.values()]) for name in names]
    rows.append(("**all**", [sum(counts.values()) for counts in instructions.values()]))
    lines = [f"| | {' | '.join(instructions)} |", "|---|" + "--:|" * len(instructions)]
    return "\n".join(lines + [f"| {name} | {' | '.join(f'{value:,.0f}' for value in values)} |" for name, values in rows]) + "\n"


def judged(profile, clients, medians):
    """What is judged, what it is, and its limit; None where it was not measured."""
    own, floor, k6, limits = clients["wsplan"], clients.get("floor"), clients.get("k6"), profile.limits
    over = lambda other, name: own[name] / other[name] if other else None
    if profile.key == "I":
        yield "deviation of the rate, %", abs(own["sends a second"] / SENDS_PER_SECOND - 1) * 100, 0.1
        return
    if profile.key == "E":
        yield "KiB a session", own["KiB a session"], limits.own
        yield "processor time, to the floor", over(floor, "µs a ping"), limits.floor
        yield "memory a session, to k6", over(k6, "KiB a session"), limits.k6
        return
    name = next(iter(own))
    if limits.floor:
        yield "processor time, to the floor", over(floor, name), limits.floor
    if limits.k6:
        floors = f" (the floor {ratio(floor[name], k6[name])})" if floor and k6 else ""
        yield f"processor time, to k6{floors}", over(k6, name), limits.k6
    if limits.own:
        yield name, own[name], limits.own
    if profile.key == "H" and "A" in medians and "wsplan" in medians["A"]:
        yield "µs a message more than A", own[name] - medians["A"]["wsplan"][name], 1.0
    if profile.key == "B9" and all(client in medians.get("B1", {}) and client in clients for client in ("wsplan", "floor")):
        growth = {client: clients[client][name] / medians["B1"][client][name] for client in ("wsplan", "floor")}
        yield "growth from B1, to the floor's", growth["wsplan"] / growth["floor"], 1.3
