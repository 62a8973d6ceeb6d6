"""A server on the `websockets` library that ends each connection as its path says.

    /status/403  answers the handshake with that status
    /close/4001  opens, and closes with that code
    /abort       opens, and ends the stream without a Close frame
    anything     opens, sends every message back, and leaves the end to the client

The first line of output is its port. When standard input ends, it prints {path: connections} as one JSON line, and ends.
"""

import asyncio
import collections
import http
import json
import sys

from websockets.asyncio.server import serve

paths = collections.Counter()


def answer(connection, request):
    paths[request.path] += 1
    if request.path.startswith("/status/"):
        return connection.respond(http.HTTPStatus(int(request.path.removeprefix("/status/"))), "as the path says\n")
    return None


async def handle(connection):
    path = connection.request.path
    if path.startswith("/close/"):
        await connection.close(int(path.removeprefix("/close/")), "as the path says")
    elif path == "/abort":
        connection.transport.close()
    else:
        async for message in connection:
            await connection.send(message)


async def main():
    async with serve(handle, "127.0.0.1", 0, process_request=answer) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    print(json.dumps(paths), flush=True)


asyncio.run(main())
