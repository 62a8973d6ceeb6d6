"""What valgrind's callgrind counts of a run of wsplan: instructions in user mode, by function and by module."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter

# A mangled name of Swift's begins with the module: its length, and its name.
SWIFT_NAME = re.compile(r"\$s(\d+)")
OF_RUNTIME = re.compile(r"\$s|_?swift_|swift::|.*\bswift::")


def is_there():
    return bool(shutil.which("valgrind") and shutil.which("objcopy"))


@contextlib.contextmanager
def readable(wsplan):
    """The executable without its debug information, which valgrind cannot read of the Swift compiler."""
    with tempfile.TemporaryDirectory() as folder:
        stripped = os.path.join(folder, "wsplan")
        subprocess.run(["objcopy", "--strip-debug", wsplan, stripped], check=True)
        yield stripped


def profile(wsplan, plan, port, seconds, *options):
    """The lines of the profile of a run, and how many messages it received."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "profile")
        # Without a report: each bucket of a histogram that it holds costs a few.
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={path}", wsplan, "run", plan, "--env",
             f"PORT={port}", "--duration", f"{seconds}s", "--loops", "1", *options],
            check=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        with open(path) as lines:
            return lines.readlines(), int(re.search(r"^ +ws_msgs_received +(\d+) ", run.stdout, re.MULTILINE).group(1))


def by_function(lines):
    """How many instructions each function has executed, those that it called left out."""
    names, counts, function, is_call = {}, Counter(), "", False
    for line in lines:
        if match := re.match(r"c?fn=\((\d+)\)(?: (.*))?", line):
            number, name = match.groups()
            if name:
                names[number] = name.strip()
            if not line.startswith("c"):
                function = names[number]
        elif line.startswith("calls="):
            is_call = True
        elif line[0] in "+-*0123456789":
            # What follows a call is what was executed in it.
            if not is_call:
                counts[function] += int(line.split()[1])
            is_call = False
    return counts


def by_module(lines):
    counts = Counter()
    for function, count in by_function(lines).items():
        counts[module_of(function)] += count
    return counts


def module_of(function):
    if match := SWIFT_NAME.match(function):
        return function[match.end():match.end() + int(match.group(1))]
    return "Swift's library and runtime" if OF_RUNTIME.match(function) else "the C library"


def instructions_per_message(wsplan, plan, port, *options):
    """By module, how many instructions one more message takes: those of a longer run less those of a shorter one."""
    (short, few), (long, many) = (profile(wsplan, plan, port, seconds, *options) for seconds in (3, 9))
    counts = by_module(long)
    counts.subtract(by_module(short))
    return {module: count / (many - few) for module, count in counts.items()}
