"""Severities by settings, in a check: what is reported, and with which exit code it ends."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.checking import run, stages, write

MISSPELT = stages(("antropic", "x"))
FLAWED = MISSPELT.replace("design", "desing").replace("      type:", "      kind: 1\n      type:")


def checked(folder: Path, *settings: str, arguments: tuple[str, ...] = ()) -> tuple[int, list[str]]:
    """The exit code, and every diagnostic as `code severity`."""
    lines = "\n".join(["[diagnostics.severity]", *settings, ""])
    (folder / "config.toml").write_text(lines)
    ran = run(folder, "--offline", "--format", "json", *arguments)
    return ran.code, [f"{one['code']} {one['severity']}" for one in ran.json["findings"]]


def test_each_code_as_it_is_set(tmp_path: Path) -> None:
    write(tmp_path, a=FLAWED)
    assert checked(tmp_path) == (
        1,
        ["template-structure error", "provider-unknown error", "key-unknown warning"],
    )
    assert checked(
        tmp_path,
        'template-structure = "information"',
        'provider-unknown = "hint"',
        'key-unknown = "off"',
    ) == (0, ["template-structure information", "provider-unknown hint"])
    assert checked(tmp_path, 'key-unknown = "error"')[1][-1] == "key-unknown error"


@pytest.mark.parametrize(("severity", "code"), [("error", 1), ("warning", 0), ("off", 0)])
def test_the_exit_code_follows(tmp_path: Path, severity: str, code: int) -> None:
    write(tmp_path, a=MISSPELT)
    assert checked(tmp_path, f'provider-unknown = "{severity}"')[0] == code
    failing = checked(
        tmp_path, f'provider-unknown = "{severity}"', arguments=("--fail-on", "warning")
    )
    assert failing[0] == (severity != "off")


def test_what_is_off_is_not_fixed(tmp_path: Path) -> None:
    path = write(tmp_path, a=MISSPELT)
    assert checked(tmp_path, 'provider-unknown = "off"', arguments=("--fix",)) == (0, [])
    assert path.read_text() == MISSPELT


@pytest.mark.parametrize("text", [b"name: caf\xe9\n", b"name: 'x\n", b"name: *x\n"])
def test_a_file_that_is_no_yaml_can_be_passed_over(tmp_path: Path, text: bytes) -> None:
    write(tmp_path, a=text)
    assert "template-syntax error" in checked(tmp_path)[1]
    found = checked(tmp_path, 'template-syntax = "off"')[1]
    assert not any(one.startswith("template-syntax") for one in found)
    found = checked(tmp_path, 'template-syntax = "warning"')[1]
    assert "template-syntax warning" in found


@pytest.mark.parametrize(
    ("files", "codes", "left"),
    [
        ('[".choragen"]', '["provider-unknown"]', ["key-unknown", "template-structure"]),
        ('["**/a.yaml", "b.yaml"]', '["key-unknown", "template-structure"]', ["provider-unknown"]),
        ('["workflow-templates/*"]', None, []),
        ('["b.yaml"]', None, ["key-unknown", "provider-unknown", "template-structure"]),
        ('["a"]', None, ["key-unknown", "provider-unknown", "template-structure"]),
    ],
)
def test_what_is_ignored_in_some_files(
    tmp_path: Path, files: str, codes: str | None, left: list[str]
) -> None:
    write(tmp_path, a=FLAWED)
    lines = ["[[diagnostics.ignore]]", f"files = {files}", *([f"codes = {codes}"] if codes else ())]
    (tmp_path / "config.toml").write_text("\n".join(lines))
    ran = run(tmp_path, "--offline", "--format", "json")
    assert (sorted(ran.codes), ran.code) == (left, 1 if len(left) else 0)
