"""How often files are opened for a check or an inventory: each once, whatever it is read for."""

from __future__ import annotations

import subprocess
from collections import Counter
from pathlib import Path

import pytest
from tests import forks
from tests.cli.checking import ROLES, TEMPLATES, stages
from tests.cli.test_check_code import put
from tests.e2e.editor import environment

AGENT = "---\nname: a\nmodel: claude-2.0\n---\n"
LITELLM = "model_list:\n  - model_name: a\n    litellm_params: {model: openai/gpt-4o}\n"

FILES = {
    f"{TEMPLATES}/a.yaml": stages(("anthropic", "claude-2.0")) + "    roleId: writer\n",
    str(ROLES): "roles:\n  - id: writer\n    name: Writer\n",
    ".claude/agents/a.md": AGENT,
    ".claude/agents/b.md": AGENT,
    ".claude/settings.json": '{"model": "claude-2.0"}',
    ".claude/settings.local.json": "{}",
    ".github/workflows/ci.yml": "on: push\njobs: {}\n",
    "opencode.json": '{"model": "openai/gpt-4-32k"}',
    "promptfoo.yaml": "providers: [openai:gpt-4-32k]\n",
    "litellm-config.yaml": LITELLM,  # its content tells
    "long-config.yaml": LITELLM + "# More.\n" * 20_000,
    "loose.yaml": "model: gpt-4-32k\n",  # of nobody, as source code
    "long.json": '{"model": "gpt-4-32k", "more": [\n' + "1,\n" * 50_000 + "1]}\n",
    "docs/agents/c.md": AGENT,  # nobody's: no plugin lies there
    "a.py": 'client.chat(model="gpt-4-32k")\n',
    "b.py": "print('hello')\n",
}
LARGE = {f"sources/{name}.py": FILES["a.py"] + "# More.\n" * 20_000 for name in "abcd"}
"""So much that several processes read it."""


def opened(folder: Path, log: Path, *arguments: str) -> Counter[str]:
    """How often a run opens each file of the folder."""
    done = subprocess.run(
        (*forks.program("tests.opened"), str(log), *arguments),
        cwd=folder,
        env=environment(log.parent),
        capture_output=True,
        timeout=50,
    )
    assert done.returncode in (0, 1), done.stderr.decode()
    paths = (folder / line for line in log.read_text().splitlines())
    inside = (path for path in paths if path.is_relative_to(folder) and path.is_file())
    return Counter(str(path.relative_to(folder)) for path in inside)


@pytest.mark.parametrize("more", [{}, LARGE], ids=["one process", "several"])
@pytest.mark.parametrize(
    "arguments",
    [("check", "--offline", "."), ("check", "."), ("inventory", "--offline", ".")],
    ids=" ".join,
)
def test_each_file_is_opened_once(
    tmp_path: Path, arguments: tuple[str, ...], more: dict[str, str]
) -> None:
    folder = tmp_path / "project"
    put(folder, files := FILES | more)
    counts = opened(folder, tmp_path / "log", *arguments)
    assert {name: counts[name] for name in files} == dict.fromkeys(files, 1)


def test_each_file_that_is_named_is_opened_once(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    put(folder, FILES)
    counts = opened(folder, tmp_path / "log", "check", "--offline", *FILES)
    assert {name: counts[name] for name in FILES} == dict.fromkeys(FILES, 1)


def test_what_governs_a_file_that_is_named_is_opened_once(tmp_path: Path) -> None:
    folder = tmp_path / "project"
    put(folder, FILES)
    named = [".claude/agents/a.md", ".claude/agents/b.md", f"{TEMPLATES}/a.yaml"]
    counts = opened(folder, tmp_path / "log", "check", "--offline", *named)
    read = {*named, str(ROLES), ".claude/settings.json", ".claude/settings.local.json"}
    assert counts == dict.fromkeys(read, 1)
