"""A server on the protocol layer of the `websockets` library, which sends every message back and keeps it.

The first line of output is its port. When standard input ends, it prints the messages of all sessions as one JSON line, in
the order in which they ended, and ends:

    [{"binary": false, "hex": "68656c6c6f", "frames": 1}, …]
"""

import asyncio
import json
import sys

from websockets.frames import Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

messages = []


class Recorder(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.protocol = ServerProtocol(max_size=None)
        self.frames = []

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
            elif opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                self.frames.append(event)
                if event.fin:
                    self.take(self.frames)
                    self.frames = []
        for data in self.protocol.data_to_send():
            if data:
                self.transport.write(data)
            else:
                self.transport.write_eof()
        if self.protocol.close_expected():
            self.transport.close()

    def take(self, frames):
        data = b"".join(frame.data for frame in frames)
        is_binary = frames[0].opcode is Opcode.BINARY
        messages.append({"binary": is_binary, "hex": data.hex(), "frames": len(frames)})
        if self.protocol.state is OPEN:
            (self.protocol.send_binary if is_binary else self.protocol.send_text)(data)


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Recorder, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    await asyncio.sleep(0.05)
    print(json.dumps(messages), flush=True)


asyncio.run(main())
