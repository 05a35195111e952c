"""The commands of transcripts. All are carried out here, so that any editor can offer them.

What a client must ask its user is asked with `window/showMessageRequest`, after the command has
been answered: some editors stand still until it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lsprotocol import types
from pygls.exceptions import JsonRpcException

from stagewright.catalog.effective import Origin
from stagewright.lsp import protocol
from stagewright.lsp.chats import continue_run, look_at_what_is_sent, start_run
from stagewright.lsp.documents import uri_of
from stagewright.lsp.protocol import failure
from stagewright.lsp.transcript_actions import alternatives, look
from stagewright.lsp.transcripts import Conversation, show_document
from stagewright.lsp.workflows import Handler, Json, refusals
from stagewright.workflows.chat import check_provider
from stagewright.workflows.preview import render_preview
from stagewright.workflows.transcript import request_in, unsent

if TYPE_CHECKING:
    from stagewright.catalog.model import ModelReference
    from stagewright.lsp.server import StagewrightServer
    from stagewright.lsp.transcript_actions import Scene
    from stagewright.workflows.transcript_reading import Transcript

_CONFIRM = {"confirmation-needed": "Confirm", "hooks-present": "Go on without them"}
"""Refusals that the user can agree to, and the words for it."""


@dataclass(frozen=True, slots=True)
class _Agreed:
    """What the user has agreed to."""

    confirmed: bool
    without_hooks: bool

    def also(self, code: str) -> _Agreed:
        """With what a refusal of this code asked for."""
        if code == "hooks-present":
            return replace(self, without_hooks=True)
        return replace(self, confirmed=True)


async def chat_open(ls: StagewrightServer, argument: protocol.Workflow) -> Json:
    """Write the transcript, unless it is open, and show it."""
    conversation = Conversation(ls.workflows.root(argument.root), argument.workflow_id)
    return {"uri": await ls.transcripts.show(conversation)}


async def send(ls: StagewrightServer, argument: protocol.InTranscript) -> Json:
    """Send what stands below the last heading, to the model in the front matter."""
    scene = await look(ls, argument.uri)
    _check_model(scene.document)
    content = unsent(scene.document, scene.workflow)
    if not content and scene.document.unsent and scene.running is None:
        raise failure(
            "message-empty",
            "What stands below the last heading has been sent. Write the next message behind it.",
        )
    await _name_request(ls, scene)
    return await _run(ls, scene, content, scene.document.chosen)


async def _name_request(ls: StagewrightServer, scene: Scene) -> None:
    """Take what a person wrote into the front matter that the work is about."""
    written = request_in(scene.document, scene.workflow)
    if written is not None:
        root, workflow_id = scene.conversation
        manager = ls.workflows.manager(root)
        await ls.workflows.change(root, lambda: manager.set_request(workflow_id, written))


async def preview(ls: StagewrightServer, argument: protocol.InTranscript) -> Json:
    """Write all that is sent with the next message into a document, and show it."""
    scene = await look(ls, argument.uri)
    content = unsent(scene.document, scene.workflow) or None
    found = await look_at_what_is_sent(ls, scene.conversation, content=content)
    root, workflow_id = scene.conversation
    manager = ls.workflows.manager(root)
    text = render_preview(*found)
    path = await ls.workflows.change(root, lambda: manager.write_preview(workflow_id, text))
    show_document(ls, uri_of(path), f"What is sent is written to {path}.")
    return {"uri": uri_of(path)}


async def set_status(ls: StagewrightServer, argument: protocol.SetTranscriptStatus) -> None:
    """Pause, resume or cancel the workflow of an open transcript."""
    scene = await look(ls, argument.uri)
    root, workflow_id = scene.conversation
    manager = ls.workflows.manager(root)
    await ls.workflows.change(root, lambda: manager.set_status(workflow_id, argument.status))
    ls.transcripts.changed(scene.conversation)


async def set_context(ls: StagewrightServer, argument: protocol.SetTranscriptContext) -> None:
    """Choose what the chat's models see of earlier stages."""
    scene = await look(ls, argument.uri)
    root, workflow_id = scene.conversation
    manager = ls.workflows.manager(root)
    await ls.workflows.change(root, lambda: manager.set_context(workflow_id, argument.context))
    ls.transcripts.changed(scene.conversation)


