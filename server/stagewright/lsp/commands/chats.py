"""The commands about chats; their answers arrive as notifications."""

from __future__ import annotations

from stagewright.catalog.model import ModelReference
from stagewright.dialects.document import Document
from stagewright.lsp.chats.conversation import WorkflowPlace
from stagewright.lsp.chats.runs import continue_run, look_at_what_is_sent, preview_json, start_run
from stagewright.lsp.chats.session import ChatSession
from stagewright.lsp.chats.views import view
from stagewright.lsp.chats.workflows import refusals
from stagewright.lsp.documents import uri_of
from stagewright.lsp.errors import failure
from stagewright.lsp.files import read_template
from stagewright.lsp.shapes import JsonObject
from stagewright.settings import ContextMode
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.sending import check_provider


async def chat_start(
    chat: ChatSession,
    uri: str | None = None,
    template: str | None = None,
    root: str | None = None,
    stage: str | int | None = None,
    request_id: str | None = None,
    open_: bool = False,
) -> JsonObject:
    """A new workflow from a template, by the URI of an open or saved one or by name; the stage to
    begin at, by name or index; whether to show its transcript."""
    service = chat.workflows
    source: str | Document
    if uri is not None:
        source, path = await read_template(chat.session, uri)
        folder = service.root(root) if root else chat.session.roots.of(path)
    elif template is not None:
        folder, source = service.root(root), template
    else:
        raise failure("template-needed", "No template to start. Pass `uri` or `template`.")
    manager = service.manager(folder)
    workflow = await service.write(
        folder, lambda: manager.create(source, stage=stage, request_id=request_id)
    )
    place = WorkflowPlace(folder, workflow.id)
    if open_:
        await chat.transcripts.show(place)
    return await view(chat, place)


async def chat_set_model(
    chat: ChatSession, workflow_id: str, model: ModelReference | None, root: str | None = None
) -> JsonObject:
    """Switch the model for the rest of the stage; None goes back to the stage's default."""
    place = chat.workflows.place(root, workflow_id)
    with refusals():
        check_provider(chat.session.catalog, model)
    workflow, _ = await chat.change(place, WorkflowManager.set_model, model)
    return (await chat.workflows.effective(place.root, workflow)).to_json()


async def chat_set_context(
    chat: ChatSession, workflow_id: str, context: ContextMode | None, root: str | None = None
) -> JsonObject:
    """Choose what the chat's models see of earlier stages; None goes back to the setting."""
    place = chat.workflows.place(root, workflow_id)
    await chat.change(place, WorkflowManager.set_context, context)
    return await view(chat, place)


async def chat_preview(
    chat: ChatSession,
    workflow_id: str,
    root: str | None = None,
    message_id: str | None = None,
    content: str | None = None,
) -> JsonObject:
    """What is sent with the next message, or what was sent for an answer."""
    place = chat.workflows.place(root, workflow_id)
    return preview_json(
        *await look_at_what_is_sent(chat, place, message_id=message_id, content=content)
    )


async def request_list(chat: ChatSession, root: str | None = None) -> JsonObject:
    """The requests that a workflow can be about, those that are worked on first."""
    service = chat.workflows
    manager = service.manager(service.root(root))
    found = await service.do(manager.requests)
    return {
        "folder": uri_of(found.folder),
        "requests": [
            {"id": one.id, "title": one.title, "status": one.status, "uri": uri_of(one.path)}
            for one in found.files
        ],
        "problems": list(found.problems),
    }


async def chat_send(
    chat: ChatSession,
    workflow_id: str,
    content: str,
    root: str | None = None,
    model: ModelReference | None = None,
) -> JsonObject:
    """Save a message and have it answered; the answer arrives as notifications."""
    return await start_run(chat, chat.workflows.place(root, workflow_id), content, model)


async def chat_edit(
    chat: ChatSession,
    workflow_id: str,
    message_id: str,
    content: str,
    root: str | None = None,
    model: ModelReference | None = None,
) -> JsonObject:
    """Say a message of the current stage anew, and have that answered."""
    place = chat.workflows.place(root, workflow_id)
    return await start_run(chat, place, content, model, instead_of=message_id)


async def chat_retry(
    chat: ChatSession,
    workflow_id: str,
    root: str | None = None,
    model: ModelReference | None = None,
) -> JsonObject:
    """Have what was said last answered once more, by another model if one is named."""
    return await start_run(chat, chat.workflows.place(root, workflow_id), None, model)


async def chat_continue(chat: ChatSession, workflow_id: str, root: str | None = None) -> JsonObject:
    """Go on with the last answer, which is not whole; the message grows."""
    return await continue_run(chat, chat.workflows.place(root, workflow_id))


async def chat_stop(chat: ChatSession, run_id: str) -> JsonObject:
    """End an answer; what has come is kept."""
    chats = await chat.workflows.chats()
    with refusals():
        chats.stop(run_id)
    return {"runId": run_id}
