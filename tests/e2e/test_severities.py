"""Severities by settings, as the server tells them: from the start, and when they change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types
from tests.e2e.editor import Editor, editor, environment

STAGE = "  - name: a\n    type: desing\n    colour: red\n    gate:\n      type: auto\n"
TEXT = f"name: t\nstages:\n{STAGE}"
Severities = dict[str, types.DiagnosticSeverity | None]
WORDS = types.DiagnosticSeverity


def settings(**severities: str) -> dict[str, Any]:
    by_code = {code.replace("_", "-"): word for code, word in severities.items()}
    return {"diagnostics": {"severity": by_code}}


def ignoring(*codes: str) -> dict[str, Any]:
    rule: dict[str, Any] = {"files": [".choragen/**/*.yaml"], "codes": list(codes)}
    return {"diagnostics": {"ignore": [rule if codes else {"files": [".choragen"]}]}}


async def told(running: Editor, uri: str, expected: Severities) -> None:
    """Wait until these are told of the file, and nothing else."""
    await running.diagnostics(
        uri, lambda found: {str(one.code): one.severity for one in found} == expected
    )


@pytest.mark.parametrize("profile", ["visual-studio-code", "pulling"])
async def test_severities_are_as_the_settings_say(
    profile: str, folder: Path, tmp_path: Path
) -> None:
    options = settings(template_structure="information", key_unknown="off")
    async with editor(profile, folder, environment(tmp_path), options=options) as running:
        uri = running.open(TEXT)
        await told(running, uri, {"template-structure": WORDS.Information})
        for severities, expected in (
            (
                settings(template_structure="hint", key_unknown="error"),
                {"template-structure": WORDS.Hint, "key-unknown": WORDS.Error},
            ),
            (settings(template_structure="off"), {"key-unknown": WORDS.Warning}),
            (settings(template_structure="off", key_unknown="off"), {}),
            (ignoring("key-unknown"), {"template-structure": WORDS.Error}),
            (ignoring(), {}),
            (settings(), {"template-structure": WORDS.Error, "key-unknown": WORDS.Warning}),
        ):
            running.client.workspace_did_change_configuration(
                types.DidChangeConfigurationParams({"stagewright": severities})
            )
            await told(running, uri, expected)
