"""Several programs started together: one list request for each provider between them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.editor import environment
from tests.loopback.process import LoopbackProcess, loopback_process

PROGRAM = """
import asyncio, json, os, sys
from stagewright.providers.registry import Registry
from stagewright.settings import load

async def main():
    registry = Registry(load({"models": {"timeoutSeconds": 50}}, os.environ)[0], os.environ)
    refresh = asyncio.ensure_future(registry.refresh(force="--force" in sys.argv))
    for _ in range(10):
        await asyncio.sleep(0)  # it begins
    print("begun", flush=True)
    catalog = await refresh
    await registry.close()
    print(json.dumps({p.id: [p.status, len(p.models)] for p in catalog.providers.values()}))

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def server() -> Iterator[LoopbackProcess]:
    with loopback_process() as running:
        yield running


@pytest.mark.parametrize("force", [[], ["--force"]])
def test_one_request_between_three_processes(
    server: LoopbackProcess, tmp_path: Path, force: list[str]
) -> None:
    server.control(forget=True, faults=[{"path": "models$", "kind": "hold"}])
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *force],
            stdout=subprocess.PIPE,
            env=environment(tmp_path, **server.environ),
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
    server.fix()  # nobody has been answered before all have begun
    for process in processes:
        found = json.loads(process.communicate(timeout=50)[0])
        assert found["anthropic"] == ["ok", 46]
        assert found["openai"] == ["ok", 20]
    first_pages = [r for r in server.requests("/anthropic/v1/models") if "after_id" not in str(r)]
    assert len(first_pages) == 1
    assert len(server.requests("/openai/v1/models")) == 1
