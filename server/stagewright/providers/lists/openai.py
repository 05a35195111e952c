"""OpenAI's list of models, and its chat."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from stagewright.catalog.model import Capability, Model
from stagewright.catalog.naming import chats_at_openai
from stagewright.providers.base import ChatEvent, ChatRequest
from stagewright.providers.lists.compatible import Compatible, read_model
from stagewright.providers.lists.fields import JsonObject
from stagewright.providers.lists.remote import Read


@dataclass(frozen=True, slots=True)
class OpenAI(Compatible):
    """OpenAI's API, or a gateway that speaks all of it."""

    @property
    def read(self) -> Read:
        """At OpenAI an id tells what its model can do; elsewhere the server does."""
        here = urlsplit(self.config.base_url).hostname == "api.openai.com"
        return read_openai if here else read_model

    def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """One answer over the Responses API, streamed. Raises ChatError."""
        from stagewright.providers.chat.openai import stream_responses  # with its first chat

        return stream_responses(self, request)


def read_openai(entry: JsonObject) -> Model | None:
    """A model from the JSON of OpenAI's own API; None where it has no id."""
    model = read_model(entry)
    if model is None:
        return None
    chat = chats_at_openai(model.id)
    able = Capability.CHAT if chat else Capability.EMBEDDING if "embedding" in model.id else None
    return replace(model, chat=chat, capabilities=frozenset((able,)) if able else frozenset())
