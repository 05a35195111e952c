"""The action: its steps run as a job's do, without a network."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from tests.e2e.editor import environment
from tests.loopback.process import LoopbackProcess, loopback_process
from tests.release.composite import ACTION, ROOT, Outcome, ready_environment, runner

pytestmark = pytest.mark.long(15)
FILE = "promptfooconfig.yaml"
RETIRED = "providers:\n  - anthropic:messages:claude-2.0\n"
LISTED = "claude-haiku-4-5-20251001"
OFFLINE = {"offline": "true"}


def job(folder: Path, *, ready: bool = True, only: str = "", **more: str) -> Outcome:
    """A job with this one step. Names in capitals are variables, others inputs, `_` for `-`."""
    environ = {name: value for name, value in more.items() if name.isupper()}
    inputs = {name.replace("_", "-"): value for name, value in more.items() if not name.isupper()}
    machine = runner(folder, environment(folder, **environ))
    if ready:
        ready_environment(machine.temp / "stagewright")
    return machine.run(inputs, only)


def check(folder: Path, **more: str) -> Outcome:
    """The step `check` alone, without a network."""
    return job(folder, only="check", **({"offline": "true"} | more))


def put(folder: Path, **files: str) -> None:
    (folder / "workspace").mkdir(exist_ok=True)
    for name, text in files.items():
        (folder / "workspace" / name).write_text(text)


@pytest.fixture(scope="module")
def providers() -> Iterator[LoopbackProcess]:
    with loopback_process() as running:
        yield running


def test_annotations_and_counts(tmp_path: Path) -> None:
    put(tmp_path, **{FILE: f"{RETIRED}  - openai:gpt-4o-mni\n"})
    ended = job(tmp_path, **OFFLINE)
    assert ended.code == 0
    assert f"::warning file={FILE},line=2," in ended.log
    assert "1 file checked: 1 warning, 1 note." in ended.log
    assert json.loads(Path(ended.outputs.pop("json")).read_text())["summary"]["warning"] == 1
    assert ended.outputs == {
        "errors": "0",
        "warnings": "1",
        "notes": "1",
        "exit-code": "0",
        "sarif": "",
    }


@pytest.mark.parametrize(
    ("inputs", "code", "exit_code"),
    [
        ({}, 0, "0"),
        ({"fail_on": "warning"}, 1, "1"),
        ({"within": "0"}, 1, "1"),
        ({"within": "0", "fail_on": "never"}, 0, "1"),
        ({"within": "soon"}, 2, "2"),
        ({"live": "true"}, 2, "2"),  # forbids what --offline demands
        ({"paths": "gone.yaml"}, 2, "2"),
        ({"paths": "gone.yaml", "fail_on": "never"}, 2, "2"),
        ({"paths": "--version"}, 2, "2"),  # a path, not an option
    ],
    ids=str,
)
def test_exit_codes(tmp_path: Path, inputs: Mapping[str, str], code: int, exit_code: str) -> None:
    put(tmp_path, **{FILE: RETIRED})
    ended = check(tmp_path, **inputs)
    assert (ended.code, ended.outputs["exit-code"]) == (code, exit_code), ended.log


@pytest.mark.parametrize(
    ("inputs", "said"),
    [
        ({"format": "xml"}, "The input `format` must be github, sarif or text, not `xml`."),
        ({"fail_on": "hint"}, "The input `fail-on` must be error, warning or never, not `hint`."),
        ({"live": "yes"}, "The input `live` must be true or false, not `yes`."),
        ({"code": ""}, "The input `code` must be true or false, not ``."),
        ({"version": "main"}, "The input `version` must be a released version such as 0.1.0"),
        ({"version": "1.2.3; rm -rf x"}, "must be a released version"),
        ({"version": "--upload-pack=x"}, "must be a released version"),
    ],
    ids=str,
)
def test_wrong_inputs(tmp_path: Path, inputs: Mapping[str, str], said: str) -> None:
    put(tmp_path, **{FILE: RETIRED})
    ended = job(tmp_path, only="prepare" if "version" in inputs else "check", **inputs)
    assert ended.code == 2
    assert re.search(rf"^::error title=Stagewright::.*{re.escape(said)}", ended.log, re.MULTILINE)


def test_sarif(tmp_path: Path) -> None:
    put(tmp_path, **{FILE: RETIRED})
    ended = check(tmp_path, format="sarif", fail_on="warning")
    assert ended.code == 1
    assert "warning[model-retired]" in ended.log
    log = json.loads(Path(ended.outputs["sarif"]).read_text())
    [found] = log["runs"][0]["results"]
    place = found["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": FILE, "uriBaseId": "%SRCROOT%"}


def test_paths_stand_on_lines_of_their_own(tmp_path: Path) -> None:
    put(tmp_path, **{FILE: RETIRED, "promptfooconfig two.yaml": RETIRED, "other.yaml": RETIRED})
    ended = check(tmp_path, paths=f"  {FILE}\n\npromptfooconfig two.yaml\n")
    assert ended.outputs["warnings"] == "2"
    assert "line=2,endLine=2" in ended.log
    assert "file=promptfooconfig two.yaml" in ended.log


@pytest.mark.parametrize(("code", "errors"), [("true", "1"), ("false", "0")])
def test_source_code_can_be_left_out(tmp_path: Path, code: str, errors: str) -> None:
    put(tmp_path, **{FILE: RETIRED, "app.py": 'client.create(model="claude-2.0")\n'})
    ended = check(tmp_path, code=code)
    assert (ended.outputs["errors"], ended.outputs["warnings"]) == (errors, "1")
    assert ended.code == int(errors)


def test_another_folder(tmp_path: Path) -> None:
    (tmp_path / "workspace/sub dir").mkdir(parents=True)
    (tmp_path / "workspace/sub dir" / FILE).write_text(RETIRED)
    ended = check(tmp_path, working_directory="sub dir")
    assert f"file=sub dir/{FILE}," in ended.log  # as GitHub tells it


def test_nothing_of_a_file_is_taken_for_a_command(tmp_path: Path) -> None:
    put(tmp_path, **{FILE: RETIRED.replace("claude", "::error::x\\n::set-output name=a::b-")})
    for form in ("github", "text", "sarif"):
        ended = check(tmp_path, format=form)
        lines = [line for line in ended.log.splitlines() if line.lstrip().startswith("::")]
        assert [line for line in lines if not re.match("::(error|warning|notice) ", line)] == []
        assert "##[" not in ended.log


# Caches


def test_the_environment_is_made_once(tmp_path: Path) -> None:
    put(tmp_path, **{FILE: RETIRED})
    first = job(tmp_path, **OFFLINE)
    [key] = [path.name for path in (tmp_path / "caches").iterdir()]
    assert re.fullmatch("stagewright-Linux-X64-[0-9a-f]{32}", key)
    again = job(tmp_path, ready=False, **OFFLINE)  # the cache brings it
    assert (again.code, again.outputs) == (first.code, first.outputs)


def test_no_cache(tmp_path: Path) -> None:
    put(tmp_path, **{FILE: RETIRED})
    ended = job(tmp_path, **OFFLINE, cache="false")
    assert ended.ran == ["python", "prepare", "install", "check"]
    assert list((tmp_path / "caches").iterdir()) == []


def test_lists_are_kept_and_no_key(tmp_path: Path, providers: LoopbackProcess) -> None:
    put(tmp_path, **{FILE: RETIRED.replace("claude-2.0", LISTED)})
    providers.fix()
    first = job(tmp_path, **providers.environ, live="true")
    assert (first.code, first.outputs["exit-code"]) == (0, "0"), first.log
    kept = [path for path in (tmp_path / "caches").rglob("*.jsonl") if path.is_file()]
    assert kept
    for path in (tmp_path / "caches").rglob("*"):
        if path.is_file():
            text = path.read_bytes()
            assert not [key for key in keys(providers) if key.encode() in text], path
    assert {path.suffix for path in kept} == {".jsonl"}
    # Another run knows the list, though nobody is asked.
    asked = len(providers.requests())
    second = job(tmp_path, **providers.environ, offline="true")
    without = job(tmp_path, **providers.environ, offline="true", cache="false")
    assert len(providers.requests()) == asked
    assert "Not verified: Anthropic" not in second.log
    assert "Not verified: Anthropic" in without.log


def keys(providers: LoopbackProcess) -> list[str]:
    found = [value for name, value in providers.environ.items() if name.endswith("_API_KEY")]
    assert found
    return found


@pytest.mark.parametrize("cache", ["environment", "false"])
def test_lists_need_not_be_kept(tmp_path: Path, providers: LoopbackProcess, cache: str) -> None:
    put(tmp_path, **{FILE: RETIRED})
    providers.fix()
    job(tmp_path, **providers.environ, cache=cache)
    assert list((tmp_path / "caches").rglob("*.jsonl")) == []


def test_a_provider_that_is_down(tmp_path: Path) -> None:
    put(tmp_path, **{FILE: RETIRED})
    down = {"ANTHROPIC_API_KEY": "k", "ANTHROPIC_BASE_URL": "http://127.0.0.1:9"}
    assert check(tmp_path, **down, offline="false").code == 0
    live = check(tmp_path, **down, offline="false", live="true")
    assert (live.code, live.outputs["exit-code"], live.outputs["warnings"]) == (3, "3", "1")


# Installing

BACKEND = """
import base64, hashlib, zipfile

