"""`python -m server.tools.size COMMIT`: how much the server has grown since a commit, and by what.

Lines of Python below server/stagewright, package by package, at the commit and at HEAD; then, with
`--commits`, by how many lines each commit between them changed that. `--without NAME` leaves a
package out and may be given more than once.
"""

from __future__ import annotations

import argparse
import subprocess
from collections import Counter
from functools import cache

from server.tools.writing import ROOT

SERVER = "server/stagewright/"


def main() -> None:
    """Print the table, and the list where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit")
    parser.add_argument("--without", action="append", default=[], metavar="NAME")
    parser.add_argument("--commits", action="store_true")
    asked = parser.parse_args()
    before, now = (_sizes(commit, asked.without) for commit in (asked.commit, "HEAD"))
    for package in sorted(before | now):
        _row(package, before[package], now[package])
    _row("all", before.total(), now.total())
    if asked.commits:
        _list(asked.commit, asked.without)


def _row(package: str, before: int, now: int) -> None:
    print(f"{package:12}{before:8,}{now:8,}{now - before:+8,}")


def _list(since: str, without: list[str]) -> None:
    size = _sizes(since, without).total()
    for line in _git(
        "log", "--reverse", "--no-merges", "--format=%h %s", f"{since}.."
    ).splitlines():
        before, size = size, _sizes(line.split()[0], without).total()
        if size != before:
            print(f"{size - before:+8,}  {line}")


def _sizes(commit: str, without: list[str]) -> Counter[str]:
    """Lines by package at a commit; modules beside the packages count as `.`."""
    sizes: Counter[str] = Counter()
    for entry in _git("ls-tree", "-r", commit, SERVER).splitlines():
        facts, path = entry.split("\t")
        folders = path.removeprefix(SERVER).split("/")
        package = folders[0] if len(folders) > 1 else "."
        if path.endswith(".py") and package not in without:
            sizes[package] += _lines(facts.split()[2])
    return sizes


@cache
def _lines(blob: str) -> int:
    return _git("cat-file", "blob", blob).count("\n")


def _git(*command: str) -> str:
    return subprocess.run(
        ["git", *command], cwd=ROOT, capture_output=True, check=True, encoding="utf-8"
    ).stdout


if __name__ == "__main__":
    main()
