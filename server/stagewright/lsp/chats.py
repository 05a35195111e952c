"""The commands about chats; their answers arrive as notifications."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from stagewright.catalog.effective import Effective, Origin
from stagewright.catalog.model import ModelReference
from stagewright.lsp import protocol
from stagewright.lsp.documents import path_of, uri_of
from stagewright.lsp.files import read_file
from stagewright.lsp.protocol import failure
from stagewright.lsp.transcripts import Conversation
from stagewright.lsp.workflows import Handler, Json, effective_json, refusals

if TYPE_CHECKING:
    from stagewright.lsp.server import StagewrightServer
    from stagewright.workflows.turns import Sent, TurnMaterial


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
    workflow = await service.change(
        root,
        lambda: manager.create(template, stage=argument.stage, request_id=argument.request_id),
    )
    if argument.open:
        await ls.transcripts.show(Conversation(root, workflow.id))
    return await service.view(root, workflow)


async def chat_set_model(ls: StagewrightServer, argument: protocol.SetChatModel) -> Json:
    """Switch the model for the rest of the stage."""
    from stagewright.workflows.chat import check_provider

    service = ls.workflows
    root = service.root(argument.root)
    manager = service.manager(root)
    with refusals():
        check_provider(ls.session.catalog, argument.model)
    await service.change(root, lambda: manager.set_model(argument.workflow_id, argument.model))
    ls.transcripts.changed(Conversation(root, argument.workflow_id))
    return effective_json(await service.effective(root, argument.workflow_id))


async def chat_set_context(ls: StagewrightServer, argument: protocol.SetContext) -> Json:
    """Choose what the chat's models see of earlier stages."""
    service = ls.workflows
    root = service.root(argument.root)
    manager = service.manager(root)
    workflow, _ = await service.change(
        root, lambda: manager.set_context(argument.workflow_id, argument.context)
    )
    ls.transcripts.changed(Conversation(root, argument.workflow_id))
    return await service.view(root, workflow)


async def chat_preview(ls: StagewrightServer, argument: protocol.Preview) -> Json:
    """What is sent with the next message, or what was sent for an answer."""
    found = await look_at_what_is_sent(
        ls,
        Conversation(ls.workflows.root(argument.root), argument.workflow_id),
        message_id=argument.message_id,
        content=argument.content,
    )
    return preview_json(*found)


async def look_at_what_is_sent(
    ls: StagewrightServer,
    conversation: Conversation,
    *,
    message_id: str | None = None,
    content: str | None = None,
) -> tuple[TurnMaterial, Sent, Effective]:
    """What is sent with the next message, `content` if it is known, or was for an answer."""
    from stagewright.workflows.chat import preview

    root, workflow_id = conversation
    service, session = ls.workflows, ls.session
    effective = await service.effective(root, workflow_id)
    manager = service.manager(root)

    def look() -> tuple[TurnMaterial, Sent, Effective]:
        material = manager.turn_material(
            workflow_id,
            session.roles_of(root),
            message_id=message_id,
            context=session.settings.chat.context,
        )
        said = manager.get(workflow_id).message(message_id) if message_id else None
        named = said.model.reference if said and said.model else None
        model = Effective(named, Origin.MESSAGE) if named else effective
        return material, preview(material, session.catalog, model.model, content), model

    return await service.do(look)


def preview_json(material: TurnMaterial, sent: Sent, effective: Effective) -> Json:
    """All that is sent: system prompt, turns with where each comes from, model and context."""
    return {
        "stage": material.stage_index,
        "stageName": material.stage_name,
        "effective": effective_json(effective),
        "system": material.system,
        "turns": [
            {"role": turn.role, "text": turn.text, "source": source}
            for turn, source in zip(sent.turns, sent.sources, strict=True)
        ],
        "context": sent.context.to_json(),
    }


async def request_list(ls: StagewrightServer, argument: protocol.ListRequests) -> Json:
    """The requests that a workflow can be about, those that are worked on first."""
    service = ls.workflows
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


async def chat_send(ls: StagewrightServer, argument: protocol.Send) -> Json:
    """Save a message and have it answered; the answer arrives as notifications."""
    root = ls.workflows.root(argument.root)
    return await start_run(ls, root, argument.workflow_id, argument.content, argument.model)


async def chat_edit(ls: StagewrightServer, argument: protocol.Edit) -> Json:
    """Say a message of the current stage anew, and have that answered."""
    root = ls.workflows.root(argument.root)
    return await start_run(
        ls,
        root,
        argument.workflow_id,
        argument.content,
        argument.model,
        instead_of=argument.message_id,
    )


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
            context=session.settings.chat.context,
        )
    return {
        "runId": started.run_id,
        "messageId": started.answer_id,
        "effective": effective_json(started.effective),
        "context": started.context.to_json(),
    }


async def start_run(
    ls: StagewrightServer,
    root: Path,
    workflow_id: str,
    content: str | None,
    model: ModelReference | None,
    *,
    instead_of: str | None = None,
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
            context=ls.session.settings.chat.context,
            instead_of=instead_of,
        )
    return {
        "runId": started.run_id,
        "messageId": started.message_id,
        "answerId": started.answer_id,
        "effective": effective_json(started.effective),
        "context": started.context.to_json(),
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
    "stagewright.chat.edit": (protocol.Edit, chat_edit),
    "stagewright.chat.retry": (protocol.Retry, chat_retry),
    "stagewright.chat.continue": (protocol.Workflow, chat_continue),
    "stagewright.chat.stop": (protocol.Run, chat_stop),
    "stagewright.chat.setModel": (protocol.SetChatModel, chat_set_model),
    "stagewright.chat.setContext": (protocol.SetContext, chat_set_context),
    "stagewright.chat.preview": (protocol.Preview, chat_preview),
    "stagewright.request.list": (protocol.ListRequests, request_list),
}
