"""The page for clients describes every code of a refusal, and no others."""

from __future__ import annotations

import ast
import re
from pathlib import Path

SERVER = Path(__file__).parents[2] / "server"
CODE = r"[a-z]+(?:-[a-z]+)+"


def refusals(source: str) -> set[str]:
    """The codes that a module refuses with."""
    calls = (node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call))
    return {
        argument.value
        for call in calls
        if ast.unparse(call.func) in ("WorkflowError", "failure", "text", "sources.text")
        for argument in call.args
        if isinstance(argument, ast.Constant)
        and isinstance(argument.value, str)
        and re.fullmatch(CODE, argument.value)
    }


def test_the_page_for_clients_describes_every_refusal() -> None:
    modules = [
        path
        for folder in ("workflows", "lsp")
        for path in sorted((SERVER / "stagewright" / folder).rglob("*.py"))
    ]
    raised = {code for path in modules for code in refusals(path.read_text("utf-8"))}
    page = (SERVER / "docs/lsp-extensions.md").read_text("utf-8").partition("## Refusals")[2]
    rows = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")]
    described = [code for row in rows for code in re.findall(f"`({CODE})`", row)]
    assert len(described) == len(set(described))
    assert raised - set(described) == set()
    assert set(described) - raised == set()
