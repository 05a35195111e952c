"""A user's own dialects in `config.toml`, and those that are turned off."""

from pathlib import Path

import pytest
from tests.cli.checking import run
from tests.test_settings import loaded

from stagewright.options import dialects_from
from stagewright.settings import DialectSettings, OwnDialect, load

MINE = """
[dialects.mine]
name = "Mine"
files = ["mine.yaml"]
[[dialects.mine.places]]
at = ["$.model"]
written = "provider/model"
[dialects.mine.places.aliases]
best = "The best."
[[dialects.mine.places]]
at = ["$.other"]
written = "model"
provider = "openai"
"""
OTHER = """
[dialects.other]
name = "Other"
files = ["other.json"]
syntax = "json"
places = [{ at = ["$.model"], written = "provider/model" }]
"""


def test_a_dialect_of_ones_own(tmp_path: Path) -> None:
    settings, problems = loaded(tmp_path, MINE + OTHER + "[dialects.promptfoo]\nenabled = false\n")
    assert problems == []
    mine, other = settings.dialects["mine"], settings.dialects["other"]
    assert isinstance(mine, OwnDialect)
    assert isinstance(other, OwnDialect)
    assert mine.enabled
    ((one,), (two,)) = mine.dialects, other.dialects
    assert (one.id, one.syntax, len(one.places)) == ("mine", "yaml", 2)
    assert (two.id, two.syntax) == ("other", "json")
    assert settings.dialects["promptfoo"] == DialectSettings(enabled=False)


def test_one_of_ones_own_can_be_turned_off(tmp_path: Path) -> None:
    off = MINE.replace('name = "Mine"', 'name = "Mine"\nenabled = false')
    settings, problems = loaded(tmp_path, off)
    assert problems == []
    assert settings.dialects["mine"].enabled is False


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            'written = "model"',
            'writen = "model"',
            "line 12, dialects.mine.places[1].writen: unknown key. Did you mean `written`? The",
        ),
        (
            'written = "provider/model"',
            'written = "provider/model"\nprovider = 4',
            "line 8, dialects.mine.places[0].provider: expected a string or a table, found a",
        ),
        (
            'files = ["mine.yaml"]',
            'files = ["mine.[yaml"]\nexclude = ["../x"]',
            "line 5, dialects.mine.exclude[0]: `../x`",
        ),
        (
            "[dialects.mine.places.aliases]",
            "[dialects.mine.places.alias]",
            "line 8, dialects.mine.places[0].alias: unknown key.",
        ),
        ('at = ["$.other"]', "", "line 10, dialects.mine.places[1]: missing key `at`."),
        ('at = ["$.other"]', 'at = ["other"]', "line 11, dialects.mine.places[1].at[0]: "),
        ('name = "Mine"', "", "line 2, dialects.mine: missing key `name`."),
    ],
)
def test_what_is_wrong_is_told_with_line_and_key_and_the_others_work(
    tmp_path: Path, old: str, new: str, problem: str
) -> None:
    assert old in MINE
    settings, problems = loaded(tmp_path, MINE.replace(old, new, 1) + OTHER)
    assert any(one.startswith(problem) for one in problems), problems
    mine, other = settings.dialects["mine"], settings.dialects["other"]
    assert isinstance(mine, OwnDialect)
    assert isinstance(other, OwnDialect)
    assert mine.dialects == ()
    assert len(other.dialects) == 1


@pytest.mark.parametrize("name", ["choragen-template", "'../x'", "'a b'"])
def test_an_id_that_none_can_have(tmp_path: Path, name: str) -> None:
    _, problems = loaded(tmp_path, MINE.replace("dialects.mine", f"dialects.{name}"))
    assert len(problems) == 1
    assert "id is letters" in problems[0]


