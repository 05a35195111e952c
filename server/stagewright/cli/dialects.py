"""`stagewright dialects`: the kinds of files that are read, and where in them a model stands."""

from __future__ import annotations

import json

from rich.console import Console
from rich.text import Text

from stagewright.cli import common
from stagewright.cli.terminal import console, fitted, say_json
from stagewright.dialects import describe
from stagewright.dialects.describe import Listed
from stagewright.options import listed_dialects

JSON_VERSION = 1


def dialects_command(format_: common.TextOrJson = "text") -> None:
    """List the kinds of files that are read, and where in them a model stands.

    Exit codes: 0 listed, 2 wrong usage.
    """
    found = listed_dialects(common.settings())
    if format_ == "json":
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
