"""The commands of transcripts. All are carried out here, so that any editor can offer them.

What a client must ask its user is asked with `window/showMessageRequest`, after the command has
been answered: some editors stand still until it is.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from stagewright.catalog.effective import Origin
from stagewright.catalog.model import ModelReference
from stagewright.lsp.chats.asking import ask_user, telling_refusals
from stagewright.lsp.chats.conversation import WorkflowPlace
from stagewright.lsp.chats.runs import continue_run, look_at_what_is_sent, start_run
from stagewright.lsp.chats.scene import Scene, alternatives, look
from stagewright.lsp.chats.session import ChatSession
from stagewright.lsp.chats.workflows import refusals
from stagewright.lsp.commands.asking import Ask, ChosenModel
from stagewright.lsp.documents import uri_of
from stagewright.lsp.errors import failure
from stagewright.lsp.shapes import JsonObject
from stagewright.settings import ContextMode
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.preview import render_preview
from stagewright.workflows.sending import check_provider
from stagewright.workflows.transcript import request_in, unsent
from stagewright.workflows.transcript_reading import Transcript

_CONFIRM = {
    "confirmation-needed": ("Confirm", "confirmed"),
    "hooks-present": ("Go on without them", "without_hooks"),
}
"""Refusals that the user can agree to, the words for it, and what the manager is told then."""

Step = Callable[..., object]
"""A method of the manager that leaves a stage; takes what the user has agreed to."""


async def chat_open(chat: ChatSession, workflow_id: str, root: str | None = None) -> JsonObject:
    """Write the transcript, unless it is open, and show it."""
    return {"uri": await chat.transcripts.show(chat.workflows.place(root, workflow_id))}


async def transcript_send(chat: ChatSession, uri: str) -> JsonObject:
    """Send what stands below the last heading, to the model in the front matter."""
    scene = await look(chat, uri)
    _check_model(scene.document)
    content = unsent(scene.document, scene.workflow)
    if not content and scene.document.unsent and scene.running is None:
        raise failure(
            "message-empty",
            "The text below the last heading has been sent. Write the next message after it.",
        )
    await _name_request(chat, scene)
    return await _run(chat, scene, content, scene.document.chosen)


async def _name_request(chat: ChatSession, scene: Scene) -> None:
    """Take what a person wrote into the front matter that the work is about."""
    written = request_in(scene.document, scene.workflow)
    if written is not None:
        await chat.workflows.change(scene.conversation, WorkflowManager.set_request, written)


async def transcript_preview(chat: ChatSession, uri: str) -> JsonObject:
    """Write all that is sent with the next message into a document, and show it."""
    scene = await look(chat, uri)
    content = unsent(scene.document, scene.workflow) or None
    found = await look_at_what_is_sent(chat, scene.conversation, content=content)
    text = render_preview(*found)
    path = await chat.workflows.change(scene.conversation, WorkflowManager.write_preview, text)
    chat.session.editor.show(uri_of(path), f"Wrote what is sent to {path}.")
    return {"uri": uri_of(path)}


async def transcript_set_status(chat: ChatSession, uri: str, status: str) -> None:
    """Pause, resume or cancel the workflow of an open transcript."""
    conversation = (await look(chat, uri)).conversation
    await chat.change(conversation, WorkflowManager.set_status, status)


async def transcript_set_context(chat: ChatSession, uri: str, context: ContextMode | None) -> None:
    """Choose what the chat's models see of earlier stages; None goes back to the setting."""
    conversation = (await look(chat, uri)).conversation
    await chat.change(conversation, WorkflowManager.set_context, context)


async def transcript_retry(chat: ChatSession, uri: str) -> JsonObject:
    """Have what was said last answered once more."""
    scene = await look(chat, uri)
    _check_model(scene.document)
    return await _run(chat, scene, None, scene.document.chosen)


async def transcript_continue(chat: ChatSession, uri: str) -> JsonObject:
    """Go on with the last answer, which is not whole."""
    scene = await look(chat, uri)
    started = await continue_run(chat, scene.conversation)
    chat.transcripts.begun_here(started["runId"])
    return started


async def transcript_stop(chat: ChatSession, uri: str) -> JsonObject:
    """End the answer that is coming; what has come is kept."""
    scene = await look(chat, uri)
    if scene.running is None:
        raise failure("run-unknown", "No answer is coming here.")
    with refusals():
        (await chat.workflows.chats()).stop(scene.running.run_id)
    return {"runId": scene.running.run_id}


