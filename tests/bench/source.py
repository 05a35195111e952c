"""Models' ends in real source: ours beside the three programs that look for nothing else.

All read the same packages, whole, as a user would call them. Every finding that says that a model
has ended or will end is counted, by place and name; of all together 200 are drawn, and those have
been read by hand (data/source_reading.tsv, whose head has the rule). `python -m tests.bench.source`
prints what is drawn and not read yet.
"""

from __future__ import annotations

import hashlib
import json
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain, zip_longest
from pathlib import Path

from tests.bench import peers, sources
from tests.bench.editor import seconds
from tests.bench.table import Row, show
from tests.e2e.editor import environment

READING = Path(__file__).parent / "data" / "source_reading.tsv"
SEED = "30 November"
DRAWN = 200
TRUE = "# true: "
ROUNDS = 3


@dataclass(frozen=True, order=True)
class Finding:
    """A model at a place: the path below the tree, the line from 1, the id without its provider."""

    path: str
    line: int
    name: str


Findings = frozenset[Finding]
Programs = Mapping[str, tuple[tuple[str, ...], Callable[[str], Findings]]]
"""By name: how it is run in the tree, and how its answer is read."""


def main() -> bool:
    """Measure and print; whether every aim was reached. Without the sources: what is missing."""
    try:
        tree = sources.tree()
        programs = _programs()
    except (sources.Missing, subprocess.CalledProcessError) as missing:
        print(f"Models' ends in real source: not measured. {missing}")
        print(
            "The packages come from the indexes that pip and npm are set up for; Git and npm too."
        )
        return True
    said, took, worked = _measure(tree, programs)
    fastest = min((name for name in programs if name != "ours"), key=lambda name: took[name][0])
    ratio = statistics.median(a / b for a, b in zip(took["ours"], took[fastest], strict=True))
    other = statistics.median(took[fastest])
    rows = [
        Row(f"whole process, beside {fastest}", "s", ratio * other, other, most=0.75),
        *(
            Row(f"whole process, beside {name}", "s", took["ours"][0], took[name][0])
            for name in programs
            if name not in ("ours", fastest)
        ),
        *(
            Row(f"processor time, beside {name}", "s", worked["ours"][0], worked[name][0])
            for name in programs
            if name != "ours"
        ),
        *_scores(said),
    ]
    return show("Models' ends in real source, whole processes", "peer", rows)


def _measure(
    tree: Path, programs: Programs
) -> tuple[dict[str, Findings], dict[str, list[float]], dict[str, list[float]]]:
    """What each says, and the seconds and the processor's seconds of each round, taken in turn.

    Those that take more than twice as long as the fastest peer run once.
    """
    said: dict[str, Findings] = {}
    took: dict[str, list[float]] = {name: [] for name in programs}
    worked: dict[str, list[float]] = {name: [] for name in programs}
    for path in tree.rglob("*"):  # into the system's cache, for the first as for the others
        if path.is_file():
            path.read_bytes()
    for number in range(ROUNDS):
        least = min((took[name][0] for name in programs if name != "ours" and number), default=0)
        for name, (command, read) in programs.items():
            if number and name != "ours" and took[name][0] > 2 * least:
                continue
            before, begin = _worked(), seconds()
            answer = _run(tree, command)
            took[name].append(seconds() - begin)
            worked[name].append(_worked() - before)
            said[name] = read(answer)
    return said, took, worked


