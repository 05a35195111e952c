"""`check --fix`: what is fixed, what is said, and what of a file stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from tests.analysis.support import CATALOG, OPTIONS
from tests.cli.checking import TEMPLATES, run, stages, write
from tests.loopback.process import loopback_process
from tests.loopback.world import RETIRED

from stagewright.cli.checking.files import Target
from stagewright.cli.checking.judge import Evidence, Judged, judge
from stagewright.dialects import choragen
from stagewright.files import read_text

MISSPELT = stages(("antropic", "claude-opus-4-5"), ("anthropic", "claude-opus-4-5"))
FIXED = MISSPELT.replace("antropic", "anthropic")

# Of YAML that Choragen reads differently nothing is to be said here.
MODELS_ONLY = replace(OPTIONS, severities={"choragen-reads-differently": None})


def fix(path: Path) -> Judged:
    """Judge and fix one file, knowing what the analysis's tests know."""
    return judge(
        Evidence(CATALOG, MODELS_ONLY, {}, fix=True), Target(path, choragen.TEMPLATE, path.parent)
    )


@pytest.fixture(scope="module")
def environ() -> Iterator[dict[str, str]]:
    with loopback_process() as process:
        yield process.environ


def test_what_was_fixed_is_told_and_what_is_left_is_reported(
    tmp_path: Path, environ: dict[str, str]
) -> None:
    text = stages(("anthropic", RETIRED), ("openai", "gtp-5"), ("openai", "gpt-4-turbo"))
    path = write(tmp_path, a=text)
    assert "2 fixable with --fix." in run(tmp_path, environ=environ).out
    assert path.read_text() == text
    ran = run(tmp_path, "--fix", "--no-code", environ=environ)
    assert path.read_text() == text.replace(RETIRED, "claude-opus-5-5").replace("gtp", "gpt")
    assert ran.out.startswith(
        "fixed: .choragen/workflow-templates/a.yaml\n"
        f"  line 7: `{RETIRED}` → `claude-opus-5-5` (model-retired)\n"
        "  line 14: `gtp-5` → `gpt-5` (model-unavailable)\n"
        "\n"
        "warning[model-deprecated]: "
    )
    assert ran.out.splitlines()[-1] == "1 file checked: 1 warning. 2 fixed."
    assert ran.code == 0
    again = run(tmp_path, "--fix", "--format", "json", environ=environ)
    assert again.codes == ["model-deprecated"]
    assert again.json["fixed"] == []


def test_as_much_is_fixed_as_was_promised(tmp_path: Path) -> None:
    hooks = "hooks: {onExit: [{type: file_move, fileMove: {from: a, to: b}, blocking: No}]}"
    stage = f"  - name: a\n    type: desing\n    {hooks}\n    gate: *nothing\n"
    path = write(tmp_path, a=f"name: t\nstages:\n{stage}  - {{}}\n")
    assert "4 fixable with --fix." in run(tmp_path, "--offline").out
    ran = run(tmp_path, "--offline", "--fix")
    assert "4 fixed." in ran.out
    assert "fixable" not in ran.out
    after = (
        "      onExit:\n        - type: file_move\n          blocking: false\n          fileMove:\n"
    )
    assert after in path.read_text()


def test_programs_are_told_too(tmp_path: Path, environ: dict[str, str]) -> None:
    write(tmp_path, a=stages(("openai", "gtp-5")))
    report = run(tmp_path, "--fix", "--format", "json", environ=environ).json
    assert report["findings"] == []
    assert report["mended"] == report["fixed"], "both names are relied on"
    assert report["fixed"] == [
        {
            "path": str(TEMPLATES / "a.yaml"),
            "line": 7,
            "code": "model-unavailable",
            "title": "Use `gpt-5`",
        }
    ]


def test_every_obvious_fix_of_a_file_at_once(tmp_path: Path) -> None:
    text = stages(
        ("anthropic", "claude-opus-4-1"),  # deprecated, with a successor
        ("openai", "gpt-5"),
        ("opanai", "gpt-5"),
    )
    path = write(tmp_path, a=text)
    judged = fix(path)
    assert judged.file is not None
    assert [one.code for one in judged.file.fixed] == ["model-deprecated", "provider-unknown"]
    assert judged.file.notes == ()
    expected = text.replace("claude-opus-4-1", "claude-opus-4-5").replace("opanai", "openai")
    assert read_text(path).text == expected


