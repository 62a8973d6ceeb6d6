"""Runs each profile for wsplan, k6 and the floor in turn, round after round, and writes a table of the medians.

    python3 bench.py [--rounds N] [--seconds S] [--profiles A,B1,…] [--clients wsplan,floor,k6] [--wsplan FILE]
                     [--k6 FILE] [--floor FILE] [--server FILE] [--micro FILE] [--write FILE]

What a target of the project is missed by is said, and does not fail: the table is the result.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from types import SimpleNamespace

import callgrind
import micro
from performance_page import page
from processes import HERE, MachineTime, allow_all_descriptors, certificate_and_key, echo_server
from profiles import PROFILES, WITHOUT_K6

ROOT = os.path.join(HERE, "..")
CLIENTS = ("floor", "wsplan", "k6")
# Of which profiles the page says where the instructions of a message go.
EXPLAINED = ("A", "C", "H")


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=8, help="of each measurement")
    parser.add_argument("--profiles", default=",".join(profile.key for profile in PROFILES))
    parser.add_argument("--clients", default=",".join(CLIENTS))
    parser.add_argument("--wsplan", default=f"{ROOT}/.build/release/wsplan")
    parser.add_argument("--k6", default=f"{ROOT}/.build/bench-venv/bin/k6")
    parser.add_argument("--floor", default=f"{ROOT}/.build/benchmarks/floor-client")
    parser.add_argument("--server", default=f"{ROOT}/.build/benchmarks/echo-server")
    parser.add_argument("--micro", metavar="FILE", help="those benchmarks (micro.py) as well")
    parser.add_argument("--write", metavar="FILE", help="write the page of results there, rather than print it")
    options = parser.parse_args()
    options.profiles = chosen(options.profiles, {profile.key: profile for profile in PROFILES}, parser)
    options.clients = chosen(options.clients, {client: client for client in CLIENTS}, parser)
    return options


def chosen(names, known, parser):
    for name in names.split(","):
        if name not in known:
            parser.error(f"'{name}' is none of {', '.join(known)}")
    return [known[name] for name in names.split(",")]


def measure(profile, client, options, tls):
    with echo_server(options.server, profile.threads, tls if profile.tls else (), profile.server) as port:
        return profile.run(client, options, port, tls if profile.tls else ())


def version_of(program, *arguments):
    done = subprocess.run([program, *arguments], stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.splitlines()[0]


def executable(program):
    """How long it takes to start and to end again, in ms, and its size in MB without symbols."""
    starts = []
    for _ in range(21):
        begin = time.monotonic()
        version_of(program, "--version")
        starts.append((time.monotonic() - begin) * 1e3)
    with tempfile.NamedTemporaryFile() as stripped:
        subprocess.run(["strip", "-o", stripped.name, program], check=True)
        return statistics.median(starts), os.path.getsize(stripped.name) / 1e6


def instructions(options):
    """By profile, what a message takes in each module of wsplan; nothing where that cannot be counted."""
    if "wsplan" not in options.clients or not callgrind.is_there():
        return {}
    with callgrind.readable(options.wsplan) as wsplan, echo_server(options.server) as port:
        return {
            profile.key: callgrind.instructions_per_message(
                wsplan, os.path.join(HERE, "plans", profile.plan), port, "--vus", "50")
            for profile in options.profiles if profile.key in EXPLAINED}


def main():
    options = arguments()
    allow_all_descriptors()
    versions = {"wsplan": version_of(options.wsplan, "--version")}
    if "k6" in options.clients:
        versions["k6"] = version_of(options.k6, "version")
    # By profile and client, the figures of each round.
    results = {profile.key: {client: [] for client in options.clients} for profile in options.profiles}
    counted = instructions(options)
    machine = MachineTime()
    with tempfile.TemporaryDirectory() as folder:
        tls = certificate_and_key(folder)
        for number in range(options.rounds):
            for profile in options.profiles:
                for client in options.clients:
                    if client == "k6" and profile.key in WITHOUT_K6:
                        continue
                    before = MachineTime()
                    figures = measure(profile, client, options, tls)
                    results[profile.key][client].append(figures)
                    shown = ", ".join(f"{value:,.2f} {name}" for name, value in figures.items())
                    print(f"round {number + 1}, {profile.key}, {client}: {shown}; {before.shares()[1]:.1%} steal",
                          file=sys.stderr, flush=True)
    medians = {
        key: {client: {name: statistics.median(run[name] for run in runs) for name in runs[0]}
              for client, runs in clients.items() if runs}
        for key, clients in results.items()
    }
    steal = machine.shares()[1]
    counter = os.path.join(os.path.dirname(options.floor), "malloc-count.so")
    small = micro.measure(counter, options.micro) if options.micro else ()
    text = page(SimpleNamespace(profiles=options.profiles, medians=medians, versions=versions, rounds=options.rounds,
                                steal=steal, executable=executable(options.wsplan), micro=small,
                                instructions=counted))
    if options.write:
        with open(options.write, "w") as file:
            file.write(text)
    else:
        print(text, end="")


if __name__ == "__main__":
    main()
