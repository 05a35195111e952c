"""What is told of a file while somebody types in it: at once, and calmly."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.e2e.editor import Editor, editor, environment
from tests.e2e.support import template

from stagewright.text.buffer import Position

PUBLISH = types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS
PROVIDER = Position(5, len("      provider: anthropic"))


@pytest.fixture(params=["visual-studio-code", "pulling"])
async def typing(
    request: pytest.FixtureRequest, folder: Path, tmp_path: Path
) -> AsyncIterator[Editor]:
    """An editor that is told of diagnostics, and one that asks."""
    async with editor(request.param, folder, environment(tmp_path)) as running:
        yield running


async def reports(running: Editor, uri: str, version: int) -> list[list[str]]:
    """The codes of each report about a version of a file, up to the first of an unknown provider.

    One that pulls does so at once, and again when it is told to.
    """

    async def pulled() -> list[str]:
        return [one.code for one in await running.diagnostics(uri, lambda _: True)]

    if running.profile == "pulling":
        heard = len(running.said)
        found = [await pulled()]
        while "provider-unknown" not in found[-1]:
            await running.wait_for(types.WORKSPACE_DIAGNOSTIC_REFRESH, after=heard)
            heard = len(running.said)
            found.append(await pulled())
        return found
    await running.wait_for(
        PUBLISH,
        lambda said: (
            said.version == version
            and any(one.code == "provider-unknown" for one in said.diagnostics)
        ),
    )
    found = []
    for name, said in running.said:
        if name == PUBLISH and said.uri == uri and said.version == version:
            found.append([one.code for one in said.diagnostics])
            if "provider-unknown" in found[-1]:
                break  # news of models may have had the same told once more
    return found


async def test_what_is_typed_letter_by_letter_is_taken_for_a_model_once_it_rests(
    typing: Editor,
) -> None:
    uri = typing.open(template("anthropic", "claude-opus-4-8"))
    await typing.diagnostics(uri, lambda found: [one.code for one in found] != [])
    found = []
    for version, letter in enumerate(
        "typing-on-and-on", 2
    ):  # a pull that comes late finds it at rest
        typing.insert(uri, PROVIDER, letter)
        found = await reports(typing, uri, version)
        assert found[-1] == ["provider-unknown"]
        if found[0] == []:
            return
    raise AssertionError(found)


async def test_what_is_put_in_whole_is_judged_at_once(typing: Editor) -> None:
    uri = typing.open(template("anthropic", "claude-opus-4-8"))
    await typing.diagnostics(uri, lambda found: [one.code for one in found] != [])
    typing.insert(uri, PROVIDER, "-lab")
    assert await reports(typing, uri, 2) == [["provider-unknown"]]


async def test_what_was_found_elsewhere_stays_while_somebody_types(typing: Editor) -> None:
    uri = typing.open(template("anthropicx", "claude-opus-4-8"))
    await typing.diagnostics(uri, lambda found: [one.code for one in found] == ["provider-unknown"])
    typing.insert(uri, Position(0, len("name: ")), "x")
    assert await reports(typing, uri, 2) == [["provider-unknown"]]


async def test_of_two_pulls_at_once_the_newer_is_answered(folder: Path, tmp_path: Path) -> None:
    async with editor("pulling", folder, environment(tmp_path)) as running:
        for number in range(10):  # where the newer one comes late, both are answered
            uri = running.open(template("anthropic", "claude-opus-4-8"), f"{number}.yaml")
            params = types.DocumentDiagnosticParams(types.TextDocumentIdentifier(uri))
            older, newer = await asyncio.gather(
                *(running.client.text_document_diagnostic_async(params) for _ in range(2)),
                return_exceptions=True,
            )
            assert isinstance(newer, types.RelatedFullDocumentDiagnosticReport)
            if isinstance(older, JsonRpcException):
                assert older.code == types.LSPErrorCodes.ServerCancelled
                assert older.data == {"retriggerRequest": False}
                return
        raise AssertionError(older)
