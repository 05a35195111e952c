"""Finding the files that name models: in a folder of 20,000, and for each file that is opened."""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.bench.editor import seconds
from tests.bench.table import Row, show

from stagewright.dialects.registry import Dialects
from stagewright.workspace import claim, search

FOLDERS, FILES = 400, 50
ENDINGS = ("py", "ts", "md", "yaml", "json", "txt")
IGNORED = "*.log\nbuild/\n/dist\n.env\n__pycache__/\n*.py[co]\nnode_modules\n*.tmp\n!keep\n"
TEXT = "key:\n  - value: 1\n" * 6_000
RUNS = 5


def main() -> bool:
    """Measure and print; whether every aim was reached."""
    known = Dialects()
    claim(Path("/first"), known)  # reads the dialects
    with tempfile.TemporaryDirectory() as name:
        root = Path(name).resolve()
        write(root)
        searched = _median(lambda: search(root, known))
    names = ("src/main.py", "data/values.yaml", "deploy/config.yaml", "package.json", "docs/a.md")
    opened = max(_median(partial(claim, Path("/w") / one, known, head=TEXT)) for one in names)
    rows = [
        Row(f"{FOLDERS * FILES:,} files, half of them YAML, JSON or Markdown", "s", searched),
        Row("whose a file of 100 KB is", "ms", opened * 1_000, most=1, of_ratio=False),
    ]
    return show("finding the files that name models", "other", rows)


def write(root: Path) -> None:
    """Put that many files, of which none names a model, into a repository."""
    (root / ".git").mkdir()
    (root / ".gitignore").write_text(IGNORED)
    for folder in range(FOLDERS):
        inside = root / f"package-{folder % 20}" / f"part-{folder}"
        inside.mkdir(parents=True)
        for file in range(FILES):
            (inside / f"file-{file}.{ENDINGS[file % len(ENDINGS)]}").touch()


def _median(work: Callable[[], object]) -> float:
    """Seconds that work takes."""
    took = []
    for _ in range(RUNS):
        begin = seconds()
        work()
        took.append(seconds() - begin)
    return statistics.median(took)
