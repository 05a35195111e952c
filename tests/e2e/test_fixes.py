"""Quick fixes and "fix all" over the wire: what is offered when, and what its edits make."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest
from lsprotocol import types
from tests.e2e.editor import Editor, editor, environment

from stagewright.lsp import convert
from stagewright.lsp.convert import span_in
from stagewright.text.buffer import Buffer, Position, Span

WRONG = """\
name: team
stages:
  - name: "🎭 one"
    # 🎭
    tpye: design
    defaultModel: {provider: antropic, model: claude-opus-5-5}
    gate:
      type: auto
"""
FIXED = """\
name: team
stages:
  - name: "🎭 one"
    # 🎭
    type: design
    defaultModel:
      provider: anthropic
      model: claude-opus-5-5
    gate:
      type: auto
"""
Kind = types.CodeActionKind
FIX_ALL = f"{Kind.SourceFixAll.value}.stagewright"


async def actions(
    editor: Editor,
    uri: str,
    line: int,
    *only: str,
    trigger: types.CodeActionTriggerKind | None = None,
    column: int = 4,
) -> list[types.CodeAction]:
    """What is offered at a place of a line."""
    place = editor.place(uri, Position(line, column))
    found = await editor.client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri),
            types.Range(place, place),
            types.CodeActionContext([], only=list(only) or None, trigger_kind=trigger),
        )
    )
    offered = list(found or ())
    assert all(isinstance(action, types.CodeAction) for action in offered)
    return [action for action in offered if isinstance(action, types.CodeAction)]


def applied(editor: Editor, text: str, action: types.CodeAction) -> str:
    """The text with an action's edits made, which are of this one file."""
    assert action.edit is not None
    if action.edit.document_changes is not None:
        (changes,) = action.edit.document_changes
        assert isinstance(changes, types.TextDocumentEdit)
        edits = [edit for edit in changes.edits if isinstance(edit, types.TextEdit)]
    else:
        ((_, edits_of_file),) = (action.edit.changes or {}).items()
        edits = list(edits_of_file)
    buffer = Buffer(text)
    spans: list[tuple[Span, str]] = sorted(
        ((span_in(buffer.lines, edit.range, editor.encoding), edit.new_text) for edit in edits),
        reverse=True,
    )
    for span, new in spans:
        buffer.splice(span, new)
    return buffer.text


async def test_a_quick_fix_fixes_its_diagnostic(online: Editor) -> None:
    uri = online.open(WRONG)
    offered = await actions(online, uri, 4, Kind.QuickFix.value)
    preferred = next(action for action in offered if action.is_preferred)
    assert preferred.title == "Rename to `type`"
    assert [one.code for one in preferred.diagnostics or ()] == ["key-unknown"]
    assert applied(online, WRONG, preferred) == WRONG.replace("tpye", "type")


async def test_fix_all_fixes_the_file(online: Editor) -> None:
    await online.models_known()  # a provider is only obvious where it has the model
    uri, text = online.open(WRONG), WRONG
    while found := await actions(online, uri, 0, Kind.SourceFixAll.value):
        (all_of_them,) = found
        assert all_of_them.kind == FIX_ALL
        text = applied(online, text, all_of_them)
        online.replace(uri, text)
    assert text == FIXED


async def test_fix_all_is_not_worked_out_at_each_move_of_the_cursor(online: Editor) -> None:
    uri = online.open(WRONG)
    automatic = types.CodeActionTriggerKind.Automatic
    moved = await actions(online, uri, 4, trigger=automatic)
    assert {action.kind for action in moved} >= {Kind.QuickFix}
    assert FIX_ALL not in {action.kind for action in moved}
    asked = await actions(online, uri, 4)
    saving = await actions(online, uri, 4, Kind.SourceFixAll.value, trigger=automatic)
    assert FIX_ALL in {action.kind for action in asked} & {action.kind for action in saving}


NO_ROLE = "name: t\nstages:\n  - name: one\n    type: design\n    roleId: scribe\n"


async def test_a_role_is_created_in_the_index(offline: Editor) -> None:
    uri = offline.open(NO_ROLE)
    await offline.command("stagewright.template.stages", {"uri": uri})  # roles are known now
    offered = await actions(offline, uri, 4, Kind.QuickFix.value, column=14)
    (create,) = [one for one in offered if one.title.startswith("Create the role `scribe`")]
    assert [one.code for one in create.diagnostics or ()] == ["role-unknown"]
    assert create.edit is not None
    (change,) = create.edit.document_changes or ()
    assert isinstance(change, types.TextDocumentEdit)
    assert change.text_document.uri == offline.uri(".choragen/roles/index.yaml")
    assert "- id: scribe" in change.edits[0].new_text  # type: ignore[union-attr]


async def test_the_index_is_created_with_its_first_role(tmp_path: Path) -> None:
    folder = tmp_path / "workspace"
    (folder / ".choragen" / "workflow-templates").mkdir(parents=True)
    async with editor("visual-studio-code", folder, environment(tmp_path)) as running:
        uri = running.open(NO_ROLE)
        await running.command("stagewright.template.stages", {"uri": uri})
        offered = await actions(running, uri, 4, Kind.QuickFix.value, column=14)
        (create,) = [one for one in offered if one.title.startswith("Create the role `scribe`")]
        assert create.edit is not None
        made, filled = create.edit.document_changes or ()
        assert isinstance(made, types.CreateFile)
        assert isinstance(filled, types.TextDocumentEdit)
        assert made.uri == filled.text_document.uri == running.uri(".choragen/roles/index.yaml")


@pytest.mark.parametrize("given", [None, "x:y#{code}", "own:/{code}.md?{page}"])
async def test_a_codes_link_leads_to_its_section(
    folder: Path, tmp_path: Path, given: str | None
) -> None:
    options = {"codeLink": given} if given else None
    async with editor("neovim@0.11", folder, environment(tmp_path), options=options) as running:
        uri = running.open(NO_ROLE)
        found = await running.diagnostics(uri, lambda found: len(found) > 0)
        links = [one.code_description.href for one in found if one.code_description]
        assert len(links) == len(found)
        for one, link in zip(found, links, strict=True):
            page = convert.DIAGNOSTICS_PAGE
            meant = given or f"{page}#{{code}}"
            assert link == meant.format(code=one.code, page=quote(page, safe=""))
        problems = [one for method, one in running.said if method == types.WINDOW_SHOW_MESSAGE]
        assert not problems, "it is no setting"
