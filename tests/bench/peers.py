"""Ends of models beside the programs that look for nothing else, on one set of files.

The files name every model on whose last day at least two public tables agree, and as many again of
which no table knows an end. The peers are installed into an environment of their own.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.table import Row, show
from tests.catalog.test_retirements import AGREED
from tests.e2e.editor import environment

ENVIRONMENT = Path(__file__).parents[2] / "build" / "peers"
PACKAGES = ("llm-sunset==0.3.1", "bydtech-model-retire==0.1.1", "depdesk==0.3.0")
PROVIDERS = ("openai", "anthropic", "gemini", "groq", "mistral", "cohere", "xai")
"""Those that the peers know as the providers' own, rather than clouds that serve the same ids."""

SHARE = 40  # stages to a file


@dataclass(frozen=True)
class Found:
    """What a program says of one model."""

    day: str | None
    successor: bool


Answer = Mapping[str, Found]
"""By the id of a model; ids are of one provider alone here."""


def main() -> bool:
    """Measure and print; whether every aim was reached."""
    ends = {one.model: day for one, day in AGREED.items() if day and one.provider in PROVIDERS}
    known = [one for one, day in AGREED.items() if day is None and one.provider in PROVIDERS]
    free = [one for one in known if one.model not in ends][: len(ends)]
    named = [one for one, day in AGREED.items() if day and one.provider in PROVIDERS]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        files = _write(folder, [(one.provider, one.model) for one in (*named, *free)])
        ours = _ours(folder, files)
        peers = {peer: read(_run(folder, command)) for peer, (command, read) in _peers().items()}
    accused = {one.model for one in free}
    counts: Mapping[str, Callable[[Answer], int]] = {
        f"found, of {len(ends)}": lambda said: sum(one in said for one in ends),
        "of these with a successor": lambda said: _followed(said, ends),
        "wrong days": lambda said: _wrong(said, ends),
        f"accused, of {len(free)} without an end": lambda said: len(accused & said.keys()),
    }
    rows = [
        Row(f"{what}, beside {peer}", "", count(ours), count(theirs))
        for peer, theirs in peers.items()
        for what, count in counts.items()
    ]
    best = max(sum(one in said for one in ends) for said in peers.values())
    lost = {
        one
        for said in peers.values()
        for one in ends
        if one in said and said[one].successor and not (one in ours and ours[one].successor)
    }
    rows += [
        Row("fewer found than by the best", "", max(0, best - sum(one in ours for one in ends)),
            None, 0, False),
        Row("wrong days and wrongly accused", "", _wrong(ours, ends) + len(accused & ours.keys()),
            None, 0, False),
        Row("without a successor that a peer names", "", len(lost), None, 0.02 * len(ends), False),
    ]  # fmt: skip
    return show("Ends of models, offline, in one set of files", "peer", rows)


def _followed(said: Answer, ends: Mapping[str, Any]) -> int:
    return sum(one in said and said[one].successor for one in ends)


def _wrong(said: Answer, ends: Mapping[str, Any]) -> int:
    return sum(one in said and said[one].day != day.isoformat() for one, day in ends.items())


def _write(folder: Path, named: Sequence[tuple[str, str]]) -> list[str]:
    """Templates that name these models; their paths."""
    files = []
    for start in range(0, len(named), SHARE):
        stages = "".join(
            f"  - name: stage-{number}\n    type: review\n    gate:\n      type: auto\n"
            f"    defaultModel:\n      provider: {provider}\n      model: {json.dumps(model)}\n"
            for number, (provider, model) in enumerate(named[start : start + SHARE])
        )
        path = folder / f"template-{start // SHARE:02}.yaml"
        path.write_text(f"name: bench\ndisplayName: Bench\nversion: 1\nstages:\n{stages}")
        files.append(str(path))
    return files


def _ours(folder: Path, files: Iterable[str]) -> Answer:
    command = (sys.executable, "-m", "stagewright", "check", "--offline", "--format", "json")
    said = json.loads(_run(folder, (*command, *files), environment(folder)))
    return {
        one["model"]["model"]: Found(_day_in(one["message"]), "successor" in one["message"])
        for one in said["findings"]
        if one["code"] in ("model-retired", "model-deprecated")
    }


def _day_in(message: str) -> str | None:
    """The day that a message tells: behind "on" or "about"."""
    found = re.search(r"\b(?:on|about) (20\d\d-\d\d-\d\d)", message)
    return found and found[1]


Read = Callable[[str], Answer]


def installed() -> dict[str, tuple[str, ...]]:
    """How each peer is run over the working folder; raises CalledProcessError without an index.

    Each says all that has ended or will end, whenever that is, as JSON.
    """
    bin_ = ENVIRONMENT / "bin"
    if not (bin_ / "depdesk").exists():
        subprocess.run((sys.executable, "-m", "venv", str(ENVIRONMENT)), check=True)
        install = (str(bin_ / "pip"), "install", "--quiet", "--no-deps", *PACKAGES)
        subprocess.run(install, check=True)
    commands = (
        "llm-sunset scan . --format json --offline --warn-within -1 --no-fail",
        "model-retire . --format json",
        "depdesk check . --json --no-unknown",
    )
    split = [command.split() for command in commands]
    return {name: (str(bin_ / name), *options) for name, *options in split}


def _peers() -> dict[str, tuple[tuple[str, ...], Read]]:
    """How each is run over the working folder, and how its answer is read."""
    commands = installed()
    return {
        "llm-sunset": (
            commands["llm-sunset"],
            lambda out: {
                one["model_id"]: Found(one["shutdown_date"], bool(one["replacements"]))
                for one in json.loads(out)["findings"]
            },
        ),
        "model-retire": (
            commands["model-retire"],
            lambda out: {
                one["id"]: Found(one["retires_on"], bool(one["replacement"]))
                for one in json.loads(out)["findings"]
            },
        ),
        "depdesk": (commands["depdesk"], _depdesk),
    }


def _depdesk(out: str) -> Answer:
    return {
        one["identifier"]: Found(one["retires_on"], bool(one["replacement"]))
        for one in json.loads(out)["findings"]
    }


def _run(folder: Path, command: Sequence[str], env: Mapping[str, str] | None = None) -> str:
    """What a command prints; such programs end with other codes than 0 when they find something."""
    ran = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True)
    assert ran.stdout, ran.stderr[-2000:]
    return ran.stdout
