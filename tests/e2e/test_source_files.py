"""Closed source files: read for references, replacing and the inventory, and never unasked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.e2e.watching import serving

OLD, NEW = "claude-2.0", "claude-opus-5-5"
CODE = f'import anthropic\n\nanthropic.Anthropic().messages.create(model="{OLD}")\n'
AGENT = f"---\nname: a\nmodel: {OLD}\n---\n\nBe brief.\n"
FILES = {
    "src/a.py": CODE,
    "web/b.ts": f"const model = '{OLD}';\n",
    "deploy/values.yaml": f"env:\n  MODEL: {OLD}\n",
    ".env": f"ANTHROPIC_MODEL={OLD}\n",
    ".claude/agents/a.md": AGENT,
    "gone/c.py": CODE,
    "fixtures/d.py": CODE,
    "src/made.py": f"# @generated\n{CODE}",
    "src/plain.py": "print('hello')\n",
    ".gitignore": "gone\n",
}
NAMING = {"src/a.py", "web/b.ts", "deploy/values.yaml", ".env", ".claude/agents/a.md"}
SETTINGS = {"code": {"exclude": ["fixtures"]}}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def names(root: Path, uris: list[str]) -> set[str]:
    there = {(root / name).as_uri(): name for name in FILES}
    return {there[uri] for uri in uris}


def test_closed_source_files_are_read_when_that_is_asked_for(root: Path, tmp_path: Path) -> None:
    told: set[str] = set()

    def agent_told(message: dict[str, Any]) -> bool:
        told.update({message["uri"]} if message["diagnostics"] else ())
        return (root / ".claude/agents/a.md").as_uri() in told

    with serving(tmp_path, root, **SETTINGS) as client:
        client.notification("textDocument/publishDiagnostics", agent_told)
        globs = client.globs()
        assert not [one for one in globs if one.endswith((".py", ".ts", ".env", "*.yaml"))]
        taken = client.command("stagewright.workspace.inventory", {})
        assert names(root, [one["uri"] for one in taken["references"]]) == NAMING
        assert taken["summary"]["leftOut"] == {"generated": 1}
        argument = {
            "from": {"provider": "anthropic", "model": OLD},
            "to": {"provider": "anthropic", "model": NEW},
            "dryRun": True,
        }
        done = client.command("stagewright.workspace.replaceModel", argument)
        assert names(root, [one["uri"] for one in done["files"]]) == NAMING
        assert {one["count"] for one in done["files"]} == {1}
        uri = (root / "src/a.py").as_uri()
        document = {"uri": uri, "languageId": "python", "version": 1, "text": CODE}
        client.notify("textDocument/didOpen", {"textDocument": document})
        place = {"textDocument": {"uri": uri}, "position": {"line": 2, "character": 50}}
        found = client.request(
            "textDocument/references", {**place, "context": {"includeDeclaration": True}}
        )
        assert names(root, [one["uri"] for one in found]) == NAMING
        assert names(root, [*told]) == {".claude/agents/a.md"}, "nothing else was read unasked"