def test_dialects_are_not_read_from_elsewhere(tmp_path: Path) -> None:
    said = {"dialects": {"mine": {"name": "Mine", "files": ["x"], "places": []}}}
    settings, problems = load(said, {}, tmp_path / "none.toml", command_line=said)
    assert not any(isinstance(one, OwnDialect) for one in settings.dialects.values())
    assert any("`config.toml` alone" in str(one) for one in problems)


def test_an_editor_may_turn_any_off(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(MINE)
    said = {"dialects": {"mine": {"enabled": False}, "codex": {"enabled": False}}}
    settings, problems = load(said, {}, file)
    assert problems == []
    assert not settings.dialects["mine"].enabled
    assert not settings.dialects["codex"].enabled


def test_a_name_that_no_dialect_has(tmp_path: Path) -> None:
    settings, problems = loaded(tmp_path, "[dialects.promptfo]\nenabled = false\n")
    assert settings.dialects == {}
    assert problems == ["line 1, dialects.promptfo: unknown dialect. Did you mean `promptfoo`?"]


@pytest.mark.parametrize("value", ["4", '"x"', "[1]", "true"])
def test_what_is_no_table(tmp_path: Path, value: str) -> None:
    for text in (f"dialects = {value}\n", f"[dialects]\nmine = {value}\n"):
        settings, problems = loaded(tmp_path, text)
        assert settings.dialects == {}
        assert problems


def test_the_dialects_in_effect(tmp_path: Path) -> None:
    text = MINE + OTHER + "[dialects.codex]\nenabled = false\n"
    settings, _ = loaded(tmp_path, text)
    found = [one.id for one in dialects_from(settings)]
    assert found[:2] == ["mine", "other"]
    assert "codex" not in found
    assert "promptfoo" in found
    off, _ = loaded(tmp_path, text.replace('name = "Other"', 'name = "Other"\nenabled = false'))
    assert "other" not in [one.id for one in dialects_from(off)]
    same, _ = loaded(tmp_path, MINE.replace("dialects.mine", "dialects.promptfoo"))
    assert [one.name for one in dialects_from(same) if one.id == "promptfoo"] == ["Mine"]
    broken = MINE.replace("dialects.mine", "dialects.promptfoo").replace("written", "writen")
    kept, _ = loaded(tmp_path, broken)
    assert "promptfoo" in [one.id for one in dialects_from(kept)]


SHELL = """
[dialects.acme]
name = "Acme"
files = ["acme/*.yaml"]
[[dialects.acme.places]]
at = ["$.jobs[*].args"]
written = "model"
provider = "anthropic"
extract = { options = ["--model"] }
[dialects.broken]
name = "Broken"
[dialects.promptfoo]
enabled = false
"""


def test_files_of_ones_own_dialect_are_checked_and_fixed(tmp_path: Path) -> None:
    config = tmp_path / "own.toml"
    config.write_text(SHELL)
    agent, other = tmp_path / "w" / "acme" / "a.yaml", tmp_path / "w" / "promptfooconfig.yaml"
    agent.parent.mkdir(parents=True)
    text = (
        "jobs:\n  - args: |\n      --x # c\n      --model claude-2.0\n  - args: sk-ant-api03-abc\n"
    )
    agent.write_text(text)
    other.write_text("providers: [anthropic:claude-2.0]\n")
    said = {"STAGEWRIGHT_CONFIG": str(config)}
    ran = run(tmp_path / "w", "--offline", "--fix", "--format", "json", environ=said)
    assert [(one["path"], one["line"]) for one in ran.json["fixed"]] == [("acme/a.yaml", 4)]
    assert ran.json["findings"] == []
    after = agent.read_text()
    assert after.startswith("jobs:\n  - args: |\n      --x # c\n      --model claude-")
    assert "claude-2.0" not in after
    assert after.endswith("\n  - args: sk-ant-api03-abc\n")
    assert "dialects.broken" in ran.err
    assert "claude-2.0" in other.read_text()
    assert "sk-ant" not in ran.out + ran.err
