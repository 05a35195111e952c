"""`stagewright check` on files of other programs that name models."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from tests.cli.checking import run

AGENT = "---\nname: a\nmodel: claude-2.0\n---\n\nBe brief.\n"
CONFIG = "providers:\n  - openai:{{env.MODEL}}\n  - anthropic:claude-2.0\n  - mycompany:x\n"


def write(folder: Path) -> tuple[Path, Path]:
    agent = folder / ".claude" / "agents" / "a.md"
    agent.parent.mkdir(parents=True)
    agent.write_text(AGENT)
    config = folder / "promptfooconfig.yaml"
    config.write_text(CONFIG)
    return agent, config


def test_files_of_every_dialect_are_found_and_judged(tmp_path: Path) -> None:
    write(tmp_path)
    ran = run(tmp_path, "--offline", "--format", "json")
    found = {(one["path"], one["line"], one["code"]) for one in ran.json["findings"]}
    assert found == {
        (".claude/agents/a.md", 3, "model-retired"),
        ("promptfooconfig.yaml", 3, "model-retired"),
    }
    assert {one["severity"] for one in ran.json["findings"]} == {"warning"}
    assert {one["dialect"] for one in ran.json["findings"]} == {"claude-code", "promptfoo"}
    assert ran.code == 0


def test_a_file_that_is_named_is_what_its_name_says(tmp_path: Path) -> None:
    agent, config = write(tmp_path)
    ran = run(tmp_path, "--offline", "--fail-on", "warning", "--format", "json", str(agent))
    assert (ran.code, ran.codes) == (1, ["model-retired"])
    ran = run(tmp_path, "--offline", str(config))
    assert ran.code == 0
    assert "promptfooconfig.yaml" in ran.out


def test_what_is_fixed_is_all_that_changes(tmp_path: Path) -> None:
    agent, config = write(tmp_path)
    run(tmp_path, "--offline", "--fix")
    before, after = AGENT.split("claude-2.0")
    assert agent.read_text().startswith(f"{before}claude-")
    assert agent.read_text().endswith(after)
    assert "claude-2.0" not in agent.read_text()
    before, after = CONFIG.split("claude-2.0")
    assert config.read_text().startswith(f"{before}claude-")
    assert config.read_text().endswith(after)


FOREIGN = {
    ".claude/agents/ä b/😀.md": "---\r\nname: 😀\r\nmodel:   'claude-2.0'\r\n---\r\n",
    "sub folder/promptfooconfig.yaml": "\ufeffproviders:\n- {id: '😀 x', label: 😀}\n"
    "- {label: 😀, id: anthropic:claude-2.0}\n",
    ".github/workflows/ci.yml": "jobs:\n  a:\n    steps:\n    - uses: anthropics/claude-code-action"
    "@v1\n      with: {prompt: 😀, model: claude-2.0}\n",
}


def put_foreign(folder: Path) -> None:
    for name, text in FOREIGN.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())


def test_json_says_where_in_the_file_a_finding_is(tmp_path: Path) -> None:
    put_foreign(tmp_path)
    found = run(tmp_path, "--offline", "--format", "json").json["findings"]
    places = {one["path"]: (one["dialect"], one["where"], one["line"]) for one in found}
    assert places == {
        ".claude/agents/ä b/😀.md": ("claude-code", "model", 3),
        "sub folder/promptfooconfig.yaml": ("promptfoo", "providers[1].id", 3),
        ".github/workflows/ci.yml": (
            "github-actions",
            "jobs.a.steps[0].with.model",
            5,
        ),
    }
    for one in found:
        line = FOREIGN[one["path"]].replace("\r", "").split("\n")[one["line"] - 1]
        covered = line[one["column"] - 1 : one["endColumn"] - 1]
        assert covered.strip("'").removeprefix("anthropic:") == "claude-2.0"


def test_other_reports_name_the_same_places(tmp_path: Path) -> None:
    put_foreign(tmp_path)
    found = run(tmp_path, "--offline", "--format", "json").json["findings"]
    [scan] = run(tmp_path, "--offline", "--format", "sarif").json["runs"]
    told = {
        (
            unquote(place["physicalLocation"]["artifactLocation"]["uri"]),
            *place["physicalLocation"]["region"].values(),
            place["logicalLocations"][0]["fullyQualifiedName"],
        )
        for one in scan["results"]
        for place in one["locations"]
    }
    keys = ("path", "line", "column", "endLine", "endColumn", "where")
    assert told == {tuple(one[key] for key in keys) for one in found}
    uris = [
        one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        for one in scan["results"]
    ]
    assert all(uri.isascii() and " " not in uri for uri in uris)
    notes = run(tmp_path, "--offline", "--format", "github").out
    for one in found:
        place = f"line={one['line']},endLine={one['endLine']},col={one['column']}"
        assert f"::{one['severity']} file={one['path']},{place}" in notes
    shown = run(tmp_path, "--offline").out
    assert "sub folder/promptfooconfig.yaml:3:" in shown
    assert "  providers[1].id\n" in shown


def test_a_finding_about_a_whole_entry_is_told_at_its_path(tmp_path: Path) -> None:
    template = tmp_path / ".choragen" / "workflow-templates" / "t.yaml"
    template.parent.mkdir(parents=True)
    template.write_text("name: t\nversoin: 1\nstages:\n  - name: a\n    type: desigm\n")
    found = run(tmp_path, "--offline", "--format", "json").json["findings"]
    assert {one["code"]: one["where"] for one in found}["template-structure"] == "stages[0]"
    assert {one["code"]: one["where"] for one in found}["key-unknown"] is None


def test_files_are_found_wherever_they_lie_but_for_the_ignored(tmp_path: Path) -> None:
    for place, text in {
        "a/.claude/agents/deep/a.md": AGENT,
        "evals/b/promptfooconfig.yaml": CONFIG,
        "deploy/config.yaml": "model_list:\n- litellm_params: {model: anthropic/claude-2.0}\n",
        "deploy/other/config.yaml": "a: {model: claude-2.0}\n",
        "gone/promptfooconfig.yaml": CONFIG,
        "node_modules/x/promptfooconfig.yaml": CONFIG,
        "generated/promptfooconfig.yaml": f"# @generated by hand\n{CONFIG}",
        ".gitignore": "gone\n",
    }.items():
        (tmp_path / place).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / place).write_text(text)
    found = {"a/.claude/agents/deep/a.md", "deploy/config.yaml", "evals/b/promptfooconfig.yaml"}
    ran = run(tmp_path, "--offline", "--no-code", "--format", "json")
    assert {one["path"] for one in ran.json["findings"]} == found
    assert (ran.json["summary"]["files"], ran.json["summary"]["skipped"]) == (3, 0)
    for named in ("gone", "generated/promptfooconfig.yaml", "deploy/config.yaml"):
        ran = run(tmp_path, "--offline", "--format", "json", named)
        assert ran.json["summary"]["files"] == 1, named


@pytest.mark.parametrize("place", ["data.json", "x/any.yml", "config.yaml"])
def test_what_need_not_be_read_is_not_told_when_it_cannot_be(tmp_path: Path, place: str) -> None:
    """Files that only their content could make a dialect's: large ones, and links to nowhere."""
    (tmp_path / place).parent.mkdir(exist_ok=True)
    with (tmp_path / place).open("wb") as file:
        file.truncate(20 * 1024 * 1024)
    (tmp_path / "dead.yaml").symlink_to("nowhere")
    ran = run(tmp_path, "--offline", "--format", "json")
    assert (ran.code, ran.json["problems"]) == (0, [])


