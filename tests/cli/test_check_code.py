"""Source code in a check and an inventory: what is read, what fails, and what is left alone."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pytest
import typer
from tests.cli.checking import Ran, run

from stagewright.cli.inventory import inventory_command

RETIRED = "claude-2.0"
DEPRECATED = "gpt-4o-mini"
PYTHON = f'from anthropic import Anthropic\n\nAnthropic().messages.create(model="{RETIRED}")\n'
ENDING = f'import openai\n\nopenai.chat(model="{DEPRECATED}")\n'
SECRET = "sk-ant-api03-Zx9Kq7Wm2Lp4Rt6Yu8Io0As1Df3Gh5Jk7Lz9Xc1Vb3Nm5Qw7Er9Ty"

taking = typer.Typer()
taking.command()(inventory_command)


def put(folder: Path, files: Mapping[str, str | bytes]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def check(folder: Path, *arguments: str) -> Ran:
    return run(folder, "--offline", "--format", "json", *arguments)


def named(ran: Ran) -> list[str]:
    return [f"{one['path']} {one['code']} {one['severity']}" for one in ran.json["findings"]]


def test_code_is_read_by_default(tmp_path: Path) -> None:
    put(tmp_path, {"src/a.py": PYTHON, "web/b.ts": ENDING.replace("import", "//"), ".env": "A=1\n"})
    ran = check(tmp_path)
    assert named(ran) == ["src/a.py model-retired error", "web/b.ts model-deprecated warning"]
    assert ran.code == 1
    first = ran.json["findings"][0]
    assert (first["dialect"], first["where"], first["line"], first["column"]) == (
        "code", "model", 3, 36,
    )  # fmt: skip
    assert first["model"] == {"provider": "anthropic", "model": RETIRED}
    without = check(tmp_path, "--no-code")
    assert (without.code, without.codes) == (0, [])


@pytest.mark.parametrize(
    ("settings", "found"),
    [
        ("[code]\nenabled = false", []),
        ("[dialects.code]\nenabled = false", []),
        ('[code]\nexclude = ["old"]', ["src/a.py"]),
        ('[code]\nexclude = ["src/*.py", "**/b.*"]', ["old/a.py"]),
        ('[[diagnostics.ignore]]\nfiles = ["old/**"]', ["src/a.py"]),
        ('[[diagnostics.ignore]]\nfiles = ["a.py"]\ncodes = ["model-retired"]', []),
    ],
)
def test_settings_leave_files_out(tmp_path: Path, settings: str, found: list[str]) -> None:
    put(tmp_path, {"src/a.py": PYTHON, "old/a.py": PYTHON, "config.toml": f"{settings}\n"})
    assert [one["path"] for one in check(tmp_path).json["findings"]] == found


def test_a_file_that_is_named_is_read_even_if_excluded_or_ignored(tmp_path: Path) -> None:
    excluding = '[code]\nexclude = ["gen"]\n'
    put(tmp_path, {"gen/a.py": PYTHON, ".gitignore": "gen\n", "config.toml": excluding})
    put(tmp_path, {"b.min.py": PYTHON, "c.py": f"# @generated\n{PYTHON}"})
    assert check(tmp_path).codes == []
    for name in ("gen/a.py", "b.min.py", "c.py"):
        assert check(tmp_path, name).codes == ["model-retired"], name


def test_what_no_one_wrote_is_counted_and_not_read(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "a.min.js": PYTHON,
            "b.js": f"{PYTHON}//{'x' * 10_001}",
            "c.py": f"# DO NOT EDIT\n{PYTHON}",
            "d.py": b"\0" + PYTHON.encode(),
            "e.py": b"# caf\xe9\n" + PYTHON.encode(),
            "f.py": PYTHON,
            "g.py": PYTHON,
            ".gitattributes": "f.py linguist-generated\n",
            "package-lock.json": '{"model": "claude-2.0"}',
            "node_modules/x/index.js": PYTHON,
            "venv/pyvenv.cfg": "",
            "venv/a.py": PYTHON,
        },
    )
    ran = check(tmp_path)
    assert named(ran) == ["g.py model-retired error"]
    left_out = {"minified": 2, "generated": 2, "binary": 1, "not UTF-8": 1}
    assert ran.json["summary"]["leftOut"] == left_out
    assert ran.code == 1
    told = " ".join(run(tmp_path, "--offline").out.split())
    assert "6 files left out: 1 binary, 2 generated, 2 minified, 1 not UTF-8." in told


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"a.py": f"{PYTHON}x = '{'x' * 10_001}'\n"}, "1 file read in part"),
        ({"a.js": f"/*{'x' * 10_001}*/\n", "b.py": f"#{'x' * 10_001}"}, "2 files read in part"),
        ({"a.ipynb": f'{{"cells": ["{"x" * 10_001}"]}}'}, "1 file read in part"),
        ({"a.py": PYTHON + "x = 1\n" * 10_001}, ""),
    ],
)
def test_a_named_file_with_lines_that_are_passed_over_is_told(
    tmp_path: Path, files: dict[str, str], said: str
) -> None:
    put(tmp_path, files)
    told = " ".join(run(tmp_path, *files, "--offline").out.split())
    why = ": lines over 10,000 characters are passed over."
    assert (said + why in told) if said else ("in part" not in told)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((), 0),
        (("--fail-on", "warning"), 0),  # nothing has ended
        (("--within", "100000"), 1),
    ],
)
def test_code_fails_only_where_a_model_has_ended(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    put(tmp_path, {"a.py": ENDING})
    ran = check(tmp_path, *arguments)
    assert (ran.code, ran.codes) == (code, ["model-deprecated"])


def test_fixes_change_only_code_that_is_named(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": PYTHON, "b/c.py": PYTHON})
    ran = check(tmp_path, "--fix")
    assert ran.json["fixed"] == []
    assert (tmp_path / "a.py").read_text() == PYTHON
    assert not any(fix["preferred"] for one in ran.json["findings"] for fix in one["fixes"])
    told = " ".join(run(tmp_path, "--offline", "--fix").out.split())
    assert "2 in source code: name the files to fix them." in told
    ran = check(tmp_path, "--fix", "b", "a.py")
    assert [one["path"] for one in ran.json["fixed"]] == ["a.py"]
    assert RETIRED not in (tmp_path / "a.py").read_text()
    assert (tmp_path / "b/c.py").read_text() == PYTHON


def test_what_no_fix_would_change_is_not_counted_as_fixable(tmp_path: Path) -> None:
    table = f'{{"{RETIRED}": 8}}\n'
    put(tmp_path, {"a.py": f"{PYTHON}\nPRICES = {table}", "b.json": table})
    told = " ".join(run(tmp_path, "--offline").out.split())
    assert "1 in source code: name the files to fix them." in told
    put(tmp_path, {"a.py": f"PRICES = {table}"})
    assert "name the files" not in run(tmp_path, "--offline").out


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("a.py", f'PRICES = {{"{RETIRED}": 8, "claude-opus-4-8": 5}}'),
        ("a.py", f'if model == "{RETIRED}":'),
        ("a.ts", f"switch (a) {{ case '{RETIRED}': break }}"),
        ("a.rs", f'match a {{ "{RETIRED}" => 8 }}'),
        ("a.json", f'{{"{RETIRED}": 8, "claude-opus-4-8": 5}}'),
    ],
)
def test_fixes_leave_keys_of_tables(tmp_path: Path, name: str, line: str) -> None:
    line = f"\n{line}"  # not the first
    put(tmp_path, {name: line})
    ran = check(tmp_path, "--fix", name)
    assert ran.codes == ["model-retired"]
    assert [fix["preferred"] for fix in ran.json["findings"][0]["fixes"]][:1] == [False]
    assert (tmp_path / name).read_text() == line


def test_secrets_are_not_told(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            ".env": f"ANTHROPIC_API_KEY={SECRET}\nMODEL={SECRET}\nOTHER_MODEL={RETIRED}\n",
            "a.py": f'model = "{SECRET}"\nkey = "https://u:{SECRET}@example.com/gpt-4o"\n',
        },
    )
    taken = run(tmp_path, "--offline", "--format", "json", command=taking)
    assert [one["written"] for one in taken.json["references"]] == [RETIRED]
    for ran in (check(tmp_path), taken, run(tmp_path, "--offline")):
        assert SECRET[:12] not in ran.out + ran.err


def test_a_secret_beside_a_model_is_not_shown(tmp_path: Path) -> None:
    call = f'ask("claude-2.1", "{SECRET}", "https://me:hunter2@x.example", model="{RETIRED}")'
    put(tmp_path, {"a.py": f"import anthropic\n{call}\n"})
    for form in ("text", "json", "github", "gitlab", "sarif"):
        told = run(tmp_path, "--offline", "--format", form).out
        assert SECRET not in told
        assert "hunter2" not in told
    assert "*" * len(SECRET) in run(tmp_path, "--offline").out


def test_an_inventory_lists_code(tmp_path: Path) -> None:
    put(tmp_path, {"a.py": PYTHON, "deploy/x.yaml": f"env:\n  MODEL: {DEPRECATED}\n"})
    taken = run(tmp_path, "--offline", "--format", "json", command=taking).json
    assert [(one["path"], one["dialect"], one["written"]) for one in taken["references"]] == [
        ("a.py", "code", RETIRED),
        ("deploy/x.yaml", "code", DEPRECATED),
    ]
    said = run(tmp_path, "--offline", "--format", "csv", command=taking).out
    rows = list(csv.DictReader(io.StringIO(said)))
    assert [row["dialect"] for row in rows] == ["code", "code"]
    assert run(
        tmp_path, "--offline", "--no-code", "--format", "json", command=taking
    ).json["references"] == []  # fmt: skip


@pytest.mark.parametrize("form", ["sarif", "github", "gitlab"])
def test_every_report_tells_of_code(tmp_path: Path, form: str) -> None:
    put(tmp_path, {"src/a.py": PYTHON})
    ran = run(tmp_path, "--offline", "--format", form)
    assert "src/a.py" in ran.out
    assert "model-retired" in ran.out


def test_what_another_dialect_claims_is_not_read_as_code(tmp_path: Path) -> None:
    put(
        tmp_path,
        {
            "promptfooconfig.yaml": "providers:\n  - anthropic:messages:claude-2.0\n",
            "deploy/config.yaml": "model_list:\n- litellm_params: {model: anthropic/claude-2.0}\n",
            "deploy/other.yaml": "model: anthropic/claude-2.0\n",
            ".choragen/workflows/WF-20261122-001.json": f'{{"model": "{RETIRED}"}}',
        },
    )
    found = {one["path"]: one["dialect"] for one in check(tmp_path).json["findings"]}
    assert found == {
        "promptfooconfig.yaml": "promptfoo",
        "deploy/config.yaml": "litellm",
        "deploy/other.yaml": "code",
    }
