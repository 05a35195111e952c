"""Gemini's list of models; its chat goes over its OpenAI-compatible endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stagewright.catalog.model import Capability, Model
from stagewright.catalog.naming import chats_at_gemini
from stagewright.providers.base import ModelList
from stagewright.providers.identity import identity
from stagewright.providers.lists import fields
from stagewright.providers.lists.fields import JsonObject
from stagewright.providers.lists.remote import Remote

if TYPE_CHECKING:
    import httpx2

_PAGE = 1000  # the most that the API gives at once


@dataclass(frozen=True, slots=True)
class Gemini(Remote):
    """Google's Gemini API."""

    @property
    def headers(self) -> Mapping[str, str]:
        return identity("gemini", self.config.base_url, self.key)

    @property
    def chat_headers(self) -> Mapping[str, str]:
        return identity("gemini-chat", self.config.base_url, self.key)

    @property
    def chat_base_url(self) -> str:
        return f"{self.config.base_url}/v1beta/openai/"

    async def list_models(self, http: httpx2.AsyncClient) -> ModelList:
        """Every page."""
        url = f"{self.config.base_url}/v1beta/models"
        ways = (f"{url}?pageSize={_PAGE}", url)
        return await self.all_pages(http, ways, "models", "pageToken", read_model)

    async def get_model(self, http: httpx2.AsyncClient, model_id: str) -> Model | None:
        """One model, also one that is not listed."""
        url = f"{self.config.base_url}/v1beta/models"
        name = model_id.removeprefix("models/")
        return await self.look_up(http, url, name, read=read_model, denies=_denies)


def read_model(entry: JsonObject) -> Model | None:
    """A model from the API's JSON; None where it has no name."""
    model_id = (fields.text(entry.get("name")) or "").removeprefix("models/")
    if not model_id:
        return None
    methods = fields.texts(entry.get("supportedGenerationMethods"))
    chat = "generateContent" in methods and chats_at_gemini(model_id)
    features = {
        Capability.CHAT: chat,
        Capability.EMBEDDING: "embedContent" in methods,
        Capability.THINKING: entry.get("thinking") is True,
    }
    return Model(
        id=model_id,
        name=fields.text(entry.get("displayName")),
        chat=chat,
        context_window=fields.count(entry.get("inputTokenLimit")),
        max_output=fields.count(entry.get("outputTokenLimit")),
        capabilities=frozenset(one for one, has in features.items() if has),
    )


def _denies(body: JsonObject) -> bool:
    return fields.mapping(body.get("error")).get("status") == "NOT_FOUND"