def test_more_fixes_than_diagnostics_are_shown(tmp_path: Path) -> None:
    path = write(tmp_path, a=stages(*[("opanai", "gpt-5")] * 1_200))
    judged = fix(path)
    assert judged.file is not None
    assert len(judged.file.fixed) == 1_200
    assert judged.file.notes == ()


def test_a_file_without_obvious_fixes_is_not_touched(tmp_path: Path) -> None:
    path = write(tmp_path, a=stages(("openai", "text-embedding-3-large")))
    before, written = path.read_bytes(), path.stat()
    judged = fix(path)
    assert judged.file is not None
    assert [note.diagnostic.code for note in judged.file.notes] == ["model-not-chat"]
    after = path.stat()  # the time of its last access is another: it was read
    assert (after.st_ino, after.st_mtime_ns) == (written.st_ino, written.st_mtime_ns)
    assert path.read_bytes() == before


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_line_ends_and_byte_order_mark_stay(tmp_path: Path, bom: bytes, end: str) -> None:
    def written(text: str) -> bytes:
        return bom + text.rstrip("\n").replace("\n", end).encode() + b" # \xf0\x9f\x8e\xad"

    path = write(tmp_path, a=written(MISSPELT))
    fix(path)
    assert path.read_bytes() == written(FIXED)


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    path = write(tmp_path, a=MISSPELT)
    path.chmod(0o640)
    link = tmp_path / "link.yaml"
    link.symlink_to(path)
    fix(link)
    assert link.is_symlink()
    assert path.read_text() == FIXED
    assert path.stat().st_mode & 0o777 == 0o640
    assert list(path.parent.iterdir()) == [path]


def test_a_file_that_is_not_utf_8_is_left_alone(tmp_path: Path) -> None:
    data = MISSPELT.encode() + b"# caf\xe9\n"
    path = write(tmp_path, a=data)
    judged = fix(path)
    assert path.read_bytes() == data
    assert judged.file is not None
    assert judged.file.fixed == ()
    assert judged.file.notes[-1].diagnostic.code == "template-syntax"
    assert judged.file.fixable == 0
    assert not any(note.preferred for note in judged.file.notes)


def test_a_file_that_cannot_be_written_is_a_problem_and_its_diagnostics_stay(
    tmp_path: Path,
) -> None:
    path = tmp_path / f"{'a' * 249}.yaml"  # no room for the name of a temporary file
    path.write_text(MISSPELT)
    judged = fix(path)
    assert judged.problem == f"{path} could not be fixed: File name too long."
    assert path.read_text() == MISSPELT
    assert judged.file is not None
    assert [note.diagnostic.code for note in judged.file.notes] == ["provider-unknown"]
    assert judged.file.fixed == ()


@pytest.mark.parametrize(
    ("place", "target"),
    [
        (f"{TEMPLATES}/a.yaml", "outside.yaml"),  # a link to a file
        (str(TEMPLATES), "outside"),  # a link to a folder
        (".choragen", "all"),
    ],
)
@pytest.mark.parametrize("named", [".", f"{TEMPLATES}/a.yaml"])
def test_nothing_outside_the_folder_is_written(
    tmp_path: Path, environ: dict[str, str], place: str, target: str, named: str
) -> None:
    text = stages(("openai", "gtp-5"))
    for name in ("outside.yaml", "outside/a.yaml", "all/workflow-templates/a.yaml"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    root = tmp_path / "root"
    (root / place).parent.mkdir(parents=True, exist_ok=True)
    (root / place).symlink_to(tmp_path / target)
    ran = run(root, named, "--fix", "--format", "json", environ=environ)
    assert ran.code == 2
    assert ran.json["fixed"] == []
    assert "is a link to a file outside" in ran.json["problems"][0]
    assert {path.read_text() for path in tmp_path.glob("**/*.yaml")} == {text}
    inside = run(tmp_path, "outside.yaml", "--fix", "--format", "json", environ=environ)
    assert len(inside.json["fixed"]) == 1
