"""Fixtures of the end-to-end tests: a workspace of real templates, loopback providers, editors."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.e2e.editor import PROFILES, Editor, editor, environment
from tests.loopback.process import LoopbackProcess, loopback_process

DATA = Path(__file__).parents[1] / "data" / "choragen"


@pytest.fixture
def providers() -> Iterator[LoopbackProcess]:
    """Anthropic and OpenAI on loopback, in a process of their own."""
    with loopback_process() as running:
        yield running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A workspace with the four real templates and the real role index."""
    workspace = tmp_path / "workspace"
    for name in ("workflow-templates", "roles"):
        shutil.copytree(DATA / name, workspace / ".choragen" / name)
    return workspace


@pytest.fixture(params=PROFILES)
async def online(
    request: pytest.FixtureRequest, folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> AsyncIterator[Editor]:
    """An editor of each profile whose server has the loopback providers' keys."""
    environ = environment(tmp_path, **providers.environ)
    async with editor(request.param, folder, environ) as running:
        yield running


@pytest.fixture
async def offline(folder: Path, tmp_path: Path) -> AsyncIterator[Editor]:
    """An editor whose server has no key at all."""
    async with editor("visual-studio-code", folder, environment(tmp_path)) as running:
        yield running


@pytest.fixture
async def answering(
    folder: Path, tmp_path: Path, providers: LoopbackProcess
) -> AsyncIterator[Editor]:
    """An editor of one profile with keys, for what is the same in all of them."""
    environ = environment(tmp_path, **providers.environ)
    async with editor("visual-studio-code", folder, environ) as running:
        yield running


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An empty workspace."""
    folder = tmp_path / "workspace"
    folder.mkdir()
    return folder
