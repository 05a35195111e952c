"""Every command's name and the module that carries it out, imported when it is first called."""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from stagewright.lsp.later import Later, load, load_beside
from stagewright.lsp.session import Session

if TYPE_CHECKING:
    from stagewright.lsp.chats.session import ChatSession

PACKAGE = "stagewright.lsp.commands."

Command = Callable[..., Any]
"""A command's handler, `async` or not."""

MODULES = {
    "models": (
        "models.list",
        "models.refresh",
        "stage.setModel",
        "workspace.models",
        "workspace.replaceModel",
    ),
    "sites": ("model.at", "model.set"),
    "inventory": ("workspace.inventory", "workspace.exportInventory", "dialects.list"),
    "check": ("workspace.check",),
    "stages": ("template.stages",),
    "chats": (
        "chat.start",
        "chat.send",
        "chat.edit",
        "chat.retry",
        "chat.continue",
        "chat.stop",
        "chat.setModel",
        "chat.setContext",
        "chat.preview",
        "request.list",
    ),
    "transcripts": (
        "chat.open",
        "transcript.send",
        "transcript.retry",
        "transcript.continue",
        "transcript.stop",
        "transcript.switchModel",
        "transcript.approveGate",
        "transcript.advance",
        "transcript.preview",
        "transcript.setStatus",
        "transcript.setContext",
    ),
    "workflows": (
        "workflow.list",
        "workflow.get",
        "workflow.triggerGate",
        "workflow.satisfyGate",
        "workflow.advance",
        "workflow.discard",
        "workflow.setRequest",
        "workflow.setStatus",
    ),
}
"""Modules of this package, and their commands without `stagewright.`: each is carried out by the
function of its name, such as `stage_set_model`. Its parameters behind the first are the keys of the
command's one argument, in snake case."""

WITH_CHATS = ("chats", "transcripts", "workflows")
"""Those whose handlers are given the session with its chats; the others get the session alone."""


def register(
    command: Callable[[str], Callable[..., Any]], session: Session, chats: Later[ChatSession]
) -> None:
    """Tell pygls the commands."""
    for module, names in MODULES.items():
        for name in names:
            handler = _handler(module, name, session, chats)
            command(f"stagewright.{name}")(handler)


def command_of(module: str, name: str) -> Command:
    """What carries a command out, its module imported."""
    function = re.sub(r"\.|(?=[A-Z])", "_", name).lower()
    handler: Command = getattr(load(f"{PACKAGE}{module}"), function)
    return handler


def _handler(
    module: str, name: str, session: Session, chats: Later[ChatSession]
) -> Callable[..., Awaitable[Any]]:
    async def run(*arguments: Any) -> Any:  # pygls evaluates these annotations
        given: Any = await chats.get() if module in WITH_CHATS else session
        # up to 0.3 s: not on the event loop
        reading = await load_beside(f"{PACKAGE}{module}", f"{PACKAGE}reading")
        handler = command_of(module, name)
        told = reading.read_argument(f"stagewright.{name}", arguments, handler)
        result = handler(given, **told)
        return await result if inspect.isawaitable(result) else result

    return run
