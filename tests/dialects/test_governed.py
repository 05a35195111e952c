"""What settings files say of the files beside them."""

from __future__ import annotations

from pathlib import PurePosixPath as Path

import pytest
from tests.analysis.support import OPTIONS, catalog, provider, retiring
from tests.dialects.support import claimed

from stagewright.analysis.diagnostics.diagnose import diagnose
from stagewright.analysis.diagnostics.lookups import to_ask_about
from stagewright.dialects.defined import governed_by
from stagewright.dialects.document import Document, sites
from stagewright.dialects.governed import UNGOVERNED, Governed, settings_beside

KNOWN = catalog(
    provider("anthropic", "claude-b", retiring("claude-a", "2026-12-01", "claude-b")),
    provider("openai", "gpt-5"),
)
AGENT = "---\nname: a\nmodel: claude-a\n---\n\nDo it.\n"
STEP = """\
jobs:
  j:
    steps:
      - uses: anthropics/claude-code-action@v1
        with:
          claude_args: --model claude-a
"""
OPENCODE_STEP = """\
jobs:
  j:
    steps:
      - uses: sst/opencode/github@latest
        with:
          model: anthropic/claude-a
"""
OPENCODE_AGENT = "---\nmodel: anthropic/claude-a\n---\n"


def governed(path: str, files: dict[str, str]) -> Document:
    """A file as those beside it let it be read; `files` are all that there are."""
    document = claimed(path, files[path])
    together = UNGOVERNED
    for settings, beside in settings_beside(document.dialect, Path("/w") / path):
        text = files.get(str(beside).removeprefix("/w/"))
        if text is not None:
            together |= governed_by(settings, beside.name, text)
    document.govern(together)
    return document


GATEWAY = '{"env": {"ANTHROPIC_BASE_URL": "https://llm.example"}}'
OWN = '{"provider": {"anthropic": {"options": {"baseURL": "https://llm.example"}}}}'


@pytest.mark.parametrize(
    ("path", "text", "settings", "said"),
    [
        (".claude/agents/a.md", AGENT, ".claude/settings.json", GATEWAY),
        (".claude/agents/deep/a.md", AGENT, ".claude/settings.json", GATEWAY),
        ("x/.claude/commands/a.md", AGENT, "x/.claude/settings.local.json", GATEWAY),
        (".claude/skills/a/SKILL.md", AGENT, ".claude/settings.json", GATEWAY[:-1]),
        (
            ".claude/agents/a.md",
            AGENT,
            ".claude/settings.json",
            '{\n  // ours\n  "env": {"CLAUDE_CODE_USE_VERTEX": "1",},\n}',
        ),
        ("x/y/.claude/agents/a.md", AGENT, ".claude/settings.json", GATEWAY),
        ("x/y/.claude/agents/a.md", AGENT, "x/.claude/settings.local.json", GATEWAY),
        ("x/.opencode/agents/a.md", OPENCODE_AGENT, "opencode.json", OWN),
        (".github/workflows/a.yml", STEP, ".claude/settings.json", GATEWAY),
        (".github/workflows/a.yml", OPENCODE_STEP, "opencode.json", OWN),
        (".opencode/agents/a.md", OPENCODE_AGENT, "opencode.json", OWN),
        (".opencode/command/a.md", OPENCODE_AGENT, ".opencode/opencode.jsonc", OWN),
    ],
)
def test_what_is_sent_elsewhere_is_left_alone(
    path: str, text: str, settings: str, said: str
) -> None:
    alone = governed(path, {path: text})
    assert [one.code for one in diagnose(alone, KNOWN, OPTIONS)] == ["model-deprecated"]
    document = governed(path, {path: text, settings: said})
    assert [site.reference for _, site in sites(document)] == [None]
    assert diagnose(document, KNOWN, OPTIONS) == []
    assert to_ask_about(document, KNOWN, OPTIONS) == []


@pytest.mark.parametrize(
    ("path", "text", "settings", "said"),
    [
        (".claude/agents/a.md", AGENT, "x/.claude/settings.json", GATEWAY),
        (".claude/agents/a.md", AGENT, ".claude/agents/settings.json", GATEWAY),
        (".claude/agents/a.md", AGENT, ".claude/settings.json", '{"env": {"OTHER": "1"}}'),
        (".claude/agents/a.md", AGENT, ".claude/settings.json", "what is this"),
        (".claude/agents/a.md", AGENT, ".claude/settings.json", ""),
        (".claude/agents/a.md", AGENT, "opencode.json", OWN),
        (".github/workflows/a.yml", STEP, "opencode.json", OWN),
        (".github/workflows/a.yml", OPENCODE_STEP, ".github/opencode.json", OWN),
        (
            ".opencode/agents/a.md",
            OPENCODE_AGENT,
            "opencode.json",
            '{"provider": {"anthropic": {"options": {"timeout": 600000}}, "own": {"npm": "x"}}}',
        ),
    ],
)
def test_what_is_not_stays_as_it_is(path: str, text: str, settings: str, said: str) -> None:
    document = governed(path, {path: text, settings: said})
    assert [one.code for one in diagnose(document, KNOWN, OPTIONS)] == ["model-deprecated"]


def test_no_file_governs_itself() -> None:
    document = claimed(".claude/settings.json", "{}")
    own = Path("/w/.claude/settings.json")
    found = [path for _, path in settings_beside(document.dialect, own)]
    assert found == [
        Path("/w/.claude/settings.local.json"),
        Path("/.claude/settings.json"),
        Path("/.claude/settings.local.json"),
    ]


def test_a_document_is_read_anew_when_its_settings_change() -> None:
    document = claimed(".claude/agents/a.md", AGENT)
    for redirected in (True, False):
        document.govern(Governed(redirected=redirected))
        assert (diagnose(document, KNOWN, OPTIONS) == []) is redirected
