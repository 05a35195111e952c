"""Every command's name and the module that carries it out, imported when it is first called."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer

Command = tuple[type[Any], Callable[["StagewrightServer", Any], Any]]
"""The shape of a command's one argument, and its handler: `async` or not."""

MODULES = {
    "models": (
        "models.list",
        "models.refresh",
        "stage.setModel",
        "workspace.models",
        "workspace.replaceModel",
    ),
    "sites": ("model.at", "model.set"),
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
    "transcript_commands": (
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
"""Modules of this package, and the commands in their `COMMANDS`, without `stagewright.`."""


WITH_CHATS = ("chats", "transcript_commands", "workflows")
"""Those that need what runs workflows and chats."""


def commands() -> dict[str, Command]:
    """Every command, with its module imported."""
    return {
        f"stagewright.{name}": _command(module, f"stagewright.{name}")
        for module, names in MODULES.items()
        for name in names
    }


def register(server: StagewrightServer) -> None:
    """Tell pygls the commands."""
    for module, names in MODULES.items():
        for name in names:
            server.command(f"stagewright.{name}")(_handler(module, f"stagewright.{name}"))


def _command(module: str, name: str) -> Command:
    found: dict[str, Command] = import_module(f"stagewright.lsp.{module}").COMMANDS
    return found[name]


_loaded: set[str] = set()


def _load(module: str) -> None:
    if module in WITH_CHATS:
        import_module("stagewright.workflows.chat")
    import_module("stagewright.lsp.protocol")
    import_module(f"stagewright.lsp.{module}")


def _handler(module: str, name: str) -> Callable[..., Awaitable[Any]]:
    async def run(ls: Any, *arguments: Any) -> Any:  # pygls evaluates these annotations
        if module not in _loaded:
            await asyncio.to_thread(_load, module)  # up to 0.3 s: not on the event loop
            _loaded.add(module)
        from stagewright.lsp.protocol import read_argument

        shape, handler = _command(module, name)
        result = handler(ls, read_argument(name, arguments, shape))
        return await result if inspect.isawaitable(result) else result

    return run
