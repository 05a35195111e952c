"""The report of a check as JSON."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.checking import TEMPLATES
from tests.cli.reports import MISTRAL, TEXT, result_of

from stagewright.analysis.report_text import GENERATOR
from stagewright.cli.reports.as_json import to_json


def test_json(tmp_path: Path) -> None:
    text = TEXT.replace("stage-0", "🎭")
    report = json.loads(to_json(result_of(tmp_path, text, unverified=(MISTRAL,)), tmp_path))
    first, second = report.pop("findings")
    assert report.pop("generator") == GENERATOR
    assert report == {
        "version": 1,
        "fixed": [],
        "mended": [],
        "problems": [],
        "unverified": [
            {
                "provider": "mistral",
                "status": "not-configured",
                "reason": "No key: set MISTRAL_API_KEY.",
                "models": ["a", "b", "c"],
            }
        ],
        "summary": {
            "files": 1,
            "skipped": 0,
            "leftOut": {},
            "error": 1,
            "warning": 1,
            "information": 0,
            "hint": 0,
        },
    }
    fixes = first.pop("fixes")
    assert first == {
        "path": str(TEMPLATES / "test.yaml"),
        "line": 7,
        "column": 14,
        "endLine": 7,
        "endColumn": 31,
        "severity": "warning",
        "code": "model-deprecated",
        "message": "Anthropic retires `claude-opus-4-1` on 2026-11-30, in 8 days. "
        "Its successor is `claude-opus-4-5`.",
        "dialect": "choragen-template",
        "where": "stages[0].defaultModel",
        "stage": "🎭",
        "model": {"provider": "anthropic", "model": "claude-opus-4-1"},
    }
    assert fixes[0] == {
        "title": "Use `claude-opus-4-5`, its successor",
        "preferred": True,
        "edits": [
            {"line": 7, "column": 14, "endLine": 7, "endColumn": 31, "text": '"claude-opus-4-5"'}
        ],
    }
    assert second["model"] == {"provider": "opanai", "model": "gpt-5"}
