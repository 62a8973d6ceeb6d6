"""A server that writes down what each virtual user sends, and answers when it likes.

    python3 recorder.py SECONDS [SEED]

A client says who it is in the path of its address, `/VU`. Each message is sent back after a delay of up to SECONDS, drawn for
each one from SEED. The first line of output is the port. When standard input ends, it prints one JSON line, `{VU: [message, …]}`
with the messages of each in the order of their text, and ends.
"""

import asyncio
import collections
import json
import random
import sys

from websockets.asyncio.server import serve

longest = float(sys.argv[1])
delays = random.Random(sys.argv[2] if len(sys.argv) > 2 else None)
messages = collections.defaultdict(list)


async def record(connection):
    user = connection.request.path.strip("/")
    answers = set()

    async def answer(message, delay):
        await asyncio.sleep(delay)
        await connection.send(message)

    async for message in connection:
        messages[user].append(message if isinstance(message, str) else message.hex())
        task = asyncio.create_task(answer(message, delays.random() * longest))
        answers.add(task)
        task.add_done_callback(answers.discard)
    for task in answers:
        task.cancel()


async def main():
    async with serve(record, "127.0.0.1", 0) as server:
        print(server.sockets[0].getsockname()[1], flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    print(json.dumps({user: sorted(texts) for user, texts in messages.items()}), flush=True)


asyncio.run(main())
