"""`make release-check`: what would be published is built, installed and run, away from here.

Builds the wheel and the source distribution into `dist/`, beside the VSIX that `make vsix` put
there; reads all three; installs the wheel into a fresh environment, and runs its commands and its
server in an empty folder; has the action install itself and check. The VSIX is tried by
`vsix.test.ts`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from server.tools.published import version
from tests.release.artifacts import faults, read
from tests.release.composite import runner

from stagewright.cli.rpc import Client

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"
CODE = 'answer = client.messages.create(model="claude-2.0")\n'
RETIRED = "providers:\n  - anthropic:messages:claude-2.0\n"
OUR_OWN = ("PYTHON", "PIP_TARGET", "STAGEWRIGHT_", "VIRTUAL_ENV")
"""How variables begin that lead programs back to this repository."""


class Broken(Exception):
    """Why what is here must not be published."""


def expect(holds: object, what: str) -> None:
    """Raise Broken unless something holds."""
    if not holds:
        raise Broken(what)


def build() -> Path:
    """The wheel, from the source distribution as from here; both lie in `dist/` then."""
    for old in (*DIST.glob("*.whl"), *DIST.glob("*.tar.gz")):
        old.unlink()
    command(sys.executable, "-m", "hatchling", "build", "-d", str(DIST), folder=ROOT)
    [wheel], [source] = DIST.glob("*.whl"), DIST.glob("*.tar.gz")
    with tempfile.TemporaryDirectory() as folder:
        words = ("wheel", "--quiet", "--no-deps", "--no-build-isolation", "-w", folder, str(source))
        command(sys.executable, "-m", "pip", *words, folder=Path(folder))
        same = (Path(folder) / wheel.name).read_bytes() == wheel.read_bytes()
    expect(same, f"{source.name} builds another wheel than this repository.")
    return wheel


def inspect() -> None:
    """Read the archives."""
    archives = [read(path) for path in sorted(DIST.iterdir()) if path.is_file()]
    here = [str(ROOT), str(Path.home()) + "/", tempfile.gettempdir() + "/", sys.prefix]
    found = list(faults(archives, version(), here))
    expect(not found, "\n".join(found))


def install(wheel: Path, folder: Path) -> Path:
    """A fresh environment with the wheel in it; its folder of programs."""
    home = folder / "environment"
    command(sys.executable, "-m", "venv", str(home), folder=folder)
    programs = home / ("Scripts" if os.name == "nt" else "bin")
    pip = (str(programs / "python"), "-m", "pip")
    pins = ("-c", str(ROOT / "constraints.txt"))
    quiet = ("--quiet", "--disable-pip-version-check")
    command(*pip, "install", *quiet, *pins, str(wheel), folder=folder)
    command(*pip, "check", folder=folder)
    return programs


def try_commands(programs: Path, folder: Path) -> None:
    """The commands, in a folder that holds a file of another program and a source file."""
    (folder / "promptfooconfig.yaml").write_text(RETIRED)
    (folder / "app.py").write_text(CODE)
    stagewright = str(programs / "stagewright")
    where = command(
        str(programs / "python"), "-c", "print(__import__('stagewright').__file__)", folder=folder
    )
    expect(
        Path(where.strip()).is_relative_to(programs.parent), f"{where} is not what was installed."
    )
    said = command(stagewright, "--version", folder=folder)
    expect(said == f"stagewright {version()}\n", f"`stagewright --version` says {said!r}.")
    said = command(stagewright, "check", "--offline", folder=folder, code=1)
    for part in ("warning[model-retired]", "--> promptfooconfig.yaml:2", "--> app.py:1"):
        expect(part in said, f"`stagewright check` says {said!r}.")
    said = command(stagewright, "check", "--offline", "--format", "sarif", folder=folder, code=1)
    expect('"ruleId": "model-retired"' in said, "The pages that come with the package are missing.")
    command(stagewright, "demo", folder=folder)


def try_server(programs: Path, folder: Path) -> None:
    """The server on stdin and stdout: what it says at first, a diagnostic, a completion."""
    uri = (folder / "promptfooconfig.yaml").as_uri()
    with Client([str(programs / "stagewright"), "server"], clean(folder)) as client:
        capabilities: dict[str, Any] = {"textDocument": {"publishDiagnostics": {}}}
        params = {"processId": None, "rootUri": folder.as_uri(), "capabilities": capabilities}
        told = client.request("initialize", params)["serverInfo"]
        expect(told == {"name": "stagewright", "version": version()}, f"The server says {told}.")
        client.notify("initialized", {})
        opened = {"uri": uri, "languageId": "yaml", "version": 1, "text": RETIRED}
        client.notify("textDocument/didOpen", {"textDocument": opened})
        published = client.notification(
            "textDocument/publishDiagnostics", lambda one: bool(one["diagnostics"])
        )
        codes = [one["code"] for one in published["diagnostics"]]
        expect("model-retired" in codes, f"The server finds {codes}.")
        place = {"line": 1, "character": len("  - anthropic:messages:")}
        offered = client.request(
            "textDocument/completion", {"textDocument": {"uri": uri}, "position": place}
        )
        items = offered["items"] if isinstance(offered, dict) else offered
        expect(any("claude-" in one["label"] for one in items), "The server completes no model.")


def try_action(folder: Path) -> None:
    """The action, which installs itself."""
    machine = runner(folder, clean(folder))
    (machine.workspace / "promptfooconfig.yaml").write_text(RETIRED)
    ended = machine.run({"offline": "true"})
    expect(ended.code == 0 and ended.outputs["warnings"] == "1", f"The action says:\n{ended.log}")


def clean(folder: Path) -> dict[str, str]:
    """An environment in which nothing leads back to this repository, or to the user's settings.

    What leads pip to its index stays, wherever it is told.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OUR_OWN)}
    path = kept["PATH"].split(os.pathsep)
    outside = [one for one in path if not Path(one).is_relative_to(ROOT)]
    return kept | {
        "PATH": os.pathsep.join(outside),
        "STAGEWRIGHT_CACHE_DIR": str(folder / "cache"),
        "STAGEWRIGHT_CONFIG": str(folder / "config.toml"),
    }


def command(*words: str, folder: Path, code: int = 0) -> str:
    """What a program says on stdout. Raises Broken where it ends otherwise than by this code."""
    environ = clean(folder) if folder != ROOT else os.environ
    done = subprocess.run(words, cwd=folder, env=environ, capture_output=True, text=True)
    if done.returncode != code:
        shown = " ".join(words)
        raise Broken(f"`{shown}` ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


@contextmanager
def step(name: str) -> Iterator[None]:
    """Say what is done, and how long it took."""
    began = time.monotonic()
    print(f"{name} ...", end=" ", flush=True)
    yield
    print(f"{time.monotonic() - began:.0f} s", flush=True)


def main(environ: Mapping[str, str]) -> int:
    """All of it; 1 where something must not be published."""
    folder = Path(tempfile.mkdtemp(prefix="stagewright-release-", dir=environ.get("TMPDIR")))
    elsewhere, job = folder / "elsewhere", folder / "job"
    elsewhere.mkdir()
    try:
        with step("Building the wheel and the source distribution"):
            wheel = build()
        with step("Reading the archives"):
            inspect()
        with step("Installing the wheel into a fresh environment"):
            programs = install(wheel, folder)
        with step("Running its commands"):
            try_commands(programs, elsewhere)
        with step("Speaking to its server"):
            try_server(programs, elsewhere)
        with step("Running the action"):
            try_action(job)
    except Broken as why:
        print(f"\nNot to be published: {why}", file=sys.stderr)
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ))
