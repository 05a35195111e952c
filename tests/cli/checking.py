"""`stagewright check` on files that a test writes: in this process, and as the program it is."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from tests.e2e.editor import environment
from typer.testing import CliRunner

from stagewright.cli.check import check_command

TEMPLATES = Path(".choragen/workflow-templates")
ROLES = Path(".choragen/roles/index.yaml")

app = typer.Typer()
app.command()(check_command)


@dataclass(frozen=True)
class Ran:
    """How a check ended, and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def codes(self) -> list[str]:
        """The codes of the diagnostics, in their order."""
        return [diagnostic["code"] for diagnostic in self.json["findings"]]


def stages(*references: tuple[str, str]) -> str:
    """A template of one stage for each (provider, model)."""
    lines = ['name: "test"', "stages:"]
    for number, (provider, model) in enumerate(references):
        lines += [
            f'  - name: "stage-{number}"',
            '    type: "design"',
            "    defaultModel:",
            f'      provider: "{provider}"',
            f'      model: "{model}"',
            "    gate:",
            '      type: "auto"',
        ]
    return "\n".join([*lines, ""])


def write(folder: Path, **templates: str | bytes) -> Path:
    """Put templates into a workspace, by their names; the folder of the last one's file."""
    path = folder / TEMPLATES
    path.mkdir(parents=True, exist_ok=True)
    for name, text in templates.items():
        data = text if isinstance(text, bytes) else text.encode()
        path = folder / TEMPLATES / f"{name}.yaml"
        path.write_bytes(data)
    return path


def run(
    folder: Path,
    *arguments: str,
    environ: Mapping[str, str] | None = None,
    command: typer.Typer = app,
) -> Ran:
    """Run the command in `folder`, in this process, with nobody's keys but those of `environ`."""
    wanted = environment(folder, **(environ or {}))
    gone = dict.fromkeys(os.environ.keys() - wanted.keys())
    with contextlib.chdir(folder):
        result = CliRunner().invoke(command, arguments, env={**gone, **wanted})
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return Ran(result.exit_code, result.stdout, result.stderr)


def run_program(
    folder: Path, *arguments: str, environ: Mapping[str, str] | None = None, **more: Any
) -> Ran:
    """Run the program itself in `folder`."""
    done = subprocess.run(
        [sys.executable, "-m", "stagewright", "check", *arguments],
        cwd=folder,
        env=environment(folder, **(environ or {})),
        capture_output=True,
        timeout=50,
        **more,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
