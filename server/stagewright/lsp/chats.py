"""The commands about chats; their answers arrive as notifications."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from stagewright.catalog.model import ModelReference
from stagewright.lsp import protocol
from stagewright.lsp.documents import path_of
from stagewright.lsp.files import read_file
from stagewright.lsp.protocol import failure
from stagewright.lsp.transcripts import Conversation
from stagewright.lsp.workflows import Handler, Json, effective_json, refusals

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer


async def chat_start(ls: StagewrightServer, argument: protocol.StartChat) -> Json:
    """A new workflow, from an open or saved template or from a name."""
    service = ls.workflows
    if argument.uri is not None:
        file = await read_file(ls, argument.uri)
        path = path_of(argument.uri)
        if file is None or path is None:
            raise failure("template-unknown", f"{argument.uri} is no template that can be read.")
        root = service.root(argument.root) if argument.root else ls.root_of(path)
        template: Any = file.document
    elif argument.template is not None:
        root, template = service.root(argument.root), argument.template
    else:
        raise failure("template-needed", "Say which template to start: by 'uri' or 'template'.")
    manager = service.manager(root)
    workflow = await service.do(
        lambda: manager.create(template, stage=argument.stage, request_id=argument.request_id)
    )
    if argument.open:
        await ls.transcripts.show(Conversation(root, workflow.id))
    return await service.view(root, workflow)


async def chat_set_model(ls: StagewrightServer, argument: protocol.SetChatModel) -> Json:
    """Switch the model for the rest of the stage."""
    service = ls.workflows
    root = service.root(argument.root)
    manager = service.manager(root)
    await service.do(lambda: manager.set_model(argument.workflow_id, argument.model))
    ls.transcripts.changed(Conversation(root, argument.workflow_id))
    return effective_json(await service.effective(root, argument.workflow_id))


async def chat_send(ls: StagewrightServer, argument: protocol.Send) -> Json:
    """Save a message and have it answered; the answer arrives as notifications."""
    root = ls.workflows.root(argument.root)
    return await start_run(ls, root, argument.workflow_id, argument.content, argument.model)


async def chat_retry(ls: StagewrightServer, argument: protocol.Retry) -> Json:
    """Have what was said last answered once more, by another model if one is named."""
    root = ls.workflows.root(argument.root)
    return await start_run(ls, root, argument.workflow_id, None, argument.model)


async def chat_continue(ls: StagewrightServer, argument: protocol.Workflow) -> Json:
    """Go on with the last answer, which is not whole; the message grows."""
    root = ls.workflows.root(argument.root)
    return await continue_run(ls, root, argument.workflow_id)


async def continue_run(ls: StagewrightServer, root: Path, workflow_id: str) -> Json:
    """Go on with the stage's last answer."""
    service, session = ls.workflows, ls.session
    chats = await service.chats()
    if session.roles_of(root) is None:
        await session.read_roles(root)
    with refusals():
        started = await chats.continue_run(
            root,
            service.manager(root),
            workflow_id,
            roles=session.roles_of(root),
            setting=session.settings.chat.default_model,
        )
    return {
        "runId": started.run_id,
        "messageId": started.answer_id,
        "effective": effective_json(started.effective),
    }


async def start_run(
    ls: StagewrightServer,
    root: Path,
    workflow_id: str,
    content: str | None,
    model: ModelReference | None,
) -> Json:
    """Have a message answered, or with `content` None what was said last."""
    service = ls.workflows
    chats = await service.chats()
    if ls.session.roles_of(root) is None:
        await ls.session.read_roles(root)
    with refusals():
        started = await chats.start_run(
            root,
            service.manager(root),
            workflow_id,
            content,
            model=model,
            roles=ls.session.roles_of(root),
            setting=ls.session.settings.chat.default_model,
        )
    return {
        "runId": started.run_id,
        "messageId": started.message_id,
        "answerId": started.answer_id,
        "effective": effective_json(started.effective),
    }


async def chat_stop(ls: StagewrightServer, argument: protocol.Run) -> Json:
    """End an answer; what has come is kept."""
    chats = await ls.workflows.chats()
    with refusals():
        chats.stop(argument.run_id)
    return {"runId": argument.run_id}


COMMANDS: dict[str, tuple[type[Any], Handler]] = {
    "stagewright.chat.start": (protocol.StartChat, chat_start),
    "stagewright.chat.send": (protocol.Send, chat_send),
    "stagewright.chat.retry": (protocol.Retry, chat_retry),
    "stagewright.chat.continue": (protocol.Workflow, chat_continue),
    "stagewright.chat.stop": (protocol.Run, chat_stop),
    "stagewright.chat.setModel": (protocol.SetChatModel, chat_set_model),
}
