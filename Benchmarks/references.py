"""What a message costs in reference counting, and in instructions: what valgrind counts in a longer run minus what it
counts in a shorter one, by their messages.

    python3 references.py ECHO_SERVER WSPLAN PLAN…

Needs valgrind and objcopy. Prints one line a plan, and fails where a message costs a tenth of a retain or release.
"""

import re
import sys

import callgrind
from processes import echo_server

COUNTED = re.compile(r"^swift_(?:bridgeObject|unknownObject|nonatomic_)?_?(?:retain|release)(?:_n)?$", re.IGNORECASE)
# Not zero: a loop that has nothing to do for a millisecond goes back to libdispatch, and coming again counts a few; and a
# second costs some hundreds, for its place in the time series, however many messages it has. One pair a message is two.
LIMIT = 0.1


def calls(lines):
    """How often functions whose names are counted were called, by the profile of callgrind: not by each other."""
    return sum(calls for caller, callee, calls, _ in callgrind.entries(lines)
               if callee and COUNTED.match(callee) and not COUNTED.match(caller))


def count(wsplan, plan, port, seconds):
    """The calls, the instructions and the received messages of one run."""
    lines, messages = callgrind.profile(wsplan, plan, port, seconds, "--vus", "10")
    return calls(lines), sum(callgrind.by_function(lines).values()), messages


def main():
    server, wsplan, *plans = sys.argv[1:]
    is_within = True
    with echo_server(server) as port, callgrind.readable(wsplan) as stripped:
        for plan in plans:
            short, long = count(stripped, plan, port, 5), count(stripped, plan, port, 15)
            references, instructions, messages = (b - a for a, b in zip(short, long))
            is_within = is_within and references < LIMIT * messages
            print(f"{plan}: {references} retains and releases for {messages} messages, "
                  f"{references / messages:.4f} and {instructions / messages:.0f} instructions a message", flush=True)
    sys.exit(0 if is_within else 1)


main()
