"""How a conversation looks in the terminal: badges, messages, stages, models, short notes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.rule import Rule
from rich.text import Text

from stagewright.catalog.catalog import Catalog, Standing, Status
from stagewright.catalog.effective import Effective, Origin
from stagewright.catalog.model import ModelReference
from stagewright.cli.markdown import MarkdownStream, fits
from stagewright.cli.table import lines
from stagewright.cli.terminal import fitted, room
from stagewright.foreign import printable
from stagewright.workflows.context import Context, said_in
from stagewright.workflows.requests import ADHOC
from stagewright.workflows.sending import not_configured
from stagewright.workflows.state import Message, Workflow

RECENT = 6
"""Messages shown when a workflow is gone on with."""

MODELS_SHOWN = 8
"""Of each provider; completion knows them all."""

_REASONING = 60
"""Characters of an answer's reasoning that are shown."""

_PIECES = re.compile(r"\n|[^\S\n]+|\S+")


def note(out: Console, sentence: str) -> None:
    """Something worth knowing."""
    say(out, sentence, "dim")


def problem(out: Console, sentence: str) -> None:
    """Something that did not work."""
    say(out, sentence, "red")


def say(out: Console, sentence: str, style: str = "") -> None:
    """A sentence, broken between words at a terminal and left whole elsewhere."""
    if sentence:
        out.print(Text(fitted(printable(sentence), room(out)), style=style), soft_wrap=True)


def badge(model: ModelReference, origin: Origin | None) -> Text:
    """Which model speaks, and why it is this one."""
    return Text.assemble(
        (f" {printable(str(model))} ", "bold black on cyan"),
        (f" {origin.words}" if origin else "", "dim"),
    )


def show_effective(out: Console, effective: Effective) -> None:
    """The model that answers next."""
    if effective.model is None:
        note(
            out,
            "No model is set for this stage: choose one with /model. It also answers in later "
            "stages that name none.",
        )
    else:
        out.print(badge(effective.model, effective.origin))


class Streamed:
    """An answer's text as it comes, broken between words where the terminal's line ends."""

    def __init__(self, out: Console) -> None:
        self._out = out
        self._column = 0
        self._held = ""  # the last word so far: its end may be still to come

    def write(self, text: str) -> None:
        """Show some more of it."""
        pieces = _PIECES.findall(self._held + printable(text))
        self._held = pieces.pop() if pieces and not pieces[-1].isspace() else ""
        self._show(pieces)

    def end(self) -> None:
        """Show what was held back, and end the line."""
        self._show([self._held, "\n"])
        self._held = ""

    def _show(self, pieces: list[str]) -> None:
        text = "".join(pieces)
        if self._out.is_terminal:
            text, self._column = wrapped(pieces, self._column, self._out.width)
        self._out.print(Text(text), end="", soft_wrap=True)


AnswerStream = Streamed | MarkdownStream


def answer_stream(out: Console) -> AnswerStream:
    """How an answer is shown here: rendered in a terminal, as it is in a file or a pipe."""
    return MarkdownStream(out) if fits(out) else Streamed(out)


def wrapped(pieces: Iterable[str], column: int, width: int) -> tuple[str, int]:
    """Words, blanks and line ends, broken between words at `width` cells from `column` on.

    Returns the text and the column after it. What is wider than a line is left to the terminal.
    """
    shown = []
    for piece in pieces:
        cells = cell_len(piece)
        if piece == "\n":
            column = 0
        elif column > 0 and column + cells > width:
            shown.append("\n")
            if piece.isspace():
                column = 0
                continue
            column = cells
        else:
            column += cells
        shown.append(piece)
    return "".join(shown), column


def show_stage(
    out: Console, workflow: Workflow, title: str, effective: Effective, context: Context
) -> None:
    """The head of a stage: where one is, what it is about, who answers, what is seen of earlier
    stages, what its gate asks."""
    stage = workflow.stage
    if stage is None:
        return
    place = f"{workflow.current_stage + 1}/{len(workflow.stages)}"
    out.print(Rule(Text(printable(f"{place} {stage.name} ({stage.type})")), align="left"))
    about = [] if workflow.request_id == ADHOC else [workflow.request_id, title]
    facts = dict.fromkeys([workflow.id, workflow.template, *about])
    note(out, " · ".join(filter(None, facts)))
    show_effective(out, effective)
    if workflow.current_stage:  # before the first there is nothing to be seen
        show_context(out, context)
    for message in workflow.messages:
        switched = (message.metadata or {}).get("type") == "model_switch"
        is_here = message.stage_index == workflow.current_stage
        if is_here and message.role == "system" and not switched:
            note(out, message.content)


