"""`stagewright check` on files of other programs that name models."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

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
