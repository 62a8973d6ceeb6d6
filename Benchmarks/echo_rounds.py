"""The rounds of echo.sh: both clients in turns against one server, and what each spends on an echo.

    python3 echo_rounds.py FOLDER WSPLAN ROUNDS SECONDS THREADS PLAN

FOLDER has `echo-server` and `floor-client`. CPU time is what the kernel says of the client's process when it has ended
(wait4), start-up and report included.
"""

import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

from processes import echo_server

CONNECTIONS = 200
# What an echo may cost, in that of the floor.
MOST = 2


def usage_of(command):
    """Runs a command to its end; returns its output and its user and system seconds."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{output}{command[0]} ended with {process.returncode}")
    return output, usage.ru_utime, usage.ru_stime


def run_floor(folder, port, seconds, threads):
    command = [f"{folder}/floor-client", str(port), str(CONNECTIONS), str(threads), str(seconds)]
    output, user, system = usage_of(command)
    return int(re.search(r"messages=(\d+)", output).group(1)), user, system


def run_wsplan(wsplan, port, seconds, threads, plan):
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        options = ["--env", f"PORT={port}", "--duration", f"{seconds}s", "--loops", str(threads), "--quiet"]
        _, user, system = usage_of([wsplan, "run", plan, *options, "--report", f"json={report.name}"])
        counters = {counter["metric"]: counter["count"] for counter in json.load(report)["counters"]}
    return counters["ws_msgs_received"], user, system


def main():
    folder, wsplan, rounds, seconds, threads, plan = sys.argv[1:]
    seconds, threads = int(seconds), int(threads)
    spent = {"floor": [], "wsplan": []}
    with echo_server(f"{folder}/echo-server", threads) as port:
        print("client  messages  user s  system s  user µs/echo  µs/echo")
        for _ in range(int(rounds)):
            for name, (messages, user, system) in (
                ("floor", run_floor(folder, port, seconds, threads)),
                ("wsplan", run_wsplan(wsplan, port, seconds, threads, plan)),
            ):
                each = user * 1e6 / messages, (user + system) * 1e6 / messages
                spent[name].append(each)
                print(f"{name:6}  {messages:8}  {user:6.2f}  {system:8.2f}  {each[0]:12.2f}  {each[1]:7.2f}", flush=True)
    median = {name: [statistics.median(column) for column in zip(*rows)] for name, rows in spent.items()}
    for name, (user, both) in median.items():
        print(f"median of {name}: {both:.2f} µs an echo, {user:.2f} of it in user mode")
    ratio = median["wsplan"][1] / median["floor"][1]
    print(f"ratio of medians: {ratio:.2f}")
    if ratio > MOST:
        sys.exit(f"echo: FAILED, allowed are {MOST} times what the floor takes")


if __name__ == "__main__":
    main()
