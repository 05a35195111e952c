"""Runs the steps of a composite action as GitHub's runner does, as far as action.yml needs it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))


@dataclass
class Caches:
    """What GitHub keeps from one run to the next: files below `base`, by the key of a cache."""

    folder: Path
    base: Path

    def restore(self, key: str, prefix: str) -> None:
        """Put back what has this key, or the newest whose key begins so."""
        exact = self.folder / key
        alike = self.folder.glob(f"{prefix}*") if prefix else ()
        found = [exact, *sorted(alike, key=lambda one: one.stat().st_mtime_ns, reverse=True)]
        if kept := next((one for one in found if one.exists()), None):
            shutil.copytree(kept, self.base, dirs_exist_ok=True)

    def save(self, key: str, pattern: str) -> None:
        """Keep what a path or a glob names, unless something has this key."""
        if (self.folder / key).exists():
            return
        for path in self.base.glob(Path(pattern).relative_to(self.base).as_posix()):
            kept = self.folder / key / path.relative_to(self.base)
            kept.parent.mkdir(parents=True, exist_ok=True)
            if path.is_dir():
                shutil.copytree(path, kept)
            else:
                shutil.copy2(path, kept)


@dataclass
class Outcome:
    """How the action ended: as a step of a job does."""

    code: int = 0
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    ran: list[str] = field(default_factory=list)  # the steps that did, by id or what they use


@dataclass
class Runner:
    """One machine: its folder for temporary files, and the caches that it shares with others."""

    temp: Path
    workspace: Path
    caches: Caches
    environ: Mapping[str, str]

    def run(self, inputs: Mapping[str, str], only: str = "") -> Outcome:
        """Run all steps, or only what one needs. An input that the action lacks is refused."""
        assert set(inputs) <= set(ACTION["inputs"])
        given = {name: one["default"] for name, one in ACTION["inputs"].items()} | dict(inputs)
        known = {f"inputs.{name}": value for name, value in given.items()}
        known |= {
            "github.action_path": str(ROOT),
            "github.run_id": str(len(list(self.caches.folder.glob("stagewright-lists-*")))),
            "github.run_attempt": "1",
            "runner.os": "Linux",
            "runner.arch": "X64",
        }
        outcome, later = Outcome(), []
        for step in ACTION["runs"]["steps"]:
            condition = step.get("if", "success()")
            if (outcome.code and "always()" not in condition) or not _holds(condition, known):
                continue
            if only and step.get("id") not in ("python", only):
                continue
            used = step.get("uses", "").partition("@")[0]
            outcome.ran.append(step.get("id") or used)
            options = {
                name: _filled(str(value), known) for name, value in step.get("with", {}).items()
            }
            match used:
                case "":
                    self._shell(step, known, outcome)
                case "actions/setup-python":
                    known["steps.python.outputs.python-path"] = sys.executable
                case "actions/cache/save":
                    self.caches.save(options["key"], options["path"])
                case "actions/cache" | "actions/cache/restore":
                    self.caches.restore(options["key"], options.get("restore-keys", ""))
                    later += [options] if used == "actions/cache" else []
                case other:
                    raise AssertionError(other)
        if outcome.code == 0:
            for options in later:
                self.caches.save(options["key"], options["path"])
        outcome.outputs = {
            name: _filled(one["value"], known) for name, one in ACTION["outputs"].items()
        }
        return outcome

    def _shell(self, step: Mapping[str, Any], known: dict[str, str], outcome: Outcome) -> None:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]  # what an input says would be taken for commands
        told = self.temp / "output"
        told.write_text("")
        environ = dict(self.environ) | {
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_OUTPUT": str(told),
            "GITHUB_ACTIONS": "true",
            "GITHUB_WORKSPACE": str(self.workspace),
            **{name: _filled(value, known) for name, value in step["env"].items()},
        }
        folder = self.workspace / _filled(step.get("working-directory", "."), known)
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=folder,
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        outcome.code, outcome.log = done.returncode, outcome.log + done.stdout
        for line in told.read_text().splitlines():
            name, _, value = line.partition("=")
            known[f"steps.{step['id']}.outputs.{name}"] = value


_EXPRESSION = re.compile(r"\$\{\{ ([\w.-]+) \}\}")


def _filled(text: str, known: Mapping[str, str]) -> str:
    """A text with its expressions' values; of a step that did not run they are empty."""
    assert text.count("${{") == len(_EXPRESSION.findall(text)), text
    return _EXPRESSION.sub(lambda found: _value(found[1], known), text)


def _value(name: str, known: Mapping[str, str]) -> str:
    return known.get(name, "") if name.startswith("steps.") else known[name]


def _holds(condition: str, known: Mapping[str, str]) -> bool:
    for term in condition.split(" && "):
        if term in ("always()", "success()"):
            continue
        found = re.fullmatch(r"([\w.-]+) (==|!=) '(.*)'", term)
        assert found, term
        if (_value(found[1], known) == found[3]) is not (found[2] == "=="):
            return False
    return True


def ready_environment(home: Path) -> None:
    """An environment as the step `install` leaves it, with the program of these sources."""
    program = home / "bin" / "stagewright"
    program.parent.mkdir(parents=True)
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m stagewright "$@"\n')
    program.chmod(0o755)
    (home / "complete").touch()


def runner(folder: Path, environ: Mapping[str, str]) -> Runner:
    """A new machine; those of one folder share workspace and caches, and have the same paths."""
    temp, workspace = folder / "temp", folder / "workspace"
    shutil.rmtree(temp, ignore_errors=True)
    for path in (temp, workspace, folder / "caches"):
        path.mkdir(parents=True, exist_ok=True)
    return Runner(temp, workspace, Caches(folder / "caches", folder), environ)
