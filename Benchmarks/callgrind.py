"""What valgrind's callgrind counts of a run of wsplan: calls and instructions in user mode, by function and by module."""

import contextlib
import os
import re
import shutil
import subprocess
import tempfile
from collections import Counter

NAME = re.compile(r"c?fn=\((\d+)\)(?: (.*))?")
# A mangled name of Swift's begins with the module: its length, and its name.
SWIFT_NAME = re.compile(r"\$s(\d+)")
OF_RUNTIME = re.compile(r"\$s|_?swift_|swift::|.*\bswift::")


def is_there():
    return bool(shutil.which("valgrind") and shutil.which("objcopy"))


@contextlib.contextmanager
def readable(executable):
    """The executable without its debug information, which valgrind cannot read of the Swift compiler."""
    with tempfile.TemporaryDirectory() as folder:
        stripped = os.path.join(folder, os.path.basename(executable))
        subprocess.run(["objcopy", "--strip-debug", executable, stripped], check=True)
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


def entries(lines):
    """Of each entry of a profile: the function, the one that it calls, how often it does, and how many instructions that is. For
    what it executes itself, the second is None."""
    names, function, callee, calls = {}, "", None, 0
    for line in lines:
        if match := NAME.match(line):
            number, name = match.groups()
            if name:
                names[number] = name.strip()
            if line.startswith("c"):
                callee = names[number]
            else:
                function = names[number]
        elif line.startswith("calls="):
            calls = int(line[6:].split()[0])
        elif line[0] in "+-*0123456789":
            yield function, callee, calls, int(line.split()[1])
            callee, calls = None, 0


def by_function(lines):
    """How many instructions each function has executed, those that it called left out."""
    counts = Counter()
    for function, callee, _, instructions in entries(lines):
        if callee is None:
            counts[function] += instructions
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
