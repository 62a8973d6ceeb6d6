"""A GraphQL server that speaks graphql-transport-ws: strawberry-graphql under uvicorn.

    python3 graphql_server.py [no-ack | wrong-id | no-pong | other-schema]

It has the subscriptions `count(upTo)`, which ends, and `clock`, which does not. As it ends it tells how many of each have
begun and how many were left: {"counts": …, "clocks": …, "abandoned": …}.
"""

import asyncio
import collections
import json
import sys
from pathlib import Path
from typing import AsyncGenerator

sys.path.insert(0, str(Path(__file__).parent))

import strawberry
from asgi_host import Distorted, serve
from strawberry.asgi import GraphQL
from strawberry.subscriptions import GRAPHQL_TRANSPORT_WS_PROTOCOL

seen = collections.Counter(counts=0, clocks=0, abandoned=0)


@strawberry.type
class Query:
    name: str = "wsplan"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, up_to: int) -> AsyncGenerator[int, None]:
        seen["counts"] += 1
        for number in range(1, up_to + 1):
            await asyncio.sleep(0.01)
            yield number

    @strawberry.subscription
    async def clock(self) -> AsyncGenerator[float, None]:
        seen["clocks"] += 1
        try:
            while True:
                yield asyncio.get_running_loop().time()
                await asyncio.sleep(0.02)
        finally:
            seen["abandoned"] += 1


def change(deed):
    """What becomes of a message of the server."""

    def changed(text):
        message = json.loads(text)
        if deed == "no-ack" and message["type"] == "connection_ack":
            return None
        if deed == "wrong-id" and message["type"] == "next":
            return json.dumps(message | {"id": "somebody else's"})
        if deed == "no-pong" and message["type"] == "pong":
            return None
        return text

    return changed


@strawberry.type
class OtherSubscription:
    @strawberry.subscription
    async def something_else(self) -> AsyncGenerator[int, None]:
        yield 0


deed = sys.argv[1] if len(sys.argv) > 1 else ""
application = GraphQL(
    strawberry.Schema(query=Query, subscription=OtherSubscription if deed == "other-schema" else Subscription),
    subscription_protocols=[GRAPHQL_TRANSPORT_WS_PROTOCOL],
)
asyncio.run(serve(Distorted(application, change(deed)), seen))