async def transcript_switch_model(
    chat: ChatSession, uri: str, model: ModelReference | Ask | None = Ask.USER
) -> None:
    """Switch the model for the rest of the stage; let the user choose where none is named."""
    scene = await look(chat, uri)
    if isinstance(model, Ask):
        chat.session.spawn(_choose_model(chat, scene))
    else:
        await _set_model(chat, scene.conversation, model)


async def transcript_approve_gate(
    chat: ChatSession,
    uri: str,
    stage: int | None = None,
    action: str | None = None,
    confirmed: bool = False,
    without_hooks: bool = False,
) -> None:
    """Satisfy the stage's gate, or take one of its options.

    The reason for discarding is what stands below the last heading, if anything does.
    """
    scene = await look(chat, uri)
    discards = action == "discard"
    reason = unsent(scene.document, scene.workflow) if discards else None
    satisfy = partial(
        WorkflowManager.satisfy_gate,
        action=action,
        reason=reason,
        stage_index=_stage(scene, stage),
    )
    agreed = {"confirmed": confirmed, "without_hooks": without_hooks}
    if discards and not confirmed:
        question = (
            f"Discard {scene.conversation.workflow_id}? Its conversation is kept, but it cannot be"
            " continued. This cannot be undone."
        )
        chat.session.spawn(
            _ask_first(chat, scene.conversation, question, "Discard", satisfy, agreed)
        )
    else:
        await _carry_out(chat, scene.conversation, satisfy, agreed)


async def transcript_advance(
    chat: ChatSession,
    uri: str,
    stage: int | None = None,
    confirmed: bool = False,
    without_hooks: bool = False,
) -> None:
    """Close the current stage and open the next."""
    scene = await look(chat, uri)
    leave = partial(WorkflowManager.advance, stage_index=_stage(scene, stage))
    agreed = {"confirmed": confirmed, "without_hooks": without_hooks}
    await _carry_out(chat, scene.conversation, leave, agreed)


# Talking


async def _run(
    chat: ChatSession, scene: Scene, content: str | None, model: ModelReference | None
) -> JsonObject:
    started = await start_run(chat, scene.conversation, content, model)
    chat.transcripts.begun_here(started["runId"])
    return started


def _check_model(document: Transcript) -> None:
    """Refuse to talk to another model than the one that is being written into the front matter."""
    field = document.front.model if document.front else None
    if field is not None and field.reference is None and document.edited_model_lines:
        problem = field.problem or "It cannot be read."
        raise failure("model-reference", f"The front matter's model is unfinished: {problem}")


async def _set_model(
    chat: ChatSession, conversation: WorkflowPlace, model: ModelReference | None
) -> None:
    with refusals():
        check_provider(chat.session.catalog, model)
    await chat.change(conversation, WorkflowManager.set_model, model)


async def _choose_model(chat: ChatSession, scene: Scene) -> None:
    choices = {
        str(model): ChosenModel(model) for model in alternatives(scene, chat.session.catalog)
    }
    if scene.effective.origin is Origin.MESSAGE:
        choices["The stage's model"] = ChosenModel(None)
    question = "Select the model that answers. Any other can be written into the front matter."
    chosen = await ask_user(chat.session.editor, types.MessageType.Info, question, choices)
    if chosen is not None:
        await telling_refusals(
            chat.session.editor, _set_model(chat, scene.conversation, chosen.model)
        )


# Gates


def _stage(scene: Scene, named: int | None) -> int:
    """The stage that is meant, also when it was left before the user has agreed."""
    return scene.workflow.current_stage if named is None else named


async def _carry_out(
    chat: ChatSession, conversation: WorkflowPlace, step: Step, agreed: dict[str, bool]
) -> None:
    """Do it; what the user must agree to first is asked behind the command's answer."""
    try:
        await chat.change(conversation, step, **agreed)
    except JsonRpcException as refusal:
        code = refusal.data["code"] if isinstance(refusal.data, dict) else ""
        if code not in _CONFIRM:
            raise
        words, what = _CONFIRM[code]
        more = {**agreed, what: True}
        chat.session.spawn(_ask_first(chat, conversation, refusal.message, words, step, more))


async def _ask_first(
    chat: ChatSession,
    conversation: WorkflowPlace,
    question: str,
    words: str,
    step: Step,
    agreed: dict[str, bool],
) -> None:
    """Carry it out where the user agrees to it in these words."""
    editor = chat.session.editor
    choices = {words: True, "Cancel": False}
    if await ask_user(editor, types.MessageType.Warning, question, choices):
        await telling_refusals(editor, _carry_out(chat, conversation, step, agreed))
