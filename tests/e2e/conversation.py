"""A transcript in an editor: typed into, and changed by the server's edits as editors do it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from lsprotocol import types
from tests.e2e.editor import PATIENCE, Editor
from tests.e2e.support import CLAUDE, saved, template

from stagewright.lsp.convert import range_out, span_in
from stagewright.text.buffer import Buffer, Position, Span
from stagewright.workflows.manager import WorkflowManager

TWO_STAGES = """\
name: "two"
stages:
  - name: "draft"
    type: "design"
    defaultModel:
      provider: "anthropic"
      model: "claude-opus-5-5"
    gate:
      type: "human_approval"
      agentTriggered: true
      options:
        - label: "Good enough"
          action: "advance"
        - label: "Throw it away"
          action: "discard"
  - name: "build"
    type: "implementation"
    gate:
      type: "verification_pass"
      commands:
        - "make test"
    hooks:
      onExit:
        - type: "command"
          command: "git tag done"
"""


@dataclass(frozen=True)
class Taken:
    """Edits of the server that were applied at once."""

    at: float  # seconds, monotonic
    edits: tuple[types.TextEdit, ...]
    before: str
    after: str

    @property
    def only_adds(self) -> bool:
        return all(edit.range.start == edit.range.end for edit in self.edits)


class Page:
    """An open transcript. Edits made for another version are refused, as editors do."""

    def __init__(self, editor: Editor, uri: str, text: str) -> None:
        self.editor = editor
        self.uri = uri
        self.taken: list[Taken] = []
        self.refused = 0
        self.before_taking: Callable[[], None] = lambda: None
        self._buffer = Buffer(text)
        self._version = 1
        editor.take_edit = self._take
        item = types.TextDocumentItem(uri, "markdown", 1, text)
        editor.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    @property
    def text(self) -> str:
        return self._buffer.text

    @property
    def lines(self) -> list[str]:
        return self._buffer.lines

    # Typing

    def write(self, text: str) -> None:
        """Type at the end of the document."""
        end = self._buffer.end
        self._change([(Span(end, end), text)])

    def replace(self, old: str, new: str) -> None:
        """Type over the only place where `old` stands."""
        before, found, after = self.text.partition(old)
        assert found, f"{old!r} is not in:\n{self.text}"
        assert old not in after, f"{old!r} stands more than once"
        self._change([(Span(_end(before), _end(before + old)), new)])

    def close(self) -> None:
        """Close the document without saving it."""
        document = types.TextDocumentIdentifier(self.uri)
        self.editor.client.text_document_did_close(types.DidCloseTextDocumentParams(document))
        self.editor.take_edit = lambda _: False

    def _change(self, changes: list[tuple[Span, str]]) -> None:
        told: list[types.TextDocumentContentChangeEvent] = []
        for span, text in changes:
            range_ = range_out(self.lines, span, self.editor.encoding)
            told.append(types.TextDocumentContentChangePartial(range=range_, text=text))
            self._buffer.splice(span, text)
        self._version += 1
        identifier = types.VersionedTextDocumentIdentifier(self._version, self.uri)
        self.editor.client.text_document_did_change(
            types.DidChangeTextDocumentParams(identifier, told)
        )

    def _take(self, edit: types.WorkspaceEdit) -> bool:
        self.before_taking()
        if edit.document_changes:
            (changes,) = edit.document_changes
            assert isinstance(changes, types.TextDocumentEdit)
            assert changes.text_document.uri == self.uri
            edits = changes.edits
            if changes.text_document.version != self._version:
                self.refused += 1
                return False
        else:
            ((uri, edits),) = (edit.changes or {}).items()
            assert uri == self.uri
        known = [one for one in edits if isinstance(one, types.TextEdit)]
        assert len(known) == len(edits)
        before = self.text
        spans = [(span_in(self.lines, e.range, self.editor.encoding), e.new_text) for e in known]
        spans.sort(key=lambda one: one[0])
        for (one, _), (other, _) in pairwise(spans):
            assert one.end <= other.start, "edits overlap"
        self._change(spans[::-1])
        self.taken.append(Taken(time.monotonic(), tuple(known), before, self.text))
        return True

    # Waiting

    async def until(self, *parts: str, without: str | None = None) -> str:
        """The text once it holds all of the parts."""

        def reached() -> bool:
            text = self.text
            return all(part in text for part in parts) and (without is None or without not in text)

        heard = self.editor.heard
        async with heard:
            try:
                await asyncio.wait_for(heard.wait_for(reached), PATIENCE)
            except TimeoutError as error:
                raise AssertionError(f"{parts} never came:\n{self.text}") from error
        return self.text

    # Doing

    async def lenses(self) -> dict[str, types.CodeLens]:
        """Code lenses by title."""
        document = types.TextDocumentIdentifier(self.uri)
        found = await self.editor.client.text_document_code_lens_async(
            types.CodeLensParams(document)
        )
        return {lens.command.title: lens for lens in found or () if lens.command}

    async def actions(self, *only: str) -> dict[str, types.CodeAction]:
        """Code actions at the end of the document, by title."""
        end = types.Position(len(self.lines) - 1, 0)
        found = await self.editor.client.text_document_code_action_async(
            types.CodeActionParams(
                types.TextDocumentIdentifier(self.uri),
                types.Range(end, end),
                types.CodeActionContext([], only=list(only) or None),
            )
        )
        assert all(isinstance(action, types.CodeAction) for action in found or ())
        return {action.title: action for action in found or ()}

    async def act(self, title: str) -> Any:
        """Choose a code action by its title."""
        actions = await self.actions()
        assert title in actions, f"{title!r} is none of {list(actions)}"
        command = actions[title].command
        assert command is not None
        return await self.command(command.command, command.arguments[0])

    async def command(self, name: str, argument: Mapping[str, Any] | None = None) -> Any:
        """Run a command about this transcript, as from an editor's own prompt."""
        return await self.editor.command(name, {"uri": self.uri, **(argument or {})})


def _end(text: str) -> Position:
    return Position(text.count("\n"), len(text) - text.rfind("\n") - 1)


async def conversation(editor: Editor, text: str | None = None) -> Page:
    """The open transcript of a new workflow."""
    uri = editor.open(text or template(CLAUDE["provider"], CLAUDE["model"]))
    view = await editor.command("stagewright.chat.start", {"uri": uri})
    return await opened(editor, view["workflow"]["id"])


async def opened(editor: Editor, workflow_id: str) -> Page:
    """A workflow's transcript, opened as the server asks for it."""
    answer = await editor.command("stagewright.chat.open", {"workflowId": workflow_id})
    path = editor.folder / ".choragen/workflows" / f"{workflow_id}.chat.md"
    assert answer == {"uri": path.as_uri()}
    return Page(editor, answer["uri"], path.read_text("utf-8"))


def workflow_of(page: Page) -> dict[str, Any]:
    return saved(page.editor, Path(page.uri).name.partition(".")[0])


def manager_of(page: Page) -> WorkflowManager:
    """Another program in the same workspace."""
    return WorkflowManager(page.editor.folder)
