"""Whatever stands in the place of a file or folder: no command fails, hangs or hides what is wrong.

The commands run in this process, which may not read what is shut.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import Result
from tests.e2e.editor import environment
from tests.hostile import (
    CASES,
    FILE_PLACES,
    FILES,
    FOLDER_PLACES,
    FOLDERS,
    good_workspace,
    like_others,
    open_again,
    spoil,
)
from typer.testing import CliRunner

from stagewright.cli.app import app

READABLE = {"empty", "not UTF-8", "nothing but NUL", "nested deep", "a list nested deep"}

TOLD_BY_CHECK = {"template", "started template", "roles", "choragen", "templates", "role folder"}
"""Places that `check` reads."""


def run(folder: Path, *arguments: str, say: str = "", **more: str) -> Result:
    """Run a command in a folder, with settings and caches beside it."""
    wanted = environment(folder.parent / "home", STAGEWRIGHT_REHEARSAL="1", **more)
    gone = dict.fromkeys(os.environ.keys() - wanted.keys())
    with contextlib.chdir(folder), like_others():
        return CliRunner().invoke(app, arguments, input=say, env={**gone, **wanted})


def came_to_an_end(result: Result) -> bool:
    """Whether a command ended by itself, with a code and not with an error of ours."""
    ended = result.exception is None or isinstance(result.exception, SystemExit)
    return ended and "Traceback" not in result.output and "internal-error" not in result.output


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    folder = tmp_path_factory.mktemp("good") / "workspace"
    workflow_id = good_workspace(folder)
    # What is imported only when it is needed is not to be read by who may not.
    run(folder, "check", "--offline", "--format", "json")
    run(folder, "chat", "--workflow", workflow_id, say="/open\n/quit\n")
    run(folder, "models")
    return folder, workflow_id


@pytest.fixture
def roots(good: tuple[Path, str], tmp_path: Path) -> Iterator[Callable[[str, str], Path]]:
    def make(place: str, state: str) -> Path:
        root = tmp_path / str(len(list(tmp_path.iterdir())))
        shutil.copytree(good[0], root)
        spoil(root, good[1], place, state)
        return root

    yield make
    open_again(tmp_path)


STATES = [
    *((place, FILES) for place in FILE_PLACES),
    *((place, FOLDERS) for place in FOLDER_PLACES),
]
by_place = pytest.mark.parametrize(("place", "states"), STATES, ids=[place for place, _ in STATES])


@by_place
def test_check_tells_what_it_cannot_read_and_checks_the_rest(
    roots: Callable[[str, str], Path], place: str, states: dict[str, object]
) -> None:
    wrong = []
    for state in states:
        root = roots(place, state)
        result = run(root, "check", "--offline", "--fix", "--format", "json")
        if not came_to_an_end(result):
            wrong.append(f"{state}: {result.exception!r}")
            continue
        said = json.loads(result.stdout)
        told = place in TOLD_BY_CHECK and state not in READABLE
        if bool(said["problems"]) is not told or (result.exit_code == 2) is not told:
            wrong.append(f"{state}: {result.exit_code}, {said['problems']}")
        if place in ("template", "roles", "templates"):
            listed = run(root, "inventory", "--offline", "--format", "json")
            same = listed.exit_code == (2 if told else 0) and came_to_an_end(listed)
            if not same or json.loads(listed.stdout)["problems"] != said["problems"]:
                wrong.append(f"inventory, {state}: {listed.exit_code}, {listed.stdout}")
    assert not wrong, "\n".join(wrong)


@by_place
def test_a_conversation_goes_on_or_says_why_not(
    roots: Callable[[str, str], Path],
    good: tuple[Path, str],
    place: str,
    states: dict[str, object],
) -> None:
    wrong = []
    for state in states:
        root = roots(place, state)
        commands = [("chat", "--workflow", good[1])]
        if place in ("choragen", "templates", "workflows", "index", "lock"):
            commands += [("chat", "good")]
        if place == "started template":
            commands += [("chat", "begin"), ("chat", ".choragen/workflow-templates/begin.yaml")]
        talk = "/model rehearsal/rehearsal-1\nHi\n" if place in ("prompt", "prompts") else ""
        for command in commands:
            result = run(root, *command, say=f"{talk}/open\n/quit\n")
            fine = result.exit_code == 0 or "error: " in result.stderr
            # A message that was piped and not answered is said beside it, and by the exit code.
            fine = fine or (
                bool(talk) and result.exit_code == 1 and "The system prompt of" in result.stdout
            )
            if not (came_to_an_end(result) and fine):
                wrong.append(f"{state}, {command}: {result.exit_code}, {result.exception!r}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("state", FILES)
def test_settings_that_cannot_be_read_are_told(
    good: tuple[Path, str], tmp_path: Path, state: str
) -> None:
    config = tmp_path / "config.toml"
    FILES[state](config)
    for command in (("check", "--offline"), ("models",)):
        result = run(good[0], *command, STAGEWRIGHT_CONFIG=str(config))
        assert came_to_an_end(result)
        assert (str(config) in result.stderr.replace("\n", "")) is (state != "empty")


@pytest.mark.parametrize("state", FOLDERS)
def test_a_cache_that_is_no_folder_costs_nothing_but_the_cache(
    good: tuple[Path, str], tmp_path: Path, state: str
) -> None:
    FOLDERS[state](tmp_path / "cache")
    for command in (("check", "--offline"), ("models",)):
        result = run(good[0], *command, STAGEWRIGHT_CACHE_DIR=str(tmp_path / "cache"))
        assert came_to_an_end(result)
        assert result.exit_code in (0, 1)
    open_again(tmp_path)


def test_every_case_is_run() -> None:
    assert len(CASES) == sum(len(states) for _, states in STATES) == 224
