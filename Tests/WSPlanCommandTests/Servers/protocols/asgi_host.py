"""Runs an ASGI application under uvicorn the way the tests want their servers: the first line of output is the port; when
standard input ends, one JSON line with what `seen` says is printed, and the server ends.

`Distorted` is how a correct server is made to misbehave: it stands between the application and uvicorn, and changes or
swallows the text messages that the application sends.
"""

import asyncio
import json
import socket
import sys

import uvicorn


class Distorted:
    """Passes every text message that `application` sends through `change(text)`, which gives the text to send instead, or
    None to send nothing."""

    def __init__(self, application, change):
        self.application = application
        self.change = change

    async def __call__(self, scope, receive, send):
        async def distorting(event):
            if event["type"] == "websocket.send" and event.get("text") is not None:
                text = self.change(event["text"])
                if text is None:
                    return
                event = event | {"text": text}
            await send(event)

        await self.application(scope, receive, distorting)


async def serve(application, seen):
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(application, ws="websockets-sansio", lifespan="off", log_level="error", timeout_graceful_shutdown=1)
    )
    running = asyncio.create_task(server.serve(sockets=[listener]))
    print(listener.getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.should_exit = True
    await running
    print(json.dumps(seen), flush=True)
