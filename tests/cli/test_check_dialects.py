"""`stagewright check` on files of other programs that name models."""

from __future__ import annotations

from pathlib import Path

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
