"""Files that are not what they should be: a message or a diagnostic, and the rest goes on."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest
from tests.cli.checking import TEMPLATES, run, stages, write
from tests.e2e.editor import environment

pytestmark = pytest.mark.long(12)

MISSPELT = stages(("antropic", "x"))
GOOD = "provider-unknown"  # what a file beside the bad one gives


def bomb(levels: int = 30) -> str:
    """Nine to the power of `levels` texts, if aliases were followed."""
    lines = [
        f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, levels)
    ]
    return "\n".join(['name: "x"', "a0: &a0 [lol]", *lines, f"stages: *a{levels - 1}", ""])


def many(line: str) -> str:
    """So many lines with a number in each that nothing may go through them all for each of them."""
    return "".join(f"{line.format(number)}\n" for number in range(60_000))


@pytest.mark.parametrize(
    ("bad", "code"),
    [
        (b"name: caf\xe9\nstages: []\n", "template-syntax"),
        ('name: "x"\nstages: []\n'.encode("utf-16"), "template-syntax"),
        (f"name: x\nstages: {'[' * 100_000}", "template-syntax"),
        (f"name: x\nstages:\n  - name: {'[' * 100_000}\n", "template-syntax"),
        (f"name: x\nstages:\n  - name: {'{a: ' * 100_000}\n", "template-syntax"),
        (f"name: x\nstages:\n  {'- ' * 100_000}\n", "template-syntax"),
        ("name: x\x00\nstages: []\n", "template-syntax"),
        (bomb(), None),
        (bomb().replace("stages:", "stages:\n  - name: a\n    hooks:"), None),
        (f"name: x\nstages:\n  - name: a\n{many('    k{}: v')}", "key-unknown"),
        (many("k{}: v"), "key-unknown"),
    ],
    ids=[
        "latin",
        "utf-16",
        "brackets",
        "nested",
        "braces",
        "dashes",
        "nul",
        "bomb",
        "bombs",
        "keys",
        "top",
    ],
)
def test_a_bad_text_is_a_diagnostic(tmp_path: Path, bad: str | bytes, code: str | None) -> None:
    write(tmp_path, a=MISSPELT, b=bad, c=MISSPELT)
    ran = run(tmp_path, "--offline", "--format", "json")
    assert ran.code == 1
    found: dict[str, list[str]] = {name: [] for name in "abc"}
    for diagnostic in ran.json["findings"]:
        found[Path(diagnostic["path"]).stem].append(diagnostic["code"])
    assert GOOD in found["a"]
    assert found["a"] == found["c"]
    assert found["b"]
    assert code is None or code in found["b"]
    assert ran.json["problems"] == []


# A process counts the memory of the one it was forked from as its own: it is begun by a small one.
MEASURED = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "stagewright", "check", "--offline"])
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
"""


def test_all_of_it_in_little_memory(tmp_path: Path) -> None:
    write(
        tmp_path,
        a=f"name: x\nstages: {'[' * 100_000}",
        b=bomb(),
        c=f'name: "{"x" * 10_000_000}"\nstages: []\n',
    )
    command, environ = [sys.executable, "-c", MEASURED], environment(tmp_path)
    ran = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, check=True)
    code, kilobytes = map(int, ran.stderr.split())
    assert code == 1
    assert kilobytes < 400 * 1024


def test_of_countless_diagnostics_the_first_are_shown_and_it_fails(tmp_path: Path) -> None:
    settings = '[diagnostics.severity]\ntemplate-structure = "off"\n'
    (tmp_path / "config.toml").write_text(settings)
    write(tmp_path, a="name: x\nstages:\n" + "  - name: x\n" * 3_000)
    ran = run(tmp_path, "--offline", "--format", "json")
    assert ran.code == 1
    assert ran.codes == ["stage-duplicate"] * 1_000 + ["template-structure"]
    more = "This file has 1,000 diagnostics, perhaps more: fix these first."
    assert ran.json["findings"][-1]["message"] == more


def make(path: Path, what: str) -> None:
    """Something that cannot be read as a file."""
    match what:
        case "loop":
            path.symlink_to(path.name)
        case "dangling":
            path.symlink_to("nowhere")
        case "pipe":
            os.mkfifo(path)
        case "large":
            with path.open("wb") as file:
                file.truncate(50 * 1024 * 1024)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("loop", "bad.yaml is a link to itself. Remove it."),
        ("pipe", "bad.yaml is a pipe or a device, not a file. Remove it."),
        ("large", "bad.yaml is larger than 16 MiB, the limit. Split it."),
    ],
)
def test_what_cannot_be_opened_is_told_and_the_others_are_checked(
    tmp_path: Path, what: str, said: str, named: bool
) -> None:
    write(tmp_path, a=MISSPELT, z=MISSPELT)
    make(tmp_path / TEMPLATES / "bad.yaml", what)
    paths = sorted(map(str, (tmp_path / TEMPLATES).iterdir())) if named else []
    ran = run(tmp_path, *paths, "--offline", "--format", "json")
    assert ran.code == 2
    assert [problem.endswith(said) for problem in ran.json["problems"]] == [True]
    assert ran.err == f"error: {ran.json['problems'][0]}\n"
    assert ran.codes.count(GOOD) == 2


def test_a_link_that_leads_nowhere(tmp_path: Path) -> None:
    write(tmp_path, a=MISSPELT)
    make(tmp_path / TEMPLATES / "bad.yaml", "dangling")
    ran = run(tmp_path, "--offline")
    assert ran.code == 2
    said = "bad.yaml is a broken link. Remove it, or point it at a file."
    assert f"error: {TEMPLATES}/{said}" in ran.out
    assert f"error[{GOOD}]" in ran.out


