"""Sends payloads and judges what comes back, on the `websockets` library: `websockets_server.py PAYLOADS [CERT KEY]`.

A session at /KIND/SIZE begins with the file PAYLOADS/KIND/SIZE as one message. What comes back is echoed in three
fragments; what comes back of that is answered by one verdict for each of the two, `same` or `different`.

The first line of output is its port; it ends with its standard input.
"""

import asyncio
import os
import ssl
import sys

from websockets.asyncio.server import serve
from websockets.exceptions import ConnectionClosed


def fragments(message):
    third = len(message) // 3
    return [message[:third], message[third : 2 * third], message[2 * third :]]


async def exchange(connection):
    _, kind, size = connection.request.path.split("/")
    with open(os.path.join(sys.argv[1], kind, size), "rb") as file:
        payload = file.read()
    if kind == "text":
        payload = payload.decode()
    verdicts = []
    try:
        await connection.send(payload)
        for answer in (fragments(payload), None):
            received = await connection.recv()
            verdicts.append("same" if type(received) is type(payload) and received == payload else "different")
            await connection.send(answer or ", ".join(verdicts))
        await connection.wait_closed()
    except ConnectionClosed:
        pass


async def main():
    context = None
    if sys.argv[2:]:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*sys.argv[2:])
    # No limit on messages, and none of its own pings.
    async with serve(exchange, "127.0.0.1", 0, ssl=context, max_size=None, ping_interval=None) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