def _run(tree: Path, command: tuple[str, ...]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        env = environment(Path(folder))
        ran = subprocess.run(command, cwd=tree, env=env, capture_output=True, text=True)
    assert ran.stdout, ran.stderr[-2000:]
    return ran.stdout


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _scores(said: Mapping[str, Findings]) -> list[Row]:
    """How many findings there are, and what the reading says of those that were drawn."""
    drawn = draw(frozenset().union(*said.values()))
    reading = read()
    right = {one for one in drawn if reading.get(one) is True}
    wrong = {one for one in drawn if reading.get(one) is False}
    ours, others = said["ours"], {name: one for name, one in said.items() if name != "ours"}
    rows = []
    for name, theirs in others.items():
        rows += [
            Row(f"findings, beside {name}", "", len(ours), len(theirs)),
            Row(
                f"true of {len(right)} read, beside {name}",
                "",
                len(ours & right),
                len(theirs & right),
            ),
            Row(
                f"false of {len(wrong)} read, beside {name}",
                "",
                len(ours & wrong),
                len(theirs & wrong),
            ),
        ]
    most = max(len(theirs & right) for theirs in others.values())
    fewest = min(len(theirs & wrong) for theirs in others.values())
    lost = max(0, most - len(ours & right))
    unread = len(drawn) - len(right) - len(wrong)
    return [
        *rows,
        Row("fewer true ones than the best peer", "", lost, most=0, of_ratio=False),
        Row("false ones, beside the peer with the fewest", "", len(ours & wrong), fewest, 0.99),
        Row(f"unread, of {DRAWN} drawn", "", unread, most=0, of_ratio=False),
    ]


def draw(pool: Findings) -> list[Finding]:
    """The packages in turn, each one's findings in an order that only the seed and itself decide.

    So no package outweighs the others, and a finding that comes or goes moves few of the rest.
    """
    by_package: dict[str, list[Finding]] = {}
    for one in sorted(pool, key=_rank):
        by_package.setdefault(one.path.partition("/")[0], []).append(one)
    turns = zip_longest(*(by_package[name] for name in sorted(by_package)))
    return [one for one in chain.from_iterable(turns) if one is not None][:DRAWN]


def _rank(one: Finding) -> bytes:
    return hashlib.sha256(f"{SEED} {one.path} {one.line} {one.name}".encode()).digest()


def read() -> dict[Finding, bool]:
    """The judgements that are kept."""
    lines = READING.read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    true = next(line for line in lines if line.startswith(TRUE)).removeprefix(TRUE).split(", ")
    return {Finding(path, int(line), name): kind in true for path, line, name, kind, *_ in rows}


def _programs() -> Programs:
    ours = (sys.executable, "-m", "stagewright", "check", "--offline", "--format", "json")
    reads: Mapping[str, Callable[[str], Findings]] = {
        "llm-sunset": lambda out: _findings(
            (one["path"], one["line"], one["match"]) for one in json.loads(out)["findings"]
        ),
        "model-retire": lambda out: _findings(
            (one["file"], one["line"], one["match"]) for one in json.loads(out)["findings"]
        ),
        "depdesk": lambda out: _findings(
            (place["path"], place["line"], one["identifier"])
            for one in json.loads(out)["findings"]
            if one["kind"] == "model"
            for place in one["locations"]
        ),
    }
    theirs = {name: (command, reads[name]) for name, command in peers.installed().items()}
    return {"ours": (ours, _ours), **theirs}


def _ours(out: str) -> Findings:
    return _findings(
        (one["path"], one["line"], one["model"]["model"])
        for one in json.loads(out)["findings"]
        if one["code"] in ("model-retired", "model-deprecated")
    )


def _findings(rows: Iterable[tuple[str, int, str]]) -> Findings:
    return frozenset(Finding(path, line, name.rpartition("/")[2]) for path, line, name in rows)


def _show_unread() -> None:
    """Rows for the reading, without a judgement, and the text of each one's line."""
    tree = sources.tree()
    said = [read_(_run(tree, command)) for command, read_ in _programs().values()]
    for one in draw(frozenset().union(*said)):
        if one not in read():
            text = (tree / one.path).read_text(encoding="utf-8", errors="replace")
            print(one.path, one.line, one.name, text.split("\n")[one.line - 1].strip(), sep="\t")


if __name__ == "__main__":
    _show_unread()
