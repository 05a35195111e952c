"""`stagewright check`: which files, which exit code, and what the summary says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.checking import ROLES, TEMPLATES, run, stages, write
from tests.loopback.process import LoopbackProcess, loopback_process
from tests.loopback.world import DEPRECATED, RETIRED, THIRD_PAGE

FINE = stages(("anthropic", THIRD_PAGE))
BROKEN = {"path": "/v1/models", "status": 500}
MISSPELT = stages(("antropic", THIRD_PAGE))


@pytest.fixture(scope="module")
def running() -> Iterator[LoopbackProcess]:
    with loopback_process() as process:
        yield process


@pytest.fixture
def providers(running: LoopbackProcess) -> LoopbackProcess:
    """Anthropic and OpenAI on loopback, in working order."""
    running.fix()
    return running


# Which files


def test_a_folder_means_its_templates_and_its_role_index(tmp_path: Path) -> None:
    write(tmp_path, a=FINE, b=FINE)
    (tmp_path / TEMPLATES / "notes.txt").write_text("no template")
    (tmp_path / ROLES).parent.mkdir()
    (tmp_path / ROLES).write_text("roles: []\n")
    ran = run(tmp_path, "--offline", "--no-code", "--format", "json")
    assert ran.json["summary"]["files"] == 3
    roles = run(tmp_path, str(ROLES), "--offline", "--format", "json")
    assert roles.json["summary"]["files"] == 1
    folder = run(tmp_path, str(TEMPLATES), "--offline", "--format", "json")
    assert folder.json["summary"]["files"] == 2


def test_a_file_is_checked_once_however_often_it_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, a=MISSPELT)
    ran = run(tmp_path, ".", str(path), str(TEMPLATES), "--offline", "--format", "json")
    assert ran.codes == ["provider-unknown"]
    assert ran.json["findings"][0]["path"] == str(TEMPLATES / "a.yaml")


def test_a_file_that_is_named_is_checked_wherever_it_lies(tmp_path: Path) -> None:
    (tmp_path / "elsewhere.yml").write_text(MISSPELT)
    ran = run(tmp_path, "elsewhere.yml", "--offline", "--format", "json")
    assert ran.codes == ["provider-unknown"]
    assert ran.json["summary"]["skipped"] == 0


@pytest.mark.parametrize(
    ("name", "text"),
    [("notes.txt", MISSPELT), ("values.csv", "a:\n  stages: 1\n"), ("README.md", "stages:\n")],
)
def test_a_named_file_that_nothing_claims_is_skipped_and_counted(
    tmp_path: Path, name: str, text: str
) -> None:
    (tmp_path / name).write_text(text)
    ran = run(tmp_path, name, "--offline", "--format", "json")
    assert (ran.code, ran.codes) == (0, [])
    assert (ran.json["summary"]["files"], ran.json["summary"]["skipped"]) == (0, 1)
    ran = run(tmp_path, name, "--offline")
    assert " ".join(ran.out.split()) == (
        f"Nothing was checked. 1 file skipped as unsupported: {name}."
    )


def test_a_workspace_without_templates_is_clean_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    ran = run(tmp_path, "--offline", "empty")
    assert ran.code == 0
    assert " ".join(ran.out.split()) == (
        "Nothing to check: no file here names models. `stagewright dialects` lists what is read."
    )


def test_the_settings_say_which_files_are_templates(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[templates]\ninclude = ["flows/**/*.yaml"]\n')
    (tmp_path / "flows" / "deep").mkdir(parents=True)
    (tmp_path / "flows" / "deep" / "a.yaml").write_text(MISSPELT)
    assert run(tmp_path, "--offline", "--format", "json").codes == ["provider-unknown"]


ROLES_TEXT = "roles:\n  - id: mason\n    name: Mason\n"


def test_roles_are_those_of_the_files_own_workspace(tmp_path: Path) -> None:
    text = FINE.replace('    type: "design"', '    type: "design"\n    roleId: "mason"')
    for name in ("with", "without"):
        write(tmp_path / name, a=text)
    (tmp_path / "with" / ROLES).parent.mkdir()
    (tmp_path / "with" / ROLES).write_text(ROLES_TEXT)
    (tmp_path / "alone.yaml").write_text(text)
    ran = run(tmp_path, "with", "without", "alone.yaml", "--offline", "--format", "json")
    unknown = [one["path"] for one in ran.json["findings"] if one["code"] == "role-unknown"]
    assert unknown == [str(Path("without") / TEMPLATES / "a.yaml")]


def test_a_role_index_that_cannot_be_read_says_nothing_of_roles(tmp_path: Path) -> None:
    text = FINE.replace('    type: "design"', '    type: "design"\n    roleId: "mason"')
    write(tmp_path, a=text)
    (tmp_path / ROLES).parent.mkdir()
    (tmp_path / ROLES).write_bytes(ROLES_TEXT.encode() + b"# \xff\n")
    ran = run(tmp_path, "--offline", "--format", "json")
    assert "role-unknown" not in ran.codes
    assert "template-syntax" in ran.codes


def test_a_transcript_is_checked_when_it_is_named(tmp_path: Path) -> None:
    path = tmp_path / ".choragen" / "workflows" / "WF-20261122-001.chat.md"
    path.parent.mkdir(parents=True)
    path.write_text("---\nmodel:\n  provider: antropic\n  model: x\n---\n\n# Chat\n")
    ran = run(tmp_path, str(path.relative_to(tmp_path)), "--offline", "--format", "json")
    assert "provider-unknown" in ran.codes


# Exit codes


@pytest.mark.parametrize(
    ("model", "arguments", "code"),
    [
        (THIRD_PAGE, "", 0),
        (RETIRED, "", 1),
        (DEPRECATED, "", 0),
        (DEPRECATED, "--fail-on warning", 1),
        (DEPRECATED, "--within 36500", 1),
        ("claude-none", "", 1),
        (THIRD_PAGE, "--live", 0),
        (RETIRED, "--live", 1),
    ],
)
def test_diagnostics_decide(
    tmp_path: Path, providers: LoopbackProcess, model: str, arguments: str, code: int
) -> None:
    write(tmp_path, a=stages(("anthropic", model)))
    ran = run(tmp_path, *arguments.split(), environ=providers.environ)
    assert ran.code == code, ran.out


@pytest.mark.parametrize(
    ("arguments", "key", "fault", "missing", "code"),
    [
        ("--live", False, False, False, 3),  # no key
        ("", False, False, False, 1),
        ("--offline", False, False, False, 1),
        ("--live", True, True, False, 3),  # diagnostics as well: 3 before 1
        ("", True, True, False, 1),
        ("--live", True, True, True, 2),  # a path as well: 2 before 3
        ("", True, True, True, 2),
        ("--offline", True, True, True, 2),
    ],
)
def test_of_several_exit_codes_the_gravest(
    tmp_path: Path,
    providers: LoopbackProcess,
    arguments: str,
    key: bool,
    fault: bool,
    missing: bool,
    code: int,
) -> None:
    write(tmp_path, a=stages(("anthropic", THIRD_PAGE), ("antropic", "x")))
    if fault:
        providers.control(faults=[BROKEN])
    paths = [".", "absent"] if missing else ["."]
    environ = providers.environ if key else {}
    assert run(tmp_path, *paths, *arguments.split(), environ=environ).code == code


@pytest.mark.parametrize(
    "arguments", ["--live --offline", "--within -1", "--format xml", "--fail-on hint", "--nonsense"]
)
def test_wrong_usage(tmp_path: Path, arguments: str) -> None:
    ran = run(tmp_path, *arguments.split())
    assert (ran.code, ran.out) == (2, "")
    assert "Usage" in ran.err


def test_live_asks_even_when_a_list_of_the_last_minutes_is_at_hand(
    tmp_path: Path, providers: LoopbackProcess
) -> None:
    write(tmp_path, a=FINE)
    assert run(tmp_path, "--live", environ=providers.environ).code == 0
    providers.control(faults=[BROKEN])
    assert run(tmp_path, environ=providers.environ).code == 0
    assert run(tmp_path, "--live", environ=providers.environ).code == 3


def test_only_the_providers_in_use_are_asked(tmp_path: Path, providers: LoopbackProcess) -> None:
    providers.control(forget=True)
    write(tmp_path, a=FINE)
    run(tmp_path, environ=providers.environ)
    asked = {one["path"].split("?")[0] for one in providers.requests()}
    assert asked == {"/anthropic/v1/models"}


def test_many_files_are_asked_about_and_judged_by_the_same_processes(
    tmp_path: Path, providers: LoopbackProcess
) -> None:
    references = [("anthropic", THIRD_PAGE)] * 20
    names = [f"t{number:03}" for number in range(100)]
    wrong = stages(*references, ("antropic", THIRD_PAGE))
    write(
        tmp_path, **{name: wrong if name.endswith("7") else stages(*references) for name in names}
    )
    asking = ("--live", "--no-code", "--format", "json")
    found = run(tmp_path, *asking, environ=providers.environ).json
    assert found["summary"]["files"] == 100
    assert [Path(one["path"]).stem for one in found["findings"]] == [
        name for name in names if name.endswith("7")
    ]
