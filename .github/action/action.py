"""The steps of action.yml: `prepare`, `install` and `check`, by what the variables around say.

Nothing but the standard library is at hand here.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

VERSION = re.compile(r"\d+\.\d+\.\d+[\w.-]*")


class Wrong(Exception):
    """Why the step fails, in a sentence."""


def prepare(environ: Mapping[str, str]) -> int:
    """Say where things go, and what the environment depends on."""
    temp = Path(environ["RUNNER_TEMP"])
    tell(environ, "environment", temp / "stagewright")
    tell(environ, "lists", lists(environ) / "*.jsonl")  # nothing else of that folder is kept
    tell(environ, "key", fingerprint(environ))
    return 0


def fingerprint(environ: Mapping[str, str]) -> str:
    """Of the Python, and of what is installed: two that are the same make the same environment."""
    digest = hashlib.sha256(f"{sys.executable}\0{sys.version}\0{version(environ)}".encode())
    if not version(environ):
        source = Path(environ["ACTION"])
        files = [source / "pyproject.toml", source / "constraints.txt"]
        files += sorted(
            path for path in (source / "server/stagewright").rglob("*") if path.is_file()
        )
        for path in files:
            if path.suffix != ".pyc":
                digest.update(f"\0{path.relative_to(source).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:32]


def install(environ: Mapping[str, str]) -> int:
    """Make the environment, unless the cache brought it."""
    home = Path(environ["RUNNER_TEMP"]) / "stagewright"
    if (home / "complete").exists() and run(program(home), "--version") == 0:
        return 0
    shutil.rmtree(home, ignore_errors=True)
    source = released(environ) if version(environ) else Path(environ["ACTION"])
    pip = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    for step in (
        (sys.executable, "-m", "venv", str(home)),
        (program(home, "python"), *pip, "-c", str(source / "constraints.txt"), str(source)),
        (program(home), "--version"),
    ):
        if code := run(*step):
            raise Wrong(
                f"Stagewright could not be installed: `{' '.join(step)}` ended with {code}."
            )
    (home / "complete").touch()
    return 0


def released(environ: Mapping[str, str]) -> Path:
    """The sources of the version that is asked for."""
    tag, repository = f"v{version(environ)}", environ["REPOSITORY"]
    folder = Path(environ["RUNNER_TEMP"]) / f"stagewright-{tag}"
    shutil.rmtree(folder, ignore_errors=True)
    if run("git", "clone", "--quiet", "--depth", "1", "--branch", tag, repository, str(folder)):
        raise Wrong(f"There is no version {version(environ)} of Stagewright at {repository}.")
    return folder


def version(environ: Mapping[str, str]) -> str:
    """The version that is asked for; empty for the action's own."""
    wanted = environ.get("VERSION", "").strip().removeprefix("v")
    if wanted and not VERSION.fullmatch(wanted):
        raise Wrong(
            f"The input `version` must be a released version such as 0.1.0, not `{wanted}`. "
            "To run a branch or a commit, name it behind the @ of the action."
        )
    return wanted


def check(environ: Mapping[str, str]) -> int:
    """Run the check, and tell what it counted."""
    temp = Path(environ["RUNNER_TEMP"])
    report, sarif = temp / "stagewright.json", temp / "stagewright.sarif"
    for old in (report, sarif):
        old.unlink(missing_ok=True)
    words = [*options(environ, report, sarif), "--", *paths(environ)]
    code = run(
        program(temp / "stagewright"), "check", *words, STAGEWRIGHT_CACHE_DIR=str(lists(environ))
    )
    tell(environ, "exit-code", code)
    if report.exists():
        counts = json.loads(report.read_text("utf-8"))["summary"]
        tell(environ, "errors", counts["error"])
        tell(environ, "warnings", counts["warning"])
        tell(environ, "notes", counts["information"] + counts["hint"])
        tell(environ, "json", report)
    if sarif.exists():
        tell(environ, "sarif", sarif)
    fetched = any(lists(environ).glob("*.jsonl")) and not on(environ, "OFFLINE")
    tell(environ, "fetched", "true" if fetched else "false")
    return 0 if code == 1 and environ["FAIL_ON"] == "never" else code


def options(environ: Mapping[str, str], report: Path, sarif: Path) -> Iterator[str]:
    """The options of the check, by the inputs; raises Wrong."""
    yield from ("--report", f"json={report}")
    match environ["FORMAT"]:
        case "sarif":
            yield from ("--report", f"sarif={sarif}")
        case "github" | "text":
            yield from ("--format", environ["FORMAT"])
        case other:
            raise Wrong(f"The input `format` must be github, sarif or text, not `{other}`.")
    match environ["FAIL_ON"]:
        case "error" | "warning":
            yield from ("--fail-on", environ["FAIL_ON"])
        case "never":
            pass
        case other:
            raise Wrong(f"The input `fail-on` must be error, warning or never, not `{other}`.")
    if within := environ["WITHIN"].strip():
        yield f"--within={within}"
    if on(environ, "LIVE"):
        yield "--live"
    if on(environ, "OFFLINE"):
        yield "--offline"
    if not on(environ, "CODE"):
        yield "--no-code"


def on(environ: Mapping[str, str], name: str) -> bool:
    """Whether an input says yes; raises Wrong where it says neither."""
    if environ[name] not in ("true", "false"):
        raise Wrong(f"The input `{name.lower()}` must be true or false, not `{environ[name]}`.")
    return environ[name] == "true"


def paths(environ: Mapping[str, str]) -> list[str]:
    """The files and folders, one a line."""
    return [line.strip() for line in environ["PATHS"].splitlines() if line.strip()] or ["."]


def lists(environ: Mapping[str, str]) -> Path:
    """Where the lists of models are kept."""
    return Path(environ["RUNNER_TEMP"]) / "stagewright-lists"


def program(home: Path, name: str = "stagewright") -> str:
    """A program of an environment."""
    folder = home / ("Scripts" if os.name == "nt" else "bin")
    return str(folder / name)


def run(*command: str, **more: str) -> int:
    """Run a program, whose output goes into the job's log; its exit code."""
    sys.stdout.flush()
    try:
        return subprocess.run(command, env={**os.environ, **more}, check=False).returncode
    except OSError:
        return 127


def tell(environ: Mapping[str, str], name: str, value: object) -> None:
    """An output of the step."""
    with Path(environ["GITHUB_OUTPUT"]).open("a", encoding="utf-8") as file:
        file.write(f"{name}={value}\n")


def main() -> int:
    """Run the step that is named; 2 for wrong inputs, as the program has it for wrong usage."""
    step = {"prepare": prepare, "install": install, "check": check}[sys.argv[1]]
    try:
        return step(os.environ)
    except Wrong as why:
        said = str(why).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
        print(f"::error title=Stagewright::{said}")
        return 2


if __name__ == "__main__":
    sys.exit(main())
