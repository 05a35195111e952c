"""`stagewright inventory`: which models are named, where, how they stand, in three formats."""

from __future__ import annotations

import csv
import subprocess
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from rich.console import Console
from tests import forks
from tests.cli.checking import TEMPLATES, Ran, run, stages, write
from tests.cli.terminal import terminal
from tests.e2e.editor import environment
from tests.loopback.process import LoopbackProcess, loopback_process
from tests.loopback.world import DEPRECATED, RETIRED, THIRD_PAGE

from stagewright.analysis.inventory import Inventory, Row
from stagewright.analysis.inventory_csv import COLUMNS, cell
from stagewright.analysis.named import Named
from stagewright.catalog.catalog import Standing
from stagewright.catalog.model import ModelReference
from stagewright.cli.app import app
from stagewright.cli.reports.inventory_text import write_inventory
from stagewright.text.buffer import Position, Span

AGENT = "---\nname: a\nmodel: claude-2.0\n---\n\nBe brief.\n"
CONFIG = "providers:\n  - openai:{{env.MODEL}}\n  - anthropic:claude-2.0\n  - mycompany:x\n"


def inventory(folder: Path, *arguments: str, **more: Any) -> Ran:
    return run(folder, "inventory", *arguments, command=app, **more)


def put(folder: Path, name: str, text: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


@pytest.fixture(scope="module")
def running() -> Iterator[LoopbackProcess]:
    with loopback_process() as process:
        yield process


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    put(tmp_path, ".claude/agents/a.md", AGENT)
    put(tmp_path, ".claude/commands/b.md", "---\nmodel: opus\n---\n")
    put(tmp_path, "promptfooconfig.yaml", CONFIG)
    write(tmp_path, t=stages(("anthropic", "claude-2.0"), ("opanai", "x")))
    return tmp_path


def test_text_shows_each_model_and_below_it_where_it_is_named(repository: Path) -> None:
    ran = inventory(repository, "--offline", "--no-code")
    assert ran.code == 0
    assert ran.out == dedent(
        """\
        MODEL                 STATE                USES  SUCCESSOR
        anthropic/claude-2.0  retired 2025-07-21*  3     claude-opus-4-8
          .choragen/workflow-templates/t.yaml:7:15  stages[0].defaultModel `stage-0`  choragen-template
          .claude/agents/a.md:3:8                   model                             claude-code
          promptfooconfig.yaml:3:5                  providers[1]                      promptfoo
        opanai/x              unknown provider     1
          .choragen/workflow-templates/t.yaml:14:15  stages[1].defaultModel `stage-1`  choragen-template
        opus                  alias                1
          .claude/commands/b.md:2:8  model  claude-code
        mycompany:x           not verified         1
          promptfooconfig.yaml:4:5  providers[2]  promptfoo
        openai:{{env.MODEL}}  not verified         1
          promptfooconfig.yaml:2:5  providers[0]  promptfoo
        * known offline, not from the provider

        4 files read: 7 places name 2 models (1 retired, 1 unknown).
        Not verified: Anthropic's `claude-2.0`. No key: set ANTHROPIC_API_KEY.
        """  # noqa: E501
    )


def test_json_and_csv_say_the_same(repository: Path) -> None:
    made = inventory(repository, "--offline", "--format", "json").json
    assert made["version"] == 1
    assert made["summary"]["standings"] == {"alias": 1, "opaque": 2, "retired": 3, "unknown": 1}
    [unverified] = made["unverified"]
    assert (unverified["provider"], unverified["models"]) == ("anthropic", ["claude-2.0"])
    table = inventory(repository, "--offline", "--format", "csv")
    header, *lines = csv.reader(StringIO(table.out))
    assert tuple(header) == COLUMNS
    for one, line in zip(made["references"], lines, strict=True):
        said = {key: value for key, value in one.items() if value is not None}
        successors = {"successors": " ".join(said["successors"])} if "successors" in said else {}
        wanted = {key: str(value) for key, value in (said | successors).items()}
        assert dict(zip(header, line, strict=True)) == dict.fromkeys(COLUMNS, "") | wanted
    assert "Not verified: Anthropic's `claude-2.0`" in table.err


def test_what_the_providers_say_counts(tmp_path: Path, running: LoopbackProcess) -> None:
    names = (THIRD_PAGE, RETIRED, DEPRECATED, "claude-none")
    write(tmp_path, a=stages(*(("anthropic", name) for name in names)))
    made = inventory(tmp_path, "--live", "--format", "json", environ=running.environ)
    assert made.code == 0  # diagnostics are none of its affair
    standings = {one["model"]: one["standing"] for one in made.json["references"]}
    assert standings == dict(
        zip(names, ("usable", "retired", "deprecated", "unavailable"), strict=True)
    )
    assert [one["model"] for one in made.json["references"]][-1] == THIRD_PAGE


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--offline",), 0),
        ((), 0),
        (("--live",), 3),  # no key
        (("--live", ".", "absent"), 2),
        (("--offline", "absent"), 2),
        (("--offline", "--live"), 2),
        (("--format", "sarif"), 2),
        (("--offline", "--no-code"), 0),
    ],
)
@pytest.mark.parametrize("format_", ["text", "json", "csv"])
def test_exit_codes(tmp_path: Path, arguments: tuple[str, ...], code: int, format_: str) -> None:
    write(tmp_path, a=stages(("anthropic", "claude-2.0"), ("antropic", "x")))
    ran = inventory(tmp_path, "--format", format_, *arguments)
    assert ran.code == code
    if "absent" in arguments:
        assert "absent does not exist" in (ran.out if format_ == "text" else ran.err)


