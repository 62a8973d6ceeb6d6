"""A Socket.IO server: python-socketio under uvicorn. It pings every second, and gives a client another to answer.

    python3 socketio_server.py [no-connect | wrong-id | no-ping]

The event `greet` is acknowledged with a greeting. As it ends it tells {"connects": …, "greetings": …, "disconnects": …}.
"""

import asyncio
import collections
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import socketio
from asgi_host import Distorted, serve

seen = collections.Counter(connects=0, greetings=0, disconnects=0)
sio = socketio.AsyncServer(async_mode="asgi", ping_interval=1, ping_timeout=1)


@sio.event
async def connect(sid, environment, credentials):
    seen["connects"] += 1


@sio.event
async def disconnect(sid):
    seen["disconnects"] += 1


@sio.event
async def greet(sid, person):
    seen["greetings"] += 1
    return f"hello {person['name']}"


def change(deed):
    """What becomes of a packet of the server."""

    def changed(text):
        if deed == "no-connect" and text.startswith("40"):
            return None
        if deed == "wrong-id" and text.startswith("43"):
            return re.sub(r"^43(\d+)", lambda match: f"43{int(match[1]) + 1}", text)
        if deed == "no-ping" and text == "2":
            return None
        return text

    return changed


application = socketio.ASGIApp(sio)
asyncio.run(serve(Distorted(application, change(sys.argv[1] if len(sys.argv) > 1 else "")), seen))
