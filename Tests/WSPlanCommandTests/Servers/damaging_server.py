"""An echo server on the protocol layer of the `websockets` library, which does harm to four messages in a thousand.

    python3 damaging_server.py

A message is text with JSON, {"id": …, "body": letters}. Of a thousand, one is never answered, one is answered twice, one is held
back until the next answer has been sent, and one comes back with another letter in its body. A message without a body comes back
as it is, behind all that is held.

The first line of output is its port. When standard input ends, it prints its counts as one JSON line and ends:

    received   messages that arrived
    sent       answers
    dropped    messages without an answer
    doubled    messages with two
    overtaken  answers that were sent behind that of a later message
    corrupted  answers with another body
"""

import asyncio
import collections
import json
import random
import sys

from websockets.frames import Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

chance = random.Random(11)
connections = set()
counts = collections.Counter(received=0, sent=0, dropped=0, doubled=0, overtaken=0, corrupted=0)


class Damaging(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.protocol = ServerProtocol()
        self.held = []
        connections.add(self)

    def connection_lost(self, _):
        connections.discard(self)

    def data_received(self, data):
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
                counts["received"] += 1
                self.answer(event.data)
        for data in self.protocol.data_to_send():
            if data:
                self.transport.write(data)
            else:
                self.transport.write_eof()
        if self.protocol.close_expected():
            self.transport.close()

    def answer(self, text):
        message = json.loads(text)
        if "body" not in message:
            self.release()
            self.send(text)
            return
        fate = chance.randrange(1000)
        if fate == 0:
            counts["dropped"] += 1
        elif fate == 1:
            self.held.append(text)
        else:
            if fate == 2:
                counts["doubled"] += 1
                self.send(text)
            elif fate == 3:
                counts["corrupted"] += 1
                body = message["body"]
                place = chance.randrange(len(body))
                other = "y" if body[place] == "x" else "x"
                message["body"] = body[:place] + other + body[place + 1 :]
                text = json.dumps(message).encode()
            self.send(text)
            counts["overtaken"] += len(self.held)
            self.release()

    def release(self):
        for late in self.held:
            self.send(late)
        self.held = []

    def send(self, text):
        if self.protocol.state is OPEN:
            counts["sent"] += 1
            self.protocol.send_text(text)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Damaging, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    deadline = loop.time() + 2
    while connections and loop.time() < deadline:
        await asyncio.sleep(0.01)
    print(json.dumps(counts), flush=True)


asyncio.run(main())