def prompt(out: Console, stage: str) -> str:
    """What stands before a line that is typed: the stage, cut where it would take the line."""
    name = printable(stage)
    most = max(out.width // 2, 8)
    return f"{name if cell_len(name) <= most else set_cell_size(name, most - 1) + '…'} › "


def show_context(out: Console, context: Context) -> None:
    """What is seen of earlier stages, and what of them is not sent."""
    note(out, context.words[:1].upper() + context.words[1:])
    for sentence in context.notes:
        note(out, sentence)


def show_recent(out: Console, workflow: Workflow) -> None:
    """What was said last in the current stage."""
    said = said_in(workflow, workflow.current_stage)
    if len(said) > RECENT:
        note(out, f"{len(said) - RECENT} earlier messages: /open shows them all.")
    for message in said[-RECENT:]:
        show_message(out, message)


def show_message(out: Console, message: Message) -> None:
    """One message under the name of who spoke."""
    reference = message.model.reference if message.model else None
    if message.role in ("human", "system") or reference is None:
        out.print(Text("you" if message.role == "human" else message.role, style="bold"))
    else:
        out.print(badge(reference, None))
    text = Streamed(out) if message.role in ("human", "system") else answer_stream(out)
    text.write(message.content)
    text.end()
    show_reasoning(out, message)
    if isinstance(text, Streamed):
        out.print()


def show_reasoning(out: Console, message: Message) -> None:
    """That there was reasoning, in a short line."""
    reasoning = (message.metadata or {}).get("reasoning")
    if isinstance(reasoning, str) and reasoning.strip():
        words = " ".join(reasoning[:_REASONING].split())
        more = "…" if len(reasoning) > _REASONING else ""
        note(out, f"Reasoning: {words}{more} ({len(reasoning):,} characters; /open shows it)")


def show_stages(out: Console, workflow: Workflow) -> None:
    """All stages, the current one marked."""
    rows = []
    for index, stage in enumerate(workflow.stages):
        default = stage.default_model.reference if stage.default_model else None
        mark = "▸ " if index == workflow.current_stage else "  "
        facts = (stage.type, stage.gate.type, str(default or ""))
        rows.append([printable(cell) for cell in (mark + stage.name, stage.status, *facts)])
    for line in lines(rows, room(out)):
        here = line.startswith("▸")
        out.print(Text(line, style="bold" if here else ""), soft_wrap=True)


def show_models(out: Console, catalog: Catalog) -> None:
    """What can be chosen now, and why nothing of the other providers can."""
    keys, others = [], []
    for provider in catalog.askable:
        if provider.status is Status.NOT_CONFIGURED:
            if provider.key_variable and not provider.error:
                keys.append(f"{provider.id} ({provider.key_variable})")
            else:
                others.append(provider.id)
            continue
        usable = [model.id for _, model in catalog.usable(provider.id)]
        out.print(Text(provider.name, style="bold"))
        if provider.error is not None:
            note(out, f"  {provider.error}")
        for model_id in usable[:MODELS_SHOWN]:
            out.print(Text(printable(f"  {provider.id}/{model_id}")), soft_wrap=True)
        if len(usable) > MODELS_SHOWN:
            note(out, f"  and {len(usable) - MODELS_SHOWN} more")
    if keys:
        note(out, f"Without a key: {', '.join(keys)}.")
        note(out, "Put one into its variable and start again to use that provider.")
    if others:
        note(out, f"Not set up or turned off: {', '.join(others)}.")


def show_commands(out: Console, commands: Mapping[str, tuple[str, str]]) -> None:
    """What can be typed: each command's argument and meaning."""
    rows = [
        (f"{name} {argument}".rstrip(), meaning) for name, (argument, meaning) in commands.items()
    ]
    for line in lines(rows, room(out)):
        out.print(Text(line), soft_wrap=not out.is_terminal)


def summary(message: Message) -> str:
    """What is worth knowing of an answer that has just ended."""
    metadata: Mapping[str, Any] = message.metadata or {}
    parts = []
    resolved = metadata.get("resolvedModel")
    if resolved and resolved != metadata.get("requestedModel"):
        parts.append(f"answered by {resolved}")
    match metadata.get("usage"):
        case {"inputTokens": int(asked), "outputTokens": int(answered)}:
            parts.append(f"{asked:,} + {answered:,} tokens")
    match metadata.get("timings"):
        case {"totalMs": int(total)}:
            parts.append(f"{total / 1000:.1f} s")
    return " · ".join(parts)


def doubt(catalog: Catalog, reference: ModelReference) -> str | None:
    """What the catalogue knows against a model that was chosen."""
    near = [str(found) for found in catalog.nearest(reference)]
    hint = f" Near it: {', '.join(near)}." if near else ""
    provider = catalog.provider(reference.provider)
    name = provider.name if provider else reference.provider
    match catalog.verdict(reference, now=datetime.now(UTC)).standing:
        case Standing.UNAVAILABLE:
            return f"{name} says that it has no model `{reference.model}`.{hint}"
        case Standing.UNLISTED:
            return f"`{reference.model}` is not in {name}'s list of models.{hint}"
        case Standing.RETIRED:
            return f"`{reference.model}` has been retired.{hint}"
        case Standing.UNRECOGNIZED:
            meant = [str(found) for found in catalog.meant(reference)]
            return f"No such model is known. Did you mean {' or '.join(meant)}?"
        case Standing.NOT_CHAT:
            return "This is not a chat model."
        case _ if provider is None or provider.status is Status.NOT_CONFIGURED:
            return not_configured(catalog, reference).message
        case _:
            return None
