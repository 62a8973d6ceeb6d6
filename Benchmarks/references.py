"""What a message costs in reference counting, and in instructions: what valgrind counts in a longer run minus what it
counts in a shorter one, by their messages. What the time of a run costs, whatever happens in it, does not count: it is told
by one user alone, who has fewer messages in the same time.

    python3 references.py ECHO_SERVER WSPLAN PLAN…

Needs valgrind and objcopy. Prints one line a plan, and fails where a message costs a tenth of a retain or release.
"""

import json
import os
import re
import subprocess
import sys
import tempfile

from processes import echo_server

COUNTED = re.compile(r"^swift_(?:bridgeObject|unknownObject|nonatomic_)?_?(?:retain|release)(?:_n)?$", re.IGNORECASE)
# Not zero: a loop that has nothing to do for a millisecond goes back to libdispatch, and coming again counts a few.
LIMIT = 0.1


def calls(profile):
    """How often functions whose names are counted were called, by the profile of callgrind."""
    names, total, callee = {}, 0, None
    for line in profile:
        if match := re.match(r"c?fn=\((\d+)\)(?: (.*))?", line):
            number, name = match.groups()
            if name:
                names[number] = name.strip()
            callee = names.get(number) if line.startswith("cfn") else None
        elif line.startswith("calls=") and callee and COUNTED.match(callee):
            total += int(line[6:].split()[0])
    return total


def count(wsplan, plan, port, users, seconds):
    """The calls, the instructions and the received messages of one run."""
    with tempfile.TemporaryDirectory() as folder:
        report, profile = os.path.join(folder, "report.json"), os.path.join(folder, "profile")
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={profile}", wsplan, "run", plan, "--env",
             f"PORT={port}", "--vus", str(users), "--duration", f"{seconds}s", "--loops", "1", "--quiet", "--report",
             f"json={report}"],
            check=True, stderr=subprocess.PIPE, text=True)
        with open(report) as text:
            counters = {counter["metric"]: counter["count"] for counter in json.load(text)["counters"]}
        with open(profile) as text:
            references = calls(text)
    instructions = int(re.search(r"Collected : (\d+)", run.stderr).group(1))
    return references, instructions, counters["ws_msgs_received"]


def main():
    server, wsplan, *plans = sys.argv[1:]
    is_within = True
    with echo_server(server) as port, tempfile.TemporaryDirectory() as folder:
        # Valgrind cannot read the debug information of the Swift compiler.
        stripped = os.path.join(folder, "wsplan")
        subprocess.run(["objcopy", "--strip-debug", wsplan, stripped], check=True)
        for plan in plans:
            def added(users):
                """What ten seconds more add."""
                short, long = count(stripped, plan, port, users, 5), count(stripped, plan, port, users, 15)
                return [after - before for before, after in zip(short, long)]

            references, instructions, messages = (many - few for many, few in zip(added(10), added(1)))
            if messages <= 0:
                sys.exit(f"{plan}: one user has as many messages as ten: that tells nothing")
            is_within = is_within and references < LIMIT * messages
            print(f"{plan}: {references} retains and releases for {messages} messages, "
                  f"{references / messages:.4f} and {instructions / messages:.0f} instructions a message", flush=True)
    sys.exit(0 if is_within else 1)


main()
