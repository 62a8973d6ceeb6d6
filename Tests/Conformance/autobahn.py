"""Runs the Autobahn test suite against wsplan: `autobahn.yaml` is the client, the suite's fuzzing server the judge.

    AUTOBAHN_ROOT=FOLDER python3 autobahn.py [--quick] [--skip-if-missing] [WSPLAN]

All of its sections, as they are; then again, and of the compressed ones 12 and 13 a part, over a network at its worst
(`partial-io.c`) that moves 1, 7 or 1,024 bytes a call. `--quick` leaves out the sections and the networks that take
minutes. Without WSPLAN it looks whether there is a suite, no more.

Every case must be there and its behaviour and its way of closing be OK; three of them have no right answer, and are
INFORMATIONAL. Exits with 0 where all of that holds, 1 where it does not, and 2 where it cannot tell.
"""

import argparse
import contextlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time

import partial_io

HERE = os.path.dirname(os.path.abspath(__file__))
BUILT = os.path.join(HERE, "../../.build/conformance")
AGENT = "wsplan"

# The number of cases in each section.
QUICK = {1: 16, 2: 11, 3: 7, 4: 10, 5: 20, 6: 145, 7: 37, 10: 1}
LONG = {9: 54}
COMPRESSION = {12: 90, 13: 126}
# Of sections 12 and 13 the short messages and the fragments of every kind of data and every way of negotiation.
QUICK_COMPRESSION = {
    12: [f"12.{data}.{size}" for data in range(1, 6) for size in (1, 4, 11)],
    13: [f"13.{negotiation}.{size}" for negotiation in range(1, 8) for size in (1, 11)],
}
# Close codes of which RFC 6455 says nothing, and data after a Close frame that is already answered.
INFORMATIONAL = {"7.1.6", "7.13.1", "7.13.2"}

# Longer than the suite takes over anything.
TIMEOUT_SECONDS = 3600

MISSING = """{}: no Autobahn suite is set up here.
  Set AUTOBAHN_ROOT to a folder with `fuzzingserver.sh PORT REPORT_FOLDER CASE_PATTERN…`, which serves those cases
  on 127.0.0.1:PORT. docs/conformance.md tells how to make one."""


class CannotTell(Exception):
    """Something that this stands on does not work."""


def runs(quick):
    """What to run: the bytes that a call may move (None: any number), and the sections: each with the number of its cases,
    or with the names of those that are to be run."""
    if quick:
        return [(None, QUICK | QUICK_COMPRESSION)]
    everything = [(None, QUICK | LONG | COMPRESSION)]
    return everything + [(limit, QUICK | LONG | QUICK_COMPRESSION) for limit in (1, 7, 1024)]


def number_of(cases):
    return cases if isinstance(cases, int) else len(cases)


@contextlib.contextmanager
def fuzzing_server(script, sections, folder):
    """The suite, serving these sections at the port that it yields; its reports go into `folder`."""
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with open(os.path.join(folder, "server.log"), "w") as log:
        patterns = []
        for section, cases in sorted(sections.items()):
            patterns += [f"{section}.*"] if isinstance(cases, int) else cases
        server = subprocess.Popen(
            [script, str(port), folder, *patterns], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            wait_until_it_listens(server, port, log.name)
            yield port
        finally:
            server.terminate()
            server.wait()


def wait_until_it_listens(server, port, log):
    deadline = time.monotonic() + 60
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.1)
    raise CannotTell(f"the fuzzing server does not listen; it may say why in {log}")


def ask(wsplan, port, path):
    """The texts that the suite sends on a session at `path` until it closes it."""
    plan = f"url: ws://127.0.0.1:{port}{path}\ntimeouts:\n  connect: 60s\n  session: 60s\n" \
        'on_message:\n  - log: "answer=${message.text}"\n'
    run = subprocess.run(
        [wsplan, "run", "-"], input=plan, text=True, timeout=TIMEOUT_SECONDS, capture_output=True)
    if run.returncode != 0:
        raise CannotTell(f"{path} was not answered:\n{run.stdout}{run.stderr}")
    return re.findall(r"answer=(.*)", run.stderr)


