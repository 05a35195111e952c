"""`stagewright dialects`: what is read, and where in it a model stands."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.checking import run
from tests.cli.terminal import terminal

from stagewright.cli.app import app
from stagewright.dialects import describe
from stagewright.dialects.dialect import all_builtin, dialects_from


def test_text_lists_every_dialect(tmp_path: Path) -> None:
    ran = run(tmp_path, "dialects", command=app)
    assert ran.code == 0
    blocks = ran.out.rstrip("\n").split("\n\n")
    formats = describe.by_id(all_builtin())
    assert len(blocks) == len(formats)
    for dialects, block in zip(formats, blocks, strict=True):
        dialect = dialects[0]
        name, files, *places, url = block.split("\n")
        assert name == f"{dialect.name} ({dialect.id})"
        assert all(glob in files for one in dialects for glob in one.files)
        assert places
        assert url.strip() == dialect.url
    agents = next(block for block in blocks if "(claude-code)" in block)
    assert "\n  model, " in agents
    assert ": MODEL of anthropic\n" in agents


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (
            [("$.m", "openai"), ("$.m", "anthropic"), ("$.n", "openai")],
            ["m: MODEL of openai, anthropic", "n: MODEL of openai"],
        ),
        (
            [("$.m", "openai"), ("$.n", "xai"), ("$.o", "openai")],
            ["m, o: MODEL of openai", "n: MODEL of xai"],
        ),
        ([("$.m", "openai"), ("$.m", "openai")], ["m: MODEL of openai"]),
        ([("$.m", "openai"), ("$.m", None)], ["m: MODEL of openai, or PROVIDER/MODEL"]),
    ],
)
def test_each_path_is_listed_once(places: list[tuple[str, str | None]], said: list[str]) -> None:
    stated = [
        {"at": [at], "written": "model", "provider": provider}
        if provider
        else {"at": [at], "written": "provider/model"}
        for at, provider in places
    ]
    [made] = dialects_from(
        "x", {"name": "X", "files": ["x.yml"], "syntax": "yaml", "places": stated}
    )
    assert [str(way) for way in describe.ways(made)] == said


def test_json(tmp_path: Path) -> None:
    made = run(tmp_path, "dialects", "--format", "json", command=app).json
    assert made["version"] == 1
    known = {one["id"]: one for one in made["dialects"]}
    assert set(known) == {one.id for one in all_builtin()}
    config = known["promptfoo"]
    assert config["enabled"] is True
    assert "providers[*].id: PROVIDER:MODEL" in config["places"]
    assert "tests[*].assert[*].provider: PROVIDER:MODEL" in config["places"]
    stage = known["choragen-template"]["places"]
    assert stage == ["stages[*].defaultModel: provider and model, a key each"]


def test_a_narrow_terminal(tmp_path: Path) -> None:
    (tmp_path / "config.toml").touch()
    with terminal(tmp_path, "dialects", columns=40) as shown:
        assert shown.end() == 0
    assert shown.widest <= 40


def test_every_way_of_writing_a_model_has_words() -> None:
    made = dialects_from(
        "x",
        {
            "name": "X",
            "syntax": {"md": "front-matter", "yml": "yaml"},
            "files": ["**/x.{md,yml}"],
            "detect": [{"files": ["**/c.yml"], "keys": ["k"]}],
            "places": [
                {"at": ["$.a.*"], "written": "local", "in": "key"},
                {"at": ["$['a.b']"], "written": "display"},
                {"at": ["$.c"], "written": "model", "provider": "openai"},
                {"at": ["$.d"], "written": "provider/model", "local": True},
                {"at": ["$.e"], "written": "model", "extract": {"options": ["-m", "--model"]}},
                {"at": ["$.f"], "written": "model", "extract": {"json": ["$[*].m"]}},
                {"at": ["$.g"], "written": "model", "extract": {"split": ","}},
                {"at": ["$.h"], "written": "model", "extract": {"after": ":"}},
            ],
        },
    )
    assert len(made) == 2
    said = describe.Listed(made).to_json()
    assert said["files"] == ["**/x.md", "**/x.yml", "**/c.yml (by its content)"]
    assert said["places"] == [
        "a.*: a name that the file defines, as a key",
        "['a.b']: a model's name for people",
        "c: MODEL of openai",
        "d: PROVIDER/MODEL, or a name that the file defines",
        "e: MODEL, behind -m or --model",
        "f: MODEL, in JSON at [*].m",
        "g: MODEL, several with ',' between them",
        "h: MODEL, behind ':'",
    ]


OWN = """
[dialects.mine]
name = "My [bold]own\\u001b[2J"
files = ["mine.yaml"]
places = [{at = ["$.model"], written = "provider/model"}]

[dialects.promptfoo]
enabled = false

[dialects.claude-code]
name = "Mine instead"
files = ["x.md"]
syntax = "front-matter"
enabled = false
places = [{at = ["$.m"], written = "model", provider = "openai"}]

[dialects.broken]
name = "Broken"
"""


def test_the_users_own_come_first_and_what_is_turned_off_says_so(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(OWN)
    ran = run(tmp_path, "dialects", "--format", "json", command=app)
    said = {one["id"]: one for one in ran.json["dialects"]}
    assert {*[*said][:2]} == {"mine", "claude-code"}
    assert (said["mine"]["own"], said["mine"]["enabled"]) == (True, True)
    assert said["claude-code"]["places"] == ["m: MODEL of openai"]
    assert (said["promptfoo"]["own"], said["promptfoo"]["enabled"]) == (False, False)
    assert "broken" not in said
    assert "dialects.broken" in ran.err
    shown = run(tmp_path, "dialects", command=app).out
    assert "(mine, your own)\n" in shown
    assert "Mine instead (claude-code, your own, turned off)\n" in shown
    assert "promptfoo (promptfoo, turned off)\n" in shown
    assert "\x1b" not in shown
    assert "[bold]" in shown


def test_the_users_own_are_read_and_what_is_turned_off_is_not(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text(OWN)
    for name, text in (
        ("deep/mine.yaml", "model: openai/gpt-4-turbo\n"),
        ("promptfooconfig.yaml", "providers: ['openai:gpt-4-turbo']\n"),
        (".claude/agents/a.md", "---\nmodel: claude-2.0\n---\n"),
        ("x.md", "---\nm: gpt-4-turbo\n---\n"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    for command, key in (("inventory", "references"), ("check", "findings")):
        made = run(tmp_path, command, "--offline", "--format", "json", command=app).json
        assert {(one["path"], one["dialect"]) for one in made[key]} == {("deep/mine.yaml", "mine")}
