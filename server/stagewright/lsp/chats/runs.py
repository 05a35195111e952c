"""Answers that are asked for, and what is sent for them."""

from __future__ import annotations

from stagewright.catalog.effective import Effective, Origin
from stagewright.catalog.model import ModelReference
from stagewright.lsp.chats.conversation import WorkflowPlace
from stagewright.lsp.chats.session import ChatSession
from stagewright.lsp.chats.workflows import refusals
from stagewright.lsp.shapes import JsonObject
from stagewright.workflows.chat import Started
from stagewright.workflows.sending import preview
from stagewright.workflows.turns import Sent, TurnMaterial


async def look_at_what_is_sent(
    chat: ChatSession,
    conversation: WorkflowPlace,
    *,
    message_id: str | None = None,
    content: str | None = None,
) -> tuple[TurnMaterial, Sent, Effective]:
    """What is sent with the next message, `content` if it is known, or was for an answer."""
    root, workflow_id = conversation
    service, session = chat.workflows, chat.session
    await service.know_roles(root)
    manager = service.manager(root)

    def look() -> tuple[TurnMaterial, Sent, Effective]:
        workflow = manager.get(workflow_id)
        material = manager.turn_material(workflow, service.defaults(root), message_id=message_id)
        said = workflow.message(message_id) if message_id else None
        named = said.model.reference if said and said.model else None
        model = Effective(named, Origin.MESSAGE) if named else service.model(root, workflow)
        return material, preview(material, session.catalog, model.model, content), model

    return await service.do(look)


def preview_json(material: TurnMaterial, sent: Sent, effective: Effective) -> JsonObject:
    """All that is sent: system prompt, turns with where each comes from, model and context."""
    return {
        "stage": material.stage_index,
        "stageName": material.stage_name,
        "effective": effective.to_json(),
        "system": material.system,
        "turns": [
            {"role": turn.role, "text": turn.text, "source": source}
            for turn, source in zip(sent.turns, sent.sources, strict=True)
        ],
        "context": sent.context.to_json(),
    }


async def continue_run(chat: ChatSession, conversation: WorkflowPlace) -> JsonObject:
    """Go on with the stage's last answer."""
    root, workflow_id = conversation
    service = chat.workflows
    chats = await service.chats()
    await service.know_roles(root)
    with refusals():
        started = await chats.continue_run(
            root, service.manager(root), workflow_id, defaults=service.defaults(root)
        )
    return {"messageId": started.answer_id, **_begun(started)}


async def start_run(
    chat: ChatSession,
    conversation: WorkflowPlace,
    content: str | None,
    model: ModelReference | None,
    *,
    instead_of: str | None = None,
) -> JsonObject:
    """Have a message answered, or with `content` None what was said last."""
    root, workflow_id = conversation
    service = chat.workflows
    chats = await service.chats()
    await service.know_roles(root)
    with refusals():
        started = await chats.start_run(
            root,
            service.manager(root),
            workflow_id,
            content,
            model=model,
            defaults=service.defaults(root),
            instead_of=instead_of,
        )
    return {"messageId": started.message_id, "answerId": started.answer_id, **_begun(started)}


def _begun(started: Started) -> JsonObject:
    return {
        "runId": started.run_id,
        "effective": started.effective.to_json(),
        "context": started.context.to_json(),
    }