def run_plan(wsplan, plan, port, cases, environment):
    """Runs the client for that many cases. Returns its exit code and all that it wrote."""
    command = [wsplan, "run", plan, "--env", f"PORT={port}", "--env", f"CASES={cases}"]
    if environment:
        # A case has the machine to itself: the suite has fixed times for them, and the network is slow enough.
        command += ["--vus", "1"]
    run = subprocess.run(
        command, env={**os.environ, **environment}, text=True, timeout=TIMEOUT_SECONDS,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return run.returncode, run.stdout


def problems_of_case(case, result):
    """What the suite has to say against one case: nothing, or what it judged."""
    right = ("OK", "INFORMATIONAL") if case in INFORMATIONAL else ("OK",)
    judged = result["behavior"], result["behaviorClose"]
    if all(verdict in right for verdict in judged):
        return []
    return [f"{case}: {judged[0]}, close {judged[1]} (code {result['remoteCloseCode']})"]


def judge(results, sections):
    """Prints a line for each section; returns everything that is not as it has to be."""
    problems = []
    for section, cases in sorted(sections.items()):
        expected = number_of(cases)
        of_section = {case: result for case, result in results.items() if int(case.split(".")[0]) == section}
        verdicts = [result["behavior"] for result in of_section.values()]
        counts = ", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in sorted(set(verdicts), reverse=True))
        seconds = sum(result["duration"] for result in of_section.values()) / 1000
        print(f"  section {section:2}: {len(of_section):3} cases {seconds:7.1f} s  {counts}")
        if len(of_section) != expected:
            problems.append(f"section {section} has {len(of_section)} results instead of {expected}")
    for case in sorted(results, key=lambda case: [int(number) for number in case.split(".")]):
        problems += problems_of_case(case, results[case])
    return problems


def conform(arguments, script, library, limit, sections):
    """One run of the suite. Returns its problems."""
    cases = sum(map(number_of, sections.values()))
    name = "as it is" if limit is None else partial_io.name(limit)
    print(f"{cases} cases, network: {name}", flush=True)
    environment = {} if limit is None else partial_io.environment(library, limit)
    folder = os.path.join(os.path.abspath(BUILT), "plain" if limit is None else f"{limit}-bytes")
    with fuzzing_server(script, sections, folder) as port:
        served = ask(arguments.wsplan, port, "/getCaseCount")
        if served != [str(cases)]:
            raise CannotTell(f"the suite serves {served} cases instead of {cases}")
        code, output = run_plan(arguments.wsplan, arguments.plan, port, cases, environment)
        ask(arguments.wsplan, port, f"/updateReports?agent={AGENT}")
    with open(os.path.join(folder, "wsplan.log"), "w") as log:
        log.write(output)
    with open(os.path.join(folder, "index.json")) as index:
        problems = judge(json.load(index).get(AGENT, {}), sections)
    if limit is not None:
        problems += partial_io.problems(output)
    if code != 0:
        problems.append(f"wsplan ended with {code}; what it wrote is in {os.path.relpath(log.name)}")
    for problem in problems:
        print(f"  ✗ {problem}")
    sys.stdout.flush()
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--quick", action="store_true", help="only what takes seconds")
    parser.add_argument("--skip-if-missing", action="store_true", help="pass where there is no suite, and say so")
    parser.add_argument("--plan", default=os.path.join(HERE, "autobahn.yaml"), help="another client")
    parser.add_argument("wsplan", nargs="?", type=os.path.abspath, help="the executable to test")
    arguments = parser.parse_args()

    script = os.path.join(os.environ.get("AUTOBAHN_ROOT") or "/nonexistent", "fuzzingserver.sh")
    if not os.access(script, os.X_OK):
        print(MISSING.format("conformance SKIPPED" if arguments.skip_if_missing else "conformance"))
        return 0 if arguments.skip_if_missing else 2
    if not arguments.wsplan:
        return 0
    try:
        planned = runs(arguments.quick)
        library = partial_io.build(BUILT) if any(limit for limit, _ in planned) else None
        problems = [conform(arguments, script, library, limit, sections) for limit, sections in planned]
    except (CannotTell, OSError, subprocess.SubprocessError) as error:
        print(f"conformance: {error}")
        return 2
    print("conformance: " + ("FAILED" if any(problems) else "every case is as it has to be"))
    return 1 if any(problems) else 0


sys.exit(main())
