"""`python -m tests.loopback`: one JSON line says where it listens; it ends when its stdin does."""

from __future__ import annotations

import asyncio
import json
import sys

from tests.loopback.server import loopback


async def main() -> None:
    async with loopback() as server:
        print(json.dumps({"origin": server.origin, "environ": server.environ}), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


asyncio.run(main())
