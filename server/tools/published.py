"""`python -m server.tools.published`: the version and the repository's address, everywhere.

The version is `__version__` of the package, the address `project.urls.Repository` of
pyproject.toml: these two are changed by hand, and `make docs` writes them into everything else,
with `--check` only compares. `--release TAG REPOSITORY` says what keeps this from being released
under that tag of that repository (`owner/name`).
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path

from server.tools.writing import ROOT, write

PLACEHOLDER = "YOUR_ORG"
"""The owner until there is one. It has an underscore, so nobody on GitHub can have that name."""

PAGES = (
    "README.md",
    "action.yml",
    "client-vscode/README.md",
    "server/docs",
    "server/stagewright/docs",
)
"""Files, and folders of them, that show how this repository is used."""

CHANGES = ("server/CHANGELOG.md", "client-vscode/CHANGELOG.md")

_VERSION = r"\d+\.\d+\.\d+[\w.-]*"
_IN_PAGES = (
    # (what it is, what stands there)
    (r"(?<=github\.com/)[\w.-]+/stagewright\b", "{repository}"),
    (r"(?<=uses: )[\w.-]+/stagewright(?=@)", "{repository}"),
    (rf"(?<=/stagewright@)v{_VERSION}", "v{version}"),
    (rf'(?<="generator": "Stagewright ){_VERSION}', "{version}"),
    (rf"(/stagewright\n[+ ]*rev: )v{_VERSION}", r"\g<1>v{version}"),
)
_IN_MANIFEST = (
    (rf'(?<=\n  "version": "){_VERSION}', "{version}"),
    (r"(?<=github\.com/)[\w.-]+/stagewright\b", "{repository}"),
)
_IN_LOCK = ((rf'(?<="name": "stagewright",\n)( +"version": "){_VERSION}', r"\g<1>{version}"),)


def version() -> str:
    """The version of everything that is published."""
    text = (ROOT / "server/stagewright/__init__.py").read_text("utf-8")
    [found] = re.findall(rf'^__version__ = "({_VERSION})"$', text, re.MULTILINE)
    return str(found)


def repository() -> str:
    """`owner/name`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return str(project["urls"]["Repository"]).removeprefix("https://github.com/")


def rewritten(text: str, rules: Sequence[tuple[str, str]]) -> str:
    """A text with the version and the address in all the places that the rules find."""
    for pattern, stands in rules:
        text = re.sub(pattern, stands.format(version=version(), repository=repository()), text)
    return text


def pages() -> Iterator[Path]:
    """The files that show how this repository is used."""
    for name in PAGES:
        path = ROOT / name
        if path.is_dir():
            yield from sorted(p for p in path.rglob("*") if p.suffix in (".md", ".yml", ".yaml"))
        else:
            yield path


def obstacles(tag: str, where: str) -> Iterator[str]:
    """What keeps this from being released under a tag of a repository, in sentences."""
    if tag != f"v{version()}":
        yield f"The tag is `{tag}`, but the version is {version()}: the tag must be `v{version()}`."
    if where != repository():
        yield (
            f"This repository is `{where}`, but pyproject.toml names `{repository()}`: correct "
            "`project.urls.Repository` there, and run `make docs`."
        )
    for name in CHANGES:
        if f"\n## {version()}\n" not in (ROOT / name).read_text("utf-8"):
            yield f"{name} has no section `## {version()}`."


def main(arguments: Sequence[str]) -> int:
    """Write, compare, or say what keeps this from being released; 1 where something is wrong."""
    if "--release" in arguments:
        found = list(obstacles(*arguments[arguments.index("--release") + 1 :]))
        print("\n".join(found) or f"Ready to be released: {version()}.", file=sys.stderr)
        return 1 if found else 0
    files = dict.fromkeys(pages(), _IN_PAGES) | {
        ROOT / "pyproject.toml": _IN_PAGES,
        ROOT / "client-vscode/package.json": _IN_MANIFEST,
        ROOT / "client-vscode/package-lock.json": _IN_LOCK,
    }
    made = {path: rewritten(path.read_text("utf-8"), rules) for path, rules in files.items()}
    return write(made, arguments)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
