"""What can be done in an open transcript, as code lenses and code actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from stagewright.catalog.catalog import Catalog
from stagewright.catalog.effective import Origin
from stagewright.foreign import label
from stagewright.lsp.chats.scene import Scene, alternatives, look
from stagewright.lsp.chats.session import ChatSession
from stagewright.lsp.shapes import JsonObject
from stagewright.workflows.context import MODE_WORDS
from stagewright.workflows.lifecycle import hooks_on_leaving, waits_for
from stagewright.workflows.state import Stage
from stagewright.workflows.transcript_reading import TranscriptAction, places

_COMMANDS = {
    "switch-model": "switchModel",
    "approve-gate": "approveGate",
    "pause": "setStatus",
    "resume": "setStatus",
    "context": "setContext",
}
"""By the action: the command's last word, where it is another."""


@dataclass(frozen=True, slots=True)
class TranscriptCommand:
    """One thing to do: a command with its argument."""

    title: str
    action: str  # as its place has it
    argument: JsonObject


async def lenses(chat: ChatSession, uri: str) -> list[types.CodeLens]:
    """A code lens for each thing that can be done, where it belongs."""
    try:
        scene = await look(chat, uri)
    except JsonRpcException:
        return []
    return [
        types.CodeLens(range=scene.opened.range(place.span), command=_command(offer))
        for place in places(scene.document, scene.workflow, running=scene.running is not None)
        if not place.quiet
        for offer in _offers(scene, place)
    ]


async def actions(chat: ChatSession, uri: str) -> list[types.CodeAction]:
    """A code action for each thing that can be done, wherever the cursor is.

    Nothing is asked behind them: each model to switch to has its own, and what is to be confirmed
    stands in the title.
    """
    try:
        scene = await look(chat, uri)
    except JsonRpcException:
        return []
    found = places(scene.document, scene.workflow, running=scene.running is not None)
    offers = [
        offer
        for place in sorted(found, key=lambda place: place.action == "switch-model")
        for offer in (
            _switches(scene, chat.session.catalog)
            if place.action == "switch-model"
            else (_confirmed(scene, offer) for offer in _offers(scene, place))
        )
    ]
    return [
        types.CodeAction(
            title=label(offer.title), kind=f"stagewright.{offer.action}", command=_command(offer)
        )
        for offer in offers
    ]


def _offers(scene: Scene, place: TranscriptAction) -> Iterator[TranscriptCommand]:
    uri = {"uri": scene.opened.uri}
    in_stage = uri | {"stage": scene.workflow.current_stage}
    found: list[tuple[str, JsonObject]] = [(place.title, uri)]
    match place.action:
        case "approve-gate":
            known = scene.workflow.stage.gate.usable_options if scene.workflow.stage else ()
            found = [(one.label, in_stage | {"action": one.action}) for one in known]
            found = found or [(place.title, in_stage)]
        case "advance":
            found = [(place.title, in_stage)]
        case "pause" | "resume" as action:
            status = "paused" if action == "pause" else "active"
            found = [(place.title, uri | {"status": status})]
        case "context":
            found = [
                (f"Let this chat's models see {words}", uri | {"context": mode})
                for mode, words in MODE_WORDS.items()
                if mode != scene.mode
            ]
    for title, argument in found:
        yield TranscriptCommand(title, place.action, argument)


def _switches(scene: Scene, catalog: Catalog) -> Iterator[TranscriptCommand]:
    def offer(title: str, **argument: Any) -> TranscriptCommand:
        return TranscriptCommand(title, "switch-model", {"uri": scene.opened.uri, **argument})

    if scene.effective.origin is Origin.MESSAGE:
        yield offer("Back to the stage's model", model=None)
    for model in alternatives(scene, catalog):
        yield offer(f"Switch to {model}", model=model.to_json())


def _confirmed(scene: Scene, offer: TranscriptCommand) -> TranscriptCommand:
    """The offer with what it takes for granted in its title, so that nothing is left to ask."""
    stage = scene.workflow.stage
    chosen = offer.argument.get("action")  # of a gate's options
    if stage is None:
        return offer
    if chosen == "discard":
        title = f"{offer.title} (discards the workflow, which cannot be undone)"
        return TranscriptCommand(title, offer.action, offer.argument | {"confirmed": True})
    notes: list[str] = []
    agreed: JsonObject = {}
    if offer.action == "approve-gate" and (waiting := _waiting(stage)):
        notes.append(waiting)
        agreed["confirmed"] = True
    leaves = "advance" in (offer.action, chosen)
    if leaves and (hooks := hooks_on_leaving(scene.workflow)):
        notes.append("not run: " + "; ".join(hook.text for hook in hooks))
        agreed["withoutHooks"] = True
    if not notes:
        return offer
    title = f"{offer.title} ({'; '.join(notes)})"
    return TranscriptCommand(title, offer.action, offer.argument | agreed)


def _waiting(stage: Stage) -> str:
    """What somebody confirms by approving the gate; empty where it is only approved."""
    awaited: Sequence[str] = waits_for(stage.gate, stage)
    if not awaited:
        return ""
    if stage.gate.type == "verification_pass":
        return "these pass: " + ", ".join(f"`{command}`" for command in awaited)
    return f"complete: {', '.join(awaited)}"


def _command(offer: TranscriptCommand) -> types.Command:
    name = _COMMANDS.get(offer.action, offer.action)
    return types.Command(
        title=label(offer.title),
        command=f"stagewright.transcript.{name}",
        arguments=[offer.argument],
    )
