"""What helps to read and to change templates, over the wire."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from tests.e2e.editor import Editor
from tests.e2e.support import CLAUDE, document, edited, template

from stagewright.lsp.convert import MOST_SYMBOLS
from stagewright.text.buffer import Position

TEMPLATE = """\
name: "team"
stages:
  - name: "🎭 one"
    type: "design"
    roleId: "design"
    gate:
      type: "auto"
  - name: "two"
    type: "review"
    gate:
      type: "auto"
"""


async def test_lenses_hints_and_the_outline(offline: Editor) -> None:
    uri = offline.open(TEMPLATE, "team.yaml")
    whole = types.Range(types.Position(0, 0), types.Position(99, 0))
    asked = types.InlayHintParams(document(uri), whole)
    await offline.command("stagewright.template.stages", {"uri": uri})  # roles are known now
    assert await offline.client.text_document_inlay_hint_async(asked)
    said = len(offline.said)
    lenses = await offline.client.text_document_code_lens_async(types.CodeLensParams(document(uri)))
    assert lenses
    commands = [lens.command for lens in lenses if lens.command]
    assert {command.command for command in commands} == {
        "stagewright.chat.start",
        "stagewright.stage.setModel",
    }
    assert [lens.range.start.line for lens in lenses] == [2, 2, 2, 7, 7, 7]
    symbols = await offline.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(document(uri))
    )
    (team,) = symbols or ()
    assert isinstance(team, types.DocumentSymbol)
    assert [child.name for child in team.children or ()] == ["🎭 one", "two"]
    await offline.wait_for(types.WORKSPACE_INLAY_HINT_REFRESH, after=said)
    assert not await offline.client.text_document_inlay_hint_async(asked), "the lenses say it"
    folds = await offline.client.text_document_folding_range_async(
        types.FoldingRangeParams(document(uri))
    )
    assert folds


async def test_a_lens_starts_a_chat_at_its_stage(offline: Editor) -> None:
    uri = offline.open(TEMPLATE, "team.yaml")
    view = await offline.command("stagewright.chat.start", {"uri": uri, "stage": 1})
    assert view["workflow"]["currentStage"] == 1


async def test_a_role_is_found_from_its_use_and_renamed_everywhere(offline: Editor) -> None:
    uri = offline.open(TEMPLATE, "team.yaml")
    place = offline.place(uri, Position(4, 15))
    found = await offline.client.text_document_definition_async(
        types.DefinitionParams(document(uri), place)
    )
    assert isinstance(found, list | tuple)
    assert [str(one.uri).rsplit("/", 2)[-2:] for one in found if isinstance(one, types.Location)]
    edit = await offline.client.text_document_rename_async(
        types.RenameParams(document(uri), place, "architect")
    )
    assert edit is not None
    changed = {
        change.text_document.uri.rsplit("/", 1)[-1]
        for change in edit.document_changes or ()
        if isinstance(change, types.TextDocumentEdit)
    }
    assert changed == {"team.yaml", "index.yaml"}
    with pytest.raises(JsonRpcException, match="cannot be empty"):
        await offline.client.text_document_rename_async(
            types.RenameParams(document(uri), place, " ")
        )


@pytest.mark.parametrize(
    ("stage", "model", "expected"),
    [
        ("two", CLAUDE, "provider: anthropic\n      model: claude-opus-5-5\n"),
        (0, CLAUDE, "provider: anthropic\n      model: claude-opus-5-5\n"),
    ],
)
async def test_a_stages_model_is_set_by_one_edit(
    offline: Editor, stage: Any, model: Any, expected: str
) -> None:
    uri = offline.open(TEMPLATE, "team.yaml")
    arguments = {"uri": uri, "stage": stage, "model": model}
    assert await offline.command("stagewright.stage.setModel", arguments) == {"applied": True}
    assert expected in await edited(offline, uri, TEMPLATE)


async def test_no_default_removes_the_block(offline: Editor) -> None:
    text = template("anthropic", "claude-opus-5-5")
    uri = offline.open(text)
    arguments = {"uri": uri, "stage": "a", "model": None}
    assert await offline.command("stagewright.stage.setModel", arguments) == {"applied": True}
    assert "defaultModel" not in await edited(offline, uri, text)


async def test_an_unknown_stage_is_answered_with_those_there_are(offline: Editor) -> None:
    uri = offline.open(TEMPLATE, "team.yaml")
    with pytest.raises(JsonRpcException, match="🎭 one, two") as refused:
        await offline.command("stagewright.stage.setModel", {"uri": uri, "stage": "x"})
    assert refused.value.data["code"] == "stage-unknown"


async def test_a_model_is_replaced_everywhere_by_one_edit(offline: Editor) -> None:
    uri = offline.open(template("anthropic", "claude-sonnet-4-20250514"))
    arguments = {
        "from": {"provider": "anthropic", "model": "claude-sonnet-4-20250514"},
        "to": CLAUDE,
    }
    counted = await offline.command(
        "stagewright.workspace.replaceModel", {**arguments, "dryRun": True}
    )
    assert offline.applied == []
    assert counted["applied"] is False
    shown = {
        change["textDocument"]["uri"]: change["edits"]
        for change in counted["edit"]["documentChanges"]
    }
    (edit,) = shown[uri]
    start, end = (types.Position(**edit["range"][place]) for place in ("start", "end"))
    assert offline.covered(uri, types.Range(start, end)) == "claude-sonnet-4-20250514"
    assert edit["newText"] == "claude-opus-5-5"
    counts = {one["uri"].rsplit("/", 1)[-1]: one["count"] for one in counted["files"]}
    assert counts == {"index.yaml": 8, "test.yaml": 1}
    done = await offline.command("stagewright.workspace.replaceModel", arguments)
    assert done["applied"] is True
    assert len(offline.applied) == 1


async def test_the_models_that_templates_and_roles_name_and_where(offline: Editor) -> None:
    uri = offline.open(template("anthropic", "claude-opus-5-5"))
    found = (await offline.command("stagewright.workspace.models", {}))["models"]
    uses = {tuple(one["model"].values()): one["uses"] for one in found}
    assert uses["anthropic", "claude-opus-5-5"] == [{"uri": uri, "name": "a"}]
    roles = uses["anthropic", "claude-sonnet-4-20250514"]
    assert {one["uri"].rsplit("/", 1)[-1] for one in roles} == {"index.yaml"}
    assert len(roles) == 8
    standing = {tuple(one["model"].values()): one["standing"] for one in found}
    assert standing["anthropic", "claude-opus-5-5"] == "not-configured"
    assert standing["anthropic", "claude-sonnet-4-20250514"] == "retired", "known without a key"
    argument = {"provider": "openai"}
    assert await offline.command("stagewright.workspace.models", argument) == {"models": []}


async def test_what_a_slip_is_likely_meant_for_is_near_without_a_list(offline: Editor) -> None:
    offline.open(template("openai", "gpt-4o-mni"))
    (found,) = (await offline.command("stagewright.workspace.models", {"provider": "openai"}))[
        "models"
    ]
    assert found["standing"] == "unrecognized"
    assert found["near"][0] == {"provider": "openai", "model": "gpt-4o-mini"}


async def test_a_model_that_aliases_stand_for_is_not_removed(offline: Editor) -> None:
    text = "stages:\n  - name: a\n    defaultModel: &m {provider: x, model: y}\n    x: *m\n"
    uri = offline.open(text)
    arguments = {"uri": uri, "stage": "a", "model": None}
    with pytest.raises(JsonRpcException, match="used elsewhere in this file as `\\*m`"):
        await offline.command("stagewright.stage.setModel", arguments)


async def test_enter_puts_the_cursor_where_the_next_key_belongs(offline: Editor) -> None:
    text = "name: t\nstages:\n  - name: 🎭 build\n  \n"
    uri = offline.open(text, "typed.yaml")
    edits = await offline.client.text_document_on_type_formatting_async(
        types.DocumentOnTypeFormattingParams(
            document(uri), types.Position(3, 2), "\n", types.FormattingOptions(2, True)
        )
    )
    (edit,) = edits or ()
    assert (edit.range.start.line, edit.new_text) == (3, " " * 4)


async def test_of_very_many_stages_so_many_are_symbols(offline: Editor) -> None:
    stage = "  - name: s\n    type: design\n    gate:\n      type: auto\n"
    uri = offline.open(f"name: many\nstages:\n{stage * (MOST_SYMBOLS + 10)}")
    found = await offline.client.text_document_document_symbol_async(
        types.DocumentSymbolParams(types.TextDocumentIdentifier(uri))
    )
    (template,) = found or ()
    assert isinstance(template, types.DocumentSymbol)
    assert len(template.children or ()) <= MOST_SYMBOLS
    everywhere = await offline.client.workspace_symbol_async(types.WorkspaceSymbolParams("s"))
    assert len(everywhere or ()) == MOST_SYMBOLS
