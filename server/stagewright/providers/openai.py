"""OpenAI's list of models, and its chat."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from stagewright.catalog.model import Capability, Lifecycle, Model
from stagewright.catalog.naming import chats_at_openai
from stagewright.providers import fields
from stagewright.providers.base import ChatEvent, ChatRequest, ModelList
from stagewright.providers.fields import Json
from stagewright.providers.http import ask, deadline
from stagewright.providers.lookup import look_up
from stagewright.providers.pages import Page, all_pages, read_models
from stagewright.providers.remote import Remote, path_segment

if TYPE_CHECKING:
    import httpx2


@dataclass(frozen=True, slots=True)
class OpenAI(Remote):
    """OpenAI's API, or a gateway that speaks all of it."""

    @property
    def _at_openai(self) -> bool:
        """Elsewhere an id's words tell nothing of what the model can do."""
        return urlsplit(self.plan.base_url).hostname == "api.openai.com"

    async def list_models(self, http: httpx2.AsyncClient) -> ModelList:
        """The list, which has no pages."""
        until = deadline(self)
        at_openai = self._at_openai

        async def fetch(_: str | None) -> Page:
            answer = await ask(http, self, f"{self.plan.base_url}/models", until=until)
            entries = fields.mapping(answer.body).get("data")
            models, gap = await read_models(self, entries, lambda one: read_model(one, at_openai))
            return Page(models, gap=gap)

        return await all_pages(self, fetch)

    async def get_model(self, http: httpx2.AsyncClient, model_id: str) -> Model | None:
        """One model, also one that is not listed."""
        url = f"{self.plan.base_url}/models"
        read = partial(read_model, at_openai=self._at_openai)
        return await look_up(http, self, url, model_id, read=read, denies=partial(denies, model_id))

    async def prepare_chat(self) -> None:
        """Load the SDK and make its client."""
        from stagewright.providers.chat.openai import prepare

        await prepare(self)

    def stream_chat(self, request: ChatRequest) -> AsyncGenerator[ChatEvent, None]:
        """One answer over the Responses API, streamed. Raises ChatError."""
        from stagewright.providers.chat.openai import stream_responses

        return stream_responses(self, request)


def denies(model_id: str, body: Json) -> bool:
    """Whether a 404's JSON says that there is no such model, as OpenAI's API says it."""
    error = fields.mapping(body.get("error")) or body
    if error.get("code") == "model_not_found":
        return True
    # "Cannot GET /v1/models/gpt-5" names the path, and knows nothing of models.
    said = str(error.get("message", ""))
    for path in (f"/models/{path_segment(model_id)}", f"/models/{model_id}"):
        said = said.replace(path, "")
    return model_id in said


def read_model(entry: Json, at_openai: bool) -> Model | None:
    """A model from the API's JSON; None where it has no id."""
    model_id = fields.text(entry.get("id"))
    if model_id is None:
        return None
    ends = fields.day(entry.get("shutdown_date"))
    lifecycle = Lifecycle.UNKNOWN
    if "shutdown_date" in entry:
        lifecycle = Lifecycle.DEPRECATED if ends else Lifecycle.ACTIVE
    chat = not at_openai or chats_at_openai(model_id)
    able = Capability.CHAT if chat else Capability.EMBEDDING if "embedding" in model_id else None
    return Model(
        id=model_id,
        chat=chat,
        lifecycle=lifecycle,
        created=fields.moment(entry.get("created")),
        retires_at=ends,
        capabilities=frozenset((able,)) if able and at_openai else frozenset(),
    )
