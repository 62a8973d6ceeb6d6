"""The clients that are measured: how each is run, what it says that it has done, and what the kernel says that it took."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field

from processes import HERE


@dataclass
class Run:
    """What a client did, and what it took: processor time is that of its process from start to end (wait4)."""

    messages: int
    connects: int
    seconds: float
    user: float
    system: float
    # The client's own words: wsplan's report, the line of the floor, k6's summary.
    report: dict = field(repr=False)

    @property
    def processor(self):
        return self.user + self.system

    def beyond(self, shorter):
        """What this did and took more than a shorter run of the same: starting, connecting and closing are in both."""
        return Run(self.messages - shorter.messages, self.connects - shorter.connects, self.seconds - shorter.seconds,
                   self.user - shorter.user, self.system - shorter.system, self.report)


def spend(command, environment=None, standard_input=None):
    """Runs a command to its end; returns its output, its user and system seconds, and how long it took."""
    begin = time.monotonic()
    process = subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})})
    if standard_input:
        process.stdin.write(standard_input)
    process.stdin.close()
    output = process.stdout.read()
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.monotonic() - begin
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"{output}\n{' '.join(command)} ended with {process.returncode}")
    return output, usage.ru_utime, usage.ru_stime, seconds


def counters_of(report):
    """The counters of wsplan's report by name."""
    return {counter["metric"]: counter["count"] for counter in report["counters"]}


def trend_of(report, metric):
    """A trend of wsplan's report, all its samples together."""
    return next(trend for trend in report["trends"] if trend["metric"] == metric and not trend["tags"])


def run_wsplan(wsplan, plan, port, options=(), text=None):
    """Runs a plan of `plans/`, or its text, which is another's."""
    with tempfile.NamedTemporaryFile(suffix=".json") as report:
        source = "-" if text else os.path.join(HERE, "plans", plan)
        command = [wsplan, "run", source, "--env", f"PORT={port}", "--quiet", "--report", f"json={report.name}", *options]
        _, user, system, _ = spend(command, standard_input=text)
        report = json.load(report)
    counters = counters_of(report)
    return Run(counters.get("ws_msgs_received", 0), report["sessions"]["opened"], report["duration_ms"] / 1000, user, system,
               report)


def run_floor(floor, port, options):
    output, user, system, _ = spend([floor, "--port", str(port), *options])
    report = json.loads(output)
    return Run(report["messages"], report["connects"], report["seconds"], user, system, report)


def k6_command(k6, script, summary=None):
    quiet = ["--quiet", "--no-usage-report", "--address", "localhost:0", "--log-output", "stderr"]
    return [k6, "run", *quiet, *(["--summary-export", summary] if summary else ["--no-summary"]),
            os.path.join(HERE, "k6", script)]


def k6_environment(port, variables, certificate=None):
    environment = {"URL": f"{'wss' if certificate else 'ws'}://127.0.0.1:{port}/", **variables}
    return {**environment, "SSL_CERT_FILE": certificate} if certificate else environment


def run_k6(k6, script, port, variables, certificate=None):
    with tempfile.NamedTemporaryFile(suffix=".json") as summary:
        environment = k6_environment(port, variables, certificate)
        _, user, system, seconds = spend(k6_command(k6, script, summary.name), environment)
        metrics = json.load(summary)["metrics"]
    count = lambda metric: int(metrics.get(metric, {}).get("count", 0))
    return Run(count("ws_msgs_received"), count("ws_sessions"), seconds, user, system, metrics)
