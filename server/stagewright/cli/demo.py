"""`stagewright demo`: the main job on sample templates, by the real server, over stdio.

Everything shown is what the server answered; nothing is prepared. It runs without a key and without
a network: models come from the program's own dated knowledge and from the built-in rehearsal
provider, which says of itself that it is one.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from stagewright.catalog.effective import Origin
from stagewright.cli import terminal
from stagewright.cli.frames import frame
from stagewright.cli.rpc import Client, RequestRefused, ServerGone
from stagewright.folders import CONFIG_VARIABLE
from stagewright.text.buffer import Position, Span

SAMPLES = Path(__file__).parents[1] / "samples"

SEVERITIES = {1: "error", 2: "warning", 3: "information", 4: "hint"}

HIDDEN = ("_API_KEY", "_TOKEN", "_BASE_URL", "_HOST")
"""Endings of the variables that would let a provider be asked; the demo has none of them."""

CAPABILITIES = {
    "general": {"positionEncodings": ["utf-32"]},
    "textDocument": {"completion": {"completionItem": {"snippetSupport": True}}},
}

OFFERS_SHOWN = 6

CHOICES = {
    "request": ("rehearsal", "rehearsal-1"),
    "implementation": ("anthropic", "claude-3-opus-20240229"),
    "verification": ("antropic", "claude-opus-4-8"),
    "completion": ("openai", ""),
}
"""What the demo types as `defaultModel` into stages of the standard template: good and bad."""


def run_demo() -> None:
    """Show completion, diagnostics, a chat that switches its model, and what was saved."""
    out = terminal.console()
    with tempfile.TemporaryDirectory(prefix="stagewright-demo-") as name:
        folder = Path(name).resolve()
        templates = folder / ".choragen" / "workflow-templates"
        templates.mkdir(parents=True)
        for sample in SAMPLES.glob("*.yaml"):
            shutil.copy(sample, templates)
        command = (sys.executable, "-P", "-m", "stagewright", "server")
        try:
            with Client(command, _environment(folder)) as client:
                _show(out, client, folder, templates / "team-standard.yaml")
        except (ServerGone, RequestRefused) as error:
            out.print(Text(f"The demo could not be finished: {error}", style="bold red"))
            raise SystemExit(1) from None


def _environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.endswith(HIDDEN)}
    config = folder / "config.toml"
    config.touch()
    return kept | {
        "STAGEWRIGHT_REHEARSAL": "1",
        "STAGEWRIGHT_CACHE_DIR": str(folder / "cache"),
        CONFIG_VARIABLE: str(config),
    }


def _show(out: Console, client: Client, folder: Path, template: Path) -> None:
    client.request(
        "initialize",
        {"processId": os.getpid(), "rootUri": folder.as_uri(), "capabilities": CAPABILITIES},
    )
    client.notify("initialized", {})
    text = template.read_text(encoding="utf-8")
    for stage, (provider, model) in CHOICES.items():
        text = _with_default_model(text, stage, provider, model)
    uri = template.as_uri()
    document = {"uri": uri, "languageId": "yaml", "version": 1, "text": text}
    client.notify("textDocument/didOpen", {"textDocument": document})
    lines = text.splitlines()

    out.print(Rule("1  Completing a model", align="left", style="bold"))
    place, chosen = _complete(out, client, uri, lines)
    lines[place] += chosen
    behind = {"line": place, "character": len(lines[place]) - len(chosen)}
    change = {"range": {"start": behind, "end": behind}, "text": chosen}
    client.notify(
        "textDocument/didChange",
        {"textDocument": {"uri": uri, "version": 2}, "contentChanges": [change]},
    )
    out.print(Rule("2  What is wrong, where, and what to do", align="left", style="bold"))
    _diagnose(out, client, uri, lines, template.relative_to(folder))
    out.print(Rule("3  A stage chat that switches its model", align="left", style="bold"))
    view = client.command("stagewright.chat.start", {"uri": uri})
    workflow = str(view["workflow"]["id"])
    _turn(out, client, workflow, "What should this request settle first?", None)
    other = {"provider": "rehearsal", "model": "rehearsal-2"}
    _turn(out, client, workflow, "And what would you say to that?", other)
    out.print(Rule("4  What was saved, and under which model", align="left", style="bold"))
    view = client.command("stagewright.workflow.get", {"workflowId": workflow})
    _saved(out, view["workflow"], folder)


def _with_default_model(text: str, stage: str, provider: str, model: str) -> str:
    """The text with a `defaultModel` under the stage's type, as an editor's user would write it."""
    start = text.index(f'  - name: "{stage}"\n')
    line_end = text.index("\n", text.index("    type:", start)) + 1
    written = f" {model}" if model else ""
    block = f"    defaultModel:\n      provider: {provider}\n      model:{written}\n"
    return text[:line_end] + block + text[line_end:]


def _complete(out: Console, client: Client, uri: str, lines: list[str]) -> tuple[int, str]:
    """Ask behind the empty `model:`; the line, and what accepting the first model writes there."""
    line = lines.index("      model:")
    position = {"line": line, "character": len(lines[line])}
    place = {"textDocument": {"uri": uri}, "position": position}
    answer = client.request("textDocument/completion", place)
    while answer["isIncomplete"] and not answer["items"]:  # it is still learning; editors ask again
        client.notification("stagewright/models/changed")
        answer = client.request("textDocument/completion", place)
    for number in range(line - 4, line + 1):
        cursor = ("▏", "bold cyan") if number == line else ""
        out.print(Text.assemble("  ", lines[number], cursor))
    offers = answer["items"]
    shown = offers[:OFFERS_SHOWN]
    width = max((cell_len(item["label"]) for item in shown), default=0)
    for item in shown:
        label = set_cell_size(item["label"], width)
        said = Text.assemble("        ", (label, "cyan"), (f"    {item.get('detail', '')}", "dim"))
        out.print(said, soft_wrap=True)
    if len(offers) > OFFERS_SHOWN:
        out.print(Text(f"        ... and {len(offers) - OFFERS_SHOWN} more", style="dim"))
    out.print()
    # The first row can be about a missing key: it inserts nothing.
    return line, next(new for item in offers if (new := str(item["textEdit"]["newText"])))


def _diagnose(out: Console, client: Client, uri: str, lines: list[str], shown: Path) -> None:
    published = client.notification(
        "textDocument/publishDiagnostics",
        lambda params: params["uri"] == uri and params["version"] == 2,
    )
    for diagnostic in published["diagnostics"]:
        start, end = diagnostic["range"]["start"], diagnostic["range"]["end"]
        actions = client.request(
            "textDocument/codeAction",
            {
                "textDocument": {"uri": uri},
                "range": diagnostic["range"],
                "context": {"diagnostics": [diagnostic], "only": ["quickfix"]},
            },
        )
        obvious = [
            one["title"]
            for one in actions
            if one["diagnostics"] == [diagnostic] and one.get("isPreferred")
        ]
        out.print(
            frame(
                place=str(shown),
                line=lines[start["line"]],
                span=Span(
                    Position(start["line"], start["character"]),
                    Position(end["line"], end["character"]),
                ),
                severity=SEVERITIES[diagnostic["severity"]],
                code=str(diagnostic["code"]),
                message=str(diagnostic["message"]),
                helps=obvious,
            ),
            soft_wrap=True,
        )


def _turn(
    out: Console, client: Client, workflow: str, content: str, model: Mapping[str, str] | None
) -> None:
    out.print(Text.assemble(("  you  ", "bold"), content))
    client.command(
        "stagewright.chat.send",
        {"workflowId": workflow, "content": content} | ({"model": model} if model else {}),
    )
    started = client.notification("stagewright/chat/started")
    out.print(_badge(started["model"], started["origin"]))
    while True:
        message = client.any_notification(
            "stagewright/chat/delta", "stagewright/chat/finished", "stagewright/chat/failed"
        )
        payload = message["params"]
        if message["method"] == "stagewright/chat/delta":
            out.print(Text(payload["text"]), end="", soft_wrap=True)
            continue
        if message["method"] == "stagewright/chat/failed":
            out.print(Text(payload["message"], style="red"), end="")
        out.print("\n")
        return


def _saved(out: Console, workflow: Mapping[str, Any], folder: Path) -> None:
    path = Path(".choragen") / "workflows" / f"{workflow['id']}.json"
    size = (folder / path).stat().st_size
    out.print(Text(f"  {path}, {size:,} bytes\n", style="dim"))
    table = Table(box=None, padding=(0, 1, 0, 2), header_style="dim", expand=True)
    table.add_column("role", no_wrap=True)
    table.add_column("model", no_wrap=True, min_width=len("rehearsal/rehearsal-2"))
    table.add_column("content", no_wrap=True, overflow="ellipsis", ratio=1)
    for message in workflow["messages"]:
        model = message.get("model")
        named = f"{model['provider']}/{model['model']}" if model else "-"
        content = " ".join(str(message["content"]).split())
        table.add_row(str(message["role"]), Text(named, style="bold cyan"), Text(content))
    out.print(table)


def _badge(model: Mapping[str, str], origin: str) -> Text:
    return Text.assemble(
        "  ",
        (f" {model['provider']}/{model['model']} ", "bold black on cyan"),
        (f" {Origin(origin).words}", "dim"),
    )