@pytest.mark.parametrize("name", ["absent", "notes.txt"])
def test_where_nothing_is_read_nothing_is_said_of_files(tmp_path: Path, name: str) -> None:
    put(tmp_path, "notes.txt", "gpt-4o\n")
    ran = inventory(tmp_path, "--offline", name)
    assert "Nothing was read." in ran.out
    assert "No model is named" not in ran.out


def test_a_file_that_is_named_is_read(tmp_path: Path) -> None:
    path = put(tmp_path, ".claude/agents/a.md", AGENT)
    put(tmp_path, "promptfooconfig.yaml", CONFIG)
    made = inventory(tmp_path, "--offline", "--format", "json", str(path)).json
    assert [one["written"] for one in made["references"]] == ["claude-2.0"]


def test_a_named_file_that_nothing_claims_is_skipped_and_counted(tmp_path: Path) -> None:
    put(tmp_path, ".claude/agents/a.md", AGENT)
    put(tmp_path, "notes \x1b[1m.txt", "model: gpt-4o\n")
    names = [".claude/agents/a.md", "notes \x1b[1m.txt"]
    ran = inventory(tmp_path, "--offline", *names)
    assert ran.code == 0
    assert "1 file skipped as unsupported: notes \ufffd[1m.txt.\n" in ran.out
    made = inventory(tmp_path, "--offline", "--format", "json", *names).json
    assert (made["summary"]["files"], made["summary"]["skipped"]) == (1, 1)


def test_of_a_file_that_is_not_utf_8_the_rest_is_said_to_be_missing(tmp_path: Path) -> None:
    put(tmp_path, ".claude/agents/a.md", AGENT.encode() + b"\xe9t\xe9\n")
    for format_ in ("text", "json", "csv"):
        ran = inventory(tmp_path, "--offline", "--format", format_)
        assert ran.code == 0
        assert "byte 46 of .claude/agents/a.md is not UTF-8" in ran.err
        assert "claude-2.0" in ran.out


def test_where_nothing_is_named_that_is_said(tmp_path: Path) -> None:
    ran = inventory(tmp_path, "--offline")
    assert (ran.code, ran.out.split(".")[0]) == (
        0,
        "No model is named in the files that were read",
    )
    assert inventory(tmp_path, "--offline", "--format", "json").json["references"] == []
    assert inventory(tmp_path, "--offline", "--format", "csv").out == ",".join(COLUMNS) + "\n"


