"""What VS Code's extension starts its server for: every file that a dialect claims, every model
that is known, and next to nothing else."""

from __future__ import annotations

import json
import re
from pathlib import Path, PurePosixPath

import pytest
from server.tools import client_claims

from stagewright.dialects.dialect import Dialect, all_builtin
from stagewright.dialects.registry import Dialects
from stagewright.workspace import claim

ROOT = Path(__file__).parents[1]
FORMATS = ROOT / "tests" / "data" / "formats"
SAID = json.loads(client_claims.FILE.read_text("utf-8"))
MODELS = re.compile(SAID["models"], re.IGNORECASE | re.ASCII)


def wanted(path: str, text: str) -> bool:
    """As `client-vscode/src/claims.ts` decides by a file's name and what a dialect looks for."""
    return any(
        re.search(one["path"], f"/{path}")
        and not ("except" in one and re.search(one["except"], f"/{path}"))
        and ("holds" not in one or re.search(one["holds"], text[: 64 * 1024], re.MULTILINE))
        for one in SAID["files"]
    )


def test_it_is_up_to_date() -> None:
    assert client_claims.main(["--check"]) == 0


def real() -> list[tuple[str, str]]:
    """Each real file: where a dialect claims it, and its text."""
    found = []
    for beside in sorted(FORMATS.glob("*/*.sites.tsv")):
        where = beside.read_text("utf-8").partition("\n")[0].removeprefix("# as: ")
        text = beside.with_name(beside.name.removesuffix(".sites.tsv")).read_text("utf-8")
        found.append((where, text))
    return found


@pytest.mark.parametrize(("path", "text"), real(), ids=lambda said: said[:40])
def test_a_real_file_is_claimed(path: str, text: str) -> None:
    assert wanted(path, text)
    assert wanted(f"some/where/{path}", text) or not path.startswith("**")


@pytest.mark.parametrize(
    "dialect",
    [one for one in all_builtin() if one.id != client_claims.CODE],
    ids=lambda one: f"{one.id}-{one.syntax}",
)
def test_each_glob_says_what_the_server_says(dialect: Dialect) -> None:
    for glob in dialect.files:
        for path in _examples(glob):
            assert wanted(path, ""), path
            assert claim(PurePosixPath("/w", path), Dialects()) is not None, path


def _examples(glob: str) -> list[str]:
    """Paths that a glob describes, one for each of its alternatives."""
    if found := re.search(r"\{([^}]*)\}", glob):
        head, tail = glob[: found.start()], glob[found.end() :]
        return [path for one in found[1].split(",") for path in _examples(head + one + tail)]
    return [
        glob.replace("**/", "a/b/").replace("*", "x"),
        glob.replace("**/", "").replace("*", "x"),
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "model: nothing"),
        (".github/workflows/a.lock.yml", "compiled"),
        ("config.yaml", "model: x"),
        ("settings.yaml", "debug: true"),
        ("src/agents.md", ""),
        ("package.json", '{"name": "x"}'),
        ("not.github/workflows/a.yml", ""),
    ],
)
def test_what_nobody_claims(path: str, text: str) -> None:
    assert not wanted(path, text)
    others = Dialects(off=frozenset({"code"}))  # source code starts a server by what it holds
    assert claim(PurePosixPath("/w", path), others, head=text) is None


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("config.yaml", "x: 1\nmodel_list:\n"),
        ("settings.yml", "completion_models:\n  a: 1\n"),
        ("a/configuration.toml", "[pr_reviewer]\n"),
        ("a.yaml", "# yaml-language-server: $schema=https://promptfoo.dev/config-schema.json\n"),
    ],
)
def test_a_content_that_decides(path: str, text: str) -> None:
    assert wanted(path, text)
    assert not wanted(path, "x: 1\n")
    assert claim(PurePosixPath("/w", path), Dialects(), head=text) is not None


def test_every_known_model_is_recognised_behind_a_key() -> None:
    missed = [one for one in client_claims.known_ids() if not MODELS.search(f'model: "{one}"')]
    assert missed == []


@pytest.mark.parametrize(
    "text",
    [
        "claude-opus-9-1",  # none of these is known yet
        "gpt-7.1-nova",
        'llm("gemini-4-flash")',
        "x = 'qwen5-coder'",
        "us.anthropic.claude-haiku-6-v1:0",
        "openrouter/deepseek-v9",
        "GPT-7",
        'create(model="o3")',
        "ANTHROPIC_MODEL=sonar",
        "model_name => 'openai/o1'",
        '"mistral-large-latest"',
        "o3-mini",
    ],
)
def test_what_looks_like_a_model(text: str) -> None:
    assert MODELS.search(text)


@pytest.mark.parametrize(
    "text",
    [
        "step-1 and step-2",
        "claude@example.org",
        "the gpt partition table",
        "o1 = o3",
        "model = Model()",
        "v3.1",
        "text-align: left",
        "command-line whisper sonar",
        "myllama3",
        "foo_gpt-4",
        "command: extract",
    ],
)
def test_what_does_not(text: str) -> None:
    assert not MODELS.search(text)
