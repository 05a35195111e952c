"""Files of which nothing is said: how one is written in a line or two."""

from __future__ import annotations

from textwrap import dedent
from typing import NamedTuple


class Silent(NamedTuple):
    """A file: where it lies, what it says, and how many models it names all the same."""

    path: str
    text: str
    sites: int


SECRET = "sk-ant-api03-" + "Zq7Xv2Lm9Tb4Kd8Wf1Rn6Yp3Hs5Gj0Ca"
SECRETS = (
    SECRET,
    "ghp_" + "a1B2c3D4e5F6g7H8i9J0" * 2,
    "https://me:hunter2hunter2@llm.example/v1",
    "Zq7Xv2Lm9Tb4Kd8Wf1Rn6Yp3Hs5Gj0CaUe6Io2",
)
"""What looks like a key: with a known beginning, in an address, long and without meaning."""
AGENT = ".claude/agents/a.md"
SETTINGS = ".claude/settings.json"
WORKFLOW = ".github/workflows/w.yml"
AGENTIC = ".github/workflows/w.md"
OPENCODE = "opencode.json"
ARCHON = ".archon/workflows/w.yaml"
PROMPTY = "prompts/p.prompty"


def front(path: str, *lines: str, sites: int = 1) -> Silent:
    """A Markdown file with front matter."""
    return Silent(path, "---\n" + "\n".join(lines) + "\n---\n\nDo it.\n", sites)


def step(uses: str, *lines: str, sites: int = 1, above: str = "") -> Silent:
    """A workflow of one step; `above` is what stands around it."""
    inside = "\n".join(f"        {line}" for line in lines)
    text = f"on: push\n{above}jobs:\n  j:\n    runs-on: x\n    steps:\n      - uses: {uses}\n"
    return Silent(WORKFLOW, f"{text}{inside}\n", sites)


def plain(path: str, text: str, sites: int) -> Silent:
    """Any file, its text indented as the code around it is."""
    return Silent(path, dedent(text).lstrip("\n"), sites)


CLAUDE = "anthropics/claude-code-action@v1"
OLD = "claude-2.0"
