"""`stagewright check` on a thousand templates, and check-jsonschema with our schema on the same."""

from __future__ import annotations

import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from tests.bench.editor import STAGE, seconds
from tests.bench.table import Row, show
from tests.e2e.editor import environment

SCHEMA = Path(__file__).parents[2] / "schemas" / "workflow-template.schema.json"
OURS = (sys.executable, "-m", "stagewright", "check", "--offline")
THEIRS = (sys.executable, "-m", "check_jsonschema", "--schemafile", str(SCHEMA))

STAGES = 6
RUNS = 3


def main() -> bool:
    """Measure and print; whether every aim was reached."""
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        few, many = root / "few", root / "many"
        files = write(few, 1_000)
        write(many, 10_000)
        ours, theirs = [], []
        for _ in range(RUNS):
            ours.append(_run(few, OURS))
            theirs.append(_run(few, (*THEIRS, *files)))
        few_took, many_took = statistics.median(ours), _run(many, OURS)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    rows = [
        Row(f"1,000 templates of {STAGES} stages", "s", few_took, most=3, of_ratio=False),
        Row("beside check-jsonschema", "s", few_took, statistics.median(theirs), most=1 / 5),
        Row("10,000 templates, beside ten times 1,000", "s", many_took, 10 * few_took, most=1.1),
        Row("peak memory of a process, of either program", "MiB", peak),
    ]
    return show("stagewright check --offline, from start to end of the process", "other", rows)


def write(folder: Path, count: int) -> list[str]:
    """Put so many templates, no two alike, into a workspace; their paths."""
    templates = folder / ".choragen" / "workflow-templates"
    templates.mkdir(parents=True)
    paths = []
    for number in range(count):
        path = templates / f"template-{number:05}.yaml"
        head = f'name: "bench-{number}"\ndisplayName: "Bench"\nversion: 1\nstages:\n'
        stages = (STAGE.format(n=number * STAGES + n) for n in range(STAGES))
        path.write_text(head + "".join(stages))
        paths.append(str(path))
    return paths


def _run(folder: Path, command: Sequence[str]) -> float:
    """Seconds that a command takes in `folder`, its start included; it must find nothing wrong."""
    begin = seconds()
    done = subprocess.run(command, cwd=folder, env=environment(folder), capture_output=True)
    took = seconds() - begin
    assert done.returncode == 0, done.stdout.decode()[-2000:]
    return took
