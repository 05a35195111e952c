"""Real source to read: pinned packages from the indexes, unpacked side by side as in a repository.

Nothing of a package is run. To read a source distribution's metadata pip would run its build: it is
given an environment without any build backend, so that it stops there, and told to leave behind
what it has already verified and unpacked.
"""

from __future__ import annotations

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import venv
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PINS = Path(__file__).parent / "data"
BUILD = Path(__file__).parents[2] / "build" / "sources"
TREE = BUILD / "tree"

PIP = "download --quiet --disable-pip-version-check --no-clean --use-pep517 --no-deps"
PIP_SOURCES = "--no-build-isolation --no-binary :all: --require-hashes"

AT_ONCE = 4


class Missing(Exception):
    """A package could not be had; says which, and why."""


def tree() -> Path:
    """The folder that holds one folder for each package; raises `Missing`."""
    pins = [(PINS / name).read_text() for name in ("sources.txt", "sources-npm.txt")]
    stamp = BUILD / hashlib.sha256("".join(pins).encode()).hexdigest()[:16]
    if stamp.exists():
        return TREE
    shutil.rmtree(BUILD, ignore_errors=True)
    TREE.mkdir(parents=True)
    venv.create(BUILD / "empty", with_pip=False)
    # A repository of its own, or this one's .gitignore would hide all of it.
    subprocess.run(("git", "init", "--quiet", str(TREE)), check=True)
    python, node = (text.splitlines() for text in pins)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for _ in (*pool.map(_from_pip, python), *pool.map(_from_npm, node)):
            pass
    stamp.touch()
    return TREE


def _from_pip(pin: str) -> None:
    name = pin.partition("==")[0]
    python = BUILD / "empty" / ("Scripts" if os.name == "nt" else "bin") / "python"
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        (Path(folder) / "pin.txt").write_text(pin)
        command = [sys.executable, "-m", "pip", "--python", str(python), *PIP.split()]
        command += [*PIP_SOURCES.split(), "--dest", f"{folder}/none"]
        said = _run(
            [*command, "--requirement", f"{folder}/pin.txt"], os.environ | {"TMPDIR": folder}
        )
        unpacked = next(Path(folder).glob("pip-*/*/PKG-INFO"), None)
        if unpacked is None:
            raise Missing(f"{name}: {said}")
        shutil.move(unpacked.parent, TREE / name)


def _from_npm(pin: str) -> None:
    name, _, integrity = pin.partition(" ")
    with tempfile.TemporaryDirectory(dir=BUILD) as folder:
        pack = ["npm", "pack", "--silent", "--ignore-scripts", "--pack-destination", folder, name]
        said = _run(pack, os.environ)
        archive = next(Path(folder).glob("*.tgz"), None)
        if archive is None:
            raise Missing(f"{name}: {said}")
        digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
        if integrity != f"sha512-{digest}":
            raise Missing(f"{name}: its content is not the pinned one")
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
        # What is built from the sources beside it is in no repository.
        shutil.rmtree(Path(folder) / "package" / "dist", ignore_errors=True)
        shutil.move(
            Path(folder) / "package", TREE / name.rpartition("@")[0].strip("@").replace("/", "-")
        )


def _run(command: list[str], env: Mapping[str, str]) -> str:
    """The last line that a command writes when it fails."""
    try:
        ran = subprocess.run(command, env=env, capture_output=True, text=True)
    except FileNotFoundError:
        return f"{command[0]} is not installed"
    return (ran.stderr.strip().splitlines() or [f"{command[0]} ended with {ran.returncode}"])[-1]
