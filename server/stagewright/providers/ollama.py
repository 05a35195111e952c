"""The models that an Ollama server has; its chat goes over its OpenAI-compatible endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stagewright.catalog.model import Capability, Model
from stagewright.catalog.snapshot import Status
from stagewright.providers import fields
from stagewright.providers.base import ChatEvent, ChatRequest, ModelList, ProviderError
from stagewright.providers.fields import Json
from stagewright.providers.http import ask, deadline, not_understood
from stagewright.providers.pages import unread
from stagewright.providers.remote import Remote

if TYPE_CHECKING:
    import httpx2

_AT_ONCE = 8
_CAPABILITIES = {
    "completion": Capability.CHAT,
    "embedding": Capability.EMBEDDING,
    "tools": Capability.TOOLS,
    "vision": Capability.VISION,
    "thinking": Capability.THINKING,
}


@dataclass(frozen=True, slots=True)
class Ollama(Remote):
    """An Ollama server, on this machine or elsewhere."""

    @property
    def chat_base_url(self) -> str:
        return f"{self.plan.base_url}/v1"

    async def list_models(self, http: httpx2.AsyncClient) -> ModelList:
        """The models that were pulled. What `/api/show` does not tell in time stays unknown."""
        until = deadline(self)
        answer = await ask(http, self, f"{self.plan.base_url}/api/tags", until=until)
        entries = fields.mapping(answer.body).get("models")
        if not isinstance(entries, list):
            raise not_understood(self)
        found = [fields.text(fields.mapping(entry).get("name")) for entry in entries]
        names = dict.fromkeys(name for name in found if name)
        if entries and not names:
            raise not_understood(self)
        turn = asyncio.Semaphore(_AT_ONCE)

        async def shown(name: str) -> Model:
            async with turn:
                try:
                    return read_model(name, await self._show(http, name, until) or {})
                except ProviderError:
                    return Model(name)

        models = await asyncio.gather(*(shown(name) for name in names))
        if not models:
            hint = f"{self.name} has no models yet. Get one with `ollama pull`."
            return ModelList((), complete=False, error=hint)
        gap = unread(self, found.count(None))
        return ModelList(tuple(models), gap is None, error=gap)

    async def get_model(self, http: httpx2.AsyncClient, model_id: str) -> Model | None:
        """One model; a name without a tag means its `latest`."""
        shown = await self._show(http, model_id, deadline(self))
        return None if shown is None else read_model(model_id, shown)

    async def _show(self, http: httpx2.AsyncClient, name: str, until: float) -> Json | None:
        url = f"{self.plan.base_url}/api/show"
        answer = await ask(http, self, url, until=until, body={"model": name}, accept=(400, 404))
        body = fields.mapping(answer.body)
        if answer.status == 200:
            return body
        if "not found" in str(body.get("error", "")) or "invalid" in str(body.get("error", "")):
            return None
        raise ProviderError(Status.NO_LIST, f"{self.name} cannot be asked about one model.")

    async def prepare_chat(self) -> None:
        """Load the SDK and make its client."""
        from stagewright.providers.chat.openai import prepare

        await prepare(self)

    def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """One answer over Chat Completions, streamed. Raises ChatError."""
        from stagewright.providers.chat.openai import stream

        return stream(self, request)


def read_model(name: str, shown: Json) -> Model:
    """A model from what `/api/show` says; older servers name no capabilities."""
    able = frozenset(
        _CAPABILITIES[one]
        for one in fields.texts(shown.get("capabilities"))
        if one in _CAPABILITIES
    )
    info = fields.mapping(shown.get("model_info"))
    architecture = fields.text(info.get("general.architecture")) or ""
    untagged = name.removesuffix(":latest")
    return Model(
        id=name,
        chat=not able or Capability.CHAT in able,
        context_window=fields.count(info.get(f"{architecture}.context_length")),
        capabilities=able,
        aliases=() if untagged == name else (untagged,),
    )
