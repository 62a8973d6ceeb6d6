"""An echo server on the protocol layer of the `websockets` library, which counts every message.

    python3 echo_server.py [PARAMETER…]

With parameters it accepts permessage-deflate, and answers them: `deflate` for none, `server_no_context_takeover`,
`client_no_context_takeover`, `server_max_window_bits=N`, `client_max_window_bits=N`.

The first line of output is its port. When standard input ends, it prints its counts as one JSON line and ends:

    sessions   handshakes answered with 101
    received   data messages that arrived whole
    sent       data messages written back
    bytes      payload bytes that arrived, inflated
    compressed messages among those received that came compressed
    closes     {code: number of Close frames that arrived with it}; 1005 is one without a code

Frames are counted as the protocol layer yields them, not as an application reads them: a message that arrives together
with a Close frame counts as received, and is not sent back, because nothing may follow the answer to a Close.
"""

import asyncio
import collections
import json
import sys

from websockets.extensions.permessage_deflate import ServerPerMessageDeflateFactory
from websockets.frames import Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

connections = set()
sessions = 0
received = 0
sent = 0
payload_bytes = 0
compressed = 0
closes = collections.Counter()


def deflate(parameters):
    """What makes the extension with these parameters."""
    pairs = [parameter.partition("=") for parameter in parameters if parameter != "deflate"]
    return ServerPerMessageDeflateFactory(**{name: int(value) if value else True for name, _, value in pairs})


def count_compressed(extension):
    """Has the messages counted that `extension` inflates."""
    decode = extension.decode

    def counting(frame, **options):
        global compressed
        compressed += frame.rsv1
        return decode(frame, **options)

    extension.decode = counting


class Echo(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        extensions = [deflate(sys.argv[1:])] if len(sys.argv) > 1 else None
        self.protocol = ServerProtocol(max_size=None, extensions=extensions)
        self.message = []
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
        global sessions
        for event in self.protocol.events_received():
            opcode = getattr(event, "opcode", None)
            if opcode is None:
                response = self.protocol.accept(event)
                self.protocol.send_response(response)
                sessions += response.status_code == 101
                for extension in self.protocol.extensions:
                    count_compressed(extension)
            elif opcode is Opcode.CLOSE:
                closes[self.protocol.close_rcvd.code] += 1
            elif opcode in (Opcode.TEXT, Opcode.BINARY, Opcode.CONT):
                self.message.append(event)
                if event.fin:
                    self.echo(self.message)
                    self.message = []
        self.flush()

    def echo(self, frames):
        global received, sent, payload_bytes
        data = b"".join(frame.data for frame in frames)
        received += 1
        payload_bytes += len(data)
        if self.protocol.state is OPEN:
            if frames[0].opcode is Opcode.TEXT:
                self.protocol.send_text(data)
            else:
                self.protocol.send_binary(data)
            sent += 1

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
    server = await loop.create_server(Echo, "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    # The clients are gone: what they have sent last is read, unless somebody holds a connection open after all.
    deadline = loop.time() + 2
    while connections and loop.time() < deadline:
        await asyncio.sleep(0.01)
    counts = {
        "sessions": sessions, "received": received, "sent": sent, "bytes": payload_bytes, "compressed": compressed,
        "closes": closes}
    print(json.dumps(counts), flush=True)


asyncio.run(main())