@pytest.mark.parametrize("kind", ["large", "dead", "folder in its place"])
def test_what_names_models_and_cannot_be_read_is_told(tmp_path: Path, kind: str) -> None:
    agent = write(tmp_path)[0]
    agent.unlink()
    if kind == "large":
        with agent.open("wb") as file:
            file.truncate(20 * 1024 * 1024)
    elif kind == "dead":
        agent.symlink_to("nowhere")
    else:
        agent.mkdir()
    ran = run(tmp_path, "--offline", "--format", "json")
    assert ran.code == (0 if kind == "folder in its place" else 2)
    assert len(ran.json["problems"]) == (kind != "folder in its place")


def test_settings_beside_a_file_count(tmp_path: Path) -> None:
    agent, _ = write(tmp_path)
    settings = tmp_path / ".claude" / "settings.json"
    settings.write_text('{"env": {"ANTHROPIC_BASE_URL": "https://llm.example"}}')
    ran = run(tmp_path, "--offline", "--fix", "--format", "json", str(agent))
    assert (ran.codes, agent.read_text()) == ([], AGENT)
    settings.write_text("{}")
    ran = run(tmp_path, "--offline", "--format", "json", str(agent))
    assert ran.codes == ["model-retired"]


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".claude/agents/a.md", b"---\nmodel: claude-2.0\ndescription: caf\xe9\n---\n"),
        (".claude/settings.json", '{"model": "claude-2.0"}'.encode("utf-16")),
        ("opencode.json", bytes(range(256)) * 1000),
        (".codex/config.toml", b'model = "gpt-4-32k" # \xff\n'),
    ],
)
def test_what_is_not_utf_8_is_told(tmp_path: Path, path: str, content: bytes) -> None:
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_bytes(content)
    ran = run(tmp_path, "--offline", "--fix", "--format", "json")
    assert (ran.code, ran.codes) == (0, ["file-unreadable"])
    assert (tmp_path / path).read_bytes() == content


@pytest.mark.parametrize(
    ("model", "days", "status"),
    [
        ("openai:gpt-4-32k", [], 0),  # retired, and a warning: what the file runs with is not known
        ("openai:gpt-4-32k", ["--within", "0"], 1),
        ("openai:gpt-4o", ["--within", "36500"], 1),
        ("openai:gpt-4o", ["--within", "0"], 0),
    ],
)
def test_a_time_limit_fails_files_of_other_programs_too(
    tmp_path: Path, model: str, days: list[str], status: int
) -> None:
    (tmp_path / "promptfooconfig.yaml").write_text(f"providers: [{model}]\n")
    ran = run(tmp_path, "--offline", *days)
    assert ran.code == status, ran.out


def test_of_countless_diagnostics_the_first_are_shown_with_their_own_code(tmp_path: Path) -> None:
    config = "providers:\n" + "  - anthropic:claude-2.0\n" * 1_100
    (tmp_path / "promptfooconfig.yaml").write_text(config)
    ran = run(tmp_path, "--offline", "--format", "json")
    assert ran.code == 1
    assert ran.codes == ["model-retired"] * 1_001
    assert ran.json["findings"][-1]["message"].startswith("This file has 1,000 diagnostics")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("opencode.json", '{"a":[' + "1," * 260_000 + "]}"),
        ("opencode.jsonc", '{"a":' + "[" * 200 + "]" * 200 + "}"),
        (".codex/config.toml", "a = [" + "1," * 510_000 + "]\n"),
        (".aider.conf.yml", "a: " + "[" * 200 + "]" * 200 + "\n"),
    ],
)
def test_where_the_reading_of_a_file_ends_is_told(tmp_path: Path, path: str, text: str) -> None:
    file = tmp_path / path
    file.parent.mkdir(exist_ok=True)
    file.write_text(text)
    ran = run(tmp_path, "--offline", "--format", "json", path)
    assert (ran.code, ran.codes) == (0, ["file-unreadable"]), ran.out