@pytest.mark.parametrize(
    ("name", "target"),
    [
        (f"{TEMPLATES}/inner.yaml", "."),
        (f"{TEMPLATES}/outer.yaml", "../.."),
    ],
)
def test_a_folder_that_leads_to_itself(tmp_path: Path, name: str, target: str) -> None:
    write(tmp_path, a=MISSPELT)
    (tmp_path / name).symlink_to(target)
    ran = run(tmp_path, "--offline", "--format", "json")
    assert ran.code == 2
    assert ran.json["problems"] == [
        f"{name} is a link to a folder that it lies in, and is not followed. Remove it."
    ]
    assert ran.codes.count(GOOD) == 1


@pytest.mark.parametrize(
    ("name", "target"),
    [
        ("self", "."),
        ("outer", ".."),
        ("src/a/loop", "../.."),
        (".choragen/up", ".."),
        (f"{TEMPLATES}/loop", "../.."),
    ],
)
def test_a_link_that_leads_back_where_no_template_should_be(
    tmp_path: Path, name: str, target: str
) -> None:
    write(tmp_path, a=MISSPELT)
    (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / name).symlink_to(target)
    ran = run(tmp_path, "--offline", "--format", "json")
    assert (ran.code, ran.json["problems"], ran.codes.count(GOOD)) == (1, [], 1)
    assert ran.json["summary"]["leftOut"] == {"linked in a circle": 1}
    assert "1 file left out: 1 linked in a circle." in run(tmp_path, "--offline").out


def test_a_link_to_itself_in_place_of_a_folder(tmp_path: Path) -> None:
    write(tmp_path, a=MISSPELT)
    (tmp_path / "loop").symlink_to("loop")
    ran = run(tmp_path, ".", "loop", "--offline", "--format", "json")
    assert ran.code == 2
    assert ran.json["problems"] == ["loop is a link to itself. Remove it."]
    assert ran.codes.count(GOOD) == 1


def test_templates_in_a_folder_that_is_a_link(tmp_path: Path) -> None:
    write(tmp_path / "shared", a=MISSPELT)
    (tmp_path / ".choragen").symlink_to("shared/.choragen")
    ran = run(tmp_path, "--offline", "--format", "json")
    assert (ran.code, ran.codes.count(GOOD)) == (1, 1)


def test_a_path_that_does_not_exist(tmp_path: Path) -> None:
    write(tmp_path, a=MISSPELT)
    ran = run(tmp_path, "absent", ".", "--offline")
    assert ran.code == 2
    assert "error: absent does not exist. Name a file or a folder.\n" in ran.out
    assert f"error[{GOOD}]" in ran.out


def test_where_no_path_exists_nothing_is_said_of_files(tmp_path: Path) -> None:
    ran = run(tmp_path, "absent", "--offline")
    assert (ran.code, ran.out.split("\n\n")[1].strip()) == (2, "Nothing was checked.")


@contextmanager
def nobody() -> Iterator[Path]:
    """A folder that all may read, and, for root, the rights of a user who may read nothing else."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    root = os.geteuid() == 0
    try:
        yield folder
    finally:
        if root:
            os.seteuid(0)
        for path in folder.iterdir():
            path.chmod(0o700)  # else it could not be removed by who is not root
        shutil.rmtree(folder)


def test_without_the_right_to_read(tmp_path: Path) -> None:
    write(tmp_path, a=MISSPELT)
    run(tmp_path, "--offline", "--format", "json")  # imports what nobody may not be allowed to read
    with nobody() as folder:
        for name in ("shut", "open"):
            (folder / f"{name}.yaml").write_text(MISSPELT)
        (folder / "shut.yaml").chmod(0)
        (folder / "closed").mkdir(mode=0)
        environment(folder)  # writes settings, which nobody may not
        if os.geteuid() == 0:
            os.seteuid(65_534)
        ran = run(folder, "shut.yaml", "closed", "open.yaml", "--offline", "--format", "json")
    assert ran.code == 2
    assert ran.json["problems"] == [
        "closed cannot be read: Permission denied. Make it readable for this user.",
        "shut.yaml cannot be read: Permission denied. Make it readable for this user.",
    ]
    assert ran.codes.count(GOOD) == 1


NAMES = [
    b"\xff\xfe.yaml",
    b"a\nb.yaml",
    b"\x1b[31mred.yaml",
    b"sp ace%41#.yaml",
    "ü😀.yaml".encode(),
]


@pytest.mark.parametrize("format_", ["text", "json", "github", "sarif", "gitlab"])
def test_names_of_any_bytes(tmp_path: Path, format_: str) -> None:
    write(tmp_path)
    for name in NAMES:
        (tmp_path / TEMPLATES / os.fsdecode(name)).write_text(MISSPELT)
    ran = run(tmp_path, "--offline", "--format", format_)
    assert ran.code == 1
    if format_ == "json":
        assert len({one["path"] for one in ran.json["findings"]}) == len(NAMES)
        json.dumps(ran.json, ensure_ascii=False).encode()  # no halves of characters
    if format_ == "sarif":
        found = {
            unquote_to_bytes(one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"])
            for one in ran.json["runs"][0]["results"]
        }
        assert found == {os.fsencode(TEMPLATES) + b"/" + name for name in NAMES}
