"""What the end-to-end tests write, ask about and look up: templates, documents, workflows."""

from __future__ import annotations

import json
import sys
from typing import Any

from lsprotocol import types
from tests.e2e.editor import Editor

SERVER = (sys.executable, "-m", "stagewright", "server")
"""The server as people start it: not forked from a process that has imported everything."""

CLAUDE = {"provider": "anthropic", "model": "claude-opus-5-5"}
GPT = {"provider": "openai", "model": "gpt-5.1"}


def template(provider: str, model: str, *, lead: str = "") -> str:
    """A template of one stage with this default model."""
    return (
        f'{lead}name: "test"\nstages:\n  - name: "a"\n    type: "design"\n    defaultModel:\n'
        f"      provider: {provider}\n      model: {model}\n"
        f'    gate:\n      type: "auto"\n'
    )


def saved(editor: Editor, workflow_id: str) -> dict[str, Any]:
    """The workflow file as it is on disk."""
    path = editor.folder / ".choragen" / "workflows" / f"{workflow_id}.json"
    return dict(json.loads(path.read_text()))


def document(uri: str) -> types.TextDocumentIdentifier:
    return types.TextDocumentIdentifier(uri)


async def edited(editor: Editor, uri: str, text: str) -> str:
    """The text after the newest edit that the server asked for, checked to be of one file."""
    (edit,) = editor.applied.pop(0).edit.document_changes or ()
    assert isinstance(edit, types.TextDocumentEdit)
    assert edit.text_document.uri == uri
    lines = text.split("\n")
    for one in sorted(edit.edits, key=lambda e: (e.range.start.line, -1), reverse=True):
        assert isinstance(one, types.TextEdit)
        start, end = one.range.start, one.range.end
        head = lines[start.line][: start.character]
        tail = lines[end.line][end.character :] if end.line < len(lines) else ""
        lines[start.line : end.line + 1] = (head + one.new_text + tail).split("\n")
    return "\n".join(lines)
