"""What the small things cost that a run does for each message: time, instructions and allocations of one operation of each
benchmark in `Micro/`. Fails where one is beyond a limit that is declared beside it.

    python3 micro.py MALLOC_COUNT MICRO_BENCHMARKS [NAME…]

Each figure but time is what a longer run counts more than a shorter one, by their operations. Instructions need valgrind and
objcopy. Times are only judged on a machine that is otherwise idle.
"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import callgrind
from processes import is_busy

# Iterations of the shorter and of the longer run.
TIMED = 200_000, 2_000_000
COUNTED = 5_000, 55_000


@dataclass
class Benchmark:
    name: str
    operation: str
    most_allocations: int
    # None for any.
    most_nanoseconds: int
    nanoseconds: float = None
    allocations: float = None
    allocates_too_much: bool = False
    # None where they cannot be counted.
    instructions: float = None


def listed(program):
    lines = subprocess.run([program, "--list"], check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
    for name, allocations, nanoseconds, operation in (line.split("\t") for line in lines):
        yield Benchmark(name, operation, int(allocations), None if nanoseconds == "-" else int(nanoseconds))


def run(command, benchmark, iterations, count, environment=None):
    """The operations of a run, the nanoseconds that it says one takes, and what is counted on its standard error."""
    done = subprocess.run([*command, str(iterations), benchmark.name], env={**os.environ, **(environment or {})}, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    _, operations, _, nanoseconds, _ = done.stdout.split()
    return int(operations), float(nanoseconds), int(re.search(count, done.stderr).group(1))


def added(shorter, longer):
    """What is counted more in the longer run, and the operations of which that is."""
    return longer[2] - shorter[2], longer[0] - shorter[0]


def measure_time(benchmark, program, malloc_count):
    shorter, longer = (run([program], benchmark, iterations, r"allocations=(\d+)", {"LD_PRELOAD": malloc_count})
                       for iterations in TIMED)
    benchmark.nanoseconds = longer[1]
    allocations, operations = added(shorter, longer)
    benchmark.allocations = allocations / operations
    # One or two come and go with what the runtime makes at its first use.
    benchmark.allocates_too_much = allocations > benchmark.most_allocations * operations + 10


def count_instructions(benchmark, program):
    command = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program]
    instructions, operations = added(*(run(command, benchmark, iterations, r"Collected : (\d+)") for iterations in COUNTED))
    benchmark.instructions = instructions / operations


def measure(malloc_count, program, names=()):
    """All benchmarks of the program, or those that are named, with their figures."""
    known = {benchmark.name: benchmark for benchmark in listed(program)}
    for name in names:
        if name not in known:
            sys.exit(f"micro: '{name}' is none of {', '.join(known)}")
    benchmarks = [known[name] for name in names or known]
    for benchmark in benchmarks:
        measure_time(benchmark, program, os.path.abspath(malloc_count))
    if callgrind.is_there():
        with callgrind.readable(program) as stripped, ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda benchmark: count_instructions(benchmark, stripped), benchmarks))
    return benchmarks


def table(benchmarks):
    """In Markdown, and in columns."""
    rows = [("", "one operation", "ns", "instructions", "allocations", "at most")]
    for benchmark in benchmarks:
        instructions = "–" if benchmark.instructions is None else f"{benchmark.instructions:,.0f}"
        rows.append((benchmark.name, benchmark.operation, f"{benchmark.nanoseconds:,.1f}", instructions,
                     f"{abs(benchmark.allocations):.2f}", str(benchmark.most_allocations)))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.rjust(width) if column > 1 else cell.ljust(width)
                               for column, (cell, width) in enumerate(zip(row, widths))) + " |" for row in rows]
    rule = "|" + "|".join("-" * (width + 1) + (":" if column > 1 else "-") for column, width in enumerate(widths)) + "|"
    return "\n".join([lines[0], rule, *lines[1:]]) + "\n"


def main():
    malloc_count, program, *names = sys.argv[1:]
    busy = is_busy()
    benchmarks = measure(malloc_count, program, names)
    print(table(benchmarks), end="", flush=True)
    many = [benchmark for benchmark in benchmarks if benchmark.allocates_too_much]
    slow = [benchmark for benchmark in benchmarks
            if benchmark.most_nanoseconds is not None and benchmark.nanoseconds > benchmark.most_nanoseconds]
    for benchmark in many:
        print(f"micro: {benchmark.name} allocates {benchmark.allocations:.3g} times, allowed are {benchmark.most_allocations}")
    for benchmark in slow:
        print(f"micro: {benchmark.name} takes {benchmark.nanoseconds:.1f} ns, allowed are {benchmark.most_nanoseconds}"
              f"{', but the machine is busy' * busy}")
    if many or slow and not busy:
        sys.exit("micro: FAILED")


if __name__ == "__main__":
    main()
