"""What users are asked behind a command's answer: some editors stand still until it comes."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from typing import TypeVar

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from stagewright.lsp.editor import Editor

T = TypeVar("T")


async def ask_user(
    editor: Editor, kind: types.MessageType, question: str, choices: Mapping[str, T]
) -> T | None:
    """What the user chooses by its title; None for nothing, or where the client cannot ask."""
    try:
        return await editor.choose(kind, question, choices)
    except JsonRpcException:
        editor.tell(kind, f"{question} This editor cannot ask. Use the code action instead.")
        return None


async def telling_refusals(editor: Editor, work: Awaitable[object]) -> None:
    """Nobody waits for the answer any more: the user is told."""
    try:
        await work
    except JsonRpcException as refusal:
        editor.tell(types.MessageType.Warning, refusal.message)
