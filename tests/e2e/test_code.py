"""Source code over the wire: offered, judged, explained, set, replaced, and left alone."""

from __future__ import annotations

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.e2e.editor import Editor
from tests.e2e.support import document, edited
from tests.e2e.test_fixes import actions

PYTHON = '''\
"""Asks 😀; model="gpt-4-32k" once."""
from anthropic import Anthropic

answer = Anthropic().messages.create(model="claude-3-opus-20240229")  # 😀
other = "😀", "claude-3-opus-20240229"
'''
DOTENV = "# why\nANTHROPIC_MODEL=claude-3-opus-20240229\n"
OPUS = {"provider": "anthropic", "model": "claude-opus-5-5"}
OLD = {"provider": "anthropic", "model": "claude-3-opus-20240229"}


async def test_a_retired_model_is_told_explained_and_changed(offline: Editor) -> None:
    uri = offline.open(PYTHON, "./src/ask.py")
    found = await offline.diagnostics(uri, bool)
    assert [(one.code, one.range.start.line) for one in found] == [
        ("model-retired", 3),
        ("model-retired", 4),
    ]
    assert offline.covered(uri, found[1].range) == OLD["model"]
    told = await offline.client.text_document_hover_async(
        types.HoverParams(document(uri), types.Position(3, 50))
    )
    assert told is not None
    assert "2026-01-05" in str(told.contents)
    titles = [one.title for one in await actions(offline, uri, 3, column=50)]
    assert "Ignore model-retired here" in titles
    argument = {"uri": uri, "position": {"line": 3, "character": 50}}
    site = (await offline.command("stagewright.model.at", argument))["site"]
    assert (site["dialect"], site["where"], site["settable"]) == ("code", "model", True)
    for model, why in {"gpt-5": "calls another provider", 'a"b': "between quotes"}.items():
        other = {**argument, "model": {"provider": "openai", "model": model}}
        with pytest.raises(JsonRpcException, match=why):
            await offline.command("stagewright.model.set", other)
    await offline.command("stagewright.model.set", {**argument, "model": OPUS})
    after = await edited(offline, uri, PYTHON)
    assert after == PYTHON.replace(OLD["model"], OPUS["model"], 1)


@pytest.mark.parametrize(
    ("place", "text", "position"),
    [
        ("./a.py", 'x = "claude-3-opus-20240229"\n', (0, 12)),
        ("./a.ts", "const x = ['claude-3-opus-20240229'];\n", (0, 18)),
        ("./.env", "MODEL=claude-3-opus-20240229\n", (0, 12)),
    ],
)
async def test_a_provider_that_nobody_knows_is_not_written(
    offline: Editor, place: str, text: str, position: tuple[int, int]
) -> None:
    uri = offline.open(text, place)
    line, character = position
    at = {"uri": uri, "position": {"line": line, "character": character}}
    nobodys = {"provider": "nobody", "model": "x"}
    with pytest.raises(JsonRpcException, match="Unknown provider `nobody`") as refused:
        await offline.command("stagewright.model.set", {**at, "model": nobodys})
    assert refused.value.data["code"] == "provider-unknown"


async def test_all_files_of_a_project_count(offline: Editor) -> None:
    closed = offline.folder / "src" / "closed.ts"
    closed.parent.mkdir()
    closed.write_text('export const model = "claude-3-opus-20240229";\n')
    offline.open(PYTHON, "./src/ask.py")
    uri = offline.open(DOTENV, "./.env")
    places = await offline.client.text_document_references_async(
        types.ReferenceParams(
            types.ReferenceContext(include_declaration=True),
            document(uri),
            types.Position(1, 20),
        )
    )
    names = sorted(place.uri.rpartition("/")[2] for place in places or ())
    assert names == [".env", "ask.py", "ask.py", "closed.ts"]
    replace = {"from": OLD, "to": OPUS, "dryRun": True}
    told = await offline.command("stagewright.workspace.replaceModel", replace)
    assert sum(file["count"] for file in told["files"]) == 4


async def test_models_are_offered_in_half_typed_literals(online: Editor) -> None:
    await online.models_known()
    offers = await online.complete('import openai\nx = dict(model="$0\n', "./a.py")
    assert str(offers.items[0].label).startswith("gpt-")
    offers = await online.complete("const m = anthropic('$0')\n", "./b.ts")
    assert str(offers.items[0].label).startswith("claude-")
    assert not (await online.complete('x = dict(name="$0")\n', "./c.py")).items
    assert not (await online.complete("# model: $0\n", "./d.yaml")).items


async def test_what_nobody_knows_is_left_alone(online: Editor) -> None:
    await online.models_known()
    uri = online.open('import openai\nx = dict(model="gpt-9", name="y")\n', "./src/new.py")
    known = online.open('import openai\nx = dict(model="gpt-4-32k")\n', "./src/old.py")
    assert await online.diagnostics(known, bool)
    assert await online.diagnostics(uri, lambda found: not found) == []
