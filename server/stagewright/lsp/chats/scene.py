"""An open transcript and its workflow at one moment."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from stagewright.catalog.catalog import Catalog, Status
from stagewright.catalog.effective import Effective
from stagewright.catalog.model import ModelReference
from stagewright.lsp.chats.conversation import WorkflowPlace, conversation_of
from stagewright.lsp.chats.session import ChatSession
from stagewright.lsp.documents import OpenDocument, path_of
from stagewright.lsp.errors import failure
from stagewright.settings import ContextMode
from stagewright.workflows.chat import Running
from stagewright.workflows.context import mode_of
from stagewright.workflows.state import Workflow
from stagewright.workflows.transcript_reading import Transcript, read

ALTERNATIVES = 6
"""Models offered to switch to; any other can be written into the front matter."""


@dataclass(frozen=True, slots=True)
class Scene:
    """An open transcript and its workflow at one moment."""

    opened: OpenDocument
    conversation: WorkflowPlace
    document: Transcript
    workflow: Workflow
    effective: Effective
    running: Running | None
    mode: ContextMode  # what is seen of earlier stages


async def look(chat: ChatSession, uri: str) -> Scene:
    """The transcript of this URI as it is now.

    Raises JsonRpcException where it is not open, or its workflow cannot be read.
    """
    opened, path = chat.session.documents.find(uri), path_of(uri)
    if opened is None or path is None or not opened.document.dialect.follows_workflow:
        raise failure(
            "transcript-unknown",
            f"{uri} is not an open transcript. `stagewright.chat.open` opens a workflow's.",
        )
    conversation = conversation_of(chat.session.roots, path)
    document = read(opened.document.text)
    workflow, effective, running = await chat.workflows.state(conversation)
    mode, _ = mode_of(workflow, chat.session.settings.chat.context)
    return Scene(opened, conversation, document, workflow, effective, running, mode)


def alternatives(scene: Scene, catalog: Catalog) -> list[ModelReference]:
    """Models that the reader may want next: those of the conversation, then the best usable."""
    named = [message.model for message in reversed(scene.workflow.messages)]
    named += [stage.default_model for stage in scene.workflow.stages]
    known = [pair.reference for pair in named if pair is not None]
    best = [
        ModelReference(provider.id, model.id)
        for provider in catalog.askable
        if provider.status is Status.OK
        for model in islice(provider.usable(), 2)
    ]
    found = dict.fromkeys(one for one in (*known, *best) if one is not None)
    return [one for one in found if one != scene.effective.model][:ALTERNATIVES]
