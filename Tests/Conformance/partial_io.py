"""`partial-io.c` for the scripts: what makes a network its worst, and whether it did."""

import os
import re
import shutil
import subprocess

SOURCE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "partial-io.c")


def build(folder):
    """Compiles the library into a folder; returns its path."""
    os.makedirs(folder, exist_ok=True)
    library = os.path.join(os.path.abspath(folder), "partial-io.so")
    compiler = shutil.which("cc") or shutil.which("clang")
    if not compiler:
        raise FileNotFoundError("there is no C compiler on the PATH")
    subprocess.run([compiler, "-O2", "-shared", "-fPIC", "-o", library, SOURCE], check=True)
    return library


def environment(library, limit):
    """What limits the calls of a program to so many bytes."""
    return {"LD_PRELOAD": library, "PARTIAL_IO_BYTES": str(limit)}


def name(limit):
    return f"{limit} byte{'s' * (limit > 1)} a call, every second one refused"


def problems(output):
    """What is wrong unless the library was at work, in both directions and in both ways."""
    found = re.findall(r"partial-io: (in|out) shortened=(\d+) refused=(\d+)", output)
    for direction, shortened, refused in found:
        print(f"  {direction}: {shortened} calls shortened, {refused} refused")
    is_active = len(found) == 2 and all(int(shortened) > 0 and int(refused) > 0 for _, shortened, refused in found)
    return [] if is_active else ["partial-io.so did not limit the calls of wsplan"]
