"""A transcript that is saved with an old message changed: the user is asked what is meant.

What has been sent stays as it was sent. A changed message of the user's can be said anew; any other
change is undone when the document is next made from its workflow.
"""

from __future__ import annotations

import asyncio
from enum import Enum, auto

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from stagewright.lsp.chats.asking import ask_user, telling_refusals
from stagewright.lsp.chats.runs import start_run
from stagewright.lsp.chats.scene import Scene, look
from stagewright.lsp.chats.session import ChatSession
from stagewright.workflows.state import Message
from stagewright.workflows.transcript import edited


class _Answer(Enum):
    """What becomes of changed messages."""

    SEND = auto()
    UNDO = auto()
    LEAVE = auto()


async def saved(chat: ChatSession, uri: str) -> None:
    """Look for changed messages in a transcript that was just saved."""
    try:
        scene = await look(chat, uri)
    except JsonRpcException:
        return  # its workflow is gone or unreadable, which is told elsewhere
    if scene.running is not None:
        return  # the answer that comes is written into the document meanwhile
    changed = await asyncio.to_thread(edited, scene.document, scene.workflow)
    if changed and chat.transcripts.left_changed.get(uri) != changed:
        await _ask(chat, scene, changed)


async def _ask(chat: ChatSession, scene: Scene, changed: list[tuple[Message, str]]) -> None:
    message, text = changed[0]
    workflow = scene.workflow
    here = message.stage_index == workflow.current_stage and workflow.status == "active"
    can_send = len(changed) == 1 and message.role == "human" and here and bool(text.strip())
    what = "a message that was already sent" if len(changed) == 1 else "messages already sent"
    question = f"You changed {what}. What was sent stays as it is in {workflow.id}."
    choices = {"Send as a new message": _Answer.SEND} if can_send else {}
    choices |= {"Undo the edit": _Answer.UNDO, "Leave it": _Answer.LEAVE}
    answer = await ask_user(chat.session.editor, types.MessageType.Warning, question, choices)
    if answer is _Answer.SEND:
        sending = start_run(chat, scene.conversation, text, None, instead_of=message.id)
        await telling_refusals(chat.session.editor, sending)
    if answer in (_Answer.SEND, _Answer.UNDO):
        chat.transcripts.changed(scene.conversation)
    else:  # it is not asked about again
        chat.transcripts.left_changed[scene.opened.uri] = changed