def build_wheel(folder, config_settings=None, metadata_directory=None):
    info = "stagewright-9.8.7.dist-info"
    files = {
        "stagewright.py": "def main():\\n    print('stagewright 9.8.7')\\n",
        f"{info}/METADATA": "Metadata-Version: 2.1\\nName: stagewright\\nVersion: 9.8.7\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
        f"{info}/entry_points.txt": "[console_scripts]\\nstagewright = stagewright:main\\n",
    }
    files[f"{info}/RECORD"] = "".join(f"{name},,\\n" for name in [*files, f"{info}/RECORD"])
    name = "stagewright-9.8.7-py3-none-any.whl"
    with zipfile.ZipFile(f"{folder}/{name}", "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
    return name
"""


def released(folder: Path) -> Path:
    """A repository that has released a version 9.8.7, which needs nothing to be built."""
    folder.mkdir()
    (folder / "backend.py").write_text(BACKEND)
    (folder / "constraints.txt").write_text("")
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "stagewright"\nversion = "9.8.7"\n'
    )
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org")
    for words in (("init", "-q"), ("add", "."), (*who, "commit", "-qm", "x"), ("tag", "v9.8.7")):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def install(folder: Path, version: str, repository: Path) -> subprocess.CompletedProcess[str]:
    """The step by itself."""
    environ = environment(
        folder,
        ACTION=str(ROOT),
        RUNNER_TEMP=str(folder),
        VERSION=version,
        REPOSITORY=repository.as_uri(),
    )
    words = [sys.executable, str(ROOT / ".github/action/action.py"), "install"]
    return subprocess.run(words, env=environ, capture_output=True, text=True)


def test_installing_a_version(tmp_path: Path) -> None:
    repository = released(tmp_path / "repository")
    program = tmp_path / "stagewright/bin/stagewright"
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\nexit 1\n")  # as a cache of another machine would be
    program.chmod(0o755)
    (tmp_path / "stagewright/complete").touch()
    done = install(tmp_path, "9.8.7", repository)
    assert (done.returncode, done.stdout) == (0, "stagewright 9.8.7\n"), done.stderr
    made = program.stat()
    again = install(tmp_path, "v9.8.7", repository)
    assert (again.returncode, again.stdout) == (0, "stagewright 9.8.7\n")
    assert program.stat() == made


def test_a_version_that_there_is_not(tmp_path: Path) -> None:
    repository = released(tmp_path / "repository")
    done = install(tmp_path, "9.9.9", repository)
    assert done.returncode == 2
    said = f"There is no version 9.9.9 of Stagewright at {repository.as_uri()}."
    assert done.stdout == f"::error title=Stagewright::{said}\n"


def test_every_input_and_output_is_used_and_described() -> None:
    text = (ROOT / "action.yml").read_text("utf-8")
    for name, one in ACTION["inputs"].items():
        assert text.count(f"inputs.{name}") >= 1
        assert one["description"].endswith(".")
    for one in ACTION["outputs"].values():
        assert re.fullmatch(r"\$\{\{ steps\.check\.outputs\.[\w-]+ \}\}", one["value"])
