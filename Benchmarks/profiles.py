"""What is measured: one profile is one kind of load, said in the same way to all three clients."""

import os
from dataclasses import dataclass

from clients import run_floor, run_k6, run_wsplan, trend_of
from idle import measure_idle
from processes import HERE, plan_text

QUOTES = os.path.join(HERE, "plans/quotes.txt")
SENDS_PER_SECOND = 50_000


@dataclass(frozen=True)
class Limits:
    """What the project has set itself: what wsplan may take, in what the others take, or by itself."""

    floor: float = 0
    k6: float = 0
    # Of the figure itself, and what it is.
    own: float = 0


@dataclass(frozen=True)
class Profile:
    key: str
    title: str
    connections: int
    # As many as wsplan has loops, of which the floor has threads, and the server.
    threads: int = 1
    plan: str = "echo.yaml"
    script: str = "echo.js"
    floor: tuple = ()
    k6: dict = None
    server: tuple = ()
    tls: bool = False
    # What is counted: messages received, or connects.
    unit: str = "message"
    sessions: int = 0
    # Connecting is a good part of it: what a run of half the time takes is taken off.
    is_steady: bool = False
    limits: Limits = Limits()

    def run(self, client, programs, port, tls):
        """The figures of one measurement, by their names."""
        run_client = getattr(self, f"run_{client}")
        run = run_client(programs, port, tls, programs.seconds)
        if self.is_steady:
            run = run.beyond(run_client(programs, port, tls, programs.seconds / 2))
        return figures_of(self.unit, run)

    def run_wsplan(self, programs, port, tls, seconds):
        length = ("--iterations", str(self.sessions)) if self.sessions else ("--duration", f"{int(seconds * 1000)}ms")
        options = (*length, "--vus", str(self.connections), "--loops", str(self.threads))
        return run_wsplan(programs.wsplan, self.plan, port, options, plan_text(self.plan, tls[0]) if tls else None)

    def run_floor(self, programs, port, tls, seconds):
        length = ("--storm", str(self.sessions)) if self.sessions else ("--seconds", str(seconds))
        options = (*length, "--connections", str(self.connections), "--threads", str(self.threads), *self.floor)
        return run_floor(programs.floor, port, (*options, "--ca", tls[0]) if tls else options)

    def run_k6(self, programs, port, tls, seconds):
        length = {"SESSIONS": str(self.sessions)} if self.sessions else {"SECONDS": str(seconds)}
        variables = {"VUS": str(self.connections), **length, **(self.k6 or {})}
        return run_k6(programs.k6, self.script, port, variables, tls[0] if tls else None)


def figures_of(unit, run):
    count = run.connects if unit == "connect" else run.messages
    if count <= 0:
        raise SystemExit(f"bench: a client has counted no {unit}")
    return {f"µs a {unit}": run.processor * 1e6 / count, "µs of it in user mode": run.user * 1e6 / count,
            f"{unit}s a second": count / run.seconds}


@dataclass(frozen=True)
class IdleProfile(Profile):
    """Sessions that do nothing but ping: what they keep in memory, and what the pings take."""

    def run(self, client, programs, port, tls):
        return measure_idle(client, programs, port, self.connections, self.threads)


@dataclass(frozen=True)
class PacedProfile(Profile):
    """An open load: whether it is what it should be."""

    def run(self, client, programs, port, tls):
        return getattr(self, f"pace_{client}")(programs, port)

    def pace_wsplan(self, programs, port):
        return paced_by_wsplan(programs.wsplan, port, self.connections, SENDS_PER_SECOND, self.threads,
                               programs.seconds)

    def pace_floor(self, programs, port):
        return paced_by_floor(programs.floor, port, self.connections, SENDS_PER_SECOND, self.threads,
                               programs.seconds)


def paced_by_wsplan(wsplan, port, connections, sends_per_second, threads, seconds):
    """Sends at a rate for so long; the rate that was achieved, and how late the sends were."""
    ticks = seconds * sends_per_second // connections
    options = ("--vus", str(connections), "--loops", str(threads), "--env", f"TICKS={ticks}",
               "--env", f"INTERVAL={connections * 1_000_000 // sends_per_second}us")
    run = run_wsplan(wsplan, "paced.yaml", port, options)
    paced = trend_of(run.report, "paced")
    if paced["count"] != connections:
        raise SystemExit("bench: not every session has sent all of its messages")
    achieved = connections * (ticks - 1) / (paced["avg"] / 1000)
    return {"sends a second": achieved, "timer lag p(99), ms": trend_of(run.report, "timer_lag")["p(99)"],
            "µs a message": run.processor * 1e6 / run.messages}


def paced_by_floor(floor, port, connections, sends_per_second, threads, seconds):
    options = ("--rate", str(sends_per_second), "--seconds", str(seconds), "--connections", str(connections),
               "--threads", str(threads))
    run = run_floor(floor, port, options)
    return {"sends a second": run.report["sends_per_second"], "timer lag p(99), ms": run.report["timer_lag_ms"]["p99"],
            "µs a message": run.processor * 1e6 / run.messages}


# Bursts of 20 messages, 80,000 a second in all: less than any of the three can take.
PUSHES = ("--push", "20", "--interval", "50")
COMPRESSED = ("--compression", "1", "--payload", QUOTES)

PROFILES = [
    Profile("A", "echo of 64 bytes, one in flight, 200 connections", 200, limits=Limits(1.35, 0.20)),
    Profile("B1", "the same with 1,000 connections", 1000, threads=2, is_steady=True, limits=Limits(1.35, 0.20)),
    Profile("B9", "the same with 9,000 connections", 9000, threads=2, is_steady=True, limits=Limits(1.35, 0.20)),
    Profile("C", "16 in flight, 200 connections", 200, plan="pipelined.yaml", floor=("--in-flight", "16"),
            k6={"IN_FLIGHT": "16"}, limits=Limits(1.5, 0.05)),
    Profile("D", "fan-in: bursts of 20 messages of 64 bytes, 200 connections", 200, plan="fan-in.yaml", script="receive.js",
            floor=("--receive",), server=PUSHES, limits=Limits(k6=0.05, own=1.0)),
    IdleProfile("E", "idle: 18,000 sessions with a ping each 10 s", 18_000, threads=2, limits=Limits(1.5, 0.02, 2.0)),
    Profile("F", "connect storm: 18,000 sessions, 100 at a time", 100, plan="storm.yaml", script="storm.js", unit="connect",
            sessions=18_000, limits=Limits(1.3, 0.2)),
    Profile("G", "A over wss", 200, tls=True, is_steady=True, limits=Limits(1.3, 0.3)),
    Profile("H", "A with JSON, a check and a measure", 200, plan="json.yaml", script="json.js", limits=Limits(k6=0.1)),
    PacedProfile("I", "open load: 50,000 sends a second over 1,000 connections", 1000, threads=2),
    Profile("J", "echo of 64 KiB, 50 connections", 50, plan="large.yaml", floor=("--size", "65536"), k6={"SIZE": "65536"},
            limits=Limits(1.3, 0.3)),
    Profile("K", "permessage-deflate: 1 KiB of JSON, 50 connections", 50, plan="compressed.yaml", floor=COMPRESSED,
            k6={"PAYLOAD": QUOTES, "COMPRESSION": "1"}, server=("--compression",), limits=Limits(1.3, 0.3)),
]
# Nobody asks k6 for a rate of messages.
WITHOUT_K6 = {"I"}