HOSTILE = (
    "=cmd|'/c calc'!A0",
    "+1+1",
    "-2+3",
    "@SUM(1)",
    " =1",
    "\x1b[31mred\x1b[0m",
    "a\u202eb",
    '"; drop',
    "new\nline",
    "::error::x",
    "[bold]x[/bold]",
    "＝1",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_no_name_steers_a_terminal_or_a_spreadsheet(tmp_path: Path, name: str) -> None:
    quoted = name.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    quoted = quoted.replace("\x1b", "\\e")
    put(tmp_path, "promptfooconfig.yaml", f'providers:\n  - "openai:{quoted}"\n  - "{quoted}:x"\n')
    write(tmp_path, t=stages(("openai", quoted)))
    shown = inventory(tmp_path, "--offline").out
    assert not set(shown) & {"\x1b", "\u202e"}
    assert "[bold]" in shown or "[bold]" not in name
    for row in csv.reader(StringIO(inventory(tmp_path, "--offline", "--format", "csv").out)):
        for one in row:
            assert one.lstrip()[:1] not in set("=+-@＝")
            assert not set(one) & {"\x1b", "\u202e"}
    made = inventory(tmp_path, "--offline", "--format", "json")
    assert not set(made.out) & {"\x1b", "\u202e"}
    assert any(one["model"] == name for one in made.json["references"]) or name.strip() != name


def test_a_path_may_be_hostile_too(tmp_path: Path) -> None:
    path = put(tmp_path, "=1+1\x1b[2J/.claude/agents/😀\nx.md", AGENT)
    assert "\x1b" not in inventory(tmp_path, "--offline", str(path)).out
    table = inventory(tmp_path, "--offline", "--format", "csv", str(path))
    [_, row] = csv.reader(StringIO(table.out))
    assert row[0] == "'=1+1\ufffd[2J/.claude/agents/😀\nx.md"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, ""),
        (3, "3"),
        ("a=b", "a=b"),
        ("=a", "'=a"),
        ("\t=a", "'\t=a"),
        ("\r+a", "\ufffd+a"),
        ("'=a", "'=a"),
        ("a\0b", "a\ufffdb"),
    ],
)
def test_cells(value: object, shown: str) -> None:
    assert cell(value) == shown


def test_the_program_fits_a_narrow_terminal(repository: Path) -> None:
    (repository / "config.toml").touch()
    for columns in (30, 44, 80):
        with terminal(repository, "inventory", "--offline", columns=columns) as shown:
            assert shown.end() == 0
        paths = {str(TEMPLATES / "t.yaml"), "promptfooconfig.yaml", ".claude/"}
        wide = [line for line in shown.shown.splitlines() if len(line) > columns]
        assert all(any(path in line for path in paths) for line in wide)  # paths stay whole
        assert "retired 2025-07-21" in shown.shown


def test_the_program_takes_no_colour_to_a_pipe(repository: Path) -> None:
    done = subprocess.run(
        [*forks.program(), "inventory", "--offline"],
        cwd=repository,
        env=environment(repository),
        capture_output=True,
        check=True,
    )
    assert b"\x1b" not in done.stdout
    assert b"anthropic/claude-2.0  retired 2025-07-21" in done.stdout


def test_of_many_places_a_terminal_shows_some(tmp_path: Path) -> None:
    write(tmp_path, a=stages(*[("anthropic", "claude-2.0")] * 30))
    (tmp_path / "config.toml").touch()
    with terminal(tmp_path, "inventory", "--offline") as shown:
        shown.end()
    assert "… and 10 more: stagewright inventory --format csv" in shown.shown
    assert inventory(tmp_path, "--offline").out.count("defaultModel") == 30


@pytest.mark.parametrize("standing", [*(one.value for one in Standing), "of-tomorrow"])
def test_whatever_a_models_standing_it_is_told(standing: str) -> None:
    reference = ModelReference("acme", "x")
    span = Span(Position(0, 0), Position(0, 1))
    named = Named(span, "aider", "model", None, "acme/x", "acme", "x", reference)
    told = StringIO()
    row = Row("a.yml", named, standing)
    write_inventory(Inventory((row,), files=1), Console(file=told), date(2026, 11, 30))
    state = told.getvalue().splitlines()[1]
    assert standing.removeprefix("un").replace("-", " ") in state
