"""`stagewright dialects`: the kinds of files that are read, and where in them a model stands."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console
from rich.text import Text

from stagewright.cli.terminal import console, fitted, say_json, warn
from stagewright.dialects import describe
from stagewright.dialects.describe import Listed
from stagewright.options import listed_dialects
from stagewright.settings import load

JSON_VERSION = 1


class Format(StrEnum):
    """How the dialects are written."""

    TEXT = "text"
    JSON = "json"


def dialects_command(
    format_: Annotated[Format, typer.Option("--format", help="Output format.")] = Format.TEXT,
) -> None:
    """List the kinds of files that are read, and where in them a model stands.

    Exit codes: 0 listed, 2 wrong usage.
    """
    settings, problems = load(None, os.environ)
    for problem in problems:
        warn(problem)
    found = listed_dialects(settings)
    if format_ is Format.JSON:
        report = {"version": JSON_VERSION, "dialects": [one.to_json() for one in found]}
        say_json(f"{json.dumps(report, indent=2, ensure_ascii=False)}\n")
        return
    out = console()
    for number, one in enumerate(found):
        out.print(_shown(one, out, first=number == 0), soft_wrap=True)


def _shown(listed: Listed, out: Console, *, first: bool) -> Text:
    """A format on a few lines: its name, its files, its places, and where more is to be read."""
    dialect = listed.dialects[0]
    of = ", your own" * listed.own + ", turned off" * (not listed.enabled)
    text = Text("" if first else "\n")
    text.append(_indented(f"{dialect.name} ({dialect.id}{of})", out), "bold")
    text.append(f"\n{_indented(', '.join(describe.files(listed.dialects)), out, 2)}")
    for way in describe.ways(dialect):
        text.append(f"\n{_indented(str(way), out, 2)}")
    if dialect.url:
        text.append(f"\n{_indented(dialect.url, out, 2)}", "dim")
    return text


def _indented(text: str, out: Console, indent: int = 0) -> str:
    """Text on as many lines as the terminal needs, each of them indented."""
    blank = " " * indent
    shown = fitted(text, out.width - indent) if out.is_terminal else text
    return "\n".join(f"{blank}{line}" for line in shown.split("\n"))
