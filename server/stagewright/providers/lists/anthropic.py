"""Anthropic's list of models, and its chat."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from stagewright.catalog.model import Capability, Lifecycle, Model
from stagewright.providers.base import ChatEvent, ChatRequest, ModelList
from stagewright.providers.identity import identity
from stagewright.providers.lists import fields
from stagewright.providers.lists.abilities import abilities
from stagewright.providers.lists.fields import JsonObject
from stagewright.providers.lists.remote import Remote

if TYPE_CHECKING:
    import httpx2

_PAGE = 1000  # the most that the API gives at once
_STAGES = ["active", "deprecated", "retired"]  # retired ones are listed only when asked for


@dataclass(frozen=True, slots=True)
class Anthropic(Remote):
    """Anthropic's API, or a gateway that speaks it."""

    @property
    def headers(self) -> Mapping[str, str]:
        return {"anthropic-version": "2023-06-01", **self.chat_headers}

    @property
    def chat_headers(self) -> Mapping[str, str]:
        return identity("anthropic", self.config.base_url, self.key)

    async def list_models(self, http: httpx2.AsyncClient) -> ModelList:
        """Every page, with the retired models."""
        url = f"{self.config.base_url}/v1/models"
        everything = urlencode({"limit": _PAGE, "lifecycle[]": _STAGES}, doseq=True)
        ways = (f"{url}?{everything}", f"{url}?limit={_PAGE}", url)  # gateways know fewer of them
        lines: dict[str, str] = {}

        def read(entry: JsonObject) -> Model | None:
            model, line = read_model(entry), fields.text(entry.get("line"))
            if model and line:
                lines[model.id] = line
            return model

        found = await self.all_pages(http, ways, "data", "after_id", read)
        models = await asyncio.to_thread(_with_successors, found.models, lines)
        return replace(found, models=models)

    async def get_model(self, http: httpx2.AsyncClient, model_id: str) -> Model | None:
        """One model, also by a name that is not listed."""
        url = f"{self.config.base_url}/v1/models"
        return await self.look_up(http, url, model_id, read=read_model, denies=_denies)

    async def prepare_chat(self) -> None:
        """Load the SDK and make its client."""
        from stagewright.providers.chat.anthropic import prepare  # with its first chat

        await prepare(self)

    def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """One answer over the Messages API, streamed. Raises ChatError."""
        from stagewright.providers.chat.anthropic import stream  # with its first chat

        return stream(self, request)


def read_model(entry: JsonObject) -> Model | None:
    """A model from the API's JSON; None where it has no id. Gateways leave any fact out."""
    model_id = fields.text(entry.get("id"))
    if model_id is None:
        return None
    stage = entry.get("lifecycle")
    able = fields.mapping(entry.get("capabilities"))
    _, chat = abilities(entry, model_id)  # gateways list other models too
    features = {
        Capability.CHAT: chat,
        Capability.TOOLS: chat,  # every model of this API takes tools
        Capability.VISION: _supported(able, "image_input"),
        Capability.THINKING: _supported(able, "thinking"),
    }
    return Model(
        id=model_id,
        name=fields.text(entry.get("display_name")),
        chat=chat,
        lifecycle=Lifecycle(stage) if stage in _STAGES else Lifecycle.UNKNOWN,
        created=fields.moment(entry.get("created_at")),
        deprecated_at=fields.day(entry.get("deprecated_at")),
        retires_at=fields.day(entry.get("retires_at")),
        context_window=fields.count(entry.get("max_input_tokens")),
        max_output=fields.count(entry.get("max_tokens")),
        capabilities=frozenset(one for one, has in features.items() if has),
    )


def _denies(body: JsonObject) -> bool:
    return fields.mapping(body.get("error")).get("type") == "not_found_error"


def _supported(capabilities: JsonObject, name: str) -> bool:
    return fields.mapping(capabilities.get(name)).get("supported") is True


def _with_successors(models: Iterable[Model], lines: Mapping[str, str]) -> tuple[Model, ...]:
    """A model on its way out is followed by the newest active one of its line."""
    newest: dict[str, Model] = {}
    for model in models:
        line = lines.get(model.id)
        if line and model.created and model.lifecycle is Lifecycle.ACTIVE:
            leader = newest.get(line)
            if leader is None or leader.created is None or model.created > leader.created:
                newest[line] = model

    def followed(model: Model) -> Model:
        follower = newest.get(lines.get(model.id, ""))
        ending = model.lifecycle in (Lifecycle.DEPRECATED, Lifecycle.RETIRED)
        return replace(model, successors=(follower.id,)) if follower and ending else model

    return tuple(map(followed, models))
