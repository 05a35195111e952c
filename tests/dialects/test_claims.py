"""Which files each format's dialect claims by their names, and which of their neighbours none."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest

from stagewright.dialects.registry import Dialects
from stagewright.workspace import claim

CLAIMS = {
    "claude-code": """
        .claude/agents/a.md  x/y/.claude/agents/team/a.md  .claude/commands/deep/a.md
        .claude/skills/a/SKILL.md  .claude/settings.json  x/.claude/settings.local.json
        .claude/agents/a.agent.md
    """,
    "github-actions": """
        .github/workflows/ci.yml  .github/workflows/ci.yaml  action.yml  tools/review/action.yaml
    """,
    "gh-aw": ".github/workflows/triage.md  .github/workflows/shared/tools.md",
    "opencode": """
        opencode.json  opencode.jsonc  x/.opencode/opencode.json  .opencode/agent/a.md
        .opencode/agents/team/a.md  .opencode/command/a.md  .opencode/commands/a.md
        .opencode/mode/a.md  home/me/.config/opencode/opencode.json
        home/me/.config/opencode/agents/a.md
    """,
    "copilot": """
        .github/agents/a.md  .github/agents/a.agent.md  .github/prompts/a.prompt.md
        .github/chatmodes/a.chatmode.md  agents/a.agent.md
    """,
    "github-models": "a.prompt.yml  prompts/a.prompt.yaml",
    "archon": ".archon/workflows/a.yaml  x/.archon/workflows/defaults/a.yml",
    "prompty": "a.prompty  prompts/a.prompty",
}
NOBODYS = """
    .github/workflows/triage.lock.yml  .github/workflows/ci.json  workflows/ci.yml
    .github/dependabot.yml  .github/ISSUE_TEMPLATE/a.md  agents/a.md  commands/a.md
    .claude/settings.yaml  .claude/README.md  .claude/skills/a/notes.md  .claude/docs/a.md
    .opencode/notes.md  .opencode/package.json  opencode.yaml  my-opencode.json
    .archon/config.txt  a.prompt.txt  prompt.yml  README.md
"""


@pytest.mark.parametrize(
    ("path", "dialect"),
    [(path, dialect) for dialect, paths in CLAIMS.items() for path in paths.split()]
    + [(path, None) for path in NOBODYS.split()],
)
def test_a_file_is_claimed_by_its_name(path: str, dialect: str | None) -> None:
    claimed = claim(PurePosixPath("/w") / path, Dialects())
    assert (claimed and claimed.id) == dialect
