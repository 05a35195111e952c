"""The models that an Ollama server has; its chat goes over its OpenAI-compatible endpoint."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from stagewright.catalog.model import Capability, Model
from stagewright.catalog.naming import plainly_not_chat
from stagewright.catalog.snapshot import Status
from stagewright.providers.base import ModelList, ProviderError
from stagewright.providers.lists import failures, fields
from stagewright.providers.lists.fields import JsonObject
from stagewright.providers.lists.remote import Remote, path_segment

if TYPE_CHECKING:
    import httpx2

_AT_ONCE = 8
_MOST_SHOWN = 1000  # of more models the list alone tells
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
        return f"{self.config.base_url}/v1"

    async def list_models(self, http: httpx2.AsyncClient) -> ModelList:
        """The models that were pulled. What `/api/show` does not tell in time stays unknown."""
        until = self.deadline()
        url = f"{self.config.base_url}/api/tags"
        found = await self.all_pages(http, (url,), "models", "after", _named)
        if not found.models and found.complete:
            hint = f"{self.name} has no models yet. Get one with `ollama pull`."
            return replace(found, complete=False, error=hint)
        turn = asyncio.Semaphore(_AT_ONCE)

        async def shown(model: Model) -> Model:
            async with turn:
                try:
                    return read_model(model.id, await self._show(http, model.id, until) or {})
                except ProviderError:
                    return model

        asked, others = found.models[:_MOST_SHOWN], found.models[_MOST_SHOWN:]
        models = await asyncio.gather(*map(shown, asked))
        return replace(found, models=(*models, *others))

    async def get_model(self, http: httpx2.AsyncClient, model_id: str) -> Model | None:
        """One model; a name without a tag means its `latest`."""
        if path_segment(model_id) is None:
            return None
        shown = await self._show(http, model_id, self.deadline())
        return None if shown is None else read_model(model_id, shown)

    async def _show(self, http: httpx2.AsyncClient, name: str, until: float) -> JsonObject | None:
        url = f"{self.config.base_url}/api/show"
        answer = await self.ask(http, url, until=until, body={"model": name}, accept=(400, 404))
        body = fields.mapping(answer.body)
        if answer.status == 200:
            return body
        said = body.get("error")
        if isinstance(said, str) and ("not found" in said or "invalid" in said):
            return None
        message = f"{self.name} cannot be asked about one model."
        raise failures.error(self.config, Status.NO_LIST, message)


def _named(entry: JsonObject) -> Model | None:
    """A model of which no more than its name is known."""
    name = fields.text(entry.get("name")) or fields.text(entry.get("model"))
    return read_model(name, {}) if name else None


def read_model(name: str, shown: JsonObject) -> Model:
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
        chat=Capability.CHAT in able if able else not plainly_not_chat(name),
        context_window=fields.count(info.get(f"{architecture}.context_length")),
        capabilities=able,
        aliases=() if untagged == name else (untagged,),
    )
