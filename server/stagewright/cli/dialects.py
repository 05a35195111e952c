"""`stagewright dialects`: the kinds of files that are read, and where in them a model stands."""

from __future__ import annotations

import json

from rich.console import Console
from rich.text import Text

from stagewright.cli import common
from stagewright.cli.terminal import console, fitted, room, say_json
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
    text.append(fitted(f"{dialect.name} ({dialect.id}{of})", room(out)), "bold")
    text.append(_indented(", ".join(describe.files(listed.dialects)), out))
    for way in describe.ways(dialect):
        text.append(_indented(str(way), out))
    if dialect.url:
        text.append(_indented(dialect.url, out), "dim")
    return text


def _indented(text: str, out: Console) -> str:
    """Text on as many further lines as the terminal needs."""
    shown = fitted(text, out.width - 2 if out.is_terminal else None)
    return "".join(f"\n  {line}" for line in shown.split("\n"))
