"""A central system of OCPP 1.6: the library `ocpp` over `websockets`. Charge points are to send a heartbeat every second.

    python3 ocpp_server.py [no-answer | wrong-id | no-heartbeat | rejects]

As it ends it tells {"boots": …, "heartbeats": …, "errors": …}; errors are the messages that the library refused.
"""

import asyncio
import collections
import json
import logging
import sys
from datetime import datetime, timezone

from ocpp.routing import on
from ocpp.v16 import ChargePoint, call_result
from ocpp.v16.enums import Action, RegistrationStatus
from websockets.asyncio.server import serve

deed = sys.argv[1] if len(sys.argv) > 1 else ""
seen = collections.Counter(boots=0, heartbeats=0, errors=0)


def now():
    return datetime.now(timezone.utc).isoformat()


class CentralSystem(ChargePoint):
    @on(Action.boot_notification)
    def boot(self, charge_point_vendor, charge_point_model, **details):
        seen["boots"] += 1
        status = RegistrationStatus.rejected if deed == "rejects" else RegistrationStatus.accepted
        return call_result.BootNotification(current_time=now(), interval=1, status=status)

    @on(Action.heartbeat)
    def heartbeat(self):
        seen["heartbeats"] += 1
        return call_result.Heartbeat(current_time=now())


class Distorted:
    """The connection, with what a central system that misbehaves makes of its answers."""

    def __init__(self, connection):
        self.connection = connection
        self.answers = 0

    async def recv(self):
        return await self.connection.recv()

    async def send(self, text):
        kind, identifier, *content = json.loads(text)
        seen["errors"] += kind == 4
        self.answers += 1
        if deed == "no-answer" or (deed == "no-heartbeat" and self.answers > 1):
            return
        if deed == "wrong-id":
            text = json.dumps([kind, identifier + "0", *content])
        await self.connection.send(text)


async def main():
    async def charge_point(connection):
        identity = connection.request.path.rsplit("/", 1)[-1]
        try:
            await CentralSystem(identity, Distorted(connection)).start()
        except Exception:
            await connection.wait_closed()

    logging.disable()
    async with serve(charge_point, "127.0.0.1", 0, subprotocols=["ocpp1.6"]) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.to_thread(sys.stdin.read)
    print(json.dumps(seen), flush=True)


asyncio.run(main())
