"""The commands about chats; their answers arrive as notifications."""

from __future__ import annotations

from stagewright.dialects.document import Document
from stagewright.lsp.chats.conversation import WorkflowPlace
from stagewright.lsp.chats.runs import continue_run, look_at_what_is_sent, preview_json, start_run
from stagewright.lsp.chats.session import ChatSession
from stagewright.lsp.chats.views import view
from stagewright.lsp.chats.workflows import refusals
from stagewright.lsp.commands import arguments
from stagewright.lsp.documents import uri_of
from stagewright.lsp.errors import failure
from stagewright.lsp.files import read_template
from stagewright.lsp.shapes import JsonObject, effective_json
from stagewright.workflows.sending import check_provider


async def chat_start(chat: ChatSession, argument: arguments.StartChat) -> JsonObject:
    """A new workflow, from an open or saved template or from a name."""
    service = chat.workflows
    if argument.uri is not None:
        template: str | Document
        template, path = await read_template(chat.session, argument.uri)
        root = service.root(argument.root) if argument.root else chat.session.roots.of(path)
    elif argument.template is not None:
        root, template = service.root(argument.root), argument.template
    else:
        raise failure("template-needed", "No template to start. Pass `uri` or `template`.")
    manager = service.manager(root)
    workflow = await service.change(
        root,
        lambda: manager.create(template, stage=argument.stage, request_id=argument.request_id),
    )
    if argument.open:
        await chat.transcripts.show(WorkflowPlace(root, workflow.id))
    return await view(chat.session, service, root, workflow.id)


async def chat_set_model(chat: ChatSession, argument: arguments.SetChatModel) -> JsonObject:
    """Switch the model for the rest of the stage."""
    service = chat.workflows
    root = service.root(argument.root)
    manager = service.manager(root)
    with refusals():
        check_provider(chat.session.catalog, argument.model)
    workflow, _ = await service.change(
        root, lambda: manager.set_model(argument.workflow_id, argument.model)
    )
    chat.transcripts.changed(WorkflowPlace(root, argument.workflow_id))
    return effective_json(await service.effective(root, workflow))


async def chat_set_context(chat: ChatSession, argument: arguments.SetContext) -> JsonObject:
    """Choose what the chat's models see of earlier stages."""
    service = chat.workflows
    root = service.root(argument.root)
    manager = service.manager(root)
    workflow, _ = await service.change(
        root, lambda: manager.set_context(argument.workflow_id, argument.context)
    )
    chat.transcripts.changed(WorkflowPlace(root, argument.workflow_id))
    return await view(chat.session, service, root, workflow.id)


async def chat_preview(chat: ChatSession, argument: arguments.Preview) -> JsonObject:
    """What is sent with the next message, or what was sent for an answer."""
    found = await look_at_what_is_sent(
        chat,
        WorkflowPlace(chat.workflows.root(argument.root), argument.workflow_id),
        message_id=argument.message_id,
        content=argument.content,
    )
    return preview_json(*found)


async def request_list(chat: ChatSession, argument: arguments.InFolder) -> JsonObject:
    """The requests that a workflow can be about, those that are worked on first."""
    service = chat.workflows
    manager = service.manager(service.root(argument.root))
    found = await service.do(manager.requests)
    return {
        "folder": uri_of(found.folder),
        "requests": [
            {"id": one.id, "title": one.title, "status": one.status, "uri": uri_of(one.path)}
            for one in found.files
        ],
        "problems": list(found.problems),
    }


async def chat_send(chat: ChatSession, argument: arguments.Send) -> JsonObject:
    """Save a message and have it answered; the answer arrives as notifications."""
    root = chat.workflows.root(argument.root)
    return await start_run(chat, root, argument.workflow_id, argument.content, argument.model)


async def chat_edit(chat: ChatSession, argument: arguments.Edit) -> JsonObject:
    """Say a message of the current stage anew, and have that answered."""
    root = chat.workflows.root(argument.root)
    return await start_run(
        chat,
        root,
        argument.workflow_id,
        argument.content,
        argument.model,
        instead_of=argument.message_id,
    )


async def chat_retry(chat: ChatSession, argument: arguments.Retry) -> JsonObject:
    """Have what was said last answered once more, by another model if one is named."""
    root = chat.workflows.root(argument.root)
    return await start_run(chat, root, argument.workflow_id, None, argument.model)


async def chat_continue(chat: ChatSession, argument: arguments.WorkflowArgument) -> JsonObject:
    """Go on with the last answer, which is not whole; the message grows."""
    root = chat.workflows.root(argument.root)
    return await continue_run(chat, root, argument.workflow_id)


async def chat_stop(chat: ChatSession, argument: arguments.Run) -> JsonObject:
    """End an answer; what has come is kept."""
    chats = await chat.workflows.chats()
    with refusals():
        chats.stop(argument.run_id)
    return {"runId": argument.run_id}
