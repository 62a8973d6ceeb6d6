"""A server on the protocol layer of the `websockets` library, which answers each request after a delay of its own.

    python3 reply_server.py DELAY…

A request is a text message with JSON, {"id": …}. Each gets one of the delays (milliseconds) at random, so that answers come
in another order than requests: one in ten the first of them, the rest the others. Its answer is {"id": …, "class": n}, where n is the index of the delay. One request in 50 gets
its answer twice, and one in 50 gets none.

The first line of output is its port. When standard input ends, it prints its counts as one JSON line and ends:

    received   requests that arrived
    answered   requests that were answered, once or twice
    never      requests that were not
    twice      requests that were answered twice
    in_flight  the most requests at once that still waited for their answer
    held       for each delay, [number of requests answered, median of the time that they were held, in milliseconds]

What the loop adds to a delay is in `held`: a request is held from its arrival to the call that sends its answer.
"""

import asyncio
import json
import random
import statistics
import sys

from websockets.frames import Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

delays = [float(argument) / 1000 for argument in sys.argv[1:]]
held = [[] for _ in delays]
chance = random.Random(5)
connections = set()
received = 0
never = 0
twice = 0
waiting = 0
in_flight = 0


class Replies(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.protocol = ServerProtocol()
        connections.add(self)

    def connection_lost(self, _):
        connections.discard(self)

    def data_received(self, data):
        self.arrived = asyncio.get_running_loop().time()
        self.protocol.receive_data(data)
        self.handle_events()

    def eof_received(self):
        self.protocol.receive_eof()
        self.handle_events()

    def handle_events(self):
        for event in self.protocol.events_received():
            opcode = getattr(event, "opcode", None)
            if opcode is None:
                self.protocol.send_response(self.protocol.accept(event))
            elif opcode is Opcode.TEXT:
                self.take(json.loads(event.data))
        self.flush()

    def take(self, request):
        global received, never, twice, waiting, in_flight
        received += 1
        fate = chance.randrange(50)
        kind = 0 if chance.randrange(10) == 0 else chance.randrange(1, len(delays))
        if fate == 0:
            never += 1
            return
        waiting += 1
        in_flight = max(in_flight, waiting)
        loop = asyncio.get_running_loop()
        loop.call_at(self.arrived + delays[kind], self.answer, request["id"], kind, self.arrived)
        if fate == 1:
            twice += 1
            loop.call_at(self.arrived + delays[kind] + 0.05, self.send, request["id"], kind)

    def answer(self, number, kind, arrived):
        global waiting
        waiting -= 1
        held[kind].append((asyncio.get_running_loop().time() - arrived) * 1000)
        self.send(number, kind)

    def send(self, number, kind):
        if self.protocol.state is OPEN:
            self.protocol.send_text(json.dumps({"id": number, "class": kind}).encode())
            self.flush()

    def flush(self):
        for data in self.protocol.data_to_send():
            if data:
                self.transport.write(data)
            else:
                self.transport.write_eof()
        if self.protocol.close_expected():
            self.transport.close()


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Replies, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    deadline = loop.time() + 2
    while connections and loop.time() < deadline:
        await asyncio.sleep(0.01)
    counts = {
        "received": received, "answered": received - never, "never": never, "twice": twice, "in_flight": in_flight,
        "held": [[len(times), statistics.median(times)] for times in held]}
    print(json.dumps(counts), flush=True)


asyncio.run(main())
