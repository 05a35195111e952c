"""Which single models are asked about while somebody types: whole names, never half ones."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from lsprotocol import types
from tests.e2e.editor import Editor, editor, environment
from tests.e2e.support import template
from tests.loopback.process import LoopbackProcess

from stagewright.lsp.publish import TYPED_REST
from stagewright.text.buffer import Position

MODEL = Position(6, len("      model: "))


@pytest.fixture
async def typing(folder: Path, tmp_path: Path, providers: LoopbackProcess) -> AsyncIterator[Editor]:
    async with editor("pulling", folder, environment(tmp_path, **providers.environ)) as running:
        await running.models_known()
        yield running


def asked(providers: LoopbackProcess) -> list[str]:
    """The names that OpenAI was asked about, in order."""
    paths = (one["path"] for one in providers.requests("/openai/v1/models/"))
    return [unquote(path.rpartition("/models/")[2]) for path in paths]


async def unavailable(typing: Editor, uri: str, model: str) -> None:
    await typing.diagnostics(
        uri,
        lambda found: any(
            one.code == "model-unavailable" and model in one.message for one in found
        ),
    )


async def a_moment(typing: Editor, number: int) -> None:
    """Until what came whole, later than anything before, has been asked about and is told."""
    uri = typing.open(template("openai", f"clock-{number}"), f"clock-{number}.yaml")
    await unavailable(typing, uri, f"clock-{number}")


async def test_half_a_name_is_never_asked_about(typing: Editor, providers: LoopbackProcess) -> None:
    uri = typing.open(template("openai", ""))
    assert template("openai", "x").split("\n")[MODEL.line] == "      model: x"
    halves = 0  # what rests while a machine sleeps is no half name
    for number, letter in enumerate("gpt-of-nobody-at-all"):
        name = "gpt-of-nobody-at-all"[: number + 1]
        before = time.monotonic()
        typing.insert(uri, Position(MODEL.line, MODEL.column + number), letter)
        await a_moment(typing, number)
        was_asked = name in asked(providers)
        if time.monotonic() - before < TYPED_REST:
            assert not was_asked
            halves += 1
        if halves == 3:
            break
    assert halves > 0
    params = types.DidSaveTextDocumentParams(types.TextDocumentIdentifier(uri))
    typing.client.text_document_did_save(params)
    await unavailable(typing, uri, name)
    assert name in asked(providers)


async def test_a_name_that_rests_is_asked_about(typing: Editor, providers: LoopbackProcess) -> None:
    uri = typing.open(template("openai", ""))
    typing.insert(uri, MODEL, "x")
    await unavailable(typing, uri, "x")
    assert asked(providers) == ["x"]


async def test_a_name_is_asked_about_when_another_line_is_edited(
    typing: Editor, providers: LoopbackProcess
) -> None:
    uri = typing.open(template("openai", ""))
    typing.insert(uri, MODEL, "x")
    typing.insert(uri, Position(0, len("name: ")), "y")
    await unavailable(typing, uri, "x")
    assert asked(providers) == ["x"]


async def test_what_is_pasted_is_asked_about(typing: Editor, providers: LoopbackProcess) -> None:
    uri = typing.open(template("openai", ""))
    typing.insert(uri, MODEL, "pasted")
    await unavailable(typing, uri, "pasted")
    assert asked(providers) == ["pasted"]