async def retry(ls: StagewrightServer, argument: protocol.InTranscript) -> Json:
    """Have what was said last answered once more."""
    scene = await look(ls, argument.uri)
    _check_model(scene.document)
    return await _run(ls, scene, None, scene.document.chosen)


async def go_on(ls: StagewrightServer, argument: protocol.InTranscript) -> Json:
    """Go on with the last answer, which is not whole."""
    scene = await look(ls, argument.uri)
    root, workflow_id = scene.conversation
    started = await continue_run(ls, root, workflow_id)
    ls.transcripts.begun_here(started["runId"])
    return started


async def stop(ls: StagewrightServer, argument: protocol.InTranscript) -> Json:
    """End the answer that is coming; what has come is kept."""
    scene = await look(ls, argument.uri)
    if scene.running is None:
        raise failure("run-unknown", "No answer is coming here.")
    with refusals():
        (await ls.workflows.chats()).stop(scene.running.run_id)
    return {"runId": scene.running.run_id}


async def switch_model(ls: StagewrightServer, argument: protocol.SwitchModel) -> None:
    """Switch the model for the rest of the stage; let the user choose where none is named."""
    scene = await look(ls, argument.uri)
    if isinstance(argument.model, protocol.Ask):
        ls.session.spawn(_choose_model(ls, scene))
    else:
        await _set_model(ls, scene.conversation, argument.model)


async def approve_gate(ls: StagewrightServer, argument: protocol.ApproveGate) -> None:
    """Satisfy the stage's gate, or take one of its options.

    The reason for discarding is what stands below the last heading, if anything does.
    """
    scene = await look(ls, argument.uri)
    reason = unsent(scene.document, scene.workflow) if argument.action == "discard" else None
    manager, stage = ls.workflows.manager(scene.conversation.root), _stage(scene, argument.stage)

    def satisfy(agreed: _Agreed) -> object:
        return manager.satisfy_gate(
            scene.conversation.workflow_id,
            action=argument.action,
            reason=reason,
            confirmed=agreed.confirmed,
            without_hooks=agreed.without_hooks,
            stage_index=stage,
        )

    agreed = _Agreed(argument.confirmed, argument.without_hooks)
    if argument.action == "discard" and not argument.confirmed:
        ls.session.spawn(_discard_if_wanted(ls, scene.conversation, satisfy, agreed))
    else:
        await _carry_out(ls, scene.conversation, satisfy, agreed)


async def _discard_if_wanted(
    ls: StagewrightServer,
    conversation: Conversation,
    work: Callable[[_Agreed], object],
    agreed: _Agreed,
) -> None:
    question = (
        f"Discard {conversation.workflow_id}? Its conversation is kept, but it cannot be continued."
        " This cannot be undone."
    )
    if await ask_user(ls, types.MessageType.Warning, question, ["Discard", "Cancel"]) == "Discard":
        await telling_refusals(ls, _carry_out(ls, conversation, work, agreed))


async def advance(ls: StagewrightServer, argument: protocol.AdvanceInTranscript) -> None:
    """Close the current stage and open the next."""
    scene = await look(ls, argument.uri)
    manager, stage = ls.workflows.manager(scene.conversation.root), _stage(scene, argument.stage)

    def leave(agreed: _Agreed) -> object:
        return manager.advance(
            scene.conversation.workflow_id,
            confirmed=agreed.confirmed,
            without_hooks=agreed.without_hooks,
            stage_index=stage,
        )

    agreed = _Agreed(argument.confirmed, argument.without_hooks)
    await _carry_out(ls, scene.conversation, leave, agreed)


# Talking


async def _run(
    ls: StagewrightServer, scene: Scene, content: str | None, model: ModelReference | None
) -> Json:
    root, workflow_id = scene.conversation
    started = await start_run(ls, root, workflow_id, content, model)
    ls.transcripts.begun_here(started["runId"])
    return started


