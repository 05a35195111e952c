"""Chats under test: real providers' SDKs, a loopback server, a workspace, and what was told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.loopback.endpoint import QUICK, Endpoint
from tests.loopback.server import Loopback, loopback

from stagewright.catalog.catalog import Catalog, ProviderSnapshot, Status
from stagewright.catalog.model import Model, ModelReference
from stagewright.providers.base import ChatEvent, ChatRequest
from stagewright.providers.chat import rehearsal
from stagewright.providers.chat.sdk import Patience
from stagewright.workflows.chat import Chats, Started
from stagewright.workflows.manager import WorkflowManager
from stagewright.workflows.run import ChatDelta, ChatFailed, ChatFinished, ChatStarted, RunEvent
from stagewright.workflows.state import Message

CLAUDE = ModelReference("anthropic", "claude-opus-5")
GPT = ModelReference("openai", "gpt-6")
LLAMA = ModelReference("ollama", "llama3:8b")

EVERYBODY = pytest.mark.parametrize("model", [CLAUDE, GPT, LLAMA], ids=lambda m: m.provider)


class Rehearsal(Endpoint):
    """The rehearsal provider's chat side."""

    def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        return rehearsal.stream(request)


def catalog(**models: Model) -> Catalog:
    """Anthropic with these live models, OpenAI without a key."""
    live = ProviderSnapshot(
        "anthropic", "Anthropic", Status.OK, tuple(models.values()), complete=True
    )
    keyless = ProviderSnapshot(
        "openai", "OpenAI", Status.NOT_CONFIGURED, key_variable="OPENAI_API_KEY"
    )
    return Catalog({"anthropic": live, "openai": keyless})


@dataclass
class Talk:
    """One workspace's chats with everything around them."""

    root: Path
    manager: WorkflowManager
    server: Loopback
    providers: Mapping[str, Endpoint]
    catalog: Catalog
    chats: Chats = field(init=False)
    events: list[RunEvent] = field(default_factory=list)
    refused: list[ModelReference] = field(default_factory=list)
    told: asyncio.Condition = field(default_factory=asyncio.Condition)
    _beat: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.chats = Chats(
            provider=self.providers.get,  # type: ignore[arg-type]
            catalog=lambda: self.catalog,
            on_event=self._take,
            on_refused=self.refused.append,
        )

    def _take(self, event: RunEvent) -> None:
        self.events.append(event)
        self._beat.set()

    def workflow(self, template: str = "standard", stage: str | None = None) -> str:
        """A new workflow's id."""
        return self.manager.create(template, stage=stage).id

    async def send(
        self, workflow_id: str, content: str | None, model: ModelReference | None = None
    ) -> Started:
        return await self.chats.start_run(
            self.root, self.manager, workflow_id, content, model=model
        )

    async def first(self, kind: type[RunEvent], run_id: str) -> RunEvent:
        """The first event of a kind in a run, once it has been told."""
        while True:
            for event in self.events:
                if isinstance(event, kind) and event.run_id == run_id:
                    return event
            self._beat.clear()
            await self._beat.wait()

    async def end(self, run_id: str) -> ChatFinished | ChatFailed:
        event = await self.first((ChatFinished, ChatFailed), run_id)  # type: ignore[arg-type]
        assert isinstance(event, (ChatFinished, ChatFailed))
        return event

    async def finished(self, run_id: str) -> Message:
        """The answer that a run ended in."""
        event = await self.end(run_id)
        assert isinstance(event, ChatFinished), event
        return event.message

    async def failed(self, run_id: str) -> ChatFailed:
        event = await self.end(run_id)
        assert isinstance(event, ChatFailed), event
        return event

    async def turn(
        self, workflow_id: str, content: str, model: ModelReference | None = None
    ) -> Message:
        """Say something and have the answer."""
        return await self.finished((await self.send(workflow_id, content, model)).run_id)

    def deltas(self, run_id: str) -> list[str]:
        return [e.text for e in self.events if isinstance(e, ChatDelta) and e.run_id == run_id]

    def kinds(self, run_id: str) -> list[type[RunEvent]]:
        return list(dict.fromkeys(type(e) for e in self.events if e.run_id == run_id))

    def messages(self, workflow_id: str) -> list[Message]:
        """What is on disk, without what the system says."""
        return [m for m in self.manager.get(workflow_id).messages if m.role != "system"]

    async def until_saved(self, workflow_id: str, content: str) -> None:
        """Wait until the last answer's text is on disk."""
        while [message.content for message in self.messages(workflow_id)[-1:]] != [content]:  # noqa: ASYNC110  # a file tells nobody
            await asyncio.sleep(0.01)


@asynccontextmanager
async def talk(root: Path, patience: Patience = QUICK) -> AsyncIterator[Talk]:
    """Chats with three providers that lead to one loopback server, and the rehearsal provider."""
    async with loopback() as server:
        endpoints = {
            "anthropic": Endpoint("anthropic", server.origin, patience=patience),
            "openai": Endpoint("responses", server.origin, patience=patience),
            "ollama": Endpoint("completions", server.origin, key=None, patience=patience),
            "rehearsal": Rehearsal("completions", server.origin),
        }
        talking = Talk(root, WorkflowManager(root), server, endpoints, catalog())
        try:
            yield talking
        finally:
            await talking.chats.close()


__all__ = [
    "CLAUDE",
    "GPT",
    "LLAMA",
    "ChatDelta",
    "ChatFailed",
    "ChatFinished",
    "ChatStarted",
    "Talk",
    "catalog",
    "talk",
]