def _check_model(document: Transcript) -> None:
    """Refuse to talk to another model than the one that is being written into the front matter."""
    field = document.front.model if document.front else None
    if field is not None and field.reference is None and document.edited_model_lines:
        problem = field.problem or "It cannot be read."
        raise failure("model-reference", f"The front matter's model is unfinished: {problem}")


async def _set_model(
    ls: StagewrightServer, conversation: Conversation, model: ModelReference | None
) -> None:
    root, workflow_id = conversation
    manager = ls.workflows.manager(root)
    with refusals():
        check_provider(ls.session.catalog, model)
    await ls.workflows.change(root, lambda: manager.set_model(workflow_id, model))
    ls.transcripts.changed(conversation)


async def _choose_model(ls: StagewrightServer, scene: Scene) -> None:
    choices: dict[str, ModelReference | None] = {
        str(model): model for model in alternatives(scene, ls.session.catalog)
    }
    if scene.effective.origin is Origin.MESSAGE:
        choices["The stage's model"] = None
    question = "Which model is to answer? Any other can be written into the front matter."
    choice = await ask_user(ls, types.MessageType.Info, question, list(choices))
    if choice is not None:
        await telling_refusals(ls, _set_model(ls, scene.conversation, choices[choice]))


# Gates


def _stage(scene: Scene, named: int | None) -> int:
    """The stage that is meant, also when it was left before the user has agreed."""
    return scene.workflow.current_stage if named is None else named


async def _carry_out(
    ls: StagewrightServer,
    conversation: Conversation,
    work: Callable[[_Agreed], object],
    agreed: _Agreed,
) -> None:
    """Do it; what the user must agree to first is asked behind the command's answer."""
    try:
        await ls.workflows.change(conversation.root, lambda: work(agreed))
    except JsonRpcException as refusal:
        code = refusal.data["code"] if isinstance(refusal.data, dict) else ""
        if code not in _CONFIRM:
            raise
        ls.session.spawn(_ask_first(ls, conversation, work, agreed.also(code), code, refusal))
    else:
        ls.transcripts.changed(conversation)


async def _ask_first(
    ls: StagewrightServer,
    conversation: Conversation,
    work: Callable[[_Agreed], object],
    agreed: _Agreed,
    code: str,
    refusal: JsonRpcException,
) -> None:
    choices = [_CONFIRM[code], "Cancel"]
    choice = await ask_user(ls, types.MessageType.Warning, refusal.message, choices)
    if choice == _CONFIRM[code]:
        await telling_refusals(ls, _carry_out(ls, conversation, work, agreed))


# Asking


async def ask_user(
    ls: StagewrightServer, kind: types.MessageType, question: str, choices: Sequence[str]
) -> str | None:
    """The user's choice; None where there is none, or where the client cannot ask."""
    try:
        return await ls.choose(kind, question, choices)
    except JsonRpcException:
        ls.tell(kind, f"{question} This editor cannot ask: choose the code action that says so.")
        return None


async def telling_refusals(ls: StagewrightServer, work: Any) -> None:
    """Nobody waits for the answer any more: the user is told."""
    try:
        await work
    except JsonRpcException as refusal:
        ls.tell(types.MessageType.Warning, refusal.message)


COMMANDS: dict[str, tuple[type[Any], Handler]] = {
    "stagewright.chat.open": (protocol.Workflow, chat_open),
    "stagewright.transcript.send": (protocol.InTranscript, send),
    "stagewright.transcript.retry": (protocol.InTranscript, retry),
    "stagewright.transcript.continue": (protocol.InTranscript, go_on),
    "stagewright.transcript.stop": (protocol.InTranscript, stop),
    "stagewright.transcript.switchModel": (protocol.SwitchModel, switch_model),
    "stagewright.transcript.approveGate": (protocol.ApproveGate, approve_gate),
    "stagewright.transcript.preview": (protocol.InTranscript, preview),
    "stagewright.transcript.setStatus": (protocol.SetTranscriptStatus, set_status),
    "stagewright.transcript.setContext": (protocol.SetTranscriptContext, set_context),
    "stagewright.transcript.advance": (protocol.AdvanceInTranscript, advance),
}
